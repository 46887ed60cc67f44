"""Before and after an action: what is counted, what is left out, and why there may be no figure."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.actions.answers import list_disparities
from disparity.analysis.actions.effects import measure_effects
from disparity.analysis.actions.register import Action
from disparity.analysis.control_charts import BREAKS

NO_BREAKS = pl.DataFrame(schema=BREAKS)


def month(place):
    return date(2023 + place // 12, place % 12 + 1, 1)


def entry(**changes):
    given = {
        "force": "fellshire",
        "measure": "search_rate",
        "ethnic_group": "Black",
        "found": "x",
        "action": "y",
        "owner": "z",
        "status": "under way",
        "start": date(2024, 1, 1),
    }
    return Action.model_validate(given | changes)


def monthly(black, white, measure="search_rate"):
    """Months from January 2023 on, each of a thousand resident-years."""
    rows = [
        (month(place), "fellshire", group, measure, events, 1.0, float(events), "measured")
        for group, series in (("Black", black), ("White", white))
        for place, events in enumerate(series)
    ]
    names = ["month", "force", "ethnic_group", "measure", "numerator", "denominator", "value", "status"]
    return pl.DataFrame(rows, names, orient="row")


HALVED = monthly([20] * 12 + [10] * 12, [40] * 24)


def effect(frame, *, breaks=NO_BREAKS, **changes):
    return measure_effects({"one": entry(**changes)}, frame, breaks)


def value_of(table, series, component):
    return table.filter(series=series, component=component)["value"].item()


def test_rates_before_and_after_and_the_jump_against_white_people():
    """By hand: 240 searches in 12 thousand resident-years before, 120 after; White people 40 throughout."""
    table = effect(HALVED)
    assert value_of(table, "group", "rate_before") == 20
    assert value_of(table, "group", "rate_after") == 10
    assert value_of(table, "reference", "rate_before") == 40
    assert value_of(table, "group_against_reference", "level") == pytest.approx(0.5)
    assert table["months_before"].unique().to_list() == table["months_after"].unique().to_list() == [12]


def test_the_month_of_the_start_is_left_out_unless_it_is_whole():
    late = effect(monthly([20] * 13 + [10] * 12, [40] * 25), start=date(2024, 1, 15))
    assert value_of(late, "group", "rate_before") == 20
    assert value_of(late, "group", "rate_after") == 10
    assert late["months_before"][0] == late["months_after"][0] == 12


@pytest.mark.parametrize(
    ("frame", "changes", "status"),
    [
        (monthly([20] * 23, [40] * 23), {}, "too_early"),
        (HALVED, {"start": date(2024, 1, 2)}, "too_early"),
        (monthly([20] * 25, [40] * 25), {"start": date(2023, 12, 1)}, "too_short_before"),
        (monthly([4] * 24, [40] * 24), {}, "few_events"),
        (HALVED, {"search_type": "drugs"}, "not_followed"),
        (HALVED, {"measure": "action_rate"}, "not_followed"),
        (HALVED.filter(pl.col("ethnic_group") == "Black"), {}, "too_early"),
    ],
)
def test_where_there_is_no_figure_the_status_says_why(frame, changes, status):
    table = effect(frame, **changes)
    assert table["status"].to_list() == [status]
    assert table["value"].to_list() == [None]


def test_a_change_of_recording_in_between_leaves_no_figure():
    at = {"force": ["fellshire"], "measure": ["search_rate"], "month": [date(2023, 6, 1)], "baseline_reason": ["New."]}
    assert effect(HALVED, breaks=pl.DataFrame(at))["status"].to_list() == ["recording_changed"]
    before = pl.DataFrame(at | {"month": [date(2022, 6, 1)]})
    assert "measured" in effect(HALVED, breaks=before)["status"].to_list()


def test_months_that_are_only_estimates_are_not_used():
    is_partial = (pl.col("month") == month(3)) & (pl.col("ethnic_group") == "Black")
    frame = HALVED.with_columns(status=pl.when(is_partial).then(pl.lit("partial")).otherwise("status"))
    assert effect(frame)["status"].to_list() == ["too_short_before"]


def test_an_entry_without_a_start_has_no_effect():
    planned = entry(status="planned", start=None)
    assert measure_effects({"one": planned}, HALVED, NO_BREAKS).is_empty()


def comparisons(*rows):
    columns = ["measure", "force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "reference_group"]
    made = [
        (measure, "fellshire", date(year - 1, 4, 1), date(year, 3, 1), basis, group, "White", kind, verdict)
        for measure, year, basis, group, kind, verdict in rows
    ]
    return pl.DataFrame(made, [*columns, "search_type", "verdict"], orient="row")


def test_stated_differences_of_the_latest_year_are_listed_with_their_entries():
    table = list_disparities(
        comparisons(
            ("search_rate", 2025, "self-defined", "Black", "All", "higher"),
            ("find_rate", 2025, "self-defined", "Black", "All", "lower"),
            ("search_rate", 2025, "self-defined", "Asian", "All", "no clear difference"),
            ("search_rate", 2024, "self-defined", "Asian", "All", "higher"),
            ("search_rate", 2025, "officer-defined", "Asian", "All", "higher"),
            ("type_share", 2025, "self-defined", "Black", "drugs", "higher"),
            ("search_rate", 2025, "self-defined", "Black", "drugs_unspecified", "higher"),
        ),
        {"one": entry(), "two": entry(measure="arrest_rate")},
    )
    assert table.select("measure", "ethnic_group", "entries", "answer").rows() == [
        ("find_rate", "Black", None, "not yet explained"),
        ("search_rate", "Black", "one", "registered"),
    ]
