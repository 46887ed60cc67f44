"""The intruder beside public rows: exact counts are allowed where they are public, and nowhere else."""

from pathlib import Path

import polars as pl
import pytest

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import PLAN, PORTAL_PLANS, list_cells
from disparity.disclosure.portal import protect_own
from disparity.disclosure.protect import BASE
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.site.intruder.counts import find_unprotected_counts
from disparity.site.intruder.published import Published
from disparity.tables.restricted import publish_cells
from support.cells import APRIL, files, period_of
from support.profiles import count_profiles, found, profile

DRUGS = "drugs_possession"
PROFILES = [
    *(found("White", "White", 60, search_type=DRUGS), profile("White", "White", 201, search_type=DRUGS)),
    *(profile("White", "White", 40, search_type="drugs_supply"), profile("Black", "Black", 5, search_type=DRUGS)),
]


def site(plan=PORTAL_PLANS[0], public_records="data.police.uk", **changed):
    """The two tables that the counts are checked by; `changed`: a cell, and what it shows instead."""
    submitted, counts = files(months=[APRIL]), count_profiles(PROFILES)
    tallies = tally_periods(counts, submitted, period_of([APRIL])), tally_submissions(counts, submitted)
    edition = ProtectedCounts(protect_own(list_cells(*tallies, PORTAL_PLANS[0]), BASE, PORTAL_PLANS[0]), BASE)
    months = {name: pl.col(name).dt.strftime("%Y-%m") for name in ("period_from", "period_to")}
    rows = publish_cells(edition).with_columns(**months).rows(named=True)
    text = [
        {name: "" if value is None else str(value).replace("True", "true") for name, value in row.items()}
        for row in rows
    ]
    for row in text:
        cell = (row["ethnic_group"], row["search_type"], row["counted"])
        if row["ethnicity_basis"] == "self-defined" and cell == changed.get("cell"):
            row |= {"count": changed["count"], "is_suppressed": "true" if changed["count"] == "" else "False"}
    head = {"plan": plan.name, "base": str(BASE), "public_records": public_records}
    return Published(Path("site"), {"cells": text, "disclosure": [head]})


def test_exact_public_counts_and_protected_own_ones_pass():
    counts, weaknesses = find_unprotected_counts(site())
    assert weaknesses == []
    shown = {row[4:7]: row[7] for row in counts.cells.iter_rows() if row[3] == "self-defined"}
    assert shown["White", "drugs", "searches"] == 301
    assert shown["White", DRUGS, "searches"] == 255
    assert shown["White", DRUGS, "found"] == 60
    assert shown["Black", "drugs", "searches"] == 5
    assert shown["Black", DRUGS, "searches"] is None


@pytest.mark.parametrize(
    ("cell", "count", "what"),
    [
        (("White", DRUGS, "searches"), "261", "not rounded"),
        (("White", "drugs", "found"), "61", "not rounded"),
        (("Black", "drugs", "found"), "0", "not as public or as own counts are"),
        (("Black", "drugs", "searches"), "", "not rounded"),
        (("Black", "firearms", "found"), "", "not as public or as own counts are"),
    ],
)
def test_an_own_count_that_is_not_protected_and_a_public_one_that_is_are_found(cell, count, what):
    _, weaknesses = find_unprotected_counts(site(cell=cell, count=count))
    assert {", ".join(cell) in each.what and each.what.endswith(what) for each in weaknesses} >= {True}


@pytest.mark.parametrize(("plan", "public_records"), [(PLAN, "data.police.uk"), (PORTAL_PLANS[0], "none")])
def test_a_plan_that_is_not_of_what_the_site_says_of_public_records_is_found(plan, public_records):
    counts, (weakness,) = find_unprotected_counts(site(plan, public_records))
    assert counts is None
    assert weakness.place == "data/disclosure.csv"


def test_without_public_records_an_exact_count_is_none():
    _, weaknesses = find_unprotected_counts(site(PLAN, "none"))
    assert any(each.what == "White, drugs, searches: not rounded" for each in weaknesses)
