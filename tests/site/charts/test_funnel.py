"""The funnel chart: every force a point, the page's own named, the limits lines with their names."""

import itertools
from datetime import date

import pytest
from lxml import etree

from disparity.site.charts.funnel import chart_funnel
from disparity.site.charts.specification import WIDE, sketch
from disparity.site.published_figures import Row
from disparity.site.rendering.svg import draw
from disparity.statistics.funnel import RATIOS, Z_95, funnel_limits
from support.drawings import height, look, place
from support.vega_lite import hold_schema

VALUES = {"kent": 4.0, "essex": 2.0, "surrey": 1.5, "dorset": 3.0}
SIZES = {"kent": 30.0, "essex": 100.0, "surrey": 400.0, "dorset": 900.0}


def rows(measure="search_rate_ratio", values=None, **changed):
    shared = {"measure": measure, "target": 2.0, "tau": 0.1, "lower_95": 1.0, "period_to": date(2020, 3, 1)}
    return [
        Row(
            "peers",
            place,
            shared | {"force": force, "value": value, "precision": SIZES[force]} | changed.get(force, {}),
        )
        for place, (force, value) in enumerate((values or VALUES).items(), start=1)
    ]


def layers(chart):
    return chart(WIDE)["layer"]


def data(chart, holding):
    return next(values for values in chart(WIDE)["datasets"].values() if holding in values[0])


def picture(chart):
    return etree.fromstring(draw(sketch(chart, name="funnel")).wide)


def marks(chart, kind):
    return picture(chart).xpath(f"//*[starts-with(@class, 'mark-{kind} role-mark')]/*")


def make(made):
    chart = chart_funnel(made, force="essex", name="Essex Police")
    hold_schema(chart)
    return chart


def test_every_force_is_a_point_and_only_the_pages_own_is_filled_and_named():
    symbols = marks(make(rows()), "symbol")
    assert sorted(look(symbol, "fill") for symbol in symbols) == sorted(["#ffffff"] * 3 + ["#12436D"])
    names = {text.text for text in marks(make(rows()), "text")}
    assert names == {"Essex Police", "pooled", "95%", "99.8%"}


def test_a_force_without_limits_is_not_drawn():
    made = rows(surrey={"lower_95": None, "precision": None})
    assert {point["force"] for point in data(make(made), "is_own")} == {"Kent Police", "Essex Police", "Dorset Police"}


def test_nothing_is_drawn_where_no_force_has_limits():
    with pytest.raises(ValueError, match="no row of the funnel has limits"):
        make(rows(**{force: {"lower_95": None} for force in VALUES}))


def test_the_curves_are_the_target_and_the_limits_of_the_table():
    curves = data(make(rows()), "line")
    assert {curve["value"] for curve in curves if curve["label"] == "pooled"} == {2.0}
    upper = [curve for curve in curves if curve["line"] == "95% above"]
    assert len(upper) == 30
    sizes = [curve["precision"] for curve in upper]
    expected = funnel_limits(sizes, 2.0, RATIOS, z=Z_95, tau=0.1).upper
    assert [curve["value"] for curve in upper] == pytest.approx(list(expected), rel=2e-4)
    assert min(sizes) < 30
    assert max(sizes) > 900


def test_limits_differ_by_dash_and_name_not_by_colour():
    (lines,) = [layer for layer in layers(make(rows())) if layer["mark"]["type"] == "line"]
    dashes = lines["encoding"]["strokeDash"]["scale"]
    assert dashes["domain"] == ["pooled", "95%", "99.8%"]
    assert len({tuple(dash) for dash in dashes["range"]}) == 3


def test_precision_runs_across_and_the_value_up():
    for layer in layers(make(rows())):
        assert layer["encoding"]["x"]["field"] == "precision"
        assert layer["encoding"]["y"]["field"] in {"value", "name_at"}


def test_ratios_are_drawn_as_factors_and_shares_from_zero():
    assert layers(make(rows()))[0]["encoding"]["y"]["scale"]["type"] == "log"
    shares = {force: value / 10 for force, value in VALUES.items()}
    made = [Row("peers", row.number, row.values | {"target": 0.2}) for row in rows("find_rate", shares)]
    scale = layers(chart_funnel(made, force="essex", name="Essex Police"))[0]["encoding"]["y"]["scale"]
    assert scale["domain"][0] == 0
    assert scale["domain"][1] > 0.4


def test_a_hostile_name_stays_text():
    drawing = draw(sketch(chart_funnel(rows(), force="essex", name="</script><script>alert(1)"), name="funnel"))
    assert "</script><script>alert(1)" in set(etree.fromstring(drawing.wide).itertext())


def sizes_on_axis(*sizes):
    """Ticks of the axis of sizes: of ratios there is none above 50."""
    given = {force: {"precision": float(size)} for force, size in zip(VALUES, sizes, strict=True)}
    texts = [text.replace(",", "") for text in picture(make(rows(**given))).xpath("//text/text()")]
    return [int(text) for text in texts if text.isdigit() and int(text) > 50]


def heights(**changed):
    """How far from the top the names of the lines are."""
    texts = [mark for mark in marks(make(rows(**changed)), "text") if mark.text in {"pooled", "95%", "99.8%"}]
    return sorted(height(mark) for mark in texts)


@pytest.mark.parametrize("tau", [0.0, 0.01, 0.1, 1.0])
def test_names_of_lines_never_meet_however_close_the_lines_end(tau):
    places = heights(**{force: {"tau": tau, "precision": 1e6 * size} for force, size in SIZES.items()})
    assert len(places) == 5
    assert min(after - before for before, after in itertools.pairwise(places)) > 12


def test_the_name_of_the_force_covers_no_other_force():
    made = rows(kent={"precision": 115.0, "value": 2.1}, dorset={"precision": 130.0, "value": 2.15})
    (name,) = [mark for mark in marks(make(made), "text") if mark.text == "Essex Police" and not look(mark, "stroke")]
    others = [mark for mark in marks(make(made), "symbol") if look(mark, "fill") == "#ffffff"]
    x, y = place(name), height(name)
    left, right = (x - 85, x) if name.get("text-anchor") == "end" else (x, x + 85)
    for other in others:
        across, down = place(other), height(other)
        assert not (left < across < right and y - 12 < down < y + 3)


@pytest.mark.parametrize(
    ("sizes", "ticks"),
    [
        ((60, 300, 1_000, 9_000), [100, 300, 1_000, 3_000]),
        # The limits start at 0.6 of the smallest: 1,080.
        ((1_800, 2_500, 4_000, 9_500), [1_500, 2_000, 3_000, 5_000, 7_000]),
    ],
)
def test_the_axis_has_ticks_enough_to_show_that_its_steps_multiply(sizes, ticks):
    assert sizes_on_axis(*sizes) == ticks


def test_sizes_that_are_nearly_alike_still_have_ticks():
    assert len(sizes_on_axis(2_100, 2_300, 2_600, 2_900)) >= 2
