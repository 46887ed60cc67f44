"""What counts as a false statement, and how often a range holds the truth: on statements written by hand."""

import polars as pl
import pytest

from disparity.analysis.calibration.calibrate import CALIBRATION_COLUMNS, calibrate
from disparity.analysis.calibration.scores import ANY, RANGE_COVERAGE, score_ranges, score_statements, score_verdicts
from disparity.analysis.calibration.worlds import EQUAL, UNEQUAL, WORLDS
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT, HIGHER_THRESHOLD, LOWER_THRESHOLD
from disparity.vocabulary.codes import ALL, SELF_DEFINED

UNCLEAR = "no clear difference"


def state(*verdicts, force="draw-0", **other):
    """Comparisons of one publication: (measure, group, type, verdict)."""
    rows = [
        {"measure": measure, "ethnic_group": group, "search_type": kind, "verdict": verdict, "force": force}
        for measure, group, kind, verdict in verdicts
    ]
    return pl.DataFrame(rows).with_columns(ethnicity_basis=pl.lit(SELF_DEFINED), **other)


def count_false(world, *publications):
    comparisons = pl.concat([state(*verdicts, force=f"draw-{place}") for place, verdicts in enumerate(publications)])
    scored = score_statements(world, comparisons)
    return dict(scored.select("subject", pl.col("total").cast(pl.Int64)).iter_rows())


def test_any_difference_stated_between_equal_rates_makes_a_publication_false():
    one = [("search_rate", "Black", ALL, UNCLEAR), ("find_rate", "Asian", "drugs", "higher")]
    none = [("search_rate", "Black", ALL, UNCLEAR), ("find_rate", "Asian", "drugs", UNCLEAR)]
    both = [("search_rate", "Black", ALL, "lower"), ("find_rate", "Asian", "drugs", "higher")]
    assert count_false(EQUAL, one, none, both) == {"search_rate": 1, "find_rate": 2, ANY: 2}


@pytest.mark.parametrize(("verdict", "is_false"), [("higher", 0), ("lower", 1), (UNCLEAR, 0), ("depends", 0)])
def test_a_difference_that_is_there_is_false_on_the_wrong_side_alone(verdict, is_false):
    assert count_false(UNEQUAL, [("search_rate", "Black", ALL, verdict)])[ANY] == is_false


@pytest.mark.parametrize(
    ("limits", "is_covered"), [((1.2, 1.8), 1), ((1.6, 1.8), 0), ((1.2, None), 1), ((0.4, 0.6), 0)]
)
def test_a_range_of_search_rates_is_held_against_the_true_ratio(limits, is_covered):
    """Black residents of UNEQUAL are searched 1.5 times as often."""
    ranges = {f"range_{end}": pl.lit(limit, pl.Float64) for end, limit in zip(("lower", "upper"), limits, strict=True)}
    scored = score_ranges(UNEQUAL, state(("search_rate", "Black", ALL, "higher"), **ranges))
    assert scored.select("check", "total").row(0) == (RANGE_COVERAGE, is_covered)


def test_a_range_of_shares_is_held_against_the_true_difference():
    """By hand: 0.147 against 0.6 x 0.25 + 0.25 x 0.18 + 0.15 x 0.15 = 0.2175; difference -0.0705."""
    for lower, upper, is_covered in ((-0.1, -0.07, 1), (-0.07, 0.0, 0)):
        ranges = {"range_lower": pl.lit(lower), "range_upper": pl.lit(upper)}
        scored = score_ranges(UNEQUAL, state(("find_rate", "Black", ALL, "lower"), **ranges))
        assert scored["total"].to_list() == [is_covered] * 2  # by itself, and of all together


@pytest.mark.parametrize(
    ("world", "said", "check"),
    [
        (UNEQUAL, LOWER_THRESHOLD, "power"),
        (UNEQUAL, HIGHER_THRESHOLD, "false statement"),
        (next(world for world in WORLDS if "same find rates" in world.name), LOWER_THRESHOLD, "false statement"),
    ],
)
def test_a_threshold_is_true_only_where_it_is_within_types(world, said, check):
    reasons = pl.DataFrame(
        {
            "force": ["draw-0"],
            "analysis": [COMBINED_VERDICT],
            "component": [ALL],
            "ethnic_group": ["Black"],
            "note": [said],
        }
    )
    assert score_verdicts(world, reasons).select("check", "total").row(0) == (check, 1)


@pytest.mark.slow
def test_every_world_can_be_drawn_and_scored():
    table = calibrate(publications=2, seed=1)
    assert table.columns == CALIBRATION_COLUMNS
    stated = table.filter(check="false statement", subject=ANY)
    assert stated["world"].to_list() == [world.name for world in WORLDS]
    assert set(stated["publications"]) == {2}
