"""The file of a threshold test: stops, searches and finds by area and ethnic group."""

from pathlib import Path

import polars as pl

from disparity.analysis.threshold_test.model import Stops
from disparity.vocabulary.codes import REFERENCE_GROUP
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.user_text import UnreadableTextError, read_user_table

COUNTED = ["stops", "searches", "finds"]
COLUMNS = ["area", "ethnic_group", *COUNTED]
# A cell has two counts, and a threshold of its own; groups and areas have two numbers each. Of R groups in D areas the
# counts outnumber what is to be found out only if R D >= 2 (R + D - 1): never with two groups. The authors' code asks
# for these too (run_mixture_mcmc.R).
FEWEST_GROUPS, FEWEST_AREAS = 3, 5
# A group that was hardly searched has no find rate to infer its threshold from.
FEWEST_SEARCHES = 50
PAGE = "docs/threshold-test.md"
NO_STOPS = "the threshold test needs the stops that did not lead to a search, and there are none here"
WHY = "search records alone cannot say where the threshold is: a group may be searched more because it is stopped more"


def read_stops(path: Path) -> pl.DataFrame:
    """Read the table: area, ethnic_group, stops, searches, finds; one row per area and group, sorted.

    Raises:
        RequestError: it cannot be read, or has no stops. DataError: its counts cannot be true.
    """
    try:
        table = read_user_table(path)
    except FileNotFoundError:
        raise RequestError("there is no such file", where=str(path), what_now="check the path") from None
    except (pl.exceptions.PolarsError, OSError, UnreadableTextError) as error:
        found = str(error) if isinstance(error, UnreadableTextError) else ""
        what_now = f"give a CSV, as {PAGE} says"
        raise RequestError("the file cannot be read", where=str(path), found=found, what_now=what_now) from None
    if "stops" not in table.columns and "searches" in table.columns:
        raise RequestError(NO_STOPS, where=path.name, found="no column 'stops'", what_now=f"{WHY}; see {PAGE}")
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise RequestError(
            "columns are missing",
            where=path.name,
            found=f"no {', '.join(missing)}",
            what_now=f"the columns are {', '.join(COLUMNS)}; see {PAGE}",
        )
    table = table.select("area", "ethnic_group", pl.col(COUNTED).cast(pl.Int64, strict=False))
    _check(table, path.name)
    return table.filter(pl.col("stops") > 0).sort("area", "ethnic_group")


def _check(table: pl.DataFrame, where: str) -> None:
    """Refuse what cannot be, and what cannot be tested."""
    wrong = {
        "without an area or a group": pl.any_horizontal(pl.col("area", "ethnic_group").is_null()),
        "with a count that is no whole number from 0": pl.any_horizontal(
            pl.col(name).is_null() | (pl.col(name) < 0) for name in COUNTED
        ),
        "with more searches than stops": pl.col("searches") > pl.col("stops"),
        "with more finds than searches": pl.col("finds") > pl.col("searches"),
        "with an area and a group that another has": pl.struct("area", "ethnic_group").is_duplicated(),
    }
    for what, rows in wrong.items():
        count = table.filter(rows).height
        if count:
            raise DataError("counts cannot be true", where=where, found=f"{count} rows {what}", what_now="correct them")
    if table["stops"].sum() == table["searches"].sum():
        raise RequestError(NO_STOPS, where=where, found="every stop is a search", what_now=f"{WHY}; see {PAGE}")
    groups, areas = table["ethnic_group"].n_unique(), table["area"].n_unique()
    if REFERENCE_GROUP not in table["ethnic_group"] or groups < FEWEST_GROUPS or areas < FEWEST_AREAS:
        raise RequestError(
            "there is too little to compare",
            where=where,
            found=f"{groups} groups in {areas} areas",
            what_now=f"give {REFERENCE_GROUP} and two other groups or more, in {FEWEST_AREAS} areas or more: with "
            "fewer, the priors and not the counts would say where thresholds are",
        )
    few = table.group_by("ethnic_group").agg(pl.col("searches").sum()).filter(pl.col("searches") < FEWEST_SEARCHES)
    if few.height:
        raise RequestError(
            "groups have too few searches",
            where=where,
            found=", ".join(f"{group} {count}" for group, count in few.sort("ethnic_group").rows()),
            what_now=f"leave out or join groups of fewer than {FEWEST_SEARCHES} searches",
        )


def list_groups(table: pl.DataFrame) -> list[str]:
    """The groups, in the order of their numbers."""
    return table["ethnic_group"].unique().sort().to_list()


def number_cells(table: pl.DataFrame) -> Stops:
    """Number groups in alphabetical order, and areas by stops, the most first."""
    areas = table.group_by("area").agg(pl.col("stops").sum()).sort(["stops", "area"], descending=[True, False])
    places = {
        "ethnic_group": {name: place for place, name in enumerate(list_groups(table))},
        "area": {name: place for place, name in enumerate(areas["area"])},
    }
    group, area = (
        table[column].replace_strict(numbers, return_dtype=pl.Int64).to_numpy() for column, numbers in places.items()
    )
    return Stops(group, area, *(table[name].cast(pl.Float64).to_numpy() for name in COUNTED))
