"""Describe a synthetic force: what its searches were drawn from, and what was drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

import polars as pl

from disparity.synthetic.forces import AREAS, MISSING_FILE, SyntheticForce, expected_rows
from disparity.synthetic.tables import (
    ETHNICITIES,
    NO_FURTHER_ACTION,
    OFFICER_DEFINED,
    OUTCOME_SHARES,
    OUTCOMES,
    PORTAL_COLUMNS,
    TYPES,
    Shares,
)
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, NOT_RECORDED, UNKNOWN_GROUPS, group_of_ethnicity

# How each thing unknown or odd comes about; part of the truth, since estimates depend on it.
MECHANISMS = {
    "searches": (
        "Poisson per month and group: population x search rate / 12 / 1,000, the same in every month; "
        "vehicle-only searches come on top. `expected_searches` is over the months that have a file."
    ),
    "find": "drawn by group and type; a find always ends in an action, with the linked flag True",
    "action without find": "7% of searches that found nothing end in an action, with the linked flag False",
    "self_defined_not_stated": "of person searches, at random: the same for every group, type and outcome",
    "self_defined_blank": "of person searches, at random, as above; never together with not stated",
    "other blanks": (
        "at random, each on its own; but a row without an outcome has no linked flag, and a vehicle-only row "
        "without self-defined ethnicity has no officer-defined ethnicity, gender or age either"
    ),
    "legislation_blank": "never on section 60 or mis-coded rows, so the search type can always be read",
    "drug_object_miscoded": "share of drug-power rows whose object reads articles for use in criminal damage",
    "copied": (
        "share of rows that repeat the row before in every column: people stopped together, searches in "
        "their own right; `duplicate_rows` counts all rows equal to an earlier row of their file"
    ),
    "area and coordinates": "area drawn by group; coordinates are one of its 12 fixed points, in open sea",
    "time": "timestamps are UTC, files are by local month",
}


# Of the rows of OUTCOME_SHARES.
FINDS = ("found, drugs", "found, other types", "not found")


def describe_force(force: SyntheticForce, months: Sequence[date], records: pl.DataFrame) -> dict[str, object]:
    """Give everything true of a force: parameters, the rates that follow from them, and drawn counts."""
    submitted = len(months) - len(missing_months(force, months))
    return {
        "name": force.name,
        "months_submitted": submitted,
        "population": dict(force.population),
        "search_rate_per_1000_a_year": dict(force.search_rate),
        "expected_searches": expected_searches(force, months),
        "type_share": {group: _with_drugs(force.type_share[group]) for group in ETHNIC_GROUPS},
        "find_rate": {group: find_rates(force, group) for group in ETHNIC_GROUPS},
        "find_rate_all": _over_groups(force, {group: find_rates(force, group)[ALL] for group in ETHNIC_GROUPS}),
        "arrest_rate": {group: outcome_rate(force, group, "arrest") for group in ETHNIC_GROUPS},
        "action_rate": {group: round(1 - outcome_rate(force, group, NO_FURTHER_ACTION), 6) for group in ETHNIC_GROUPS},
        "area_share": {group: dict(force.area_share[group]) for group in ETHNIC_GROUPS},
        "areas": list(AREAS),
        "recording": asdict(force.recording),
        "oddities": describe_oddities(force, months, records),
        "realised": count_records(records),
    }


def describe_draws() -> dict[str, object]:
    """Give what is the same for every force."""
    return {
        "mechanisms": MECHANISMS,
        "self_defined_code_given_group": ETHNICITIES,
        "officer_defined_given_group": OFFICER_DEFINED,
        "outcome_given_find": {
            find: dict(zip(OUTCOMES, line, strict=True))
            for find, line in zip(FINDS, OUTCOME_SHARES.tolist(), strict=True)
        },
    }


def missing_months(force: SyntheticForce, months: Sequence[date]) -> list[date]:
    """Give the months that have no file."""
    return [month for place, month in enumerate(months) if (MISSING_FILE, place) in force.oddities]


def expected_searches(force: SyntheticForce, months: Sequence[date]) -> dict[str, float]:
    """Give population x rate x months submitted / 12 / 1,000 per group, vehicle-only searches left out."""
    rows = expected_rows(force, months).sum(axis=0) * (1 - force.recording.vehicle_only)
    return {group: round(float(value), 3) for group, value in zip(ETHNIC_GROUPS, rows, strict=True)}


def find_rates(force: SyntheticForce, group: str) -> dict[str, float]:
    """Give a group's find rate over all types, for drugs as a whole, and for each type."""
    shares, found = force.type_share[group], force.find_rate[group]
    drugs = TYPES[:2]
    return {
        ALL: round(sum(shares[kind] * found[kind] for kind in TYPES), 6),
        "drugs": round(sum(shares[k] * found[k] for k in drugs) / sum(shares[k] for k in drugs), 6),
        **found,
    }


def outcome_rate(force: SyntheticForce, group: str, outcome: str) -> float:
    """Give the share of a group's searches with this outcome, of those with an outcome recorded."""
    column = OUTCOMES.index(outcome)
    drugs, other, nothing = (float(line[column]) for line in OUTCOME_SHARES)
    shares, found = force.type_share[group], force.find_rate[group]
    rates = {k: found[k] * (drugs if k in TYPES[:2] else other) + (1 - found[k]) * nothing for k in TYPES}
    return round(sum(shares[kind] * rates[kind] for kind in TYPES), 6)


def describe_oddities(force: SyntheticForce, months: Sequence[date], records: pl.DataFrame) -> list[dict[str, object]]:
    """Give kind, month and rows touched of each oddity that lies within the months."""
    touched = dict(records.group_by("oddity").len().iter_rows())
    return [
        {"kind": kind, "month": f"{months[place]:%Y-%m}", "rows": touched.get(kind, 0)}
        for kind, place in force.oddities
        if place < len(months)
    ]


def count_records(records: pl.DataFrame) -> dict[str, object]:
    """Count what was drawn and what of it was recorded; vehicle-only rows are in the first block only."""
    searches = records.filter(~pl.col("is_vehicle_only"))
    recorded_group = pl.col("recorded_code").replace_strict(group_of_ethnicity(), default=NOT_RECORDED)
    utc_month = pl.col("Date").str.slice(0, 7)
    blanks = records.select(pl.col(PORTAL_COLUMNS).null_count()).row(0, named=True)
    is_repeat = ~pl.struct("month", *PORTAL_COLUMNS).is_first_distinct()
    return {
        "rows": records.height,
        "vehicle_only": records.height - searches.height,
        "searches": searches.height,
        "copied": int(records["is_copy"].sum()),
        "duplicate_rows": int(records.select(is_repeat.sum()).item()),
        "rows_in_another_utc_month": records.filter(utc_month != pl.col("month").dt.strftime("%Y-%m")).height,
        "rows_by_month": dict(records.group_by(pl.col("month").dt.strftime("%Y-%m")).len().sort("month").iter_rows()),
        "blank_by_column": blanks,
        "drawn_by_group": _tally(searches.group_by(group="group").agg(*DRAWN)),
        "drawn_by_type": _tally(searches.group_by(group="search_type").agg(*DRAWN)),
        "recorded_by_self_defined_group": _tally(searches.group_by(group=recorded_group).agg(*RECORDED)),
    }


DRAWN = (
    pl.len().alias("searches"),
    pl.col("is_found").sum().alias("found"),
    (pl.col("outcome") == "arrest").sum().alias("arrests"),
)
_IS_UNKNOWN = pl.col("recorded_outcome").is_null() | (
    (pl.col("recorded_outcome") != NO_FURTHER_ACTION) & pl.col("recorded_linked").is_null()
)
RECORDED = (
    pl.len().alias("searches"),
    (~_IS_UNKNOWN & pl.col("is_found")).sum().alias("found"),
    (~_IS_UNKNOWN & ~pl.col("is_found")).sum().alias("not_found"),
    _IS_UNKNOWN.sum().alias("unknown"),
    (pl.col("recorded_outcome") == "arrest").sum().alias("arrests"),
)


def _tally(counts: pl.DataFrame) -> dict[str, dict[str, int]]:
    order = [*ETHNIC_GROUPS, *UNKNOWN_GROUPS, *TYPES]
    rows = {row.pop("group"): row for row in counts.to_dicts()}
    return {name: rows[name] for name in order if name in rows}


def _with_drugs(shares: Shares) -> dict[str, float]:
    return {"drugs": round(sum(shares[kind] for kind in TYPES[:2]), 6), **shares}


def _over_groups(force: SyntheticForce, rates: Mapping[str, float]) -> float:
    weights = {group: force.population[group] * force.search_rate[group] for group in ETHNIC_GROUPS}
    total = sum(weights.values())
    return round(sum(weights[group] * rates[group] for group in ETHNIC_GROUPS) / total, 6)
