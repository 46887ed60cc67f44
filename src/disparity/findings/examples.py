"""One worked example for each analysis, in the figures of the publication's own first force."""

from collections.abc import Callable, Iterable

from disparity.figures import Figure, Row, Sentence, count, percentage, rate, ratio, say, signed_points
from disparity.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.publication import name_month
from disparity.reasons import (
    COMBINED_VERDICT,
    FIND_RATE_GAP,
    FIND_RATE_GIVEN,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    OVERDISPERSION,
    RATIO_OVER_FORCES,
    SCENARIO,
)
from disparity.vocabulary import ALL, PEOPLE

Style = Callable[[Row, str], Figure]
# The group whose disparity is written about most; the next that has the figures stands in for it.
GROUPS = ("Black", *(group for group in COMPARED_GROUPS if group != "Black"))


def give_examples(evidence: Evidence, every_force: Iterable[Row], months: Iterable[Row]) -> dict[str, Sentence]:
    """Give a sentence for each analysis that has the figures, by the name of its place on the method page.

    Args:
        every_force: rows of reasons over all forces.
        months: rows of the control charts of the force.
    """
    over_forces = {
        (row.values["ethnic_group"], row.values["component"]): row
        for row in every_force
        if row.values["analysis"] == RATIO_OVER_FORCES
        and (row.values["period_from"], row.values["period_to"]) == evidence.period
    }
    examples = {
        "missing-ethnicity": _explain_scenarios(evidence),
        "over-dispersion": _explain_dispersion(evidence),
        "like-with-like": _explain_strata(evidence),
        "all-groups": _explain_table(evidence),
        "rate-gaps": _explain_gap(evidence),
        "decomposition": _explain_parts(over_forces),
        "combined-verdict": _explain_verdict(evidence),
        "control": _explain_month(months),
        "funnel": _explain_funnel(evidence),
        "similar-forces": _explain_set(evidence),
    }
    return {
        name: (f"{evidence.name}: ", *sentence) if name != "decomposition" else sentence
        for name, sentence in examples.items()
        if sentence
    }


def _rows(evidence: Evidence, analysis: str, *components: str) -> tuple[str, list[Row]] | None:
    """Give the first group that has every component with a value, and its rows."""
    for group in (*GROUPS, ALL):
        found = [evidence.reasons.get((analysis, group, component)) for component in components]
        rows = [row for row in found if row is not None and row.values["value"] is not None]
        if len(rows) == len(components):
            return group, rows
    return None


def _explain_scenarios(evidence: Evidence) -> Sentence:
    found = _rows(evidence, SCENARIO, LEFT_OUT, OFFICER_INFORMED, IMPUTED)
    if not found:
        return ()
    group, rows = found
    return say(
        f"the search rate of {PEOPLE[group]} is {{}} times that of White people if unknown ethnicity is left out, {{}} "
        "times if it is shared out as officers saw it, and {} times if it is filled in from all else that is recorded.",
        *(ratio(row, "value") for row in rows),
    )


def _explain_dispersion(evidence: Evidence) -> Sentence:
    found = _rows(evidence, OVERDISPERSION, "phi", "ratio")
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


def _explain_strata(evidence: Evidence) -> Sentence:
    found = _rows(evidence, f"{FIND_RATE_GIVEN}search_type", "crude_odds_ratio", "odds_ratio", "strata")
    if not found:
        return ()
    group, (crude, within, strata) = found
    return say(
        f"the odds of a find in searches of {PEOPLE[group]} are {{}} times those in searches of White people over all "
        "searches, and {} times within the same type of search ({} types tell).",
        ratio(crude, "value"),
        ratio(within, "value"),
        count(strata, "value"),
    )


def _explain_table(evidence: Evidence) -> Sentence:
    found = _rows(evidence, "find_rate_by_ethnicity", "cramers_v", "chi_square", "degrees_of_freedom")
    if not found:
        return ()
    strength, square, freedom = found[1]
    return say(
        "for find rates of all groups the chi-square is {} on {} degrees of freedom, and V is {}.",
        rate(square, "value"),
        count(freedom, "value"),
        ratio(strength, "value"),
    )


def _explain_gap(evidence: Evidence) -> Sentence:
    found = _rows(evidence, FIND_RATE_GAP, "gap", "rate_effect", "mix_effect")
    if not found:
        return ()
    group, rows = found
    return say(
        f"the find rate in searches of {PEOPLE[group]} differs by {{}} percentage points from that of White people: "
        "{} by what is found in the same type of search, {} by what they are searched for.",
        *(signed_points(row, "value") for row in rows),
    )


def _explain_parts(rows: dict[tuple[str, str], Row]) -> Sentence:
    for group in GROUPS:
        parts = [rows.get((group, name)) for name in ("crude", "within", "between")]
        shown = [row for row in parts if row is not None]
        if len(shown) == len(parts):
            return say(
                f"All forces of this publication: the ratio of {{}} for {PEOPLE[group]} is {{}} within forces times "
                "{} between them.",
                *(ratio(row, "value") for row in shown),
            )
    return ()


def _explain_verdict(evidence: Evidence) -> Sentence:
    for group in GROUPS:
        row = evidence.reasons.get((COMBINED_VERDICT, group, ALL))
        found = evidence.comparisons.get(("find_rate", group, ALL))
        if row and found and row.values["value"] is not None and found.values["difference"] is not None:
            return say(
                f"for {PEOPLE[group]} the ratio of search rates is {{}} and the find rate differs by {{}} percentage "
                f"points: {row.values['note']}.",
                ratio(row, "value"),
                signed_points(found, "difference"),
            )
    return ()


def _explain_month(months: Iterable[Row]) -> Sentence:
    for row in months:
        if row.values["centre"] is not None and row.values["ethnic_group"] == ALL:
            style: Style = rate if row.values["measure"] == "search_rate" else percentage
            return say(
                f"in {name_month(row.values['month'])} the search rate was {{}}, against an average of {{}} and limits "
                "of {} and {}.",
                *(style(row, column) for column in ("value", "centre", "lower", "upper")),
            )
    return ()


def _explain_funnel(evidence: Evidence) -> Sentence:
    for (_, group, _), row in evidence.peers.items():
        if row.values["lower_95"] is not None and row.values["measure"] == "search_rate_ratio":
            return say(
                f"the ratio for {PEOPLE[group]} is {{}}; the forces together have {{}}, and 95% of forces like these "
                "would lie between {} and {}. By chance alone its rank could be {} to {}.",
                *(ratio(row, column) for column in ("value", "target", "lower_95", "upper_95")),
                *(count(row, column) for column in ("rank_lower", "rank_upper")),
            )
    return ()


def _explain_set(evidence: Evidence) -> Sentence:
    for (measure, group, _), row in evidence.pooled.items():
        if measure == "search_rate" and group == ALL and row.values["value"] is not None:
            return say(
                "the forces it is set beside had {} searches, {} for every 1,000 residents a year.",
                count(row, "numerator"),
                rate(row, "value"),
            )
    return ()
