"""What a fetch did, file by file, in words."""

import csv
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from disparity.sources.download.store import Entry, Store, path_of


class Change(NamedTuple):
    """A file that its publisher has replaced, and how much was in both versions."""

    name: str
    before: str
    after: str


class Report(NamedTuple):
    """Names by what became of the files; `withdrawn` are those that the publisher has no longer, and we still have."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    changed: tuple[Change, ...]
    withdrawn: tuple[str, ...]
    missing: tuple[str, ...]


def report_on(store: Store, before: Mapping[str, Entry], after: Mapping[str, Entry], missing: Sequence[str]) -> Report:
    """Compare the newest versions before and after a fetch, by name."""
    changed = [name for name, entry in after.items() if name in before and before[name].sha256 != entry.sha256]
    return Report(
        added=tuple(sorted(set(after) - set(before))),
        kept=tuple(sorted(set(after) & set(before) - set(changed))),
        changed=tuple(
            Change(name, _measure(store, before[name]), _measure(store, after[name])) for name in sorted(changed)
        ),
        withdrawn=tuple(sorted(name for name in missing if name in before)),
        missing=tuple(sorted(name for name in missing if name not in before)),
    )


def _measure(store: Store, entry: Entry) -> str:
    """Rows of a CSV, bytes of anything else."""
    if not entry.name.endswith(".csv"):
        return f"{entry.size:,} bytes"
    with path_of(store, entry.sha256).open(encoding="utf-8", errors="replace", newline="") as file:
        return f"{max(0, sum(1 for _row in csv.reader(file)) - 1):,} rows"


def write_report(report: Report) -> str:
    """Write it for the terminal; of files that are missing, the first of many."""
    shown = report.missing[:20]
    lines = [
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.kept)} there already",
        *(f"  changed: {name}: {before} before, {after} now" for name, before, after in report.changed),
        *(f"  no longer published, and kept here: {name}" for name in report.withdrawn),
        *(f"  missing, as the force has not published it: {name}" for name in shown),
    ]
    more = len(report.missing) - len(shown)
    return "\n".join([*lines, f"  and {more} more are missing"] if more else lines)
