"""What is guessed of the values that forces' records systems write, held against what they mean.

`extract_values/*.csv` were written from the meaning of the values before the guesses were looked at: `may_be` says
whether a value may be guessed unmarked, must be marked if it is guessed at all, or must be left; `codes` with what.
"""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from disparity.project.extract_mapping import ExtractSettings
from disparity.sources.extract.guesses import guess_columns
from disparity.sources.extract.proposal import write_value
from disparity.sources.extract.value_guesses import CODED, ValueGuess, guess_value
from disparity.vocabulary.codes import FLAGS, codes_by_column, read_reference

TABLES = sorted((Path(__file__).parent / "extract_values").glob("*.csv"))
Value = dict[str, str]
VALUES: list[Value] = [
    row for path in TABLES for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines(), strict=True)
]
NEGATIONS = (
    *("no", "not", "non", "None", "nothing", "nil", "never", "without", "neither", "wasn't", "didn’t", "isn't"),
    *("declined", "refused", "withdrawn", "released", "cancelled", "instead of", "but not", "other than"),
    *("rather than", "except", "excluding", "anything but", "un", "de", "dis", "NOT", "No"),
)
FORMS = ("{no} {value}", "{value} {no}", "{no}-{value}", "{value} - {no}", "{value} ({no})", "{no}: {value}")


def is_unmarked(guess: ValueGuess) -> bool:
    return guess.code is not None and not guess.doubt


def name(value: Value) -> str:
    return f"{value['column']}: {value['value']!r}"


def list_known() -> list[tuple[str, str]]:
    """Every value of the tables and every line of our words whose guess has no mark."""
    words = [
        (column, row["words"])
        for row in read_reference("extract_values")
        for column in (FLAGS if row["column"] == "flag" else CODED if row["column"] == "any" else (row["column"],))
    ]
    codes = [(column, code) for column, held in codes_by_column().items() for code in held]
    values = [(value["column"], value["value"]) for value in VALUES]
    known = sorted({*words, *codes, *values})
    return [(column, value) for column, value in known if is_unmarked(guess_value(column, value))]


KNOWN = list_known()


def test_the_tables_hold_values_of_every_coded_column() -> None:
    held = Counter(value["column"] for value in VALUES)
    assert set(held) >= set(CODED)
    assert {value["may_be"] for value in VALUES} == {"unmarked", "marked", "left"}
    assert all(len(list(csv.reader(path.read_text(encoding="utf-8").splitlines()))) > 200 for path in TABLES)


def test_an_unmarked_guess_is_right() -> None:
    unmarked = [value for value in VALUES if is_unmarked(guess_value(value["column"], value["value"]))]
    wrong = [
        f"{name(value)} is guessed {guess_value(value['column'], value['value']).code!r}"
        for value in unmarked
        if value["may_be"] != "unmarked" or guess_value(value["column"], value["value"]).code != value["codes"]
    ]
    assert len(wrong) <= 0.005 * len(unmarked), wrong


def test_nearly_all_that_may_be_guessed_unmarked_is() -> None:
    plain = [value for value in VALUES if value["may_be"] == "unmarked"]
    marked = [name(value) for value in plain if not is_unmarked(guess_value(value["column"], value["value"]))]
    assert len(marked) <= 0.05 * len(plain), marked


def test_a_marked_guess_is_one_of_those_it_may_mean() -> None:
    wrong = [
        f"{name(value)}: {guess}"
        for value in VALUES
        if value["may_be"] == "marked"
        and (guess := guess_value(value["column"], value["value"])).code is not None
        and (not guess.doubt or guess.code not in value["codes"].split("|"))
    ]
    assert not wrong


def test_what_must_be_left_has_no_code() -> None:
    guessed = [
        name(value)
        for value in VALUES
        if value["may_be"] == "left" and guess_value(value["column"], value["value"]).code is not None
    ]
    assert not guessed


def test_every_guess_says_which_words_it_comes_from() -> None:
    guesses = [(name(value), guess_value(value["column"], value["value"])) for value in VALUES]
    assert not [value for value, guess in guesses if guess.code is not None and not guess.why]


@given(known=st.sampled_from(KNOWN), no=st.sampled_from(NEGATIONS), form=st.sampled_from(FORMS))
def test_a_negation_before_or_after_a_value_never_gives_its_unmarked_guess(
    known: tuple[str, str], no: str, form: str
) -> None:
    column, value = known
    code = guess_value(column, value).code
    assume(len(value.strip()) > 1)  # "N - No" is a list of choices, each with its letter
    assume(code != "NS" or no not in ("declined", "refused"))  # "NS - declined" says why
    denied = guess_value(column, form.format(no=no, value=value))
    assert not is_unmarked(denied) or denied.code != code


@given(column=st.sampled_from(sorted({*CODED, "area", "grounds"})), label=st.text(max_size=40))
def test_any_text_has_a_guess_that_its_column_may_hold(column: str, label: str) -> None:
    guess = guess_value(column, label)
    if guess.code:
        ExtractSettings.model_validate(
            {
                **{"file": "x.csv", "force": "kent", "columns": {"search_date": "Date", column: "Theirs"}},
                "values": {column: {"x": guess.code}},
            }
        )


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("is_outcome_linked", "Not linked", "false"),
        ("is_outcome_linked", "Unlinked", "false"),
        ("is_item_found", "Item not found", "false"),
        ("is_clothing_removed", "No strip search", "false"),
        ("is_clothing_removed", "Strip search - No", "false"),
        ("item_found", "Item not found", "nothing"),
    ],
)
def test_what_is_plainly_denied_is_its_opposite(column: str, value: str, code: str) -> None:
    assert (guess_value(column, value).code, guess_value(column, value).doubt) == (code, "")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("drug_search_type", "Drugs (not supply)", "possession"),
        ("object_of_search", "Drugs (not supply)", "drugs"),
        ("subject", "Not a vehicle search", "person"),
        ("item_found", "No drugs found", "nothing"),
        ("is_item_found", "Yes – but not the item sought", "false"),
        ("outcome", "Caution, not arrest", "caution"),
        ("outcome", "Not arrested", None),
        ("outcome", "De-arrested", None),
        ("outcome", "No arrest made", None),
        ("outcome", "Wasn't arrested", None),
        ("outcome", "Arrest withdrawn", None),
        ("outcome", "Arrest withrawn", None),
        ("outcome", "Released", None),
        ("subject", "No vehicle", "person"),
        ("item_found", "Searched without finding drugs", "nothing"),
        ("self_defined_ethnicity", "White - not British", None),
        ("outcome", "Nto arested", None),
        ("self_defined_ethnicity", "Not W1", None),
    ],
)
def test_what_a_negation_leaves_open_waits_in_a_comment(column: str, value: str, code: str | None) -> None:
    guess = guess_value(column, value)
    line = write_value(value, guess, 7)
    assert guess.code == code
    assert line.startswith(f'# "{value}" = "{code or ""}"  # CHECK: 7 rows')


def test_a_line_says_what_it_comes_from() -> None:
    lines = [
        write_value(value, guess_value(column, value), 7)
        for column, value in (
            ("outcome", "NFA"),
            ("outcome", "Arrest"),
            ("outcome", "Arrest, attempted"),
            ("outcome", "Arested"),
            ("self_defined_ethnicity", "O1 Chinese"),
            ("outcome", "Not arrested"),
            ("drug_search_type", "Drugs (not supply)"),
        )
    ]
    assert lines == [
        '"NFA" = "no_further_action"  # from: nfa',
        '"Arrest" = "arrest"  # from: a known label',
        '"Arrest, attempted" = "arrest"  # CHECK: not understood: attempted (from: arrest)',
        '"Arested" = "arrest"  # CHECK: arested as arrested? (from: arrested)',
        '"O1 Chinese" = "A4"  # CHECK: it carries the code O1 (from: code O1, chinese)',
        '# "Not arrested" = ""  # CHECK: 7 rows, no guess; it says not (from: not arrested)',
        '# "Drugs (not supply)" = "possession"  # CHECK: 7 rows; the opposite of supply? (from: not supply)',
    ]


def test_a_column_of_denials_is_still_that_column() -> None:
    """An outcome that is "Not arrested" in four searches of five was taken for no outcome at all."""
    values = ["Not arrested"] * 8 + ["Arrested"] * 2
    rows = pl.DataFrame({"Stop Outcome": values, "Date": [f"{day:02}/04/2026" for day in range(11, 21)]})
    assert guess_columns(rows)["outcome"].theirs == "Stop Outcome"


@pytest.mark.parametrize("value", ["n, " * 60, "no - " * 30_000, "not linked, " * 15, "(" * 5_000, "x" * 100_000])
def test_a_value_of_nothing_but_negations_ends_in_no_guess(value: str) -> None:
    """Each was tried with all the others: sixty would have taken for ever."""
    assert guess_value("is_outcome_linked", value).code is None
