"""What a reviewer fills in: a workbook (XLSX) and the same as CSV, without a formula, the same bytes every time."""

import io
from datetime import datetime

import polars as pl
import xlsxwriter

from disparity.project.personal_columns import RECORD_ID
from disparity.records.grounds_review.sampling.redact import redact
from disparity.vocabulary.codes import GROUNDS_ANSWERS, SEARCH_TYPES, WEAK_REASONS
from disparity.vocabulary.text import inert_text, legal_text

FORM_SHEET, HELP_SHEET = "Review", "How to"
FORM_COLUMNS = ("reasonable", "weak_reason", "comment")
SHOWN = ("sample", "reviewer", RECORD_ID, "month", "search_type", "ethnic_group", "grounds")
WIDTHS = {"grounds": 80, "comment": 40, "search_type": 24, "weak_reason": 24}
MOST_LETTERS = 32_000  # of a cell; a spreadsheet holds 32,767
CUT = " [cut]"
# A workbook says when it was made. Ours says nothing of it: the same sample gives the same bytes.
CREATED = datetime(2000, 1, 1)
HELP = (
    "One row is one search. Read the grounds as recorded, and nothing else, and answer in the column reasonable.",
    "yes: what is recorded gives reasonable grounds for this search, of this person, for this item.",
    "no: it does not. Choose the main reason in weak_reason.",
    "cannot tell: what is recorded can be read either way.",
    "Do not change the other columns, add or delete rows, or speak with another reviewer before both have finished.",
    "What looks like a person's details is replaced by a mark. Where a name is left, take it out and leave the rest.",
)


def prepare_rows(drawn: pl.DataFrame, *, sample: str, is_blind: bool) -> pl.DataFrame:
    """Give what a reviewer sees of the drawn records: text in every column, details taken out, in the order drawn."""
    hidden = {"ethnic_group"} if is_blind else set()
    shown = drawn.select(
        pl.lit(sample).alias("sample"),
        RECORD_ID,
        pl.col("month").dt.strftime("%Y-%m"),
        pl.col("search_type").replace(SEARCH_TYPES),
        "ethnic_group",
        redact(pl.col("grounds")),
    ).drop(hidden)
    return shown.with_columns(pl.all().map_elements(_plain, return_dtype=pl.String))


def _plain(text: str) -> str:
    legal = legal_text(text)
    return inert_text(legal if len(legal) <= MOST_LETTERS else legal[:MOST_LETTERS] + CUT)


def write_csv(rows: pl.DataFrame, *, reviewer: int) -> bytes:
    """Write the form as CSV, as spreadsheets read it: UTF-8 with a mark, CRLF."""
    text = _fill(rows, reviewer).write_csv(include_bom=True, line_terminator="\r\n")
    return text.encode("utf-8")


def write_workbook(rows: pl.DataFrame, *, reviewer: int) -> bytes:
    """Write the form as XLSX, with a list to choose from in both columns of codes, and a sheet that says how."""
    form = _fill(rows, reviewer)
    content = io.BytesIO()
    book = xlsxwriter.Workbook(
        content,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": "Review of recorded grounds", "created": CREATED})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(FORM_SHEET)
    for place, name in enumerate(form.columns):
        sheet.set_column(place, place, WIDTHS.get(name, 12), wrapped)
        sheet.write_string(0, place, name, bold)
        for row, text in enumerate(form[name], start=1):
            if text:
                sheet.write_string(row, place, text, wrapped)
    sheet.freeze_panes(1, 0)
    for name, choices in (("reasonable", GROUNDS_ANSWERS), ("weak_reason", tuple(WEAK_REASONS))):
        place = form.columns.index(name)
        sheet.data_validation(1, place, form.height, place, {"validate": "list", "source": list(choices)})
    guide = book.add_worksheet(HELP_SHEET)
    guide.set_column(0, 0, 100, wrapped)
    for row, text in enumerate((*HELP, *(f"{code}: {meaning}" for code, meaning in WEAK_REASONS.items()))):
        guide.write_string(row, 0, text, wrapped)
    book.close()
    return content.getvalue()


def _fill(rows: pl.DataFrame, reviewer: int) -> pl.DataFrame:
    """Add whose form it is, and the empty columns."""
    filled = rows.with_columns(
        pl.lit(str(reviewer)).alias("reviewer"), *(pl.lit("").alias(name) for name in FORM_COLUMNS)
    )
    return filled.select(*(name for name in SHOWN if name in filled.columns), *FORM_COLUMNS)
