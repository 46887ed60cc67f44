"""Which source holds a force-month: monthly files or a force's extract, as the project file says."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from disparity.errors import RequestError
from disparity.sources.extract.rows import Extract
from disparity.sources.police_uk import MonthlyFile, choose_files
from disparity.sources.raw import RawFile

ForceMonth = tuple[str, date]
DECISIONS = {
    "stage": pl.String,
    "force": pl.String,
    "action": pl.String,
    "reason": pl.String,
    "rows_before": pl.Int64,
    "rows_after": pl.Int64,
}


def choose_sources(
    monthly: list[MonthlyFile], extracts: Sequence[Extract], *, forces: list[str], months: list[date]
) -> tuple[list[MonthlyFile], list[RawFile]]:
    """Keep the force-months asked for, each from one source: monthly files to read, and months of extracts.

    Raises:
        RequestError: two sources hold a force and month and nothing says which wins; or a force has no source.
        DataError: two monthly files of one force and month differ.
    """
    held = _hold(extracts, forces, months)
    for file in monthly:
        extract, _ = held.get((file.force, file.month), (None, None))
        if extract and extract.overrides is None:
            raise _undecided(
                (file.force, file.month),
                [extract.name, file.name],
                f"say so under the [[extracts]] of {extract.name}: overrides = true, it wins; false, monthly files do",
            )
    twice = {(file.force, file.month) for file in monthly} & set(held)
    lost = {month for month in twice if not held[month][0].overrides}
    won = twice - lost
    files = [file for file in monthly if (file.force, file.month) not in won]
    raws = [raw for month, (_, raw) in held.items() if month not in lost]
    return _choose_monthly(files, raws, forces=forces, months=months), raws


def _hold(
    extracts: Sequence[Extract], forces: list[str], months: list[date]
) -> dict[ForceMonth, tuple[Extract, RawFile]]:
    held: dict[ForceMonth, tuple[Extract, RawFile]] = {}
    for extract in extracts:
        for raw in extract.files:
            if raw.month in months and (not forces or raw.force in forces):
                month = (raw.force, raw.month)
                if month in held:
                    names = [held[month][0].name, extract.name]
                    raise _undecided(month, names, "keep one of them: counting both would double the searches")
                held[month] = (extract, raw)
    return held


def _undecided(month: ForceMonth, names: list[str], what_now: str) -> RequestError:
    return RequestError(
        f"two sources hold {month[0]}, {month[1]:%Y-%m}", where=" and ".join(names), what_now=what_now, code="E123"
    )


def _choose_monthly(
    files: list[MonthlyFile], raws: list[RawFile], *, forces: list[str], months: list[date]
) -> list[MonthlyFile]:
    """Choose among the monthly files; a force whose months all come from an extract needs none."""
    from_extracts = {raw.force for raw in raws}
    if not from_extracts:
        return choose_files(files, forces=forces, months=months)
    with_files = {file.force for file in files if file.month in months}
    needed = [force for force in forces or sorted(with_files) if force in with_files or force not in from_extracts]
    return choose_files(files, forces=needed, months=months) if needed else []


def log_extracts(extracts: Sequence[Extract]) -> pl.DataFrame:
    """List what was decided about rows while extracts were read, as decisions."""
    rows: list[tuple[str, str, str, str, int, int]] = []
    for extract in extracts:
        left = extract.rows_read
        for reason, count in extract.set_aside.items():
            rows.append(("sources", extract.force, f"set aside (rows: {count})", reason, left, left - count))
            left -= count
        rows += [
            ("sources", extract.force, f"keep (rows: {count})", reason, left, left)
            for reason, count in extract.notes.items()
        ]
    return pl.DataFrame(rows, schema=DECISIONS, orient="row")
