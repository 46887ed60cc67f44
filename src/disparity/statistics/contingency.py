"""Tables of several groups by several outcomes: are they related, and how strongly.

Array-likes in, arrays out, like `intervals`: the last two axes are rows (groups) and columns (outcomes), and results
have the shape of the axes before them. NaN means that there is nothing to test. Rows and columns without a count
drop out: a group that nobody belongs to is no group.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.statistics.intervals import FloatArray, as_floats
from disparity.statistics.significance import RELATIVE_TIE

# numpy's hypergeometric draws take no larger populations.
LARGEST_DRAWN_TABLE = 1e9


class TableTest(NamedTuple):
    """Pearson's chi-square, its degrees of freedom, its p and the smallest expected count, each an array."""

    statistic: FloatArray
    degrees_of_freedom: FloatArray
    p: FloatArray
    smallest_expected: FloatArray


class CramersV(NamedTuple):
    """Cramér's V as it comes out of the table, and corrected for its bias, each an array."""

    plain: FloatArray
    corrected: FloatArray


class TrendTest(NamedTuple):
    """Change of the share for each point of score, Armitage's chi-square for it and its p, each an array."""

    slope: FloatArray
    statistic: FloatArray
    p: FloatArray


class _Margins(NamedTuple):
    """Counts with their totals; how many rows and columns hold a count, NaN where there is nothing to test."""

    counts: FloatArray
    rows: FloatArray
    columns: FloatArray
    total: FloatArray
    row_count: FloatArray
    column_count: FloatArray


def chi_square_test(table: npt.ArrayLike) -> TableTest:
    """Give the probability of shares at least this unlike among the groups, if they were the same in all.

    chi-square = Σ (count - expected)² / expected, expected = row total x column total / N;
    (rows - 1) x (columns - 1) degrees of freedom, no continuity correction

    Returns:
        Statistic, degrees of freedom, p and the smallest expected count, of the rows and columns with a count.
        p holds where the smallest expected count is 5 or more (`SMALLEST_EXPECTED_COUNT`); below it
        `monte_carlo_test` is to be believed. All NaN with fewer than two rows or columns, or where a count is
        negative or not known.

    Source: Pearson (1900); Cochran (1954) on small expected counts.

    >>> test = chi_square_test([[820, 2180], [610, 1790], [300, 980], [0, 0]])
    >>> [round(float(value), 4) for value in test]
    [7.5482, 2.0, 0.023, 331.497]
    """
    margins = _add_margins(table)
    statistic, smallest = _measure_distance(margins)
    degrees_of_freedom = (margins.row_count - 1) * (margins.column_count - 1)
    p = special.gammaincc(degrees_of_freedom / 2, statistic / 2)
    return TableTest(statistic, degrees_of_freedom, p, smallest)


def cramers_v(table: npt.ArrayLike) -> CramersV:
    """Give how strongly group and outcome are related, from 0 (not at all) to 1 (one determines the other).

    plain: V = √(φ² / min(r - 1, c - 1)), φ² = chi-square / N, with r rows and c columns
    corrected: V = √(max(0, φ² - (r - 1)(c - 1)/(N - 1)) / min(r' - 1, c' - 1)), r' = r - (r - 1)²/(N - 1), c' alike

    Returns:
        V without unit; 0 is no relation. The plain V of few searches is above 0 even where groups do not
        differ; the corrected one is not, on average. NaN where there is nothing to test, the corrected one also
        where the table has hardly more searches than rows.

    Source: Cramér (1946); Bergsma (2013) for the correction.

    >>> plain, corrected = cramers_v([[10, 20], [20, 10]])
    >>> round(float(plain), 4), round(float(corrected), 4)
    (0.3333, 0.3095)
    """
    margins = _add_margins(table)
    statistic, _ = _measure_distance(margins)
    r, c, others = margins.row_count - 1, margins.column_count - 1, margins.total - 1
    phi_square = statistic / margins.total
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = np.sqrt(phi_square / np.minimum(r, c))
        room = np.minimum(r - r**2 / others, c - c**2 / others)
        corrected = np.sqrt(np.maximum(phi_square - r * c / others, 0.0) / np.where(room > 0, room, np.nan))
    # 1 is the most there is: rounding alone can pass it.
    return CramersV(np.minimum(plain, 1.0), np.minimum(corrected, 1.0))


def trend_test(successes: npt.ArrayLike, trials: npt.ArrayLike, scores: npt.ArrayLike) -> TrendTest:
    """Give the probability of a trend at least this steep of a share over ordered groups (ages, years), if none.

    With s̄ = Σ n s / Σ n and p = Σ x / Σ n: slope = Σ x (s - s̄) / Σ n (s - s̄)²,
    chi-square = (Σ x (s - s̄))² / (p (1 - p) Σ n (s - s̄)²), one degree of freedom, no continuity correction.
    The variance has N as in Armitage and R, by which one degree of freedom of Pearson's chi-square goes to the
    trend; statsmodels dissents with N - 1, the same but for the factor (N - 1)/N.

    Returns:
        Slope in shares of 1 for each point of score (0 is no trend), chi-square and p without unit, over the last
        axis. NaN where there are fewer than two scores, nobody or everybody succeeded, or a count is impossible.

    Source: Cochran (1954); Armitage (1955).

    >>> test = trend_test([5, 9, 30], [40, 60, 150], [0, 1, 4])
    >>> [round(float(value), 4) for value in test]
    [0.0179, 1.5842, 0.2082]
    """
    x, n, s = (np.atleast_1d(value) for value in as_floats(successes, trials, scores))
    is_possible = ((x >= 0) & (x <= n) & np.isfinite(n)).all(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        total, share = n.sum(-1), x.sum(-1) / n.sum(-1)
        distances = s - ((n * s).sum(-1) / total)[..., np.newaxis]
        tilt, spread = (x * distances).sum(-1), (n * distances**2).sum(-1)
        # By the scores themselves: a mean that is rounded leaves a little spread where there is none.
        highest, lowest = np.where(n > 0, s, -np.inf).max(-1), np.where(n > 0, s, np.inf).min(-1)
        has_trend = is_possible & (highest > lowest)
        slope = np.where(has_trend & (share > 0) & (share < 1), tilt / spread, np.nan)
        statistic = slope * tilt / (share * (1 - share))
    return TrendTest(slope, statistic, special.gammaincc(0.5, statistic / 2))


def monte_carlo_test(table: npt.ArrayLike, *, samples: int, seed: int) -> FloatArray:
    """Give the probability of a chi-square at least this large by drawing tables, however small the counts.

    p = (1 + drawn tables with a chi-square as large or larger) / (1 + samples), tables drawn with the row and
    column totals of the observed one; every table starts from the same seed, so that its p depends on no other

    Returns:
        p from 1 / (1 + samples) to 1; its standard error is √(p (1 - p) / samples). NaN where there is nothing
        to test, where a count is not whole, and for more than a thousand million searches (where no count is small).

    Source: Hope (1968) for the two ones added; Patefield (1981) on tables with given totals.

    >>> round(float(monte_carlo_test([[3, 1], [1, 3]], samples=9999, seed=1)), 1)
    0.5
    """
    margins = _add_margins(table)
    observed, _ = _measure_distance(margins)
    p = np.full(observed.shape, np.nan)
    is_whole = (margins.counts == np.floor(margins.counts)).all((-2, -1))
    for place in np.argwhere(is_whole & np.isfinite(observed) & (margins.total < LARGEST_DRAWN_TABLE)):
        at = tuple(place)
        rows, columns = margins.rows[at], margins.columns[at]
        draw = np.random.default_rng(seed)
        drawn = _draw_distances(rows[rows > 0], columns[columns > 0], samples, draw)
        # Tables with the very same chi-square come out a rounding apart.
        p[at] = (1 + (drawn >= observed[at] * (1 - RELATIVE_TIE)).sum()) / (1 + samples)
    return p


def _add_margins(table: npt.ArrayLike) -> _Margins:
    counts = np.asarray(table, dtype=np.float64)
    rows, columns = counts.sum(-1), counts.sum(-2)
    row_count, column_count = (rows > 0).sum(-1), (columns > 0).sum(-1)
    is_possible = (counts >= 0).all((-2, -1)) & np.isfinite(rows).all(-1)
    is_table = is_possible & (row_count > 1) & (column_count > 1)
    row_count, column_count = (np.where(is_table, count, np.nan) for count in (row_count, column_count))
    return _Margins(counts, rows, columns, rows.sum(-1), row_count, column_count)


def _measure_distance(margins: _Margins) -> tuple[FloatArray, FloatArray]:
    """Give Pearson's chi-square and the smallest expected count."""
    is_table = ~np.isnan(margins.row_count)
    total = np.where(is_table, margins.total, np.nan)[..., np.newaxis, np.newaxis]
    expected = margins.rows[..., :, np.newaxis] * (margins.columns[..., np.newaxis, :] / total)
    has_count = expected > 0
    gap = np.where(has_count, margins.counts - expected, 0.0)
    statistic = (gap * (gap / np.where(has_count, expected, 1.0))).sum((-2, -1))
    smallest = np.where(has_count, expected, np.inf).min((-2, -1), initial=np.inf)
    return np.where(is_table, statistic, np.nan), np.where(is_table, smallest, np.nan)


def _draw_distances(rows: FloatArray, columns: FloatArray, samples: int, draw: np.random.Generator) -> FloatArray:
    """Draw tables with these totals and give the chi-square of each.

    Row by row, each cell from what is left of its column: a chain of hypergeometric draws.
    """
    total = rows.sum()
    left = np.tile(columns.astype(np.int64), (samples, 1)).T
    distance = np.full(samples, -total)
    for row in rows[:-1]:
        of_row = np.full(samples, int(row))
        others = left.sum(0)
        for place, column in enumerate(columns[:-1]):
            others -= left[place]
            cell = draw.hypergeometric(left[place], others, of_row)
            left[place] -= cell
            of_row -= cell
            distance += cell**2 * (total / (row * column))
        left[-1] -= of_row
        distance += of_row**2 * (total / (row * columns[-1]))
    last = left**2 * (total / (rows[-1] * columns))[:, np.newaxis]
    return np.asarray(distance + last.sum(0))
