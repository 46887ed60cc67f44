"""Deprivation: search rates by how deprived the neighbourhood is, and groups compared in the same fifths."""

from disparity.site.cells import Table
from disparity.site.charts.interval_dots import RATE, chart_dots, dot_of
from disparity.site.charts.specification import sketch
from disparity.site.findings.assumptions import choose_compared
from disparity.site.findings.deprivation import say_same_neighbourhood, say_unplaced_group
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.residents import RESIDENTS_OF, name_residents
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.areas import tabulate_rates, tabulate_ratios
from disparity.site.published_figures import Sentence, join, percentage, rate, say
from disparity.vocabulary.codes import PEOPLE, REFERENCE_GROUP, area_codes
from disparity.vocabulary.statuses import PARTIAL

# First letter of a force's area → by which indices its neighbourhoods are ranked.
INDICES = {"E": "the English indices of deprivation of 2025", "W": "the Welsh Index of Multiple Deprivation of 2019"}
FIFTHS: dict[str | int, str] = {
    1: "Most deprived fifth",
    2: "Second most deprived",
    3: "Middle fifth",
    4: "Second least deprived",
    5: "Least deprived fifth",
}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on deprivation; where there is nothing to show, it says why."""
    latest = edition.evidence[force][0]
    compared = choose_compared(latest)
    group = compared.values["ethnic_group"] if compared else "Black"
    rows = latest.rows("deprivation").values()
    has_rates = any(row.values["value"] is not None for row in rows)
    has_ratios = any(row.values["ratio"] is not None for row in rows)
    rates = tabulate_rates(latest, "deprivation", FIFTHS, "fifth of deprivation")
    findings = edition.findings_of(force, "deprivation")
    findings.sort(key=lambda finding: RESIDENTS_OF[group] not in "".join(map(str, finding.sentence)))
    return Part(
        "parts/deprivation.html",
        {
            "is_asked": bool(rows),
            "has_rates": has_rates,
            "is_partial": any(row.values["status"] == PARTIAL for row in rows),
            "no_place": _say_no_place(latest),
            "answer": findings[0].sentence if findings else say_unplaced_group(latest, group),
            "same_neighbourhood": say_same_neighbourhood(latest, group) if findings else (),
            "findings": findings[1:],
            "chart": _draw(latest, group, rates) if has_rates else None,
            "ratios": tabulate_ratios(latest, "deprivation", FIFTHS, "fifth of deprivation") if has_ratios else None,
            "index": INDICES.get(area_codes().get(force, "")[:1], ""),
        },
    )


def _say_no_place(evidence: Evidence) -> Sentence:
    """How many searches are in no place of the force, where that was asked."""
    row = evidence.row("quality", "area_not_known")
    if row is None or not row.values["rows"]:
        return ()
    told = say("For {} of searches no place in the force is known.", percentage(row, "share"))
    outside = evidence.row("quality", "coordinates_outside_force")
    if outside is None or not outside.values["rows"]:
        return told
    return join(told, say("Of those with coordinates, {} lie outside it.", percentage(outside, "share")))


def _draw(evidence: Evidence, group: str, table: Table) -> Chart:
    """The rates of one group and of White people, fifth by fifth."""
    rows = evidence.rows("deprivation")
    groups = (group, REFERENCE_GROUP)
    dots = [
        dot_of(rows.get((fifth, name)), f"{title}: {name}", style=rate)
        for fifth, title in FIFTHS.items()
        for name in groups
    ]
    is_partial = any(row.values["status"] == PARTIAL for row in rows.values())
    limits = "bounds: searches in no place could lie in any" if is_partial else "95% confidence intervals"
    return Chart(
        # No fifth stands for the others: in one the rates can be alike, and far apart in the next.
        headline=("Search rates by how deprived the neighbourhood is",),
        subtitle=f"Searches of {PEOPLE[group]} and of White people per 1,000 residents a year, by fifth of deprivation "
        f"of the neighbourhood where they were searched, with {limits}, {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_dots(dots, title="Searches per 1,000 residents a year", form=RATE), name="deprivation"),
        table=table,
        residents=name_residents(evidence),
    )
