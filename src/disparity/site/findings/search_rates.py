"""Sentences on searches, search rates and unknown ethnicity."""

from disparity.analysis.comparisons import DEPENDS, UNCLEAR
from disparity.analysis.sensitivity.statements import CENSUS
from disparity.disclosure.plan import plan_named
from disparity.records.audit.filtering import UNKNOWN, fewest_without
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements
from disparity.site.findings.ranges import TOLD, name_dependencies, put_in_brackets, say_times, say_unclear
from disparity.site.findings.residents import RESIDENTS_OF, recount
from disparity.site.published_figures import Row, Sentence, count, join, percentage, rate, say, times
from disparity.vocabulary.calendar import name_period, within
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, PEOPLE, REFERENCE_GROUP

# Larger than what forces are mostly found to have: to name a number would be to say nothing.
LARGEST_SHOWN = 5
# A group whose records differ from the official count by more needs a warning.
OFFICIAL_SHARE_APART, OFFICIAL_SEARCHES_APART = 0.10, 30


def state_searches(evidence: Evidence) -> Statements:
    """How many searches, beside the year before where both years are whole."""
    now, previous = evidence.estimate("search_rate"), evidence.previous
    if now is None or now.values["numerator"] is None:
        return
    searches = count(now, "numerator")
    about = "about " if _are_searches_rounded(evidence) else ""
    recorded = f"{evidence.name} recorded {about}{{}} searches of people"
    if missing := _find_missing_months(evidence):
        have = "months have" if missing.values["rows"] > 1 else "month has"
        sentence = say(
            f"{recorded} in the months for which there are files, of {_name_whole(evidence)}: {{}} {have} none. "
            "Rates are annualised from the months there are.",
            searches,
            count(missing, "rows"),
        )
    else:
        sentence = say(f"{recorded} {within(*evidence.period)}", searches)
        if previous and not _find_missing_months(previous):
            sentence += _compare_with_year_before(now, previous)
        sentence += (".",)
    yield "searches#search-rates", "searches", sentence


def _are_searches_rounded(evidence: Evidence) -> bool:
    """Protected counts are, but for those that anybody can make of public rows: searches are among them."""
    if not evidence.published("cells"):
        return False
    plan = plan_named(evidence.published("disclosure")[0].values["plan"] or "")
    return not (plan and plan.is_public(ALL, "searches"))


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
    return say(f", {'up' if change > 0 else 'down'} from {{}} in the {year}", count(before, "numerator"))


def state_search_rates(evidence: Evidence) -> Statements:
    """One for each group that can be compared, the largest ratio first; each stands alone."""
    rows = [row for group in COMPARED_GROUPS if (row := evidence.row("comparisons", "search_rate", group, ALL))]
    for row in sorted(rows, key=lambda row: -(row.values["ratio"] or 0)):
        group, verdict = row.values["ethnic_group"], row.values["verdict"]
        own, other = (evidence.estimate("search_rate", name) for name in (group, REFERENCE_GROUP))
        if row.values["ratio"] is None or verdict not in TOLD or not (own and other):
            continue
        rates = say(
            f"There were {{}} searches a year for every 1,000 {RESIDENTS_OF[group]} "
            "and {} for every 1,000 White residents",
            rate(own, "value"),
            rate(other, "value"),
        )
        if verdict == UNCLEAR:
            unclear = (f": {say_unclear(row, 1)}", *put_in_brackets(row, say_times(row)), ".")
            sentence: Sentence = (*rates, *unclear, *_say_smallest(row))
            yield "searches#search-rates", "search_rate_unclear", sentence
            continue
        apart = (*rates, ": ", *say_times(row), ".")
        if verdict == DEPENDS:
            named = (f"Whether there is a difference depends on {name_dependencies(row)}.",)
            again = recount(evidence, group) if CENSUS in row.values["depends_on"] else ()
            yield "searches#search-rates", "search_rate_depends", join(apart, named, again)
            continue
        yield "searches#search-rates", "search_rate_stated", apart


def _say_smallest(row: Row) -> Sentence:
    """What could be there all the same, by chance unseen."""
    smallest = row.values["smallest_difference"]
    if smallest is None:
        return ()
    if smallest > LARGEST_SHOWN:
        return (" Records like these would show a very large difference only.",)
    return say(
        " Records like these would mostly show a rate {} times as high, but not a smaller difference.",
        times(row, "smallest_difference"),
    )


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
            warning = say(
                f"These records hold {{}} searches of {PEOPLE[group]}; the official count is {{}}. "
                "A rate of the group from these records is as uncertain as that.",
                count(row, "record_searches"),
                count(row, "official_searches"),
            )
            yield "searches#search-rates", "official_warning", warning


def state_unknown_ethnicity(evidence: Evidence) -> Statements:
    row = evidence.estimate("unknown_ethnicity_share")
    if row is None or row.values["value"] is None:
        return
    words = "Ethnicity is unknown for {} of searches, which are left out of every comparison between groups."
    searches = row.values["denominator"] or 0
    if searches and has_no_unknown(evidence) and searches >= fewest_without(UNKNOWN, row.values["period_from"]):
        words = (
            "Ethnicity is unknown for {} of searches. Records of stop and search always hold people who do not state "
            "theirs: somebody has left such searches out, or filled it in, and no comparison here allows for that."
        )
    yield "data-quality", "unknown_ethnicity", say(words, percentage(row, "value"))
