"""Rates by ethnic group, alone, beside each other's ranges, and by type of search."""

from dataclasses import replace

import altair as alt

from disparity.analysis.measures.entries import AFTER_FIND, BY_NAME, SEARCH_RATE
from disparity.site.cells import GROUPS
from disparity.site.charts.interval_dots import (
    RATE,
    SHARE,
    Axis,
    Dot,
    chart_dots,
    dot_of,
    draw_rows,
    name_row,
)
from disparity.site.charts.specification import INK, Layout, Spec, is_narrow, overlay
from disparity.site.charts.tips import TOO_FEW
from disparity.site.published_figures import Figure, Row, rate, style_of
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, SEARCH_TYPES
from disparity.vocabulary.thresholds import SMALL_SEARCHES

# A rate of fewer searches is in the table alone: its interval would stretch the scale of all the others.
FEWEST_DRAWN = 10
FACET_GROUPS = (ALL, *ETHNIC_GROUPS)
PANEL_STEP, GAP = 24, 16
# What is drawn of a rate, in its subtitle. Bounds hold what is not recorded, and no chance.
INTERVALS = "with 95% confidence intervals"
BOUNDS = "with the range each could lie in (dashed)"
BOTH = f"{INTERVALS} or the range it could lie in (dashed)"


def chart_by_group(rows: list[Row]) -> Layout:
    """Each group's rate as a dot on its 95% interval; bounds as a dashed bar where there is no interval."""
    measure = rows[0].values["measure"]
    ordered = sorted(rows, key=lambda row: _place(row.values["ethnic_group"]))
    return chart_dots([point_of(row) for row in ordered], title=_title(measure), form=_form(measure))


def pick_drawn(rows: list[Row]) -> list[Row]:
    """Rows with something to draw that rests on enough searches: a type without any would be an empty panel."""
    enough = [row for row in rows if (row.values["denominator"] or 0) >= FEWEST_DRAWN]
    return [row for row in enough if not point_of(row).why]


def name_limits(rows: list[Row]) -> str:
    """Name what is drawn of the rates beside their values: intervals, bounds, or one or the other."""
    kinds = {dot.is_bounds for dot in map(point_of, rows) if dot.upper is not None}
    return {(True,): BOUNDS, (False, True): BOTH}.get(tuple(sorted(kinds)), INTERVALS)


def name_find_rates(rows: list[Row]) -> str:
    """What a chart of find rates by type shows, and what is not on it."""
    return (
        f"Share of searches in which the item searched for was found, {name_limits(rows)}. Hollow points rest on fewer "
        f"than {SMALL_SEARCHES} searches. Groups with fewer than {FEWEST_DRAWN} searches are in the table only."
    )


def chart_by_type(rows: list[Row]) -> Layout:
    """The same, a small panel for each type of search, on one scale."""
    measure = rows[0].values["measure"]
    dots = {(_name_type(row), point.label): point for row in rows if (point := point_of(row))}
    return _lay_panels(_fill_panels(dots), Axis(_title(measure), _form(measure)))


def chart_by_age(panels: dict[str, list[Row]]) -> Layout:
    """Search rates of each group, a small panel for each age and sex, on one scale."""
    dots = {
        (name, dot.label): dot
        for name, rows in panels.items()
        for row in rows
        if (dot := dot_of(row, _name_group(row.values["ethnic_group"]), style=rate))
    }
    return _lay_panels(_fill_panels(dots), Axis(_title(SEARCH_RATE.name), RATE))


def _lay_panels(dots: dict[tuple[str, str], Dot], axis: Axis) -> Layout:
    kinds = list(dict.fromkeys(kind for kind, _ in dots))

    def lay_out(width: int) -> Spec:
        columns = 1 if is_narrow(width) else min(2, len(kinds))
        left = 16 + 7 * max(len(dot.label) for dot in dots.values())
        inner = (width - 8 - left - GAP * (columns - 1)) // columns  # names are beside the first column alone
        places = [
            name_row(replace(dot, tip=f"{kind}, {dot.tip or f'{dot.label}: {dot.why}'}"), width) | {"type": kind}
            for (kind, _), dot in dots.items()
        ]
        layers = draw_rows(places, axis, width=inner, names="beside")
        panel = overlay(*layers, width=inner, height=PANEL_STEP * len(dots) // len(kinds))
        return _facet(panel, kinds, columns)

    return lay_out


def _fill_panels(dots: dict[tuple[str, str], Dot]) -> dict[tuple[str, str], Dot]:
    """Each panel with the same groups: one that is not drawn says why."""
    groups = [group for group in map(_name_group, FACET_GROUPS) if any(group == label for _, label in dots)]
    kinds = dict.fromkeys(kind for kind, _ in dots)
    return {(kind, group): dots.get((kind, group), Dot(group, why=TOO_FEW)) for kind in kinds for group in groups}


def _name_type(row: Row) -> str:
    return SEARCH_TYPES.get(row.values["search_type"], GROUPS[ALL])


def _name_group(group: str) -> str:
    return GROUPS.get(group, group)


def _facet(panel: Spec, kinds: list[str], columns: int) -> Spec:
    """A panel a type, one beside the other."""
    facet = alt.FacetFieldDef(
        field="type",
        type="nominal",
        title=None,
        sort=kinds,
        header=alt.Header(labelFontSize=13, labelFontWeight="bold", labelColor=INK, labelAnchor="start"),
    )
    inner = {name: panel.pop(name) for name in ("layer", "width", "height")}
    panel.pop("autosize")  # panels are as wide as they say
    spacing = {"row": 14, "column": GAP}
    return {**panel, "spec": inner, "facet": facet.to_dict(validate=False), "columns": columns, "spacing": spacing}


def point_of(row: Row) -> Dot:
    """What a rate is drawn from: its place on the axis, and its interval, range or bounds."""
    return dot_of(row, _name_group(row.values["ethnic_group"]), style=style_of(row.values["measure"]))


def print_rate(row: Row, column: str = "value") -> Figure | str:
    """A rate in its measure's way of printing; nothing where there is no value."""
    if row.values[column] is None:
        return ""
    return style_of(row.values["measure"])(row, column)


def _place(group: str) -> int:
    return FACET_GROUPS.index(group) if group in FACET_GROUPS else len(FACET_GROUPS)


def _form(measure: str) -> str:
    return RATE if BY_NAME[measure].is_per_residents else SHARE


def _title(measure: str) -> str:
    if BY_NAME[measure].is_per_residents:
        return "Searches per 1,000 residents a year"
    return "Share of finds" if BY_NAME[measure] in AFTER_FIND else "Share of searches"
