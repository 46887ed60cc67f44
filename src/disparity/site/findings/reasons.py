"""Sentences on what could lie behind a difference: thresholds, unknown ethnicity, types of search, areas, chance."""

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.measures.entries import BY_NAME, SEARCH_RATE
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.rate_strata import MOST_UNPLACED, NOT_RECORDED_SHARE
from disparity.analysis.reasons.scenario_rows import (
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL_BY_TYPE,
)
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.share_scenarios import SHARES
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT, HIGHER_THRESHOLD, LOWER_THRESHOLD
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.findings.search_rates import has_no_unknown
from disparity.site.published_figures import (
    Row,
    Sentence,
    Style,
    join,
    percentage,
    points,
    rate,
    ratio,
    say,
    signed_points,
)
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP

PAGE = "why#reasons"
# Ways of filling in that rest on something recorded; the extremes do not.
INFORMED = (LEFT_OUT, PROPORTIONAL_BY_TYPE, OFFICER_INFORMED, IMPUTED)
SHARED_OUT = "Shared out in the plausible way that moves it most"


def state_combined_verdicts(evidence: Evidence) -> Statements:
    """The search rate and the find rate read together: a threshold where they point apart, otherwise nothing."""
    for group in COMPARED_GROUPS:
        row = evidence.row("reasons", COMBINED_VERDICT, group, ALL)
        verdict = str(row.values["note"]).partition(":")[0] if row else ""
        if verdict in {LOWER_THRESHOLD, HIGHER_THRESHOLD}:
            yield PAGE, "combined_verdict", join(_state_both_rates(evidence, group), _conclude(group, verdict))


def _state_both_rates(evidence: Evidence, group: str) -> Sentence:
    shown = (("search_rate", rate), ("find_rate", percentage))
    rows = [(evidence.estimate(measure, name), style) for measure, style in shown for name in (group, "White")]
    return say(
        f"For every 1,000 residents there were {{}} searches of {PEOPLE[group]} and {{}} of White people. The item was "
        f"found in {{}} of searches of {PEOPLE[group]} and {{}} of searches of White people.",
        *(style(row, "value") for row, style in rows if row),
    )


def _conclude(group: str, verdict: str) -> Sentence:
    side = verdict.removesuffix(" threshold")
    more, less = ("More", "less") if verdict == LOWER_THRESHOLD else ("Less", "more")
    return (f"{more} searching, {less} found: evidence that {PEOPLE[group]} are searched on a {side} threshold.",)


def state_scenarios(evidence: Evidence) -> Statements:
    """How far a stated ratio or difference moves with what the searches of unknown ethnicity could have been."""
    share = evidence.estimate("unknown_ethnicity_share")
    if share is None or share.values["value"] is None or has_no_unknown(evidence):
        return
    for group in _list_stated(evidence, "search_rate"):
        sentence = _move_ratio(evidence, group, share)
        if sentence:
            yield PAGE, "scenarios", sentence
    for measure, (_, analysis) in SHARES.items():
        for group in _list_stated(evidence, measure) if BY_NAME[measure].is_stated else ():
            sentence = _move_difference(evidence, measure, analysis, group, share)
            if sentence:
                yield PAGE, "scenarios", sentence


def _move_ratio(evidence: Evidence, group: str, share: Row) -> Sentence:
    moved = _find_farthest(evidence, SCENARIO, group, ratio)
    if not moved:
        return ()
    told = say(
        f"{SHARED_OUT}, the search rate of {RESIDENTS_OF[group]} would be {{}} times that of White residents.",
        ratio(moved, "value"),
    )
    return join(_say_unknown(share), told)


def _move_difference(evidence: Evidence, measure: str, analysis: str, group: str, share: Row) -> Sentence:
    moved = _find_farthest(evidence, analysis, group, signed_points)
    if not moved:
        return ()
    side = "higher" if moved.values["value"] > 0 else "lower"
    told = say(
        f"{SHARED_OUT}, the {BY_NAME[measure].noun} in searches of {PEOPLE[group]} would be "
        f"{{}} percentage points {side} than of White people.",
        points(moved, "value"),
    )
    return join(_say_unknown(share), told)


def _say_unknown(share: Row) -> Sentence:
    return say("Ethnicity is unknown for {} of searches.", percentage(share, "value"))


def _find_farthest(evidence: Evidence, analysis: str, group: str, style: Style) -> Row | None:
    """The value of INFORMED which is farthest from that without the unknown.

    None where they are printed alike, or too few are given. It is a value, no range: there is one range of a
    comparison, and it holds it. The two extremes are in a table alone: in a sentence they read as a floor or a ceiling.
    """
    filled = [row for name in INFORMED for row in _show(evidence, analysis, group, name)]
    if len(filled) < len(INFORMED) - 1 or filled[0].values["component"] != LEFT_OUT:
        return None
    without = filled[0]
    farthest = max(filled, key=lambda row: abs(row.values["value"] - without.values["value"]))
    return None if str(style(without, "value")) == str(style(farthest, "value")) else farthest


def state_find_rate_gaps(evidence: Evidence) -> Statements:
    """A stated difference in find rates, split into what remains within types of search and what does not."""
    for group in _list_stated(evidence, "find_rate"):
        parts = _show(evidence, FIND_RATE_GAP, group, "gap", "rate_effect", "mix_effect")
        if not parts:
            continue
        _, within, mix = ("higher" if row.values["value"] > 0 else "lower" for row in parts)
        split = say(
            f"If searched for the same things, the find rate in searches of {PEOPLE[group]} would be {{}} percentage "
            f"points {within} than of White people. What they are searched for makes it {{}} points {mix}.",
            *(points(row, "value") for row in parts[1:]),
        )
        yield PAGE, "find_rate_gap", split


def state_areas(evidence: Evidence) -> Statements:
    """How much of a stated difference lies within areas, and how much between them."""
    for group in _list_stated(evidence, "search_rate"):
        parts = _show(evidence, RATIO_OVER_AREAS, group, "within", "between")
        if not parts:
            continue
        split = say(
            f"Within the same area, the search rate of {RESIDENTS_OF[group]} is {{}} times that of White residents. "
            "Where each group lives multiplies that by {}.",
            *(ratio(row, "value") for row in parts),
        )
        yield PAGE, "areas", split


def say_not_placed(evidence: Evidence, group: str) -> Sentence:
    """Why a ratio is not taken apart by area: too many searches of the group, or of White people, are in none."""
    return _say_lacking(evidence, group, RATIO_OVER_AREAS, "are in no area")


def say_not_aged(evidence: Evidence, group: str) -> Sentence:
    """Why rates are not set at the same ages: too many searches of the group, or of White people, give none."""
    return _say_lacking(evidence, group, AGE_SEX_STANDARDISED, "give no age or sex")


def _say_lacking(evidence: Evidence, group: str, analysis: str, lack: str) -> Sentence:
    row = evidence.row("reasons", analysis, group, NOT_RECORDED_SHARE)
    if row is None or row.values["value"] is None or row.values["value"] <= MOST_UNPLACED:
        return ()
    return say(
        # The limit is MOST_UNPLACED.
        f"Not known for {PEOPLE[group]}: {{}} of their searches, or of White people’s, {lack}. More than one in ten is "
        "too many to go on.",
        percentage(row, "value"),
    )


def say_ages(evidence: Evidence, group: str) -> Sentence:
    """Both rates as if the groups had the same ages and sexes, and their ratio beside the one as it is."""
    rows = [evidence.row("reasons", AGE_SEX_STANDARDISED, name, "rate") for name in (group, REFERENCE_GROUP)]
    shown = [row for row in rows if row is not None and row.values["value"] is not None]
    if len(shown) < len(rows):
        return ()
    rates = say(
        f"With the same ages and sexes there would be {{}} searches of {PEOPLE[group]} and {{}} of White people for "
        "every 1,000 residents a year.",
        *(rate(row, "value") for row in shown),
    )
    alike = evidence.row("reasons", AGE_SEX_STANDARDISED, group, "ratio")
    compared = evidence.row("comparisons", SEARCH_RATE.name, group, ALL)
    if not (alike and compared) or None in (alike.values["value"], compared.values["ratio"]):
        return rates
    figures = ratio(alike, "value"), ratio(compared, "ratio")
    return join(rates, say("That is {} times the rate; without regard to age it is {} times.", *figures))


def _list_stated(evidence: Evidence, measure: str) -> list[str]:
    """The groups whose difference from White people is stated."""
    return [group for group, _, verdict in evidence.tested(measure) if verdict in {HIGHER, LOWER}]


def _show(evidence: Evidence, analysis: str, group: str, *components: str) -> list[Row]:
    """The rows of these components; none unless each has a value."""
    rows = [evidence.row("reasons", analysis, group, component) for component in components]
    shown = [row for row in rows if row is not None and row.values["value"] is not None]
    return shown if len(shown) == len(components) else []
