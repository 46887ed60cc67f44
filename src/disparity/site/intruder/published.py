"""A published site as its files show it: tables as text and as frames."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from disparity.disclosure.attack import ProtectedCounts
from disparity.project.manifest import list_others, read_manifest
from disparity.tables.restricted import gather_counts
from disparity.tables.schema.table import FLAG, MONTH, NUMBER, WHOLE, TableFile
from disparity.tables.schema.tables import BY_NAME, TABLES
from disparity.vocabulary.errors import RequestError

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Published:
    """The folder and its tables: every cell text, by table name."""

    folder: Path
    tables: dict[str, Rows] = field(default_factory=dict)

    @property
    def is_restricted(self) -> bool:
        """Whether the site says that its counts are protected."""
        return self.tables["disclosure"][0]["profile"] not in {"open", "internal"}

    @property
    def is_internal(self) -> bool:
        """Whether the site says that it is for the force alone."""
        return self.tables["disclosure"][0]["profile"] == "internal"

    def list_files(self) -> list[Path]:
        """Every file that the tool wrote; what a publisher keeps beside them, such as CNAME, is none of the site's."""
        others = {self.folder / name for name in list_others(self.folder)} if read_manifest(self.folder) else set()
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and path not in others)

    def frame(self, name: str) -> pl.DataFrame:
        """A table with its types; an empty cell is null."""
        return type_rows(self.tables[name], BY_NAME[name])


def read_published(folder: Path) -> Published:
    """Read the tables of a site.

    Raises:
        RequestError: the folder is no site, or a table of it is missing.
    """
    tables: dict[str, Rows] = {}
    for table in TABLES:
        try:
            with (folder / "data" / table.file).open(encoding="utf-8", newline="") as file:
                tables[table.name] = list(csv.DictReader(file))
        except OSError:
            raise RequestError(
                "this is no site that can be audited",
                where=str(folder),
                found=f"no data/{table.file}",
                what_now="name the folder of a site that `disparity build` wrote",
            ) from None
    if len(tables["disclosure"]) != 1:
        raise RequestError(
            "this is no site that can be audited",
            where=f"{folder}/data/disclosure.csv",
            found=f"{len(tables['disclosure'])} rows, where a site has one",
            what_now="build the site again: what it says of its protection was changed",
        )
    return Published(folder, tables)


def read_protected(site: Published) -> ProtectedCounts:
    """Give the protected counts of a restricted site."""
    return gather_counts(site.frame("cells"), site.tables["disclosure"][0])


def type_rows(rows: Rows, table: TableFile) -> pl.DataFrame:
    """Give rows of text their types."""
    names = [column.name for column in table.columns]
    values = [[row.get(name) or None for name in names] for row in rows]
    text = pl.DataFrame(values, schema=dict.fromkeys(names, pl.String), orient="row")
    return text.with_columns(_type(column.name, column.kind) for column in table.columns)


def _type(name: str, kind: str) -> pl.Expr:
    value = pl.col(name)
    if kind == MONTH:
        # An earlier edition may be of the first contract: 2019-04.
        return (value.str.slice(0, 7) + "-01").str.to_date("%Y-%m-%d", strict=False)
    if kind == FLAG:
        return value == "true"
    if kind in {WHOLE, NUMBER}:
        return value.cast(pl.Float64, strict=False).cast(pl.Int64 if kind == WHOLE else pl.Float64, strict=False)
    return value
