"""The findings: plain sentences, each with the rows of evidence behind it.

A difference is put into words only where the comparison's verdict states one. Both rates come before a
ratio, and the weakness of a figure stands next to it. Nothing is called bias: a figure shows a
difference, not its cause.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from disparity.figures import Figure, Row, Sentence, count, index_rows, join, percentage, points, rate, ratio, say
from disparity.inference import HIGHER, LOWER, UNCLEAR
from disparity.measures import COVERAGE_MEASURED, INCOMPLETE, MEASURED, NOT_MEASURABLE, PARTIAL, SMALL_NUMERATOR
from disparity.publication import name_period, start_sentence
from disparity.reasons import MISSING_ETHNICITY
from disparity.vocabulary import ALL, ETHNIC_GROUPS, PEOPLE, REFERENCE_GROUP, SEARCH_TYPES, SELF_DEFINED

INTERVAL = "95% confidence interval"
RESIDENTS = {
    "Asian": "Asian residents",
    "Black": "Black residents",
    "Mixed": "residents from the Mixed ethnic group",
    "White": "White residents",
    "Other": "residents from the Other ethnic group",
}
# If only one action in ten were linked, 30 in a row without one would come up 4 times in 100.
FLAG_UNUSED_ACTIONS = 30
COMPARED_GROUPS = tuple(group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP)


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


@dataclass(frozen=True)
class Finding:
    """`topic` is the page that holds the evidence; `kind` orders and picks findings."""

    force: str
    topic: str
    kind: str
    sentence: Sentence


@dataclass(frozen=True)
class Evidence:
    """One force's rows of one period and ethnicity basis, by key."""

    force: str
    name: str
    period: tuple[date, date]
    estimates: dict[tuple[Any, ...], Row]  # measure, ethnic_group, search_type
    comparisons: dict[tuple[Any, ...], Row]  # measure, ethnic_group, search_type
    reasons: dict[tuple[Any, ...], Row]  # analysis, ethnic_group, component
    quality: dict[tuple[Any, ...], Row]  # item

    def estimate(self, measure: str, group: str = ALL, search_type: str = ALL) -> Row | None:
        """The estimate of a measure for a group and search type, if there is one."""
        return self.estimates.get((measure, group, search_type))


def gather_evidence(
    force: str, name: str, period: tuple[date, date], tables: dict[str, list[Row]], basis: str = SELF_DEFINED
) -> Evidence:
    """Pick one force's rows of one period out of the published tables."""

    def pick(table: str) -> list[Row]:
        return [
            row
            for row in tables[table]
            if row.values["force"] == force
            and (row.values["period_from"], row.values["period_to"]) == period
            and row.values.get("ethnicity_basis", basis) == basis
        ]

    cell = ("measure", "ethnic_group", "search_type")
    return Evidence(
        force,
        name,
        period,
        index_rows(pick("estimates"), *cell),
        index_rows(pick("comparisons"), *cell),
        index_rows(pick("reasons"), "analysis", "ethnic_group", "component"),
        index_rows(pick("quality"), "item"),
    )


def find(evidence: Evidence, previous: Evidence | None) -> list[Finding]:
    """State what one force's figures of the latest period show; `previous` is the period before, if any."""
    statements: list[tuple[str, str, Sentence]] = [
        *_state_searches(evidence, previous),
        *_state_search_rates(evidence),
        *_state_find_rate(evidence),
        *_state_find_rates_by_group(evidence),
        *_state_find_rates_by_type(evidence),
        *_warn_about_flag(evidence),
        *_state_drugs(evidence),
        *_state_unknown_ethnicity(evidence),
    ]
    return [Finding(evidence.force, topic, kind, sentence) for topic, kind, sentence in statements]


Statements = Iterator[tuple[str, str, Sentence]]


def _state_searches(evidence: Evidence, previous: Evidence | None) -> Statements:
    now = evidence.estimate("search_rate")
    if now is None:
        return
    when = name_period(*evidence.period)
    searches = count(now, "numerator")
    sentence = say(f"{evidence.name} recorded {{}} searches of people in the {when}", searches)
    before = previous.estimate("search_rate") if previous else None
    complete = before is not None and INCOMPLETE not in {before.values["status"], now.values["status"]}
    if previous and before and complete and name_period(*previous.period).startswith("year"):
        change = "up" if now.values["numerator"] > before.values["numerator"] else "down"
        sentence += say(f", {change} from {{}} in the {name_period(*previous.period)}", count(before, "numerator"))
    sentence += (".",)
    if now.values["status"] == INCOMPLETE:
        sentence += (" Files are missing for part of the period: rates are annualised from the months there are.",)
    yield "search-rates", "searches", sentence


def _state_search_rates(evidence: Evidence) -> Statements:
    """The largest stated ratio first."""
    rows = [row for group in COMPARED_GROUPS if (row := evidence.comparisons.get(("search_rate", group, ALL)))]
    is_first = True
    for row in sorted(rows, key=lambda row: -(row.values["ratio"] or 0)):
        group = row.values["ethnic_group"]
        own, other = evidence.estimate("search_rate", group), evidence.estimate("search_rate", REFERENCE_GROUP)
        if row.values["ratio"] is None or row.values["verdict"] not in {HIGHER, LOWER, UNCLEAR} or not (own and other):
            continue
        rates = say(
            f"There were {{}} searches for every 1,000 {RESIDENTS[group]} and {{}} for every 1,000 White residents",
            rate(own, "value"),
            rate(other, "value"),
        )
        limits = _interval(row, "ratio", ratio)
        if row.values["verdict"] == UNCLEAR:
            lower, upper = row.values["ratio_lower"], row.values["ratio_upper"]
            is_near = lower is not None and upper is not None and not lower <= 1 <= upper
            verdict = "not clear once the number of comparisons is allowed for" if is_near else "no clear difference"
            yield "search-rates", "search_rate_unclear", (*rates, f": {verdict} (ratio ", *limits, ").")
            continue
        size = "times as high" if row.values["verdict"] == HIGHER else "times, that is, lower"
        stated = (*rates, ": a rate ", ratio(row, "ratio"), f" {size} ({INTERVAL}: ", *limits[2:], ").")
        yield "search-rates", "search_rate_stated", join(stated, _bound_ratio(evidence, row, says_share=is_first))
        is_first = False


def _interval(row: Row, name: str, style: Callable[[Row, str], Figure]) -> tuple[str | Figure, ...]:
    """value, separator, lower, " to ", upper; an upper limit without end is said, not printed."""
    lower, upper = row.values[f"{name}_lower"], row.values[f"{name}_upper"]
    head = (style(row, name), f"; {INTERVAL}: ")
    if upper is None:
        return (*head, "above ", style(row, f"{name}_lower")) if lower is not None else head[:1]
    return (*head, style(row, f"{name}_lower"), " to ", style(row, f"{name}_upper"))


def _bound_ratio(evidence: Evidence, row: Row, *, says_share: bool) -> Sentence:
    """The strongest sentence the data allow about searches of unknown ethnicity."""
    group = row.values["ethnic_group"]
    bounds = evidence.reasons.get((MISSING_ETHNICITY, group, ALL))
    share = evidence.estimate("unknown_ethnicity_share")
    if bounds is None or share is None or not share.values["numerator"]:
        return ()
    unknown = "searches of unknown ethnicity"
    opening: Sentence = ()
    if says_share:
        opening = say("Ethnicity is unknown for {} of searches: ", percentage(share, "value"))
        unknown = "of these"
    if row.values["verdict"] == HIGHER and bounds.values["lower"] > 1:
        even_if = f"even if all {unknown} had been of White people, the rate would still be {{}} times as high."
        sentence = say(even_if, ratio(bounds, "lower"))
    elif bounds.values["upper"] is None:
        return ()
    else:
        whoever = f"depending on whom the {'searches' if says_share else unknown} were of, the ratio could lie from {{}} to {{}}."
        sentence = say(whoever, ratio(bounds, "lower"), ratio(bounds, "upper"))
    return opening + sentence if says_share else (_start(sentence))


def _start(sentence: Sentence) -> Sentence:
    return (start_sentence(str(sentence[0])), *sentence[1:])


def _state_find_rate(evidence: Evidence) -> Statements:
    row = evidence.estimate("find_rate")
    if row is None or row.values["lower_bound"] is None:
        return
    bounds = percentage(row, "lower_bound"), percentage(row, "upper_bound")
    status = row.values["status"]
    if status == NOT_MEASURABLE:
        why = _why_unknown(evidence)
        yield (
            "find-rates",
            "find_rate",
            (
                "The find rate cannot be measured from these records: ",
                *why,
                *say(". All that can be said is that it lies between {} and {}.", *bounds),
            ),
        )
    elif status == PARTIAL:
        why = _why_unknown(evidence)
        yield (
            "find-rates",
            "find_rate",
            (
                *say("The find rate can only be estimated, at about {}: ", percentage(row, "value")),
                *why,
                *say(". It lies between {} and {}. Ethnic groups are not compared.", *bounds),
            ),
        )
    elif row.values["value"] is not None:
        limits = say("{} to {}", percentage(row, "lower"), percentage(row, "upper"))
        yield (
            "find-rates",
            "find_rate",
            (*say(f"The find rate was {{}} ({INTERVAL}: ", percentage(row, "value")), *limits, ")."),
        )


def _why_unknown(evidence: Evidence) -> Sentence:
    """Which field is blank, and how often."""
    link, outcome = evidence.quality[("link_not_recorded",)], evidence.quality[("outcome_not_recorded",)]
    parts: list[Sentence] = []
    if (outcome.values["share"] or 0) > 1 - COVERAGE_MEASURED:
        parts.append(say("{} of searches have no outcome recorded", percentage(outcome, "share")))
    if (link.values["share"] or 0) > 1 - COVERAGE_MEASURED:
        parts.append(
            say(
                "{} of the searches that led to an action do not say whether it was linked to the object of the search",
                percentage(link, "share"),
            )
        )
    if not parts:
        parts.append(("what is recorded differs between ethnic groups",))
    return parts[0] if len(parts) == 1 else (*parts[0], ", and ", *parts[1])


def _state_find_rates_by_group(evidence: Evidence) -> Statements:
    for group in COMPARED_GROUPS:
        row = evidence.comparisons.get(("find_rate", group, ALL))
        own, other = evidence.estimate("find_rate", group), evidence.estimate("find_rate", REFERENCE_GROUP)
        if not (row and own and other) or row.values["verdict"] not in {HIGHER, LOWER, UNCLEAR}:
            continue
        rates = say(
            f"The item searched for was found in {{}} of searches of {PEOPLE[group]} and {{}} of searches of White people",
            percentage(own, "value"),
            percentage(other, "value"),
        )
        verdict = row.values["verdict"]
        kind = "find_rate_unclear" if verdict == UNCLEAR else "find_rate_stated"
        yield "find-rates", kind, (*rates, *_state_difference(row), ".")


def _state_difference(row: Row) -> Sentence:
    verdict = row.values["verdict"]
    lower, upper = row.values["difference_lower"], row.values["difference_upper"]
    if verdict == UNCLEAR and lower is not None and upper is not None and not lower <= 0 <= upper:
        return (": a difference that is not clear once the number of comparisons is allowed for",)
    if verdict == UNCLEAR:
        return (": no clear difference",)
    near, far = ("difference_lower", "difference_upper") if abs(lower) < abs(upper) else ("difference_upper", "difference_lower")
    return say(
        f": {{}} percentage points {verdict} ({INTERVAL}: {{}} to {{}} points)",
        points(row, "difference"),
        points(row, near),
        points(row, far),
    )


def _is_flag_unused(evidence: Evidence, search_type: str) -> bool:
    """Whether many actions after searches of a type were all recorded as not linked to its object."""
    actions, finds = (evidence.estimate(measure, ALL, search_type) for measure in ("action_rate", "find_rate"))
    return bool(
        actions
        and finds
        and finds.values["status"] in {MEASURED, PARTIAL}
        and finds.values["numerator"] == 0
        and actions.values["numerator"] >= FLAG_UNUSED_ACTIONS
    )


def _warn_about_flag(evidence: Evidence) -> Statements:
    """Two ways in which a recorded flag still tells nothing, both met in published files."""
    never_false = evidence.quality[("link_false",)]
    if never_false.values["of"] >= FLAG_UNUSED_ACTIONS and never_false.values["rows"] == 0:
        sentence = say(
            "Of {} actions with the linked flag recorded, none has it set to false: here the flag seems to say that "
            "an action was taken, not that the item was found. Read the find rate as an action rate.",
            count(never_false, "of"),
        )
        yield "find-rates", "flag_warning", sentence
    unused = [
        evidence.estimates[("action_rate", ALL, search_type)]
        for search_type in SEARCH_TYPES
        if search_type != "drugs_unspecified" and _is_flag_unused(evidence, search_type)
    ]
    if unused:
        listed: Sentence = ()
        for place, row in enumerate(unused):
            listed += ("" if not place else " and " if place == len(unused) - 1 else ", ",)
            listed += (count(row, "numerator"), f" after searches for {_name_type(row)}")
        yield (
            "find-rates",
            "flag_warning",
            (
                "Of the searches that led to an action, ",
                *listed,
                ", none is recorded as linked to the object of the search: the flag seems not to be used for "
                "these types. Their find rates say little, and the force's overall find rate is too low.",
            ),
        )


def _state_find_rates_by_type(evidence: Evidence) -> Statements:
    rows = [evidence.estimate("find_rate", ALL, search_type) for search_type in SEARCH_TYPES]
    measured = [row for row in rows if row and row.values["status"] == MEASURED and row.values["search_type"] != "not_recorded"]
    leaves = [
        row
        for row in measured
        if row.values["search_type"] != "drugs_unspecified"
        and row.values["numerator"] >= SMALL_NUMERATOR
        and not _is_flag_unused(evidence, row.values["search_type"])
    ]
    if len(leaves) > 1:
        ordered = sorted(leaves, key=lambda row: row.values["value"])
        yield (
            "find-rates",
            "find_rate_range",
            say(
                f"By type of search, find rates ran from {{}} ({_name_type(ordered[0])}) to {{}} ({_name_type(ordered[-1])}).",
                percentage(ordered[0], "value"),
                percentage(ordered[-1], "value"),
            ),
        )
    for search_type in SEARCH_TYPES:
        for group in COMPARED_GROUPS:
            row = evidence.comparisons.get(("find_rate", group, search_type))
            own = evidence.estimate("find_rate", group, search_type)
            other = evidence.estimate("find_rate", REFERENCE_GROUP, search_type)
            if row and own and other and row.values["verdict"] in {HIGHER, LOWER} and search_type != "drugs_unspecified":
                rates = say(
                    f"In searches for {_name_type(row)}, the item was found in {{}} of searches of {PEOPLE[group]} "
                    "and {} of searches of White people",
                    percentage(own, "value"),
                    percentage(other, "value"),
                )
                yield "find-rates", "find_rate_type_stated", (*rates, *_state_difference(row), ".")


def _name_type(row: Row) -> str:
    return TYPE_IN_WORDS.get(row.values["search_type"], row.values["search_type"].replace("_", " "))


def _state_drugs(evidence: Evidence) -> Statements:
    drugs, possession = (evidence.estimate("type_share", ALL, kind) for kind in ("drugs", "drugs_possession"))
    if drugs is None or drugs.values["value"] is None:
        return
    share = say("Searches for drugs were {} of all searches", percentage(drugs, "value"))
    if possession is None or possession.values["value"] is None:
        yield (
            "find-rates",
            "drugs",
            (*share, ". These records do not say whether possession or supply was suspected, so neither can be measured."),
        )
    else:
        alone = say("; searches for possession alone were {}.", percentage(possession, "value"))
        yield "find-rates", "drugs", (*share, *alone)


def _state_unknown_ethnicity(evidence: Evidence) -> Statements:
    row = evidence.estimate("unknown_ethnicity_share")
    if row is None or row.values["value"] is None:
        return
    yield (
        "data-quality",
        "unknown_ethnicity",
        say(
            "Ethnicity is unknown for {} of searches, which are left out of every comparison between groups.",
            percentage(row, "value"),
        ),
    )


