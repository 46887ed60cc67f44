"""Areas, in words."""

import pytest

from support.findings import area, part, quality, read


def test_the_areas_with_the_highest_and_the_lowest_rate_are_named():
    rows = [area("Vale", 7.0), area("Moor", 5.0), area("Fell", 9.0), area("Isle", 99.0, status="small")]
    told = (
        "Of its areas, the search rate was highest in Fell, at 9.0 searches a year for every thousand residents, and "
        "lowest in Moor, at 5.0."
    )
    assert read("area_rates", areas=rows) == [told]
    assert read("area_rates", areas=rows[:1]) == []
    wide = [area(row["area"], row["value"], half=2.5) for row in rows[:3]]
    (said,) = read("area_rates", areas=wide)
    assert said == f"{told} It is not clear which of the two is higher."


def test_areas_are_named_by_how_a_group_s_rate_lies_to_that_of_white_residents_there():
    verdicts = {
        "Fell": "higher",
        "Moor": "higher",
        "Vale": "lower",
        "Isle": "no clear difference",
        "Rock": "not compared",
    }
    rows = [area(name, 9.0, ethnic_group="Black", verdict=verdict) for name, verdict in verdicts.items()]
    assert read("area_ratios", areas=rows) == [
        "In Fell and Moor, the search rate of Black residents was higher than that of White residents. It was lower in "
        "Vale. There was no clear difference in Isle. The other areas are not compared."
    ]
    assert read("area_ratios", areas=rows[3:]) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [(4, "A0, A1, A2 and A3"), (5, "all five areas"), (12, "all twelve areas"), (13, "more than twelve areas")],
)
def test_many_areas_are_counted_not_named(number, said):
    rows = [area(f"A{place}", 9.0, ethnic_group="Black", verdict="higher") for place in range(number)]
    (sentence,) = read("area_ratios", areas=rows)
    assert sentence.startswith(f"In {said}, the search rate of Black residents was higher than")


def test_searches_in_no_area_are_told_and_whether_they_leave_enough():
    item = {"item": "area_not_known", "rows": 120, "of": 1_000, "share": 0.12}
    told = "Of 1,000 searches, 12.0% cannot be placed: their records give no place, or one outside every area."
    share = part("type_share", "Fell", 0.5, breakdown="area")
    assert read("unplaced", items=[*quality(), item], breakdowns=[share]) == [told]
    assert read("unplaced", items=[*quality(), item]) == [f"{told} That leaves too few for rates by area."]
    assert read("unplaced", items=[*quality(), item | {"rows": 0, "share": 0.0}]) == []
