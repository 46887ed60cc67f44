"""Why: what could lie behind the differences, or make them look larger or smaller than they are."""

from collections.abc import Callable

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.dispersion import OVERDISPERSION
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.analysis.reasons.strata import FIND_RATE_GIVEN
from disparity.analysis.reasons.veil_of_darkness import (
    CLOCK_CHANGE_ODDS,
    DARK_ODDS,
    VEIL_OF_DARKNESS,
    WITHIN_MONTH_ODDS,
)
from disparity.analysis.reasons.verdicts import ASSUMPTION, COMBINED_VERDICT
from disparity.site.charts.scenarios import SCENARIOS, chart_scenarios
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.pages.page import (
    Cell,
    Chart,
    Edition,
    Page,
    Table,
    interval_cell,
    period_name,
    reason_cell,
    text_cell,
)
from disparity.site.published_figures import Figure, Row, rate, ratio, signed_points
from disparity.vocabulary.codes import ALL, PEOPLE, SEARCH_TYPES

# What the odds of a find are taken within → how the column reads.
GIVEN = {
    f"{FIND_RATE_GIVEN}search_type": "In the same type of search",
    f"{FIND_RATE_GIVEN}month": "In the same month",
    f"{FIND_RATE_GIVEN}area": "In the same area",
}
Style = Callable[[Row, str], Figure]


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of reasons of a force."""
    latest = edition.evidence[force][0]
    return Page(
        template="why.html",
        title="Why: what could lie behind the differences",
        context={
            "period": period_name(latest.period),
            "findings": edition.findings_of(force, "combined_verdict", "find_rate_gap", "areas"),
            "has_threshold": bool(edition.findings_of(force, "combined_verdict")),
            "has_verdict": any(
                key[0] == COMBINED_VERDICT and not str(row.values["note"]).startswith("not available")
                for key, row in latest.rows("reasons").items()
            ),
            "assumption": ASSUMPTION,
            "verdicts": _tabulate_verdicts(latest),
            "scenario_findings": edition.findings_of(force, "scenarios"),
            "chart": _draw_scenarios(latest),
            "scenarios": _tabulate_scenarios(latest),
            "gaps": _tabulate_gaps(latest),
            "strata": _tabulate_strata(latest),
            "areas": _tabulate_parts(latest),
            "unplaced": edition.findings_of(force, "unplaced"),
            "has_areas": bool(latest.rows("areas")),
            "by_coordinates": edition.settings.areas is not None,
            "standardised": _tabulate_standardised(latest),
            "cluster_findings": edition.findings_of(force, "clusters"),
            "clusters": _tabulate_clusters(latest),
            "darkness": _tabulate_darkness(latest),
        },
    )


def _tabulate(
    evidence: Evidence, caption: str, analysis: str, columns: dict[str, tuple[str, Style]], *, name: str
) -> Table | None:
    """One row for each group that has the analysis, one column for each of its components."""
    groups = [
        group
        for group in COMPARED_GROUPS
        if any(evidence.row("reasons", analysis, group, component) for component in columns)
    ]
    if not groups:
        return None
    return Table(
        caption=f"{caption}, {period_name(evidence.period)}",
        head=("Ethnic group", *(title for title, _ in columns.values())),
        rows=tuple(
            (
                text_cell(group),
                *(
                    reason_cell(evidence, (analysis, group, component), style)
                    for component, (_, style) in columns.items()
                ),
            )
            for group in groups
        ),
        name=name,
    )


def _tabulate_verdicts(evidence: Evidence) -> Table | None:
    """Search rate and find rate side by side for each group and, where both are tested, each type of search."""
    kinds = [ALL, *(kind for kind in SEARCH_TYPES if kind != "drugs_unspecified")]
    rows = [
        (group, kind, row)
        for kind in kinds
        for group in COMPARED_GROUPS
        if (row := evidence.row("reasons", COMBINED_VERDICT, group, kind))
        and (kind == ALL or not str(row.values["note"]).startswith("not available"))
    ]
    if not rows:
        return None
    return Table(
        caption=f"Search rate and find rate read together, {period_name(evidence.period)}",
        head=(
            "Ethnic group",
            "Searched for",
            "Ratio of search rates to White",
            "Difference of find rates from White, percentage points",
            "Together",
        ),
        rows=tuple(
            (
                text_cell(group),
                text_cell("All searches" if kind == ALL else SEARCH_TYPES[kind]),
                interval_cell(evidence.row("comparisons", "search_rate", group, kind), "ratio", ratio),
                interval_cell(evidence.row("comparisons", "find_rate", group, kind), "difference", signed_points),
                text_cell(_capital(str(row.values["note"]))),
            )
            for group, kind, row in rows
        ),
        name="verdicts",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _draw_scenarios(evidence: Evidence) -> Chart | None:
    """The scenarios of the group whose stated ratio is furthest from equal rates."""
    stated = [
        row
        for group in COMPARED_GROUPS
        if (row := evidence.row("comparisons", "search_rate", group, ALL)) and row.values["verdict"] in {HIGHER, LOWER}
    ]
    if not stated:
        return None
    furthest = max(stated, key=lambda row: max(row.values["ratio"], 1 / row.values["ratio"]))
    group = furthest.values["ethnic_group"]
    rows = [row for name in SCENARIOS if (row := evidence.row("reasons", SCENARIO, group, name))]
    if not rows:
        return None
    return Chart(
        name="scenarios",
        headline=(f"What the searches of unknown ethnicity could change: {PEOPLE[group]}",),
        subtitle=f"Ratio of search rates to White by how searches of unknown ethnicity are counted, {evidence.name}, "
        f"{period_name(evidence.period)}. The interval of chance stands beside, not around, the scenarios.",
        sketch=sketch(chart_scenarios(rows), name="scenarios"),
        table=_tabulate_scenarios(evidence),
    )


def _tabulate_scenarios(evidence: Evidence) -> Table:
    groups = [
        group for group in COMPARED_GROUPS if any(evidence.row("reasons", SCENARIO, group, name) for name in SCENARIOS)
    ]
    return Table(
        caption=f"Ratio of search rates to White, by how searches of unknown ethnicity are counted, "
        f"{period_name(evidence.period)}",
        head=("Searches of unknown ethnicity", *groups),
        rows=tuple(
            (text_cell(title.format("this group")), *(_scenario_cell(evidence, group, name) for group in groups))
            for name, title in SCENARIOS.items()
        ),
        name="scenarios",
    )


def _scenario_cell(evidence: Evidence, group: str, name: str) -> Cell:
    row = evidence.row("reasons", SCENARIO, group, name)
    if row is not None and row.values["value"] is None and str(row.values["note"]).startswith("not used"):
        return text_cell(_capital(str(row.values["note"])))
    return reason_cell(evidence, (SCENARIO, group, name), ratio)


def _tabulate_gaps(evidence: Evidence) -> Table | None:
    columns: dict[str, tuple[str, Style]] = {
        "gap": ("Difference from White, percentage points", signed_points),
        "rate_effect": ("of which: less or more is found in the same type of search", signed_points),
        "mix_effect": ("of which: searched for other things", signed_points),
    }
    return _tabulate(evidence, "Differences in find rates by their parts", FIND_RATE_GAP, columns, name="gaps")


def _tabulate_strata(evidence: Evidence) -> Table | None:
    groups = [
        group
        for group in COMPARED_GROUPS
        if any(evidence.row("reasons", given, group, "odds_ratio") for given in GIVEN)
    ]
    given = [name for name in GIVEN if any(evidence.row("reasons", name, group, "odds_ratio") for group in groups)]
    if not groups:
        return None
    return Table(
        caption=f"Odds of a find against searches of White people, {period_name(evidence.period)}",
        head=("Ethnic group", "All searches", *(GIVEN[name] for name in given)),
        rows=tuple(
            (
                text_cell(group),
                reason_cell(evidence, (given[0], group, "crude_odds_ratio"), ratio),
                *(reason_cell(evidence, (name, group, "odds_ratio"), ratio) for name in given),
            )
            for group in groups
        ),
        name="strata",
    )


def _tabulate_parts(evidence: Evidence) -> Table | None:
    columns: dict[str, tuple[str, Style]] = {
        "crude": ("Ratio to White, whole force", ratio),
        "within": ("of which: within areas", ratio),
        "between": ("of which: between areas", ratio),
        "mantel_haenszel": ("Common to all areas (Mantel–Haenszel)", ratio),
    }
    return _tabulate(evidence, "Ratios of search rates by where people live", RATIO_OVER_AREAS, columns, name="areas")


def _tabulate_standardised(evidence: Evidence) -> Table | None:
    columns: dict[str, tuple[str, Style]] = {
        "rate": ("Searches per 1,000 residents a year, as if all groups had the same ages and sexes", rate),
        "ratio": ("Ratio to White, so standardised", ratio),
        "indirect_ratio": ("Searches against those expected at White people’s rates", ratio),
    }
    return _tabulate(
        evidence, "Search rates standardised by age and sex", AGE_SEX_STANDARDISED, columns, name="standardised"
    )


def _tabulate_clusters(evidence: Evidence) -> Table | None:
    columns: dict[str, tuple[str, Style]] = {
        "phi": ("Variation, times that of chance", rate),
        "ratio": ("Ratio to White, interval allowing for it", ratio),
    }
    return _tabulate(evidence, "Variation of searches from month to month", OVERDISPERSION, columns, name="clusters")


def _tabulate_darkness(evidence: Evidence) -> Table | None:
    """Only where the project asks for it; a group that is not tested says why."""
    groups = [group for group in COMPARED_GROUPS if evidence.row("reasons", VEIL_OF_DARKNESS, group, DARK_ODDS)]
    if not groups:
        return None
    columns = {
        DARK_ODDS: "At the same time of the clock",
        WITHIN_MONTH_ODDS: "and in the same month",
        CLOCK_CHANGE_ODDS: "around a change of the clocks",
    }
    return Table(
        caption=f"Odds that a search is of the group, in the dark against in the light, {period_name(evidence.period)}",
        head=("Ethnic group", *columns.values(), "Why there is no figure"),
        rows=tuple(
            (
                text_cell(group),
                *(reason_cell(evidence, (VEIL_OF_DARKNESS, group, component), ratio) for component in columns),
                text_cell(_say_untested(evidence, group)),
            )
            for group in groups
        ),
        name="darkness",
    )


def _say_untested(evidence: Evidence, group: str) -> str:
    row = evidence.rows("reasons")[VEIL_OF_DARKNESS, group, DARK_ODDS]
    return _capital(str(row.values["note"])) if row.values["value"] is None else "–"
