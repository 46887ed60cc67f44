"""What a publication would go without: files that cannot be read, rows that are lost or in doubt.

One row in a thousand is a slip; more says that an export is wrong, and stops a build. Whoever asks for a
partial publication gets one that says so on every page.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.audit.items import OF
from disparity.sources.choice import DECISIONS
from disparity.sources.extract.rows import NO_LOSS
from disparity.sources.lost_row import LostRow
from disparity.sources.raw import HOME_OFFICE, PORTAL
from disparity.sources.resaved.rows import HEADERS_AGAIN
from disparity.vocabulary.calendar import name_month
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.errors import DataError

MOST_LOST = 0.001  # of a force's rows, over all months asked for
LEFT_OUT = "leave out the file"
GO_ON = "go on in spite of lost rows"
# Counted in the audit → what is wrong with the row. No row is two of them.
LOST = {
    "rows_rejected": "kind of search not recognised",
    "searched_at_not_a_date": "date that does not exist",
    "before_2014": "date before 2014",
    "after_month": "date after the month of the file",
    "set_aside": "no month, for want of a date that reads",
}
COUNTED = tuple(name for name in LOST if name != "set_aside")  # in the audit of each file
CAUSES = {
    "rows_rejected": "columns that have moved, or a word of the force's own for the kind of search",
    "searched_at_not_a_date": "a slip in the date, or dates that a program has rewritten",
    "before_2014": "a slip in the year, or another date in the place of the search's, such as one of birth",
    "after_month": "a slip in the date, or a file under the name of another month",
    "set_aside": "dates left blank, or written in another form than the others",
}
HELPS = {
    PORTAL: "download the file again (`disparity fetch`), or correct these rows in the export",
    OWN_EXTRACT: "correct these rows in the export, or the mapping: `disparity map FILE` shows the form of its dates",
    HOME_OFFICE: "take the file as published",
}
PORTAL_HEADERS = {"subject": "Type", "searched_at": "Date"}
MOST_NAMED = 5
# What a reader of every page must know of such a publication.
CAVEATS = {
    LEFT_OUT: "Some files could not be read and are left out. Their months count as missing.",
    GO_ON: "Of some forces, more than one record in a thousand is lost or has a date that cannot be.",
}


def find_losses(submissions: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Find the forces of which too many rows are lost or in doubt.

    Args:
        submissions: the audit's, complete.
        decisions: what was decided about rows of extracts before they had a month.

    Returns:
        force, rows_read, the counts of LOST, rows_lost; only forces with a share above MOST_LOST.
    """
    set_aside = (
        decisions.filter(~_is_no_loss())
        .group_by("force")
        .agg((pl.col("rows_before") - pl.col("rows_after")).sum().alias("set_aside"))
    )
    counted = ["rows_read", *COUNTED]
    return (
        submissions.group_by("force")
        .agg(pl.col(counted).sum())
        .join(set_aside, on="force", how="left")
        .with_columns(pl.col("set_aside").fill_null(0))
        .with_columns(pl.col("rows_read") + pl.col("set_aside"), pl.sum_horizontal(*LOST).alias("rows_lost"))
        .filter(pl.col("rows_lost") > MOST_LOST * pl.col("rows_read"))
        .sort("force")
    )


def _is_no_loss() -> pl.Expr:
    return pl.any_horizontal(pl.col("reason").str.starts_with(reason) for reason in (*NO_LOSS, HEADERS_AGAIN))


def mention_rows(decisions: pl.DataFrame) -> tuple[str, ...]:
    """Say what was decided about rows before they had a month: few of them stop nothing, and would go unseen.

    Args:
        decisions: as `find_losses`; rows that are no search, or not of the mapping, are left out.
    """
    done, rows = pl.col("action").str.extract(r"^(.*) \(rows: \d+\)$"), pl.col("action").str.extract(r"rows: (\d+)")
    counted = (
        decisions.filter((pl.col("stage") == "sources") & ~_is_no_loss())
        .group_by("force", "reason", done.alias("done"), maintain_order=True)
        .agg(rows.cast(pl.Int64).sum().alias("rows"))
        .drop_nulls("done")
    )
    return tuple(
        f"{row['force']}: {row['rows']:,} {'row' if row['rows'] == 1 else 'rows'} "
        f"{'kept' if row['done'] == 'keep' else 'set aside, and not counted'}: {row['reason']}"
        for row in counted.iter_rows(named=True)
    )


def has_lost_too_many() -> pl.Expr:
    """Whether a file has: where no file has, no force has."""
    return pl.sum_horizontal(*COUNTED) > MOST_LOST * pl.col("rows_read")


def refuse_losses(
    losses: pl.DataFrame, submissions: pl.DataFrame, lost: Sequence[LostRow], extracts: Sequence[ExtractSettings] = ()
) -> None:
    """Stop where a force has lost too much.

    Args:
        lost: the first rows of each kind and file, as far as this run has read them.
        extracts: whose mapping it was, for the names of their columns.

    Raises:
        DataError: it has; each force is named with what is wrong in how many rows, why that may be, and the first of
            them with its file, row, column and value.
    """
    if losses.is_empty():
        return
    kinds = [kind for kind in LOST if losses[kind].sum()]
    held = {(row["force"], kind): row for row in losses.iter_rows(named=True) for kind in kinds if row[kind]}
    first = {key: next((row for row in lost if (row.force, row.kind) == key), None) for key in held}
    places = [
        _place(row, extracts) if row else _name_file(force, kind, submissions) for (force, kind), row in first.items()
    ]
    sources = {row.source for row in first.values() if row}
    helps = [HELPS[source] for source in HELPS if source in sources] or [
        "name the records in the place of their counts: `disparity check` then names the rows"
    ]
    raise DataError(
        "too many rows are lost or in doubt",
        where="; ".join([*places[:MOST_NAMED], *(["and more"] if len(places) > MOST_NAMED else [])]),
        found="; ".join(_describe(row, row["force"]) for row in losses.iter_rows(named=True))
        + f". Likely: {'; '.join(CAUSES[kind] for kind in kinds)}",
        what_now=f"{'; '.join(helps)}; --allow-partial goes on, and every page then says so",
        code="E131",
    )


def _place(row: LostRow, extracts: Sequence[ExtractSettings]) -> str:
    mapped = [extract.columns for extract in extracts if extract.force == row.force and row.source == OWN_EXTRACT]
    named = [columns.get(row.column) or columns.get("search_date") for columns in mapped if row.column == "searched_at"]
    header = next(filter(None, named), None) or PORTAL_HEADERS.get(row.column, row.column)
    return f"{row.file}, row {row.row} below the header, column {header!r}: {row.value}"


def _name_file(force: str, kind: str, submissions: pl.DataFrame) -> str:
    """Name the file where counts alone are at hand: they hold no row."""
    held = submissions.filter(pl.col("force") == force).filter(pl.col(kind) > 0 if kind in COUNTED else True)
    return next(iter(held.sort("month")["source_file"].drop_nulls()), force)


def _describe(row: dict[str, int], force: str = "") -> str:
    parts = ", ".join(f"{what}: {row[name]:,}" for name, what in LOST.items() if row[name])
    return f"{force and f'{force}: '}{row['rows_lost']:,} of {row['rows_read']:,} rows ({parts})"


def find_wrong_months(submissions: pl.DataFrame) -> list[tuple[str, date, DataError]]:
    """Find the files whose searches are mostly of another month than their name says, on both clocks.

    Published, they would be searches of a month in which they were not: force, month, and what is wrong.
    """
    wrong = submissions.filter(2 * pl.col("out_of_month") > pl.col("out_of_month" + OF)).sort("force", "month")
    columns = ("force", "month", "source_file", "out_of_month", "out_of_month" + OF, "commonest_month")
    return [
        (
            force,
            month,
            DataError(
                "the searches of a file are mostly of another month",
                where=file,
                found=f"{outside:,} of {dated:,} searches outside {name_month(month)}, most of {name_month(commonest)}",
                what_now="name the file after the month of its searches, or ask for that month’s file",
                code="E139",
            ),
        )
        for force, month, file, outside, dated, commonest in wrong.select(columns).iter_rows()
    ]


def log_losses(losses: pl.DataFrame, left_out: Iterable[tuple[str, DataError]]) -> pl.DataFrame:
    """List, as decisions, the files that are left out (by force) and the rows that are gone without."""
    files = [
        ("sources", force, LEFT_OUT, f"{error.where}: {error.what} ({error.code})", 0, 0) for force, error in left_out
    ]
    rows = [
        ("sources", row["force"], GO_ON, _describe(row), row["rows_read"], row["rows_read"])
        for row in losses.iter_rows(named=True)
    ]
    return pl.DataFrame([*files, *rows], schema=DECISIONS, orient="row")


def list_caveats(actions: Iterable[str]) -> tuple[str, ...]:
    """Give what every page must say, from the actions of the decision log."""
    taken = set(actions)
    return tuple(sentence for action, sentence in CAVEATS.items() if action in taken)
