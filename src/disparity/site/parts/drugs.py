"""Drugs: how much of searching is for possession alone, what it finds, and in whose searches."""

from datetime import date

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
from disparity.site.charts.by_group import FACET_GROUPS, FIND_RATES_BY_TYPE, chart_by_group, chart_by_type, pick_drawn
from disparity.site.charts.months import chart_months, name_hollow
from disparity.site.charts.specification import sketch
from disparity.site.findings.drugs import PAGE, choose_kind
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import name_verdict
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, count, percentage, signed_points
from disparity.vocabulary.calendar import month_range, name_month, name_period
from disparity.vocabulary.codes import ALL, ITEMS, SEARCH_TYPES
from disparity.vocabulary.statuses import INCOMPLETE

# How the parts of drugs are named at the head of a column.
TITLES = {
    "drugs": "Drugs",
    "drugs_possession": "Possession",
    "drugs_supply": "Supply",
    "drugs_unspecified": "Not separated",
}
CAPTIONS = {"type_share": "Share of searches that were for drugs", "find_rate": "Find rate of drug searches"}
PARTS = ("drugs_possession", "drugs_supply")
FEWEST_MONTHS = 2
# A month without a file, in the line of months.
GAP = {"ethnic_group": ALL, "value": None, "status": INCOMPLETE}
WORDS = {"drugs": "drugs", "drugs_possession": "possession of drugs"}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on drug searches of a force."""
    latest = edition.evidence[force][0]
    kinds = _list_kinds(latest)
    stated = edition.findings_of(force, "find_rate_type_stated")
    return Part(
        "parts/drugs.html",
        {
            "findings": edition.findings_of(force, "drugs", "drugs_share", "drugs_find_rates", "drugs_items"),
            "area_findings": edition.findings_of(force, "drugs_areas"),
            "is_split": choose_kind(latest) == "drugs_possession",
            "is_compared": any(latest.tested("find_rate", kind) for kind in kinds),
            "stated": [finding for finding in stated if finding.topic == PAGE],
            "shares": _draw_shares(latest, kinds),
            "rates": _draw_rates(latest, kinds),
            "differences": _tabulate_differences(latest, kinds),
            "items": _tabulate_items(latest),
            "areas": _tabulate_areas(latest, "type_share", kinds),
            "area_rates": _tabulate_areas(latest, "find_rate", kinds),
            "months": _draw_months(edition, force, kinds),
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
    if not any(row.values["value"] is not None for row in rows):
        return None
    return Chart(
        headline=(f"Searches for {WORDS[kind]}, as a share of all searches of each group",),
        subtitle=f"Share of the group’s searches that were for {WORDS[kind]}, with 95% confidence intervals, by "
        f"self-defined ethnicity, {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_group(rows), name="drug-shares"),
        table=_tabulate_shares(evidence, kinds),
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
    rows = [row for kind in kinds for group in FACET_GROUPS if (row := evidence.estimate("find_rate", group, kind))]
    drawn = pick_drawn(rows)
    if not drawn:
        return None
    names = "possession and supply, side by side" if len(kinds) > 1 else "drugs, by ethnic group"

    def fill(group: str, kind: str) -> Cell:
        return rate_cell(evidence.estimate("find_rate", group, kind), percentage, with_count="searches")

    return Chart(
        headline=(f"Find rates of searches for {names}",),
        subtitle=f"{FIND_RATES_BY_TYPE} {evidence.name}, {evidence.period_name}",
        sketch=sketch(chart_by_type(drawn), name="drug-find-rates"),
        table=tabulate(
            "drug-find-rates",
            f"{CAPTIONS['find_rate']}, by self-defined ethnicity, {evidence.period_name}",
            ("Ethnic group", *(TITLES[kind] for kind in kinds)),
            cross(KNOWN_GROUPS, kinds, fill),
        ),
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


def _draw_months(edition: Edition, force: str, kinds: list[str]) -> Chart | None:
    """The share by month of all periods; a month without a file is a gap in the line."""
    latest, kind = edition.evidence[force][0], choose_kind(edition.evidence[force][0])
    first, last = edition.evidence[force][-1].period[0], latest.period[1]
    months = {month: name_month(month) for month in month_range(first, last)}
    rows = {(month, of): _find_month(edition, force, month, of) for month in months for of in kinds}
    drawn = [
        Row("breakdowns", row.number if row else 0, (row.values if row else GAP) | {"month": month, "span": name})
        for month, name in months.items()
        for row in [rows[month, kind]]
    ]
    if sum(row.values["value"] is not None for row in drawn) < FEWEST_MONTHS:
        return None
    spec = chart_months(drawn, measure="type_share", title="Share of searches", stretches={})
    return Chart(
        headline=(f"Searches for {WORDS[kind]} by month, as a share of all searches",),
        subtitle=f"Share of each month’s searches that were for {WORDS[kind]}, all searches, {latest.name}, "
        f"{name_period(first, last)}. A month without a file is a gap. Small months jump by chance: the table has "
        f"their intervals{name_hollow(drawn)}",
        sketch=sketch(spec, name="drug-months"),
        table=tabulate(
            "drug-months",
            f"{CAPTIONS['type_share']}, by month, {name_period(first, last)}",
            ("Month", *(TITLES[of] for of in kinds)),
            cross(months, kinds, lambda month, of: rate_cell(rows[month, of], percentage)),
        ),
    )


def _find_month(edition: Edition, force: str, month: date, kind: str) -> Row | None:
    """The month's row, of whichever period it lies in."""
    rows = (
        evidence.part("type_share", "month", f"{month:%Y-%m-%d}", ALL, kind)
        for evidence in edition.evidence[force]
        if evidence.period[0] <= month <= evidence.period[1]
    )
    return next(rows, None)
