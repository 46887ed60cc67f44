"""Worked examples of what could lie behind a disparity, in the figures of one force."""

from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.dispersion import OVERDISPERSION
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL,
    PROPORTIONAL_BY_TYPE,
)
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.analysis.reasons.strata import FIND_RATE_GIVEN
from disparity.analysis.reasons.veil_of_darkness import VEIL_OF_DARKNESS
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.published_figures import Row, Sentence, count, percentage, rate, ratio, say, signed_points
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP

# The group whose disparity is written about most; the next that has the figures stands in for it.
GROUPS = ("Black", *(group for group in COMPARED_GROUPS if group != "Black"))


def explain_scenarios(evidence: Evidence) -> Sentence:
    """What each way of counting unknown ethnicity makes of a ratio."""
    between = (PROPORTIONAL, PROPORTIONAL_BY_TYPE, OFFICER_INFORMED, IMPUTED)
    found = pick_rows(evidence, SCENARIO, LEFT_OUT, *between, ALL_REFERENCE, ALL_GROUP)
    if not found:
        return ()
    group, rows = found
    return say(
        f"the search rate of {PEOPLE[group]} is {{}} times that of White people if unknown ethnicity is left out. It "
        "is {} times if it is shared out like the known, {} times like the known of the month and type, {} times as "
        "officers saw it, and {} times if it is filled in from all else that is recorded. It is {} times if all were "
        "White, and {} times if all were of the group.",
        *(ratio(row, "value") for row in rows),
    )


def explain_dispersion(evidence: Evidence) -> Sentence:
    """How much wider clusters make the interval of a ratio."""
    found = pick_rows(evidence, OVERDISPERSION, "phi", "ratio")
    if not found or found[1][1].values["upper"] is None:
        return ()
    group, (phi, widened) = found
    return say(
        f"for {PEOPLE[group]} the factor is {{}}, and the interval of the ratio {{}} becomes {{}} to {{}}.",
        rate(phi, "value"),
        ratio(widened, "value"),
        ratio(widened, "lower"),
        ratio(widened, "upper"),
    )


def explain_types(evidence: Evidence) -> Sentence:
    """Odds of a find within types of search."""
    return _explain_strata(evidence, "search_type", "type of search", "types")


def explain_areas_alike(evidence: Evidence) -> Sentence:
    """Odds of a find within areas."""
    return _explain_strata(evidence, "area", "area", "areas")


def _explain_strata(evidence: Evidence, stratum: str, same: str, many: str) -> Sentence:
    found = pick_rows(evidence, f"{FIND_RATE_GIVEN}{stratum}", "crude_odds_ratio", "odds_ratio", "strata")
    if not found or not has_values(found[1][1], "lower", "upper"):
        return ()
    group, (crude, within, strata) = found
    return say(
        f"the odds of a find in searches of {PEOPLE[group]} are {{}} times those in searches of White people over all "
        f"searches, and {{}} times within the same {same} ({{}} to {{}}; {{}} {many} tell).",
        ratio(crude, "value"),
        *(ratio(within, column) for column in ("value", "lower", "upper")),
        count(strata, "value"),
    )


def explain_table(evidence: Evidence) -> Sentence:
    """Find rates of all groups at once."""
    found = pick_rows(evidence, "find_rate_by_ethnicity", "cramers_v", "chi_square", "degrees_of_freedom")
    if not found:
        return ()
    strength, square, freedom = found[1]
    return say(
        "for find rates of all groups the chi-square is {} on {} degrees of freedom, and V is {}.",
        rate(square, "value"),
        count(freedom, "value"),
        ratio(strength, "value"),
    )


def explain_gap(evidence: Evidence) -> Sentence:
    """A gap of find rates, by rate and by mix."""
    found = pick_rows(evidence, FIND_RATE_GAP, "gap", "rate_effect", "mix_effect")
    if not found:
        return ()
    group, rows = found
    return say(
        f"the find rate in searches of {PEOPLE[group]} differs by {{}} percentage points from that of White people: "
        "{} by what is found in the same type of search, {} by what they are searched for.",
        *(signed_points(row, "value") for row in rows),
    )


def explain_areas(evidence: Evidence) -> Sentence:
    """A ratio within areas and between them."""
    found = pick_rows(evidence, RATIO_OVER_AREAS, "crude", "within", "between", "mantel_haenszel")
    if not found:
        return ()
    group, rows = found
    return say(
        f"the ratio of {{}} for {PEOPLE[group]} is {{}} within areas times {{}} between them; the Mantel–Haenszel "
        "ratio over areas is {}.",
        *(ratio(row, "value") for row in rows),
    )


def explain_standard(evidence: Evidence) -> Sentence:
    """Rates as if all had the same ages and sexes."""
    found = pick_rows(evidence, AGE_SEX_STANDARDISED, "rate", "ratio", "indirect_ratio")
    white = evidence.row("reasons", AGE_SEX_STANDARDISED, REFERENCE_GROUP, "rate")
    if not found or not white or white.values["value"] is None:
        return ()
    group, (own, direct, indirect) = found
    crude = evidence.row("comparisons", "search_rate", group, ALL)
    if not crude or crude.values["ratio"] is None:
        return ()
    return say(
        f"with the ages and sexes of all residents, {PEOPLE[group]} would be searched {{}} times for every 1,000 "
        "residents a year and White people {} times: a ratio of {}, where it is {} as they are. The indirect ratio is "
        "{}.",
        rate(own, "value"),
        rate(white, "value"),
        ratio(direct, "value"),
        ratio(crude, "ratio"),
        ratio(indirect, "value"),
    )


def explain_darkness(evidence: Evidence) -> Sentence:
    """Who is searched in darkness and in daylight."""
    # As officers saw it: that is what darkness could hide.
    analysis = f"{VEIL_OF_DARKNESS}_officer_defined"
    found = pick_rows(evidence, analysis, "share_in_daylight", "share_in_darkness", "dark_odds_ratio")
    if not found:
        return ()
    group, (light, dark, odds) = found
    return say(
        f"at hours that are light on some days and dark on others, {PEOPLE[group]} are {{}} of those searched in "
        "daylight and {} in darkness, of them and White people. At the same time of the clock the odds in darkness are "
        "{} times those in daylight ({} to {}).",
        percentage(light, "value"),
        percentage(dark, "value"),
        *(ratio(odds, column) for column in ("value", "lower", "upper")),
    )


def explain_verdict(evidence: Evidence) -> Sentence:
    """Search rate and find rate together."""
    for group in GROUPS:
        row = evidence.row("reasons", COMBINED_VERDICT, group, ALL)
        found = evidence.row("comparisons", "find_rate", group, ALL)
        if row and found and row.values["value"] is not None and found.values["difference"] is not None:
            return say(
                f"for {PEOPLE[group]} the ratio of search rates is {{}} and the find rate differs by {{}} percentage "
                f"points: {row.values['note']}.",
                ratio(row, "value"),
                signed_points(found, "difference"),
            )
    return ()


def pick_rows(evidence: Evidence, analysis: str, *components: str) -> tuple[str, list[Row]] | None:
    """Give the first group that has every component with a value, and its rows."""
    for group in (*GROUPS, ALL):
        found = [evidence.row("reasons", analysis, group, component) for component in components]
        rows = [row for row in found if row is not None and row.values["value"] is not None]
        if len(rows) == len(components):
            return group, rows
    return None


def has_values(row: Row, *columns: str) -> bool:
    """Say whether a row has a figure in each of these columns."""
    return all(row.values[column] is not None for column in columns)
