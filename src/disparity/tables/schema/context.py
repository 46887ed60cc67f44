"""What searches are set beside: earlier years, events, recorded offences, forces whose residents are alike."""

from disparity.analysis.history import BREAKS
from disparity.tables.schema.columns import FORCE, PERIOD, STATUS, either
from disparity.tables.schema.table import FLAG, FROM_ZERO, NUMBER, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import PER_RESIDENTS, RESIDENTS, SAME_RATE, SEARCHES

_GROUP = Column(
    "ethnic_group", TEXT, "ethnic group; All keeps unknown ethnicity; Unknown is not stated and not recorded together"
)
_RATIO = (
    Column("ratio", NUMBER, "rate of the group / rate of White people of the same row’s year and series", SAME_RATE),
    Column(
        "ratio_lower",
        NUMBER,
        "lower limit of the 95% interval; of official counts it is of chance alone, as if searches were independent",
        SAME_RATE,
    ),
    Column("ratio_upper", NUMBER, "upper limit; empty where there is none", SAME_RATE),
)

HISTORY = TableFile(
    "history",
    "Official searches and arrests by year from 2006/07, and the records’ own years after them",
    (
        *(*FORCE, *PERIOD),
        Column(
            "series",
            TEXT,
            f"{either(tuple(BREAKS))}: official counts with Chinese people in Other, or in Asian, both out of the "
            "residents of the census of 2011; or these records, out of the residents of the year",
        ),
        _GROUP,
        Column("searches", WHOLE, "searches of people; empty where official figures lack part of the year", SEARCHES),
        Column("residents", WHOLE, "usual residents that the rate is out of; empty for Unknown", RESIDENTS, FROM_ZERO),
        Column("rate", NUMBER, "searches for every 1,000 residents a year", PER_RESIDENTS),
        *_RATIO,
        Column("arrests", WHOLE, "arrests for any offence, Chinese people in Other; to 2017/18", "arrests"),
        STATUS,
        Column("in_doubt", FLAG, "whether records of the year are in doubt (doubts.csv)"),
        Column(
            "break_before", TEXT, "what differs from the series before, in its first year: no line or trend crosses it"
        ),
        Column("source", TEXT, "where the figures are from"),
    ),
    key=("force", "period_from", "period_to", "series", "ethnic_group"),
)
