"""Plant the oddities of single monthly files: each at a known place, each seen in real files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from disparity.synthetic import forces
from disparity.synthetic.draws import UK_TIME, portal_time
from disparity.vocabulary.codes import read_reference

LINKED, CLOTHING = "Outcome linked to object of search", "Removal of more than just outer clothing"
SELF_DEFINED = "Self-defined ethnicity"
# Rows that get a label no reference table knows.
FEW = 5


@dataclass(frozen=True)
class Change:
    """What an oddity does to the rows of its month: which it touches, and what they then hold."""

    values: Mapping[str, pl.Expr]
    rows: pl.Expr
    most: int | None = None


def plant_oddities(records: pl.DataFrame, force: forces.SyntheticForce, months: Sequence[date]) -> pl.DataFrame:
    """Change the rows of each planted month, and name the oddity in column `oddity`."""
    records = records.with_columns(oddity=pl.lit(None, dtype=pl.String))
    for kind, month in force.oddities:
        if kind in CHANGES and month < len(months):
            records = _plant(records, kind, months[month])
    return records


def _plant(records: pl.DataFrame, kind: str, month: date) -> pl.DataFrame:
    change = CHANGES[kind]
    is_touched = (pl.col("month") == month) & change.rows.fill_null(False)
    if change.most is not None:
        is_touched &= is_touched.cum_sum() <= change.most
    values = {**change.values, "oddity": pl.lit(kind)}
    return records.with_columns(
        pl.when(is_touched).then(value).otherwise(pl.col(column)).alias(column) for column, value in values.items()
    )


def _older_labels() -> pl.Expr:
    rows = read_reference("ethnicity_labels")
    older = {row["code"]: row["label"] for row in rows if row["label"].endswith(f"({row['code']})")}
    older["A4"] = "Chinese or other ethnic group - Chinese (O1)"
    return pl.col("recorded_code").replace_strict(older, default=None)


# Midnight of the local clock: in summer that reads 23:00 of the day before.
_midnight = pl.col("searched_at").dt.convert_time_zone(UK_TIME).dt.truncate("1d").dt.convert_time_zone("UTC")
_every_row = pl.lit(True)
CHANGES = {
    forces.DATE_ONLY: Change({"Date": portal_time(_midnight), "searched_at": _midnight}, _every_row),
    forces.OLDER_LABELS: Change({SELF_DEFINED: _older_labels()}, _older_labels().is_not_null()),
    forces.OTHER_BOOLEANS: Change(
        {
            CLOTHING: pl.col(CLOTHING).replace_strict({"True": "1.0", "False": "0.0"}, default=None),
            **{name: pl.col(name).str.to_uppercase() for name in (LINKED, "Part of a policing operation")},
        },
        _every_row,
    ),
    forces.UNKNOWN_LEGISLATION: Change(
        {"Legislation": pl.lit("Police and Criminal Evidence Act 1984 (s.1)")},
        pl.col("Legislation").str.contains("(section 1)", literal=True),
        FEW,
    ),
    forces.UNKNOWN_ETHNICITY: Change(
        {SELF_DEFINED: pl.lit("White - British"), "recorded_code": pl.lit(None, dtype=pl.String)},
        pl.col("recorded_code") == "W1",
        FEW,
    ),
    # A stray word, as one real file has.
    forces.UNKNOWN_OBJECT: Change({"Object of search": pl.lit("dog")}, pl.col("search_type") == "other", FEW),
    # Its bytes differ, not its rows: see `write`.
    forces.BOM_AND_CRLF: Change({}, _every_row),
}
