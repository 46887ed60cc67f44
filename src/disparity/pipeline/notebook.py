"""What an analyst types in a notebook: read, check, count, estimate, compare, ask for reasons, build.

Frames are polars; `.to_pandas()` gives those of pandas (the extra `pandas`). Counts here are exact, and
nothing is protected: estimates of a force's own extract are for the analyst, not for publication. `publish` protects.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from disparity.analysis.measures.clusters import gather_clusters
from disparity.analysis.measures.estimates import estimate
from disparity.analysis.measures.gates import withhold_few_events
from disparity.analysis.reasons.scenarios import treat_unknown_ethnicity
from disparity.disclosure.open import Detail, open_counts
from disparity.disclosure.tallies import Tallies
from disparity.pipeline.build import build as build_site
from disparity.pipeline.build import publish as publish_site
from disparity.pipeline.comparisons import SEED, compare_openly, compare_without_doubt
from disparity.pipeline.reasons import estimate_months, gather_material, give_reasons
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records.audit.doubt_list import flag_doubts, list_doubts
from disparity.records.audit.files import Audit
from disparity.records.audit.months import list_submitted
from disparity.records.counts import add_counts, tally_searches
from disparity.records.expectations import validate
from disparity.records.ingest import read_searches
from disparity.site.writing import Site
from disparity.sources.choice import span_months
from disparity.sources.population import (
    RESIDENT_COLUMNS,
    choose_headline,
    choose_residents,
    list_bases,
    read_residents,
)
from disparity.tables.schema.derived import complete, divide_by_thousands
from disparity.tables.schema.tables import BY_NAME
from disparity.vocabulary.errors import RequestError

Source = str | Path | Sequence[str | Path]
# As the records room calls a column → as an analyst reads it.
NAMES = {"source_file": "file", "source_row": "row", "submission_month": "month"}


@dataclass(frozen=True)
class Records:
    """Coded searches, and the audit of the files that they were read from.

    Attributes:
        searches: a row for every row that was read, in order of force, month, file and row. Null means not recorded.
            `force`, `month` (of the submission; the first, of a quarter), `source`, `file` and `row` (1 is the first
            below the header) say where it comes from. `disposition` is kept, excluded or rejected, and `reason` says
            why a row is not kept; only kept rows are counted. `searches` is how many searches the row stands for: 1,
            but in the Home Office's tables. The other columns are described in docs/python.md. Recorded grounds,
            which are a free text about a person, are left out.
        audit: `submissions`, a row for each force and month (or quarter); `labels`, every label met and its code;
            `years`, a row for each force and period.
        decisions: what was decided about files, and about rows that no month could be given to, which are therefore
            not among the searches.
        settings: of the publication: its months, forces and expectations.
    """

    searches: pl.DataFrame
    audit: Audit
    decisions: pl.DataFrame
    settings: Settings


@dataclass(frozen=True)
class Counts:
    """The additive counts: all that rates are made from.

    Attributes:
        tables: exact counts, each a frame by force and month: `cells` (by ethnic group on both bases and by type of
            search), `ethnicities`, `profiles`, `people`, `areas`, `origins`, `items`, `twilight` and
            `clusters` (pairs of searches of one week or incident). A cell without searches has no row.
        years, months: the totals by period, and by month, that estimates are made from.
        submissions: of the audit: which months were submitted, so that a missing month is not one without searches.
        doubts: of the audit: the months and years in doubt, and why.
        settings: of the publication.
    """

    tables: Detail
    years: Tallies
    months: Tallies
    submissions: pl.DataFrame
    doubts: pl.DataFrame
    settings: Settings


def read(
    source: Source,
    *,
    forces: str | Sequence[str] = (),
    months: tuple[str, str] | None = None,
    encoding: str = "",
    allow_partial: bool = False,
) -> Records:
    """Read and code search records, each row with what is done with it.

    Args:
        source: a folder, zip archive or monthly CSV of data.police.uk, a Home Office open data table (ODS or CSV), or
            a list of them; or a project file (.toml), which also says how to read extracts.
        forces: ids such as lancashire. None: all there are, or those of the project file.
        months: the first and the last, as ("2019-04", "2020-03"). None: all there are, or those of the project file.
        encoding: of monthly files that are not UTF-8: cp1252.
        allow_partial: leave out files that cannot be read, and go on in spite of lost rows; `decisions` says which.

    Returns:
        Records: the coded searches and the audit of their files. Null means not recorded.

    Raises:
        RequestError: what is asked for is not there. DataError: a file is not what its publisher says it is.

    >>> records = read("data/synthetic/police_uk", forces="mereside", months=("2024-04", "2025-03"))
    >>> records.searches.group_by("disposition", "reason").agg(rows=pl.len()).sort("rows").rows()
    [('excluded', 'vehicle-only search', 136), ('kept', None, 3646)]
    """
    given = {"encoding": encoding, "allow_partial": allow_partial}
    return gather_records(_choose_settings(source, forces, months, given))


def gather_records(settings: Settings) -> Records:
    """Read what settings say, as `read` does."""
    searches, ingested = read_searches(settings)
    decided = pl.col("disposition").cast(pl.String).str.splitn(": ", 2).struct.rename_fields(["disposition", "reason"])
    searches = searches.drop("file", "grounds").with_columns(decided.alias("decided")).drop("disposition")
    first = ["force", "month", "source", "file", "row", "disposition", "reason"]
    named = searches.unnest("decided").rename(NAMES)
    return Records(named.select(*first, pl.exclude(first)), ingested.audit, ingested.decisions, settings)


def residents(source: str | Path | None = None) -> pl.DataFrame:
    """Give the residents that search rates are divided by.

    Args:
        source: your own CSV (docs/population.md), or a project file (.toml) that names one. None: the censuses alone.

    Returns:
        `force`, `ethnic_group` (the five groups), `population` (usual residents), `date` they were counted on (null: a
        file of your own that gives none), `base` (census_2011, census_2021 or own) and `population_base` (in words).
        Rates are out of residents between two dates, on a straight line, at the middle of their period; your own
        file's, for the forces in it. `age_group`, `gender` and `area` are null where residents are not broken down.

    Raises:
        RequestError: the file is not there, or lacks a column, a group or a whole number.

    >>> residents().filter(force="lancashire", ethnic_group="Black").select("population_base", "population").rows()
    [('Census 2011', 5377), ('Census 2021', 10096)]
    """
    path = Path(source) if source else None
    if path and path.suffix == ".toml":
        settings = read_settings(path)
        return read_residents(settings.population, settings.population_source, settings.mergers)
    return read_residents(path)


def check(records: Records) -> pl.DataFrame:
    """Hold the submissions against the expectations.

    Returns:
        A row for every expectation that is met, and one for every force and month that does not meet it: `table` (of
        the audit), `severity` (critical, warning or info), `expectation`, `column`, `is_met`, `force` and `month`
        (null where it is met, or is of no month; a period is 2019-04/2020-03), `why` it is expected and `what_now`.

    Raises:
        RequestError: a suite of expectations of the project cannot be run.

    >>> found = check(read("data/synthetic/police_uk", forces="mereside", months=("2024-04", "2025-03")))
    >>> found.filter(~pl.col("is_met"), pl.col("severity") == "critical").height
    0
    """
    checks = validate(records.audit, records.settings.list_suites()).list_checks()
    return complete(checks, BY_NAME["checks"])


def count(records: Records) -> Counts:
    """Count the kept searches.

    What is counted is `records.searches`; `dataclasses.replace(records, searches=...)` counts some of them. The audit
    still tells which months were submitted.

    Returns:
        Counts: `tables.cells` has a row by `force`, `month`, `ethnicity_basis`, `ethnic_group` and `search_type`, and
        counts searches: `searches`, `found`, `not_found`, `outcomes`, `actions`, `arrests` and others (docs/python.md).
        Counts of two months, forces or files add up to those of both. None is null; in the other tables a null key
        means not recorded.

    >>> records = read("data/synthetic/police_uk", forces="mereside", months=("2024-04", "2025-03"))
    >>> count(records).tables.cells.filter(ethnicity_basis="self-defined").get_column("searches").sum()
    3646
    """
    searches = records.searches.rename({new: old for old, new in NAMES.items()})
    # Of each force and source apart: what one records and another does not is not blank in the other.
    tallies = [tally_searches(some) for some in searches.partition_by("force", "source")]
    submitted, periods = list_submitted(records.audit.submissions), records.settings.periods()
    opened = open_counts(add_counts(tallies or [tally_searches(searches)]), submitted, periods)
    doubts = list_doubts(records.audit, periods)
    return Counts(opened.detail, opened.years, opened.months, records.audit.submissions, doubts, records.settings)


def estimates(counts: Counts, *, residents: pl.DataFrame) -> pl.DataFrame:
    """Estimate every rate.

    Args:
        residents: as `residents()` gives them.

    Returns:
        The rows of `estimates.csv` of an open publication: `value`, with its 95% interval `lower` to `upper`, by
        `measure`, `force`, period, `ethnicity_basis`, `ethnic_group` and `search_type`. In the measure's unit: per
        1,000 residents a year for search_rate, a share from 0 to 1 for all others. Null where `status` says why.

    Raises:
        RequestError: residents lack a column.

    >>> records = read("data/synthetic/police_uk", forces="mereside", months=("2024-04", "2025-03"))
    >>> rates = estimates(count(records), residents=residents("data/synthetic/population.csv"))
    >>> found = rates.filter(measure="search_rate", ethnicity_basis="self-defined", search_type="All")
    >>> found.filter(ethnic_group="Black").select("numerator", pl.col("value").round(1), "status").rows()
    [(182, 16.1, 'measured')]
    """
    periods = counts.settings.periods()
    population = choose_residents(_check_residents(residents), periods)
    submitted = list_submitted(counts.submissions)
    clusters = gather_clusters(counts.tables, periods)
    made = withhold_few_events(estimate(counts.years, population, submitted, periods, clusters))
    return complete(flag_doubts(made, counts.doubts), BY_NAME["estimates"])


def compare(estimates: pl.DataFrame, counts: Counts, *, residents: pl.DataFrame) -> pl.DataFrame:
    """Compare every group's rate with that of the reference group, and say which differences hold.

    Args:
        estimates: of `estimates`; the number of comparisons is allowed for within each force and measure.
        counts: that they were made from: they hold which searches came together, and how unknown ethnicity could be
            filled in.
        residents: as for `estimates`: the counts of them that a difference of search rates has to hold on.

    Returns:
        The rows of `comparisons.csv` of an open publication: `ratio` (no unit; 1 is the same rate) and `difference` (in
        the measure's unit; 0 is the same rate) with their 95% intervals, `p_value`, `p_adjusted` and `level`, what p
        rests on (`design_effect`, `standard_error`, `degrees_of_freedom`, `is_clustered`), the `verdict` and what it
        depends on (`depends_on`), and the range of all that is plausible (`range_lower`, `range_upper`). Null where
        `status` allows no comparison.

    Raises:
        RequestError: residents lack a column.

    >>> records = read("data/synthetic/police_uk", forces="mereside", months=("2024-04", "2025-03"))
    >>> counts = count(records)
    >>> people = residents("data/synthetic/population.csv")
    >>> compared = compare(estimates(counts, residents=people), counts, residents=people)
    >>> found = compared.filter(measure="search_rate", ethnicity_basis="self-defined", search_type="All")
    >>> found.filter(ethnic_group="Black").select(pl.col("ratio").round(1), "verdict").rows()
    [(2.7, 'higher')]
    """
    periods = counts.settings.periods()
    bases, clusters = list_bases(_check_residents(residents), periods), gather_clusters(counts.tables, periods)
    doubts, submitted = counts.doubts, list_submitted(counts.submissions)
    without = compare_without_doubt(counts.tables, submitted, periods, choose_headline(bases), doubts)
    rates = divide_by_thousands(estimates)
    compared = compare_openly(rates, counts.tables, bases, periods, (clusters, doubts, without, ()))[0]
    return complete(flag_doubts(compared, doubts), BY_NAME["comparisons"])


def reasons(
    estimates: pl.DataFrame, comparisons: pl.DataFrame, counts: Counts, *, residents: pl.DataFrame
) -> pl.DataFrame:
    """Ask what could lie behind a disparity, or make it look like one.

    Args:
        estimates: of `estimates`. comparisons: of `compare`. counts: that both were made from.
        residents: as for `estimates`; broken down by age and gender or by area they allow for more.

    Returns:
        The rows of `reasons.csv` of an open publication: `value`, `lower` and `upper` of each `component` of each
        `analysis`, by force, period, `ethnic_group` and `reference_group`; `note` says how to read the row. A ratio,
        share or odds ratio, as the analysis says; null where the note says why.

    Raises:
        RequestError: residents lack a column, or name areas that the project's outlines do not.

    >>> records = read("data/synthetic/police_uk", forces="mereside", months=("2024-04", "2025-03"))
    >>> counts, people = count(records), residents("data/synthetic/population.csv")
    >>> rates = estimates(counts, residents=people)
    >>> rows = reasons(rates, compare(rates, counts, residents=people), counts, residents=people)
    >>> black = rows.filter(analysis="missing_ethnicity", component="All", ethnic_group="Black")
    >>> black.select(pl.col("value", "lower", "upper").round(1)).rows()
    [(2.7, 2.1, 11.3)]
    """
    settings, people = counts.settings, _check_residents(residents)
    periods = settings.periods()
    rates = divide_by_thousands(estimates)
    treatments = treat_unknown_ethnicity(counts.tables, periods, rates, comparisons, seed=SEED)
    made = (rates, comparisons, treatments)
    material = gather_material(settings, counts.tables, people, counts.submissions, made)
    submitted = list_submitted(counts.submissions)
    monthly = estimate_months(counts.months, people, submitted, periods, (rates, counts.doubts))
    return complete(give_reasons(material, monthly, periods), BY_NAME["reasons"])


def build(
    source: Source,
    *,
    forces: str | Sequence[str] = (),
    months: tuple[str, str] | None = None,
    out: str | Path | None = None,
) -> Site:
    """Build a draft of the site, as `disparity build` does: checked, and protected where the records are not public.

    Args:
        source: a project file (.toml), or records. forces, months: as for `read`.
        out: folder of the site. None: the project file's, or `site`.

    Returns:
        The site: its `folder`, how many `pages` it has, and `caveats`: what its records lack.

    Raises:
        RequestError: the request is wrong. DataError: the data is, or a critical expectation is not met.
        DisclosureError: somebody could be singled out; nothing was written.

    Example:
        `build("disparity.toml", out="site")`
    """
    return build_site(_choose_settings(source, forces, months, {"out": Path(out)} if out else {}))


def publish(
    source: Source,
    *,
    forces: str | Sequence[str] = (),
    months: tuple[str, str] | None = None,
    out: str | Path | None = None,
) -> Site:
    """Make the edition for the public, as `disparity publish` does; protected counts are added to the ledger.

    Args:
        source, forces, months, out: as for `build`.

    Returns:
        The site, as `build` gives it.

    Raises:
        RequestError: the project is for the force alone, or as `build`. DataError, DisclosureError: as `build`.

    Example:
        `publish("disparity.toml", out="site")`
    """
    return publish_site(_choose_settings(source, forces, months, {"out": Path(out)} if out else {}))


def _choose_settings(
    source: Source, forces: str | Sequence[str], months: tuple[str, str] | None, given: dict[str, Any]
) -> Settings:
    """A project file, with what is given here on top; records stand alone."""
    paths = [Path(source)] if isinstance(source, str | Path) else [Path(path) for path in source]
    ids = [forces] if isinstance(forces, str) and forces else list(forces)
    asked = {"forces": ids, **_span(months), **given}
    settings = {key: value for key, value in asked.items() if value}
    if [path.suffix for path in paths] == [".toml"]:
        return read_settings(paths[0], settings)
    span = {} if months else span_months(paths, ids)
    return make_settings({"records": paths} | span | settings, where="records")


def _span(months: tuple[str, str] | None) -> dict[str, str]:
    if not months:
        return {}
    if isinstance(months, str) or len(months) != 2:
        raise RequestError(
            "the months are not a first and a last",
            found=repr(months),
            what_now='write months=("2019-04", "2020-03")',
        )
    return {"from": months[0], "to": months[1]}


def _check_residents(residents: pl.DataFrame) -> pl.DataFrame:
    missing = [column for column in RESIDENT_COLUMNS if column not in residents.columns]
    if missing:
        raise RequestError(
            "the residents lack a column",
            found=f"no {', '.join(missing)}",
            what_now="give what `residents` gives, some or all of its rows",
        )
    return residents
