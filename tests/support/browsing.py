"""Sites served as a plain web server would, and pages opened in a real browser."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files; logs nothing."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class QuietServer(http.server.ThreadingHTTPServer):
    """Says nothing of a reader who left before a page was there."""

    def handle_error(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def serve(site: Path) -> Iterator[str]:
    """Serve a site; give its address."""
    handler = functools.partial(QuietHandler, directory=str(site))
    server = QuietServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def open_page(browser: Browser, address: str, page: str, **settings: object) -> tuple[Page, list[str]]:
    """Open a page; the list fills with what went wrong: errors, refusals of the policy, requests elsewhere."""
    opened = browser.new_context(**settings).new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(f"error: {error}"))
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("request", lambda request: faults.append(request.url) if not request.url.startswith(address) else None)
    opened.goto(address + page)
    return opened, faults
