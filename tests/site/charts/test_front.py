"""The chart of the front page: a row for each group, the missing with the reason."""

from disparity.site.charts.front import chart_front
from disparity.site.charts.specification import sketch
from disparity.site.published_figures import Row
from disparity.site.rendering.svg import draw
from support.findings import estimate_row, ratio_row
from support.vega_lite import hold_schema

RATES = {
    "Black": Row("estimates", 1, estimate_row("search_rate", 10.85, "Black", numerator=102)),
    "Mixed": Row("estimates", 2, estimate_row("search_rate", None, "Mixed", status="suppressed")),
    "White": Row("estimates", 3, estimate_row("search_rate", 4.45, "White", numerator=5_898)),
}
COMPARED = {
    "Black": Row("comparisons", 1, ratio_row("higher", 2.44, 1.76, 4.04, ratio_lower=1.9, ratio_upper=3.1)),
}


def rows_of(spec):
    return {row["group"]: row for rows in spec["datasets"].values() for row in rows if "group" in row}


def test_the_range_is_drawn_beside_the_interval_that_it_holds():
    row = rows_of(chart_front(RATES, COMPARED))["Black"]
    assert [row[name] for name in ("range_lower", "lower", "upper", "range_upper")] == [1.76, 1.9, 3.1, 4.04]
    assert (row["label"], row["range"], row["told"]) == (
        "10.8",
        "1.76 to 4.04 times that of White people",
        "102 searches",
    )


def test_no_row_is_empty():
    rows = rows_of(chart_front(RATES, COMPARED))
    assert list(rows) == ["Asian", "Black", "Mixed", "White", "Other"]
    assert {group: row["words"] for group, row in rows.items() if row["words"]} == {
        **{"Asian": "not known", "Mixed": "withheld: too few", "Other": "not known"}
    }
    drawn = draw(sketch(chart_front(RATES, COMPARED), name="front")).svg
    assert "withheld: too few" in drawn


def test_a_rate_of_white_people_that_is_missing_leaves_the_others_drawn():
    rates = {"Black": RATES["Black"]}
    drawn = draw(sketch(chart_front(rates, {}), name="front")).svg
    assert "10.8" in drawn


def test_the_chart_keeps_the_schema():
    hold_schema(chart_front(RATES, COMPARED))
