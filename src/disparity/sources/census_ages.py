"""Residents of the censuses by age and sex: what both censuses counted, shared out over the residents of a period.

Only shares are taken from these tables: their cells are perturbed, and totals are those of the five-group tables.
Definitions, section 7.
"""

from collections.abc import Sequence

import polars as pl

from disparity.project.merged_forces import MergedForce
from disparity.sources.population import CENSUS_DAYS, DECIMALS, HEADLINE, OWN, SPAN, add_merged, put_on_lines
from disparity.vocabulary.codes import ALL, BAND_OF_AGE, YOUNG, YOUNG_AGE_GROUPS, read_reference

LINE = ["ethnic_group", "age_band"]
PARTS = ["ethnic_group", "age_group", "gender"]
TABLE = "census_force_ethnicity5_age_sex"
# Of the census of 2021; a test holds the table to it.
ESTIMATED_AGE_GROUPS = YOUNG_AGE_GROUPS
COUNTED, ESTIMATED = "counted", "estimated"


def read_census_ages(mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give the residents of both censuses by age group and sex.

    Under 25 is one band: the census of 2021 has no age group that ends at 10 or at 18, and its parts are estimated.

    Returns:
        base (census_2011, census_2021), date, force, PARTS, population (usual residents).

    Source: Census 2011, table DC2101EW; Census 2021, ethnic group by age and sex (Office for National Statistics).
    """
    band = pl.when(pl.col("age_group").is_in(YOUNG_AGE_GROUPS)).then(pl.lit(YOUNG)).otherwise("age_group")
    ranges = read_age_ranges(mergers).with_columns(band.alias("age_group"))
    return ranges.group_by("base", "date", "force", *PARTS).agg(pl.col("population").sum())


def read_age_ranges(mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give the residents of both censuses by the portal's own age ranges and sex.

    Returns:
        As `read_census_ages`, with under 10, 10-17 and 18-24 apart: in 2021 estimated (`ESTIMATED_AGE_GROUPS`), as the
        census's own ages end at 15 and 19; its parts were split as the single years of each authority are.
    """
    days = pl.col("base").replace_strict(CENSUS_DAYS, return_dtype=pl.Date)
    counted = pl.DataFrame(read_reference(TABLE)).with_columns(pl.col("population").cast(pl.Int64), date=days)
    return add_merged(counted.select("base", "date", "force", *PARTS, "population"), mergers)


def read_census_bands(mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give the residents of both censuses by AGE_BANDS; those of 2021 under 25 are estimated, not counted.

    Returns:
        base, date, force, ethnic_group, age_band, population (usual residents), estimated (how many of them are so).

    Source: as `read_census_ages`; the census of 2021 split at 10 and at 18 with each authority's single years of age.
    """
    people = pl.col("population").cast(pl.Int64)
    counted = (
        pl.DataFrame(read_reference(TABLE))
        .with_columns(
            people,
            estimated=pl.when(pl.col("basis") == "estimated").then(people).otherwise(0),
            date=pl.col("base").replace_strict(CENSUS_DAYS, return_dtype=pl.Date),
            age_band=pl.col("age_group").replace_strict(BAND_OF_AGE),
        )
        .group_by("base", "date", "force", "ethnic_group", "age_band")
        .agg(pl.col("population", "estimated").sum())
    )
    both = [
        add_merged(counted.select(pl.exclude("population", "estimated"), pl.col(name).alias("population")), mergers)
        for name in ("population", "estimated")
    ]
    keys = ["base", "date", "force", "ethnic_group", "age_band"]
    return both[0].join(both[1].rename({"population": "estimated"}), on=keys)


def list_age_bases(bases: pl.DataFrame, bands: pl.DataFrame, band: str) -> pl.DataFrame:
    """Give the residents of an age band on every base, for forces whose residents are of a census.

    population = residents of the group on the base x the band's part of the group. On a census the part is that
    census's own; on any other base it runs on a straight line between the censuses.

    Args:
        bases: as `list_bases` gives them. bands: as `read_census_bands` gives them.

    Returns:
        As `list_bases`, and `is_estimated`: whether any of the part is estimated.
    """
    keys = ["force", *SPAN, "ethnic_group"]
    of_census = bands.with_columns(part=_share("force", "base", "ethnic_group"))
    line = put_on_lines(bands.select("force", "date", "ethnic_group", "age_band", "population"), bases, LINE)
    guessed = put_on_lines(
        bands.select("force", "date", "ethnic_group", "age_band", population="estimated"), bases, LINE
    )
    on_line = line.join(guessed.rename({"population": "estimated"}), on=[*keys, "age_band"]).with_columns(
        line_part=_share(*keys)
    )
    people = bases.filter(pl.col("base") != OWN, pl.col("ethnic_group") != ALL)
    census = of_census.filter(age_band=band).select("force", "base", "ethnic_group", "part")
    own = on_line.filter(age_band=band).select(*keys, "line_part", is_estimated=pl.col("estimated") > 0)
    parts = people.join(census, on=["force", "base", "ethnic_group"], how="left").join(own, on=keys)
    part = pl.coalesce("part", "line_part").fill_nan(0)
    of_band = parts.with_columns((pl.col("population") * part).round(DECIMALS).alias("population"))
    whole = [name for name in bases.columns if name not in ("ethnic_group", "population")]
    total = of_band.group_by(whole).agg(
        pl.lit(ALL).alias("ethnic_group"), pl.col("population").sum(), pl.col("is_estimated").any()
    )
    columns = [*bases.columns, "is_estimated"]
    return pl.concat([of_band.select(columns), total.select(columns)]).sort("force", *SPAN, "base", "ethnic_group")


def _share(*keys: str) -> pl.Expr:
    return pl.col("population") / pl.col("population").sum().over(keys)


def spread_over_ages(bases: pl.DataFrame, ages: pl.DataFrame) -> pl.DataFrame:
    """Share the residents that rates are out of over ages and sexes, for forces whose residents are of a census.

    population = residents of the group x its part / the sum of its parts; each part runs on a straight line between
    the censuses, and stays as it was counted before the first and after the last.

    Args:
        bases: as `list_bases` gives them.
        ages: as `read_census_ages` gives them.

    Returns:
        force, period_from, period_to, PARTS, population.
    """
    people = bases.filter(pl.col("role") == HEADLINE, pl.col("base") != OWN).select(
        "force", *SPAN, "ethnic_group", residents="population"
    )
    part = put_on_lines(ages.select("force", "date", *PARTS, "population"), bases, PARTS)
    share = pl.col("population") / pl.col("population").sum().over("force", *SPAN, "ethnic_group")
    keys = ["force", *SPAN, *PARTS]
    return (
        part.join(people, on=["force", *SPAN, "ethnic_group"])
        .select(*keys, population=(share * pl.col("residents")).fill_nan(0))
        .sort(keys)
    )


def name_basis(spread: pl.DataFrame) -> pl.DataFrame:
    """Add `residents_basis` to residents by the portal's age ranges: what of them the census of 2021 estimates.

    Args:
        spread: of `spread_over_ages`. Before the census of 2011 nothing of them is estimated.
    """
    is_split = pl.col("age_group").is_in(ESTIMATED_AGE_GROUPS) & (pl.col("period_to") >= CENSUS_DAYS["census_2011"])
    basis = pl.when(is_split).then(pl.lit(ESTIMATED)).otherwise(pl.lit(COUNTED))
    return spread.with_columns(residents_basis=basis)
