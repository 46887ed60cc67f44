"""What led to searches, in words."""

from support.findings import part, read, shown


def test_origins_are_told_and_what_is_not_recorded_is_bounded():
    own, told = part("origin_share", "self_generated", 0.54), part("origin_share", "intelligence", 0.14)
    start = "Of 1,000 searches that say what led to them, 54.0% were self-generated and 14.0% came of intelligence"
    assert read("origins", breakdowns=[own, told]) == [f"{start}."]
    unsure = {"status": "partial", "unknown": 250, "lower_bound": 0.432, "upper_bound": 0.632}
    assert read("origins", breakdowns=[own | unsure, told | {"status": "partial"}]) == [
        f"{start}; 250 searches do not say, so of all searches 43.2% to 63.2% were self-generated."
    ]
    assert read("origins", breakdowns=[own | {"value": None}, told]) == []


def test_origins_of_groups_are_compared_by_their_intervals():
    parts = [
        part("origin_share", "self_generated", value, ethnic_group=group)
        for group, value in {"Asian": 0.51, "Black": 0.60, "White": 0.50}.items()
    ]
    white = f"of searches of White people, {shown('50.0%', '48.0%', '52.0%')}"
    assert read("origins_group", breakdowns=parts) == [
        f"Of searches of Asian people, {shown('51.0%', '49.0%', '53.0%')} were self-generated; {white}: "
        "no clear difference, as the intervals overlap.",
        f"Of searches of Black people, {shown('60.0%', '58.0%', '62.0%')} were self-generated; {white}: "
        "higher, and the intervals do not overlap.",
    ]
    assert read("origins_group", breakdowns=[*parts[:2], parts[2] | {"status": "small"}]) == []


def test_find_rates_by_origin_name_both():
    parts = [
        part("find_rate", origin, value, breakdown="search_origin")
        for origin, value in {"self_generated": 0.20, "intelligence": 0.30}.items()
    ]
    assert read("origins_finds", breakdowns=parts) == [
        f"The find rate was {shown('20.0%', '18.0%', '22.0%')} in self-generated searches and "
        f"{shown('30.0%', '28.0%', '32.0%')} in searches that intelligence led to: lower, and the intervals do not "
        "overlap."
    ]
