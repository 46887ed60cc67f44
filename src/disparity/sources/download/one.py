"""One file by name: from what is kept, or from where it is published."""

from collections.abc import Callable
from dataclasses import replace

from disparity.sources.download.order import Terms
from disparity.sources.download.report import Report, report_on
from disparity.sources.download.store import Entry, Store, is_kept, put_down, read_lock


def fetch_one(store: Store, name: str, terms: Terms, download: Callable[[], Entry]) -> Report:
    """Put one file into the output folder; it is downloaded if it is not held, or changes are looked for."""
    versions = read_lock(store)
    full = f"{store.out.name}/{name}"
    held = versions.get(full, [])[-1:]
    before = {full: held[0]} if held else {}
    entry = held[0] if held and not terms.refresh and is_kept(store, held[0].sha256) else download()
    named = replace(entry, name=full, on=terms.on or entry.on)
    return report_on(store, before, {full: put_down(store, versions, named)}, ())
