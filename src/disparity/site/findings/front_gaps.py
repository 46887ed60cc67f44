"""What the front page says of a difference between a group and White people, and why one cannot be known.

The words are those of the comparison's verdict: none is decided here.
"""

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.analysis.sensitivity.statements import CLUSTERS
from disparity.site.findings.as_often import say_how_often
from disparity.site.findings.assumptions import HOWEVER
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.find_rates import LARGEST_SHOWN as LARGEST_GAP
from disparity.site.findings.ranges import DEPENDENCIES, SHORT, leaves_out_equality, say_points, say_unclear
from disparity.site.findings.search_rates import LARGEST_SHOWN as LARGEST_RATIO
from disparity.site.published_figures import Row, Sentence, join, percentage, points, say, signed_points, times
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import (
    INCOMPLETE,
    NOT_MEASURABLE,
    PARTIAL,
    RESTRICTED_LABELS,
    SMALL,
    SUPPRESSED,
)
from disparity.vocabulary.text import join_names

BLACK = "Black"
STATED = (HIGHER, LOWER)
CANNOT = "cannot be known from these records, because"
NO_RESIDENTS = "there is no count of residents to set the searches beside"
# Status of a comparison → why it is not made.
REASONS = {
    SUPPRESSED: "the counts are too small to be shown safely",
    RESTRICTED_LABELS: "they do not keep the ethnic groups apart",
    SMALL: "there are too few searches to compare",
    INCOMPLETE: "months are missing",
    PARTIAL: "only part of them says what was found",
}


def find_largest(evidence: Evidence) -> Row | None:
    """The stated difference in search rates that is largest for its size, up or down; none where none is stated."""
    rows = [row for group in COMPARED_GROUPS if (row := evidence.row("comparisons", "search_rate", group, ALL))]
    stated = [row for row in rows if row.values["verdict"] in STATED and row.values["ratio"]]
    return max(stated, key=lambda row: max(row.values["ratio"], 1 / row.values["ratio"]), default=None)


def say_searched(evidence: Evidence, group: str) -> Sentence:
    """Say whether a group's people were searched more or less often than White people; it starts in lower case."""
    row = evidence.row("comparisons", "search_rate", group, ALL)
    verdict = row.values["verdict"] if row else ""
    people, other = PEOPLE[group], PEOPLE[REFERENCE_GROUP]
    if row and verdict in STATED:
        return (f"{people} were searched ", *say_how_often(row), f" {other}")
    more = "less" if row and (row.values["ratio"] or 1) < 1 else "more"
    whether = f"whether {people} were searched {more} often than {other}"
    if row and verdict == UNCLEAR:
        if leaves_out_equality(row):  # the rates beside it are far apart, and no reader would take them for alike
            return (f"{whether} is not clear from these records",)
        return (f"there is no clear difference between how often {people} and {other} were searched",)
    if row and verdict == DEPENDS:
        return (f"{whether} depends on {_name_dependencies(row)}",)
    return (f"{whether} {CANNOT} {_say_why_no_rates(evidence, group, row)}",)


def say_search_range(evidence: Evidence, group: str) -> Sentence:
    """Say how far the ratio of search rates could be from what is said, and what would have been seen."""
    row = evidence.row("comparisons", "search_rate", group, ALL)
    if row is None or row.values["verdict"] not in (*STATED, DEPENDS, UNCLEAR) or row.values["range_lower"] is None:
        return ()
    if row.values["range_upper"] is None:
        ends = say("At least {} times the rate of White people.", times(row, "range_lower"))
    else:
        ways = "depending on the count" if row.values["verdict"] == DEPENDS else HOWEVER
        ends = say(f"{{}} to {{}} times, {ways}.", times(row, "range_lower"), times(row, "range_upper"))
    return join(ends, *_say_unseen_rate(row)) if row.values["verdict"] == UNCLEAR else ends


def _say_unseen_rate(row: Row) -> tuple[Sentence, ...]:
    smallest = row.values["smallest_difference"]
    why: tuple[Sentence, ...] = ((f"There is {say_unclear(row, 1)}.",),) if leaves_out_equality(row) else ()
    if smallest is None:
        return why
    if smallest > LARGEST_RATIO:
        return (*why, ("Only a very large difference would have shown.",))
    return (*why, say("A rate {} times as high would mostly have shown.", times(row, "smallest_difference")))


def say_found(evidence: Evidence, group: str) -> Sentence:
    """Say both find rates where there are any, and whether they differ."""
    row = evidence.row("comparisons", "find_rate", group, ALL)
    verdict = row.values["verdict"] if row else ""
    if row is None or verdict not in (*STATED, DEPENDS, UNCLEAR):
        return (_say_not_compared(evidence, group),)
    own, other = (evidence.estimate("find_rate", name) for name in (group, REFERENCE_GROUP))
    if own is None or other is None:
        return ()
    both = say(
        f"For {PEOPLE[group]} it was {{}}, for White people {{}}", percentage(own, "value"), percentage(other, "value")
    )
    if verdict == UNCLEAR:
        return join((*both, ": no clear difference."), *_say_unseen_gap(row))
    if verdict == DEPENDS:
        return join((*both, "."), (f"Whether there is a difference depends on {_name_dependencies(row)}.",))
    return join((*both, "."), ("The gap is ", *say_points(row), "."))


def _say_not_compared(evidence: Evidence, group: str) -> str:
    """Why find rates are not compared: in brief, where it was just said of all searches."""
    whole, people = evidence.estimate("find_rate"), f"{PEOPLE[group]} and {PEOPLE[REFERENCE_GROUP]}"
    why = say_why_no_finds(evidence, group)
    if (whole is None or whole.values["value"] is None) and why == say_why_no_finds(evidence):
        return f"Nor can it be known for {people}."
    return f"Whether it differs between {people} {CANNOT} {why}."


def _say_unseen_gap(row: Row) -> tuple[Sentence, ...]:
    smallest, lower, upper = (row.values[name] for name in ("smallest_difference", "range_lower", "range_upper"))
    if None not in (lower, upper) and lower < 0 < upper:
        ends = (signed_points(row, "range_lower"), signed_points(row, "range_upper"))
        return (say("The gap could lie anywhere from {} to {} percentage points.", *ends),)
    if smallest is None:
        return ()
    if smallest > LARGEST_GAP:
        return (("Only a very large gap would have shown.",),)
    return (say("A gap of {} percentage points or more would mostly have shown.", points(row, "smallest_difference")),)


def say_why_no_finds(evidence: Evidence, group: str = ALL) -> str:
    """Why a find rate, or its comparison with White people, cannot be known; it follows "because"."""
    whole = evidence.estimate("find_rate")
    row = whole if group == ALL else evidence.row("comparisons", "find_rate", group, ALL)
    status = row.values["status"] if row else NOT_MEASURABLE
    if status == SMALL:
        return f"there are too few searches of {PEOPLE[group]}"
    if status != NOT_MEASURABLE:
        return REASONS.get(status, "there are too few searches to compare")
    link = evidence.row("quality", "link_not_recorded")
    if link and link.values["share"] == 1:
        return "they never say what was found"
    return "too few of them say what was found"


def _say_why_no_rates(evidence: Evidence, group: str, row: Row | None) -> str:
    rates = [evidence.estimate("search_rate", name) for name in (group, REFERENCE_GROUP)]
    status = row.values["status"] if row else next((rate.values["status"] for rate in rates if rate), "")
    missing = evidence.row("quality", "months_missing")
    if status == INCOMPLETE and missing and missing.values["rows"] == missing.values["of"]:
        return "there is no file of any month"
    return REASONS.get(status, NO_RESIDENTS if not all(rates) or status == NOT_MEASURABLE else REASONS[SMALL])


def _name_dependencies(row: Row) -> str:
    """In short: a title has no room for more. Of clusters the short name would not say what it is that is not known."""
    words = SHORT | {CLUSTERS: DEPENDENCIES[CLUSTERS]}
    return join_names([words[name] for name in (row.values["depends_on"] or "").split(",") if name])
