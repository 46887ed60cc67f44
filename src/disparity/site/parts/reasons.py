"""Why: what could lie behind the differences, or make them look larger or smaller than they are."""

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.measures.entries import FIND_RATE
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.rate_gaps import FIND_RATE_GAP
from disparity.analysis.reasons.residents import NEEDED, RESIDENTS
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
from disparity.site.cells import (
    TYPES,
    Cell,
    Table,
    compared_cell,
    cross,
    figure_cell,
    mark_cell,
    tabulate,
    text_cell,
    value_cell,
)
from disparity.site.charts.scenarios import SCENARIOS, chart_scenarios
from disparity.site.charts.specification import sketch
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence
from disparity.site.findings.residents import name_residents, say_needed
from disparity.site.findings.search_rates import has_no_unknown
from disparity.site.page import Chart, Edition, Part
from disparity.site.published_figures import Row, Style, count, rate, ratio, signed_points
from disparity.sources.population import BRACKETING, HEADLINE, PLAUSIBLE, SHOWN
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import start_sentence

# What the odds of a find are taken within → how the column reads.
GIVEN = {
    f"{FIND_RATE_GIVEN}search_type": "In the same type of search",
    f"{FIND_RATE_GIVEN}month": "In the same month",
    f"{FIND_RATE_GIVEN}area": "In the same area",
}
# What a count of residents is for → how the column reads.
ROLES = {
    HEADLINE: "The rates are out of these",
    PLAUSIBLE: "They could be these too: a difference that is stated holds on them",
    BRACKETING: "The farther count: a difference that is stated holds on it",
    SHOWN: "To compare with",
}
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
            "mantel_haenszel": (ratio, "Common to all areas (Mantel–Haenszel)"),
        },
    ),
    "standardised": (
        AGE_SEX_STANDARDISED,
        "Search rates standardised by age and sex",
        {
            "rate": (rate, "Searches per 1,000 residents a year, as if all groups had the same ages and sexes"),
            "ratio": (ratio, "Ratio to White, so standardised"),
            "indirect_ratio": (ratio, "Searches against those expected at White people’s rates"),
        },
    ),
}


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on reasons of a force."""
    latest = edition.evidence[force][0]
    return Part(
        "parts/reasons.html",
        {
            "findings": edition.findings_of(force, "combined_verdict", "find_rate_gap", "areas"),
            "has_threshold": bool(edition.findings_of(force, "combined_verdict")),
            "has_verdict": any(
                key[0] == COMBINED_VERDICT and not str(row.values["note"]).startswith("not available")
                for key, row in latest.rows("reasons").items()
            ),
            "assumption": ASSUMPTION,
            "verdicts": _tabulate_verdicts(latest),
            "residents": _tabulate_residents(latest),
            "recounted": _tabulate_recounts(latest),
            "needed": [
                sentence
                for group, _, verdict in latest.tested("search_rate")
                if verdict in {HIGHER, LOWER} and (sentence := say_needed(latest, group))
            ],
            "scenario_findings": edition.findings_of(force, "scenarios"),
            "chart": _draw_scenarios(latest),
            "scenarios": _tabulate_scenarios(latest),
            "strata": _tabulate_strata(latest),
            "unplaced": edition.findings_of(force, "unplaced"),
            "has_areas": bool(latest.rows("areas")),
            "by_coordinates": edition.settings.areas is not None,
            "clusters": _tabulate_clusters(latest),
            "darkness": _tabulate_darkness(latest),
        }
        | {name: _tabulate(latest, name) for name in ANALYSES},
    )


def _tabulate(evidence: Evidence, name: str) -> Table:
    """One row for each group that has the analysis, one column for each of its components."""
    analysis, caption, columns = ANALYSES[name]

    def fill(group: str, component: str) -> Cell:
        if component == "gap":  # the difference that is compared: it has one range on every page
            return compared_cell(evidence.row("comparisons", FIND_RATE.name, group, ALL), "difference", signed_points)
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


def _name_counts(evidence: Evidence) -> dict[str, Row]:
    """Each count of residents that rates could be out of, by its code; what is said of it is in its row."""
    return {base: row for (base, group), row in evidence.rows("population").items() if group == ALL}


def _tabulate_recounts(evidence: Evidence) -> Table:
    """The ratio of each group on each count of residents."""

    def fill(base: str, group: str) -> Cell:
        is_headline = counts[base].values["role"] == HEADLINE
        if is_headline:
            return compared_cell(evidence.row("comparisons", "search_rate", group, ALL), "ratio", ratio)
        return figure_cell(evidence.row("reasons", RESIDENTS, group, base), "value", ratio)

    counts = _name_counts(evidence)
    groups = [group for group in COMPARED_GROUPS if evidence.row("reasons", RESIDENTS, group, NEEDED)]
    bases = [base for base in counts if len(counts) > 1 and groups]
    return tabulate(
        "recounts",
        f"Ratio of search rates to White, by whom the residents are taken to be, {evidence.period_name}",
        ("Residents", *groups, "What for"),
        (
            (
                start_sentence(counts[base].values["population_base"]),
                *(fill(base, group) for group in groups),
                ROLES[counts[base].values["role"]],
            )
            for base in bases
        ),
    )


def _tabulate_residents(evidence: Evidence) -> Table:
    """How many residents of each group there are on each count, and how many would make the rates equal."""
    counts = _name_counts(evidence)
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
    """Search rate and find rate side by side for each group and, where both are tested, each type of search."""
    kinds = {kind: title for kind, title in TYPES.items() if kind != "drugs_unspecified"}
    return tabulate(
        "verdicts",
        f"Search rate and find rate read together, {evidence.period_name}",
        (
            *("Ethnic group", "Searched for", "Ratio of search rates to White"),
            *("Difference of find rates from White, percentage points", "Together"),
        ),
        (
            (
                *(group, title),
                compared_cell(evidence.row("comparisons", "search_rate", group, kind), "ratio", ratio),
                compared_cell(evidence.row("comparisons", "find_rate", group, kind), "difference", signed_points),
                start_sentence(str(row.values["note"])),
            )
            for kind, title in kinds.items()
            for group in COMPARED_GROUPS
            if (row := evidence.row("reasons", COMBINED_VERDICT, group, kind))
            and (kind == ALL or not str(row.values["note"]).startswith("not available"))
        ),
    )


def _draw_scenarios(evidence: Evidence) -> Chart | None:
    """The scenarios of the group whose stated ratio is furthest from equal rates."""
    if has_no_unknown(evidence):
        return None
    stated = [row for _, row, verdict in evidence.tested("search_rate") if verdict in {HIGHER, LOWER}]
    if not stated:
        return None
    furthest = max(stated, key=lambda row: max(row.values["ratio"], 1 / row.values["ratio"]))
    group = furthest.values["ethnic_group"]
    rows = [row for name in SCENARIOS if (row := evidence.row("reasons", SCENARIO, group, name))]
    if not rows:
        return None
    return Chart(
        headline=(f"What the searches of unknown ethnicity could change: {PEOPLE[group]}",),
        subtitle=f"Ratio of search rates to White by how searches of unknown ethnicity are counted, {evidence.name}, "
        f"{evidence.period_name}. The range holds chance and other counts of residents too; the two extremes can lie "
        "outside.",
        sketch=sketch(chart_scenarios(rows, furthest), name="scenarios"),
        table=_tabulate_scenarios(evidence),
        residents=name_residents(evidence),
    )


def _tabulate_scenarios(evidence: Evidence) -> Table:
    groups = [] if has_no_unknown(evidence) else _list_groups(evidence, SCENARIO, *SCENARIOS)

    def fill(name: str, group: str) -> Cell:
        row = evidence.row("reasons", SCENARIO, group, name)
        is_unused = row is not None and row.values["value"] is None and str(row.values["note"]).startswith("not used")
        return text_cell(start_sentence(row.values["note"])) if row and is_unused else figure_cell(row, "value", ratio)

    return tabulate(
        "scenarios",
        f"Ratio of search rates to White, by how searches of unknown ethnicity are counted, {evidence.period_name}",
        ("Searches of unknown ethnicity", *groups),
        cross({name: title.format("this group") for name, title in SCENARIOS.items()}, groups, fill),
    )


def _tabulate_strata(evidence: Evidence) -> Table:
    given = [name for name in GIVEN if _list_groups(evidence, name, "odds_ratio")]
    groups = [group for group in COMPARED_GROUPS if any(_find_odds(evidence, name, group) for name in given)]
    return tabulate(
        "strata",
        f"Odds of a find against searches of White people, {evidence.period_name}",
        ("Ethnic group", "All searches", *(GIVEN[name] for name in given)),
        (
            (
                group,
                value_cell(evidence.row("reasons", given[0], group, "crude_odds_ratio"), ratio),
                *(value_cell(_find_odds(evidence, name, group), ratio) for name in given),
            )
            for group in groups
        ),
    )


def _find_odds(evidence: Evidence, given: str, group: str) -> Row | None:
    return evidence.row("reasons", given, group, "odds_ratio")


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
