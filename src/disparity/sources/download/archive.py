"""Monthly files out of the portal's archives: only the members wanted, where the server gives ranges of bytes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from zipfile import ZipInfo

from disparity.sources.archives import list_members, read_member
from disparity.sources.download.order import Order, Terms, check_forces, name_file
from disparity.sources.download.ranges import ArchiveChanged, Copy, NoRangesError, fill_in, open_copy
from disparity.sources.download.snapshots import Snapshot, choose_snapshots, read_index
from disparity.sources.download.store import Entry, Part, Store, is_kept, keep_new, path_of
from disparity.sources.download.web import Web
from disparity.sources.download.whole import Download, fetch_whole
from disparity.vocabulary.codes import force_names
from disparity.vocabulary.errors import DataError
from disparity.vocabulary.force_ids import is_known

# Requests under way at once; how fast they may go is the client's to say.
CONNECTIONS = 4
ENDING = "-stop-and-search.csv"
MEMBER = re.compile(rf"([0-9]{{4}}-[0-9]{{2}})/\1-[a-z0-9-]{{1,64}}{re.escape(ENDING)}")


class Arrival(NamedTuple):
    """A force-month: its entry, or None where the portal has no file of it."""

    name: str
    entry: Entry | None


def fetch_from_archives(
    web: Web, store: Store, order: Order, terms: Terms, held: Mapping[str, Entry]
) -> Iterator[Arrival]:
    """Download the monthly files asked for, each from the newest archive that holds its month.

    Args:
        held: what is there by name; looked at again for each archive, as it grows while files arrive.

    Raises:
        RequestError: there is no such force, or a month that no archive holds.
        DataError: an archive changes twice meanwhile, or is damaged.
    """
    for snapshot, months in choose_snapshots(read_index(web), order.months).items():
        yield from _fetch_once_or_twice(web, store, _Job(snapshot, months, order.forces, terms, held))


class _Job(NamedTuple):
    snapshot: Snapshot
    months: list[date]
    forces: tuple[str, ...]
    terms: Terms
    held: Mapping[str, Entry]


def _fetch_once_or_twice(web: Web, store: Store, job: _Job) -> Iterator[Arrival]:
    for is_last in (False, True):
        try:
            yield from _fetch_snapshot(web, store, job)
            return
        except ArchiveChanged:
            if is_last:
                raise DataError(
                    "the archive changed twice while it was downloaded",
                    where=job.snapshot.address,
                    what_now="run again when the portal has finished with it: what is downloaded is kept",
                ) from None
            job.terms.say(f"{job.snapshot.name}.zip changed meanwhile: it is begun anew")


def _fetch_snapshot(web: Web, store: Store, job: _Job) -> Iterator[Arrival]:
    copy = _open_copy(web, store, job)
    there = {member.filename: member for member in copy.members if MEMBER.fullmatch(member.filename)}
    wanted = []
    for name in _list_names(there, job):
        held = job.held.get(name)
        if name not in there:
            yield Arrival(name, None)
        elif held and _is_current(held, there[name], copy, job) and is_kept(store, held.sha256):
            yield Arrival(name, held)
        else:
            wanted.append(there[name])
    job.terms.say(f"{job.snapshot.name}.zip: {len(wanted)} files to download")
    yield from _fetch_members(web, store, job.snapshot, copy, wanted)


def _list_names(there: Mapping[str, ZipInfo], job: _Job) -> list[str]:
    """Name the force-months asked for. Ids name files: one that is not in our own table is nobody's."""
    held = {name.split("/")[1][8 : -len(ENDING)] for name in there}
    known = tuple(sorted(filter(is_known, {*force_names(), *held})))
    if unknown := sorted(held - set(known)):
        job.terms.say(f"{job.snapshot.name}.zip: {len(unknown)} forces that this version does not know are left there")
    forces = check_forces(job.forces, known) or known
    return [name_file(force, month) for month in job.months for force in forces]


def _is_current(held: Entry, member: ZipInfo, copy: Copy, job: _Job) -> bool:
    """Whether what is held need not be downloaded: it is what the archive has, or changes are not asked for.

    Files of an archive that was replaced under the same name are looked at in any case: a run that died half way
    would else leave the months of two.
    """
    is_same = (held.size, held.crc32) == (member.file_size, f"{member.CRC:08x}")
    is_replaced = held.address == job.snapshot.address and held.etag != copy.validator
    return is_same or not (job.terms.refresh or is_replaced)


def _open_copy(web: Web, store: Store, job: _Job) -> Copy:
    snapshot = job.snapshot
    try:
        return open_copy(web, snapshot.address, store.partial / f"{snapshot.name}.zip")
    except NoRangesError:
        whole = _find_kept(store, job)
    if not whole:
        job.terms.say(f"the server gives no parts of {snapshot.name}.zip: the whole of it is downloaded")
        whole = fetch_whole(web, store, snapshot.address, md5=snapshot.md5, expected="an archive")
    path = path_of(store, whole.sha256)
    return Copy(path, snapshot.address, whole.validator, whole.on, tuple(list_members(path)), {}, whole.sha256)


def _find_kept(store: Store, job: _Job) -> Download | None:
    """The archive, where other files were taken from the whole of it before, and changes are not looked for."""
    for entry in () if job.terms.refresh else job.held.values():
        for part in entry.made_from:
            if part.address == job.snapshot.address and is_kept(store, part.sha256):
                return Download(part.sha256, path_of(store, part.sha256).stat().st_size, entry.etag, entry.on)
    return None


def _fetch_members(
    web: Web, store: Store, snapshot: Snapshot, copy: Copy, wanted: Iterable[ZipInfo]
) -> Iterator[Arrival]:
    """Download several at once; they arrive in any order."""
    pool = ThreadPoolExecutor(CONNECTIONS)
    try:
        tasks = [pool.submit(_fetch_member, web, store, snapshot, copy, member) for member in wanted]
        for task in as_completed(tasks):
            yield task.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _fetch_member(web: Web, store: Store, snapshot: Snapshot, copy: Copy, member: ZipInfo) -> Arrival:
    if not copy.whole:
        fill_in(web, copy, member)
    content = read_member(copy.path, member, f"{snapshot.name}.zip/{member.filename}")
    entry = replace(
        keep_new(store, content),
        name=member.filename,
        address=snapshot.address,
        member=member.filename,
        on=copy.on,
        md5=snapshot.md5 if copy.whole else "",
        etag=copy.validator,
        checked="CRC-32, and MD5 of the archive" if copy.whole and snapshot.md5 else "CRC-32",
        made_from=(Part(snapshot.address, copy.whole),) if copy.whole else (),
    )
    return Arrival(member.filename, entry)
