"""Great Expectations in a process of its own: it says there what it says here, and never outlives who asks."""

import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from disparity.records.audit.files import Audit
from disparity.records.expectations import validate
from disparity.records.judge_process import ask_judge, start_judge
from disparity.vocabulary import helper_process
from support import example
from support.builders import write_monthly

SUITE = b"""{"name": "labels", "expectations": [{"type": "expect_column_values_to_be_in_set", "severity": "warning",
"kwargs": {"column": "is_known", "value_set": [true]}, "meta": {"why": "w", "what_now": "n"}}]}"""
LABELS = {"force": ["a", "b"], "month": ["2020-01", "2020-02"], "is_known": [True, False]}
FIRST = "from disparity.records.judge_process import start_judge\nprint(start_judge().pid, flush=True)\n"
BUILD = f"{FIRST}{example.COMMAND}"
IS_POSIX = os.name == "posix"


def audit() -> Audit:
    labels = pl.DataFrame(LABELS).with_columns(pl.col("month").str.to_date("%Y-%m"))
    years = pl.DataFrame(schema={"period_from": pl.Date, "period_to": pl.Date})
    kinds = dict.fromkeys(("rows_kept", "rows_excluded", "rows_rejected", "rows_blank"), pl.Int64)
    return Audit(pl.DataFrame(schema={**kinds, "month": pl.Date}), labels, years)


@pytest.fixture
def suites(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "labels.json").write_bytes(SUITE)
    return {"labels": tmp_path / "suites" / "labels.json"}


def has_ended(process_id: int) -> bool:
    """Whether there is no such process, or it has ended and waits for nothing but to be told off."""
    status = Path(f"/proc/{process_id}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_for_end(process_id: int) -> None:
    """Within a minute, which is long enough to finish loading."""
    deadline = time.monotonic() + 60
    while not has_ended(process_id):
        assert time.monotonic() < deadline, "the judge outlived who asked"
        time.sleep(0.05)


@pytest.mark.slow
def test_the_judge_says_there_what_it_says_here_and_warns_of_nothing(suites):
    """Here, every warning is an error. Great Expectations takes seconds to load: not when tests are collected."""
    (row,) = import_module("disparity.records.judge").judge({"labels": ("labels.json", SUITE)}, {"labels": LABELS})
    assert (row["is_met"], row["checked"], row["unexpected"]) == (False, 2, 1)
    assert row["where"] == [{"force": "b", "month": "2020-02", "observed": ""}]
    assert validate(audit(), suites).results.row(0, named=True) == row


def test_one_judge_answers_one_question_after_the_other(suites):
    before = start_judge().pid
    assert validate(audit(), suites).results.equals(validate(audit(), suites).results)
    assert start_judge().pid == before


@pytest.mark.slow
def test_a_judge_that_was_ended_is_told_and_the_next_question_has_a_new_one(suites):
    dead = start_judge()
    dead.kill()
    dead.wait()
    with pytest.raises(ChildProcessError, match="the checks of the submissions were ended from outside"):
        validate(audit(), suites)
    assert validate(audit(), suites).results.height == 1
    assert start_judge().pid != dead.pid


@pytest.mark.slow
def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next(suites, monkeypatch):
    def stop(_file: object) -> None:
        raise KeyboardInterrupt

    judged = start_judge()
    with monkeypatch.context() as patched:
        patched.setattr(helper_process.pickle, "load", stop)
        with pytest.raises(KeyboardInterrupt):
            validate(audit(), suites)
    assert has_ended(judged.pid)
    assert validate(audit(), suites).results.height == 1


def test_a_defect_in_the_judge_is_shown_with_its_own_traceback(suites):
    with pytest.raises(RuntimeError, match="Traceback") as caught:
        ask_judge({"labels": ("labels.json", SUITE)}, {"years": {}}, "")
    assert "judge.py" in str(caught.value)
    assert validate(audit(), suites).results.height == 1


@pytest.mark.slow
@pytest.mark.skipif(not IS_POSIX, reason="reads /proc")
@pytest.mark.parametrize("end", ["pass", "raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)", "1 / 0"])
def test_the_judge_ends_with_who_asked_however_that_was(end):
    ended = subprocess.run([sys.executable, "-c", FIRST + end], capture_output=True, text=True, check=False)
    wait_for_end(int(ended.stdout))


@pytest.mark.slow
@pytest.mark.skipif(not IS_POSIX, reason="reads /proc")
def test_records_that_cannot_be_read_end_the_judge_and_are_told_as_ever(tmp_path):
    write_monthly(tmp_path / "in", b"a,b\n1,2\n")
    command = [sys.executable, "-c", BUILD, "build", "in", "--from", "2019-04", "--to", "2019-04"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ended.returncode == 3
    assert ended.stderr.startswith("the file is not a stop-and-search file of data.police.uk (E111)\n")
    wait_for_end(int(ended.stdout))


READING = """
import time
from disparity.pipeline import submissions
def read_records(_settings):
    print("reading", flush=True)
    time.sleep(60)
submissions.read_records = read_records
"""


@pytest.mark.slow
@pytest.mark.skipif(not IS_POSIX, reason="reads /proc")
def test_ctrl_c_ends_a_build_and_its_judge_without_a_traceback(tmp_path):
    command = [sys.executable, "-c", FIRST + READING + example.COMMAND, "build", str(example.RECORDS), "--out", "site"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True
    )
    judged, reading = int(process.stdout.readline()), process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert (reading, process.returncode, said.strip()) == ("reading\n", 130, "stopped")
    wait_for_end(judged)
