"""Tables on stop and search that are no records, and records of elsewhere, told by their header, and why not read."""

from collections.abc import Iterable
from pathlib import Path

from disparity.sources.header import BOM, LONGEST_HEADER, join_words, split_header
from disparity.vocabulary.errors import RequestError

# What it is, and what to take in its place, by words of its header.
NEIGHBOURS = (
    (
        {"measure", "ethnicity_type", "geography_type", "population_by_ethnicity"},
        "the file is the summary of Ethnicity facts and figures (GOV.UK), not records",
        "counts and rates of years, already made; take the records of data.police.uk (`disparity fetch stops`), or the "
        "Home Office's open data tables (`disparity fetch open-data`)",
    ),
    (
        {"force_name", "searches", "resultant_arrests"},
        "the file is a Home Office table of before 2020, not the open data tables",
        "it has counts of years, without outcomes; take the open data tables of the year ending March 2021 or "
        "later (`disparity fetch open-data`), or the records of data.police.uk",
    ),
    (
        {"perceived_ethnicity", "council_area", "division"},
        "the file is of Police Scotland, and this is a tool for England and Wales",
        "leave it out: its powers, ethnic groups and census are others",
    ),
)


def refuse_neighbour(path: Path) -> None:
    """Refuse a file that is known to be another.

    Raises:
        RequestError: it is; with what it is.
    """
    try:
        with path.open("rb") as file:
            start = file.read(LONGEST_HEADER).removeprefix(BOM)
    except OSError:
        return
    refuse_neighbours_header(split_header(start), path.name)


def refuse_neighbours_header(header: Iterable[str], name: str, line: int = 1) -> None:
    """Refuse the header of a file that is known to be another.

    Raises:
        RequestError: it is; with what it is.
    """
    labels = {join_words(label) for label in header}
    for words, what, what_now in NEIGHBOURS:
        if words <= labels:
            raise RequestError(
                what,
                where=name,
                found=f"line {line}: columns {', '.join(sorted(words))}",
                what_now=what_now,
                code="E125" if "Scotland" in what else "E124",
            )
