"""The two tables that every peer makes, read back and held against each other."""

import csv
import math
from pathlib import Path
from typing import NamedTuple

KEYS = {"finds.csv": ("force", "year", "ethnic_group", "search_type"), "rates.csv": ("force", "ethnic_group")}
COUNTS = {"finds.csv": ("searches", "finds", "known"), "rates.csv": ("searches",)}
MOST_APART = 1e-12  # of a rate, as a share of it: the order of two multiplications
MOST_TOLD = 3

Row = tuple[int | float | None, ...]
Table = dict[tuple[str, ...], Row]


class Results(NamedTuple):
    """`finds`: searches, finds and known results. `rates`: searches, and searches per 1,000 residents a year."""

    finds: Table
    rates: Table


def read_results(folder: Path) -> Results:
    """Read a peer's tables."""
    return Results(_read(folder / "finds.csv"), _read(folder / "rates.csv"))


def _read(path: Path) -> Table:
    table: Table = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = tuple(row[name] for name in KEYS[path.name])
            if key in table:
                raise ValueError(f"{path.name} has {' / '.join(key)} twice")
            counts = tuple(int(float(row[name])) for name in COUNTS[path.name])
            table[key] = (*counts, _read_rate(row["rate"])) if "rate" in row else counts
    return table


def _read_rate(text: str) -> float | None:
    return float(text) if text not in ("", "NA") else None


def find_differences(one: Results, other: Results) -> list[str]:
    """Name what differs, key by key; counts have to be the same, rates to 12 digits."""
    return [
        f"{name}, {' / '.join(key)}: {table.get(key, 'no such row')} and {others.get(key, 'no such row')}"
        for name, table, others in (("finds", one.finds, other.finds), ("rates", one.rates, other.rates))
        for key in sorted(table.keys() | others.keys())
        if not _is_same(table.get(key), others.get(key))
    ]


def _is_same(row: Row | None, other: Row | None) -> bool:
    if row is None or other is None:
        return False
    return all(
        math.isclose(value, others, rel_tol=MOST_APART)
        if isinstance(value, float) and isinstance(others, float)
        else value == others
        for value, others in zip(row, other, strict=True)
    )


def refuse_differences(results: dict[str, Results]) -> None:
    """Go on only if every peer gives the tables of the first.

    Raises:
        SystemExit: one does not; a benchmark of different results says nothing.
    """
    first, *others = results
    for other in others:
        differences = find_differences(results[first], results[other])
        if differences:
            more = len(differences) - MOST_TOLD
            told = [*differences[:MOST_TOLD], *([f"and {more:,} more"] if more > 0 else [])]
            raise SystemExit(f"{first} and {other} do not give the same tables:\n  " + "\n  ".join(told))
