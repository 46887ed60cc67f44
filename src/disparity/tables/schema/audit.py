"""The audit of the records, the residents, and what was decided."""

from disparity.records.audit.items import BLANK_ITEMS, OF, QUALITY_ITEMS
from disparity.tables.schema.columns import AREA_CODE, FORCE, GROUP, PERIOD, either
from disparity.tables.schema.table import (
    FLAG,
    FROM_ZERO,
    MONTH,
    NO_COUNTS,
    NUMBER,
    SHA256,
    TEXT,
    WHOLE,
    Column,
    TableFile,
)
from disparity.tables.schema.units import BYTES, PER_RESIDENTS, RESIDENTS, SEARCHES, SHARE
from disparity.vocabulary.doubts import DOUBTS, OF_A_YEAR

POPULATION = TableFile(
    "population",
    "Residents that the search rates are divided by, and those of every other base that they could be",
    (
        *(*FORCE, *PERIOD),
        Column("base", TEXT, "which count of residents, or how it is brought to the middle of the period"),
        Column(
            "role",
            TEXT,
            "headline (rates are out of it), plausible or bracketing (statements hold on it too), or shown",
        ),
        Column("population_base", TEXT, "the base in words"),
        GROUP,
        Column("population", NUMBER, "usual residents, all ages, at the middle of the period", RESIDENTS, FROM_ZERO),
    ),
    key=("force", "period_from", "period_to", "base", "ethnic_group"),
    protection=NO_COUNTS,
)

SUBMISSIONS = TableFile(
    "submissions",
    "The audit: one row for every force and month asked for, or quarter where the source gives quarters",
    (
        Column("month", MONTH, "month of the submission; the first, of a quarter"),
        Column("months", WHOLE, "how many months it is of: 1, or 3 where the source gives quarters", "months"),
        *FORCE,
        Column("source", TEXT, "who gave the file"),
        Column("status", TEXT, "submitted, empty (a file without rows) or missing (no file)"),
        Column("source_file", TEXT, "file that was read"),
        Column("sha256", TEXT, "its SHA-256", constraints=SHA256),
        Column("bytes", WHOLE, "its size, unpacked", BYTES, FROM_ZERO),
        Column("encoding", TEXT, "what it was read as: utf-8, or the encoding that was declared"),
        Column(
            "rows_read",
            WHOLE,
            "rows in the file: kept + excluded + rejected + blank; searches, where its rows are counts of searches",
            "rows",
        ),
        Column("rows_blank", WHOLE, "lines without a value; dropped", "rows"),
        Column("rows_kept", WHOLE, "searches counted", "rows"),
        Column("rows_excluded", WHOLE, "vehicle-only searches", "rows"),
        Column("rows_rejected", WHOLE, "rows whose kind of search is not recognised", "rows"),
        Column("days_with_search", WHOLE, "days of the month, on the UK clock, with a search", "days"),
        Column("first_day", WHOLE, "day of the month of the first of them", "days"),
        Column("last_day", WHOLE, "day of the month of the last of them", "days"),
        Column("commonest_month", MONTH, "month that most searches with a date are of"),
        Column("busiest_day_searches", WHOLE, "searches on the day with the most", SEARCHES),
        Column("dated_searches", WHOLE, "searches with a date in the month", SEARCHES),
        Column("duplicate_rows", WHOLE, "rows identical in every column to another; kept", "rows"),
        Column("rows_at_one_place", WHOLE, "searches at the point of the map where most of the month's were", "rows"),
        Column("unknown_labels", WHOLE, "values that no label table knows", "labels"),
        Column("unknown_label_share", NUMBER, "of all columns, the largest share of rows with such a value", SHARE),
        Column("self_defined_labels", WHOLE, "self-defined ethnicity labels in use", "labels"),
        Column("officer_defined_groups", WHOLE, "officer-defined groups in use", "groups"),
        Column("ethnicity_kappa", NUMBER, "agreement of self- and officer-defined group (Cohen's kappa)", "none"),
        *(
            column
            for item in QUALITY_ITEMS
            for column in (
                Column(item.name, WHOLE, item.label, "rows"),
                Column(item.name + OF, WHOLE, f"rows that {item.name} is out of", "rows"),
            )
        ),
        *(Column(f"{item.name}_share", NUMBER, f"{item.label}: share, 0 to 1", SHARE) for item in QUALITY_ITEMS),
        Column("duplicate_rows_share", NUMBER, "duplicate_rows / rows_read", SHARE),
        *(
            Column(
                f"{item.name}_jump",
                NUMBER,
                f"{item.label}: share - median share of the 12 months before",
                "difference of shares, -1 to 1",
            )
            for item in BLANK_ITEMS
        ),
        Column("is_time_reliable", FLAG, "under 5% of times are midnight on either clock"),
        Column("days", WHOLE, "days of the month", "days"),
        Column("days_covered", WHOLE, "days that the records cover; empty where no date is known", "days"),
        Column("days_without_search", WHOLE, "days at the start or end of the month without a search", "days"),
        Column(
            "gap_chance", NUMBER, "how probable such a run of days is for the force; 1: not longer than usual", "none"
        ),
        Column(
            "busiest_day_share", NUMBER, "share of the dated searches on the busiest day; empty under 20 of them", SHARE
        ),
        Column("median_around", NUMBER, "median searches of the 12 months around it, itself left out", "rows"),
        Column(
            "rows_against_median", NUMBER, "searches / that median; empty where chance makes it so far from 1", "none"
        ),
        Column(
            "same_count_months",
            WHOLE,
            "months with exactly as many rows, itself among them; empty where that is no cap",
            "months",
        ),
        Column("repeated_rows_share", NUMBER, "duplicate_rows / rows with a value; empty under 10 rows", SHARE),
        Column(
            "doubts", TEXT, f"why its count is in doubt, with commas between: {either(tuple(DOUBTS))}; empty for none"
        ),
    ),
    key=("month", "force"),
    csv_only="it has too many columns to read on a sheet",
    protection=NO_COUNTS,
    kept=("month", "months", "force", "source", "status"),
)

YEARS = TableFile(
    "years",
    "The audit by force and period: what only shows over a year",
    (
        *(*FORCE, *PERIOD),
        Column("months_missing", WHOLE, "months without a file", "months"),
        Column("searches", WHOLE, "searches counted", SEARCHES),
        Column("vehicle_searches", WHOLE, "vehicle-only searches: in no rate", SEARCHES),
        Column("self_defined_labels", WHOLE, "self-defined ethnicity labels in use, of 18 substantive ones", "labels"),
        Column("officer_defined_groups", WHOLE, "officer-defined groups in use, of 5", "groups"),
        Column("link_false_share", NUMBER, "linked flag false, of actions with the flag: share, 0 to 1", SHARE),
        Column("official_searches", WHOLE, "searches in the official statistics; empty where there are none", SEARCHES),
        Column("official_difference_share", NUMBER, "records / official - 1; empty where months are missing", SHARE),
        Column(
            "nearest_official_searches",
            WHOLE,
            "searches in the official statistics of the year, or of the last year before with any",
            SEARCHES,
        ),
        Column("nearest_official_to", MONTH, "last month of that year"),
        Column("records_against_official", NUMBER, "records, scaled up to a whole year, / those searches", "none"),
        Column("months_covered", WHOLE, "months with a file", "months"),
        Column("months_in_doubt", WHOLE, "of those, months whose count is in doubt", "months"),
        Column("days", WHOLE, "days of the months with a file and a date", "days"),
        Column("days_covered", WHOLE, "of those, days that the records cover", "days"),
        Column("doubts", TEXT, f"why the count of the year is in doubt: {either(tuple(OF_A_YEAR))}; empty for none"),
        Column("filtering", TEXT, "what all records hold and these do not; empty where they do"),
    ),
    key=("force", "period_from", "period_to"),
)

DOUBT = TableFile(
    "doubts",
    "Months and years in doubt: why, what was observed and what was expected",
    (
        *(*FORCE, *PERIOD),
        Column("month", MONTH, "month in doubt; empty where the year is, and where counts are protected"),
        Column("doubt", TEXT, f"why: {either((*DOUBTS, *OF_A_YEAR))}"),
        Column("meaning", TEXT, "the same in words"),
        Column(
            "observed", NUMBER, "what was observed, in the column of submissions.csv or years.csv that shows it", "none"
        ),
        Column("at_least", NUMBER, "the least that is expected of it; empty for none", "none"),
        Column("at_most", NUMBER, "the most that is expected of it; empty for none", "none"),
        Column("days", WHOLE, "days of the month, or of the year’s months with a file", "days"),
        Column("days_covered", WHOLE, "of those, days that the records cover", "days"),
    ),
    key=("force", "period_from", "period_to", "month", "doubt"),
    is_key_primary=False,
    protection=NO_COUNTS,
    kept=("force", "period_from", "period_to", "doubt", "meaning"),
)

QUALITY = TableFile(
    "quality",
    "The audit's quality items by period",
    (
        *(*FORCE, *PERIOD),
        Column("item", TEXT, "quality item"),
        Column("label", TEXT, "the item in words"),
        Column("rows", WHOLE, "Searches of which the item is true", "rows"),
        Column("of", WHOLE, "Searches the item is out of", "rows"),
        Column("share", NUMBER, "Share, 0 to 1", SHARE),
    ),
    key=("force", "period_from", "period_to", "item"),
    protection=NO_COUNTS,
)

LABELS = TableFile(
    "labels",
    "Every label in the files, with the code it was given",
    (
        *FORCE,
        Column("month", MONTH, "month of the submission; the first, of a quarter"),
        Column("column", TEXT, "column of the label"),
        Column("label", TEXT, "the value as published; empty for blank"),
        Column("code", TEXT, "our code; empty for not recorded"),
        Column("rows", WHOLE, "rows with the value", "rows"),
        Column("is_known", FLAG, "whether a label table knows the value"),
    ),
    key=("force", "month", "column", "label"),
    is_key_primary=False,
    csv_only="it has a row for every label of every month",
)

CHECKS = TableFile(
    "checks",
    "Expectations of the submissions, and the force-months that do not meet them",
    (
        Column("table", TEXT, "audit table that was checked"),
        Column("severity", TEXT, "critical, warning or info"),
        Column("expectation", TEXT, "kind of expectation (Great Expectations)"),
        Column("column", TEXT, "column that was checked"),
        Column("is_met", FLAG, "whether every row met it"),
        Column("force", TEXT, "force that does not meet it; empty where all do"),
        AREA_CODE,
        Column("month", TEXT, "month that does not meet it"),
        Column("observed", TEXT, "value of the column there, where it is a number or a sentence"),
        Column("limits", TEXT, "what was expected of it"),
        Column("why", TEXT, "why it is expected"),
        Column("what_now", TEXT, "what to do"),
    ),
    key=("table", "expectation", "column", "force", "month", "observed", "why"),
    is_key_primary=False,
    csv_only="it has a row for every month that fails an expectation; the data-quality pages list them",
    protection=NO_COUNTS,
    kept=("table", "severity", "expectation", "column", "is_met", "force", "why", "what_now"),
)

OFFICIAL = TableFile(
    "official",
    "Official counts beside the records",
    (
        *(*FORCE, *PERIOD),
        Column("ethnic_group", TEXT, "ethnic group; Unknown is not stated and not recorded together"),
        Column("official_searches", WHOLE, "searches in the official statistics", SEARCHES),
        Column("record_searches", WHOLE, "searches in these records, with vehicle_searches", SEARCHES),
        Column(
            "vehicle_searches", WHOLE, "vehicle-only searches; 0 where the official count leaves them out", SEARCHES
        ),
        Column("difference", WHOLE, "records - official", SEARCHES),
        Column("difference_share", NUMBER, "difference / official", SHARE),
        Column("residents", NUMBER, "residents it is out of; empty for Unknown", RESIDENTS, FROM_ZERO),
        Column("official_rate", NUMBER, "official_searches / residents x 1,000", PER_RESIDENTS),
        Column("source", TEXT, "which official statistics"),
    ),
    key=("force", "period_from", "period_to", "ethnic_group", "source"),
)

DECISIONS = TableFile(
    "decisions",
    "Decision log: what was excluded, rejected, counted as not recorded or gated, and why",
    (
        Column("stage", TEXT, "where the decision was taken"),
        *FORCE,
        Column("action", TEXT, "what was done"),
        Column("reason", TEXT, "why"),
        Column("rows_before", WHOLE, "rows before", "rows"),
        Column("rows_after", WHOLE, "rows after", "rows"),
    ),
    key=("stage", "force", "action", "reason"),
    is_key_primary=False,
    protection=NO_COUNTS,
    kept=("stage", "force", "action", "reason"),
)
