"""Counts drawn as a small table: what the stages after the counts are tested on."""

import tomllib
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl

from disparity.analysis.comparisons import compare
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.monthly import estimate_monthly, spread_population
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.explain import Material, explain
from disparity.analysis.reasons.scenarios import treat_unknown_ethnicity
from disparity.analysis.sensitivity.specifications import Assumptions
from disparity.analysis.sensitivity.statements import decide, state_by_chance
from disparity.disclosure.open import open_counts
from disparity.disclosure.tallies import tally_submissions
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.counts import CELL_KEYS, Counts, count_searches
from disparity.sources.census_places import read_census_places, spread_over_neighbourhoods
from disparity.sources.own_population import BY_AGE_AND_GENDER, BY_AREA
from disparity.sources.population import HEADLINE, OWN, OWN_SOURCE, read_breakdown
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, SELF_DEFINED
from support.builders import code

GOLDEN = tomllib.loads((Path(__file__).parents[1] / "golden" / "worked_figures.toml").read_text(encoding="utf-8"))
FORCE = "lancashire"
YEAR = list(pl.date_range(pl.date(2022, 4, 1), pl.date(2023, 3, 1), "1mo", eager=True))
APRIL, MAY, MARCH = YEAR[0], YEAR[1], YEAR[-1]
# 18 self-defined codes, the most a file uses.
CODES = (
    *("W1", "W2", "W3", "W4", "W9", "M1", "M2", "M3", "M9"),
    *("A1", "A2", "A3", "A4", "A9", "B1", "B2", "B9", "O9"),
)
RESIDENTS = {"Asian": 100_000, "Black": 10_000, "Mixed": 20_000, "White": 1_000_000, "Other": 5_000}
# Counts of no search: a test replaces the tables it is about.
NONE: Counts = count_searches(code([]))
NO_SUBMISSIONS = pl.DataFrame(schema={"force": pl.String, "month": pl.Date, "is_time_reliable": pl.Boolean})
KEY_TYPES = dict.fromkeys(CELL_KEYS, pl.String) | {"month": pl.Date}


def cell(group="White", search_type="other", *, force=FORCE, month=APRIL, basis=SELF_DEFINED, **counted):
    """Give one row of counts; what is not named follows from what is, as in a fully recorded file.

    Searches are `found` and `not_found`; every find is an arrest, no other search ends in an action.
    """
    searches = counted.get("searches", counted.get("found", 0) + counted.get("not_found", 0))
    found = counted.get("found", 0)
    full = {
        **{"searches": searches, "found": found, "not_found": searches - found},
        **{"not_found_after_action": 0, "unknown_after_action": 0},
        **{"outcomes": searches, "actions": found, "arrests": found},
        **{"clothing_recorded": searches, "clothing_removed": 0},
        **{"found_outcomes": found, "found_arrests": min(found, counted.get("arrests", found))},
        **{"stated_outcomes": 0, "stated_actions": 0},
    }
    assert counted.keys() <= full.keys()
    return dict(zip(CELL_KEYS, (force, month, basis, group, search_type), strict=True)) | full | counted


def count(*cells, labels=CODES, officer_groups=ETHNIC_GROUPS):
    """Make Counts; every force-month uses the self-defined `labels` and the `officer_groups`."""
    frame = pl.DataFrame(list(cells), schema=KEY_TYPES | dict.fromkeys(CELL_COUNTS, pl.Int64))
    own, seen = pl.Series("own", labels, pl.String), pl.Series("seen", officer_groups, pl.String)
    # The searches are where both agree, if anywhere: little agreement is a fault of its own.
    agrees = pl.col("own").str.starts_with("W") & (pl.col("seen") == "White")
    used = (
        pl.DataFrame({"own": own})
        .join(pl.DataFrame({"seen": seen}), how="cross")
        .sort(agrees.fill_null(False), descending=True, maintain_order=True)
    )
    one_basis = frame.filter(pl.col("ethnicity_basis") == pl.col("ethnicity_basis").first())
    searches = one_basis.group_by("force", "month").agg(pl.col("searches").sum())
    is_first = pl.int_range(pl.len()).over("force", "month") == 0
    ethnicities = searches.join(used, how="cross").select(
        "force",
        "month",
        pl.col("own").alias("self_defined_ethnicity"),
        pl.col("seen").alias("officer_defined_group"),
        pl.when(is_first).then(pl.col("searches")).otherwise(0).alias("searches"),
    )
    return replace(NONE, cells=frame, ethnicities=ethnicities)


def period_of(months=YEAR):
    """Make one period of the months."""
    spans = {"period_from": pl.lit(min(months)), "period_to": pl.lit(max(months))}
    return pl.DataFrame({"month": months}).with_columns(**spans)


def people(residents=RESIDENTS, *, forces=(FORCE,), months=YEAR, total=None):
    """Make the population of one period; "All" is the sum unless `total` says otherwise."""
    groups = dict(residents) | {ALL: total or sum(residents.values())}
    rows = [(force, min(months), max(months), group, groups[group]) for force in forces for group in groups]
    return pl.DataFrame(rows, ["force", "period_from", "period_to", "ethnic_group", "population"], orient="row")


def as_bases(population):
    """Give residents as the publisher's own and only ones, as `list_bases` lists them."""
    return population.with_columns(
        pl.col("population").cast(pl.Float64),
        base=pl.lit(OWN),
        population_base=pl.lit(OWN_SOURCE),
        role=pl.lit(HEADLINE),
    )


# Black residents of forces that laws are tried on together: as above, few, none.
SEVERAL = {FORCE: 10_000, "essex": 10_000, "kent": 500, "surrey": 0}


def people_of_several():
    """Make the population of SEVERAL forces."""
    return pl.concat([people(RESIDENTS | {"Black": size}, forces=(force,)) for force, size in SEVERAL.items()])


def files(*, forces=(FORCE,), months=YEAR):
    """List the force-months that were submitted, each by itself."""
    listed = pl.DataFrame({"force": list(forces)}).join(pl.DataFrame({"month": months}), how="cross")
    return listed.with_columns(submission=pl.col("month"))


def estimate_counts(counts, *, population=None, months=YEAR, submitted=None, forces=()):
    """Estimate counts over one period, with the residents above; all months are submitted unless named."""
    forces = sorted({*forces, *counts.cells["force"]})
    population = people(forces=forces, months=months) if population is None else population
    return estimate_exactly(counts, population, files(forces=forces, months=submitted or months), period_of(months))


def estimate_exactly(counts, population, submitted, periods):
    """Estimate counts that are published as they are."""
    return estimate(open_counts(counts, submitted, periods).years, population, submitted, periods)


def estimate_cells(*cells, **settings):
    """Estimate cells: `estimate_counts` with `count`'s defaults."""
    return estimate_counts(count(*cells), **settings)


def estimate_both(*cells, submitted=None, forces=()):
    """Give the period's estimates and the monthly ones."""
    counts = count(*cells)
    forces = sorted({*forces, *counts.cells["force"]})
    frames = people(forces=forces), files(forces=forces, months=submitted or YEAR), period_of()
    estimates = estimate_exactly(counts, *frames)
    return estimates, estimate_months(counts, *frames, estimates)


def estimate_months(counts, population, submitted, periods, estimates):
    """Estimate by month, with the residents of the period in each."""
    by_month = spread_population(population, periods)
    return estimate_monthly(tally_submissions(counts, submitted), by_month, submitted, periods, estimates)


def compare_by_chance(estimates, **clusters):
    """Compare the groups, with level and the verdict that chance alone allows; searches are independent by default."""
    return state_by_chance(compare(estimates, **clusters))


def row_of(frame, **keys):
    """Give the one row with these keys; a key not given is at its total."""
    defaults = {"search_type": ALL, "ethnicity_basis": SELF_DEFINED, "ethnic_group": ALL}
    wanted = {key: value for key, value in (defaults | keys).items() if key in frame.columns}
    found = frame.filter(pl.col(key) == value for key, value in wanted.items())
    assert found.height == 1, f"{found.height} rows with {wanted}"
    return found.row(0, named=True)


def as_published(value, published):
    """Round half up to the digits of the published figure, and print it the same way."""
    return str(Decimal(repr(value)).quantize(Decimal(published), ROUND_HALF_UP))


def explain_all(counts, estimates, *, population, periods=None):
    """Give every analysis of reasons, with no residents by age or area; `population` is one base or several."""
    periods = period_of() if periods is None else periods
    by_age, by_area = (read_breakdown(None, by, periods) for by in (BY_AGE_AND_GENDER, BY_AREA))
    bases = population if "role" in population.columns else as_bases(population)
    comparisons = compare_by_chance(estimates)
    material = Material(
        *(counts, periods, bases, by_age, by_area, spread_over_neighbourhoods(bases, read_census_places(), ())),
        *(estimates, comparisons),
        *(treat_unknown_ethnicity(counts, periods, estimates, comparisons, seed=1), NO_SUBMISSIONS),
    )
    return explain(material, seed=1)


def decide_counts(counts, estimates, bases, *, periods=None):
    """Compare the groups under every assumption, as `tabulate` does; that searches are independent is known."""
    compared = compare(estimates).with_columns(is_clustered=pl.lit(True))
    treated = treat_unknown_ethnicity(counts, period_of() if periods is None else periods, estimates, compared, seed=1)
    recording = shift_coverage(estimates, compared)
    comparisons, _ = decide(compared, Assumptions(bases, treated.treatments, treated.bounds, recording))
    return comparisons
