"""Searches beside the offences that the police recorded: what is looked for, and what is written down as a crime.

Most possession offences are recorded because somebody was searched: more searches make more of them. The two are set
beside each other, and nothing is concluded.
"""

import polars as pl

from disparity.analysis.measures.entries import SEARCH_RATE, TYPE_SHARE
from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import ALL, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, SMALL

# Recorded offences, by name → those that are summed, and the searches that look for them.
PAIRS = {
    "drug_offences": (("drug_possession", "drug_trafficking"), "drugs"),
    "drug_possession": (("drug_possession",), "drugs_possession"),
    "drug_trafficking": (("drug_trafficking",), "drugs_supply"),
    "weapon_possession": (("weapon_possession",), "offensive_weapons"),
    "all_offences": (("all",), ALL),
}
SPAN = ["force", "period_from", "period_to"]
OFFENCE_COLUMNS = [
    *(*SPAN, "offence", "search_type", "searches", "offences_from", "offences_to", "offences", "searches_per_offence")
]


def compare_offences(estimates: pl.DataFrame, recorded: pl.DataFrame) -> pl.DataFrame:
    """Set searches of a whole year beside recorded offences of another.

    searches_per_offence = searches / offences

    Args:
        recorded: as `read_recorded_offences` gives it.

    Returns:
        OFFENCE_COLUMNS, a row for each force, year and pair of PAIRS. `searches` is null where records do not have the
        type apart; `searches_per_offence` (searches for each offence; no neutral value) also where a month is missing
        or the period is no year. No row for a force that recorded crime does not know.
    """
    every = {"ethnic_group": ALL, "ethnicity_basis": SELF_DEFINED}
    shares = estimates.filter(measure=TYPE_SHARE.name, **every)
    typed = shares.select(*SPAN, "search_type", searches=pl.when(pl.col("value").is_not_null()).then("numerator"))
    rates = estimates.filter(measure=SEARCH_RATE.name, search_type=ALL, **every)
    whole = rates.select(*SPAN, search_type=pl.lit(ALL), searches="numerator")
    months = pl.col("period_to").dt.year() * MONTHS_IN_YEAR + pl.col("period_to").dt.month()
    first = pl.col("period_from").dt.year() * MONTHS_IN_YEAR + pl.col("period_from").dt.month()
    is_year = pl.col("status").is_in([MEASURED, SMALL]) & (months - first + 1 == MONTHS_IN_YEAR)
    spans = rates.select(*SPAN, is_year=is_year)
    searched = pl.concat([typed.filter(pl.col("search_type") != ALL), whole]).join(spans, on=SPAN)
    parts = [
        recorded.filter(pl.col("offence").is_in(names))
        .group_by("force", offences_from="period_from", offences_to="period_to")
        .agg(pl.col("offences").sum(), offence=pl.lit(name), search_type=pl.lit(kind))
        for name, (names, kind) in PAIRS.items()
    ]
    is_known = pl.col("is_year") & (pl.col("offences") > 0)
    return (
        spans.join(pl.concat(parts), on="force")
        .join(searched.drop("is_year"), on=[*SPAN, "search_type"], how="left")
        .with_columns(pl.when(is_known).then(pl.col("searches") / pl.col("offences")).alias("searches_per_offence"))
        .select(OFFENCE_COLUMNS)
        .sort(*SPAN[:2], pl.col("offence").cast(pl.Enum(list(PAIRS))))
    )
