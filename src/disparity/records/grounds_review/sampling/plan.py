"""How many records to draw, of which strata."""

from dataclasses import dataclass

import polars as pl

from disparity.statistics.sampling import allocate_sample, expected_half_width, sample_size
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SEARCH_TYPES
from disparity.vocabulary.errors import RequestError

STRATIFIED_BY = ("ethnic_group", "search_type")
ORDERS = {"ethnic_group": [*EVERY_GROUP], "search_type": [ALL, *SEARCH_TYPES]}


@dataclass(frozen=True)
class Request:
    """What is asked for: a number of records, or the half-width (a share of 1) that decides it."""

    half_width: float = 0.05
    size: int | None = None
    share: float = 0.5
    by: tuple[str, ...] = ()
    minimum: int = 0


def plan_sample(searches: pl.DataFrame, request: Request) -> pl.DataFrame:
    """Say how many records to draw of each stratum.

    Returns:
        stratum (1 and on), ethnic_group and search_type (All where it is not stratified by them), searches, drawn,
        weight (searches that each drawn record stands for).

    Raises:
        RequestError: a number is out of range.
    """
    _check(request)
    whole = [pl.lit(ALL).alias(name) for name in STRATIFIED_BY if name not in request.by]
    strata = searches.with_columns(whole).group_by(STRATIFIED_BY).agg(pl.len().cast(pl.Int64).alias("searches"))
    strata = strata.sort(pl.col(name).cast(pl.Enum(ORDERS[name])) for name in STRATIFIED_BY)
    size = request.size or int(sample_size(request.half_width, searches.height, share=request.share))
    drawn = allocate_sample(strata["searches"].to_numpy(), size, minimum=max(request.minimum, 1))
    return strata.select(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("stratum"),
        *STRATIFIED_BY,
        "searches",
        pl.Series("drawn", drawn, pl.Int64),
        (pl.col("searches") / pl.Series(drawn)).alias("weight"),
    )


def _check(request: Request) -> None:
    wrong = {
        "half-width": (request.half_width, 0 < request.half_width < 1),
        "size": (request.size, request.size is None or request.size >= 1),
        "share": (request.share, 0 < request.share < 1),
        "minimum": (request.minimum, request.minimum >= 0),
    }
    for name, (value, is_right) in wrong.items():
        if not is_right:
            what_now = "give a whole number" if name in ("size", "minimum") else "give a share above 0 and below 1"
            raise RequestError(f"{name} is out of range", found=str(value), what_now=what_now)


def describe_plan(strata: pl.DataFrame, *, share: float) -> str:
    """Say the plan in lines of text: the strata, and how far an interval would reach."""
    names = [" / ".join(dict.fromkeys(pair)) for pair in strata.select(STRATIFIED_BY).rows()]
    names = [name.removeprefix(f"{ALL} / ").removesuffix(f" / {ALL}") for name in names]
    wide = max(map(len, (*names, "stratum")))
    lines = [f"{'stratum':<{wide}}  searches   drawn    weight"]
    lines += [
        f"{name:<{wide}}  {searches:>8,}  {drawn:>6,}  {weight:>8.2f}"
        for name, (searches, drawn, weight) in zip(
            names, strata.select("searches", "drawn", "weight").rows(), strict=True
        )
    ]
    width = expected_half_width(strata["searches"].to_numpy(), strata["drawn"].to_numpy(), share=share)
    return "\n".join(
        [
            *lines,
            f"{'together':<{wide}}  {strata['searches'].sum():>8,}  {strata['drawn'].sum():>6,}",
            f"At a share of {share:.0%} the 95% interval reaches {100 * width:.1f} percentage points to either side.",
        ]
    )
