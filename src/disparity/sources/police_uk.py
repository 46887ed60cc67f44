"""Monthly files of data.police.uk, from folders, loose CSVs and the portal's zip archives, in any mix.

Force and month come from the file name (`2019-04-lancashire-stop-and-search.csv`): the file itself has
neither. Archives are read member by member and never unpacked to disk.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import ZipInfo

from disparity.sources.archives import MAX_BYTES, list_members, read_member
from disparity.sources.neighbours import refuse_neighbour
from disparity.vocabulary.codes import force_aliases
from disparity.vocabulary.errors import DataError, RequestError, printable
from disparity.vocabulary.force_ids import is_known, refuse_elsewhere, suggest_force

MONTHLY_NAME = re.compile(r"(?!0000)([0-9]{4})-(0[1-9]|1[0-2])-([a-z0-9-]{1,64})-stop-and-search\.csv", re.IGNORECASE)

# The first month of stop and search on data.police.uk.
FIRST_MONTH = date(2014, 12, 1)
# Files of one row may be alike by chance, files of none are.
ROWS_TO_BE_A_COPY = 2


class Version(NamedTuple):
    """What shows that a file on disk has changed."""

    inode: int
    size: int
    modified: int


@dataclass(frozen=True)
class MonthlyFile:
    """Where one force-month lies: a CSV, or a member of an archive."""

    path: Path
    member: str | None
    force: str
    month: date
    version: Version
    entry: ZipInfo | None = field(default=None, compare=False)

    @property
    def size(self) -> int:
        """Bytes of the CSV."""
        return self.entry.file_size if self.entry else self.version.size

    @cached_property
    def name(self) -> str:
        """The file as a reader would name it: archive or month folder, then file."""
        if self.member:
            return printable(f"{self.path.name}/{self.member}")
        return printable(str(PurePosixPath(self.path.parent.name, self.path.name)))


def find_files(paths: Iterable[Path]) -> tuple[list[MonthlyFile], list[str]]:
    """Find the stop-and-search files under `paths`; also name the CSVs that are something else.

    Raises:
        RequestError: a path is not there, or a CSV given by itself does not carry force and month in its name.
        DataError: an archive is damaged, or not one of the portal's.
    """
    found: list[MonthlyFile] = []
    ignored: list[str] = []
    for path in paths:
        for file in _list_files(path):
            for monthly, name in _look_into(file):
                if monthly:
                    found.append(monthly)
                elif path == file and name == file.name:
                    refuse_neighbour(file)
                    raise RequestError(
                        "the file name does not say which force and month it is",
                        where=name,
                        found="another name than those of monthly files",
                        what_now="keep the portal's name, such as 2019-04-lancashire-stop-and-search.csv; a merged or "
                        "re-saved file of it is read with --force, an export of your own by way of `disparity map`",
                        code="E124",
                    )
                else:
                    ignored.append(name)
    return sorted(found, key=lambda file: (file.force, file.month, file.name)), sorted(ignored)


def find_monthly(paths: Iterable[Path]) -> list[MonthlyFile]:
    """Find the stop-and-search files under `paths`, and say nothing of others.

    Raises:
        RequestError, DataError: as `find_files`.
    """
    return [file for path in paths for found in _list_files(path) for file, _ in _look_into(found) if file]


def look_at(path: Path, entry: ZipInfo | None) -> MonthlyFile:
    """Take down the state of a file that has another name, to be read as it is now.

    Raises:
        RequestError: it cannot be read.
    """
    try:
        version = _version(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    return MonthlyFile(path, entry.filename if entry else None, "", date.min, version, entry)


def _list_files(path: Path) -> list[Path]:
    try:
        if path.is_dir():
            return list(_walk(path))
        if path.is_file():
            return [path]
        is_there = path.exists()
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    raise RequestError(
        f"{path.name!r} is neither a file nor a folder" if is_there else f"there is no {path.name!r}",
        where=str(path),
        what_now="check the path",
        code="E129",
    )


def _walk(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".csv", ".zip"} and path.is_file())


def _look_into(path: Path) -> list[tuple[MonthlyFile | None, str]]:
    """Give the file, or the CSVs in the archive, by name; None where it is no stop-and-search file."""
    try:
        version = _version(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    if path.suffix.lower() != ".zip":
        return [(_read_name(path, version, None), path.name)]
    return [(_read_name(path, version, entry), entry.filename) for entry in list_members(path)]


def _version(path: Path) -> Version:
    status = path.stat()
    return Version(status.st_ino, status.st_size, status.st_mtime_ns)


def _read_name(path: Path, version: Version, entry: ZipInfo | None) -> MonthlyFile | None:
    # Some archives made on Windows have backslashes in their names.
    name = PurePosixPath(entry.filename.replace("\\", "/")).name if entry else path.name
    match = MONTHLY_NAME.fullmatch(name)
    if not match:
        return None
    year, month, force = match.groups()
    member = entry.filename if entry else None
    slug = force.lower()
    return MonthlyFile(path, member, force_aliases().get(slug, slug), date(int(year), int(month), 1), version, entry)


def choose_files(files: list[MonthlyFile], *, forces: list[str], months: list[date]) -> list[MonthlyFile]:
    """Keep the force-months asked for, each once.

    Args:
        forces: force ids; none means every force that has a file.

    Raises:
        RequestError: nothing is left, a force asked for has no file at all in those months, or a name has a
            month before the portal's first.
        DataError: two files of one force and month differ (byte-equal copies are read once), or one file
            goes by the names of two forces or months.
    """
    asked = [file for file in files if file.month in months and (not forces or file.force in forces)]
    _check_held(asked, files, forces, months)
    chosen: dict[tuple[str, date], MonthlyFile] = {}
    for file in asked:
        other = chosen.setdefault((file.force, file.month), file)
        if other != file and read_bytes(other) != read_bytes(file):
            raise DataError(
                f"two different files hold {file.force}, {file.month:%Y-%m}",
                where=f"{other.name} and {file.name}",
                what_now="keep one of them: counting both would double the searches",
                code="E123",
            )
    _refuse_copies(list(chosen.values()))
    return list(chosen.values())


def _check_held(asked: list[MonthlyFile], files: list[MonthlyFile], forces: list[str], months: list[date]) -> None:
    held = sorted({file.force for file in files})
    absent = [force for force in forces if force not in {file.force for file in asked}]
    if not asked or absent:
        raise RequestError(
            f"there are no files of {', '.join(absent) or 'any force'} from {months[0]:%Y-%m} to {months[-1]:%Y-%m}",
            found=f"files of {', '.join(held)}" if held else "no stop-and-search file",
            what_now=f"check the force's id, the months and the folder{_advise(absent)}",
            code="E130",
        )
    early = [file for file in asked if file.month < FIRST_MONTH]
    if early:
        raise RequestError(
            f"the portal has no stop-and-search records of {early[0].month:%Y-%m}",
            where=early[0].name,
            what_now=f"give the file the name of its month; the first is {FIRST_MONTH:%Y-%m}",
            code="E124",
        )


def _advise(absent: list[str]) -> str:
    refuse_elsewhere(absent)
    near = [f"did you mean {near!r}?" for force in absent if not is_known(force) and (near := suggest_force(force))]
    return f"; {' '.join(near)}" if near else ""


def _refuse_copies(files: list[MonthlyFile]) -> None:
    """Refuse one file under two names; only files of equal size are looked at."""
    sizes = Counter(file.size for file in files)
    seen: dict[str, MonthlyFile] = {}
    for file in files:
        content = read_bytes(file) if sizes[file.size] > 1 else b""
        if content.rstrip().count(b"\n") >= ROWS_TO_BE_A_COPY:
            other = seen.setdefault(hashlib.sha256(content).hexdigest(), file)
            if other != file:
                raise DataError(
                    "one file has two names",
                    where=f"{other.name} and {file.name}",
                    what_now="download both again: counting it twice would double the searches",
                    code="E122",
                )


def hash_file(file: MonthlyFile) -> str:
    """SHA-256 of the file as it lies.

    Raises:
        DataError: it changes meanwhile, or its archive is damaged. RequestError: it cannot be read.
    """
    return hashlib.sha256(read_bytes(file)).hexdigest()


def read_bytes(file: MonthlyFile, *, most: int = MAX_BYTES) -> bytes:
    """Read the file as it lies: one that changes meanwhile would give rows of two versions.

    Args:
        most: bytes that it may have, where it lies in no archive.

    Raises:
        DataError: it changes meanwhile, is too large, or its archive is damaged. RequestError: it cannot be read.
    """
    _check_size(file, most)
    try:
        is_same = file.version == _version(file.path)
        content = _load(file) if is_same else b""
        is_same = is_same and file.version == _version(file.path) and len(content) == file.size
    except FileNotFoundError:
        is_same = False
    except OSError as error:
        raise _unreadable(file.path, error) from None
    if not is_same:
        raise DataError(
            "the file changed while it was read",
            where=file.name,
            what_now="run again when nothing writes to it any more",
            code="E128",
        )
    return content


def _load(file: MonthlyFile) -> bytes:
    return read_member(file.path, file.entry, file.name) if file.entry else file.path.read_bytes()


def _check_size(file: MonthlyFile, most: int) -> None:
    if not file.entry and file.size > most:
        raise DataError(
            "the file is too large for one force and month",
            where=file.name,
            found=f"{file.size:,} bytes; a monthly file has at most {most:,}",
            what_now="download it again: one file holds one force and one month",
            code="E116",
        )


def _unreadable(path: Path, error: OSError | ValueError) -> RequestError:
    reason = error.strerror if isinstance(error, OSError) else ""
    return RequestError(
        "a file or folder cannot be read",
        where=str(path),
        found=reason or "not a path",
        what_now="check the path, and who may read it",
        code="E129",
    )
