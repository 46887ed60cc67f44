"""Intervals of rates, proportions and their ratios, for whole columns at once.

Every function takes array-likes that broadcast and gives arrays of their shape; NaN means that the interval
is undefined. Imports `scipy.special` only: `scipy.stats` costs a second at every start.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

from disparity.vocabulary.errors import RequestError

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Limits of a ratio are sought between exp(-50) and exp(50); 57 halvings leave 1e-15 of the ratio.
LOG_RATIO_BOUND = 50.0
HALVINGS = 57
# Newton's method on log odds: a step this small ends it (relative to the odds ratio).
SMALLEST_STEP = 1e-12
MOST_STEPS = 50


class Interval(NamedTuple):
    """Lower and upper limit, each an array of the shape of the inputs."""

    lower: FloatArray
    upper: FloatArray


class OddsRatio(NamedTuple):
    """An odds ratio with its limits, each an array of the shape of the inputs."""

    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray


def poisson_exact(events: npt.ArrayLike, exposure: npt.ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Give the range of yearly (or other) rates that the number of events is compatible with.

    lower = G(tail; events) / exposure, upper = G(1 - tail; events + 1) / exposure, where G(p; k) is the
    quantile of the gamma distribution with shape k and tail = (1 - confidence) / 2

    Returns:
        Limits in events per unit of exposure. The lower limit of no events is exactly 0. NaN where the
        exposure is not above zero or the events are negative.

    Source: Garwood (1936).

    >>> lower, upper = poisson_exact([0, 11], [19, 19])
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.0, 0.289], [0.1942, 1.0359])
    """
    tail = tail_probability(confidence)
    x, t = as_floats(events, exposure)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(x == 0, 0.0, special.gammaincinv(x, tail)) / t
        upper = special.gammainccinv(x + 1, tail) / t
    return _blank(Interval(lower, upper), (x >= 0) & (t > 0))


def wilson(successes: npt.ArrayLike, trials: npt.ArrayLike, *, confidence: float = 0.95) -> Interval:
    """Give the range of proportions that are compatible with the successes seen.

    limits = (2x + z² ± z √(z² + 4x(1 - x/n))) / (2(n + z²)), x successes of n trials, z the normal quantile

    Returns:
        Limits as shares of 1. Exactly 0 below no successes, exactly 1 above no failures. NaN where there
        are no trials, or more successes than trials.

    Source: Wilson (1927); Newcombe (1998a), method 3.

    >>> lower, upper = wilson([75, 0], [310, 0])
    >>> lower.round(4).tolist(), upper.round(4).tolist()
    ([0.1976, nan], [0.2926, nan])
    """
    z = normal_quantile(confidence)
    x, n = as_floats(successes, trials)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
        # The lower limit as product of the roots over the upper: no digits cancel, and 0 comes out as 0.
        lower = 2 * x * (x / n) / (2 * x + z**2 + root)
        upper = np.where(x == n, 1.0, (2 * x + z**2 + root) / (2 * (n + z**2)))
    return _blank(Interval(lower, upper), are_proportions(x, n))


def newcombe_difference(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, *, confidence: float = 0.95
) -> Interval:
    """Give the range of differences p1 - p2 that two observed proportions are compatible with.

    lower = d - √((p1 - l1)² + (u2 - p2)²), upper = d + √((u1 - p1)² + (p2 - l2)²),
    with d = p1 - p2 and l, u the Wilson limits of each proportion; no continuity correction

    Returns:
        Limits as shares of 1 (0.05 is five percentage points); 0 is no difference. NaN where either
        group has no trials.

    Source: Newcombe (1998b), method 10.

    >>> lower, upper = newcombe_difference(75, 310, 2159, 11614)
    >>> round(float(lower), 5), round(float(upper), 5)
    (0.01114, 0.10716)
    """
    x1, n1, x2, n2 = as_floats(x1, n1, x2, n2)
    (l1, u1), (l2, u2) = wilson(x1, n1, confidence=confidence), wilson(x2, n2, confidence=confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        p1, p2 = x1 / n1, x2 / n2
        lower = p1 - p2 - np.hypot(p1 - l1, u2 - p2)
        upper = p1 - p2 + np.hypot(u1 - p1, p2 - l2)
    return _blank(Interval(lower, upper), are_proportions(x1, n1) & are_proportions(x2, n2))


def koopman_ratio(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, *, confidence: float = 0.95
) -> Interval:
    """Give the range of ratios p1 / p2 that two observed proportions are compatible with.

    The limits are the ratios r at which the score statistic
    (x1/n1 - r x2/n2) / √(q1(1 - q1)/n1 + r² q2(1 - q2)/n2) is z and -z, where q1 = r q2 and q2 are the
    most likely proportions with that ratio

    Returns:
        Limits without unit; 1 is the same proportion. No successes in group 1 give a lower limit of
        exactly 0, none in group 2 an upper limit of infinity, none in both (nothing is known) 0 to
        infinity. NaN where either group has no trials.

    Source: Koopman (1984); Gart and Nam (1988).

    >>> lower, upper = koopman_ratio(36, 40, 16, 80)
    >>> round(float(lower), 4), round(float(upper), 4)
    (2.9396, 7.1522)
    """
    z = normal_quantile(confidence)
    x1, n1, x2, n2 = as_floats(x1, n1, x2, n2)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = _koopman_lower(x1, n1, x2, n2, z)
        upper = 1 / _koopman_lower(x2, n2, x1, n1, z)
    return _blank(Interval(lower, upper), are_proportions(x1, n1) & are_proportions(x2, n2))


def rate_ratio_exact(
    events1: npt.ArrayLike,
    exposure1: npt.ArrayLike,
    events2: npt.ArrayLike,
    exposure2: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> Interval:
    """Give the range of ratios of two rates that the two numbers of events are compatible with.

    Given the total, the events of group 1 are binomial with share s = r E1 / (r E1 + E2); the
    Clopper-Pearson limits of s are turned back into ratios r = s / (1 - s) x E2 / E1

    Returns:
        Limits without unit; 1 is the same rate. No events in group 1 give a lower limit of exactly 0,
        none in group 2 an upper limit of infinity. NaN where neither group has an event (packages
        print 0 to infinity; the ratio is 0/0 and no figure is published) or an exposure is not above zero.

    Source: Clopper and Pearson (1934); Przyborowski and Wilenski (1940).

    >>> lower, upper = rate_ratio_exact(58_988, 2_409_283, 289_109, 48_699_231)
    >>> round(float(lower), 4), round(float(upper), 4)
    (4.0877, 4.1609)
    """
    tail = tail_probability(confidence)
    x1, t1, x2, t2 = as_floats(events1, exposure1, events2, exposure2)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = _lower_event_odds(x1, x2, tail) * (t2 / t1)
        upper = 1 / (_lower_event_odds(x2, x1, tail) * (t1 / t2))
    return _blank(Interval(lower, upper), are_comparable_rates(x1, t1, x2, t2))


def odds_ratio_conditional(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, *, confidence: float = 0.95
) -> OddsRatio:
    """Give the odds ratio of two groups, and its range, with both margins of the table taken as given.

    With odds ratio w, P(X = k) is proportional to C(n1, k) C(n2, m - k) w^k, m = x1 + x2. The estimate
    makes the expected X equal x1; the limits make P(X >= x1) and P(X <= x1) equal (1 - confidence) / 2

    Returns:
        Estimate and limits without unit; 1 is the same odds. The estimate is 0 or infinite where a cell
        is empty; NaN, with limits 0 and infinity, where nobody or everybody succeeded. All NaN where a
        group has no trials or a count is not whole.

    Source: Cornfield (1956); the quantity of R's `fisher.test`.

    >>> estimate, lower, upper = odds_ratio_conditional(36, 40, 16, 80)
    >>> round(float(estimate), 4), round(float(lower), 4), round(float(upper), 4)
    (34.5047, 10.3599, 152.9591)
    """
    tail = tail_probability(confidence)
    x1, n1, x2, n2 = as_floats(x1, n1, x2, n2)
    results = np.full((x1.size, 3), np.nan)
    cells = np.stack([x1, n1 - x1, x2, n2 - x2], axis=-1).reshape(-1, 4)
    for row in np.flatnonzero(are_whole_tables(x1, n1, x2, n2)):
        results[row] = _odds_ratio_of_table(cells[row], tail)
    return OddsRatio(*(results[:, column].reshape(x1.shape) for column in range(3)))


def as_floats(*values: npt.ArrayLike) -> tuple[FloatArray, ...]:
    """Give the values as arrays of float64 of one common shape."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def normal_quantile(confidence: float) -> float:
    """Give the number of standard errors either side that hold `confidence` of a normal distribution."""
    return -float(special.ndtri(tail_probability(confidence)))


def are_proportions(x: FloatArray, n: FloatArray) -> BoolArray:
    """Say where x of n is a proportion: some trials, and no more successes than trials."""
    return (n > 0) & (x >= 0) & (x <= n)


def are_comparable_rates(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> BoolArray:
    """Say where two rates can be compared: both exposures above zero, and an event in one group at least."""
    return (t1 > 0) & (t2 > 0) & (x1 >= 0) & (x2 >= 0) & (x1 + x2 > 0)


def are_whole_tables(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray) -> BoolArray:
    """Say where x1 of n1 and x2 of n2 are proportions of whole, finite counts."""
    whole = np.all([np.isfinite(value) & (value == np.floor(value)) for value in (x1, n1, x2, n2)], axis=0)
    return np.asarray(whole & are_proportions(x1, n1) & are_proportions(x2, n2))


def log_table_weights(cells: FloatArray, reach: float = math.inf) -> tuple[FloatArray, FloatArray]:
    """Give the tables with the same margins: steps from the observed one, and their log weights against it.

    `cells` are successes and failures of group 1, then of group 2; a step moves one success to group 1.
    """
    a, b, c, d = cells
    down, up = min(a, d, reach), min(b, c, reach)
    steps = np.arange(-down, up + 1)
    s = steps[:-1]
    # Ratios of neighbours, not log-gammas: with 60,000 searches those cancel all but ten digits.
    log_ratios = np.log((b - s) * (c - s) / ((a + s + 1) * (d + s + 1)))
    log_weights = np.concatenate([[0.0], np.cumsum(log_ratios)])
    return steps, log_weights - log_weights[int(down)]


def tail_probability(confidence: float) -> float:
    """Give the probability beyond each limit."""
    if not 0 < confidence < 1:
        what = "The confidence level does not lie between 0 and 1"
        raise RequestError(what, found=str(confidence), what_now="write 95% as 0.95")
    return (1 - confidence) / 2


def _blank(interval: Interval, is_defined: BoolArray) -> Interval:
    """Leave NaN where the interval is not defined."""
    return Interval(*(np.where(is_defined, limit, np.nan) for limit in interval))


def _koopman_lower(x1: FloatArray, n1: FloatArray, x2: FloatArray, n2: FloatArray, z: float) -> FloatArray:
    """Halve the log ratio until the score statistic, which falls as the ratio grows, is z."""
    low = np.full(x1.shape, -LOG_RATIO_BOUND)
    width = 2 * LOG_RATIO_BOUND
    for _ in range(HALVINGS):
        width /= 2
        r = np.exp(low + width)
        # The most likely q2 with q1 = r q2, root of a quadratic written so that nothing cancels.
        first, second = r * (n1 + x2), x1 + n2
        root = np.sqrt((first - second) ** 2 + 4 * r * (n1 - x1) * (n2 - x2))
        q2 = np.minimum(2 * (x1 + x2) / (first + second + root), 1)
        q1 = np.minimum(r * q2, 1)
        variance = q1 * (1 - q1) / n1 + r**2 * q2 * (1 - q2) / n2
        low = np.where(x1 / n1 - r * (x2 / n2) > z * np.sqrt(variance), low + width, low)
    return np.where(x1 == 0, 0.0, np.exp(low + width / 2))


def _lower_event_odds(x1: FloatArray, x2: FloatArray, tail: float) -> FloatArray:
    """Give the lower Clopper-Pearson limit of the share x1 / (x1 + x2), as odds."""
    share = special.betaincinv(x1, x2 + 1, tail)
    # The other share by its own quantile: 1 - share has no digits left when the share is close to 1.
    other_share = special.betainccinv(x2 + 1, x1, tail)
    return np.where(x1 == 0, 0.0, share / other_share)


def _odds_ratio_of_table(cells: FloatArray, tail: float) -> tuple[float, float, float]:
    """Give estimate, lower and upper limit for successes and failures of group 1, then of group 2."""
    a, b, c, d = cells
    if a + c == 0 or b + d == 0:
        return math.nan, 0.0, math.inf
    # Half a count more in each cell (Haldane, Anscombe) gives finite starting values, no more than that.
    start = math.log((a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
    error = math.sqrt(sum(1 / (cells + 0.5)))
    spread = -1.5 * float(special.ndtri(tail)) * error
    # 25 standard deviations either side: what is left out weighs less than 1e-50 at either limit.
    steps, log_weights = log_table_weights(cells, math.ceil(25 / error + 50))
    if min(a, d) == 0:
        estimate, lower = -math.inf, -math.inf
    else:
        lower = _lower_log_odds(steps, log_weights, start - spread, tail)
    if min(b, c) == 0:
        estimate, upper = math.inf, math.inf
    else:
        upper = -_lower_log_odds(-steps[::-1], log_weights[::-1], -start - spread, tail)
    if cells.all():
        estimate = _central_log_odds(steps, log_weights, start)
    return math.exp(estimate), math.exp(lower), math.exp(upper)


def _lower_log_odds(steps: FloatArray, log_weights: FloatArray, log_odds: float, tail: float) -> float:
    """Find where the observed table and those above it have probability `tail`, by Newton's method.

    The log of that probability is concave in the log odds, so no step from below overshoots.
    """
    upwards = slice(int(-steps[0]), None)
    for _ in range(MOST_STEPS):
        shares = _tilt(steps, log_weights, log_odds)
        above = float(shares[upwards].sum())
        slope = float(shares[upwards] @ steps[upwards]) / above - float(shares @ steps)
        step = math.log(above / tail) / slope
        log_odds -= step
        if abs(step) < SMALLEST_STEP:
            return log_odds
    return math.nan  # pragma: no cover - 20,000 random tables at five confidences: 8 steps at most


def _central_log_odds(steps: FloatArray, log_weights: FloatArray, log_odds: float) -> float:
    """Find where the observed table is the expected one, by Newton's method."""
    for _ in range(MOST_STEPS):
        shares = _tilt(steps, log_weights, log_odds)
        mean = float(shares @ steps)
        step = mean / (float(shares @ steps**2) - mean**2)
        log_odds -= step
        if abs(step) < SMALLEST_STEP:
            return log_odds
    return math.nan  # pragma: no cover - 20,000 random tables at five confidences: 8 steps at most


def _tilt(steps: FloatArray, log_weights: FloatArray, log_odds: float) -> FloatArray:
    """Give the probability of each table when the odds ratio is not 1."""
    exponents = log_weights + steps * log_odds
    weights = np.exp(exponents - exponents.max())
    return np.asarray(weights / weights.sum())
