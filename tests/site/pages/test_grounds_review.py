"""The page of the review of grounds: figures from the table, words where there is none, protected where it must be."""

import re

import pytest
from lxml import html

from support import example, protected_site


def text_of(page):
    return re.sub(r"\s+", " ", page.text_content())


@pytest.fixture(scope="module")
def page():
    return example.pages()["thornmoor/action.html"]


@pytest.fixture(scope="module")
def rows():
    return example.read_table(example.site(), "grounds")


def figures(page, column):
    return [
        (node.text, int(node.get("data-at").split(":")[1]))
        for node in page.iter("data")
        if node.get("data-at").startswith("grounds:") and node.get("data-at").endswith(f":{column}")
    ]


def test_the_share_stands_with_its_interval_and_the_number_of_records(page, rows):
    row = next(
        row
        for row in rows
        if row["measure"] == "reasonable_share" and row["ethnic_group"] == row["search_type"] == "All"
    )
    printed = [f"{100 * float(row[name]):.1f}%" for name in ("value", "lower", "upper")]
    assert (
        f"A review of {row['denominator']} records found reasonable grounds recorded for an estimated {printed[0]} of "
        "searches in the year ending March 2025."
    ) in text_of(page)
    assert f"{printed[1]} to {printed[2]}" in text_of(page)  # in the folded table


def test_every_group_and_type_that_was_read_has_its_row(page, rows):
    read = {row["ethnic_group"] for row in rows if row["measure"] == "reasonable_share"} - {"All"}
    heads = [
        head.text_content()
        for head in page.xpath("//table[caption[contains(., 'self-defined ethnicity')]]//tbody/tr/th")
    ]
    assert len(read) == 7
    assert heads == ["Asian", "Black", "Mixed", "White", "Other", "Not stated", "Not recorded"]


def test_the_page_says_what_it_cannot_show_and_that_groups_are_not_tested(page):
    text = text_of(page)
    assert "differences are not tested" in text
    assert "the record is what is judged" in text
    assert "bias" not in text


@pytest.mark.slow
def test_a_restricted_page_prints_protected_figures_alone(tmp_path):
    """Of the force's own publication, which the intruder looks at as it is written."""
    asked = protected_site.settings(own=True, out=tmp_path / "site")
    protected_site.write(asked)
    site = asked.out
    table = example.read_table(site, "grounds")
    assert {row["measure"] for row in table} == {"reasonable_share", "kappa"}
    base = int(example.read_table(site, "disclosure")[0]["base"])
    assert all(int(row[name] or 0) % base == 0 for row in table for name in ("numerator", "denominator"))
    # 500 of 600 were called reasonable by the first reviewer, fewer by both.
    page = html.fromstring((site / "action.html").read_bytes())
    assert {text for text, _ in figures(page, "denominator")} == {"600"}
    assert all(
        re.fullmatch(r"\d+%", text) for text, row in figures(page, "value") if table[row - 1]["measure"] != "kappa"
    )
    assert "Neither ethnic groups nor types of search are shown" in text_of(page)
