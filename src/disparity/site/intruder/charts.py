"""Whether the charts of a page show published figures alone: what each is drawn from, and what its marks say."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from disparity.site.charts.months import NAME_HEIGHT, spread_names
from disparity.site.intruder.numbers import find_numbers, number_of, rounds_to, surround
from disparity.site.intruder.published import Published
from disparity.site.intruder.words import NOT_PUBLISHED, find_loose_words
from disparity.site.rendering.specification_file import split_specs
from disparity.site.rendering.svg import NARROW, SPEC, draw_spec

Datum = dict[str, Any]
# Where on the earth a name is written; where in the tables the numbers of a line are.
PLACES, OF = {"longitude", "latitude"}, "of"


def inspect_chart(
    site: Published, chart: Path, pictures: list[str], published: set[float], allowed: set[str]
) -> list[str]:
    """Find numbers in a chart that are not published; and a picture other than its specification gives.

    Args:
        chart: the path of its files, without what they end in.
        pictures: of the chart on the page: the wide one and the narrow one; the narrow one alone where it is small.
        allowed: numbers that words on the page may hold.
    """
    found: list[str] = []
    drawn = []
    try:
        wide, narrow = split_specs(chart.with_name(f"{chart.name}{SPEC}").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ["a picture without the figures it was drawn from"]
    for text, called, kind in ((wide, chart.name, "wide"), (narrow, f"{chart.name}{NARROW}", "narrow")):
        found += _inspect_rows(site, json.loads(text), published, allowed)
        drawn.append(draw_spec(text, name=called, kind=kind))
    if pictures not in (drawn, drawn[1:]):
        found.append("the picture is not the one that its figures give")
    return list(dict.fromkeys(found))


def _inspect_rows(site: Published, spec: Datum, published: set[float], allowed: set[str]) -> Iterator[str]:
    sources = [rows for rows in spec.get("datasets", {}).values() if isinstance(rows, list)]
    areas = [
        area["properties"]
        for rows in spec.get("datasets", {}).values()
        if isinstance(rows, dict)
        for area in rows["features"]
    ]
    places = _place_names([row for rows in sources for row in rows])
    for row in [*areas, *(row for rows in sources for row in rows)]:
        for field, value in row.items():
            if isinstance(value, bool) or value is None or field in PLACES or field == OF:
                continue
            if field == "tip":
                yield from _inspect_tip(site, row, allowed)
            elif isinstance(value, str):
                yield from (f"{field}: {loose}" for loose in find_loose_words(value, allowed))
            elif not (value in published or (field == "name_at" and value == places.get(_name_line(row)))):
                yield f"{field}: a number that is not published"


def _inspect_tip(site: Published, row: Datum, allowed: set[str]) -> Iterator[str]:
    """The line of a mark: its numbers are those of the rows that it names, no finer than they are there."""
    cells: list[str] = []
    for at in row.get(OF, "").split():
        table, _, number = at.partition(":")
        rows = site.tables.get(table, [])
        cells += rows[int(number) - 1].values() if number.isdigit() and 0 < int(number) <= len(rows) else []
    true = {number_of(cell) for cell in cells} - {None}
    for number in sorted(find_numbers(row["tip"])):
        # Differences of shares are printed in percentage points.
        if number not in allowed and not rounds_to(number, true, (1, 100)):
            yield f"tip: {NOT_PUBLISHED}, in “{surround(row['tip'], number)}”"


def _place_names(rows: Iterable[Datum]) -> dict[str, float]:
    """Where names are at the ends of lines, by the values that are drawn."""
    every = list(rows)
    values = [row[field] for row in every for field in ("value", "upper") if row.get(field) is not None]
    ends = {_name_line(row): row.get("value") for row in every if row.get("name_at") is not None}
    return spread_names(ends, gap=NAME_HEIGHT * max(values, default=0))


def _name_line(row: Datum) -> str:
    return str(row.get("line", row.get("group", "")))
