"""Each run in a process of its own, so that its time and its peak memory are its own."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import NamedTuple

HERE = Path(__file__).parent
LOOKUPS = HERE / "lookups"
TOOLKIT, POLARS, FLOOR = "disparity", "polars", "reading the bytes"
# Package → what it is called where it is installed, if that is another name.
DISTRIBUTIONS = {"disparity": "stop-search-disparity"}
DISPARITY = (sys.executable, "-c", "from disparity.cli.main import main; main()")
# In the order of the table. Script, and the package of R or Python that it needs.
PEERS = {
    FLOOR: ("floor.py", "sys"),
    POLARS: ("polars_plain.py", "polars"),
    "DuckDB": ("duckdb_sql.py", "duckdb"),
    "R data.table": ("data_table.R", "data.table"),
    "R dplyr": ("dplyr.R", "dplyr readr"),
    "tuned pandas": ("pandas_tuned.py", "pandas"),
    "pandas": ("pandas_plain.py", "pandas"),
    TOOLKIT: ("toolkit.py", "disparity"),
}


class Task(NamedTuple):
    """The monthly files (a folder; for the toolkit an archive too), residents, and the month that years end in."""

    records: Path
    population: Path
    end_month: int


class Run(NamedTuple):
    """Wall time from start to end of the process, its processor time, and its peak memory in MB."""

    seconds: float
    processor_seconds: float
    megabytes: float


def find_version(peer: str) -> str | None:
    """Give the version of a peer; None where it is not installed."""
    script, packages = PEERS[peer]
    if peer == FLOOR:
        return ""
    if script.endswith(".R"):
        if not which("Rscript"):
            return None
        asked = f"for (p in strsplit('{packages}', ' ')[[1]]) cat(as.character(packageVersion(p)), '')"
        command = ["Rscript", "-e", asked]
    else:
        distribution = DISTRIBUTIONS.get(packages, packages)
        asked = f"import importlib.metadata as m, {packages}; print(m.version('{distribution}'))"
        command = [sys.executable, "-c", asked]
    given = subprocess.run(command, capture_output=True, text=True, check=False)
    return given.stdout.strip() if given.returncode == 0 else None


def run_peer(peer: str, task: Task, out: Path) -> Run:
    """Let a peer make its two tables in `out`."""
    script = str(HERE / "peers" / PEERS[peer][0])
    program = "Rscript" if script.endswith(".R") else sys.executable
    out.mkdir(parents=True, exist_ok=True)
    return measure([program, script, *map(str, (task.records, task.population, LOOKUPS, task.end_month, out))])


def measure(command: Sequence[str], *, may_end_with: Sequence[int] = (0,)) -> Run:
    """Run a command to its end; what it prints is shown only when it fails.

    This process must stay small: what it holds when it starts another counts as the other's peak.
    """
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in may_end_with:
        raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}:\n{said[-2_000:]}")
    in_bytes = 1 if sys.platform == "darwin" else 1024
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * in_bytes / 1e6)
