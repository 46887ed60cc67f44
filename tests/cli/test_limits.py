"""A limit on address space is told at once: what is loaded within it spins, aborts or ends in a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.builders import monthly_text, write_monthly

COMMAND = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
del sys.argv[1]
from disparity.cli.main import main
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs limits as Linux has them")
@pytest.mark.parametrize("limit", [600_000_000, 1_500_000_000, 3_900_000_000])
@pytest.mark.parametrize("command", ["check", "build", "map"])
def test_too_low_a_limit_is_told_and_nothing_is_begun(tmp_path: Path, command: str, limit: int) -> None:
    write_monthly(tmp_path / "records", monthly_text([{}] * 3))
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, str(limit), command, "records"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("the limit on address space is too low to run in\n  where:    ulimit -v\n")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs limits as Linux has them")
@pytest.mark.slow
def test_too_low_a_limit_for_charts_is_told_before_records_are_read(tmp_path: Path) -> None:
    write_monthly(tmp_path / "records", monthly_text([{}] * 3))
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "20000000000", "build", "records", "--out", "site"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "needed are 80 GB" in done.stderr
    assert not (tmp_path / "site").exists()
