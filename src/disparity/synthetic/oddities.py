"""Plant the oddities of single monthly files: each at a known place, each seen in real files."""

from collections.abc import Callable, Mapping, Sequence
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
    change = CHANGES[kind]()
    is_touched = (pl.col("month") == month) & change.rows.fill_null(False)
    if change.most is not None:
        is_touched &= is_touched.cum_sum() <= change.most
    values = {**change.values, "oddity": pl.lit(kind)}
    return records.with_columns(
        pl.when(is_touched).then(value).otherwise(pl.col(column)).alias(column) for column, value in values.items()
    )


def _date_only() -> Change:
    # Midnight of the local clock: in summer that reads 23:00 of the day before.
    local = pl.col("searched_at").dt.convert_time_zone(UK_TIME)
    midnight = local.dt.truncate("1d").dt.convert_time_zone("UTC")
    return Change({"Date": portal_time(midnight), "searched_at": midnight}, pl.lit(True))


def _older_labels() -> Change:
    rows = read_reference("ethnicity_labels")
    older = {row["code"]: row["label"] for row in rows if row["label"].endswith(f"({row['code']})")}
    older["A4"] = "Chinese or other ethnic group - Chinese (O1)"
    label = pl.col("recorded_code").replace_strict(older, default=None)
    return Change({SELF_DEFINED: label}, label.is_not_null())


def _other_booleans() -> Change:
    one = pl.col(CLOTHING).replace_strict({"True": "1.0", "False": "0.0"}, default=None)
    upper = {column: pl.col(column).str.to_uppercase() for column in (LINKED, "Part of a policing operation")}
    return Change({CLOTHING: one, **upper}, pl.lit(True))


def _unknown_legislation() -> Change:
    label = pl.lit("Police and Criminal Evidence Act 1984 (s.1)")
    return Change({"Legislation": label}, pl.col("Legislation").str.contains("(section 1)", literal=True), FEW)


def _unknown_ethnicity() -> Change:
    values = {SELF_DEFINED: pl.lit("White - British"), "recorded_code": pl.lit(None, dtype=pl.String)}
    return Change(values, pl.col("recorded_code") == "W1", FEW)


def _unknown_object() -> Change:
    # A stray word, as one real file has.
    return Change({"Object of search": pl.lit("dog")}, pl.col("search_type") == "other", FEW)


def _whole_file() -> Change:
    return Change({}, pl.lit(True))


CHANGES: Mapping[str, Callable[[], Change]] = {
    forces.DATE_ONLY: _date_only,
    forces.OLDER_LABELS: _older_labels,
    forces.OTHER_BOOLEANS: _other_booleans,
    forces.UNKNOWN_LEGISLATION: _unknown_legislation,
    forces.UNKNOWN_ETHNICITY: _unknown_ethnicity,
    forces.UNKNOWN_OBJECT: _unknown_object,
    # Its bytes differ, not its rows: see `write`.
    forces.BOM_AND_CRLF: _whole_file,
}
