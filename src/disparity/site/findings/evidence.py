"""The rows of evidence behind the findings of one force and period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from disparity.analysis.comparisons import find_unused_flags
from disparity.analysis.measures.entries import MEASURED
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.site.published_figures import Row, Sentence, index_rows, percentage, say
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, REFERENCE_GROUP, SELF_DEFINED

COMPARED_GROUPS = tuple(group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP)
INTERVAL = "95% confidence interval"
# Page that holds the evidence, kind of finding, sentence.
Statements = Iterator[tuple[str, str, Sentence]]


def say_not_clear(row: Row) -> str:
    """Why an interval that leaves out equality is no clear difference; rounded rows say how many places they have."""
    if "places" in row.values:
        return "not clear once rounding and the number of comparisons are allowed for"
    return "not clear once the number of comparisons is allowed for"


def with_interval(row: Row) -> Sentence:
    """A share and the interval that chance gives it."""
    shown = percentage(row, "value"), percentage(row, "lower"), percentage(row, "upper")
    return say(f"{{}} ({INTERVAL}: {{}} to {{}})", *shown)


def compare_intervals(own: Row, other: Row) -> str:
    """Say how the first share lies to the second: clear only where their intervals do not overlap.

    A share of few searches is not compared. No overlap asks more than a test at the same level would (Schenker and
    Gentleman, 2001), which leaves room for the number of shares that a page sets side by side.
    """
    if {own.values["status"], other.values["status"]} != {MEASURED}:
        return ": too few searches to compare"
    if own.values["lower"] <= other.values["upper"] and own.values["upper"] >= other.values["lower"]:
        return ": no clear difference, as the intervals overlap"
    if "places" in own.values:
        return ": not compared, as rounding could make such a difference"
    which = "higher" if own.values["lower"] > other.values["upper"] else "lower"
    return f": {which}, and the intervals do not overlap"


@dataclass(frozen=True)
class Finding:
    """`topic` is the page that holds the evidence; `kind` orders and picks findings."""

    force: str
    topic: str
    kind: str
    sentence: Sentence


@dataclass(frozen=True)
class Evidence:
    """One force's rows of one period and ethnicity basis, by key."""

    force: str
    name: str
    period: tuple[date, date]
    estimates: dict[tuple[Any, ...], Row]  # measure, ethnic_group, search_type
    comparisons: dict[tuple[Any, ...], Row]  # measure, ethnic_group, search_type
    reasons: dict[tuple[Any, ...], Row]  # analysis, ethnic_group, component
    quality: dict[tuple[Any, ...], Row]  # item
    official: dict[tuple[Any, ...], Row]  # ethnic_group
    peers: dict[tuple[Any, ...], Row]  # measure, ethnic_group, compared_with
    breakdowns: dict[tuple[Any, ...], Row]  # measure, breakdown, category, ethnic_group, search_type
    areas: dict[tuple[Any, ...], Row]  # area, ethnic_group: search rates
    pooled: dict[tuple[Any, ...], Row]  # measure, ethnic_group, compared_with; sets of forces, not the force
    actions: tuple[Row, ...]  # entries of the register
    effects: tuple[Row, ...]  # before and after each action
    grounds: dict[tuple[Any, ...], Row]  # measure, ethnic_group, search_type, category; of the review's own period
    unused_flags: frozenset[str]  # search types whose linked flag is not in use

    def estimate(self, measure: str, group: str = ALL, search_type: str = ALL) -> Row | None:
        """The estimate of a measure for a group and search type, if there is one."""
        return self.estimates.get((measure, group, search_type))

    def part(self, measure: str, breakdown: str, category: str, group: str = ALL, search_type: str = ALL) -> Row | None:
        """The row of a breakdown, if there is one."""
        return self.breakdowns.get((measure, breakdown, category, group, search_type))

    def categories(self, measure: str, breakdown: str) -> list[str]:
        """What a measure is broken down by, in the order of the published table."""
        return list(dict.fromkeys(key[2] for key in self.breakdowns if key[:2] == (measure, breakdown)))


def gather_evidence(
    force: str, name: str, period: tuple[date, date], tables: Mapping[str, list[Row]], basis: str = SELF_DEFINED
) -> Evidence:
    """Pick one force's rows of one period out of the published tables."""

    def pick(table: str) -> list[Row]:
        return [
            row
            for row in tables[table]
            if row.values["force"] == force
            and (row.values["period_from"], row.values["period_to"]) == period
            and row.values.get("ethnicity_basis", basis) == basis
        ]

    def of_force(table: str) -> tuple[Row, ...]:
        return tuple(row for row in tables[table] if row.values["force"] == force)

    cell = ("measure", "ethnic_group", "search_type")
    in_set = ("measure", "ethnic_group", "compared_with")
    pooled = [row for row in tables["pooled"] if (row.values["period_from"], row.values["period_to"]) == period]
    return Evidence(
        force=force,
        name=name,
        period=period,
        estimates=index_rows(pick("estimates"), *cell),
        comparisons=index_rows(pick("comparisons"), *cell),
        reasons=index_rows(pick("reasons"), "analysis", "ethnic_group", "component"),
        quality=index_rows(pick("quality"), "item"),
        official=index_rows(pick("official"), "ethnic_group"),
        peers=index_rows(pick("peers"), *in_set),
        breakdowns=index_rows(pick("breakdowns"), "measure", "breakdown", "category", "ethnic_group", "search_type"),
        areas=index_rows(pick("areas"), "area", "ethnic_group"),
        pooled=index_rows(pooled, *in_set),
        actions=of_force("actions"),
        effects=of_force("effects"),
        grounds=index_rows(of_force("grounds"), *cell, "category"),
        unused_flags=_name_unused_flags(pick("estimates")),
    )


def _name_unused_flags(estimates: list[Row]) -> frozenset[str]:
    """By the rule that withholds comparisons, so that no sentence contradicts them."""
    columns = ["measure", *PERIOD_KEYS, "ethnic_group", "search_type", "numerator", "denominator", "status"]
    types = {"numerator": pl.Int64, "denominator": pl.Float64}
    schema = {name: types.get(name) for name in columns}
    values = [[row.values.get(name) for name in columns] for row in estimates]
    return frozenset(find_unused_flags(pl.DataFrame(values, schema, orient="row"))["search_type"])
