"""Parts of an archive without the whole of it.

The list of what an archive holds is at its end (the central directory), so that a few requests for ranges of bytes
give the list and then the members wanted. They are written where they belong into an otherwise empty file of the
archive's size, which takes no more room than they do and reads like the archive: what reads archives from strangers
(`sources.archives`) lists, checks and unpacks it, down to the CRC-32.
"""

import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile, ZipInfo

import httpx2

from disparity.sources.archives import list_members
from disparity.sources.download.web import Web, attempt, day_of, read_body, refuse_page, stream, validator_of
from disparity.vocabulary.errors import DataError

# The directory of an archive of three years, some 5,000 files, is about 600 kB.
TAIL_BYTES = 1_000_000
RANGE = re.compile(r"bytes ([0-9]+)-([0-9]+)/([0-9]+)")
# PKWARE, APPNOTE.TXT 4.3.14 to 4.3.16; signature, then what is read of each.
END, END_64, LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
END_RECORD, END_64_RECORD = struct.Struct("<4s8xLLH"), struct.Struct("<4s36xQQ")
LOCATOR_BYTES, END_64_BYTES = 20, 56
IN_64 = 0xFFFFFFFF
PARTIAL_CONTENT = 206


class ArchiveChanged(Exception):  # noqa: N818  nothing went wrong
    """The archive is no longer the one that was begun with."""


class NoRangesError(Exception):
    """The server gives whole files only."""


class Copy(NamedTuple):
    """A file that reads like the archive, as far as it was downloaded.

    `address` is the one after redirects, `validator` what distinguishes this version, `on` its day; `extents`
    gives for each member the first byte and the byte after its last; `whole` is the SHA-256 of all of it, "" where only
    parts are there.
    """

    path: Path
    address: str
    validator: str
    on: str
    members: tuple[ZipInfo, ...]
    extents: Mapping[str, tuple[int, int]]
    whole: str = ""


class Piece(NamedTuple):
    """Bytes of a file, where they start, how long the file is, and what came with them."""

    content: bytes
    start: int
    total: int
    address: str
    headers: Mapping[str, str]


def open_copy(web: Web, address: str, path: Path) -> Copy:
    """Download the list of members and give a copy that has nothing else yet.

    Raises:
        NoRangesError: the server gives whole files only.
        ArchiveChanged: the archive became another one meanwhile.
        DataError: it is no archive.
    """
    tail = read_range(web, address, f"bytes=-{TAIL_BYTES}", "")
    refuse_page(tail.content, address, "an archive")
    validator = validator_of(tail.headers)
    start = _find_directory(tail, address)
    with path.open("wb") as file:
        file.truncate(tail.total)
        file.seek(tail.start)
        file.write(tail.content)
        if start < tail.start:
            missing = read_range(web, tail.address, f"bytes={start}-{tail.start - 1}", validator)
            file.seek(start)
            file.write(missing.content)
    members = tuple(list_members(path))
    return Copy(path, tail.address, validator, day_of(tail.headers), members, _measure(path, start))


def _find_directory(tail: Piece, address: str) -> int:
    """Give the place in the archive at which the list of its members starts."""
    place = tail.content.rfind(END)
    if place < 0 or place + END_RECORD.size > len(tail.content):
        raise _no_archive(address)
    _sign, size, start, _comment = END_RECORD.unpack_from(tail.content, place)
    before = place - LOCATOR_BYTES - END_64_BYTES
    if IN_64 in (size, start) or tail.content[place - LOCATOR_BYTES : place].startswith(LOCATOR_64):
        if before < 0 or not tail.content[before:].startswith(END_64):
            raise _no_archive(address)
        _sign, size, start = END_64_RECORD.unpack_from(tail.content, before)
    if start + size > tail.start + place:
        raise _no_archive(address)
    return int(start)


def _no_archive(address: str) -> DataError:
    return DataError(
        "the archive has no readable list of what it holds",
        where=address,
        found="not a zip file, or not all of one",
        what_now="run again later; if it stays so, tell data.police.uk",
    )


def _measure(path: Path, directory: int) -> dict[str, tuple[int, int]]:
    """A member's bytes end where the next one's start, or the list; all kinds of members count, not CSVs alone."""
    with ZipFile(path) as archive:
        members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    ends = [member.header_offset for member in members[1:]] + [directory]
    return {member.filename: (member.header_offset, end) for member, end in zip(members, ends, strict=True)}


def fill_in(web: Web, copy: Copy, member: ZipInfo) -> None:
    """Download a member's bytes into the copy.

    Raises:
        ArchiveChanged: the archive is another one now.
    """
    first, end = copy.extents[member.filename]
    try:
        piece = read_range(web, copy.address, f"bytes={first}-{end - 1}", copy.validator)
    except NoRangesError:
        raise ArchiveChanged from None
    # All there is to say, where the server names no version.
    if piece.total != copy.path.stat().st_size:
        raise ArchiveChanged
    with copy.path.open("r+b") as file:
        file.seek(first)
        file.write(piece.content)


def read_range(web: Web, address: str, wanted: str, validator: str) -> Piece:
    """Download a range of bytes; all of them, or none.

    Args:
        wanted: as the Range header says it.
        validator: of the version that it must be of; "" for any.
    """

    def read_once() -> Piece:
        headers = {"Range": wanted} | ({"If-Range": validator} if validator else {})
        with stream(web, address, headers) as response:
            match = RANGE.fullmatch(response.headers.get("Content-Range", ""))
            if response.status_code != PARTIAL_CONTENT or not match:
                raise ArchiveChanged if validator else NoRangesError
            if validator and validator_of(response.headers) not in ("", validator):
                raise ArchiveChanged
            first, last, total = map(int, match.groups())
            content = read_body(response.iter_raw(), address)
            if len(content) != last - first + 1:
                raise httpx2.RemoteProtocolError(f"{len(content):,} of {last - first + 1:,} bytes came")
            return Piece(content, first, total, str(response.url), response.headers)

    return attempt(address, read_once)
