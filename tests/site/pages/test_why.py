"""The page Why: one chart, then a question for each explanation, its answer first and its table folded."""

import pytest

from disparity.pipeline.build import build
from disparity.project.settings import make_settings
from support import example, protected_site

ANCHORS = ["reasons", "residents", "unknown", "places", "ages", "types", "chance", "deprivation"]


def words(element):
    return " ".join(element.text_content().split())


def pages(name="why.html"):
    open_pages = {path: page for path, page in example.pages().items() if path.endswith(f"/{name}")}
    return open_pages | {"restricted": protected_site.pages()[name]}


def test_every_explanation_has_its_anchor_and_a_question_with_an_answer_under_it():
    for path, page in pages().items():
        for anchor in ANCHORS:
            (head,) = page.xpath(f"//h2[@id='{anchor}']")
            assert words(head).endswith("?"), (path, anchor)
            answer = head.getnext()
            assert answer.tag == "p", (path, anchor)
            assert len(words(answer)) > 10, (path, anchor)


def test_tables_are_folded_and_there_is_one_chart_of_what_is_assumed():
    for path, page in pages().items():
        assert not page.xpath("//main//table[not(ancestor::details)]"), path
        assert len(page.xpath("//figure[@id='fig-why']")) <= 1, path


def test_the_rows_of_the_chart_are_those_of_its_table():
    drawn = 0
    for path, page in pages().items():
        for figure in page.xpath("//figure[@id='fig-why']"):
            rows = [words(head) for head in page.xpath("//table[caption/@id='cap-assumptions']/tbody/tr/th")]
            said = " ".join(figure.xpath(".//*[local-name()='svg']")[0].itertext())
            assert rows[0] == "As published", path
            assert all(row.split(" (")[0] in said for row in rows), path
            drawn += 1
    assert drawn >= 3


def test_the_range_is_said_once_and_the_extremes_of_unknown_ethnicity_in_no_sentence():
    for path, page in pages().items():
        ranges = page.xpath("//main//p//data[contains(@data-at, ':range_')]")
        assert len(ranges) in (0, 1, 2), path
        for sentence in page.xpath("//main//p"):
            assert "Were they all" not in words(sentence), path
            assert "all of the group" not in words(sentence), path


def test_the_shares_of_priorities_and_of_possession_alone_are_there_to_be_found():
    page = example.pages()["thornmoor/why.html"]
    (head,) = page.xpath("//h2[@id='priorities']")
    assert "fell under a stated priority and" in words(head.getnext())
    (possession,) = page.xpath("//h3[@id='possession']")
    assert "of all searches" in words(possession.getnext()).lower()
    assert "were for possession of drugs alone" in words(possession.getnext())


@pytest.mark.parametrize("address", ["why.html", "over-time.html", "action.html"])
def test_no_sentence_has_more_than_two_figures(address):
    for path, page in example.pages().items():
        if path.endswith(f"/{address}"):
            for paragraph in page.xpath("//main//p[not(ancestor::li)]"):
                for sentence in split(paragraph):
                    assert sentence.count("#") <= 2, (path, words(paragraph))


def split(paragraph):
    """The sentences of a paragraph, each figure a sign."""
    text = paragraph.text or ""
    for child in paragraph:
        text += ("#" if child.tag == "data" else words(child)) + (child.tail or "")
    return text.split(". ")


@pytest.mark.slow
def test_a_force_with_nothing_measurable_has_every_answer_and_no_chart(tmp_path):
    source = sorted(example.RECORDS.glob("*/*-fellshire-stop-and-search.csv"))[0]
    month = source.parent.name
    few = tmp_path / "records" / month / source.name
    few.parent.mkdir(parents=True)
    few.write_text("".join(source.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), encoding="utf-8")
    given = {"records": [few.parents[1]], "population": example.POPULATION, "forces": ["fellshire"]}
    asked = {"title": "Few", "from": month, "to": month, "out": tmp_path / "site", "is_synthetic": True}
    build(make_settings(asked | given | {"names": {"fellshire": "Fellshire Police"}}, where="a test"))
    page = example.read_pages(tmp_path / "site")["why.html"]
    assert not page.xpath("//figure")
    for anchor in ANCHORS:
        (head,) = page.xpath(f"//h2[@id='{anchor}']")
        assert len(words(head.getnext())) > 10, anchor
    assert "There is no ratio of search rates to take apart" in words(page)
