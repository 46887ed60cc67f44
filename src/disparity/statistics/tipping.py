"""How strong something unmeasured would have to be to explain a difference away."""

import numpy as np
import numpy.typing as npt

from disparity.statistics.intervals import FloatArray, as_floats


def e_value(ratio: npt.ArrayLike) -> FloatArray:
    """Give the E-value of a ratio: how strongly an unmeasured factor would have to be tied to group and to outcome.

    E = R + √(R (R - 1)), with R the ratio, or 1 / ratio where that is larger

    A factor that explains the whole ratio would have to be E times as common in one group as in the other, and to
    make the outcome E times as frequent, both beyond all that is allowed for; a weaker one cannot.

    Returns:
        E without unit, from 1 (nothing needs explaining); infinite where the ratio is 0 or infinite, NaN where it is
        not known or below 0.

    Source: VanderWeele and Ding (2017), Annals of Internal Medicine 167, 268-274.

    >>> e_value([3.9, 1.0, 0.5]).round(2).tolist()
    [7.26, 1.0, 3.41]
    """
    (value,) = as_floats(ratio)
    with np.errstate(divide="ignore", invalid="ignore"):
        larger = np.where(value < 1, 1 / value, value)
        strength = larger + np.sqrt(larger * (larger - 1))
    return np.where(value >= 0, strength, np.nan)
