"""Coded searches, counts, estimates and comparisons as files, for those who analyse elsewhere.

Everything is exact, and nothing is protected: a note beside the files says whether they are for publication.
"""

from functools import partial
from pathlib import Path

import polars as pl

from disparity.disclosure.profiles import Profile, choose_profile
from disparity.pipeline import notebook
from disparity.pipeline.submissions import Progress, no_progress
from disparity.pipeline.tabulate import list_own
from disparity.project.manifest import MANIFEST_FILE, refuse_changed, write_manifest
from disparity.project.settings import Settings
from disparity.records.counts import COUNT_TABLES
from disparity.records.partial_counts import refuse_other_folder, replace_folder
from disparity.sources.population import read_residents
from disparity.tables.schema.printing import make_inert

NOTE_FILE = "README-disparity-export.txt"
RESTRICTED = "Not for publication: coded searches and exact counts that are not public."
OPEN = "Exact: coded searches and counts of records that are public, or invented."
FORMATS = ("parquet", "csv")
TABLES = (
    *("searches", *(f"counts_{name}" for name in COUNT_TABLES), "submissions", "labels", "decisions", "checks"),
    *("residents", "estimates", "comparisons", "reasons"),
)


def export(settings: Settings, out: Path, kind: str, *, progress: Progress = no_progress) -> str:
    """Write every table to a folder, as `kind` of FORMATS; give the note that stands beside them.

    Raises:
        RequestError: the folder holds something else. RequestError, DataError: as `notebook.read`.
    """
    _refuse_other_files(out)
    with progress("reading, coding and counting the records"):
        records = notebook.gather_records(settings)
    profile = choose_profile(settings, records.audit.files, list_own(records.audit.files))
    with progress("estimating and comparing"):
        frames = list_frames(records)
    note = write_note(profile, frames)
    replace_folder(out, partial(_fill, frames, kind, note), what="export")
    return note


def list_frames(records: notebook.Records) -> dict[str, pl.DataFrame]:
    """Make every table of TABLES, as an analyst would in a notebook."""
    counts, residents = (
        notebook.count(records),
        read_residents(records.settings.population, records.settings.population_source, records.settings.mergers),
    )
    estimates = notebook.estimates(counts, residents=residents)
    comparisons = notebook.compare(estimates, counts, residents=residents)
    return {
        "searches": records.searches,
        **{f"counts_{name}": getattr(counts.tables, name) for name in COUNT_TABLES},
        "submissions": records.audit.submissions,
        "labels": records.audit.labels,
        "decisions": records.decisions,
        "checks": notebook.check(records),
        "residents": residents,
        "estimates": estimates,
        "comparisons": comparisons,
        "reasons": notebook.reasons(estimates, comparisons, counts, residents=residents),
    }


def write_note(profile: Profile, frames: dict[str, pl.DataFrame]) -> str:
    """Say first whether the tables are for publication, then what they hold."""
    listed = "\n".join(f"{name + ':':<20}{frame.height:>10,} rows" for name, frame in frames.items())
    return f"""{RESTRICTED if profile.is_restricted else OPEN}
{profile.reason}

Written by `disparity export`; docs/python.md of the toolkit describes the columns. `disparity build` makes what may be
published, protected where it has to be. Safe to delete: the records give it again.

{listed}
"""


def _refuse_other_files(folder: Path) -> None:
    own = (MANIFEST_FILE, *(f"{name}.{kind}" for name in TABLES for kind in FORMATS))
    refuse_other_folder(folder, mark=NOTE_FILE, kinds=own, what="export")
    refuse_changed(folder)


def _fill(frames: dict[str, pl.DataFrame], kind: str, note: str, folder: Path) -> None:
    for name, frame in frames.items():
        with (folder / f"{name}.{kind}").open("wb") as file:
            if kind == "csv":
                texts = [column for column, held in frame.schema.items() if held == pl.String]
                frame.with_columns(make_inert(column) for column in texts).write_csv(file)
            else:
                frame.write_parquet(file, compression="zstd")
    (folder / NOTE_FILE).write_text(note, encoding="utf-8", newline="\n")
    write_manifest(folder)
