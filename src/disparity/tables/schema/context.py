"""What searches are set beside: residents by age and sex and other populations; earlier years and events; recorded
offences; forces whose residents are alike.
"""

from disparity.analysis.offences import PAIRS
from disparity.analysis.peers.nearest import KEPT
from disparity.tables.schema.columns import (
    BASIS,
    FORCE,
    GROUP,
    IN_DOUBT,
    OF_BOTH_RATES,
    OWN_GROUP,
    PER_RESIDENT_YEAR,
    PERIOD,
    POISSON_LIMITS,
    RATIO_UPPER,
    REFERENCE,
    STATUS,
    either,
)
from disparity.tables.schema.table import (
    FLAG,
    FROM_ZERO,
    MONTH,
    NO_COUNTS,
    NUMBER,
    SHARES,
    TEXT,
    WHOLE,
    Column,
    TableFile,
)
from disparity.tables.schema.units import (
    COUNTED,
    DEVIATIONS,
    PER_RESIDENTS,
    RATE,
    RESIDENT_YEARS,
    RESIDENTS,
    SAME_RATE,
    SEARCHES,
    P,
)

AGE_RATES = TableFile(
    "age_rates",
    "Search rates by age range, sex and ethnic group, and their ratios to White",
    (
        *(*FORCE, *PERIOD),
        Column("age_group", TEXT, "age range as the record has it: one of the five of data.police.uk"),
        Column("gender", TEXT, "Male or Female: residents are counted by no other sex"),
        OWN_GROUP,
        Column("numerator", WHOLE, "searches of people of the age and sex", SEARCHES),
        Column(
            "denominator",
            NUMBER,
            "resident-years of the age and sex (residents x years); empty where residents are few and estimated",
            RESIDENT_YEARS,
            FROM_ZERO,
        ),
        PER_RESIDENT_YEAR,
        Column("residents_basis", TEXT, "counted, or estimated: the census of 2021 has no age that ends at 10 or 18"),
        Column("unknown", WHOLE, "searches of the group without an age, or a sex that residents have", SEARCHES),
        Column("value", NUMBER, "searches per 1,000 residents of the age and sex a year", RATE),
        *POISSON_LIMITS,
        Column("lower_bound", NUMBER, "the rate if none of the searches without age and sex were of these", RATE),
        Column("upper_bound", NUMBER, "the rate if all of the group's searches without age and sex were", RATE),
        STATUS,
        Column("ratio", NUMBER, "rate of the group / rate of White, both of the age and sex", SAME_RATE),
        Column("ratio_lower", NUMBER, "lower limit of its 95% interval (exact, or over months if wider)", SAME_RATE),
        Column("ratio_upper", NUMBER, "upper limit of its 95% interval (exact, or over months if wider)", SAME_RATE),
        Column("p_value", NUMBER, "p of no difference (the larger of exact and over months)", P, SHARES),
        Column("p_adjusted", NUMBER, "adjusted for all comparisons by age and sex (Benjamini-Hochberg)", P, SHARES),
        *OF_BOTH_RATES,
        IN_DOUBT,
    ),
    key=("force", "period_from", "period_to", "age_group", "gender", "ethnic_group"),
    in_glossary=True,
)

BENCHMARKS = TableFile(
    "benchmarks",
    "Searches of each group set against residents and other populations, and the ratio to White on each",
    (
        *(*FORCE, *PERIOD, GROUP, REFERENCE),
        Column("benchmark", TEXT, "what searches are set against; the name of a publisher's own"),
        Column("title", TEXT, "the same in words"),
        BASIS,
        Column("benchmark_count", WHOLE, "the group's number of it", COUNTED, FROM_ZERO),
        Column("benchmark_reference_count", WHOLE, "the reference group's number of it", COUNTED, FROM_ZERO),
        Column("benchmark_period", TEXT, "when it was counted, or how it was put on the period"),
        Column(
            "ratio",
            NUMBER,
            "searches of the group for each of its number / those of the reference group for each of its own",
            SAME_RATE,
        ),
        Column("ratio_lower", NUMBER, "lower limit of the 95% interval; the benchmark is taken as known", SAME_RATE),
        RATIO_UPPER,
        STATUS,
        Column("source", TEXT, "who counted it"),
        Column("assumes", TEXT, "what the ratio takes for granted, and what is circular about it"),
        IN_DOUBT,
    ),
    key=("force", "period_from", "period_to", "ethnic_group", "benchmark"),
    in_glossary=True,
)

_GROUP = Column(
    "ethnic_group", TEXT, "ethnic group; All keeps unknown ethnicity; Unknown is not stated and not recorded together"
)
_RATE = Column("rate", NUMBER, "searches for every 1,000 residents a year", PER_RESIDENTS)
_SOURCE = Column("source", TEXT, "where the figures are from")
_RATIO = (
    Column("ratio", NUMBER, "rate of the group / rate of White people of the same row’s year and series", SAME_RATE),
    Column(
        "ratio_lower",
        NUMBER,
        "lower limit of the 95% interval; of official counts it is of chance alone, as if searches were independent",
        SAME_RATE,
    ),
    RATIO_UPPER,
)

HISTORY = TableFile(
    "history",
    "Official searches and arrests of earlier years, and the records’ own years after them",
    (
        *(*FORCE, *PERIOD),
        Column(
            "series",
            TEXT,
            "official_2001, official_2011 or records: official counts with Chinese people in Other, or in Asian, out "
            "of the residents of 2011; or these records",
        ),
        _GROUP,
        Column("searches", WHOLE, "searches of people; empty where official figures lack part of the year", SEARCHES),
        Column("residents", WHOLE, "usual residents that the rate is out of; empty for Unknown", RESIDENTS, FROM_ZERO),
        _RATE,
        *_RATIO,
        Column(
            "rate_of_year",
            NUMBER,
            "the rate out of the residents of the year, of official figures too; empty where Chinese people are in "
            "another group than in the censuses",
            PER_RESIDENTS,
        ),
        Column("arrests", WHOLE, "arrests for any offence, Chinese people in Other; to 2017/18", "arrests"),
        STATUS,
        Column("in_doubt", FLAG, "whether records of the year are in doubt (doubts.csv)"),
        Column(
            "break_before", TEXT, "what differs from the series before, in its first year: no line or trend crosses it"
        ),
        _SOURCE,
    ),
    key=("force", "period_from", "period_to", "series", "ethnic_group"),
)

EVENTS = TableFile(
    "events",
    "Dated events beside the months: those on stop and search that come with the toolkit, and the publisher’s own",
    (
        *FORCE,
        Column("event", TEXT, "what happened"),
        Column("first_day", MONTH, "the day, or the first one"),
        Column("last_day", MONTH, "the last day; empty where there is none"),
        Column("kind", TEXT, "policy, pandemic, funding, or own of the publisher"),
        Column("source", TEXT, "where it is said"),
    ),
    key=("force", "first_day", "event"),
    protection=NO_COUNTS,
)

NEAREST = TableFile(
    "nearest",
    "The seven forces whose residents are most like a force’s, and official search rates of each",
    (
        *FORCE,
        Column("place", WHOLE, "1 is the nearest; 0 is the force itself", "places"),
        Column("nearest_force", TEXT, "the force at that place: computed by residents, not an official group"),
        Column(
            "distance",
            NUMBER,
            "how far apart their residents are by age, ethnicity, deprivation, density and town or country; 0 is alike",
            DEVIATIONS,
            FROM_ZERO,
        ),
        Column("is_near", FLAG, "whether it is nearer than half of all pairs of forces"),
        *PERIOD,
        _GROUP,
        Column("searches", WHOLE, "official searches of people in nearest_force", SEARCHES),
        Column("residents", WHOLE, "usual residents of nearest_force at the middle of the year", RESIDENTS, FROM_ZERO),
        _RATE,
        *_RATIO,
        STATUS,
        _SOURCE,
    ),
    key=("force", "place", "ethnic_group"),
    protection=NO_COUNTS,
    kept=KEPT,
)

OFFENCES = TableFile(
    "offences",
    "Searches beside the offences that the police recorded in another year",
    (
        *(*FORCE, *PERIOD),
        Column("offence", TEXT, f"{either(tuple(PAIRS))}: drug_offences is possession and trafficking together"),
        Column("search_type", TEXT, "searches that look for it; All for all offences"),
        Column("searches", WHOLE, "searches of the type; empty where records do not have it apart", SEARCHES),
        Column("offences_from", MONTH, "first month of the recorded offences"),
        Column("offences_to", MONTH, "last month of the recorded offences"),
        Column("offences", WHOLE, "offences that the police recorded; many because somebody was searched", "offences"),
        Column(
            "searches_per_offence", NUMBER, "searches / offences; empty where searches are not of a whole year", "none"
        ),
    ),
    key=("force", "period_from", "period_to", "offence"),
)
