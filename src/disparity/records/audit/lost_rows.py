"""Where the rows are that an error is about: the first of each kind in each file, by its row and what stands there.

They are for the message of whoever has the files, and are kept nowhere.
"""

from collections.abc import Sequence

import polars as pl

from disparity.records.audit.items import COLUMN_OF, QUALITY_ITEMS
from disparity.records.coding import KEPT, REJECTED
from disparity.sources.lost_row import LONGEST_SHOWN, LostRow, show_date, show_shape
from disparity.sources.raw import RawFile

_items = {item.name: item.rows & item.among for item in QUALITY_ITEMS}
_is_kept = pl.col("disposition") == KEPT
# Counted in the audit → which rows they are, and the column that makes them so.
LOST_ROWS = {
    "rows_rejected": (pl.col("disposition") == REJECTED, "subject"),
    **{
        name: (_is_kept & _items[name], "searched_at")
        for name in ("searched_at_not_a_date", "before_2014", "after_month")
    },
}
# A column of more words than that is free text, and what it says of people is no label.
MOST_LABELS = 60


def find_lost_rows(
    searches: pl.DataFrame, rows: pl.DataFrame, clocks: pl.DataFrame, *files: RawFile, counted: pl.DataFrame
) -> tuple[LostRow, ...]:
    """Find the first row of each kind in each file.

    Args:
        rows: of the files, as they were read.
        clocks: `add_clocks` of the searches.
        counted: how many there are in each file: as a rule none, and then nothing is looked for.
    """
    held = [kind for kind in LOST_ROWS if kind in counted.columns and counted[kind].sum()]
    return tuple(lost for kind in held for lost in _find_first(kind, searches, rows, clocks, files))


def _find_first(
    kind: str, searches: pl.DataFrame, rows: pl.DataFrame, clocks: pl.DataFrame, files: Sequence[RawFile]
) -> list[LostRow]:
    condition, column = LOST_ROWS[kind]
    has_text = rows["searched_at"].is_not_null().alias("has_time_text")
    text = rows[column].cast(pl.String).alias("text")
    has_time = searches["searched_at"].is_not_null().alias("has_time")
    laid_out = pl.concat([searches, clocks, pl.DataFrame([has_time, has_text, text])], how="horizontal")
    lost = laid_out.filter(condition)
    is_label = lost["text"].n_unique() <= MOST_LABELS
    first = lost.unique("file", keep="first", maintain_order=True)
    return [
        LostRow(kind, files[file].force, files[file].source, name, row, column, _show(column, text, is_label))
        for file, name, row, text in first.select("file", "source_file", "source_row", "text").iter_rows()
    ]


def _show(column: str, text: str | None, is_label: bool) -> str:
    if column in COLUMN_OF.values():
        return show_date(text)
    if text is None:
        return "nothing"
    return repr(text) if is_label and len(text) <= LONGEST_SHOWN else show_shape(text)
