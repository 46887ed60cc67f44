"""Method: each question with a short answer, and the rule or formula folded under it."""

from datetime import date
from typing import Any

from disparity.analysis.calibration.calibrate import DRAWN_ON, DRAWN_SEED
from disparity.analysis.calibration.scores import (
    ANY,
    COVERAGE,
    FALSE_STATEMENT,
    FEWEST_EXPECTED,
    POWER,
    RANGE_COVERAGE,
    RATIO_ERROR,
)
from disparity.analysis.calibration.worlds import WORLDS
from disparity.analysis.measures.entries import BY_NAME, FIND_RATE, SEARCH_RATE
from disparity.analysis.reasons.decomposition import EVERY_FORCE
from disparity.site.cells import Cell, Table, cross, figure_cell, mark_cell, tabulate, value_cell
from disparity.site.findings.assumptions import SCENARIOS
from disparity.site.findings.examples import give_examples
from disparity.site.page import Edition, Page
from disparity.site.published_figures import Row, Sentence, count, index_rows, percentage, points, ratio
from disparity.sources.population import OWN
from disparity.vocabulary.calendar import name_day
from disparity.vocabulary.codes import ALL, SEARCH_TYPES
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import in_words, start_sentence

# No interval is made for this: what is imputed cannot know it.
BY_GROUP = "ethnicity missing by group"


# Partial template in `reports/methods` and the worked examples that follow it.
RULES = tuple((name, (name,)) for name in ("statement-rule", "range", "assumptions", "tipping", "e-value"))
REASONS = (
    ("missing-ethnicity", ("missing-ethnicity",)),
    ("stratified", ("like-with-like", "like-with-like-areas")),
    ("tables", ("all-groups",)),
    ("decomposition", ("decomposition", "areas", "rate-gaps")),
    ("area-rates", ("area-rates",)),
    ("standardised", ("standardised",)),
    ("benchmarks", ("benchmarks",)),
    ("combined-verdict", ("combined-verdict",)),
    ("clusters", ("clusters",)),
    ("veil-of-darkness", ("veil-of-darkness",)),
)
OTHERS = (
    ("children", ("children",)),
    ("similar-forces", ("similar-forces",)),
    ("funnel", ("funnel",)),
    ("ranks-and-pooling", ("ranks", "pooling")),
    ("control", ("control",)),
    ("interrupted", ("interrupted",)),
)


def build_page(edition: Edition) -> Page:
    """Build the method page, one for the whole site."""
    measures = tabulate(
        "measures",
        "What each measure counts",
        ("Measure", "Definition", "Unit", "Name in the data"),
        ((measure.title, measure.definition, measure.unit, measure.name) for measure in BY_NAME.values()),
    )
    types = tabulate(
        "types",
        "What can be searched for",
        ("Type", "Name in the data"),
        ((title, name) for name, title in SEARCH_TYPES.items()),
    )
    return Page(
        "method.html",
        "Method",
        {"measures": measures, "types": types, "examples": _list_examples(edition)}
        | {"rules": RULES, "reasons": REASONS, "others": OTHERS}
        | {"disclosure": _describe_disclosure(edition), "fewest_expected": in_words(FEWEST_EXPECTED)}
        | {"drawn_on": name_day(DRAWN_ON), "drawn_seed": DRAWN_SEED, "has_census": _has_census(edition)}
        | {
            "code_published": _name_day(edition.settings.published),
            "code_next": _name_day(edition.settings.next_edition),
        }
        | tabulate_calibration(edition.tables["calibration"]),
    )


def _name_day(given: date | str | None) -> str:
    """A day in words; words as they are given."""
    return name_day(given) if isinstance(given, date) else given or ""


def _describe_disclosure(edition: Edition) -> dict[str, Any]:
    """Profile, reason and, where counts are protected, by how much rounding can move a share."""
    row = edition.tables["disclosure"][0]
    sizes = (100, 500, 1_000) if edition.protection else ()
    errors = tabulate(
        "rounding-errors",
        "How far rounding can move a share, such as a find rate, at most",
        ("Searches that the share is out of", "Percentage points, up or down"),
        ((f"{size:,}", Cell((points(row, f"rounding_error_{size}"),))) for size in sizes),
    )
    return {
        "reason": row.values["reason"],
        "plan": row.values["plan"],
        "fewest_events": count(row, "fewest_events"),
        "errors": errors,
    }


def _has_census(edition: Edition) -> bool:
    """Whether any rate is out of a census: not where all forces have residents of the publisher's own."""
    bases = {row.values["base"] for row in edition.tables["population"]}
    return bool(edition.tables["official"]) or any(base.split("_")[0] != OWN for base in bases)


def _list_examples(edition: Edition) -> dict[str, Sentence]:
    """Worked examples, each in the figures of the first force that has them."""
    latest = [edition.evidence[force][0] for force in edition.forces]
    over_forces = edition.rows_of("reasons", EVERY_FORCE)
    return give_examples(latest, over_forces, edition.rows_of("control", edition.forces[0]))


def tabulate_calibration(rows: list[Row]) -> dict[str, Table]:
    """What draws from known truths gave: false statements, coverage, scenarios of unknown ethnicity, power."""
    found = index_rows(rows, "world", "check", "subject", "ethnic_group", "search_type")
    worlds = list(dict.fromkeys(row.values["world"] for row in rows))
    return {
        "false_statements": _tabulate_statements(found, worlds),
        "coverage": _tabulate_coverage(rows),
        "scenario_errors": _tabulate_errors(found, worlds),
        "power": _tabulate_power(found),
    }


def _tabulate_statements(found: dict[tuple[Any, ...], Row], worlds: list[str]) -> Table:
    truths = {world.name: world.what for world in WORLDS}

    def state(world: str, subject: str) -> Cell:
        row = found.get((world, FALSE_STATEMENT, subject, ALL, ALL))
        return value_cell(row, percentage) if row else mark_cell(NOT_APPLICABLE)

    return tabulate(
        "false-statements",
        "Publications that state a difference where there is none, and how often ranges hold the truth",
        (
            *("Known truth", "What is true", "Any false difference", "Search and find rate together, false"),
            *("Ranges that hold the truth", "at the least, of any group and type"),
        ),
        (
            (
                *(world.capitalize(), truths[world], state(world, ANY), state(world, "combined verdict")),
                *(_cover(found, world), _find_least(found, world)),
            )
            for world in worlds
        ),
    )


def _cover(found: dict[tuple[Any, ...], Row], world: str) -> Cell:
    return figure_cell(found.get((world, RANGE_COVERAGE, ANY, ALL, ALL)), "value", percentage)


def _find_least(found: dict[tuple[Any, ...], Row], world: str) -> Cell:
    """The group and type of search whose range holds the truth least often, of those with enough expected."""
    rows = [
        row
        for row in found.values()
        if (row.values["world"], row.values["check"]) == (world, RANGE_COVERAGE)
        and (row.values["expected_count"] or 0) >= FEWEST_EXPECTED
    ]
    return figure_cell(min(rows, key=lambda row: row.values["value"], default=None), "value", percentage)


def _tabulate_coverage(rows: list[Row]) -> Table:
    """The lowest and the highest coverage of each interval, over groups, types and worlds, from ten expected."""
    covered: dict[tuple[str, bool], list[Row]] = {}
    clustered, unknown = (
        {world.name for world in WORLDS if getattr(world, kind)} for kind in ("is_clustered", "has_unknown_ethnicity")
    )
    for row in rows:
        values = row.values
        is_assumed = "imputed" in values["subject"] and values["world"] != BY_GROUP
        is_of_interval = is_assumed or values["world"] not in unknown
        if values["check"] == COVERAGE and is_of_interval and (values["expected_count"] or 0) >= FEWEST_EXPECTED:
            covered.setdefault((values["subject"], values["world"] in clustered), []).append(row)

    def ends(subject: str, is_clustered: bool) -> Cell:
        found = covered.get((subject, is_clustered), [])
        if not found:
            return mark_cell(NOT_APPLICABLE)
        low, high = (pick(found, key=lambda row: row.values["value"]) for pick in (min, max))
        return Cell((percentage(low, "value"), " to ", percentage(high, "value")))

    return tabulate(
        "coverage",
        "How often 95% intervals hold the truth, lowest to highest over groups, types of search and truths",
        ("Interval", "Searches come one by one", "Searches come in clusters"),
        cross({subject: _name_measure(subject) for subject, _ in sorted(covered)}, (False, True), ends),
    )


def _name_measure(subject: str) -> str:
    """search_rate, exact Poisson → Search rate, exact Poisson."""
    first, _, rest = subject.partition(", ")
    named = BY_NAME[first].title if first in BY_NAME else first
    return start_sentence(", ".join(part for part in (named, rest) if part))


def _tabulate_errors(found: dict[tuple[Any, ...], Row], worlds: list[str]) -> Table:
    missing = [world for world in worlds if world.startswith("ethnicity missing")]
    return tabulate(
        "scenario-errors",
        "Estimated ratio of search rates of Black people, as a share of the true one",
        ("Searches of unknown ethnicity", *(world.capitalize() for world in missing)),
        cross(
            {name: title.format("this group") for name, title in SCENARIOS.items()},
            missing,
            lambda name, world: figure_cell(found.get((world, RATIO_ERROR, name, "Black", ALL)), "value", ratio),
        ),
    )


def _tabulate_power(found: dict[tuple[Any, ...], Row]) -> Table:
    cases = {
        (SEARCH_RATE.name, "Black"): "Black residents searched half as often again",
        (SEARCH_RATE.name, "Asian"): "Asian residents searched a tenth more",
        (FIND_RATE.name, "Black"): "Found a third less often in searches of Black people",
    }
    return tabulate(
        "power",
        "Publications that state a difference that is there",
        ("Difference", "Searches or finds expected in the group", "Stated"),
        (
            (what, figure_cell(row, "expected_count", count), figure_cell(row, "value", percentage))
            for (measure, group), what in cases.items()
            if (row := found.get(("unequal rates", POWER, measure, group, ALL)))
        ),
    )
