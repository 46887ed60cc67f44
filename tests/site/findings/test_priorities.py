"""Stated priorities, in words."""

import pytest

from support.findings import estimate_row, part, read


def test_searches_under_a_priority_and_under_none_are_told():
    parts = [part("aligned_share", "any", 0.21), part("aligned_share", "none", 0.79)]
    assert read("priorities", breakdowns=parts) == [
        "Of all searches, 21.0% fell under a stated priority and 79.0% under none."
    ]
    bounded = {"value": None, "lower_bound": 0.2, "upper_bound": 0.4, "status": "partial"}
    assert read("priorities", breakdowns=[parts[0] | bounded, parts[1] | bounded]) == [
        "Between 20.0% and 40.0% of all searches fell under a stated priority: the others do not say their type or "
        "area."
    ]


@pytest.mark.parametrize(("value", "share"), [(0.0, "none"), (0.25, "25.0%")])
def test_searches_for_possession_under_a_priority_are_told(value, share):
    row = part("aligned_share", "any", value, search_type="drugs_possession")
    told = f"Of searches for possession of drugs alone, {share} fell under a stated priority."
    assert read("priorities_possession", breakdowns=[row]) == [told]
    prevalence = estimate_row("type_share", 0.5, search_type="drugs_possession")
    assert read("priorities_possession", prevalence, breakdowns=[row]) == [
        f"Of all searches, 50.0% were for possession of drugs alone. {told}"
    ]


def test_priorities_of_groups_are_compared_by_their_intervals():
    parts = [
        part("aligned_share", "any", value, ethnic_group=group) for group, value in {"Black": 0.3, "White": 0.2}.items()
    ]
    assert read("priorities_group", breakdowns=parts) == [
        "Of searches of Black people, 30.0% fell under a stated priority; of searches of White people, 20.0%: the "
        "first is clearly higher."
    ]


def by_place(breakdown, **shares):
    return [part("aligned_share", place, share) | {"breakdown": breakdown} for place, share in shares.items()]


def test_priorities_of_places_are_told_apart_only_where_intervals_are():
    """The interval of each is two points either side."""
    fifths = by_place("fifth", **{"1": 0.3, "5": 0.2, "Not recorded": 0.9})
    near = by_place("area", North=0.3, South=0.28)
    told = (
        "In the most deprived fifth of neighbourhoods, 30.0% of searches fell under a stated priority; in the least "
        "deprived fifth, 20.0%: the first is clearly higher."
    )
    assert read("priorities_place", breakdowns=[*fifths, *near]) == [told]
    far = by_place("area", North=0.3, South=0.2, East=0.25, **{"Not recorded": 0.9})
    assert read("priorities_place", breakdowns=far) == [
        "Of its areas, the share was highest in North, at 30.0%, and lowest in South, at 20.0%."
    ]
