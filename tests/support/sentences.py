"""Sentences, as a reader counts them: where one ends, and how many numbers it has."""

import re

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(rf"(?:{MONTHS}) \d{{4}}")
RANGE = re.compile(r"([\d.,]+)%? to ([\d.,]+)")
NUMBER = re.compile(r"\d[\d.,]*")


def split_sentences(text: str) -> list[str]:
    """Split where a stop is followed by a capital."""
    return re.split(r"(?<=[.!?]) (?=[A-Z])", text)


def count_numbers(sentence: str) -> int:
    """Count numbers: a range is one, and a date is none."""
    return len(NUMBER.findall(RANGE.sub(r"\1", DATE.sub("", sentence))))
