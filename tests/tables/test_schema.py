"""The published files: their columns, how values are written, and the package that describes them."""

import csv
import io
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disparity.analysis.calibration.calibrate import read_calibration
from disparity.analysis.comparisons import compare
from disparity.analysis.control_charts import control_months, list_breaks
from disparity.analysis.measures.area_rates import estimate_areas
from disparity.analysis.measures.breakdowns import Whole, break_down
from disparity.analysis.measures.gates import log_gates
from disparity.analysis.measures.monthly import estimate_monthly, estimate_quarterly, spread_population
from disparity.analysis.measures.neighbourhood_rates import smooth_neighbourhoods
from disparity.analysis.measures.official import reconcile_official
from disparity.analysis.peers.compare import compare_peers
from disparity.analysis.peers.pooled import pool_sets
from disparity.analysis.peers.rates import gather_rates
from disparity.analysis.peers.sets import list_sets
from disparity.analysis.reasons.area_comparisons import compare_areas
from disparity.analysis.reasons.coverage import shift_coverage
from disparity.analysis.reasons.deprivation import compare_fifths
from disparity.analysis.reasons.scenarios import treat_unknown_ethnicity
from disparity.analysis.sensitivity.specifications import Assumptions
from disparity.analysis.sensitivity.statements import decide
from disparity.analysis.sensitivity.tipping import find_tipping
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.design_effects import summarise_design_effect
from disparity.disclosure.open import open_counts
from disparity.disclosure.plan import PLANS, list_cells
from disparity.disclosure.profiles import Profile
from disparity.disclosure.protect import protect_cells
from disparity.pipeline.tabulate import FLAGGED
from disparity.project.settings import make_settings
from disparity.records.audit.doubt_list import flag_doubts, list_doubts
from disparity.records.audit.files import audit_files
from disparity.records.audit.months import complete_audit, list_submitted, log_decisions, summarise_quality
from disparity.records.audit.years import audit_years
from disparity.records.coding import code_searches
from disparity.records.counts import count_searches
from disparity.records.expectations import PLACE, Validation
from disparity.records.neighbourhoods import name_authorities, place_in_neighbourhoods
from disparity.sources.census_places import read_census_places, spread_over_neighbourhoods
from disparity.sources.official import read_official
from disparity.sources.own_population import BY_AREA
from disparity.sources.population import choose_headline, choose_official, list_bases, read_breakdown, read_residents
from disparity.tables.grounds_review import read_review
from disparity.tables.provenance import list_inputs
from disparity.tables.restricted import describe_protection, publish_cells
from disparity.tables.revisions import compare_editions
from disparity.tables.schema.derived import complete
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.table import Column, TableFile
from disparity.tables.schema.tables import TABLES
from support import example
from support.builders import ASIAN, BLACK, DRUGS_ACT, NOTHING, WHITE, make_raw
from support.cells import cell, count, estimate_exactly, explain_all, files, people, period_of

# OWASP, CSV injection: these start a formula, the full-width ones in a spreadsheet set to Japanese.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BY_NAME = {table.name: table for table in TABLES}
# The promise to readers, word for word: docs, "Published data contract".
CONTRACT = {
    "estimates": "measure, force, area_code, period_from, period_to, ethnicity_basis, ethnic_group, search_type, "
    "numerator, denominator, denominator_unit, unknown, unit, value, lower, upper, lower_bound, upper_bound, "
    "interval_method, status, in_doubt",
    "comparisons": "measure, force, area_code, period_from, period_to, ethnicity_basis, ethnic_group, reference_group, "
    "search_type, ratio, ratio_lower, ratio_upper, difference_unit, difference, difference_lower, difference_upper, "
    "test, statistic, p_value, p_adjusted, level, design_effect, standard_error, degrees_of_freedom, is_clustered, "
    "status, verdict, depends_on, range_unit, range_lower, range_upper, smallest_difference, in_doubt",
    "reasons": "force, area_code, period_from, period_to, ethnic_group, reference_group, analysis, component, value, "
    "lower, upper, note",
    "monthly": "month, force, area_code, ethnic_group, measure, numerator, denominator, denominator_unit, unit, "
    "value, status, in_doubt",
}


def written(values, kind="string", dtype=None):
    """One column as the lines of its CSV, without the header."""
    table = TableFile("made", "Made", (Column("it", kind, "made"),))
    return to_csv(pl.DataFrame({"it": pl.Series(values, dtype=dtype)}), table).split("\r\n")[1:-1]


def read_back(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


# Contract


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_are_those_promised_in_their_order(name):
    assert ", ".join(column.name for column in BY_NAME[name].columns) == CONTRACT[name]


def test_the_decision_log_has_action_reason_and_rows_before_and_after():
    names = [column.name for column in BY_NAME["decisions"].columns]
    assert names == ["stage", "force", "area_code", "action", "reason", "rows_before", "rows_after"]


def test_every_promised_file_is_there():
    assert {"estimates", "comparisons", "reasons", "monthly", "submissions", "years", "labels", "decisions"} <= set(
        BY_NAME
    )
    assert [table.file for table in TABLES] == [f"{name}.csv" for name in BY_NAME]


@pytest.fixture(scope="module")
def frames():
    """Every published frame, of a few made records of two months."""
    rows = [
        {"self_defined_ethnicity": label, "legislation": DRUGS_ACT, "outcome": NOTHING}
        for label in (WHITE, BLACK, ASIAN, None)
    ]
    raws = [make_raw(rows, force="lancashire", month=month) for month in ("2019-04", "2019-05")]
    coded = name_authorities(place_in_neighbourhoods(code_searches(*raws)))
    audit = complete_audit([audit_files(coded, *raws)], ["lancashire"], YEAR_2019)
    periods = period_of(YEAR_2019)
    residents = read_residents(None)
    bases = list_bases(residents, periods)
    population = choose_headline(bases)
    submitted = list_submitted(audit.submissions)
    counts = count_searches(coded)
    estimates = estimate_exactly(counts, population, submitted, periods)
    compared = compare(estimates)
    treated = treat_unknown_ethnicity(counts, periods, estimates, compared, seed=1)
    assumptions = Assumptions(bases, treated.treatments, treated.bounds, shift_coverage(estimates, compared))
    comparisons, sensitivity = decide(compared, assumptions)
    protected = open_counts(counts, submitted, periods)
    plan_cells = list_cells(protected.years, protected.months, PLANS[0])
    by_month = spread_population(population, periods)
    monthly = estimate_monthly(protected.months, by_month, submitted, periods, estimates).with_columns(in_doubt=False)
    rates, sets = gather_rates(estimates, comparisons), list_sets([], ["lancashire", "kent"], periods)
    pooled = pool_sets(rates, sets)
    checks = pl.DataFrame(schema=dict.fromkeys(example.RESULT_COLUMNS, pl.String) | {"where": pl.List(PLACE)})
    settings = make_settings({"records": ["r"], "from": "2019-04", "to": "2020-03"}, where="a test")
    doubts = list_doubts(replace(audit, years=audit_years(audit, periods, read_official())), periods)
    made = compare_editions({}, None, settings) | {
        "doubts": doubts,
        "inputs": list_inputs(settings, audit.submissions),
        "estimates": estimates,
        "comparisons": comparisons,
        "sensitivity": sensitivity,
        "tipping": find_tipping(comparisons, estimates, population),
        "clusters": summarise_design_effect(counts),
        "reasons": explain_all(counts, estimates, population=bases, periods=periods),
        "monthly": monthly,
        "areas": compare_areas(
            estimate_areas(
                Whole(protected.detail, protected.years, submitted, periods), read_breakdown(None, BY_AREA, periods)
            ),
            protected.detail,
            periods,
        ),
        "deprivation": compare_fifths(
            Whole(protected.detail, protected.years, submitted, periods),
            spread_over_neighbourhoods(bases, read_census_places(), ["lancashire"]),
        ),
        "neighbourhoods": smooth_neighbourhoods(
            Whole(protected.detail, protected.years, submitted, periods),
            spread_over_neighbourhoods(bases, read_census_places(), ["lancashire"]),
        ),
        "breakdowns": break_down(Whole(protected.detail, protected.years, submitted, periods), []),
        "quarterly": estimate_quarterly(protected.quarters, by_month, submitted, periods, estimates),
        "peers": compare_peers(rates, pooled, sets, seed=1),
        "pooled": pooled,
        "control": control_months(monthly, list_breaks([])),
        "population": bases,
        "submissions": audit.submissions,
        "years": audit_years(audit, periods, read_official()),
        "quality": summarise_quality(audit.submissions, periods),
        "labels": audit.labels,
        "checks": Validation(checks).list_checks(),
        "official": reconcile_official(
            estimates,
            audit_years(audit, periods, read_official()),
            read_official(),
            choose_official(residents, periods),
        ),
        "calibration": read_calibration(),
        "grounds": read_review(example.settings().review_table, ("thornmoor",), ()),
        **{name: example.frames()[name] for name in ("priorities", "actions", "disparities", "effects", "statement")},
        "cells": publish_cells(ProtectedCounts(protect_cells(plan_cells, 5), 5)),
        "disclosure": describe_protection(Profile("open", "A test."), None),
        "decisions": pl.concat([log_decisions(audit.submissions), log_gates(estimates)]),
    }
    flagged = {name: flag_doubts(rows, doubts) if name in FLAGGED else rows for name, rows in made.items()}
    return {name: complete(rows, BY_NAME[name]) for name, rows in flagged.items()}


YEAR_2019 = list(pl.date_range(date(2019, 4, 1), date(2020, 3, 1), "1mo", eager=True))
KINDS = {
    "string": (pl.String,),
    "integer": (pl.Int64, pl.Int32, pl.UInt32),
    "number": (pl.Float64, pl.Int64),
    "date": (pl.Date,),
    "boolean": (pl.Boolean,),
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_frame_has_the_columns_of_its_table_and_no_other(frames, table):
    assert set(frames[table.name].columns) == {column.name for column in table.columns}


@pytest.mark.parametrize("table", [table for table in TABLES if table.name != "checks"], ids=lambda table: table.name)
def test_every_column_is_of_the_kind_it_is_described_as(frames, table):
    for column in table.columns:
        assert frames[table.name].schema[column.name] in KINDS[column.kind], column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_file_reads_back_as_one_header_and_a_row_for_each_row(frames, table):
    header, *rows = read_back(to_csv(frames[table.name], table))
    assert header == [column.name for column in table.columns]
    assert [len(row) for row in rows] == [len(header)] * frames[table.name].height
    assert not {"nan", "NaN", "inf", "-inf", "null", "None"} & {value for row in rows for value in row}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_file_comes_back_with_its_dates_and_numbers_as_any_reader_takes_them(frames, table):
    """Nothing is told of the types: what is told by the text alone is what was published."""
    frame = frames[table.name]
    read = pl.read_csv(io.StringIO(to_csv(frame, table)), try_parse_dates=True, infer_schema_length=None)
    assert read.height == frame.height
    for column in table.columns:
        before, after = frame[column.name], read[column.name]
        assert before.is_null().to_list() == after.is_null().to_list() or column.kind == "string", column.name
        if before.null_count() == before.len() or column.kind in {"string"}:
            continue
        if column.kind == "date":
            assert after.dtype == pl.Date, column.name
            assert after.to_list() == before.to_list(), column.name
        elif column.kind == "boolean":
            assert after.to_list() == before.to_list(), column.name
        else:
            assert after.dtype.is_numeric(), column.name
            told, published = after.drop_nulls().to_list(), before.drop_nulls().to_list()
            assert told == pytest.approx(published, rel=1e-9, nan_ok=True), column.name


# Values


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_line_ends_with_a_carriage_return_and_a_line_feed(frames, table):
    text = to_csv(frames[table.name].head(0), table)
    assert text == ",".join(column.name for column in table.columns) + "\r\n"
    text = to_csv(frames[table.name], table)
    assert text.count("\n") == text.count("\r") == text.count("\r\n") == frames[table.name].height + 1
    assert text.endswith("\r\n")


def test_a_line_break_inside_a_text_is_left_as_it_is():
    table = TableFile("made", "Made", (Column("it", "string", "made"),))
    assert to_csv(pl.DataFrame({"it": ["a\nb", "c\r\nd"]}), table) == 'it\r\n"a\nb"\r\n"c\r\nd"\r\n'


def test_a_month_is_its_first_day_as_spreadsheets_and_languages_read_it():
    assert written([date(2019, 4, 1), None, date(2020, 12, 1)], "date") == ["2019-04-01", "", "2020-12-01"]


def test_nothing_stands_for_null():
    for values in ([None, "a"], [None, 1], [None, 1.5], [None, True]):
        assert written(values)[0] == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (100.0, "100"),
        (59_597_578.0, "59597578"),
        (0.1, "0.1"),
        (10.05, "10.05"),
        (-2.5, "-2.5"),
        (24.48363151160199, "24.48363151"),
        (1 / 3, "0.3333333333"),
        (0.1 + 0.2, "0.3"),
        (1_000_000.05, "1000000.05"),
    ],
)
def test_numbers_have_ten_figures_and_whole_ones_no_decimal_point(value, text):
    assert written([value], "number") == [text]


@settings(max_examples=50)
@given(st.floats(-1e12, 1e12))
def test_a_number_reads_back_to_ten_figures(value):
    assert float(written([value], "number")[0]) == pytest.approx(value, rel=1e-9, abs=1e-300)


def test_whole_numbers_have_no_thousands_separator():
    assert written([1_234_567, -5, 0], "integer") == ["1234567", "-5", "0"]


def test_flags_are_true_and_false():
    assert written([True, False, None], "boolean") == ["true", "false", ""]


@pytest.mark.parametrize("start", DANGEROUS)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    table = TableFile("made", "Made", (Column("it", "string", "made"),))
    text = to_csv(pl.DataFrame({"it": [f"{start}cmd|'/C calc'!A0"]}), table)
    assert read_back(text)[1] == [f"'{start}cmd|'/C calc'!A0"]


@pytest.mark.parametrize("text", ["A1=B", "White - Irish", " =1", "'=1", "0-1", "a@b"])
def test_other_text_is_left_as_it_is(text):
    table = TableFile("made", "Made", (Column("it", "string", "made"),))
    assert read_back(to_csv(pl.DataFrame({"it": [text]}), table))[1] == [text]


def test_a_negative_number_is_no_formula():
    assert written([-0.0617, -1.0], "number") == ["-0.0617", "-1"]


labels = st.text(st.characters(codec="utf-8"), min_size=1)


@settings(max_examples=50)
@given(st.lists(labels, min_size=1, max_size=5))
def test_text_with_commas_quotes_and_line_breaks_reads_back_as_rfc_4180_says(values):
    table = TableFile("made", "Made", (Column("it", "string", "made"), Column("number", "integer", "made")))
    rows = read_back(to_csv(pl.DataFrame({"number": range(len(values)), "it": values}), table))
    assert rows[0] == ["it", "number"]
    assert [row[1] for row in rows[1:]] == [str(place) for place in range(len(values))]
    assert [row[0] for row in rows[1:]] == [f"'{it}" if it.startswith(DANGEROUS) else it for it in values]


def test_columns_come_in_the_tables_order_and_no_other_is_written():
    counts = count(cell(searches=100, found=10))
    estimates = estimate_exactly(counts, people(), files(), period_of()).with_columns(in_doubt=False)
    shuffled = estimates.with_columns(extra=pl.lit(1)).select(sorted([*estimates.columns, "extra"]))
    assert to_csv(shuffled, BY_NAME["estimates"]) == to_csv(estimates, BY_NAME["estimates"])
    own = [row for row in read_back(to_csv(estimates, BY_NAME["estimates"])) if row[5] == "self-defined"]
    assert own[0][:13] == [
        *("search_rate", "lancashire", "E23000003", "2022-04-01", "2023-03-01", "self-defined", "All", "All"),
        *("100", "1135000", "resident_years", "", "per_1000_residents_a_year"),
    ]


def test_a_row_is_named_by_columns_of_its_own_table():
    for table in TABLES:
        assert table.key, table.name
        assert set(table.key) <= {column.name for column in table.columns}, table.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_two_rows_of_the_example_have_the_same_key(table):
    rows = example.read_table(example.site(), table.name)
    assert len({tuple(row[name] for name in table.key) for row in rows}) == len(rows)


def test_no_column_stands_twice_in_a_table():
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names))
