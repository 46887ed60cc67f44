"""Drugs: how much of searching is for possession alone, what it finds, and in whose searches."""

from disparity.site.cells import (
    KNOWN_GROUPS,
    TYPES,
    Cell,
    Table,
    compared_cell,
    cross,
    figure_cell,
    rate_cell,
    tabulate,
)
from disparity.site.charts.by_group import FACET_GROUPS, chart_by_type, name_find_rates, name_limits, pick_drawn
from disparity.site.charts.specification import sketch
from disparity.site.findings.drugs import PAGE, choose_kind
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import name_verdict, say_verdicts
from disparity.site.page import Chart, Edition, Part
from disparity.site.parts.by_group import draw_groups
from disparity.site.published_figures import Row, count, percentage, signed_points
from disparity.vocabulary.codes import ALL, ITEMS, SEARCH_TYPES

# How the parts of drugs are named at the head of a column.
TITLES = {
    "drugs": "Drugs",
    "drugs_possession": "Possession",
    "drugs_supply": "Supply",
    "drugs_unspecified": "Not separated",
}
CAPTIONS = {"type_share": "Share of searches that were for drugs", "find_rate": "Find rate of drug searches"}
PARTS = ("drugs_possession", "drugs_supply")
WORDS = {"drugs": "drugs", "drugs_possession": "possession of drugs"}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on drug searches of a force."""
    latest = edition.evidence[force][0]
    kinds = _list_kinds(latest)
    spoken = edition.findings_of(force, "find_rate_type_stated", "find_rate_type_unclear")
    return Part(
        "parts/drugs.html",
        {
            "headline": edition.findings_of(force, "drugs_found"),
            "share": edition.findings_of(force, "drugs"),
            "verdicts": say_verdicts(latest.tested("find_rate", "drugs"), "The find rate of drug searches"),
            "find_rates": edition.findings_of(force, "drugs_find_rates"),
            "stated": [finding for finding in spoken if finding.topic == PAGE],
            "share_verdicts": say_verdicts(
                latest.tested("type_share", choose_kind(latest)),
                f"The share of searches for {WORDS[choose_kind(latest)]}",
            ),
            "by_group": edition.findings_of(force, "drugs_share"),
            "found": edition.findings_of(force, "drugs_items"),
            "area_findings": edition.findings_of(force, "drugs_areas"),
            "shares": _draw_shares(latest, kinds),
            "rates": _draw_rates(latest, kinds),
            "differences": _tabulate_differences(latest, kinds),
            "items": _tabulate_items(latest),
            "areas": _tabulate_areas(latest, "type_share", kinds),
            "area_rates": _tabulate_areas(latest, "find_rate", kinds),
        },
    )


def _list_kinds(evidence: Evidence) -> list[str]:
    """Drugs, and its parts where the records separate them; those not separated where there are any."""
    if choose_kind(evidence) == "drugs":
        return ["drugs"]
    unspecified = evidence.estimate("type_share", ALL, "drugs_unspecified")
    has_rest = unspecified is not None and unspecified.values["numerator"] != 0
    return ["drugs", *PARTS, *(["drugs_unspecified"] if has_rest else [])]


def _draw_shares(evidence: Evidence, kinds: list[str]) -> Chart | None:
    """Each group's share of searches that are for possession, or for drugs where that is all there is."""
    kind = choose_kind(evidence)
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate("type_share", group, kind))]
    return draw_groups(
        "drug-shares",
        rows,
        (f"Searches that were for {WORDS[kind]}, by ethnic group",),
        f"Share of the searches of each ethnic group, {name_limits(rows)}, {evidence.name}, {evidence.period_name}",
        _tabulate_shares(evidence, kinds),
    )


def _tabulate_shares(evidence: Evidence, kinds: list[str]) -> Table:
    """Shares are out of all searches of the group, which are shown once."""
    return tabulate(
        "drug-shares",
        f"{CAPTIONS['type_share']}, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", "All searches", *(TITLES[kind] for kind in kinds)),
        (
            (
                title,
                figure_cell(evidence.estimate("type_share", group, "drugs"), "denominator", count),
                *(rate_cell(evidence.estimate("type_share", group, kind), percentage) for kind in kinds),
            )
            for group, title in KNOWN_GROUPS.items()
        ),
    )


def _draw_rates(evidence: Evidence, kinds: list[str]) -> Chart | None:
    """Find rates of possession and supply; those of drugs as one are in the chart of all types."""
    rows = [row for kind in kinds for group in FACET_GROUPS if (row := evidence.estimate("find_rate", group, kind))]
    drawn = pick_drawn(rows)
    if not drawn or kinds == ["drugs"]:
        return None
    return Chart(
        headline=("How often searches for possession and supply found drugs",),
        subtitle=f"{name_find_rates(drawn)} {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_type(drawn), name="drug-find-rates"),
        table=_tabulate_rates(evidence, kinds),
    )


def _tabulate_rates(evidence: Evidence, kinds: list[str]) -> Table:
    def fill(group: str, kind: str) -> Cell:
        return rate_cell(evidence.estimate("find_rate", group, kind), percentage, with_count="searches")

    return tabulate(
        "drug-find-rates",
        f"{CAPTIONS['find_rate']}, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", *(TITLES[kind] for kind in kinds)),
        cross(KNOWN_GROUPS, kinds, fill),
    )


def _tabulate_differences(evidence: Evidence, kinds: list[str]) -> Table:
    """Every difference that was tested: shares of searches first, then find rates."""
    titles = {"type_share": "Share of searches", "find_rate": "Find rate"}
    return tabulate(
        "drug-differences",
        f"Drug searches compared with searches of White people, {evidence.period_name}",
        ("What", "Searched for", "Ethnic group", "Difference, percentage points", "Verdict"),
        (
            (title, SEARCH_TYPES[kind], group, compared_cell(row, "difference", signed_points), name_verdict(row))
            for measure, title in titles.items()
            for kind in kinds
            for group, row, _ in evidence.tested(measure, kind)
        ),
    )


def _tabulate_items(evidence: Evidence) -> Table:
    """What was found against what was searched for, every type of search beside drugs."""

    def find(kind: str, item: str) -> Row | None:
        return evidence.part("item_found_share", "item_found", item, ALL, kind)

    # What is read first comes first: mostly nothing is found.
    order = sorted(ITEMS, key=lambda item: item != "nothing")
    items = [item for item in order if (row := find(ALL, item)) and row.values["numerator"]]
    return tabulate(
        "drug-items",
        f"What was found, by what was searched for, {evidence.period_name}",
        ("Searched for", "Searches", *(ITEMS[item] for item in items)),
        (
            (title, figure_cell(row, "denominator", count), *(rate_cell(find(kind, of), percentage) for of in items))
            for kind, title in TYPES.items()
            if (row := find(kind, "nothing"))
        ),
    )


def _tabulate_areas(evidence: Evidence, measure: str, kinds: list[str]) -> Table:
    def fill(area: str, kind: str) -> Cell:
        return rate_cell(evidence.part(measure, "area", area, ALL, kind), percentage, with_count="searches")

    return tabulate(
        f"drug-areas-{measure.replace('_', '-')}",
        f"{CAPTIONS[measure]}, by area, {evidence.period_name}",
        ("Area", *(TITLES[kind] for kind in kinds)),
        cross({area: area for area in evidence.categories(measure, "area")}, kinds, fill),
    )
