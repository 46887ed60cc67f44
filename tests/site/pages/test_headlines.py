"""Headlines of charts are read at a glance."""

import pytest
from lxml import html

from disparity.site.parts.control import _name_signals
from disparity.site.published_figures import Row
from disparity.vocabulary.calendar import months_from
from support import example, real_sites
from support.cells import APRIL

MOST_WORDS = 10


def long_headlines(site):
    said = {}
    for path in site.rglob("*.html"):
        for headline in html.fromstring(path.read_bytes()).xpath("//figure[@class='chart']/figcaption/strong"):
            said[path.relative_to(site).as_posix(), headline.getparent().get("id")] = headline.text_content()
    assert len(said) > 10
    return {place: words for place, words in said.items() if len(words.split()) > MOST_WORDS}


def test_no_headline_of_the_example_has_over_ten_words():
    assert long_headlines(example.site()) == {}


def test_no_headline_of_a_real_force_has_over_ten_words(records):
    assert long_headlines(real_sites.lancashire(records)) == {}


@pytest.mark.parametrize("doubted", [(), (1,), (1, 4, 7)])
@pytest.mark.parametrize("marked", [(), (0,), (0, 3), (0, 3, 6, 9)])
def test_months_that_signal_are_named_where_they_are_few_and_some_are_said_where_they_are_many(marked, doubted):
    rows = [
        Row("control", at + 1, {"month": month, "signals": "x" if at in marked else None, "in_doubt": at in doubted})
        for at, month in enumerate(months_from(APRIL, 12))
    ]
    said = _name_signals(rows, "Black people’s search rate")
    assert len(said.split()) <= MOST_WORDS
    if marked:
        assert said.endswith("a change")
        assert "some months" in said or len(marked) == 1
    else:
        assert ("in doubt" in said) == bool(doubted)
        assert "no month signals a change" in said or "no signal" in said
