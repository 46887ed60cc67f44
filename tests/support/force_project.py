"""A force's own project, as a new user has it: an extract of a year to come, and a project file in any words."""

import csv
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from disparity.sources.extract.proposal import propose_mapping
from disparity.synthetic.write import write_synthetic

FORCE = "fellshire"
Row = dict[str, str]


def write_project(  # noqa: PLR0913, what a new user decides
    folder: Path, year: int, words: str = "", *, searches: int = 2_000, months: int = 12, force: str = FORCE
) -> Path:
    """Write the project of a year that begins in April; gives the project file.

    Args:
        words: of the project file, before any table.
        force: whose extract it is taken for.
    """
    first = date(year, 4, 1)
    write_synthetic(folder, seed=year, searches=searches, forces=1, months=months, first_month=first)
    extract = folder / "extract" / f"{FORCE}-extract.csv"
    span = f'from = "{year}-04"\nto = "{year + (months - 1 + 3) // 12}-{(months + 2) % 12 + 1:02}"\n'
    path = folder / "disparity.toml"
    text = f'{span}population = "population.csv"\n{words}\n' + propose_mapping(extract, force=force)
    path.write_text(text, encoding="utf-8")
    return path


def change_extract(folder: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    """Send the extract again, with other rows."""
    path = folder / "extract" / f"{FORCE}-extract.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(change(rows))


def delay(folder: Path, years: int) -> None:
    """The same project so many years later: what it says, and when each person was searched."""
    path = folder / "disparity.toml"
    path.write_text(_delay(path.read_text(encoding="utf-8"), years), encoding="utf-8")
    change_extract(folder, lambda rows: [row | {"Date/Time": _delay(row["Date/Time"], years)} for row in rows])


def _delay(text: str, years: int) -> str:
    """2026 and 2026/27."""
    in_short = re.sub(r"(?<=\b20\d\d/)\d\d\b", lambda year: f"{(int(year[0]) + years) % 100:02}", text)
    return re.sub(r"\b20\d\d\b", lambda year: str(int(year[0]) + years), in_short)


def say(texts: Mapping[str, str]) -> str:
    """Keys of a project file, each a text."""
    return "\n".join(f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in texts.items())
