"""The audit of shares: months in which, or from which on, a column says something else than in those around them.

663 of 1,058 searches without an ethnicity, where it is 93 in any other month; every third outcome a community
resolution, where it is one of thirty. Something changed in the form, the export or the labels, and rates follow it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import betainc, betaincc

from disparity.records.audit.columns import FEWEST_SEARCHES, NAMES, ODDS_STRETCH, name_value
from disparity.vocabulary.calendar import MONTHS_IN_YEAR, name_months, number_month
from disparity.vocabulary.thresholds import FEWEST_AROUND, IMPROBABLE

# A share that moves by less than this moves no rate by much.
LEAST_APART = 0.05
# What a search was for, and under which power, moves with operations and with the season: of these only blanks are held
# against the months around.
MOVED_BY_OPERATIONS = ("legislation", "object_of_search", "reason_for_search", "search_origin", "drug_search_type")
BLANK = ""
# Months at most on each side of a lasting change, and the share of them that must lie on their own side of it.
LASTING, MOSTLY = 6, 5 / 6
BESIDE = 2
SHARES = {
    **{"force": pl.String, "month": pl.Date, "column": pl.String, "value": pl.String},
    **{"rows": pl.Int64, "of": pl.Int64, "share": pl.Float64, "share_around": pl.Float64, "finding": pl.String},
}
_KEYS = ["column", "value"]

Floats = npt.NDArray[np.float64]
# Month, column, value, rows, of, share, share_around, finding.
Found = tuple[date, str, str, int, int, float, float, str]


def audit_shares(labels: pl.DataFrame, columns: pl.DataFrame) -> pl.DataFrame:
    """Find the values whose share of a month is far from that of the months around it, beyond chance.

    A share, here (rows with the value + 1/2) / (rows + 1), is held against the median of those of the twelve months
    nearest to it, within a year, itself left out, at least three (of an even number, the middle one that is nearer);
    only months with FEWEST_SEARCHES rows count. It is
    found where it is LEAST_APART or more away, where its odds are over ODDS_STRETCH times the median's or under one of
    so many, and where chance alone would bring it even so far less often than IMPROBABLE (binomial tail). Of a column
    in a month the value that rose most is given, or else that fell most.

    A change that lasts is found in the same way: up to LASTING months together against as many before them, of which
    five in six lie on their own side of it. It is of the month where the step is highest; `rows`, `of` and `share` are
    of all these months.

    Args:
        labels, columns: of `files.Audit`, of all files. A column in which one value was found to say nothing is not
            found again.

    Returns:
        SHARES: only what is found, by force, month and column. `value`: a code; empty where it is blank, or no label
        that is known. `rows` of `of` searches of the month have it; `share_around` is the median of the plain
        shares of the months around; `finding` says so in words.
    """
    rows = labels.group_by("force", "month", "column", value=pl.col("code").fill_null(BLANK)).agg(pl.col("rows").sum())
    found = [
        (force, *one)
        for (force,), held in rows.sort("force").group_by("force", maintain_order=True)
        for one in _find(held)
    ]
    known = columns.filter(pl.col("finding").is_not_null())
    place = ["force", "month", "column"]
    return pl.DataFrame(found, schema=SHARES, orient="row").join(known, on=place, how="anti").sort(place)


def _find(rows: pl.DataFrame) -> list[Found]:
    """Give what is found of one force, without its name: of a column in a month a lasting change, or the month."""
    months = rows["month"].unique().sort().to_list()
    values = rows.filter(~pl.col("column").is_in(MOVED_BY_OPERATIONS) | (pl.col("value") == BLANK))
    values = values.select(_KEYS).unique().sort(_KEYS)
    if values.is_empty():
        return []
    counts, of = _lay_out(rows, values, months)
    found: dict[tuple[date, str], Found] = {}
    for one in (*_find_changes(values, months, counts, of), *_find_months(values, months, counts, of)):
        found.setdefault((one[0], one[1]), one)
    return list(found.values())


def _find_months(values: pl.DataFrame, months: list[date], counts: Floats, of: Floats) -> Iterator[Found]:
    """Hold each month against those around it."""
    shares, observed = _share(counts, of), _share(counts, of, smoothed=False)
    for place, month in enumerate(months):
        near = _find_near(months, place)
        # Of an even number of months the middle one that is nearer: the first month of a lasting change is not apart.
        around = np.clip(shares[:, place], *_find_middle(shares[:, near]))
        usual = np.mean(_find_middle(observed[:, near]), axis=0)
        apart = _is_apart(counts[:, place], of[:, place], shares[:, place], around)
        for line in _choose(values, apart, shares[:, place] - around):
            column, value = values.row(line)
            held, out_of = int(counts[line, place]), int(of[line, place])
            counted = f"{held:,} of {out_of:,} searches. That is {held / out_of:.1%}"
            words = _word(column, value, counted, f"around it is usually {usual[line]:.1%}")
            yield month, column, value, held, out_of, held / out_of, float(usual[line]), words


def _find_changes(values: pl.DataFrame, months: list[date], counts: Floats, of: Floats) -> Iterator[Found]:
    """Hold some months together against as many before them: a change that lasts."""
    shares, observed = _share(counts, of), _share(counts, of, smoothed=False)
    steps = np.nan_to_num(np.abs(np.diff(shares, axis=1, prepend=np.nan)))
    of_lines: dict[int, list[int]] = {}
    for place in range(FEWEST_AROUND, len(months) - FEWEST_AROUND + 1):
        before, after = slice(max(place - LASTING, 0), place), slice(place, place + LASTING)
        held, out_of = counts[:, after].sum(axis=1), of[:, after].sum(axis=1)
        share = (held + 0.5) / (out_of + 1)
        around = np.clip(share, *_find_middle(shares[:, before]))
        middle = ((share + around) / 2)[:, None]
        is_rise = (share > around)[:, None]
        stays = _is_mostly((shares[:, before] < middle) == is_rise, shares[:, before])
        stays &= _is_mostly((shares[:, after] > middle) == is_rise, shares[:, after])
        for found in np.flatnonzero(_is_apart(held, out_of, share, around) & stays):
            of_lines.setdefault(int(found), []).append(place)
    # Beside the month of a change the one before and the one after look like it too: it is where the step is highest.
    highest = np.zeros(shares.shape, dtype=bool)
    for line, starts in of_lines.items():
        for places in _split(starts):
            highest[line, places[int(np.argmax(steps[line, places]))]] = True
    for place in (int(first) for first in np.flatnonzero(highest.any(axis=0))):
        before, after = slice(max(place - LASTING, 0), place), slice(place, place + LASTING)
        usual = np.mean(_find_middle(observed[:, before]), axis=0)
        share = counts[:, after].sum(axis=1) / np.maximum(of[:, after].sum(axis=1), 1)
        for line in _choose(values, highest[:, place], share - usual):
            column, value = values.row(line)
            rows, all_rows = int(counts[line, after].sum()), int(of[line, after].sum())
            counted = (
                f"{rows:,} of {all_rows:,} searches of {name_months(months[after])}. That is {rows / all_rows:.1%}"
            )
            words = _word(column, value, counted, f"before it is usually {usual[line]:.1%}")
            yield months[place], column, value, rows, all_rows, rows / all_rows, float(usual[line]), words


def _share(counts: Floats, of: Floats, *, smoothed: bool = True) -> Floats:
    """The share of each value in each month; no number where the month has too few searches."""
    shares = (counts + 0.5) / (of + 1) if smoothed else counts / np.maximum(of, 1)
    return np.where(of >= FEWEST_SEARCHES, shares, np.nan)


def _choose(values: pl.DataFrame, apart: npt.NDArray[np.bool_], change: Floats) -> list[int]:
    """Of each column the value that rose most; where none rose so far, the one that fell most."""
    lines = [int(line) for line in np.flatnonzero(apart)]
    chosen: dict[str, int] = {}
    for line in sorted(lines, key=lambda line: (change[line] < 0, -abs(change[line]))):
        chosen.setdefault(values["column"][line], line)
    return list(chosen.values())


def _is_mostly(is_so: npt.NDArray[np.bool_], shares: Floats) -> npt.NDArray[np.bool_]:
    """Whether at least five of six of the months that count are so, and at least three count."""
    counted = ~np.isnan(shares)
    count = counted.sum(axis=1)
    return np.asarray((count >= FEWEST_AROUND) & ((is_so & counted).sum(axis=1) >= MOSTLY * count))


def _split(places: Sequence[int]) -> Iterator[list[int]]:
    """Split places, in order, where they are not of one change: a month may be missing between two of them."""
    part: list[int] = []
    for place in places:
        if part and place - part[-1] > BESIDE:
            yield part
            part = []
        part.append(place)
    yield part


def _lay_out(rows: pl.DataFrame, values: pl.DataFrame, months: Sequence[date]) -> tuple[Floats, Floats]:
    """Rows with each value, and all rows of its column: a line for each value, a column for each month."""
    counts, of = np.zeros((values.height, len(months))), np.zeros((values.height, len(months)))
    line = {key: number for number, key in enumerate(values.iter_rows())}
    lines: dict[str, list[int]] = {}
    for (column, _), number in line.items():
        lines.setdefault(column, []).append(number)
    place = {month: number for number, month in enumerate(months)}
    for month, column, value, held in rows.select("month", "column", "value", "rows").iter_rows():
        of[lines.get(column, []), place[month]] += held
        if (column, value) in line:
            counts[line[column, value], place[month]] += held
    return counts, of


def _find_near(months: Sequence[date], place: int) -> list[int]:
    """The places of the twelve other months nearest to one, within a year."""
    at = number_month(months[place])
    away = {other: abs(number_month(month) - at) for other, month in enumerate(months) if other != place}
    near = sorted((other for other in away if away[other] <= MONTHS_IN_YEAR), key=lambda other: (away[other], other))
    return near[:MONTHS_IN_YEAR]


def _find_middle(shares: Floats) -> tuple[Floats, Floats]:
    """The middle one of each line, or the two middle ones, of the months that count; no number where they are few."""
    if not shares.shape[1]:
        return np.full(len(shares), np.nan), np.full(len(shares), np.nan)
    count = np.sum(~np.isnan(shares), axis=1)
    ordered = np.sort(shares, axis=1)  # what is not a number comes last
    lines, last = np.arange(len(shares)), np.maximum(count, 1)
    lower, upper = ordered[lines, (last - 1) // 2], ordered[lines, last // 2]
    return np.where(count >= FEWEST_AROUND, lower, np.nan), np.where(count >= FEWEST_AROUND, upper, np.nan)


def _is_apart(counts: Floats, of: Floats, share: Floats, around: Floats) -> npt.NDArray[np.bool_]:
    odds = around / (1 - around)
    high, low = ODDS_STRETCH * odds, odds / ODDS_STRETCH
    # So many or more of so many, were its share as high as is still usual; so few or fewer, were it as low.
    more = np.where(counts > 0, betainc(np.maximum(counts, 1), of - counts + 1, high / (1 + high)), 1)
    fewer = np.where(counts < of, betaincc(counts + 1, np.maximum(of - counts, 1), low / (1 + low)), 1)
    chance = np.where(share > around, more, fewer)
    is_far = (share / (1 - share) > high) | (share / (1 - share) < low)
    return np.asarray(is_far & (np.abs(share - around) >= LEAST_APART) & (chance < IMPROBABLE))


def _word(column: str, value: str, counted: str, usual: str) -> str:
    """Say it.

    >>> _word("outcome", "community_resolution", "297 of 779 searches. That is 38.1%", "around it is usually 3.7%")
    'outcome is "Community resolution" in 297 of 779 searches. That is 38.1%; in the months around it is usually 3.7%'
    """
    what = name_value(column, value) if value else "not recorded"
    return f"{_name(column)} is {what} in {counted}; in the months {usual}"


def _name(column: str) -> str:
    return NAMES.get(column, column.replace("_", " "))


def is_of(finding: str, *columns: str) -> bool:
    """Whether a finding is of one of these columns, which it names first.

    >>> is_of("outcome is not recorded in 94 of 530 searches", "outcome")
    True
    """
    return finding.startswith(tuple(f"{_name(column)} is " for column in columns))
