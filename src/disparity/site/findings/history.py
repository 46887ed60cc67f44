"""Sentences on the years before the records: official rates at both ends, and the year that both have."""

from collections.abc import Sequence

from disparity.analysis.history import RECORDS
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, Sentence, count, join, rate, say
from disparity.vocabulary.calendar import name_period, within
from disparity.vocabulary.codes import ALL, REFERENCE_GROUP
from disparity.vocabulary.text import start_sentence

GROUP = "Black"


def has_official(rows: Sequence[Row]) -> bool:
    """Whether any year of a history is of official figures."""
    return any(row.values["series"] != RECORDS for row in rows)


def say_ends(rows: Sequence[Row]) -> Sentence:
    """Both rates of the first official year and of the last of the same series; nothing where a force has no rate.

    Out of the residents of each year: out of those of 2011 a group that has grown seems to be searched ever more.

    No difference between them is stated: official counts do not say how far chance could have moved them.
    """
    rated = [row for row in rows if row.values["rate_of_year"] is not None and row.values["series"] != RECORDS]
    pairs = {
        row.period: (row, other)
        for row in rated
        for other in rated
        if (row.values["ethnic_group"], other.values["ethnic_group"]) == (GROUP, REFERENCE_GROUP)
        and (row.period, row.values["series"]) == (other.period, other.values["series"])
    }
    if not pairs:
        return ()
    series = pairs[min(pairs)][0].values["series"]
    of_series = [period for period, (row, _) in pairs.items() if row.values["series"] == series]
    told = (_say_pair(*pairs[period]) for period in dict.fromkeys((min(of_series), max(of_series))))
    return join(*told, ("Both rates of a year are out of the residents of that year.",))


def _say_pair(own: Row, other: Row) -> Sentence:
    return say(
        f"{start_sentence(within(*own.period))}, official figures give {{}} searches for every "
        f"1,000 {RESIDENTS_OF[GROUP]} and {{}} for every 1,000 White residents.",
        *(rate(row, "rate_of_year") for row in (own, other)),
    )


def say_overlap(rows: Sequence[Row]) -> Sentence:
    """The latest year that official figures and records both have: searches, and the rate on each one's residents."""
    found = {
        (row.period, row.values["ethnic_group"], row.values["series"] == RECORDS): row
        for row in rows
        if row.values["searches"] is not None
    }
    both = [period for period, group, is_own in found if group == ALL and is_own and (period, ALL, False) in found]
    if not both:
        return ()
    period = max(both)
    official, own = (found[period, ALL, is_own] for is_own in (False, True))
    told = say(
        f"For the {name_period(*period)}, official figures have {{}} searches of people and these records {{}}.",
        *(count(row, "searches") for row in (official, own)),
    )
    columns = ((False, "rate"), (False, "rate_of_year"), (True, "rate_of_year"))
    told_of = [(found.get((period, GROUP, is_own)), column) for is_own, column in columns]
    if any(row is None or row.values[column] is None for row, column in told_of):
        return told
    published, *same = [rate(row, column) for row, column in told_of if row]
    return join(
        told,
        say(
            f"Out of the residents of 2011, the official rate is {{}} for every 1,000 {RESIDENTS_OF[GROUP]}.", published
        ),
        say("Out of those of the year it is {}, and that of the records is {}.", *same),
    )
