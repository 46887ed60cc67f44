"""Sentences on what could lie behind a difference: thresholds, unknown ethnicity, types of search, areas, chance."""

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.dispersion import OVERDISPERSION
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL_BY_TYPE,
)
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT, HIGHER_THRESHOLD, LOWER_THRESHOLD
from disparity.site.findings.evidence import COMPARED_GROUPS, INTERVAL, Evidence, Statements
from disparity.site.findings.search_rates import RESIDENTS
from disparity.site.published_figures import Row, Sentence, join, percentage, points, rate, ratio, say
from disparity.vocabulary.codes import ALL, PEOPLE

PAGE = "why"
# Ways of filling in that rest on something recorded; the extremes stand apart.
INFORMED = (LEFT_OUT, PROPORTIONAL_BY_TYPE, OFFICER_INFORMED, IMPUTED)


def state_combined_verdicts(evidence: Evidence) -> Statements:
    """The search rate and the find rate read together: a threshold where they point apart, otherwise nothing."""
    for group in COMPARED_GROUPS:
        row = evidence.row("reasons", COMBINED_VERDICT, group, ALL)
        verdict = str(row.values["note"]).partition(":")[0] if row else ""
        if verdict in {LOWER_THRESHOLD, HIGHER_THRESHOLD}:
            yield PAGE, "combined_verdict", join(_state_both_rates(evidence, group, verdict), _conclude(group, verdict))


def _state_both_rates(evidence: Evidence, group: str, verdict: str) -> Sentence:
    cells = [evidence.estimate(measure, name) for measure in ("search_rate", "find_rate") for name in (group, "White")]
    searched, searched_reference, found, found_reference = (row for row in cells if row is not None)
    more, less = ("more", "less") if verdict == LOWER_THRESHOLD else ("less", "more")
    return say(
        f"There were {{}} searches a year for every 1,000 {RESIDENTS[group]} and {{}} for every 1,000 White residents; "
        f"the item was found in {{}} of searches of {PEOPLE[group]} and {{}} of searches of White people: {more} "
        f"searching, {less} found.",
        rate(searched, "value"),
        rate(searched_reference, "value"),
        percentage(found, "value"),
        percentage(found_reference, "value"),
    )


def _conclude(group: str, verdict: str) -> Sentence:
    side = verdict.removesuffix(" threshold")
    return (f"Together, that is evidence that {PEOPLE[group]} are searched on a {side} threshold than White people.",)


def state_scenarios(evidence: Evidence) -> Statements:
    """How far the ratio moves with what the searches of unknown ethnicity could have been."""
    share = evidence.estimate("unknown_ethnicity_share")
    if share is None or not share.values["numerator"]:
        return
    for group in COMPARED_GROUPS:
        stated = evidence.row("comparisons", "search_rate", group, ALL)
        filled = [row for name in INFORMED if (row := _shown(evidence, SCENARIO, group, name))]
        ends = [_shown(evidence, SCENARIO, group, name) for name in (ALL_REFERENCE, ALL_GROUP)]
        if stated is None or stated.values["verdict"] not in {HIGHER, LOWER} or len(filled) < len(INFORMED) - 1:
            continue
        low, high = (pick(filled, key=lambda row: row.values["value"]) for pick in (min, max))
        sentence = say(
            f"Ethnicity is unknown for {{}} of searches. However they are shared out by what else is recorded of them, "
            f"the search rate of {RESIDENTS[group]} is {{}} to {{}} times that of White residents.",
            percentage(share, "value"),
            ratio(low, "value"),
            ratio(high, "value"),
        )
        if ends[0] and ends[1]:
            extremes = say(
                "Only the extremes, all of them White people or all of them of the group, give {} and {}.",
                ratio(ends[0], "value"),
                ratio(ends[1], "value"),
            )
            sentence = join(sentence, extremes)
        yield PAGE, "scenarios", sentence


def state_find_rate_gaps(evidence: Evidence) -> Statements:
    """A stated difference in find rates, split into what remains within types of search and what does not."""
    for group in COMPARED_GROUPS:
        stated = evidence.row("comparisons", "find_rate", group, ALL)
        parts = [_shown(evidence, FIND_RATE_GAP, group, name) for name in ("gap", "rate_effect", "mix_effect")]
        gap, within, mix = parts
        if stated is None or stated.values["verdict"] not in {HIGHER, LOWER} or not (gap and within and mix):
            continue
        yield (
            PAGE,
            "find_rate_gap",
            say(
                f"The find rate is {{}} percentage points {_side(gap)} in searches of {PEOPLE[group]} than of White "
                f"people. If both were searched for the same things, {{}} points {_side(within)} would remain; that "
                f"they are searched for different things makes it {{}} points {_side(mix)}.",
                points(gap, "value"),
                points(within, "value"),
                points(mix, "value"),
            ),
        )


def _side(row: Row) -> str:
    return "higher" if row.values["value"] > 0 else "lower"


def state_areas(evidence: Evidence) -> Statements:
    """How much of a stated difference lies within areas, and how much between them."""
    for group in COMPARED_GROUPS:
        crude, within, between = (
            _shown(evidence, RATIO_OVER_AREAS, group, name) for name in ("crude", "within", "between")
        )
        stated = evidence.row("comparisons", "search_rate", group, ALL)
        if stated and stated.values["verdict"] in {HIGHER, LOWER} and crude and within and between:
            yield (
                PAGE,
                "areas",
                say(
                    f"Within the same area, the search rate of {RESIDENTS[group]} is {{}} times that of White "
                    f"residents ({INTERVAL} {{}} to {{}}). Where each group lives multiplies that by {{}}, which gives "
                    "{} for the whole force.",
                    ratio(within, "value"),
                    ratio(within, "lower"),
                    ratio(within, "upper"),
                    ratio(between, "value"),
                    ratio(crude, "value"),
                ),
            )


def state_clusters(evidence: Evidence) -> Statements:
    """What is left of a ratio's certainty once searches are allowed to come in clusters."""
    for group in COMPARED_GROUPS:
        factor = _shown(evidence, OVERDISPERSION, group, "phi")
        widened = _shown(evidence, OVERDISPERSION, group, "ratio")
        if factor is None or widened is None or widened.values["upper"] is None or factor.values["value"] <= 1:
            continue
        yield (
            PAGE,
            "clusters",
            say(
                f"From month to month, searches of {PEOPLE[group]} vary against those of White people {{}} times as "
                f"much as chance alone would make them. Allowing for that, the ratio of {{}} has a {INTERVAL} of "
                "{} to {}.",
                rate(factor, "value"),
                ratio(widened, "value"),
                ratio(widened, "lower"),
                ratio(widened, "upper"),
            ),
        )


def _shown(evidence: Evidence, analysis: str, group: str, component: str) -> Row | None:
    row = evidence.row("reasons", analysis, group, component)
    return row if row is not None and row.values["value"] is not None else None
