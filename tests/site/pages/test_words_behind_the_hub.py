"""Data and method, and the pages behind it: short sentences, a question as heading, no word that readers stumble on."""

import re

import pytest

from support import example, protected_site
from support.page_sentences import read_sentences

OF_SITE = ("downloads.html", "provenance.html", "what-changed.html", "accessibility.html")
OF_FORCE = ("data.html", "data-quality.html")
LONGEST, MEAN = 30, 18
STUMBLED_ON = re.compile(r"\b(tells?|stands?|mends?|whom|ran)\b|at the pace of a year|who is searched how often")


@pytest.fixture(params=["open", "restricted"])
def pages(request):
    site, force = (example.site(), "fellshire/") if request.param == "open" else (protected_site.site(), "")
    read = example.read_pages(site)
    return {name: read[name] for name in (*OF_SITE, *(force + name for name in OF_FORCE))}


def test_sentences_are_short(pages):
    for name, page in pages.items():
        words = [(len(sentence.split()), sentence) for sentence in read_sentences(page)]
        assert len(words) > 5, name
        assert [sentence for many, sentence in words if many > LONGEST] == [], name
        assert sum(many for many, _ in words) / len(words) <= MEAN, name


def test_every_heading_is_a_question(pages):
    for name, page in pages.items():
        headings = [heading.text_content() for heading in page.xpath("//main//h2")]
        assert headings, name
        assert [heading for heading in headings if not heading.endswith("?")] == [], name


def test_no_word_is_one_that_readers_stumbled_on(pages):
    for name, page in pages.items():
        assert [sentence for sentence in read_sentences(page) if STUMBLED_ON.search(sentence)] == [], name


def test_big_tables_are_folded(pages):
    for name, page in pages.items():
        open_ = page.xpath("//main//table[not(ancestor::details)]")
        assert all(len(table.xpath(".//tbody/tr")) <= 12 for table in open_), name


def test_the_accessibility_statement_says_what_was_tested_and_whom_to_tell(pages):
    page = pages["accessibility.html"]
    assert page.xpath("//main//h2/@id") == ["can", "standard", "tested", "not", "tell"]
    assert {"axe", "320 pixels", "Tab key", "WCAG 2.2 AA"} <= {
        words for words in ("axe", "320 pixels", "Tab key", "WCAG 2.2 AA") if words in page.text_content()
    }
