"""A real browser, and sites served as a plain web server would: the example's, and a real force's."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from support import example, real_sites
from support.browsing import serve

# The first is what the test setup installs; the flags keep it from asking hosts of its own.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium. DISPARITY_CHROMIUM says that it must be there; without that, no browser is no test."""
    path = os.environ.get("DISPARITY_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.skip("no Chromium is installed")
    assert Path(path).exists(), f"DISPARITY_CHROMIUM names no browser: {path}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """The example's site."""
    return example.site()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the example is served."""
    with serve(site) as address:
        yield address


@pytest.fixture(scope="session")
def real_address(records: Path) -> Iterator[str]:
    """Where a year of a real force is served."""
    with serve(real_sites.lancashire(records)) as address:
        yield address
