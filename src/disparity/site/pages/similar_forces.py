"""Compared with similar forces: where a force lies among its like, and how little a rank says."""

from disparity.analysis.peers.rates import SEARCH_RATE_RATIO
from disparity.site.charts.funnel import chart_funnel
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.peers import choose_set, name_set
from disparity.site.pages.page import (
    Cell,
    Chart,
    Edition,
    Page,
    Table,
    figure_cell,
    interval_cell,
    mark_cell,
    period_name,
    rate_cell,
    text_cell,
)
from disparity.site.published_figures import Row, count, percentage, rate, ratio
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, PEOPLE
from disparity.vocabulary.statuses import NOT_APPLICABLE, NOT_AVAILABLE

POSITIONS = {
    "within": "within 95%",
    "above_95": "above 95%",
    "above_998": "above 99.8%",
    "below_95": "below 95%",
    "below_998": "below 99.8%",
}
TITLES = {
    SEARCH_RATE_RATIO: "Ratio of search rates of {group} to White people",
    "find_rate": "Find rate, all searches",
}


def build_page(edition: Edition, force: str) -> Page:
    """Build the page that sets a force beside others."""
    latest = edition.evidence[force][0]
    compared_with = choose_set(latest)
    shown = _choose_figures(latest, compared_with)
    return Page(
        template="similar_forces.html",
        title="Compared with similar forces",
        context={
            "period": period_name(latest.period),
            "findings": edition.findings_of(force, "peers_outside", "peers_within"),
            "set_name": name_set(compared_with) if compared_with else "",
            "pooled": _tabulate_pooled(latest, compared_with) if compared_with else None,
            "charts": [chart for key in shown if (chart := _draw_funnel(edition, latest, key))],
            "tables": [
                _tabulate_forces(edition, latest, key) for key in shown if latest.rows("peers")[key].values["position"]
            ],
        },
    )


def _choose_figures(evidence: Evidence, compared_with: str | None) -> list[tuple[str, str, str]]:
    """Give the measures and groups that the set has a value of for this force."""
    keys = [(SEARCH_RATE_RATIO, group) for group in COMPARED_GROUPS] + [("find_rate", ALL)]
    return [
        (*key, compared_with)
        for key in keys
        if compared_with and (row := evidence.row("peers", *key, compared_with)) and row.values["value"] is not None
    ]


def _list_set(edition: Edition, evidence: Evidence, key: tuple[str, str, str]) -> list[Row]:
    return [
        row
        for row in edition.tables["peers"]
        if (row.values["measure"], row.values["ethnic_group"], row.values["compared_with"]) == key
        and (row.values["period_from"], row.values["period_to"]) == evidence.period
    ]


def _draw_funnel(edition: Edition, evidence: Evidence, key: tuple[str, str, str]) -> Chart | None:
    rows = _list_set(edition, evidence, key)
    own = evidence.rows("peers")[key]
    if own.values["lower_95"] is None:
        return None
    measure, group, compared_with = key
    title = TITLES[measure].format(group=PEOPLE[group])
    name = f"funnel-{measure.replace('_', '-')}-{group.lower()}"
    return Chart(
        name=name,
        headline=(f"{title}: {evidence.name} among {name_set(compared_with)}",),
        subtitle=f"Each point is a force; the lines hold 95% and 99.8% of forces that differ as these do, "
        f"{period_name(evidence.period)}",
        sketch=sketch(chart_funnel(rows, force=evidence.force, name=evidence.name), name=name),
        table=_tabulate_forces(edition, evidence, key),
    )


def _tabulate_pooled(evidence: Evidence, compared_with: str) -> Table:
    def pooled(measure: str, group: str) -> Row | None:
        return evidence.row("pooled", measure, group, compared_with)

    return Table(
        caption=f"{evidence.name} and {name_set(compared_with)} taken together, {period_name(evidence.period)}",
        head=(
            "Ethnic group",
            "Searches per 1,000 residents a year, this force",
            "the set",
            "Ratio to White, this force",
            "the set",
        ),
        rows=tuple(
            (
                text_cell("All searches" if group == ALL else group),
                rate_cell(evidence.estimate("search_rate", group), rate),
                _pooled_cell(pooled("search_rate", group), is_ratio=False),
                *(
                    (
                        interval_cell(evidence.row("comparisons", "search_rate", group, ALL), "ratio", ratio),
                        _pooled_cell(pooled(SEARCH_RATE_RATIO, group), is_ratio=True),
                    )
                    if group in COMPARED_GROUPS
                    else (mark_cell(NOT_APPLICABLE),) * 2
                ),
            )
            for group in (ALL, *ETHNIC_GROUPS)
        ),
        name="pooled",
    )


def _pooled_cell(row: Row | None, *, is_ratio: bool) -> Cell:
    style = ratio if is_ratio else rate
    if row is None or row.values["value"] is None:
        return mark_cell(NOT_AVAILABLE)
    limits = (style(row, "lower"), " to ", style(row, "upper")) if row.values["upper"] is not None else ()
    return Cell((style(row, "value"),), limits)


def _tabulate_forces(edition: Edition, evidence: Evidence, key: tuple[str, str, str]) -> Table:
    """Forces in order of their names: a rank is given with its uncertainty, and never orders the table."""
    measure, group, _ = key
    style = ratio if measure == SEARCH_RATE_RATIO else percentage
    rows = sorted(_list_set(edition, evidence, key), key=lambda row: edition.name_of(row.values["force"]))
    return Table(
        caption=f"{TITLES[measure].format(group=PEOPLE[group])}, {period_name(evidence.period)}",
        head=("Force", "Value", "Among the others", "Rank that chance leaves open", "Estimate drawn to the others"),
        rows=tuple(
            (
                text_cell(edition.name_of(row.values["force"])),
                figure_cell(row, "value", style),
                text_cell(POSITIONS.get(row.values["position"], "not compared")),
                _rank_cell(row),
                _drawn_cell(row, measure),
            )
            for row in rows
        ),
        name=f"forces-{measure.replace('_', '-')}-{group.lower()}",
    )


def _rank_cell(row: Row) -> Cell:
    if row.values["rank"] is None:
        return mark_cell(NOT_AVAILABLE)
    return Cell((count(row, "rank_lower"), " to ", count(row, "rank_upper"), " of ", count(row, "measured_forces")))


def _drawn_cell(row: Row, measure: str) -> Cell:
    style = ratio if measure == SEARCH_RATE_RATIO else percentage
    if row.values["pooled_value"] is None:
        return mark_cell(NOT_AVAILABLE)
    return Cell((style(row, "pooled_value"),), (style(row, "pooled_lower"), " to ", style(row, "pooled_upper")))
