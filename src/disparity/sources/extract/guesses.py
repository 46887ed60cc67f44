"""Guesses of what a column is and what its values mean, by name and by content.

A guess says whether it is sure; what is unsure is for an analyst to confirm, never for us to use.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import polars as pl

from disparity.project.extract_mapping import COLUMNS, TIME_COLUMNS, VALUE_COLUMNS
from disparity.project.personal_columns import split_words
from disparity.sources.extract.ages import read_years
from disparity.sources.extract.date_forms import fit_clock_form, fit_forms, has_time, is_midnight, read_moments
from disparity.sources.extract.personal_values import looks_personal_inside
from disparity.vocabulary.codes import (
    DRUG_SEARCH_TYPES,
    FLAGS,
    LABEL_TABLES,
    codes_by_column,
    codes_of,
    plain_label,
    read_reference,
)

MOST_VALUES = 60  # a column of more distinct values is not coded; its values are never listed
SURE_NAME, GOOD_NAME, ENOUGH = 0.85, 0.7, 0.6
NAME_WEIGHT = 0.6
SURE_CONTENT = 0.9
# Read by name alone: their values are free text, or a key to it.
BY_NAME = ("grounds", "record_id")
FREE_TEXT = {
    "text",
    "narrative",
    "notes",
    "note",
    "comment",
    "comments",
    "description",
    "summary",
    "details",
    "grounds",
}
# Words that turn a label round, "Not arrested" is no arrest; and codes that say no themselves, as of "Not stated".
NEGATIONS = {*("no", "not", "non", "never", "without", "neither", "nor"), *("didn", "isn", "wasn", "weren", "hasn")}
NEGATIVE_CODES = {"", "NS", "false", "nothing", "no_further_action"}


@dataclass(frozen=True)
class ValueGuess:
    """What one of their values may mean; no code at all where nothing is known of it."""

    code: str | None
    doubt: str = ""


@dataclass(frozen=True)
class ColumnGuess:
    """Which of their columns one of ours may be."""

    theirs: str
    doubt: str = ""
    values: Mapping[str, ValueGuess] = field(default_factory=dict)


def guess_value(column: str, label: str) -> ValueGuess:
    """Guess our code for one of their values: by known label, by a code written in it, by its words.

    >>> guess_value("self_defined_ethnicity", "W1 - White British")
    ValueGuess(code='W1', doubt='')
    >>> guess_value("legislation", "Sec. 23 M.D.A. 1971").code
    'mda_s23'
    """
    if column in LABEL_TABLES:
        known = codes_of(*LABEL_TABLES[column]).get(plain_label(label))
        if known and not (column == "self_defined_ethnicity" and known == "O1" and len(label.strip()) <= len("O1")):
            return ValueGuess(known)
    by_words = _guess_by_words((column, "flag") if column in FLAGS else (column,), label)
    if column == "self_defined_ethnicity":
        return _weigh_pace_code(label, by_words)
    if by_words.code is None and column == "drug_search_type":
        is_of_drugs = any(word.startswith("drug") for word in split_words(label))
        return ValueGuess("", "possession or supply?" if is_of_drugs else "")
    return by_words


def _guess_by_words(columns: tuple[str, ...], label: str) -> ValueGuess:
    words = set(_normalise(label))
    known = [row for row in read_reference("extract_values") if row["column"] in columns]
    fits = [row for row in known if set(row["words"].split()) <= words]
    if not fits:
        return ValueGuess(None)
    most = max(len(row["words"].split()) for row in fits)
    best = [row for row in fits if len(row["words"].split()) == most]
    codes = list(dict.fromkeys(row["code"] for row in best))
    unheard = words & NEGATIONS - {word for row in best for word in row["words"].split()}
    if unheard and not NEGATIVE_CODES.issuperset(codes):
        return ValueGuess(None)
    if len(codes) > 1:
        return ValueGuess(codes[0], f"or {' or '.join(codes[1:])}?")
    return ValueGuess(codes[0], "" if best[0]["is_sure"] == "true" else "is it?")


def _normalise(label: str) -> list[str]:
    """Give the words of a label; "Section 23", "Sec. 23" and "S.23" are one word, and so is "M.D.A."."""
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found[0].replace(".", ""), label.casefold())
    text = re.sub(r"\b(?:sections?|sect?|s)[.\s]*(?=\d)", "s", text)
    return re.findall(r"[a-z0-9]+", text)


def _weigh_pace_code(label: str, by_words: ValueGuess) -> ValueGuess:
    """Weigh the code a label carries against its words: codes have changed, words have not.

    O1 was Chinese in the 16+1 codes of 2001 and is not in ours; N1 to N9 say why nothing was stated.
    """
    match = re.match(r"\s*([A-Z]\d|NS)\b", label) or re.search(r"\(([A-Z]\d|NS)\)\s*$", label)
    written = match[1] if match else None
    if written is None or written not in codes_by_column()["self_defined_ethnicity"]:
        if written and written.startswith("N") and by_words.code is None:
            return ValueGuess("NS", "a reason for not stating")
        return by_words
    if by_words.code is None or by_words.doubt:
        return ValueGuess(written, "Arab here; Chinese (A4) in the 16+1 codes of 2001" if written == "O1" else "")
    if by_words.code != written:
        return ValueGuess(by_words.code, f"it carries the code {written}")
    return ValueGuess(written)


def guess_columns(rows: pl.DataFrame) -> dict[str, ColumnGuess]:
    """Guess which column is which, each of ours and of theirs at most once.

    The drugs split alone may share a column: forces write "Drugs - possession" as a reason for search.
    """
    headers = [header for header in rows.columns if header != "source_row"]
    found: dict[str, ColumnGuess] = {}
    for ours in BY_NAME:
        best = max(headers, key=lambda header: name_likeness(ours, header), default=None)
        if (
            best
            and name_likeness(ours, best) >= SURE_NAME
            and (ours != "record_id" or rows[best].drop_nulls().is_unique().all())
        ):
            found[ours] = ColumnGuess(best)
    taken = {guess.theirs for guess in found.values()}
    free = [h for h in headers if h not in taken and not set(split_words(h)) & FREE_TEXT]
    free = [header for header in free if not looks_personal_inside(rows[header])]
    scores = sorted(
        ((score, ours, theirs) for theirs in free for ours, score in _score_column(rows[theirs]).items()), reverse=True
    )
    for score, ours, theirs in scores:
        if score >= ENOUGH and ours not in found and theirs not in taken and not _excludes(ours, found):
            found[ours] = _describe(ours, rows[theirs])
            taken.add(theirs)
    split = next((header for header in free if _fit_codes("drug_search_type", rows[header])), None)
    if split and "drug_search_type" not in found:
        found["drug_search_type"] = ColumnGuess(split, "", _describe("drug_search_type", rows[split]).values)
    return {ours: found[ours] for ours in COLUMNS if ours in found}


def name_likeness(ours: str, header: str) -> float:
    """Say how like a header is to the names that column goes by, from 0 to 1."""
    words = split_words(header)
    names = [ours.replace("_", " "), *(r["name"] for r in read_reference("extract_columns") if r["column"] == ours)]
    return max(max(_ratio(name.split(), words), _ratio(sorted(name.split()), sorted(words))) for name in names)


def _ratio(one: list[str], other: list[str]) -> float:
    return SequenceMatcher(None, " ".join(one), " ".join(other)).ratio()


def _excludes(ours: str, found: Mapping[str, ColumnGuess]) -> bool:
    """One column for date and time, or one for each."""
    whole, *parts = TIME_COLUMNS
    return whole in found if ours in parts else ours == whole and any(part in found for part in parts)


def _score_column(values: pl.Series) -> dict[str, float]:
    """Score each of our columns for one of theirs: by its name, and by how much of its content fits."""
    scores: dict[str, float] = {}
    times = _fit_times(values)
    for ours in (*TIME_COLUMNS, *VALUE_COLUMNS, "operation"):
        name = name_likeness(ours, values.name)
        content = times.get(ours) if ours in TIME_COLUMNS else _fit_codes(ours, values)
        if content is None:  # nothing to go by but the name
            scores[ours] = name if name >= SURE_NAME else 0
        elif content >= 0.5 or name >= SURE_CONTENT:
            scores[ours] = NAME_WEIGHT * name + (1 - NAME_WEIGHT) * content if name >= 0.5 else 0
    return scores


def _fit_times(values: pl.Series) -> dict[str, float]:
    sample = values.drop_nulls().head(1000)
    if sample.is_empty():
        return dict.fromkeys(TIME_COLUMNS, 0.0)
    forms = fit_forms(sample)
    best, share = forms[0] if forms else ("", 0.0)
    # Midnight in every row is how some systems write a date.
    is_timed = has_time(best) and not is_midnight(read_moments(sample, best))
    return {
        "searched_at": share if is_timed else share / 2,
        "search_date": share / 2 if is_timed else share,
        "search_time": fit_clock_form(sample)[1],
    }


def _fit_codes(ours: str, values: pl.Series) -> float | None:
    """Give the share of rows whose value has a guessed code; none for columns without codes."""
    if ours not in codes_by_column() and ours not in ("gender", "age_group"):
        return None
    # Ages in years are read by a rule: there may be more of them than of any labels.
    by_rule = int(read_years(values).count()) if ours == "age_group" else 0
    if by_rule:
        values = _leave_out_years(values)
    counts = _count_values(values)
    if not counts or len(counts) > MOST_VALUES:
        return 1.0 if by_rule and not counts else 0.0
    guesses = {value: guess_value(ours, value).code for value in counts}
    if ours == "drug_search_type":
        return 1.0 if set(DRUG_SEARCH_TYPES) <= set(guesses.values()) else 0.0
    known = by_rule + sum(rows for value, rows in counts.items() if guesses[value] is not None)
    return known / (by_rule + sum(counts.values()))


def _count_values(values: pl.Series) -> dict[str, int]:
    counted = values.drop_nulls().value_counts(sort=True, name="rows").head(MOST_VALUES + 1)
    return dict(counted.iter_rows())


def _leave_out_years(values: pl.Series) -> pl.Series:
    return values.filter(read_years(values).is_null())


def _describe(ours: str, values: pl.Series) -> ColumnGuess:
    content = _fit_codes(ours, values)
    listable = _leave_out_years(values) if ours == "age_group" else values
    counts = _count_values(listable) if content is not None else {}
    doubts = []
    if name_likeness(ours, values.name) < SURE_NAME:
        doubts.append("is it this column?")
    if content is not None and content < SURE_CONTENT and ours != "drug_search_type":
        doubts.append("many values are not known")
    listed = counts if len(counts) <= MOST_VALUES else {}
    return ColumnGuess(values.name, " ".join(doubts), {value: guess_value(ours, value) for value in listed})
