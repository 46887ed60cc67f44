"""Ratios within places, of real forces, against a second script: it shares no code and reads the files itself.

Points are told inside from outside by counting the sides that a line to the east crosses, in the outlines as they were
published; residents are of the tables as they were found.
"""

import csv
import struct
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.breakdowns import Whole
from disparity.analysis.measures.places import list_placed
from disparity.analysis.reasons.decomposition import (
    RATIO_OVER_AREAS,
    RATIO_OVER_FIFTHS,
    RATIO_OVER_NEIGHBOURHOODS,
    decompose_over_areas,
)
from disparity.analysis.reasons.deprivation import compare_fifths
from disparity.disclosure.open import open_counts
from disparity.records.audit.months import list_submitted
from disparity.sources.census_places import add_up_places, read_census_places, spread_over_neighbourhoods
from disparity.sources.population import choose_headline, list_bases, read_residents
from disparity.vocabulary.calendar import cut_periods
from support.cells import estimate_exactly
from support.real_records import FORCES, read_real

YEAR = (date(2019, 4, 1), date(2020, 3, 1))
# The year's middle, noon of 30 September 2019 or the start of 1 October: 366 days from 1 April.
MIDDLE = date(2019, 4, 1).toordinal() + 183
COUNTED = {2011: date(2011, 3, 27), 2021: date(2021, 3, 21)}
GROUPS = ("Asian", "Black", "Mixed", "Other", "White")
PLACES = {RATIO_OVER_AREAS: "authority", RATIO_OVER_FIFTHS: "fifth", RATIO_OVER_NEIGHBOURHOODS: "neighbourhood"}


# What the toolkit says


@pytest.fixture(scope="module")
def found(records: Path) -> tuple[dict[tuple[str, ...], float], pl.DataFrame]:
    """Figures of reasons by force, analysis, group and component; and the table by fifth of deprivation."""
    audit, counts = read_real(records)
    submitted = list_submitted(audit.submissions)
    periods = cut_periods(*YEAR)
    bases = list_bases(read_residents(None), periods)
    opened = open_counts(counts, submitted, periods)
    estimates = estimate_exactly(counts, choose_headline(bases), submitted, periods)
    ratios = compare(estimates).filter(measure="search_rate")
    residents = spread_over_neighbourhoods(bases, read_census_places(), FORCES)
    frames = [decompose_over_areas(opened.detail.areas, add_up_places(residents, "area"), estimates, ratios)]
    for analysis, place in ((RATIO_OVER_FIFTHS, "fifth"), (RATIO_OVER_NEIGHBOURHOODS, "neighbourhood")):
        people = add_up_places(residents, place).rename({place: "area"}).cast({"area": pl.String})
        placed = list_placed(opened.detail, residents, place)
        frames.append(decompose_over_areas(placed, people, estimates, ratios, analysis=analysis))
    keys = ("force", "analysis", "ethnic_group", "component", "value")
    rows = pl.concat(frames).filter(pl.col("period_from") == YEAR[0]).select(keys).rows()
    table = compare_fifths(Whole(opened.detail, opened.years, submitted, periods), residents)
    return {row[:-1]: row[-1] for row in rows}, table


# The second script


def read_outline(well_known_binary: bytes) -> list[np.ndarray]:
    """Rings of a polygon, or of several."""
    rings, at = [], 0

    def read(form: str) -> tuple[Any, ...]:
        nonlocal at
        values = struct.unpack_from(form, well_known_binary, at)
        at += struct.calcsize(form)
        return values

    def read_shape() -> None:
        nonlocal at
        order = "<" if read("B")[0] else ">"
        (kind,) = read(f"{order}I")
        (number,) = read(f"{order}I")
        for _ in range(number):
            if kind == 6:
                read_shape()
            else:
                (corners,) = read(f"{order}I")
                rings.append(np.array(read(f"{order}{2 * corners}d")).reshape(-1, 2))

    read_shape()
    return rings


def is_inside(rings: list[np.ndarray], x: float, y: float) -> bool:
    crossings = 0
    for ring in rings:
        (x1, y1), (x2, y2) = ring[:-1].T, ring[1:].T
        spans = (y1 > y) != (y2 > y)
        meets = x1[spans] + (y - y1[spans]) * (x2[spans] - x1[spans]) / (y2[spans] - y1[spans])
        crossings += int((meets > x).sum())
    return crossings % 2 == 1


class Geography:
    """Neighbourhoods as the shared tables have them."""

    def __init__(self, folder: Path) -> None:
        outlines = pl.read_parquet(folder / "geography/lsoa21_boundaries.parquet").sort("lsoa21_code")
        self.codes = outlines["lsoa21_code"].to_list()
        self.boxes = outlines.select("min_lon", "min_lat", "max_lon", "max_lat").to_numpy().astype(float)
        self.shapes = outlines["wkb"].to_list()
        held = pl.read_parquet(folder / "geography/lsoa21.parquet")
        self.of = {row["lsoa21_code"]: row for row in held.iter_rows(named=True)}
        england = pl.read_parquet(folder / "deprivation/imd2025_england_lsoa21.parquet")
        self.fifth = {
            code: (decile + 1) // 2 for code, decile in england.select("lsoa21_code", "imd_decile").iter_rows()
        }

    def find(self, x: float, y: float) -> str | None:
        west, south, east, north = self.boxes.T
        # The boxes were kept in single precision.
        near = np.flatnonzero((west <= x + 1e-5) & (east >= x - 1e-5) & (south <= y + 1e-5) & (north >= y - 1e-5))
        return next((self.codes[place] for place in near if is_inside(read_outline(self.shapes[place]), x, y)), None)

    def name(self, code: str, place: str) -> Any:
        return {"authority": self.of[code]["lad24_code"], "fifth": self.fifth.get(code), "neighbourhood": code}[place]


def count_by_hand(records: Path, force: str) -> dict[str, Counter[tuple[str, str]]]:
    """Searches of people by group, then longitude and latitude as texts."""
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for path in sorted(records.glob(f"*/*-{force}-stop-and-search.csv")):
        if not "2019-04" <= path.parent.name <= "2020-03":
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                label = row["Self-defined ethnicity"]
                if row["Type"] != "Vehicle search" and "Not stated" not in label:
                    counted[label.split(" ")[0].split("/")[0]][row["Longitude"], row["Latitude"]] += 1
    return counted


def count_residents(records: Path, force: str) -> dict[str, float]:
    """Five-group totals on the straight line between the censuses."""
    start, end = (day.toordinal() for day in COUNTED.values())
    weight = (MIDDLE - start) / (end - start)
    totals: dict[str, float] = Counter()
    for year, share in ((2011, 1 - weight), (2021, weight)):
        with (records.parent / f"population/census{year}_force_ethnicity5.csv").open() as file:
            for row in csv.DictReader(file):
                if row["force"] == force:
                    totals[row["ethnic_group"]] += share * int(row["population"])
    return totals


@dataclass(frozen=True)
class Places:
    """Of one force and kind of place: searches and residents by group and place, and all searches by group."""

    events: dict[str, Counter[Any]]
    people: dict[str, Counter[Any]]
    every: dict[str, int]

    def lose(self, group: str) -> float:
        return max(1 - self.events[name].total() / self.every[name] for name in (group, "White"))

    def compare(self, group: str) -> tuple[float, float]:
        """The Mantel-Haenszel ratio, and searches over those expected at the rates of White residents."""
        above = below = expected = inside = 0.0
        for where, white in self.people["White"].items():
            residents, searches = self.people[group][where], self.events[group][where]
            others = self.events["White"][where]
            if white:
                above += searches * white / (residents + white)
                below += others * residents / (residents + white)
                expected += residents * others / white
                inside += searches
        return above / below, inside / expected


def gather(records: Path, force: str) -> dict[str, Places]:
    geography = Geography(records.parent / "open")
    searches, totals = count_by_hand(records, force), count_residents(records, force)
    placed = {point: geography.find(*map(float, point)) for each in searches.values() for point in each if all(point)}
    own = [code for code, row in geography.of.items() if row["force"] == force]
    lived = {group: sum(geography.of[code][group.lower()] for code in own) for group in GROUPS}
    made = {}
    for place in PLACES.values():
        events: dict[str, Counter[Any]] = defaultdict(Counter)
        people: dict[str, Counter[Any]] = defaultdict(Counter)
        for group in GROUPS:
            for point, number in searches[group].items():
                code = placed.get(point)
                if code and geography.of[code]["force"] == force:
                    events[group][geography.name(code, place)] += number
            for code in own:
                here = totals[group] * geography.of[code][group.lower()] / lived[group]
                people[group][geography.name(code, place)] += here
        made[place] = Places(events, people, {group: counted.total() for group, counted in searches.items()})
    return made


@pytest.mark.slow
@pytest.mark.parametrize("force", ["kent", "northumbria"])
def test_ratios_within_places_are_those_of_a_script_of_its_own(records, found, force):
    figures, table = found
    by_hand = gather(records, force)
    compared = 0
    for (analysis, place), group in product(PLACES.items(), GROUPS[:-1]):
        told, lost = by_hand[place], by_hand[place].lose(group)
        keys = (force, analysis, group)
        assert figures[(*keys, "not_recorded_share")] == pytest.approx(lost, rel=1e-6, abs=1e-9)
        if lost <= 0.1:
            compared += 1
            here = figures[(*keys, "mantel_haenszel")], figures[(*keys, "within")]
            assert here == pytest.approx(told.compare(group), rel=1e-6)
    assert compared >= 6
    for fifth in range(1, 6):
        row = table.filter(force=force, fifth=fifth, ethnic_group="White").row(0, named=True)
        searches, residents = (part["White"][fifth] for part in (by_hand["fifth"].events, by_hand["fifth"].people))
        assert row["numerator"] == searches
        assert row["value"] == pytest.approx(1_000 * searches / residents, rel=1e-6)


def test_forces_whose_searches_are_not_placed_have_no_ratio_and_the_share_says_why(found):
    figures, table = found
    for force, least in (("lancashire", 0.8), ("south-yorkshire", 1.0), ("south-wales", 0.1)):
        rows = {key[2:]: value for key, value in figures.items() if key[:2] == (force, RATIO_OVER_FIFTHS)}
        assert {component for _, component in rows} <= {"not_recorded_share"}
        assert all(share >= least for share in rows.values())
    by_force = {force: rows["value"] for (force,), rows in table.group_by("force")}
    assert "south-yorkshire" not in by_force
    assert by_force["lancashire"].null_count() == by_force["lancashire"].len()


def test_fifths_add_up_to_the_searches_that_lie_in_the_force(found):
    _, table = found
    kent = table.filter(force="kent", ethnic_group="All")
    # Kent, year ending March 2020: 10,241 searches, 289 without coordinates and 419 outside the force.
    assert kent["numerator"].sum() == 10_241 - 289 - 419
    assert kent["unknown"].unique().to_list() == [289 + 419]
