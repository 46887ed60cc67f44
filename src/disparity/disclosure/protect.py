"""How a count is protected: a function of the count alone, and of whether it is in a small whole.

The same cell has the same figure in every table and every edition, so nobody can average the noise away. Totals
are protected from their own count, never added up.
"""

from collections.abc import Callable

import polars as pl

from disparity.disclosure.plan import CELL_KEYS, OUTCOMES, Key, list_longer, list_parents

# A count from 1 to 7 may point at people; 8 is the least that is shown (NHS Digital, HES analysis guide, 2018).
THRESHOLD = 8
MOST_SUPPRESSED = THRESHOLD - 1
# The fewest values that an attacker is left with, of a count that could be one of 1 to 7.
FEWEST_CANDIDATES = 5
# Where an outcome is that of nobody or of everybody in fewer than this, it is suppressed: it would give each away.
FEWEST_OF_GROUP = 20
# One for every publication: a base chosen for what is in the counts would tell of them. With 15 the proof holds for
# nearly every force and year; with 5 and 10 it often does not (docs/decisions).
BASE = 15

Range = tuple[int, int]


def protect(count: int, base: int) -> int | None:
    """Suppress 1 to 7 (None) and round every other count to the nearest multiple of `base`, halves up.

    >>> [protect(count, 5) for count in (0, 1, 7, 8, 12, 13)]
    [0, None, None, 10, 10, 15]
    """
    if 0 < count < THRESHOLD:
        return None
    return (2 * count + base) // (2 * base) * base


def range_of(shown: int | None, base: int) -> Range:
    """Give the least and the largest count that is shown so.

    >>> range_of(None, 5), range_of(0, 5), range_of(10, 5), range_of(10, 10), range_of(20, 10)
    ((1, 7), (0, 0), (8, 12), (8, 14), (15, 24))
    """
    if shown is None:
        return 1, MOST_SUPPRESSED
    if shown == 0:
        return 0, 0
    return max(shown - base // 2, THRESHOLD), shown + (base - 1) // 2


def protect_cells(cells: pl.DataFrame, base: int) -> pl.DataFrame:
    """Protect every count of a plan: null is suppressed.

    Beyond `protect`, whatever is a part of a suppressed count is suppressed, zeros too: otherwise the few parts that
    are left would show it. An outcome of nobody or everybody in a group that is shown as under FEWEST_OF_GROUP is
    suppressed as well. What is a part of a zero that is shown is a zero: all can see it, and a mark would promise more.
    """
    exact: dict[Key, int] = {row[:-1]: row[-1] for row in cells.iter_rows()}
    spans = sorted({key[1:3] for key in exact})
    shown: dict[Key, int | None] = {}

    def show(key: Key) -> int | None:
        if key not in shown:
            wholes = [show(whole) for whole in list_parents(key) if whole in exact]
            is_of_none = 0 in wholes or any(exact.get(whole) == 0 for whole in list_longer(key, spans))
            is_hidden = not is_of_none and (None in wholes or _gives_each_away(key, exact, show))
            shown[key] = None if is_hidden else protect(exact[key], base)
        return shown[key]

    protected = pl.Series("count", [show(key) for key in exact], pl.Int64)
    return cells.with_columns(protected)


def _gives_each_away(key: Key, exact: dict[Key, int], show: Callable[[Key], int | None]) -> bool:
    if key[-1] not in OUTCOMES:
        return False
    whole = list_parents(key)[0]
    return exact[whole] > 0 and is_small(show(whole)) and exact[key] in {0, exact[whole]}


def is_small(shown: int | None) -> bool:
    """Whether a group of that size is so small that an outcome of all or none of it gives each away."""
    return shown is None or shown < FEWEST_OF_GROUP


def list_ranges(cells: pl.DataFrame, base: int) -> dict[Key, Range]:
    """Give, for every protected cell, counts that it could be; never one that it could not.

    A suppressed outcome could also be that of everybody in its group: leaving this out can only make the proof harder.
    """
    shown: dict[Key, int | None] = {row[:-1]: row[-1] for row in cells.select(*CELL_KEYS, "count").iter_rows()}
    ranges = {}
    for key, value in shown.items():
        low, high = range_of(value, base)
        could_be_none = any(shown.get(whole, 0) is None for whole in list_parents(key)) or (
            key[-1] in OUTCOMES and is_small(shown.get(list_parents(key)[0]))
        )
        ranges[key] = (0 if value is None and could_be_none else low, high)
    return ranges


def list_not_all(cells: pl.DataFrame) -> list[tuple[Key, Key]]:
    """List the outcomes that are known not to be everybody's, as they are shown: outcome, what it is out of."""
    shown: dict[Key, int | None] = {row[:-1]: row[-1] for row in cells.select(*CELL_KEYS, "count").iter_rows()}
    pairs = [(key, list_parents(key)[0]) for key in shown if key[-1] in OUTCOMES]
    return [(key, whole) for key, whole in pairs if shown[key] and whole in shown and is_small(shown[whole])]


def worst_rounding_error(shown: int, base: int) -> float:
    """Give the most that a share can be off by rounding, of searches shown as so many: 0.04 is 4 percentage points.

    The largest |shown part / shown searches - part / searches| over all counts that are shown so.

    >>> round(worst_rounding_error(1_005, 15), 3)
    0.014
    """
    low, high = range_of(shown, base)
    cases = ((part, whole) for whole in range(low, high + 1) for part in range(whole + 1))
    errors = (abs(share / shown - part / whole) for part, whole in cases if (share := protect(part, base)) is not None)
    return max(errors)


def find_suppressed_wholes(cells: pl.DataFrame) -> list[str]:
    """Name the counts that are shown although a count that they are a part of is suppressed, and none of them zero."""
    shown: dict[Key, int | None] = {row[:-1]: row[-1] for row in cells.select(*CELL_KEYS, "count").iter_rows()}
    spans = sorted({key[1:3] for key in shown})

    def is_told(key: Key) -> bool:
        wholes = [shown[whole] for whole in list_parents(key) if whole in shown]
        is_of_none = 0 in wholes or any(shown.get(whole) == 0 for whole in list_longer(key, spans))
        return shown[key] is not None and None in wholes and not is_of_none

    return [", ".join(map(str, key[3:])) for key in shown if is_told(key)]
