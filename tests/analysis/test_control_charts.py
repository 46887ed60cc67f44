"""Control charts of forces: which months carry a point, where series start anew, what is left without limits."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.control_charts import CONTROL_COLUMNS, METHODS, control_months, list_breaks
from disparity.analysis.measures.entries import MEASURES
from disparity.project.declarations import FOLLOWED_MEASURES, RecordingChange
from disparity.sources.population import read_population

MONTHS = pl.date_range(date(2019, 4, 1), date(2021, 3, 1), "1mo", eager=True).to_list()
NO_BREAKS = list_breaks([])


def monthly(numerators, *, measure="search_rate", denominator=100.0, group="All", status="measured"):
    """One series from April 2019; None is a month without a file."""
    rows = [
        (month, "kent", group, measure, count, None if count is None else denominator, status)
        for month, count in zip(MONTHS, numerators, strict=False)
    ]
    columns = {"month": pl.Date, "force": pl.String, "ethnic_group": pl.String, "measure": pl.String}
    columns |= {"numerator": pl.Int64, "denominator": pl.Float64, "status": pl.String}
    value = pl.col("numerator") / pl.col("denominator")
    return pl.DataFrame(rows, columns, orient="row").with_columns(
        value=value, status=pl.when(value.is_null()).then(pl.lit("incomplete")).otherwise("status"), in_doubt=False
    )


def change(month, *measures):
    return RecordingChange.model_validate(
        {"force": "kent", "month": month, "measures": list(measures), "what": f"New from {month}."}
    )


def test_every_followed_measure_is_a_measure():
    assert set(FOLLOWED_MEASURES) <= {measure.name for measure in MEASURES}


def test_a_year_of_months_has_limits_and_eleven_have_not():
    eleven, twelve = (control_months(monthly([400] * size), NO_BREAKS) for size in (11, 12))
    assert twelve["centre"].to_list() == [4.0] * 12
    # 3 x √(4 / 100)
    assert twelve["upper"].to_list() == pytest.approx([4.6] * 12)
    assert twelve["lower"].to_list() == pytest.approx([3.4] * 12)
    assert set(twelve["status"]) == {"measured"}
    assert set(eleven["centre"]) == set(eleven["method"]) == set(eleven["signals"]) == {None}
    assert set(eleven["status"]) == {"too_few_months"}
    assert eleven["value"].to_list() == [4.0] * 11


def test_rates_of_residents_are_u_charts_and_shares_p_charts():
    for measure, is_share in (("search_rate", False), ("find_rate", True), ("arrest_rate", True)):
        frame = control_months(monthly([20] * 12, measure=measure), NO_BREAKS)
        assert set(frame["method"]) == {METHODS[is_share]}
        # √(0.2 / 100) against √(0.2 x 0.8 / 100)
        assert frame["upper"][0] == pytest.approx(0.2 + 3 * (0.04 if is_share else 0.2**0.5 / 10))


def test_months_that_are_missing_partial_or_not_measurable_carry_no_point():
    frame = control_months(monthly([400] * 6 + [None] + [400] * 6), NO_BREAKS)
    assert frame["centre"].to_list() == [4.0] * 6 + [None] + [4.0] * 6
    assert frame["status"][6] == "incomplete"
    for status in ("partial", "not_measurable", "restricted_labels"):
        frame = control_months(monthly([400] * 12, status=status), NO_BREAKS)
        assert set(frame["centre"]) == {None}
        assert set(frame["status"]) == {status}


def test_a_month_in_doubt_sets_no_limit_and_stands_out_in_nothing():
    """Twelve months of 400 and one of 1,156, capped or not: the limits are those of the twelve."""
    doubted = monthly([400] * 6 + [1_156] + [400] * 6).with_columns(in_doubt=pl.int_range(pl.len()) == 6)
    frame = control_months(doubted, NO_BREAKS)
    assert frame["centre"].to_list() == [4.0] * 6 + [None] + [4.0] * 6
    assert frame["signals"].null_count() == 13
    assert (frame["in_doubt"][6], frame["value"][6], frame["status"][6]) == (True, 11.56, "measured")


def test_a_small_month_carries_a_point():
    assert control_months(monthly([400] * 12, status="small"), NO_BREAKS)["centre"][0] == 4.0


def test_a_month_beyond_the_limits_is_signalled_and_its_neighbours_are_not():
    counts = [400, 396, 404, 398, 402, 400, 480, 399, 401, 400, 402, 398]
    frame = control_months(monthly(counts), NO_BREAKS)
    # Even with the odd month in it, the mean moving range is under that of chance: sigma_z is not used below 1.
    assert [place for place, text in enumerate(frame["signals"]) if text] == [6]
    assert frame["signals"][6] == "beyond_3_sigma"
    assert frame["z"][6] > 3


def test_a_change_of_recording_starts_the_series_anew_with_its_reason():
    counts = [400] * 12 + [800] * 12
    plain = control_months(monthly(counts), NO_BREAKS)
    assert "9_on_one_side" in plain["signals"][11]
    frame = control_months(monthly(counts), list_breaks([change("2020-04")]))
    assert frame["centre"].to_list() == [4.0] * 12 + [8.0] * 12
    assert set(frame["signals"]) == {None}
    assert frame["baseline"].to_list() == [MONTHS[0]] * 12 + [MONTHS[12]] * 12
    assert frame["baseline_reason"].to_list() == [None] * 12 + ["New from 2020-04."] * 12


def test_a_change_that_leaves_too_few_months_leaves_them_without_limits():
    frame = control_months(monthly([400] * 24), list_breaks([change("2020-06")]))
    assert frame["centre"].null_count() == 10
    assert frame["status"].to_list() == ["measured"] * 14 + ["too_few_months"] * 10


def test_a_change_of_one_measure_leaves_the_others_alone():
    breaks = list_breaks([change("2020-04", "find_rate")])
    assert breaks["measure"].to_list() == ["find_rate"]
    frame = control_months(monthly([400] * 24), breaks)
    assert set(frame["baseline"]) == {MONTHS[0]}


def test_a_change_without_measures_is_one_of_all():
    assert set(list_breaks([change("2020-04")])["measure"]) == set(FOLLOWED_MEASURES)


def test_two_reasons_for_one_month_are_both_given():
    breaks = list_breaks([change("2020-04", "search_rate"), change("2020-04")])
    assert breaks.filter(measure="search_rate")["baseline_reason"].to_list() == ["New from 2020-04. New from 2020-04."]


def test_residents_of_months_make_no_step_at_a_census_or_where_a_year_begins():
    """Black residents of Lancashire grow by 4,719 in 3,647 days: 1.3 a day, under half a percent a month."""
    months = pl.date_range(date(2018, 4, 1), date(2022, 3, 1), "1mo", eager=True)
    spans = pl.DataFrame({"period_from": months, "period_to": months})
    people = read_population(None, spans).filter(force="lancashire", ethnic_group="Black").sort("period_from")
    steps = people["population"].diff().drop_nulls()
    assert 0 <= steps.min() <= steps.max() < 1.3 * 31
    assert set(steps[-11:]) == {0}  # the count of 2021 stands


def test_other_groups_and_measures_are_not_followed():
    assert control_months(monthly([400] * 12, group="Asian"), NO_BREAKS).height == 0
    assert control_months(monthly([40] * 12, measure="action_rate"), NO_BREAKS).height == 0


def test_the_order_of_rows_does_not_matter():
    frame = pl.concat([monthly([400, 380] * 12), monthly([20, 30] * 12, measure="find_rate", group="Black")])
    frames = [control_months(frame.sample(fraction=1, shuffle=True, seed=seed), list_breaks([])) for seed in (1, 2)]
    assert frames[0].equals(frames[1])
    assert frames[0].columns == CONTROL_COLUMNS
