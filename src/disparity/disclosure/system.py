"""What an attacker knows of the counts, as linear constraints over the smallest counts there could be.

The plan's tables fit together like a tree: type by find within ethnicity, outcome by find within ethnicity,
officer-defined ethnicity by find, month by find. So any tables that agree where they meet are those of some records
(Lauritzen, 1996, section 4.4), and the constraints below leave out nothing that an attacker could use.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from disparity.disclosure.plan import FINDS, OFFICER_GROUPS, Key
from disparity.disclosure.protect import Range
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, SEARCH_TYPES, SELF_DEFINED, UNKNOWN_GROUPS

GROUPS = (*ETHNIC_GROUPS, *UNKNOWN_GROUPS)
LEAVES = tuple(name for name in SEARCH_TYPES if name != "drugs")
STATES = ("found", "not_found", "unknown")
KINDS = ("arrest", "other_action", "no_further_action", "not_recorded")
# Count → which states, and which kinds of outcome, it adds up.
STATES_OF = {"known": STATES[:2], "found": STATES[:1], "unknown_after_action": STATES[2:]}
KINDS_OF = {
    "outcomes": KINDS[:3],
    "arrests": KINDS[:1],
    "actions": KINDS[:2],
    "unknown_after_action": KINDS[:2],
}
GROUPS_OF = {"searches_known": ETHNIC_GROUPS, "searches_unknown": UNKNOWN_GROUPS}
FREE = np.iinfo(np.int32).max

Sums: TypeAlias = Any  # sparse.csr_array: scipy ships no types


@dataclass(frozen=True)
class Atoms:
    """Where the smallest counts are: one array of places for each table, the first axis stretches of months."""

    stretches: tuple[tuple[date, ...], ...]
    months: tuple[date, ...]
    by_type: npt.NDArray[np.intp]  # stretch, group, type, state
    by_outcome: npt.NDArray[np.intp]  # stretch, group, state, kind
    by_officer: npt.NDArray[np.intp]  # stretch, officer-defined group, state
    by_month: npt.NDArray[np.intp]  # month, state

    @property
    def size(self) -> int:
        """How many there are."""
        return int(self.by_month.size + self.by_type.size + self.by_outcome.size + self.by_officer.size)


class Sized(Protocol):
    """What the smallest counts are, whichever they are."""

    @property
    def size(self) -> int:
        """How many there are."""


@dataclass(frozen=True)
class System:
    """`lower` <= sums @ counts <= `upper`, for whole counts from 0 up."""

    atoms: Sized
    sums: Sums
    lower: npt.NDArray[np.int64]
    upper: npt.NDArray[np.int64]

    def holds(self, counts: npt.NDArray[np.int64]) -> bool:
        """Whether a table of whole numbers could be the true one: plain integer arithmetic, no solver."""
        totals = self.sums.astype(np.int64) @ counts
        return bool((counts >= 0).all() and (totals >= self.lower).all() and (totals <= self.upper).all())


def name_atoms(keys: list[Key]) -> Atoms:
    """Cut the months where spans that are shown by ethnicity or type begin or end, and place the smallest counts."""
    spans = {span_of(key) for key in keys if not is_by_month(key)}
    months = sorted({month for key in keys for month in month_range(*span_of(key))})
    held: dict[tuple[bool, ...], list[date]] = {}
    for month in months:
        held.setdefault(tuple(first <= month <= last for first, last in sorted(spans)), []).append(month)
    stretches = tuple(tuple(of_stretch) for of_stretch in held.values())
    tables = (
        (len(stretches), len(GROUPS), len(LEAVES), len(STATES)),
        (len(stretches), len(GROUPS), len(STATES), len(KINDS)),
        (len(stretches), len(OFFICER_GROUPS), len(STATES)),
        (len(months), len(STATES)),
    )
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in tables)])
    places = [np.arange(ends[place], ends[place + 1]).reshape(shape) for place, shape in enumerate(tables)]
    return Atoms(stretches, tuple(months), *places)


def build_system(atoms: Atoms, ranges: dict[Key, Range], not_all: list[tuple[Key, Key]]) -> System:
    """Put every published cell, and where the tables meet, into one system.

    Args:
        not_all: pairs of an outcome and what it is out of, where the outcome is less.
    """
    rows = [(place_cell(atoms, key), none(), low, high) for key, (low, high) in ranges.items()]
    rows += [(place_cell(atoms, whole), place_cell(atoms, part), 1, FREE) for part, whole in not_all]
    rows += [(one, other, 0, 0) for one, other in _meet(atoms)]
    plus, minus, lower, upper = zip(*rows, strict=True)
    sums = make_sums(list(zip(plus, minus, strict=True)), atoms.size)
    return System(atoms, sums, np.array(lower, np.int64), np.array(upper, np.int64))


def make_sums(pairs: list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]], size: int) -> Sums:
    """Make a row for each pair: the atoms of the first added, those of the second taken away."""
    columns = np.concatenate([np.concatenate(pair) for pair in pairs] or [none()])
    rows = np.repeat(np.arange(len(pairs)), [len(plus) + len(minus) for plus, minus in pairs])
    signs = [np.concatenate([np.ones(len(plus)), -np.ones(len(minus))]) for plus, minus in pairs]
    values = np.concatenate(signs or [np.empty(0)])
    return sparse.csr_array((values, (rows, columns)), shape=(len(pairs), size))


def place_cell(atoms: Atoms, key: Key) -> npt.NDArray[np.intp]:
    """Give the smallest counts that a cell adds up."""
    basis, group, search_type, counted = key[3:]
    months = month_range(*span_of(key))
    states = [STATES.index(state) for state in STATES_OF.get(counted, STATES)]
    stretches = [place for place, of_stretch in enumerate(atoms.stretches) if set(of_stretch) <= set(months)]
    if is_by_month(key) and sum(len(atoms.stretches[place]) for place in stretches) < len(months):
        return atoms.by_month[np.ix_([atoms.months.index(month) for month in months], states)].ravel()
    members = GROUPS_OF.get(counted, GROUPS if group == ALL else (group,))
    if basis != SELF_DEFINED:
        groups = [OFFICER_GROUPS.index(member) for member in members if member in OFFICER_GROUPS]
        return atoms.by_officer[np.ix_(stretches, groups, states)].ravel()
    groups = [GROUPS.index(member) for member in members]
    if counted in KINDS_OF:
        kinds = [KINDS.index(kind) for kind in KINDS_OF[counted]]
        return atoms.by_outcome[np.ix_(stretches, groups, states, kinds)].ravel()
    leaves = LEAVES if search_type == ALL else DRUG_TYPES if search_type == "drugs" else (search_type,)
    types = [LEAVES.index(leaf) for leaf in leaves]
    return atoms.by_type[np.ix_(stretches, groups, types, states)].ravel()


def _meet(atoms: Atoms) -> list[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Where the tables meet they count the same searches: by group and state, and by state alone."""
    pairs = []
    for place, of_stretch in enumerate(atoms.stretches):
        months = [atoms.months.index(month) for month in of_stretch]
        for state in range(len(STATES)):
            whole = atoms.by_type[place, :, :, state]
            pairs += [(whole[group], atoms.by_outcome[place, group, state]) for group in range(len(GROUPS))]
            pairs.append((whole.ravel(), atoms.by_officer[place, :, state]))
            pairs.append((whole.ravel(), atoms.by_month[months, state]))
    return pairs


def is_by_month(key: Key) -> bool:
    """Whether a cell is of a table that is also shown by month."""
    return tuple(key[3:6]) == (SELF_DEFINED, ALL, ALL) and key[6] in FINDS


def span_of(key: Key) -> tuple[date, date]:
    """First and last month of a cell."""
    return key[1], key[2]


def none() -> npt.NDArray[np.intp]:
    """No smallest count."""
    return np.empty(0, np.intp)
