"""How far apart two rates are, as every page says it: one range, and what a difference depends on."""

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.analysis.sensitivity.statements import CENSUS, CLUSTERS, FLAGS, MONTHS_IN_DOUBT, UNKNOWN_ETHNICITY
from disparity.site.published_figures import Row, Sentence, points, say, signed_points, times
from disparity.vocabulary.text import join_names

# What a verdict can depend on, as it follows "depends on".
DEPENDENCIES = {
    CENSUS: "which count of the residents is used",
    UNKNOWN_ETHNICITY: "who the people of unknown ethnicity were",
    FLAGS: "the results that are not recorded, which are more of one group than of the other",
    MONTHS_IN_DOUBT: "months whose records are in doubt",
    CLUSTERS: "how many searches came together, which these records do not tell",
}
TOLD = (HIGHER, LOWER, DEPENDS, UNCLEAR)


def name_dependencies(row: Row) -> str:
    """Name what the verdict of a comparison depends on, as it follows "depends on"."""
    return join_names([DEPENDENCIES[name] for name in (row.values["depends_on"] or "").split(",") if name])


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
