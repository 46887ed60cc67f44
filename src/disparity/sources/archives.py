"""Zip archives from strangers: listed, checked and read a member at a time, never unpacked to disk.

The limits let the real thing through. The portal's archive of every force is 1.7 GB compressed, so there is
no limit on the whole: what is held in memory is one member, and that is bounded. Its monthly files are under
15 MB and shrink 10 to 20 times.
"""

import errno
import os
import stat
import struct
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from disparity.vocabulary.errors import DataError

# About ten times the largest monthly file (the Metropolitan Police's); also the limit of a loose file.
MAX_BYTES = 200_000_000
# Deflate cannot shrink text of searches so far; a bomb made with it reaches 1,032.
MAX_RATIO = 100
# Below this size a high ratio is harmless: a short file of equal rows.
RATIO_MATTERS_FROM = 10_000_000
# The portal's archive of three years, all forces and kinds of file, has some 5,000.
MAX_MEMBERS = 100_000
IS_ENCRYPTED = 0x1
# bzip2 and LZMA cannot be read with a bound on memory, and the portal uses neither.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# What the zip module raises on damage, by experience: bad structure, odd flags, damaged deflate streams,
# names that are not the UTF-8 they claim to be, offsets out of range.
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, ValueError, OverflowError)
# What comes before a member's bytes; of its fields, the lengths of name and extra field.
LOCAL_HEADER = struct.Struct("<26xHH")


def list_members(path: Path) -> list[zipfile.ZipInfo]:
    """List the CSVs of an archive.

    Raises:
        DataError: it is damaged, or holds what no archive of the portal holds.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (*DAMAGE, OSError) as error:
        raise DataError(
            "the archive cannot be read",
            where=path.name,
            found="not a zip file, or not all of one",
            what_now="download it again; compare its size with the portal's",
            code="E118",
        ) from error
    _check_members(members, path)
    return [info for info in members if info.filename.lower().endswith(".csv")]


def _check_members(members: list[zipfile.ZipInfo], path: Path) -> None:
    times = Counter(info.filename for info in members)
    checks = {
        "more than 100,000 files": members if len(members) > MAX_MEMBERS else [],
        "the same name twice": [info for info in members if times[info.filename] > 1],
        "a path that leads out of the archive": [info for info in members if _leads_out(info.filename)],
        "a link": [info for info in members if stat.S_ISLNK(info.external_attr >> 16)],
        "an encrypted file": [info for info in members if info.flag_bits & IS_ENCRYPTED],
        "another archive": [info for info in members if info.filename.lower().endswith(".zip")],
    }
    for found, wrong in checks.items():
        if wrong:
            raise DataError(
                "the archive is not one of data.police.uk",
                where=f"{path.name}/{wrong[0].filename}",
                found=found,
                what_now="download it again, or unpack it yourself and name the folder",
                code="E118",
            )


def _leads_out(name: str) -> bool:
    """Whether the path is absolute or climbs, as Windows or as Unix reads it."""
    windows, posix = PureWindowsPath(name), PurePosixPath(name)
    return bool(windows.drive or windows.root or posix.root) or ".." in windows.parts


def read_member(path: Path, member: zipfile.ZipInfo, where: str) -> bytes:
    """Read one member; no more than it says it holds, and never more than `MAX_BYTES`.

    Not by the zip module: it would read the whole directory again for each of 1,500 members, 20 ms each, and
    its `read()` inflates all there is, whatever the size that was claimed.

    Raises:
        DataError: it is damaged, too large, or shrinks as no CSV does.
    """
    _check_size(member, where)
    try:
        with path.open("rb") as archive:
            content = _unpack(archive, member)
    except DAMAGE as error:
        raise _damaged("bytes that do not unpack", where) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise _damaged("a place outside the archive", where) from error
    if len(content) != member.file_size or zlib.crc32(content) != member.CRC:
        raise _damaged("a checksum that does not fit", where)
    return content


def _unpack(archive: BinaryIO, member: zipfile.ZipInfo) -> bytes:
    archive.seek(member.header_offset)
    header = archive.read(LOCAL_HEADER.size)
    archive.seek(sum(LOCAL_HEADER.unpack(header)), os.SEEK_CUR)
    packed = archive.read(member.compress_size)
    if member.compress_type == zipfile.ZIP_STORED:
        return packed
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)


def _damaged(found: str, where: str) -> DataError:
    return DataError(
        "the file cannot be read from its archive",
        where=where,
        found=found,
        what_now="download the archive again",
        code="E118",
    )


def _check_size(info: zipfile.ZipInfo, where: str) -> None:
    found = ""
    if info.compress_type not in METHODS:
        found = f"compression of kind {info.compress_type}, which the portal does not use"
    elif max(info.file_size, info.compress_size) > MAX_BYTES:
        found = f"{max(info.file_size, info.compress_size):,} bytes unpacked; a monthly file has at most {MAX_BYTES:,}"
    elif info.file_size > max(RATIO_MATTERS_FROM, MAX_RATIO * info.compress_size):
        found = f"{info.compress_size:,} bytes that unpack to {info.file_size:,}, as no CSV of searches does"
    if found:
        raise DataError(
            "the file is not safe to unpack",
            where=where,
            found=found,
            what_now="download the archive again from data.police.uk",
            code="E118",
        )
