"""Children: their section on Searches and their page, where records allow it, and the reason where they do not."""

from pathlib import Path

import pytest

from support import example, protected_site, real_sites

FORCES = ("fellshire", "mereside", "thornmoor", "westwold")
QUESTIONS = ["how-many", "ethnicity", "what-followed", "hours", "official"]


def words_of(element):
    return " ".join(element.text_content().split())


def read_section(page):
    (section,) = page.xpath("//section[h2[@id='children']]")
    return section


@pytest.mark.parametrize("force", FORCES)
def test_the_section_answers_first_and_leads_to_the_page_of_figures(force):
    section = read_section(example.pages()[f"{force}/searches.html"])
    assert words_of(section[1]).startswith("Of searches with an age on record, ")
    assert section.xpath(".//a[@href='children.html']")
    page = example.pages()[f"{force}/children.html"]
    assert [each for each in page.xpath("//main//h2/@id") if each in QUESTIONS] == QUESTIONS
    assert page.xpath("//section[h2[@id='how-many']]//data[starts-with(@data-at, 'children:')]")
    assert all(table.xpath("ancestor::details") for table in page.xpath("//main//table"))


@pytest.mark.parametrize("force", FORCES)
def test_it_is_said_that_being_searched_is_no_wrong_done_and_that_few_are_not_shown(force):
    for page in ("searches", "children"):
        words = words_of(example.pages()[f"{force}/{page}.html"].xpath("//main")[0])
        assert "Being searched does not mean that a child did anything wrong." in words
        assert "Nothing is shown of fewer than 10 searches" in words


def test_no_published_row_of_children_rests_on_fewer_than_ten_searches():
    rows = example.read_table(example.site(), "children")
    assert {row["age_band"] for row in rows} == {"under 10", "10-17", "18 and over"}
    shown = [row for row in rows if row["value"] not in ("", None)]
    assert shown
    assert min(float(row["numerator"]) for row in shown) >= 10
    assert all(float(row["denominator"]) >= 50 for row in shown if row["measure"] != "search_rate")


def test_a_protected_publication_has_nothing_of_children_and_says_that_it_is_not_published():
    pages = protected_site.pages()
    assert "children.html" not in pages
    section = read_section(pages["searches.html"])
    assert "not published" in words_of(section)
    assert not section.xpath(".//data | .//figure | .//table")
    after_find = pages["finds.html"].xpath("//section[h2[@id='after-a-find']]")[0]
    assert "not published" in words_of(after_find)
    assert not after_find.xpath(".//data | .//figure | .//table")
    for table in ("children", "children_comparisons", "children_official"):
        assert example.read_table(protected_site.site(), table) == []


@pytest.mark.slow
def test_a_force_that_records_no_age_says_so_and_one_that_links_nothing_cannot_tell_of_finds(records: Path):
    pages = example.read_pages(real_sites.eight(records))
    assert "south-wales/children.html" not in pages
    assert "these records give no ages" in words_of(read_section(pages["south-wales/searches.html"])).lower()
    for force in ("lancashire", "humberside"):
        words = words_of(pages[f"{force}/finds.html"].xpath("//section[h2[@id='after-a-find']]")[0])
        assert "This cannot be known here" in words
