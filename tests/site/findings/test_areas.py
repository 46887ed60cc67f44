"""Areas, in words."""

from support.findings import area, part, quality, read


def test_the_areas_with_the_highest_and_the_lowest_rate_are_named():
    rows = [area("Vale", 7.0), area("Moor", 5.0), area("Fell", 9.0), area("Isle", 99.0, status="small")]
    ci = "95% confidence interval"
    told = (
        f"The search rate was highest in Fell, at 9.0 searches a year for every 1,000 residents ({ci}: 8.5 to 9.5), "
        f"and lowest in Moor, at 5.0 ({ci}: 4.5 to 5.5)."
    )
    assert read("area_rates", areas=rows) == [told]
    assert read("area_rates", areas=rows[:1]) == []
    wide = [area(row["area"], row["value"], half=2.5) for row in rows[:3]]
    (said,) = read("area_rates", areas=wide)
    assert said.endswith(
        "(95% confidence interval: 2.5 to 7.5). Their intervals overlap: which is higher is not clear."
    )


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
        "Against White residents of the same area, Black residents had a higher search rate in Fell and Moor; a lower "
        "one in Vale; no clear difference in Isle."
    ]
    assert read("area_ratios", areas=rows[3:]) == []


def test_searches_in_no_area_are_told_and_whether_they_leave_enough():
    item = {"item": "area_not_known", "rows": 120, "of": 1_000, "share": 0.12}
    told = "12.0% of 1,000 searches are in no area: they have no coordinates, or coordinates outside all areas."
    share = part("type_share", "Fell", 0.5, breakdown="area")
    assert read("unplaced", items=[*quality(), item], breakdowns=[share]) == [told]
    assert read("unplaced", items=[*quality(), item]) == [
        f"{told} That leaves too few for rates by area: none is shown."
    ]
    assert read("unplaced", items=[*quality(), item | {"rows": 0, "share": 0.0}]) == []
