"""Worked examples of the statement rule, the range, assumptions, tipping values and E-values, in a force's figures.

Each is of the ratio of search rates of all searches, of the first group that has the figures.
"""

from collections.abc import Callable, Iterator

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER
from disparity.analysis.reasons.scenario_rows import IMPUTED, OFFICER_INFORMED, PROPORTIONAL_BY_TYPE
from disparity.analysis.sensitivity.specifications import LEFT_OUT
from disparity.site.findings.assumptions import ASSUMED, MEASURE, count_changes, list_tried
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.explained import GROUPS, has_values
from disparity.site.findings.ranges import name_dependencies
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, Sentence, count, join, probability, ratio, say
from disparity.sources.population import CONSTANT_GROWTH, GROWTH_CONTINUED, HEADLINE, INTERPOLATED, PLAUSIBLE
from disparity.vocabulary.codes import ALL, PEOPLE
from disparity.vocabulary.text import join_names

# A way of counting unknown ethnicity, as it follows "with".
UNKNOWN = {
    LEFT_OUT: "unknown ethnicity left out",
    PROPORTIONAL_BY_TYPE: "unknown ethnicity shared out by month and type",
    OFFICER_INFORMED: "unknown ethnicity as officers saw it",
    IMPUTED: "unknown ethnicity filled in from all else that is recorded",
}
# A base of residents, as it follows "with"; others go by their own name.
BASES = {
    INTERPOLATED: "residents interpolated",
    CONSTANT_GROWTH: "residents by constant growth",
    GROWTH_CONTINUED: "growth of residents continued",
}
LIMITS = ("ratio", "ratio_lower", "ratio_upper")


def explain_rule(evidence: Evidence) -> Sentence:
    """Work out a verdict again: p against its level, then the assumption that comes nearest to undoing it."""
    for group, row in _list_compared(evidence):
        verdict = row.values["verdict"]
        # Protected counts give p as a band.
        if verdict not in (HIGHER, LOWER, DEPENDS) or not has_values(row, "p_value", "level") or "places" in row.values:
            continue
        tried = list_tried(evidence, group)
        if len(tried) < 2:
            continue
        printed, *others = tried
        nearest = min(others, key=_measure_clearance)
        start = say(
            f"for the ratio of search rates of {PEOPLE[group]} p is {{}} and the level {{}}. Nearest to equal rates is "
            f"the ratio with {_name(evidence, nearest, printed)}. Its interval is from {{}} to {{}}.",
            *(probability(row, "p_value"), probability(row, "level")),
            *(ratio(nearest, column) for column in LIMITS[1:]),
        )
        ends = f"The verdict depends on {name_dependencies(row)}." if verdict == DEPENDS else f"The verdict: {verdict}."
        return join(start, (ends,))
    return ()


def explain_range(evidence: Evidence) -> Sentence:
    """Say which assumption gives each end of a range."""
    for group, row in _list_compared(evidence):
        tried = [each for each in list_tried(evidence, group) if each.values["role"] in (HEADLINE, PLAUSIBLE)]
        if not has_values(row, "range_lower", "range_upper") or len(tried) < 2:
            continue
        printed = tried[0]
        low = min(tried, key=lambda each: each.values["ratio_lower"])
        high = max(tried, key=lambda each: each.values["ratio_upper"])
        return say(
            f"for {PEOPLE[group]} the lowest lower limit comes with {_name(evidence, low, printed)}. The highest upper "
            f"limit comes with {_name(evidence, high, printed)}. The range is {{}} to {{}}.",
            *(ratio(row, column) for column in ("range_lower", "range_upper")),
        )
    return ()


def explain_assumptions(evidence: Evidence) -> Sentence:
    """Give a ratio as printed, and under each assumption alone."""
    for group, row in _list_compared(evidence):
        tried = list_tried(evidence, group)
        alone = [each for each in tried[1:] if count_changes(each, tried[0]) == 1]
        if not alone:
            continue
        first, *others = (say(f"{{}} with {_name(evidence, each, tried[0])}.", ratio(each, "ratio")) for each in alone)
        start = say(
            f"for {PEOPLE[group]} the ratio of search rates is {{}} as printed. It would be ", ratio(row, "ratio")
        )
        return join(start + first, *(("It would be ", *other) for other in others))
    return ()


def explain_tipping(evidence: Evidence) -> Sentence:
    """Say how many unknown would have to be whom, and how many residents there would have to be, for equal rates."""
    columns = ("unknown_needed", "unknown_there", "residents_needed", "residents_counted")
    for group, row in _list_compared(evidence):
        tipping = evidence.row("tipping", MEASURE, group, ALL)
        if tipping is None or not has_values(tipping, *columns):
            continue
        whom = "White people" if row.values["ratio"] > 1 else PEOPLE[group]
        return say(
            f"for the rates of {PEOPLE[group]} and White people to be equal, {{}} searches of unknown ethnicity would "
            f"have to be of {whom}. There are {{}}. Or there would have to be {{}} {RESIDENTS_OF[group]}, where {{}} "
            "are counted.",
            *(count(tipping, column) for column in columns),
        )
    return ()


def explain_e_value(evidence: Evidence) -> Sentence:
    """Give the E-value of a ratio, and of the limit that is nearer to equal rates."""
    for group, row in _list_compared(evidence):
        tipping = evidence.row("tipping", MEASURE, group, ALL)
        if (
            tipping is None
            or not has_values(tipping, "e_value", "e_value_limit")
            or tipping.values["e_value_limit"] == 1
        ):
            continue
        nearer = "ratio_lower" if row.values["ratio"] > 1 else "ratio_upper"
        return say(
            f"the ratio of search rates of {PEOPLE[group]} is {{}}, which has an E-value of {{}}. The limit of its "
            "interval that is nearer to one is {}, with an E-value of {}.",
            ratio(row, "ratio"),
            ratio(tipping, "e_value"),
            ratio(row, nearer),
            ratio(tipping, "e_value_limit"),
        )
    return ()


# By the name of its place on the method page.
EXPLAINED_RULES: dict[str, Callable[[Evidence], Sentence]] = {
    "statement-rule": explain_rule,
    "range": explain_range,
    "assumptions": explain_assumptions,
    "tipping": explain_tipping,
    "e-value": explain_e_value,
}


def _list_compared(evidence: Evidence) -> Iterator[tuple[str, Row]]:
    for group in GROUPS:
        row = evidence.row("comparisons", MEASURE, group, ALL)
        if row and has_values(row, "ratio"):
            yield group, row


def _measure_clearance(row: Row) -> float:
    """How far the nearer limit is from equal rates, as a factor; below 1 where the interval holds them."""
    lower, upper = row.values["ratio_lower"], row.values["ratio_upper"]
    return float(lower if row.values["ratio"] > 1 else 1 / upper)


def _name(evidence: Evidence, row: Row, printed: Row) -> str:
    """Name an assumption by what is other in it than in what is printed."""
    values = row.values
    row_of_base = evidence.row("population", values["residents"], values["ethnic_group"])
    base = row_of_base.values["population_base"] if row_of_base else ""
    words = {
        "residents": BASES.get(values["residents"]) or (f"residents of {base}" if base else "other residents"),
        "unknown_ethnicity": UNKNOWN.get(values["unknown_ethnicity"], ""),
        "months": "months in doubt left out",
    }
    other = [words[name] for name in ASSUMED if values[name] != printed.values[name]]
    return join_names(other) or "everything as it is printed"
