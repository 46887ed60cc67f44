"""A row that a publication would go without, as an error names it: where it is and what stands there."""

import re
from dataclasses import dataclass

# The portal's records start in December 2014. Of a date before, only the year is shown: it may be of somebody's birth.
FIRST_YEAR = 2014
LONGEST_SHOWN = 40
DATE = re.compile(
    r"((?P<first>\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([-/. ])(\d{1,2}|[A-Za-z]{3})\3(?P<last>\d{4}))"
    r"([T ,]+\d{1,2}[:.]\d\d([:.]\d\d)?(\.\d+)? ?(Z|UTC|[AaPp][Mm]|[+-]\d\d:?\d\d)?)?"
)


@dataclass(frozen=True)
class LostRow:
    """The first row of a file that is lost or in doubt in this way; `row` 1 is the first below the header."""

    kind: str  # of `records.completeness.LOST`
    force: str
    source: str
    file: str
    row: int
    column: str
    value: str  # as it may be shown


def show_date(text: str | None) -> str:
    """Show what stands in the place of a date: a person's details may, so only a date of these years is shown whole.

    >>> [show_date(text) for text in ("2019-02-29T12:00:00Z", "12/03/1987", "A. Person", None)]
    ["'2019-02-29T12:00:00Z'", 'a date of 1987', "a text of the shape 'A. Aaaaaa'", 'nothing']
    """
    if text is None or not text.strip():
        return "nothing"
    if found := DATE.fullmatch(text.strip()):
        year = found["first"] or found["last"]
        return repr(text.strip()) if int(year) >= FIRST_YEAR else f"a date of {year}"
    return show_shape(text)


def show_shape(text: str) -> str:
    """Show how a text is written, and not what it says."""
    shape = re.sub(r"[^\W\d_]", lambda letter: "A" if letter[0].isupper() else "a", text.strip()[:LONGEST_SHOWN])
    return f"a text of the shape {re.sub(r'[0-9]', '9', shape)!r}"
