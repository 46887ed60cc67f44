"""What a force states, does and answers for."""

from disparity.tables.schema.columns import FORCE, GROUP, INTERVAL_METHOD, MEASURE, PERIOD, REFERENCE, TYPE, VALUE
from disparity.tables.schema.table import (
    FLAG,
    FROM_ZERO,
    MONTH,
    NO_COUNTS,
    NUMBER,
    OWN_RULE,
    TEXT,
    WHOLE,
    Column,
    TableFile,
)
from disparity.tables.schema.units import OF_REVIEW, OUT_OF_REVIEWED, RATE, REVIEWED
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, SMALL, SUPPRESSED
from disparity.vocabulary.thresholds import SMALL_SEARCHES

GROUNDS = TableFile(
    "grounds",
    "The review of recorded grounds: what reviewers of a sample of records answered, and how far they agree",
    (
        Column(
            "measure",
            TEXT,
            "reasonable_share (said more than half of the reviewers), reasonable_by_any_share, "
            "reasonable_by_all_share, unsettled_share (neither yes nor no), weak_reason_share (of records not "
            "called reasonable), agreement (all reviewers alike), kappa (beyond chance) or reviewed_share",
        ),
        *(*FORCE, *PERIOD, GROUP, TYPE),
        Column("category", TEXT, "reason for weak grounds; All for all other measures"),
        Column("numerator", WHOLE, "records reviewed that are so answered", REVIEWED),
        Column(
            "denominator",
            WHOLE,
            "records reviewed; for reviewed_share, searches of the period",
            OUT_OF_REVIEWED,
            FROM_ZERO,
        ),
        Column("is_weighted", FLAG, "whether value weighs records, as the sample holds more of some searches"),
        Column("value", NUMBER, "share of all searches, 0 to 1; of kappa, 1 is full agreement", OF_REVIEW),
        Column("lower", NUMBER, "lower limit of the 95% interval", OF_REVIEW),
        Column("upper", NUMBER, "upper limit of the 95% interval", OF_REVIEW),
        INTERVAL_METHOD,
        Column(
            "status", TEXT, f"{MEASURED}, {SMALL} (under {SMALL_SEARCHES} records), {SUPPRESSED} or {NOT_MEASURABLE}"
        ),
    ),
    key=("measure", "force", "period_from", "period_to", "ethnic_group", "search_type", "category"),
    protection=OWN_RULE,
    in_glossary=True,
)

PRIORITIES = TableFile(
    "priorities",
    "What a force states that its searches are for",
    (
        *FORCE,
        Column("priority", TEXT, "its name"),
        Column("first_month", MONTH, "first month that it holds in"),
        Column("last_month", MONTH, "last month that it holds in; empty: it still holds"),
        Column("search_types", TEXT, "types of search that it names, with semicolons between"),
        Column("areas", TEXT, "areas that it names, with semicolons between; empty: everywhere"),
        Column("source", TEXT, "where it is stated"),
    ),
    key=("force", "priority", "first_month"),
    protection=NO_COUNTS,
)

ACTIONS = TableFile(
    "actions",
    "The register of actions: what the force says of its disparities, and what it does",
    (
        Column("entry", TEXT, "name of the entry in the register"),
        *(*FORCE, MEASURE, GROUP, REFERENCE, TYPE),
        Column("found", TEXT, "what was found, in the force's words"),
        Column("explanation", TEXT, "how the force explains it; empty: it does not yet"),
        Column("evidence", TEXT, "what the explanation rests on, with semicolons between"),
        Column("action", TEXT, "what the force does about it"),
        Column("owner", TEXT, "post that answers for it"),
        Column("start", TEXT, "day on which the action starts, as 2024-10-01"),
        Column("review", TEXT, "day by which the entry is looked at again"),
        Column("status", TEXT, "planned, under way, done or no action"),
        Column("is_overdue", FLAG, "whether that day had passed when this edition was published"),
    ),
    key=("force", "entry"),
    protection=NO_COUNTS,
)

DISPARITIES = TableFile(
    "disparities",
    "Every stated difference of the latest period, and whether the register answers for it",
    (
        *(MEASURE, *FORCE, *PERIOD, GROUP, REFERENCE, TYPE),
        Column("verdict", TEXT, "higher or lower than the reference group"),
        Column("entries", TEXT, "entries of the register that answer for it, with semicolons between"),
        Column("answer", TEXT, "registered, or not yet explained"),
    ),
    key=("measure", "force", "period_from", "period_to", "ethnic_group", "reference_group", "search_type"),
    protection=NO_COUNTS,
)

EFFECTS = TableFile(
    "effects",
    "Measures before and after an action started",
    (
        Column("entry", TEXT, "name of the entry in the register"),
        *(*FORCE, MEASURE, GROUP),
        Column("series", TEXT, "group, reference (White) or group_against_reference"),
        Column(
            "component",
            TEXT,
            "rate_before, rate_after, level (the jump at the start) or trend (the change of yearly growth)",
        ),
        Column("unit", TEXT, "unit of the row: per_1000_residents_a_year, share (0 to 1) or factor (1 is no change)"),
        Column("value", NUMBER, f"rates: {VALUE}; level and trend: a factor, 1 means no change", RATE),
        Column("lower", NUMBER, "lower limit of the 95% interval", RATE),
        Column("upper", NUMBER, "upper limit of the 95% interval", RATE),
        Column("months_before", WHOLE, "months before the start that carry a figure", "months"),
        Column("months_after", WHOLE, "months after the start that carry a figure", "months"),
        Column("first_month", MONTH, "first month that is used"),
        Column("last_month", MONTH, "last month that is used"),
        Column("method", TEXT, "how the figure was made"),
        Column(
            "status",
            TEXT,
            "measured, too_early, too_short_before, not_followed, few_events or recording_changed: why there is "
            "no figure",
        ),
    ),
    key=("force", "entry", "series", "component"),
)

STATEMENT = TableFile(
    "statement",
    "The annual statement: what the inspectorate asks of a force, point by point",
    (
        *(*FORCE, *PERIOD),
        Column("point", TEXT, "what is asked"),
        Column(
            "answer",
            TEXT,
            "met, partly or not met; not assessed in a publication that is not the force's own",
        ),
        Column("why", TEXT, "why, in words"),
    ),
    key=("force", "period_from", "period_to", "point"),
    protection=NO_COUNTS,
)
