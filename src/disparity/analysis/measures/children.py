"""Children beside adults: counts of an age band as counts of their own, and the measures that are made of them.

Everything that is known of all searches is made of children's in the same way: gates, clusters, comparisons, the
statement rule. Only what is few is shown less: see `hide_few`.
"""

from dataclasses import replace

import polars as pl

from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.measures.entries import BY_NAME, SEARCH_RATE, TYPE_SHARE, Measure
from disparity.analysis.measures.estimates import estimate_cells, lay_out_cells
from disparity.analysis.measures.flag_use import add_flag_use
from disparity.analysis.measures.gates import withhold_few_events
from disparity.disclosure.age_bands import Band
from disparity.records.ages import AFTER_SCHOOL, NIGHT
from disparity.sources.population import HEADLINE
from disparity.vocabulary.codes import (
    AGE_BANDS,
    ALL,
    CHILDREN,
    EVERY_GROUP,
    SELF_DEFINED,
    UNDER_10,
)
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, SMALL, SUPPRESSED
from disparity.vocabulary.thresholds import SMALL_NUMERATOR, SMALL_SEARCHES

SPAN = ["force", "period_from", "period_to"]
CHILDREN_KEYS = ["measure", *SPAN, "age_band", "ethnic_group", "search_type"]
COUNTED = ("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound")
CHILDREN_COLUMNS = [*CHILDREN_KEYS, *COUNTED, "status"]
_of_known, _of_no_age = pl.col("searches_of_known_age"), pl.col("searches_of_no_age")
# A search of somebody whose age nobody wrote down could have been of a child.
RATE_OF_AGE = replace(
    SEARCH_RATE,
    unknown=_of_no_age,
    coverages=((_of_known, _of_known + _of_no_age),),
    resolved=pl.col("searches") * (_of_known + _of_no_age) / _of_known / SEARCH_RATE.denominator,
    whole=SEARCH_RATE.denominator,
)
SHARE_OF_AGES = Measure(
    name="age_share",
    title="Share of searches by age",
    definition="Searches of people of an age band, of searches whose record gives an age.",
    numerator=pl.col("searches"),
    denominator=_of_known,
    unknown=_of_no_age,
    coverages=((_of_known, _of_known + _of_no_age),),
    whole=_of_known + _of_no_age,
    is_compared=False,
    is_result=False,
)
OUTCOMES = tuple(BY_NAME[name] for name in ("find_rate", "arrest_rate", "clothing_removed_rate"))
MEASURED_BY_AGE = (
    RATE_OF_AGE,
    SHARE_OF_AGES,
    *OUTCOMES,
    TYPE_SHARE,
    BY_NAME["search_share"],
    BY_NAME["unknown_ethnicity_share"],
)
PUBLISHED = ("search_rate", "age_share", "find_rate", "arrest_rate", "clothing_removed_rate", "type_share")
# Shares by hours of the day, of searches in months that record times.
HOUR_SHARES = {"after_school_share": AFTER_SCHOOL, "night_share": NIGHT}


def estimate_band(band: Band, population: pl.DataFrame, submitted: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Estimate MEASURED_BY_AGE of an age band, as all searches are estimated (adults with months as clusters alone).

    search_rate = searches of the band / residents of its age; where ages are blank in more than a twentieth of
    records it is an estimate: those without an age are taken to be like the rest of their group. age_share =
    searches of the band / searches with an age. The others are shares of the band's own searches.

    Args:
        population: of the band's ages, as `list_age_bases` gives them (headline).

    Returns:
        As `estimate`, of all types of search together, and shares of drugs.
    """
    cells = add_flag_use(lay_out_cells(band.years, population, submitted, periods))
    made = estimate_cells(cells, clusters=gather_clusters(band.detail, periods), measures=MEASURED_BY_AGE)
    is_drugs = (pl.col("measure") == TYPE_SHARE.name) & (pl.col("search_type") == "drugs")
    return withhold_few_events(made.filter((pl.col("search_type") == ALL) | is_drugs))


def share_hours(hours: pl.DataFrame, submissions: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the shares of HOUR_SHARES of each age band, of searches in the months that record times.

    Args:
        hours: as in Counts. submissions: force, month, is_time_reliable. periods: month, period_from, period_to.

    Returns:
        CHILDREN_COLUMNS, all groups together; `unknown` counts searches of the band without a time, or in other months.
        No limits: hours are not compared.
    """
    reliable = submissions.filter(pl.col("is_time_reliable").fill_null(False)).select(
        "force", "month", timed=pl.lit(True)
    )
    named = hours.drop_nulls("age_band").join(periods, on="month").join(reliable, on=["force", "month"], how="left")
    is_timed = pl.col("timed").fill_null(False) & pl.col("hours").is_not_null()
    n = pl.col("searches")
    tables = []
    for measure, name in HOUR_SHARES.items():
        counted = named.group_by(*SPAN, "age_band").agg(
            numerator=n.filter(is_timed & (pl.col("hours") == name)).sum(),
            denominator=n.filter(is_timed).sum().cast(pl.Float64),
            unknown=n.filter(~is_timed).sum(),
        )
        tables.append(counted.with_columns(measure=pl.lit(measure)))
    denominator = pl.col("denominator")
    status = (
        pl.when(denominator == 0).then(pl.lit(NOT_MEASURABLE)).when(denominator < SMALL_SEARCHES).then(pl.lit(SMALL))
    )
    return (
        pl.concat(tables)
        .with_columns(
            status=status.otherwise(pl.lit(MEASURED)),
            ethnic_group=pl.lit(ALL),
            search_type=pl.lit(ALL),
            value=(pl.col("numerator") / denominator).fill_nan(None),
            **{name: pl.lit(None, pl.Float64) for name in ("lower", "upper", "lower_bound", "upper_bound")},
        )
        .select(CHILDREN_COLUMNS)
    )


def list_by_age(
    estimates: dict[str, pl.DataFrame], hours: pl.DataFrame, bases: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """List the published rates of every age band, self-defined ethnicity, with nothing that is few (`hide_few`).

    Args:
        estimates: of each band. hours: of `share_hours`. bases: of each band, as `list_age_bases` gives them.

    Returns:
        CHILDREN_COLUMNS and `is_estimated`: whether the residents of a search rate are estimated; null of others.
    """
    own = [
        rows.filter(pl.col("measure").is_in(PUBLISHED), ethnicity_basis=SELF_DEFINED)
        .with_columns(age_band=pl.lit(band))
        .select(CHILDREN_COLUMNS)
        for band, rows in estimates.items()
    ]
    # Of children under 10 there is their number, and no more.
    is_told = (pl.col("age_band") != UNDER_10) | (
        (pl.col("measure") == SHARE_OF_AGES.name) & (pl.col("ethnic_group") == ALL)
    )
    order = {"age_band": AGE_BANDS, "ethnic_group": EVERY_GROUP, "measure": (*PUBLISHED, *HOUR_SHARES)}
    people = pl.concat(
        rows.filter(role=HEADLINE).select(*SPAN, "ethnic_group", "is_estimated", age_band=pl.lit(band))
        for band, rows in bases.items()
    )
    rows = pl.concat([*own, hours])
    # A force that puts down no age has no row: nothing is not none.
    has_ages = rows.filter(pl.col("denominator") > 0, measure=SHARE_OF_AGES.name, ethnic_group=ALL)
    joined = (
        rows.join(has_ages, on=SPAN, how="semi")
        .filter(is_told)
        .join(people, on=[*SPAN, "ethnic_group", "age_band"], how="left")
    )
    is_rate = pl.col("measure") == SEARCH_RATE.name
    rows = hide_few(joined.with_columns(pl.when(is_rate).then("is_estimated")))
    return rows.sort(*SPAN, *(pl.col(name).cast(pl.Enum(list(words))) for name, words in order.items()), "search_type")


def hide_few(rows: pl.DataFrame) -> pl.DataFrame:
    """Blank what rests on fewer than the gates ask for: of children, few searches are not shown as uncertain, but not.

    Returns:
        `rows`, with every count and value null and status suppressed where it was small or suppressed, where fewer than
        SMALL_NUMERATOR searches are counted, or where a share is out of fewer than SMALL_SEARCHES.
    """
    is_part = pl.col("measure") == SHARE_OF_AGES.name
    is_none = (pl.col("status") == NOT_MEASURABLE) & (pl.col("numerator") == 0)
    every = pl.col("denominator") + pl.col("unknown").fill_null(0)
    is_few = (
        pl.col("status").is_in([SMALL, SUPPRESSED])
        | ((pl.col("numerator") < SMALL_NUMERATOR) & ~is_none)
        # Bounds would tell of few searches what a rate may not.
        | ((pl.col("measure") != SEARCH_RATE.name) & (every < SMALL_SEARCHES))
    ).fill_null(False)
    # Of how many searches are of children nothing is known of clusters, and nothing is compared.
    rows = rows.with_columns(pl.when(~is_part).then(pl.col("lower", "upper")))
    return rows.with_columns(
        *(pl.when(~is_few).then(name).alias(name) for name in COUNTED),
        status=pl.when(is_few).then(pl.lit(SUPPRESSED)).otherwise("status"),
    )


def keep_shown(comparisons: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the comparisons of children whose rates are both shown.

    Args:
        rows: of `list_by_age`.
    """
    keys = ["measure", *SPAN, "ethnic_group", "search_type"]
    shown = rows.filter(pl.col("status") != SUPPRESSED, age_band=CHILDREN).select(keys)
    own = comparisons.filter(ethnicity_basis=SELF_DEFINED).join(shown, on=keys, how="semi", maintain_order="left")
    reference = shown.rename({"ethnic_group": "reference_group"})
    return own.join(reference, on=reference.columns, how="semi", maintain_order="left")
