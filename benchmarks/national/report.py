"""What is printed: the table, what of the toolkit was measured besides, and the machine."""

import os
import platform
from pathlib import Path
from typing import Any

from benchmarks.national.runs import FLOOR, PEERS, POLARS, TOOLKIT, Run, find_version

NOT_INSTALLED = "not installed"
HEADINGS = f"{'':<20}{'seconds':>9}{'processor':>11}{'of polars':>11}{'of disparity':>14}{'peak MB':>9}"


def print_table(best: dict[str, Run]) -> None:
    """Print a line for each peer, those that are not installed among them."""
    print(HEADINGS)
    for peer in PEERS:
        if peer not in best:
            if find_version(peer) is None:
                print(f"{peer:<20}{NOT_INSTALLED:>9}")
            continue
        run = best[peer]
        ratios = (f"{run.seconds / best[other].seconds:.2f}" if other in best else "" for other in (POLARS, TOOLKIT))
        of_polars, of_toolkit = ("", "") if peer == FLOOR else ratios
        times = f"{run.seconds:>9.2f}{run.processor_seconds:>11.2f}"
        print(f"{peer:<20}{times}{of_polars:>11}{of_toolkit:>14}{run.megabytes:>9.0f}")


def print_run(what: str, run: Run, note: str = "") -> None:
    """Print one run of the toolkit."""
    print(f"{what:<20}{run.seconds:>9.2f}{run.processor_seconds:>11.2f}{'':>25}{run.megabytes:>9.0f}  {note}".rstrip())


def fit_line(sizes: list[float], values: list[float]) -> tuple[float, float, float]:
    """Fit values = start + slope x size by least squares.

    Returns:
        start, slope, and the most that a value is off the line, as a share of the value.
    """
    middle, level = sum(sizes) / len(sizes), sum(values) / len(values)
    spread = sum((size - middle) ** 2 for size in sizes)
    pairs = list(zip(sizes, values, strict=True))
    slope = sum((size - middle) * (value - level) for size, value in pairs) / spread
    start = level - slope * middle
    return start, slope, max(abs(start + slope * size - value) / value for size, value in pairs)


def print_scale(runs: dict[int, Run]) -> None:
    """Print rows against seconds, processor time and memory, and the line through them."""
    print(f"\n{'rows':>20}{'seconds':>9}{'processor':>11}{'peak MB':>34}")
    for rows, run in runs.items():
        print(f"{rows:>20,}{run.seconds:>9.2f}{run.processor_seconds:>11.2f}{run.megabytes:>34.0f}")
    if len(runs) < 2:
        return
    millions = [rows / 1e6 for rows in runs]
    for what, unit, values in (
        ("time", "s", [run.seconds for run in runs.values()]),
        ("processor time", "s", [run.processor_seconds for run in runs.values()]),
        ("peak memory", "MB", [run.megabytes for run in runs.values()]),
    ):
        start, slope, off = fit_line(millions, values)
        print(f"{what} = {start:.2f} {unit} + {slope:.2f} {unit} x million rows; the farthest run is {off:.0%} off")


def describe_machine() -> dict[str, Any]:
    """Name processor, cores, memory and versions."""
    versions = {peer: find_version(peer) or NOT_INSTALLED for peer in PEERS if peer != FLOOR}
    return {
        "processor": _name_processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": versions,
    }


def _name_processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def print_machine(machine: dict[str, Any]) -> None:
    """Print what the runs were made on."""
    print(f"\n{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}")
    versions = ", ".join(f"{peer} {version}" for peer, version in machine["versions"].items() if peer != "tuned pandas")
    print(f"Python {machine['python']}, {versions}")
