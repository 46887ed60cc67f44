"""Search rates by age range and sex, and each group against White people of the same age and sex."""

from dataclasses import replace

import polars as pl

from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import SPAN, Whole
from disparity.analysis.reasons.area_comparisons import compare_areas
from disparity.disclosure.open import Detail
from disparity.sources.census_ages import ESTIMATED
from disparity.vocabulary.codes import ALL, FIND_COUNTS, HOME_OFFICE_AGE_GROUPS, PORTAL_AGE_GROUPS
from disparity.vocabulary.statuses import NOT_MEASURABLE

# Fewer estimated residents than this are a guess: of 111 people the split of the census's own ages made 130.
FEWEST_ESTIMATED = 300
# Age and sex stand where an area does: what is said of one is said of the other.
PLACE, BETWEEN = "area", ", "
SEXES = ("Male", "Female")
PLACES = [f"{age}{BETWEEN}{sex}" for sex in SEXES for age in PORTAL_AGE_GROUPS]
# Above 24 the Home Office's age ranges are others than the portal's, and no residents are counted by them.
OTHER_RANGES = tuple(age for age in HOME_OFFICE_AGE_GROUPS if age not in PORTAL_AGE_GROUPS)
AGE_RATE_COLUMNS = [
    *("force", "period_from", "period_to", "age_group", "gender", "ethnic_group"),
    *("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound", "status"),
    *("residents_basis", "ratio", "ratio_lower", "ratio_upper", "p_value", "p_adjusted", "ratio_status", "verdict"),
]


def rate_by_age(whole: Whole, residents: pl.DataFrame) -> pl.DataFrame:
    """Estimate search rates by age range and sex, and set each group's against the reference group's of the same.

    search rate = searches of people of the age and sex / (residents of it x months submitted / 12 / 1,000)
    ratio = rate of the group / rate of the reference group, both of one age and sex

    Gates, limits and tests are those of rates by area, age and sex in the place of the area: the gate is the share of
    searches whose record gives an age and a sex that residents are counted by, and the verdict allows for chance, with
    months as clusters, and for all comparisons by age and sex of the force.

    Args:
        residents: force, period_from, period_to, ethnic_group, age_group, gender, population, residents_basis
            (COUNTED or ESTIMATED).

    Returns:
        AGE_RATE_COLUMNS: self-defined ethnicity, All and the five groups, all types of search. `value` is per 1,000
        residents a year, without a neutral value, and null where `status` says why: not_measurable also where
        residents are estimated and fewer than FEWEST_ESTIMATED. `ratio` has no unit, neutral value 1. A force whose
        records have the Home Office's age ranges has no rows.

    Source: as `estimate_areas` and `compare_areas`.
    """
    people = whole.detail.people.join(whole.periods.select("month"), on="month", how="semi")
    others = people.filter(pl.col("age_group").is_in(OTHER_RANGES)).select("force").unique()
    kept = replace(whole, detail=_place(whole.detail, others))
    known = residents.join(others, on="force", how="anti").with_columns(_name_place())
    by = [*SPAN, PLACE, "ethnic_group"]
    rates = estimate_areas(kept, known.select(*by, "population")).filter(pl.col(PLACE).is_in(PLACES))
    everyone = known.group_by(*SPAN, PLACE).agg(pl.col("residents_basis").max(), pl.col("population").sum())
    columns = [*by, "residents_basis", "population"]
    both = pl.concat([known.select(columns), everyone.with_columns(ethnic_group=pl.lit(ALL)).select(columns)])
    split = pl.col(PLACE).str.split(BETWEEN)
    return (
        compare_areas(_withhold_guesses(rates.join(both, on=by)), kept.detail, whole.periods)
        .join(both, on=by)
        .with_columns(age_group=split.list.first(), gender=split.list.last())
        .select(AGE_RATE_COLUMNS)
        .sort(*SPAN, *_order(), maintain_order=True)
    )


def _order() -> tuple[pl.Expr, pl.Expr]:
    return pl.col("gender").cast(pl.Enum(SEXES)), pl.col("age_group").cast(pl.Enum(PORTAL_AGE_GROUPS))


def _name_place() -> pl.Expr:
    """Age and sex in one word; null where a record lacks either."""
    return pl.concat_str("age_group", "gender", separator=BETWEEN).alias(PLACE)


def _place(counts: Detail, left_out: pl.DataFrame) -> Detail:
    """The counts with age and sex in the place of areas; of forces left out, without any."""
    searches = counts.people.join(left_out, on="force", how="anti").with_columns(
        _name_place(),
        # Types are not counted by age.
        search_type=pl.lit("other"),
        **{name: pl.lit(0, pl.Int64) for name in FIND_COUNTS if name != "searches"},
    )
    columns = ["force", "month", PLACE, "self_defined_group", "search_type", *FIND_COUNTS]
    return Detail(replace(counts, areas=searches.select(columns)))


def _withhold_guesses(rates: pl.DataFrame) -> pl.DataFrame:
    """Show no rate out of residents that are few and estimated."""
    is_guess = (pl.col("residents_basis") == ESTIMATED) & (pl.col("population") < FEWEST_ESTIMATED)
    made = ("denominator", "value", "lower", "upper", "lower_bound", "upper_bound")
    held = [pl.when(~is_guess).then(name).alias(name) for name in made]
    status = pl.when(is_guess).then(pl.lit(NOT_MEASURABLE)).otherwise("status").alias("status")
    return rates.with_columns(*held, status).drop("residents_basis", "population")
