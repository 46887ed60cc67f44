"""The audit: rows in and out, what is blank, what no label table knows, and when it all adds up."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from statsmodels.stats.inter_rater import cohens_kappa

from disparity.records.audit.files import Audit, audit_files, measure_agreement
from disparity.records.audit.months import complete_audit, log_decisions, summarise_quality
from disparity.records.audit.years import audit_years
from disparity.records.coding import code_searches
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.codes import ETHNIC_GROUPS, read_reference
from support.builders import ASIAN, BLACK, DRUGS_ACT, NOT_STATED, NOTHING, PACE_1, WHITE, Row, few, make_raw

APRIL, MAY, JUNE, JULY = month_range(date(2019, 4, 1), date(2019, 7, 1))


def audit(rows: list[Row], *, force: str = "fellshire", month: str = "2019-04") -> Audit:
    raw = make_raw(rows, force=force, month=month)
    return audit_files(code_searches(raw), raw)


def item(name: str, rows: list[Row]) -> tuple[int, int]:
    """A quality item: rows, of rows."""
    (values,) = audit(rows).submissions.select(name, f"{name}_of").rows()
    return values


def unknown(rows: list[Row]) -> list[tuple[str, str, int]]:
    labels = audit(rows).labels
    return labels.filter(~pl.col("is_known")).select("column", "label", "rows").rows()


# Rows


def test_rows_read_are_kept_or_excluded_or_rejected() -> None:
    kinds = ["Person search"] * 3 + ["Vehicle search"] * 2 + ["Person and Vehicle search", "Type"]
    submission = audit([{"subject": kind} for kind in kinds]).submissions
    columns = ["rows_read", "rows_kept", "rows_excluded", "rows_rejected"]
    assert submission.select(columns).row(0) == (7, 4, 2, 1)


def test_identical_rows_are_counted_and_kept() -> None:
    """Three the same and two the same: five rows are identical to another."""
    rows: list[Row] = [{}, {}, {}, {"gender": "Female"}, {"gender": "Female"}, {"gender": "Other"}]
    assert audit(rows).submissions.select("duplicate_rows", "rows_kept").row(0) == (5, 6)


@pytest.mark.parametrize(
    "column",
    [
        "searched_at",
        "latitude",
        "self_defined_ethnicity",
        "officer_defined_ethnicity",
        "outcome",
        "is_clothing_removed",
    ],
)
def test_rows_that_differ_in_one_column_are_not_identical(column: str) -> None:
    assert audit([{}, {column: None}]).submissions["duplicate_rows"].item() == 0


def test_a_file_with_only_a_header_is_empty_with_counts_of_zero() -> None:
    submission = audit([]).submissions.row(0, named=True)
    assert submission["status"] == "empty"
    counts = {name: value for name, value in submission.items() if isinstance(value, int) and name != "months"}
    assert set(counts.values()) == {0}
    assert {"rows_read", "rows_kept", "duplicate_rows", "unknown_labels", "midnight_utc_of"} < set(counts)
    assert submission["ethnicity_kappa"] is None


def test_a_submission_names_its_file_and_the_hash_of_it() -> None:
    submission = audit([{}]).submissions
    assert submission.select("month", "force", "source_file", "sha256").row(0) == (
        *(APRIL, "fellshire"),
        *("2019-04/2019-04-fellshire-stop-and-search.csv", "0" * 64),
    )


def test_only_kept_rows_are_asked_what_they_lack() -> None:
    rows: list[Row] = [{"subject": "Vehicle search", "gender": None}, {"subject": "dog", "gender": None}, {}]
    assert item("gender_not_recorded", rows) == (0, 1)


# What is blank

NOT_RECORDED = {
    "self_defined_ethnicity": "self_defined_ethnicity",
    "officer_defined_ethnicity": "officer_defined_group",
    "gender": "gender",
    "age_group": "age_group",
    "legislation": "legislation",
    "object_of_search": "object_of_search",
    "outcome": "outcome",
    "is_clothing_removed": "is_clothing_removed",
    "searched_at": "searched_at",
}


@pytest.mark.parametrize(("column", "name"), NOT_RECORDED.items())
def test_what_is_blank_is_counted_of_all_kept_rows(column: str, name: str) -> None:
    assert item(f"{name}_not_recorded", [{}, {column: None}, {}, {column: None}]) == (2, 4)


def test_not_stated_is_counted_apart_from_blank() -> None:
    labels = (NOT_STATED, NOT_STATED, None, WHITE, BLACK)
    rows: list[Row] = [{"self_defined_ethnicity": label} for label in labels]
    assert item("self_defined_ethnicity_not_stated", rows) == (2, 5)
    assert item("self_defined_ethnicity_not_recorded", rows) == (1, 5)


def test_half_a_coordinate_is_none() -> None:
    rows: list[Row] = [{}, {"latitude": None}, {"longitude": None}, {"latitude": None, "longitude": None}]
    assert item("coordinates_not_recorded", rows) == (3, 4)


@pytest.mark.parametrize(
    ("name", "rows", "of"), [("link_not_recorded", 1, 6), ("link_false", 3, 5), ("link_true_without_action", 2, 6)]
)
def test_the_linked_flag_is_counted_among_the_outcomes_it_speaks_of(name: str, rows: int, of: int) -> None:
    """Of each outcome three flags are false, two true and one blank."""
    flags = ["False", "False", "False", "True", "True", None]
    pairs = product(["Arrest", NOTHING, None], flags)
    assert item(name, [{"outcome": outcome, "is_outcome_linked": linked} for outcome, linked in pairs]) == (rows, of)


@pytest.mark.parametrize(("found", "rows"), [("true", 0), ("false", 0), (None, 1)])
def test_an_action_needs_no_flag_where_the_record_says_whether_the_item_was_found(found: str | None, rows: int) -> None:
    """A force's own extract may say it outright."""
    told = {"outcome": "Arrest", "is_outcome_linked": None, "is_item_found": found}
    assert item("link_not_recorded", [told]) == (rows, 1)


def test_every_outcome_but_no_further_action_is_an_action() -> None:
    labels = [row["label"] for row in read_reference("outcome_labels")]
    actions = sum("no further action" not in label.lower() for label in labels)
    assert item("link_not_recorded", [{"outcome": label, "is_outcome_linked": None} for label in labels]) == (
        actions,
        actions,
    )
    assert 10 < actions < len(labels)


def test_a_drug_power_with_another_object_is_counted_among_those_with_an_object() -> None:
    objects = ["Controlled drugs", "Psychoactive substances", "Fireworks", "Stolen goods", "Stolen goods", None]
    rows: list[Row] = [{"legislation": DRUGS_ACT, "object_of_search": name} for name in objects]
    assert item("drug_power_other_object", [*rows, {"legislation": PACE_1}]) == (3, 5)


# Time


def stamps(*times: str) -> list[Row]:
    return [{"searched_at": f"{time}:00+00:00"} for time in times]


def test_midnight_is_looked_for_on_both_clocks() -> None:
    """In summer 23:00 UTC is midnight in the UK; in winter the clocks agree."""
    rows = stamps("2019-04-10T00:00", "2019-04-10T23:00", "2019-04-10T23:00", "2019-01-10T00:00", "2019-04-10T00:01")
    assert item("midnight_utc", rows) == (2, 5)
    assert item("midnight_local", rows) == (3, 5)


@pytest.mark.parametrize(
    ("month", "time", "is_out"),
    [
        ("2019-04", "2019-03-31T22:59", 1),
        ("2019-04", "2019-03-31T23:00", 0),  # 00:00 on 1 April in the UK
        ("2019-04", "2019-03-31T23:30", 0),
        ("2019-04", "2019-04-30T22:59", 0),
        ("2019-04", "2019-04-30T23:30", 0),  # May in the UK, April by UTC: either clock will do
        ("2019-04", "2019-05-01T00:00", 1),
        ("2020-01", "2019-12-31T23:30", 1),  # winter: the clocks agree
        ("2020-01", "2020-01-01T00:00", 0),
        ("2020-01", "2019-01-15T12:00", 1),
    ],
)
def test_a_row_is_in_its_month_if_either_clock_says_so(month: str, time: str, is_out: int) -> None:
    submission = audit(stamps(time), month=month).submissions
    assert submission.select("out_of_month", "out_of_month_of").row(0) == (is_out, 1)


@pytest.mark.parametrize(
    ("month", "time", "is_after"),
    [
        ("2019-04", "2019-03-15T12:00", 0),
        ("2019-04", "2019-04-30T22:59", 0),
        ("2019-04", "2019-04-30T23:30", 0),  # May in the UK, April by UTC
        ("2019-04", "2019-05-01T00:00", 1),
        ("2019-12", "2020-01-01T00:00", 1),
    ],
)
def test_a_row_is_after_its_month_where_both_clocks_say_so(month: str, time: str, is_after: int) -> None:
    submission = audit(stamps(time), month=month).submissions
    assert submission.select("after_month", "after_month_of").row(0) == (is_after, 1)


def test_a_row_without_a_time_is_neither_midnight_nor_out_of_month() -> None:
    rows: list[Row] = [{"searched_at": None}, {}]
    names = ("midnight_utc", "midnight_local", "after_month", "out_of_month")
    assert [item(name, rows) for name in names] == [(0, 1)] * 4


@pytest.mark.parametrize("hour", ["00", "23"], ids=["UTC clock", "local clock"])
@pytest.mark.parametrize(("midnights", "reliable"), [(4, True), (5, False), (6, False)])
def test_times_are_reliable_under_five_percent_midnight_on_either_clock(
    hour: str, midnights: int, reliable: bool
) -> None:
    times = [f"2019-04-10T{hour}:00"] * midnights + ["2019-04-10T12:34"] * (100 - midnights)
    submissions = complete_audit([audit(stamps(*times))], ["fellshire"], [APRIL]).submissions
    assert submissions["is_time_reliable"].to_list() == [reliable]


# Labels


def test_unknown_labels_are_listed_with_force_month_and_count() -> None:
    rows: list[Row] = [{"object_of_search": label} for label in ("dog", "dog", "Tutti Frutti", None, "Fireworks")]
    labels = audit(rows, force="mereside", month="2020-02").labels.filter(~pl.col("is_known"))
    assert labels.select("force", "month", "column", "label", "code", "rows").rows() == [
        ("mereside", date(2020, 2, 1), "object_of_search", "Tutti Frutti", None, 1),
        ("mereside", date(2020, 2, 1), "object_of_search", "dog", None, 2),
    ]
    assert audit(rows).submissions["unknown_labels"].item() == 3


@pytest.mark.parametrize(
    "column",
    [
        "subject",
        "self_defined_ethnicity",
        "officer_defined_ethnicity",
        "legislation",
        "object_of_search",
        "outcome",
        "is_outcome_linked",
        "is_clothing_removed",
    ],
)
def test_a_blank_is_not_an_unknown_label(column: str) -> None:
    assert unknown([{column: None}, {column: "?"}]) == [(column, "?", 1)]


def test_a_blank_is_listed_without_a_label_and_without_a_code() -> None:
    labels = audit([{"gender": None}, {"gender": "Male"}, {"gender": None}]).labels.filter(column="gender")
    assert labels.select("label", "code", "rows").rows() == [("", None, 2), ("Male", "Male", 1)]


@pytest.mark.parametrize(
    ("label", "listed"),
    [
        ("a\x1b[31mred", "a\ufffd[31mred"),
        ("\u202eevil", "\ufffdevil"),
        ("\x07\x85", "\ufffd\ufffd"),
        ("caf\xe9", "caf\xe9"),
    ],
    ids=["escape", "right to left", "bell and next line", "letters"],
)
def test_control_characters_of_a_label_are_listed_as_unreadable_ones(label: str, listed: str) -> None:
    assert unknown([{"gender": label}]) == [("gender", listed, 1)]


@pytest.mark.parametrize("label", ["False", "false", " FALSE "])
def test_false_as_outcome_is_the_portals_word_for_none_and_no_unknown_label(label: str) -> None:
    assert unknown([{"outcome": label}]) == []


def test_false_is_an_unknown_label_of_other_columns() -> None:
    assert unknown([{"object_of_search": "False"}]) == [("object_of_search", "False", 1)]


def test_every_label_is_counted_once_per_row() -> None:
    rows: list[Row] = [{"gender": "Male"}, {"outcome": None}, {"outcome": "Arrest"}, {"outcome": "?"}]
    sums = audit(rows).labels.group_by("column").agg(pl.col("rows").sum())
    assert set(sums["rows"]) == {4}
    assert sums.height == 10


def test_labels_that_share_a_code_stay_apart_in_the_audit() -> None:
    rows: list[Row] = [
        {"self_defined_ethnicity": label} for label in (NOT_STATED, "Not Stated (NS)", "Not Stated (NS)")
    ]
    labels = audit(rows).labels.filter(pl.col("column") == "self_defined_ethnicity")
    assert labels.select("label", "code", "rows").rows() == [("Not Stated (NS)", "NS", 2), (NOT_STATED, "NS", 1)]


def test_substantive_labels_and_groups_in_use_are_counted() -> None:
    """Not stated is no substantive label; two labels of one code are one."""
    own = [WHITE, "White - White British (W1)", BLACK, NOT_STATED, None]
    seen = ["White", "White", "Black", None, "Unknown"]
    rows: list[Row] = [
        {"self_defined_ethnicity": label, "officer_defined_ethnicity": group}
        for label, group in zip(own, seen, strict=True)
    ]
    assert audit(rows).submissions.select("self_defined_labels", "officer_defined_groups").row(0) == (2, 2)


# Agreement


def pair_groups(table: np.ndarray) -> pl.DataFrame:
    """Searches of a table: rows self-defined, columns officer-defined."""
    pairs = [pair for (row, column), rows in np.ndenumerate(table) for pair in [(row, column)] * int(rows)]
    return pl.DataFrame(
        {
            "self_defined_group": [ETHNIC_GROUPS[row] for row, _ in pairs],
            "officer_defined_group": [ETHNIC_GROUPS[column] for _, column in pairs],
        },
        schema={"self_defined_group": pl.String, "officer_defined_group": pl.String},
    ).with_columns(searches=pl.lit(1, pl.Int64), file=pl.lit(0, pl.UInt32))


def kappa(searches: pl.DataFrame) -> float | None:
    values = measure_agreement(searches, by=["file"])["kappa"].to_list()
    return values[0] if values else None


def test_kappa_of_the_textbook_table_is_two_fifths() -> None:
    """[[20, 5], [10, 15]]: observed 0.7, expected 0.5, (0.7 - 0.5) / 0.5."""
    assert kappa(pair_groups(np.array([[20, 5], [10, 15]]))) == pytest.approx(0.4, abs=1e-12)


@given(st.lists(st.lists(st.integers(0, 9), min_size=5, max_size=5), min_size=5, max_size=5))
def test_kappa_is_that_of_statsmodels(cells: list[list[int]]) -> None:
    table = np.array(cells)
    value = kappa(pair_groups(table))
    together = (table.sum(axis=0) * table.sum(axis=1)).sum()
    if table.sum() == 0 or together == table.sum() ** 2:
        assert value is None
    else:
        assert value == pytest.approx(cohens_kappa(table, return_results=False), abs=1e-9)


def test_only_searches_with_both_ethnicities_count_for_agreement() -> None:
    pairs = [(WHITE, "White"), (BLACK, "Black"), (NOT_STATED, "White"), (None, "Black"), (WHITE, None)]
    rows: list[Row] = [{"self_defined_ethnicity": own, "officer_defined_ethnicity": seen} for own, seen in pairs]
    assert audit(rows).submissions["ethnicity_kappa"].item() == 1


# Files at once


labels = st.sampled_from([None, WHITE, BLACK, NOT_STATED, "A label of nobody"])
made_rows = st.lists(
    st.fixed_dictionaries(
        {
            "self_defined_ethnicity": labels,
            "officer_defined_ethnicity": st.sampled_from([None, "White", "Black"]),
            "is_item_found": st.sampled_from([None, "true"]),
            "subject": st.sampled_from(["Person search", "Vehicle search", "Type"]),
        }
    ),
    max_size=4,
)


@few
@given(st.lists(made_rows, min_size=1, max_size=4))
def test_files_audited_at_once_are_as_each_would_be_alone(files: list[list[Row]]) -> None:
    raws = [make_raw(rows, month=f"2019-{4 + place:02}") for place, rows in enumerate(files)]
    together = audit_files(code_searches(*raws), *raws)
    apart = [audit_files(code_searches(raw), raw) for raw in raws]
    assert_frame_equal(together.submissions, pl.concat([one.submissions for one in apart]))
    assert_frame_equal(together.labels, pl.concat([one.labels for one in apart]))
    coded, alone = code_searches(*raws), pl.concat([code_searches(raw) for raw in raws])
    assert_frame_equal(coded.drop("file"), alone.drop("file"))


def test_a_label_of_a_row_that_stands_for_no_search_is_listed() -> None:
    raw = make_raw([{"gender": "Unheard of"}, {}])
    numbers = [pl.Series("number_of_searches", ["0", "7"]), pl.Series("reason_for_search", [None, None], pl.String)]
    counted = replace(raw, rows=raw.rows.hstack(numbers))
    labels = audit_files(code_searches(counted), counted).labels.filter(pl.col("column") == "gender")
    assert labels.select("label", "rows").rows() == [("Male", 7), ("Unheard of", 0)]


# All files together


def test_a_month_without_a_file_is_missing_and_one_with_a_header_is_zero() -> None:
    parts = [audit([{}, {}]), audit([], month="2019-05")]
    submissions = complete_audit(parts, ["fellshire"], [APRIL, MAY, JUNE]).submissions
    assert submissions.select("month", "status", "rows_read", "rows_kept", "gender_not_recorded").rows() == [
        (APRIL, "submitted", 2, 2, 0),
        (MAY, "empty", 0, 0, 0),
        (JUNE, "missing", None, None, None),
    ]


def test_shares_of_nothing_are_null_and_not_zero() -> None:
    parts = [audit([{}, {"gender": None}]), audit([], month="2019-05")]
    submissions = complete_audit(parts, ["fellshire"], [APRIL, MAY, JUNE]).submissions
    assert submissions["gender_not_recorded_share"].to_list() == [0.5, None, None]
    assert submissions["is_time_reliable"].to_list() == [True, None, None]


def test_a_month_without_agreement_stands_beside_one_with_it() -> None:
    agreed: list[Row] = [{}, {"self_defined_ethnicity": BLACK, "officer_defined_ethnicity": "Black"}]
    parts = [audit([{}]), audit(agreed, month="2019-05")]
    submissions = complete_audit(parts, ["fellshire"], [APRIL, MAY]).submissions
    assert submissions["ethnicity_kappa"].to_list() == [None, 1]


def test_months_stand_in_order_of_force_and_month_however_they_are_asked_for() -> None:
    parts = [audit([{}], force=force, month=month) for month in ("2019-05", "2019-04") for force in ("b", "a")]
    submissions, labels = (
        getattr(complete_audit(parts, ["b", "a"], [MAY, APRIL]), name) for name in ("submissions", "labels")
    )
    assert submissions.columns[:3] == ["month", "months", "force"]
    assert submissions.select("force", "month").rows() == [("a", APRIL), ("a", MAY), ("b", APRIL), ("b", MAY)]
    keys = labels.select("force", "month", "column", "label").rows()
    assert {key[:2] for key in keys} == {("a", APRIL), ("a", MAY), ("b", APRIL), ("b", MAY)}
    assert keys == sorted(keys)


def test_labels_stand_in_order_of_column_and_label() -> None:
    part = audit([{"gender": "Male"}, {"gender": "Female"}, {"gender": "Other"}])
    labels = complete_audit([part], ["fellshire"], [APRIL]).labels
    assert labels["column"].is_sorted()
    assert labels.filter(column="gender").select("label", "rows").rows() == [("Female", 1), ("Male", 1), ("Other", 1)]


def test_identical_rows_have_a_share_of_the_rows_read() -> None:
    """Two of four rows read, one of which is no search of a person."""
    rows: list[Row] = [{"gender": "Female"}, {"gender": "Female"}, {}, {"subject": "Vehicle search"}]
    submissions = complete_audit([audit(rows)], ["fellshire"], [APRIL]).submissions
    assert submissions["duplicate_rows_share"].to_list() == [0.5]


def audit_months(sizes: list[list[Row] | None], *, force: str = "fellshire") -> list[Audit]:
    """Months from April 2019, None for one without a file."""
    return [
        audit(rows, force=force, month=f"2019-{month:02}") for month, rows in enumerate(sizes, 4) if rows is not None
    ]


def test_a_blank_share_is_held_against_the_median_of_the_months_before() -> None:
    """Shares 0, 1/2 and 1/4, so a median of 1/4, which 1 is 3/4 above."""
    none, some = {"gender": None}, {"gender": "Male"}
    parts = audit_months([[some], [none, some], [none, some, some, some], [none]])
    submissions = complete_audit(parts, ["fellshire"], month_range(APRIL, JULY)).submissions
    assert submissions["gender_not_recorded_jump"].to_list() == [None, None, None, 0.75]
    assert submissions["outcome_not_recorded_jump"].to_list() == [None, None, None, 0]


def test_a_force_without_any_file_is_missing_in_every_month() -> None:
    submissions = complete_audit([audit([{}])], ["fellshire", "mereside"], [APRIL, MAY]).submissions
    assert submissions.select("force", "status").rows() == [
        ("fellshire", "submitted"),
        ("fellshire", "missing"),
        ("mereside", "missing"),
        ("mereside", "missing"),
    ]


def test_quality_adds_up_over_a_period_and_leaves_missing_months_out() -> None:
    parts = [audit([{}, {"gender": None}, {}]), audit([{"gender": None}], month="2019-05")]
    submissions = complete_audit(parts, ["fellshire"], [APRIL, MAY, JUNE]).submissions
    periods = pl.DataFrame({"month": [APRIL, MAY, JUNE], "period_from": [APRIL] * 3, "period_to": [JUNE] * 3})
    quality = summarise_quality(submissions, periods).filter(pl.col("item") == "gender_not_recorded")
    assert quality.select("force", "period_from", "period_to", "label", "rows", "of", "share").rows() == [
        ("fellshire", APRIL, JUNE, "Gender not recorded", 2, 4, 0.5)
    ]


def test_months_without_a_file_are_a_quality_item_of_all_months() -> None:
    submissions = complete_audit([audit([{}]), audit([], month="2019-05")], ["fellshire"], [APRIL, MAY, JUNE])
    periods = pl.DataFrame({"month": [APRIL, MAY, JUNE], "period_from": [APRIL] * 3, "period_to": [JUNE] * 3})
    quality = summarise_quality(submissions.submissions, periods).filter(pl.col("item") == "months_missing")
    assert quality.select("rows", "of").rows() == [(1, 3)]


def test_quality_items_stand_by_force_period_and_as_the_page_lists_them() -> None:
    parts = [audit([{}], force=force, month=month) for force in ("b", "a") for month in ("2019-05", "2019-04")]
    submissions = complete_audit(parts, ["b", "a"], [MAY, APRIL]).submissions
    periods = pl.DataFrame({"month": [MAY, APRIL], "period_from": [MAY, APRIL], "period_to": [MAY, APRIL]})
    quality = summarise_quality(submissions, periods)
    assert quality.select("force", "period_from").unique(maintain_order=True).rows() == [
        *(("a", APRIL), ("a", MAY)),
        *(("b", APRIL), ("b", MAY)),
    ]
    assert quality["label"].to_list() == LABELS * 4


LABELS = [
    "Months without a file",
    "Self-defined ethnicity not recorded",
    "Self-defined ethnicity not stated",
    "Officer-defined ethnicity not recorded",
    "Officer-defined ethnic group the same as self-defined, where both are recorded and not both are White",
    "Gender not recorded",
    "Age not recorded",
    "Legislation not recorded",
    "A power that was not in force on the day of the search, of searches under powers with such dates",
    "Object of search not recorded",
    "Outcome not recorded",
    "Outcome recorded as an action, but not whether it is linked to the object of the search, or the item found",
    "Linked flag false, of actions with the flag",
    "Linked flag true although no further action was taken",
    "Drug-search power with an object other than drugs",
    "Removal of clothing not recorded",
    "Coordinates not recorded",
    "Coordinates that are no place in the United Kingdom (counted as not recorded)",
    "Coordinates with 7 decimals or more: finer than the portal's anonymous points",
    "Date and time not recorded",
    "Date or time that does not exist, such as 29 February 2023 (counted as not recorded)",
    "Time without a time zone, read as UTC",
    "Date before 2014 in a file of a later month",
    "Time is midnight, UTC clock",
    "Time is midnight, UK local clock",
    "Date after the month of the file on both clocks",
    "Date outside the month of the file on both clocks",
    "Identical in every column to another row (kept: they may be different people)",
    "Values that no label table knows (counted as not recorded)",
]


def test_quality_of_a_period_without_rows_has_no_share() -> None:
    submissions = complete_audit([audit([])], ["fellshire"], [APRIL]).submissions
    periods = pl.DataFrame({"month": [APRIL], "period_from": [APRIL], "period_to": [APRIL]})
    quality = summarise_quality(submissions, periods)
    of_rows = quality.filter(pl.col("item") != "months_missing")
    assert of_rows["share"].null_count() == of_rows.height > 18
    assert of_rows.select("rows", "of").unique().rows() == [(0, 0)]


def test_duplicates_and_unknown_labels_are_quality_items_of_all_rows_read() -> None:
    parts = [audit([{"outcome": "?"}, {"outcome": "?"}, {"subject": "Vehicle search"}])]
    submissions = complete_audit(parts, ["fellshire"], [APRIL]).submissions
    periods = pl.DataFrame({"month": [APRIL], "period_from": [APRIL], "period_to": [APRIL]})
    quality = {
        name: (rows, of) for name, rows, of in summarise_quality(submissions, periods)["item", "rows", "of"].rows()
    }
    assert quality["duplicate_rows"] == (2, 3)
    assert quality["unknown_labels"] == (2, 3)


def test_the_log_says_what_was_done_with_the_rows_before_and_after() -> None:
    rows: list[Row] = [{}, {}, {"subject": "Vehicle search"}, {"subject": "dog"}, {"outcome": "?"}]
    submissions = complete_audit([audit(rows)], ["fellshire"], [APRIL, MAY]).submissions
    log = log_decisions(submissions)
    assert log.columns == ["stage", "force", "action", "reason", "rows_before", "rows_after"]
    assert log.drop("force").rows() == [
        ("sources", "leave a gap (months: 1)", "no file: missing, not zero", 5, 5),
        ("searches", "reject (rows: 1)", "kind of search not recognised", 5, 4),
        ("searches", "exclude (rows: 1)", "vehicle-only search, by type", 4, 3),
        ("searches", "count as not recorded (values: 2)", "no label table knows them", 3, 3),
        ("searches", "keep (rows: 2)", "identical to another: may be different people", 3, 3),
    ]


def test_nothing_is_logged_where_nothing_was_done() -> None:
    submissions = complete_audit([audit([{}])], ["fellshire"], [APRIL]).submissions
    assert log_decisions(submissions).height == 0


def test_the_log_tells_of_one_force_after_the_other_in_the_order_of_the_work() -> None:
    rows: list[Row] = [{"subject": "dog"}, {"subject": "Vehicle search"}]
    forces = [f"{letter}shire" for letter in "bdace"]
    submissions = complete_audit([audit(rows, force=force) for force in forces], forces, [APRIL]).submissions
    told = log_decisions(submissions).select("force", "action").rows()
    actions = ("reject (rows: 1)", "exclude (rows: 1)", "count as not recorded (values: 1)")
    assert told == [(force, action) for force in sorted(forces) for action in actions]


# Years

YEAR = pl.DataFrame({"month": [APRIL, MAY, JUNE], "period_from": [APRIL] * 3, "period_to": [JUNE] * 3})
NO_TOTALS = {"force": pl.String, "period_from": pl.Date, "period_to": pl.Date, "ethnic_group": pl.String}
OFFICIAL = pl.DataFrame(schema=NO_TOTALS | {"official_searches": pl.Int64, "counts_vehicles": pl.Boolean})


def official_total(searches: int, *, group: str = "All") -> pl.DataFrame:
    return pl.DataFrame([("fellshire", APRIL, JUNE, group, searches, False)], OFFICIAL.schema, orient="row")


def years(*months: list[Row] | None, official: pl.DataFrame = OFFICIAL) -> dict[str, object]:
    """The one row of a force's months from April to June."""
    audit = complete_audit(audit_months(list(months)), ["fellshire"], [APRIL, MAY, JUNE])
    return audit_years(audit, YEAR, official).row(0, named=True)


def test_a_year_sums_its_months_and_counts_those_without_a_file() -> None:
    year = years([{}, {}, {"subject": "Vehicle search"}], None, [{}])
    assert [year[name] for name in ("force", "period_from", "period_to")] == ["fellshire", APRIL, JUNE]
    assert (year["months_missing"], year["searches"]) == (1, 3)


def test_labels_of_a_year_are_those_of_its_months_together_without_not_stated() -> None:
    """White and African in April, a second label of White and Pakistani in May; two groups seen."""
    april: list[Row] = [
        {"self_defined_ethnicity": own, "officer_defined_ethnicity": "White"} for own in (WHITE, BLACK, NOT_STATED)
    ]
    own = ["White - White British (W1)", ASIAN, "no such label", None]
    may: list[Row] = [{"self_defined_ethnicity": label, "officer_defined_ethnicity": "Asian"} for label in own]
    year = years(april, may, [{"officer_defined_ethnicity": None}])
    assert (year["self_defined_labels"], year["officer_defined_groups"]) == (3, 2)


def test_the_share_of_false_flags_is_of_all_flags_of_the_year_and_not_of_months() -> None:
    """One of one and one of three: two of four, where the mean of both shares would be two thirds."""
    false, true = ({"outcome": "Arrest", "is_outcome_linked": flag} for flag in ("False", "True"))
    assert years([false], [true, false, true], [{}])["link_false_share"] == 0.5
    assert years([{}], [{}], [{}])["link_false_share"] is None


@pytest.mark.parametrize(("official", "share"), [(5, -0.2), (4, 0), (2, 1)])
def test_records_are_held_against_the_official_total(official: int, share: float) -> None:
    year = years([{}], [{}, {}], [{}], official=official_total(official))
    assert year["official_searches"] == official
    assert year["official_difference_share"] == pytest.approx(share, abs=1e-12)


def test_records_with_a_month_missing_are_not_held_against_a_whole_year() -> None:
    year = years([{}], [{}, {}], None, official=official_total(5))
    assert (year["official_searches"], year["official_difference_share"]) == (5, None)


@pytest.mark.parametrize("official", [OFFICIAL, official_total(5, group="White")], ids=["none", "of a group"])
def test_without_an_official_total_there_is_no_difference(official: pl.DataFrame) -> None:
    year = years([{}], [{}], [{}], official=official)
    assert (year["official_searches"], year["official_difference_share"]) == (None, None)


def test_years_stand_by_force_and_period_and_a_force_without_files_has_one_too() -> None:
    parts = [audit([{}], force=force, month=month) for force in ("b", "a") for month in ("2019-05", "2019-04")]
    periods = pl.DataFrame({"month": [MAY, APRIL], "period_from": [MAY, APRIL], "period_to": [MAY, APRIL]})
    totals = [
        (force, month, month, "All", n, False) for force, month, n in (("a", APRIL, 1), ("a", MAY, 2), ("b", MAY, 4))
    ]
    official = pl.DataFrame(totals, OFFICIAL.schema, orient="row")
    audits = complete_audit(parts, ["c", "b", "a"], [MAY, APRIL])
    drawn = audit_years(audits, periods, official)
    assert drawn.select("force", "period_from", "searches", "official_searches", "self_defined_labels").rows() == [
        ("a", APRIL, 1, 1, 1),
        ("a", MAY, 1, 2, 1),
        ("b", APRIL, 1, None, 1),
        ("b", MAY, 1, 4, 1),
        ("c", APRIL, 0, None, None),
        ("c", MAY, 0, None, None),
    ]


# Laws

COLUMNS: dict[str, list[str | None]] = {
    "subject": ["Person search", "Vehicle search", "dog"],
    "outcome": [NOTHING, "Arrest", None, "?"],
    "self_defined_ethnicity": [WHITE, NOT_STATED, None],
    "searched_at": ["2019-04-30T23:00:00+00:00", "2019-03-01T00:00:00+00:00", None],
}
ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(labels) for name, labels in COLUMNS.items()}), max_size=25)


@few
@given(ROWS)
def test_rows_reconcile_whatever_the_records(rows: list[Row]) -> None:
    submission = audit(rows).submissions.row(0, named=True)
    parts = [submission[name] for name in ("rows_kept", "rows_excluded", "rows_rejected")]
    assert submission["rows_read"] == sum(parts) == len(rows)
    assert parts[0] == sum(row["subject"] == "Person search" for row in rows)


@few
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[Row], random) -> None:
    shuffled = random.sample(rows, len(rows))
    first, second = audit(rows), audit(shuffled)
    assert first.submissions.equals(second.submissions)
    assert first.labels.equals(second.labels)
