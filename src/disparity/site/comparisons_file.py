"""Every rate of every force as it is printed: what the pages that compare forces pick from, in one file of the site.

A script and not JSON, as a page opened from a disk may load no other kind of file.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from disparity.analysis.measures.entries import BY_NAME, MEASURES
from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.cells import GROUPS, TYPES
from disparity.site.charts.areas import draw_paths
from disparity.site.findings.ranges import name_verdict
from disparity.site.findings.residents import name_residents
from disparity.site.page import Edition
from disparity.site.published_figures import Row, Style, count, ratio, style_of
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ETHNICITY_BASES, OFFICER_DEFINED, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import BOUNDS, CONFIDENTIAL, IN_DOUBT, NOT_AVAILABLE, PARTIAL, SUPPRESSED, mark_of
from disparity.vocabulary.text import join_names, script_text

FILE = "data/compare.js"
ASSIGNED = "window.disparityComparison="
BASES = {SELF_DEFINED: "As people described themselves", OFFICER_DEFINED: "As the officer saw them"}
RATIO_TITLE = "Times the search rate of White people"
# Why nothing can be shown, by what stands in its place.
REASONS = {CONFIDENTIAL: "too few to show", NOT_AVAILABLE: "cannot be measured", "": "none in these records"}
BETWEEN = "|"
Leaves = dict[tuple[str, ...], dict[str, str]]  # measure, period, basis, type, group → force → cell


def write_comparisons(folder: Path, edition: Edition) -> None:
    """Write the file into a site."""
    views = list_views(edition, (row for force in edition.forces for row in _rows_of(edition, force)))
    text = json.dumps(describe(edition, views), separators=(",", ":"), ensure_ascii=False)
    (folder / FILE).write_bytes(f"{ASSIGNED}{script_text(text)};\n".encode())


def describe(edition: Edition, views: dict[str, Any]) -> dict[str, Any]:
    """Give the views with the words that the script says and draws them with, so that none is in two places."""
    used = _list_keys(views, depth=4)
    titles = {SEARCH_RATE_RATIO: RATIO_TITLE} | {measure.name: measure.title for measure in MEASURES}
    return {
        "forces": [[force, edition.name_of(force)] for force in edition.forces],
        "measures": {name: title for name, title in titles.items() if name in views},
        "counted": {measure.name: measure.counted for measure in MEASURES if measure.name in views},
        "shares": [measure.name for measure in MEASURES if measure.name in views and not measure.is_per_residents],
        "periods": {key: name for key, name in _name_periods(edition).items() if key in used[1]},
        "bases": {basis: BASES[basis] for basis in ETHNICITY_BASES if basis in used[2]},
        "types": {kind: title for kind, title in TYPES.items() if kind in used[3]},
        "groups": {group: title for group, title in GROUPS.items() if group in used[4]},
        "reference": REFERENCE_GROUP,
        "reasons": REASONS,
        "residents": _name_residents(edition),
        "source": _name_source(edition),
        "marking": edition.settings.marking if edition.settings.is_internal else "",
        "areas": draw_paths(edition.forces),
        "views": views,
    }


def key_of(period: tuple[date, date]) -> str:
    """Name a period as the address of a view does."""
    return f"{period[0]:%Y-%m}.{period[1]:%Y-%m}"


def list_views(edition: Edition, rows: Iterable[Row]) -> dict[str, Any]:
    """Give rows of estimates and comparisons as printed, a cell for each force of the site in its order.

    A cell: number of the row, what is counted, value, lower and upper end of the interval (or the bounds), lower and
    upper end of the range, mark, verdict. Where no force has a figure, the mark that says why is all there is.
    """
    leaves: Leaves = {}
    for row in rows:
        leaves.setdefault(_place(row), {})[row.values["force"]] = print_cell(row)
    views: dict[str, Any] = {}
    for keys, cells in leaves.items():
        place = views
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = _fold(edition.forces, cells)
    return views


def _fold(forces: Iterable[str], cells: dict[str, str]) -> list[str] | str:
    if all(cell.startswith("[") for cell in cells.values()):
        return next((cell for cell in cells.values() if cell == CONFIDENTIAL), NOT_AVAILABLE)
    listed = [cells.get(force, "") for force in forces]
    while not listed[-1]:
        listed.pop()
    return listed


def _rows_of(edition: Edition, force: str) -> Iterator[Row]:
    for row in edition.rows_of("estimates", force):
        if BY_NAME[row.values["measure"]].is_explored:
            yield row
    for row in edition.rows_of("comparisons", force):
        if row.values["measure"] == "search_rate":
            yield row


def _place(row: Row) -> tuple[str, ...]:
    values = row.values
    measure = SEARCH_RATE_RATIO if row.table == "comparisons" else values["measure"]
    return (
        *(measure, key_of(row.period), values["ethnicity_basis"]),
        *(values["search_type"], values["ethnic_group"]),
    )


def print_cell(row: Row) -> str:
    """Print a row as one text; where it has no figure, the mark of its table cell."""
    parts = _print_ratio(row) if row.table == "comparisons" else _print_rate(row)
    if not any(parts[1:4]):
        return CONFIDENTIAL if row.values["status"] == SUPPRESSED else NOT_AVAILABLE
    return BETWEEN.join([str(row.number), *parts]).rstrip(BETWEEN)


def _print_rate(row: Row) -> list[str]:
    values, style = row.values, style_of(row.values["measure"])
    if values["status"] == SUPPRESSED:
        return [""] * 8
    has_bounds = values["lower_bound"] is not None and (values["value"] is None or values["status"] == PARTIAL)
    ends = ("lower_bound", "upper_bound") if has_bounds else ("lower", "upper")
    mark = BOUNDS if has_bounds and values["value"] is None else mark_of(values["status"])
    shown = (_print(row, column, style) for column in ("value", *ends))
    return [_print(row, "numerator", count), *shown, "", "", _mark(row, mark), ""]


def _print_ratio(row: Row) -> list[str]:
    columns = ("ratio", "ratio_lower", "ratio_upper", "range_lower", "range_upper")
    if row.values["ratio"] is None:
        return [""] * 8
    return [
        "",
        *(_print(row, column, ratio) for column in columns),
        _mark(row, mark_of(row.values["status"])),
        _say(row),
    ]


def _say(row: Row) -> str:
    return name_verdict(row) if row.values["verdict"] else ""


def _print(row: Row, column: str, style: Style) -> str:
    return "" if row.values[column] is None else str(style(row, column))


def _mark(row: Row, mark: str) -> str:
    own = "" if mark == NOT_AVAILABLE else mark
    return f"{own}{IN_DOUBT}" if row.is_in_doubt else own


def _list_keys(views: dict[str, Any], depth: int) -> list[set[str]]:
    """Name what is used at each depth: measures, periods, bases, types, groups."""
    if not depth:
        return [set(views)]
    below = [_list_keys(each, depth - 1) for each in views.values()]
    return [set(views), *(set().union(*(keys[level] for keys in below)) for level in range(depth))]


def _name_periods(edition: Edition) -> dict[str, str]:
    periods = {evidence.period for each in edition.evidence.values() for evidence in each}
    return {key_of(period): name_period(*period) for period in sorted(periods, reverse=True)}


def _name_residents(edition: Edition) -> dict[str, str]:
    """What the rates of each period are out of."""
    every = [evidence for each in edition.evidence.values() for evidence in each]
    periods = {key_of(evidence.period) for evidence in every}
    return {
        period: name_residents(*(evidence for evidence in every if key_of(evidence.period) == period))
        for period in sorted(periods)
    }


def _name_source(edition: Edition) -> str:
    settings = edition.settings
    records = "Invented records" if settings.is_synthetic else f"Records: {join_names(edition.records)}"
    licence = "" if settings.is_synthetic else "Open Government Licence v3.0"
    said = (settings.publisher, settings.title, settings.edition, records, licence)
    return f"{'. '.join(part for part in said if part)}."
