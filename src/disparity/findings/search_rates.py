"""Sentences on searches, search rates and unknown ethnicity."""

from collections.abc import Callable

from disparity.figures import Figure, Row, Sentence, count, join, percentage, rate, ratio, say
from disparity.findings.evidence import COMPARED_GROUPS, INTERVAL, Evidence, Statements
from disparity.inference import HIGHER, LOWER, UNCLEAR
from disparity.publication import name_period, start_sentence
from disparity.reasons import MISSING_ETHNICITY
from disparity.vocabulary import ALL, REFERENCE_GROUP

RESIDENTS = {
    "Asian": "Asian residents",
    "Black": "Black residents",
    "Mixed": "residents from the Mixed ethnic group",
    "White": "White residents",
    "Other": "residents from the Other ethnic group",
}


def state_searches(evidence: Evidence, previous: Evidence | None) -> Statements:
    now = evidence.estimate("search_rate")
    if now is None:
        return
    when = name_period(*evidence.period)
    searches = count(now, "numerator")
    sentence = say(f"{evidence.name} recorded {{}} searches of people in the {when}", searches)
    if previous and _misses_no_month(evidence) and _misses_no_month(previous):
        sentence += _compare_with_year_before(now, previous)
    sentence += (".",)
    if not _misses_no_month(evidence):
        sentence += (" Files are missing for part of the period: rates are annualised from the months there are.",)
    yield "search-rates", "searches", sentence


def _misses_no_month(evidence: Evidence) -> bool:
    return not evidence.quality[("months_missing",)].values["rows"]


def _compare_with_year_before(now: Row, previous: Evidence) -> Sentence:
    before, year = previous.estimate("search_rate"), name_period(*previous.period)
    if before is None or not year.startswith("year"):
        return ()
    change = now.values["numerator"] - before.values["numerator"]
    if not change:
        return (f", as many as in the {year}",)
    return say(f", {'up' if change > 0 else 'down'} from {{}} in the {year}", count(before, "numerator"))


def state_search_rates(evidence: Evidence) -> Statements:
    """The largest stated ratio first."""
    rows = [row for group in COMPARED_GROUPS if (row := evidence.comparisons.get(("search_rate", group, ALL)))]
    is_first = True
    for row in sorted(rows, key=lambda row: -(row.values["ratio"] or 0)):
        group = row.values["ethnic_group"]
        own, other = (
            evidence.estimate("search_rate", group),
            evidence.estimate("search_rate", REFERENCE_GROUP),
        )
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
        yield (
            "search-rates",
            "search_rate_stated",
            join(stated, _bound_ratio(evidence, row, says_share=is_first)),
        )
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
    if row.values["verdict"] == HIGHER and round(bounds.values["lower"], 2) > 1:
        even_if = f"even if all {unknown} had been of White people, the rate would still be {{}} times as high."
        sentence = say(even_if, ratio(bounds, "lower"))
    elif bounds.values["upper"] is None:
        return ()
    else:
        whoever = f"depending on whom the {'searches' if says_share else unknown} were of"
        sentence = say(
            f"{whoever}, the ratio could lie from {{}} to {{}}.", ratio(bounds, "lower"), ratio(bounds, "upper")
        )
    return opening + sentence if says_share else (_start(sentence))


def _start(sentence: Sentence) -> Sentence:
    return (start_sentence(str(sentence[0])), *sentence[1:])


def state_unknown_ethnicity(evidence: Evidence) -> Statements:
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
