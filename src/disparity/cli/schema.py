"""`disparity schema`: what the project file may say, for editors and for people."""

from pathlib import Path

import click

from disparity.project.reference import write_reference, write_schema


def run(out: Path | None, is_page: bool) -> None:
    """Print it, or write it as UTF-8 whatever the shell."""
    text = write_reference() if is_page else write_schema()
    if out:
        out.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"wrote {out}")
    else:
        click.echo(text, nl=False)
