"""The proof: two tables for every sensitive count that fit all that is published and lie far apart.

An attacker knows the plan, the rules, the base and every earlier edition. A pair of tables is a certificate: it is
checked in whole numbers, so a fault of the solver can only cause a false alarm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import optimize

from disparity.disclosure.plan import PLAN, Key, Plan, list_longer, list_parents
from disparity.disclosure.protect import FEWEST_CANDIDATES, MOST_SUPPRESSED, Range, list_not_all, list_ranges
from disparity.disclosure.system import (
    Atoms,
    Sums,
    System,
    build_system,
    make_sums,
    name_atoms,
    none,
    place_cell,
    span_of,
)
from disparity.vocabulary.calendar import month_range

SEED = 2_019
FIRST_DRAWS = 48
# A search that takes longer counts as a failure: it must end, and at the same place on every machine.
MOST_NODES = 2_000
KEPT_PROOFS = 256  # of forces and their periods

Table = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Proof:
    """How many sensitive counts there are, how many are certified, and where the first that is not certified is."""

    targets: int
    certified: int
    weakness: str = ""

    @property
    def holds(self) -> bool:
        """Whether nobody can be singled out."""
        return not self.weakness


@dataclass(frozen=True)
class ProtectedCounts:
    """What may be known of the counts of one edition: CELL_COLUMNS, null where suppressed, all of one base.

    `rows` is a digest of the public rows that the counts are of; nothing where the plan knows of none.
    """

    cells: pl.DataFrame
    base: int
    plan: Plan = PLAN
    rows: str = ""


def prove(edition: ProtectedCounts, earlier: list[ProtectedCounts]) -> Proof:
    """Certify every sensitive count of an edition, given all earlier ones; stop at the first that fails.

    Sensitive are all suppressed counts, and all differences of two nested published counts that could be 1 to 7.
    """
    # Those beside public rows are of other months (`find_other_edition`).
    earlier = [one for one in earlier if not one.plan.has_rows]
    ranges, moved = _read(edition, earlier)
    if moved:
        return Proof(len(moved), 0, moved[0])
    every = (pair for one in (edition, *earlier) for pair in list_not_all(one.cells))
    not_all = list(dict.fromkeys(every))
    targets = certified = 0
    for keys in _split(list(ranges)):
        own = {key: ranges[key] for key in keys}
        pairs = [(part, whole) for part, whole in not_all if part in own and whole in own]
        proof = _prove_part(tuple(own.items()), tuple(pairs))
        targets, certified = targets + proof.targets, certified + proof.certified
        if proof.weakness:
            return Proof(targets, certified, proof.weakness)
    return Proof(targets, certified)


def _read(edition: ProtectedCounts, earlier: list[ProtectedCounts]) -> tuple[dict[Key, Range], list[str]]:
    """Give what each count could be in the light of every edition, and the counts that a late record gives away.

    A count that was otherwise before has changed by at least the gap between the two ranges. A small gap shows
    what it was and is; a large one comes of a new submission, and the old figure no longer binds the new one.
    """
    ranges = list_ranges(edition.cells, edition.base)
    moved: list[str] = []
    for other in earlier:
        for key, (low, high) in list_ranges(other.cells, other.base).items():
            first, last = ranges.get(key, (low, high))
            gap = max(low - last, first - high)
            if gap <= 0:
                ranges[key] = max(low, first), min(high, last)
            elif gap < FEWEST_CANDIDATES:
                moved.append(f"{describe(key)}: an earlier edition shows another figure, as a late record would")
    return ranges, moved


def _split(keys: list[Key]) -> Iterator[list[Key]]:
    """Split the counts into those of each force whose months have nothing to do with each other."""
    by_force: dict[str, list[Key]] = {}
    for key in keys:
        by_force.setdefault(key[0], []).append(key)
    for of_force in by_force.values():
        spans: list[tuple[set[date], list[Key]]] = []
        for key in sorted(of_force, key=lambda key: (span_of(key)[0], -span_of(key)[1].toordinal())):
            months = set(month_range(*span_of(key)))
            touching = [part for part in spans if part[0] & months]
            rest = [part for part in spans if not part[0] & months]
            merged = set().union(months, *(part[0] for part in touching))
            spans = [*rest, (merged, [*(one for part in touching for one in part[1]), key])]
        yield from (part for _, part in spans)


@lru_cache(KEPT_PROOFS)
def _prove_part(own: tuple[tuple[Key, Range], ...], not_all: tuple[tuple[Key, Key], ...]) -> Proof:
    """Prove counts that have to do with each other; the same ones again, as the audit of a site asks, are known."""
    ranges = dict(own)
    atoms = name_atoms(list(ranges))
    system = build_system(atoms, ranges, list(not_all))
    return certify(system, _list_targets(atoms, ranges), describe(next(iter(ranges))))


def certify(system: System, targets: list["Target"], place: str) -> Proof:
    """Find, for every target, tables that fit in which it has as many values as it needs; stop at the first without.

    Args:
        place: what to name where no table fits at all.
    """
    if not targets:
        return Proof(0, 0)
    sums = make_sums([(target.plus, target.minus) for target in targets], system.atoms.size)
    drawn = [sums.astype(np.int64) @ table for table in _draw_tables(system, sums)]
    if not drawn:
        return Proof(len(targets), 0, f"{place}: no table of counts fits what is published")
    values = [set(seen) for seen in np.array(drawn).T.tolist()]
    told = 0
    for number in sorted(range(len(targets)), key=lambda number: len(values[number])):
        target = targets[number]
        is_small = _find_values(system, sums, values, number, target.needed)
        if len(values[number]) >= target.needed:
            continue
        is_many = target.may_be_many and not is_small and min(values[number]) > MOST_SUPPRESSED
        if is_small or (target.is_suppressed and not is_many):
            certified = sum(len(seen) >= each.needed for seen, each in zip(values, targets, strict=True))
            weakness = f"{target.name}: fewer than {target.needed} values are left for it"
            return Proof(len(targets) - told, certified, weakness)
        told += 1
    return Proof(len(targets) - told, len(targets) - told)


def _find_values(
    system: System, sums: Sums, values: list[set[int]], place: int, needed: int = FEWEST_CANDIDATES
) -> bool:
    """Look for tables in which a count takes other values, until there are enough of them.

    Returns:
        Whether it could be 1 to 7, in the light of everything.
    """
    row, seen = sums[[place]].toarray()[0], values[place]
    for sign in (1, -1):
        if len(seen) >= needed:
            return True
        found = _solve(system, sign * row)
        if found is not None:
            _add_values(values, sums, found.table)
            if found.is_best and (min(seen) > MOST_SUPPRESSED if sign > 0 else max(seen) == 0):
                return False
    for value in range(min(seen) + 1, max(seen)):
        if len(seen) < needed and value not in seen:
            found = _solve(system, np.zeros(row.size), (row, value))
            if found is not None:
                _add_values(values, sums, found.table)
    return True


def _add_values(values: list[set[int]], sums: Sums, table: Table) -> None:
    for seen, value in zip(values, (sums.astype(np.int64) @ table).tolist(), strict=True):
        seen.add(value)


def _draw_tables(system: System, sums: Sums) -> Iterator[Table]:
    """Draw tables that fit, each furthest in a direction of chance, by turns of the smallest counts and of targets."""
    generator = np.random.default_rng(SEED)
    for draw in range(FIRST_DRAWS):
        is_fine = draw % 2 == 0
        chosen = generator.integers(-3, 4, system.atoms.size if is_fine else sums.shape[0]).astype(np.float64)
        found = _solve(system, chosen if is_fine else sums.T @ chosen)
        if found is not None:
            yield found.table


@dataclass(frozen=True)
class _Found:
    """A table that fits, and whether none goes further in the direction that was asked for."""

    table: Table
    is_best: bool


def _solve(
    system: System, direction: npt.NDArray[np.float64], fixed: tuple[npt.NDArray[np.float64], int] | None = None
) -> _Found | None:
    """Find the whole numbers that fit and are least in a direction; none where the solver finds none that does.

    Args:
        fixed: a sum, and the value that it must have.
    """
    rules = [optimize.LinearConstraint(system.sums, system.lower, system.upper)]
    if fixed is not None:
        rules.append(optimize.LinearConstraint(fixed[0][np.newaxis], fixed[1], fixed[1]))
    found = optimize.milp(
        direction,
        constraints=rules,
        integrality=np.ones(system.atoms.size),
        bounds=optimize.Bounds(0, np.inf),
        options={"mip_rel_gap": 0, "node_limit": MOST_NODES},
    )
    if found.x is None:
        return None
    table = np.rint(found.x).astype(np.int64)
    return _Found(table, found.status == 0) if system.holds(table) else None


@dataclass(frozen=True)
class Target:
    """A count that must not be told: one that is suppressed, or the difference of two that are shown.

    `needed` is how many values an attacker must be left with. `may_be_many`: one that is suppressed for the sake of
    another is let off where it is over MOST_SUPPRESSED in every table that fits.
    """

    name: str
    is_suppressed: bool
    plus: npt.NDArray[np.intp]
    minus: npt.NDArray[np.intp]
    needed: int = FEWEST_CANDIDATES
    may_be_many: bool = False


def _list_targets(atoms: Atoms, ranges: dict[Key, Range]) -> list[Target]:
    """List what may be sensitive: suppressed counts, and differences of nested counts that could be 1 to 7."""
    targets = []
    for key, (low, high) in ranges.items():
        if 0 < high <= MOST_SUPPRESSED:
            targets.append(Target(describe(key), True, place_cell(atoms, key), none()))
        for whole in _list_wholes(key, ranges):
            least, most = ranges[whole][0] - high, ranges[whole][1] - low
            if least <= MOST_SUPPRESSED and most > 0:
                name = f"{describe(whole)}, less {describe(key)}"
                targets.append(Target(name, False, place_cell(atoms, whole), place_cell(atoms, key)))
    return targets


def _list_wholes(key: Key, ranges: dict[Key, Range]) -> list[Key]:
    """List the published counts that hold a count: in its table, and over a longer span."""
    longer = list_longer(key, set(map(span_of, ranges)))
    return [whole for whole in [*list_parents(key), *longer] if whole in ranges]


def describe(key: Key) -> str:
    """Name a count: where it is, never how large it is."""
    force, first, last, basis, group, search_type, counted = key
    return f"{force}, {first:%Y-%m} to {last:%Y-%m}, {group} ({basis}), {search_type}, {counted}"
