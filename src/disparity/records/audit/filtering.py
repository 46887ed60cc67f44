"""Records that are too clean: what all records of stop and search hold is not in them, so somebody has filtered them.

A copy without the searches of unknown ethnicity gives ratios that look sure, and are those of what is left.
"""

from datetime import date
from math import inf, log, log1p
from typing import Any

import polars as pl

from disparity.records.audit.items import BLANK_ITEMS
from disparity.vocabulary.calendar import MONTHS_IN_YEAR, read_month
from disparity.vocabulary.codes import read_reference
from disparity.vocabulary.thresholds import IMPROBABLE

UNKNOWN, OTHER_LABEL = "unknown_ethnicity", "any_other_label"
# A force may record half of the lowest share that any had in a year before chance is asked for none at all.
MARGIN = 2
ANY_OTHER = ("A9", "B9", "M9", "O9", "W9")
# Fewest flags: the lowest share of true ones is 10% of eight forces (definitions, section 3).
NO_LINK_NEEDS = 500
# Of the official count: what is under half of it is not a difference of two submissions.
FEW_OF_OFFICIAL = 0.5
SPAN = ["force", "period_from", "period_to"]
BLANKS = [
    item.name for item in BLANK_ITEMS if item.name not in ("coordinates_not_recorded", "searched_at_not_recorded")
]


def find_filtering(
    submissions: pl.DataFrame, labels: pl.DataFrame, periods: pl.DataFrame, totals: pl.DataFrame
) -> pl.DataFrame:
    """Find the periods of a force in which nobody declined to give an ethnicity, or none had an "Any other" label.

    No blank in any column, no linked flag that is true and far fewer searches than the official count are named
    beside it; alone they have other causes, and expectations of their own.

    Args:
        submissions, labels: of `files.Audit`, complete.
        periods: month, period_from, period_to.
        totals: force, period_to and official_searches of whole years; the nearest before, or after, is taken.

    Returns:
        force, period_from, period_to, filtering (what is missing, in words; null where the records are as records are).
    """
    months = submissions.join(periods, on="month").filter(pl.col("rows_kept") > 0)
    sums = months.group_by(SPAN).agg(
        pl.col("rows_kept", "self_defined_ethnicity_not_recorded", "self_defined_ethnicity_not_stated").sum(),
        pl.col("months").sum(),
        pl.sum_horizontal(BLANKS).sum().alias("blanks"),
    )
    coded = labels.join(periods, on="month").filter(pl.col("code").is_not_null())
    codes = coded.group_by(SPAN).agg(
        _count("self_defined_ethnicity", ANY_OTHER).alias("any_other"),
        (_count("self_defined_ethnicity") - _count("self_defined_ethnicity", ("NS",))).alias("ethnicities"),
        _count("is_outcome_linked", ("true",)).alias("linked"),
        _count("is_outcome_linked").alias("flags"),
    )
    rows = sums.join(codes, on=SPAN).join(_choose_nearest(totals, sums), on=SPAN, how="left")
    words = [_word(row) for row in rows.iter_rows(named=True)]
    return rows.select(*SPAN, pl.Series("filtering", words, dtype=pl.String))


def fewest_without(what: str, month: date) -> float:
    """Give how many searches from a month on must be without what all records hold, for it to be no chance.

    >>> round(fewest_without(UNKNOWN, date(2024, 4, 1))), round(fewest_without(OTHER_LABEL, date(2024, 4, 1)))
    (1528, 3063)
    """
    rows = [row for row in read_reference("always_recorded") if row["what"] == what]
    shares = [float(row["lowest_share"]) for row in rows if read_month(row["from"]) <= month] or [0.0]
    return log(IMPROBABLE) / log1p(-shares[-1] / MARGIN) if shares[-1] else inf


def _count(column: str, codes: tuple[str, ...] = ()) -> pl.Expr:
    is_one = pl.col("column") == column
    return pl.col("rows").filter(is_one & pl.col("code").is_in(codes) if codes else is_one).sum()


def _choose_nearest(totals: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    apart = (pl.col("period_to") - pl.col("of_year")).dt.total_days().abs()
    official = totals.select("force", "official_searches", of_year="period_to")
    return (
        spans.select(SPAN)
        .join(official, on="force")
        .sort(*SPAN, apart, "of_year")
        .group_by(SPAN, maintain_order=True)
        .first()
    )


def _word(row: dict[str, Any]) -> str | None:
    searches = row["rows_kept"]
    none_unknown = not row["self_defined_ethnicity_not_recorded"] + row["self_defined_ethnicity_not_stated"]
    said = []
    if none_unknown and searches >= fewest_without(UNKNOWN, row["period_from"]):
        said.append(f"no search of {searches:,} is of unknown ethnicity")
    if not row["any_other"] and row["ethnicities"] >= fewest_without(OTHER_LABEL, row["period_from"]):
        said.append(f'no label "Any other ..." is among {row["ethnicities"]:,} of self-defined ethnicity')
    if not said:
        return None
    if not row["blanks"]:
        said.append("nothing is blank in any column")
    if not row["linked"] and row["flags"] >= NO_LINK_NEEDS:
        said.append(f"none of {row['flags']:,} linked flags is true")
    official = row["official_searches"] and row["official_searches"] * row["months"] / MONTHS_IN_YEAR
    if official and searches < FEW_OF_OFFICIAL * official:
        said.append(f"they are {searches / official:.0%} of the official count for so many months")
    return "; ".join(said)
