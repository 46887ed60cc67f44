"""Shares under a stated priority from published counts by type alone, worked by hand."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.measures.alignment import align_published
from disparity.project.declarations import Priority

SPAN = {"period_from": date(2024, 4, 1), "period_to": date(2025, 3, 1)}
COUNTS = {
    **{"drugs": 230, "drugs_possession": 200, "drugs_supply": 40, "offensive_weapons": 60},
    **{"stolen_property": 20, "firearms": None, "other": 60, "not_recorded": 10},
}


def estimates(group="All", searches=400.0, **changes):
    counts = COUNTS | changes
    rows = [
        {"measure": "type_share", "force": "fellshire", **SPAN, "ethnicity_basis": "self-defined"}
        | {"ethnic_group": group, "search_type": kind, "numerator": count, "denominator": searches}
        for kind, count in counts.items()
    ]
    return pl.DataFrame(rows, schema_overrides={"numerator": pl.Int64, "denominator": pl.Float64})


def priority(*kinds, name="Knives", **changes):
    given = {"force": "fellshire", "name": name, "from": "2024-04", "search_types": list(kinds), "source": "A plan"}
    return Priority.model_validate(given | changes)


def told(table, category):
    row = table.filter(category=category, ethnic_group="All").row(0, named=True)
    return row["numerator"], row["value"], row["status"]


def test_the_counts_of_its_types_are_added_up():
    """60 + 20 of 400 searches: 20%; Wilson 16.4 to 24.2, printed as whole percents."""
    table = align_published(estimates(), [priority("offensive_weapons", "stolen_property")])
    row = table.filter(category="Knives", ethnic_group="All").row(0, named=True)
    assert (row["numerator"], row["denominator"], row["value"]) == (80, 400, 0.20)
    assert (row["lower"], row["upper"], row["places"]) == (0.16, 0.24, 0)
    assert told(table, "any") == (80, 0.20, "measured")
    assert told(table, "none") == (320, 0.80, "measured")


def test_drugs_are_the_published_sum_and_not_that_of_rounded_parts():
    """230 is published of drugs; its parts, rounded by themselves, add up to 240."""
    assert told(align_published(estimates(), [priority("drugs")]), "Knives")[0] == 230
    assert told(align_published(estimates(), [priority("drugs", "drugs_supply")]), "Knives")[0] == 230
    assert told(align_published(estimates(), [priority("drugs_supply")]), "Knives")[0] == 40


def test_a_type_under_two_priorities_counts_once_under_any():
    both = [priority("drugs_supply", "offensive_weapons"), priority("offensive_weapons", name="Weapons")]
    table = align_published(estimates(), both)
    assert [told(table, name)[0] for name in ("Knives", "Weapons", "any", "none")] == [100, 60, 100, 300]


def test_a_sum_that_needs_a_suppressed_count_is_suppressed():
    table = align_published(estimates(), [priority("offensive_weapons", "firearms")])
    assert [told(table, name) for name in ("Knives", "any", "none")] == [(None, None, "suppressed")] * 3


@pytest.mark.parametrize(("unsaid", "status"), [(20, "measured"), (21, "not_measurable"), (None, "measured")])
def test_a_share_is_told_while_at_most_a_twentieth_could_go_either_way(unsaid, status):
    """A twentieth of 400 is 20; a suppressed count is 7 at most."""
    assert told(align_published(estimates(not_recorded=unsaid), [priority("other")]), "Knives")[2] == status


def test_drug_searches_that_say_neither_could_be_of_either_part():
    counted = estimates(drugs_unspecified=30)
    assert told(align_published(counted, [priority("drugs_supply")]), "Knives")[2] == "not_measurable"
    assert told(align_published(counted, [priority("drugs")]), "Knives")[2] == "measured"


@pytest.mark.parametrize("part", [{"areas": ["Centre"]}, {"to": "2025-02"}, {"from": "2024-05"}])
def test_a_priority_of_a_part_has_no_share_and_leaves_none_of_all_together(part):
    table = align_published(estimates(), [priority("other"), priority("drugs", name="Part", **part)])
    assert table["category"].unique().to_list() == ["Knives"]


def test_a_priority_of_another_force_or_year_has_no_row_and_changes_nothing():
    others = [priority("drugs", name="Old", **{"from": "2020-01", "to": "2021-01"})]
    others.append(priority("drugs", name="Theirs", force="kent"))
    table = align_published(estimates(), [priority("other"), *others])
    assert set(table["category"]) == {"Knives", "any", "none"}


def test_few_searches_are_marked_and_a_group_without_any_is_suppressed():
    few = align_published(estimates(searches=49.0, other=20, not_recorded=0), [priority("other")])
    assert told(few, "Knives") == (20, 0.41, "small")
    assert few.filter(ethnic_group="Black")["status"].to_list() == ["suppressed"] * 3
