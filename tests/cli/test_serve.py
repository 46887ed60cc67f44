"""The preview: served as published, built again at a change, the old site kept when a build fails."""

import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from disparity.cli.serve import HEADERS, serve
from disparity.vocabulary.errors import RequestError
from support.builders import monthly_text, write_monthly

COMMAND = "from disparity.cli.main import main; main()"


class Preview:
    """A running `disparity serve`, and what it says."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-c", COMMAND, "serve", "records", "--out", "site", "--port", "0"]
        self.process = subprocess.Popen(command, cwd=home, stderr=subprocess.PIPE, text=True, encoding="utf-8")
        self.said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stderr:
            self.said.put(line)
        self.said.put("")  # it has ended

    def wait_for(self, words: str) -> str:
        """The next line that holds the words."""
        said = []
        while words not in (line := self.said.get(timeout=300)):
            said.append(line)
            assert line, "".join(said)
        return line


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_monthly(tmp_path / "records", monthly_text([{}] * 30))
    return tmp_path


@pytest.fixture
def running(home: Path) -> Iterator[Preview]:
    preview = Preview(home)
    yield preview
    preview.process.kill()
    preview.process.wait()
    preview.process.stderr.close()


def get(address: str) -> HTTPResponse:
    assert address.startswith("http://127.0.0.1:")
    return urlopen(address, timeout=30)  # noqa: S310  our own machine


@pytest.mark.slow
def test_a_preview_follows_its_records_and_keeps_the_site_when_they_cannot_be_read(running, home):
    address = re.search(r"http://\S+", running.wait_for("Preview at"))[0]
    assert "30" in get(address).read().decode()
    write_monthly(home / "records", monthly_text([{}] * 41))
    running.wait_for("Built again")
    after = get(address).read()
    assert "41" in after.decode()
    write_monthly(home / "records", b"<!doctype html><title>404</title>")
    running.wait_for("as it was before")
    assert get(address).read() == after
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(timeout=60) == 130


def test_pages_are_served_with_the_headers_of_a_published_site_and_nothing_outside_is_served(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("here")
    (tmp_path / "secret.txt").write_text("not here")
    with serve(tmp_path / "site", 0) as address:
        answer = get(f"{address}index.html")
        assert answer.read() == b"here"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        with pytest.raises(HTTPError, match="404"):
            get(f"{address}../secret.txt")


def ask(address: str, path: str, host: str | None) -> tuple[int, bytes]:
    connection = HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=30)
    connection.putrequest("GET", path, skip_host=True)
    if host is not None:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", None])
def test_a_page_elsewhere_whose_name_is_pointed_at_this_machine_reads_nothing(tmp_path, host):
    (tmp_path / "index.html").write_text("here")
    with serve(tmp_path, 0) as address:
        status, content = ask(address, "/index.html", host)
        assert (status, b"here" in content) == (421, False)
        for own in ("localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:8000"):
            assert ask(address, "/index.html", own) == (200, b"here")


def test_no_folder_is_listed_and_no_link_followed_out(tmp_path):
    site = tmp_path / "site"
    (site / "data").mkdir(parents=True)
    (site / "data" / "estimates.csv").write_text("here")
    (tmp_path / "secret.txt").write_text("secret")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "up").symlink_to(tmp_path)
    (site / "circle").symlink_to(site / "circle")
    (site / "within.csv").symlink_to(site / "data" / "estimates.csv")
    with serve(site, 0) as address:
        for path in ("/", "/data/", "/up/", "/up/secret.txt", "/out.txt", "/circle", "/%00", "/..%2fsecret.txt"):
            status, content = ask(address, path, "localhost")
            assert (status, b"secret" in content, b"estimates" in content) == (404, False, False), path
        assert ask(address, "/within.csv", "localhost") == (200, b"here")


def test_a_port_that_is_taken_is_told(tmp_path):
    taken = socket.create_server(("127.0.0.1", 0))
    with taken, pytest.raises(RequestError, match="cannot be served"), serve(tmp_path, taken.getsockname()[1]):
        raise AssertionError


def test_the_recipe_for_a_web_server_sends_what_the_preview_sends():
    recipe = (Path(__file__).parents[2] / "docs" / "publish.md").read_text(encoding="utf-8")
    for name, value in HEADERS.items():
        if name != "Cache-Control":
            assert re.search(f'add_header {name} "?{re.escape(value)}"? always;', recipe), name
