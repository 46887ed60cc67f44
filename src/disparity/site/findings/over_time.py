"""Sentences on change: the first three months of a year beside the last three, and a year beside the one before."""

from datetime import date

from disparity.analysis.reasons.quarters import FALL, FIND_RATE_BY_QUARTER, FIRST, LAST, RISE, SEARCHES_BY_QUARTER
from disparity.site.findings.evidence import Evidence, about_searches
from disparity.site.published_figures import Row, Sentence, count, join, percentage, rate, say
from disparity.vocabulary.calendar import (
    MONTH_NAMES,
    MONTHS_IN_QUARTER,
    MONTHS_IN_YEAR,
    month_range,
    name_month,
    within,
)
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, SMALL


def say_searches(evidence: Evidence) -> Sentence:
    """Searches of the first three months and of the last, and how many more or fewer; nothing where not compared."""
    first, last = (_find(evidence, SEARCHES_BY_QUARTER, end) for end in (FIRST, LAST))
    if first is None or last is None:
        return ()
    before, after = _name_ends(evidence)
    about = about_searches(evidence)
    told = say(
        f"From {before} there were {about}{{}} searches; from {after} there were {about}{{}}.",
        *(count(row, "value") for row in (first, last)),
    )
    return join(told, _say_change(evidence))


def _say_change(evidence: Evidence) -> Sentence:
    for component, word in ((RISE, "more"), (FALL, "fewer")):
        row = _find(evidence, SEARCHES_BY_QUARTER, component)
        if row:
            return say(f"That is {{}} {word}.", percentage(row, "value"))
    return ("That is as many.",)


def say_finds(evidence: Evidence) -> Sentence:
    """The find rate of the first three months and of the last; nothing where one of them is not measured."""
    first, last = (_find(evidence, FIND_RATE_BY_QUARTER, end) for end in (FIRST, LAST))
    if first is None or last is None:
        return ()
    before, after = _name_ends(evidence)
    return say(
        f"The item was found in {{}} of searches from {before}, and in {{}} from {after}.",
        *(percentage(row, "value") for row in (first, last)),
    )


def has_year_before(evidence: Evidence) -> bool:
    """Whether a whole year is held before a whole year."""
    years = (evidence, evidence.previous)
    return all(each is not None and len(month_range(*each.period)) == MONTHS_IN_YEAR for each in years)


def say_year(evidence: Evidence) -> Sentence:
    """Searches and the find rate of the year, and of the year before; nothing where no whole year is held before it."""
    if not has_year_before(evidence):
        return ()
    return join(_say_year_of_searches(evidence), _say_year_of_finds(evidence))


def _say_year_of_searches(evidence: Evidence) -> Sentence:
    now, before = _list_years(evidence, "search_rate")
    if now is None or before is None:
        return ()
    when = within(*evidence.period)
    if all(row.values["status"] == MEASURED and row.values["numerator"] is not None for row in (now, before)):
        about = about_searches(evidence)
        words = f"There were {about}{{}} searches {when}, and {about}{{}} in the year before."
        return say(words, *(count(row, "numerator") for row in (now, before)))
    if None in (now.values["value"], before.values["value"]):
        return ()
    return say(
        f"For every 1,000 residents there were {{}} searches {when}, and {{}} in the year before.",
        *(rate(row, "value") for row in (now, before)),
    )


def _say_year_of_finds(evidence: Evidence) -> Sentence:
    rows = [row for row in _list_years(evidence, "find_rate") if row and row.values["status"] in (MEASURED, SMALL)]
    if len(rows) < len(("now", "before")):
        return ()
    words = "The item was found in {} of searches, and in {} in the year before."
    return say(words, *(percentage(row, "value") for row in rows))


def _list_years(evidence: Evidence, measure: str) -> tuple[Row | None, Row | None]:
    before = evidence.previous
    return evidence.estimate(measure), before.estimate(measure) if before else None


def _find(evidence: Evidence, analysis: str, component: str) -> Row | None:
    return evidence.row("reasons", analysis, ALL, component)


def _name_ends(evidence: Evidence) -> tuple[str, str]:
    months = month_range(*evidence.period)
    return _name_three(months[:MONTHS_IN_QUARTER]), _name_three(months[-MONTHS_IN_QUARTER:])


def _name_three(months: list[date]) -> str:
    """Name three months; the year once where it is one.

    >>> _name_three([date(2019, 4, 1), date(2019, 6, 1)]), _name_three([date(2019, 11, 1), date(2020, 1, 1)])
    ('April to June 2019', 'November 2019 to January 2020')
    """
    first, last = months[0], months[-1]
    start = MONTH_NAMES[first.month - 1] if first.year == last.year else name_month(first)
    return f"{start} to {name_month(last)}"
