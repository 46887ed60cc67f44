"""What a difference becomes if the results that one group lacks more often were all finds, or none."""

import polars as pl

from disparity.analysis.measures.entries import ESTIMATED
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.vocabulary.codes import REFERENCE_GROUP

KEYS = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type"]
# Rates whose numerator can be unknown.
COVERED = [measure.name for measure in ESTIMATED if measure.is_compared and measure.coverages]
SHIFT_COLUMNS = [*KEYS, "excess", "ratio_none", "ratio_all", "difference_none", "difference_all"]

# Far below one search of any force: the last bits of a float.
SAME = 1e-12
# How many of the excess are counted as finds.
ENDS = {"none": 0, "all": 1}


def shift_coverage(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Count the results that are unknown more often in one of two groups all as finds, and all as none.

    With n searches of a group, x of them found and k known, coverage c = k / n. The group g that is covered less has
    e = n_g (c_other - c_g) unknown results more than it would have with the coverage of the other. Its rate is
    x / (k + e) if none of them were finds and (x + e) / (k + e) if all were; the other's stays x / k. Arrests, actions
    and clothing removed likewise.

    Returns:
        SHIFT_COLUMNS, a row for every comparison of such a rate: `excess` in searches of the group covered less;
        `ratio_none`, `ratio_all` without unit (1 is the same rate); `difference_none`, `difference_all` in shares (0 is
        the same rate), the group against the reference group as in `comparisons`. Null where coverage does not differ,
        where nothing is compared and, of ratios, where the reference group's rate is zero.

    >>> keys = {name: "" for name in KEYS} | {"measure": "find_rate"}
    >>> rate = lambda group, found, known, unknown: keys | {
    ...     "ethnic_group": group, "numerator": found, "denominator": float(known), "unknown": unknown}
    >>> estimates = pl.DataFrame([rate("Black", 18, 90, 10), rate("White", 200, 1_000, 0)])
    >>> comparisons = pl.DataFrame([keys | {"ethnic_group": "Black", "reference_group": "White", "difference": 0.0}])
    >>> shifted = shift_coverage(estimates, comparisons)
    >>> shifted.select(pl.col("excess", "difference_none", "difference_all").round(2)).rows()
    [(10.0, -0.02, 0.08)]
    """
    own = pl.col("measure").is_in(COVERED)
    rates = estimates.filter(own).select(
        *KEYS,
        found="numerator",
        known="denominator",
        searches=pl.col("denominator") + pl.col("unknown"),
    )
    reference = rates.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    others = [key for key in KEYS if key != "ethnic_group"]
    pairs = (
        comparisons.filter(own)
        .select(*KEYS, is_compared=pl.col("difference").is_not_null())
        .join(rates, on=KEYS, how="left", maintain_order="left")
        .join(reference, on=others, how="left", suffix="_reference", maintain_order="left")
    )
    coverage, other = (pl.col(f"known{end}") / pl.col(f"searches{end}") for end in ("", "_reference"))
    gap = (other - coverage).fill_nan(None)
    lacking = [
        (pl.col(f"searches{end}") * excess.clip(lower_bound=0)).alias(f"excess{end}")
        for end, excess in (("", gap), ("_reference", -gap))
    ]
    differs = pl.col("is_compared") & (gap.abs() > SAME)
    shifted = pairs.with_columns(*lacking, differs=differs).with_columns(
        *(_shift("", share).alias(f"own_{name}") for name, share in ENDS.items()),
        *(_shift("_reference", share).alias(f"other_{name}") for name, share in ENDS.items()),
    )
    return shifted.select(
        *KEYS,
        _where_it_differs(pl.col("excess") + pl.col("excess_reference")).alias("excess"),
        *(
            _where_it_differs(
                pl.when(pl.col(f"other_{name}") > 0).then(pl.col(f"own_{name}") / pl.col(f"other_{name}"))
            ).alias(f"ratio_{name}")
            for name in ENDS
        ),
        *(
            _where_it_differs(pl.col(f"own_{name}") - pl.col(f"other_{name}")).alias(f"difference_{name}")
            for name in ENDS
        ),
    )


def _shift(end: str, share: int) -> pl.Expr:
    found, known, excess = (pl.col(f"{name}{end}") for name in ("found", "known", "excess"))
    return ((found + share * excess) / (known + excess)).fill_nan(None)


def _where_it_differs(value: pl.Expr) -> pl.Expr:
    return pl.when("differs").then(value)
