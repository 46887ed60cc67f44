"""Whether what the pages that compare forces pick from is published: every cell is the row that it names."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.charts.areas import draw_paths
from disparity.site.comparisons_file import ASSIGNED, BETWEEN, FILE
from disparity.site.intruder.pages import is_figure
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness
from disparity.site.intruder.words import NOT_PUBLISHED, find_loose_words, read_prose
from disparity.vocabulary.statuses import BOUNDS, CONFIDENTIAL, IN_DOUBT, MARKS, NOT_AVAILABLE

INLINE = re.compile(r'<script type="application/json" id="comparison-data">(.*?)</script>', re.DOTALL)
NOTHING = ("", CONFIDENTIAL, NOT_AVAILABLE)
CELL_PARTS = 9
KEYS = ("period", "ethnicity_basis", "search_type", "ethnic_group")
# Columns that the parts of a cell after its row's number are of; a rate has no range and no verdict.
OF_RATE = ("numerator", "value", "lower", "upper")
OF_BOUNDS = ("numerator", "value", "lower_bound", "upper_bound")
OF_RATIO = ("", "ratio", "ratio_lower", "ratio_upper", "range_lower", "range_upper")


def find_comparison_weaknesses(site: Published, templates: Iterable[Path]) -> list[Weakness]:
    """Look at the file of comparisons and at those that pages hold."""
    prose, found = read_prose(site, templates), []
    for path in site.list_files():
        name = path.relative_to(site.folder).as_posix()
        if name == FILE:
            text = path.read_text(encoding="utf-8")
            is_data = text.startswith(ASSIGNED) and text.endswith(";\n")
            texts = [text.removeprefix(ASSIGNED).removesuffix(";\n") if is_data else ""]
        elif path.suffix == ".html":
            texts = INLINE.findall(path.read_text(encoding="utf-8"))
        else:
            continue
        found += [Weakness(name, what) for text in texts for what in _inspect(site, text, prose)]
    return found


def _inspect(site: Published, text: str, prose: set[str]) -> Iterator[str]:
    try:
        data = json.loads(text)
        forces, views, areas = [force for force, _ in data["forces"]], data.pop("views"), data.pop("areas")
    except (ValueError, KeyError, TypeError):
        yield "something else than comparisons"
        return
    if areas != draw_paths(forces):
        yield "a map other than that of the police force areas"
    yield from find_loose_words(json.dumps(data, ensure_ascii=False), prose)
    for keys, leaf in _list_leaves(views):
        if isinstance(leaf, str):
            if leaf not in NOTHING:
                yield f"view of {' '.join(keys)}: {NOT_PUBLISHED}"
            continue
        for force, cell in zip(forces, leaf, strict=False):
            if what := _inspect_cell(site, (force, *keys), cell, prose):
                yield f"view of {' '.join((force, *keys))}: {what}"
        if len(leaf) > len(forces):
            yield f"view of {' '.join(keys)}: more cells than forces"


def _inspect_cell(site: Published, keys: tuple[str, ...], cell: str, prose: set[str]) -> str:
    """What is wrong with a cell: it is of another row, or prints what its row does not hold; nothing where all is."""
    if cell in NOTHING:
        return ""
    parts = [*cell.split(BETWEEN), *[""] * CELL_PARTS][: max(CELL_PARTS, cell.count(BETWEEN) + 1)]
    force, measure, *others = keys
    is_ratio = measure == SEARCH_RATE_RATIO
    table = "comparisons" if is_ratio else "estimates"
    row = _find_row(site, table, parts[0])
    named = [force, "search_rate" if is_ratio else measure, *others]
    period = f"{row.get('period_from', '')[:7]}.{row.get('period_to', '')[:7]}"
    if [row.get("force"), row.get("measure"), period, *(row.get(key) for key in KEYS[1:])] != named:
        return "another row"
    *figures, mark, verdict = parts[1:]
    columns: tuple[str, ...] = OF_RATIO
    if not is_ratio:
        columns = OF_BOUNDS if BOUNDS in mark or row["status"] == "partial" else OF_RATE
    printed = dict(zip(columns, figures, strict=False))
    if any(figures[len(columns) :]) or not all(
        not text or is_figure(site, f"{table}:{parts[0]}:{column}", text) for column, text in printed.items()
    ):
        return NOT_PUBLISHED
    if mark.replace(IN_DOUBT, "") not in ("", *MARKS) or any(find_loose_words(verdict, prose)):
        return NOT_PUBLISHED
    return ""


def _find_row(site: Published, table: str, number: str) -> dict[str, str]:
    rows = site.tables[table]
    return rows[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(rows) else {}


def _list_leaves(views: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str] | str]]:
    if isinstance(views, dict):
        for key, below in views.items():
            yield from _list_leaves(below, (*keys, key))
    else:
        yield keys, views
