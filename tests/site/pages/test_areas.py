"""Areas on Searches: what is shown of the example, of records that cannot be placed, and of hostile names."""

import csv
import json
from collections import Counter

import polars as pl
import pytest

from disparity.pipeline.build import build
from disparity.pipeline.submissions import check
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import make_settings
from disparity.records.ingest import read_records
from disparity.synthetic.outlines import OUTLINES
from disparity.vocabulary.errors import RequestError
from support import example
from support.builders import BLACK, WHITE, monthly_text, write_monthly

pytestmark = pytest.mark.usefixtures("hardly_checked", "hardly_drawn")

SQUARES = {"North": (-3.0, 53.0), "South": (-3.0, 52.0)}


def words_of(element):
    return " ".join(element.text_content().split())


def page_of(force):
    """The section on areas, of the page of places; where there is none, what Searches says instead."""
    pages = example.pages()
    page = pages.get(f"{force}/places.html", pages[f"{force}/searches.html"])
    (section,) = page.xpath("//section[@aria-labelledby='neighbourhoods']")
    return section


def is_inside(longitude, latitude, corners):
    """Count the sides that a line to the east crosses: odd inside."""
    sides = zip(corners, (*corners[1:], corners[0]), strict=True)
    return bool(
        sum(
            longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
            for (x1, y1), (x2, y2) in sides
            if (y1 > latitude) != (y2 > latitude)
        )
        % 2
    )


def place_by_hand(first, last):
    """Searches of fellshire by area, from the text of its files: a record without coordinates, or in none, in None."""
    counted = Counter()
    for path in sorted(example.RECORDS.glob("*/*-fellshire-stop-and-search.csv")):
        if first <= path.name[:7] <= last:
            with path.open(encoding="utf-8-sig", newline="") as text:
                for row in csv.DictReader(text):
                    if row["Type"] == "Vehicle search":
                        continue
                    at = (row["Longitude"], row["Latitude"])
                    inside = [n for n, ring in OUTLINES.items() if all(at) and is_inside(*map(float, at), ring)]
                    assert len(inside) < 2
                    counted[inside[0] if inside else None] += 1
    return counted


@pytest.mark.parametrize(("first", "last"), [("2023-04", "2024-03"), ("2024-04", "2025-03")])
def test_searches_by_area_are_those_whose_coordinates_lie_in_it_by_hand(first, last):
    rows = [
        row
        for row in example.read_table(example.site(), "areas")
        if (row["force"], row["period_from"], row["ethnic_group"]) == ("fellshire", f"{first}-01", "All")
    ]
    counted = place_by_hand(first, last)
    assert {row["area"]: int(row["numerator"]) for row in rows} == {name: counted[name] for name in OUTLINES}
    assert {int(row["unknown"]) for row in rows} == {counted[None]}
    assert min(counted.values()) > 100


def test_what_cannot_be_placed_is_told():
    share = next(
        float(row["share"])
        for row in example.read_table(example.site(), "quality")
        if (row["force"], row["period_from"], row["item"]) == ("fellshire", "2024-04-01", "area_not_known")
    )
    said = f"Of 5,273 searches, {100 * share:.1f}% cannot be placed"
    assert said in words_of(page_of("fellshire"))


def test_it_is_said_that_places_are_those_of_map_points():
    assert "those of the nearest map point" in words_of(page_of("fellshire"))


def test_a_reader_who_looks_for_a_town_is_told_why_there_is_none():
    assert "town or neighbourhood" in words_of(page_of("mereside"))
    assert "Not here, because no search of this period can be placed in an area." in words_of(page_of("mereside"))


def test_both_rates_stand_in_a_table_above_that_of_their_ratios():
    captions = [words_of(caption) for caption in page_of("fellshire").xpath(".//caption")]
    rates, ratios = (next(i for i, c in enumerate(captions) if start in c) for start in ("Searches for every", "Ratio"))
    assert rates < ratios


def test_every_area_is_named_on_the_map_with_its_rate():
    (figure,) = page_of("fellshire").xpath(".//figure[@id='fig-areas']")
    texts = [text.strip() for text in figure.xpath(".//*[local-name() = 'text' or local-name() = 'tspan']/text()")]
    assert {*OUTLINES, "6.8", "7.2", "9.9", "11.7"} <= set(texts)


def test_of_records_that_cannot_be_placed_no_rate_stands_anywhere():
    assert not page_of("mereside").xpath(".//table | .//figure")
    assert {row["force"] for row in example.read_table(example.site(), "areas")} == {"fellshire", "thornmoor"}


def test_a_force_whose_records_name_areas_has_their_rates_and_no_map():
    page = page_of("thornmoor")
    assert not page.xpath(".//figure")
    assert {"Harbour", "Old Town"} <= {words_of(head) for head in page.xpath(".//tbody//th")}


# Publications of a few made records


def outline(name):
    west, south = SQUARES[name]
    ring = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def publish(folder, located, *, names=("North", "South"), lived=None, **settings):
    """A month of 100 searches in each square and as many without coordinates as makes `located` of all."""
    points = [("53.5", "-2.5"), ("52.5", "-2.5")]
    placed = [
        {"latitude": lat, "longitude": lon, "self_defined_ethnicity": label}
        for lat, lon in points
        for label in (WHITE, BLACK)
        for _ in range(50)
    ]
    blank = [{"latitude": None, "longitude": None}] * round(200 / located - 200)
    write_monthly(folder / "records", monthly_text(placed + blank))
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": outline(square)}
        for name, square in zip(names, SQUARES, strict=True)
    ]
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    people = [
        ("fellshire", group, area, 20_000)
        for area in lived or names
        for group in ("Asian", "Black", "Mixed", "White", "Other")
    ]
    frame = pl.DataFrame(people, ["force", "ethnic_group", "area", "population"], orient="row")
    frame.write_csv(folder / "population.csv")
    given = {"records": [folder / "records"], "from": "2019-04", "to": "2019-04", "out": folder / "site"}
    given |= {"population": folder / "population.csv", "areas": {"file": folder / "areas.geojson", "name": "name"}}
    return make_settings(given | settings, where="a test")


def frames_of(settings):
    return tabulate(settings, read_records(settings), check(settings))


@pytest.mark.slow
def test_a_build_without_areas_publishes_the_figures_it_published_before(tmp_path):
    """What areas add are columns of the audit and rows of their own: nothing else."""
    with_areas, without = (
        frames_of(publish(tmp_path / name, 1, **more)) for name, more in (("with", {}), ("without", {"areas": None}))
    )
    assert without["areas"].is_empty()
    assert not without["quality"]["item"].str.contains("area").any()
    assert without["breakdowns"].filter(pl.col("breakdown") == "area").is_empty()
    for name in ("estimates", "comparisons", "monthly", "peers", "population", "official", "labels", "decisions"):
        assert with_areas[name].equals(without[name]), name


@pytest.mark.slow
@pytest.mark.parametrize(("located", "is_shown"), [(0.5, True), (0.49, False)])
def test_less_than_half_of_the_searches_in_an_area_shows_no_rate_and_says_why(tmp_path, located, is_shown):
    site = build(publish(tmp_path, located)).folder
    page = words_of(example.read_pages(site)["searches.html"])
    assert ("That leaves too few for rates by area" in page) != is_shown
    assert ("because too few searches can be placed" in page) != is_shown
    rates = [row["value"] for row in example.read_table(site, "areas")]
    assert any(rates) == is_shown


@pytest.mark.slow
def test_hostile_names_of_areas_stay_text(tmp_path):
    names = ("<script>alert(1)</script>", "{}{0}`")
    site = build(publish(tmp_path, 1, names=names)).folder
    page = example.read_pages(site)["searches.html"]
    assert names[0] in words_of(page)
    assert not [script for script in page.xpath("//script/text()") if script == "alert(1)"]
    assert names[1] in words_of(page)


@pytest.mark.slow
def test_residents_of_an_area_that_is_spelt_otherwise_are_refused(tmp_path):
    with pytest.raises(RequestError) as refused:
        frames_of(publish(tmp_path, 1, lived=["Nort", "South"]))
    assert refused.value.code == "E151"
    assert refused.value.found == "'Nort' of fellshire: did you mean 'North'?"


@pytest.mark.slow
def test_a_restricted_publication_tells_nothing_of_areas(tmp_path):
    frames = frames_of(publish(tmp_path, 1, disclosure={"profile": "restricted"}))
    assert frames["areas"].is_empty()
    assert frames["quality"]["item"].unique().to_list() == ["months_missing"]
    assert not any("North" in str(frame.rows()) for name, frame in frames.items() if name != "population")
