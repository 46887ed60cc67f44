"""Fixtures that several test modules share."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import hypothesis
import pytest

from support import example
from support.builders import HEADER, Row, monthly_text, write_monthly

hypothesis.settings.register_profile("disparity", deadline=None)
hypothesis.settings.load_profile("disparity")


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that the processes of this run share; those started later inherit its name."""
    if not hasattr(config, "workerinput"):
        os.environ[example.SHARED] = tempfile.mkdtemp(prefix="disparity-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it once all of them are done."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ[example.SHARED], ignore_errors=True)


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


@pytest.fixture
def monthly_csv(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes rows as one force-month, under the portal's name and header."""

    def write(
        rows: Sequence[Row], force: str = "fellshire", month: str = "2019-04", header: Sequence[str] = HEADER
    ) -> Path:
        return write_monthly(tmp_path, monthly_text(rows, month=month, header=header), force=force, month=month)

    return write
