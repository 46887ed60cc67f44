"""What a page says of itself: to search engines, to cards, to whoever cites it or shows its chart elsewhere."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from disparity.project.settings import make_settings
from disparity.site.metadata import describe_page, find_address, find_first_sentence, name_page, write_sitemap
from disparity.site.page import Page
from disparity.site.templates import POLICY
from disparity.tables.datapackage import cite
from support import example

BASE = "https://example.org/stops/"


def settings(**given):
    fixed = {"records": ["r"], "from": "2019-04", "to": "2020-03", "base_url": BASE}
    return make_settings(fixed | given, where="a test")


def edition(*forces):
    names = {"kent": "Kent Police", "lancashire": "Lancashire Constabulary"}
    return SimpleNamespace(forces=forces, name_of=names.get)


def content(page, name):
    found = page.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")
    assert len(found) <= 1
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<h1>A</h1>\n<p class='lead'>One in <data>5</data> &amp; more. Two.</p>", "One in 5 & more."),
        ("<p>Not this.</p><h1>A</h1><div><p>Was it found? It was.</p></div>", "Was it found?"),
        ("<h1>A</h1><p>It rose from 1.5 to 2.5 in all.</p>", "It rose from 1.5 to 2.5 in all."),
        ("<h1>A</h1>", ""),
    ],
)
def test_a_description_is_the_first_sentence_below_the_heading(text, sentence):
    assert find_first_sentence(text) == sentence


def test_a_long_sentence_is_cut_between_words():
    found = find_first_sentence(f"<h1>A</h1><p>{'word ' * 100}</p>")
    assert len(found) <= 302
    assert found.endswith("word …")


@pytest.mark.parametrize(
    ("title", "force", "name"),
    [
        ("Finds", "kent", "Finds, Kent Police – Stop and search"),
        ("Stop and search: Kent Police", "kent", "Stop and search: Kent Police"),
        ("Glossary", "", "Glossary – Stop and search"),
    ],
)
def test_a_title_says_whose_page_it_is_and_of_what(title, force, name):
    page = Page("x.html", title, path="x.html", force=force)
    assert name_page(edition("kent", "lancashire"), page) == name
    assert name_page(edition("kent"), Page("x.html", "Glossary", path="x.html")).startswith("Glossary, Kent Police")


@pytest.mark.parametrize(
    ("path", "address"),
    [("index.html", BASE), ("kent/index.html", f"{BASE}kent/"), ("kent/finds.html", f"{BASE}kent/finds.html")],
)
def test_a_page_has_one_address_that_of_its_folder_where_it_is_the_first(path, address):
    assert find_address(settings(), Page("x.html", "X", path=path)) == address
    assert find_address(settings(base_url=""), Page("x.html", "X", path=path)) == ""


def test_a_citation_is_whole_publisher_title_force_page_period_edition_day_and_address():
    given = settings(publisher="The Office", edition="Second edition", published="2026-06-18")
    assert cite(given, ("Kent Police", "Finds"), f"{BASE}kent/finds.html") == (
        "The Office (2026). Stop and search: ethnic disparities. Kent Police. Finds. Year ending March 2020. "
        f"Second edition, published 18 June 2026. {BASE}kent/finds.html"
    )
    # What is said already is not said twice, and what is not known is left out.
    assert cite(settings(base_url="", title="Stops"), ("", "Stops")) == "Stops. Year ending March 2020."


@pytest.mark.parametrize(
    ("given", "is_listed"),
    [({"is_final": True}, True), ({}, False), ({"is_final": True, "base_url": ""}, False)],
)
def test_a_site_map_is_of_what_is_published_at_an_address_that_is_known(tmp_path, given, is_listed):
    final = given.pop("is_final", False)
    made = settings(**given).model_copy(update={"is_final": final})
    write_sitemap(tmp_path, made, [Page("x.html", "X", path=path) for path in ("index.html", "finds.html")])
    assert (tmp_path / "sitemap.xml").exists() == is_listed
    if is_listed:
        listed = [each.text for each in ET.parse(tmp_path / "sitemap.xml").iter() if each.tag.endswith("loc")]
        assert listed == [BASE, f"{BASE}finds.html"]


# The pages of the example, which has no address


def test_every_page_says_what_it_is_and_only_what_it_says_itself():
    for name, page in example.pages().items():
        description = content(page, "description")
        assert description, name
        assert content(page, "og:description") == description, name
        assert "stop and search" in page.findtext(".//title").casefold(), name
        assert content(page, "og:title") in page.findtext(".//title"), name
        words = " ".join(page.text_content().split())
        assert description.removesuffix(" …").removesuffix(".") in words, name
        # No address is known: nothing is claimed of one.
        assert not page.xpath("//link[@rel='canonical'] | //meta[@property='og:url' or @property='og:image']"), name
        assert content(page, "twitter:card") == "summary", name


def test_a_card_has_a_picture_only_where_cards_can_show_it():
    made = example.edition()
    asked = made.settings.model_copy(update={"base_url": BASE, "charts": ["svg", "png"]})
    chart = SimpleNamespace(name="find-rates", headline=("Found", " more"))
    page = SimpleNamespace(path="kent/finds.html", title="Finds", force=made.forces[0], charts=[chart])
    shown = describe_page(replace(made, settings=asked), page, "<h1>A</h1><p>B.</p>")
    assert (shown.image, shown.image_text) == (f"{BASE}kent/charts/find-rates.png", "Found more")
    without = (made.settings, asked.model_copy(update={"charts": ["svg"]}))
    assert {describe_page(replace(made, settings=settings), page, "").image for settings in without} == {""}


def test_every_page_can_be_cited_without_a_script_and_copied_with_one():
    for name, page in example.pages().items():
        (block,) = page.xpath("//details[@class='share']")
        (citation,) = block.xpath(".//p[@id='citation']")
        text = citation.text_content()
        assert text.startswith(f"{example.edition().settings.publisher} (2025). "), name
        assert page.findtext(".//h1") is not None
        assert block.xpath(".//p[@class='copy']/@hidden"), name
        assert {button.get("data-copy") for button in block.iter("button")} == {"address", "citation"}
        force = name.partition("/")[0] if "/" in name else ""
        assert not force or example.edition().name_of(force) in text, name


def test_every_chart_of_a_page_can_be_put_on_another_without_a_script():
    edition = example.edition()
    for name, page in example.pages().items():
        home = example.site() / name
        listed = [address for address in page.xpath("//details[@class='share']//a/@href") if "embed/" in address]
        drawn = [figure.get("id").removeprefix("fig-") for figure in page.xpath("//figure[@class='chart']")]
        assert set(drawn) <= {re.sub(r"embed/|\.html", "", address) for address in listed}, name
        for address in listed:
            embedded = html.fromstring((home.parent / address).read_bytes())
            assert not embedded.xpath("//script | //iframe | //style"), address
            assert embedded.xpath("//meta[@http-equiv]/@content") == [POLICY]
            assert set(embedded.xpath("//meta[@name='robots']/@content")) == {"noindex"}
            (picture,) = embedded.xpath("//img")
            assert (home.parent / "embed" / picture.get("src")).resolve().is_file(), address
            assert picture.get("alt")
            (link,) = set(embedded.xpath("//a/@href"))
            path, _, anchor = link.partition("#")
            target = html.fromstring((home.parent / "embed" / path).read_bytes())  # one of those that have the chart
            assert target.xpath(f"//figure[@id='{anchor}']"), (name, address)
            words = embedded.text_content()
            assert edition.settings.title in words
            assert "Records" in words


def test_the_downloads_are_described_as_a_dataset_and_no_other_page_is():
    described = {
        name: [json.loads(script.text)["@type"] for script in page.xpath("//script[@type='application/ld+json']")]
        for name, page in example.pages().items()
    }
    assert {name: kinds for name, kinds in described.items() if kinds} == {"downloads.html": ["Dataset"]}
