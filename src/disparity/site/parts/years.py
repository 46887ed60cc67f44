"""Years: what changed since the year before."""

from disparity.analysis.measures.entries import FIND_RATE, SEARCH_RATE
from disparity.analysis.reasons.rate_gaps import FIND_RATE_CHANGE
from disparity.site.cells import GROUPS, KNOWN_GROUPS, Table, cross, rate_cell, tabulate, value_cell
from disparity.site.charts.interval_dots import chart_dots, dot_of
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.over_time import has_year_before
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart
from disparity.site.parts.months import LINES
from disparity.site.published_figures import Row, signed_points, style_of
from disparity.vocabulary.codes import ALL

# Measure → form of its axis, title of its axis, headline.
DRAWN = {
    SEARCH_RATE.name: ("rate", "Searches per 1,000 residents a year", "Search rates in both years"),
    FIND_RATE.name: ("share", "Share of searches", "Find rates in both years"),
}


def draw_years(evidence: Evidence) -> list[Chart]:
    """Draw each rate of the year before above that of the year; nothing where a whole year is not held before it."""
    if not has_year_before(evidence) or evidence.previous is None:
        return []
    charts = (_draw(evidence.previous, evidence, measure) for measure in DRAWN)
    return [chart for chart in charts if chart]


def _draw(before: Evidence, now: Evidence, measure: str) -> Chart | None:
    form, title, headline = DRAWN[measure]
    style = style_of(measure)
    rows = {
        group: [each.estimate(measure, group) for each in (before, now)]
        for group in (ALL, *LINES)
        if all((row := each.estimate(measure, group)) and row.values["value"] is not None for each in (before, now))
    }
    if not rows:
        return None
    dots = [
        dot_of(row, f"{GROUPS[group]}, {each.period_name}", style=style)
        for group, both in rows.items()
        for row, each in zip(both, (before, now), strict=True)
    ]
    residents = name_residents(before, now) if measure == SEARCH_RATE.name else ""
    return Chart(
        headline=(headline,),
        subtitle=f"{title}, with 95% confidence intervals, {now.name}, {before.period_name} and {now.period_name}",
        sketch=sketch(chart_dots(dots, title=title, form=form), name=f"years-{measure.replace('_', '-')}"),
        table=tabulate(
            f"years-{measure.replace('_', '-')}",
            f"{title}, {before.period_name} and {now.period_name}",
            ("Ethnic group", before.period_name.capitalize(), now.period_name.capitalize()),
            ((GROUPS[group], *(rate_cell(row, style) for row in both)) for group, both in rows.items()),
        ),
        residents=residents,
    )


def tabulate_changes(evidence: Evidence) -> Table:
    """The change of each group's find rate since the year before, in its parts."""
    columns = {
        "change": "Change of the find rate, percentage points",
        "rate_effect": "of which: more or less found in the same type of search",
        "mix_effect": "of which: searched for other things",
    }

    def find(group: str, part: str) -> Row | None:
        return evidence.row("reasons", FIND_RATE_CHANGE, group, part)

    return tabulate(
        "changes",
        f"Find rates against the year before, {evidence.period_name}",
        ("Ethnic group", *columns.values()),
        cross(
            {group: title for group, title in KNOWN_GROUPS.items() if find(group, "change")},
            columns,
            lambda group, part: value_cell(find(group, part), signed_points),
        ),
    )
