"""What is true in a world: every rate, and every comparison of two, that the toolkit will be held against."""

import numpy as np
import polars as pl

from disparity.analysis.calibration.worlds import ACTIONS, FINDS, RESULTS, TYPES, World
from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP

ARRESTS = tuple(place for place, (kind, _) in enumerate(RESULTS) if kind == "arrest")
SHARES = {"find_rate": FINDS, "arrest_rate": ARRESTS, "action_rate": ACTIONS}
# Far below what any draw could show, far above the last bits of a float.
SAME = 1e-12


def list_true_rates(world: World) -> pl.DataFrame:
    """Give measure, ethnic_group, search_type, truth (in the measure's unit) and expected_count (of the numerator).

    `type_share` is the true mix; drugs and drugs_unspecified are the same here.
    """
    searches = world.expected_searches().sum(axis=0)
    resident_years = world.true_residents().sum(axis=0) * world.months / MONTHS_IN_YEAR
    mixes, results = np.asarray(world.mixes), world.result_shares()
    rows: list[tuple[str, str, str, float, float]] = []
    for place, group in enumerate(ETHNIC_GROUPS):
        kinds = {ALL: mixes[place], **{kind: np.eye(len(TYPES))[at] * mixes[place] for at, kind in enumerate(TYPES)}}
        for kind, weights in kinds.items():
            share = weights.sum()
            expected = searches[place] * share
            rows.append(("search_rate", group, kind, 1_000 * expected / resident_years[place], expected))
            if kind != ALL:
                rows.append(("type_share", group, kind, share, expected))
            for measure, places in SHARES.items():
                rate = float(weights @ results[place][:, places].sum(axis=-1) / share)
                rows.append((measure, group, kind, rate, expected * rate))
    schema = ("measure", "ethnic_group", "search_type", "truth", "expected_count")
    table = pl.DataFrame(rows, schema=schema, orient="row")
    drugs = table.filter(pl.col("search_type") == "drugs_unspecified").with_columns(search_type=pl.lit("drugs"))
    return pl.concat([table, drugs])


def list_true_comparisons(world: World) -> pl.DataFrame:
    """Give each group against the reference group: true_ratio, true_difference, is_same, the smaller expected_count."""
    rates = list_true_rates(world)
    keys = ["measure", "search_type"]
    reference = rates.filter(pl.col("ethnic_group") == REFERENCE_GROUP).drop("ethnic_group")
    truth, other = pl.col("truth"), pl.col("truth_right")
    return rates.join(reference, on=keys).select(
        *keys,
        "ethnic_group",
        (truth / other).alias("true_ratio"),
        (truth - other).alias("true_difference"),
        ((truth - other).abs() < SAME * other).alias("is_same"),
        pl.min_horizontal("expected_count", "expected_count_right").alias("expected_count"),
    )
