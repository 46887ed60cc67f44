"""The site folder: locked while it is built, written aside and swapped in whole with what its publisher keeps there."""

import ctypes
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from disparity.project.manifest import (
    list_others,
    name_some,
    name_tops,
    read_manifest,
    refuse_changed,
    write_manifest,
)
from disparity.site.carrying import carry_over, remove, rescue
from disparity.tables.previous_edition import read_package
from disparity.vocabulary.errors import RequestError

# Linux, <linux/fs.h> and <fcntl.h>: swap two names; names are relative to the working directory.
RENAME_EXCHANGE, AT_FDCWD = 2, -100
# What a publisher puts into a folder before there is a site in it: a repository, and what hosts look for.
HOSTING = {
    *(".git", ".gitattributes", ".gitignore", ".github", ".gitlab-ci.yml", ".nojekyll", ".well-known", ".htaccess"),
    *("CNAME", "LICENSE", "README.md", "_headers", "_redirects", "netlify.toml", "robots.txt", "web.config"),
}
# What every reader may do, whatever the umask: a web server is another user.
FOLDER_MODE, FILE_MODE = 0o755, 0o644


@contextmanager
def lock_site(out: Path) -> Iterator[None]:
    """Keep other builds away from the folder until this one is done; a build that died holds nothing.

    Raises:
        RequestError: another build holds it, or the folder is not a site.
    """
    out = out.resolve()
    check_out(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The lock lies elsewhere: whoever copies the folder's surroundings should not copy it.
    name = hashlib.sha256(os.fsencode(out)).hexdigest()[:16]
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"disparity-{name}.lock", timeout=0):
            _sweep(out)
            yield
    except Timeout:
        raise RequestError(
            "another build is writing this site", where=str(out), what_now="wait for it, or name another folder"
        ) from None


def check_out(out: Path) -> list[str]:
    """List what is not ours in the folder, to be kept.

    Raises:
        RequestError: it is no site of this tool, one without a list of its files, or one that somebody changed.
    """
    if not out.exists():
        return []
    if not out.is_dir():
        raise _hold_something_else(out, "a file")
    if not read_package(out):
        names = sorted(path.name for path in out.iterdir())
        strange = [name for name in names if name not in HOSTING]
        if strange:
            raise _hold_something_else(out, f"{name_some(strange)}, but no site of this tool")
    elif read_manifest(out) is None:
        raise RequestError(
            "the site in this folder has no list of its files, as older versions wrote none",
            where=str(out),
            found=f"{name_tops(list_others(out))}, of which any could be yours",
            what_now="move the folder away, build, and copy what is yours (such as CNAME or .git) into the new one: "
            "from then on it is kept",
        )
    refuse_changed(out, hint="; to change how pages look, change a template (`disparity init --templates`)")
    return list_others(out)


def _hold_something_else(out: Path, found: str) -> RequestError:
    return RequestError(
        "the output folder holds something else",
        where=str(out),
        found=found,
        what_now="name another folder with --out; this one is as it was",
    )


def _mark(out: Path) -> str:
    """How the names start of folders that a build makes beside the site."""
    return f".{out.name}.disparity-"


def _sweep(out: Path) -> None:
    """Clear away what a build that was killed left behind, and put back a site it had just moved."""
    for stray in sorted(path for path in out.parent.iterdir() if path.name.startswith(_mark(out))):
        if (stray / out.name).is_dir() and not out.exists():
            (stray / out.name).rename(out)
        remove(stray)


@contextmanager
def write_aside(out: Path, *, is_private: bool = False) -> Iterator[Path]:
    """Give a folder beside `out` to write in, and put it in the place of `out` when all is written.

    Args:
        is_private: the folder is for whoever wrote it; else any reader, such as a web server, can open it.

    Raises:
        RequestError: the system refuses to write; what was in `out` is as it was.
    """
    given, out = out, out.resolve()  # a link stays one: what it leads to is replaced
    aside = out
    try:
        aside = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
        yield aside
        write_manifest(aside)
        if not is_private:
            _open_to_readers(aside)
        names = check_out(out)
        carry_over(names, out, aside)
        _swap(aside, out, names)
    except OSError as error:
        if error.errno is None:  # a template that is not there, by jinja2
            raise
        raise RequestError(
            "the site cannot be written",
            where=str(given),
            found=error.strerror or str(error),
            what_now="make room, or see who may write there; the site that was there is as it was",
        ) from error
    finally:
        if aside != out:
            remove(aside)


def _open_to_readers(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)


def _swap(aside: Path, out: Path, names: Sequence[str] = ()) -> None:
    """Exchange the folders in one step where the system can; else rename twice: the old away, the new one in."""
    if not out.exists():
        aside.rename(out)
        return
    if _exchange(aside, out):
        rescue(names, aside, out)
        return
    old = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
    out.rename(old / out.name)
    try:
        aside.rename(out)
    except OSError:
        (old / out.name).rename(out)
        raise
    else:
        rescue(names, old / out.name, out)
    finally:
        remove(old)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders at once, so that a kill between finds the old site or the new one; whether it was done."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if not hasattr(library, "renameat2"):
        return False
    names = (os.fsencode(path.absolute()) for path in (one, other))
    failed = library.renameat2(AT_FDCWD, next(names), AT_FDCWD, next(names), RENAME_EXCHANGE)  # type: ignore[union-attr]
    return int(failed) == 0
