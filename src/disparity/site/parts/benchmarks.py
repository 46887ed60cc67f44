"""Why: the ratio on residents beside the ratio on other populations, with what each takes for granted."""

from disparity.site.cells import Cell, Table, interval_cell, mark_cell, tabulate
from disparity.site.charts.interval_dots import Dot, chart_dots, dot_of
from disparity.site.charts.specification import sketch
from disparity.site.findings.benchmarks import choose_group, list_benchmarks
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, ratio
from disparity.vocabulary.codes import OFFICER_DEFINED, PEOPLE
from disparity.vocabulary.statuses import NOT_AVAILABLE


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on what searches are set against."""
    latest = edition.evidence[force][0]
    group, findings = choose_group(latest), edition.findings_of(force, "benchmarks")
    return Part(
        "parts/benchmarks.html",
        {
            "findings": findings,
            # A ratio of nothing, of few searches, is no ground for a picture.
            "benchmark_chart": _draw(latest, group) if findings else None,
            "ratios": _tabulate(latest),
            "assumed": [(_name(row), row.values["assumes"], _name_source(row)) for row in _list_first(latest)],
        },
    )


def _draw(evidence: Evidence, group: str) -> Chart:
    return Chart(
        headline=(f"{PEOPLE[group]}: it depends on the comparison",),
        subtitle=f"Searches of {PEOPLE[group]} for each of their number, as times those of White people, with 95% "
        f"confidence intervals, {evidence.name}, {evidence.period_name}. In no order of merit",
        sketch=sketch(
            chart_dots(
                [_place(row) for row in list_benchmarks(evidence, group)],
                title="Times that of White people",
                reference=1,
                reference_name="the same",
            ),
            name="benchmarks",
        ),
        table=_tabulate(evidence),
        residents=name_residents(evidence),
    )


def _place(row: Row) -> Dot:
    return dot_of(row, _name(row), style=ratio, column="ratio")


def _name(row: Row) -> str:
    """What searches are set against, with its year where that is another."""
    period = row.values["benchmark_period"]
    return str(row.values["title"]) if row.values["source"] == "population.csv" else f"{row.values['title']}, {period}"


def _name_source(row: Row) -> str:
    """Who counted it, and by whose word on ethnicity where that is not people's own."""
    basis = " Ethnicity as officers saw it." if row.values["ethnicity_basis"] == OFFICER_DEFINED else ""
    source = row.values["source"]
    return f"{basis}" if source == "population.csv" else f"{source}, {row.values['benchmark_period']}.{basis}"


def _list_first(evidence: Evidence) -> list[Row]:
    """One row of each benchmark, in the order of the table."""
    found: dict[str, Row] = {}
    for (benchmark, _), row in evidence.rows("benchmarks").items():
        found.setdefault(benchmark, row)
    return list(found.values())


def _tabulate(evidence: Evidence) -> Table:
    def fill(row: Row, group: str) -> Cell:
        own = evidence.row("benchmarks", row.values["benchmark"], group)
        return interval_cell(own, "ratio", ratio) if own else mark_cell(NOT_AVAILABLE)

    return tabulate(
        "benchmark-ratios",
        f"Ratio to White, by what searches are set against, {evidence.period_name}",
        ("Set against", *COMPARED_GROUPS),
        ((_name(row), *(fill(row, group) for group in COMPARED_GROUPS)) for row in _list_first(evidence)),
    )
