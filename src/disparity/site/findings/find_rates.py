"""Sentences on find rates, and on flags that say nothing."""

import polars as pl

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.analysis.measures.entries import FIND_RATE, OTHER_RESULTS
from disparity.analysis.measures.flag_use import list_unused_flags
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.records.unused_flags import FLAG_UNUSED_ACTIONS
from disparity.site.findings.evidence import Evidence, Statements, with_interval
from disparity.site.findings.ranges import name_dependencies, put_in_brackets, say_points, say_unclear
from disparity.site.published_figures import Row, Sentence, count, percentage, points, say
from disparity.vocabulary.codes import ALL, DRUG_TYPES, PEOPLE, REFERENCE_GROUP, SEARCH_TYPES
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, PARTIAL
from disparity.vocabulary.thresholds import COVERAGE_MEASURED, SMALL_NUMERATOR

# Items of the audit that say why a find is not known.
WHY_UNKNOWN = ("link_not_recorded", "outcome_not_recorded", "link_false")
# A larger difference of shares is hardly found: to name a number would be to say nothing.
LARGEST_SHOWN = 0.25
# How a finding is named by its verdict.
KINDS = {HIGHER: "stated", LOWER: "stated", DEPENDS: "depends", UNCLEAR: "unclear"}
NOT_A_TYPE = ("drugs_unspecified", "not_recorded")
TYPE_IN_WORDS = {
    "drugs_possession": "possession of drugs",
    "drugs_supply": "supply of drugs",
    "going_equipped": "articles for theft",
    "criminal_damage": "articles for criminal damage",
    "anticipation_of_violence": "weapons in anticipation of violence (section 60)",
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
        rest = say(". All that can be said is that it lies between {} and {}.", *bounds)
        sentence = ("The find rate cannot be measured from these records: ", *_why_unknown(evidence), *rest)
    elif status == PARTIAL:
        estimated = say("The find rate can only be estimated, at about {}: ", percentage(row, "value"))
        rest = say(". It lies between {} and {}. Ethnic groups are not compared.", *bounds)
        sentence = (*estimated, *_why_unknown(evidence), *rest)
    elif row.values["value"] is not None:
        sentence = ("The find rate was ", *with_interval(row), ".")
    if sentence:
        yield "finds#find-rates", "find_rate", sentence


def _why_unknown(evidence: Evidence) -> Sentence:
    """Which field is blank, and how often; or not in use."""
    link, outcome, false = (evidence.row("quality", name) for name in WHY_UNKNOWN)
    parts: list[Sentence] = []
    if _name_unused_flags(evidence):
        parts.append(("for some types of search the linked flag is not in use",))
    elif false and false.values["rows"] == false.values["of"] >= FLAG_UNUSED_ACTIONS:
        parts.append(say("of {} actions with the linked flag recorded, none is recorded as linked", count(false, "of")))
    if link is None or outcome is None:  # no figure of the audit is in a restricted publication
        return parts[0] if parts else ("too few of the searches say what was found",)
    if (outcome.values["share"] or 0) > 1 - COVERAGE_MEASURED:
        parts.append(say("{} of searches have no outcome recorded", percentage(outcome, "share")))
    if link.values["share"] == 1:
        parts.append(
            ("none of the searches that led to an action says whether it was linked to the object of the search",)
        )
    elif (link.values["share"] or 0) > 1 - COVERAGE_MEASURED:
        parts.append(
            say(
                "{} of the searches that led to an action do not say whether it was linked to the object of the search",
                percentage(link, "share"),
            )
        )
    if not parts:
        return ("part of the searches do not say what was found",)
    return _list(parts)


def _list(parts: list[Sentence]) -> Sentence:
    """Put parts of a sentence one after another: commas, and "and" before the last."""
    listed = parts[0]
    for place, part in enumerate(parts[1:], start=2):
        listed = (*listed, ", and " if place == len(parts) else ", ", *part)
    return listed


def state_find_rates_by_group(evidence: Evidence) -> Statements:
    for group, row, verdict in evidence.tested("find_rate"):
        shares = say_both_shares(evidence, row, FIND_RATE.say_both(PEOPLE[group]))
        if shares:
            yield "finds#find-rates", f"find_rate_{KINDS[verdict]}", shares


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
        return (f": {say_unclear(row, 0)}", *put_in_brackets(row, say_points(row)), ".", *_say_smallest(row))
    if verdict == DEPENDS:
        depends = f". Whether there is a difference depends on {name_dependencies(row)}."
        return (": ", *say_points(row), depends)
    return (": ", *say_points(row), ".")


def _say_smallest(row: Row) -> Sentence:
    """What could be there all the same, by chance unseen."""
    if row.values["smallest_difference"] is None:
        return ()
    if row.values["smallest_difference"] > LARGEST_SHOWN:
        return (" Records like these would show a very large difference only.",)
    smallest = points(row, "smallest_difference")
    return say(
        " Records like these would mostly show a difference of {} percentage points, but not a smaller one.",
        smallest,
    )


def warn_about_flag(evidence: Evidence) -> Statements:
    """Three ways in which a recorded flag still says little, all met in published files."""
    warnings = (_warn_never_false(evidence), _warn_true_without_action(evidence), _warn_unused(evidence))
    yield from (("finds#find-rates", "flag_warning", warning) for warning in warnings if warning)


def _warn_never_false(evidence: Evidence) -> Sentence:
    row = evidence.row("quality", "link_false")
    if row is None or row.values["of"] < FLAG_UNUSED_ACTIONS or row.values["rows"]:
        return ()
    return say(
        "Of {} actions with the linked flag recorded, none has it set to false: here the flag seems to say that an "
        "action was taken, not that the item was found. Read the find rate as an action rate: "
        "finds could be far fewer.",
        count(row, "of"),
    )


def _warn_true_without_action(evidence: Evidence) -> Sentence:
    row = evidence.row("quality", "link_true_without_action")
    finds = evidence.estimate("find_rate")
    if row is None or (row.values["share"] or 0) <= 0.5 or finds is None or finds.values["value"] is None:
        return ()
    return say(
        "The linked flag is set on {} of the searches that ended in no further action, so it does not simply mean "
        "that the item was found. Those searches are not counted as finds, but after an action the flag may mean as "
        "little.",
        percentage(row, "share"),
    )


def _warn_unused(evidence: Evidence) -> Sentence:
    unused = [row for kind in _name_unused_flags(evidence) if (row := evidence.estimate("action_rate", ALL, kind))]
    listed: Sentence = ()
    for place, row in enumerate(unused):
        listed += ("" if not place else " and " if place == len(unused) - 1 else ", ",)
        listed += (count(row, "numerator"), f" after searches for {name_type(row)}")
    if not unused:
        return ()
    return (
        "Of the searches that led to an action, ",
        *listed,
        ", none is recorded as linked to the object of the search: the flag seems not to be used for these types. "
        "What was found is not known there, and only the bounds of their find rates are shown.",
        *_say_overall(evidence),
    )


def _say_overall(evidence: Evidence) -> Sentence:
    row = evidence.estimate("find_rate")
    if row is None or row.values["status"] != NOT_MEASURABLE:
        return ()
    return (
        " They are more than a twentieth of all actions, so there is no overall find rate, and ethnic groups are not "
        "compared over all searches.",
    )


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
            f"Among types of search with at least {SMALL_NUMERATOR} finds, find rates ran from {{}} "
            f"({name_type(ordered[0])}) to {{}} ({name_type(ordered[-1])}).",
            percentage(ordered[0], "value"),
            percentage(ordered[-1], "value"),
        )
        yield "finds#find-rates", "find_rate_range", range_over_types
    for search_type in SEARCH_TYPES:
        yield from _state_find_rates_of_type(evidence, search_type)


def _state_find_rates_of_type(evidence: Evidence, search_type: str) -> Statements:
    # The page on drugs says that no difference is clear where none is filed under it: drugs as one are its own too.
    page = "finds#drugs" if search_type == "drugs" or search_type in DRUG_TYPES else "finds#find-rates"
    for group, row, verdict in evidence.tested("find_rate", search_type):
        overall = evidence.row("comparisons", "find_rate", group, ALL)
        is_compared = overall is not None and overall.values["status"] == MEASURED
        words = f"In searches for {name_type(row)}, the find rate was {{}} in searches of {PEOPLE[group]} "
        shares = say_both_shares(evidence, row, f"{words}and {{}} in searches of White people")
        if shares and verdict in (HIGHER, LOWER):
            yield page, "find_rate_type_stated", shares
        elif shares and verdict == UNCLEAR and search_type == "drugs" and not is_compared:
            yield page, "find_rate_type_unclear", shares


def state_results(evidence: Evidence) -> Statements:
    """Stated differences in arrests and in searches beyond outer clothing: measurable where finds are not."""
    for measure in (measure for measure in OTHER_RESULTS if measure.is_compared and measure.is_stated):
        for group, row, verdict in evidence.tested(measure.name):
            shares = say_both_shares(evidence, row, measure.say_both(PEOPLE[group]))
            if shares and verdict in (HIGHER, LOWER):
                yield "finds#find-rates", f"{measure.name}_stated", shares


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
