"""Sentences on searches of children. They are children: numbers first, no more than the numbers show."""

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements, compare_intervals
from disparity.site.findings.ranges import name_groups, say_depends, say_range, say_times, say_verdicts
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.findings.search_rates import LARGEST_SHOWN
from disparity.site.published_figures import Row, Sentence, count, join, percentage, rate, say
from disparity.vocabulary.codes import ADULTS, ALL, CHILDREN, REFERENCE_GROUP, UNDER_10
from disparity.vocabulary.statuses import MEASURED, PARTIAL

CHILDREN_OF = {group: residents.replace("residents", "children") for group, residents in RESIDENTS_OF.items()}
PAGE, FIGURES = "searches#children", "children"
SEARCH_RATE, AGE_SHARE = "search_rate", "age_share"
# What is set beside adults: measure, type of search, and the words that both shares are put into.
BESIDE_ADULTS = (
    ("find_rate", ALL, "The item was found in {} of searches of children and in {} of searches of adults"),
    ("arrest_rate", ALL, "Arrest followed {} of searches of children and {} of searches of adults"),
    (
        "clothing_removed_rate",
        ALL,
        "More than outer clothing was removed in {} of searches of children and in {} of searches of adults",
    ),
    ("type_share", "drugs", "Of searches of children, {} were for drugs; of searches of adults, {} were"),
)
HOURS = (
    ("after_school_share", "Of searches of children, {} were between three and six in the afternoon; of adults, {}."),
    ("night_share", "Of searches of children, {} were between ten at night and six in the morning; of adults, {}."),
)


def find_child(
    evidence: Evidence, measure: str, band: str = CHILDREN, group: str = ALL, search_type: str = ALL
) -> Row | None:
    """The row of an age band, if there is one with a value."""
    row = evidence.row("children", measure, band, group, search_type)
    return row if row and row.values["value"] is not None else None


def has_children(evidence: Evidence) -> bool:
    """Whether the records tell how many searches are of children, and their number is published."""
    return find_child(evidence, AGE_SHARE) is not None


def list_compared(evidence: Evidence, measure: str = SEARCH_RATE, search_type: str = ALL) -> list[tuple[str, Row, str]]:
    """The groups whose children are compared with White children, with the comparison and its verdict."""
    rows = [(group, evidence.row("children_comparisons", measure, group, search_type)) for group in COMPARED_GROUPS]
    return [(group, row, row.values["verdict"]) for group, row in rows if row and row.values["p_value"] is not None]


def state_children(evidence: Evidence) -> Statements:
    """How many searches are of children, and how their rate compares with that of adults."""
    share = find_child(evidence, AGE_SHARE)
    if share is None:
        return
    about = _about(share)
    of_children = say(
        f"Of searches with an age on record, {about}{{}} were of children aged 10 to 17.", percentage(share, "value")
    )
    own, other = (find_child(evidence, SEARCH_RATE, band) for band in (CHILDREN, ADULTS))
    if own and other:
        about = _about(own)
        words = f"For every thousand children there were {about}{{}} searches a year, and for every thousand adults "
        words += f"{about}{{}}."
        of_children = join(of_children, say(words, rate(own, "value"), rate(other, "value")))
    yield PAGE, "children", of_children
    younger = find_child(evidence, AGE_SHARE, UNDER_10)
    if younger:
        words = "Children under 10 are not among them. They were {} of searches with an age on record."
        yield FIGURES, "children_under_10", say(words, percentage(younger, "value"))


def state_children_by_group(evidence: Evidence) -> Statements:
    """Rates of children of each group beside that of White children, as far as the verdict allows."""
    other = find_child(evidence, SEARCH_RATE, CHILDREN, REFERENCE_GROUP)
    for group, row, verdict in list_compared(evidence):
        own = find_child(evidence, SEARCH_RATE, CHILDREN, group)
        if own is None or other is None or verdict not in (HIGHER, LOWER, DEPENDS):
            continue
        words = f"For every thousand {CHILDREN_OF[group]} there were {{}} searches a year, and for every "
        words += "thousand White children {}."
        both = say(words, rate(own, "value"), rate(other, "value"))
        if verdict == DEPENDS:
            yield PAGE, "children_depends", (*both, say_depends(row), *say_range(row))
        elif row.values["range_lower"] is not None:
            yield PAGE, "children_stated", (*both, " That is ", *say_times(row), " of White children.")


def state_children_results(evidence: Evidence) -> Statements:
    """What searches of children were for, and what followed, beside searches of adults."""
    for measure, search_type, words in BESIDE_ADULTS:
        own, other = (find_child(evidence, measure, band, ALL, search_type) for band in (CHILDREN, ADULTS))
        if own and other:
            yield FIGURES, "children_results", (*_say_beside(own, other, words), ".")
    for measure, words in HOURS:
        own, other = (find_child(evidence, measure, band) for band in (CHILDREN, ADULTS))
        if own and other:
            yield FIGURES, "children_hours", say(words, percentage(own, "value"), percentage(other, "value"))


def say_children_compared(evidence: Evidence) -> str:
    """How children of each group compare with White children, and of whom too few were searched to tell."""
    compared = list_compared(evidence)
    few = [
        group
        for group, row, verdict in compared
        if verdict == UNCLEAR and (row.values["smallest_difference"] or 0) > LARGEST_SHOWN
    ]
    said = say_verdicts(compared, "The search rate of children")
    if few:
        said += f" Few children of {name_groups(few)} were searched: only a very large difference would have shown."
    return said


def explain_children(evidence: Evidence) -> Sentence:
    """Searches of children out of those with an age and, where they are known, out of the children who live there."""
    share, own = find_child(evidence, AGE_SHARE), find_child(evidence, SEARCH_RATE)
    if share is None:
        return ()
    shown = count(share, "numerator"), count(share, "denominator"), percentage(share, "value")
    of_searches = say("{} of {} searches with an age on record are of children, which is {}.", *shown)
    if own is None:
        return of_searches
    words = "{} children live there, each counted for a year, so there are {} searches for every 1,000 of them."
    return join(of_searches, say(words, count(own, "denominator"), rate(own, "value")))


def _say_beside(own: Row, other: Row, words: str) -> Sentence:
    both = say(words, percentage(own, "value"), percentage(other, "value"))
    if {own.values["status"], other.values["status"]} != {MEASURED}:
        return (*both, ": these are estimates, and are not compared")
    return (*both, compare_intervals(own, other).removesuffix("."))


def _about(row: Row) -> str:
    return "about " if row.values["status"] == PARTIAL else ""
