"""Titles and subtitles say what is drawn: intervals or bounds, the bounds of an estimate, and what a gap is."""

import pytest

from disparity.site.charts.by_group import name_limits
from disparity.site.parts.after_find import _name_share
from disparity.site.parts.months import GAPS, name_gaps
from disparity.site.published_figures import Row, plain
from support.findings import estimate_row, evidence_of

MEASURED = {"lower": 0.1, "upper": 0.3}
PARTIAL = {"status": "partial", "lower_bound": 0.1, "upper_bound": 0.3}


def rates(*kinds):
    return [Row("estimates", 1, estimate_row("arrest_rate", 0.2, group="Black", **kind)) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([MEASURED], "with 95% confidence intervals"),
        ([PARTIAL], "with the range each could lie in (dashed)"),
        ([MEASURED, PARTIAL], "with 95% confidence intervals or the range it could lie in (dashed)"),
    ],
)
def test_a_subtitle_names_no_interval_where_bounds_are_drawn(kinds, said):
    """A chart of dashed bounds alone said "with 95% confidence intervals"."""
    assert name_limits(rates(*kinds)) == said


@pytest.mark.parametrize(
    ("kind", "title"),
    [(MEASURED, "Arrest followed 20.0% of finds"), (PARTIAL, "Arrest followed 10.0% to 30.0% of finds")],
)
def test_the_title_of_an_estimate_has_its_bounds(kind, title):
    assert plain(_name_share(evidence_of(estimate_row("arrest_after_find_rate", 0.2, **kind)))) == title


@pytest.mark.parametrize(
    ("month", "said"),
    [
        ({"value": 0.2, "status": "measured"}, ""),
        ({"value": 0.2, "status": "partial"}, GAPS),
        ({"value": None, "status": "restricted_labels"}, GAPS),
        ({"value": None, "status": "suppressed", "numerator": None, "denominator": None}, ""),  # no file
    ],
)
def test_a_gap_is_explained_where_a_month_with_a_file_has_one(month, said):
    row = Row("monthly", 1, {"numerator": 1, "denominator": 9} | month)
    assert name_gaps([row], "find_rate") == said
