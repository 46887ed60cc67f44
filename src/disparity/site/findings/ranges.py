"""How far apart two rates are, as every page says it: one range, and what a difference depends on."""

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.analysis.sensitivity.statements import (
    CENSUS,
    CLUSTERS,
    FLAGS,
    MONTHS_IN_DOUBT,
    SIGNIFICANT,
    UNKNOWN_ETHNICITY,
)
from disparity.site.published_figures import Row, Sentence, points, say, signed_points, times
from disparity.vocabulary.text import join_names, start_sentence

# What a verdict can depend on, as it follows "depends on".
DEPENDENCIES = {
    CENSUS: "which count of the residents is used",
    UNKNOWN_ETHNICITY: "who the people of unknown ethnicity were",
    FLAGS: "what came of searches that do not record it, a larger share for one group than for the other",
    MONTHS_IN_DOUBT: "months whose records are in doubt",
    CLUSTERS: "how many searches were made together, which these records do not say",
}
# The same in a table.
SHORT = {
    CENSUS: "the count of residents",
    UNKNOWN_ETHNICITY: "unknown ethnicity",
    FLAGS: "results not recorded",
    MONTHS_IN_DOUBT: "months in doubt",
    CLUSTERS: "searches made together",
}
TOLD = (HIGHER, LOWER, DEPENDS, UNCLEAR)


def name_dependencies(row: Row) -> str:
    """Name what the verdict of a comparison depends on, as it follows "depends on"."""
    return join_names([DEPENDENCIES[name] for name in (row.values["depends_on"] or "").split(",") if name])


def name_verdict(row: Row) -> str:
    """Name a verdict in a table, with what it depends on."""
    verdict = str(row.values["verdict"])
    if verdict != DEPENDS:
        return start_sentence(verdict)
    return f"Depends on {join_names([SHORT[name] for name in row.values['depends_on'].split(',')])}"


def say_times(row: Row) -> Sentence:
    """Give the range of a ratio: "3.4 to 5.1 times the rate"; what follows is of whom."""
    lower, upper = row.values["range_lower"], row.values["range_upper"]
    if lower is None:
        return ("no range can be given for the ratio to the rate",)
    if upper is None:
        return say("at least {} times the rate", times(row, "range_lower"))
    return say("{} to {} times the rate", times(row, "range_lower"), times(row, "range_upper"))


def say_points(row: Row) -> Sentence:
    """Give the range of a difference of shares, with its direction where there is one."""
    lower, upper = row.values["range_lower"], row.values["range_upper"]
    if lower is None or upper is None:
        return ("no range can be given for the difference",)
    verdict = row.values["verdict"]
    if verdict in (HIGHER, LOWER):
        ends = ("range_lower", "range_upper") if verdict == HIGHER else ("range_upper", "range_lower")
        return say(f"{{}} to {{}} percentage points {verdict}", *(points(row, end) for end in ends))
    return say("from {} to {} percentage points", signed_points(row, "range_lower"), signed_points(row, "range_upper"))


def put_in_brackets(row: Row, range_of: Sentence) -> Sentence:
    """Put a range behind what is said of it; nothing where it has no end."""
    has_range = row.values["range_lower"] is not None
    return (" (", *range_of, ")") if has_range else ()


def say_unclear(row: Row, equal: float) -> str:
    """Say that there is no clear difference; and the reason that decided, where the range leaves out equality.

    Chance, with clusters where they widen it (p is 0.05 or more), or the number of comparisons (p is under 0.05 and not
    under the level). Rounded rows say how many places they have, and give p as the end of its band.
    """
    values = row.values
    lower, upper = values["range_lower"], values["range_upper"]
    if lower is None or upper is None or lower <= equal <= upper:
        return "no clear difference"
    is_rounded = "places" in values
    p = values["p_value"]
    if p is not None and (p > SIGNIFICANT if is_rounded else p >= SIGNIFICANT):
        reason = "days and operations with many searches" if (values.get("design_effect") or 1) > 1 else "chance"
    else:
        reason = "the number of comparisons"
    are = "are" if is_rounded or reason.startswith("days") else "is"
    return f"not clear once {'rounding and ' if is_rounded else ''}{reason} {are} allowed for"
