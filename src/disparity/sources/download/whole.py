"""A whole file, however large: downloaded on from where it broke off, and compared with its published MD5."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import httpx2

from disparity.sources.download.ranges import PARTIAL_CONTENT, RANGE
from disparity.sources.download.store import Store, keep_file
from disparity.sources.download.web import FILE_SECONDS, Web, attempt, day_of, refuse_page, stream, validator_of
from disparity.vocabulary.errors import DataError
from disparity.vocabulary.json_text import read_json

NOT_SATISFIABLE = 416
# The portal's archive of all forces, of everything that it publishes, is 1.7 GB.
MOST_BYTES = 20_000_000_000


class Download(NamedTuple):
    """A kept file: its content, and what the server said of it."""

    sha256: str
    size: int
    validator: str
    on: str


def fetch_whole(web: Web, store: Store, address: str, *, md5: str, expected: str) -> Download:
    """Download a file and keep it.

    Args:
        md5: as published; "" where it is not.
        expected: what it is, for the error where a web page comes in its place.

    Raises:
        DataError: it breaks off each time, changes twice, or is not what its MD5 says.
    """
    part = store.partial / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}.part"
    changed: list[str] = []
    headers = attempt(address, lambda: _download(web, address, part, changed), seconds=FILE_SECONDS)
    try:
        _check(part, address, md5, expected)
    except DataError:
        part.unlink()
        raise
    size = part.stat().st_size
    return Download(keep_file(store, part), size, validator_of(headers), day_of(headers))


def _download(web: Web, address: str, part: Path, changed: list[str]) -> Mapping[str, str]:
    """Ask once, for what is missing of the version that was begun; another version is begun anew."""
    held, validator = _read_begun(part)
    asked = {"Range": f"bytes={held}-", "If-Range": validator} if held and validator else {}
    try:
        with stream(web, address, asked) as response:
            match = RANGE.fullmatch(response.headers.get("Content-Range", ""))
            goes_on = response.status_code == PARTIAL_CONTENT and match is not None and int(match[1]) == held
            if not goes_on and held and validator_of(response.headers) != validator:
                changed.append(validator)
                if len(changed) > 1:
                    raise DataError(
                        "the file changed twice while it was downloaded",
                        where=address,
                        what_now="run again when its publisher has finished with it",
                    )
            _write(response, part, goes_on)
            return response.headers
    except httpx2.HTTPStatusError as error:
        if error.response.status_code != NOT_SATISFIABLE:
            raise
        # All of it came, and then the run died: there is nothing after it to ask for.
        part.unlink(missing_ok=True)
        raise httpx2.RemoteProtocolError("the server has no more bytes than are held") from None


def _read_begun(part: Path) -> tuple[int, str]:
    note = part.with_suffix(".json")
    if not (part.exists() and note.exists()):
        return 0, ""
    return part.stat().st_size, read_json(note.read_text(encoding="utf-8"))["validator"]


def _write(response: httpx2.Response, part: Path, goes_on: bool) -> None:
    with part.open("ab" if goes_on else "wb") as file:
        if not goes_on:
            # After the old bytes are gone: a note on bytes of another version would make a file of two.
            note = json.dumps({"validator": validator_of(response.headers)})
            part.with_suffix(".json").write_text(note, encoding="utf-8")
        for chunk in response.iter_raw():
            file.write(chunk)
            if file.tell() > MOST_BYTES:
                raise DataError(
                    "the file is too large",
                    where=str(response.url),
                    found=f"more than {MOST_BYTES:,} bytes",
                    what_now="check the address: no archive of the portal is so large",
                )
        file.flush()
        os.fsync(file.fileno())


def _check(part: Path, address: str, md5: str, expected: str) -> None:
    with part.open("rb") as file:
        refuse_page(file.read(512), address, expected)
        file.seek(0)
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest() if md5 else ""
    if found != md5:
        raise DataError(
            "the file is not the one that was published: its MD5 differs",
            where=address,
            found=f"{found}, published is {md5}",
            what_now="run again; if it stays so, tell its publisher",
        )
