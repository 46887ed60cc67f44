"""Drugs: how much of searching is for possession alone, what it finds, and in whose searches."""

from datetime import date

from disparity.analysis.comparisons import HIGHER, LOWER, UNCLEAR
from disparity.site.charts.by_group import FACET_GROUPS, FIND_RATES_BY_TYPE, chart_by_group, chart_by_type, pick_drawn
from disparity.site.charts.months import chart_months
from disparity.site.charts.specification import sketch
from disparity.site.findings.drugs import choose_kind
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
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
from disparity.site.published_figures import Row, Sentence, count, percentage, signed_points
from disparity.vocabulary.calendar import month_range, name_month
from disparity.vocabulary.codes import ALL, ITEMS, SEARCH_TYPES
from disparity.vocabulary.statuses import INCOMPLETE, NOT_AVAILABLE

# How the parts of drugs are named at the head of a column.
TITLES = {
    "drugs": "Drugs",
    "drugs_possession": "Possession",
    "drugs_supply": "Supply",
    "drugs_unspecified": "Not separated",
}
PARTS = ("drugs_possession", "drugs_supply")
FEWEST_MONTHS = 2
# A month without a file, in the line of months.
GAP = {"ethnic_group": ALL, "value": None, "status": INCOMPLETE}
WORDS = {"drugs": "drugs", "drugs_possession": "possession of drugs"}


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of drug searches of a force."""
    latest = edition.evidence[force][0]
    kinds = _list_kinds(latest)
    stated = edition.findings_of(force, "find_rate_type_stated")
    return Page(
        template="drugs.html",
        title="Drugs: possession and supply",
        context={
            "period": period_name(latest.period),
            "findings": edition.findings_of(force, "drugs", "drugs_share", "drugs_find_rates", "drugs_items"),
            "area_findings": edition.findings_of(force, "drugs_areas"),
            "is_split": choose_kind(latest) == "drugs_possession",
            "is_compared": any(_is_compared(latest, group, kind) for group in COMPARED_GROUPS for kind in kinds),
            "stated": [finding for finding in stated if finding.topic == "drugs"],
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
        name="drug-shares",
        headline=(f"Searches for {WORDS[kind]}, as a share of all searches of each group",),
        subtitle=f"Share of the group’s searches that were for {WORDS[kind]}, with 95% confidence intervals, by "
        f"self-defined ethnicity, {evidence.name}, {period_name(evidence.period)}",
        sketch=sketch(chart_by_group(rows), name="drug-shares"),
        table=_tabulate_groups(evidence, "type_share", kinds),
    )


def _tabulate_groups(evidence: Evidence, measure: str, kinds: list[str]) -> Table:
    """Shares are out of all searches of the group, which are shown once; find rates out of searches of the type."""
    is_share = measure == "type_share"
    title = "Share of searches that were for drugs" if is_share else "Find rate of drug searches"
    return Table(
        caption=f"{title}, by self-defined ethnicity, {period_name(evidence.period)}",
        head=("Ethnic group", *(["All searches"] if is_share else []), *(TITLES[kind] for kind in kinds)),
        rows=tuple(
            (
                text_cell("All searches" if group == ALL else group),
                *([figure_cell(evidence.estimate(measure, group, "drugs"), "denominator", count)] if is_share else []),
                *(
                    rate_cell(
                        evidence.estimate(measure, group, kind), percentage, with_count="" if is_share else "searches"
                    )
                    for kind in kinds
                ),
            )
            for group in FACET_GROUPS
        ),
        name=f"drug-{'shares' if is_share else 'find-rates'}",
    )


def _draw_rates(evidence: Evidence, kinds: list[str]) -> Chart | None:
    rows = [row for kind in kinds for group in FACET_GROUPS if (row := evidence.estimate("find_rate", group, kind))]
    drawn = pick_drawn(rows)
    if not drawn:
        return None
    names = "possession and supply, side by side" if len(kinds) > 1 else "drugs, by ethnic group"
    return Chart(
        name="drug-find-rates",
        headline=(f"Find rates of searches for {names}",),
        subtitle=f"{FIND_RATES_BY_TYPE} {evidence.name}, {period_name(evidence.period)}",
        sketch=sketch(chart_by_type(drawn), name="drug-find-rates"),
        table=_tabulate_groups(evidence, "find_rate", kinds),
    )


def _is_compared(evidence: Evidence, group: str, kind: str) -> bool:
    row = evidence.row("comparisons", "find_rate", group, kind)
    return row is not None and row.values["verdict"] in {HIGHER, LOWER, UNCLEAR}


def _tabulate_differences(evidence: Evidence, kinds: list[str]) -> Table | None:
    """Every difference that was tested: shares of searches first, then find rates."""
    titles = {"type_share": "Share of searches", "find_rate": "Find rate"}
    rows = [
        (title, evidence.rows("comparisons")[measure, group, kind])
        for measure, title in titles.items()
        for kind in kinds
        for group in COMPARED_GROUPS
        if (row := evidence.row("comparisons", measure, group, kind))
        and row.values["verdict"] in {HIGHER, LOWER, UNCLEAR}
    ]
    if not rows:
        return None
    return Table(
        caption=f"Drug searches compared with searches of White people, {period_name(evidence.period)}",
        head=("What", "Searched for", "Ethnic group", "Difference, percentage points", "Verdict"),
        rows=tuple(
            (
                text_cell(title),
                text_cell(SEARCH_TYPES[row.values["search_type"]]),
                text_cell(row.values["ethnic_group"]),
                interval_cell(row, "difference", signed_points),
                text_cell(row.values["verdict"].capitalize()),
            )
            for title, row in rows
        ),
        name="drug-differences",
    )


def _tabulate_items(evidence: Evidence) -> Table | None:
    """What was found against what was searched for, every type of search beside drugs."""

    def item(kind: str, code: str) -> Row | None:
        return evidence.part("item_found_share", "item_found", code, ALL, kind)

    kinds = [kind for kind in (ALL, *SEARCH_TYPES) if item(kind, "nothing")]
    # What is read first comes first: mostly nothing is found.
    order = sorted(ITEMS, key=lambda code: code != "nothing")
    codes = [code for code in order if (row := item(ALL, code)) and row.values["numerator"]]
    if not kinds:
        return None
    return Table(
        caption=f"What was found, by what was searched for, {period_name(evidence.period)}",
        head=("Searched for", "Searches", *(ITEMS[code] for code in codes)),
        rows=tuple(
            (
                text_cell(SEARCH_TYPES.get(kind, "All searches")),
                figure_cell(item(kind, "nothing"), "denominator", count),
                *(rate_cell(item(kind, code), percentage) for code in codes),
            )
            for kind in kinds
        ),
        name="drug-items",
    )


def _tabulate_areas(evidence: Evidence, measure: str, kinds: list[str]) -> Table | None:
    areas = evidence.categories(measure, "area")
    if not areas:
        return None
    is_share = measure == "type_share"
    title = "Share of searches that were for drugs" if is_share else "Find rate of drug searches"
    return Table(
        caption=f"{title}, by area, {period_name(evidence.period)}",
        head=("Area", *(TITLES[kind] for kind in kinds)),
        rows=tuple(
            (
                text_cell(area),
                *(
                    rate_cell(evidence.part(measure, "area", area, ALL, kind), percentage, with_count="searches")
                    for kind in kinds
                ),
            )
            for area in areas
        ),
        name=f"drug-areas-{measure.replace('_', '-')}",
    )


def _draw_months(edition: Edition, force: str, kinds: list[str]) -> Chart | None:
    """The share by month of all periods; a month without a file is a gap in the line."""
    latest, kind = edition.evidence[force][0], choose_kind(edition.evidence[force][0])
    first, last = edition.evidence[force][-1].period[0], latest.period[1]
    months = month_range(first, last)
    rows = {(month, of): _find_month(edition, force, month, of) for month in months for of in kinds}
    drawn = [
        Row(row.table, row.number, row.values | {"month": month, "span": name_month(month)})
        if row
        else Row("breakdowns", 0, {"month": month, "span": name_month(month), **GAP})
        for (month, of), row in rows.items()
        if of == kind
    ]
    if sum(row.values["value"] is not None for row in drawn) < FEWEST_MONTHS:
        return None
    headline: Sentence = (f"Searches for {WORDS[kind]} by month, as a share of all searches",)
    title = "Share of searches"
    return Chart(
        name="drug-months",
        headline=headline,
        subtitle=f"Share of each month’s searches that were for {WORDS[kind]}, all searches, {latest.name}, "
        f"{period_name((first, last))}. A month without a file is a gap. Small months jump by chance: the table has "
        "their intervals",
        sketch=sketch(chart_months(drawn, measure="type_share", title=title, stretches={}), name="drug-months"),
        table=Table(
            caption=f"Share of searches that were for drugs, by month, {period_name((first, last))}",
            head=("Month", *(TITLES[of] for of in kinds)),
            rows=tuple(
                (text_cell(name_month(month)), *(_month_cell(rows[month, of]) for of in kinds)) for month in months
            ),
            name="drug-months",
        ),
    )


def _find_month(edition: Edition, force: str, month: date, kind: str) -> Row | None:
    """The month's row, of whichever period it lies in."""
    rows = (
        evidence.part("type_share", "month", f"{month:%Y-%m}", ALL, kind)
        for evidence in edition.evidence[force]
        if evidence.period[0] <= month <= evidence.period[1]
    )
    return next(rows, None)


def _month_cell(row: Row | None) -> Cell:
    return rate_cell(row, percentage) if row else mark_cell(NOT_AVAILABLE)
