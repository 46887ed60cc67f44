"""Fixtures that several test modules share."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

import hypothesis
import polars as pl
import pytest

import support.lean  # noqa: F401  before anything is loaded

# isort: split
from disparity.pipeline import submissions
from disparity.records.expectations import Validation
from disparity.records.judge_process import start_judge
from disparity.site import chart_files
from disparity.site.rendering.aside import Drawn
from disparity.site.rendering.svg import Drawing
from support import example, processor
from support.builders import HEADER, Row, monthly_text, write_monthly

hypothesis.settings.register_profile("all", deadline=None, derandomize=True)
hypothesis.settings.register_profile("fast", deadline=None, derandomize=True, max_examples=6)
# Tests of the code whose coverage is measured, and of what is made of it: the others run without the tracer, which
# slows all that they do.
MEASURED = {"bad_inputs", "cli", "pipeline", "project", "records", "sources"}
TESTS = Path(__file__).parent
MOST_SECONDS = 5.0  # of a processor, for a test that is not marked slow


def is_fast(config: pytest.Config) -> bool:
    """Whether this run is to be quick, as `make test` is: it leaves out what is slow, and is not measured."""
    return bool(config.option.markexpr == "not slow" and not config.option.cov_source)


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the processes of this run share; those started later inherit its name."""
    gc.disable()  # until all is collected: thousands of tests and modules, of which nothing goes
    hypothesis.settings.load_profile("fast" if is_fast(config) else "all")
    if not hasattr(config, "workerinput"):
        os.environ[example.SHARED] = tempfile.mkdtemp(prefix="disparity-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it once all of them are done."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[example.SHARED], ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Trace those tests alone that are there for what is measured."""
    for item in items if config.option.cov_source else ():
        if TESTS in item.path.parents and item.path.relative_to(TESTS).parts[0] not in MEASURED:
            item.add_marker("no_cover")


def pytest_collection_finish() -> None:
    """What is there by now stays: nobody need look through it again."""
    gc.enable()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """In the fast run a test that takes long fails. Fixtures, and what all tests share, are no part of its time."""
    before, began, judge = processor.spent_on_test(), time.monotonic(), start_judge.cache_info()
    yield
    if start_judge.cache_info().misses > judge.misses:
        return  # Great Expectations takes seconds to load, and is then there for every test
    is_long = (time.monotonic() - began) * (os.cpu_count() or 1) > MOST_SECONDS
    used = processor.spent_on_test() - before if is_long and is_fast(item.config) else 0.0
    if used > MOST_SECONDS and (used := used / processor.slowness()) > MOST_SECONDS:
        pytest.fail(f"took {used:.1f} processor seconds, over {MOST_SECONDS:.0f}: make it faster, or mark it slow")


@pytest.fixture(scope="session")
def leaves_out_slow(pytestconfig: pytest.Config) -> bool:
    """Whether this is the fast run."""
    return is_fast(pytestconfig)


@pytest.fixture
def hardly_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that build a site and look at no check: it meets every one, unasked."""
    results = example.validation().results.with_columns(pl.lit(True).alias("is_met"), pl.col("where").list.head(0))
    monkeypatch.setattr(submissions, "validate", lambda *_, **__: Validation(results))


@pytest.fixture
def hardly_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that build a site and look at no chart: each is the same small drawing."""
    drawing = Drawing("<svg></svg>", "<svg></svg>")
    drawn = Drawn(drawing, drawing.wide)
    monkeypatch.setattr(chart_files, "draw_aside", lambda *_, **__: nullcontext(lambda _order: lambda: drawn))


@pytest.fixture(scope="session")
def records() -> Path:
    """The folder of real police.uk records, which the project does not carry."""
    named = os.environ.get("DISPARITY_RECORDS")
    if named:
        folder = Path(named)
        assert folder.is_dir(), f"DISPARITY_RECORDS names no folder: {named}"
        return folder
    folder = Path(__file__).parents[2] / "shared" / "data" / "police_uk"
    if not folder.is_dir():
        pytest.skip("real records are not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def cases(records: Path) -> Path:
    """The folder of inputs met in the wild, with invented values, beside the real records."""
    folder = records.parents[1] / "cases"
    if not folder.is_dir():
        pytest.skip("the cases are not beside the records")
    return folder


@pytest.fixture
def monthly_csv(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes rows as one force-month, under the portal's name and header."""

    def write(
        rows: Sequence[Row], force: str = "fellshire", month: str = "2019-04", header: Sequence[str] = HEADER
    ) -> Path:
        return write_monthly(tmp_path, monthly_text(rows, month=month, header=header), force=force, month=month)

    return write
