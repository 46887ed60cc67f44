"""Every comparison under every assumption: of residents, unknown ethnicity, recording of results, months in doubt."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from scipy import special

from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.sources.population import BRACKETING, HEADLINE, PLAUSIBLE, SHOWN
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP

KEYS = ["measure", *PERIOD_KEYS, "ethnic_group", "reference_group", "search_type"]
SPAN = ["force", "period_from", "period_to"]
# How a row is used, as a base of residents is: the comparison as it is printed; in the range and the statement rule; in
# the rule alone; and to settle what could not be tried. A base that is only shown is no assumption of the rule.
BOUND = "bound"
ROLES = (HEADLINE, PLAUSIBLE, BRACKETING, BOUND)
LEFT_OUT, FEWEST, MOST = "left_out", "fewest_of_group", "most_of_group"
AS_RECORDED, NONE_FOUND, ALL_FOUND = "as_recorded", "excess_without", "excess_with"
EVERY_MONTH, WITHOUT_DOUBT = "all", "without_months_in_doubt"
ASSUMED = ["residents", "unknown_ethnicity", "result_recording", "months"]
VALUES = ["ratio", "ratio_lower", "ratio_upper", "difference", "difference_lower", "difference_upper"]
SPECIFICATION_COLUMNS = [*KEYS, *ASSUMED, "role", *VALUES, "p_value", "note"]
_BASE = {f"headline_{name}": name for name in (*VALUES, "p_value")}
_KEY_TYPES = dict.fromkeys(KEYS, pl.String()) | {"period_from": pl.Date(), "period_to": pl.Date()}
NO_TREATMENTS = pl.DataFrame(
    schema={key: _KEY_TYPES[key] for key in KEYS if key != "reference_group"}
    | {"treatment": pl.String(), "ratio": pl.Float64(), "difference": pl.Float64(), "added_error": pl.Float64()}
    | {"refused": pl.String()}
)
NO_RECORDING = pl.DataFrame(
    schema={key: _KEY_TYPES[key] for key in KEYS if key != "reference_group"}
    | dict.fromkeys(("ratio_none", "ratio_all", "difference_none", "difference_all"), pl.Float64())
)

NOTHING_IN_DOUBT = pl.DataFrame(schema={key: _KEY_TYPES[key] for key in SPAN})
NO_MONTH_LEFT = "no month is left that is not in doubt, or which are is not published"


@dataclass(frozen=True)
class Assumptions:
    """What the comparisons are set under.

    `residents`: force, period_from, period_to, ethnic_group, population, base, role (`sources.population.list_bases`).
    `treatments`: KEYS but the reference group, treatment, ratio, difference, added_error, refused; `bounds`: the same
    keys and VALUES but the values themselves (`reasons.scenarios`, `reasons.bounds`). `recording`: the same keys,
    ratio_none, ratio_all, difference_none, difference_all (`reasons.coverage`). `in_doubt`: force, period_from,
    period_to of the periods that have months in doubt; `without_doubt`: their comparisons made of the other months,
    annualised; none of a period without others, or whose months are not counted here.
    """

    residents: pl.DataFrame
    treatments: pl.DataFrame
    bounds: pl.DataFrame
    recording: pl.DataFrame = field(default_factory=NO_RECORDING.clone)
    in_doubt: pl.DataFrame = field(default_factory=NOTHING_IN_DOUBT.clone)
    without_doubt: pl.DataFrame | None = None


def specify(comparisons: pl.DataFrame, assumptions: Assumptions) -> pl.DataFrame:
    """Set every comparison that has a value under every assumption, each alone and residents with unknown ethnicity.

    A ratio of search rates on another base is ratio x (Pc / Pr on the printed base) / (Pc / Pr on the other), with P
    the residents of the group and of the reference group. What an assumption changes is the value: its interval keeps
    the width that it has as printed, on the log scale for a ratio, and is wider where unknown ethnicity is imputed:
    half width = √(half width² + (t x added error)²). p is that of value / √(standard error² + added error²), with t
    on the comparison's degrees of freedom; in a restricted publication, of a value that is nearer to equality by
    `margin`, which rounding could have made of it.

    Args:
        comparisons: of `compare`, with standard_error, degrees_of_freedom and margin (on the scale of the error).

    Returns:
        SPECIFICATION_COLUMNS: `role` is one of ROLES; the row as printed first. Values are null where an assumption
        cannot be tried, and `note` says why. Of search rates there is the ratio alone. p_value is null where the
        comparison is not tested.
    """
    is_shown = pl.col("ratio").is_not_null() | pl.col("difference").is_not_null()
    published = comparisons.filter(is_shown).with_columns(
        pl.col(name).alias(renamed) for renamed, name in _BASE.items()
    )
    rows = pl.concat(
        [
            _set(published, role=HEADLINE),
            _fill_in(published, assumptions.treatments),
            *_bound(published, assumptions.bounds),
            *_shift_recording(published, assumptions.recording),
        ],
        how="diagonal",
    )
    tested = _test(_widen(_recount(rows, assumptions.residents)))
    if not assumptions.in_doubt.is_empty():
        tested = pl.concat([tested, _leave_out_months(published, assumptions, tested)], how="diagonal")
    return tested.select(SPECIFICATION_COLUMNS)


def _set(
    rows: pl.DataFrame, *, role: str, unknown: str | pl.Expr = LEFT_OUT, recording: str = AS_RECORDED
) -> pl.DataFrame:
    return rows.with_columns(
        (pl.lit(unknown) if isinstance(unknown, str) else unknown).alias("unknown_ethnicity"),
        pl.lit(recording).alias("result_recording"),
        pl.lit(EVERY_MONTH).alias("months"),
        pl.lit(role).alias("role"),
        pl.lit(None, pl.String).alias("note"),
        pl.lit(0.0).alias("added_error"),
    )


def _join(published: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Join on the keys that are always the same reference group's."""
    keys = [key for key in KEYS if key != "reference_group"]
    return published.drop("ratio", "difference").join(other, on=keys, maintain_order="left")


def _fill_in(published: pl.DataFrame, treatments: pl.DataFrame) -> pl.DataFrame:
    others = treatments.filter(pl.col("treatment") != LEFT_OUT).rename({"added_error": "added"})
    rows = _set(_join(published, others), role=PLAUSIBLE, unknown=pl.col("treatment"))
    return rows.with_columns(
        pl.when(pl.col("refused").is_null()).then(pl.col("ratio", "difference")),
        pl.col("refused").alias("note"),
        pl.col("added").fill_null(0).alias("added_error"),
    ).drop("treatment", "refused", "added")


def _bound(published: pl.DataFrame, bounds: pl.DataFrame) -> list[pl.DataFrame]:
    keys = [key for key in KEYS if key != "reference_group"]
    rows = []
    for end, unknown in (("lower", FEWEST), ("upper", MOST)):
        ends = bounds.select(*keys, ratio=f"ratio_{end}", difference=f"difference_{end}")
        rows.append(_set(_join(published, ends), role=BOUND, unknown=unknown))
    return rows


def _shift_recording(published: pl.DataFrame, recording: pl.DataFrame) -> list[pl.DataFrame]:
    keys = [key for key in KEYS if key != "reference_group"]
    rows = []
    for end, assumed in (("none", NONE_FOUND), ("all", ALL_FOUND)):
        shifted = recording.select(*keys, ratio=f"ratio_{end}", difference=f"difference_{end}")
        known = shifted.filter(pl.col("ratio").is_not_null() | pl.col("difference").is_not_null())
        rows.append(_set(_join(published, known), role=BRACKETING, recording=assumed))
    return rows


def _recount(rows: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Set each ratio of search rates on every base; shares rest on no residents."""
    is_rate = pl.col("measure") == SEARCH_RATE.name
    people = residents.filter(pl.col("role") != SHOWN, pl.col("ethnic_group") != ALL).select(
        *SPAN, "ethnic_group", "population", residents="base", base_role="role"
    )
    reference = people.filter(ethnic_group=REFERENCE_GROUP).select(*SPAN, "residents", other="population")
    quotients = people.join(reference, on=[*SPAN, "residents"]).with_columns(
        quotient=pl.col("population") / pl.col("other")
    )
    printed = quotients.filter(base_role=HEADLINE).select(*SPAN, "ethnic_group", printed="quotient")
    factors = quotients.join(printed, on=[*SPAN, "ethnic_group"]).select(
        *SPAN, "ethnic_group", "residents", "base_role", factor=pl.col("printed") / pl.col("quotient")
    )
    rates = rows.filter(is_rate).join(factors, on=[*SPAN, "ethnic_group"], how="left", maintain_order="left")
    is_other = pl.col("base_role").is_not_null() & (pl.col("base_role") != HEADLINE)
    # A comparison is no longer as printed on another base; what only brackets, or bounds, stays so.
    moved = pl.when(is_other & pl.col("role").is_in([HEADLINE, PLAUSIBLE])).then("base_role").otherwise("role")
    rates = rates.with_columns(
        moved.alias("role"),
        pl.col("ratio") * pl.col("factor").fill_null(1),
        pl.lit(None, pl.Float64).alias("difference"),
    )
    shares = rows.filter(~is_rate).with_columns(residents=pl.lit(None, pl.String))
    return pl.concat([rates, shares], how="diagonal")


def _widen(rows: pl.DataFrame) -> pl.DataFrame:
    """Give each row the width of the printed interval, wider where something is added to its error."""
    quantile = pl.Series(special.stdtrit(_freedom(rows), 0.975))
    reach = (quantile * pl.col("added_error")) ** 2
    added = rows.with_columns(reach.alias("reach"))
    is_rate = pl.col("measure") == SEARCH_RATE.name
    # A ratio of 0 moves with the base alone, and so does its upper limit.
    moved = pl.when(pl.col("ratio") == 0).then(pl.col("factor").fill_null(1))
    scale = pl.when(pl.col("headline_ratio") > 0).then(pl.col("ratio") / pl.col("headline_ratio")).otherwise(moved)
    # How many times as far a limit of a share is from its value: on the scale of differences, and so of the ratio.
    far = {
        end: (pl.col(f"headline_difference_{end}") - pl.col("headline_difference")).abs() for end in ("lower", "upper")
    }
    times = {end: (far[end] ** 2 + pl.col("reach")).sqrt() / far[end] for end in far}
    columns = []
    for end, sign in (("lower", -1), ("upper", 1)):
        log = (pl.col(f"headline_ratio_{end}") / pl.col("headline_ratio")).log().abs()
        wide = pl.when(is_rate).then((log**2 + pl.col("reach")).sqrt()).otherwise(log * times[end])
        plain = pl.col(f"headline_ratio_{end}") * scale
        columns += [
            pl.when(pl.col("reach") > 0)
            .then(pl.col("ratio") * (sign * wide).exp())
            .otherwise(plain)
            .alias(f"ratio_{end}"),
            (pl.col("difference") + sign * (far[end] ** 2 + pl.col("reach")).sqrt()).alias(f"difference_{end}"),
        ]
    widened = added.with_columns(pl.col(column).fill_nan(None) for column in ("ratio", "difference")).with_columns(
        columns
    )
    return widened.with_columns(pl.when(pl.col(name).is_finite()).then(name).alias(name) for name in VALUES)


def _freedom(rows: pl.DataFrame) -> np.ndarray:
    return rows["degrees_of_freedom"].fill_null(float("inf")).to_numpy()


def _test(rows: pl.DataFrame) -> pl.DataFrame:
    is_rate = pl.col("measure") == SEARCH_RATE.name
    error = (pl.col("standard_error") ** 2 + pl.col("added_error") ** 2).sqrt()
    distance = pl.when(is_rate).then(pl.col("ratio").log()).otherwise("difference").abs()
    score = (distance - pl.col("margin")).clip(0) / error
    scores = rows.select(score.fill_null(float("nan"))).to_series().to_numpy()
    p = pl.Series(2 * special.stdtr(_freedom(rows), -scores)).fill_nan(None)
    is_tested = pl.col("headline_p_value").is_not_null()
    return rows.with_columns(
        pl.when(pl.col("role") == HEADLINE).then("headline_p_value").when(is_tested).then(p).alias("p_value")
    )


def _leave_out_months(published: pl.DataFrame, assumptions: Assumptions, tested: pl.DataFrame) -> pl.DataFrame:
    """Take the comparisons of the months that are not in doubt, on the printed base; null where there are none."""
    printed = tested.filter(role=HEADLINE).select(*KEYS, "residents")
    doubted = published.select(KEYS).join(assumptions.in_doubt, on=SPAN, how="semi", maintain_order="left")
    others = published.clear() if assumptions.without_doubt is None else assumptions.without_doubt
    kept = doubted.join(others.select(*KEYS, *VALUES, "p_value"), on=KEYS, how="left", maintain_order="left")
    rows = _set(kept.join(printed, on=KEYS, maintain_order="left"), role=PLAUSIBLE)
    value = pl.when(pl.col("measure") == SEARCH_RATE.name).then("ratio").otherwise("difference")
    return rows.with_columns(
        months=pl.lit(WITHOUT_DOUBT), note=pl.when(value.is_null()).then(pl.lit(NO_MONTH_LEFT)).otherwise("note")
    )
