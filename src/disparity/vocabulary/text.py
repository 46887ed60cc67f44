"""Text that XML and HTML can carry, and text that a spreadsheet leaves alone."""

import re
from collections.abc import Sequence

# XML 1.0, production 2: these characters cannot be in a document, escaped or not.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a terminal would obey, and what turns a line around: for Python's regular expressions and for polars'.
CONTROL = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
# Text that a spreadsheet would run as a formula gets an apostrophe in front, as spreadsheets themselves do (OWASP ASVS
# 1.2.10). The full-width signs are formulas too where a spreadsheet is set to Japanese.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NAMES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
WORDS: dict[float, str] = {0.5: "half", 100: "a hundred", **dict(enumerate(NAMES, start=1))}


def inert_text(text: str) -> str:
    """Put an apostrophe in front of what a spreadsheet would run.

    >>> inert_text("=1+1"), inert_text("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def legal_text(text: str) -> str:
    """Replace what XML cannot carry by the replacement character.

    >>> legal_text("\\x1b[31mred")
    '\ufffd[31mred'
    """
    return ILLEGAL.sub("\ufffd", text)


def script_text(json: str) -> str:
    """JSON that a script element can hold: a closing tag in one of its texts would end the element."""
    return json.replace("<", "\\u003c")


def start_sentence(text: str) -> str:
    """Give the text a capital and leave the rest as it is.

    >>> start_sentence("year ending March 2020")
    'Year ending March 2020'
    """
    return text[:1].upper() + text[1:]


def join_names(names: Sequence[str]) -> str:
    """Set names after each other, as a sentence does.

    >>> join_names(["Kent"]), join_names(["Kent", "Essex", "Surrey"])
    ('Kent', 'Kent, Essex and Surrey')
    """
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def in_words(number: float) -> str:
    """Write a small number, or a half, as a sentence does; any other in figures.

    >>> in_words(0.5), in_words(12), in_words(1_000)
    ('half', 'twelve', '1,000')
    """
    return WORDS.get(number, f"{number:,}")
