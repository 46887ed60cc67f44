"""The audit of a submission: what was sent, what is blank, what no label table knows, what adds up.

Each quality item is a pair of row counts (how many, of how many), so items of two months add up. The
expectation suites and the data-quality page read these tables, never the records.
"""

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from disparity.searches import DRUG_OBJECTS, EXCLUDED, KEPT, REJECTED
from disparity.sources.raw import RAW_COLUMNS, RawFile
from disparity.statistics.agreement import cohen_kappa
from disparity.vocabulary import ALL, DRUG_POWERS, ETHNIC_GROUPS

LONDON = "Europe/London"
TIME_RELIABLE_BELOW = 0.05  # definitions, section 1
TRAILING_MONTHS = 12

_outcome = pl.col("outcome").cast(pl.String)
_no_further_action = _outcome == "no_further_action"
_action = _outcome.is_not_null() & ~_no_further_action
_drug_power = pl.col("legislation").cast(pl.String).is_in(DRUG_POWERS)
_object = pl.col("object_of_search").cast(pl.String)
_local = pl.col("searched_at").dt.convert_time_zone(LONDON)
_has_time = pl.col("searched_at").is_not_null()
_any = pl.lit(True)
_n = pl.col("searches")


def _is_midnight(clock: pl.Expr) -> pl.Expr:
    return (clock.dt.hour() == 0) & (clock.dt.minute() == 0)


_utc_month, _local_month = (clock.dt.date().dt.month_start() for clock in (pl.col("searched_at"), _local))
_file_month = pl.col("submission_month")


def _is_out_of_month() -> pl.Expr:
    """On both clocks: stamps are UTC, files follow UK local time."""
    return _has_time & (_utc_month != _file_month) & (_local_month != _file_month)


def _is_after_month() -> pl.Expr:
    """A search that had not happened when its month ended: the only future that needs no clock of ours."""
    return _has_time & (_utc_month > _file_month) & (_local_month > _file_month)


def _is_before_2014() -> pl.Expr:
    """The portal's records start in December 2014; only an extract may hold the years before, in their months."""
    return _has_time & (pl.col("searched_at").dt.year() < 2014) & (_file_month.dt.year() >= 2014)


# The texts that times and places were read from.
TEXTS = {"searched_at": "time_text", "latitude": "latitude_text", "longitude": "longitude_text"}
COLUMN_OF = {text: column for column, text in TEXTS.items()}
WITH_ZONE = r":\d\d.*(Z|[+-]\d\d(:?\d\d)?)$"
# The portal's points have 6 decimals; a device's or a mapping system's have more.
FINER_THAN_A_SNAP_POINT = r"\.\d{7,}"
_has_place_text = pl.col("latitude_text").is_not_null() & pl.col("longitude_text").is_not_null()


@dataclass(frozen=True)
class QualityItem:
    """`rows` of `among` are what `label` says; both are conditions on kept searches."""

    name: str
    label: str
    rows: pl.Expr
    among: pl.Expr


def _blank(column: str, label: str) -> QualityItem:
    return QualityItem(f"{column}_not_recorded", f"{label} not recorded", pl.col(column).is_null(), _any)


QUALITY_ITEMS = (
    _blank("self_defined_ethnicity", "Self-defined ethnicity"),
    QualityItem(
        "self_defined_ethnicity_not_stated",
        "Self-defined ethnicity not stated",
        pl.col("self_defined_ethnicity").cast(pl.String) == "NS",
        _any,
    ),
    _blank("officer_defined_group", "Officer-defined ethnicity"),
    _blank("gender", "Gender"),
    _blank("age_group", "Age"),
    _blank("legislation", "Legislation"),
    _blank("object_of_search", "Object of search"),
    _blank("outcome", "Outcome"),
    QualityItem(
        "link_not_recorded",
        "Outcome recorded as an action, but not whether it is linked to the object of the search",
        _action & pl.col("is_outcome_linked").is_null(),
        _action,
    ),
    QualityItem(
        "link_false",
        "Linked flag false, of actions with the flag",
        _action & ~pl.col("is_outcome_linked"),
        _action & pl.col("is_outcome_linked").is_not_null(),
    ),
    QualityItem(
        "link_true_without_action",
        "Linked flag true although no further action was taken",
        _no_further_action & pl.col("is_outcome_linked"),
        _no_further_action,
    ),
    QualityItem(
        "drug_power_other_object",
        "Drug-search power with an object other than drugs",
        _drug_power & _object.is_not_null() & ~_object.is_in(DRUG_OBJECTS),
        _drug_power & _object.is_not_null(),
    ),
    _blank("is_clothing_removed", "Removal of clothing"),
    QualityItem(
        "coordinates_not_recorded",
        "Coordinates not recorded",
        pl.col("latitude").is_null() | pl.col("longitude").is_null(),
        _any,
    ),
    QualityItem(
        "coordinates_off_map",
        "Coordinates that are no place in the United Kingdom (counted as not recorded)",
        _has_place_text & pl.col("latitude").is_null(),
        _has_place_text,
    ),
    QualityItem(
        "coordinates_not_snapped",
        "Coordinates with 7 decimals or more: finer than the portal's anonymous points",
        pl.any_horizontal(
            pl.col(text).str.contains(FINER_THAN_A_SNAP_POINT) for text in ("latitude_text", "longitude_text")
        ),
        _has_place_text,
    ),
    _blank("searched_at", "Date and time"),
    QualityItem(
        "searched_at_not_a_date",
        "Date or time that does not exist, such as 29 February 2023 (counted as not recorded)",
        pl.col("time_text").is_not_null() & ~_has_time,
        pl.col("time_text").is_not_null(),
    ),
    QualityItem(
        "time_without_zone",
        "Time without a time zone, read as UTC",
        _has_time & ~pl.col("time_text").str.contains(WITH_ZONE),
        _has_time,
    ),
    QualityItem("before_2014", "Date before 2014 in a file of a later month", _is_before_2014(), _has_time),
    QualityItem("midnight_utc", "Time is midnight, UTC clock", _is_midnight(pl.col("searched_at")), _has_time),
    QualityItem("midnight_local", "Time is midnight, UK local clock", _is_midnight(_local), _has_time),
    QualityItem("after_month", "Date after the month of the file on both clocks", _is_after_month(), _has_time),
    QualityItem("out_of_month", "Date outside the month of the file on both clocks", _is_out_of_month(), _has_time),
)
OF = "_of"
BLANK_ITEMS = tuple(item for item in QUALITY_ITEMS if item.name.endswith("_not_recorded"))

# Columns whose labels are coded, with the column that holds the code.
CODED_COLUMNS = {
    "subject": "subject",
    "self_defined_ethnicity": "self_defined_ethnicity",
    "officer_defined_ethnicity": "officer_defined_group",
    "gender": "gender",
    "age_group": "age_group",
    "legislation": "legislation",
    "object_of_search": "object_of_search",
    "outcome": "outcome",
    "is_outcome_linked": "is_outcome_linked",
    "is_clothing_removed": "is_clothing_removed",
    "is_item_found": "is_item_found",
    "drug_search_type": "drug_search_type",
    "reason_for_search": "reason_for_search",
}
# Only a force's own extract, or the Home Office, has them: where they are blank throughout, there is no label to list.
OPTIONAL_COLUMNS = ("is_item_found", "drug_search_type", "reason_for_search")
# The API writes False for "nothing was found or recorded": no label, so not an unknown one.
BLANK_LABELS = {"outcome": ("false",)}


YEAR_COLUMNS = {
    "force": pl.String,
    "period_from": pl.Date,
    "period_to": pl.Date,
    "months_missing": pl.Int64,
    "searches": pl.Int64,
    "vehicle_searches": pl.Int64,
    "self_defined_labels": pl.Int64,
    "officer_defined_groups": pl.Int64,
    "link_false_share": pl.Float64,
    "official_searches": pl.Int64,
    "official_difference_share": pl.Float64,
}


@dataclass(frozen=True)
class Audit:
    """The audit tables.

    `submissions`: one row per force-month, or per quarter where the source gives quarters. `labels`: rows by force,
    month, column and label. `years`: one row per force and period, once the audit is complete.
    """

    submissions: pl.DataFrame
    labels: pl.DataFrame
    years: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=YEAR_COLUMNS))


def audit_file(raw: RawFile, searches: pl.DataFrame) -> Audit:
    """Audit one file: rows in and out, quality items, labels. A row of a table counts for all its searches."""
    recorded = [
        name
        for name in CODED_COLUMNS
        if name not in raw.absent and (name not in OPTIONAL_COLUMNS or raw.is_recorded(name))
    ]
    labels = pl.concat([_count_labels(raw, searches, column) for column in recorded])
    texts = raw.rows.select(pl.col(column).alias(text) for column, text in TEXTS.items())
    kept = searches.hstack(texts).filter(pl.col("disposition") == KEPT)
    by_disposition = dict(searches.group_by(pl.col("disposition").cast(pl.String)).agg(_n.sum()).iter_rows())
    items = kept.select(expression for item in QUALITY_ITEMS for expression in _count_item(item, raw.absent))
    head = pl.DataFrame(
        {
            "month": [raw.month],
            "months": [raw.months],
            "force": [raw.force],
            "source": [raw.source],
            "status": ["submitted" if raw.rows.height else "empty"],
            "source_file": [raw.source_file],
            "sha256": [raw.sha256],
            "bytes": [raw.bytes],
            "encoding": [raw.encoding],
            "rows_read": [searches["searches"].sum() + raw.blank_rows],
            "rows_blank": [raw.blank_rows],
            "rows_kept": [by_disposition.get(KEPT, 0)],
            "rows_excluded": [by_disposition.get(EXCLUDED, 0)],
            "rows_rejected": [by_disposition.get(REJECTED, 0)],
            # In a table of counts no two rows are alike: what one row of many searches hides cannot be told.
            "duplicate_rows": [None if raw.is_counted else raw.rows.select(RAW_COLUMNS).is_duplicated().sum()],
            "unknown_labels": [labels.filter(~pl.col("is_known"))["rows"].sum()],
            "unknown_label_share": [_largest_unknown_share(labels, int(searches["searches"].sum()))],
            "self_defined_labels": [_count_distinct(kept["self_defined_ethnicity"], but="NS")],
            "officer_defined_groups": [_count_distinct(kept["officer_defined_group"])],
            "ethnicity_kappa": [agreement(kept)],
        },
        schema_overrides={
            "ethnicity_kappa": pl.Float64,
            "unknown_label_share": pl.Float64,
            "month": pl.Date,
            "duplicate_rows": pl.Int64,
            "bytes": pl.Int64,
        },
    )
    return Audit(head.hstack(items), labels)


def _count_item(item: QualityItem, absent: frozenset[str]) -> tuple[pl.Expr, pl.Expr]:
    """Searches of which the item is true, and those it is out of: none where the source never has the column."""
    columns = {COLUMN_OF.get(name, name) for name in item.rows.meta.root_names()}
    if absent & columns:
        rows, among = pl.lit(0), pl.lit(0)
    else:
        rows, among = _n.filter(item.rows & item.among).sum(), _n.filter(item.among).sum()
    return rows.cast(pl.Int64).alias(item.name), among.cast(pl.Int64).alias(item.name + OF)


def _largest_unknown_share(labels: pl.DataFrame, rows: int) -> float | None:
    """Of all columns, the largest share of rows whose label no table knows: a new label fills one column."""
    by_column = labels.group_by("column").agg(pl.col("rows").filter(~pl.col("is_known")).sum())
    return float(by_column["rows"].max()) / rows if rows else None  # type: ignore[arg-type]


def _count_distinct(codes: pl.Series, *, but: str = "") -> int:
    used = codes.cast(pl.String).drop_nulls()
    return used.filter(used != but).n_unique()


CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]"


def _count_labels(raw: RawFile, searches: pl.DataFrame, column: str) -> pl.DataFrame:
    label = raw.rows[column].alias("label")
    is_blank = pl.col("label").is_null() | pl.col("label").str.strip_chars().str.to_lowercase().is_in(
        BLANK_LABELS.get(column, ())
    )
    return (
        pl.DataFrame([label, searches[CODED_COLUMNS[column]].cast(pl.String).alias("code"), searches["searches"]])
        .group_by("label", "code")
        .agg(_n.sum().alias("rows"))
        .select(
            pl.lit(raw.force).alias("force"),
            pl.lit(raw.month).alias("month"),
            pl.lit(column).alias("column"),
            # A control character in a value would steer the terminal that the published list is read in.
            pl.col("label").fill_null("").str.replace_all(CONTROL, "\ufffd"),
            "code",
            "rows",
            (pl.col("code").is_not_null() | is_blank).alias("is_known"),
        )
        .sort("label")
    )


def agreement(searches: pl.DataFrame) -> float | None:
    """Agreement of self- and officer-defined group beyond chance, among searches that have both.

    Cohen's kappa of the table of both groups (`statistics.agreement.cohen_kappa`).

    Returns:
        1 is full agreement, 0 what chance gives; null where no search has both or chance is certain.

    Source: Cohen (1960).
    """
    groups = pl.Enum(ETHNIC_GROUPS)
    both = searches.select(
        pl.col("self_defined_group").replace("Not stated", None).cast(groups).to_physical().alias("own"),
        pl.col("officer_defined_group").cast(pl.String).cast(groups).to_physical().alias("seen"),
        _n,
    ).drop_nulls()
    table = np.zeros((len(ETHNIC_GROUPS), len(ETHNIC_GROUPS)))
    np.add.at(table, (both["own"].to_numpy(), both["seen"].to_numpy()), both["searches"].to_numpy())
    kappa = float(cohen_kappa(table).estimate)
    return None if math.isnan(kappa) else kappa


def complete_audit(parts: list[Audit], forces: list[str], months: list[date]) -> Audit:
    """Put the files' audits side by side, with a row for every force-month that was not submitted.

    Adds each item's share, and how the month stands against the force's own history. A missing month has
    null counts: it is not an empty one. A quarter is one row, under its first month: the two after it are
    neither missing nor empty, so they have no row.
    """
    grid = pl.DataFrame({"force": forces}).join(pl.DataFrame({"month": months}, schema={"month": pl.Date}), how="cross")
    sent = pl.concat([part.submissions for part in parts])
    within = list_submitted(sent).filter(pl.col("month") > pl.col("submission"))
    submissions = (
        grid.join(within, on=["force", "month"], how="anti")
        .join(sent, on=["force", "month"], how="left")
        .with_columns(pl.col("status").fill_null("missing"), pl.col("months").fill_null(1))
        .sort("force", "month")
        .with_columns(_share(item.name, item.name + OF) for item in QUALITY_ITEMS)
        .with_columns(_share("duplicate_rows", "rows_read"))
        .with_columns(
            (pl.max_horizontal("midnight_utc_share", "midnight_local_share") < TIME_RELIABLE_BELOW).alias(
                "is_time_reliable"
            ),
            _trail(pl.col("rows_kept")).alias("trailing_median"),
            *(
                (pl.col(f"{item.name}_share") - _trail(pl.col(f"{item.name}_share"))).alias(f"{item.name}_jump")
                for item in BLANK_ITEMS
            ),
            _count_run(),
        )
        .with_columns((pl.col("rows_kept") / pl.col("trailing_median")).alias("rows_against_median"))
    )
    labels = pl.concat([part.labels for part in parts]).sort("force", "month", "column", "label")
    return Audit(submissions.select("month", "months", "force", pl.exclude("month", "months", "force")), labels)


def list_submitted(submissions: pl.DataFrame) -> pl.DataFrame:
    """List the months that submissions are of.

    Returns:
        force, month, submission (the month that the submission stands under: the first of a quarter); a month
        that is not here is missing, not zero.
    """
    last = pl.col("month").dt.offset_by(pl.concat_str(pl.col("months") - 1, pl.lit("mo")))
    return (
        submissions.filter(pl.col("status") != "missing")
        .select("force", pl.col("month").alias("submission"), pl.date_ranges("month", last, "1mo").alias("month"))
        .explode("month")
        .select("force", "month", "submission")
    )


def _share(rows: str, of: str) -> pl.Expr:
    return (pl.col(rows) / pl.col(of)).fill_nan(None).alias(f"{rows}_share")


def _trail(value: pl.Expr) -> pl.Expr:
    """Median of the force's twelve months (or quarters) before this one; null before there are three."""
    before = value.cast(pl.Float64).shift(1)
    return before.rolling_median(TRAILING_MONTHS, min_samples=3).over("force", "months", order_by="month")


def _count_run() -> pl.Expr:
    """How many months in a row, this one included, hold exactly as many rows: a capped export repeats itself."""
    rows = pl.col("rows_read")
    run = rows.rle_id().over("force", order_by="month")
    return (
        pl.when(rows > 0)
        .then(pl.int_range(1, pl.len() + 1).over("force", run, order_by="month"))
        .alias("same_count_run")
    )


def summarise_quality(submissions: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Add up the quality items over each period.

    Returns:
        force, period_from, period_to, item, label, rows, of, share (0–1; null where `of` is zero).
    """
    names = [name for item in QUALITY_ITEMS for name in (item.name, item.name + OF)]
    sums = (
        submissions.join(periods, on="month")
        .group_by("force", "period_from", "period_to")
        .agg(
            pl.col("rows_read", "duplicate_rows", "unknown_labels", *names).sum(),
            (pl.col("status") == "missing").sum().cast(pl.Int64).alias("months_missing"),
            pl.col("months").sum(),
            pl.col("rows_read").filter(pl.col("duplicate_rows").is_not_null()).sum().alias("duplicate_rows" + OF),
        )
    )
    first = [("months_missing", "Months without a file", "months")]
    duplicates = "Identical in every column to another row (kept: they may be different people)"
    extra = [
        ("duplicate_rows", duplicates, "duplicate_rows" + OF),
        ("unknown_labels", "Values that no label table knows (counted as not recorded)", "rows_read"),
    ]
    long = [
        sums.select(
            "force",
            "period_from",
            "period_to",
            pl.lit(name).alias("item"),
            pl.lit(label).alias("label"),
            pl.col(name).alias("rows"),
            pl.col(of).alias("of"),
        )
        for name, label, of in [
            *first,
            *((item.name, item.label, item.name + OF) for item in QUALITY_ITEMS),
            *extra,
        ]
    ]
    order = pl.Enum(["months_missing", *(item.name for item in QUALITY_ITEMS), *(name for name, *_ in extra)])
    return (
        pl.concat(long)
        .with_columns((pl.col("rows") / pl.col("of")).fill_nan(None).alias("share"))
        .sort("force", "period_from", pl.col("item").cast(order))
    )


def log_decisions(submissions: pl.DataFrame) -> pl.DataFrame:
    """List what was done with the rows of each force: stage, force, action, reason, rows before and after."""
    sums = submissions.group_by("force").agg(
        pl.col("rows_read", "rows_blank", "rows_kept", "rows_excluded", "rows_rejected").sum(),
        pl.col("unknown_labels", "duplicate_rows").sum(),
        (pl.col("status") == "missing").sum().cast(pl.Int64).alias("missing"),
    )
    read, kept = pl.col("rows_read"), pl.col("rows_kept")
    filled = read - pl.col("rows_blank")
    recognised = filled - pl.col("rows_rejected")
    # stage, what was done with how many of what, why, how many, rows before, rows after
    steps = [
        ("sources", "leave a gap", "months", "no file: missing, not zero", "missing", read, read),
        ("sources", "drop", "rows", "blank: a line without a value", "rows_blank", read, filled),
        ("searches", "reject", "rows", "kind of search not recognised", "rows_rejected", filled, recognised),
        ("searches", "exclude", "rows", "vehicle-only search, by type", "rows_excluded", recognised, kept),
        ("searches", "count as not recorded", "values", "no label table knows them", "unknown_labels", kept, kept),
        ("searches", "keep", "rows", "identical to another: may be different people", "duplicate_rows", kept, kept),
    ]
    return pl.concat(
        sums.filter(pl.col(number) > 0).select(
            pl.lit(stage).alias("stage"),
            "force",
            pl.concat_str(pl.lit(f"{action} ({what}: "), pl.col(number), pl.lit(")")).alias("action"),
            pl.lit(reason).alias("reason"),
            before.alias("rows_before"),
            after.alias("rows_after"),
        )
        for stage, action, what, reason, number, before, after in steps
    ).sort("force", maintain_order=True)


def audit_years(audit: Audit, periods: pl.DataFrame, official: pl.DataFrame) -> pl.DataFrame:
    """Sum the audit up by force and period: what only shows over a year.

    Returns:
        force, period_from, period_to, months_missing, searches, vehicle_searches (vehicle-only: in no rate),
        self_defined_labels (of 18 substantive ones), officer_defined_groups, link_false_share,
        official_searches and official_difference_share (records against the official total, with the
        vehicle-only searches where that counts them; null where there is none).
    """
    spans = ["force", "period_from", "period_to"]
    months = audit.submissions.join(periods, on="month")
    sums = months.group_by(spans).agg(
        (pl.col("status") == "missing").sum().cast(pl.Int64).alias("months_missing"),
        pl.col("rows_kept").sum().alias("searches"),
        pl.col("rows_excluded").sum().alias("vehicle_searches"),
        (pl.col("link_false").sum() / pl.col("link_false_of").sum()).fill_nan(None).alias("link_false_share"),
    )
    used = (
        audit.labels.join(periods, on="month")
        .group_by(spans)
        .agg(
            _count_codes("self_defined_ethnicity", but="NS").alias("self_defined_labels"),
            _count_codes("officer_defined_ethnicity").alias("officer_defined_groups"),
        )
    )
    totals = official.filter(pl.col("ethnic_group") == ALL).select(*spans, "official_searches", "counts_vehicles")
    counted = pl.col("searches") + pl.when("counts_vehicles").then("vehicle_searches").otherwise(0)
    is_complete = pl.col("months_missing") == 0
    return (
        sums.join(used, on=spans, how="left")
        .join(totals, on=spans, how="left")
        .with_columns(
            pl.when(is_complete).then(counted / pl.col("official_searches") - 1).alias("official_difference_share")
        )
        .select(list(YEAR_COLUMNS))
        .sort(spans)
    )


def _count_codes(column: str, *, but: str = "") -> pl.Expr:
    codes = pl.col("code").filter((pl.col("column") == column) & (pl.col("code") != but))
    return codes.n_unique().cast(pl.Int64)
