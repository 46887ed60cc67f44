"""The edition itself: what it is made of, what changed, how it protects people and how often it is right."""

from disparity.tables.schema.columns import AREA_CODE, BASIS, FORCE, GROUP, PERIOD, TYPE
from disparity.tables.schema.table import (
    FLAG,
    FROM_ZERO,
    MONTH,
    NO_COUNTS,
    NUMBER,
    PROTECTED_COUNTS,
    REMADE,
    SHA256,
    TEXT,
    WHOLE,
    Column,
    TableFile,
)
from disparity.tables.schema.units import BYTES, OF_DRAWS, OF_SEARCHES, SEARCHES

CALIBRATION = TableFile(
    "calibration",
    "How often the toolkit is right: draws from known truths, and what it said of them; of coverage, the lowest and "
    "the highest over groups and types",
    (
        Column("world", TEXT, "the known truth that was drawn from"),
        Column("check", TEXT, "coverage, false statement, power, stated on the wrong side or ratio error"),
        Column("subject", TEXT, "which interval, measure or way of treating unknown ethnicity"),
        GROUP,
        TYPE,
        Column("expected_count", NUMBER, "searches or finds expected in the smaller of the two groups", "events"),
        Column("publications", WHOLE, "publications drawn that the figure is out of", "publications"),
        Column(
            "value", NUMBER, "share of publications; ratio error: estimated ratio / true ratio, 1 is none", OF_DRAWS
        ),
        Column("lower", NUMBER, "lower limit of the 95% interval of value over the draws", OF_DRAWS),
        Column("upper", NUMBER, "upper limit of the 95% interval of value over the draws", OF_DRAWS),
    ),
    key=("world", "check", "subject", "ethnic_group", "search_type"),
    csv_only="it is about the toolkit, not about these records",
    protection=REMADE,
)

CHANGES = TableFile(
    "changes",
    "What changed since the edition before: every figure, word and row that differs",
    (
        Column("table", TEXT, "published table, by its name without .csv"),
        Column("measure", TEXT, "what is measured; empty where the table has no measure"),
        Column("force", TEXT, "police force; empty where the table has none"),
        AREA_CODE,
        Column("period_from", MONTH, "first month of the period, or the month"),
        Column("period_to", MONTH, "last month of the period, or the month"),
        Column("key", TEXT, "what else names the row: column=value, with semicolons between"),
        Column("column", TEXT, "column that differs; empty where the whole row or table does"),
        Column(
            "change",
            TEXT,
            "moved, appeared (nothing before), withdrawn (nothing after), reworded (no number), row added, "
            "row removed, column added, column removed, table added or not compared (its rows are named otherwise)",
        ),
        Column("before", NUMBER, "number in the edition before, in the column's unit", "unit of the column"),
        Column("after", NUMBER, "number in this edition, in the column's unit", "unit of the column"),
        Column("difference", NUMBER, "after - before", "unit of the column"),
        Column("before_text", TEXT, "what was there before, where it is no number"),
        Column("after_text", TEXT, "what is there now, where it is no number"),
        Column("reason", TEXT, "reason declared by the publisher, or why the change explains itself; empty: neither"),
    ),
    key=("table", "measure", "force", "period_from", "period_to", "key", "column", "change"),
    is_key_primary=False,
    csv_only="it has a row for every cell that differs; the sheet Revisions counts them",
    protection=NO_COUNTS,
)

REVISIONS = TableFile(
    "revisions",
    "How much changed since the edition before, by table, measure, force and period",
    (
        Column("table", TEXT, "published table, by its name without .csv; All for all tables"),
        Column("measure", TEXT, "what is measured; empty where the table has no measure; All for all"),
        Column("force", TEXT, "police force; empty where the table has none; All for all"),
        AREA_CODE,
        *PERIOD,
        Column("figures_compared", WHOLE, "numbers that both editions have", "figures"),
        Column(
            "figures_moved", WHOLE, "of these, those that differ by more than one part in a thousand million", "figures"
        ),
        Column("figures_appeared", WHOLE, "numbers where the edition before has nothing in the same row", "figures"),
        Column("figures_withdrawn", WHOLE, "numbers of the edition before, where the same row has none now", "figures"),
        Column("words_changed", WHOLE, "words, months and flags that differ, such as a status", "words"),
        Column("rows_added", WHOLE, "rows that the edition before does not have", "rows"),
        Column("rows_removed", WHOLE, "rows that only the edition before has", "rows"),
        Column(
            "without_reason",
            WHOLE,
            "of all these changes, those without a reason",
            "changes",
        ),
    ),
    key=("table", "measure", "force", "period_from", "period_to"),
    is_key_primary=False,
    protection=NO_COUNTS,
)

INPUTS = TableFile(
    "inputs",
    "Every file that the figures are made from, and the rules that they were checked by",
    (
        Column("role", TEXT, "records, population, review of grounds or expectations"),
        Column("source", TEXT, "who gave it"),
        Column("file", TEXT, "its name"),
        Column("sha256", TEXT, "its SHA-256", constraints=SHA256),
        Column("bytes", WHOLE, "its size, unpacked", BYTES, FROM_ZERO),
        Column("submissions", WHOLE, "forces and months, or quarters, that it holds; records only", "submissions"),
        Column(
            "rows_read", WHOLE, "rows of the months asked for; searches, where its rows are counts of searches", "rows"
        ),
    ),
    key=("role", "file", "sha256"),
    protection=NO_COUNTS,
    kept=("role", "source", "file", "sha256", "bytes"),
)

CELLS = TableFile(
    "cells",
    "A restricted publication’s protected counts: every other figure is made of them",
    (
        *(*FORCE, *PERIOD, BASIS, GROUP, TYPE),
        Column(
            "counted",
            TEXT,
            "searches. Or of them: known (the record says whether the item was found), found, outcomes (one is "
            "recorded), arrests, actions. Unknown_after_action: of actions, those whose record does not say. "
            "Searches_known and searches_unknown: by whether ethnicity is known",
        ),
        Column(
            "count",
            WHOLE,
            "rounded count, or exact where the plan says that it is public; empty where it is suppressed",
            SEARCHES,
        ),
        Column("is_suppressed", FLAG, "whether it is suppressed"),
    ),
    key=("force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "search_type", "counted"),
    csv_only="it is the working behind the other sheets",
    protection=PROTECTED_COUNTS,
)

CLUSTERS = TableFile(
    "clusters",
    "How much more searches vary than single ones would, in a restricted publication",
    (
        *FORCE,
        Column(
            "design_effect",
            NUMBER,
            "variance over clusters / variance of single searches, the largest of the force, rounded up to a half; "
            "1 means independent; a force without a row: not known",
            "none",
        ),
    ),
    key=("force",),
    csv_only="it is the working behind intervals",
    protection=NO_COUNTS,
    in_glossary=True,
)

DISCLOSURE = TableFile(
    "disclosure",
    "How this publication protects people",
    (
        Column("profile", TEXT, "open: exact counts, published already; restricted: protected counts"),
        Column("reason", TEXT, "why that profile"),
        Column("fewest_events", WHOLE, "no rate is made of fewer events", "events"),
        Column("threshold", WHOLE, "least count that is shown; where open, empty, as all that follows", "counts"),
        Column("base", WHOLE, "counts are rounded to multiples of it", "counts"),
        Column(
            "fewest_candidates",
            WHOLE,
            "values that at least are possible for every sensitive count, or as many as public rows alone leave",
            "values",
        ),
        Column("plan", TEXT, "how fine the tables are, and beside public rows what is protected"),
        Column(
            "public_records", TEXT, "where the rows of the same searches are public: what they give is exact; or none"
        ),
        Column(
            "public_rows", TEXT, "force, first and last month, and a name of the public rows: the same rows have it"
        ),
        Column("cells", WHOLE, "counts in the plan", "counts"),
        Column("suppressed", WHOLE, "of which suppressed", "counts"),
        Column(
            "targets",
            WHOLE,
            "sensitive counts: suppressed, or a difference of two counts that could be small",
            "counts",
        ),
        Column("certified", WHOLE, "of which proved to have that many possible values", "counts"),
        Column(
            "rounding_error_100", NUMBER, "most that rounding moves a share of 100 searches by, 0 to 1", OF_SEARCHES
        ),
        Column(
            "rounding_error_500", NUMBER, "most that rounding moves a share of 500 searches by, 0 to 1", OF_SEARCHES
        ),
        Column(
            "rounding_error_1000", NUMBER, "most that rounding moves a share of 1000 searches by, 0 to 1", OF_SEARCHES
        ),
    ),
    key=("profile",),
    protection=NO_COUNTS,
)
