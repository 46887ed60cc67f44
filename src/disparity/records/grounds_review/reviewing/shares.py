"""What the review gives: shares of all searches with their intervals, and how far reviewers agree."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from disparity.records.grounds_review.reviewing.settle import YES
from disparity.records.grounds_review.sampling.folder import Design
from disparity.statistics.agreement import Kappa, cohen_kappa, fleiss_kappa
from disparity.statistics.intervals import wilson
from disparity.statistics.sampling import stratified_share
from disparity.vocabulary.codes import ALL, EVERY_GROUP, GROUNDS_ANSWERS, SEARCH_TYPES, WEAK_REASONS
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, SMALL
from disparity.vocabulary.thresholds import SMALL_SEARCHES

REVIEW_TYPES: dict[str, type[pl.DataType]] = {
    **{"measure": pl.String, "force": pl.String, "period_from": pl.Date, "period_to": pl.Date},
    **{"ethnic_group": pl.String, "search_type": pl.String, "category": pl.String},
    **{"numerator": pl.Int64, "denominator": pl.Int64, "is_weighted": pl.Boolean},
    **{"value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64},
    **{"interval_method": pl.String, "status": pl.String},
}
SIMPLE, WEIGHTED = "Wilson, finite population", "Wilson, effective sample size"
NOT_GIVEN = "not_given"
VERDICT = pl.col("verdict")
Row = dict[str, Any]


def measure_review(settled: pl.DataFrame, design: Design, *, reviewers: int) -> pl.DataFrame:
    """Give the shares and agreements of a review: REVIEW_TYPES, in the order of the measures, groups and types.

    `numerator` and `denominator` count records that were read; `value` is a share of all searches of the period, which
    weighs them where the sample drew more of some (`is_weighted`).
    """
    searches = sum(each.searches for each in design.strata)
    rows = [
        {
            **{"measure": "reviewed_share", "numerator": settled.height, "denominator": searches},
            **{"value": settled.height / searches, "status": MEASURED},
        },
        *_state_reasonable(settled, design),
        *_state_reasons(settled, design),
        *(_state_agreement(settled, reviewers) if reviewers > 1 else ()),
    ]
    shared = {"force": design.force, "period_from": design.period_from, "period_to": design.period_to}
    blank = {"ethnic_group": ALL, "search_type": ALL, "category": ALL, "is_weighted": False}
    return pl.DataFrame([blank | shared | row for row in rows], schema=REVIEW_TYPES)


def _state_reasonable(settled: pl.DataFrame, design: Design) -> Iterator[Row]:
    everybody = VERDICT.is_not_null()
    for measure, met in (
        ("reasonable_share", VERDICT == YES),
        ("reasonable_by_any_share", pl.col("is_yes_by_any")),
        ("reasonable_by_all_share", pl.col("is_yes_by_all")),
        ("unsettled_share", VERDICT == "unsettled"),
    ):
        yield {"measure": measure} | _share(settled, design, of=everybody, met=met)
    # The types as they are recorded: the sum of the parts of drugs is no part of its own.
    for column, values in (("ethnic_group", EVERY_GROUP), ("search_type", SEARCH_TYPES)):
        used = set(settled[column])
        for value in values:
            if value in used:
                of = pl.col(column) == value
                share = _share(settled, design, of=of, met=VERDICT == YES)
                yield {"measure": "reasonable_share", column: value} | share


def _state_reasons(settled: pl.DataFrame, design: Design) -> Iterator[Row]:
    """Of records not called reasonable, those for which a reviewer gave the reason; one record may have several."""
    is_weak = VERDICT != YES
    if not settled.select(is_weak.any()).item():
        return
    given = pl.col("reasons")
    reasons = {code: given.list.contains(code) for code in WEAK_REASONS} | {NOT_GIVEN: given.list.len() == 0}
    for code, is_given in reasons.items():
        share = _share(settled, design, of=is_weak, met=is_given)
        yield {"measure": "weak_reason_share", "category": code} | share


def _share(settled: pl.DataFrame, design: Design, *, of: pl.Expr, met: pl.Expr) -> Row:
    """The share of the members that meet a condition, by the strata they were drawn from."""
    marked = settled.select("stratum", of.alias("members"), (of & met).alias("met"))
    read = marked.group_by("stratum").agg(pl.len().alias("read"), pl.col("members", "met").sum())
    sizes = {each.stratum: each.searches for each in design.strata}
    read = read.with_columns(pl.col("stratum").replace_strict(sizes).alias("searches")).sort("stratum")
    counts = [read[name].to_numpy() for name in ("searches", "read", "members", "met")]
    share = stratified_share(*counts)
    weights = (read["searches"] / read["read"]).filter(read["members"] > 0)
    is_weighted = bool(weights.max() > weights.min() * (1 + 1e-9))  # type: ignore[operator]
    members = int(read["members"].sum())
    return {
        **{"numerator": int(read["met"].sum()), "denominator": members, "is_weighted": is_weighted},
        **{"value": float(share.estimate), "lower": float(share.lower), "upper": float(share.upper)},
        **{
            "interval_method": WEIGHTED if is_weighted else SIMPLE,
            "status": SMALL if members < SMALL_SEARCHES else MEASURED,
        },
    }


def _state_agreement(settled: pl.DataFrame, reviewers: int) -> Iterator[Row]:
    """Of records that every reviewer has answered; they count alike, for it is the reviewers that are measured."""
    answers = [given for given in settled["answers"].to_list() if len(given) == reviewers]
    alike, records = sum(len(set(given)) == 1 for given in answers), len(answers)
    status = SMALL if records < SMALL_SEARCHES else MEASURED
    if not records:
        return
    lower, upper = map(float, wilson(alike, records))
    yield {
        **{"measure": "agreement", "numerator": alike, "denominator": records, "value": alike / records},
        **{"lower": lower, "upper": upper, "interval_method": "Wilson", "status": status},
    }
    kappa = _measure_kappa(answers, reviewers)
    value, _, low, high = (None if np.isnan(part) else float(part) for part in kappa)
    named = "Cohen’s kappa, large sample" if reviewers == 2 else "Fleiss’ kappa, large sample"
    yield {
        **{"measure": "kappa", "denominator": records, "value": value, "lower": low, "upper": high},
        **{"interval_method": named, "status": NOT_MEASURABLE if value is None else status},
    }


def _measure_kappa(answers: Sequence[Sequence[str]], reviewers: int) -> Kappa:
    codes = np.array([[GROUNDS_ANSWERS.index(answer) for answer in given] for given in answers])
    if reviewers == 2:
        table = np.zeros((len(GROUNDS_ANSWERS), len(GROUNDS_ANSWERS)))
        np.add.at(table, (codes[:, 0], codes[:, 1]), 1)
        return cohen_kappa(table)
    return fleiss_kappa(np.stack([(codes == code).sum(axis=1) for code in range(len(GROUNDS_ANSWERS))], axis=1))
