"""What led to searches, in words."""

from support.findings import part, read


def test_origins_are_told_and_what_is_not_recorded_is_bounded():
    own, told = part("origin_share", "self_generated", 0.54), part("origin_share", "intelligence", 0.14)
    start = (
        "Of 1,000 searches, the records say what led to them. What the officer saw led to 54.0%, and intelligence to "
        "14.0%."
    )
    assert read("origins", breakdowns=[own, told]) == [start]
    unsure = {"status": "partial", "unknown": 250, "lower_bound": 0.432, "upper_bound": 0.632}
    assert read("origins", breakdowns=[own | unsure, told | {"status": "partial"}]) == [
        f"{start} Another 250 searches do not say. So what the officer saw led to between 43.2% and 63.2% of all "
        "searches."
    ]
    assert read("origins", breakdowns=[own | {"value": None}, told]) == []


def test_origins_of_groups_are_compared_by_their_intervals():
    parts = [
        part("origin_share", "self_generated", value, ethnic_group=group)
        for group, value in {"Asian": 0.51, "Black": 0.60, "White": 0.50}.items()
    ]
    saw, white = "came from what the officer saw", "of searches of White people, 50.0%"
    assert read("origins_group", breakdowns=parts) == [
        f"Of searches of Asian people, 51.0% {saw}; {white}: no clear difference.",
        f"Of searches of Black people, 60.0% {saw}; {white}: the first is clearly higher.",
    ]
    assert read("origins_group", breakdowns=[*parts[:2], parts[2] | {"status": "small"}]) == []


def test_find_rates_by_origin_name_both():
    parts = [
        part("find_rate", origin, value, breakdown="search_origin")
        for origin, value in {"self_generated": 0.20, "intelligence": 0.30}.items()
    ]
    assert read("origins_finds", breakdowns=parts) == [
        "The find rate was 20.0% in searches that came from what the officer saw, and 30.0% in those that came from "
        "intelligence: the first is clearly lower."
    ]
