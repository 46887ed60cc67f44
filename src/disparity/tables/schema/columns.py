"""Columns that stand in more than one table."""

from collections.abc import Sequence

from disparity.tables.schema.table import FLAG, FROM_ZERO, MONTH, NUMBER, TEXT, WHOLE, Column
from disparity.tables.schema.units import OUT_OF, RATE, SAME_RATE, SEARCHES
from disparity.vocabulary.statuses import STATUSES, TOO_FEW_MONTHS

STATUSES_OF_RATES = tuple(status for status in STATUSES if status != TOO_FEW_MONTHS)


def either(words: Sequence[str]) -> str:
    """List words as a choice.

    >>> either(("a", "b", "c"))
    'a, b or c'
    """
    return f"{', '.join(words[:-1])} or {words[-1]}"


AREA_CODE = Column("area_code", TEXT, "ONS code of the police force area; empty for a force that polices none")
FORCE = (Column("force", TEXT, "police force, by its data.police.uk id"), AREA_CODE)
PERIOD = (
    Column("period_from", MONTH, "first month of the period"),
    Column("period_to", MONTH, "last month of the period"),
)
BASIS = Column("ethnicity_basis", TEXT, "self-defined or officer-defined")
GROUP = Column("ethnic_group", TEXT, "ethnic group; All keeps unknown ethnicity")
OWN_GROUP = Column("ethnic_group", TEXT, "self-defined ethnic group; All keeps unknown ethnicity")
REFERENCE = Column("reference_group", TEXT, "the group compared with")
TYPE = Column("search_type", TEXT, "what was searched for; drugs is the sum of its three parts")
STATUS = Column(
    "status",
    TEXT,
    f"{either(STATUSES_OF_RATES)}: why a value is missing or needs care",
)
MEASURE = Column("measure", TEXT, "what is measured; see the method page")
VALUE = "in the measure's unit: per 1,000 residents a year for search_rate, a share from 0 to 1 for all others"
NUMERATOR = Column("numerator", WHOLE, "searches counted in the rate", SEARCHES)
DENOMINATOR = (
    Column("denominator", NUMBER, "what they are out of, in denominator_unit", OUT_OF, FROM_ZERO),
    Column("denominator_unit", TEXT, "searches, or resident_years (residents x years) for search_rate"),
)
PER_RESIDENT_YEAR = Column("denominator_unit", TEXT, "resident_years")
UNKNOWN = Column("unknown", WHOLE, "searches whose record does not tell; empty where every record does", SEARCHES)
UNIT = Column("unit", TEXT, "unit of the rate: per_1000_residents_a_year, share (0 to 1) or ratio (1 is the same rate)")
INTERVAL_METHOD = Column("interval_method", TEXT, "how the interval was made")
POISSON_LIMITS = (
    Column("lower", NUMBER, "lower limit of the 95% interval (exact Poisson)", RATE),
    Column("upper", NUMBER, "upper limit of the 95% interval (exact Poisson)", RATE),
)
RATIO_UPPER = Column("ratio_upper", NUMBER, "upper limit; empty where there is none", SAME_RATE)
# Of a ratio of two rates that each have a status of their own.
OF_BOTH_RATES = (
    Column("ratio_status", TEXT, "the worse status of both rates: why a ratio is missing or needs care"),
    Column("verdict", TEXT, "higher, lower, no clear difference, not compared or not measurable"),
)
COMPARED_WITH = Column("compared_with", TEXT, "set of forces: all of the publication, or a most similar group by name")
SET_FORCES = Column("set_forces", WHOLE, "forces in the set", "forces")
IN_DOUBT = Column("in_doubt", FLAG, "whether it rests on a month, or a year, that is in doubt (doubts.csv)")
