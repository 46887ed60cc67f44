"""Records → how long a force has to record before a difference of some size would show."""

import polars as pl

from disparity.analysis.sensitivity.planning import pick_types, plan_months
from disparity.pipeline.submissions import Progress, no_progress, read_checked
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import Settings
from disparity.records.judge_process import start_judge
from disparity.tables.schema.derived import divide_by_thousands
from disparity.vocabulary.errors import RequestError


def plan(settings: Settings, *, gap: float, times: float, progress: Progress = no_progress) -> pl.DataFrame:
    """Plan from a publication's own figures: `plan_months` of the latest period of each force.

    Args:
        gap: of find rates, in percentage points. times: of search rates.

    Raises:
        RequestError: the difference is none, or as `build`. DataError, DisclosureError: as `build`.
    """
    if not 0 < gap < 100 or times <= 1:
        raise RequestError(
            "there is no such difference to plan for",
            found=f"a gap of {gap:g} percentage points, {times:g} times the rate",
            what_now="give a gap over 0 and under 100, and a ratio over 1: one under 1 needs as long as its inverse",
        )
    start_judge()
    ingested, validation = read_checked(settings, progress)
    with progress("estimating and comparing"):
        frames = tabulate(settings, ingested, validation)
    estimates, comparisons = (divide_by_thousands(frames["estimates"]), frames["comparisons"])
    planned = plan_months(estimates, comparisons, gap=gap / 100, times=times)
    latest = pl.col("period_to") == pl.col("period_to").max().over("force")
    return pick_types(planned.filter(latest))
