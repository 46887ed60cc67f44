"""The site of the edition before: its tables as they were published, and the editions that it knows of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from disparity.project.declarations import Day, Month
from disparity.tables.datapackage import PACKAGE_NAME
from disparity.tables.schema.tables import BY_NAME, TABLES
from disparity.tables.schema.version_1 import upgrade
from disparity.vocabulary.calendar import read_month
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.json_text import read_json

PACKAGE_FILE = Path("data") / "datapackage.json"
EDITIONS_FILE = Path("data") / "editions.json"
# A link of the feed: an earlier site's list could hold anything.
ADDRESS = r"^(https?://[^\s<>\"']+)?$"


class PastEdition(BaseModel):
    """One edition of a publication, as `data/editions.json` lists it."""

    model_config = ConfigDict(frozen=True)  # a later version may say more of it

    id: str
    edition: str
    published: Day | None
    title: str
    period_from: Month
    period_to: Month
    address: str = Field(pattern=ADDRESS)
    summary: str
    withdrawn: str = ""  # why, where it was
    revisions: tuple[str, ...] = ()  # what it said was corrected or recorded otherwise, and why


@dataclass(frozen=True)
class Previous:
    """An earlier site. `tables` holds what is still published, every cell text as in its CSV, null for nothing.

    `marking` is that of a draft or an internal edition; nothing of a published one.
    """

    edition: str
    first_month: date
    last_month: date
    tables: dict[str, pl.DataFrame]
    editions: tuple[PastEdition, ...]
    marking: str = ""


def read_previous(folder: Path) -> Previous:
    """Read the site of an earlier edition.

    Raises:
        RequestError: the folder is no site of this tool, or a file of it is not what its data package says.
    """
    package = read_package(folder)
    if package is None:
        raise RequestError(
            "the earlier edition is no site of this tool",
            where=str(folder),
            found=f"no {PACKAGE_FILE.as_posix()} of a stop-and-search site",
            what_now="name the folder that holds the site's index.html",
        )
    try:
        hashes = {resource["path"]: resource.get("hash", "") for resource in package["resources"]}
        first, last = (read_month(package["temporal"][end]) for end in ("start", "end"))
        is_of_version_1 = any(_is_of_version_1(resource) for resource in package["resources"])
        edition = str(package.get("version" if is_of_version_1 else "edition", ""))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(folder / PACKAGE_FILE, "not a description of tables") from None
    # Names come from our own list: what a package names could lie anywhere.
    files = {table.name: folder / "data" / table.file for table in TABLES if table.file in hashes}
    tables = {name: _read_table(path, hashes[path.name]) for name, path in files.items()}
    if is_of_version_1:
        tables = {name: upgrade(table, BY_NAME[name]) for name, table in tables.items()}
    listed, marking = read_editions(folder / EDITIONS_FILE), str(package.get("marking", ""))
    return Previous(edition, first, last, tables, listed, marking)


def read_standing(folder: Path) -> Previous | None:
    """Read the site of a folder if it is an edition that went out; none where there is none, or it is a draft.

    Raises:
        RequestError: as `read_previous`, of a site that is damaged.
    """
    package = read_package(folder)
    return read_previous(folder) if package and not package.get("marking") else None


def read_package(folder: Path) -> dict[str, Any] | None:
    """Read the data package of a site; none where the folder is no site of this tool.

    A data package is a common thing to have: only one of our own name makes the folder a site.
    """
    try:
        package = read_json((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return package if isinstance(package, dict) and package.get("name") == PACKAGE_NAME else None


def _read_table(path: Path, known: object) -> pl.DataFrame:
    try:
        content = path.read_bytes()
    except OSError:
        raise _damaged(path, "no such file") from None
    if known and known != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise _damaged(path, "other bytes than its data package says")
    try:
        return read_text(content)
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        raise _damaged(path, "no CSV in UTF-8") from None


def _is_of_version_1(resource: Mapping[str, Any]) -> bool:
    return any(field["type"] == "yearmonth" for field in resource.get("schema", {}).get("fields", ()))


def read_text(content: bytes) -> pl.DataFrame:
    """Read a published CSV, every cell as its text; nothing is null."""
    content.decode("utf-8")
    return pl.read_csv(content, infer_schema=False)


def read_editions(path: Path) -> tuple[PastEdition, ...]:
    """A site of an older version has no list."""
    try:
        return tuple(PastEdition.model_validate(listed) for listed in read_json(path.read_bytes())["editions"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        raise _damaged(path, "no list of editions") from None


def _damaged(path: Path, found: str) -> RequestError:
    return RequestError(
        "the site of the earlier edition is damaged",
        where=str(path),
        found=found,
        what_now="take the folder as it was published",
    )
