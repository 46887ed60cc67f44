"""The export of a force's records system, made up: its own columns, personal ones among them, from April 2026 on."""

import csv
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

FORCE = "lancashire"
PERSON = "Zebedee"  # is wherever a person's details could be
HEADER = (
    *("URN", "Stop Search Date", "Stop Search Time", "Nominal Surname", "DOB", "Self Defined Ethnicity (16+1)"),
    *("Statutory Power", "Object of Search", "Drugs Sub-Reason", "Grounds for Search", "Object Found?", "Disposal"),
)
ETHNICITIES = ("W1 White British", "W1 White British", "W1 White British", "A2 Pakistani", "B2 Black African")
REASONS = (
    ("S.23 Misuse of Drugs Act 1971", "Controlled drugs", "Possession"),
    ("S.23 Misuse of Drugs Act 1971", "Controlled drugs", "Supply / PWITS"),
    ("S.1 PACE 1984", "Offensive weapon / bladed article", ""),
)
DISPOSALS = ("NFA", "NFA", "Arrest", "Community Resolution")
# A force's mapping of a year before, as it would be after it was checked.
MAPPING = """
[extracts.columns]
search_date = "Stop Search Date"
search_time = "Stop Search Time"
record_id = "URN"
self_defined_ethnicity = "Self Defined Ethnicity (16+1)"
legislation = "Statutory Power"
object_of_search = "Object of Search"
drug_search_type = "Drugs Sub-Reason"
outcome = "Disposal"
is_item_found = "Object Found?"
grounds = "Grounds for Search"

[extracts.values.self_defined_ethnicity]
"W1 White British" = "W1"
"A2 Pakistani" = "A2"  # checked with the records manager
"B2 Black African" = "B2"

[extracts.values.legislation]
"S.23 Misuse of Drugs Act 1971" = "mda_s23"
"S.1 PACE 1984" = "pace_s1"

[extracts.values.object_of_search]
"Offensive weapon / bladed article" = "offensive_weapons"

[extracts.values.drug_search_type]
"Possession" = "possession"
"Supply / PWITS" = "supply"

[extracts.values.outcome]
"NFA" = "no_further_action"

[extracts.values.is_item_found]
"No" = "false"
"Yes" = "true"
"""

Row = dict[str, str]


def make_rows(months: Sequence[str] = (), each: int = 20) -> list[Row]:
    """`each` searches in each month (2026-04); none named, the year to March 2027."""
    year = [f"2026-{month:02}" for month in range(4, 13)] + [f"2027-{month:02}" for month in range(1, 4)]
    return [_make_row(month, number) for month in months or year for number in range(each)]


def _make_row(month: str, number: int) -> Row:
    moment = datetime.strptime(month, "%Y-%m") + timedelta(minutes=(31 * 60 * number) % (28 * 24 * 60))
    values = (
        *(f"SS/{month}/{number}", f"{moment:%d/%m/%Y}", f"{moment:%H:%M}", PERSON, "01/02/1999"),
        ETHNICITIES[number % len(ETHNICITIES)],
        *REASONS[number % len(REASONS)],
        *(f"Seen by PC {PERSON}", ("No", "Yes")[number % 2], DISPOSALS[number % len(DISPOSALS)]),
    )
    return dict(zip(HEADER, values, strict=True))


def write_export(path: Path, rows: Sequence[Row]) -> Path:
    """Write them as the records system does: CSV with a byte order mark."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.DictWriter(file, list(rows[0]) if rows else HEADER)
        written.writeheader()
        written.writerows(rows)
    return path


def rename(rows: Sequence[Row], column: str, old: str, new: str, if_: Callable[[Row], bool] = lambda _: True) -> None:
    """The records system has renamed a label, in the rows that are so."""
    for row in rows:
        if row[column] == old and if_(row):
            row[column] = new


def write_project(
    folder: Path, *, file: str = '"export.csv"', mapping: str = MAPPING, extra: str = "", first: str = "2026-04"
) -> Path:
    """A project file whose one extract has this mapping; `extra` is of the extract."""
    folder.mkdir(parents=True, exist_ok=True)
    block = f'[[extracts]]\nfile = {file}\nforce = "{FORCE}"\ndate_format = "%d/%m/%Y"\n{extra}{mapping}'
    path = folder / "disparity.toml"
    path.write_text(f'title = "Stop and search"\nfrom = "{first}"\nto = "2027-03"\n\n{block}', encoding="utf-8")
    return path
