"""Two editions of the synthetic records, one after the other: what a reader of the second learns."""

import json
import shutil
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from disparity.pipeline.build import build
from disparity.tables.schema.tables import BY_NAME
from disparity.vocabulary.errors import RequestError
from support import example
from support.numbers import assert_no_loose_numbers, check_figures
from support.processor import shared

pytestmark = pytest.mark.usefixtures("hardly_checked", "hardly_drawn")

LATE = "2023-05/2023-05-mereside-stop-and-search.csv"
FIRST = {"edition": "First edition", "published": date(2026, 6, 18), "base_url": "https://example.org/ss"}
SECOND = {"edition": "Second edition", "published": date(2027, 6, 17), "contact": "statistics@example.org"}
KEY = BY_NAME["estimates"].key
NAMES = {"fellshire": "Fellshire Police", "mereside": "Mereside Constabulary"}
REASON = {"what": "Mereside sent its file for May again.", "reason": "Half of its rows were missing."}


@cache
def records() -> Path:
    """Two months of two forces; of one file, the first edition has half the rows."""
    folder = example.scratch() / "editions" / "records"
    for month in ("2023-04", "2023-05"):
        shutil.copytree(example.RECORDS / month, folder / month)
    lines = (folder / LATE).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / LATE).write_text("".join(lines[: len(lines) // 2]), encoding="utf-8", newline="")
    return folder


def publish(name: str, **settings: object) -> Path:
    out = example.scratch() / "editions" / name
    given = {"records": [records()], "out": out, "is_synthetic": True, "names": NAMES} | settings
    return build(example.months("2023-04", "2023-05", **given)).folder


@shared
def sites() -> tuple[Path, Path]:
    """The first edition, and the second with the file whole."""
    first = publish("first", **FIRST)
    shutil.copy(example.RECORDS / LATE, records() / LATE)
    revisions = [REASON | {"forces": ["mereside"], "tables": ["estimates", "comparisons", "submissions"]}]
    return first, publish("second", previous=first, revisions=revisions, **FIRST | SECOND)


def text_of(site: Path, page: str) -> str:
    return " ".join(html.parse(site / page).getroot().find(".//main").text_content().split())


def test_the_first_edition_says_that_there_is_nothing_to_compare() -> None:
    told = text_of(sites()[0], "what-changed.html")
    assert "This is the first edition, or the edition before was not given" in told
    assert example.read_table(sites()[0], "changes") == []


def test_the_second_names_the_figures_that_moved_and_no_other_force_has_moved_rates() -> None:
    changes = example.read_table(sites()[1], "changes")
    rates = {row["force"] for row in changes if row["table"] == "estimates"}
    assert rates == {"mereside"}
    searches = [
        row
        for row in changes
        if (row["table"], row["measure"], row["column"]) == ("estimates", "search_rate", "numerator")
        and row["key"] == "ethnicity_basis=self-defined; ethnic_group=All; search_type=All"
    ]
    before, after = (
        sum(int(row["rows_kept"]) for row in example.read_table(site, "submissions") if row["force"] == "mereside")
        for site in sites()
    )
    assert [(float(row["before"]), float(row["after"])) for row in searches] == [(before, after)]
    told = text_of(sites()[1], "what-changed.html")
    assert told.startswith("What changed? Invented records. No search is real.")
    assert "Mereside sent its file for May again. Half of its rows were missing." in told


def test_every_change_is_as_large_as_the_two_published_tables_differ() -> None:
    tables = [{tuple(row.items()) for row in example.read_table(site, "estimates")} for site in sites()]
    rows = [{tuple(cell for cell in row if cell[0] in KEY): dict(row) for row in table} for table in tables]
    differ = sum(
        rows[0][key][column] != rows[1][key][column] for key in rows[0].keys() & rows[1] for column in rows[0][key]
    )
    changes = [row for row in example.read_table(sites()[1], "changes") if row["table"] == "estimates"]
    assert len([row for row in changes if row["column"]]) == differ > 100
    added = [row for row in changes if row["change"] == "row added"]
    assert len(added) == len(rows[1].keys() - rows[0].keys())


def test_what_no_reason_explains_is_said_on_the_page_and_counted() -> None:
    unexplained = [row for row in example.read_table(sites()[1], "changes") if not row["reason"]]
    (total, *_) = example.read_table(sites()[1], "revisions")
    assert int(total["without_reason"]) == len(unexplained) > 0
    # The reason is of one force, and no verdict of the other moves with it.
    assert not [row for row in unexplained if row["table"] in {"estimates", "comparisons", "submissions"}]
    moved = [row for row in example.read_table(sites()[1], "changes") if row["table"] == "comparisons"]
    assert {row["force"] for row in moved} == {"mereside"}
    told = text_of(sites()[1], "what-changed.html")
    assert f"No reason is declared for {len(unexplained):,} of the changes." in told
    assert "No reason declared. For some changes the publisher has declared no reason." in told


@pytest.mark.slow
def test_every_number_of_the_second_edition_stands_in_its_data() -> None:
    assert check_figures(sites()[1]) > 500
    assert_no_loose_numbers(sites()[1])


@pytest.mark.slow
def test_the_same_second_edition_has_the_same_bytes_and_the_editions_are_listed_once() -> None:
    revisions = [REASON | {"forces": ["mereside"], "tables": ["estimates", "comparisons", "submissions"]}]
    again = publish("again", previous=sites()[0], revisions=revisions, **FIRST | SECOND)
    assert example.read_files(again) == example.read_files(sites()[1])
    editions = json.loads((again / "data" / "editions.json").read_text(encoding="utf-8"))["editions"]
    assert [each["edition"] for each in editions] == ["Second edition", "First edition"]
    assert "Second edition" in (again / "feed.xml").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_edition_compared_with_itself_has_not_changed() -> None:
    itself = publish("itself", previous=sites()[1], **FIRST | SECOND)
    assert example.read_table(itself, "changes") == []
    assert "figures that are in both editions, 0 moved." in text_of(itself, "what-changed.html")


def test_every_page_names_edition_day_and_contact() -> None:
    for name, page in example.read_pages(sites()[1]).items():
        told = " ".join(page.text_content().split())
        assert "Second edition · published 17 June 2027" in told, name
        assert "Not official statistics. Contact: statistics@example.org." in told, name


def test_the_provenance_page_has_files_settings_versions_and_policies() -> None:
    told = text_of(sites()[1], "provenance.html")
    inputs = example.read_table(sites()[1], "inputs")
    assert all(row["sha256"] in told for row in inputs)
    assert '"Second edition"' in told
    assert str(example.scratch()) not in told
    for heading in (
        "Who publishes them?",
        "Which software made them?",
        "When are they published?",
        "How are errors corrected?",
        "Can anybody be recognised?",
    ):
        assert heading in told
    assert "This edition was published on 17 June 2027." in told


@pytest.mark.slow
def test_the_status_is_what_the_project_file_says() -> None:
    site = publish("status", status="Accredited official statistics")
    assert text_of(site, "provenance.html").count("Accredited official statistics.") == 1
    assert "Not official" not in (site / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_without_a_day_there_is_no_feed_and_no_page_speaks_of_one() -> None:
    site = publish("undated")
    assert not (site / "feed.xml").exists()
    assert "feed.xml" not in (site / "downloads.html").read_text(encoding="utf-8")


def test_an_earlier_edition_that_is_no_site_stops_the_build_before_records_are_read(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="the earlier edition is no site of this tool"):
        publish("refused", previous=tmp_path)
    assert not (example.scratch() / "editions" / "refused").exists()


def test_the_dataset_is_described_for_search_engines_with_files_that_are_there() -> None:
    page = html.parse(sites()[1] / "downloads.html").getroot()
    (described,) = page.xpath("//script[@type='application/ld+json']/text()")
    dataset = json.loads(described)
    base = "https://example.org/ss/"
    for file in dataset["distribution"]:
        assert (sites()[1] / file["contentUrl"].removeprefix(base)).is_file()
    assert dataset["datePublished"] == "2027-06-17"
    assert page.xpath("string(//*[@class='citation'])").endswith("Second edition, published 17 June 2027. " + base)
