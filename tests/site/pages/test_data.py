"""Data and method: how sure the figures are, and one list of what the records cannot tell."""

import pytest

from disparity.pipeline.build import build
from disparity.site.pages.listing import PAGES, ForcePage, list_hidden
from disparity.site.parts.unknowns import EXPLAINED
from support import example, protected_site


def read_unknowns(page):
    asked = page.xpath("//dl[@class='unknowns']/dt")
    return {each.get("id"): " ".join(each.getnext().text_content().split()) for each in asked}


def read_certainties(page):
    return {each.text: each.getnext().text_content() for each in page.xpath("//dl[@class='sure']/dt")}


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Pages of data and the hidden pages and parts, of an open and a restricted publication and of one of nothing."""
    edition = example.edition()
    open_ = {force: (example.pages()[f"{force}/data.html"], list_hidden(edition, force)) for force in edition.forces}
    restricted = protected_site.pages()["data.html"]
    folder = tmp_path_factory.mktemp("nothing")
    month = example.RECORDS / "2023-04"
    force = "mereside"
    name = f"2023-04-{force}-stop-and-search.csv"
    (folder / "records" / "2023-04").mkdir(parents=True)
    header = (month / name).read_text(encoding="utf-8").splitlines()[0]
    (folder / "records" / "2023-04" / name).write_text(f"{header}\n", encoding="utf-8")
    settings = example.months("2023-04", "2023-04", records=[folder / "records"], out=folder / "site")
    build(settings)
    nothing = example.read_pages(folder / "site")["data.html"]
    return {**open_, "restricted": (restricted, None), "nothing": (nothing, None)}


@pytest.mark.slow
def test_every_page_and_part_that_is_not_there_is_explained_in_one_line(sites):
    for force, (page, hidden) in sites.items():
        for name in hidden or []:
            if name.partition("#")[0] in (hidden or []) and "#" in name:
                continue  # its page is explained
            assert name in EXPLAINED, (force, name)
            assert EXPLAINED[name] in read_unknowns(page), (force, name)


def test_every_reason_is_for_a_page_or_part_that_there_can_be():
    names = {page.address.removesuffix(".html") for page in PAGES if isinstance(page, ForcePage)}
    parts = {
        f"{page.address.removesuffix('.html')}#{section.anchor}"
        for page in PAGES
        if isinstance(page, ForcePage)
        for section in page.sections
    }
    assert set(EXPLAINED) <= names | parts


def test_a_part_that_is_there_is_not_said_to_be_missing(sites):
    unknowns = read_unknowns(sites["thornmoor"][0])
    assert not {"no-origin", "no-places", "no-priorities", "no-grounds", "no-others", "no-action"} & set(unknowns)


def test_action_is_said_to_be_not_assessed_where_the_publisher_is_not_the_force_and_nowhere_else(sites):
    assert "no-action" not in read_unknowns(sites["mereside"][0])  # the example is the forces' own
    assert read_unknowns(sites["restricted"][0])["no-action"] == (
        "Action is not assessed: this publication is not the force’s own, and holds no statement of it."
    )
    pages = protected_site.pages()
    said = {path for path, page in pages.items() if "not assessed" in page.text_content()}
    assert said == {"data.html", "glossary.html"}  # the glossary has what the word means, and it is of no force


def test_what_protection_leaves_out_is_said_to_be_left_out_to_protect_people(sites):
    unknowns = read_unknowns(sites["restricted"][0])
    for name in ("no-places", "no-ages", "no-items", "no-origin"):
        assert "protect people" in unknowns[name]


def test_a_force_without_a_search_says_nothing_that_needs_one(sites):
    unknowns = read_unknowns(sites["nothing"][0])
    assert not {"no-possession", "no-rate"} & set(unknowns)
    assert {"no-people", "no-street", "no-unrecorded", "no-cause"} <= set(unknowns)


def test_how_sure_the_figures_are_is_said_of_months_doubt_ethnicity_and_finds(sites):
    said = read_certainties(sites["fellshire"][0])
    assert {"Months", "Months in doubt", "Ethnicity", "Was the item found?"} <= set(said)
    assert said["Ethnicity"].startswith("Not known for ")
    months = [read_certainties(page)["Months"] for page, _ in sites.values()]
    assert any(text.startswith("No file for ") for text in months)
    assert "A file for every month." in months


def test_the_list_comes_before_the_pages_behind_it_and_the_citation(sites):
    for page, _ in sites.values():
        assert page.xpath("//main//h2/@id") == ["how-sure", "cannot-tell", "pages-behind", "get", "cite"]
        assert page.xpath("//p[@class='citation']")
