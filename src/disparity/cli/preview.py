"""A local preview: the site as a web server would serve it, built anew whenever what it is made of changes."""

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from disparity.pipeline.build import Progress, build, no_progress
from disparity.project.settings import Settings
from disparity.site.writing import POLICY
from disparity.vocabulary.errors import DisparityError, RequestError

HOST = "127.0.0.1"
# What docs/publish.md has a web server send; the pages carry the policy too, but for what only a header can say.
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder with the headers of a published site; logs nothing."""

    def end_headers(self) -> None:
        """Send our headers with every answer."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Say nothing: the terminal is for the builds."""


def preview(
    read: Callable[[], Settings],
    *,
    port: int,
    watched: tuple[Path, ...],
    say: Callable[[str], None],
    progress: Progress = no_progress,
) -> None:
    """Build, serve, and build again at each change, until interrupted.

    Args:
        read: gives the publication anew, as the project file may be what changed.
        port: 0 for any that is free.
        watched: files and folders besides the publication's own, such as the project file.
        say: shows the analyst where the site is, and what a build found wrong.

    Raises:
        DisparityError: the first build fails. RequestError: the port is taken.
    """
    from watchfiles import watch  # noqa: PLC0415  needed here alone

    settings = read()
    build(settings, progress=progress)
    with serve(settings.out, port) as address:
        say(f"Preview at {address} (stop with Ctrl+C)")
        paths = [path for path in (*watched, *list_inputs(settings)) if path.exists()]
        for _changes in watch(*paths, raise_interrupt=True):
            try:
                build(read(), progress=progress)
            except DisparityError as error:  # the site that was there is still served
                say(f"{error}\nThe preview shows the site as it was before.")
            else:
                say("Built again: reload the page.")


def list_inputs(settings: Settings) -> list[Path]:
    """Every file and folder of the publication whose change changes the site."""
    own = [*settings.records, *(extract.file for extract in settings.extracts)]
    own += [settings.folder("expectations"), settings.folder("reports")]
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
