"""Time and memory of each stage of one build, and of the whole.

    python benchmarks/stages.py                              the example records
    python benchmarks/stages.py RECORDS --force lancashire --from 2019-04 --to 2020-03

Prints seconds per stage and the highest memory of the process up to the end of the stage.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START = time.perf_counter()


def peak_megabytes() -> float:
    """Highest memory of this process so far; not measured on Windows."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def report(stage: str, seconds: float) -> None:
    """Print one line of the table."""
    print(f"{stage:<44}{seconds:>8.2f} s{peak_megabytes():>9.0f} MB")


@contextmanager
def measure(stage: str) -> Iterator[None]:
    """Time a stage."""
    start = time.perf_counter()
    yield
    report(stage, time.perf_counter() - start)


def main() -> None:
    """Build once into a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", nargs="?", type=Path, default=Path("data/synthetic/police_uk"))
    parser.add_argument("--force", action="append", default=[])
    parser.add_argument("--from", dest="first", default="2023-04")
    parser.add_argument("--to", dest="last", default="2025-03")
    given = parser.parse_args()
    print(f"{'stage':<44}{'time':>10}{'peak memory':>12}")
    with measure("importing the libraries"):
        from disparity.pipeline.build import build  # noqa: PLC0415
        from disparity.project.settings import make_settings  # noqa: PLC0415
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "records": [given.records],
            "forces": given.force,
            "from": given.first,
            "to": given.last,
            "out": Path(folder) / "site",
        }
        build(make_settings(settings, where="the benchmark"), progress=measure)
    report("whole", time.perf_counter() - START)


if __name__ == "__main__":
    main()
