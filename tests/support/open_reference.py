"""The reference tables on years before the portal, events, recorded offences and nearest forces, from the open data.

`python -m support.open_reference OPEN` (from tests/) makes them from the folder of open tables; its README names the
source of each.
"""

import sys
from pathlib import Path

import polars as pl

REFERENCE = Path(__file__).parents[2] / "src" / "disparity" / "vocabulary" / "reference"
UNKNOWN = {"Unreported": "Unknown", "Not stated": "Unknown"}
YEAR = pl.col("financial_year").cast(pl.String).str.slice(0, 4).cast(pl.Int64).alias("year")
FIRST_PORTAL_MONTH = "2014-12-01"
# Of events that are no policy on stop and search and no restriction of the pandemic: its funding names searches.
ALSO = ("surge_funding",)
OFFENCES = {
    "drug_possession": pl.col("offence_subgroup") == "Possession of drugs",
    "drug_trafficking": pl.col("offence_subgroup") == "Trafficking of drugs",
    "weapon_possession": pl.col("offence_subgroup") == "Possession of weapons offences",
    "all": pl.lit(True),
}
# Too few live there for their shares to say what kind of force it is: it is nobody's neighbour, and has none.
WITHOUT = "city-of-london"
NEAREST = 7


def list_official_years(home_office: Path) -> pl.DataFrame:
    """Searches, residents and arrests by force, financial year and group."""
    keys = ["force", "year", "ethnic_group"]
    searches = pl.read_csv(
        home_office / "eff_stop_search_force_ethnicity5_2006_07_to_2019_20.csv", infer_schema_length=None
    ).select("force", YEAR, pl.col("ethnic_group").replace(UNKNOWN), "searches", residents="population")
    # Chinese people are in Other up to 2018/19, and in Asian after.
    grouping = pl.when(pl.col("year") < 2019).then(pl.lit(2001)).otherwise(pl.lit(2011))
    searches = searches.with_columns(classification=grouping)
    arrests = (
        pl.read_parquet(home_office / "arrests_2006_07_to_2017_18.parquet")
        .with_columns(YEAR, pl.col("force", "ethnic_group").cast(pl.String))
        .with_columns(pl.col("ethnic_group").replace(UNKNOWN))
    )
    every = pl.concat([arrests, arrests.with_columns(ethnic_group=pl.lit("All"))])
    is_given = pl.col("arrests").is_not_null().all()
    summed = every.group_by(keys).agg(pl.when(is_given).then(pl.col("arrests").sum()).alias("arrests"))
    joined = searches.join(summed, on=keys, how="left").sort(keys)
    return joined.select(*keys, "classification", "searches", "residents", "arrests")


def list_events(events: Path) -> pl.DataFrame:
    """Events that concern stop and search, of the months that there are records of; none whose day is assumed."""
    return (
        pl.read_csv(events / "events.csv", infer_schema_length=None)
        .filter(pl.col("kind").is_in(["stop_search_policy", "covid"]) | pl.col("event").is_in(ALSO))
        .filter(pl.col("start") >= FIRST_PORTAL_MONTH, ~pl.col("note").str.contains("day is assumed"))
        .drop("note")
        .sort("start", "event")
    )


def list_offences(home_office: Path) -> pl.DataFrame:
    """Recorded offences by force, of those that searches look for, and all."""
    table = pl.read_csv(home_office / "recorded_crime_force_offence_2017_18.csv")
    parts = [
        table.filter(is_one).group_by("force").agg(offence=pl.lit(name), offences=pl.col("offences").sum())
        for name, is_one in OFFENCES.items()
    ]
    return pl.concat(parts).sort("force", "offence")


def list_nearest(folder: Path) -> pl.DataFrame:
    """The seven nearest of each force by residents, with the distance."""
    features = gather_features(folder).filter(pl.col("force") != WITHOUT).sort("force", "topic", "feature")
    scored = features.with_columns(
        z=(pl.col("value") - pl.col("value").mean().over("topic", "feature"))
        / pl.col("value").std(ddof=1).over("topic", "feature")
    )
    pairs = scored.join(scored, on=["topic", "feature"], suffix="_other").filter(
        pl.col("force") != pl.col("force_other")
    )
    gap = (pl.col("z") - pl.col("z_other")) ** 2
    # A topic counts once, whatever the number of shares it has.
    by_topic = pairs.group_by("force", "force_other", "topic").agg(gap.mean().alias("square"))
    distances = by_topic.group_by("force", nearest_force="force_other").agg(distance=pl.col("square").mean().sqrt())
    ranked = distances.sort("force", "distance", "nearest_force").with_columns(
        place=pl.int_range(1, pl.len() + 1).over("force"), distance=pl.col("distance").round(3)
    )
    print(f"half of all pairs of forces are nearer than {distances['distance'].median():.3f}")
    return ranked.filter(pl.col("place") <= NEAREST).select("force", "place", "nearest_force", "distance")


def gather_features(folder: Path) -> pl.DataFrame:
    """What forces are set beside each other by: force, topic, feature, value."""
    ages = pl.read_csv(folder / "census" / "census2021_force_ethnicity5_police_age_sex.csv")
    groups = pl.read_csv(REFERENCE / "census2021_force_ethnicity5.csv")
    fifths = pl.read_csv(folder / "deprivation" / "force_imd_quintile_ethnicity5.csv")
    areas = pl.read_parquet(folder / "geography" / "lsoa21.parquet").with_columns(
        pl.col("force", "rural_urban").cast(pl.String),
        population=pl.sum_horizontal(pl.col("asian", "black", "mixed", "other", "white").cast(pl.Int64)),
    )
    density = areas.group_by("force").agg(
        topic=pl.lit("density"),
        feature=pl.lit("log_residents_per_hectare"),
        value=(pl.col("population").sum() / pl.col("area_ha").cast(pl.Float64).sum()).log(),
    )
    urban = _share(areas, "rural_urban", "urban").filter(pl.col("feature") == "Urban")
    shares = [
        _share(ages, "age_range", "age"),
        _share(groups, "ethnic_group", "ethnicity"),
        _share(fifths, "imd_quintile", "deprivation"),
        urban,
        density,
    ]
    return pl.concat(shares)


def _share(people: pl.DataFrame, by: str, topic: str) -> pl.DataFrame:
    counted = people.group_by("force", pl.col(by).cast(pl.String).alias("feature")).agg(
        people=pl.col("population").sum()
    )
    every = counted.select("force").unique().join(counted.select("feature").unique(), how="cross")
    filled = every.join(counted, on=["force", "feature"], how="left").with_columns(pl.col("people").fill_null(0))
    value = pl.col("people") / pl.col("people").sum().over("force")
    return filled.select("force", topic=pl.lit(topic), feature="feature", value=value)


def main() -> None:
    """Write the tables."""
    folder = Path(sys.argv[1])
    made = {
        "official_years": list_official_years(folder / "home_office"),
        "events": list_events(folder / "events"),
        "recorded_offences": list_offences(folder / "home_office"),
        "nearest_forces": list_nearest(folder),
    }
    for name, table in made.items():
        table.write_csv(REFERENCE / f"{name}.csv")


if __name__ == "__main__":
    main()
