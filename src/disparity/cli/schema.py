"""`disparity schema`: what the project file may say, for editors and for people."""

from pathlib import Path

import click

from disparity.project.code_page import write_codes
from disparity.project.reference import write_reference, write_schema
from disparity.vocabulary.errors import RequestError


def run(out: Path | None, is_page: bool, is_codes: bool) -> None:
    """Print it, or write it as UTF-8 whatever the shell."""
    if is_page and is_codes:
        raise RequestError("--page and --codes are two pages", what_now="ask for one of them")
    text = write_codes() if is_codes else write_reference() if is_page else write_schema()
    if out:
        out.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"wrote {out}")
    else:
        click.echo(text, nl=False)
