"""Figures: how numbers are printed, and that each keeps its place in the tables."""

import polars as pl
import pytest

from disparity.site.published_figures import (
    Figure,
    Row,
    Tables,
    count,
    index_rows,
    join,
    number_rows,
    percentage,
    plain,
    points,
    rate,
    ratio,
    say,
    signed_points,
)

MINUS = "\N{MINUS SIGN}"


def text_of(style, value):
    return str(style(Row("estimates", 3, {"value": value}), "value"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (1_000, "1,000"), (8_446.0, "8,446"), (1_234_567, "1,234,567")],
)
def test_counts_are_whole_with_thousands_commas(value, text):
    assert text_of(count, value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (17.135, "17.1"),
        (5.9036, "5.9"),
        (1, "1.0"),
        (1.04, "1.0"),
        (1.06, "1.1"),
        (1_234.56, "1,234.6"),
        (99.96, "100.0"),
    ],
)
def test_rates_have_one_decimal(value, text):
    assert text_of(rate, value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00"), (0.004, "0.00"), (0.006, "0.01"), (0.42, "0.42"), (0.994, "0.99"), (0.996, "1.0"), (1.004, "1.0")],
)
def test_rates_below_1_have_two_decimals(value, text):
    assert text_of(rate, value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.24194, "24.2%"),
        (0, "0.0%"),
        (1, "100.0%"),
        (0.0004, "0.0%"),
        (0.0006, "0.1%"),
        (0.99951, "100.0%"),
        (0.99949, "99.9%"),
    ],
)
def test_shares_are_percentages_with_one_decimal(value, text):
    assert text_of(percentage, value) == text


@pytest.mark.parametrize(("value", "text"), [(0.05604, "5.6"), (-0.05604, "5.6"), (0, "0.0"), (-0.0001, "0.0")])
def test_points_leave_their_sign_to_the_words(value, text):
    assert text_of(points, value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.05604, "+5.6"),
        (-0.05604, f"{MINUS}5.6"),
        (0.0, "0.0"),
        (0.0004, "0.0"),
        (-0.0004, "0.0"),
        (0.0006, "+0.1"),
        (-0.0006, f"{MINUS}0.1"),
    ],
)
def test_signed_points_have_a_true_minus_and_no_sign_on_zero(value, text):
    assert text_of(signed_points, value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.9023, "2.90"),
        (0, "0.00"),
        (0.996, "1.00"),
        (19.99, "19.99"),
        (20, "20.0"),
        (33.934, "33.9"),
        (1_234.5, "1,234.5"),
    ],
)
def test_ratios_have_two_decimals_and_from_20_up_one(value, text):
    assert text_of(ratio, value) == text


def test_a_figure_keeps_its_place_and_full_value():
    row = Row("comparisons", 7, {"ratio": 2.9023, "force": "kent"})
    assert ratio(row, "ratio") == Figure("2.90", "comparisons", 7, "ratio", 2.9023)


def test_rows_are_numbered_from_the_line_after_the_header():
    rows = number_rows("monthly", pl.DataFrame({"force": ["kent", "essex"], "value": [1, None]}))
    assert rows == [
        Row("monthly", 1, {"force": "kent", "value": 1}),
        Row("monthly", 2, {"force": "essex", "value": None}),
    ]


def test_rows_of_a_force_keep_the_numbers_of_the_whole_table():
    forces = pl.DataFrame({"force": ["kent", "essex", None, "kent"], "value": [1, 2, 3, 4]})
    tables = Tables({"monthly": forces, "method": pl.DataFrame({"value": [5]}), "changes": forces.clear()})
    kent = tables.of_force("kent", "monthly")
    assert kent == [tables["monthly"][0], tables["monthly"][3]]
    assert [row.number for row in kent] == [1, 4]
    assert tables.of_force("kent", "method") == tables["method"]
    assert tables.of_force("kent", "changes") == tables.of_force("surrey", "monthly") == []
    assert [name for name in tables if tables.has_rows(name)] == ["monthly", "method"]
    assert len(tables) == 3


def test_rows_are_looked_up_by_the_values_of_their_keys():
    rows = number_rows("monthly", pl.DataFrame({"force": ["kent", "kent"], "group": ["White", "Black"]}))
    assert index_rows(rows, "group", "force")["Black", "kent"].number == 2


def test_a_sentence_is_its_words_and_figures_in_order():
    row = Row("estimates", 1, {"found": 3, "searches": 1_000})
    sentence = say("{} of {} searches.", count(row, "found"), count(row, "searches"))
    assert [type(part) for part in sentence] == [Figure, str, Figure, str]
    assert plain(sentence) == "3 of 1,000 searches."


@pytest.mark.parametrize(
    ("template", "figures", "message"),
    [
        ("{} of {}", ("3",), "1 figures for 2 places in '{} of {}'"),
        ("{}", ("3", "4"), "2 figures for 1 places in '{}'"),
        ("none", ("3",), "1 figures for 0 places in 'none'"),
    ],
)
def test_a_sentence_with_a_figure_too_few_or_many_is_an_error(template, figures, message):
    with pytest.raises(ValueError, match="figures for") as error:
        say(template, *figures)
    assert str(error.value) == message


def test_joined_sentences_have_one_space_between_and_none_round_an_empty_one():
    assert plain(join(say("One."), (), say("Two {}.", "2"))) == "One. Two 2."
    assert plain(join((), say("One."))) == "One."
    assert join() == ()
