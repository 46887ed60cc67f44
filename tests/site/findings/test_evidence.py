"""What of the published tables is evidence of a force and period."""

import pytest

from disparity.site.findings.evidence import Evidence, say_not_clear
from disparity.site.published_figures import Row
from support.cells import APRIL, FORCE, MARCH, YEAR
from support.findings import NAME, NOTHING_ELSE, PERIOD, YEAR_BEFORE, estimate_row, official_row


def test_officer_defined_rows_and_other_forces_and_periods_are_no_evidence():
    row = estimate_row("search_rate", 1.0, numerator=5) | {
        "force": FORCE,
        "period_from": APRIL,
        "period_to": MARCH,
    }
    others = [
        row | {"force": "kent"},
        row | {"period_to": YEAR[1]},
        row | {"ethnicity_basis": "officer-defined"},
    ]
    tables = {"estimates": [Row("estimates", 1, other) for other in others]}
    tables |= {**NOTHING_ELSE, "quality": []}
    assert Evidence(FORCE, NAME, PERIOD, tables.__getitem__).rows("estimates") == {}
    assert len(Evidence(FORCE, NAME, PERIOD, tables.__getitem__, "officer-defined").rows("estimates")) == 1


def test_official_counts_of_other_forces_and_periods_are_no_evidence():
    span = {"force": FORCE, "period_from": APRIL, "period_to": MARCH}
    rows = [
        official_row(270, 314) | span,
        official_row(1, 900) | span | {"force": "kent"},
        official_row(2, 900) | span | {"period_from": YEAR_BEFORE[0], "period_to": YEAR_BEFORE[1]},
    ]
    tables = {
        "estimates": [],
        "comparisons": [],
        "reasons": [],
        "peers": [],
        "pooled": [],
        **{key: [] for key in ("breakdowns", "areas", "grounds", "actions", "effects")},
        "quality": [],
    }
    tables["official"] = [Row("official", place, row) for place, row in enumerate(rows, start=1)]
    assert Evidence(FORCE, NAME, PERIOD, tables.__getitem__).rows("official") == {("Black",): tables["official"][0]}


CLUSTERS = "days and operations with many searches"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"p_value": 0.01, "level": 0.005}, "not clear once the number of comparisons is allowed for"),
        ({"p_value": 0.0499, "level": 0.005}, "not clear once the number of comparisons is allowed for"),
        ({"p_value": 0.05, "level": 0.005}, "not clear once chance is allowed for"),
        ({"p_value": 0.05, "design_effect": None}, "not clear once chance is allowed for"),
        ({"p_value": 0.2, "design_effect": 1.0}, "not clear once chance is allowed for"),
        (
            {"p_value": 0.2, "design_effect": 2.5},
            "not clear once days and operations with many searches are allowed for",
        ),
        ({"p_value": 0.01, "design_effect": 2.5}, "not clear once the number of comparisons is allowed for"),
        ({"p_value": 0.01, "depends_on": "census"}, "clear as it stands, and not on another count of residents"),
        (
            {"p_value": 0.01, "depends_on": "census, months in doubt"},
            "clear as it stands, and not on another count of residents or without the months in doubt",
        ),
        ({"p_value": 0.01, "depends_on": None}, "not clear once the number of comparisons is allowed for"),
    ],
)
def test_the_reason_for_no_clear_difference_is_the_one_that_decided(values, words):
    assert say_not_clear(Row("comparisons", 1, values)) == words


@pytest.mark.parametrize(("p", "reason"), [(0.05, "the number of comparisons"), (0.1, "chance")])
def test_a_rounded_p_is_the_end_of_its_band(p, reason):
    row = Row("comparisons", 1, {"p_value": p, "places": 1})
    assert say_not_clear(row) == f"not clear once rounding and {reason} are allowed for"
