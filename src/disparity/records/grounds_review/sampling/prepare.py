"""A sample from beginning to end: the plan of a project's searches, then the drawing of it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from disparity.project.settings import Settings
from disparity.records.grounds_review.sampling.draw import draw_records
from disparity.records.grounds_review.sampling.folder import Design, Stratum, write_sample
from disparity.records.grounds_review.sampling.plan import Request, describe_plan, plan_sample
from disparity.records.grounds_review.sampling.records import Searches, list_searches


@dataclass(frozen=True)
class Planned:
    """The searches there are, the strata to draw from, and the plan in words."""

    searches: Searches
    span: tuple[date, date]
    strata: pl.DataFrame
    words: str


def prepare_sample(settings: Settings, force: str, request: Request) -> Planned:
    """Plan a sample of a force's searches in the project's months.

    Raises:
        RequestError: a number is out of range, or there is no extract with grounds. DataError: there is no search.
    """
    searches = list_searches(settings, force)
    strata = plan_sample(searches.rows, request)
    words = describe_plan(strata, share=request.share)
    if searches.without_id:
        words += f"\nLeft out for want of a record number: {searches.without_id:,}"
    return Planned(searches, (settings.first_month, settings.last_month), strata, words)


def draw_sample(planned: Planned, folder: Path, *, seed: int, reviewers: int, is_blind: bool) -> None:
    """Draw what is planned, and write the folder of the sample.

    Raises:
        RequestError: the folder holds something already.
    """
    drawn = draw_records(planned.searches.rows, planned.strata, seed=seed)
    strata = tuple(Stratum(*row) for row in planned.strata.drop("weight").rows())
    design = Design(planned.searches.force, *planned.span, seed, reviewers, is_blind, strata)
    write_sample(folder, design, drawn)
