"""The folder of a finished review: its table, and how it was made."""

import json
from pathlib import Path

import polars as pl

from disparity.project.settings import REVIEW_FILE
from disparity.records.grounds_review.sampling.folder import Drawn, refuse_filled
from disparity.vocabulary.codes import ALL

DESIGN_FILE = "review.toml"


def write_review(folder: Path, review: pl.DataFrame, drawn: Drawn, *, reviewers: int, reviewed_on: str) -> None:
    """Write the table and the design.

    Raises:
        RequestError: the folder holds something already.
    """
    refuse_filled(folder)
    table = review.with_columns(pl.col("period_from", "period_to").dt.strftime("%Y-%m"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / REVIEW_FILE).write_bytes(table.write_csv(float_precision=10).encode("utf-8"))
    text = _describe(review, drawn, reviewers=reviewers, reviewed_on=reviewed_on)
    (folder / DESIGN_FILE).write_bytes(text.encode("utf-8"))


def _describe(review: pl.DataFrame, drawn: Drawn, *, reviewers: int, reviewed_on: str) -> str:
    design = drawn.design
    read = review.filter(pl.col("measure") == "reviewed_share").row(0, named=True)
    is_by = {
        name: any(getattr(each, name) != ALL for each in design.strata) for name in ("ethnic_group", "search_type")
    }
    by = ", ".join(f'"{name}"' for name, is_used in is_by.items() if is_used)
    return (
        "# How the review of recorded grounds beside this file was made.\n"
        f'force = "{design.force}"\nfrom = "{design.period_from:%Y-%m}"\nto = "{design.period_to:%Y-%m}"\n'
        f"reviewed_on = {json.dumps(reviewed_on)}\n"
        f"searches = {read['denominator']}\ndrawn = {drawn.rows.height}\n"
        f"reviewed = {read['numerator']}\nreviewers = {reviewers}\nis_blind = {str(design.is_blind).lower()}\n"
        f'stratified_by = [{by}]\nseed = {design.seed}\nsample = "{drawn.sample}"\n'
    )
