"""The ledger: every protected count of every edition, so that a new one is proved in the light of all.

It holds nothing that is not published.
"""

import hashlib
import tempfile
from pathlib import Path

import polars as pl

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import CELL_COLUMNS
from disparity.vocabulary.errors import DisclosureError

LEDGER_COLUMNS = ["edition", "base", *CELL_COLUMNS]


def read_ledger(path: Path) -> list[ProtectedCounts]:
    """Read the earlier editions; none where there is no ledger yet.

    Raises:
        DisclosureError: the file is no ledger: without it nothing can be proved.
    """
    parts = _read(path).partition_by("edition", maintain_order=True)
    return [ProtectedCounts(part.select(CELL_COLUMNS), part["base"][0]) for part in parts]


def add_edition(path: Path, edition: ProtectedCounts) -> None:
    """Add an edition to the ledger, unless its counts are there already; the file is replaced whole."""
    name = _name(edition)
    held = _read(path)
    if name in held["edition"].to_list():
        return
    marks = pl.lit(name).alias("edition"), pl.lit(edition.base, pl.Int64).alias("base")
    new = edition.cells.select(*marks, *CELL_COLUMNS)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".ledger-", dir=path.parent) as aside:
        whole = Path(aside) / path.name
        pl.concat([held, new]).write_parquet(whole)
        whole.chmod(0o644)
        whole.replace(path)


def _name(edition: ProtectedCounts) -> str:
    """The same counts are the same edition, whenever they are built."""
    text = f"{edition.base}\n{edition.cells.select(CELL_COLUMNS).write_csv()}"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _read(path: Path) -> pl.DataFrame:
    types = {"period_from": pl.Date(), "period_to": pl.Date(), "base": pl.Int64(), "count": pl.Int64()}
    schema = {name: types.get(name, pl.String()) for name in LEDGER_COLUMNS}
    if not path.exists():
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_parquet(path).select(LEDGER_COLUMNS).cast(schema)  # type: ignore[arg-type]
    except (OSError, pl.exceptions.PolarsError):
        raise DisclosureError(
            "the ledger of earlier editions cannot be read",
            where=str(path),
            what_now="put back the ledger of the last edition; a new edition cannot be proved safe without it",
            code="E164",
        ) from None
