"""Find rates within strata against published tables, hand, and the laws of stratifying."""

import json
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disparity.analysis.comparisons import compare
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.strata import NOTES, stratify_find_rates
from disparity.vocabulary.codes import OFFICER_DEFINED
from support.cells import APRIL, MAY, YEAR, cell, count, estimate_counts, people, period_of, row_of

TYPE, MONTH, AREA = (f"find_rate_given_{name}" for name in ("search_type", "month", "area"))
VECTORS = json.loads((Path(__file__).parents[2] / "golden" / "oracle_vectors.json").read_text(encoding="utf-8"))
BERKELEY = next(vector for vector in VECTORS["vectors"] if vector["id"] == "strat_ucb_admissions")
SIX_TYPES = ("drugs_unspecified", "offensive_weapons", "stolen_property", "going_equipped", "firearms", "other")
NUMBERS = ("value", "lower", "upper")


def stratify(*cells, areas=(), months=YEAR):
    counts = count(*cells)
    if areas:
        counts = replace(counts, areas=pl.DataFrame(list(areas), schema=counts.areas.schema, orient="row"))
    forces = sorted(set(counts.cells["force"]))
    estimates = estimate_counts(counts, population=people(forces=forces, months=months), months=months)
    return stratify_find_rates(counts, period_of(months), compare(estimates))


def of_black(frame, analysis, component, *ends):
    row = row_of(frame.filter(analysis=analysis, component=component), ethnic_group="Black")
    return [row[end] for end in ends] if ends else row["value"]


def berkeley(*, months=(APRIL,) * 6, types=SIX_TYPES):
    """Men as searches of Black people, women of White people; admitted is found, a department is a stratum."""
    for month, search_type, (a, b, c, d) in zip(months, types, BERKELEY["inputs"]["tables"], strict=True):
        yield cell("Black", search_type, month=month, found=a, not_found=b)
        yield cell("White", search_type, month=month, found=c, not_found=d)


def in_area(area, group, found, not_found, search_type="other"):
    searches = found + not_found
    return ("lancashire", APRIL, area, group, search_type, searches, found, not_found, 0, 0)


# Published


@pytest.mark.parametrize(
    ("analysis", "places"),
    [(TYPE, {}), (MONTH, {"months": YEAR[:6], "types": ("other",) * 6})],
    ids=["types", "months"],
)
def test_the_published_odds_ratio_within_strata_is_reproduced(analysis, places):
    frame, expected = stratify(*berkeley(**places)), BERKELEY["values"]
    found = of_black(frame, analysis, "odds_ratio", *NUMBERS)
    assert found == pytest.approx([expected[name] for name in ("mh_or", "mh_or_lower", "mh_or_upper")], rel=1e-9)
    assert of_black(frame, analysis, "cmh_p") == pytest.approx(expected["cmh_p"], rel=1e-9)
    assert of_black(frame, analysis, "homogeneity_p") == pytest.approx(expected["tarone_p"], rel=1e-9)
    assert of_black(frame, analysis, "strata") == 6
    # Bickel (1975): the crude odds ratio is 1.84.
    assert of_black(frame, analysis, "crude_odds_ratio") == pytest.approx(1.84, abs=0.005)


def test_the_published_odds_ratio_within_areas_is_reproduced():
    tables = enumerate(BERKELEY["inputs"]["tables"])
    areas = [
        row
        for place, (a, b, c, d) in tables
        for row in (in_area(f"area {place}", "Black", a, b), in_area(f"area {place}", "White", c, d))
    ]
    frame, expected = stratify(*berkeley(), areas=areas), BERKELEY["values"]
    found = of_black(frame, AREA, "odds_ratio", *NUMBERS)
    assert found == pytest.approx([expected[name] for name in ("mh_or", "mh_or_lower", "mh_or_upper")], rel=1e-9)


# By hand


def test_a_gap_that_is_all_mix_vanishes_within_types():
    """30% of drug and 10% of weapon searches find something, whoever is searched; the groups' mix of them differs."""
    frame = stratify(
        cell("Black", "drugs_unspecified", found=30, not_found=70),
        cell("White", "drugs_unspecified", found=300, not_found=700),
        cell("Black", "offensive_weapons", found=30, not_found=270),
        cell("White", "offensive_weapons", found=50, not_found=450),
    )
    assert of_black(frame, TYPE, "crude_odds_ratio") == pytest.approx(60 * 1150 / (340 * 350), rel=1e-12)
    assert of_black(frame, TYPE, "odds_ratio") == pytest.approx(1, rel=1e-12)
    assert of_black(frame, TYPE, "cmh_p") == pytest.approx(1, abs=1e-9)
    assert of_black(frame, TYPE, "homogeneity_p") == pytest.approx(1, abs=1e-6)
    # All of it within one month: the month explains nothing.
    assert of_black(frame, MONTH, "odds_ratio") == of_black(frame, MONTH, "crude_odds_ratio")
    assert of_black(frame, MONTH, "strata") == 1
    assert frame.filter(analysis=MONTH, component="homogeneity_p").is_empty()


def test_the_crude_odds_ratio_is_of_the_strata_that_the_common_one_rests_on():
    """Weapons are searched for in one group alone, thefts never find anything: neither tells of odds within types."""
    frame = stratify(
        cell("Black", "drugs_unspecified", found=30, not_found=70),
        cell("White", "drugs_unspecified", found=300, not_found=700),
        cell("Black", "offensive_weapons", found=40, not_found=10),
        cell("Black", "stolen_property", not_found=60),
        cell("White", "stolen_property", not_found=400),
    )
    assert of_black(frame, TYPE, "strata") == 1
    assert of_black(frame, TYPE, "odds_ratio") == pytest.approx(1, rel=1e-12)
    assert of_black(frame, TYPE, "crude_odds_ratio") == pytest.approx(1, rel=1e-12)


def test_drugs_are_one_stratum_counted_once():
    parts = [
        cell(group, part, found=found, not_found=60)
        for group, found in (("Black", 20), ("White", 40))
        for part in ("drugs_possession", "drugs_supply", "drugs_unspecified")
    ]
    frame = stratify(*parts)
    assert of_black(frame, TYPE, "strata") == 1
    assert of_black(frame, TYPE, "odds_ratio") == pytest.approx(60 * 180 / (180 * 120), rel=1e-12)


@pytest.mark.parametrize(("actions", "is_left_out"), [(29, False), (30, True), (31, True)])
def test_a_type_whose_actions_are_never_linked_is_left_out_and_named(actions, is_left_out):
    unlinked = {"searches": 100, "found": 0, "not_found": 100, "actions": actions, "not_found_after_action": actions}
    frame = stratify(
        cell("Black", "drugs_unspecified", found=20, not_found=80),
        cell("White", "drugs_unspecified", found=100, not_found=500),
        cell("Black", "stolen_property", not_found=50),
        cell("White", "stolen_property", **unlinked),
    )
    # Thefts without any find say nothing of odds within types; the month has finds.
    within, all_types = 20 * 500 / (80 * 100), 20 * 600 / (130 * 100)
    for analysis, crude in ((TYPE, within), (MONTH, within if is_left_out else all_types)):
        row = row_of(frame.filter(analysis=analysis, component="crude_odds_ratio"), ethnic_group="Black")
        assert row["value"] == pytest.approx(crude, rel=1e-12)
        ends = "; without the types of search whose actions are never linked: stolen_property"
        assert row["note"].endswith(ends) == is_left_out


@pytest.mark.parametrize("part", ["drugs_possession", "drugs_supply"])
def test_a_part_of_drugs_whose_actions_are_never_linked_is_left_out(part):
    unlinked = {"searches": 60, "found": 0, "not_found": 60, "actions": 30, "not_found_after_action": 30}
    other = {"drugs_possession": "drugs_supply", "drugs_supply": "drugs_possession"}[part]
    frame = stratify(
        cell("Black", other, found=20, not_found=80),
        cell("White", other, found=100, not_found=500),
        cell("White", part, **unlinked),
        cell("Black", part, not_found=60),
    )
    assert of_black(frame, TYPE, "crude_odds_ratio") == pytest.approx(20 * 500 / (80 * 100), rel=1e-12)


def test_when_no_type_is_linked_there_is_nothing_to_compare():
    unlinked = {"searches": 60, "found": 0, "not_found": 60, "actions": 30, "not_found_after_action": 30}
    assert stratify(cell("Black", **unlinked), cell("White", **unlinked)).is_empty()


@pytest.mark.parametrize(
    "black",
    [
        {"found": 9, "not_found": 40},  # 49 searches: small
        {"found": 40, "not_found": 60, "searches": 200},  # partial
        {"found": 0, "not_found": 0},
    ],
    ids=["small", "partial", "none"],
)
def test_strata_need_a_comparison_that_is_measured(black):
    frame = stratify(cell("Black", **black), cell(found=600, not_found=600), cell("Asian", found=50, not_found=60))
    assert frame.filter(ethnic_group="Black").is_empty()
    measured = black.get("searches") is None
    assert frame.filter(ethnic_group="Asian").is_empty() is not measured


def test_fifty_searches_are_needed_of_what_is_left():
    unlinked = {"searches": 60, "found": 0, "not_found": 60, "actions": 30, "not_found_after_action": 30}
    cells = [
        cell("Black", "firearms", not_found=60),
        cell("White", "firearms", **unlinked),
        cell("White", found=100, not_found=100),
        cell("Asian", found=100, not_found=100),
    ]
    assert stratify(*cells, cell("Black", found=20, not_found=29)).filter(ethnic_group="Black").is_empty()
    frame = stratify(*cells, cell("Black", found=20, not_found=30))
    assert of_black(frame, TYPE, "odds_ratio") == pytest.approx(20 / 30, rel=1e-12)


def test_a_group_without_a_find_has_an_odds_ratio_of_zero_without_limits_and_a_test():
    frame = stratify(cell("Black", not_found=60), cell(found=30, not_found=60))
    assert of_black(frame, TYPE, "odds_ratio", *NUMBERS) == [0, None, None]
    # By hand: 60 of 150 searches, so 12 of 30 finds expected; variance 60 x 90 x 30 x 120 / (150² x 149).
    statistic = 12**2 / (60 * 90 * 30 * 120 / (150**2 * 149))
    assert of_black(frame, TYPE, "cmh_p") == pytest.approx(math.erfc(math.sqrt(statistic / 2)), rel=1e-9)


def test_p_are_adjusted_over_all_comparisons_of_the_force_in_the_analysis():
    """Two groups: the smaller p counts twice, the larger once."""
    frame = stratify(
        cell("White", found=200, not_found=800),
        cell("Black", found=35, not_found=65),
        cell("Asian", found=22, not_found=78),
    )
    asian, black = (frame.filter(analysis=TYPE, component="cmh_p").sort("ethnic_group"))["value"]
    adjusted = frame.filter(analysis=TYPE, component="cmh_p_adjusted").sort("ethnic_group")["value"]
    assert black < asian / 2
    assert adjusted.to_list() == pytest.approx([asian, 2 * black], rel=1e-12)


def test_a_force_has_the_same_rows_alone_as_beside_others():
    def searched(force, **found):
        white = cell(force=force, found=200, not_found=800)
        return [white, *(cell(group, force=force, found=n, not_found=100 - n) for group, n in found.items())]

    own, other = searched("surrey", Black=22, Asian=27), searched("kent", Black=40, Asian=35, Mixed=20)
    beside = stratify(*own, *other)
    assert set(beside["force"]) == {"kent", "surrey"}
    assert beside.filter(force="surrey").equals(stratify(*own))


# Shape


def test_each_basis_is_stratified_and_the_analysis_says_which():
    frame = stratify(
        cell("Black", found=20, not_found=40),
        cell("White", found=60, not_found=240),
        cell("Black", basis=OFFICER_DEFINED, found=30, not_found=30),
        cell("White", basis=OFFICER_DEFINED, found=60, not_found=240),
    )
    for analysis in (TYPE, MONTH):
        assert of_black(frame, analysis, "odds_ratio") == pytest.approx(2, rel=1e-12)
        assert of_black(frame, f"{analysis}_officer_defined", "odds_ratio") == pytest.approx(4, rel=1e-12)


def test_searches_without_an_area_stand_in_neither_odds_ratio():
    areas = [
        in_area("east", "Black", 20, 40),
        in_area("east", "White", 60, 240),
        in_area(None, "Black", 90, 10),
        in_area(None, "White", 90, 90),
    ]
    frame = stratify(cell("Black", found=110, not_found=50), cell("White", found=150, not_found=330), areas=areas)
    for component in ("odds_ratio", "crude_odds_ratio"):
        assert of_black(frame, AREA, component) == pytest.approx(2, rel=1e-12)
    assert of_black(frame, AREA, "strata") == 1


def test_records_that_name_no_area_have_no_areas():
    assert stratify(*berkeley()).filter(pl.col("analysis") == AREA).is_empty()


def test_rows_have_the_published_columns_a_place_and_a_note():
    frame = stratify(*berkeley())
    assert frame.columns == REASON_COLUMNS
    assert set(frame["component"]) == set(NOTES)
    row = row_of(frame.filter(analysis=TYPE, component="cmh_p"), ethnic_group="Black")
    assert (row["force"], row["period_from"], row["period_to"]) == ("lancashire", date(2022, 4, 1), date(2023, 3, 1))
    assert row["reference_group"] == "White"
    assert row["note"].startswith("Cochran-Mantel-Haenszel test of the odds ratio within each type of search")


def test_without_a_comparison_there_is_no_row_and_no_error():
    assert stratify(cell("Black", found=1)).is_empty()
    assert stratify(cell("Not stated", found=1)).columns == REASON_COLUMNS


numbers = st.integers(0, 300)
several = st.lists(st.tuples(*[numbers] * 4), min_size=4, max_size=4)


def searched(rows):
    places = [("drugs_unspecified", APRIL), ("drugs_unspecified", MAY), ("other", APRIL), ("firearms", MAY)]
    for (search_type, month), (a, b, c, d) in zip(places, rows, strict=True):
        yield cell("Black", search_type, month=month, found=a, not_found=b)
        yield cell("White", search_type, month=month, found=c, not_found=d)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(several, st.randoms())
def test_the_order_of_counts_does_not_matter_and_numbers_are_finite(rows, random):
    cells = list(searched(rows))
    frame = stratify(*cells)
    random.shuffle(cells)
    assert stratify(*cells).equals(frame)
    assert frame.select(pl.col(NUMBERS).is_finite().all()).row(0) == (True,) * 3
    outside = (pl.col("value") < pl.col("lower")) | (pl.col("value") > pl.col("upper"))
    assert frame.filter(outside).is_empty()
    p_values = frame.filter(pl.col("component").str.contains("_p"))
    assert p_values.filter(~pl.col("value").is_between(0, 1)).is_empty()
