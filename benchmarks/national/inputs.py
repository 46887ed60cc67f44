"""Monthly files to run on: drawn from a seed, zipped as the portal does, or many times over under other forces' ids."""

import csv
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.national.runs import DISPARITY, Task

SEED = 1
END_MONTH = 3  # `disparity synth` begins in April


class Size(NamedTuple):
    """About how many searches, of how many forces, over how many months."""

    searches: int
    forces: int
    months: int


def draw_records(folder: Path, size: Size) -> Task:
    """Draw synthetic records, oddities of real files included; the same size gives the same bytes."""
    command = [*DISPARITY, "synth", "--out", str(folder), "--seed", str(SEED)]
    asked = {"--searches": size.searches, "--forces": size.forces, "--months": size.months}
    subprocess.run([*command, *(str(part) for pair in asked.items() for part in pair)], check=True, capture_output=True)
    return Task(folder / "police_uk", folder / "population.csv", END_MONTH)


def list_files(task: Task) -> list[Path]:
    """List the monthly files."""
    return sorted(task.records.glob("*/*-stop-and-search.csv"))


def zip_records(task: Task, archive: Path) -> Task:
    """Pack the folder as the portal's archive is packed: a folder for each month, deflated."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in list_files(task):
            packed.write(path, f"{path.parent.name}/{path.name}")
    return task._replace(records=archive)


def multiply(task: Task, times: int, folder: Path) -> Task:
    """Give the same files so many times, under as many forces' ids.

    A copy has a line break more for each time, which changes no row: one file under two names would be refused.
    """
    for copy in range(times):
        for path in list_files(task):
            name = path.name.replace("-stop-and-search", f"-{copy:03}-stop-and-search") if copy else path.name
            (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
            target = folder / path.parent.name / name
            shutil.copyfile(path, target)
            with target.open("ab") as end:
                end.write(b"\n" * copy)
    return task._replace(records=folder)


def count_rows(task: Task) -> tuple[int, int]:
    """Count lines that hold something below the headers, and bytes."""
    lines = size = 0
    for path in list_files(task):
        content = path.read_bytes()
        lines += content.rstrip(b"\r\n").count(b"\n")
        size += len(content)
    return lines, size


def count_searches(finds: Path) -> int:
    """Count the searches of people in a table of finds."""
    with finds.open(encoding="utf-8", newline="") as lines:
        return sum(int(row["searches"]) for row in csv.DictReader(lines))
