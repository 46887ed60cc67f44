"""The method page: every question has a short answer, with its formula, what would mislead and its source folded."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import html

from disparity.analysis.calibration.calibrate import read_calibration, read_calibration_summary
from disparity.site.pages.method import OTHERS, REASONS, RULES, tabulate_calibration
from disparity.site.published_figures import number_rows
from support import example, protected_site
from support.page_sentences import read_sentences, split_sentences

METHODS = Path(__file__).parents[2] / "reports" / "methods"
EVERY = sorted(path.stem for path in METHODS.glob("*.html"))
LISTED = (*RULES, *REASONS, *OTHERS)
MOST_BYTES = 150_000
# Other pages, other sites and citations lead to these.
ANCHORS = re.findall(
    r"[\w-]+",
    """
    search measures types find ethnicity population gates words tests unknown rule statement-rule range assumptions
    tipping e-value reasons missing-ethnicity like-with-like all-groups decomposition rate-gaps area-rates
    standardised benchmarks combined-verdict clusters veil-of-darkness others children similar-forces funnel ranks
    pooling control interrupted statement calibration disclosure sources missing-left-out missing-proportional
    missing-by-type missing-officer missing-imputed missing-extremes
    """,
)


def read_method(name):
    return html.fragment_fromstring((METHODS / f"{name}.html").read_text(encoding="utf-8"), create_parent="div")


@pytest.mark.parametrize("name", EVERY)
def test_a_method_asks_a_question_answers_it_in_short_and_folds_how_it_is_made(name):
    method = read_method(name)
    tops = [element.tag if element.tag != "p" else element.get("class") for element in method]
    assert tops == ["h3", "short", "details"] * (len(tops) // 3)
    for heading in method.xpath("./h3"):
        assert heading.get("id")
        assert heading.text_content().endswith("?")
    for short in method.xpath("./p"):
        assert 1 <= len(split_sentences(short)) <= 3


@pytest.mark.parametrize("name", EVERY)
def test_every_method_says_what_would_mislead_and_its_source(name):
    text = (METHODS / f"{name}.html").read_text(encoding="utf-8")
    assert "hat would mislead" in text
    assert "Source" in text


def test_every_method_is_on_the_page_with_an_example_of_its_own():
    placed = dict(LISTED)
    assert sorted(placed) == EVERY
    assert all(placed.values())


def test_every_example_of_the_method_page_has_its_figures():
    shown = example.pages()["method.html"].xpath("//p[@class='example']")
    names = ["residents", "rates", "shares", "limits", *(name for _, of_file in LISTED for name in of_file)]
    assert len(shown) == len(names) == len(set(names))
    assert all(len(sentence.xpath(".//data")) > 0 for sentence in shown)


def test_a_method_is_followed_by_its_examples_before_the_next_begins():
    page = example.pages()["method.html"]
    firsts = [read_method(name).xpath("string(./h3/@id)") for name, _ in LISTED]
    order = page.xpath("//h3/@id | //h2[@id='statement']/@id | //p[@class='example']/text()")
    places = [*(order.index(heading) for heading in firsts), order.index("statement")]
    for (name, examples), start, end in zip(LISTED, places[:-1], places[1:], strict=True):
        ends = page.xpath("//*[@id=$start]/following::p[@class='example']", start=order[start])
        later = page.xpath("//*[@id=$end]/following::p[@class='example']", end=order[end])
        assert len(ends) - len(later) == len(examples), name


@pytest.fixture(params=["open", "restricted"])
def page(request):
    pages = example.pages() if request.param == "open" else protected_site.pages()
    return pages["method.html"]


def test_the_anchors_of_the_method_page_stay(page):
    assert set(ANCHORS) <= set(page.xpath("//main//@id"))


def test_every_question_of_the_page_has_its_answer_first(page):
    for heading in page.xpath("//main//h2"):
        assert heading.text_content().endswith("?")
        assert heading.getnext().get("class") == "short", heading.get("id")
        assert len(split_sentences(heading.getnext())) <= 3, heading.get("id")


def test_tables_and_formulas_are_folded(page):
    assert page.xpath("//main//table")
    assert not page.xpath("//main//table[not(ancestor::details)]")
    assert not page.xpath("//p[@class='example'][not(ancestor::details)]")


def test_the_page_is_light_enough_for_a_slow_line(page):
    bare = deepcopy(page)
    for script in bare.xpath("//script"):
        script.getparent().remove(script)
    assert len(html.tostring(bare, encoding="utf-8")) <= MOST_BYTES


def test_sentences_of_the_page_are_short(page):
    words = [(len(sentence.split()), sentence) for sentence in read_sentences(page)]
    assert len(words) > 300
    assert [sentence for many, sentence in words if many > 30] == []
    assert sum(many for many, _ in words) / len(words) <= 18


def test_what_a_site_carries_of_the_calibration_gives_the_tables_of_all_of_it():
    """The lowest and highest coverage are those over every group and type."""

    def lay_out(read):
        tables = tabulate_calibration(number_rows("calibration", read()))
        return {
            name: [["".join(map(str, cell.main)) for cell in row] for row in table.rows]
            for name, table in tables.items()
        }

    assert lay_out(read_calibration_summary) == lay_out(read_calibration)
    assert read_calibration_summary().height < read_calibration().height / 4
