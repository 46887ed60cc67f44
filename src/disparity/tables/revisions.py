"""What changed since the edition before: every published figure, word and row, with the reason declared for it.

Compared is what was published, cell by cell: the text of both CSVs. A number that moved by less than one part in
a thousand million is the same number: published are ten figures, and machines differ in the last.
"""

from collections.abc import Sequence

import polars as pl

from disparity.project.declarations import Revision
from disparity.project.settings import Settings
from disparity.tables.previous_edition import Previous, read_text
from disparity.tables.schema.audit import DECISIONS
from disparity.tables.schema.derived import DERIVED, complete
from disparity.tables.schema.edition import CHANGES, CLUSTERS, DISCLOSURE, INPUTS, REVISIONS
from disparity.tables.schema.printing import empty_table, to_csv
from disparity.tables.schema.register import ACTIONS, EFFECTS, PRIORITIES
from disparity.tables.schema.table import TableFile
from disparity.tables.schema.tables import TABLES
from disparity.vocabulary.calendar import cut_periods
from disparity.vocabulary.codes import ALL

MOVED, APPEARED, WITHDRAWN, REWORDED = "moved", "appeared", "withdrawn", "reworded"
ROW_ADDED, ROW_REMOVED = "row added", "row removed"
COLUMN_ADDED, COLUMN_REMOVED = "column added", "column removed"
TABLE_ADDED, NOT_COMPARED = "table added", "not compared"
OF_STRUCTURE = (COLUMN_ADDED, COLUMN_REMOVED, TABLE_ADDED, NOT_COMPARED)
OTHER_COVERAGE = "The two editions are of different forces, months or years."
NEW_VERSION = "The toolkit publishes other tables or columns than before."
OWN_WORDS = "The register of actions and the priorities say what holds now."
# What the toolkit says of a change that no publisher declared a reason for: never printed as a publisher's words.
SELF_EXPLAINED = (OTHER_COVERAGE, NEW_VERSION, OWN_WORDS)
# Tables whose rows name no period, and are made of every month of the edition.
OF_EVERY_MONTH = (CLUSTERS.name, DECISIONS.name, EFFECTS.name)
SAME = 1e-9  # of the larger of two numbers
# Tables about the comparison itself, and about the proof, whose counts are of no search and no reader's.
NOT_PUBLISHED_FIGURES = (CHANGES, REVISIONS, DISCLOSURE)
PLACE = ("measure", "force", "period_from", "period_to")
NTH = "nth"
SCHEMA = {name: kind for name, kind in empty_table(CHANGES).schema.items() if name not in DERIVED}
COUNTS = {
    "figures_moved": MOVED,
    "figures_appeared": APPEARED,
    "figures_withdrawn": WITHDRAWN,
    "words_changed": REWORDED,
    "rows_added": ROW_ADDED,
    "rows_removed": ROW_REMOVED,
}
COUNTED = [column.name for column in REVISIONS.columns if column.name not in DERIVED]


def compare_editions(
    frames: dict[str, pl.DataFrame], previous: Previous | None, settings: Settings
) -> dict[str, pl.DataFrame]:
    """Compare every published table with the edition before.

    Returns:
        changes: one row for every figure, word or row that differs, with the first declared reason that explains it;
        revisions: how many, by table, measure, force and period, all together first. Both are empty without an
        earlier edition.
    """
    if previous is None:
        return {table.name: empty_table(table) for table in (CHANGES, REVISIONS)}
    changes, compared = [], []
    for table in TABLES:
        if table in NOT_PUBLISHED_FIGURES:
            continue
        before, after = previous.tables.get(table.name), read_text(to_csv(frames[table.name], table).encode())
        changes.append(_compare_structure(table, before))
        if before is not None and set(table.key) <= set(before.columns):
            pairs = _pair_rows(table, before, after)
            changes += [_list_rows(table, pairs), *(_list_cells(table, pairs, name) for name in _shared(table, before))]
            compared += [_count_compared(table, pairs, before)]
    order = [name for name in SCHEMA if name != "reason"]
    listed = pl.concat(changes).sort(order, nulls_last=True)
    listed = listed.with_columns(_explain(settings, previous, frames))
    return {
        "changes": complete(listed, CHANGES),
        "revisions": complete(_summarise(listed, pl.concat(compared)), REVISIONS),
    }


def _shared(table: TableFile, before: pl.DataFrame) -> list[str]:
    """Columns that are no key and that both editions have."""
    return [column.name for column in table.columns if column.name in before.columns and column.name not in table.key]


def _compare_structure(table: TableFile, before: pl.DataFrame | None) -> pl.DataFrame:
    names = [column.name for column in table.columns]
    if before is None:
        found = [("", TABLE_ADDED)]
    else:
        found = [(name, COLUMN_ADDED) for name in names if name not in before.columns]
        found += [(name, COLUMN_REMOVED) for name in before.columns if name not in names]
        found += [] if set(table.key) <= set(before.columns) else [("", NOT_COMPARED)]
    given = [{"table": table.name, "key": "", "column": column, "change": change} for column, change in found]
    return pl.DataFrame(given, schema=SCHEMA)


def _pair_rows(table: TableFile, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Set the rows of one key beside each other; where several rows have one key, the first beside the first.

    Returns:
        the key and PLACE, `is_before` and `is_after`, and every shared column twice, with _before and _after.
    """
    on = [*table.key, NTH]
    shared = _shared(table, before)
    sides = [
        frame.with_columns(pl.int_range(pl.len()).over(table.key).alias(NTH)).select(
            *on, pl.lit(True).alias(f"is_{side}"), *(pl.col(name).alias(f"{name}_{side}") for name in shared)
        )
        for side, frame in (("before", before), ("after", after))
    ]
    pairs = sides[0].join(sides[1], on=on, how="full", coalesce=True, nulls_equal=True)
    return pairs.with_columns(
        pl.lit(table.name).alias("table"),
        *(_place(table, name) for name in PLACE),
        _name_key(table).alias("row_key"),
        pl.col("is_before", "is_after").fill_null(False),
    )


def _place(table: TableFile, name: str) -> pl.Expr:
    """Measure, force and months of a row, null where the table has none; a month is its own period."""
    # Where a month of a period is named, it is the narrower one; a doubt about a year has none.
    sources = ["month", name] if name.startswith("period") else [name]
    named = [source for source in sources if source in table.key]
    if not named:
        return pl.lit(None, SCHEMA[name]).alias(f"at_{name}")
    value = pl.coalesce(named)
    # The month of an expectation may be a span, which is no day.
    return (value.str.to_date("%Y-%m-%d", strict=False) if name.startswith("period") else value).alias(f"at_{name}")


def _name_key(table: TableFile) -> pl.Expr:
    names = [name for name in table.key if name not in {*PLACE, "month"}]
    if table.name == "checks":
        names.append("month")
    parts = [pl.concat_str(pl.lit(f"{name}="), pl.col(name).fill_null("")) for name in names]
    return pl.concat_str(parts, separator="; ") if parts else pl.lit("")


def _list_rows(table: TableFile, pairs: pl.DataFrame) -> pl.DataFrame:
    change = pl.when("is_after").then(pl.lit(ROW_ADDED)).otherwise(pl.lit(ROW_REMOVED))
    return _shape(pairs.filter(pl.col("is_before") != pl.col("is_after")), change, {})


def _list_cells(table: TableFile, pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    old, new = pl.col(f"{name}_before"), pl.col(f"{name}_after")
    both = pairs.filter("is_before", "is_after").filter(old.ne_missing(new))
    if not _is_number(table, name):
        return _shape(both, pl.lit(REWORDED), {"column": pl.lit(name), "before_text": old, "after_text": new})
    numbers = [side.cast(pl.Float64, strict=False) for side in (old, new)]
    change = (
        pl.when(old.is_null())
        .then(pl.lit(APPEARED))
        .when(new.is_null())
        .then(pl.lit(WITHDRAWN))
        .otherwise(pl.lit(MOVED))
    )
    is_other = (numbers[1] - numbers[0]).abs() > SAME * pl.max_horizontal(numbers[0].abs(), numbers[1].abs())
    given = {"column": pl.lit(name), "before": numbers[0], "after": numbers[1], "difference": numbers[1] - numbers[0]}
    return _shape(both.filter(old.is_null() | new.is_null() | is_other.fill_null(True)), change, given)


def _is_number(table: TableFile, name: str) -> bool:
    return any(column.name == name and column.is_numeric for column in table.columns)


def _shape(rows: pl.DataFrame, change: pl.Expr, given: dict[str, pl.Expr]) -> pl.DataFrame:
    values = {name: pl.col(f"at_{name}") for name in PLACE} | {"table": pl.col("table"), "key": pl.col("row_key")}
    values |= {"column": pl.lit(""), "change": change} | given
    return rows.select(values.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in SCHEMA.items())


def _explain(settings: Settings, previous: Previous, frames: dict[str, pl.DataFrame]) -> pl.Expr:
    """The first declared reason that fits, else why the change explains itself, else nothing."""
    now = [each for each in settings.revisions if each.is_of(settings.edition)]
    reasons = [pl.when(_is_explained(revision)).then(pl.lit(revision.text)) for revision in now]
    forces = [set(frames["submissions"]["force"]), _forces_of(previous)]
    only = sorted(forces[0] ^ forces[1])
    is_of_row = pl.col("change").is_in([ROW_ADDED, ROW_REMOVED])
    both = (
        max(settings.first_month, previous.first_month),
        min(settings.last_month, previous.last_month),
    )
    is_outside = (pl.col("period_from") < both[0]) | (pl.col("period_to") > both[1])
    is_recut = pl.concat_str(pl.col("period_from", "period_to").dt.strftime("%Y-%m")).is_in(
        _list_recut(settings, previous)
    )
    is_elsewhere = is_of_row & (pl.col("force").is_in(only) | is_outside | is_recut).fill_null(False)
    coverage = pl.when(is_elsewhere | _is_of_all_months(settings, previous)).then(pl.lit(OTHER_COVERAGE))
    structure = pl.when(pl.col("change").is_in(OF_STRUCTURE)).then(pl.lit(NEW_VERSION))
    is_words = pl.col("change").is_in([REWORDED, ROW_ADDED, ROW_REMOVED])
    own = pl.when(is_words & pl.col("table").is_in([ACTIONS.name, PRIORITIES.name])).then(pl.lit(OWN_WORDS))
    return pl.coalesce(*reasons, structure, coverage, own, pl.lit(None, pl.String)).alias("reason")


def _is_of_all_months(settings: Settings, previous: Previous) -> pl.Expr:
    """Whether a row without a period moved with the months; the files do where no month is in both editions."""
    now, before = (settings.first_month, settings.last_month), (previous.first_month, previous.last_month)
    tables = list(OF_EVERY_MONTH) if now != before else []
    tables += [INPUTS.name] if max(now[0], before[0]) > min(now[1], before[1]) else []
    return pl.col("table").is_in(tables)


def _is_explained(revision: Revision) -> pl.Expr:
    conditions = [
        pl.col(column).is_in(named).fill_null(False)
        for column, named in (("table", revision.tables), ("measure", revision.measures), ("force", revision.forces))
        if named
    ]
    if revision.first_month:
        conditions.append((pl.col("period_to") >= revision.first_month).fill_null(False))
    if revision.last_month:
        conditions.append((pl.col("period_from") <= revision.last_month).fill_null(False))
    return pl.all_horizontal(*conditions) if conditions else pl.lit(True)


def _forces_of(previous: Previous) -> set[str]:
    submissions = previous.tables.get("submissions", pl.DataFrame())
    return set(submissions["force"]) if "force" in submissions.columns else set()


def _list_recut(settings: Settings, previous: Previous) -> list[str]:
    """Periods of one edition that the other cuts otherwise, as its last month is another."""
    cuts = [
        {f"{first:%Y-%m}{last:%Y-%m}" for _, first, last in cut_periods(*months).iter_rows()}
        for months in (
            (settings.first_month, settings.last_month),
            (previous.first_month, previous.last_month),
        )
    ]
    return sorted(cuts[0] ^ cuts[1])


def _count_compared(table: TableFile, pairs: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """How many numbers are in both editions, by place."""
    numbers = [name for name in _shared(table, before) if _is_number(table, name)]
    both = [(pl.col(f"{name}_before").is_not_null() & pl.col(f"{name}_after").is_not_null()) for name in numbers]
    figures = pl.sum_horizontal(*both).sum() if both else pl.lit(0)
    place = [pl.col(f"at_{name}").alias(name).cast(SCHEMA[name]) for name in PLACE]
    return (
        pairs.filter("is_before", "is_after")
        .group_by("table", *place)
        .agg(figures.cast(pl.Int64).alias("figures_compared"))
    )


def _summarise(changes: pl.DataFrame, compared: pl.DataFrame) -> pl.DataFrame:
    """Count the changes by place, by table and in all; places without a change are in the sums only."""
    by: Sequence[str] = ("table", *PLACE)
    is_counted = ~pl.col("change").is_in(OF_STRUCTURE)
    counts = [pl.col("change").eq(change).sum().alias(name) for name, change in COUNTS.items()]
    counts.append(pl.col("reason").is_null().sum().alias("without_reason"))
    counted = changes.filter(is_counted).group_by(by).agg(counts)
    places = (
        counted.join(compared, on=by, how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("figures_compared", *COUNTS, "without_reason").fill_null(0).cast(pl.Int64))
        .select(COUNTED)
    )
    sums = pl.col("figures_compared", *COUNTS, "without_reason").sum()
    span: list[pl.Expr] = [pl.lit(None, pl.Date).alias(name) for name in ("period_from", "period_to")]
    everywhere = [pl.lit(ALL).alias("measure"), pl.lit(ALL).alias("force"), *span]
    total = places.select(pl.lit(ALL).alias("table"), *everywhere, sums)
    tables = places.group_by("table").agg(sums).sort("table").with_columns(everywhere)
    moved = places.filter(pl.sum_horizontal(*COUNTS) > 0).sort(by, nulls_last=True)
    return pl.concat([frame.select(COUNTED) for frame in (total, tables, moved)])
