"""The audit of columns: one value for all, or for far more searches than any force's records give it.

Gender "Other" for everyone, or officer-defined ethnicity copied from self-defined, is filled in and says nothing. Only
counts are read here, so that parts and files counted before give the same.
"""

from functools import cache
from typing import Any

import polars as pl
from scipy.special import betainc

from disparity.vocabulary.codes import LABEL_TABLES, read_reference
from disparity.vocabulary.thresholds import IMPROBABLE

# A share may have so many times the odds of the highest that is usual before chance is asked at all.
ODDS_STRETCH = 3.0
# Highest share of a value that the reference table does not list: in a column that it knows, and in another.
OTHER_VALUE, OTHER_COLUMN = 0.2, 0.95
# Own history: so many other months with so many searches each.
FEWEST_MONTHS, FEWEST_SEARCHES = 6, 50
SAME, ONE_PLACE = "same_as_self_defined", "one place"
# Not of `audit.labels`: column and value → what counts them in the submissions, and what they are out of.
COUNTED = {
    ("officer_defined_ethnicity", SAME): (pl.col("officer_as_self_defined"), pl.col("officer_as_self_defined_of")),
    ("place", ONE_PLACE): (
        pl.col("rows_at_one_place"),
        pl.col("coordinates_not_recorded_of") - pl.col("coordinates_not_recorded"),
    ),
}
NAMES = {
    "subject": "the kind of search",
    "self_defined_ethnicity": "self-defined ethnicity",
    "officer_defined_ethnicity": "officer-defined ethnicity",
    "age_group": "age",
    "legislation": "the power",
    "is_outcome_linked": "the linked flag",
    "is_clothing_removed": "the flag for clothing",
    "is_item_found": "whether the item was found",
    "reason_for_search": "the reason for search",
    "search_origin": "what led to the search",
    "drug_search_type": "possession or supply",
    "is_force_used": "whether force was used",
    "is_handcuffed": "whether handcuffs were used",
    "is_video_on": "whether body-worn video was on",
    "is_detained": "whether the arrest led to custody",
    "force_kind": "the kind of force",
    "clothing_extent": "how far clothing was removed",
}
COLUMNS = {
    **{"force": pl.String, "month": pl.Date, "column": pl.String, "value": pl.String},
    **{"rows": pl.Int64, "of": pl.Int64, "share": pl.Float64, "finding": pl.String},
}
PLACE = ["file", "latitude", "longitude"]
_KEYS = ["force", "column", "value"]
_SUMS = (pl.col("rows").sum(), pl.col("of").sum(), pl.col("limit").max())


def count_at_one_place(kept: pl.DataFrame) -> pl.DataFrame:
    """Count the kept searches of each file at the point where most of them were: file, rows_at_one_place.

    Args:
        kept: PLACE and `searches` of each.
    """
    placed = kept.lazy().filter(pl.all_horizontal(pl.col(PLACE).is_not_null()))
    at_points = placed.group_by(PLACE).agg(pl.col("searches").sum())
    return at_points.group_by("file").agg(pl.col("searches").max().alias("rows_at_one_place")).collect()


def audit_columns(submissions: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Find the columns that say nothing: of each force, month and column the most frequent value.

    A value is found where its share is over ODDS_STRETCH times the odds of the highest that is usual, by the reference
    table `usual_shares` and, where nothing else is recorded, by the force's own other months; and where so many of so
    many searches would come by chance less often than IMPROBABLE. Months in a row that are so are asked together: a
    small force's year can be as sure as a large one's month.

    Args:
        submissions, labels: of `files.Audit`, of all files.

    Returns:
        COLUMNS: `rows` of `of` searches that say anything have `value`; `finding` says in words what is wrong with the
        column in that month, null where nothing is.
    """
    shares = pl.concat([_count_values(labels), *_count_others(submissions)])
    shares = shares.filter(pl.col("of") > 0).with_columns(share=pl.col("rows") / pl.col("of"))
    most = _find_most(shares)
    found = _find(shares)
    if found.is_empty():
        return most.with_columns(finding=pl.lit(None, pl.String)).select(list(COLUMNS))
    said = _say(found, shares)
    return (
        most.join(said, on=["force", "month", "column", "value"], how="left")
        .select(list(COLUMNS))
        .sort("force", "month", "column")
    )


def _count_values(labels: pl.DataFrame) -> pl.DataFrame:
    """Searches by force, month, column and code, of those that say anything: a label nobody knows does."""
    is_filled = pl.col("code").is_not_null() | ~pl.col("is_known")
    of = pl.col("rows").sum().over("force", "month", "column")
    counted = labels.filter(is_filled).with_columns(of=of).filter(pl.col("code").is_not_null())
    keys = ["force", "month", "column", "of"]
    return (
        counted.group_by(*keys, value="code")
        .agg(pl.col("rows").sum())
        .select("force", "month", "column", "value", "rows", "of")
    )


def _count_others(submissions: pl.DataFrame) -> list[pl.DataFrame]:
    return [
        submissions.filter(pl.col("rows_kept") > 0).select(
            *("force", "month"),
            pl.lit(column).alias("column"),
            pl.lit(value).alias("value"),
            rows.cast(pl.Int64).alias("rows"),
            of.cast(pl.Int64).alias("of"),
        )
        for (column, value), (rows, of) in COUNTED.items()
    ]


def _find_most(shares: pl.DataFrame) -> pl.DataFrame:
    """The most frequent value of each column, and, on rows of their own, the values of COUNTED."""
    is_counted = pl.col("value").is_in([value for _, value in COUNTED])
    order = ["force", "month", "column", "rows", "value"]
    return (
        shares.sort(order, descending=[False, False, False, True, False])
        .group_by("force", "month", "column", is_counted.alias("is_counted"), maintain_order=True)
        .first()
    )


def _find(shares: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of `shares` that are found, each with the share that would be the highest usual one."""
    values = shares.select("column", "value").unique()
    usual = pl.Series("usual", [highest_share(*value) for value in values.iter_rows()], pl.Float64)
    shares = shares.join(values.with_columns(usual), on=["column", "value"], how="left", maintain_order="left")
    is_large = (pl.col("share") < 1) & (pl.col("of") >= FEWEST_SEARCHES)
    own = pl.col("share").filter(is_large).max().over(_KEYS)
    has_own = is_large.sum().over(_KEYS) >= FEWEST_MONTHS
    # Of its own history a force can only leave what it recorded: one value where there were several.
    least = pl.when(has_own & (pl.col("share") == 1)).then(pl.min_horizontal("usual", pl.max_horizontal(own, 0.5)))
    # The place of the month among those in which the column says anything: runs are of months side by side.
    place = pl.col("month").rank("dense").over("force", "column")
    marked = (
        shares.with_columns(place=place)
        .with_columns(usual=least.otherwise("usual"))
        .with_columns(limit=_stretch(pl.col("usual")))
        .filter(pl.col("share") > pl.col("limit"))
        .sort(*_KEYS, "month")
        .with_columns(run=pl.col("place").cast(pl.Int64) - pl.int_range(pl.len()).over(_KEYS))
    )
    rows, of, limit = (marked.select(sum_.over(*_KEYS, "run")).to_series().to_numpy() for sum_ in _SUMS)
    # The binomial tail: so many or more of so many.
    return marked.filter(pl.Series(betainc(rows, of - rows + 1, limit) < IMPROBABLE, dtype=pl.Boolean))


def _stretch(share: pl.Expr) -> pl.Expr:
    """Give the share whose odds are ODDS_STRETCH times those of a share; 1 stays 1."""
    return ODDS_STRETCH * share / (1 + (ODDS_STRETCH - 1) * share)


def highest_share(column: str, value: str) -> float:
    """Give the highest share of a value that is usual: of the searches of a force over a year or more.

    >>> highest_share("gender", "Male"), highest_share("gender", "X"), highest_share("search_origin", "intelligence")
    (0.93, 0.2, 0.95)
    """
    known = _read_usual()
    is_known_column = any(column == name for name, _ in known)
    return known.get((column, value), OTHER_VALUE if is_known_column else OTHER_COLUMN)


@cache
def _read_usual() -> dict[tuple[str, str], float]:
    return {(row["column"], row["code"]): float(row["highest_share"]) for row in read_reference("usual_shares")}


def _say(found: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Say of each force, column and value what was found over all its months: force, month, column, value, finding."""
    others = shares.join(found, on=[*_KEYS, "month"], how="anti")
    # A month in which the value is not met says of it that it has none.
    filled = others.select("force", "month", "column", "of").unique().join(found.select(_KEYS).unique(), on=_KEYS[:2])
    held = found.select(*_KEYS, "month")
    other_of = filled.join(held, on=[*_KEYS, "month"], how="anti").group_by(_KEYS).agg(other_of=pl.col("of").sum())
    other_rows = others.group_by(_KEYS).agg(other_rows=pl.col("rows").sum())
    sums = (
        found.group_by(_KEYS)
        .agg(pl.col("rows", "of").sum(), pl.col("usual").max())
        .join(other_of, on=_KEYS, how="left")
        .join(other_rows, on=_KEYS, how="left")
        .sort(_KEYS)
    )
    words = [_word(row) for row in sums.iter_rows(named=True)]
    said = sums.select(*_KEYS, finding=pl.Series(words, dtype=pl.String))
    return held.join(said, on=_KEYS)


def _word(row: dict[str, Any]) -> str:
    column, value, rows, of = (row[name] for name in ("column", "value", "rows", "of"))
    counted = f"{rows:,} of {of:,} searches"
    what = f"{NAMES.get(column, column.replace('_', ' '))} is {name_value(column, value)} in {counted} that say"
    if value == SAME:
        what = f"officer-defined ethnicity is the same as self-defined in {counted} with a group other than White"
    elif value == ONE_PLACE:
        what = f"one point of the map is the place of {counted}"
    others = _word_share(row["other_rows"], row["other_of"])
    return f"{what}. That is {rows / of:.1%}, and usually {row['usual']:.0%} at most. {others}"


def _word_share(rows: int | None, of: int | None) -> str:
    return f"In the force's other months it is {(rows or 0) / of:.1%}" if of else "There is no other month to compare"


def name_value(column: str, code: str) -> str:
    """Name a code as its publisher does.

    >>> name_value("legislation", "mda_s23"), name_value("is_outcome_linked", "true")
    ('"Misuse of Drugs Act 1971 (section 23)"', 'true')
    """
    table = LABEL_TABLES.get(column)
    if table:
        return next((f'"{row["label"]}"' for row in read_reference(table[0]) if row[table[1]] == code), f'"{code}"')
    return code if column.startswith("is_") else f'"{code.replace("_", " ")}"'
