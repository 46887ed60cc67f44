"""Reading finished forms: what is wrong with one is named by form and row, and nothing that is in it is shown."""

import io

import polars as pl
import pytest
import xlsxwriter

from disparity.records.grounds_review.reviewing.answers import read_answers
from disparity.records.grounds_review.sampling.plan import Request
from disparity.vocabulary.errors import DataError
from support.reviewing import change, draw, fill, read_form, searches, write_form

ROWS = searches(("White", 20), ("Black", 10))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sample"


@pytest.fixture
def drawn(folder):
    return draw(folder, ROWS, Request(size=6), reviewers=2)


@pytest.fixture
def form(folder, drawn):
    """The finished form of the first reviewer: yes to all."""
    return fill(folder / "review-1.csv", lambda _: ("yes", ""))


def message(form, drawn, *, allow_unfinished=False):
    with pytest.raises(DataError) as error:
        read_answers((form,), drawn, allow_unfinished=allow_unfinished)
    return str(error.value)


def save_as_xlsx(form):
    """What a spreadsheet makes of a form: the sheet Review of an XLSX."""
    content, rows = io.BytesIO(), read_form(form)
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Review")
        for line, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(line, 0, cells)
        book.add_worksheet("How to")
    path = form.with_suffix(".xlsx")
    path.write_bytes(content.getvalue())
    return path


def test_answers_of_two_reviewers_are_read_from_csv_and_xlsx(folder, drawn, form):
    second = save_as_xlsx(fill(folder / "review-2.csv", lambda _: (" No ", "Place_or_time")))
    answers = read_answers((second, form), drawn, allow_unfinished=False)
    assert answers.group_by("reviewer", "reasonable", "weak_reason").len().sort("reviewer").rows() == [
        (1, "yes", None, 6),
        (2, "no", "place_or_time", 6),
    ]
    assert answers["record_id"].to_list() == sorted(drawn.rows["record_id"]) * 2


def test_the_workbook_as_it_was_written_reads_as_unfinished(folder, drawn):
    assert message(folder / "review-1.xlsx", drawn) == (
        "the review is not finished\n"
        "  where:    review-1.xlsx, row 2\n"
        "  found:    6 of 6 rows without an answer\n"
        "  what now: answer them, or count what there is with --allow-unfinished"
    )


def test_unanswered_rows_are_left_out_where_that_is_allowed(drawn, form):
    change(form, 2, reasonable="")
    assert "review-1.csv, row 4" in message(form, drawn)
    assert read_answers((form,), drawn, allow_unfinished=True).height == 5


def test_a_form_of_another_sample_is_refused(tmp_path, drawn, folder):
    draw(tmp_path / "other", ROWS, Request(size=7), reviewers=2)
    assert message(tmp_path / "other" / "review-1.csv", drawn) == (
        "a form has 7 rows not of this sample\n"
        "  where:    review-1.csv, row 2, 3, 4, 5, 6 and 2 more\n"
        "  what now: give the folder that this form was written with as --sample; do not change the column sample"
    )


def test_two_forms_of_one_reviewer_are_refused(drawn, form):
    with pytest.raises(DataError) as error:
        read_answers((form, form.with_suffix(".xlsx")), drawn, allow_unfinished=True)
    assert str(error.value) == (
        "two forms are of reviewer 1\n"
        "  where:    review-1.csv and review-1.xlsx\n"
        "  what now: give one form of each reviewer, the XLSX or the CSV"
    )


@pytest.mark.parametrize("column", ["sample", "reviewer", "record_id", "reasonable", "weak_reason"])
def test_a_missing_column_is_named(drawn, form, column):
    write_form(form, [{name: text for name, text in row.items() if name != column} for row in read_form(form)])
    assert message(form, drawn).splitlines()[:3] == [
        "a form lacks columns",
        "  where:    review-1.csv",
        f"  found:    no {column}",
    ]


PUT_BACK = "put the record numbers back as they were; a spreadsheet may have turned them into numbers"


@pytest.mark.parametrize(
    ("cells", "what", "what_now"),
    [
        ({"record_id": "S99999"}, "with a record number that was not drawn", PUT_BACK),
        ({"record_id": ""}, "without a record number", PUT_BACK),
        ({"reviewer": "2"}, "of another reviewer, or of none", "put the column reviewer back as it was"),
        ({"reviewer": ""}, "of another reviewer, or of none", "put the column reviewer back as it was"),
        ({"reasonable": "maybe"}, "with an answer that there is not", "write yes, no, cannot tell"),
        (
            {"weak_reason": "no_grounds"},
            "with a reason for weak grounds that are called reasonable",
            "change one of the two",
        ),
        (
            {"reasonable": "", "weak_reason": "no_grounds"},
            "with a reason and no answer",
            "answer in the column reasonable",
        ),
    ],
)
def test_a_wrong_row_is_named_by_its_line(drawn, form, cells, what, what_now):
    change(form, 3, **cells)
    assert message(form, drawn, allow_unfinished=True) == (
        f"a form has 1 row {what}\n  where:    review-1.csv, row 5\n  what now: {what_now}"
    )


def test_a_reason_that_there_is_not_is_refused_with_those_there_are(drawn, form):
    change(form, 0, reasonable="no", weak_reason="Zebedee was nervous")
    said = message(form, drawn)
    assert "row 2\n  what now: write no_grounds, appearance_or_manner, " in said
    assert "zebedee" not in said.lower()


def test_a_record_number_that_stands_twice_is_named_at_both_lines(drawn, form):
    change(form, 1, record_id=read_form(form)[0]["record_id"])
    assert "2 rows with a record number that another row has\n  where:    review-1.csv, row 2, 3\n" in message(
        form, drawn
    )


def test_a_row_that_is_gone_is_counted(drawn, form):
    write_form(form, read_form(form)[1:])
    assert message(form, drawn) == (
        "1 row of the sample is missing from a form\n"
        "  where:    review-1.csv\n"
        "  what now: put the rows back; leave the answer empty where there is none, and say --allow-unfinished"
    )


def test_numbers_that_a_spreadsheet_could_run_match_again(tmp_path):
    rows = searches(("White", 3)).with_columns(record_id=pl.Series(["=1", "-2", "'3"]))
    drawn = draw(tmp_path / "sample", rows, Request(size=3))
    form = fill(tmp_path / "sample" / "review-1.csv", lambda _: ("yes", ""))
    assert read_answers((form,), drawn, allow_unfinished=False).height == 3


def test_the_order_of_rows_in_a_form_does_not_matter(drawn, form):
    before = read_answers((form,), drawn, allow_unfinished=False)
    write_form(form, read_form(form)[::-1])
    assert read_answers((form,), drawn, allow_unfinished=False).equals(before)


def test_a_workbook_that_is_none_is_refused(folder, drawn):
    (folder / "review-1.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(DataError, match="the spreadsheet cannot be read"):
        read_answers((folder / "review-1.xlsx",), drawn, allow_unfinished=False)
