"""Evidence made up for a sentence of the findings, and the sentences read from it."""

from dataclasses import replace
from datetime import date

from disparity.analysis.measures.entries import ESTIMATE_COLUMNS
from disparity.analysis.sensitivity.statements import COMPARISON_COLUMNS
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find import find
from disparity.site.published_figures import Row, plain
from support.cells import APRIL, FORCE, MARCH

NAME = "Lancashire Constabulary"
PERIOD = (APRIL, MARCH)
YEAR_BEFORE = (date(2021, 4, 1), date(2022, 3, 1))
INTERVAL = "95% confidence interval"


def estimate_row(measure, value=None, group="All", search_type="All", **values):
    named = {"measure": measure, "value": value, "ethnic_group": group, "search_type": search_type}
    full = {"ethnicity_basis": "self-defined", "status": "measured"}
    return dict.fromkeys(ESTIMATE_COLUMNS) | full | named | values


def comparison_row(measure, verdict, group="Black", search_type="All", **values):
    named = {"measure": measure, "verdict": verdict, "ethnic_group": group, "search_type": search_type}
    return (
        dict.fromkeys(COMPARISON_COLUMNS) | {"ethnicity_basis": "self-defined", "status": "measured"} | named | values
    )


def official_row(records, official, group="Black"):
    difference = records - official
    counted = {"record_searches": records, "official_searches": official}
    apart = {"difference": difference, "difference_share": difference / official if official else None}
    return {"ethnic_group": group} | counted | apart


def quality(*, outcome=0.0, link=0.0, false=(5, 50), true=0.0, missing=0):
    shares = {"outcome_not_recorded": outcome, "link_not_recorded": link, "months_missing": missing / 12}
    counts = {"months_missing": missing}
    rows = [{"item": item, "rows": counts.get(item, 0), "of": 0, "share": share} for item, share in shares.items()]
    none = true is None
    linked = {"rows": 0 if none else round(1_000 * true), "of": 0 if none else 1_000, "share": true}
    return [
        *rows,
        {"item": "link_false", "rows": false[0], "of": false[1], "share": None},
        {"item": "link_true_without_action"} | linked,
    ]


# Tables that a test is not about.
NOTHING_ELSE: dict[str, list[Row]] = {
    name: []
    for name in (
        *("comparisons", "reasons", "peers", "pooled", "official", "breakdowns", "areas", "grounds", "actions"),
        *("disparities", "effects", "cells", "disclosure", "sensitivity", "tipping", "population"),
        *("doubts", "years", "submissions", "monthly", "children", "children_comparisons", "children_official"),
        *("age_rates", "benchmarks", "history"),
        *("neighbourhoods", "deprivation"),
    )
}


def evidence_of(*estimates, items=None, period=PERIOD, **others):
    span = {"force": FORCE, "period_from": period[0], "period_to": period[1]}
    drawn = {
        "estimates": estimates,
        "quality": items or quality(),
        **{name: others.pop(name, ()) for name in NOTHING_ELSE},
    }
    assert not others
    tables = {
        name: [Row(name, place, row | span) for place, row in enumerate(rows, start=1)] for name, rows in drawn.items()
    }
    return Evidence(FORCE, NAME, period, tables.__getitem__)


def read(kind, *estimates, previous=None, **tables):
    """The sentences of a kind, as a reader sees them."""
    findings = find(replace(evidence_of(*estimates, **tables), previous=previous))
    return [plain(finding.sentence) for finding in findings if finding.kind == kind]


def evidence_rows(force, missing=0):
    """Quality rows of a force over the period."""
    span = {"force": force, "period_from": APRIL, "period_to": MARCH}
    return [Row("quality", place, row | span) for place, row in enumerate(quality(missing=missing), start=1)]


RATES = [
    estimate_row("search_rate", 17.135, "Black"),
    estimate_row("search_rate", 10.284, "Asian"),
    estimate_row("search_rate", 5.904, "White"),
]


def ratio_row(verdict, value, lower, upper, group="Black", **named):
    """A ratio with its range; sentences give no other."""
    return comparison_row("search_rate", verdict, group, ratio=value, range_lower=lower, range_upper=upper, **named)


FINDS = [estimate_row("find_rate", 0.24194, "Black"), estimate_row("find_rate", 0.1859, "White")]


def difference_row(verdict, difference, lower, upper, search_type="All", **named):
    limits = {"difference": difference, "range_lower": lower, "range_upper": upper}
    return comparison_row(named.pop("measure", "find_rate"), verdict, search_type=search_type, **limits, **named)


def find_of_type(search_type, value, numerator=100, status="measured", group="All"):
    return estimate_row("find_rate", value, group, search_type, numerator=numerator, status=status)


def shares_of(measure):
    return [estimate_row(measure, 0.24194, "Black"), estimate_row(measure, 0.1859, "White")]


def part(measure, category, value, **other):
    """One row of a breakdown: all searches of a thousand, measured, unless named."""
    breakdown = {"origin_share": "search_origin", "item_found_share": "item_found", "aligned_share": "priority"}
    full = {
        **{"measure": measure, "breakdown": breakdown.get(measure, "area"), "category": category},
        **{"ethnic_group": "All", "search_type": "All", "value": value, "status": "measured"},
        **{"numerator": round(1_000 * (value or 0)), "denominator": 1_000, "unknown": 0},
        **{"lower": None, "upper": None, "lower_bound": value, "upper_bound": value},
    }
    if value is not None:
        full |= {"lower": max(value - 0.02, 0), "upper": value + 0.02}
    assert other.keys() <= full.keys()
    return full | other


def shown(value, lower, upper):
    return f"{value} (95% confidence interval: {lower} to {upper})"


def area(name, value, *, half=0.5, status="measured", **told):
    return {
        **{"area": name, "ethnic_group": "All", "status": status, "verdict": None, "denominator": 20.0},
        **{"value": value, "lower": value - half, "upper": value + half},
        **told,
    }


def place_row(name, smoothed, above, *, half=0.5, **told):
    """A row of `neighbourhoods`, all of whose rates lie around 5."""
    return {
        **{"neighbourhood": name, "name": name, "numerator": 50, "value": 4.0, "status": "measured", "fit": "fitted"},
        **{"smoothed_value": smoothed, "smoothed_lower": smoothed - half, "smoothed_upper": smoothed + half},
        **{"probability_above": above, "whole_value": 5.0, "in_doubt": False},
        **told,
    }
