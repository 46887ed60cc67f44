"""The plan of a restricted publication: the only counts that exist in it, in a fixed order.

For each force and period: searches, searches whose record says whether the item was found, and finds, by
self-defined ethnicity and type of search; outcomes, arrests and actions by ethnicity; searches and finds by
officer-defined ethnicity, and by month. Nothing else is counted, so nothing else can be subtracted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from disparity.disclosure.tallies import GROUP_SUMS, PERIOD_KEYS, TALLY_KEYS, Tallies
from disparity.records.cell_counts import CELL_COUNTS
from disparity.vocabulary.codes import (
    ALL,
    DRUG_TYPES,
    EVERY_GROUP,
    NOT_STATED,
    OFFICER_DEFINED,
    SEARCH_TYPES,
    SELF_DEFINED,
)

CELL_COLUMNS = [*TALLY_KEYS, "counted", "count"]
CELL_KEYS = CELL_COLUMNS[:-1]
Key = tuple[str, date, date, str, str, str, str]  # the values of CELL_KEYS
SPAN = ["force", "period_from", "period_to"]
# Count → the count it is a part of, in the same group and type of search.
PART_OF = {
    "known": "searches",
    "found": "known",
    "outcomes": "searches",
    "arrests": "outcomes",
    "actions": "outcomes",
    "unknown_after_action": "actions",
    "searches_known": "searches",
    "searches_unknown": "searches",
}
# Counts that say what became of people: nobody or everybody of a small group gives each away.
OUTCOMES = ("found", "arrests", "actions")
FINDS = ("searches", "known", "found")
RESULTS = ("outcomes", "arrests", "actions", "unknown_after_action")
COUNTED = ("searches", "known", "found", *RESULTS, *GROUP_SUMS)
# Officers have no way of putting down that somebody declined to say.
OFFICER_GROUPS = tuple(group for group in EVERY_GROUP if group not in (ALL, NOT_STATED))


# Where the same searches can be had row by row: nowhere, or on the police's open data portal.
NO_ROWS, PORTAL = "none", "data.police.uk"
# What the portal's rows do not say, and an extract may.
OWN_FINDS, OWN_DRUG_TYPES = "finds", "possession and supply"
SEPARATED = ("drugs_possession", "drugs_supply")


@dataclass(frozen=True)
class Plan:
    """Which tables there are, and which of their counts anybody can have already.

    `types` are the types of search that are shown by ethnic group. `public_records` says where the rows of the same
    searches are public; `own` what they do not say. Without public rows nothing is public.
    """

    name: str
    types: tuple[str, ...]
    public_records: str = NO_ROWS
    own: tuple[str, ...] = (OWN_FINDS, OWN_DRUG_TYPES)

    @property
    def has_rows(self) -> bool:
        """Whether anybody can have the rows of the same searches."""
        return self.public_records == PORTAL

    @property
    def by_month(self) -> tuple[str, ...]:
        """What is counted by month: beside public rows no finds, or every month of each row would be an unknown."""
        return ("searches",) if self.has_rows and OWN_FINDS in self.own else FINDS

    def is_public(self, search_type: str, counted: str) -> bool:
        """Whether the public rows give a count.

        Whether a record says if the item was found, and if drugs were for possession or supply, is given with them:
        it tells how a form was filled in, and nothing of a person.
        """
        is_own = (OWN_DRUG_TYPES in self.own and search_type in SEPARATED) or (
            OWN_FINDS in self.own and counted == "found"
        )
        return self.has_rows and not is_own


_TYPES = "every type of search by ethnic group"
PLAN = Plan(_TYPES, tuple(SEARCH_TYPES))
PORTAL_PLANS = (
    Plan(f"{_TYPES}, and protects finds, possession and supply", tuple(SEARCH_TYPES), PORTAL),
    Plan(f"{_TYPES}, and protects finds", tuple(SEARCH_TYPES), PORTAL, (OWN_FINDS,)),
    Plan(f"{_TYPES}, and protects possession and supply", tuple(SEARCH_TYPES), PORTAL, (OWN_DRUG_TYPES,)),
    Plan(f"{_TYPES}, and protects nothing: all is public", tuple(SEARCH_TYPES), PORTAL, ()),
)
PLANS = (PLAN, *PORTAL_PLANS)


def plan_named(name: str) -> Plan | None:
    """Give the plan that a publication names; none where there is no such plan."""
    return next((plan for plan in PLANS if plan.name == name), None)


def list_cells(years: Tallies, months: Tallies, plan: Plan) -> pl.DataFrame:
    """List the counts of the plan, unprotected: CELL_COLUMNS, by key.

    A plan is fixed: what was never searched for is a count of zero in it, not a row that is missing.
    """
    by_month = months.cells.filter(
        pl.col("ethnicity_basis") == SELF_DEFINED, pl.col("ethnic_group") == ALL, pl.col("search_type") == ALL
    ).join(years.cells, on=SPAN, how="anti")
    tallies = pl.concat([years.cells, by_month], how="diagonal")
    counts = tallies.unpivot(COUNTED, index=TALLY_KEYS, variable_name="counted", value_name="count")
    found = list_keys(tallies, plan).join(counts, on=CELL_KEYS, how="left", validate="1:1", maintain_order="left")
    return found.with_columns(pl.col("count").fill_null(0).cast(pl.Int64)).select(CELL_COLUMNS)


def list_keys(cells: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """List the keys that a plan has for the force-periods and force-months in `cells`, in their order."""
    spans = cells.filter(pl.col("ethnic_group") != ALL).select(SPAN).unique()
    by_month = cells.filter(pl.col("period_from") == pl.col("period_to")).select(SPAN).unique()
    by_month = by_month.join(spans, on=SPAN, how="anti")
    whole = pl.DataFrame([(SELF_DEFINED, ALL, ALL, name) for name in plan.by_month], schema=CELL_KEYS[3:], orient="row")
    keys = pl.concat([spans.join(_list_year(plan), how="cross"), by_month.join(whole, how="cross")])
    return sort_cells(keys.select(CELL_KEYS))


def _list_year(plan: Plan) -> pl.DataFrame:
    own = [(SELF_DEFINED, group, ALL, counted) for group in EVERY_GROUP for counted in (*FINDS, *RESULTS)]
    own += [(SELF_DEFINED, ALL, ALL, counted) for counted in GROUP_SUMS]
    own += [
        (SELF_DEFINED, group, search_type, counted)
        for search_type in SEARCH_TYPES
        for group in (EVERY_GROUP if search_type in plan.types else (ALL,))
        for counted in FINDS
    ]
    seen = [(OFFICER_DEFINED, group, ALL, counted) for group in OFFICER_GROUPS for counted in FINDS]
    seen += [(OFFICER_DEFINED, ALL, ALL, counted) for counted in GROUP_SUMS]
    return pl.DataFrame([*own, *seen], schema=CELL_KEYS[3:], orient="row")


def list_parents(key: Key) -> list[Key]:
    """List the cells of the same table that a cell is a part of."""
    force, first, last, basis, group, search_type, counted = key
    wholes = []
    if counted in PART_OF:
        whole = PART_OF[counted]
        shared = group == ALL and search_type == ALL and whole not in GROUP_SUMS
        wholes.append((SELF_DEFINED if shared else basis, group, search_type, whole))
    if search_type != ALL:
        wholes.append((basis, group, ALL, counted))
    if search_type in DRUG_TYPES:
        wholes.append((basis, group, "drugs", counted))
    if group != ALL:
        wholes.append((SELF_DEFINED if search_type == ALL else basis, ALL, search_type, counted))
    return [(force, first, last, *whole) for whole in wholes]


def list_longer(key: Key, spans: Iterable[tuple[date, date]]) -> list[Key]:
    """List the same count over the longer of these spans."""
    first, last = key[1:3]
    longer = [span for span in spans if span != (first, last) and span[0] <= first and last <= span[1]]
    return [(key[0], *span, *key[3:]) for span in sorted(longer)]


def sort_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Put cells in the order of their keys, the same everywhere; a count never orders them."""
    orders = {
        "ethnicity_basis": (SELF_DEFINED, OFFICER_DEFINED),
        "ethnic_group": EVERY_GROUP,
        "search_type": (ALL, *SEARCH_TYPES),
        "counted": COUNTED,
    }
    return cells.sort(
        *SPAN,
        *(pl.col(name).cast(pl.Enum(list(values))) for name, values in orders.items()),
    )


def spread_cells(cells: pl.DataFrame, labels: pl.DataFrame) -> Tallies:
    """Make tallies of protected cells; a count that is not in the plan is null, as one that is suppressed.

    Args:
        labels: PERIOD_KEYS, is_restricted.
    """
    shared = cells.filter(
        pl.col("ethnicity_basis") == SELF_DEFINED,
        pl.col("ethnic_group") == ALL,
        pl.col("search_type") == ALL,
        ~pl.col("counted").is_in(GROUP_SUMS),
    ).with_columns(ethnicity_basis=pl.lit(OFFICER_DEFINED))
    wide = pl.concat([cells, shared]).pivot("counted", on_columns=list(COUNTED), index=TALLY_KEYS, values="count")
    missing = tuple(name for name in CELL_COUNTS if name not in COUNTED)
    wide = wide.with_columns(pl.lit(None, pl.Int64).alias(name) for name in missing)
    total = wide.filter(pl.col("ethnic_group") == ALL, pl.col("search_type") == ALL)
    total = total.select(*PERIOD_KEYS, pl.col("searches").alias("period_searches"))
    return Tallies(cells=wide, labels=labels.join(total, on=PERIOD_KEYS, how="left"))
