"""The page Explore in a real browser: what is chosen is shown, as the published data has it."""

import csv
import re

import pytest
from playwright.sync_api import expect

from support.browsing import open_page

PAGE = "fellshire/compare.html"
READ_ROWS = """rows => rows.map(row => [
  [...row.querySelectorAll('th, td')].map(cell => cell.innerText),
  [...row.querySelectorAll('data')].map(place => place.dataset.at),
])"""


@pytest.fixture(scope="module")
def estimates(site):
    with (site / "data" / "estimates.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rows(opened):
    """The rows of the table: name, counted, rate; with the places in the data that they give."""
    rows = opened.locator("main table tbody tr").evaluate_all(READ_ROWS)
    return [(*cells, places) for cells, places in rows]


def show(browser, address, choice):
    opened, faults = open_page(browser, address, f"{PAGE}#{choice}")
    opened.locator("#fig-explored .plot [aria-hidden=true] svg").wait_for()
    return opened, faults


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (
            "measure=find_rate&period=2024-04_2025-03&basis=self-defined&by=group&type=drugs",
            {"measure": "find_rate", "ethnicity_basis": "self-defined", "search_type": "drugs"},
        ),
        (
            "measure=arrest_rate&period=2024-04_2025-03&basis=officer-defined&by=type&group=Black",
            {"measure": "arrest_rate", "ethnicity_basis": "officer-defined", "ethnic_group": "Black"},
        ),
        (
            "measure=search_rate&period=2023-04_2024-03&by=group&type=All",
            {"measure": "search_rate", "ethnicity_basis": "self-defined", "search_type": "All"},
        ),
    ],
)
def test_a_view_shows_the_rows_of_the_data_that_its_address_asks_for(browser, address, estimates, choice, wanted):
    opened, faults = show(browser, address, choice)
    period = re.search(r"period=([\d-]+)_([\d-]+)", choice)
    wanted |= {"force": "fellshire", "period_from": period[1], "period_to": period[2]}
    expected = [row for row in estimates if wanted.items() <= row.items()]
    shown = read_rows(opened)
    assert len(shown) == len(expected) >= 6
    seen = set()
    for _name, counted, printed, places in shown:
        if not places:
            assert (counted, printed) == ("[x]", "[x]")
            continue
        rows = {int(place.split(":")[1]) for place in places}
        assert len(rows) == 1
        row = estimates[rows.pop() - 1]
        assert wanted.items() <= row.items()
        seen.add((row["ethnic_group"], row["search_type"]))
        assert counted == f"{int(row['numerator']):,}"
        share = 100 * float(row["value"]) if row["value"] else None
        if share is not None:
            value = float(row["value"])
            text = f"{share:.1f}%" if wanted["measure"] != "search_rate" else f"{value:.1f}"
            assert printed.startswith(text)
            assert row["lower"] == "" or len(printed.split(" to ")) == 2
    assert len(seen) == sum(row["numerator"] != "" for row in expected)
    assert faults == []
    opened.context.close()


def test_a_choice_changes_table_chart_and_address_and_the_address_brings_it_back(browser, address):
    opened, faults = open_page(browser, address, PAGE)
    before = read_rows(opened)
    opened.get_by_label("Measure").select_option("find_rate")
    expect(opened.locator("#fig-explored figcaption strong")).to_have_text("Find rate")
    opened.locator("#fig-explored .plot [aria-hidden=true] svg").wait_for()
    assert "measure=find_rate" in opened.url
    after = read_rows(opened)
    assert after != before
    drawn = opened.locator("#fig-explored .plot").inner_text()
    assert all(printed.split("\n")[0].split(" ")[0] in drawn for _, _, printed, _ in after)
    again, _ = show(browser, address, opened.url.split("#")[1])
    assert read_rows(again) == after
    assert faults == []
    opened.context.close()
    again.context.close()


def test_an_address_that_asks_for_nonsense_shows_the_first_view(browser, address):
    opened, faults = open_page(browser, address, f"{PAGE}#measure=%3Cscript%3E&period=never&group=Nobody")
    expect(opened.locator("#fig-explored figcaption strong")).to_have_text("Search rate")
    assert faults == []
    opened.context.close()
