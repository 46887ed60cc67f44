"""Guesses of what a column is, by name and by content.

A guess says whether it is sure; what is unsure is for an analyst to confirm, never for us to use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

import polars as pl

from disparity.project.extract_mapping import COLUMNS, TIME_COLUMNS, VALUE_COLUMNS
from disparity.project.personal_columns import split_words
from disparity.sources.extract.ages import read_years
from disparity.sources.extract.date_forms import fit_clock_form, fit_forms, has_time, is_midnight, read_moments
from disparity.sources.extract.personal_values import looks_personal_inside
from disparity.sources.extract.value_guesses import ValueGuess, guess_value
from disparity.vocabulary.codes import DRUG_SEARCH_TYPES, codes_by_column, read_reference

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


@dataclass(frozen=True)
class ColumnGuess:
    """Which of their columns one of ours may be."""

    theirs: str
    doubt: str = ""
    values: Mapping[str, ValueGuess] = field(default_factory=dict)


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
    split = next((header for header in free if _fits_drugs(rows[header])), None)
    if split and "drug_search_type" not in found:
        found["drug_search_type"] = ColumnGuess(split, "", _describe("drug_search_type", rows[split]).values)
    return {ours: found[ours] for ours in COLUMNS if ours in found}


@lru_cache(maxsize=4096)
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
    times, counts = _fit_times(values), _count_values(values)
    for ours in (*TIME_COLUMNS, *VALUE_COLUMNS, "operation"):
        name = name_likeness(ours, values.name)
        content = times.get(ours) if ours in TIME_COLUMNS else _fit_codes(ours, values, counts)
        if content is None:  # nothing to go by but the name
            scores[ours] = name if name >= SURE_NAME else 0
        elif content >= 0.5 or name >= SURE_CONTENT:
            scores[ours] = NAME_WEIGHT * name + (1 - NAME_WEIGHT) * content if name >= 0.5 else 0
    return scores


def _fit_times(values: pl.Series) -> dict[str, float]:
    sample = values.drop_nulls().head(1000)
    if sample.is_empty() or not sample.str.contains(r"\d").any():  # no form of a day or a time is without one
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


def _fit_codes(ours: str, values: pl.Series, counts: dict[str, int]) -> float | None:
    """Give the share of rows whose value has a guessed code; none for columns without codes.

    Args:
        counts: of the values, as `_count_values` gives them.
    """
    if ours not in codes_by_column() and ours not in ("gender", "age_group"):
        return None
    # Ages in years are read by a rule: there may be more of them than of any labels.
    by_rule = int(read_years(values).count()) if ours == "age_group" else 0
    if by_rule:
        counts = _count_values(_leave_out_years(values))
    if not counts or len(counts) > MOST_VALUES:
        return 1.0 if by_rule and not counts else 0.0
    guesses = {value: guess_value(ours, value) for value in counts}
    if ours == "drug_search_type":
        return 1.0 if set(DRUG_SEARCH_TYPES) <= {guess.code for guess in guesses.values()} else 0.0
    # "Not arrested" has no code, and is a label of this column all the same.
    heard = {value for value, guess in guesses.items() if guess.code is not None or guess.is_held}
    known = by_rule + sum(rows for value, rows in counts.items() if value in heard)
    return known / (by_rule + sum(counts.values()))


def _fits_drugs(values: pl.Series) -> bool:
    return bool(_fit_codes("drug_search_type", values, _count_values(values)))


def _count_values(values: pl.Series) -> dict[str, int]:
    counted = values.drop_nulls().value_counts(sort=True, name="rows").head(MOST_VALUES + 1)
    return dict(counted.iter_rows())


def _leave_out_years(values: pl.Series) -> pl.Series:
    return values.filter(read_years(values).is_null())


def _describe(ours: str, values: pl.Series) -> ColumnGuess:
    content = _fit_codes(ours, values, _count_values(values))
    listable = _leave_out_years(values) if ours == "age_group" else values
    counts = _count_values(listable) if content is not None else {}
    doubts = []
    if name_likeness(ours, values.name) < SURE_NAME:
        doubts.append("is it this column?")
    if content is not None and content < SURE_CONTENT and ours != "drug_search_type":
        doubts.append("many values are not known")
    listed = counts if len(counts) <= MOST_VALUES else {}
    return ColumnGuess(values.name, " ".join(doubts), {value: guess_value(ours, value) for value in listed})
