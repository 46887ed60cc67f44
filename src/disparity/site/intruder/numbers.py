"""Numbers in text, and the numbers that are published."""

import re
from collections.abc import Iterable

from disparity.site.intruder.published import Published
from disparity.tables.schema.tables import TABLES

NUMBER_TEXT = re.compile(r"(?<![\w.])[+\u2212-]?\d[\d,]*(?:\.\d+)?%?")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SHORT_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
DATES = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{MONTHS}|{SHORT_MONTHS}) \d{{4}}\b|\b\d{{4}}-\d{{2}}(?:-\d{{2}}[\dT:.Z]*)?(?![\w-])"
)

AROUND = 40  # characters on either side of a number that is named


def number_of(text: str) -> float | None:
    """Read a number as it is printed: commas, percent and the minus sign undone; None where it is none."""
    plain = text.strip().replace(",", "").replace("\u2212", "-").replace("+", "")
    try:
        return float(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1)
    except ValueError:
        return None


def half_step(text: str) -> float:
    """Give how far a value may lie from the printed number that it rounds to."""
    printed = text.strip()
    decimals = len(printed.removesuffix("%").partition(".")[2]) + (2 if printed.endswith("%") else 0)
    return float(0.5 * 10**-decimals * 1.000001)


def rounds_to(text: str, true: Iterable[float | None], scales: Iterable[int] = (1,)) -> bool:
    """Whether a printed number is one of some values, no finer than it is there."""
    shown, half = number_of(text), half_step(text)
    values = [value * scale for value in true if value is not None for scale in scales]
    return shown is not None and any(abs(shown - value) <= half for value in values)


def find_numbers(text: str) -> set[str]:
    """Find the numbers that a text prints, dates apart."""
    return {match.strip(",.") for match in NUMBER_TEXT.findall(DATES.sub(" ", text))}


def surround(text: str, number: str) -> str:
    """Give the words around a number, on one line."""
    words = " ".join(text.split())
    at = max(words.find(number), 0)
    start, end = max(0, at - AROUND), at + len(number) + AROUND
    return f"{'…' if start else ''}{words[start:end]}{'…' if end < len(words) else ''}"


def list_published(site: Published) -> set[float]:
    """List every number that is in a number column of a published table."""
    found = set()
    for table in TABLES:
        for column in table.columns:
            if column.is_numeric:
                found |= {number_of(row[column.name]) for row in site.tables[table.name]}
    return {number for number in found if number is not None}
