"""Sentences on searches, search rates and unknown ethnicity."""

from dataclasses import replace

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.records.audit.filtering import UNKNOWN, fewest_without
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements, about_searches
from disparity.site.findings.find_rates import name_type
from disparity.site.findings.ranges import TOLD, say_depends, say_range, say_times, say_unclear
from disparity.site.findings.residents import say_both_rates
from disparity.site.published_figures import Row, Sentence, count, join, percentage, say, times
from disparity.vocabulary.calendar import name_period, within
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, OFFICER_DEFINED, PEOPLE, SEARCH_TYPES

PAGE = "searches#ethnicity"
_KINDS = ("stated", "depends", "unclear")
_KIND = {HIGHER: "stated", LOWER: "stated", DEPENDS: "depends", UNCLEAR: "unclear"}
NO_TYPE = ("other", "not_recorded")
# Larger than what forces are mostly found to have: to name a number would be to say nothing.
LARGEST_SHOWN = 5
# A group whose records differ from the official count by more needs a warning.
OFFICIAL_SHARE_APART, OFFICIAL_SEARCHES_APART = 0.10, 30
# So does one that officers put so many times as many people in as put themselves there, or the other way round.
OFFICER_TIMES_APART = 2


def state_searches(evidence: Evidence) -> Statements:
    """How many searches, beside the year before where both years are whole."""
    now, previous = evidence.estimate("search_rate"), evidence.previous
    if now is None or now.values["numerator"] is None:
        return
    searches = count(now, "numerator")
    recorded = f"{evidence.name} recorded {about_searches(evidence)}{{}} searches of people"
    if missing := _find_missing_months(evidence):
        have = "months have" if missing.values["rows"] > 1 else "month has"
        sentence = say(
            f"{recorded} in the months with files. Of {_name_whole(evidence)}, {{}} {have} none. "
            "Rates for a whole year are scaled up from the months there are.",
            searches,
            count(missing, "rows"),
        )
    else:
        sentence = say(f"{recorded} {within(*evidence.period)}", searches)
        if previous and not _find_missing_months(previous):
            sentence += _compare_with_year_before(now, previous)
        sentence += (".",)
    yield PAGE, "searches", sentence


def _find_missing_months(evidence: Evidence) -> Row | None:
    row = evidence.row("quality", "months_missing")
    return row if row and row.values["rows"] else None


def _name_whole(evidence: Evidence) -> str:
    """The period as it follows "of": a year has its article."""
    return f"the {evidence.period_name}" if evidence.period_name.startswith("year") else evidence.period_name


def _compare_with_year_before(now: Row, previous: Evidence) -> Sentence:
    before, year = previous.estimate("search_rate"), name_period(*previous.period)
    if before is None or before.values["numerator"] is None or not year.startswith("year"):
        return ()
    change = now.values["numerator"] - before.values["numerator"]
    if not change:
        return (f", as many as in the {year}",)
    return say(
        f", {'up' if change > 0 else 'down'} from {about_searches(previous)}{{}} in the {year}",
        count(before, "numerator"),
    )


def state_search_rates(evidence: Evidence) -> Statements:
    """One for each group that can be compared; each stands alone."""
    for row in list_told(evidence):
        if sentence := say_search_rates(evidence, row):
            yield PAGE, f"search_rate_{_KIND[row.values['verdict']]}", sentence


def list_told(evidence: Evidence) -> list[Row]:
    """The comparisons that are told: stated ones, what depends, what is not clear; of each the largest ratio first."""
    rows = [row for group in COMPARED_GROUPS if (row := evidence.row("comparisons", "search_rate", group, ALL))]
    told = [row for row in rows if row.values["ratio"] is not None and row.values["verdict"] in TOLD]
    return sorted(told, key=lambda row: (_KINDS.index(_KIND[row.values["verdict"]]), -row.values["ratio"]))


def say_search_rates(evidence: Evidence, row: Row) -> Sentence:
    """Both rates, and how they compare, as the verdict allows."""
    rates, verdict = say_both_rates(evidence, row.values["ethnic_group"]), row.values["verdict"]
    if not rates:
        return ()
    if verdict == UNCLEAR:
        unclear = say_unclear(row, 1)
        # Why it is not clear is a sentence of its own.
        return (*rates, f": {unclear}." if unclear == UNCLEAR else f". There is {unclear}.", *_say_smallest(row))
    if verdict == DEPENDS:
        return (*rates, ".", say_depends(row), *say_range(row))
    return (*rates, f". The rate was {verdict}: ", *say_times(row), " for White residents.")


def _say_smallest(row: Row) -> Sentence:
    """What could be there all the same, by chance unseen."""
    smallest = row.values["smallest_difference"]
    if smallest is None:
        return ()
    if smallest > LARGEST_SHOWN:
        return (" Only a very large difference would have shown.",)
    return say(" A rate {} times as high would usually have shown.", times(row, "smallest_difference"))


def state_types(evidence: Evidence) -> Statements:
    """What officers searched for most often, and next."""
    rows = [evidence.estimate("type_share", ALL, kind) for kind in SEARCH_TYPES if kind not in DRUG_TYPES]
    named = [row for row in rows if row and row.values["value"] and row.values["search_type"] not in NO_TYPE]
    if not named:
        return
    first, *others = sorted(named, key=lambda row: -row.values["value"])
    most = say(f"Officers searched most often for {name_type(first)}: {{}} of searches.", percentage(first, "value"))
    if others:
        most = join(most, say(f"Next came {name_type(others[0])}, with {{}}.", percentage(others[0], "value")))
    yield "searches#type", "types", most


def has_no_unknown(evidence: Evidence) -> bool:
    """Whether the share of unknown ethnicity is printed as none at all: nothing is said of what it could change."""
    share = evidence.estimate("unknown_ethnicity_share")
    return share is not None and share.values["value"] is not None and not str(percentage(share, "value")).strip("0.%")


def warn_about_official(evidence: Evidence) -> Statements:
    """Where the official count of a group is far from that of the records, its rate needs care."""
    for group in ETHNIC_GROUPS:
        row = evidence.row("official", group)
        if row is None or not row.values["official_searches"]:
            continue
        is_apart = abs(row.values["difference"]) >= OFFICIAL_SEARCHES_APART
        if is_apart and abs(row.values["difference_share"]) > OFFICIAL_SHARE_APART:
            about = about_searches(evidence)
            warning = say(
                f"These records hold {about}{{}} searches of {PEOPLE[group]}; the official count is {{}}. "
                "The rate for this group is as uncertain as that.",
                count(row, "record_searches"),
                count(row, "official_searches"),
            )
            yield PAGE, "official_warning", warning


def warn_about_officers(evidence: Evidence) -> Statements:
    """Where officers put far more or far fewer people in a group than put themselves there, its rate needs care."""
    officer = replace(evidence, basis=OFFICER_DEFINED)
    for group in ETHNIC_GROUPS:
        own, seen = (each.estimate("search_rate", group) for each in (evidence, officer))
        searches = [row.values["numerator"] for row in (own, seen) if row and row.values["numerator"] is not None]
        # A form that has no box for a group, as many have none for Mixed, says nothing of it.
        if own is None or seen is None or len(searches) < 2 or not seen.values["numerator"]:
            continue
        few, many = sorted(searches)
        if many >= OFFICER_TIMES_APART * few and many - few >= OFFICIAL_SEARCHES_APART:
            about = about_searches(evidence)
            warning = say(
                f"There were {about}{{}} searches of {PEOPLE[group]} as people described themselves, and {about}{{}} "
                "as officers saw them. The rate for this group is as uncertain as that.",
                count(own, "numerator"),
                count(seen, "numerator"),
            )
            yield PAGE, "officer_warning", warning


def state_unknown_ethnicity(evidence: Evidence) -> Statements:
    row = evidence.estimate("unknown_ethnicity_share")
    if row is None or row.values["value"] is None:
        return
    words = "Ethnicity is unknown for {} of searches. Rates of groups leave them out, and ranges allow for them."
    searches = row.values["denominator"] or 0
    if searches and has_no_unknown(evidence) and searches >= fewest_without(UNKNOWN, row.values["period_from"]):
        words = (
            "Ethnicity is unknown for {} of searches. That is unusual: some people always choose not to say. Such "
            "searches may have been left out or filled in, and no comparison here allows for that."
        )
    yield "data-quality", "unknown_ethnicity", say(words, percentage(row, "value"))
