"""Forms of reviewers: blind, inert, the same bytes every time, with lists to choose from."""

import io
import re
import zipfile

import fastexcel
import polars as pl
import pytest

from disparity.records.grounds_review.sampling.forms import (
    HELP_SHEET,
    MOST_LETTERS,
    prepare_rows,
    write_csv,
    write_workbook,
)
from disparity.vocabulary.codes import GROUNDS_ANSWERS, WEAK_REASONS
from support.reviewing import searches

FORMULAS = ("=cmd|' /C calc'!A1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1")


def prepare(rows, *, is_blind=True):
    return prepare_rows(rows, sample="s0123", is_blind=is_blind)


def read_sheet(content, sheet="Review"):
    return pl.DataFrame(fastexcel.read_excel(content).load_sheet(sheet, dtypes="string"))


def read_parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_form_shows_the_record_and_asks_three_things():
    form = read_sheet(write_workbook(prepare(searches(("White", 1))), reviewer=2))
    shown = [
        "sample",
        "reviewer",
        "record_id",
        "month",
        "search_type",
        "grounds",
        "reasonable",
        "weak_reason",
        "comment",
    ]
    assert form.columns == shown
    assert form.row(0) == (
        *("s0123", "2", "S00001", "2024-04", "Drugs: possession", "Seen to hide a bag."),
        *[None] * 3,
    )


def test_ethnicity_is_in_a_form_only_where_it_is_asked_for():
    rows = searches(("Black", 2))
    assert b"Black" not in write_csv(prepare(rows), reviewer=1)
    assert "Black" not in "".join(read_parts(write_workbook(prepare(rows), reviewer=1)).values())
    assert (
        read_sheet(write_workbook(prepare(rows, is_blind=False), reviewer=1))["ethnic_group"].to_list() == ["Black"] * 2
    )


def test_the_csv_holds_what_the_workbook_holds():
    rows = prepare(searches(("White", 3), grounds='Said "no",\nran.'))
    workbook, form = write_workbook(rows, reviewer=1), write_csv(rows, reviewer=1)
    blank = pl.all().replace("", None)
    assert pl.read_csv(form, infer_schema=False).select(blank).equals(read_sheet(workbook).select(blank))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_form_is_run(text):
    rows = prepare(searches(("White", 1), grounds=text).with_columns(pl.lit(text).alias("record_id")))
    assert rows["grounds"].to_list() == rows["record_id"].to_list() == [f"'{text}"]
    assert "<f>" not in "".join(read_parts(write_workbook(rows, reviewer=1)).values())


def test_the_same_rows_give_the_same_bytes_whose_dates_say_nothing():
    rows = prepare(searches(("White", 4)))
    first, second = (write_workbook(rows, reviewer=1) for _ in range(2))
    assert first == second
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", read_parts(first)["docProps/core.xml"])) == {"2000-01-01T"}


def test_both_columns_of_codes_have_a_list_over_every_row():
    sheet = read_parts(write_workbook(prepare(searches(("White", 7))), reviewer=1))["xl/worksheets/sheet1.xml"]
    lists = dict(re.findall(r'sqref="(\w+:\w+)"><formula1>"([^"]+)"', sheet.replace("&quot;", '"')))
    assert lists == {"G2:G8": ",".join(GROUNDS_ANSWERS), "H2:H8": ",".join(WEAK_REASONS)}


def test_a_workbook_says_how_to_answer_and_what_every_reason_means():
    guide = "\n".join(read_sheet(write_workbook(prepare(searches(("White", 1))), reviewer=1), HELP_SHEET).to_series())
    assert all(f"{code}: {meaning}" in guide for code, meaning in WEAK_REASONS.items())


@pytest.mark.parametrize(("letters", "end"), [(MOST_LETTERS, "xx"), (MOST_LETTERS + 1, "x [cut]")])
def test_grounds_that_no_cell_can_hold_are_cut_and_say_so(letters, end):
    (text,) = prepare(searches(("White", 1), grounds="x" * letters))["grounds"]
    assert text.endswith(end)


def test_characters_that_no_workbook_can_hold_are_replaced():
    assert prepare(searches(("White", 1), grounds="a\x0bb"))["grounds"].to_list() == ["a\ufffdb"]


def test_details_of_a_person_do_not_reach_a_form():
    assert b"[removed] ran." in write_csv(prepare(searches(("White", 1), grounds="Mr Bell ran.")), reviewer=1)
