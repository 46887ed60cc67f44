"""Searches and Finds: every question has its anchor, an answer before its picture, and tables folded under it."""

import pytest

from support import example

ANCHORS = {
    "searches": ("ethnicity", "unknown", "type", "officer", "age", "children", "neighbourhoods"),
    "finds": ("ethnicity", "type", "drugs", "after-a-search", "after-a-find"),
}
FORCES = ("fellshire", "mereside", "thornmoor", "westwold")
PAGES = [(force, page) for force in FORCES for page in ANCHORS]


def read_page(force, page):
    return example.pages()[f"{force}/{page}.html"]


def words_of(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(("force", "page"), PAGES)
def test_every_force_has_every_question_and_its_answer(force, page):
    for anchor in ANCHORS[page]:
        (section,) = read_page(force, page).xpath(f"//section[h2[@id='{anchor}']]")
        assert words_of(section.xpath("./h2")[0]).endswith("?")
        assert section[1].tag == "p", anchor
        assert 0 < len(words_of(section[1]).split()) < 70


@pytest.mark.parametrize(("force", "page"), PAGES)
def test_every_table_is_folded(force, page):
    tables = read_page(force, page).xpath("//main//table")
    assert tables
    assert all(table.xpath("ancestor::details") for table in tables)


@pytest.mark.parametrize("force", FORCES)
def test_what_is_not_here_is_said_where_a_reader_looks_for_it(force):
    page = read_page(force, "searches")
    (section,) = page.xpath("//section[h2[@id='age']]")
    # Of one force residents are known by age.
    has_ages = force == "westwold"
    said = words_of(section.xpath("./p")[0])
    assert said.startswith("The search rate was highest among" if has_ages else "Not here, because")
    assert bool(section.xpath(".//figure")) == bool(section.xpath(".//table")) == has_ages
    assert "town or neighbourhood" in words_of(page)


@pytest.mark.parametrize("force", FORCES)
def test_that_a_rate_is_no_likelihood_is_said_next_to_the_first_rate(force):
    (section,) = read_page(force, "searches").xpath("//section[h2[@id='ethnicity']]")
    if "for every thousand" in words_of(section[1]):
        assert "does not say how likely a person is to be searched" in words_of(section[2])


@pytest.mark.parametrize(("force", "page"), PAGES)
def test_nothing_on_the_page_is_said_in_words_that_were_misread(force, page):
    words = words_of(read_page(force, page).xpath("//main")[0]).lower()
    for misread in ("clear enough to be stated", "times as likely", "who is searched how often", "records like these"):
        assert misread not in words
