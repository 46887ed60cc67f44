"""The part on neighbourhoods: its ends in order, every drawn row behind its chart, and why it is not there."""

from types import SimpleNamespace

import pytest

from disparity.site.parts.neighbourhoods import MOST_LISTED, build_part
from disparity.site.published_figures import plain
from disparity.vocabulary.msoas import read_msoas
from disparity.vocabulary.neighbourhoods import read_neighbourhoods
from support import example
from support.cells import FORCE
from support.findings import evidence_of, place_row

HOMES = sorted(read_neighbourhoods().filter(force="kent")["msoa"].unique())
NAMES = dict(read_msoas().select("msoa", "name").iter_rows())


def part_of(number, **told):
    """The part on so many neighbourhoods: the rate of the first is 1, and of each other one more."""
    rows = [
        place_row(NAMES[code], float(place + 1), place / number, neighbourhood=code, **told)
        for place, code in enumerate(HOMES[:number])
    ]
    edition = SimpleNamespace(evidence={FORCE: [evidence_of(neighbourhoods=rows)]}, findings_of=lambda *_: [])
    return build_part(edition, FORCE).context


def list_rates(table):
    return [str(row[3].main[0]) for row in table.rows]


def test_the_highest_and_the_lowest_are_listed_from_their_ends():
    context = part_of(25)
    assert list_rates(context["highest"]) == [f"{rate}.0" for rate in range(25, 25 - MOST_LISTED, -1)]
    assert list_rates(context["lowest"]) == [f"{rate}.0" for rate in range(1, MOST_LISTED + 1)]


@pytest.mark.parametrize(("number", "low"), [(10, 0), (13, 3), (20, 10), (30, 10)])
def test_no_neighbourhood_is_in_both_lists(number, low):
    context = part_of(number)
    assert (len(context["highest"].rows), len(context["lowest"].rows)) == (10, low)
    listed = [*list_rates(context["highest"]), *list_rates(context["lowest"])]
    assert len(set(listed)) == len(listed)


def test_what_is_drawn_can_all_be_downloaded():
    chart = part_of(25)["neighbourhood_map"]
    assert chart.rows == {"neighbourhoods": list(range(1, 26))}
    assert plain(chart.headline) == f"Searches per thousand residents: 25.0 in {NAMES[HOMES[24]]}, 5.0 overall"


def test_a_rate_of_few_searches_is_marked_and_one_of_fewer_withheld():
    few = part_of(12, numerator=5, status="small")["highest"].rows[0]
    assert (few[2].mark, str(few[2].main[0])) == ("[u]", "4.0")
    fewer = part_of(12, numerator=2, status="suppressed", value=None)["highest"].rows[0]
    assert fewer[2].mark == fewer[2].main[0] == "[c]"
    assert str(fewer[3].main[0]) == "12.0"


def test_where_nothing_could_be_smoothed_there_is_no_map_and_the_reason_is_kept():
    context = part_of(12, fit="too_few_months")
    assert context["neighbourhood_map"] is None
    assert context["fit"] == "too_few_months"
    assert not context["highest"]


def test_a_page_without_a_map_says_why():
    """The made-up forces lie in open sea: no search of theirs is in a neighbourhood."""
    (section,) = example.pages()["fellshire/places.html"].xpath("//section[@aria-labelledby='neighbourhood-map']")
    words = " ".join(section.text_content().split())
    assert "Not here, because too few searches can be placed." in words
    assert not section.xpath(".//svg")
