"""Write synthetic forces as files: monthly files, population, the force's own extract, and the truth."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from disparity.synthetic.extract import count_extract, make_extract
from disparity.synthetic.forces import BOM_AND_CRLF, FELLSHIRE, SyntheticForce, list_residents, make_forces
from disparity.synthetic.neighbours import NEIGHBOURS
from disparity.synthetic.outlines import write_outlines
from disparity.synthetic.records import make_records
from disparity.synthetic.tables import PORTAL_COLUMNS
from disparity.synthetic.truth import describe_draws, describe_force, missing_months
from disparity.vocabulary.calendar import months_from
from disparity.vocabulary.codes import ETHNIC_GROUPS
from disparity.vocabulary.errors import RequestError

# About what fits 5 MB with 24 months.
DEFAULT_SEARCHES = 18_000
EXTRACT_MONTHS = 12
# Beside the folder of the extracts: what `is_synthetic` rests on.
MARK_FILE = "synthetic.sha256"
# Files and folders that are written; none is written over.
WRITTEN = (
    *("police_uk", "neighbours", "extract", "areas.geojson", "population.csv", "truth.json", "README.md"),
    MARK_FILE,
)
POPULATION_COLUMNS = {
    **dict.fromkeys(("force", "ethnic_group", "age_group", "gender", "area"), pl.String),
    "population": pl.Int64,
}

README = """# Synthetic records

Everything here is invented: the forces do not exist, no row is a search that happened, no row is a person.
It has the layout of data.police.uk and its usual oddities, so that the toolkit can be tried and tested on
data whose truth is known.

- `police_uk/`: monthly files of {forces}.
- `neighbours/`: monthly files of westwold, a small force, of the last {extract} months.
- `extract/`: the last {extract} months of fellshire, and of thornmoor, another small force, as a force's own
  system might export them, with possession and supply kept apart, item found and which,
  what led to the search, and area. Times are local.
- `areas.geojson`: outlines of four invented areas of fellshire, to place searches in by their coordinates.
- `population.csv`: invented residents by force and ethnic group; those of westwold also by age and gender,
  those of thornmoor and fellshire by area.
- `synthetic.sha256`: the hashes of the extracts.
- `truth.json`: the rates the records were drawn from, how blanks come about, where each oddity is, and the
  counts that were drawn. An estimate can be checked against both.

Made by `disparity synth --seed {seed} --out <folder>`: {searches} searches asked for, {months} months
from {first}. The two small forces come on top, a few hundred searches each.
"""


def write_synthetic(  # noqa: PLR0913, one per option of the command
    folder: Path,
    *,
    seed: int,
    searches: int = DEFAULT_SEARCHES,
    forces: int = 2,
    months: int = 24,
    first_month: date = date(2023, 4, 1),
) -> None:
    """Write about `searches` synthetic searches of so many forces and months; same seed, same bytes.

    Raises:
        RequestError: a number is out of range, or the folder already holds records.
    """
    if seed < 0:
        raise RequestError("seed must be 0 or more", found=str(seed), what_now="give a whole number, such as --seed 1")
    for name, value in (("searches", searches), ("forces", forces), ("months", months)):
        if value < 1:
            raise RequestError(
                f"{name} must be 1 or more", found=str(value), what_now=f"give a whole number, such as --{name} 12"
            )
    calendar = months_from(first_month, months)
    made = make_forces(forces, calendar, searches=searches, seed=seed)
    write_records(folder, [*made, *NEIGHBOURS], calendar, seed=seed)
    readme = README.format(
        forces=", ".join(force.force for force in made),
        extract=EXTRACT_MONTHS,
        seed=seed,
        searches=f"{searches:,}",
        months=months,
        first=f"{calendar[0]:%Y-%m}",
    )
    _write_text(folder / "README.md", readme)


def write_records(folder: Path, forces: Sequence[SyntheticForce], months: Sequence[date], *, seed: int) -> None:
    """Write monthly files, population, extract and truth of these forces, one force at a time.

    Raises:
        RequestError: the folder already holds records; they are never mixed with others or deleted.
    """
    for name in WRITTEN:
        if (folder / name).exists():
            raise RequestError(
                "the folder already holds records" if name == "police_uk" else "a file of this name is there already",
                where=str(folder / name),
                what_now="name an empty folder, or delete this one first",
            )
    made: list[Path] = []
    truth: dict[str, object] = {}
    extract: dict[str, object] = {}
    for force in forces:
        given = months[-EXTRACT_MONTHS:] if force.is_of_last_year else months
        records = make_records(force, given, seed=seed)
        last = records.filter(pl.col("month").is_in(months[-EXTRACT_MONTHS:]))
        if force.folder:
            _write_months(folder / force.folder, records, force, given)
        if force.has_extract:
            exported = make_extract(last, force, seed=seed)
            made.append(_write_csv(exported, folder / "extract" / f"{force.force}-extract.csv"))
            if force.force == FELLSHIRE.force:
                extract = count_extract(last, exported)
        truth[force.force] = describe_force(force, given, records)
    if any(force.force == FELLSHIRE.force for force in forces):
        _write_text(folder / "areas.geojson", write_outlines())
    _write_csv(_list_population(forces), folder / "population.csv")
    head = {"seed": seed, "months": [f"{month:%Y-%m}" for month in months], **describe_draws()}
    _write_text(folder / MARK_FILE, _list_hashes(made, folder))
    content = {**head, "forces": truth, "extract": extract}
    _write_text(folder / "truth.json", json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _list_hashes(made: Sequence[Path], folder: Path) -> str:
    """List the extracts that were written here, as `sha256sum` would; what else lies in the folder is not of us."""
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in made]
    return "".join(f"{line}\n" for line in sorted(lines, key=lambda line: line.partition("  ")[2]))


def _write_months(folder: Path, records: pl.DataFrame, force: SyntheticForce, months: Sequence[date]) -> None:
    by_month = records.partition_by("month", as_dict=True)
    for month in months:
        if month in missing_months(force, months):
            continue
        rows = by_month.get((month,), records.clear())
        path = folder / f"{month:%Y-%m}" / f"{month:%Y-%m}-{force.force}-stop-and-search.csv"
        is_windows_export = (rows["oddity"] == BOM_AND_CRLF).any()
        _write_csv(rows.select(PORTAL_COLUMNS), path, is_windows_export=bool(is_windows_export))


def _list_population(forces: Sequence[SyntheticForce]) -> pl.DataFrame:
    rows = [
        (force.force, group, *part, people)
        for force in forces
        for group in ETHNIC_GROUPS
        for part, people in list_residents(force, group)
    ]
    return pl.DataFrame(rows, schema=POPULATION_COLUMNS, orient="row")


def _write_csv(rows: pl.DataFrame, path: Path, *, is_windows_export: bool = False) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    line_end = "\r\n" if is_windows_export else "\n"
    with path.open("wb") as file:
        rows.write_csv(file, include_bom=is_windows_export, line_terminator=line_end)
    return path


def _write_text(path: Path, content: str) -> None:
    # As bytes: text mode would write other line ends on Windows.
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8"))
