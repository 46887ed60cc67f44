"""What was downloaded, kept for good: a folder addressed by content, and the lock file that says what is what.

Beside the output: `downloads/sha256/ab/abcd…` has every content once under its SHA-256, `downloads.lock.json` the
name, address and day of each. Nothing is overwritten. Whatever is written goes to `downloads/partial` first, and takes
its name when all of it is on the disk, so that a run that dies leaves nothing half done.
"""

import errno
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from filelock import FileLock, Timeout

from disparity.project.manifest import hash_file
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.json_text import read_json

LOCK_NAME = "downloads.lock.json"
VERSION = 1
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# Files that lie on another disk, or on one without links, are copied.
NO_LINKS = (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES)


@dataclass(frozen=True)
class Part:
    """An answer that a file was made from."""

    address: str
    sha256: str


@dataclass(frozen=True)
class Entry:
    """One version of a downloaded file.

    `name` is where it lies, from the folder of the lock file; `on` the day its publisher dates it, "" where unknown;
    `etag` what identified the version of its archive; `md5` as published, "" where it is not; `checked` how the bytes
    were checked.
    """

    name: str
    address: str
    member: str
    on: str
    size: int
    sha256: str
    crc32: str
    md5: str
    etag: str
    checked: str
    made_from: tuple[Part, ...] = ()


UNKNOWN = Entry(name="", address="", member="", on="", size=0, sha256="", crc32="", md5="", etag="", checked="")


class Store(NamedTuple):
    """The output folder; downloads and lock file lie beside it."""

    out: Path

    @property
    def downloads(self) -> Path:
        return self.out.parent / "downloads"

    @property
    def partial(self) -> Path:
        return self.downloads / "partial"

    @property
    def lock_file(self) -> Path:
        return self.out.parent / LOCK_NAME


@contextmanager
def open_store(out: Path) -> Iterator[Store]:
    """Give the store beside `out` to one fetch at a time; what is in `partial` goes when it ends well.

    Raises:
        RequestError: another fetch is at it, or the disk is full.
    """
    store = Store(Path(os.path.abspath(out)))  # noqa: PTH100  links stay as the user named them
    try:
        store.partial.mkdir(parents=True, exist_ok=True)
        store.out.mkdir(parents=True, exist_ok=True)
        with FileLock(store.downloads / ".busy", timeout=0):
            yield store
            shutil.rmtree(store.partial, ignore_errors=True)
    except Timeout:
        raise RequestError(
            "another fetch writes to this folder", where=str(store.downloads), what_now="wait until it has ended"
        ) from None
    except OSError as error:
        if error.errno not in FULL:
            raise
        there = next(path for path in (store.downloads, *store.downloads.parents) if path.exists())
        raise RequestError(
            "the disk is full, or allows no file so large",
            where=str(store.downloads),
            found=f"{shutil.disk_usage(there).free:,} bytes free",
            what_now="make room and run again: what is downloaded is kept",
        ) from None


def keep(store: Store, content: bytes) -> str:
    """Keep the content under its SHA-256, and give that."""
    sha256 = hashlib.sha256(content).hexdigest()
    if not is_kept(store, sha256):
        write_whole(content, store.partial / sha256, path_of(store, sha256))
    return sha256


def keep_new(store: Store, content: bytes) -> Entry:
    """Keep the content, and give an entry that says what the bytes do; the rest is to fill in."""
    return replace(UNKNOWN, size=len(content), sha256=keep(store, content), crc32=f"{zlib.crc32(content):08x}")


def keep_file(store: Store, path: Path) -> str:
    """Keep a file of `partial` under its SHA-256, and give that."""
    sha256 = hash_file(path)
    target = path_of(store, sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    _sync_folder(target.parent)
    return sha256


def is_kept(store: Store, sha256: str) -> bool:
    """Whether the content is there, and still is what its name says: a link may have been written to."""
    path = path_of(store, sha256)
    return path.is_file() and hash_file(path) == sha256


def path_of(store: Store, sha256: str) -> Path:
    """Where the content lies."""
    return store.downloads / "sha256" / sha256[:2] / sha256


def write_whole(content: bytes, partial: Path, target: Path) -> None:
    """Write a file that has all of its bytes or is not there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_lock(store: Store) -> dict[str, list[Entry]]:
    """Give what was fetched by name, the versions of each from the first to the last.

    Raises:
        RequestError: the lock file is not one of ours.
    """
    if not store.lock_file.exists():
        return {}
    versions: dict[str, list[Entry]] = {}
    try:
        lock = read_json(store.lock_file.read_text(encoding="utf-8"))
        if lock["version"] != VERSION:
            raise ValueError
        for row in lock["files"]:
            parts = tuple(Part(**part) for part in row.get("made_from", ()))
            versions.setdefault(row["name"], []).append(Entry(**(row | {"made_from": parts})))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RequestError(
            "the lock file cannot be read",
            where=str(store.lock_file),
            found="not what `disparity fetch` writes",
            what_now="take it out of version control again, or move it away and fetch anew",
        ) from None
    return versions


def put_down(store: Store, versions: dict[str, list[Entry]], entry: Entry) -> Entry:
    """Put a download down as the newest version of its name, unless it is the newest already; place and give that.

    Raises:
        RequestError: a file of that name is none that was fetched.
    """
    entries = versions.setdefault(entry.name, [])
    if not entries or entries[-1].sha256 != entry.sha256:
        entries.append(entry)
        _write_lock(store, versions)
    _place(store, entries[-1], entries)
    return entries[-1]


def _write_lock(store: Store, versions: dict[str, list[Entry]]) -> None:
    """Write the lock file: one entry for each version, sorted by name."""
    entries = [asdict(entry) for name in sorted(versions) for entry in versions[name]]
    rows = [{key: value for key, value in row.items() if key != "made_from" or value} for row in entries]
    text = json.dumps({"version": VERSION, "files": rows}, indent=1, ensure_ascii=False) + "\n"
    write_whole(text.encode(), store.partial / LOCK_NAME, store.lock_file)


def _place(store: Store, entry: Entry, earlier: list[Entry]) -> None:
    """Give the kept content its portal's name in the output folder, in place of earlier versions only."""
    target = store.out.parent / PurePosixPath(entry.name)
    if target.exists():
        there = hash_file(target)
        if there == entry.sha256:
            return
        if there not in {version.sha256 for version in earlier}:
            raise RequestError(
                "a file that was not fetched, or was changed since, is in the way",
                where=str(target),
                what_now="move it away and run again: fetch overwrites only what it fetched",
            )
    target.parent.mkdir(parents=True, exist_ok=True)
    kept, link = path_of(store, entry.sha256), store.partial / f"{entry.sha256}.link"
    link.unlink(missing_ok=True)
    try:
        os.link(kept, link)
        link.replace(target)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        write_whole(kept.read_bytes(), target.with_name(f".{target.name}.part"), target)
    _sync_folder(target.parent)
