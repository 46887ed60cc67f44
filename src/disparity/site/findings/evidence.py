"""The rows of evidence behind the findings of one force and period."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.disclosure.plan import plan_named
from disparity.site.published_figures import Row, Sentence, index_rows, percentage, say
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, PEOPLE, REFERENCE_GROUP, SELF_DEFINED
from disparity.vocabulary.statuses import MEASURED

COMPARED_GROUPS = tuple(group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP)
NO_CLEAR_DIFFERENCE = ": no clear difference"
# Page that holds the evidence, kind of finding, sentence.
Statements = Iterator[tuple[str, str, Sentence]]


def compare_intervals(own: Row, other: Row) -> str:
    """Say how the first share compares with the second: clear only where their intervals do not overlap.

    A share of few searches is not compared. No overlap asks more than a test at the same level would (Schenker and
    Gentleman, 2001), which leaves room for the number of shares that a page sets side by side.
    """
    if {own.values["status"], other.values["status"]} != {MEASURED}:
        return ": too few searches to compare"
    if own.values["lower"] <= other.values["upper"] and own.values["upper"] >= other.values["lower"]:
        return NO_CLEAR_DIFFERENCE
    if "places" in own.values:
        return ": not compared, as rounding could make such a difference"
    which = "higher" if own.values["lower"] > other.values["upper"] else "lower"
    return f": the first is clearly {which}"


def compare_groups(find: Callable[[str], Row | None], what: str) -> Iterator[Sentence]:
    """Set a share of each group's searches beside that of searches of White people, where both are measured."""
    other = find(REFERENCE_GROUP)
    for group in COMPARED_GROUPS:
        own = find(group)
        if own and other and {own.values["status"], other.values["status"]} == {MEASURED}:
            yield say(
                f"Of searches of {PEOPLE[group]}, {{}} {what}; of searches of White people, {{}}"
                f"{compare_intervals(own, other)}.",
                percentage(own, "value"),
                percentage(other, "value"),
            )


@dataclass(frozen=True)
class Finding:
    """`topic` is the page and its part that hold the evidence; `kind` orders and picks findings."""

    force: str
    topic: str  # page#part, or page
    kind: str
    sentence: Sentence

    @property
    def address(self) -> str:
        """Where the evidence is, from another page of the force."""
        page, mark, part = self.topic.partition("#")
        return f"{page}.html{mark}{part}"


# Published table → what names a row of it beside the force, the period and the basis of ethnicity.
KEYS = {
    "estimates": ("measure", "ethnic_group", "search_type"),
    "comparisons": ("measure", "ethnic_group", "search_type"),
    "sensitivity": (
        *("measure", "ethnic_group", "search_type"),
        *("residents", "unknown_ethnicity", "result_recording", "months"),
    ),
    "tipping": ("measure", "ethnic_group", "search_type"),
    "reasons": ("analysis", "ethnic_group", "component"),
    "population": ("base", "ethnic_group"),
    "quality": ("item",),
    "years": (),
    "doubts": ("month", "doubt"),
    "official": ("ethnic_group",),
    "peers": ("measure", "ethnic_group", "compared_with"),
    "pooled": ("measure", "ethnic_group", "compared_with"),
    "breakdowns": ("measure", "breakdown", "category", "ethnic_group", "search_type"),
    "areas": ("area", "ethnic_group"),
    "benchmarks": ("benchmark", "ethnic_group"),
    "age_rates": ("age_group", "gender", "ethnic_group"),
    "neighbourhoods": ("neighbourhood",),
    "deprivation": ("fifth", "ethnic_group"),
    "actions": ("entry",),
    "disparities": ("measure", "ethnic_group", "search_type"),
    "effects": ("entry", "series", "component"),
    "grounds": ("measure", "ethnic_group", "search_type", "category"),
    "children": ("measure", "age_band", "ethnic_group", "search_type"),
    "children_comparisons": ("measure", "ethnic_group", "search_type"),
    "children_official": ("ethnic_group",),
}
# The register is of no period; a review of grounds and the official figures of children are of their own.
OF_ANY_PERIOD = ("actions", "effects", "grounds", "children_official")

# Each benchmark has the basis that it is counted by.
OF_EITHER_BASIS = ("benchmarks",)


@dataclass(frozen=True)
class Evidence:
    """One force's rows of one period and ethnicity basis, looked up when they are asked for."""

    force: str
    name: str
    period: tuple[date, date]
    published: Callable[[str], list[Row]]  # gives the force's rows of a published table, of every period
    basis: str = SELF_DEFINED
    previous: "Evidence | None" = None  # of the period before
    _indexed: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=dict, init=False, compare=False)

    @property
    def period_name(self) -> str:
        """The period in words."""
        return name_period(*self.period)

    def rows(self, table: str) -> dict[tuple[Any, ...], Row]:
        """The rows of a published table that are evidence, by the columns of KEYS."""
        if table not in self._indexed:
            self._indexed[table] = index_rows(filter(self._is_evidence, self.published(table)), *KEYS[table])
        return self._indexed[table]

    def _is_evidence(self, row: Row) -> bool:
        values = row.values
        return (
            values.get("force", self.force) == self.force
            and (row.table in OF_EITHER_BASIS or values.get("ethnicity_basis", self.basis) == self.basis)
            and (row.table in OF_ANY_PERIOD or row.period == self.period)
        )

    def row(self, table: str, *key: str) -> Row | None:
        """The row of that key, if there is one."""
        return self.rows(table).get(key)

    def estimate(self, measure: str, group: str = ALL, search_type: str = ALL) -> Row | None:
        """The estimate of a measure for a group and search type, if there is one."""
        return self.row("estimates", measure, group, search_type)

    def part(self, measure: str, breakdown: str, category: str, group: str = ALL, search_type: str = ALL) -> Row | None:
        """The row of a breakdown, if there is one."""
        return self.row("breakdowns", measure, breakdown, category, group, search_type)

    def tested(self, measure: str, search_type: str = ALL) -> list[tuple[str, Row, str]]:
        """The groups whose difference from the reference group was tested, with the comparison and its verdict."""
        rows = [(group, self.row("comparisons", measure, group, search_type)) for group in COMPARED_GROUPS]
        return [
            (group, row, row.values["verdict"])
            for group, row in rows
            if row and row.values["verdict"] in {HIGHER, LOWER, DEPENDS, UNCLEAR}
        ]

    def categories(self, measure: str, breakdown: str) -> list[str]:
        """What a measure is broken down by, in the order of the published table."""
        return list(dict.fromkeys(key[2] for key in self.rows("breakdowns") if key[:2] == (measure, breakdown)))


def list_evidence(force: str, name: str, published: Callable[[str], list[Row]]) -> tuple[Evidence, ...]:
    """Give a force's evidence of each period, the latest first."""
    listed: list[Evidence] = []
    for period in sorted({row.period for row in published("estimates")}):
        previous = listed[-1] if listed else None
        listed.append(Evidence(force, name, period, published, previous=previous))
    return tuple(reversed(listed))


def about_searches(evidence: Evidence) -> str:
    """ "about ", before a number of searches that is rounded; nothing before one that is exact.

    Protected counts are rounded, but for those that anybody can make of public rows: searches are among them.
    """
    if not evidence.published("cells"):
        return ""
    plan = plan_named(evidence.published("disclosure")[0].values["plan"] or "")
    return "" if plan and plan.is_public(ALL, "searches") else "about "
