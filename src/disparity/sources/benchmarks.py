"""What searches can be set against beside residents: what ships, and tables of the publisher's own."""

from collections.abc import Collection, Sequence

import polars as pl

from disparity.project.benchmarks import ARRESTS, USE_OF_FORCE, Benchmark
from disparity.project.declarations import suggest
from disparity.vocabulary.codes import (
    ETHNIC_GROUPS,
    OFFICER_DEFINED,
    PORTAL_AGE_GROUPS,
    REFERENCE_GROUP,
    SELF_DEFINED,
    read_reference,
)
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.user_text import UnreadableTextError, read_user_table

TABLE = "benchmarks"
COLUMNS = ("force", "ethnic_group", "count", "period")
AGE = "age_group"
BENCHMARK_COLUMNS = [
    *("benchmark", "title", "ethnicity_basis", "force", "ethnic_group", AGE, "count", "benchmark_period"),
    *("source", "assumes"),
]
TITLES = {ARRESTS: "Arrests", USE_OF_FORCE: "Reports of force used"}
BASES = {ARRESTS: SELF_DEFINED, USE_OF_FORCE: OFFICER_DEFINED}
SOURCES = {
    ARRESTS: "Home Office, arrests open data",
    USE_OF_FORCE: "Home Office, police use of force statistics, open data",
}
ASSUMES = {
    ARRESTS: "Assumes that arrests show who commits crime. That is circular: searches lead to arrests, and officers "
    "decide who is arrested. Chinese people are counted as Other.",
    USE_OF_FORCE: "Assumes that reports of force show which people officers meet. That is circular: officers decide to "
    "use force, and often do so in searches. Groups are as officers saw them, of those searched too.",
}
FIRST_LINE = 2  # of a file, after its header


def read_benchmarks(own: Sequence[Benchmark], known_forces: Collection[str]) -> pl.DataFrame:
    """Give the counts of every benchmark but residents: those that ship, then the publisher's own in their order.

    Returns:
        BENCHMARK_COLUMNS: a row for each force, of the five groups, and each age group of a file that has them (null
        of others). `count` is of people or events in `benchmark_period`, as its publisher counts them.

    Raises:
        RequestError: a file cannot be read, or a row of it cannot be understood.

    Source: Home Office; vocabulary/reference/README.md.
    """
    return pl.concat([_read_shipped(), *(_read_own(each, known_forces) for each in own)])


def _read_shipped() -> pl.DataFrame:
    kind = pl.col("benchmark")
    return (
        pl.DataFrame(read_reference(TABLE))
        .with_columns(pl.col("count").cast(pl.Int64), pl.lit(None, pl.String).alias(AGE), benchmark_period="period")
        .with_columns(
            kind.replace_strict(words, return_dtype=pl.String).alias(name)
            for name, words in (
                ("title", TITLES),
                ("ethnicity_basis", BASES),
                ("source", SOURCES),
                ("assumes", ASSUMES),
            )
        )
        .select(BENCHMARK_COLUMNS)
    )


def _read_own(benchmark: Benchmark, known_forces: Collection[str]) -> pl.DataFrame:
    table = _read_file(benchmark)
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise _wrong(
            benchmark, f"no column {', '.join(missing)}", f"its columns are {', '.join(COLUMNS)}, or {AGE} too"
        )
    columns = [*COLUMNS, *([AGE] if AGE in table.columns else [])]
    cells = table.select(pl.col(columns).str.strip_chars().fill_null(""))
    for line, row in enumerate(cells.iter_rows(named=True), start=FIRST_LINE):
        _check_row(benchmark, line, row, known_forces)
    ages = pl.col(AGE) if AGE in columns else pl.lit(None, pl.String).alias(AGE)
    rows = cells.with_columns(pl.col("count").str.replace_all(",", "").cast(pl.Int64), ages)
    _check_groups(benchmark, rows)
    return rows.select(
        benchmark=pl.lit(benchmark.name),
        title=pl.lit(benchmark.name),
        ethnicity_basis=pl.lit(benchmark.ethnicity_basis),
        force="force",
        ethnic_group="ethnic_group",
        age_group=pl.col(AGE),
        count="count",
        benchmark_period="period",
        source=pl.lit(benchmark.source),
        assumes=pl.lit(benchmark.assumes),
    )


def _read_file(benchmark: Benchmark) -> pl.DataFrame:
    try:
        return read_user_table(benchmark.file)
    except FileNotFoundError:
        raise _wrong(benchmark, "no such file", "check `file` of [[benchmarks]] in the project file") from None
    except OSError as error:
        raise _wrong(benchmark, error.strerror or "", "name a CSV file") from None
    except UnreadableTextError as error:
        raise _wrong(benchmark, str(error), "save it as CSV UTF-8") from None
    except pl.exceptions.PolarsError:
        raise _wrong(
            benchmark, "no well-formed CSV", "give each row as many cells as the header, in one line"
        ) from None


def _check_row(benchmark: Benchmark, line: int, row: dict[str, str], known_forces: Collection[str]) -> None:
    """Refuse the first cell that cannot be understood: a force by another name would go unused without a word."""
    allowed: dict[str, Collection[str]] = {"force": sorted(known_forces), "ethnic_group": ETHNIC_GROUPS}
    if AGE in row:
        allowed[AGE] = PORTAL_AGE_GROUPS
    for column, words in allowed.items():
        if row[column] not in words:
            told = f"write one of {', '.join(words)}" if column != "force" else "write ids as in names of monthly files"
            raise _wrong(benchmark, f"{row[column]!r}{suggest(row[column], list(words))}", told, line, column)
    if not row["count"].replace(",", "").isdecimal() or not row["count"].isascii():
        raise _wrong(benchmark, repr(row["count"]), "write a whole number, 0 or more", line, "count")
    if not row["period"] or not row["period"].isprintable():
        found = "signs that cannot be printed" if row["period"] else "a blank cell"
        raise _wrong(benchmark, found, "say which year or months were counted", line, "period")


def _check_groups(benchmark: Benchmark, rows: pl.DataFrame) -> None:
    """Each force has the groups once, the reference group among them, and one period."""
    if AGE in rows.columns and rows[AGE].count() and benchmark.ethnicity_basis != SELF_DEFINED:
        raise _wrong(
            benchmark, f"{AGE}, of officer-defined groups", f"leave {AGE} out: such searches are not counted by age"
        )
    numbered = rows.with_row_index("line", FIRST_LINE)
    twice = numbered.filter(pl.struct("force", "ethnic_group", AGE).is_duplicated())
    if twice.height:
        row = twice.row(1, named=True)
        raise _wrong(
            benchmark, f"{row['force']}, {row['ethnic_group']} a second time", "give each once", row["line"], "force"
        )
    for (force,), of_force in numbered.group_by("force", maintain_order=True):
        line = of_force["line"][0]
        if of_force["period"].n_unique() > 1:
            raise _wrong(benchmark, f"several periods of {force}", "give one for each force", line, "period")
        of_reference = of_force.filter(ethnic_group=REFERENCE_GROUP)
        if not of_reference["count"].sum():
            raise _wrong(
                benchmark,
                f"no count of {REFERENCE_GROUP} of {force}",
                f"the groups are compared with {REFERENCE_GROUP}: give its count",
                line,
                "ethnic_group",
            )


def _wrong(benchmark: Benchmark, found: str, what_now: str, line: int = 0, column: str = "") -> RequestError:
    place = f", line {line}, column {column}" if line else ""
    return RequestError(
        f"the benchmark {benchmark.name!r} cannot be used",
        where=f"{benchmark.file.name}{place}",
        found=found,
        what_now=what_now,
        code="E181",
    )
