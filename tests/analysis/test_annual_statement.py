"""The annual statement: every answer that a point can have, from tables small enough to read."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.annual_statement import POINTS, answer_inspectorate
from disparity.tables.schema.printing import empty_table
from disparity.tables.schema.tables import TABLES
from support import example

PERIOD = {"period_from": date(2024, 4, 1), "period_to": date(2025, 3, 1)}
BY_NAME = {table.name: table for table in TABLES}
NAMED = {"publisher": "The office", "published": date(2025, 9, 1)}


def table(name, *rows):
    """Rows of a published table; what is not given is null."""
    frame = empty_table(BY_NAME[name])
    return pl.concat([frame, *(pl.DataFrame([row], schema_overrides=frame.schema) for row in rows)], how="diagonal")


def estimate(measure, status="measured", group="All", kind="All", **other):
    return {
        **{"measure": measure, "force": "fellshire", **PERIOD, "ethnicity_basis": "self-defined"},
        **{"ethnic_group": group, "search_type": kind, "numerator": 100, "value": 0.2, "status": status},
    } | other


RATES = [
    estimate("find_rate", group=group, kind=kind)
    for group in ("Black", "White")
    for kind in ("drugs", "offensive_weapons")
]
SPLIT = [
    estimate("type_share", kind="drugs"),
    estimate("type_share", kind="drugs_possession", numerator=80),
    estimate("type_share", kind="drugs_supply", numerator=20),
    *(estimate("find_rate", kind=f"drugs_{part}") for part in ("possession", "supply")),
]
KNOWN = [estimate("find_rate"), estimate("unknown_ethnicity_share", value=0.05)]
MONTHS = [
    {"force": "fellshire", "month": date(2024 + (3 + n) // 12, (3 + n) % 12 + 1, 1), "months": 1, "status": "submitted"}
    for n in range(12)
]
ALIGNED = {"measure": "aligned_share", "force": "fellshire", **PERIOD, "value": 0.4}
UNEXPLAINED = {"measure": "search_rate", "force": "fellshire", **PERIOD, "answer": "not yet explained"}
ENTRY = {"entry": "one", "force": "fellshire", "explanation": "Two teams.", "is_overdue": False}
PRIORITY = {
    "force": "fellshire",
    "name": "Knives",
    "from": "2024-04",
    "search_types": ["offensive_weapons"],
    "source": "x",
}


def answers(estimates=(), months=MONTHS, breakdowns=(), disparities=(), actions=(), **given):
    return state(estimates, months, breakdowns, disparities, actions, **given)["answer"].to_list()


def state(estimates=(), months=MONTHS, breakdowns=(), disparities=(), actions=(), **given):
    """The statement of a publication that is the force's own, unless it is said not to be."""
    frames = {
        "estimates": table("estimates", *(estimates or KNOWN)),
        "submissions": table("submissions", *months),
        "breakdowns": table("breakdowns", *breakdowns),
        "disparities": table("disparities", *disparities),
        "actions": table("actions", *actions),
    }
    settings = example.months("2024-04", "2025-03", forces=["fellshire"], **{"own": True} | given)
    rows = answer_inspectorate(frames, settings)
    assert rows["point"].to_list() == list(POINTS)
    return rows


@pytest.mark.parametrize("estimates", [KNOWN + RATES + SPLIT, [estimate("find_rate", "not_measurable")]])
def test_a_publication_that_is_not_the_forces_assesses_nothing(estimates):
    rows = state(estimates, disparities=[UNEXPLAINED], own=False)
    assert set(rows["answer"]) == {"not assessed"}
    assert set(rows["why"]) == {"This publication is not the force’s"}


@pytest.mark.parametrize(
    ("estimates", "months", "answer"),
    [
        (KNOWN, MONTHS, "met"),
        (KNOWN, MONTHS[1:], "partly"),
        ([KNOWN[0], estimate("unknown_ethnicity_share", value=0.11)], MONTHS, "partly"),
        ([estimate("find_rate", "partial"), KNOWN[1]], MONTHS, "partly"),
        ([estimate("find_rate", "not_measurable"), KNOWN[1]], MONTHS, "not met"),
    ],
)
def test_monitoring(estimates, months, answer):
    assert answers(estimates, months)[0] == answer


def test_a_quarter_stands_for_its_three_months():
    quarters = [row | {"months": 3} for row in MONTHS[::3]]
    assert answers(months=quarters)[0] == "met"
    assert answers(months=quarters[1:])[0] == "partly"


@pytest.mark.parametrize(
    ("rates", "answer"),
    [
        (RATES, "met"),
        ([row | {"status": "partial"} for row in RATES], "partly"),
        ([row | {"status": "not_measurable", "value": None} for row in RATES], "not met"),
        (RATES[:2], "not met"),
        (RATES[::2], "not met"),
    ],
)
def test_find_rates_of_two_groups_in_two_types(rates, answer):
    assert answers(KNOWN + rates)[1] == answer


@pytest.mark.parametrize(
    ("split", "answer"),
    [
        (SPLIT, "met"),
        ([*SPLIT, estimate("type_share", kind="drugs_unspecified", numerator=5)], "met"),
        ([*SPLIT, estimate("type_share", kind="drugs_unspecified", numerator=6)], "partly"),
        (SPLIT[:3], "partly"),
        ([SPLIT[0], estimate("type_share", kind="drugs_unspecified")], "not met"),
        ([], "not met"),
    ],
)
def test_possession_and_supply(split, answer):
    assert answers(KNOWN + split)[2] == answer


@pytest.mark.parametrize(
    ("split", "breakdowns", "priorities", "answer"),
    [
        (SPLIT, [ALIGNED], [PRIORITY], "met"),
        (SPLIT, [], [PRIORITY], "partly"),
        (SPLIT, [], [], "partly"),
        ([], [ALIGNED], [PRIORITY], "partly"),
        ([], [], [], "not met"),
    ],
)
def test_possession_only_and_priorities(split, breakdowns, priorities, answer):
    assert answers(KNOWN + split, breakdowns=breakdowns, priorities=priorities)[3] == answer


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        (NAMED, "met"),
        (NAMED | {"published": date(2026, 3, 31)}, "met"),
        (NAMED | {"published": date(2026, 4, 1)}, "partly"),
        (NAMED | {"published": date(2025, 2, 1)}, "partly"),
        ({"publisher": "The office"}, "partly"),
        ({"published": date(2025, 9, 1)}, "partly"),
    ],
)
def test_the_analysis_is_published_within_a_year(settings, answer):
    assert answers(**settings)[4] == answer


@pytest.mark.parametrize(
    ("disparities", "actions", "answer"),
    [
        ([], [], "met"),
        ([UNEXPLAINED], [], "not met"),
        ([UNEXPLAINED | {"answer": "registered"}], [ENTRY], "met"),
        ([UNEXPLAINED], [ENTRY], "partly"),
        ([UNEXPLAINED | {"answer": "registered"}], [ENTRY | {"is_overdue": True}], "partly"),
        ([UNEXPLAINED | {"answer": "registered"}], [ENTRY | {"explanation": None}], "partly"),
    ],
)
def test_action(disparities, actions, answer):
    assert answers(disparities=disparities, actions=actions)[5] == answer
