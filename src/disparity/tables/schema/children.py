"""Children beside adults, children of each ethnic group against White children, and the official figures of a year."""

from disparity.tables.schema.columns import (
    DENOMINATOR,
    FORCE,
    GROUP,
    IN_DOUBT,
    MEASURE,
    NUMERATOR,
    PERIOD,
    STATUS,
    TYPE,
    UNIT,
    UNKNOWN,
    VALUE,
)
from disparity.tables.schema.rates import COMPARISONS
from disparity.tables.schema.table import FLAG, FROM_ZERO, NUMBER, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import PER_RESIDENTS, RATE

AGE_BAND = Column(
    "age_band", TEXT, "children (10-17), younger children or adults, by the age recorded of the person searched"
)

CHILDREN = TableFile(
    "children",
    "Children beside adults: every rate by age band and ethnic group",
    (
        *(MEASURE, *FORCE, *PERIOD, AGE_BAND, GROUP, TYPE, NUMERATOR, *DENOMINATOR),
        UNKNOWN,
        UNIT,
        Column("value", NUMBER, f"the rate, {VALUE}", RATE),
        Column("lower", NUMBER, "lower limit of the 95% interval", RATE),
        Column("upper", NUMBER, "upper limit of the 95% interval", RATE),
        Column("lower_bound", NUMBER, "the rate if no search with unknown result counted", RATE),
        Column("upper_bound", NUMBER, "the rate if every search with unknown result counted", RATE),
        STATUS,
        Column(
            "is_estimated",
            FLAG,
            "whether residents of that age are estimated in part, as in 2021; empty of shares of searches",
        ),
        IN_DOUBT,
    ),
    key=("measure", "force", "period_from", "period_to", "age_band", "ethnic_group", "search_type"),
    in_glossary=True,
)

CHILDREN_COMPARISONS = TableFile(
    "children_comparisons",
    "Children aged 10 to 17 of every group against White children: ratio, difference, test and verdict",
    COMPARISONS.columns,
    key=COMPARISONS.key,
    in_glossary=True,
)

CHILDREN_OFFICIAL = TableFile(
    "children_official",
    "Official searches and arrests of children aged 10 to 17, year ending March 2025",
    (
        *(*FORCE, *PERIOD, GROUP),
        Column("covers", TEXT, "the police force areas that the figures are of, where they are of more than one"),
        Column("official_rate", NUMBER, "searches for every 1,000 residents of that age a year", PER_RESIDENTS),
        Column("arrests", WHOLE, "arrests of children, for whatever reason", "arrests", FROM_ZERO),
        Column("source", TEXT, "which official statistics"),
    ),
    key=("force", "period_from", "period_to", "ethnic_group"),
)
