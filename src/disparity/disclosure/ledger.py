"""The ledger: every protected count of every published edition, so that a new one is proved in the light of all.

It holds nothing that is not published. Only `disparity publish` writes it: a draft is no edition.
"""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import CELL_COLUMNS, PLAN, plan_named
from disparity.vocabulary.errors import DisclosureError, RequestError

# What is known of an edition, on each of its rows. A ledger of version 0.1 has the counts alone.
ENTRY = {
    "edition": pl.String(),
    "id": pl.String(),
    "title": pl.String(),
    "published": pl.Date(),
    "withdrawn": pl.String(),
    "was_public": pl.Boolean(),
    "base": pl.Int64(),
    "plan": pl.String(),
    "rows": pl.String(),
}
UNKNOWN = {"id": "", "title": "", "published": None, "withdrawn": "", "was_public": True}
UNKNOWN |= {"plan": PLAN.name, "rows": ""}
CELL_TYPES = {"period_from": pl.Date(), "period_to": pl.Date(), "count": pl.Int64()}
SCHEMA = ENTRY | {name: CELL_TYPES.get(name, pl.String()) for name in CELL_COLUMNS}


@dataclass(frozen=True)
class Entry:
    """One edition of the ledger.

    `edition` names its counts: the same counts are the same edition. `id` is its name in the site's list of editions.
    `withdrawn` says why it was withdrawn, if it was; `was_public` whether anybody can have it, withdrawn or not.
    """

    edition: str
    id: str
    title: str
    published: date | None
    withdrawn: str
    was_public: bool
    period_from: date
    period_to: date
    cells: int


def read_ledger(path: Path) -> list[ProtectedCounts]:
    """Read what anybody can have of earlier editions; none where there is no ledger yet.

    Raises:
        DisclosureError: the file is no ledger: without it nothing can be proved.
    """
    parts = _read(path).filter("was_public").partition_by("edition", maintain_order=True)
    plans = [plan_named(part["plan"][0]) for part in parts]
    if None in plans:
        raise _unreadable(path)
    return [
        ProtectedCounts(part.select(CELL_COLUMNS), part["base"][0], plan or PLAN, part["rows"][0])
        for part, plan in zip(parts, plans, strict=True)
    ]


def list_ledger(path: Path) -> list[Entry]:
    """List the editions of a ledger, in the order in which they were published.

    Raises:
        DisclosureError: as `read_ledger`.
    """
    listed = (
        _read(path)
        .group_by("edition", maintain_order=True)
        .agg(
            pl.col("id", "title", "published", "withdrawn", "was_public").first(),
            pl.col("period_from").min(),
            pl.col("period_to").max(),
            pl.len().alias("cells"),
        )
    )
    return [Entry(**row) for row in listed.iter_rows(named=True)]


def list_earlier(path: Path, previous: ProtectedCounts | None) -> list[ProtectedCounts]:
    """Read the earlier editions, of which the one that the new one is compared with must be one.

    Args:
        previous: its published counts, where it is restricted.

    Raises:
        DisclosureError: it is not: the ledger is another one, or is lost, and what else it held cannot be known.
    """
    kept = read_ledger(path)
    if previous is None or name_edition(previous) in map(name_edition, kept):
        return kept
    raise _lost(path, len(kept), "the one that `previous` names")


def refuse_lost(path: Path, standing: ProtectedCounts | None) -> None:
    """Refuse to take the place of a published edition that the ledger does not know, withdrawn or not.

    Args:
        standing: the published counts of the site that is there; none where there is none, or it is no such edition.

    Raises:
        DisclosureError: it does not: the new edition is not proved beside one that people have.
    """
    entries = list_ledger(path)
    if standing and name_edition(standing) not in {entry.edition for entry in entries}:
        raise _lost(path, len(entries), "the one that stands where the new one is to go")


def add_edition(path: Path, edition: ProtectedCounts, *, id_: str = "", title: str, published: date | None) -> None:
    """Add an edition to the ledger; the same counts take their own place. The file is replaced whole."""
    name = name_edition(edition)
    held, of_it = _read(path), pl.col("edition") == name
    given: dict[str, object] = {
        "edition": name,
        "id": id_,
        "title": title,
        "published": published,
        "withdrawn": "",
        "was_public": True,
    }
    given |= {"base": edition.base, "plan": edition.plan.name, "rows": edition.rows}
    marks = [pl.lit(value, ENTRY[key]).alias(key) for key, value in given.items()]
    _write(path, pl.concat([held.filter(~of_it), edition.cells.select(*marks, *CELL_COLUMNS)]))


def withdraw(path: Path, edition: str, reason: str, *, was_public: bool) -> Entry:
    """Withdraw an edition, named by the start of its name.

    One that was public stays what an attacker has; one that never was is no more taken into account.

    Raises:
        RequestError: no edition has that name, or several. DisclosureError: as `read_ledger`.
    """
    entries = [entry for entry in list_ledger(path) if edition and entry.edition.startswith(edition)]
    if len(entries) != 1:
        raise RequestError(
            "the edition cannot be told" if entries else "the ledger has no such edition",
            where=str(path),
            found=edition,
            what_now="name it by the letters and digits that `disparity ledger` lists",
            code="E169",
        )
    if entries[0].withdrawn:
        raise RequestError(
            "the edition is withdrawn already",
            where=str(path),
            found=entries[0].edition,
            what_now="leave it: whoever has it has it",
            code="E169",
        )
    held, of_it = _read(path), pl.col("edition") == entries[0].edition
    _write(
        path,
        held.with_columns(
            pl.when(of_it).then(pl.lit(reason)).otherwise("withdrawn").alias("withdrawn"),
            pl.when(of_it).then(pl.col("was_public") & was_public).otherwise("was_public").alias("was_public"),
        ),
    )
    return next(entry for entry in list_ledger(path) if entry.edition == entries[0].edition)


def name_edition(edition: ProtectedCounts) -> str:
    """The same counts are the same edition, whenever they are built."""
    told = f"{edition.plan.name}\n{edition.rows}\n" if edition.plan.has_rows else ""
    text = f"{told}{edition.base}\n{edition.cells.select(CELL_COLUMNS).write_csv()}"
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]


def _write(path: Path, ledger: pl.DataFrame) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".ledger-", dir=path.parent) as aside:
        whole = Path(aside) / path.name
        with whole.open("wb") as file:
            ledger.write_parquet(file)
        whole.chmod(0o644)
        whole.replace(path)


def _read(path: Path) -> pl.DataFrame:
    if not path.exists():
        return pl.DataFrame(schema=SCHEMA)
    try:
        held = pl.read_parquet(path.read_bytes())
        lacking = {name: value for name, value in UNKNOWN.items() if name not in held.columns}
        return held.with_columns(**{name: pl.lit(value) for name, value in lacking.items()}).select(
            pl.col(name).cast(kind) for name, kind in SCHEMA.items()
        )
    except (OSError, pl.exceptions.PolarsError):
        raise _unreadable(path) from None


def _lost(path: Path, editions: int, which: str) -> DisclosureError:
    return DisclosureError(
        "the edition before is not in the ledger",
        where=str(path),
        found=f"{editions} editions, and none of them is {which}",
        what_now="put back the ledger, or name it under [disclosure]; `disparity ledger --add SITE` adds that edition",
        code="E165",
    )


def _unreadable(path: Path) -> DisclosureError:
    return DisclosureError(
        "the ledger of earlier editions cannot be read",
        where=str(path),
        what_now="put back the ledger of the last edition; a new edition cannot be proved safe without it",
        code="E164",
    )
