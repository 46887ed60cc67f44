"""What a command says to who typed it: nothing that they did not choose steers their terminal."""

import io
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from disparity.vocabulary.text import CONTROL

SLOW_SECONDS = 1.0
ODD = re.compile(r"[^\x00-\x7f]")
FIRST_LONG = 0x10000  # from here on a character needs eight digits


def write_anything() -> None:
    """Escape what the encoding of standard output lacks, as where it goes into a file on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def echo_toml(text: str) -> None:
    """Print lines for a project file; in plain letters where the output is not UTF-8.

    Windows PowerShell reads what a program prints in one encoding and writes it in another: only plain letters come
    through. TOML reads them the same.
    """
    is_utf_8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    click.echo(text if is_utf_8 else ODD.sub(lambda odd: _escape(odd[0]), text), nl=False)


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < FIRST_LONG else f"\\U{number:08x}"


def say(text: str) -> None:
    """Tell what is no result: an error, a caveat, how far a download is."""
    click.echo(strip_controls(text), err=True)


def strip_controls(text: str) -> str:
    """Replace the characters that a terminal would obey: text from data or file names must not steer it."""
    return re.sub(CONTROL, "\ufffd", text)


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
