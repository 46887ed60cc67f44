"""Residents from Nomis: every cell there, summed to forces and groups, in the form that a build reads."""

import json
from datetime import date

import polars as pl
import pytest

from disparity.sources.download.order import Terms
from disparity.sources.download.population import fetch_population
from disparity.sources.own_population import BY_AREA
from disparity.sources.population import read_breakdown, read_population
from disparity.vocabulary.errors import DataError

LOOKUP = "/ESMARspQHYMw9BZ9/arcgis/rest/services/LAD22_CSP22_PFA22_EW_LU/FeatureServer/0/query"
TS021, RM032 = (f"/api/v01/dataset/{dataset}.data.csv" for dataset in ("NM_2041_1", "NM_2132_1"))
# Two authorities of Lancashire and one of Kent; residents are invented.
AREAS = {
    "E07000117": ("Burnley", "E23000003", 1),
    "E07000123": ("Preston", "E23000003", 10),
    "E07000105": ("Ashford", "E23000032", 100),
}
# Labels of TS021 as Nomis gives them, with the residents of each in an authority whose factor is 1.
LABELS = {
    "White: English, Welsh, Scottish, Northern Irish or British": 900,
    "White: Irish": 20,
    "White: Gypsy or Irish Traveller": 3,
    "White: Roma": 2,
    "White: Other White": 30,
    "Mixed or Multiple ethnic groups: White and Asian": 4,
    "Mixed or Multiple ethnic groups: White and Black African": 3,
    "Mixed or Multiple ethnic groups: White and Black Caribbean": 2,
    "Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups": 1,
    "Asian, Asian British or Asian Welsh: Indian": 50,
    "Asian, Asian British or Asian Welsh: Pakistani": 40,
    "Asian, Asian British or Asian Welsh: Bangladeshi": 30,
    "Asian, Asian British or Asian Welsh: Chinese": 20,
    "Asian, Asian British or Asian Welsh: Other Asian": 10,
    "Black, Black British, Black Welsh, Caribbean or African: African": 6,
    "Black, Black British, Black Welsh, Caribbean or African: Caribbean": 5,
    "Black, Black British, Black Welsh, Caribbean or African: Other Black": 4,
    "Other ethnic group: Arab": 7,
    "Other ethnic group: Any other ethnic group": 8,
}
# By hand: 900 + 20 + 3 + 2 + 30; 4 + 3 + 2 + 1; 50 + 40 + 30 + 20 + 10; 6 + 5 + 4; 7 + 8.
SUMS = {"Asian": 150, "Black": 15, "Mixed": 10, "White": 955, "Other": 15}

PERIODS = pl.DataFrame({"period_from": [date(2024, 4, 1)], "period_to": [date(2025, 3, 1)]})


def give_lookup(_query):
    rows = [{"LAD22CD": code, "LAD22NM": name, "PFA22CD": force} for code, (name, force, _) in AREAS.items()]
    return json.dumps({"features": [{"attributes": row} for row in rows]}).encode()


def give_cells(query, *, at_once=25_000, left_out=0):
    """Answer as Nomis does: no more than so many rows, and no word of the others."""
    parts = [(f"_{age}", f"_{sex}") for age in range(1, 6) for sex in (1, 2)] if "c_sex" in query else [("", "")]
    rows = [
        f'{code},"{label}",{age},{sex},{LABELS[label] * AREAS[code][2]}'
        for code in query["geography"].split(",")
        for label in LABELS
        for age, sex in parts
    ]
    start = int(query.get("recordoffset", 0))
    kept = rows[: len(rows) - left_out][start : start + min(at_once, int(query["recordlimit"]))]
    header = "GEOGRAPHY_CODE,C2021_ETH_20_NAME,C2021_AGE_6_CODE,C_SEX_CODE,OBS_VALUE"
    return "\n".join([header, *kept, ""]).encode()


@pytest.fixture
def nomis(site):
    site.answers = {LOOKUP: give_lookup, TS021: give_cells, RM032: give_cells}
    return site


@pytest.fixture
def fetch(nomis, tmp_path):
    def fetch_table(by, *, refresh=False):
        report = fetch_population(tmp_path / "population", by, Terms("", refresh, nomis.url, lambda _said: None))
        return report, tmp_path / "population" / f"census-2021-{by}.csv"

    return fetch_table


def test_residents_of_a_force_are_those_of_its_authorities(fetch):
    _report, path = fetch("force")
    assert path.read_text().splitlines() == [
        "force,ethnic_group,population",
        *(f"kent,{group},{number * 100}" for group, number in SUMS.items()),
        *(f"lancashire,{group},{number * 11}" for group, number in SUMS.items()),
    ]


def test_a_build_reads_residents_of_forces(fetch):
    _report, path = fetch("force")
    people = read_population(path, PERIODS).filter(pl.col("force") == "lancashire", pl.col("ethnic_group") == "Black")
    assert people["population"].to_list() == [15 * 11]


def test_a_build_reads_residents_of_local_authorities_as_areas(fetch):
    _report, path = fetch("local-authority")
    people = read_breakdown(path, BY_AREA, PERIODS).filter(pl.col("ethnic_group") == "Asian")
    assert people.select("force", "area", "population").rows() == [
        ("kent", "Ashford", 15_000),
        ("lancashire", "Burnley", 150),
        ("lancashire", "Preston", 1_500),
    ]


def test_residents_by_age_and_sex_are_in_the_censuss_own_bands(fetch):
    _report, path = fetch("force-age-sex")
    people = pl.read_csv(path)
    assert people.columns == ["force", "ethnic_group", "census_age_group", "sex", "population"]
    assert set(people["census_age_group"]) == {"under 25", "25-34", "35-49", "50-64", "65 and over"}
    assert (
        people.filter(pl.col("force") == "kent", pl.col("ethnic_group") == "White")["population"].to_list()
        == [95_500] * 10
    )


def test_rows_beyond_what_is_given_at_once_are_asked_for(nomis, fetch):
    nomis.answers[TS021] = lambda query: give_cells(query, at_once=25)
    _report, path = fetch("force")
    assert "lancashire,White,10505" in path.read_text()
    offsets = [path for path, _ in nomis.asked if path.startswith(TS021)]
    assert [address.partition("recordoffset=")[2] for address in offsets] == ["", "25", "50"]


def test_a_table_with_cells_left_out_is_refused(nomis, fetch, tmp_path):
    nomis.answers[TS021] = lambda query: give_cells(query, left_out=1)
    with pytest.raises(DataError) as error:
        fetch("force")
    assert error.value.what == "TS021 is not complete"
    assert error.value.found == "1 of 3 local authorities have not 19 cells"
    assert not list((tmp_path / "population").iterdir())


def test_a_group_that_is_not_known_is_refused(nomis, fetch):
    nomis.answers[TS021] = lambda query: give_cells(query).replace(b"White: Roma", b"Martian: Roma")
    with pytest.raises(DataError, match="an ethnic group named 'Martian: Roma'"):
        fetch("force")


@pytest.mark.parametrize(
    "answer", [b"[]", b'{"features": [{"attributes": {}}]}', b'{"features": []}', b'{"error": {"code": 400}}']
)
def test_a_lookup_of_another_shape_is_refused(nomis, fetch, answer):
    nomis.answers[LOOKUP] = lambda _query: answer
    with pytest.raises(DataError, match=r"^the publisher's answer is not what it was\n"):
        fetch("force")


def test_a_web_page_in_place_of_a_table_is_refused(nomis, fetch):
    nomis.answers[TS021] = lambda _query: b"<!doctype html><title>Down for maintenance</title>"
    with pytest.raises(DataError, match=r"^a web page came in place of a table\n"):
        fetch("force")


def test_a_table_that_is_there_is_asked_for_again_only_for_changes(nomis, fetch):
    fetch("force")
    nomis.asked.clear()
    assert fetch("force")[0].kept == ("population/census-2021-force.csv",)
    assert nomis.asked == []
    assert fetch("force", refresh=True)[0].changed == ()
    assert len(nomis.asked) == 2
