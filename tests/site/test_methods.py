"""The partial templates of the method page: they render by themselves, each with one heading, question and source."""

from pathlib import Path

import pytest
from jinja2 import Environment
from lxml import html

from disparity.site.pages.method import OTHERS, REASONS, RULES
from disparity.site.template_words import GLOBALS
from support import example

METHODS = Path(__file__).parents[2] / "reports" / "methods"
EVERY = sorted(path.stem for path in METHODS.glob("*.html"))
OURS = ("funnel", "control", "ranks-and-pooling", "similar-forces")


@pytest.mark.parametrize("name", OURS)
def test_a_method_has_one_heading_with_an_id_a_question_what_would_mislead_and_a_source(name):
    template = Environment(autoescape=True).from_string((METHODS / f"{name}.html").read_text(encoding="utf-8"))
    text = template.render(GLOBALS)
    page = html.fromstring(f"<section>{text}</section>")
    (heading,) = page.xpath("./h3")
    assert heading.get("id")
    leads = [lead.text.rstrip(".") for lead in page.xpath("./p/b")]
    assert leads[0] in {"The question", "The questions"}
    assert leads[-2:] == ["What would mislead", "Source"]
    assert not page.xpath(".//script | .//*[@style] | .//*[@src] | .//*[@href]")


def test_headings_of_methods_have_ids_of_their_own():
    ids = [html.parse(METHODS / f"{name}.html").xpath("//h3/@id")[0] for name in OURS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", EVERY)
def test_every_method_says_its_question_what_would_mislead_and_its_source(name):
    text = (METHODS / f"{name}.html").read_text(encoding="utf-8")
    assert "?" in text or "Question" in text
    assert "mislead" in text
    assert "Source" in text


def test_every_method_is_on_the_page_with_an_example_of_its_own():
    placed = dict((*RULES, *REASONS, *OTHERS))
    assert sorted(placed) == EVERY
    assert all(placed.values())


def test_every_example_of_the_method_page_has_its_figures():
    shown = example.pages()["method.html"].xpath("//p[@class='example']")
    names = [
        "residents",
        "rates",
        "shares",
        "limits",
        *(name for _, of_file in (*RULES, *REASONS, *OTHERS) for name in of_file),
    ]
    assert len(shown) == len(names) == len(set(names))
    assert all(len(sentence.xpath(".//data")) > 0 for sentence in shown)


def test_a_method_is_followed_by_its_examples_before_the_next_begins():
    page = example.pages()["method.html"]
    order = page.xpath("//h3/@id | //p[@class='example']/text()")
    firsts = [
        html.fragment_fromstring(f"<div>{(METHODS / f'{name}.html').read_text()}</div>").xpath("string(.//h3/@id)")
        for name, _ in (*RULES, *REASONS, *OTHERS)
    ]
    places = [*(order.index(heading) for heading in firsts), len(order)]
    for (name, examples), start, end in zip((*RULES, *REASONS, *OTHERS), places, places[1:], strict=False):
        inside = page.xpath("//h3[@id=$first]/following::p[@class='example']", first=order[start])
        later = (
            page.xpath("//h3[@id=$next]/following::p[@class='example']", next=order[end]) if end < len(order) else []
        )
        assert len(inside) - len(later) == len(examples), name
