"""The annual statement: what the inspectorate asks of a force, answered point by point from the published tables.

HMICFRS asks every force to monitor comprehensive data on stop and search, to understand how find rates differ by
ethnicity and across types of search (possession and supply of drugs apart), to know how prevalent searches for
possession only are and whether they fit local priorities, and to publish the analysis and the action taken, at
least once a year (PEEL legitimacy 2017, cause of concern; repeated in 2018/19). It asks the force, so only the force's
own publication answers: of anybody else's, no point is assessed.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import polars as pl

from disparity.analysis.actions.answers import NOT_EXPLAINED
from disparity.project.settings import Settings
from disparity.vocabulary.calendar import MONTHS_IN_YEAR, month_range, months_from, number_month
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED, PARTIAL, SMALL
from disparity.vocabulary.text import in_words

MET, PARTLY, NOT_MET, NOT_ASSESSED = "met", "partly", "not met", "not assessed"
NOT_THE_FORCES = "This publication is not the force’s"
# Thresholds of our own, as the inspectorate sets none: above them the records say too little.
MOST_UNKNOWN_ETHNICITY = 0.10
MOST_UNSEPARATED = 0.05
MONITORING = "comprehensive monitoring"
BY_ETHNICITY_AND_TYPE = "find rates by ethnicity and type of search"
POSSESSION_AND_SUPPLY = "possession and supply apart"
PRIORITIES = "possession-only searches and local priorities"
ANALYSIS_PUBLISHED = "analysis published"
ACTION_PUBLISHED = "action published"
POINTS = (
    MONITORING,
    BY_ETHNICITY_AND_TYPE,
    POSSESSION_AND_SUPPLY,
    PRIORITIES,
    ANALYSIS_PUBLISHED,
    ACTION_PUBLISHED,
)
STATEMENT_COLUMNS = ["force", "period_from", "period_to", "point", "answer", "why"]


class Answer(NamedTuple):
    """Met, partly, not met or not assessed, and why."""

    answer: str
    why: str


class Facts(NamedTuple):
    """What is published of one force in its latest period."""

    force: str
    period: tuple[date, date]
    estimates: pl.DataFrame
    breakdowns: pl.DataFrame
    disparities: pl.DataFrame
    actions: pl.DataFrame
    months_missing: int


def answer_inspectorate(frames: dict[str, pl.DataFrame], settings: Settings) -> pl.DataFrame:
    """Answer every point for each force, in its latest period; "not assessed" where the publication is not its own.

    Args:
        frames: the published tables, by name: estimates, submissions, breakdowns, disparities, actions.

    Returns:
        STATEMENT_COLUMNS, in the order of POINTS.

    Source: HMICFRS, PEEL: Police legitimacy 2017, and the inspections of 2018/19.
    """
    rows = [
        (facts.force, *facts.period, point, *answer)
        for facts in _gather(frames)
        for point, answer in zip(POINTS, _answer(facts, settings), strict=True)
    ]
    kinds = {"period_from": pl.Date(), "period_to": pl.Date()}
    return pl.DataFrame(rows, {name: kinds.get(name, pl.String()) for name in STATEMENT_COLUMNS}, orient="row")


def _gather(frames: dict[str, pl.DataFrame]) -> Iterator[Facts]:
    own = frames["estimates"].filter(pl.col("ethnicity_basis") == SELF_DEFINED)
    latest = own.group_by("force").agg(pl.col("period_from", "period_to").max()).sort("force")
    for force, first, last in latest.iter_rows():
        of_force = pl.col("force") == force
        of_period = of_force & (pl.col("period_to") == last)
        submitted = frames["submissions"].filter(of_force, pl.col("status") != "missing")
        months = {
            month
            for start, months in submitted.select("month", "months").iter_rows()
            for month in months_from(start, months)
        }
        yield Facts(
            force,
            (first, last),
            own.filter(of_period),
            frames["breakdowns"].filter(of_period),
            frames["disparities"].filter(of_force),
            frames["actions"].filter(of_force),
            sum(month not in months for month in month_range(first, last)),
        )


def _answer(facts: Facts, settings: Settings) -> tuple[Answer, ...]:
    if not settings.own:
        return (Answer(NOT_ASSESSED, NOT_THE_FORCES),) * len(POINTS)
    return (
        _judge_monitoring(facts),
        _judge_find_rates(facts),
        _judge_separation(facts),
        _judge_priorities(facts, settings),
        _judge_publication(facts, settings),
        _judge_action(facts),
    )


def _status(facts: Facts, measure: str, group: str, search_type: str) -> str:
    row = _row(facts, measure, group, search_type)
    return str(row["status"]) if row else ""


def _row(facts: Facts, measure: str, group: str, search_type: str) -> dict[str, object] | None:
    rows = facts.estimates.filter(measure=measure, ethnic_group=group, search_type=search_type)
    return rows.row(0, named=True) if rows.height else None


def _judge_monitoring(facts: Facts) -> Answer:
    """Every month submitted, results of searches recorded, and ethnicity known of nine searches in ten."""
    unknown = _row(facts, "unknown_ethnicity_share", ALL, ALL)
    share = unknown["value"] if unknown else None
    find_rate = _status(facts, "find_rate", ALL, ALL)
    gaps = []
    if facts.months_missing:
        gaps.append("months are missing")
    if find_rate != MEASURED:
        gaps.append("too few records say whether the item was found")
    if not isinstance(share, float) or share > MOST_UNKNOWN_ETHNICITY:
        gaps.append(f"ethnicity is not known of more than one search in {in_words(1 / MOST_UNKNOWN_ETHNICITY)}")
    if not gaps:
        return Answer(MET, "Every month is there, and the records say ethnicity and result")
    return Answer(NOT_MET if len(gaps) > 2 or find_rate not in {MEASURED, PARTIAL} else PARTLY, _list(gaps))


def _judge_find_rates(facts: Facts) -> Answer:
    """A find rate for at least two groups in at least two types of search."""
    rates = facts.estimates.filter(
        pl.col("measure") == "find_rate", pl.col("ethnic_group").is_in(ETHNIC_GROUPS), pl.col("search_type") != ALL
    )
    for statuses, answer in (((MEASURED, SMALL), MET), ((MEASURED, SMALL, PARTIAL), PARTLY)):
        shown = rates.filter(pl.col("status").is_in(statuses), pl.col("value").is_not_null())
        by_type = shown.group_by("search_type").agg(pl.col("ethnic_group").n_unique())
        if by_type.filter(pl.col("ethnic_group") >= 2).height >= 2:
            kind = "measured" if answer == MET else "estimates: part of the results is not recorded, so no test is made"
            return Answer(answer, f"Find rates by ethnicity and type of search are {kind}")
    return Answer(NOT_MET, "Too few records say whether the item was found")


def _judge_separation(facts: Facts) -> Answer:
    """Possession and supply apart in all but a twentieth of drug searches, with a find rate of each."""
    whole = _row(facts, "type_share", ALL, "drugs")
    parts = [_row(facts, "type_share", ALL, f"drugs_{part}") for part in ("possession", "supply", "unspecified")]
    if whole is None or not _count(whole):
        return Answer(NOT_MET, "No drug search is published")
    possession, supply, unspecified = (_count(part) for part in parts)
    if not possession + supply:
        return Answer(NOT_MET, "The source of these records does not separate possession from supply")
    rates = [_status(facts, "find_rate", ALL, f"drugs_{part}") for part in ("possession", "supply")]
    if unspecified > MOST_UNSEPARATED * _count(whole):
        return Answer(PARTLY, "Some drug searches do not say whether they were for possession or for supply")
    if not set(rates) <= {MEASURED, SMALL}:
        return Answer(PARTLY, "Searches for possession and for supply are counted apart, but without a find rate")
    return Answer(MET, "Searches for possession and for supply are counted apart, each with its find rate")


def _count(row: dict[str, object] | None) -> int:
    value = row["numerator"] if row else None
    return value if isinstance(value, int) else 0


def _judge_priorities(facts: Facts, settings: Settings) -> Answer:
    """The prevalence of possession-only searches, and the share of searches that fit a stated priority."""
    possession = _row(facts, "type_share", ALL, "drugs_possession")
    is_prevalent = possession is not None and possession["value"] is not None
    has_share = facts.breakdowns.filter(pl.col("measure") == "aligned_share", pl.col("value").is_not_null()).height > 0
    is_stated = any(priority.force == facts.force for priority in settings.priorities)
    if is_prevalent and has_share:
        return Answer(
            MET, "The share of possession-only searches is published beside the share that fits a stated priority"
        )
    if not is_prevalent and not is_stated:
        return Answer(NOT_MET, "Possession is not counted apart, and no local priority is stated")
    if not is_stated:
        return Answer(PARTLY, "Possession-only searches are counted, but no local priority is stated")
    if not is_prevalent:
        return Answer(PARTLY, "Local priorities are stated, but possession is not counted apart")
    return Answer(PARTLY, "Local priorities are stated, but how far searches fit them is not published")


def _judge_publication(facts: Facts, settings: Settings) -> Answer:
    """Published under a name and a date, within a year of the last month."""
    published, last = settings.published, facts.period[1]
    if not (settings.publisher and published):
        return Answer(PARTLY, "The analysis is made, but this edition names no publisher or no day of publication")
    if not 0 <= number_month(published) - number_month(last) <= MONTHS_IN_YEAR:
        return Answer(PARTLY, "The analysis is published, but more than a year after its last month")
    return Answer(MET, "The analysis is published, with its data and method, within a year of its last month")


def _judge_action(facts: Facts) -> Answer:
    """Every stated difference has an entry, no review is overdue, and every entry explains or acts."""
    unexplained = facts.disparities.filter(pl.col("answer") == NOT_EXPLAINED).height
    gaps = []
    if unexplained:
        gaps.append("some stated differences have no entry in the register")
    if facts.actions.filter("is_overdue").height:
        gaps.append("a review is overdue")
    if facts.actions.filter(pl.col("explanation").is_null()).height:
        gaps.append("an entry has no explanation yet")
    if not gaps and not facts.disparities.height and not facts.actions.height:
        return Answer(MET, "The figures state no difference that would have to be explained")
    if not gaps:
        return Answer(MET, "Every stated difference has its explanation and action in the register")
    if unexplained == facts.disparities.height and not facts.actions.height:
        return Answer(NOT_MET, "No entry of the register answers for a stated difference yet")
    return Answer(PARTLY, _list(gaps))


def _list(gaps: list[str]) -> str:
    text = ", and ".join([", ".join(gaps[:-1]), gaps[-1]] if len(gaps) > 1 else gaps)
    return text[:1].upper() + text[1:]
