"""`disparity serve`: the site as a web server would serve it, built anew whenever what it is made of changes."""

import functools
import http.server
import io
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO

from watchfiles import watch

from disparity.cli.options import PROJECT_FILE
from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, say
from disparity.pipeline.build import build
from disparity.project.settings import Settings
from disparity.site.templates import POLICY
from disparity.sources.extract.files import find_files
from disparity.vocabulary.errors import DisparityError, RequestError

HOST = "127.0.0.1"
# What docs/publish.md has a web server send; the pages carry the policy too, but for what only a header can say.
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# The names that this machine has for itself. A page elsewhere whose name is pointed at it would else read, in a browser
# on this machine, what is served here (DNS rebinding).
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder with the headers of a published site, to this machine; logs nothing."""

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer for a file of the folder, asked of this machine by its own name."""
        if not LOOPBACK.fullmatch(self.headers.get("Host") or ""):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif not self._lies_within():
            self.send_error(HTTPStatus.NOT_FOUND)
        else:
            return super().send_head()
        return None

    def _lies_within(self) -> bool:
        """Whether what is asked for lies in the folder, links followed."""
        try:
            return Path(self.translate_path(self.path)).resolve().is_relative_to(Path(self.directory).resolve())
        except (OSError, RuntimeError, ValueError):  # links in a circle, a NUL byte
            return False

    def list_directory(self, _path: str | os.PathLike[str]) -> None:
        """List nothing: a folder without a page is not there."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Send our headers with every answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing: the terminal is for the builds."""


def run(port: int, **given: Any) -> None:
    """Build, serve, and build again at each change, until interrupted.

    Raises:
        DisparityError: the first build fails. RequestError: the port is taken.
    """
    settings = choose_settings(**given)
    build(settings, progress=progress)
    # The project file too may be what changes: it is read anew for every build.
    project = () if given["records"] else (given["project"] or Path(PROJECT_FILE),)
    with serve(settings.out, port) as address:
        say(f"Preview at {address} (stop with Ctrl+C)")
        paths = [path for path in (*project, *list_inputs(settings)) if path.exists()]
        for _changes in watch(*paths, raise_interrupt=True):
            try:
                build(choose_settings(**given), progress=progress)
            except DisparityError as error:  # the site that was there is still served
                say(f"{error}\nThe preview shows the site as it was before.")
            else:
                say("Built again: reload the page.")


def list_inputs(settings: Settings) -> list[Path]:
    """Every file and folder of the publication whose change changes the site."""
    own = [*settings.records, *(path for extract in settings.extracts for path in find_files(extract.files))]
    own += [folder for folder in (settings.expectations, settings.reports, settings.brand.logo) if folder]
    own += [each.file for each in settings.benchmarks]
    return [*own, settings.population] if settings.population else own


@contextmanager
def serve(folder: Path, port: int) -> Iterator[str]:
    """Serve a folder on this machine alone; gives its address.

    Raises:
        RequestError: the port is taken.
    """
    try:
        server = http.server.ThreadingHTTPServer((HOST, port), functools.partial(Handler, directory=str(folder)))
    except OSError as error:
        raise RequestError(
            "the preview cannot be served",
            where=f"port {port}",
            found=error.strerror or str(error),
            what_now="choose another with --port, or 0 for any",
        ) from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
