"""Words for how many times: the nearest that the range holds."""

import pytest

from disparity.site.findings.as_often import LESS_OFTEN, MORE_OFTEN, say_as_many, say_how_often
from disparity.site.published_figures import Row, plain
from support.findings import ratio_row


def say(verdict, value, lower, upper):
    return plain(say_how_often(Row("comparisons", 1, ratio_row(verdict, value, lower, upper))))


@pytest.mark.parametrize(
    ("verdict", "numbers", "words"),
    [
        ("higher", (2.1, 1.9, 2.8), "about twice as often as"),
        ("higher", (2.44, 1.76, 4.04), "about two and a half times as often as"),
        ("higher", (1.12, 1.05, 1.2), "about a tenth more often than"),
        ("higher", (4.78, 3.95, 6.33), "about five times as often as"),
        ("higher", (4.78, 3.95, None), "about five times as often as"),
        ("lower", (0.52, 0.4, 0.7), "about half as often as"),
        ("lower", (0.78, 0.7, 0.9), "about a quarter less often than"),
        ("lower", (0.35, 0.2, 0.6), "about a third as often as"),
    ],
)
def test_the_nearest_words_are_taken(verdict, numbers, words):
    assert say(verdict, *numbers) == words


@pytest.mark.parametrize(
    ("verdict", "numbers", "words"),
    [
        ("higher", (2.29, 2.1, 2.4), "2.3 times as often as"),
        ("lower", (0.42, 0.4, 0.45), "0.42 times as often as"),
        ("higher", (2.4, 1.8, 2.45), "2.4 times as often as"),
        ("higher", (18.01, 12.5, 20.7), "18 times as often as"),
        ("higher", (2.72, 2.4, 3.1), "2.7 times as often as"),
        ("higher", (12.3, 9.9, 15.2), "12 times as often as"),
        ("higher", (31.2, 20, 40), "31 times as often as"),
        ("higher", (19.2, 12.5, 20.7), "about twenty times as often as"),
    ],
)
def test_no_words_say_more_or_less_than_the_range_allows_or_are_a_twentieth_off(verdict, numbers, words):
    """ "About two and a half times" was said of 2.72: where no words are near, the figure itself is given."""
    assert say(verdict, *numbers) == words


def test_no_ratio_is_put_into_words_that_are_more_than_a_twentieth_off():
    for ratio in [1.05 * 1.01**step for step in range(300)]:
        for verdict, value in (("higher", ratio), ("lower", 1 / ratio)):
            said = say(verdict, value, value / 2, value * 2)
            worth = {text: each for each, text in (MORE_OFTEN | LESS_OFTEN).items()}.get(said)
            worth = worth or float(said.removesuffix(" times as often as").replace(",", ""))
            # A small figure is printed to a hundredth.
            assert abs(worth / value - 1) <= 0.05 or abs(worth - value) <= 0.005, (value, said)


@pytest.mark.parametrize(("ratio", "words"), [(0.5, "half as many"), (1.0, "as many"), (1.95, "twice as many")])
def test_numbers_of_searches_are_set_beside_each_other(ratio, words):
    assert say_as_many(ratio) == f"about {words} searches as"


@pytest.mark.parametrize(("ratio", "words"), [(1.75, "more searches than"), (0.42, "fewer searches than")])
def test_numbers_of_searches_that_no_words_are_near_are_more_or_fewer(ratio, words):
    assert say_as_many(ratio) == words
