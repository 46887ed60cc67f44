"""The statement rule, on comparisons whose every figure is worked by hand."""

from datetime import date
from math import exp, log, sqrt

import polars as pl
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from disparity.analysis.sensitivity import statements
from disparity.analysis.sensitivity.specifications import Assumptions
from disparity.analysis.sensitivity.statements import add_level

SPAN = {"force": "lancashire", "period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1)}
CELL = {**SPAN, "ethnicity_basis": "self-defined", "ethnic_group": "Black", "search_type": "All"}
HALF = 1.959963984540054
KINDS = {"ratio_lower": pl.Float64, "ratio_upper": pl.Float64, "degrees_of_freedom": pl.Float64}


def search_ratio(ratio, error, *, added=(), **changed):
    """A ratio of search rates with the interval and p of a normal error on the log."""
    row = {
        "measure": "search_rate",
        **CELL,
        "reference_group": "White",
        "ratio": ratio,
        "ratio_lower": ratio * exp(-HALF * error),
        "ratio_upper": ratio * exp(HALF * error),
        "difference": 1.0,
        "difference_lower": None,
        "difference_upper": None,
        "test": "clusters by week",
        "statistic": None,
        "p_value": 2 * stats.norm.sf(abs(log(ratio)) / error),
        "design_effect": 1.5,
        "standard_error": error,
        "degrees_of_freedom": float("inf"),
        "is_clustered": True,
        "margin": 0.0,
        "status": "measured",
    }
    return row | changed


def find_difference(difference, error, **changed):
    """A difference of find rates, the reference group's being 0.2."""
    row = search_ratio(
        (0.2 + difference) / 0.2,
        error / 0.2,
        measure="find_rate",
        difference=difference,
        difference_lower=difference - HALF * error,
        difference_upper=difference + HALF * error,
        p_value=2 * stats.norm.sf(abs(difference) / error),
        standard_error=error,
    )
    return row | changed


def residents(**bases):
    """Black residents on each base, with its role; 1,000 White residents on all."""
    return pl.DataFrame(
        [
            {**SPAN, "ethnic_group": group, "population": float(people), "base": base, "role": role}
            for base, (role, black) in bases.items()
            for group, people in (("Black", black), ("White", 1_000))
        ]
    )


ONE_BASE = residents(interpolated=("headline", 100))
TREATED = ("proportional_by_type", "officer_informed", "imputed")


def treat(row, **values):
    """What each treatment of unknown ethnicity makes of a comparison; the printed value where nothing is given."""
    value = "ratio" if row["measure"] == "search_rate" else "difference"
    keys = {key: row[key] for key in ("measure", *CELL)}
    rows = [
        {
            **keys,
            "treatment": name,
            "ratio": row["ratio"],
            "difference": row["difference"],
            "added_error": 0.0,
            "refused": None,
        }
        | (values[name] if isinstance(values.get(name), dict) else {value: values.get(name, row[value])})
        for name in TREATED
    ]
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("ratio", "difference", "added_error").cast(pl.Float64), pl.col("refused").cast(pl.String)
    )


def bound(row, lower, upper):
    keys = {key: row[key] for key in ("measure", *CELL)}
    ends = {"ratio": (lower, upper), "difference": (None, None)}
    if row["measure"] != "search_rate":
        ends = {"ratio": (None, None), "difference": (lower, upper)}
    return pl.DataFrame(
        [keys | {f"{name}_{end}": ends[name][place] for name in ends for place, end in enumerate(("lower", "upper"))}],
    ).with_columns(pl.col("^(ratio|difference)_.*$").cast(pl.Float64))


def decide(*rows, people=ONE_BASE, treatments=None, bounds=None, **assumed):
    comparisons = pl.DataFrame(rows, infer_schema_length=None).cast(KINDS)
    treatments = treatments if treatments is not None else pl.concat(treat(row) for row in rows)
    bounds = bounds if bounds is not None else pl.concat(bound(row, row["ratio"], row["ratio"]) for row in rows[:1])
    return statements.decide(comparisons, Assumptions(people, treatments, bounds, **assumed))


def first(*rows, **assumed):
    return decide(*rows, **assumed)[0].row(0, named=True)


def test_what_holds_everywhere_is_stated():
    row = first(search_ratio(3.0, 0.1))
    assert (row["verdict"], row["depends_on"]) == ("higher", None)
    assert first(search_ratio(1 / 3, 0.1))["verdict"] == "lower"
    assert first(search_ratio(1.1, 0.1))["verdict"] == "no clear difference"


def test_another_base_of_residents_scales_ratio_and_interval():
    """200 Black residents instead of 100 halve a rate: 3.0 (2.47 to 3.65) becomes 1.5 (1.23 to 1.83)."""
    people = residents(interpolated=("headline", 100), census_2021=("plausible", 200))
    stated, judged = decide(search_ratio(3.0, 0.1), people=people)
    other = judged.filter(residents="census_2021", unknown_ethnicity="left_out").row(0, named=True)
    assert [round(other[name], 3) for name in ("ratio", "ratio_lower", "ratio_upper")] == [1.5, 1.233, 1.825]
    assert other["p_value"] == pytest.approx(2 * stats.norm.sf(log(1.5) / 0.1))
    row = stated.row(0, named=True)
    assert (row["verdict"], row["depends_on"]) == ("higher", None)
    assert (round(row["range_lower"], 3), round(row["range_upper"], 3)) == (1.233, round(3 * exp(HALF * 0.1), 3))


def test_a_difference_that_a_census_undoes_depends_on_it():
    """Other in Lancashire: 1.59 on the count of 2011, 0.59 on that of 2021."""
    people = residents(interpolated=("headline", 100), census_2021=("bracketing", 270))
    row = first(search_ratio(1.59, 0.1), people=people)
    assert (row["verdict"], row["depends_on"]) == ("depends", "census")
    # The farther census must be survived, but is no part of the range.
    assert round(row["range_lower"], 2) == round(1.59 * exp(-HALF * 0.1), 2)


def test_a_base_that_is_only_shown_is_no_assumption():
    people = residents(census_2021=("headline", 100), census_2011=("shown", 20))
    row = first(search_ratio(1.59, 0.1), people=people)
    assert (row["verdict"], row["depends_on"]) == ("higher", None)


def test_imputation_widens_by_what_it_adds():
    """√(0.1² + 0.24²) = 0.26 on the log; 1.5 is then no longer clear: p 0.119."""
    printed = search_ratio(1.5, 0.1)
    treatments = treat(printed, imputed={"ratio": 1.5, "added_error": 0.24})
    stated, judged = decide(printed, treatments=treatments)
    imputed = judged.filter(unknown_ethnicity="imputed").row(0, named=True)
    assert imputed["ratio_lower"] == pytest.approx(1.5 * exp(-HALF * 0.26))
    assert imputed["ratio_upper"] == pytest.approx(1.5 * exp(HALF * 0.26))
    assert imputed["p_value"] == pytest.approx(2 * stats.norm.sf(log(1.5) / 0.26))
    assert stated["depends_on"].item() == "unknown_ethnicity"
    shares = find_difference(0.05, 0.01)
    treatments = treat(shares, imputed={"difference": 0.05, "added_error": 0.024})
    imputed = decide(shares, treatments=treatments)[1].filter(unknown_ethnicity="imputed").row(0, named=True)
    assert imputed["difference_lower"] == pytest.approx(0.05 - HALF * 0.026)
    assert imputed["difference_upper"] == pytest.approx(0.05 + HALF * 0.026)


def test_find_rates_depend_on_unknown_ethnicity_too():
    """Merseyside Other: 10.0 points higher if it is left out, 2.8 imputed."""
    printed = find_difference(0.10, 0.02)
    row = first(printed, treatments=treat(printed, imputed={"difference": 0.028, "added_error": 0.02}))
    assert (row["verdict"], row["depends_on"]) == ("depends", "unknown_ethnicity")
    assert row["range_lower"] == pytest.approx(0.028 - HALF * 0.02 * sqrt(2))
    assert row["range_upper"] == pytest.approx(0.10 + HALF * 0.02)


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [((2.5, 3.5), "higher"), ((0.9, 3.5), "depends"), ((None, None), "depends")],
    ids=["settled by the bounds", "not settled", "not known"],
)
def test_what_cannot_be_tried_counts_unless_the_bounds_settle_it(ends, verdict):
    printed = search_ratio(3.0, 0.1)
    refused = treat(printed, officer_informed={"ratio": None, "refused": "officers never recorded the group Black"})
    stated, judged = decide(printed, treatments=refused, bounds=bound(printed, *ends))
    assert stated["verdict"].item() == verdict
    row = judged.filter(unknown_ethnicity="officer_informed").row(0, named=True)
    assert (row["verdict"], row["ratio"]) == ("not available", None)
    assert row["note"] == "officers never recorded the group Black"
    # Nothing at all was tried: the same.
    nothing = refused.clear()
    assert first(printed, treatments=nothing, bounds=bound(printed, *ends))["verdict"] == verdict


def test_census_and_unknown_ethnicity_are_tried_together():
    """Each alone leaves 2 x 0.7 = 1.4, clear; together 2 x 0.49 = 0.98."""
    printed = search_ratio(2.0, 0.1)
    people = residents(interpolated=("headline", 70), census_2021=("bracketing", 100))
    treatments = treat(printed, imputed=1.4)
    assert first(printed, people=people)["verdict"] == "higher"
    assert first(printed, treatments=treatments)["verdict"] == "higher"
    row = first(printed, people=people, treatments=treatments)
    assert (row["verdict"], row["depends_on"]) == ("depends", "census,unknown_ethnicity")


def test_results_recorded_more_often_of_one_group_are_an_assumption():
    printed = find_difference(-0.05, 0.01)
    keys = {key: printed[key] for key in ("measure", *CELL)}
    shifts = {"ratio_none": 0.75, "ratio_all": 0.96, "difference_none": -0.05, "difference_all": -0.008}
    row = first(printed, recording=pl.DataFrame([keys | shifts]))
    assert (row["verdict"], row["depends_on"]) == ("depends", "flags")


IN_DOUBT = pl.DataFrame([SPAN])


def test_months_in_doubt_are_left_out_and_asked_again():
    printed = search_ratio(2.0, 0.1)
    rest = pl.DataFrame([search_ratio(1.1, 0.12)], infer_schema_length=None).cast(KINDS)
    row = first(printed, in_doubt=IN_DOUBT, without_doubt=rest)
    assert (row["verdict"], row["depends_on"]) == ("depends", "months_in_doubt")
    assert row["range_lower"] == pytest.approx(1.1 * exp(-HALF * 0.12))
    holds = pl.DataFrame([search_ratio(1.9, 0.12)], infer_schema_length=None).cast(KINDS)
    assert first(printed, in_doubt=IN_DOUBT, without_doubt=holds)["verdict"] == "higher"
    # A force without a month in doubt has none to leave out.
    assert first(printed, without_doubt=rest)["verdict"] == "higher"


def test_where_every_month_is_in_doubt_nothing_is_stated():
    printed = search_ratio(2.0, 0.1)
    stated, judged = decide(printed, in_doubt=IN_DOUBT)
    row = stated.row(0, named=True)
    assert (row["verdict"], row["depends_on"]) == ("depends", "months_in_doubt")
    # The range is of what has limits, as printed.
    assert row["range_lower"] == pytest.approx(2 * exp(-HALF * 0.1))
    tried = judged.filter(months="without_months_in_doubt").row(0, named=True)
    assert (tried["ratio"], tried["verdict"]) == (None, "not available")
    assert tried["note"] == "no month is left that is not in doubt, or which are is not published"
    assert first(search_ratio(1.1, 0.1), in_doubt=IN_DOUBT)["verdict"] == "no clear difference"


def test_clusters_that_are_not_known_are_an_assumption():
    row = first(search_ratio(2.0, 0.1, is_clustered=False))
    assert (row["verdict"], row["depends_on"]) == ("depends", "clusters")


@pytest.mark.parametrize(
    ("status", "verdict"),
    [("not_measurable", "not measurable"), ("small", "not compared"), ("partial", "not compared")],
)
def test_what_is_not_measured_is_not_compared(status, verdict):
    row = first(search_ratio(2.0, 0.1, status=status, p_value=None))
    assert (row["verdict"], row["depends_on"]) == (verdict, None)
    assert row["range_lower"] == pytest.approx(2 * exp(-HALF * 0.1))


def test_what_rounding_could_have_made_counts_against_a_difference():
    """1.5 is nearer to equality by a factor of 1.3: p of log(1.5 / 1.3) / 0.1, on another base that of 1.6."""
    people = residents(interpolated=("headline", 96), census_2021=("plausible", 90))
    _, judged = decide(search_ratio(1.5, 0.1, margin=log(1.3)), people=people)
    row = judged.filter(residents="census_2021", unknown_ethnicity="left_out").row(0, named=True)
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(log(1.6 / 1.3) / 0.1))
    _, judged = decide(search_ratio(1.1, 0.1, margin=log(1.3)), people=people)
    assert set(judged.filter(residents="census_2021")["p_value"]) == {1.0}


def test_an_interval_without_end_gives_a_range_without_end():
    row = first(search_ratio(3.0, 0.1, ratio_upper=None))
    assert row["range_upper"] is None
    assert row["range_lower"] is not None


def test_a_ratio_of_nothing_keeps_its_interval_and_moves_with_the_base():
    """0 (0 to 0.3); with 200 residents instead of 100 the upper limit is half."""
    people = residents(interpolated=("headline", 100), census_2021=("plausible", 200))
    small = {"p_value": None, "status": "small"}
    none = search_ratio(1.0, 0.1, **small) | {"ratio": 0.0, "ratio_lower": 0.0, "ratio_upper": 0.3}
    stated, judged = decide(none, people=people)
    row = stated.row(0, named=True)
    assert (row["range_lower"], row["range_upper"], row["verdict"]) == (0, 0.3, "not compared")
    other = judged.filter(residents="census_2021", unknown_ethnicity="left_out").row(0, named=True)
    assert (other["ratio_lower"], other["ratio_upper"]) == (0, 0.15)


def test_a_share_of_nothing_is_set_under_every_assumption_without_a_number_that_is_none():
    """0 against 0.2: no log of such a ratio, so the imputed one has no limits; its difference has."""
    none = find_difference(-0.1, 0.02) | {
        **{"ratio": 0.0, "ratio_lower": 0.0, "ratio_upper": 0.1, "difference": -0.2},
        **{"difference_lower": -0.2 - HALF * 0.02, "difference_upper": -0.2 + HALF * 0.02},
    }
    treatments = treat(none, imputed={"ratio": 0.05, "difference": -0.19, "added_error": 0.015})
    stated, judged = decide(none, treatments=treatments, bounds=bound(none, -0.2, -0.1))
    numbers = judged.select(pl.col(pl.Float64).is_finite().all())
    assert numbers.row(0) == (True,) * numbers.width
    imputed = judged.filter(unknown_ethnicity="imputed").row(0, named=True)
    assert (imputed["ratio_lower"], imputed["ratio_upper"]) == (None, None)
    assert imputed["difference_upper"] == pytest.approx(-0.19 + HALF * 0.025)
    assert stated["verdict"].item() == "lower"


def test_the_level_is_benjamini_hochbergs_for_a_single_p():
    """As statsmodels decides: rejected exactly where p is under the level; one measure, so all of 5%."""
    errors = [0.1, 0.2, 0.3, 0.45, 0.7, 0.9]
    groups = ["Asian", "Black", "Mixed", "Other", "White", "All"]
    rows = [search_ratio(2.5, error, ethnic_group=group) for error, group in zip(errors, groups, strict=True)]
    levelled = add_level(pl.DataFrame(rows, infer_schema_length=None))
    rejected, adjusted, *_ = multipletests([row["p_value"] for row in rows], alpha=0.05, method="fdr_bh")
    assert (levelled["p_value"] < levelled["level"]).to_list() == list(rejected)
    assert levelled["p_adjusted"].to_list() == pytest.approx(list(adjusted))
    assert levelled["level"].to_list() == pytest.approx([0.05 * rejected.sum() / 6] * 6)


def test_measures_without_a_difference_lower_the_level():
    """One of two measures is selected: 5% x 1 / 2; its one comparison is all there is to discover."""
    rows = [search_ratio(2.5, 0.1), find_difference(0.001, 0.01)]
    levelled = add_level(pl.DataFrame(rows, infer_schema_length=None))
    assert levelled["level"].to_list() == pytest.approx([0.025, 0.025])


def test_other_forces_in_the_publication_change_nothing():
    rows = [search_ratio(1.3, 0.1), search_ratio(1.05, 0.1, ethnic_group="Asian")]
    others = [search_ratio(1.0001, 0.1, force=name) for name in ("kent", "merseyside", "sussex", "wiltshire")]
    own = add_level(pl.DataFrame(rows, infer_schema_length=None))
    among = add_level(pl.DataFrame([*rows, *others], infer_schema_length=None)).filter(force="lancashire")
    assert own.equals(among)


def test_the_smallest_difference_is_found_four_times_in_five():
    """A true ratio of that size gives p under the level in 80% of draws; on a normal log, 200,000 of them."""
    row = first(search_ratio(1.1, 0.1))
    z = stats.norm.rvs(log(row["smallest_difference"]) / 0.1, size=200_000, random_state=1)
    assert (2 * stats.norm.sf(abs(z)) < row["level"]).mean() == pytest.approx(0.8, abs=0.005)
    row = first(find_difference(0.001, 0.01))
    assert row["smallest_difference"] == pytest.approx((stats.norm.isf(row["level"] / 2) + stats.norm.ppf(0.8)) * 0.01)
