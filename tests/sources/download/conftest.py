"""What the tests of `disparity fetch` share: a portal on this machine, and no waiting."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from disparity.sources.download.order import Order, Terms, list_months
from disparity.sources.download.report import Report
from disparity.sources.download.stops import fetch_stops
from support import portal

ROOT = Path(__file__).parents[3]
SYNTHETIC = ROOT / "data" / "synthetic" / "police_uk"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[portal.Portal]:
    """A portal that is up; nothing stands between it and us."""
    monkeypatch.setenv("NO_PROXY", "*")
    with portal.serve(portal.Portal()) as up:
        yield up


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that would have been waited before trying again."""
    seconds: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=seconds.append))
    return seconds


@pytest.fixture(scope="session")
def records() -> dict[str, bytes]:
    """The example's monthly files by their name in an archive."""
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in sorted(SYNTHETIC.rglob("*.csv"))}


class Ask:
    """A fetch of search records into a folder of the test."""

    def __init__(self, site: portal.Portal, home: Path) -> None:
        self.site, self.home, self.said = site, home, []

    def __call__(
        self,
        *forces: str,
        first: str = "2023-04",
        last: str = "2023-06",
        source: str = "archive",
        refresh: bool = False,
    ) -> Report:
        order = Order(forces, list_months(first, last), source)
        return fetch_stops(order, self.home / "records", Terms("", refresh, self.site.url, self.said.append))

    def tree(self) -> dict[str, bytes]:
        """What lies in the output folder."""
        return portal.read_tree(self.home / "records")


@pytest.fixture
def ask(site: portal.Portal, tmp_path: Path) -> Ask:
    """Give a function that fetches."""
    return Ask(site, tmp_path)
