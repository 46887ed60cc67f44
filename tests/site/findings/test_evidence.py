"""What of the published tables is evidence of a force and period."""

from disparity.site.findings.evidence import Evidence
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
