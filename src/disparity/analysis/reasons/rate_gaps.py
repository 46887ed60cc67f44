"""How much of a gap between find rates lies in the rates, and how much in what people are searched for.

A group that is searched more often for what is seldom found has a lower find rate overall, even where every
type of search finds as often as it does for others. Definitions, section 4.
"""

import numpy as np
import polars as pl

from disparity.analysis.measures.flag_use import list_unused_flags
from disparity.analysis.reasons.rate_strata import list_figures, stack_strata
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.decomposition import Estimate, ShareStrata, split_share_gap
from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, REFERENCE_GROUP
from disparity.vocabulary.statuses import MEASURED, SMALL
from disparity.vocabulary.thresholds import SMALL_SEARCHES

FIND_RATE_GAP = "find_rate_gap"
FIND_RATE_CHANGE = "find_rate_change"
# The gate of a find rate: a type's contribution has limits from there.
FEW = f"; no limits: fewer than {SMALL_SEARCHES} searches of the type in one of the two"
SHARES = ("found", "known", "reference_found", "reference_known")
METHODS = ("Newcombe limits", "delta method", "delta method")
SPAN = ["period_from", "period_to"]


def decompose_find_rate_gaps(estimates: pl.DataFrame, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Split the gap between a group's find rate and the reference group's over types of search.

    With h the find rate and s the share of the searches, of type k, group c and reference r:
    rate effect = sum of (s_c + s_r) / 2 x (h_c - h_r); mix effect = sum of (h_c + h_r) / 2 x (s_c - s_r);
    gap = rate effect + mix effect.

    Returns:
        REASON_COLUMNS, shares of 1, neutral value 0: components gap, rate_effect, mix_effect and
        "rate_effect: <type>", its parts. Only where the find rates are measured and compared; so hardly ever where
        a type's flag is not in use. Drugs are one type unless possession and supply are recorded. A type that
        one group is not searched for is all mix.

    Source: Kitagawa (1955).
    """
    keys = [*PERIOD_KEYS, "ethnic_group"]
    measured = comparisons.filter(measure="find_rate", search_type=ALL, status=MEASURED)
    compared = measured.select(*keys, "reference_group", analysis=pl.lit(FIND_RATE_GAP), note=pl.lit(""))
    leaves = _list_types(estimates)
    reference = leaves.filter(ethnic_group=REFERENCE_GROUP).drop("ethnic_group")
    reference = reference.rename({"found": "reference_found", "known": "reference_known"})
    cells = leaves.join(reference, on=[*PERIOD_KEYS, "search_type"])
    return _split("gap", cells, compared)


def decompose_find_rate_changes(estimates: pl.DataFrame) -> pl.DataFrame:
    """Split the change of a group's find rate, from one period to the next, over types of search.

    As for the gap, with the later period for the group and the earlier one for the reference.

    Returns:
        REASON_COLUMNS with the later period and no reference group, for the five groups and All: components
        change, rate_effect, mix_effect and "rate_effect: <type>"; the note names the earlier period. Only
        where both find rates are measured and the flag is in use for every type in both periods.

    Source: Kitagawa (1955).
    """
    keys = [*PERIOD_KEYS, "ethnic_group"]
    is_group = pl.col("ethnic_group").is_in([ALL, *ETHNIC_GROUPS])
    measured = (
        estimates.filter(is_group, measure="find_rate", search_type=ALL, status=MEASURED)
        .select(keys)
        .join(list_unused_flags(estimates), on=PERIOD_KEYS, how="anti")
    )
    spans = estimates.select(SPAN).unique().sort(SPAN)
    steps = spans.with_columns(earlier_from=pl.col(SPAN[0]).shift(1), earlier_to=pl.col(SPAN[1]).shift(1))
    steps = steps.filter(pl.col("earlier_to") < pl.col("period_from"))
    place = ["force", "ethnicity_basis", "ethnic_group", "earlier_from", "earlier_to"]
    before = {name: name.replace("period", "earlier") for name in SPAN}
    changed = (
        measured.join(steps, on=SPAN)
        .join(measured.rename(before), on=place)
        .with_columns(analysis=pl.lit(FIND_RATE_CHANGE), note=_name_earlier())
    )
    leaves = _list_types(estimates)
    earlier = leaves.rename({**before, "found": "reference_found", "known": "reference_known"})
    cells = (
        leaves.join(steps, on=SPAN)
        .join(earlier, on=[*place, "search_type"], how="full", coalesce=True)
        .with_columns(pl.col(SHARES).fill_null(0))
    )
    return _split("change", cells, changed)


def _list_types(estimates: pl.DataFrame) -> pl.DataFrame:
    """Give the types that add up to all searches: PERIOD_KEYS, ethnic_group, search_type, found, known.

    Possession and supply are separate only where the records separate them; elsewhere the difference between
    groups would be one of recording.
    """
    rates = estimates.filter(measure="find_rate")
    parts = rates.filter(pl.col("status").is_in([MEASURED, SMALL]), ethnic_group=ALL, search_type=DRUG_TYPES[0])
    is_part, is_sum = pl.col("search_type").is_in(DRUG_TYPES), pl.col("search_type") == "drugs"
    leaves = pl.concat(
        [
            rates.join(parts, on=PERIOD_KEYS, how="semi").filter(~is_sum),
            rates.join(parts, on=PERIOD_KEYS, how="anti").filter(~is_part),
        ]
    ).filter(pl.col("search_type") != ALL)
    return leaves.select(*PERIOD_KEYS, "ethnic_group", "search_type", found="numerator", known="denominator")


def _name_earlier() -> pl.Expr:
    return pl.format(
        "; against {} to {}", pl.col("earlier_from").dt.strftime("%Y-%m"), pl.col("earlier_to").dt.strftime("%Y-%m")
    )


def _split(whole: str, cells: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Split what is wanted; `whole` names the gap or change itself."""
    keys = [*PERIOD_KEYS, "ethnic_group"]
    types = cells["search_type"].unique().sort().to_list()
    grid = wanted.select(keys).join(pl.DataFrame({"search_type": types}, {"search_type": pl.String}), how="cross")
    filled = grid.join(cells, on=[*keys, "search_type"], how="left").with_columns(pl.col(SHARES).fill_null(0))
    rows, arrays = stack_strata(filled.sort(*keys, "search_type"), wanted, keys, SHARES)
    parts = split_share_gap(ShareStrata(*arrays))
    components = zip((whole, "rate_effect", "mix_effect"), parts[:3], METHODS, strict=True)
    tables = [list_figures(rows, name, part, method) for name, part, method in components]
    present = filled["search_type"].unique().sort()
    effects = (_list_type(rows, name, place, parts.rate_effects, arrays) for place, name in enumerate(present))
    return pl.concat([*tables, *effects])


def _list_type(
    rows: pl.DataFrame, name: str, place: int, effects: Estimate, arrays: tuple[FloatArray, ...]
) -> pl.DataFrame:
    """List the rate effect of one type, where both groups were searched for it."""
    fewest = np.minimum(arrays[1], arrays[3])[:, place]
    value, *limits = (figure[:, place] for figure in effects)
    shown = [np.where(fewest >= SMALL_SEARCHES, limit, np.nan) for limit in limits]
    warning = pl.when(pl.Series(fewest) < SMALL_SEARCHES).then(pl.lit(FEW)).otherwise(pl.lit(""))
    stated = rows.with_columns(note=pl.concat_str("note", warning))
    return list_figures(stated, f"rate_effect: {name}", Estimate(value, *shown), METHODS[1]).filter(
        pl.Series(fewest > 0)
    )
