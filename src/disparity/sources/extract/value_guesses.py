"""Guesses of what one of their values means: by a known label, by a code written in it, by its words.

A guess is sure only where every word of the value is understood, and no negation is left over. It says which words
decided. What a negation leaves open is held: it waits in a comment until somebody has confirmed it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache

from disparity.sources.extract.ages import guess_band
from disparity.sources.extract.denials import read_denied
from disparity.sources.extract.readings import Reading, list_words, read
from disparity.sources.extract.wording import BREAK, DENIALS, REVERSALS, leave_out_number, part_denials, read_words
from disparity.vocabulary.codes import (
    AGE_GROUPS,
    FLAG_LABELS,
    FLAGS,
    GENDERS,
    LABEL_TABLES,
    NOT_STATED,
    OFFICER_GROUPS,
    SUBJECT_LABELS,
    codes_by_column,
    codes_of,
    group_of_ethnicity,
    plain_label,
)

KNOWN_LABEL = "a known label"
# Columns of which a value can say only one thing: "M/F" and "Yes/No" say nothing.
EITHER_OR = {*FLAGS, "gender"}
CODED = {*codes_by_column(), "gender", "age_group"}
SHORTEST_MISSPELT, ALIKE = 5, 0.83  # below, an American was an African
LONGEST = 200  # characters: what is longer is free text
ETHNIC_CODE = re.compile(r"[wmabo]\d|n\d|ns")
SECTION = re.compile(r"s\d+[a-z]*")


@dataclass(frozen=True)
class ValueGuess:
    """What one of their values may mean; no code at all where nothing is known of it.

    `why`: the words that decided. `is_held`: a negation leaves it open whether it means this, or anything of ours.
    """

    code: str | None
    doubt: str = ""
    why: str = ""
    is_held: bool = False


@lru_cache(maxsize=4096)  # the best column for a value is sought before its meaning is
def guess_value(column: str, label: str) -> ValueGuess:
    """Guess our code for one of their values.

    >>> guess_value("self_defined_ethnicity", "W1 - White British").code
    'W1'
    >>> guess_value("legislation", "Sec. 23 M.D.A. 1971")
    ValueGuess(code='mda_s23', doubt='', why='s23 mda', is_held=False)
    >>> guess_value("is_outcome_linked", "Not linked").code, guess_value("outcome", "Not arrested").code
    ('false', None)
    """
    guess = _guess(column, label)
    if label.rstrip().endswith("?") and guess.code is not None:
        return replace(guess, doubt=guess.doubt or "it ends in a question mark")
    return guess


def _guess(column: str, label: str) -> ValueGuess:
    if column not in CODED or len(label) > LONGEST:
        return ValueGuess(None)
    words = part_denials(read_words(label), list_words(column))
    # There a number is an age, a section, or yes and no.
    if column not in ("age_group", "legislation") and not (column in FLAGS and words[:1] == ("0",)):
        words = leave_out_number(words)
    if known := _find_known(column, label, words):
        return ValueGuess(known, why=KNOWN_LABEL)
    if column == "age_group" and (band := guess_band(label)):
        return ValueGuess(band.code, band.doubt, "the years of the band")
    return BY_COLUMN.get(column, _guess_by_words)(column, words)


def _find_known(column: str, label: str, words: tuple[str, ...]) -> str | None:
    """Give the code of a label that is known as it stands, or but for its punctuation."""
    known = _label_codes(column).get(plain_label(label))
    if known == "O1" and column == "self_defined_ethnicity" and len(label.strip()) <= len("O1"):
        return None
    return known or _worded_labels(column).get(tuple(word for word in words if word != BREAK))


@cache
def _label_codes(column: str) -> dict[str, str]:
    """Every label that coding knows without a line of a mapping."""
    if column in LABEL_TABLES:
        return codes_of(*LABEL_TABLES[column])
    if column in FLAGS:
        return {label: str(is_so).lower() for label, is_so in FLAG_LABELS.items()}
    tables = {
        "subject": SUBJECT_LABELS,
        "gender": GENDERS,
        "age_group": AGE_GROUPS,
        "officer_defined_ethnicity": OFFICER_GROUPS,
    }
    return tables.get(column) or {plain_label(code): code for code in codes_by_column().get(column, ())}


@cache
def _worded_labels(column: str) -> dict[tuple[str, ...], str]:
    """The same labels by their words: other punctuation is no other label."""
    if column not in LABEL_TABLES:
        return {}
    worded = {
        tuple(word for word in read_words(label) if word != BREAK): code
        for label, code in _label_codes(column).items()
        if " " in label
    }
    return {words: code for words, code in worded.items() if len(words) > 1}


def _guess_by_words(column: str, words: tuple[str, ...]) -> ValueGuess:
    reading = read(column, words)
    if reading.denials:
        denied = read_denied(column, words, reading.denials)
        return ValueGuess(denied.code, denied.doubt, denied.why, is_held=denied.is_open)
    if reading.code is None or reading.unknown:
        spelt = _correct(column, words, reading.unknown)
        if spelt != words:
            return _doubt_spelling(words, spelt, _guess_by_words(column, spelt))
    return ValueGuess(None) if reading.code is None else _weigh(column, reading)


def _weigh(column: str, reading: Reading) -> ValueGuess:
    """Weigh what was understood against what was not."""
    sections = [word for word in reading.unknown if SECTION.fullmatch(word)]
    if column == "legislation" and sections:
        return ValueGuess(None, f"{sections[0]} is another section", reading.by)
    if reading.says_no and not reading.code and reading.unknown:
        return ValueGuess(None, f"not understood: {' '.join(reading.unknown)}", reading.by, is_held=True)
    if column in EITHER_OR and reading.is_tied:
        return ValueGuess(None, "it says both", reading.by)
    # "Yes, but not the item sought": what says no decides, and somebody is to confirm it.
    return ValueGuess(reading.code, _say_doubt(reading), reading.by, is_held=reading.says_no and bool(reading.rivals))


def _say_doubt(reading: Reading) -> str:
    doubts = []
    if reading.rivals:
        doubts.append(f"or {' or '.join(code or 'not recorded' for code in reading.rivals)}?")
    if reading.unknown:
        doubts.append(f"not understood: {' '.join(reading.unknown)}")
    if not reading.is_sure and not reading.rivals:
        doubts.insert(0, "is it?")
    return "; ".join(doubts)


def _correct(column: str, words: Sequence[str], unknown: Sequence[str]) -> tuple[str, ...]:
    """Put the nearest known word for each that is not: a misspelling begins as the word does."""
    nearest = {word: _find_nearest(word, column) for word in unknown if len(word) >= SHORTEST_MISSPELT}
    return tuple(nearest.get(word) or word for word in words)


def _find_nearest(word: str, column: str) -> str:
    near = [
        known
        for known in list_words(column) | DENIALS | REVERSALS
        if known[0] == word[0] and len(known) >= SHORTEST_MISSPELT - 1 and abs(len(known) - len(word)) <= 2
    ]
    return next(iter(get_close_matches(word, sorted(near), n=1, cutoff=ALIKE)), "")


def _doubt_spelling(words: Sequence[str], spelt: Sequence[str], guess: ValueGuess) -> ValueGuess:
    read_as = ", ".join(f"{word} as {as_}" for word, as_ in zip(words, spelt, strict=True) if word != as_)
    return replace(guess, doubt="; ".join(filter(None, (f"{read_as}?", guess.doubt))))


def _guess_drugs(column: str, words: tuple[str, ...]) -> ValueGuess:
    """Of a reason for search: what is for drugs is one of two, and what is surely for something else is neither."""
    guess = _guess_by_words(column, words)
    if guess.code is not None or guess.is_held:
        return guess
    reason = read("object_of_search", words)
    if reason.code is None:
        return ValueGuess(None)
    if reason.code == "drugs":
        return ValueGuess("", "possession or supply?", reason.by)
    return ValueGuess("", "" if reason.is_whole else "is it for drugs?", f"{reason.by}, so no drugs")


def _weigh_pace_code(column: str, words: tuple[str, ...]) -> ValueGuess:
    """Weigh the code a label carries against its words: codes have changed, words have not.

    O1 was Chinese in the 16+1 codes of 2001 and is not in ours; N1 to N9 say why nothing was stated.
    """
    written, rest = _part_code(words)
    if not written:
        return _guess_by_words(column, words)
    by_words = _guess_by_words(column, rest)
    if written not in codes_by_column()[column]:
        if written.startswith("N") and by_words.code is None and not by_words.is_held:
            return ValueGuess("NS", "a reason for not stating", f"code {written}")
        return by_words
    return by_words if by_words.is_held else _weigh_known_code(written, read(column, rest))


def _weigh_known_code(written: str, reading: Reading) -> ValueGuess:
    if reading.code is None:
        unread = f"not understood: {' '.join(reading.unknown)}" if reading.unknown else ""
        of_2001 = "Arab here; Chinese (A4) in the 16+1 codes of 2001" if written == "O1" else ""
        return ValueGuess(written, of_2001 or unread, f"code {written}")
    why = f"code {written}, {reading.by}"
    if written in (reading.code, *reading.rivals):  # the code decides between what the words may mean
        return ValueGuess(written, _say_doubt(reading) if reading.unknown else "", why)
    return ValueGuess(reading.code, f"it carries the code {written}", why)


def _weigh_group_of_code(column: str, words: tuple[str, ...]) -> ValueGuess:
    """Read the group an officer saw, where a code of self-defined ethnicity is beside it: "B2 - Black African"."""
    written, rest = _part_code(words)
    by_words = _guess_by_words(column, rest)
    group = group_of_ethnicity().get(written)
    if not group or by_words.is_held:
        return by_words
    if by_words.code is None:
        return ValueGuess("" if group == NOT_STATED else group, "is it?", f"code {written}")
    return by_words if by_words.code == group else replace(by_words, doubt=f"it carries the code {written}")


def _part_code(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Part the code of an ethnicity from the words before or after it; no code where there is none."""
    at = next((place for place in (0, len(words) - 1) if words and ETHNIC_CODE.fullmatch(words[place])), None)
    if at is None:
        return "", words
    rest = tuple(word for place, word in enumerate(words) if place != at)
    return words[at].upper(), rest[1:] if rest[:1] == (BREAK,) else rest[:-1] if rest[-1:] == (BREAK,) else rest


# Columns of which a value is more than its words.
BY_COLUMN = {
    "self_defined_ethnicity": _weigh_pace_code,
    "officer_defined_ethnicity": _weigh_group_of_code,
    "drug_search_type": _guess_drugs,
}
