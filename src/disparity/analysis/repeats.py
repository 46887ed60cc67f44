"""Searches of people who were searched before, where an extract tells persons apart: for the force alone."""

import polars as pl

from disparity.analysis.measures.breakdowns import BREAKDOWN_COLUMNS, SPAN
from disparity.analysis.measures.entries import FREQUENT_SHARE, REPEAT_SHARE, Measure
from disparity.disclosure.open import Detail
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, NOT_RECORDED, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE
from disparity.vocabulary.thresholds import COVERAGE_MEASURED

BY_PERSON, BEFORE, FIVE_TIMES = "person", "searched_before", "five_times_or_more"
FIVE = 5
GROUPS = (ALL, *ETHNIC_GROUPS)


def rate_repeats(counts: Detail, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the share of searches that are of people searched before in the period, and of people searched five times.

    repeat_search_share = searches that are not the first of their person / searches whose record tells the person;
    searched_five_times_share = persons with a fifth search / persons. A person is one key of the force's; the same
    person under two keys is two, so both shares are the least that can be.

    Returns:
        BREAKDOWN_COLUMNS, of periods whose searches were all numbered in one reading: numbers of two do not add up. No
        interval: the searches of a period are all there are, and no draw of persons is behind them. `value` is null
        where under 95% of the searches tell the person: what is missing would be taken for other people. Then the
        bounds remain, with none or all of the others searched before; of persons there are none.
    """
    kept = [*SPAN, "reading", "self_defined_group", "search_of_person"]
    told = counts.repeats.join(periods, on="month").group_by(kept).agg(pl.col("searches").sum())
    own = counts.cells.filter(ethnicity_basis=SELF_DEFINED).join(periods, on="month")
    span = pl.concat_str(*(pl.col(name).dt.strftime("%Y-%m") for name in SPAN[1:]), separator=" ")
    is_one = (pl.col("reading").n_unique().over(SPAN) == 1) & pl.col("reading").str.starts_with(span)
    read = told.filter(is_one).with_columns(ethnic_group=pl.col("self_defined_group").fill_null(NOT_RECORDED))
    every = own.group_by(*SPAN, "ethnic_group").agg(pl.col("searches").sum())
    rows = _add_all(_count(read), [name for name in _COUNTED if name != "searches"])
    rows = rows.join(_add_all(every, ["searches"]), on=[*SPAN, "ethnic_group"])
    shares = [_share(rows, REPEAT_SHARE, BEFORE), _share(rows.filter(ethnic_group=ALL), FREQUENT_SHARE, FIVE_TIMES)]
    order = pl.col("ethnic_group").cast(pl.Enum(GROUPS))
    return pl.concat(shares).sort(
        *SPAN, pl.col("measure").cast(pl.Enum([REPEAT_SHARE.name, FREQUENT_SHARE.name])), order
    )


_COUNTED = ("told", "repeats", "persons", "frequent", "searches")


def _count(read: pl.DataFrame) -> pl.DataFrame:
    number, searches = pl.col("search_of_person"), pl.col("searches")
    return read.group_by(*SPAN, "ethnic_group").agg(
        told=searches.filter(number.is_not_null()).sum(),
        repeats=searches.filter(number > 1).sum(),
        persons=searches.filter(number == 1).sum(),
        frequent=searches.filter(number == FIVE).sum(),
    )


def _add_all(rows: pl.DataFrame, counted: list[str]) -> pl.DataFrame:
    everyone = rows.group_by(SPAN).agg(pl.col(counted).sum()).with_columns(ethnic_group=pl.lit(ALL))
    return pl.concat([rows, everyone.select(rows.columns)]).filter(pl.col("ethnic_group").is_in(GROUPS))


def _share(rows: pl.DataFrame, measure: Measure, category: str) -> pl.DataFrame:
    """Gate by the force's total, as every share is."""
    covered = (pl.col("told") / pl.col("searches")).filter(pl.col("ethnic_group") == ALL).first().over(SPAN)
    is_measured = covered >= COVERAGE_MEASURED
    unknown = measure.unknown if measure.unknown is not None else pl.lit(None, pl.Int64)
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("lower", "upper")]
    counted = rows.filter(measure.denominator > 0).with_columns(
        measure=pl.lit(measure.name),
        breakdown=pl.lit(BY_PERSON),
        category=pl.lit(category),
        search_type=pl.lit(ALL),
        numerator=measure.numerator,
        denominator=measure.denominator,
        unknown=unknown,
        status=pl.when(is_measured).then(pl.lit(MEASURED)).otherwise(pl.lit(NOT_MEASURABLE)),
    )
    return counted.with_columns(
        *nothing,
        value=pl.when(pl.col("status") == MEASURED).then(pl.col("numerator") / pl.col("denominator")),
        lower_bound=pl.when(pl.col("unknown").is_not_null()).then(pl.col("numerator") / pl.col("searches")),
        upper_bound=(pl.col("numerator") + pl.col("unknown")) / pl.col("searches"),
    ).select(BREAKDOWN_COLUMNS)
