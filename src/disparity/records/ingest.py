"""Records → counts: files are found, read, coded, audited and counted; parts counted apart are put together.

What is held in memory does not grow with the monthly files, and counting may be spread over machines.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby
from operator import itemgetter
from pathlib import Path

import polars as pl

from disparity.project.settings import Settings
from disparity.records.area_outlines import hash_areas, place_searches, read_areas
from disparity.records.audit.columns import audit_columns
from disparity.records.audit.files import Audit, audit_files
from disparity.records.audit.months import complete_audit
from disparity.records.audit.shares import audit_shares
from disparity.records.audit.validity import audit_validity
from disparity.records.audit.years import audit_years
from disparity.records.coding import code_kinds
from disparity.records.completeness import (
    find_losses,
    find_wrong_months,
    has_lost_too_many,
    log_losses,
    refuse_losses,
)
from disparity.records.counts import Counts, add_counts, tally_searches
from disparity.records.daylight import tag_light
from disparity.records.merged_forces import join_predecessors, name_merged
from disparity.records.neighbourhoods import name_authorities, place_in_neighbourhoods
from disparity.records.partial_counts import (
    SUPPLY_DECISIONS,
    LeftOut,
    Part,
    Rules,
    add_audits,
    add_parts,
    keep,
    leave_out,
    narrow,
    read_part,
    write_part,
)
from disparity.records.unknown_values import refuse_unknown
from disparity.sources.choice import DECISIONS, choose_sources, log_supplies
from disparity.sources.extract.rows import take_extracts
from disparity.sources.home_office.rows import take_tables
from disparity.sources.monthly import read_files
from disparity.sources.official import read_official
from disparity.sources.police_uk import MonthlyFile, find_files, hash_file
from disparity.sources.raw import PORTAL, REPEAT_COLUMNS, RawFile, Supply
from disparity.sources.resaved.rows import take_resaved
from disparity.vocabulary.code_hash import hash_code
from disparity.vocabulary.errors import DataError, RequestError, refuse_together
from disparity.vocabulary.force_ids import refuse_unknown_force

# The sources beside the monthly files: each takes what is its own from the paths of `records` and leaves the others.
SOURCES: tuple[Callable[[Settings, list[Path]], tuple[list[Supply], list[Path]]], ...] = (
    take_extracts,
    take_tables,
    take_resaved,
)

WORKERS = 2  # that read files for their hashes
BATCH_BYTES = 48_000_000
COUNTS_FOLDER = "counts"  # of the folder that a project keeps between builds
# Whose change may change counts or their audit; they are kept when anything else of the toolkit changes.
COUNTED_BY = (
    *("vocabulary/*.py", "vocabulary/reference/*.csv", "vocabulary/reference/*.parquet"),
    *("statistics/agreement.py", "statistics/control.py", "statistics/intervals.py"),
    *("project/areas.py", "project/extract_mapping.py", "project/personal_columns.py", "project/settings.py"),
    *("sources/*.py", "sources/extract/*.py", "sources/home_office/*.py", "sources/resaved/*.py"),
    *("records/*.py", "records/audit/*.py"),
)

Tally = tuple[Counts, Audit]
Tried = tuple[Tally | None, list[LeftOut]]
Count = Callable[[list[MonthlyFile]], Tried]
Take = Callable[[pl.DataFrame], None]
# Does the same to every batch, in order: here, or on the machines of a cluster.
Spread = Callable[[Count, list[list[MonthlyFile]]], list[Tried]]


@dataclass(frozen=True)
class Ingested:
    """What reading the records gave: their counts and their audit."""

    counts: Counts
    audit: Audit
    forces: tuple[str, ...]
    decisions: pl.DataFrame  # about files, and about rows of extracts and tables before they have a month


def spread_here(count: Count, batches: list[list[MonthlyFile]]) -> list[Tried]:
    """Count the batches on this machine, one after the other: reading them takes all its cores."""
    return [count(batch) for batch in batches]


def read_records(settings: Settings) -> Ingested:
    """Read the records, or parts that were counted before, and complete their audit.

    Raises:
        RequestError, DataError: what the publication asks for is not there, cannot be read or does not add up.
    """
    if settings.counts:
        part = _add_counted(settings)
    elif settings.reuse:
        folder = settings.reuse / COUNTS_FOLDER
        part = count_records(settings, recall(folder))
        write_part(part, folder)
    else:
        part = count_records(settings)
    return complete_reading(settings, part)


def read_searches(settings: Settings) -> tuple[pl.DataFrame, Ingested]:
    """Read the records as `read_records` does, and keep every row of them, coded.

    Returns:
        The columns of `code_searches`, and `source` (as in the submissions), in order of force, month, file and row;
        and what `read_records` gives. All is held in memory.

    Raises:
        RequestError: the publication is made from parts, which hold no records. RequestError, DataError: as
            `read_records`.
    """
    if settings.counts:
        raise RequestError(
            "parts hold counts and no searches",
            where=", ".join(str(folder) for folder in settings.counts),
            what_now="name the records that they were counted from",
        )
    coded: list[pl.DataFrame] = []
    part = count_records(settings, take=coded.append)
    ingested = complete_reading(settings, part)
    months = join_predecessors(part, settings.mergers).months
    sources = ingested.audit.submissions.select("force", pl.col("month").alias("submission_month"), "source")
    searches = name_merged(pl.concat(coded), months, settings.mergers).join(
        sources, on=["force", "submission_month"], how="left"
    )
    return searches.sort("force", "submission_month", "source_file", "source_row"), ingested


def name_rules(settings: Settings) -> Rules:
    """Name what counts depend on beside the files."""
    areas = settings.areas
    # Read first: what is wrong with them is said before any record is read.
    outlines = hash_areas(read_areas(areas)) if areas else ""
    return Rules(code=hash_counting(), veil_of_darkness=settings.veil_of_darkness, areas=outlines)


def hash_counting() -> str:
    """Tell which code counts here."""
    return hash_code("polars", *COUNTED_BY)


def count_records(
    settings: Settings, known: Part | None = None, spread: Spread = spread_here, take: Take | None = None
) -> Part:
    """Read, code, audit and count file by file.

    Args:
        known: counts of an earlier run: a monthly file that is in them, by its name and SHA-256, is not counted
            again. What is no monthly file always is.
        take: is given the coded searches of some files at a time, in no order.

    Raises:
        RequestError, DataError: what the publication asks for is not there, or cannot be read.
    """
    rules = name_rules(settings)
    supplies: list[Supply] = []
    paths = settings.records
    for source in SOURCES:
        own, paths = source(settings, paths)
        supplies += own
    found, _ignored = find_files(paths)
    asked = settings.forces_read
    files, raws = choose_sources(found, supplies, forces=asked, months=settings.months())
    # An id names a folder of the site.
    for force, name in [*((file.force, file.name) for file in files), *((raw.force, raw.source_file) for raw in raws)]:
        refuse_unknown_force(force, name, declared=settings.known_forces)
    kept = _keep_unchanged(known, files, settings) if known and known.rules == rules else None
    held = set(kept.audit.submissions.select("force", "month").iter_rows()) if kept else set()
    fresh = [file for file in files if (file.force, file.month) not in held]
    tried = spread(partial(_count_files, settings, take), _batch(fresh))
    tallies = [tally for tally, _ in tried if tally]
    # Files of one source and shape together.
    alike = groupby(raws, lambda raw: (raw.source, raw.absent, raw.is_counted))
    tallies += [_tally(settings, list(some), take) for _, some in alike]
    counted = [add_counts([counts for counts, _ in tallies])] if tallies else []
    if kept:
        counted.append(kept.counts)
        tallies.append((kept.counts, kept.audit))
    left_out = tuple(file for _, files_left in tried for file in files_left)
    _refuse_unread(left_out, {force for _, audit in tallies for force in audit.submissions["force"]}, settings)
    forces = asked or [*(file.force for file in files), *(raw.force for raw in raws)]
    audit = add_audits([audit for _, audit in tallies])
    return Part(
        counts=counted[0] if len(counted) == 1 else add_counts(counted),
        audit=replace(audit, lost=(*audit.lost, *(row for supply in supplies for row in supply.lost))),
        supplies=_log([supply for supply in supplies if supply.force in forces]),
        left_out=left_out,
        records=tuple(dict.fromkeys(path.name for path in settings.records)),
        rules=rules,
    )


def _keep_unchanged(known: Part, files: list[MonthlyFile], settings: Settings) -> Part:
    """Keep what is known of monthly files that are the same to the byte, under the same name."""
    held_files = known.audit.submissions.filter(
        pl.col("source") == PORTAL, pl.col("encoding").is_in(["utf-8", settings.encoding])
    )
    if not settings.allow_partial:
        # Which row it is that stops a build, only reading tells.
        held_files = held_files.filter(~has_lost_too_many())
    rows = held_files.select("force", "month", "source_file", "sha256").iter_rows()
    hashes = {(force, month, name): sha256 for force, month, name, sha256 in rows}
    named = [file for file in files if (file.force, file.month, file.name) in hashes]
    with ThreadPoolExecutor(WORKERS) as pool:
        now = list(pool.map(hash_file, named))
    same = [
        (file.force, file.month)
        for file, sha256 in zip(named, now, strict=True)
        if hashes[file.force, file.month, file.name] == sha256
    ]
    return keep(known, pl.DataFrame(same, schema={"force": pl.String, "month": pl.Date}, orient="row"))


def _batch(files: list[MonthlyFile]) -> list[list[MonthlyFile]]:
    """Files to be coded and counted at once: few enough to hold in memory, enough that no file is costly."""
    batch = [end // BATCH_BYTES for end in accumulate(file.size for file in files)]
    return [[file for file, _ in some] for _, some in groupby(zip(files, batch, strict=True), itemgetter(1))]


def _count_files(settings: Settings, take: Take | None, files: list[MonthlyFile]) -> Tried:
    """Count the files that can be read; of the others, say why not."""
    read = read_files(files, encoding=settings.encoding)
    left_out = [
        LeftOut(file.force, file.month, error)
        for file, error in zip(files, read, strict=True)
        if isinstance(error, DataError)
    ]
    raws = [raw for raw in read if isinstance(raw, RawFile)]
    del read
    return _tally(settings, raws, take) if raws else None, left_out


def _tally(settings: Settings, raws: list[RawFile], take: Take | None) -> Tally:
    searches, kinds = code_kinds(*raws)
    searches = place_in_neighbourhoods(searches)
    if settings.areas:
        searches = place_searches(searches, read_areas(settings.areas)).with_columns(is_area_asked=pl.lit(True))
    else:
        named = [extract.force for extract in settings.extracts if "area" in extract.columns]
        searches = name_authorities(searches, unless=named)
    if settings.veil_of_darkness:
        searches = tag_light(searches)
    if take:
        take(searches.drop(REPEAT_COLUMNS, strict=False))
    audit = audit_files(searches, *raws, kinds=kinds)
    # Counting needs no texts, and most memory.
    raws.clear()
    return tally_searches(searches, kinds), audit


def _refuse_unread(left_out: Iterable[LeftOut], held: set[str], settings: Settings) -> None:
    """Name them; of a force without a file that can be read, nothing can be published."""
    errors = [file.error for file in left_out if not settings.allow_partial or file.force not in held]
    refuse_together(errors, what_now="; --allow-partial goes on with the other files")


def _log(supplies: Sequence[Supply]) -> pl.DataFrame:
    """List what was decided about the rows of each supply, with its name and the hashes of its files."""
    logged = [
        log_supplies([supply]).with_columns(
            pl.lit(" ".join([supply.name, *dict.fromkeys(raw.sha256 for raw in supply.files)])).alias("supply")
        )
        for supply in supplies
    ]
    return pl.concat([pl.DataFrame(schema=SUPPLY_DECISIONS), *(log.select(list(SUPPLY_DECISIONS)) for log in logged)])


def _add_counted(settings: Settings) -> Part:
    parts = [(str(folder), read_part(folder)) for folder in settings.counts]
    part = narrow(add_parts(parts, name_rules(settings)), settings.forces_read, settings.months())
    _refuse_unread(part.left_out, set(part.audit.submissions["force"]), settings)
    return part


def _leave_out_wrong_months(settings: Settings, part: Part) -> Part:
    """Refuse files that are mostly of another month; a partial publication goes without them."""
    wrong = [LeftOut(*found) for found in find_wrong_months(part.audit.submissions)]
    if not wrong:
        return part
    rest = leave_out(part, wrong)
    _refuse_unread(wrong, set(rest.audit.submissions["force"]), settings)
    return rest


def recall(folder: Path) -> Part | None:
    """The part that a folder holds; none where there is none that can be read."""
    try:
        return read_part(folder)
    except RequestError:
        return None


def complete_reading(settings: Settings, part: Part) -> Ingested:
    """Set the counted months beside each other, and say what is missing and what is lost.

    Raises:
        DataError: a file's searches are mostly of another month, of a force too many rows are lost or in doubt, or too
            many values of an extract are not known.
    """
    part = _leave_out_wrong_months(settings, part)
    refuse_unknown(part.audit, settings.extracts)
    lost = part.audit.lost
    joined = join_predecessors(part, settings.mergers)
    part = joined.part
    submissions = part.audit.submissions
    forces = settings.forces or sorted({*submissions["force"], *(file.force for file in part.left_out)})
    audit = complete_audit([part.audit], forces, settings.months())
    columns = audit_columns(audit.submissions, audit.labels)
    audit = replace(
        audit,
        years=audit_years(audit, settings.periods(), read_official()),
        columns=columns,
        shares=audit_shares(audit.labels, columns),
        validity=audit_validity(audit.submissions, audit.labels),
        joined=joined.files,
    )
    # In an order that does not show in which part they were decided.
    order = ["force", "rows_before", "reason", "action", "rows_after"]
    decisions = part.supplies.sort(order, descending=[False, True, False, False, False]).select(list(DECISIONS))
    losses = find_losses(audit.submissions, decisions)
    if not settings.allow_partial:
        refuse_losses(losses, audit.submissions, lost, settings.extracts)
    left_out = sorted(part.left_out, key=lambda file: (file.force, file.month, file.error.where))
    decisions = pl.concat(
        [decisions, joined.decisions, log_losses(losses, [(file.force, file.error) for file in left_out])]
    )
    return Ingested(part.counts, audit, tuple(forces), decisions)
