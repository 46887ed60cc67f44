"""Why: what the ratio of search rates rests on, and what could make differences look larger or smaller."""

from typing import Any

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.residents import NEEDED, RESIDENTS
from disparity.analysis.reasons.scenario_rows import ALL_GROUP, ALL_REFERENCE
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.analysis.reasons.veil_of_darkness import (
    CLOCK_CHANGE_ODDS,
    DARK_ODDS,
    VEIL_OF_DARKNESS,
    WITHIN_MONTH_ODDS,
)
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT
from disparity.site.cells import (
    TYPES,
    Cell,
    Table,
    compared_cell,
    cross,
    figure_cell,
    mark_cell,
    tabulate,
    value_cell,
)
from disparity.site.charts.interval_dots import chart_dots, dot_of
from disparity.site.charts.specification import sketch
from disparity.site.findings.areas import are_by_coordinates, has_places
from disparity.site.findings.assumptions import (
    NOT_KNOWN,
    SCENARIOS,
    Assumption,
    choose_compared,
    list_assumptions,
    say_finding,
    say_like_with_like,
    say_range,
)
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.ranges import name_verdict
from disparity.site.findings.reasons import say_ages, say_not_aged, say_not_placed
from disparity.site.findings.residents import name_residents, say_needed
from disparity.site.findings.search_rates import has_no_unknown
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, Style, count, rate, ratio, say, signed_points
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import start_sentence

# Name of a table → analysis, caption, and component → how it is printed, and how its column reads.
ANALYSES: dict[str, tuple[str, str, dict[str, tuple[Style, str]]]] = {
    "gaps": (
        FIND_RATE_GAP,
        "Differences in find rates by their parts",
        {
            "gap": (signed_points, "Difference from White, percentage points"),
            "rate_effect": (signed_points, "of which: less or more is found in the same type of search"),
            "mix_effect": (signed_points, "of which: searched for other things"),
        },
    ),
    "areas": (
        RATIO_OVER_AREAS,
        "Ratios of search rates by where people live",
        {
            "crude": (ratio, "Ratio to White, whole force"),
            "within": (ratio, "of which: within areas"),
            "between": (ratio, "of which: between areas"),
        },
    ),
    "standardised": (
        AGE_SEX_STANDARDISED,
        "Search rates standardised by age and sex",
        {
            "rate": (rate, "Searches per 1,000 residents a year, as if all groups had the same ages and sexes"),
            "ratio": (ratio, "Ratio to White, so standardised"),
        },
    ),
}
EXTREMES = (ALL_REFERENCE, ALL_GROUP)
IN_RANGE = {True: "Yes", False: "No"}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on reasons of a force."""
    latest = edition.evidence[force][0]
    compared = choose_compared(latest)
    group = compared.values["ethnic_group"] if compared else ""
    return Part(
        "parts/reasons.html",
        {
            "people": PEOPLE.get(group, ""),
            "is_stated": bool(compared and compared.values["verdict"] in {HIGHER, LOWER}),
            "range": say_range(compared) if compared else (),
            "alike": say_like_with_like(latest, compared) if compared else (),
            "not_placed": say_not_placed(latest, group),
            "chart": _draw_assumptions(latest, compared) if compared else None,
            "needed": say_needed(latest, group),
            "residents": _tabulate_residents(latest),
            "no_unknown": has_no_unknown(latest),
            "extremes": _tabulate_extremes(latest),
            "ages": say_ages(latest, group) if group else (),
            "not_aged": say_not_aged(latest, group) if group else (),
            "has_areas": has_places(latest),
            "by_coordinates": are_by_coordinates(latest),
            "finds_compared": bool(latest.tested("find_rate")),
            "finds_stated": any(verdict in {HIGHER, LOWER} for _, _, verdict in latest.tested("find_rate")),
            "clusters": _tabulate_clusters(latest),
            "verdicts": _tabulate_verdicts(latest),
            "has_verdict": any(
                key[0] == COMBINED_VERDICT and not str(row.values["note"]).startswith("not available")
                for key, row in latest.rows("reasons").items()
            ),
            "darkness": _tabulate_darkness(latest),
        }
        | _pick_findings(edition, force, group)
        | {name: _tabulate(latest, name) for name in ANALYSES},
    )


def _pick_findings(edition: Edition, force: str, group: str) -> dict[str, Any]:
    """Findings of each explanation; of the group in the chart first, as its sentence is the section's answer."""
    kinds = {"thresholds": "combined_verdict", "unknown": "scenarios", "types": "find_rate_gap", "places": "areas"}
    people = PEOPLE.get(group, "").split(" ")[0]
    picked = {name: edition.findings_of(force, kind) for name, kind in kinds.items()}
    for found in picked.values():
        found.sort(key=lambda finding: not any(people and people in str(part) for part in finding.sentence))
    return picked | {"unplaced": edition.findings_of(force, "unplaced")}


def _draw_assumptions(evidence: Evidence, compared: Row) -> Chart:
    """The ratio of one group as published and under each assumption, the range shaded behind."""
    group, values = compared.values["ethnic_group"], compared.values
    listed = list_assumptions(evidence, group)
    dots = [dot_of(each.rows.get(group), each.label, style=ratio, column=each.column, why=NOT_KNOWN) for each in listed]
    has_range = values["range_lower"] is not None and values["range_upper"] is not None
    title = "Times the rate of White people"
    return Chart(
        headline=(say_finding(compared),),
        subtitle=f"Search rate of {PEOPLE[group]} as times that of White people, by what is assumed, {evidence.name}, "
        f"{evidence.period_name}",
        sketch=sketch(
            chart_dots(
                dots,
                title=title,
                reference=1,
                reference_name="same rate",
                shaded=(values["range_lower"], values["range_upper"]) if has_range else None,
            ),
            name="why",
        ),
        table=_tabulate_assumptions(evidence, listed, group),
        residents=name_residents(evidence),
    )


def _tabulate_assumptions(evidence: Evidence, listed: list[Assumption], drawn: str) -> Table:
    """The same for every group; of the group drawn with its intervals."""
    groups = [group for group in COMPARED_GROUPS if group in listed[0].rows]

    def fill(each: Assumption, group: str) -> Cell:
        row = each.rows.get(group)
        if group != drawn or row is None:
            return figure_cell(row, each.column, ratio)
        ends = [f"{each.column}_{end}" if each.column == "ratio" else end for end in ("lower", "upper")]
        limits = (
            () if None in (row.values[end] for end in ends) else say("{} to {}", *(ratio(row, end) for end in ends))
        )
        return Cell((ratio(row, each.column),), limits)

    return tabulate(
        "assumptions",
        f"Ratio of search rates to White, by what is assumed, {evidence.period_name}",
        ("What is assumed", *groups, "Used for the range"),
        (
            (each.label, *(fill(each, group) for group in groups), IN_RANGE[each.is_in_range])
            for each in listed
            if each.rows
        ),
    )


def _tabulate(evidence: Evidence, name: str) -> Table:
    """One row for each group that has the analysis, one column for each of its components."""
    analysis, caption, columns = ANALYSES[name]

    def fill(group: str, component: str) -> Cell:
        if component == "gap":  # the difference that is compared: it has one range on every page
            return compared_cell(evidence.row("comparisons", "find_rate", group, ALL), "difference", signed_points)
        return value_cell(evidence.row("reasons", analysis, group, component), columns[component][0])

    return tabulate(
        name,
        f"{caption}, {evidence.period_name}",
        ("Ethnic group", *(title for _, title in columns.values())),
        cross({group: group for group in _list_groups(evidence, analysis, *columns)}, columns, fill),
    )


def _list_groups(evidence: Evidence, analysis: str, *components: str) -> list[str]:
    """The groups that the analysis has any of the components of."""
    return [
        group for group in COMPARED_GROUPS if any(evidence.row("reasons", analysis, group, name) for name in components)
    ]


def _tabulate_residents(evidence: Evidence) -> Table:
    """How many residents of each group there are on each count, and how many would make the rates equal."""
    counts = {base: row for (base, group), row in evidence.rows("population").items() if group == ALL}
    return tabulate(
        "residents-counted",
        f"Residents of each ethnic group, {evidence.period_name}",
        (
            "Ethnic group",
            *(start_sentence(row.values["population_base"]) for row in counts.values()),
            "Needed for equal rates",
        ),
        (
            (
                group,
                *(figure_cell(evidence.row("population", base, group), "population", count) for base in counts),
                mark_cell(NOT_APPLICABLE)
                if group == REFERENCE_GROUP
                else figure_cell(evidence.row("reasons", RESIDENTS, group, NEEDED), "value", count),
            )
            for group in ETHNIC_GROUPS
            if counts and (group == REFERENCE_GROUP or evidence.row("reasons", RESIDENTS, group, NEEDED))
        ),
    )


def _tabulate_extremes(evidence: Evidence) -> Table:
    """What would come out if everybody of unknown ethnicity were of one group: not plausible, so in no range."""
    groups = [] if has_no_unknown(evidence) else _list_groups(evidence, SCENARIO, *EXTREMES)
    return tabulate(
        "extremes",
        f"Ratio of search rates to White if all unknown were of one group, {evidence.period_name}",
        ("Searches of unknown ethnicity", *groups),
        cross(
            {name: SCENARIOS[name].format("this group") for name in EXTREMES if groups},
            groups,
            lambda name, group: figure_cell(evidence.row("reasons", SCENARIO, group, name), "value", ratio),
        ),
    )


def _tabulate_clusters(evidence: Evidence) -> Table:
    """How much more each ratio varies than if searches came one by one, where that is known."""
    known = [
        (group, row)
        for group in COMPARED_GROUPS
        if (row := evidence.row("comparisons", "search_rate", group, ALL)) and row.values["design_effect"] is not None
    ]
    return tabulate(
        "clusters",
        f"Variation of searches that come together, {evidence.period_name}",
        ("Ethnic group", "Variation, times that of single searches"),
        ((group, Cell((rate(row, "design_effect"),))) for group, row in known),
    )


def _tabulate_verdicts(evidence: Evidence) -> Table:
    """Search rate and find rate read together, in the words of their verdicts, for each group and type tested."""
    kinds = {kind: title for kind, title in TYPES.items() if kind != "drugs_unspecified"}

    def read(measure: str, group: str, kind: str) -> str:
        row = evidence.row("comparisons", measure, group, kind)
        return name_verdict(row) if row else "Not compared"

    return tabulate(
        "verdicts",
        f"Search rate and find rate read together, each against White people, {evidence.period_name}",
        ("Ethnic group", "Searched for", "Search rate", "Find rate", "Together"),
        (
            (
                *(group, title),
                *(read(measure, group, kind) for measure in ("search_rate", "find_rate")),
                start_sentence(str(row.values["note"])),
            )
            for kind, title in kinds.items()
            for group in COMPARED_GROUPS
            if (row := evidence.row("reasons", COMBINED_VERDICT, group, kind))
            and (kind == ALL or not str(row.values["note"]).startswith("not available"))
        ),
    )


def _tabulate_darkness(evidence: Evidence) -> Table:
    """Only where the project asks for it; a group that is not tested says why."""
    columns = {
        DARK_ODDS: "At the same time of the clock",
        WITHIN_MONTH_ODDS: "and in the same month",
        CLOCK_CHANGE_ODDS: "around a change of the clocks",
    }

    def fill(group: str, component: str) -> Cell:
        return value_cell(evidence.row("reasons", VEIL_OF_DARKNESS, group, component), ratio)

    return tabulate(
        "darkness",
        f"Odds that a search is of the group, in the dark against in the light, {evidence.period_name}",
        ("Ethnic group", *columns.values(), "Why there is no figure"),
        (
            (group, *(fill(group, component) for component in columns), _say_untested(row))
            for group in COMPARED_GROUPS
            if (row := evidence.row("reasons", VEIL_OF_DARKNESS, group, DARK_ODDS))
        ),
    )


def _say_untested(row: Row) -> str:
    return start_sentence(str(row.values["note"])) if row.values["value"] is None else "–"
