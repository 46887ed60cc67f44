"""A page is there where it has something to show, nothing leads to one that is not, and none talks to its publisher."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from disparity.site.page import Page
from disparity.site.pages.listing import PAGES, ForcePage, list_absent, list_hidden, list_same_page
from support import example, protected_site

OF_FORCES = {page.address for page in PAGES if isinstance(page, ForcePage)}
# What is needed to make figures again is on these; the others are for whoever reads them.
FOR_ANALYSTS = {"glossary.html", "provenance.html"}
FOR_PUBLISHERS = re.compile(
    r"project file|disparity\.toml|\[\[|\byour own\b|\bdisparity (build|fetch|map|sample|review|publish)"
)


@pytest.fixture(params=["open", "restricted"])
def site(request: pytest.FixtureRequest) -> Path:
    return example.site() if request.param == "open" else protected_site.site()


def test_a_page_without_anything_to_show_is_not_written() -> None:
    edition = example.edition()
    assert list_hidden(edition, "mereside") == [
        "places",
        "searches#origin",
        "finds#force-used",
        "why#priorities",
        "why#possession-offences",
        "compare#nearest",
        "over-time#before",
        "action#grounds",
        "places#neighbourhoods",
        "places#neighbourhood-map",
    ]
    assert "action#grounds" not in list_hidden(edition, "thornmoor")
    restricted = set(protected_site.pages())
    # Nobody says that the publisher is the force, and counts by age are not protected.
    assert OF_FORCES - restricted == {"action.html", "children.html", "places.html"}


def test_the_menu_of_every_page_has_the_pages_that_are_there(site: Path) -> None:
    written = set(example.read_pages(site))
    for path, page in example.read_pages(site).items():
        folder = path.rpartition("/")[0]
        here = {each.rpartition("/")[2] for each in written if each.rpartition("/")[0] == folder}
        navigation = "//nav[@aria-label='Pages' or @aria-label='Data and method']//a/@href"
        listed = {href.rpartition("/")[2] for href in page.xpath(navigation)}
        assert listed & OF_FORCES <= here, path
        if folder or len(example.read_pages(site)) < 30:
            assert here & OF_FORCES <= listed, path


def test_no_link_and_no_finding_leads_to_a_page_that_is_not_there(site: Path) -> None:
    for path, page in example.read_pages(site).items():
        for href in page.xpath("//a/@href"):
            target = href.partition("#")[0]
            if target and "://" not in target and not target.startswith("mailto:"):
                assert ((site / path).parent / target).resolve().exists(), (path, href)
    is_one = (site / "searches.html").exists()
    for finding in json.loads((site / "data" / "findings.json").read_text(encoding="utf-8")):
        folder = site if is_one else site / finding["force"]
        assert not finding["page"] or (folder / finding["page"].partition("#")[0]).is_file(), finding


def test_no_page_for_readers_tells_its_publisher_what_to_do(site: Path) -> None:
    for path, page in example.read_pages(site).items():
        if path.rpartition("/")[2] not in FOR_ANALYSTS:
            words = page.xpath("//main//text()[not(ancestor::script) and not(ancestor::style)]")
            found = FOR_PUBLISHERS.search(" ".join(" ".join(words).split()))
            assert not found, (path, found)


def test_who_builds_is_told_of_pages_that_no_force_has() -> None:
    assert list_absent(example.edition()) == []


def test_a_page_of_a_force_leads_to_the_same_of_another() -> None:
    edition = example.edition()
    page = Page("why.html", "Why", path="fellshire/why.html", force="fellshire")
    led = {href: is_here for _, href, is_here in list_same_page(edition, page)}
    assert led == {f"../{force}/why.html": force == "fellshire" for force in edition.forces}
    assert list_same_page(edition, Page("method.html", "Method", path="method.html")) == []


def test_a_page_that_another_force_has_not_leads_to_its_front() -> None:
    edition = replace(example.edition(), settings=example.settings(own=False))
    page = Page("action.html", "Action", path="fellshire/action.html", force="fellshire")
    assert {href.rpartition("/")[2] for _, href, _ in list_same_page(edition, page)} == {"index.html"}
