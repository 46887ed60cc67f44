"""Read finished forms: every row is one of the sample, and every answer one there is."""

from pathlib import Path

import polars as pl

from disparity.project.personal_columns import RECORD_ID
from disparity.records.grounds_review.sampling.folder import Drawn
from disparity.records.grounds_review.sampling.forms import FORM_SHEET
from disparity.sources.extract.table import ROW, SPREADSHEETS, Layout, read_table
from disparity.vocabulary.codes import GROUNDS_ANSWERS, WEAK_REASONS
from disparity.vocabulary.errors import DataError

NEEDED = ("sample", "reviewer", RECORD_ID, "reasonable", "weak_reason")
MOST_NAMED = 5
ANSWER_TYPES = {"reviewer": pl.Int64, RECORD_ID: pl.String, "reasonable": pl.String, "weak_reason": pl.String}


def read_answers(paths: tuple[Path, ...], drawn: Drawn, *, allow_unfinished: bool) -> pl.DataFrame:
    """Read the forms of reviewers, one each.

    Returns:
        reviewer, record_id, reasonable, weak_reason (null where none is given); answered rows only, sorted.

    Raises:
        RequestError: a file is not there. DataError: a form is not of this sample, a row or column of it is changed or
        missing, an answer is not known, or rows are not answered and `allow_unfinished` is not given.
    """
    forms: dict[int, tuple[str, pl.DataFrame]] = {}
    for path in paths:
        rows = _read_form(path)
        reviewer = _find_reviewer(rows, path.name, drawn)
        if reviewer in forms:
            raise DataError(
                f"two forms are of reviewer {reviewer}",
                where=f"{forms[reviewer][0]} and {path.name}",
                what_now="give one form of each reviewer, the XLSX or the CSV",
            )
        _check_records(rows, path.name, drawn)
        _check_codes(rows, path.name)
        forms[reviewer] = path.name, rows.with_columns(pl.lit(reviewer).alias("reviewer"))
    if not allow_unfinished:
        _refuse_unanswered(forms)
    answers = pl.concat([form.select(*ANSWER_TYPES).cast(ANSWER_TYPES) for _, (_, form) in sorted(forms.items())])  # type: ignore[arg-type]
    return answers.filter(pl.col("reasonable").is_not_null()).sort("reviewer", RECORD_ID)


def _read_form(path: Path) -> pl.DataFrame:
    """The columns that are needed, with the line of the sheet that a row is in."""
    is_sheet = path.suffix.lower() in SPREADSHEETS
    table = read_table(path, Layout(FORM_SHEET if is_sheet else ""), is_wanted=lambda header: header.strip() in NEEDED)
    missing = [name for name in NEEDED if name not in table.rows.columns]
    if missing:
        raise DataError(
            "a form lacks columns",
            where=path.name,
            found=f"no {', '.join(missing)}",
            what_now="put the column back as it was, or copy the answers into the form as it was written",
        )
    line = (pl.col(ROW) + 1).alias("line")
    return table.rows.select(line, *NEEDED).with_columns(pl.col("reasonable", "weak_reason").str.to_lowercase())


def _find_reviewer(rows: pl.DataFrame, name: str, drawn: Drawn) -> int:
    others = rows.filter(pl.col("sample").is_null() | (pl.col("sample") != drawn.sample))
    what_now = "give the folder that this form was written with as --sample; do not change the column sample"
    if rows.is_empty():
        raise DataError("a form has 0 rows not of this sample", where=name, what_now=what_now)
    _refuse(others, name, "not of this sample", what_now)
    known = [str(number) for number in range(1, drawn.design.reviewers + 1)]
    first = rows["reviewer"][0]
    is_other = ~pl.col("reviewer").is_in(known) | (pl.col("reviewer") != first)
    strange = rows.filter(is_other.fill_null(True))
    _refuse(strange, name, "of another reviewer, or of none", "put the column reviewer back as it was")
    return int(first)


def _check_records(rows: pl.DataFrame, name: str, drawn: Drawn) -> None:
    known = drawn.rows[RECORD_ID]
    blank = rows.filter(pl.col(RECORD_ID).is_null())
    unknown = rows.filter(pl.col(RECORD_ID).is_not_null(), ~pl.col(RECORD_ID).is_in(known.implode()))
    repeated = rows.filter(pl.col(RECORD_ID).is_duplicated(), pl.col(RECORD_ID).is_not_null())
    restore = "put the record numbers back as they were; a spreadsheet may have turned them into numbers"
    _refuse(blank, name, "without a record number", restore)
    _refuse(unknown, name, "with a record number that was not drawn", restore)
    _refuse(repeated, name, "with a record number that another row has", "keep one row of each record")
    missing = known.len() - rows.height
    if missing:
        raise DataError(
            f"{missing} {'row of the sample is' if missing == 1 else 'rows of the sample are'} missing from a form",
            where=name,
            what_now="put the rows back; leave the answer empty where there is none, and say --allow-unfinished",
        )


def _check_codes(rows: pl.DataFrame, name: str) -> None:
    answer, reason = pl.col("reasonable"), pl.col("weak_reason")
    strange = rows.filter(~answer.is_in(GROUNDS_ANSWERS))
    _refuse(strange, name, "with an answer that there is not", f"write {', '.join(GROUNDS_ANSWERS)}")
    strange = rows.filter(~reason.is_in(list(WEAK_REASONS)))
    _refuse(strange, name, "with a reason that there is not", f"write {', '.join(WEAK_REASONS)}")
    given = rows.filter(reason.is_not_null())
    clash = "with a reason for weak grounds that are called reasonable"
    _refuse(given.filter(answer == "yes"), name, clash, "change one of the two")
    _refuse(given.filter(answer.is_null()), name, "with a reason and no answer", "answer in the column reasonable")


def _refuse(rows: pl.DataFrame, name: str, what: str, what_now: str) -> None:
    """Name the lines of what is wrong; never what is in them."""
    lines = rows["line"].to_list()
    if lines:
        more = f" and {len(lines) - MOST_NAMED} more" if len(lines) > MOST_NAMED else ""
        raise DataError(
            f"a form has {len(lines)} {'row' if len(lines) == 1 else 'rows'} {what}",
            where=f"{name}, row {', '.join(map(str, lines[:MOST_NAMED]))}{more}",
            what_now=what_now,
        )


def _refuse_unanswered(forms: dict[int, tuple[str, pl.DataFrame]]) -> None:
    left = {
        f"{name}, row {rows['line'][0]}": f"{rows.height} of {form.height}"
        for _, (name, form) in sorted(forms.items())
        if (rows := form.filter(pl.col("reasonable").is_null())).height
    }
    if left:
        raise DataError(
            "the review is not finished",
            where="; ".join(left),
            found=f"{', '.join(left.values())} rows without an answer",
            what_now="answer them, or count what there is with --allow-unfinished",
        )
