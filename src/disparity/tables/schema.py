"""The published tables: every file of `data/`, its columns, units and order. The contract with readers.

Column names are a promise: they change with a major version only. `GLOSSARY.md` defines the words.
"""

from dataclasses import dataclass

import polars as pl

from disparity.records.audit.items import BLANK_ITEMS, OF, QUALITY_ITEMS
from disparity.vocabulary.text import FORMULA_STARTS

TEXT, WHOLE, NUMBER, MONTH, FLAG = "string", "integer", "number", "yearmonth", "boolean"
SIGNIFICANT_FIGURES = 10


@dataclass(frozen=True)
class Column:
    """A column: its name, its Frictionless type and what it holds, unit included."""

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class TableFile:
    """One CSV of `data/`; the values of `key` name a row."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


FORCE = Column("force", TEXT, "police force, by its data.police.uk id")
PERIOD = (
    Column("period_from", MONTH, "first month of the period"),
    Column("period_to", MONTH, "last month of the period"),
)
BASIS = Column("ethnicity_basis", TEXT, "self-defined or officer-defined")
GROUP = Column("ethnic_group", TEXT, "ethnic group; All keeps unknown ethnicity")
REFERENCE = Column("reference_group", TEXT, "the group compared with")
TYPE = Column("search_type", TEXT, "what was searched for; drugs is the sum of its three parts")
STATUS = Column(
    "status",
    TEXT,
    "measured, partial, not_measurable, small, restricted_labels, incomplete or suppressed: why a value is missing "
    "or needs care",
)
MEASURE = Column("measure", TEXT, "what is measured; see the method page")
VALUE = "in the measure's unit: per 1,000 residents a year for search_rate, a share from 0 to 1 for all others"
NUMERATOR = Column("numerator", WHOLE, "searches counted in the rate")
DENOMINATOR = Column(
    "denominator", NUMBER, "what they are out of: searches, or thousand resident-years for search_rate"
)
COMPARED_WITH = Column("compared_with", TEXT, "set of forces: all of the publication, or a most similar group by name")
SET_FORCES = Column("set_forces", WHOLE, "forces in the set")
COUNTED = ("Searches of which the item is true", "Searches the item is out of", "Share, 0 to 1")

TABLES = (
    TableFile(
        "estimates",
        "Every rate, with its interval, bounds and status",
        (
            *(MEASURE, FORCE, *PERIOD, BASIS, GROUP, TYPE, NUMERATOR, DENOMINATOR),
            Column("unknown", WHOLE, "searches whose record does not tell; empty where every record does"),
            Column("value", NUMBER, f"the rate, {VALUE}"),
            Column("lower", NUMBER, "lower limit of the 95% interval"),
            Column("upper", NUMBER, "upper limit of the 95% interval"),
            Column("lower_bound", NUMBER, "the rate if no search with unknown result counted, of all searches"),
            Column("upper_bound", NUMBER, "the rate if every search with unknown result counted, of all searches"),
            Column("interval_method", TEXT, "how the interval was made"),
            STATUS,
        ),
        key=("measure", "force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "search_type"),
    ),
    TableFile(
        "comparisons",
        "Every group against the reference group: ratio, difference, test and verdict",
        (
            *(MEASURE, FORCE, *PERIOD, BASIS, GROUP, REFERENCE, TYPE),
            Column("ratio", NUMBER, "rate of the group / rate of the reference group; 1 means the same rate"),
            Column("ratio_lower", NUMBER, "lower limit of the 95% interval of the ratio"),
            Column("ratio_upper", NUMBER, "upper limit; empty where there is none"),
            Column("difference", NUMBER, "rate of the group - rate of the reference group, in the measure's unit"),
            Column("difference_lower", NUMBER, "lower limit of the 95% interval of the difference of shares"),
            Column("difference_upper", NUMBER, "upper limit of the 95% interval of the difference of shares"),
            Column("test", TEXT, "which test"),
            Column("statistic", NUMBER, "the test's statistic, where it has one"),
            Column("p_value", NUMBER, "raw p"),
            Column("p_adjusted", NUMBER, "p adjusted for all comparisons of the measure (Benjamini-Hochberg)"),
            STATUS,
            Column("verdict", TEXT, "higher, lower, no clear difference, not compared or not measurable"),
        ),
        key=(
            *("measure", "force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "reference_group"),
            "search_type",
        ),
    ),
    TableFile(
        "reasons",
        "What could lie behind a disparity, or make it look like one",
        (
            *(FORCE, *PERIOD, GROUP, REFERENCE),
            Column("analysis", TEXT, "which analysis; on officer-defined ethnicity where the name ends so"),
            Column("component", TEXT, "the type of search, or which number of the analysis"),
            Column("value", NUMBER, "ratio, share or odds ratio, as the analysis says"),
            Column("lower", NUMBER, "lower limit; lower scenario, for missing_ethnicity"),
            Column("upper", NUMBER, "upper limit or scenario; empty where there is none"),
            Column("note", TEXT, "how to read the row"),
        ),
        key=("force", "period_from", "period_to", "ethnic_group", "reference_group", "analysis", "component"),
    ),
    TableFile(
        "monthly",
        "Every measure by month, self-defined ethnicity, all types of search",
        (
            Column("month", MONTH, "month of the submission"),
            *(FORCE, GROUP, MEASURE, NUMERATOR, DENOMINATOR),
            Column("value", NUMBER, f"the rate, {VALUE}"),
            STATUS,
        ),
        key=("month", "force", "ethnic_group", "measure"),
    ),
    TableFile(
        "breakdowns",
        "Shares and find rates by area, month, origin of the search, item found and stated priority",
        (
            *(MEASURE, FORCE, *PERIOD),
            Column(
                "breakdown",
                TEXT,
                "what it is broken down by: area, month, search_origin, item_found or priority; area of aligned_share: "
                "under any priority, by area",
            ),
            Column(
                "category",
                TEXT,
                "area or priority by its name (any: under one at least; none: under none), month as 2024-04, or code "
                "of the origin or the item found",
            ),
            Column("ethnic_group", TEXT, "self-defined ethnic group; All keeps unknown ethnicity"),
            *(TYPE, NUMERATOR),
            Column("denominator", WHOLE, "searches they are out of"),
            Column("unknown", WHOLE, "searches whose record does not tell; empty where every record does"),
            Column("value", NUMBER, "share from 0 to 1"),
            Column("lower", NUMBER, "lower limit of the 95% interval (Wilson)"),
            Column("upper", NUMBER, "upper limit of the 95% interval (Wilson)"),
            Column("lower_bound", NUMBER, "the share if no search with unknown result counted, of all searches"),
            Column("upper_bound", NUMBER, "the share if every search with unknown result counted, of all searches"),
            STATUS,
        ),
        key=("measure", "force", "period_from", "period_to", "breakdown", "category", "ethnic_group", "search_type"),
    ),
    TableFile(
        "areas",
        "Search rates by area and ethnic group, and their ratios to White",
        (
            *(FORCE, *PERIOD),
            Column("area", TEXT, "area that the record names, or that its coordinates lie in"),
            Column("ethnic_group", TEXT, "self-defined ethnic group; All keeps unknown ethnicity"),
            Column("numerator", WHOLE, "searches in the area"),
            Column("denominator", NUMBER, "thousand resident-years of the area; empty where residents are not known"),
            Column("unknown", WHOLE, "searches of the group in no area, or in one without residents of the force"),
            Column("value", NUMBER, "searches per 1,000 residents of the area a year"),
            Column("lower", NUMBER, "lower limit of the 95% interval (exact Poisson)"),
            Column("upper", NUMBER, "upper limit of the 95% interval (exact Poisson)"),
            Column("lower_bound", NUMBER, "the rate if none of the searches in no area lay here"),
            Column("upper_bound", NUMBER, "the rate if all of the group's searches in no area lay here"),
            STATUS,
            Column("ratio", NUMBER, "rate of the group / rate of White, both of this area; 1 is the same rate"),
            Column("ratio_lower", NUMBER, "lower limit of its 95% interval (exact, given the sum of both)"),
            Column("ratio_upper", NUMBER, "upper limit of its 95% interval (exact, given the sum of both)"),
            Column("p_value", NUMBER, "p of no difference (exact conditional binomial)"),
            Column("p_adjusted", NUMBER, "adjusted for all comparisons by area (Benjamini-Hochberg)"),
            Column("ratio_status", TEXT, "the worse status of both rates: why a ratio is missing or needs care"),
            Column("verdict", TEXT, "higher, lower, no clear difference, not compared or not measurable"),
        ),
        key=("force", "period_from", "period_to", "area", "ethnic_group"),
    ),
    TableFile(
        "peers",
        "Every force beside others: funnel limits, ranks with their uncertainty, pooled values",
        (
            *(MEASURE, FORCE, *PERIOD, GROUP),
            COMPARED_WITH,
            SET_FORCES,
            Column("measured_forces", WHOLE, "forces of the set whose value is measured"),
            Column("value", NUMBER, "ratio of search rates to White (1 means the same rate), or find rate, 0 to 1"),
            Column("target", NUMBER, "the pooled value of the set, the force itself included; unit of value"),
            Column("precision", NUMBER, "searches that the value rests on: 1 / variance of the log of a ratio"),
            *(
                Column(f"{start}{side}_{name}", NUMBER, f"{side} limit that about {share} of forces lie within, {held}")
                for start, held in (("", "if forces differ as these do"), ("chance_", "were there nothing but chance"))
                for name, share in (("95", "95%"), ("998", "99.8%"))
                for side in ("lower", "upper")
            ),
            Column("z", NUMBER, "standard errors above the target, over-dispersion allowed for; 0 is at the target"),
            Column("chance_z", NUMBER, "the same by chance alone"),
            Column("phi", NUMBER, "how much more the set differs than chance makes it; 1 is chance alone"),
            Column("tau", NUMBER, "how much true values differ: standard deviation on the scale of limits_method"),
            Column("limits_method", TEXT, "scale of the limits and how over-dispersion is allowed for"),
            Column("position", TEXT, "within, above_95, above_998, below_95 or below_998"),
            Column("rank", WHOLE, "place among the measured values of the set; 1 is the highest"),
            Column("rank_lower", WHOLE, "best rank that chance could have made of it (95% interval)"),
            Column("rank_upper", WHOLE, "worst rank that chance could have made of it (95% interval)"),
            Column("pooled_value", NUMBER, "estimate: the value drawn towards those of the set; unit of value"),
            Column("pooled_lower", NUMBER, "lower limit of its 95% interval"),
            Column("pooled_upper", NUMBER, "upper limit of its 95% interval"),
            STATUS,
            Column("note", TEXT, "why there are no limits, or how to read the row"),
        ),
        key=("measure", "force", "period_from", "period_to", "ethnic_group", "compared_with"),
    ),
    TableFile(
        "pooled",
        "Every set of forces as one: search rates, their ratios and find rates, sums over sums",
        (
            MEASURE,
            COMPARED_WITH,
            *(*PERIOD, GROUP, SET_FORCES),
            Column("counted_forces", WHOLE, "forces of the set that are in the figure"),
            *(NUMERATOR, DENOMINATOR),
            Column("value", NUMBER, f"the rate, {VALUE}; ratios: 1 means the same rate"),
            Column("lower", NUMBER, "lower limit of the 95% interval"),
            Column("upper", NUMBER, "upper limit of the 95% interval; empty where there is none"),
            Column("interval_method", TEXT, "how the interval was made"),
            Column("status", TEXT, "measured, incomplete (forces of the set are missing) or not_measurable (all are)"),
        ),
        key=("measure", "compared_with", "period_from", "period_to", "ethnic_group"),
    ),
    TableFile(
        "control",
        "Control charts: every month against the limits within which its series stays while nothing changes",
        (
            Column("month", MONTH, "month of the submission"),
            *(FORCE, GROUP, MEASURE, NUMERATOR, DENOMINATOR),
            Column("value", NUMBER, f"the rate, {VALUE}"),
            Column("centre", NUMBER, "centre line, in the measure's unit"),
            Column("lower", NUMBER, "lower limit: three standard deviations, over-dispersion allowed for"),
            Column("upper", NUMBER, "upper limit"),
            Column("sigma_z", NUMBER, "how much more months differ than chance makes them; 1 is chance alone"),
            Column("z", NUMBER, "standard deviations above the centre line, over-dispersion allowed for"),
            Column(
                "signals",
                TEXT,
                "rules that the month completes, with commas between: beyond_3_sigma, 9_on_one_side, 6_up_or_down, "
                "2_of_3_beyond_2_sigma; empty: none",
            ),
            Column("baseline", MONTH, "month that the series last started in"),
            Column("baseline_reason", TEXT, "why it started anew there; empty: it is the first month"),
            Column("method", TEXT, "kind of chart; empty where there are no limits"),
            Column(
                "status",
                TEXT,
                "too_few_months (under 12 since the series started: no limits), or the month's own: measured, "
                "partial, not_measurable, small, restricted_labels or incomplete",
            ),
        ),
        key=("month", "force", "ethnic_group", "measure"),
    ),
    TableFile(
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
            *(FORCE, *PERIOD, GROUP, TYPE),
            Column("category", TEXT, "reason for weak grounds; All for all other measures"),
            Column("numerator", WHOLE, "records reviewed that are so answered"),
            Column("denominator", WHOLE, "records reviewed; for reviewed_share, searches of the period"),
            Column("is_weighted", FLAG, "whether value weighs records, as the sample holds more of some searches"),
            Column("value", NUMBER, "share of all searches, 0 to 1; kappa: 1 is full agreement, 0 that of chance"),
            Column("lower", NUMBER, "lower limit of the 95% interval"),
            Column("upper", NUMBER, "upper limit of the 95% interval"),
            Column("interval_method", TEXT, "how the interval was made"),
            Column("status", TEXT, "measured, small (under 50 records), suppressed or not_measurable"),
        ),
        key=("measure", "force", "period_from", "period_to", "ethnic_group", "search_type", "category"),
    ),
    TableFile(
        "quarterly",
        "The same by quarter, where the source counts by quarter: no month in it is known",
        (
            Column("period_from", MONTH, "first month of the quarter"),
            Column("period_to", MONTH, "last month of the quarter"),
            *(FORCE, GROUP, MEASURE, NUMERATOR, DENOMINATOR),
            Column("value", NUMBER, f"the rate, {VALUE}"),
            STATUS,
        ),
        key=("period_from", "period_to", "force", "ethnic_group", "measure"),
    ),
    TableFile(
        "population",
        "Residents that the search rates are divided by",
        (
            *(FORCE, *PERIOD),
            Column("population_base", TEXT, "which census, or the publisher's own file"),
            GROUP,
            Column("population", WHOLE, "usual residents, all ages"),
        ),
        key=("force", "period_from", "period_to", "ethnic_group"),
    ),
    TableFile(
        "submissions",
        "The audit: one row for every force and month asked for, or quarter where the source gives quarters",
        (
            Column("month", MONTH, "month of the submission; the first, of a quarter"),
            Column("months", WHOLE, "how many months it is of: 1, or 3 where the source gives quarters"),
            FORCE,
            Column("source", TEXT, "who gave the file"),
            Column("status", TEXT, "submitted, empty (a file without rows) or missing (no file)"),
            Column("source_file", TEXT, "file that was read"),
            Column("sha256", TEXT, "its SHA-256"),
            Column("bytes", WHOLE, "its size, unpacked"),
            Column("encoding", TEXT, "what it was read as: utf-8, or the encoding that was declared"),
            Column(
                "rows_read",
                WHOLE,
                "rows in the file: kept + excluded + rejected + blank; searches, where its rows are counts of searches",
            ),
            Column("rows_blank", WHOLE, "lines without a value; dropped"),
            Column("rows_kept", WHOLE, "searches counted"),
            Column("rows_excluded", WHOLE, "vehicle-only searches"),
            Column("rows_rejected", WHOLE, "rows whose kind of search is not recognised"),
            Column("duplicate_rows", WHOLE, "rows identical in every column to another; kept"),
            Column("unknown_labels", WHOLE, "values that no label table knows"),
            Column("unknown_label_share", NUMBER, "of all columns, the largest share of rows with such a value"),
            Column("self_defined_labels", WHOLE, "self-defined ethnicity labels in use"),
            Column("officer_defined_groups", WHOLE, "officer-defined groups in use"),
            Column("ethnicity_kappa", NUMBER, "agreement of self- and officer-defined group (Cohen's kappa)"),
            *(
                column
                for item in QUALITY_ITEMS
                for column in (
                    Column(item.name, WHOLE, item.label),
                    Column(item.name + OF, WHOLE, f"rows that {item.name} is out of"),
                )
            ),
            *(Column(f"{item.name}_share", NUMBER, f"{item.label}: share, 0 to 1") for item in QUALITY_ITEMS),
            Column("duplicate_rows_share", NUMBER, "duplicate_rows / rows_read"),
            *(
                Column(f"{item.name}_jump", NUMBER, f"{item.label}: share - median share of the 12 months before")
                for item in BLANK_ITEMS
            ),
            Column("same_count_run", WHOLE, "months in a row, this one included, with exactly as many rows"),
            Column("is_time_reliable", FLAG, "under 5% of times are midnight on either clock"),
            Column("trailing_median", NUMBER, "median searches of the 12 months before"),
            Column("rows_against_median", NUMBER, "searches / that median"),
        ),
        key=("month", "force"),
    ),
    TableFile(
        "years",
        "The audit by force and period: what only shows over a year",
        (
            *(FORCE, *PERIOD),
            Column("months_missing", WHOLE, "months without a file"),
            Column("searches", WHOLE, "searches counted"),
            Column("vehicle_searches", WHOLE, "vehicle-only searches: in no rate"),
            Column("self_defined_labels", WHOLE, "self-defined ethnicity labels in use, of 18 substantive ones"),
            Column("officer_defined_groups", WHOLE, "officer-defined groups in use, of 5"),
            Column("link_false_share", NUMBER, "linked flag false, of actions with the flag: share, 0 to 1"),
            Column("official_searches", WHOLE, "searches in the official statistics; empty where there are none"),
            Column("official_difference_share", NUMBER, "records / official - 1; empty where months are missing"),
        ),
        key=("force", "period_from", "period_to"),
    ),
    TableFile(
        "quality",
        "The audit's quality items by period",
        (
            *(FORCE, *PERIOD),
            Column("item", TEXT, "quality item"),
            Column("label", TEXT, "the item in words"),
            *(
                Column(name, kind, what)
                for name, kind, what in zip(("rows", "of", "share"), (WHOLE, WHOLE, NUMBER), COUNTED, strict=True)
            ),
        ),
        key=("force", "period_from", "period_to", "item"),
    ),
    TableFile(
        "labels",
        "Every label in the files, with the code it was given",
        (
            FORCE,
            Column("month", MONTH, "month of the submission; the first, of a quarter"),
            Column("column", TEXT, "column of the label"),
            Column("label", TEXT, "the value as published; empty for blank"),
            Column("code", TEXT, "our code; empty for not recorded"),
            Column("rows", WHOLE, "rows with the value"),
            Column("is_known", FLAG, "whether a label table knows the value"),
        ),
        key=("force", "month", "column", "label"),
    ),
    TableFile(
        "checks",
        "Expectations of the submissions, and the force-months that do not meet them",
        (
            Column("table", TEXT, "audit table that was checked"),
            Column("severity", TEXT, "critical, warning or info"),
            Column("expectation", TEXT, "kind of expectation (Great Expectations)"),
            Column("column", TEXT, "column that was checked"),
            Column("is_met", FLAG, "whether every row met it"),
            Column("force", TEXT, "force that does not meet it; empty where all do"),
            Column("month", TEXT, "month that does not meet it"),
            Column("why", TEXT, "why it is expected"),
            Column("what_now", TEXT, "what to do"),
        ),
        key=("table", "expectation", "column", "force", "month", "why"),
    ),
    TableFile(
        "official",
        "Official counts beside the records",
        (
            *(FORCE, *PERIOD),
            Column("ethnic_group", TEXT, "ethnic group; Unknown is not stated and not recorded together"),
            Column("official_searches", WHOLE, "searches in the official statistics"),
            Column("record_searches", WHOLE, "searches in these records, with vehicle_searches"),
            Column("vehicle_searches", WHOLE, "vehicle-only searches; 0 where the official count leaves them out"),
            Column("difference", WHOLE, "records - official"),
            Column("difference_share", NUMBER, "difference / official"),
            Column("source", TEXT, "which official statistics"),
        ),
        key=("force", "period_from", "period_to", "ethnic_group", "source"),
    ),
    TableFile(
        "calibration",
        "How often the toolkit is right: draws from known truths, and what it said of them",
        (
            Column("world", TEXT, "the known truth that was drawn from"),
            Column("check", TEXT, "coverage, false statement, power, stated on the wrong side or ratio error"),
            Column("subject", TEXT, "which interval, measure or way of treating unknown ethnicity"),
            GROUP,
            TYPE,
            Column("expected_count", NUMBER, "searches or finds expected in the smaller of the two groups"),
            Column("publications", WHOLE, "publications drawn that the figure is out of"),
            Column("value", NUMBER, "share of publications; ratio error: estimated ratio / true ratio, 1 is none"),
            Column("lower", NUMBER, "lower limit of the 95% interval of value over the draws"),
            Column("upper", NUMBER, "upper limit of the 95% interval of value over the draws"),
        ),
        key=("world", "check", "subject", "ethnic_group", "search_type"),
    ),
    TableFile(
        "priorities",
        "What a force states that its searches are for",
        (
            FORCE,
            Column("priority", TEXT, "its name"),
            Column("first_month", MONTH, "first month that it holds in"),
            Column("last_month", MONTH, "last month that it holds in; empty: it still holds"),
            Column("search_types", TEXT, "types of search that it names, with semicolons between"),
            Column("areas", TEXT, "areas that it names, with semicolons between; empty: everywhere"),
            Column("source", TEXT, "where it is stated"),
        ),
        key=("force", "priority", "first_month"),
    ),
    TableFile(
        "actions",
        "The register of actions: what the force says of its disparities, and what it does",
        (
            Column("entry", TEXT, "name of the entry in the register"),
            *(FORCE, MEASURE, GROUP, REFERENCE, TYPE),
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
    ),
    TableFile(
        "disparities",
        "Every stated difference of the latest period, and whether the register answers for it",
        (
            *(MEASURE, FORCE, *PERIOD, GROUP, REFERENCE, TYPE),
            Column("verdict", TEXT, "higher or lower than the reference group"),
            Column("entries", TEXT, "entries of the register that answer for it, with semicolons between"),
            Column("answer", TEXT, "registered, or not yet explained"),
        ),
        key=("measure", "force", "period_from", "period_to", "ethnic_group", "reference_group", "search_type"),
    ),
    TableFile(
        "effects",
        "Measures before and after an action started",
        (
            Column("entry", TEXT, "name of the entry in the register"),
            *(FORCE, MEASURE, GROUP),
            Column("series", TEXT, "group, reference (White) or group_against_reference"),
            Column(
                "component",
                TEXT,
                "rate_before, rate_after, level (the jump at the start) or trend (the change of yearly growth)",
            ),
            Column("value", NUMBER, f"rates: {VALUE}; level and trend: a factor, 1 means no change"),
            Column("lower", NUMBER, "lower limit of the 95% interval"),
            Column("upper", NUMBER, "upper limit of the 95% interval"),
            Column("months_before", WHOLE, "months before the start that carry a figure"),
            Column("months_after", WHOLE, "months after the start that carry a figure"),
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
    ),
    TableFile(
        "statement",
        "The annual statement: what the inspectorate asks of a force, point by point",
        (
            *(FORCE, *PERIOD),
            Column("point", TEXT, "what is asked"),
            Column("answer", TEXT, "met, partly or not met"),
            Column("why", TEXT, "why, in words"),
        ),
        key=("force", "period_from", "period_to", "point"),
    ),
    TableFile(
        "changes",
        "What changed since the edition before: every figure, word and row that differs",
        (
            Column("table", TEXT, "published table, by its name without .csv"),
            Column("measure", TEXT, "what is measured; empty where the table has no measure"),
            Column("force", TEXT, "police force; empty where the table has none"),
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
            Column("before", NUMBER, "number in the edition before, in the column's unit"),
            Column("after", NUMBER, "number in this edition, in the column's unit"),
            Column("difference", NUMBER, "after - before"),
            Column("before_text", TEXT, "what stood there before, where it is no number"),
            Column("after_text", TEXT, "what stands there now, where it is no number"),
            Column("reason", TEXT, "reason declared by the publisher; empty: none is declared"),
        ),
        key=("table", "measure", "force", "period_from", "period_to", "key", "column", "change"),
    ),
    TableFile(
        "revisions",
        "How much changed since the edition before, by table, measure, force and period",
        (
            Column("table", TEXT, "published table, by its name without .csv; All for all tables"),
            Column("measure", TEXT, "what is measured; empty where the table has no measure; All for all"),
            Column("force", TEXT, "police force; empty where the table has none; All for all"),
            *PERIOD,
            Column("figures_compared", WHOLE, "numbers that both editions have"),
            Column("figures_moved", WHOLE, "of these, those that differ by more than one part in a thousand million"),
            Column("figures_appeared", WHOLE, "numbers where the edition before has nothing in the same row"),
            Column("figures_withdrawn", WHOLE, "numbers of the edition before, where the same row has none now"),
            Column("words_changed", WHOLE, "words, months and flags that differ, such as a status"),
            Column("rows_added", WHOLE, "rows that the edition before does not have"),
            Column("rows_removed", WHOLE, "rows that only the edition before has"),
            Column("without_reason", WHOLE, "of all these changes, those that no declared reason explains"),
        ),
        key=("table", "measure", "force", "period_from", "period_to"),
    ),
    TableFile(
        "inputs",
        "Every file that the figures are made from, and the rules that they were checked by",
        (
            Column("role", TEXT, "records, population, review of grounds or expectations"),
            Column("source", TEXT, "who gave it"),
            Column("file", TEXT, "its name"),
            Column("sha256", TEXT, "its SHA-256"),
            Column("bytes", WHOLE, "its size, unpacked"),
            Column("submissions", WHOLE, "forces and months, or quarters, that it holds; records only"),
            Column("rows_read", WHOLE, "rows of the months asked for; searches, where its rows are counts of searches"),
        ),
        key=("role", "file", "sha256"),
    ),
    TableFile(
        "cells",
        "A restricted publication’s protected counts: every other figure is made of them",
        (
            *(FORCE, *PERIOD, BASIS, GROUP, TYPE),
            Column(
                "counted",
                TEXT,
                "searches, known (the record tells whether the item was found), found, outcomes (one is recorded), "
                "arrests, actions, unknown_after_action (of actions: the record does not tell), searches_known and "
                "searches_unknown (by whether ethnicity is known)",
            ),
            Column("count", WHOLE, "rounded count; empty where it is suppressed"),
            Column("is_suppressed", FLAG, "whether it is suppressed"),
        ),
        key=("force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "search_type", "counted"),
    ),
    TableFile(
        "disclosure",
        "How this publication protects people",
        (
            Column("profile", TEXT, "open: exact counts, published already; restricted: protected counts"),
            Column("reason", TEXT, "why that profile"),
            Column("fewest_events", WHOLE, "no rate is made of fewer events"),
            Column("threshold", WHOLE, "least count that is shown; where open, empty, as all that follows"),
            Column("base", WHOLE, "counts are rounded to multiples of it"),
            Column("fewest_candidates", WHOLE, "values that at least are possible for every sensitive count"),
            Column("plan", TEXT, "how fine the tables are"),
            Column("cells", WHOLE, "counts in the plan"),
            Column("suppressed", WHOLE, "of which suppressed"),
            Column("targets", WHOLE, "sensitive counts: suppressed, or a difference of two counts that could be small"),
            Column("certified", WHOLE, "of which proved to have that many possible values"),
            Column("rounding_error_100", NUMBER, "most that rounding moves a share of 100 searches by, 0 to 1"),
            Column("rounding_error_500", NUMBER, "most that rounding moves a share of 500 searches by, 0 to 1"),
            Column("rounding_error_1000", NUMBER, "most that rounding moves a share of 1000 searches by, 0 to 1"),
        ),
        key=("profile",),
    ),
    TableFile(
        "decisions",
        "Decision log: what was excluded, rejected, counted as not recorded or gated, and why",
        (
            Column("stage", TEXT, "where the decision was taken"),
            FORCE,
            Column("action", TEXT, "what was done"),
            Column("reason", TEXT, "why"),
            Column("rows_before", WHOLE, "rows before"),
            Column("rows_after", WHOLE, "rows after"),
        ),
        key=("stage", "force", "action", "reason"),
    ),
)


def empty_table(table: TableFile) -> pl.DataFrame:
    """Give a table without rows."""
    kinds = {TEXT: pl.String, WHOLE: pl.Int64, NUMBER: pl.Float64, MONTH: pl.Date, FLAG: pl.Boolean}
    return pl.DataFrame(schema={column.name: kinds[column.kind] for column in table.columns})


def to_csv(frame: pl.DataFrame, table: TableFile) -> str:
    """Write a table as CSV text: contract order, months as 2019-04, empty for null, no formula to be run."""
    return write_printed(print_table(frame, table))


def print_table(frame: pl.DataFrame, table: TableFile) -> pl.DataFrame:
    """Give each cell as it is published; how one is printed hangs on no other row."""
    return frame.select(_print_column(frame.schema[column.name], column) for column in table.columns)


def write_printed(printed: pl.DataFrame) -> str:
    """Write cells as they were printed; nothing for null."""
    return printed.write_csv(line_terminator="\r\n")


def _print_column(dtype: pl.DataType, column: Column) -> pl.Expr:
    value = pl.col(column.name)
    if dtype == pl.Date:
        return value.dt.strftime("%Y-%m")
    if dtype.is_float():
        # Ten figures: more than anyone needs, fewer than the last bits in which machines differ.
        text = value.round_sig_figs(SIGNIFICANT_FIGURES).cast(pl.String)
        return text.str.replace(r"\.0$", "").alias(column.name)
    if dtype == pl.Boolean:
        return value.cast(pl.String)
    if dtype == pl.String:
        starts = pl.any_horizontal(value.str.starts_with(start) for start in FORMULA_STARTS)
        return pl.when(starts).then(pl.concat_str(pl.lit("'"), value)).otherwise(value).alias(column.name)
    return value
