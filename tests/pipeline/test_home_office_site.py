"""From a made national table of the Home Office to tables and pages: official totals, and rates worked by hand."""

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from lxml import html

from disparity.analysis.measures.official import reconcile_official
from disparity.pipeline.build import build
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import Settings, make_settings
from disparity.records.ingest import read_records
from disparity.sources.official import read_official
from disparity.sources.population import choose_official, read_residents
from disparity.vocabulary.codes import SELF_DEFINED, read_reference
from support import example
from support.builders import monthly_text, write_monthly
from support.home_office import BRITISH, NAME, Row, write_ods, write_table
from support.processor import shared

pytestmark = pytest.mark.usefixtures("hardly_checked", "hardly_drawn")

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
VEHICLE = "N/A - vehicle search"
# Year ending March 2025, Lancashire: 314 searches of Black people, 13,093 of White people and 3,070 of people whose
# ethnicity is not known, of 19,268 searches of persons (open data); 20,930 with vehicle-only searches (SS_20).
LANCASHIRE = {
    **{BRITISH: 12_000, "White - Irish": 500, "White - Any other White background": 593},
    **{"Black or Black British - Caribbean": 100, "Black or Black British - African": 150},
    **{"Black or Black British - Any other Black background": 64},
    **{"Asian or Asian British - Indian": 500, "Asian or Asian British - Pakistani": 1_500},
    **{"Asian or Asian British - Any other Asian background": 300},
    **{"Mixed - White and Black Caribbean": 200, "Mixed - White and Asian": 91},
    **{"Other Ethnic Group - Any other ethnic group": 200, "Not stated": 3_070, VEHICLE: 1_662},
}
# Of these, arrests linked to the reason for search.
FOUND = {BRITISH: 2_400, "Black or Black British - African": 30}
GROUP_OF_PREFIX = {
    "White": "White",
    "Black": "Black or Black British",
    "Asian": "Asian or Asian British",
    "Mixed": "Mixed",
    "Other": "Other Ethnic Group",
    "Not": "Not Stated",
    "N/A": VEHICLE,
}


def by_quarter(row: Row, searches: int) -> list[Row]:
    """Spread searches over the year: the first quarter takes what does not divide."""
    quarter, rest = divmod(searches, 4)
    sizes = [quarter + rest, quarter, quarter, quarter]
    return [
        {**row, "financial_year_quarter": name, "number_of_searches": size}
        for name, size in zip(QUARTERS, sizes, strict=True)
        if size
    ]


def lancashire_rows() -> list[Row]:
    rows: list[Row] = []
    for ethnicity, searches in LANCASHIRE.items():
        group = GROUP_OF_PREFIX[ethnicity.split()[0]]
        seen = {"Black or Black British": "Black", "Asian or Asian British": "Asian"}.get(group, "White")
        row: Row = {
            "self_defined_ethnicity": ethnicity,
            "self_defined_ethnicity_group": group,
            "officer_defined_ethnicity": seen,
        }
        found = FOUND.get(ethnicity, 0)
        rows += by_quarter(row, searches - found)
        rows += by_quarter({**row, "outcome": "Arrest", "link": "Linked"}, found)
    return rows


def national_rows() -> list[Row]:
    """A year whose force totals are those of SS_20; in all forces but Lancashire everyone is White."""
    areas = {row["force"]: row["area_name"] or row["name"] for row in read_reference("forces")}
    totals = read_official().filter(pl.col("counts_vehicles")).select("force", "official_searches")
    others = [
        row
        for force, searches in totals.iter_rows()
        if force != "lancashire"
        for row in by_quarter({"police_force_area": areas[force]}, searches)
    ]
    return [*lancashire_rows(), *others]


@cache
def table() -> Path:
    return write_ods(example.scratch() / "home-office" / NAME, national_rows())


def settings(**settings: object) -> Settings:
    given: dict[str, object] = {"records": [table()], "from": "2024-04", "to": "2025-03"}
    return make_settings(given | {"out": example.scratch() / "home-office" / "site"} | settings, where="a test")


@shared
def site() -> Path:
    return build(settings(forces=["lancashire"])).folder


def find(name: str, **values: str) -> dict[str, str]:
    rows = [row for row in example.read_table(site(), name) if values.items() <= row.items()]
    assert len(rows) == 1, rows
    return rows[0]


def estimate_of(measure: str, group: str) -> dict[str, str]:
    return find("estimates", measure=measure, ethnic_group=group, search_type="All", ethnicity_basis=SELF_DEFINED)


def text_of(page: str) -> str:
    return " ".join(html.parse(site() / f"{page}.html").getroot().find(".//main").text_content().split())


@pytest.mark.parametrize("kind", ["ods", "csv"])
def test_a_national_table_reconciles_with_every_official_total_to_no_difference(tmp_path: Path, kind: str) -> None:
    """SS_20, year ending March 2025: 528,582 searches of 43 forces and British Transport Police."""
    path = table() if kind == "ods" else write_table(tmp_path / "national.csv", national_rows())
    ingested = read_records(settings(records=[path]))
    assert len(ingested.forces) == 44
    years = ingested.audit.years
    assert years["official_difference_share"].to_list() == [0] * 44
    assert (years["searches"] + years["vehicle_searches"]).sum() == 528_582
    assert ingested.counts.cells.filter(ethnicity_basis=SELF_DEFINED)["searches"].sum() == 528_582 - 1_662


@pytest.mark.slow
def test_the_official_count_stands_beside_the_records_with_their_vehicle_only_searches() -> None:
    row = find("official", force="lancashire")
    names = ("official_searches", "record_searches", "vehicle_searches", "difference")
    assert [row[name] for name in names] == ["20930", "20930", "1662", "0"]


def test_vehicle_only_searches_are_added_only_where_the_official_count_has_them() -> None:
    official = read_official()
    spans = {"force": "kent", "period_from": official["period_from"].min(), "period_to": official["period_to"].min()}
    searched = pl.DataFrame(
        [{**spans, "measure": "search_rate", "ethnic_group": "All", "numerator": 10_241}]
    ).with_columns(ethnicity_basis=pl.lit(SELF_DEFINED), search_type=pl.lit("All"))
    residents = choose_official(read_residents(None), pl.DataFrame([spans]))
    beside = reconcile_official(searched, pl.DataFrame([{**spans, "vehicle_searches": 94}]), official, residents)
    assert beside.select("record_searches", "vehicle_searches", "difference").rows() == [(10_241, 0, 51)]


@pytest.mark.slow
def test_rates_of_the_year_are_over_twelve_months_of_residents() -> None:
    """Black 314 / 10.096 = 31.1014; White 13,093 / 1,325.538 = 9.8775; all 19,268 / 1,531.15 = 12.5840."""
    rates = {group: float(estimate_of("search_rate", group)["value"]) for group in ("Black", "White", "All")}
    assert rates == pytest.approx({"Black": 31.1014, "White": 9.8775, "All": 12.5840}, abs=5e-5)
    assert {estimate_of("search_rate", group)["status"] for group in rates} == {"measured"}
    row = find(
        "comparisons", measure="search_rate", ethnic_group="Black", search_type="All", ethnicity_basis=SELF_DEFINED
    )
    assert float(row["ratio"]) == pytest.approx(3.1487, abs=5e-5)


def test_what_unknown_ethnicity_could_change_is_as_worked_out_for_the_official_counts() -> None:
    """Bounds of the Black ratio 2.5506 to 33.934, from the same three counts."""
    rows = [row for row in example.read_table(site(), "reasons") if row["ethnic_group"] == "Black"]
    bounds = [(float(row["lower"]), float(row["upper"])) for row in rows if row["lower"] and row["upper"]]
    assert any(pair == pytest.approx((2.5506, 33.934), abs=5e-4) for pair in bounds)


def test_finds_are_linked_actions() -> None:
    """White 2,400 of 13,093: 18.33%. Black 30 of 314: 9.55%."""
    rates = {group: float(estimate_of("find_rate", group)["value"]) for group in ("White", "Black")}
    assert rates == pytest.approx({"White": 2_400 / 13_093, "Black": 30 / 314})


def test_possession_and_supply_are_not_measurable() -> None:
    rows = [row for row in example.read_table(site(), "estimates") if row["search_type"] == "drugs_supply"]
    assert {row["status"] for row in rows} == {"not_measurable"}


def test_quarters_are_given_as_quarters_and_no_month_is() -> None:
    assert example.read_table(site(), "monthly") == []
    rows = [
        row
        for row in example.read_table(site(), "quarterly")
        if (row["measure"], row["ethnic_group"]) == ("search_rate", "Black")
    ]
    spans = [
        *(("2024-04-01", "2024-06-01"), ("2024-07-01", "2024-09-01")),
        *(("2024-10-01", "2024-12-01"), ("2025-01-01", "2025-03-01")),
    ]
    assert [(row["period_from"], row["period_to"]) for row in rows] == spans
    # 25 + 30 + 16 + 9 in the first: 100 / 4, 120 / 4, 64 / 4, and 30 found less 7 in each later quarter.
    assert [row["numerator"] for row in rows] == ["80", "78", "78", "78"]
    # At the pace of a year: 80 / (10.096 x 3 / 12).
    assert float(rows[0]["value"]) == pytest.approx(31.6957, abs=5e-5)


def test_a_submission_is_a_quarter_with_its_file_and_source() -> None:
    rows = example.read_table(site(), "submissions")
    assert [(row["month"], row["months"], row["status"]) for row in rows] == [
        (month, "3", "submitted") for month in ("2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01")
    ]
    assert {(row["source_file"], row["source"]) for row in rows} == {(NAME, "Home Office open data tables")}
    months = find("quality", item="months_missing")
    assert (months["rows"], months["of"]) == ("0", "12")


def test_the_pages_say_where_the_figures_are_from_and_that_they_are_of_quarters() -> None:
    assert "Home Office open data tables: April 2024 to March 2025, counted by quarter." in text_of("data-quality")
    months = text_of("over-time")
    assert "Quarters, not months:" in months
    assert "the source of April 2024 to March 2025 counts by quarter. No month in them is known" in months
    assert "April 2024 to June 2024" in months
    assert "May 2024" not in months


@pytest.mark.slow
def test_a_missing_quarter_is_three_missing_months_and_lowers_the_exposure(tmp_path: Path) -> None:
    rows = [row for row in lancashire_rows() if row["financial_year_quarter"] != "Q2"]
    ingested = read_records(settings(records=[write_table(tmp_path / "x.csv", rows)]))
    submissions = ingested.audit.submissions
    gone = submissions.filter(status="missing")
    assert [month.month for month in gone["month"]] == [7, 8, 9]
    assert (submissions["months"].sum(), ingested.audit.years["months_missing"].item()) == (12, 3)
    frames = tabulate(settings(), ingested, example.validation())
    rate = frames["estimates"].filter(measure="search_rate", ethnic_group="White", search_type="All")
    own = rate.filter(ethnicity_basis=SELF_DEFINED).row(0, named=True)
    assert (own["status"], own["denominator"]) == ("incomplete", pytest.approx(1_325_538 * 9 / 12))
    gaps = frames["monthly"].filter(measure="search_rate", ethnic_group="White")
    assert [(row["month"].month, row["status"]) for row in gaps.to_dicts()] == [(m, "incomplete") for m in (7, 8, 9)]
    assert frames["quarterly"].filter(measure="search_rate", ethnic_group="White").height == 3


@pytest.mark.slow
def test_a_force_may_have_quarters_of_one_source_and_months_of_another(tmp_path: Path) -> None:
    rows = [row for row in lancashire_rows() if row["financial_year_quarter"] == "Q1"]
    for month in ("2024-07", "2024-08"):
        write_monthly(tmp_path / "m", monthly_text([{}] * 5, month=month), force="lancashire", month=month)
    records = [write_table(tmp_path / "x.csv", rows), tmp_path / "m"]
    ingested = read_records(settings(records=records, to="2024-08"))
    assert ingested.audit.submissions.select("months", "source").rows() == [
        (3, "Home Office open data tables"),
        (1, "data.police.uk"),
        (1, "data.police.uk"),
    ]
    frames = tabulate(settings(records=records, to="2024-08"), ingested, example.validation())
    searched = frames["monthly"].filter(measure="search_rate", ethnic_group="All")
    assert [(row["month"].month, row["numerator"]) for row in searched.to_dicts()] == [(7, 5), (8, 5)]
    assert frames["quarterly"].filter(measure="search_rate", ethnic_group="All")[
        "period_from"
    ].dt.month().to_list() == [4]
