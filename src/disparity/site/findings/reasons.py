"""Sentences on what could lie behind a difference: thresholds, unknown ethnicity, types of search, areas, chance."""

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.measures.entries import BY_NAME
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
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
from disparity.analysis.reasons.share_scenarios import SHARES
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT, HIGHER_THRESHOLD, LOWER_THRESHOLD
from disparity.site.findings.evidence import COMPARED_GROUPS, INTERVAL, Evidence, Statements
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
from disparity.vocabulary.codes import ALL, PEOPLE

PAGE = "why#reasons"
# Ways of filling in that rest on something recorded; the extremes stand apart.
INFORMED = (LEFT_OUT, PROPORTIONAL_BY_TYPE, OFFICER_INFORMED, IMPUTED)
SHARED_OUT = "Shared out by what else is recorded of them"


def state_combined_verdicts(evidence: Evidence) -> Statements:
    """The search rate and the find rate read together: a threshold where they point apart, otherwise nothing."""
    for group in COMPARED_GROUPS:
        row = evidence.row("reasons", COMBINED_VERDICT, group, ALL)
        verdict = str(row.values["note"]).partition(":")[0] if row else ""
        if verdict in {LOWER_THRESHOLD, HIGHER_THRESHOLD}:
            yield PAGE, "combined_verdict", join(_state_both_rates(evidence, group, verdict), _conclude(group, verdict))


def _state_both_rates(evidence: Evidence, group: str, verdict: str) -> Sentence:
    more, less = ("more", "less") if verdict == LOWER_THRESHOLD else ("less", "more")
    shown = (("search_rate", rate), ("find_rate", percentage))
    rows = [(evidence.estimate(measure, name), style) for measure, style in shown for name in (group, "White")]
    return say(
        f"There were {{}} searches a year for every 1,000 {RESIDENTS_OF[group]} and {{}} for every 1,000 White "
        f"residents; the item was found in {{}} of searches of {PEOPLE[group]} and {{}} of searches of White people: "
        f"{more} searching, {less} found.",
        *(style(row, "value") for row, style in rows if row),
    )


def _conclude(group: str, verdict: str) -> Sentence:
    side = verdict.removesuffix(" threshold")
    return (f"Together, that is evidence that {PEOPLE[group]} are searched on a {side} threshold than White people.",)


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
    sentence = say(
        f"Ethnicity is unknown for {{}} of searches. Without them, the search rate of {RESIDENTS_OF[group]} is {{}} "
        f"times that of White residents. {SHARED_OUT}, it is {{}} times at the furthest.",
        percentage(share, "value"),
        *(ratio(row, "value") for row in moved),
    )
    extreme = _show(evidence, SCENARIO, group, ALL_REFERENCE, ALL_GROUP)
    if extreme:
        extremes = say(
            "Were they all White people it would be {}, and {} were they all of the group.",
            *(ratio(row, "value") for row in extreme),
        )
        sentence = join(sentence, extremes)
    return sentence


def _move_difference(evidence: Evidence, measure: str, analysis: str, group: str, share: Row) -> Sentence:
    moved = _find_farthest(evidence, analysis, group, signed_points)
    if not moved:
        return ()
    without, farthest = ("higher" if row.values["value"] > 0 else "lower" for row in moved)
    return say(
        f"Ethnicity is unknown for {{}} of searches. Without them, the {BY_NAME[measure].noun} in searches of "
        f"{PEOPLE[group]} is {{}} percentage points {without} than in searches of White people. {SHARED_OUT}, it is "
        f"{{}} points {farthest} at the furthest.",
        percentage(share, "value"),
        *(points(row, "value") for row in moved),
    )


def _find_farthest(evidence: Evidence, analysis: str, group: str, style: Style) -> list[Row]:
    """The value without the unknown, and that of INFORMED which is farthest from it.

    None where they are printed alike, or too few are given. The two are values, no range: there is one range of a
    comparison, and it holds both.
    """
    filled = [row for name in INFORMED for row in _show(evidence, analysis, group, name)]
    if len(filled) < len(INFORMED) - 1 or filled[0].values["component"] != LEFT_OUT:
        return []
    without = filled[0]
    farthest = max(filled, key=lambda row: abs(row.values["value"] - without.values["value"]))
    return [] if str(style(without, "value")) == str(style(farthest, "value")) else [without, farthest]


def state_find_rate_gaps(evidence: Evidence) -> Statements:
    """A stated difference in find rates, split into what remains within types of search and what does not."""
    for group in _list_stated(evidence, "find_rate"):
        parts = _show(evidence, FIND_RATE_GAP, group, "gap", "rate_effect", "mix_effect")
        if not parts:
            continue
        gap, within, mix = ("higher" if row.values["value"] > 0 else "lower" for row in parts)
        split = say(
            f"The find rate is {{}} percentage points {gap} in searches of {PEOPLE[group]} than of White "
            f"people. If both were searched for the same things, {{}} points {within} would remain; that "
            f"they are searched for different things makes it {{}} points {mix}.",
            *(points(row, "value") for row in parts),
        )
        yield PAGE, "find_rate_gap", split


def state_areas(evidence: Evidence) -> Statements:
    """How much of a stated difference lies within areas, and how much between them."""
    for group in _list_stated(evidence, "search_rate"):
        parts = _show(evidence, RATIO_OVER_AREAS, group, "within", "between", "crude")
        if not parts:
            continue
        within, between, crude = parts
        split = say(
            f"Within the same area, the search rate of {RESIDENTS_OF[group]} is {{}} times that of White "
            f"residents ({INTERVAL} {{}} to {{}}). Where each group lives multiplies that by {{}}, which gives "
            "{} for the whole force.",
            *(ratio(within, name) for name in ("value", "lower", "upper")),
            *(ratio(row, "value") for row in (between, crude)),
        )
        yield PAGE, "areas", split


def _list_stated(evidence: Evidence, measure: str) -> list[str]:
    """The groups whose difference from White people is stated."""
    return [group for group, _, verdict in evidence.tested(measure) if verdict in {HIGHER, LOWER}]


def _show(evidence: Evidence, analysis: str, group: str, *components: str) -> list[Row]:
    """The rows of these components; none unless each has a value."""
    rows = [evidence.row("reasons", analysis, group, component) for component in components]
    shown = [row for row in rows if row is not None and row.values["value"] is not None]
    return shown if len(shown) == len(components) else []
