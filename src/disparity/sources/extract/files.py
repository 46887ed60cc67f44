"""The files that one `[[extracts]]` of the project file names: paths, and patterns that stand for many."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from disparity.vocabulary.errors import RequestError, printable

MAGIC = re.compile(r"[*?\[]")
# What a file manager hides, and the lock that a spreadsheet program leaves beside an open file.
HIDDEN = (".", "~$")


def find_files(patterns: Sequence[Path]) -> list[Path]:
    """Give every file that is named, in the order of the patterns and by name within one; none twice.

    Raises:
        RequestError: a pattern matches no file. A path that is none is given as it is, there or not.
    """
    found = [path for pattern in patterns for path in _match(pattern)]
    return list({path.resolve(): path for path in reversed(found)}.values())[::-1]


def name_files(paths: Sequence[Path]) -> list[str]:
    """Give the files' names; from the folder they share where two have one name."""
    names = [printable(path.name) for path in paths]
    if len(set(names)) == len(names):
        return names
    try:
        home = Path(os.path.commonpath([path.parent for path in paths]))
    except ValueError:  # on several drives
        return [printable(path.as_posix()) for path in paths]
    return [printable(path.relative_to(home).as_posix()) for path in paths]


def _match(pattern: Path) -> list[Path]:
    folder, rest = _split(pattern)
    if not rest:
        return [pattern]
    try:
        matched = [path for path in folder.glob(rest) if path.is_file() and not path.name.startswith(HIDDEN)]
        beside = sum(path.is_file() for path in folder.iterdir()) if folder.is_dir() else None
    except (ValueError, NotImplementedError, OSError):  # no pattern, such as a**; a folder nobody may read
        matched, beside = [], None
    if not matched:
        raise RequestError(
            f"no file of an extract matches {rest!r}",
            where=str(folder),
            found="there is no such folder to look in" if beside is None else f"{beside} files in the folder itself",
            what_now="write the pattern as the files are named: * stands for any characters, **/ for any folders",
            code="E129",
        )
    return sorted(matched)


def _split(pattern: Path) -> tuple[Path, str]:
    """Part a path where its pattern begins; a folder or file that is there may have such characters in its name."""
    folder = Path(pattern.anchor)
    parts = pattern.relative_to(folder).parts if pattern.anchor else pattern.parts
    for place, part in enumerate(parts):
        if MAGIC.search(part) and not (folder / part).exists():
            return folder, "/".join(parts[place:])
        folder /= part
    return folder, ""
