"""`disparity check`: the submissions against the expectations."""

from pathlib import Path
from typing import Any

import click

from disparity.cli.settings import choose_settings
from disparity.cli.terminal import progress, strip_controls
from disparity.pipeline.submissions import check
from disparity.records.check_report import (
    any_worse,
    list_failures,
    write_annotations,
    write_json,
    write_junit,
    write_text,
)


def run(
    as_json: bool, github: bool, junit: Path | None, baseline: Path | None, data_docs: Path | None, **given: Any
) -> int:
    """Check them, and report in the form that was asked for."""
    validation = check(choose_settings(**given), data_docs=data_docs, progress=progress)
    failures = list_failures(validation, baseline)
    if junit:
        junit.write_text(write_junit(validation, failures), encoding="utf-8", newline="\n")
    if as_json:
        click.echo(write_json(validation, failures))
    elif github:
        click.echo(strip_controls(write_annotations(failures)))
    else:
        click.echo(strip_controls(write_text(validation, failures)))
    return 1 if any_worse(failures) else 0
