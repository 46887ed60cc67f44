"""Search rates as they would be if every group had the ages and sexes of all residents of the force.

Young men are searched most, and groups differ in how many of them are young men.
"""

import numpy as np
import polars as pl

from disparity.analysis.reasons.rate_strata import (
    CELL,
    FEW_SEARCHES,
    MOST_UNPLACED,
    SPANS,
    are_few,
    list_figures,
    list_unplaced,
    look_up_effects,
    pair_strata,
    stack_strata,
)
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.decomposition import Estimate
from disparity.statistics.intervals import FloatArray
from disparity.statistics.standardised import indirect_ratio, standardised_rate_fay_feuer, standardised_rate_ratio
from disparity.vocabulary.codes import REFERENCE_GROUP, YOUNG, YOUNG_AGE_GROUPS

AGE_SEX_STANDARDISED = "age_sex_standardised"
STANDARD = "; standard: all residents of the force"


def standardise_by_age_and_sex(
    people: pl.DataFrame, residents: pl.DataFrame, estimates: pl.DataFrame, ratios: pl.DataFrame
) -> pl.DataFrame:
    """Standardise each group's search rate by age and sex, and its ratio to the reference group's.

    With x searches, P resident-years and S all residents of the force in band i of age and sex:
    rate = 1,000 x sum of (S_i / S) x_i / P_i; ratio = rate of the group / rate of the reference;
    indirect ratio = searches / expected, expected = sum of P_i x_ri / P_ri: the reference's rates in each band.

    Args:
        people: searches by force, month, self_defined_group, gender, age_group.
        residents: force, period_from, period_to, ethnic_group, age_group, gender, population; of a census, with one
            band under 25, into which searches of people of that age then go.
        ratios: comparisons of search rates, whose `design_effect` (variance / that of independent searches, from 1)
            the limits carry: searches come in clusters.

    Returns:
        REASON_COLUMNS for self-defined ethnicity: components rate (per 1,000 residents a year, without
        reference group), ratio and indirect_ratio (no unit, neutral value 1) and not_recorded_share, the
        larger of the two groups' shares of searches without age, or with a sex that residents are not counted
        by; above 0.10 it is the only row. `value` is null where a band has residents but none of the group.
        Limits: rate, Fay-Feuer; ratio, delta method, not under 10 searches; indirect ratio, exact, with the
        expected number taken as known; each of searches and resident-years divided by the design effect, which
        leaves the value as it is. The reference group's rate takes the largest of its comparisons.

    Source: Fay and Feuer (1997); Breslow and Day (1987); design effect: Kish (1965).
    """
    keys, bands = [*PERIOD_KEYS, "ethnic_group"], [*SPANS, "age_group", "gender"]
    standard = residents.group_by(bands).agg(pl.col("population").sum().alias("standard"))
    counted = _widen_bands(people.rename({"self_defined_group": "ethnic_group"}), residents)
    cells = pair_strata(counted, residents, estimates).join(standard, on=bands)
    shares = (
        cells.group_by(keys)
        .agg(pl.col("unplaced").first(), are_few())
        .with_columns(analysis=pl.lit(AGE_SEX_STANDARDISED), note=pl.lit(STANDARD))
        .sort(keys)
    )
    placed = shares.filter(pl.col("unplaced") <= MOST_UNPLACED)
    rows, arrays = stack_strata(cells, placed, keys, [*CELL, "standard"])
    effect = look_up_effects(rows, ratios)[:, None]
    arrays = (*(part / effect for part in arrays[:4]), arrays[4])
    rates = standardised_rate_fay_feuer(arrays[0], arrays[1] / 1_000, arrays[4])
    return pl.concat(
        [
            list_figures(rows, "rate", rates, "per 1,000 residents a year, Fay-Feuer limits with the design effect"),
            *_list_ratios(rows, arrays),
            list_unplaced(shares, "searches without age and sex"),
        ]
    )


def _widen_bands(people: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Count people under 25 together, in forces whose residents under 25 are one band."""
    wide = residents.filter(age_group=YOUNG)["force"].unique().to_list()
    is_young = pl.col("force").is_in(wide) & pl.col("age_group").is_in(YOUNG_AGE_GROUPS)
    return people.with_columns(age_group=pl.when(is_young).then(pl.lit(YOUNG)).otherwise("age_group"))


def _list_ratios(rows: pl.DataFrame, arrays: tuple[FloatArray, ...]) -> list[pl.DataFrame]:
    """Ratios of all groups but the reference's own."""
    events, exposure, reference, reference_exposure, _ = arrays
    ratio = standardised_rate_ratio(*arrays)
    few = rows["is_few"].to_numpy()
    shown = Estimate(ratio.value, *(np.where(few, np.nan, limit) for limit in ratio[1:]))
    with np.errstate(divide="ignore", invalid="ignore"):
        at_reference = np.where(reference_exposure > 0, reference / reference_exposure, np.nan)
    # A band in which nobody of the group lives expects nothing, whatever the reference's rate.
    expected = np.where(exposure > 0, exposure * at_reference, 0.0).sum(axis=-1)
    indirect = indirect_ratio(events.sum(axis=-1), expected)
    paired = rows.with_columns(reference_group=pl.lit(REFERENCE_GROUP))
    warning = pl.when("is_few").then(pl.lit(FEW_SEARCHES)).otherwise(pl.lit(""))
    warned, plain = paired.with_columns(note=pl.concat_str("note", warning)), paired.with_columns(note=pl.lit(""))
    ratios = list_figures(warned, "ratio", shown, "delta method on the log, with the design effect")
    note = "exact limits with the design effect, expected at the rates of the reference group"
    both = ratios, list_figures(plain, "indirect_ratio", indirect, note)
    return [table.filter(pl.col("ethnic_group") != REFERENCE_GROUP) for table in both]
