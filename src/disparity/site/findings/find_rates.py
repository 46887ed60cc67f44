"""Sentences on find rates, and on flags that say nothing."""

import polars as pl

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.analysis.measures.entries import (
    ACTION_AFTER_FIND,
    ACTION_RATE,
    AFTER_FIND,
    ARREST_RATE,
    FIND_RATE,
    OTHER_RESULTS,
    Measure,
)
from disparity.analysis.measures.flag_use import list_unused_flags
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.unused_flags import FLAG_UNUSED_ACTIONS
from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.findings.ranges import say_depends, say_points, say_unclear
from disparity.site.published_figures import Row, Sentence, count, join, percentage, points, say
from disparity.vocabulary.codes import ALL, DRUG_TYPES, PEOPLE, REFERENCE_GROUP, SEARCH_TYPES
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, PARTIAL
from disparity.vocabulary.thresholds import COVERAGE_MEASURED, SMALL_NUMERATOR

PAGE, TYPES_PAGE, RESULTS_PAGE = "finds#ethnicity", "finds#type", "finds#after-a-search"
AFTER_FIND_PAGE = "finds#after-a-find"
# Items of the audit that say why a find is not known.
WHY_UNKNOWN = ("link_not_recorded", "outcome_not_recorded", "link_false")
# A larger difference of shares is hardly found: to name a number would be to say nothing.
LARGEST_SHOWN = 0.25
# How a finding is named by its verdict.
KINDS = {HIGHER: "stated", LOWER: "stated", DEPENDS: "depends", UNCLEAR: "unclear"}
NOT_A_TYPE = (*DRUG_TYPES, "not_recorded")  # of drugs, the sum of its parts is a type
TYPE_IN_WORDS = {
    "drugs_possession": "possession of drugs",
    "drugs_supply": "supply of drugs",
    "going_equipped": "articles for theft",
    "criminal_damage": "articles for criminal damage",
    "anticipation_of_violence": "weapons where violence was expected",
    "protest": "protest-related items",
    "terrorism": "terrorism-related items",
    "serious_violence_reduction_order": "weapons under a Serious Violence Reduction Order",
    "other": "other objects",
    "not_recorded": "an object not recorded",
}


def state_find_rate(evidence: Evidence) -> Statements:
    row = evidence.estimate("find_rate")
    if row is None or row.values["lower_bound"] is None:
        return
    bounds = percentage(row, "lower_bound"), percentage(row, "upper_bound")
    # The counts that an estimate of a partial rate is made of are not in every publication.
    status = row.values["status"]
    status = NOT_MEASURABLE if status == PARTIAL and row.values["value"] is None else status
    sentence: Sentence = ()
    if status == NOT_MEASURABLE:
        start: Sentence = ("These records cannot show how often the item was found.",)
        sentence = join(start, *_why_unknown(evidence), say("The share lies between {} and {}.", *bounds))
    elif status == PARTIAL:
        words = "Officers found the item in about {} of searches, but this is an estimate."
        start = say(words, percentage(row, "value"))
        rest = say("The share lies between {} and {}, so ethnic groups are not compared.", *bounds)
        sentence = join(start, *_why_unknown(evidence), rest)
    elif row.values["value"] is not None:
        sentence = say("Officers found what they were looking for in {} of searches.", percentage(row, "value"))
    if sentence:
        yield PAGE, "find_rate", sentence


def _why_unknown(evidence: Evidence) -> list[Sentence]:
    """Which field is blank, and how often; or not in use."""
    link, outcome, false = (evidence.row("quality", name) for name in WHY_UNKNOWN)
    parts: list[Sentence] = []
    if _name_unused_flags(evidence):
        parts.append(("For some types of search, no action is recorded as linked to what was searched for.",))
    elif false and false.values["rows"] == false.values["of"] >= FLAG_UNUSED_ACTIONS:
        parts.append(say("Of {} actions, none is recorded as linked to what was searched for.", count(false, "of")))
    if link is None or outcome is None:  # no figure of the audit is in a restricted publication
        return parts or [("Too few searches say what was found.",)]
    if (outcome.values["share"] or 0) > 1 - COVERAGE_MEASURED:
        parts.append(say("No outcome is recorded for {} of searches.", percentage(outcome, "share")))
    if link.values["share"] == 1:
        parts.append(("No search that led to an action says whether that was linked to what was searched for.",))
    elif (link.values["share"] or 0) > 1 - COVERAGE_MEASURED:
        words = "Of searches that led to an action, {} do not say whether that was linked to what was searched for."
        parts.append(say(words, percentage(link, "share")))
    return parts or [("Part of the searches do not say what was found.",)]


def state_find_rates_by_group(evidence: Evidence) -> Statements:
    for group, row, verdict in evidence.tested("find_rate"):
        shares = say_both_shares(evidence, row, FIND_RATE.say_both(PEOPLE[group]))
        if shares:
            yield PAGE, f"find_rate_{KINDS[verdict]}", shares


def say_both_shares(evidence: Evidence, row: Row, words: str) -> Sentence:
    """Put the shares that are compared into words with a place for each, and say how far they are apart."""
    measure, group, kind = (row.values[name] for name in ("measure", "ethnic_group", "search_type"))
    own, other = (evidence.estimate(measure, name, kind) for name in (group, REFERENCE_GROUP))
    if own is None or other is None:
        return ()
    return (*say(words, percentage(own, "value"), percentage(other, "value")), *_state_difference(row))


def _state_difference(row: Row) -> Sentence:
    """Say how far a group's share is from the reference group's, as its verdict allows; it follows both shares."""
    verdict = row.values["verdict"]
    if verdict == UNCLEAR:
        return (f": {say_unclear(row, 0)}.", *_say_smallest(row))
    if verdict == DEPENDS:
        return (".", say_depends(row))
    return (". That is ", *say_points(row), ".")


def _say_smallest(row: Row) -> Sentence:
    """What could be there all the same, by chance unseen."""
    if row.values["smallest_difference"] is None:
        return ()
    if row.values["smallest_difference"] > LARGEST_SHOWN:
        return (" Only a very large difference would have shown.",)
    return say(" A gap of {} percentage points would usually have shown.", points(row, "smallest_difference"))


def warn_about_flag(evidence: Evidence) -> Statements:
    """Three ways in which a recorded flag still says little, all met in published files."""
    warnings = (_warn_never_false(evidence), _warn_true_without_action(evidence), _warn_unused(evidence))
    yield from ((PAGE, "flag_warning", warning) for warning in warnings if warning)


def _warn_never_false(evidence: Evidence) -> Sentence:
    row = evidence.row("quality", "link_false")
    if row is None or row.values["of"] < FLAG_UNUSED_ACTIONS or row.values["rows"]:
        return ()
    return say(
        "Of {} actions, none is recorded as not linked to what was searched for. The field seems to say that an "
        "action was taken, not that the item was found. There could be far fewer finds.",
        count(row, "of"),
    )


def _warn_true_without_action(evidence: Evidence) -> Sentence:
    row = evidence.row("quality", "link_true_without_action")
    finds = evidence.estimate("find_rate")
    if row is None or (row.values["share"] or 0) <= 0.5 or finds is None or finds.values["value"] is None:
        return ()
    return say(
        "Of searches that ended in no further action, {} are still marked as linked to what was searched for. They "
        "are not counted as finds. But the mark may mean as little after an action.",
        percentage(row, "share"),
    )


def _warn_unused(evidence: Evidence) -> Sentence:
    unused = [row for kind in _name_unused_flags(evidence) if (row := evidence.estimate("action_rate", ALL, kind))]
    if not unused:
        return ()
    first, *others = unused
    words = f"In searches for {name_type(first)}, none of {{}} actions is recorded as linked to what was searched for."
    said = [say(words, count(first, "numerator"))]
    said += [say(f"In searches for {name_type(row)}, none of {{}} is.", count(row, "numerator")) for row in others]
    these = "these types" if others else "this type"
    return join(*said, (f"What was found is not known for {these}.",), _say_overall(evidence))


def _say_overall(evidence: Evidence) -> Sentence:
    row = evidence.estimate("find_rate")
    if row is None or row.values["status"] != NOT_MEASURABLE:
        return ()
    return ("These are too many to leave out, so there is no find rate over all searches.",)


def state_find_rates_by_type(evidence: Evidence) -> Statements:
    """The range over types, then each difference within a type.

    Where the groups are not compared over all searches, unclear ones within drugs, the largest type, are said too.
    """
    rows = [evidence.estimate("find_rate", ALL, kind) for kind in SEARCH_TYPES if kind not in NOT_A_TYPE]
    unused_flags = _name_unused_flags(evidence)
    leaves = [
        row
        for row in rows
        if row
        and row.values["status"] == MEASURED
        and row.values["numerator"] >= SMALL_NUMERATOR
        and row.values["search_type"] not in unused_flags
    ]
    if len(leaves) > 1:
        ordered = sorted(leaves, key=lambda row: row.values["value"])
        range_over_types = say(
            f"The item was found least often in searches for {name_type(ordered[0])}, {{}}, and most often in searches "
            f"for {name_type(ordered[-1])}, {{}}.",
            percentage(ordered[0], "value"),
            percentage(ordered[-1], "value"),
        )
        yield TYPES_PAGE, "find_rate_range", range_over_types
    for search_type in SEARCH_TYPES:
        yield from _state_find_rates_of_type(evidence, search_type)


def _state_find_rates_of_type(evidence: Evidence, search_type: str) -> Statements:
    page = "finds#drugs" if search_type == "drugs" or search_type in DRUG_TYPES else TYPES_PAGE
    for group, row, verdict in evidence.tested("find_rate", search_type):
        overall = evidence.row("comparisons", "find_rate", group, ALL)
        is_compared = overall is not None and overall.values["status"] == MEASURED
        words = f"In searches for {name_type(row)}, the find rate was {{}} in searches of {PEOPLE[group]} "
        shares = say_both_shares(evidence, row, f"{words}and {{}} of White people")
        if shares and verdict in (HIGHER, LOWER):
            yield page, "find_rate_type_stated", shares
        elif shares and verdict == UNCLEAR and search_type == "drugs" and not is_compared:
            yield page, "find_rate_type_unclear", shares


def state_outcomes(evidence: Evidence) -> Statements:
    """How often something followed a search, and how often arrest."""
    action, arrest = (evidence.estimate(measure.name) for measure in (ACTION_RATE, ARREST_RATE))
    if not (action and arrest) or None in (action.values["value"], arrest.values["value"]):
        return
    is_estimate = PARTIAL in (action.values["status"], arrest.values["status"])
    about, ends = ("about ", ": these are estimates.") if is_estimate else ("", ".")
    words = f"Some action followed {about}{{}} of searches, and arrest followed {about}{{}}{ends}"
    yield RESULTS_PAGE, "outcomes", say(words, percentage(action, "value"), percentage(arrest, "value"))


def state_results(evidence: Evidence) -> Statements:
    """Stated differences in arrests and in searches beyond outer clothing: measurable where finds are not."""
    for measure in (measure for measure in OTHER_RESULTS if measure.is_compared and measure.is_stated):
        yield from _state_compared(evidence, measure, RESULTS_PAGE)


def state_after_find(evidence: Evidence) -> Statements:
    """How often any action followed a find, where a record itself tells of finds; stated differences in what did."""
    action = evidence.estimate(ACTION_AFTER_FIND.name)
    if action and action.values["value"] is not None:
        about = "about " if action.values["status"] == PARTIAL else ""
        words = f"Some action followed {about}{{}} of finds."
        yield AFTER_FIND_PAGE, "action_after_find", say(words, percentage(action, "value"))
    for measure in AFTER_FIND:
        yield from _state_compared(evidence, measure, AFTER_FIND_PAGE)


def _state_compared(evidence: Evidence, measure: Measure, page: str) -> Statements:
    """Stated differences of a measure, over all types of search."""
    for group, row, verdict in evidence.tested(measure.name):
        shares = say_both_shares(evidence, row, measure.say_both(PEOPLE[group]))
        if shares and verdict in (HIGHER, LOWER):
            yield page, f"{measure.name}_stated", shares


def name_type(row: Row) -> str:
    """Name what was searched for as it follows "searches for"."""
    search_type = str(row.values["search_type"])
    return TYPE_IN_WORDS.get(search_type, search_type.replace("_", " "))


def _name_unused_flags(evidence: Evidence) -> list[str]:
    """Types whose linked flag is not in use, by the rule that withholds comparisons: no sentence contradicts them."""
    columns = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type", "numerator", "denominator", "status"]
    types = {"numerator": pl.Int64, "denominator": pl.Float64}
    schema = {name: types.get(name) for name in columns}
    values = [[row.values.get(name) for name in columns] for row in evidence.rows("estimates").values()]
    unused = set(list_unused_flags(pl.DataFrame(values, schema, orient="row"))["search_type"])
    return [kind for kind in SEARCH_TYPES if kind in unused]
