"""Time and memory of one task on national records: the toolkit's, and that of what one would use instead.

    python -m benchmarks.national                                  600,000 invented searches
    python -m benchmarks.national --searches 6000000 --runs 3      as many as three years of all forces
    python -m benchmarks.national --records FOLDER --population FILE
    python -m benchmarks.national --searches 1000000 --scale 1,6,20

Every peer reads all monthly files and makes two tables: searches and finds by force, year, ethnic group and type of
search, and search rates by force and ethnic group. Nothing is printed unless all give the same. docs/benchmark.md
says more.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.national.inputs import Size, count_rows, count_searches, draw_records, list_files, multiply, zip_records
from benchmarks.national.report import describe_machine, print_machine, print_run, print_scale, print_table
from benchmarks.national.results import read_results, refuse_differences
from benchmarks.national.runs import DISPARITY, FLOOR, PEERS, TOOLKIT, Run, Task, find_version, measure, run_peer

# `disparity check` ends with 1 where something critical fails: it was measured all the same.
CHECKED = (0, 1)


def main() -> None:
    """Make or find the records, run every peer, compare, print."""
    given = parse()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.records:
            task = Task(given.records.resolve(), given.population.resolve(), given.end_month)
        else:
            task = draw_records(folder / "records", Size(given.searches, given.forces, given.months))
        rows, size = count_rows(task)
        print(f"{rows:,} rows in {len(list_files(task)):,} files, {size / 1e6:,.0f} MB\n", file=sys.stderr)
        best = compare_peers(task, given, folder / "results")
        besides = measure_besides(task, given, folder) if given.besides else {}
        scale = measure_scale(task, given.scale, folder) if given.scale else {}
    machine = describe_machine()
    if given.json:
        runs = {name: run._asdict() for name, run in (best | besides).items()}
        scaled = {count: run._asdict() for count, run in scale.items()}
        print(json.dumps({"rows": rows, "bytes": size, "runs": runs, "scale": scaled, "machine": machine}, indent=1))
        return
    print_table(best)
    for what, run in besides.items():
        print_run(what, run, f"{run.seconds / best[TOOLKIT].seconds:.2f} of reading the folder")
    if scale:
        print_scale(scale)
    print_machine(machine)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.national", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--searches", type=int, default=600_000)
    parser.add_argument("--forces", type=int, default=43)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--records", type=Path, help="monthly files that are there already, a folder for each month")
    parser.add_argument("--population", type=Path, help="their residents: force, ethnic_group, population")
    parser.add_argument("--end-month", type=int, default=3, help="month that years end in, as a number (3)")
    parser.add_argument("--peers", type=_names, default=list(PEERS), help="some of: " + ", ".join(PEERS))
    parser.add_argument("--runs", type=int, default=1, help="the best of so many counts (1)")
    parser.add_argument("--besides", action="store_true", help="an archive, `disparity check` and the site, too")
    parser.add_argument("--scale", type=_numbers, default=[], help="the toolkit on so many times the files, as 1,6,20")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if bool(given.records) != bool(given.population):
        parser.error("--records and --population go together")
    if unknown := set(given.peers) - set(PEERS):
        parser.error(f"there is no peer {', '.join(sorted(unknown))}")
    return given


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def compare_peers(task: Task, given: argparse.Namespace, out: Path) -> dict[str, Run]:
    """Run every peer that is installed, in turn so that a busy moment strikes all, and keep the best run of each.

    Raises:
        SystemExit: two peers do not give the same tables.
    """
    peers = [peer for peer in PEERS if peer in given.peers and find_version(peer) is not None]
    runs: dict[str, list[Run]] = {peer: [] for peer in peers}
    for _ in range(given.runs):
        for peer in peers:
            runs[peer].append(run_peer(peer, task, out / peer))
            print(f"{peer}: {runs[peer][-1].seconds:.2f} s", file=sys.stderr)
    refuse_differences({peer: read_results(out / peer) for peer in peers if peer != FLOOR})
    return {peer: min(tried, key=lambda run: run.seconds) for peer, tried in runs.items()}


def measure_besides(task: Task, given: argparse.Namespace, folder: Path) -> dict[str, Run]:
    """Measure the toolkit on an archive of the files, `disparity check` on all of them, and the whole site of them."""
    archive = zip_records(task, folder / "police_uk.zip")
    zipped = min(run_peer(TOOLKIT, archive, folder / "archive") for _ in range(given.runs))
    of_folder, of_archive = read_results(folder / "results" / TOOLKIT), read_results(folder / "archive")
    refuse_differences({"the folder": of_folder, "the archive": of_archive})
    months = sorted({path.name[:7] for path in list_files(task)})
    asked = [str(task.records), "--from", months[0], "--to", months[-1], "--population", str(task.population)]
    return {
        "disparity, archive": zipped,
        "disparity check": measure([*DISPARITY, "check", *asked], may_end_with=CHECKED),
        "disparity build": measure([*DISPARITY, "build", *asked, "--out", str(folder / "site")]),
    }


def measure_scale(task: Task, scale: list[int], folder: Path) -> dict[int, Run]:
    """Run the toolkit on the files so many times over: rows → run.

    Raises:
        SystemExit: so many times the files do not give so many times the searches.
    """
    runs: dict[int, Run] = {}
    searches: dict[int, int] = {}
    for times in scale:
        with tempfile.TemporaryDirectory(dir=folder) as name:
            many = multiply(task, times, Path(name))
            runs[count_rows(many)[0]] = run_peer(TOOLKIT, many, folder / f"times-{times}")
        searches[times] = count_searches(folder / f"times-{times}" / "finds.csv")
    if len({count / times for times, count in searches.items()}) > 1:
        raise SystemExit(f"so many times the files do not give so many times the searches: {searches}")
    return runs


if __name__ == "__main__":
    main()
