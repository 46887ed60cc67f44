"""The strip of months: each a square of its own kind, told without colour."""

from datetime import date

from lxml import etree

from disparity.site.charts.month_strip import HELD, IN_DOUBT, MISSING, Month, chart_strip
from disparity.site.charts.specification import sketch
from disparity.site.rendering.svg import draw
from support.vega_lite import hold_schema

MONTHS = [
    Month(date(2019, 4, 1), HELD),
    Month(date(2019, 5, 1), MISSING),
    Month(date(2019, 6, 1), IN_DOUBT, tip="June 2019: in doubt, cut short"),
    Month(date(2020, 4, 1), HELD),
]


def picture(months: list[Month]) -> etree._Element:
    hold_schema(chart_strip(months))
    return etree.fromstring(draw(sketch(chart_strip(months), name="strip")).wide)


def test_every_month_is_a_square_that_says_what_it_is() -> None:
    assert sorted(picture(MONTHS).xpath("//@data-tip")) == [
        *("April 2019: held", "April 2020: held", "June 2019: in doubt, cut short", "May 2019: missing")
    ]


def test_a_state_is_told_by_its_letter_and_a_row_is_a_year() -> None:
    texts = picture(MONTHS).xpath("//text/text()")
    assert {"?", "\u00d7", "Apr 2019", "Apr 2020"} <= set(texts)
    assert "?" not in picture(MONTHS[:1]).xpath("//text/text()")
