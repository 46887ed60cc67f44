"""Worked examples of what could lie behind a disparity, in the figures of one force."""

from dataclasses import dataclass

from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.analysis.reasons.strata import FIND_RATE_GIVEN
from disparity.analysis.reasons.veil_of_darkness import VEIL_OF_DARKNESS
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT
from disparity.site.findings.assumptions import SCENARIOS
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.published_figures import Row, Sentence, Style, count, percentage, rate, ratio, say, signed_points
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP

# The group whose disparity is written about most; the next that has the figures stands in for it.
GROUPS = ("Black", *(group for group in COMPARED_GROUPS if group != "Black"))
VALUE, INTERVAL = ("value",), ("value", "lower", "upper")


@dataclass(frozen=True)
class Example:
    """An analysis put into words: {people} are those of the group, {} its figures.

    `figures` are its components in the order of the words: how each is printed, and which columns of it.
    """

    analysis: str
    words: str
    figures: dict[str, tuple[Style, tuple[str, ...]]]


STRATA = (
    "over all searches, the odds of a find in searches of {people} are {} times those in searches of White people. "
    "They are {} times within the same "
)
FIND_STRATA: dict[str, tuple[Style, tuple[str, ...]]] = {
    "crude_odds_ratio": (ratio, VALUE),
    "odds_ratio": (ratio, INTERVAL),
    "strata": (count, VALUE),
}
# By the name of its place on the method page.
EXAMPLES = {
    "missing-ethnicity": Example(
        SCENARIO,
        "the search rate of {people} is {} times that of White people if unknown ethnicity is left out. Shared out "
        "like the known it is {}, and {} like the known of the month and type. It is {} as officers saw it, and {} "
        "filled in from all else that is recorded. The two extremes are {} if all were White, and {} if all were of "
        "the group.",
        dict.fromkeys(SCENARIOS, (ratio, VALUE)),
    ),
    "like-with-like": Example(
        f"{FIND_RATE_GIVEN}search_type",
        f"{STRATA}type of search, with an interval from {{}} to {{}}; {{}} types count.",
        FIND_STRATA,
    ),
    "like-with-like-areas": Example(
        f"{FIND_RATE_GIVEN}area", f"{STRATA}area, with an interval from {{}} to {{}}; {{}} areas count.", FIND_STRATA
    ),
    "all-groups": Example(
        "find_rate_by_ethnicity",
        "for find rates of all groups the chi-square is {} on {} degrees of freedom, and V is {}.",
        {"chi_square": (rate, VALUE), "degrees_of_freedom": (count, VALUE), "cramers_v": (ratio, VALUE)},
    ),
    "rate-gaps": Example(
        FIND_RATE_GAP,
        "the find rate in searches of {people} differs by {} percentage points from that of White people. Of these, {} "
        "are within the same types of search, and {} from being searched for other things.",
        dict.fromkeys(("gap", "rate_effect", "mix_effect"), (signed_points, VALUE)),
    ),
    "areas": Example(
        RATIO_OVER_AREAS,
        "the ratio for {people} is {}. It is {} within areas times {} between them. The Mantel–Haenszel ratio over "
        "areas is {}.",
        dict.fromkeys(("crude", "within", "between", "mantel_haenszel"), (ratio, VALUE)),
    ),
    # As officers saw it: that is what darkness could hide.
    "veil-of-darkness": Example(
        f"{VEIL_OF_DARKNESS}_officer_defined",
        "at hours that are light on some days and dark on others, {people} are {} of those searched in daylight and {} "
        "in darkness. At the same time of the clock the odds in darkness are {} times those in daylight. The interval "
        "is {} to {}.",
        {
            "share_in_daylight": (percentage, VALUE),
            "share_in_darkness": (percentage, VALUE),
            "dark_odds_ratio": (ratio, INTERVAL),
        },
    ),
}


def explain(example: Example, evidence: Evidence) -> Sentence:
    """Say an example in the figures of the first group that has them."""
    found = pick_rows(evidence, example.analysis, *example.figures)
    if not found:
        return ()
    group, rows = found
    shown = [(row, *printed) for row, printed in zip(rows, example.figures.values(), strict=True)]
    if not all(has_values(row, *columns) for row, _, columns in shown):
        return ()
    words = example.words.replace("{people}", PEOPLE[group])
    return say(words, *(style(row, column) for row, style, columns in shown for column in columns))


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
        f"with the ages and sexes of all residents, there would be {{}} searches of {PEOPLE[group]} for every 1,000 "
        "residents a year and {} of White people. The ratio would be {}, where it is {} as they are. The indirect "
        "ratio is {}.",
        rate(own, "value"),
        rate(white, "value"),
        ratio(direct, "value"),
        ratio(crude, "ratio"),
        ratio(indirect, "value"),
    )


def explain_verdict(evidence: Evidence) -> Sentence:
    """Search rate and find rate together."""
    for group in GROUPS:
        row = evidence.row("reasons", COMBINED_VERDICT, group, ALL)
        found = evidence.row("comparisons", "find_rate", group, ALL)
        if row and found and row.values["value"] is not None and found.values["difference"] is not None:
            return say(
                f"for {PEOPLE[group]} the ratio of search rates is {{}}, and the find rate differs by {{}} percentage "
                f"points. The verdict: {row.values['note']}.",
                ratio(row, "value"),
                signed_points(found, "difference"),
            )
    return ()


def explain_clusters(evidence: Evidence) -> Sentence:
    """How much more a ratio varies than if searches came one by one."""
    for group in GROUPS:
        row = evidence.row("comparisons", "search_rate", group, ALL)
        if row and has_values(row, "design_effect", "ratio", "ratio_lower", "ratio_upper"):
            return say(
                f"for {PEOPLE[group]} the design effect is {{}}, and the ratio of search rates is {{}}. Its interval "
                "is from {} to {}.",
                rate(row, "design_effect"),
                *(ratio(row, column) for column in ("ratio", "ratio_lower", "ratio_upper")),
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
