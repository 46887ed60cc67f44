"""The front page of several forces: all together, who is missing, and from one force to the same page of another."""

import re
from types import SimpleNamespace

import pytest

from disparity.project.settings import make_settings
from disparity.site.page import Page
from disparity.site.pages.listing import list_same_page
from disparity.site.pages.nation import list_missing
from disparity.site.parts.compare_view import MOST_FORCES, choose_neighbours
from support import example


def name_missing(here, **settings):
    asked = make_settings(
        {"records": ["."], "from": "2019-04", "to": "2020-03", "out": "out"} | settings, where="a test"
    )
    return list_missing(SimpleNamespace(settings=asked, forces=tuple(here)), dict.fromkeys(here))


def test_who_is_missing_is_named_the_largest_first():
    missing = name_missing(["kent", "lancashire"])
    assert missing[:3] == ["Metropolitan Police Service", "West Midlands Police", "Greater Manchester Police"]
    assert len(missing) == 44 - 2
    assert "British Transport Police" in missing
    assert not {"Kent Police", "Police Service of Northern Ireland"} & set(missing)


def test_of_forces_that_were_asked_for_only_those_are_missing():
    assert name_missing(["kent", "lancashire"], forces=["kent", "lancashire", "merseyside"]) == ["Merseyside Police"]
    assert name_missing(["kent", "lancashire"], forces=["kent", "lancashire"]) == []


def test_nobody_is_missing_among_invented_forces():
    assert name_missing(["fellshire", "mereside"]) == []


def test_the_first_sentence_has_both_rates_and_the_ratio_of_all_forces():
    page = example.pages()["index.html"]
    (title,) = page.xpath("//h1")
    assert re.fullmatch(
        r"Black people were searched \d+\.\d times as often as White people in the \d forces here", title.text_content()
    )
    lead = page.xpath("//main//p[@class='lead']")[0]
    assert re.search(r"\d searches a year for every 1,000 Black residents and \d", lead.text_content())
    assert {place.partition(":")[0] for place in title.xpath(".//data/@data-at")} == {"pooled"}


def test_no_rank_is_on_a_page_that_compares():
    for path in ("index.html", "fellshire/compare.html"):
        assert not re.search(r"\brank", example.pages()[path].text_content(), re.IGNORECASE)


def test_what_is_promised_of_the_addresses_is_there():
    assert {"map", "dots", "table", "places"} & set(example.pages()["index.html"].xpath("//@id")) >= {
        *("dots", "table", "places")
    }
    ids = set(example.pages()["fellshire/compare.html"].xpath("//@id"))
    assert {"compare", "similar-forces"} <= ids


@pytest.mark.parametrize(("page", "others"), [("searches.html", "searches.html"), ("index.html", "index.html")])
def test_from_a_page_of_a_force_to_the_same_page_of_another(page, others):
    edition = example.edition()
    listed = list_same_page(edition, Page("x.html", "X", path=f"fellshire/{page}", force="fellshire"))
    assert [is_own for _, _, is_own in listed].count(True) == 1
    assert {name: href for name, href, _ in listed}[edition.name_of("mereside")] == f"../mereside/{others}"
    assert list_same_page(edition, Page("x.html", "X", path="method.html")) == []


def test_a_force_is_first_set_beside_those_nearest_in_residents():
    edition = example.edition()
    chosen = choose_neighbours(edition, edition.evidence["mereside"][0])
    assert chosen[0] == "mereside"
    assert len(chosen) == min(MOST_FORCES, len(edition.forces))
