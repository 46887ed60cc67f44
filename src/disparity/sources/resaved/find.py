"""Which of the files that are asked for are the portal's under another name: their header tells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipInfo

from disparity.sources.archives import list_members, read_member
from disparity.sources.header import BOM, LONGEST_HEADER, REQUIRED
from disparity.sources.police_uk import MONTHLY_NAME, look_at, read_bytes
from disparity.sources.resaved.names import is_left_behind, is_nearly_monthly
from disparity.sources.resaved.table import ENOUGH_TO_BE_THE_PORTALS, MAX_BYTES, peek
from disparity.vocabulary.errors import RequestError, printable

READ = (".csv", ".txt", ".tsv", ".json", ".gz")
WORKBOOKS = (".xlsx", ".xlsm", ".xls")
# The other files of the portal's archives: of these there are thousands.
OTHER_KINDS = ("-street.csv", "-outcomes.csv")


@dataclass(frozen=True)
class Found:
    """A file, or a member of an archive, with the portal's header and not its name."""

    path: Path
    entry: ZipInfo | None = field(default=None, compare=False)
    asked: Path | None = field(default=None, compare=False)  # the folder it was found in
    member: str = ""

    @property
    def file_name(self) -> str:
        """Without its folder."""
        return (self.entry.filename.replace("\\", "/") if self.entry else self.path.name).rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        """The name of the folder it lies in."""
        parts = self.entry.filename.replace("\\", "/").split("/") if self.entry else self.path.absolute().parts
        return parts[-2] if len(parts) > 1 else ""

    @property
    def name(self) -> str:
        """As a reader would name it: from the folder that was asked for."""
        name = self.path.relative_to(self.asked).as_posix() if self.asked else self.path.name
        return printable(f"{name}/{self.member}" if self.member else name)

    def read(self) -> bytes:
        """Read it as it lies.

        Raises:
            DataError: it changes meanwhile, is too large or damaged. RequestError: it cannot be read.
        """
        return read_bytes(look_at(self.path, self.entry), most=MAX_BYTES)

    @property
    def size(self) -> int:
        """Bytes as it lies, or unpacked from its archive."""
        return look_at(self.path, self.entry).size


def find_resaved(paths: Iterable[Path], *, leave: frozenset[Path] = frozenset()) -> tuple[list[Found], list[Path]]:
    """Find them among files, folders and archives; and give the paths that may hold something else.

    Args:
        leave: files that are read in another way.

    Raises:
        RequestError: a file is a workbook, or one of a folder is that is named as a month's but for a little.
        DataError: an archive is damaged.
    """
    found: list[Found] = []
    others: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += [item for file in _walk(path) if file.resolve() not in leave for item in _look_into(file, path)]
            others.append(path)
        elif path.suffix.lower() == ".zip" and path.is_file():
            found += _look_into(path)
            others.append(path)
        elif path.suffix.lower() in READ and _is_alike(path):
            found.append(Found(path))
        elif path.suffix.lower() in WORKBOOKS and path.is_file():
            raise _workbook(path, "save it as CSV UTF-8; `disparity map` reads a force's own extract as a workbook")
        else:
            others.append(path)
    return list(dict.fromkeys(found)), others


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        kind = path.suffix.lower()
        if _is_other(path.name) or not path.is_file():
            continue
        if kind in WORKBOOKS and is_nearly_monthly(path.name):
            raise _workbook(path, "use the CSV as downloaded, or save it as CSV UTF-8; or move it out of the folder")
        if kind in (*READ, ".zip"):
            yield path


def _workbook(path: Path, what_now: str) -> RequestError:
    return RequestError(
        "records of data.police.uk are not read from a workbook",
        where=printable(path.name),
        what_now=what_now,
        code="E124",
    )


def _look_into(path: Path, asked: Path | None = None) -> list[Found]:
    """Give the file, or those of the archive, that have the portal's header or nearly its name."""
    if path.suffix.lower() == ".zip":
        return [Found(path, entry, asked, entry.filename) for entry in list_members(path) if _is_member(path, entry)]
    return [Found(path, asked=asked)] if is_nearly_monthly(path.name) or _peek(path) == len(REQUIRED) else []


def _is_member(path: Path, entry: ZipInfo) -> bool:
    name = entry.filename.replace("\\", "/").rsplit("/", 1)[-1]
    if is_left_behind(entry.filename) or _is_other(name):
        return False
    return is_nearly_monthly(name) or peek(read_member(path, entry, name)[: LONGEST_HEADER + len(BOM)]) == len(REQUIRED)


def _is_other(name: str) -> bool:
    """Whether a file has a reader of its own, or none, by its name."""
    return is_left_behind(name) or name.lower().endswith(OTHER_KINDS) or MONTHLY_NAME.fullmatch(name) is not None


def _is_alike(path: Path) -> bool:
    """Whether a file that is asked for by itself is one: what lacks a column is, and the reader names it."""
    if MONTHLY_NAME.fullmatch(path.name):
        return False
    return path.is_file() and (is_nearly_monthly(path.name) or _peek(path) >= ENOUGH_TO_BE_THE_PORTALS)


def _peek(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return peek(file.read(LONGEST_HEADER + len(BOM)))
    except OSError:
        return 0  # the reader of monthly files says why
