"""What a publisher keeps in the site folder (CNAME, .git), taken over into the folder that replaces it.

As hard links: the old folder keeps all of it until the new one has its place, whenever the build is killed.
"""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from disparity.project.manifest import list_others, name_some
from disparity.vocabulary.errors import RequestError


def carry_over(names: list[str], old: Path, new: Path) -> None:
    """Give the new folder what is not ours of the old one.

    Raises:
        RequestError: something of it has the name of a file of the site.
    """
    _refuse_clashes(names, old, new)
    made: list[Path] = []
    for name in names:
        for folder in reversed(Path(name).parents):
            _make_folder(new / folder, made)
        if (old / name).is_dir() and not (old / name).is_symlink():
            _make_folder(new / name, made)
        else:
            _place(old / name, new / name)
    for folder in reversed(made):  # last: a folder may be read-only
        like = old / folder.relative_to(new)
        with suppress(OSError):
            if hasattr(os, "chown"):
                os.chown(folder, like.stat().st_uid, like.stat().st_gid)
        shutil.copystat(like, folder)


def _refuse_clashes(names: list[str], old: Path, new: Path) -> None:
    clashes = [
        name
        for name in names
        if any((new / folder).is_file() for folder in Path(name).parents)
        or (os.path.lexists(new / name) and not ((new / name).is_dir() and (old / name).is_dir()))
    ]
    if clashes:
        raise RequestError(
            "the site folder holds files of yours where the site has its own",
            where=str(old),
            found=name_some(clashes),
            what_now="move them out of the folder, or give them other names; the site is as it was",
        )


def _make_folder(folder: Path, made: list[Path]) -> None:
    if not folder.exists():
        folder.mkdir()
        made.append(folder)


def _place(path: Path, target: Path) -> None:
    """A second name of the same file; a copy where the disk has no such thing."""
    try:
        os.link(path, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, target, follow_symlinks=False)


def rescue(names: Sequence[str], old: Path, new: Path) -> None:
    """Bring over what somebody wrote into the old folder between the carrying and the exchange."""
    for name in list_others(old):
        there, here = old / name, new / name
        if not os.path.lexists(here):
            here.parent.mkdir(parents=True, exist_ok=True)
            there.rename(here)
        elif name in names and there.is_file() and not there.is_symlink() and _is_newer(there, here):
            there.replace(here)


def _is_newer(path: Path, than: Path) -> bool:
    return not path.samefile(than) and path.stat().st_mtime_ns > than.stat().st_mtime_ns


def remove(folder: Path) -> None:
    """Delete a folder that has been replaced, read-only folders in it too."""
    for home, _, _ in os.walk(folder):
        with suppress(OSError):
            Path(home).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
