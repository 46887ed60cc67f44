"""Counts drawn by what each search is recognised by: both ethnicities, type, outcome, month."""

from dataclasses import replace

import polars as pl

from disparity.analysis.comparisons import compare
from disparity.analysis.reasons.scenarios import treat_unknown_ethnicity
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.counts import ETHNICITY_KEYS, PROFILE_KEYS, Counts
from disparity.vocabulary.codes import NOT_RECORDED, OFFICER_DEFINED, SELF_DEFINED
from support.cells import APRIL, CODES, FORCE, KEY_TYPES, NONE, estimate_counts, people, period_of

CODE_OF = {"White": "W1", "Mixed": "M1", "Asian": "A1", "Black": "B1", "Other": "O9", "Not stated": "NS"}
PROFILE_TYPES = dict.fromkeys(PROFILE_KEYS, pl.String) | {
    **{"month": pl.Date, "is_clothing_removed": pl.Boolean, "searches": pl.Int64}
}
UNKNOWN = "Not stated"


def profile(own, seen, searches, search_type="other", **other):
    """Give one row of profiles; unless named, nothing was found and no action taken, in April."""
    full = {
        **{"force": FORCE, "month": APRIL, "self_defined_group": own, "officer_defined_group": seen},
        **{"search_type": search_type, "outcome_kind": "no_further_action", "find_status": "not_found"},
        "is_clothing_removed": False,
    }
    assert other.keys() <= full.keys()
    return full | other | {"searches": searches}


def found(own, seen, searches, **other):
    """Give one row of profiles of searches that ended in a find and an arrest."""
    return profile(own, seen, searches, outcome_kind="arrest", find_status="found", **other)


def count_profiles(profiles):
    """Make Counts of profiles: the cells and ethnicities add up to them; every self-defined label is in use."""
    frame = pl.DataFrame(profiles, schema=PROFILE_TYPES) if isinstance(profiles, list) else profiles
    bases = {SELF_DEFINED: "self_defined_group", OFFICER_DEFINED: "officer_defined_group"}
    cells = pl.concat([_count_basis(frame, basis, column) for basis, column in bases.items()])
    own = pl.col("self_defined_group").replace_strict(CODE_OF, default=None, return_dtype=pl.String)
    used = frame.with_columns(own.alias("self_defined_ethnicity")).select(*ETHNICITY_KEYS, "searches")
    labels = (
        frame.select("force", "month")
        .unique()
        .join(pl.DataFrame({"self_defined_ethnicity": CODES}), how="cross")
        .with_columns(pl.lit(None, pl.String).alias("officer_defined_group"), pl.lit(0, pl.Int64).alias("searches"))
    )
    return replace(NONE, cells=cells, ethnicities=pl.concat([used, labels]), profiles=frame)


def _count_basis(frame, basis, column):
    status, kind, searches = pl.col("find_status"), pl.col("outcome_kind"), pl.col("searches")
    is_action = kind.is_in(["arrest", "other_action"])
    conditions = {
        **{"searches": pl.lit(True), "found": status == "found", "not_found": status == "not_found"},
        "not_found_after_action": (status == "not_found") & is_action,
        "unknown_after_action": (status == "unknown") & is_action,
        **{"outcomes": kind.is_not_null(), "actions": is_action, "arrests": kind == "arrest"},
        "clothing_recorded": pl.col("is_clothing_removed").is_not_null(),
        "clothing_removed": pl.col("is_clothing_removed").fill_null(False),
        "found_outcomes": (status == "found") & kind.is_not_null(),
        "found_arrests": (status == "found") & (kind == "arrest"),
        **dict.fromkeys(("stated_outcomes", "stated_actions"), pl.lit(False)),
    }
    return (
        frame.group_by(
            "force",
            "month",
            pl.lit(basis).alias("ethnicity_basis"),
            pl.col(column).fill_null(NOT_RECORDED).alias("ethnic_group"),
            "search_type",
        )
        .agg(pl.when(met).then(searches).otherwise(0).sum().alias(name) for name, met in conditions.items())
        .select(*KEY_TYPES, *CELL_COUNTS)
    )


def treat_counts(counts: Counts, *, seed=1, residents=None, months=None):
    """Treat the unknown ethnicity of counts, over one period of the year ending March 2023."""
    periods = period_of(months) if months else period_of()
    settings = {"months": months} if months else {}
    forces = sorted({FORCE, *counts.cells["force"]})
    population = people(residents, forces=forces, **settings) if residents else people(forces=forces, **settings)
    estimates = estimate_counts(counts, population=population, forces=forces, **settings)
    return treat_unknown_ethnicity(counts, periods, estimates, compare(estimates), seed=seed)


def treat_profiles(*profiles, **settings):
    """Treat the unknown ethnicity of profiles."""
    return treat_counts(count_profiles(list(profiles)), **settings)


def fill_counts(counts: Counts, **settings):
    """Fill in the unknown ethnicity of counts: the rows of reasons."""
    return treat_counts(counts, **settings).reasons


def fill_profiles(*profiles, **settings):
    """Fill in the unknown ethnicity of profiles: the rows of reasons."""
    return treat_profiles(*profiles, **settings).reasons
