"""The front page of a force: one sentence, five answers, Black and White people on every one, verdicts as published."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.build import make_edition
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import make_settings
from disparity.records.expectations import RESULTS, Validation
from disparity.records.ingest import read_records
from disparity.site.page import Edition, Page
from disparity.site.pages import findings
from disparity.site.published_figures import plain
from support import example, protected_site
from support.builders import BLACK, monthly_text, write_monthly

NOT_CHECKED = Validation(pl.DataFrame(schema=RESULTS))
QUESTIONS = ["Was anything found?", "For what?", "Is it changing?", "Why?", "How sure?"]
REAL = [
    *("humberside", "kent", "lancashire", "northumbria", "nottinghamshire"),
    *("south-wales", "south-yorkshire", "west-yorkshire"),
]
CANNOT = "cannot be known from these records, because"
# Verdict → what the front page says of it and of no other: of search rates, and of find rates.
SEARCHED = {
    **{"higher": "people were searched", "lower": "people were searched", "depends": "depends on"},
    "no clear difference": "no clear difference between how often",
    **dict.fromkeys(("not compared", "not measurable"), CANNOT),
}
FOUND = {
    **{"higher": "percentage points higher", "lower": "percentage points lower", "depends": "depends on"},
    "no clear difference": "no clear difference",
    **dict.fromkeys(("not compared", "not measurable"), "be known"),
}


@cache
def publish(records: Path, force: str, first: str = "2019-04", last: str = "2020-03") -> Edition:
    """The edition of a force, as it would be published."""
    asked = {"records": [str(records)], "forces": [force], "from": first, "to": last, "allow_partial": True}
    settings = make_settings(asked, where="a test")
    made = read_records(settings)
    return make_edition(settings, made.forces, tabulate(settings, made, NOT_CHECKED))


def read_front(edition: Edition, force: str) -> Page:
    """Its front page, after it was seen to keep what every front page has to."""
    page = findings.build_page(edition, force)
    front = page.context["front"]
    assert [answer.question for answer in front.answers] == QUESTIONS
    compared = {
        row.values["measure"]: row.values["verdict"]
        for row in edition.rows_of("comparisons", force)
        if (row.values["ethnic_group"], row.values["search_type"]) == ("Black", "All")
        and row.values["ethnicity_basis"] == "self-defined"
        and row.period == edition.evidence[force][0].period
    }
    searched = plain(front.also or front.headline)
    found = plain(front.answers[0].sentence)
    for words, said, measure in ((searched, SEARCHED, "search_rate"), (found, FOUND, "find_rate")):
        assert "Black people" in words
        assert "White people" in words
        verdict = compared.get(measure, "not measurable")
        assert said[verdict] in words, (measure, verdict, words)
        others = {other for name, other in said.items() if other != said[verdict] and name not in ("higher", "lower")}
        assert not [other for other in others - {CANNOT, "be known"} if other in words], (verdict, words)
    return page


@pytest.mark.slow
@pytest.mark.parametrize("force", REAL)
def test_the_front_page_of_every_real_force_says_what_is_known(records: Path, force: str):
    page = read_front(publish(records, force), force)
    assert page.context["chart"] is not None
    assert "no year before" in plain(page.context["front"].answers[2].sentence)


def test_the_example_has_five_answers_for_each_force():
    edition = example.edition()
    for force in edition.forces:
        read_front(edition, force)


def test_a_restricted_publication_has_them_too():
    settings, frames = protected_site.settings(), protected_site.frames()
    edition = make_edition(settings, protected_site.ingested().forces, frames)
    page = read_front(edition, protected_site.FORCE)
    assert page.context["months"]


def test_the_page_of_the_example_has_its_parts_in_order():
    page = example.pages()["fellshire/index.html"]
    asked = [" ".join(heading.text_content().split()) for heading in page.xpath("//section[@class='question']/h2")]
    assert asked == QUESTIONS
    (title,) = page.xpath("//h1")
    assert title.text_content() in ("Black people were searched about three and a half times as often as White people",)
    for section in page.xpath("//section[@class='question']"):
        assert section.xpath(".//a/@href"), section.text_content()
    assert page.xpath("//details[@class='glance']//table")
    assert len(page.xpath("//ol[@class='strip']/li")) == 12


def write_year(folder: Path, force: str, months: range) -> Path:
    """Searches of some months of 2019, each with its own number, a tenth of Black people; none says what was found."""
    for month in months:
        rows = [
            {
                "searched_at": f"2019-{month:02d}-{1 + place % 28:02d}T{8 + place // 60:02d}:{place % 60:02d}:00+00:00",
                "is_outcome_linked": "",
                **({"self_defined_ethnicity": BLACK} if place % 10 == 0 else {}),
            }
            for place in range(60 + 10 * month)
        ]
        write_monthly(folder, monthly_text(rows, month=f"2019-{month:02d}"), force=force, month=f"2019-{month:02d}")
    return folder


@pytest.mark.slow
def test_a_force_with_nothing_measurable_says_so_five_times(tmp_path: Path):
    """The British Transport Police has no residents."""
    edition = publish(write_year(tmp_path, "btp", range(1, 7)), "btp", "2019-01", "2019-06")
    page = read_front(edition, "btp")
    front = page.context["front"]
    assert page.context["chart"] is None
    assert plain(front.headline) == (
        "Whether Black people were searched more often than White people cannot be known from these records, because "
        "there is no count of residents to set the searches beside"
    )
    assert CANNOT in plain(front.answers[0].sentence)


@pytest.mark.slow
def test_months_that_are_missing_are_in_the_first_sentence_and_in_the_strip(tmp_path: Path):
    edition = publish(write_year(tmp_path, "kent", range(1, 5)), "kent", "2019-01", "2019-06")
    page = read_front(edition, "kent")
    assert plain(page.context["front"].headline).startswith("Whether Black people were")
    assert plain(page.context["front"].headline).endswith("; 2 of 6 months are missing")
    assert [month.state for month in page.context["months"]] == ["held"] * 4 + ["missing"] * 2


@pytest.mark.slow
def test_a_month_in_doubt_is_in_the_first_sentence_and_in_the_strip(records: Path):
    page = read_front(publish(records, "south-wales"), "south-wales")
    assert plain(page.context["front"].headline).startswith("Black people were searched")
    assert plain(page.context["front"].headline).endswith("; 1 of 12 months is in doubt")
    states = {month.name: month.state for month in page.context["months"]}
    assert {name for name, state in states.items() if state == "in doubt"} == {"February 2020"}
    assert date(2020, 2, 1) in {row.values["month"] for row in publish(records, "south-wales").tables["doubts"]}
