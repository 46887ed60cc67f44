"""Official counts that the records can be held against, or set beside: facts carried with the package.

Ethnicity facts and figures, 2019/20 (eight forces, by ethnic group), and Home Office table SS_20, year
ending March 2025 (force totals). Of children aged 10 to 17, the Home Office's searches and arrests of that
year. `vocabulary/reference/README.md` names the sources.
"""

from collections.abc import Sequence

import polars as pl

from disparity.sources.population import choose_headline, list_bases, read_residents
from disparity.vocabulary.calendar import financial_year
from disparity.vocabulary.codes import ALL, read_reference

YEARS = "official_years"
# Official figures of this force and year are of April to June alone (Ethnicity facts and figures, notes to 2019/20).
PART_OF_YEAR = {"force": "greater-manchester", "year": 2019}
OFFENCES_YEAR = 2017
KEYS = ["force", "period_from", "period_to", "ethnic_group"]
COLUMNS = ("force", "period_from", "period_to", "ethnic_group", "official_searches", "counts_vehicles", "source")

LONDON, LONDON_FORCES = "london", ("metropolitan", "city-of-london")


def read_official() -> pl.DataFrame:
    """Give the official counts: COLUMNS. Group "Unknown" is not stated and not recorded together.

    `counts_vehicles`: whether vehicle-only searches are in the count. Those of 2019/20 leave them out (South
    Yorkshire: 14,814 officially, 14,808 records of persons, 1,439 of vehicles alone). SS_20 has them: the Home
    Office's own open data of 2024/25 hold 19,268 searches of persons for Lancashire, whose total is 20,930, and
    as many as the total for the forces that record no vehicle-only search (Cheshire, Northumbria).
    """
    return pl.concat([_read_facts_and_figures(), _read_home_office()]).select(COLUMNS)


def _read_facts_and_figures() -> pl.DataFrame:
    table = pl.DataFrame(read_reference("ethnicity_facts_and_figures_2019_20"))
    return table.select(
        "force",
        *_period_of(2019),
        pl.col("ethnic_group").replace("Unreported", "Unknown"),
        pl.col("searches").cast(pl.Float64).cast(pl.Int64).alias("official_searches"),
        pl.lit(False).alias("counts_vehicles"),
        pl.lit("Ethnicity facts and figures, 2019/20").alias("source"),
    )


def _read_home_office() -> pl.DataFrame:
    table = pl.DataFrame(read_reference("home_office_force_totals_2024_25"))
    return table.select(
        pl.col("force_id").replace("british-transport-police", "btp").alias("force"),
        *_period_of(2024),
        pl.lit(ALL).alias("ethnic_group"),
        pl.col("published_total").cast(pl.Int64).alias("official_searches"),
        pl.lit(True).alias("counts_vehicles"),
        pl.lit("Home Office, table SS_20, year ending March 2025").alias("source"),
    )


def read_official_children(forces: Sequence[str]) -> pl.DataFrame:
    """Give the official searches and arrests of children aged 10 to 17, year ending March 2025, of some forces.

    The Metropolitan Police and the City of London Police are one area there: each has the figures of both, and `covers`
    says so. "All" includes ethnicity that was not stated; of arrests in London that is more than half.

    Returns:
        force, period_from, period_to, ethnic_group, covers, official_rate, arrests, source.
    """
    table = pl.DataFrame(read_reference("home_office_children_2024_25"))
    named = pl.DataFrame({"force": list(forces)}, schema={"force": pl.String}).with_columns(
        area=pl.when(pl.col("force").is_in(LONDON_FORCES)).then(pl.lit(LONDON)).otherwise("force")
    )
    return named.join(table.rename({"force": "area"}), on="area", maintain_order="left").select(
        "force",
        *_period_of(2024),
        "ethnic_group",
        pl.when(pl.col("area") == LONDON).then(pl.lit("Metropolitan Police and City of London Police")).alias("covers"),
        pl.col("searches_per_1000").cast(pl.Float64).alias("official_rate"),
        pl.col("arrests").cast(pl.Int64),
        pl.lit("Home Office, stop and search and arrests, year ending March 2025").alias("source"),
    )


def _period_of(year: int) -> tuple[pl.Expr, pl.Expr]:
    first, *_, last = financial_year(year)
    return pl.lit(first).alias("period_from"), pl.lit(last).alias("period_to")


def read_official_years() -> pl.DataFrame:
    """Give official searches and arrests of the financial years from 2006/07 to 2019/20.

    Returns:
        force, period_from, period_to, ethnic_group ("Unknown": not stated and not recorded), classification (2001:
        Chinese people are in Other; 2011: in Asian), searches (without vehicle-only searches; null where official
        figures are not of the whole year), residents (of the census of 2011, in every year; null where a force has
        none of its own), arrests (to 2017/18; Chinese people in Other; null where none were given).

    Source: Ethnicity facts and figures, stop and search, 2006/07 to 2019/20; Home Office, arrests open data.
    """
    table = pl.DataFrame(read_reference(YEARS)).with_columns(
        pl.col("year", "classification", "searches").cast(pl.Int64),
        pl.col("residents", "arrests").replace("", None).cast(pl.Int64),
    )
    is_part = pl.all_horizontal(pl.col(name) == value for name, value in PART_OF_YEAR.items())
    return table.select(
        "force",
        pl.date("year", 4, 1).alias("period_from"),
        pl.date(pl.col("year") + 1, 3, 1).alias("period_to"),
        *("ethnic_group", "classification"),
        pl.when(~is_part).then("searches").alias("searches"),
        *("residents", "arrests"),
    )


def recount_residents(official: pl.DataFrame) -> pl.DataFrame:
    """Put official years out of the residents of the year, as the rates of records are, not out of those of 2011.

    Returns:
        `official` with `residents` on the straight line between the censuses of 2011 and 2021, at the middle of the
        year (those of 2011 before); null where official figures have none. Chinese people are in Asian in both
        censuses, so Asian and Other of classification 2001 have none.
    """
    spans = official.select("period_from", "period_to").unique()
    people = choose_headline(list_bases(read_residents(None), spans)).select(*KEYS, of_year="population")
    is_other = (pl.col("classification") == 2001) & pl.col("ethnic_group").is_in(["Asian", "Other"])
    recounted = pl.when(pl.col("residents").is_not_null() & ~is_other).then("of_year")
    joined = official.join(people, on=KEYS, how="left", maintain_order="left")
    return joined.with_columns(recounted.round(0).cast(pl.Int64).alias("residents")).select(official.columns)


def read_recorded_offences() -> pl.DataFrame:
    """Give offences that the police recorded in 2017/18: force, period_from, period_to (of them), offence, offences.

    Source: Home Office, police recorded crime open data tables.
    """
    first, last = _period_of(OFFENCES_YEAR)
    table = pl.DataFrame(read_reference("recorded_offences"))
    return table.select("force", first, last, "offence", pl.col("offences").cast(pl.Int64))
