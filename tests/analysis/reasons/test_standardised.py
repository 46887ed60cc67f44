"""Rates standardised by age and sex against independent packages and hand."""

from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.standardised import standardise_by_age_and_sex
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.counts import PEOPLE_KEYS
from disparity.vocabulary.codes import AGE_GROUPS, ALL, ETHNIC_GROUPS
from support.cells import APRIL, FORCE, YEAR, cell, count, estimate_counts, people, row_of

BANDS = list(product(AGE_GROUPS, ("Male", "Female")))
WIDE_BANDS = list(product(("under 25", "25-34", "over 34"), ("Male", "Female")))  # of a census
YOUNG, OLD = ("18-24", "Male"), ("over 34", "Female")
NUMBERS = ["value", "lower", "upper"]


def compare(estimates, effects=()):
    """Comparisons of search rates as far as they are needed here: group → design effect."""
    keys = estimates.select(PERIOD_KEYS).unique()
    effects = dict(effects)
    rows = pl.DataFrame(
        {"ethnic_group": list(effects), "design_effect": list(effects.values())},
        {"ethnic_group": pl.String, "design_effect": pl.Float64},
    )
    return keys.join(rows, how="cross").with_columns(search_type=pl.lit(ALL))


def standardise(searches, sizes, effects=(), **settings):
    """Standardise one force: (group, band) → searches, and → residents; bands not named have neither."""
    by_group = {group: sum(n for (other, _), n in searches.items() if other == group) for group, _ in searches}
    schema = {**dict.fromkeys(PEOPLE_KEYS, pl.String), "month": pl.Date, "searches": pl.Int64}
    rows = [(FORCE, APRIL, group, band[1], band[0], n) for (group, band), n in searches.items()]
    counts = replace(
        count(*(cell(group, searches=n) for group, n in by_group.items())),
        people=pl.DataFrame(rows, schema, orient="row"),
    )
    bands = WIDE_BANDS if any(band in WIDE_BANDS[:2] for _, band in sizes) else BANDS
    table = [(FORCE, group, *band, sizes.get((group, band), 0)) for group in ETHNIC_GROUPS for band in bands]
    columns = ["force", "ethnic_group", "age_group", "gender", "population"]
    residents = pl.DataFrame(table, columns, orient="row").with_columns(
        period_from=pl.lit(YEAR[0]), period_to=pl.lit(YEAR[-1])
    )
    totals = dict(residents.group_by("ethnic_group").agg(pl.col("population").sum()).iter_rows())
    estimates = estimate_counts(counts, population=people(totals), **settings)
    return standardise_by_age_and_sex(counts.people, residents, estimates, compare(estimates, effects))


# Of 10,000 Black residents 4,000 are young men, of 90,000 White ones 9,000.
SIZES = {("Black", YOUNG): 4_000, ("Black", OLD): 6_000, ("White", YOUNG): 9_000, ("White", OLD): 81_000}
SEARCHES = {("Black", YOUNG): 80, ("Black", OLD): 12, ("White", YOUNG): 90, ("White", OLD): 81}


def component(frame, name, group="Black"):
    return row_of(frame, component=name, ethnic_group=group)


def test_rates_and_their_ratio_are_worked_by_hand():
    """Of all 100,000, 13% are young men: 0.13 x 20 + 0.87 x 2 = 4.34 against 0.13 x 10 + 0.87 x 1 = 2.17.

    The crude rates are 9.2 and 1.9: 4.84 times, more than half of which is age.
    """
    frame = standardise(SEARCHES, SIZES)
    assert component(frame, "rate")["value"] == pytest.approx(4.34)
    assert component(frame, "rate", "White")["value"] == pytest.approx(2.17)
    assert component(frame, "ratio")["value"] == pytest.approx(2)
    assert component(frame, "not_recorded_share")["value"] == 0
    assert frame.columns == REASON_COLUMNS
    assert set(frame["analysis"]) == {"age_sex_standardised"}


def test_limits_of_the_ratio_are_worked_by_hand():
    """v = 0.13² x 80 / 4² + 0.87² x 12 / 6² = 0.3368 of 4.34²; 0.13² x 90 / 9² + 0.87² x 81 / 81² = 0.028122 of 2.17².

    √(0.017881 + 0.0059722) = 0.154445; x 1.959964, exp: 1.353491.
    """
    row = component(standardise(SEARCHES, SIZES), "ratio")
    assert [row["lower"], row["upper"]] == pytest.approx([2 / 1.353491, 2 * 1.353491], rel=1e-4)
    assert row["note"] == "delta method on the log, with the design effect; standard: all residents of the force"


def test_the_limits_carry_the_design_effect_and_the_values_do_not():
    """With four times the variance the reach of the ratio is twice 0.154445 x 1.959964 on the log: 1.831938.

    Under independence (0.7) nothing is narrowed. The rate of White people takes the larger effect.
    """
    plain = standardise(SEARCHES, SIZES, {"Black": 0.7})
    wide = standardise(SEARCHES, SIZES, {"Black": 4.0, "Asian": 2.0})
    row = component(wide, "ratio")
    assert [row[name] for name in NUMBERS] == pytest.approx([2, 2 / 1.831938, 2 * 1.831938], rel=1e-4)
    assert component(plain, "ratio")["upper"] == pytest.approx(2 * 1.353491, rel=1e-4)
    for group in ("Black", "White"):
        before, after = (component(frame, "rate", group) for frame in (plain, wide))
        assert after["value"] == pytest.approx(before["value"])
        assert after["upper"] - after["lower"] > 1.9 * (before["upper"] - before["lower"])
    # A quarter of the searches, 23, have the exact limits 14.5799 and 34.5113 of 46 / 4.
    indirect = component(wide, "indirect_ratio")
    assert [indirect["lower"], indirect["upper"]] == pytest.approx([14.5799 / 11.5, 34.5113 / 11.5], rel=1e-4)


def test_people_under_25_are_one_band_where_residents_are():
    """As a census has them: searches of people of 10-17 and 18-24 go into it."""
    under_25 = ("under 25", "Male")
    sizes = {(group, under_25 if band == YOUNG else band): n for (group, band), n in SIZES.items()}
    searches = {("Black", ("10-17", "Male")): 30, ("Black", ("18-24", "Male")): 50, **dict(list(SEARCHES.items())[1:])}
    assert component(standardise(searches, sizes), "rate")["value"] == pytest.approx(4.34)
    assert component(standardise(searches, sizes), "not_recorded_share")["value"] == 0


def test_the_indirect_ratio_is_worked_by_hand_with_exact_limits():
    """Expected at White rates 4,000 x 1% + 6,000 x 0.1% = 46: 92 / 46; Poisson limits of 92: 74.1645 and 112.8295."""
    row = component(standardise(SEARCHES, SIZES), "indirect_ratio")
    assert [row[name] for name in NUMBERS] == pytest.approx([2, 74.1645 / 46, 112.8295 / 46], rel=1e-5)


def test_a_rate_has_the_limits_that_packages_agree_on():
    """The vector dsr_total_nine: 2, 3, 4 of 500, 900, 1,200 with standard 3, 4, 5: 3.5 (1.5826-6.8769)."""
    bands = BANDS[:3]
    sizes = {("Black", band): n for band, n in zip(bands, (500, 900, 1_200), strict=True)}
    # White residents bring all residents to 3 : 4 : 5.
    sizes |= {("White", band): n * 1_000 - sizes["Black", band] for band, n in zip(bands, (3, 4, 5), strict=True)}
    searches = {("Black", band): n for band, n in zip(bands, (2, 3, 4), strict=True)}
    row = component(standardise(searches | {("White", bands[0]): 50}, sizes), "rate")
    assert [row[name] for name in NUMBERS] == pytest.approx([3.5, 1.5826104841519661, 6.876947121710512], rel=1e-9)
    assert (
        row["note"]
        == "per 1,000 residents a year, Fay-Feuer limits with the design effect; standard: all residents of the force"
    )
    assert row["reference_group"] is None


def test_rates_are_a_year_whatever_the_months_submitted():
    """Half of the year submitted: the same searches are twice the rate, and the same ratio."""
    frame = standardise(SEARCHES, SIZES, submitted=YEAR[:6])
    assert component(frame, "rate")["value"] == pytest.approx(8.68)
    assert component(frame, "ratio")["value"] == pytest.approx(2)
    assert component(frame, "indirect_ratio")["value"] == pytest.approx(2)


@pytest.mark.parametrize(
    "band", [(None, "Male"), ("18-24", None), ("18-24", "Other")], ids=["no age", "no sex", "a sex without residents"]
)
@pytest.mark.parametrize(("lost", "is_standardised"), [(10, True), (11, False)])
def test_above_a_tenth_of_searches_without_age_or_sex_nothing_is_standardised(band, lost, is_standardised):
    """10 of 100 is a tenth, 11 of 101 is more."""
    searches = {("Black", YOUNG): 80, ("Black", OLD): 10, ("Black", band): lost, **dict(list(SEARCHES.items())[2:])}
    frame = standardise(searches, SIZES)
    share = component(frame, "not_recorded_share")
    assert share["value"] == pytest.approx(lost / (90 + lost))
    assert share["note"] == "searches without age and sex" + ("" if is_standardised else ": too many to go on")
    assert frame.filter(component="ratio", ethnic_group="Black").height == is_standardised
    assert frame.filter(component="rate", ethnic_group="White").height == 1


def test_a_band_in_which_nobody_of_the_group_lives_leaves_it_without_rate_and_ratio():
    frame = standardise(SEARCHES, {**SIZES, ("White", BANDS[0]): 700})
    assert [component(frame, name)["value"] for name in ("rate", "ratio")] == [None, None]
    assert component(frame, "rate", "White")["value"] > 0
    assert component(frame, "indirect_ratio")["value"] == pytest.approx(2)


@pytest.mark.parametrize(("searches", "has_limits"), [(9, False), (10, True)])
def test_limits_of_the_ratio_need_ten_searches(searches, has_limits):
    few = {("Black", YOUNG): searches, **dict(list(SEARCHES.items())[2:])}
    ratio, rate = (component(standardise(few, SIZES), name) for name in ("ratio", "rate"))
    assert (ratio["lower"] is not None) == has_limits
    assert ratio["note"].endswith("no limits: fewer than 10 searches of a group") != has_limits
    assert rate["lower"] < rate["value"] < rate["upper"]


def test_a_group_is_not_compared_with_itself():
    frame = standardise(SEARCHES, SIZES).filter(pl.col("ethnic_group") == "White")
    assert sorted(frame["component"]) == ["not_recorded_share", "rate"]


def test_without_ages_in_the_population_file_there_are_no_rows():
    counts = count(cell("Black", searches=50), cell("White", searches=90))
    schema = dict.fromkeys(["force", "ethnic_group", "age_group", "gender"], pl.String) | {"population": pl.Int64}
    schema |= dict.fromkeys(["period_from", "period_to"], pl.Date)
    estimates = estimate_counts(counts)
    frame = standardise_by_age_and_sex(counts.people, pl.DataFrame(schema=schema), estimates, compare(estimates))
    assert frame.is_empty()
    assert frame.columns == REASON_COLUMNS
