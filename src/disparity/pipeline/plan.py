"""Records → how long a force has to record before a difference of some size would show."""

import polars as pl

from disparity.analysis.sensitivity.planning import pick_types, plan_months
from disparity.pipeline.submissions import Progress, no_progress, read_checked
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import Settings
from disparity.records.judge_process import start_judge
from disparity.tables.schema.derived import divide_by_thousands
from disparity.vocabulary.errors import RequestError


def plan_project(settings: Settings, *, gap: float, times: float, progress: Progress = no_progress) -> pl.DataFrame:
    """Plan from a publication's own figures: `plan` of the latest period of each force.

    Raises:
        RequestError: the difference is none, or as `build`. DataError, DisclosureError: as `build`.
    """
    _check_difference(gap, times)
    start_judge()
    ingested, validation = read_checked(settings, progress)
    with progress("estimating and comparing"):
        frames = tabulate(settings, ingested, validation)
    return plan(frames["estimates"], frames["comparisons"], gap=gap, times=times)


def plan(estimates: pl.DataFrame, comparisons: pl.DataFrame, *, gap: float = 5, times: float = 1.5) -> pl.DataFrame:
    """Say how many months of records a difference would need, to be found four times out of five.

    Args:
        estimates: of `estimates`. comparisons: of `compare`, or as published.
        gap: of find rates, in percentage points, up or down. times: of search rates, over 1.

    Returns:
        A row for each group that is compared (self-defined ethnicity), of search rates and of find rates, in the latest
        period of each force: `months_needed` for one comparison by itself, `months_to_state` at the level that all
        comparisons leave, and `smallest_difference`, what the records there are would have shown. All types of search
        together, and those with a search of the group a month or more. Null where no number of months would do.
        docs/python.md has every column.

    Raises:
        RequestError: the difference is none.

    Example:
        `plan(rates, comparisons, gap=3, times=1.2)`
    """
    _check_difference(gap, times)
    planned = plan_months(divide_by_thousands(estimates), comparisons, gap=gap / 100, times=times)
    latest = pl.col("period_to") == pl.col("period_to").max().over("force")
    return pick_types(planned.filter(latest))


def _check_difference(gap: float, times: float) -> None:
    if not 0 < gap < 100 or times <= 1:
        raise RequestError(
            "there is no such difference to plan for",
            found=f"a gap of {gap:g} percentage points, {times:g} times the rate",
            what_now="give a gap over 0 and under 100, and a ratio over 1: one under 1 needs as long as its inverse",
        )
