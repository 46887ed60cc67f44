"""`disparity review`: finished forms, counted."""

from pathlib import Path

import click

from disparity.project.settings import REVIEW_FILE
from disparity.records.grounds_review.reviewing.answers import read_answers
from disparity.records.grounds_review.reviewing.folder import write_review
from disparity.records.grounds_review.reviewing.settle import settle
from disparity.records.grounds_review.reviewing.shares import measure_review
from disparity.records.grounds_review.sampling.folder import read_sample


def run(forms: tuple[Path, ...], folder: Path, out: Path, reviewed_on: str, allow_unfinished: bool) -> None:
    """Count them, and say what they come to and where the tables are."""
    drawn = read_sample(folder)
    answers = read_answers(forms, drawn, allow_unfinished=allow_unfinished)
    table = measure_review(settle(answers, drawn), drawn.design, reviewers=len(forms))
    write_review(out, table, drawn, reviewers=len(forms), reviewed_on=reviewed_on)
    read, reasonable = table.row(0, named=True), table.row(1, named=True)
    left = drawn.rows.height - read["numerator"]
    click.echo(
        f"{read['numerator']} of {drawn.rows.height} records reviewed{f', {left} without an answer' if left else ''}. "
        f"Reasonable: {reasonable['value']:.1%} (95% interval {reasonable['lower']:.1%} to {reasonable['upper']:.1%})."
    )
    click.echo(f"Tables in {out / REVIEW_FILE}")
