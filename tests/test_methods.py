"""The partial templates of the method page: they render by themselves, each with one heading, question and source."""

from pathlib import Path

import pytest
from jinja2 import Environment
from lxml import html

METHODS = Path(__file__).parents[1] / "reports" / "methods"
OURS = ("funnel", "control", "ranks-and-pooling", "similar-forces")


@pytest.mark.parametrize("name", OURS)
def test_a_method_has_one_heading_with_an_id_a_question_what_would_mislead_and_a_source(name):
    text = Environment(autoescape=True).from_string((METHODS / f"{name}.html").read_text(encoding="utf-8")).render()
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
