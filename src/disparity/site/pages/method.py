"""Method and definitions: every word, formula and gate that the other pages use."""

from typing import Any

from disparity.analysis.calibration.scores import ANY, COVERAGE, FALSE_STATEMENT, POWER, RATIO_ERROR
from disparity.analysis.calibration.worlds import WORLDS
from disparity.analysis.measures.entries import ARREST_RATE, BY_NAME, FIND_RATE, SEARCH_RATE
from disparity.analysis.reasons.decomposition import EVERY_FORCE
from disparity.analysis.reasons.verdicts import ASSUMPTION
from disparity.site.charts.scenarios import SCENARIOS
from disparity.site.findings.examples import give_examples
from disparity.site.pages.page import Cell, Edition, Page, Table, figure_cell, mark_cell, text_cell
from disparity.site.published_figures import Row, Sentence, count, index_rows, percentage, points, ratio
from disparity.vocabulary.codes import ALL, SEARCH_TYPES
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import in_words

# Below ten expected, intervals are wider than they say, and figures are marked as small.
FEWEST_EXPECTED = 10
# No interval is made for this: what is imputed cannot know it.
BY_GROUP = "ethnicity missing by group"


# Partial template in `reports/methods` and the worked examples that follow it.
REASONS = (
    ("missing-ethnicity", ("missing-ethnicity",)),
    ("stratified", ("like-with-like", "like-with-like-areas")),
    ("tables", ("all-groups",)),
    ("decomposition", ("decomposition", "areas", "rate-gaps")),
    ("area-rates", ("area-rates",)),
    ("standardised", ("standardised",)),
    ("combined-verdict", ("combined-verdict",)),
    ("dispersion", ("over-dispersion",)),
    ("veil-of-darkness", ("veil-of-darkness",)),
)
OTHERS = (
    ("similar-forces", ("similar-forces",)),
    ("funnel", ("funnel",)),
    ("ranks-and-pooling", ("ranks", "pooling")),
    ("control", ("control",)),
    ("interrupted", ("interrupted",)),
)


def build_page(edition: Edition) -> Page:
    """Build the method page, one for the whole site."""
    measures = Table(
        caption="What each measure counts",
        head=("Measure", "Definition", "Unit", "Name in the data"),
        rows=tuple(
            (
                text_cell(measure.title),
                text_cell(measure.definition),
                text_cell(measure.unit),
                text_cell(measure.name),
            )
            for measure in BY_NAME.values()
        ),
        name="measures",
    )
    types = Table(
        caption="What can be searched for",
        head=("Type", "Name in the data"),
        rows=tuple((text_cell(title), text_cell(name)) for name, title in SEARCH_TYPES.items()),
        name="types",
    )
    return Page(
        "method.html",
        "Method and definitions",
        {"measures": measures, "types": types, "assumption": ASSUMPTION, "examples": _list_examples(edition)}
        | {"reasons": REASONS, "others": OTHERS}
        | {"disclosure": _describe_disclosure(edition), "fewest_expected": in_words(FEWEST_EXPECTED)}
        | tabulate_calibration(edition.tables["calibration"]),
    )


def _describe_disclosure(edition: Edition) -> dict[str, Any]:
    """Profile, reason and, where counts are protected, by how much rounding can move a share."""
    row = edition.tables["disclosure"][0]
    errors = None
    if edition.protection:
        sizes = (100, 500, 1_000)
        errors = Table(
            caption="How far rounding can move a share, such as a find rate, at most",
            head=("Searches that the share is out of", "Percentage points, up or down"),
            rows=tuple((text_cell(f"{size:,}"), Cell((points(row, f"rounding_error_{size}"),))) for size in sizes),
            name="rounding-errors",
        )
    return {
        "reason": row.values["reason"],
        "plan": row.values["plan"],
        "fewest_events": count(row, "fewest_events"),
        "errors": errors,
    }


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
    subjects = {
        ANY: "Any difference",
        **{measure.name: f"{measure.title}s" for measure in (SEARCH_RATE, FIND_RATE, ARREST_RATE)},
        "combined verdict": "Search and find rate together",
    }
    truths = {world.name: world.what for world in WORLDS}
    return Table(
        caption="Publications that state a difference where there is none",
        head=("Known truth", "What is true", *subjects.values()),
        rows=tuple(
            (
                text_cell(world.capitalize()),
                text_cell(truths[world]),
                *(
                    figure_cell(found.get((world, FALSE_STATEMENT, subject, ALL, ALL)), "value", percentage)
                    for subject in subjects
                ),
            )
            for world in worlds
        ),
        name="false-statements",
    )


def _tabulate_coverage(rows: list[Row]) -> Table:
    """The lowest and the highest coverage of each interval, over groups, types and worlds, from ten expected."""
    covered: dict[tuple[str, bool], list[Row]] = {}
    for row in rows:
        values = row.values
        is_assumed = "imputed" in values["subject"] and values["world"] != BY_GROUP
        is_of_interval = is_assumed or not values["world"].startswith("ethnicity missing")
        if values["check"] == COVERAGE and is_of_interval and (values["expected_count"] or 0) >= FEWEST_EXPECTED:
            covered.setdefault((values["subject"], "clusters" in values["world"]), []).append(row)
    subjects = sorted({subject for subject, _ in covered})

    def ends(subject: str, is_clustered: bool) -> Cell:
        found = covered.get((subject, is_clustered), [])
        if not found:
            return mark_cell(NOT_APPLICABLE)
        low, high = (pick(found, key=lambda row: row.values["value"]) for pick in (min, max))
        return Cell((percentage(low, "value"), " to ", percentage(high, "value")))

    return Table(
        caption="How often 95% intervals hold the truth, lowest to highest over groups, types of search and truths",
        head=("Interval", "Searches come one by one", "Searches come in clusters"),
        rows=tuple(
            (text_cell(_name_measure(subject)), ends(subject, False), ends(subject, True)) for subject in subjects
        ),
        name="coverage",
    )


def _name_measure(subject: str) -> str:
    """search_rate, exact Poisson → Search rate, exact Poisson."""
    first, _, rest = subject.partition(", ")
    text = ", ".join(part for part in (BY_NAME[first].title if first in BY_NAME else first, rest) if part)
    return text[:1].upper() + text[1:]


def _tabulate_errors(found: dict[tuple[Any, ...], Row], worlds: list[str]) -> Table:
    missing = [world for world in worlds if world.startswith("ethnicity missing")]
    return Table(
        caption="Estimated ratio of search rates of Black people, as a share of the true one",
        head=("Searches of unknown ethnicity", *(world.capitalize() for world in missing)),
        rows=tuple(
            (
                text_cell(title.format("this group")),
                *(
                    figure_cell(found.get((world, RATIO_ERROR, name, "Black", ALL)), "value", ratio)
                    for world in missing
                ),
            )
            for name, title in SCENARIOS.items()
        ),
        name="scenario-errors",
    )


def _tabulate_power(found: dict[tuple[Any, ...], Row]) -> Table:
    cases = {
        (SEARCH_RATE.name, "Black"): "Black residents searched half as often again",
        (SEARCH_RATE.name, "Asian"): "Asian residents searched a tenth more",
        (FIND_RATE.name, "Black"): "Found a third less often in searches of Black people",
    }
    return Table(
        caption="Publications that state a difference that is there",
        head=("Difference", "Searches or finds expected in the group", "Stated"),
        rows=tuple(
            (
                text_cell(what),
                figure_cell(row, "expected_count", count),
                figure_cell(row, "value", percentage),
            )
            for (measure, group), what in cases.items()
            if (row := found.get(("unequal rates", POWER, measure, group, ALL)))
        ),
        name="power",
    )
