"""`disparity sample`: records drawn for a review of their grounds."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.options import PROJECT_FILE
from disparity.cli.terminal import strip_controls
from disparity.project.settings import read_settings
from disparity.records.grounds_review.sampling.plan import Request
from disparity.records.grounds_review.sampling.prepare import draw_sample, prepare_sample


def run(  # noqa: PLR0913  one for each option
    *,
    project: Path | None,
    out: Path | None,
    force: str,
    first_month: str | None,
    last_month: str | None,
    is_plan: bool,
    seed: int,
    reviewers: int,
    is_blind: bool,
    **asked: Any,
) -> None:
    """Say what is planned, and draw unless that was all."""
    months = {key: value for key, value in (("from", first_month), ("to", last_month)) if value}
    settings = read_settings(project or Path(PROJECT_FILE), months)
    planned = prepare_sample(settings, force, Request(**asked))
    click.echo(strip_controls(planned.words))
    if not is_plan:
        folder = out or Path("sample")
        draw_sample(planned, folder, seed=seed, reviewers=reviewers, is_blind=is_blind)
        click.echo(f"Forms of reviewers in {folder}")
