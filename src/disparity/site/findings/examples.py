"""One worked example for each analysis, in the figures of the publication's first force that has them."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.analysis.reasons.bounds import TIPPING_SHARE
from disparity.analysis.reasons.decomposition import RATIO_OVER_FORCES
from disparity.analysis.reasons.scenario_rows import ALL_GROUP, ALL_REFERENCE
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.site.findings.actions import explain_effect
from disparity.site.findings.benchmarks import explain_benchmarks
from disparity.site.findings.children import explain_children
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.explained import (
    EXAMPLES,
    GROUPS,
    explain,
    explain_clusters,
    explain_standard,
    explain_verdict,
    has_values,
    pick_rows,
)
from disparity.site.findings.explained_rules import EXPLAINED_RULES
from disparity.site.findings.residents import RESIDENTS_OF, say_needed
from disparity.site.published_figures import (
    Row,
    Sentence,
    Style,
    count,
    index_rows,
    percentage,
    rate,
    ratio,
    say,
    signed_points,
    style_of,
)
from disparity.vocabulary.calendar import name_month
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP


def give_examples(
    evidences: Sequence[Evidence], every_force: Iterable[Row], months: Iterable[Row]
) -> dict[str, Sentence]:
    """Give a sentence for each analysis that has the figures, by the name of its place on the method page.

    Args:
        evidences: of each force, in its latest period.
        every_force: rows of reasons over all forces.
        months: rows of the control charts of the first force.
    """
    examples = {name: _find_first(evidences, explain) for name, explain in EXPLAINED.items()}
    # Pooling moves what rests on little.
    examples["pooling"] = _find_first(sorted(evidences, key=_count_searches), partial(_explain_peer, "pooling"))
    first = evidences[0]
    over_forces = [
        row for row in every_force if row.values["analysis"] == RATIO_OVER_FORCES and row.period == first.period
    ]
    examples["decomposition"] = _explain_parts(index_rows(over_forces, "ethnic_group", "component"))
    examples["control"] = _open(first, _explain_month(months))
    return {name: sentence for name, sentence in examples.items() if sentence}


def _find_first(evidences: Iterable[Evidence], explain: Callable[[Evidence], Sentence]) -> Sentence:
    return next((_open(evidence, found) for evidence in evidences if (found := explain(evidence))), ())


def _count_searches(evidence: Evidence) -> int:
    row = evidence.estimate("search_rate")
    return int(row.values["numerator"] or 0) if row else 0


def _open(evidence: Evidence, sentence: Sentence) -> Sentence:
    return (f"{evidence.name}: ", *sentence) if sentence else ()


def _explain_rates(evidence: Evidence) -> Sentence:
    white = evidence.estimate("search_rate", REFERENCE_GROUP)
    columns = ("ratio", "ratio_lower", "ratio_upper", "range_lower", "range_upper")
    for group in GROUPS:
        own, compared = evidence.estimate("search_rate", group), evidence.row("comparisons", "search_rate", group, ALL)
        if own and white and compared and has_values(compared, *columns):
            return say(
                f"{_set_beside(group)} The ratio is {{}}. Chance gives it an interval from {{}} to {{}}. All that is "
                "plausible gives it a range from {} to {}.",
                *(figure for row in (own, white) for figure in (count(row, "numerator"), rate(row, "value"))),
                *(ratio(compared, column) for column in columns),
            )
    return ()


def _set_beside(group: str) -> str:
    """Words round the searches and the rate of a group, and those of White people."""
    return (
        f"{{}} searches of {PEOPLE[group]} are {{}} a year for every 1,000 {RESIDENTS_OF[group]}. {{}} searches of "
        "White people are {} for every 1,000 White residents."
    )


def _explain_shares(evidence: Evidence) -> Sentence:
    columns = ("difference", "difference_lower", "difference_upper", "range_lower", "range_upper")
    for group in GROUPS:
        compared = evidence.row("comparisons", "find_rate", group, ALL)
        rates = [evidence.estimate("find_rate", name) for name in (group, REFERENCE_GROUP)]
        shown = [row for row in rates if row and has_values(row, "value", "lower", "upper")]
        if compared and has_values(compared, *columns) and len(shown) == len(rates):
            return say(
                f"the find rate is {{}} in searches of {PEOPLE[group]} and {{}} in searches of White people. The "
                "difference is {} percentage points. Chance gives it an interval from {} to {}. All that is plausible "
                "gives it a range from {} to {}.",
                *(percentage(row, "value") for row in shown),
                *(signed_points(compared, column) for column in columns),
            )
    return ()


def _explain_limits(evidence: Evidence) -> Sentence:
    found = pick_rows(evidence, SCENARIO, ALL_REFERENCE, ALL_GROUP)
    if not found:
        return ()
    group, (lowest, highest) = found
    tipping = evidence.row("reasons", TIPPING_SHARE, group, ALL)
    if not tipping or not has_values(tipping, "value"):
        return ()
    # A share below none, or above all, is out of reach: its digits would say nothing.
    is_possible = 0 <= tipping.values["value"] <= 1
    tips = ("The rates would be equal if {} of them were of the group.", percentage(tipping, "value"))
    words, *figures = tips if is_possible else ("No share of them makes the rates equal.",)
    return say(
        f"the ratio for {PEOPLE[group]} lies between {{}} and {{}} whoever was searched. {words}",
        ratio(lowest, "value"),
        ratio(highest, "value"),
        *figures,
    )


def _explain_parts(rows: dict[tuple[Any, ...], Row]) -> Sentence:
    for group in GROUPS:
        parts = [rows.get((group, name)) for name in ("crude", "within", "between", "mantel_haenszel")]
        shown = [row for row in parts if row is not None]
        if len(shown) == len(parts):
            return say(
                f"All forces of this publication: the ratio for {PEOPLE[group]} is {{}}. It is {{}} within forces "
                "times {} between them. The Mantel–Haenszel ratio is {}.",
                *(ratio(row, "value") for row in shown),
            )
    return ()


def _explain_month(months: Iterable[Row]) -> Sentence:
    for row in months:
        if row.values["centre"] is not None and row.values["ethnic_group"] == ALL:
            style = style_of(row.values["measure"])
            return say(
                f"in {name_month(row.values['month'])} the search rate was {{}}, against an average of {{}}. The "
                "limits were {} and {}.",
                *(style(row, column) for column in ("value", "centre", "lower", "upper")),
            )
    return ()


# By the name of its place: column that a group must have a figure in, words, and the figures in their order.
PEERS: dict[str, tuple[str, str, Style, tuple[str, ...]]] = {
    "funnel": (
        "lower_95",
        "the ratio for {people} is {}, and the forces together have {}. Of forces like these, 95% would lie between {} "
        "and {}.",
        ratio,
        ("value", "target", "lower_95", "upper_95"),
    ),
    "ranks": (
        "rank",
        "of {} forces with a measured ratio for {people} it is number {}. By chance alone it could be number {} to {}.",
        count,
        ("measured_forces", "rank", "rank_lower", "rank_upper"),
    ),
    "pooling": (
        "pooled_value",
        "its own ratio for {people} is {}. Drawn towards those of the other forces it is {}. The interval is from {} "
        "to {}.",
        ratio,
        ("value", "pooled_value", "pooled_lower", "pooled_upper"),
    ),
}


def _explain_peer(name: str, evidence: Evidence) -> Sentence:
    """Put the ratio of the first group that has a figure in the column beside those of other forces."""
    needed, words, style, columns = PEERS[name]
    for group in GROUPS:
        for (measure, ethnic_group, _), row in evidence.rows("peers").items():
            if (measure, ethnic_group) == (SEARCH_RATE_RATIO, group) and row.values[needed] is not None:
                return say(words.replace("{people}", PEOPLE[group]), *(style(row, column) for column in columns))
    return ()


def _explain_set(evidence: Evidence) -> Sentence:
    for (measure, group, _), row in evidence.rows("pooled").items():
        if measure == "search_rate" and group == ALL and row.values["value"] is not None:
            return say(
                "the forces it is set beside had {} searches, {} for every 1,000 residents a year.",
                count(row, "numerator"),
                rate(row, "value"),
            )
    return ()


def _explain_area_rate(evidence: Evidence) -> Sentence:
    for group in GROUPS:
        for (area, ethnic_group), row in evidence.rows("areas").items():
            white = evidence.row("areas", area, REFERENCE_GROUP)
            if ethnic_group == group and white and has_values(row, "ratio", "ratio_lower", "ratio_upper"):
                return say(
                    f"in {{}}, {_set_beside(group)} The ratio there is {{}}, with an interval from {{}} to {{}}.",
                    area,
                    *(figure for each in (row, white) for figure in (count(each, "numerator"), rate(each, "value"))),
                    *(ratio(row, column) for column in ("ratio", "ratio_lower", "ratio_upper")),
                )
    return ()


def _explain_residents(evidence: Evidence) -> Sentence:
    first, *rest = next((sentence for group in GROUPS if (sentence := say_needed(evidence, group))), ("",))
    return (str(first).replace("For", "for", 1), *rest) if rest else ()


# By the name of its place on the method page.
EXPLAINED: dict[str, Callable[[Evidence], Sentence]] = {
    **{name: partial(explain, example) for name, example in EXAMPLES.items()},
    "rates": _explain_rates,
    "shares": _explain_shares,
    **EXPLAINED_RULES,
    "residents": _explain_residents,
    "limits": _explain_limits,
    "area-rates": _explain_area_rate,
    "standardised": explain_standard,
    "benchmarks": explain_benchmarks,
    "combined-verdict": explain_verdict,
    "clusters": explain_clusters,
    **{name: partial(_explain_peer, name) for name in ("funnel", "ranks")},
    "children": explain_children,
    "similar-forces": _explain_set,
    "interrupted": explain_effect,
}
