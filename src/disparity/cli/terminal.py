"""What a command says to who typed it: nothing that they did not choose steers their terminal."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

SLOW_SECONDS = 1.0
# Text from data or file names must not steer the terminal.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(text: str) -> None:
    """Tell what is no result: an error, a caveat, how far a download is."""
    click.echo(strip_controls(text), err=True)


def strip_controls(text: str) -> str:
    """Replace the characters that a terminal would obey."""
    return CONTROL.sub("\ufffd", text)


@contextmanager
def progress(stage: str) -> Iterator[None]:
    """Name each stage with its time on a terminal; say nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    click.echo(f"{stage} ...", err=True, nl=False)
    start = time.perf_counter()
    try:
        yield
    except BaseException:
        click.echo("", err=True)
        raise
    seconds = time.perf_counter() - start
    click.echo(f" {seconds:.1f} s" if seconds >= SLOW_SECONDS else "", err=True)
