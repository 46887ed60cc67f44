"""A small server on this machine that answers as the publishers' do, faults included."""

import hashlib
import io
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

STAMP = "Mon, 31 Aug 2026 09:12:33 GMT"


class Fault(NamedTuple):
    """What goes wrong with one answer: another status, bytes left out of its end, or another file from then on."""

    status: int = 0
    retry_after: str = ""
    left_out: int = 0
    replaced_by: bytes = b""


@dataclass
class Portal:
    """Files by path (with the query, where it matters), answers made of a query, and how to give them."""

    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Callable[[dict[str, str]], bytes]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    gives_ranges: bool = True
    names_tag: bool = True
    names_version: bool = True
    stamp: str = STAMP
    stamp_after_change: str = STAMP
    pause: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    sent: int = 0
    url: str = ""

    def publish(self, archives: Mapping[str, tuple[str, bytes]], *, md5: Mapping[str, str] | None = None) -> None:
        """Put archives up as the portal does: name → months as its list says them, and bytes."""
        entries = []
        for name, (months, content) in archives.items():
            self.files[f"/archive/{name}.zip"] = content
            self.redirects[f"/data/archive/{name}.zip"] = f"/archive/{name}.zip"
            sum_ = (md5 or {}).get(name, hashlib.md5(content, usedforsecurity=False).hexdigest())
            entries.append(
                f'<div class="download"><a href="/data/archive/{name}.zip">{name}</a>'
                f'<p class="contained-range">{months}</p><p class="md5sum">{sum_}</p></div>'
            )
        page = '<!DOCTYPE html><a href="/data/archive/latest.zip">Latest</a>' + "".join(entries)
        self.files["/data/archive/"] = page.encode()


@contextmanager
def serve(portal: Portal) -> Iterator[Portal]:
    """Serve it on a free port of 127.0.0.1."""

    class Handler(_Handler):
        pass

    Handler.portal = portal
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    portal: Portal
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        portal, path = self.portal, self.path
        portal.asked.append((path, self.headers.get("Range", "")))
        if path.partition("?")[0] in portal.redirects:
            return self._answer(302, {"Location": portal.redirects[path.partition("?")[0]]}, b"")
        fault = self._next_fault(path)
        if fault.replaced_by:
            portal.files[path], portal.stamp = fault.replaced_by, portal.stamp_after_change
        if fault.status:
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return self._answer(fault.status, headers, b"")
        bare, _, query = path.partition("?")
        content = portal.files.get(path, portal.files.get(bare))
        if bare in portal.answers:
            content = portal.answers[bare](dict(parse_qsl(query)))
        if content is None:
            return self._answer(404, {}, b"<html>not here</html>")
        return self._give(content, fault.left_out)

    def _next_fault(self, path: str) -> Fault:
        waiting = self.portal.faults.get(path, [])
        return waiting.pop(0) if waiting else Fault()

    def _give(self, content: bytes, left_out: int) -> None:
        tag = tag_of(content)
        headers = {"ETag": tag} if self.portal.names_tag else {}
        headers |= {"Last-Modified": self.portal.stamp} if self.portal.names_version else {}
        match = re.fullmatch(r"bytes=([0-9]*)-([0-9]*)", self.headers.get("Range", ""))
        if not (match and self.portal.gives_ranges and self.headers.get("If-Range", tag) in (tag, self.portal.stamp)):
            return self._answer(200, headers, content, left_out)
        size = len(content)
        first = int(match[1]) if match[1] else max(0, size - int(match[2]))
        last = min(int(match[2]) if match[1] and match[2] else size - 1, size - 1)
        if first >= size:
            return self._answer(416, {"Content-Range": f"bytes */{size}"}, b"")
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        return self._answer(206, headers, content[first : last + 1], left_out)

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes, left_out: int = 0) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        kept = body[: len(body) - left_out]
        for start in range(0, len(kept), 20_000):
            self.wfile.write(kept[start : start + 20_000])
            time.sleep(self.portal.pause)
        self.portal.sent += len(kept)
        self.close_connection = bool(left_out)


@cache
def tag_of(content: bytes) -> str:
    """The ETag of a version."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """An archive of files by name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 8, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
