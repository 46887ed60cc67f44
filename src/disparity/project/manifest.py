"""Which files of a folder this tool wrote: a list of them with their hashes, as `sha256sum --check` reads it.

What the list does not name, or names with another hash, is somebody's own: it is never written over and never deleted.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from disparity.vocabulary.errors import RequestError

MANIFEST_FILE = "manifest.sha256"
# Others keep lists of this name too: only one that begins so is ours.
HEAD = "# Written by disparity: it replaces these files as they are listed here, and no others."
MOST_NAMED = 5


def write_manifest(folder: Path) -> None:
    """List every file of a folder that was just written."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = [HEAD, *(f"{hash_file(folder / name)}  {name}" for name in names if name != MANIFEST_FILE)]
    (folder / MANIFEST_FILE).write_bytes("".join(f"{line}\n" for line in lines).encode())


def read_manifest(folder: Path) -> dict[str, str] | None:
    """Read the list: SHA-256 by path in the folder; none where there is none of this tool."""
    try:
        head, *lines = (folder / MANIFEST_FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    if head != HEAD:
        return None
    pairs = (line.partition("  ") for line in lines)
    return {name: digest for digest, _, name in pairs}


def list_others(folder: Path) -> list[str]:
    """List what the tool did not write: files, links, and folders that are empty, by their path in the folder.

    Raises:
        RequestError: a folder in it cannot be read, or is another disk: what is there cannot be kept.
    """
    ours = read_manifest(folder) or {}
    return sorted(
        name
        for name, path in _walk(folder)
        if name != MANIFEST_FILE and (name not in ours or path.is_symlink() or not path.is_file())
    )


def list_changed(folder: Path) -> list[str]:
    """List files that the tool wrote and somebody changed since.

    Git on Windows writes other line ends when it checks a site out: that is no change.
    """
    found = []
    for name, digest in (read_manifest(folder) or {}).items():
        path = folder / name
        if path.is_file() and not path.is_symlink() and hash_file(path) != digest:
            content = path.read_bytes().replace(b"\r\n", b"\n")
            found += [name] if hashlib.sha256(content).hexdigest() != digest else []
    return sorted(found)


def refuse_changed(folder: Path, *, hint: str = "") -> None:
    """Refuse to replace files that somebody changed; a `hint` is added to what to do.

    Raises:
        RequestError: with their names.
    """
    changed = list_changed(folder)
    if changed:
        raise RequestError(
            f"{'files' if len(changed) > 1 else 'a file'} that this tool wrote {'were' if len(changed) > 1 else 'was'} "
            "changed since",
            where=str(folder),
            found=name_some(changed),
            what_now="move what you changed out of the folder, or delete it there" + hint,
        )


def name_some(names: list[str]) -> str:
    """Name the first few."""
    more = len(names) - MOST_NAMED
    return ", ".join([*names[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])])


def name_tops(names: list[str]) -> str:
    """Name the first few files and folders that lie at the top."""
    tops = dict.fromkeys(name.split("/", 1)[0] + ("/" if "/" in name else "") for name in names)
    return name_some(list(tops))


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    device = folder.stat().st_dev
    for home, folders, files in os.walk(folder, onerror=_refuse_unread):
        here = Path(home)
        links = [name for name in folders if (here / name).is_symlink()]
        if here != folder and (here.stat().st_dev != device or here.is_mount()):
            raise RequestError(
                "the folder holds a disk of its own, which cannot be kept in place",
                where=home,
                what_now="unmount it, or name another folder with --out",
            )
        empty = [] if folders or files or here == folder else [here]
        for path in (*(here / name for name in (*files, *links)), *empty):
            yield path.relative_to(folder).as_posix(), path


def _refuse_unread(error: OSError) -> None:
    raise RequestError(
        "what the folder holds cannot be read, and so cannot be kept",
        where=str(error.filename),
        found=error.strerror or "",
        what_now="see who may read it, or name another folder with --out",
    )


def hash_file(path: Path) -> str:
    """Give the SHA-256 of a file, however large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
