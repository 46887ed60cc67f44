"""Records met in the wild, read in place, against counts made with Python's own module (README of the cases)."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from lxml import html

from disparity.pipeline.build import build
from disparity.pipeline.submissions import check
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.ingest import read_records
from support.page_sentences import says_all_is_met


def choose(folder: Path, first: str, last: str) -> Settings:
    return make_settings({"records": [str(folder)], "from": first, "to": last}, where="a test")


@pytest.mark.parametrize(
    ("force", "power"), [("cumbria", "Misuse of Drugs Act 1971 (section 23)"), ("lincolnshire", "")]
)
def test_drug_searches_are_drug_searches_with_and_without_a_power_and_vehicles_are_nobody(
    cases: Path, force: str, power: str
) -> None:
    with (cases / "13" / f"2024-04-{force}-stop-and-search.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Type"] != "Vehicle search"]
    drugs = [row for row in rows if row["Object of search"] == "Controlled drugs"]
    assert {row["Legislation"] for row in drugs} == {power}
    cells = read_records(choose(cases / "13", "2024-04", "2024-04")).counts.cells
    counted = cells.filter(force=force, ethnicity_basis="self-defined")
    of_drugs = counted.filter(pl.col("search_type").str.starts_with("drugs"))
    assert (counted["searches"].sum(), of_drugs["searches"].sum()) == (len(rows), len(drugs)) == (479, 267)


@pytest.mark.slow
def test_a_month_that_ends_on_the_tenth_is_the_only_part_month_of_its_year(cases: Path) -> None:
    folder = cases / "01" / "cut"
    last = Counter[str]()
    for path in folder.iterdir():
        with path.open(encoding="utf-8-sig", newline="") as file:
            last[path.name[:7]] = max(int(row["Date"][8:10]) for row in csv.DictReader(file))
    assert [month for month, day in last.items() if day <= 10] == ["2023-09"]
    checks = check(choose(folder, "2023-04", "2024-03")).list_checks()
    of_part = checks.filter(~pl.col("is_met"), pl.col("why").str.contains("starts or ends with days without a search"))
    assert of_part["month"].to_list() == ["2023-09"]


@pytest.mark.slow
def test_a_restricted_site_names_the_expectations_that_are_not_met_and_gives_no_count_of_them(
    cases: Path, tmp_path: Path
) -> None:
    for path in (cases / "02").iterdir():
        shutil.copyfile(path, tmp_path / path.name)
    build(read_settings(tmp_path / "disparity.toml"))
    page = html.parse(str(tmp_path / "site" / "data-quality.html"))
    text = " ".join(page.getroot().text_content().split())
    assert not says_all_is_met(text)
    assert "A column that holds one value for nearly all searches was filled in by a system" in text
    assert "3,320" not in text
