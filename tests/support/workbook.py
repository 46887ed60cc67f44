"""A workbook as a person makes one: sheets beside the data, titles above, cells that hold nothing but a format."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path

import xlsxwriter

Cells = Sequence[Sequence[object]]
FORMATS: dict[type, str] = {datetime: "dd/mm/yyyy hh:mm", date: "dd/mm/yyyy", time: "hh:mm"}


def write_workbook(path: Path, sheets: Mapping[str, Cells], *, ghosts: int = 0, merged: int = 0) -> Path:
    """Write the sheets; the first cell of a line is merged over `merged` columns where it stands alone.

    Args:
        ghosts: rows below and columns beside the last that are formatted and hold nothing.
    """
    with xlsxwriter.Workbook(path) as book:
        grey = book.add_format({"bg_color": "#dddddd"})
        kinds = {kind: book.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                if merged and len(line) == 1:
                    sheet.merge_range(row, 0, row, merged - 1, line[0])
                    continue
                for column, value in enumerate(line):
                    sheet.write(row, column, value, kinds.get(type(value)))
            widest = max((len(line) for line in lines), default=0)
            for row in range(len(lines) + ghosts if ghosts else 0):
                for column in range(0 if row >= len(lines) else widest, widest + ghosts):
                    sheet.write_blank(row, column, None, grey)
    return path
