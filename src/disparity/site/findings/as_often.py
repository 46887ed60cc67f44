"""How many times a rate is another, in words: "about twice as often as"; where no words are near, its figure."""

import math
from collections.abc import Mapping

from disparity.analysis.comparisons import HIGHER
from disparity.site.published_figures import Row, Sentence, say, size

TIMES = {
    1.5: "one and a half times",
    2: "twice",
    2.5: "two and a half times",
    3: "three times",
    3.5: "three and a half times",
    4: "four times",
    5: "five times",
    6: "six times",
    7: "seven times",
    8: "eight times",
    10: "ten times",
    15: "fifteen times",
    20: "twenty times",
}
PARTS = {0.5: "half", 1 / 3: "a third", 0.25: "a quarter", 0.2: "a fifth", 0.1: "a tenth"}
MORE_OFTEN = {1.1: "about a tenth more often than", 1.25: "about a quarter more often than"} | {
    value: f"about {words} as often as" for value, words in TIMES.items()
}
LESS_OFTEN = {
    0.9: "about a tenth less often than",
    0.75: "about a quarter less often than",
    2 / 3: "about a third less often than",
} | {value: f"about {words} as often as" for value, words in PARTS.items()}
AS_MANY = (
    {0.9: "about a tenth fewer searches than", 0.75: "about a quarter fewer searches than"}
    | {
        1: "about as many searches as",
        1.1: "about a tenth more searches than",
        1.25: "about a quarter more searches than",
    }
    | {value: f"about {words} as many searches as" for value, words in (TIMES | PARTS).items()}
    | {2 / 3: "about a third fewer searches than"}
)


# No words are given that are further off: "about two and a half times" of 2.72 would be 8%.
FARTHEST = 0.05


def say_how_often(row: Row) -> Sentence:
    """Say how often the people of a stated comparison of search rates were searched; "White people" follows.

    The nearest words, where they are near and the range of the ratio holds them; else the ratio itself.
    """
    values = row.values
    is_more = values["verdict"] == HIGHER
    lower, upper = values["range_lower"], values["range_upper"]
    words = MORE_OFTEN if is_more else LESS_OFTEN
    held = {value: text for value, text in words.items() if _is_within(value, lower, upper)}
    if values["ratio"] is None:
        return (f"{'more' if is_more else 'less'} often than",)
    near = _choose(held, values["ratio"])
    return (near,) if near else say("{} times as often as", size(row, "ratio"))


def say_as_many(ratio: float) -> str:
    """Say how one number of searches lies to another, which follows.

    >>> say_as_many(1.52)
    'about one and a half times as many searches as'
    >>> say_as_many(1.02)
    'about as many searches as'
    >>> say_as_many(1.75)
    'more searches than'
    """
    return _choose(AS_MANY, ratio) or f"{'more' if ratio > 1 else 'fewer'} searches than"


def _is_within(value: float, lower: float | None, upper: float | None) -> bool:
    return (lower or 0) <= value <= (math.inf if upper is None else upper)


def _choose(words: Mapping[float, str], ratio: float) -> str:
    """The nearest words; nothing where they are farther off than FARTHEST of the ratio."""
    nearest = min(words, key=lambda value: abs(math.log(value / ratio)), default=math.inf)
    return words[nearest] if abs(nearest - ratio) <= FARTHEST * ratio else ""
