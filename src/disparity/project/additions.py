"""Add to a project file what a command proposes: whatever is there stays as it is, to the byte.

No writer of TOML would keep the comments of an analyst, so lines are put between lines, and what they make is read
again: a file that would say anything but what it said and what was added is not written.
"""

import copy
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from disparity.project.settings import understand
from disparity.vocabulary.errors import RequestError

# An addition that is left to the analyst: a value, or a column, in a comment.
PROPOSED = re.compile(r'\s*#\s*("(?:[^"\\]|\\.)*"|[a-z_]+) = ')


class Table(NamedTuple):
    """A table of the file: its name in parts, and its lines from header to the one before the next header."""

    name: tuple[str, ...]
    first: int
    end: int


def list_extracts(text: str, path: Path) -> list[dict[str, Any]]:
    """Give the extracts of a project file as they are written, whatever else it may lack.

    Raises:
        RequestError: it is not TOML, or they are no tables.
    """
    try:
        extracts = _read(text).get("extracts", [])
    except tomllib.TOMLDecodeError:
        extracts = None
    if not isinstance(extracts, list) or not all(isinstance(block, dict) for block in extracts):
        understand(text, path)
        return []
    return extracts


def add_extract(text: str, block: str) -> str:
    """Put an `[[extracts]]` block at the end of a project file.

    Raises:
        RequestError: the file is so written that none can be added.
    """
    newline = _find_newline(text)
    gap = newline if not text or text.endswith("\n") else 2 * newline
    added = text + (gap if text else "") + block.replace("\n", newline)
    expected = _read(text)
    expected["extracts"] = [*expected.get("extracts", []), *_read(block)["extracts"]]
    if not _says(added, expected):
        raise RequestError(
            "the project file has no place for another [[extracts]]",
            found="the extracts that it has are written as one value",
            what_now="write each as [[extracts]], or put in what `disparity map FILE` prints",
        )
    return added


def add_lines(text: str, extract: int, table: str, lines: Sequence[str]) -> str:
    """Put lines at the end of a table of the extract with this number, such as `values.outcome`; none twice.

    Lines are a key with its value, or one in a comment.

    Raises:
        RequestError: the file is so written that they cannot be added.
    """
    newline = _find_newline(text)
    written = text.split("\n")
    block = _find_block(written, extract)
    kept = {_name_proposed(line) for at in block for line in written[at.first : at.end]} - {None}
    lines = [line for line in lines if _name_proposed(line) not in kept]
    if not lines:
        return text
    name = ("extracts", *table.split("."))
    own = next((at for at in block if at.name == name), None)
    head = [] if own else ["", f"[{'.'.join(name)}]"]
    added = [line + newline[:-1] for line in (*head, *lines)]
    if block:
        place = _find_end(written, own or block[-1])
        # The last line of a file may have no end.
        if place == len(written):
            written[-1] += newline[:-1]
            added.append("")
        written[place:place] = added
    after = "\n".join(written)
    if not block or not _says(after, _expect(text, extract, table.split("."), lines)):
        raise RequestError(
            f"the project file cannot be added to: {table} of an extract is not written as a table of its own",
            what_now=f"write it as [{'.'.join(name)}], or add by hand: {'; '.join(lines)}",
        )
    return after


def replace_project(path: Path, text: str) -> None:
    """Write a project file, whole or not at all; one that could not be understood is not written.

    Raises:
        RequestError: it could not be understood, or may not be written.
    """
    understand(text, path)
    target = path.resolve()  # a link stays one
    try:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            shutil.copymode(target, unfinished)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise RequestError(
            "the project file cannot be written",
            where=str(path),
            found=error.strerror or "",
            what_now="see who may write there; it is as it was",
        ) from None


def _find_newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _find_block(lines: Sequence[str], extract: int) -> list[Table]:
    """The tables of the extract with this number: its own, and those in it."""
    tables = _find_tables(lines)
    starts = [place for place, table in enumerate(tables) if lines[table.first].lstrip().startswith("[[extracts")]
    if extract >= len(starts):
        return []
    block = [tables[starts[extract]]]
    for table in tables[starts[extract] + 1 :]:
        if table.name[0] != "extracts" or len(table.name) == 1:
            break
        block.append(table)
    return block


def _find_tables(lines: Sequence[str]) -> list[Table]:
    heads = [(place, name) for place, line in enumerate(lines) if (name := _read_header(line))]
    ends = [place for place, _ in heads[1:]] + [len(lines)]
    return [Table(name, place, end) for (place, name), end in zip(heads, ends, strict=True)]


def _read_header(line: str) -> tuple[str, ...]:
    """Give the name of the table that begins on this line, in parts; nothing where none does."""
    if not line.lstrip().startswith("["):
        return ()
    try:
        inner: Any = tomllib.loads(line.rstrip("\r"))
    except tomllib.TOMLDecodeError:
        return ()
    name: list[str] = []
    while inner:
        ((part, inner),) = inner.items()
        inner = inner[0] if isinstance(inner, list) else inner
        name.append(part)
    return tuple(name)


def _find_end(lines: Sequence[str], table: Table) -> int:
    """The line after the table's last key, and after what was proposed there before."""
    filled = [
        at for at in range(table.first, table.end) if lines[at].strip() and not lines[at].lstrip().startswith("#")
    ]
    place = filled[-1] + 1
    while place < table.end and PROPOSED.match(lines[place]):
        place += 1
    return place


def _name_proposed(line: str) -> str | None:
    match = PROPOSED.match(line)
    return match[1] if match else None


def _expect(text: str, extract: int, table: Sequence[str], lines: Sequence[str]) -> dict[str, Any]:
    expected = copy.deepcopy(_read(text))
    inner = expected["extracts"][extract]
    for part in table:
        inner = inner.setdefault(part, {})
    inner.update(_read("\n".join(lines)))
    return expected


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _says(text: str, expected: Mapping[str, Any]) -> bool:
    try:
        return _read(text) == expected
    except tomllib.TOMLDecodeError:
        return False
