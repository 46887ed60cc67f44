"""How far apart two rates are, as every page says it: one range, and what a difference depends on."""

from collections.abc import Sequence

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.analysis.sensitivity.statements import (
    CENSUS,
    CLUSTERS,
    FLAGS,
    MONTHS_IN_DOUBT,
    SIGNIFICANT,
    UNKNOWN_ETHNICITY,
)
from disparity.site.published_figures import Row, Sentence, points, say, times
from disparity.vocabulary.text import join_names, start_sentence

# What a verdict can depend on, as it follows "depends on".
DEPENDENCIES = {
    CENSUS: "which count of residents is used",
    UNKNOWN_ETHNICITY: "who the people of unknown ethnicity were",
    FLAGS: "what came of searches without a recorded result",
    MONTHS_IN_DOUBT: "months whose records are in doubt",
    CLUSTERS: "how many searches were made together",
}
# The same in a table.
SHORT = {
    CENSUS: "the count of residents",
    UNKNOWN_ETHNICITY: "unknown ethnicity",
    FLAGS: "results not recorded",
    MONTHS_IN_DOUBT: "months in doubt",
    CLUSTERS: "searches made together",
}
# What is said of the groups of a verdict: what is compared, and the groups.
IN_ONE = {
    HIGHER: "{0} was higher for {1} than for the White group.",
    LOWER: "{0} was lower for {1} than for the White group.",
    UNCLEAR: "{0} showed no clear difference between the White group and {1}.",
    DEPENDS: "For {1}, whether there is a difference depends on what is assumed.",
}
MOST_IN_FULL = 2  # of what a verdict depends on: more would be a sentence of over 30 words
# In the order in which a page says them.
TOLD = (HIGHER, LOWER, DEPENDS, UNCLEAR)


def name_dependencies(row: Row) -> str:
    """Name what the verdict of a comparison depends on, as it follows "depends on"."""
    names = [name for name in (row.values["depends_on"] or "").split(",") if name]
    words = DEPENDENCIES if len(names) <= MOST_IN_FULL else SHORT
    return join_names([words[name] for name in names])


def say_depends(row: Row) -> str:
    """Say that there is a difference under some assumptions only, and name them."""
    return f" {say_one_side(row) or 'Whether there is a difference'} depends on {name_dependencies(row)}."


def say_range(row: Row) -> Sentence:
    """How far the ratio of a verdict that depends could lie from what the two rates before it give."""
    if row.values["range_lower"] is None:
        return ()
    if row.values["range_upper"] is None:
        return say(" The ratio of the two rates could be {} or more.", times(row, "range_lower"))
    ends = (times(row, "range_lower"), times(row, "range_upper"))
    return say(" The ratio of the two rates could lie anywhere from {} to {}.", *ends)


def say_one_side(row: Row) -> str:
    """Say that all of a range is on one side of equality, where it is; what the verdict depends on follows.

    A verdict can depend on what the range leaves out: a count too far away, or one that could not be tried. Which side
    it is, the two rates before it say: no difference is stated.
    """
    values = row.values
    lower, upper = values["range_lower"], values["range_upper"]
    equal = 1 if values.get("measure") == SEARCH_RATE.name else 0
    if lower is None or upper is None or lower <= equal <= upper:
        return ""
    return "Every plausible count points the same way, but it still"


def name_verdict(row: Row) -> str:
    """Name a verdict in a table, with what it depends on."""
    verdict = str(row.values["verdict"])
    if verdict != DEPENDS:
        return start_sentence(verdict)
    return f"Depends on {join_names([SHORT[name] for name in row.values['depends_on'].split(',')])}"


def say_verdicts(tested: Sequence[tuple[str, Row, str]], what: str) -> str:
    """Say in one breath how groups compare with the White group, each verdict as the table has it; nothing of none."""
    groups = {verdict: [group for group, _, of in tested if of == verdict] for verdict in TOLD}
    said = [words.format(what, name_groups(groups[verdict])) for verdict, words in IN_ONE.items() if groups[verdict]]
    return " ".join(said)


def name_groups(groups: Sequence[str]) -> str:
    """Name ethnic groups as they follow words: "the Black and Mixed groups"."""
    return f"the {join_names(groups)} group{'s' if len(groups) > 1 else ''}"


def say_times(row: Row) -> Sentence:
    """Give the range of a ratio that is stated: "3.4 to 5.1 times the rate"; what follows is of whom."""
    if row.values["range_upper"] is None:
        return say("at least {} times the rate", times(row, "range_lower"))
    return say("{} to {} times the rate", times(row, "range_lower"), times(row, "range_upper"))


def say_points(row: Row) -> Sentence:
    """Give the range of a difference of shares that is stated, with its direction."""
    verdict = row.values["verdict"]
    ends = ("range_lower", "range_upper") if verdict == HIGHER else ("range_upper", "range_lower")
    return say(f"{{}} to {{}} percentage points {verdict}", *(points(row, end) for end in ends))


def leaves_out_equality(row: Row, equal: float = 1) -> bool:
    """Say whether equal rates lie outside the range; one without an upper end has no end there."""
    lower, upper = row.values["range_lower"], row.values["range_upper"]
    return lower is not None and (lower > equal or (upper is not None and upper < equal))


def say_unclear(row: Row, equal: float) -> str:
    """Say that there is no clear difference; and the reason that decided, where the range leaves out equality.

    The range itself is in the table: in a sentence it reads like a difference.

    Chance, with clusters where they widen it (p is 0.05 or more), or the number of comparisons (p is under 0.05 and not
    under the level). Rounded rows say how many places they have, and give p as the end of its band.
    """
    values = row.values
    if not leaves_out_equality(row, equal):
        return "no clear difference"
    is_rounded = "places" in values
    p = values["p_value"]
    if p is not None and (p > SIGNIFICANT if is_rounded else p >= SIGNIFICANT):
        reason = "days with many searches" if (values.get("design_effect") or 1) > 1 else "chance"
    else:
        reason = "the number of comparisons"
    are = "are" if is_rounded or reason.startswith("days") else "is"
    return f"no clear difference once {'rounding and ' if is_rounded else ''}{reason} {are} allowed for"
