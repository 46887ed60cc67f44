"""Which source holds a force-month: monthly files, a force's extract or a Home Office table, as the project says."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from disparity.sources.home_office.rows import read_home_office
from disparity.sources.home_office.table import find_tables
from disparity.sources.neighbours import refuse_neighbour
from disparity.sources.police_uk import MonthlyFile, choose_files, find_files
from disparity.sources.raw import PORTAL, RawFile, Supply
from disparity.sources.resaved.find import find_resaved
from disparity.sources.resaved.rows import read_files
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.force_ids import advise_id, is_known, refuse_elsewhere

ForceMonth = tuple[str, date]
DECISIONS = dict.fromkeys(("stage", "force", "action", "reason"), pl.String) | dict.fromkeys(
    ("rows_before", "rows_after"), pl.Int64
)
# `overrides` → rank; the highest of a force-month is read.
MONTHLY_RANK = 1
RANKS: dict[bool | None, int] = {True: MONTHLY_RANK + 1, False: MONTHLY_RANK - 1}


MOST_NAMED = 5  # forces, in a message


class Claim(NamedTuple):
    """A source's claim to a force-month; `place` is that of the supply, or of the monthly file."""

    name: str
    rank: int | None
    key: str
    place: int
    raw: RawFile | None


def span_months(records: Sequence[Path], forces: Sequence[str]) -> dict[str, str]:
    """Name the first and the last month that there is a file of: `from` and `to`.

    Raises:
        RequestError: there is none.
    """
    tables, others = find_tables(records)
    resaved, rest = find_resaved(others)
    files, _ignored = find_files(rest)
    supplies = [*read_home_office(tables, overrides=None), *read_files(resaved, others, forces=forces)]
    raws = [raw for supply in supplies for raw in supply.files]
    held = [(file.force, file.month) for file in files] + [(raw.force, month) for raw in raws for month in raw.covers()]
    months = sorted(month for force, month in held if not forces or force in forces)
    if not months:
        refuse_elsewhere(forces)
        for folder in filter(Path.is_dir, records):
            for file in sorted(folder.rglob("*.csv")):
                refuse_neighbour(file)
        near = " ".join(advise_id(force) for force in forces if not is_known(force))
        raise RequestError(
            f"there are no stop-and-search files of {', '.join(forces) or 'any force'}",
            where=", ".join(str(path) for path in records),
            what_now=f"check the folder and the force's id{': ' + near if near else ''}",
            code="E130",
        )
    return {"from": f"{months[0]:%Y-%m}", "to": f"{months[-1]:%Y-%m}"}


def choose_sources(
    monthly: list[MonthlyFile],
    supplies: Sequence[Supply],
    *,
    forces: list[str],
    months: list[date],
) -> tuple[list[MonthlyFile], list[RawFile]]:
    """Keep the force-months asked for, each from one source: monthly files to read, and rows of other sources.

    Raises:
        RequestError: two sources hold a force and month and nothing says which wins; a source gives a quarter
            of which only a part is asked for; or a force has no source.
        DataError: two monthly files of one force and month differ, or two files of one source hold it.
    """
    claims = _claim(supplies, forces, months)
    if supplies and not claims and not any(file.month in months for file in monthly):
        raise _other_months(supplies, forces, months)
    for place, file in enumerate(monthly):
        if (file.force, file.month) in claims:
            claims[file.force, file.month].append(Claim(file.name, MONTHLY_RANK, "", place, None))
    lost = {
        (claim.place, claim.raw and claim.raw.month)
        for month, holders in claims.items()
        for claim in _find_losers(month, holders)
    }
    held = {(claim.place, claim.raw.month): claim.raw for holders in claims.values() for claim in holders if claim.raw}
    raws = [raw for key, raw in held.items() if key not in lost]
    files = [file for place, file in enumerate(monthly) if (place, None) not in lost]
    return _choose_monthly(files, raws, forces=forces, months=months), raws


def _other_months(supplies: Sequence[Supply], forces: list[str], months: list[date]) -> RequestError:
    """Say which forces and months there are, where none of those asked for is."""
    covered = [(supply, sorted(month for raw in supply.files for month in raw.covers())) for supply in supplies]
    held = [
        f"{supply.force}, {each[0]:%Y-%m} to {each[-1]:%Y-%m}, in {supply.name}" for supply, each in covered if each
    ]
    absent = [force for force in forces if not is_known(force) and force not in {supply.force for supply in supplies}]
    near = "".join(f"; {force}: {advise_id(force)}" for force in absent[:MOST_NAMED])
    more = f"; and {len(held) - MOST_NAMED} more" if len(held) > MOST_NAMED else ""
    return RequestError(
        f"there are no records of {', '.join(forces) or 'any force'} from {months[0]:%Y-%m} to {months[-1]:%Y-%m}",
        found="; ".join(held[:MOST_NAMED]) + more or "no month at all",
        what_now=f"ask for months and forces that there are: --force, --from and --to{near}",
        code="E130",
    )


def _claim(supplies: Sequence[Supply], forces: list[str], months: list[date]) -> dict[ForceMonth, list[Claim]]:
    claims: dict[ForceMonth, list[Claim]] = defaultdict(list)
    for place, supply in enumerate(supplies):
        for raw in supply.files:
            rank = MONTHLY_RANK if raw.source == PORTAL else RANKS.get(supply.overrides)
            covered = raw.covers()
            asked = [month for month in covered if month in months]
            if not asked or (forces and raw.force not in forces):
                continue
            if asked != covered:
                raise _cut(raw, months)
            for month in covered:
                _refuse_twin(raw, month, [claim.raw for claim in claims[raw.force, month] if claim.place == place])
                claims[raw.force, month].append(Claim(supply.name, rank, supply.override_key, place, raw))
    return claims


def _refuse_twin(raw: RawFile, month: date, twins: Sequence[RawFile | None]) -> None:
    """Two files of one extract hold one month: nobody can say which of their searches are the same."""
    for twin in filter(None, twins):
        raise DataError(
            f"two files of one extract hold {raw.force}, {month:%Y-%m}",
            where=f"{twin.source_file} and {raw.source_file}",
            found=f"{twin.rows.height:,} and {raw.rows.height:,} rows",
            what_now="export by the date of the search, each month in one file: counting both may double searches",
            code="E123",
        )


def _cut(raw: RawFile, months: list[date]) -> RequestError:
    first, *_, last = raw.covers()
    return RequestError(
        "the months asked for cut a quarter in two, and its source gives the quarter as one",
        where=raw.source_file,
        found=f"{raw.force}, {first:%Y-%m} to {last:%Y-%m}; asked for are {months[0]:%Y-%m} to {months[-1]:%Y-%m}",
        what_now="begin with April, July, October or January and end with June, September, December or March",
        code="E141",
    )


def _find_losers(month: ForceMonth, holders: list[Claim]) -> list[Claim]:
    """Copies of one monthly file may lose together: only the best of what is no monthly file must be the only one."""
    if len(holders) == 1 or all(claim.raw is None for claim in holders):
        return []
    names = list(dict.fromkeys(claim.name for claim in holders))
    undecided = [claim for claim in holders if claim.rank is None]
    ranks = [claim.rank for claim in holders if claim.rank is not None]
    if all(claim.raw is None or claim.raw.source == PORTAL for claim in holders):
        raise DataError(
            f"two different files hold {month[0]}, {month[1]:%Y-%m}",
            where=" and ".join(names),
            what_now="keep one of them: counting both would double the searches",
            code="E123",
        )
    if undecided and len({claim.place for claim in holders if claim.raw}) == 1:
        key, name = undecided[0].key, undecided[0].name
        raise _clash(
            month, names, f"say so in the project file, {key} = true: {name} wins; {key} = false: monthly files do"
        )
    best = max(ranks, default=None)
    winners = [claim for claim in holders if claim.rank == best]
    if undecided or (len(winners) > 1 and any(claim.raw for claim in winners)):
        what_now = "keep one of them, or let one alone override: counting both would double searches"
        if all(claim.raw and claim.raw.source == OWN_EXTRACT for claim in holders):
            what_now += "; where a records system changed, valid_from and valid_to say which mapping holds when"
        raise _clash(month, names, what_now)
    return [claim for claim in holders if claim.rank != best]


def _clash(month: ForceMonth, names: list[str], what_now: str) -> RequestError:
    return RequestError(
        f"two sources hold {month[0]}, {month[1]:%Y-%m}", where=" and ".join(names), what_now=what_now, code="E142"
    )


def _choose_monthly(
    files: list[MonthlyFile], raws: list[RawFile], *, forces: list[str], months: list[date]
) -> list[MonthlyFile]:
    """Choose among the monthly files; a force whose months all come from another source needs none."""
    elsewhere = {raw.force for raw in raws}
    if not elsewhere:
        return choose_files(files, forces=forces, months=months)
    with_files = {file.force for file in files if file.month in months}
    needed = [force for force in forces or sorted(with_files) if force in with_files or force not in elsewhere]
    return choose_files(files, forces=needed, months=months) if needed else []


def log_supplies(supplies: Sequence[Supply]) -> pl.DataFrame:
    """List what was decided about rows while supplies were read, as decisions."""
    rows: list[tuple[str, str, str, str, int, int]] = []
    for supply in supplies:
        left = supply.rows_read
        for reason, count in supply.set_aside.items():
            rows.append(("sources", supply.force, f"set aside (rows: {count})", reason, left, left - count))
            left -= count
        rows += [
            ("sources", supply.force, f"keep (rows: {count})", reason, left, left)
            for reason, count in supply.notes.items()
        ]
    return pl.DataFrame(rows, schema=DECISIONS, orient="row")
