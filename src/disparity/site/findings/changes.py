"""Sentences on what changed since the edition before."""

from collections.abc import Mapping, Sequence

from disparity.analysis.measures.entries import BY_NAME
from disparity.site.published_figures import Figure, Row, Sentence, count, join, say, style_of
from disparity.tables.revisions import MOVED, SELF_EXPLAINED
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.codes import ALL, SELF_DEFINED, force_name

FIRST = "This is the first edition, or the edition before was not given: there is nothing to compare it with."
NOTHING_SHARED = "This edition and the one before have no force and year in common: no rate is in both."
COUNTED = ("figures_compared", "figures_moved")


def state_changes(tables: Mapping[str, Sequence[Row]], names: Mapping[str, str]) -> Sentence:
    """How many figures moved, and which rate moved most; `names`: of forces that the portal does not name."""
    if not tables["revisions"]:
        return (FIRST,)
    total = tables["revisions"][0]
    if not is_rate_shared(tables["revisions"]):
        return (NOTHING_SHARED,)
    told = say("Of {} figures that are in both editions, {} moved.", *(count(total, column) for column in COUNTED))
    largest = list_moved_rates(tables["changes"])[:1]
    return join(told, *(_state_largest(row, names) for row in largest), _state_reasons(total, tables["changes"]))


def is_rate_shared(revisions: Sequence[Row]) -> bool:
    """Whether a rate is in both editions: of the same force and year."""
    return any(row.values["figures_compared"] for row in revisions if row.values["table"] == "estimates")


def list_moved_rates(changes: Sequence[Row]) -> list[Row]:
    """Rates over all types of search, self-defined ethnicity, that moved: first what moved most for its size."""
    moved = [
        row
        for row in changes
        if row.values["table"] == "estimates"
        and (row.values["column"], row.values["change"]) == ("value", MOVED)
        and _key(row)["ethnicity_basis"] == SELF_DEFINED
        and _key(row)["search_type"] == ALL
    ]
    return sorted(moved, key=lambda row: (-_relative(row), row.number))


def _relative(row: Row) -> float:
    before, after = float(row.values["before"]), float(row.values["after"])
    return abs(after - before) / max(abs(before), abs(after))


def _key(row: Row) -> dict[str, str]:
    return dict(part.split("=", 1) for part in row.values["key"].split("; ") if "=" in part)


def group_of(row: Row) -> str:
    """The ethnic group that a change is of."""
    return _key(row)["ethnic_group"]


def print_value(row: Row, column: str) -> Figure:
    """`before` or `after` as rates of the measure are printed."""
    return style_of(row.values["measure"])(row, column)


def _state_largest(row: Row, names: Mapping[str, str]) -> Sentence:
    values = row.values
    period = name_period(values["period_from"], values["period_to"])
    group = "" if group_of(row) == ALL else f", {group_of(row)}"
    measure = BY_NAME[values["measure"]]
    return say(
        f"The rate that moved most for its size: {measure.noun}{group}, "
        f"{names.get(values['force']) or force_name(values['force'])}, {period}, "
        f"from {{}} to {{}}{measure.unit_in_words}.",
        *(print_value(row, column) for column in ("before", "after")),
    )


def _state_reasons(total: Row, changes: Sequence[Row]) -> Sentence:
    """Revisions are never silent."""
    changed = ("figures_moved", "figures_appeared", "figures_withdrawn", "words_changed", "rows_added", "rows_removed")
    if not any(total.values[name] for name in changed):
        return ()
    if not total.values["without_reason"]:
        is_declared = not any(row.values["reason"] in SELF_EXPLAINED for row in changes)
        return ("Every change has a declared reason." if is_declared else "Every change has a reason.",)
    return say("No reason is declared for {} of the changes.", count(total, "without_reason"))
