"""Ratios over forces and areas against published tables and hand."""

from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest

from disparity.analysis.reasons.decomposition import (
    decompose_change_over_forces,
    decompose_over_areas,
    decompose_over_forces,
)
from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.records.counts import AREA_KEYS
from disparity.vocabulary.codes import OFFICER_DEFINED, force_names, read_reference
from support.cells import (
    APRIL,
    CODES,
    FORCE,
    MAY,
    YEAR,
    cell,
    count,
    estimate_counts,
    estimate_exactly,
    files,
    people,
    period_of,
    row_of,
)

COMPONENTS = ["crude", "within", "between", "mantel_haenszel"]
NUMBERS = ["value", "lower", "upper"]
BEFORE = list(pl.date_range(pl.date(2021, 4, 1), pl.date(2022, 3, 1), "1mo", eager=True))


def component(frame, name, group="Black", **keys):
    return row_of(frame, component=name, ethnic_group=group, **keys)


def values(frame, group="Black", **keys):
    return [component(frame, name, group, **keys)["value"] for name in COMPONENTS]


def searches(force, black, white, *, month=APRIL):
    return [cell(group, searches=n, force=force, month=month) for group, n in {"Black": black, "White": white}.items()]


def residents(sizes, *, months=YEAR):
    """Residents of several forces: force → (Black, White)."""
    none = {"Asian": 0, "Mixed": 0, "Other": 0}
    tables = [
        people({**none, "Black": black, "White": white}, forces=(force,), months=months)
        for force, (black, white) in sizes.items()
    ]
    return pl.concat(tables)


TWO = {"kent": (1_000, 10_000), "essex": (3_000, 20_000)}
TWO_CELLS = [*searches("kent", 30, 100), *searches("essex", 20, 50)]


def split(cells, sizes=TWO, **settings):
    return decompose_over_forces(estimate_counts(count(*cells), population=residents(sizes), **settings))


# Over forces


def test_a_ratio_over_two_forces_is_worked_by_hand():
    """Expected 1,000 x 100 / 10,000 + 3,000 x 50 / 20,000 = 17.5; 50 / 17.5, 17.5 / (4,000 x 150 / 30,000)."""
    frame = split(TWO_CELLS)
    assert values(frame) == pytest.approx([2.5, 50 / 17.5, 17.5 / 20, 44.664032 / 15.612648])
    within = component(frame, "within")
    assert [within["lower"], within["upper"]] == pytest.approx([2.0712, 3.9413], abs=1e-4)
    assert within["note"] == "delta method on the log, Poisson counts; 2 forces, 0 left out"
    assert (within["force"], within["reference_group"]) == ("All", "White")


def test_the_eight_forces_of_the_official_figures_are_split_as_fractions_say():
    """Ethnicity facts and figures, 2019/20: searches and residents of eight forces."""
    official = {
        (row["force"], row["ethnic_group"]): (int(float(row["searches"])), int(float(row["population"])))
        for row in read_reference("ethnicity_facts_and_figures_2019_20")
        if row["population"]
    }
    forces = sorted({force for force, _ in official})
    table = [(*official[force, "Black"], *official[force, "White"]) for force in forces]
    frame = split(
        [
            row
            for force, (black, _, white, _) in zip(forces, table, strict=True)
            for row in searches(force, black, white)
        ],
        {force: (black, white) for force, (_, black, _, white) in zip(forces, table, strict=True)},
    )
    events, exposure, others, reference = (sum(column) for column in zip(*table, strict=True))
    expected = sum(Fraction(p * n, q) for _, p, n, q in table)
    assert (len(forces), events, others) == (8, 3_514, 50_646)
    assert values(frame)[:3] == pytest.approx(
        [
            float(Fraction(events, exposure) / Fraction(others, reference)),
            float(events / expected),
            float(expected / (exposure * Fraction(others, reference))),
        ],
        rel=1e-12,
    )


def test_two_forces_of_three_pooled_give_the_ratio_of_the_pool():
    """Home Office, year ending March 2025: Lancashire 314 and 13,093, with two others 1,112 and 21,008."""
    cells = [*searches("lancashire", 314, 13_093), *searches("nottinghamshire", 798, 7_915)]
    frame = split(cells, {"lancashire": (10_096, 1_325_538), "nottinghamshire": (76_126, 2_186_715)})
    crude, within, between, _ = values(frame)
    assert f"{crude:.4f}" == "2.1562"
    assert within == pytest.approx(1_112 / (99.7238 + 275.5460), rel=1e-5)
    assert within * between == pytest.approx(crude, rel=1e-12)


@pytest.mark.parametrize("force", ["city-of-london", "btp"])
def test_a_force_without_residents_of_its_own_is_left_out_and_counted(force):
    frame = split([*TWO_CELLS, *searches(force, 500, 400)], {**TWO, force: (10, 100)})
    assert values(frame) == pytest.approx(values(split(TWO_CELLS)))
    assert component(frame, "crude")["note"] == "exact limits on the total; 2 forces, 1 left out"


def test_a_force_whose_labels_are_restricted_is_left_out_and_counted():
    plain, folded = count(*TWO_CELLS), count(*searches("surrey", 300, 400), labels=CODES[:9])
    counts = replace(
        plain,
        cells=pl.concat([plain.cells, folded.cells]),
        ethnicities=pl.concat([plain.ethnicities, folded.ethnicities]),
    )
    frame = decompose_over_forces(estimate_counts(counts, population=residents({**TWO, "surrey": (5_000, 9_000)})))
    assert values(frame) == pytest.approx(values(split(TWO_CELLS)))
    assert component(frame, "crude")["note"].endswith("2 forces, 1 left out")


def test_a_force_where_nobody_of_the_reference_lives_is_left_out_but_one_where_none_is_searched_stays():
    sizes = {**TWO, "surrey": (500, 0)}
    assert values(split([*TWO_CELLS, *searches("surrey", 40, 0)], sizes)) == pytest.approx(values(split(TWO_CELLS)))
    # 50 + 40 searches, expected 17.5 + 0.
    frame = split([*TWO_CELLS, *searches("surrey", 40, 0)], {**TWO, "surrey": (500, 7_000)})
    assert component(frame, "within")["value"] == pytest.approx(90 / 17.5)


def test_one_force_is_no_decomposition():
    assert split(searches("kent", 30, 100), {"kent": TWO["kent"]}).is_empty()


def test_exposure_is_weighted_by_the_months_submitted():
    """Kent submitted April only: 1,000 / 12 and 10,000 / 12 resident-years; so expected 10 + 7.5 all the same."""
    counts = count(*TWO_CELLS)
    submitted = pl.concat([files(forces=["kent"], months=[APRIL]), files(forces=["essex"])])
    frame = decompose_over_forces(estimate_exactly(counts, residents(TWO), submitted, period_of()))
    reference = 150 / (10_000 / 12 + 20_000)
    assert component(frame, "within")["value"] == pytest.approx(50 / 17.5)
    assert component(frame, "crude")["value"] == pytest.approx(50 / (1_000 / 12 + 3_000) / reference)


@pytest.mark.parametrize(("black", "has_limits"), [(9, False), (10, True), (11, True)])
def test_limits_by_approximation_need_ten_searches(black, has_limits):
    frame = split([*searches("kent", black, 100), *searches("essex", 0, 50)])
    within, crude = component(frame, "within"), component(frame, "crude")
    assert (within["lower"] is not None) == has_limits
    assert within["note"].endswith("no limits: fewer than 10 searches of a group") != has_limits
    assert crude["lower"] < crude["value"] < crude["upper"]
    assert not crude["note"].endswith("of a group")


def test_each_ethnicity_basis_is_split_and_the_analysis_says_which():
    seen = [row | {"ethnicity_basis": OFFICER_DEFINED} for row in TWO_CELLS]
    frame = split([*TWO_CELLS, *seen])
    assert set(frame.filter(pl.col("ethnic_group") == "Black")["analysis"]) == {
        "ratio_over_forces",
        "ratio_over_forces_officer_defined",
    }


def test_no_force_can_have_the_name_of_all_forces():
    assert set(split(TWO_CELLS)["force"]) == {"All"}
    assert not [force for force in force_names() if force != force.lower()]


# Change


def two_years(first, second, sizes=TWO, later=TWO):
    """Estimates of the years ending March 2022 and 2023; force → (Black, White) searches."""
    cells = [row for force, n in first.items() for row in searches(force, *n, month=BEFORE[0])]
    cells += [row for force, n in second.items() for row in searches(force, *n)]
    population = pl.concat([residents(sizes, months=BEFORE), residents(later)])
    spans = pl.concat([period_of(BEFORE), period_of()])
    submitted = files(forces=sorted({*first, *second}), months=[*BEFORE, *YEAR])
    return estimate_exactly(count(*cells), population, submitted, spans)


FIRST = {"kent": (30, 100), "essex": (20, 50)}


def test_the_change_of_a_ratio_is_worked_by_hand():
    """Later: 60 and 20 of 1,000 and 3,000, reference 200 and 50: expected 20 + 7.5, at one rate 4,000 x 250 / 30,000.

    Within 80 / 27.5 against 50 / 17.5, between 27.5 / 33.3333 against 17.5 / 20.
    """
    frame = decompose_change_over_forces(two_years(FIRST, {"kent": (60, 200), "essex": (20, 50)}))
    crude, within, between, _ = values(frame)
    assert within == pytest.approx((80 / 27.5) / (50 / 17.5))
    assert between == pytest.approx((27.5 / (100 / 3)) / (17.5 / 20))
    assert crude == pytest.approx(within * between)
    row = component(frame, "within")
    assert (row["period_from"], row["period_to"]) == (YEAR[0], YEAR[-1])
    assert row["note"] == ("delta method on the log, Poisson counts; against 2021-04 to 2022-03; 2 forces")


def test_a_group_that_grows_and_is_searched_as_often_as_before_makes_no_change():
    """Twice the Black residents and twice their searches; the residents of one year for both would say 2."""
    later = {force: (2 * black, white) for force, (black, white) in TWO.items()}
    second = {force: (2 * black, white) for force, (black, white) in FIRST.items()}
    crude, within, between, _ = values(decompose_change_over_forces(two_years(FIRST, second, later=later)))
    assert [crude, within, between] == pytest.approx([1, 1, 1])


def test_the_change_is_that_of_the_ratios_as_they_are_published():
    later = {"kent": (1_100, 10_300), "essex": (3_500, 20_100)}
    estimates = two_years(FIRST, {"kent": (60, 200), "essex": (20, 50)}, later=later)
    ratios = decompose_over_forces(estimates).filter(ethnic_group="Black", component="crude").sort("period_from")
    crude, *_ = values(decompose_change_over_forces(estimates))
    assert crude == pytest.approx(ratios["value"][1] / ratios["value"][0])


def test_a_change_is_over_the_forces_of_both_years_only():
    first = {**FIRST, "surrey": (90, 100)}
    estimates = two_years(first, FIRST, {**TWO, "surrey": (400, 500)}, {**TWO, "surrey": (0, 0)})
    frame = decompose_change_over_forces(estimates)
    assert values(frame) == pytest.approx([1, 1, 1, 1])
    assert component(frame, "crude")["note"].endswith("; 2 forces")


def test_one_year_has_no_change():
    estimates = estimate_counts(count(*TWO_CELLS), population=residents(TWO))
    assert decompose_change_over_forces(estimates).is_empty()


# Over areas

AREAS = {"North": (1_000, 10_000), "South": (3_000, 20_000)}


def area_counts(rows):
    """Counts of one force: (area, group, searches)."""
    by_group = {group: sum(n for _, other, n in rows if other == group) for _, group, _ in rows}
    table = [(FORCE, MAY, area, group, "other", n) for area, group, n in rows]
    schema = {**dict.fromkeys(AREA_KEYS, pl.String), "month": pl.Date, "searches": pl.Int64}
    return replace(
        count(*(cell(group, searches=n, month=MAY) for group, n in by_group.items())),
        areas=pl.DataFrame(table, schema, orient="row"),
    )


def area_residents(sizes):
    rows = [
        (FORCE, group, area, n)
        for area, pair in sizes.items()
        for group, n in {"Black": pair[0], "White": pair[1], "Asian": 0, "Mixed": 0, "Other": 0}.items()
    ]
    return pl.DataFrame(rows, ["force", "ethnic_group", "area", "population"], orient="row").with_columns(
        period_from=pl.lit(YEAR[0]), period_to=pl.lit(YEAR[-1])
    )


def split_areas(rows, sizes=AREAS, **settings):
    counts, by_area = area_counts(rows), area_residents(sizes)
    totals = dict(by_area.group_by("ethnic_group").agg(pl.col("population").sum()).iter_rows())
    return decompose_over_areas(counts.areas, by_area, estimate_counts(counts, population=people(totals), **settings))


IN_AREAS = [("North", "Black", 30), ("South", "Black", 20), ("North", "White", 100), ("South", "White", 50)]


def test_a_ratio_over_areas_of_a_force_is_the_one_over_the_same_forces():
    frame = split_areas(IN_AREAS)
    assert values(frame, analysis="ratio_over_areas") == pytest.approx(
        [2.5, 50 / 17.5, 17.5 / 20, 44.664032 / 15.612648]
    )
    assert component(frame, "crude")["note"] == "exact limits on the total; 2 areas, 0 left out"
    share = component(frame, "not_recorded_share")
    assert (share["value"], share["lower"], share["upper"]) == (0, None, None)
    assert frame.columns == REASON_COLUMNS


def test_months_that_are_missing_change_no_part_of_one_force():
    assert values(split_areas(IN_AREAS, submitted=[MAY])) == pytest.approx(values(split_areas(IN_AREAS)))


@pytest.mark.parametrize("place", [None, "Elsewhere"], ids=["not recorded", "not in the population file"])
@pytest.mark.parametrize(("lost", "is_split"), [(5, True), (6, False)])
def test_above_a_tenth_of_searches_without_an_area_there_is_no_decomposition(place, lost, is_split):
    """5 of 50 is a tenth, 6 of 51 is more; the group's share counts although the reference has lost none."""
    black = [("North", "Black", 30), ("South", "Black", 15), (place, "Black", lost)]
    frame = split_areas([*black, *IN_AREAS[2:]])
    assert component(frame, "not_recorded_share")["value"] == pytest.approx(lost / (45 + lost))
    assert (frame.filter(component="within", ethnic_group="Black").height == 1) == is_split
    note = "searches without an area that has residents in the population file"
    assert component(frame, "not_recorded_share")["note"] == note + ("" if is_split else ": too many to go on")


def test_an_area_where_nobody_of_the_reference_lives_is_left_out_and_counted():
    frame = split_areas([*IN_AREAS, ("Isle", "Black", 5)], {**AREAS, "Isle": (20, 0)})
    assert values(frame) == pytest.approx(values(split_areas(IN_AREAS)))
    assert component(frame, "crude")["note"] == "exact limits on the total; 2 areas, 1 left out"


def test_without_areas_in_the_population_file_there_are_no_rows():
    counts = area_counts(IN_AREAS)
    schema = dict.fromkeys(["force", "ethnic_group", "area"], pl.String) | {"population": pl.Int64}
    schema |= dict.fromkeys(["period_from", "period_to"], pl.Date)
    none = pl.DataFrame(schema=schema)
    assert decompose_over_areas(counts.areas, none, estimate_counts(counts)).is_empty()
