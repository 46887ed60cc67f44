"""Search records, under the portal's names, in a folder that `disparity build` reads."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from disparity.sources.download.api import fetch_from_api
from disparity.sources.download.archive import Arrival, fetch_from_archives
from disparity.sources.download.order import API, Order, Terms, name_file
from disparity.sources.download.report import Report, report_on
from disparity.sources.download.store import Entry, Store, is_kept, open_store, put_down, read_lock
from disparity.sources.download.web import open_web
from disparity.vocabulary.codes import force_aliases


def fetch_stops(order: Order, out: Path, terms: Terms) -> Report:
    """Download monthly files into `out`, and put each down in the lock file beside it.

    What is there already is not asked for again, unless changes are looked for.

    Raises:
        RequestError: there is no such force or month, a host or the disk fails, or a strange file is in the way.
        DataError: what comes is damaged, or not what was asked for.
    """
    missing: set[str] = set()
    with open_store(out) as store:
        versions = read_lock(store)
        prefix = f"{store.out.name}/"
        held = {name.removeprefix(prefix): entries[-1] for name, entries in versions.items() if name.startswith(prefix)}
        before, after = dict(held), dict[str, Entry]()
        for name, entry in _fetch(store, order, terms, held):
            if entry is None:
                missing.add(name)
                continue
            missing.discard(name)
            named = replace(entry, name=prefix + name, on=terms.on or entry.on)
            # Seen by what fetches, which goes on from it when an archive changes half way.
            held[name] = after[name] = put_down(store, versions, named)
        return report_on(store, before, after, sorted(missing))


def _fetch(store: Store, order: Order, terms: Terms, held: Mapping[str, Entry]) -> Iterator[Arrival]:
    ids = sorted({force_aliases().get(force, force) for force in order.forces})
    names = [name_file(force, month) for month in order.months for force in ids]
    if names and not terms.refresh and all(name in held and is_kept(store, held[name].sha256) for name in names):
        yield from (Arrival(name, held[name]) for name in names)
        return
    with open_web(terms.base_url) as web:
        fetch = fetch_from_api if order.source == API else fetch_from_archives
        yield from fetch(web, store, order, terms, held)
