"""A made-up sample and its forms, filled in by a function of the record."""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from disparity.records.grounds_review.sampling.draw import draw_records
from disparity.records.grounds_review.sampling.folder import Design, Drawn, Stratum, read_sample, write_sample
from disparity.records.grounds_review.sampling.plan import Request, plan_sample

FIRST, LAST = date(2024, 4, 1), date(2025, 3, 1)
Answer = tuple[str, str]  # reasonable, weak_reason


def searches(
    *groups: tuple[str, int], kind: str = "drugs_possession", grounds: str = "Seen to hide a bag."
) -> pl.DataFrame:
    """So many searches of each ethnic group, numbered on from 1."""
    names = [group for group, size in groups for _ in range(size)]
    numbers = [f"S{place:05}" for place in range(1, len(names) + 1)]
    return pl.DataFrame({"record_id": numbers, "ethnic_group": names}).with_columns(
        pl.lit(FIRST).alias("month"), pl.lit(kind).alias("search_type"), pl.lit(grounds).alias("grounds")
    )


def design(strata: pl.DataFrame, *, reviewers: int = 1, is_blind: bool = True) -> Design:
    """The design of planned strata."""
    parts = tuple(Stratum(*row) for row in strata.drop("weight").rows())
    return Design("fellshire", FIRST, LAST, 1, reviewers, is_blind, parts)


def draw(folder: Path, rows: pl.DataFrame, request: Request, *, reviewers: int = 1, is_blind: bool = True) -> Drawn:
    """Draw a sample into a folder, and read it back."""
    strata = plan_sample(rows, request)
    write_sample(folder, design(strata, reviewers=reviewers, is_blind=is_blind), draw_records(rows, strata, seed=1))
    return read_sample(folder)


def read_form(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV form."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_form(path: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as a form that came back."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def fill(path: Path, answer: Callable[[str], Answer]) -> Path:
    """Answer every row of a form by its record number."""
    rows = read_form(path)
    for row in rows:
        row["reasonable"], row["weak_reason"] = answer(row["record_id"])
    return write_form(path, rows)


def change(path: Path, place: int, **cells: str) -> Path:
    """Put other values into a row of a form, 0 the first."""
    rows = read_form(path)
    rows[place] |= cells
    return write_form(path, rows)


def finished(drawn: Drawn, *answers: Mapping[str, Answer]) -> pl.DataFrame:
    """Answers as they are read from forms: a mapping from record number for each reviewer."""
    rows = [
        (reviewer, number, reasonable, reason or None)
        for reviewer, given in enumerate(answers, start=1)
        for number, (reasonable, reason) in sorted(given.items())
    ]
    assert {number for _, number, *_ in rows} <= set(drawn.rows["record_id"])
    kinds = {"reviewer": pl.Int64, "record_id": pl.String, "reasonable": pl.String, "weak_reason": pl.String}
    return pl.DataFrame(rows, schema=kinds, orient="row")
