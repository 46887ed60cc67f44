"""The proof where anybody can have the rows of the same searches, without the extract's own columns.

The attacker is given every public row, as equalities: of each kind of row there are exactly so many searches, and only
how they divide is unknown. All else that is known of a row (its day, place, age, outcome) is in no count that only the
extract has, so rows that differ in that alone are interchangeable, and knowing them apart tells nothing more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from disparity.disclosure.attack import Proof, ProtectedCounts, Target, certify, describe
from disparity.disclosure.plan import OWN_DRUG_TYPES, OWN_FINDS, SEPARATED, SPAN, Key, Plan, list_parents
from disparity.disclosure.portal import FOUND, KNOWN, NOT_FOUND, ROW_COLUMNS, is_never_shown, list_left
from disparity.disclosure.protect import FEWEST_CANDIDATES, MOST_SUPPRESSED, THRESHOLD, range_of
from disparity.disclosure.system import FREE, GROUPS_OF, System, make_sums, none
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.codes import ALL, DRUG_TYPES, SELF_DEFINED

Places = npt.NDArray[np.intp]
Rule = tuple[Places, Places, int, int]  # plus, minus, lower, upper
STATES_OF = {"known": (FOUND, NOT_FOUND, KNOWN), "found": (FOUND,)}


def prove_own(edition: ProtectedCounts, rows: pl.DataFrame) -> Proof:
    """Certify every sensitive count that only the extract has; stop at the first that fails.

    Sensitive are all that are suppressed, and all differences of two nested ones, shown or not, that could be 1 to 7.
    Each needs FEWEST_CANDIDATES values, or as many as the public rows alone leave. Earlier editions of the same months
    show the same (`find_other_edition`), so they tell nothing more.

    Args:
        rows: as `list_rows` gives them.
    """
    targets = certified = 0
    alike = rows.group_by(ROW_COLUMNS).agg(pl.col("searches").sum()).sort(ROW_COLUMNS)
    for span in edition.cells.filter(pl.col("ethnic_group") != ALL).select(SPAN).unique().sort(SPAN).rows():
        here = [pl.col(name) == value for name, value in zip(SPAN, span, strict=True)]
        proof = _prove_span(edition.cells.filter(here), edition, alike.filter(here))
        targets, certified = targets + proof.targets, certified + proof.certified
        if proof.weakness:
            return Proof(targets, certified, proof.weakness)
    return Proof(targets, certified)


def find_other_edition(edition: ProtectedCounts, earlier: list[ProtectedCounts]) -> str:
    """Name what an earlier edition shows otherwise of the same months; nothing where there is no such thing.

    With public rows on either side, two editions of the same months must show the same counts of the same rows: what
    came late is not told apart from what was there, so nothing could be proved of both.
    """
    months = _list_months(edition)
    for other in earlier:
        if not (edition.plan.has_rows or other.plan.has_rows) or not (shared := months & _list_months(other)):
            continue
        force, month = min(shared)
        place = f"{force}, {month:%Y-%m}"
        if other.plan != edition.plan or other.base != edition.base:
            return f"{place}: an earlier edition of it says otherwise which records are public"
        if not _shows_alike(edition, other, shared):
            return f"{place}: an earlier edition of it shows other counts, or other months with it"
    return ""


def _shows_alike(edition: ProtectedCounts, other: ProtectedCounts, months: set[tuple[str, date]]) -> bool:
    """Whether what two editions show of the months of both is the same: spans, rows and counts."""
    both = [_list_touching(each, months) for each in (edition, other)]
    if both[0] != both[1]:
        return False
    cells = [
        each.cells.filter(pl.struct(SPAN).map_elements(lambda span: _touches(span, months), return_dtype=pl.Boolean))
        for each in (edition, other)
    ]
    return cells[0].equals(cells[1])


def _list_touching(edition: ProtectedCounts, months: set[tuple[str, date]]) -> set[str]:
    """List the spans of an edition that have any of the months, each with the name of its rows."""
    named = (one.split(" ") for one in edition.rows.split("; ") if one)
    return {
        " ".join(parts)
        for parts in named
        if any((parts[0], month) in months for month in month_range(*map(date.fromisoformat, parts[1:3])))
    }


def _touches(span: dict[str, Any], months: set[tuple[str, date]]) -> bool:
    return any((span["force"], month) in months for month in month_range(span["period_from"], span["period_to"]))


def _list_months(edition: ProtectedCounts) -> set[tuple[str, date]]:
    spans = edition.cells.select(SPAN).unique().rows()
    return {(force, month) for force, first, last in spans for month in month_range(first, last)}


@dataclass(frozen=True)
class RowAtoms:
    """The smallest counts: of each kind of row, the searches that are alike in what only the extract has too.

    `table`: row, group, officer, leaf, state, searches (of the row).
    """

    table: pl.DataFrame

    @property
    def size(self) -> int:
        """How many there are."""
        return self.table.height

    def place(self, basis: str, group: str, search_type: str, counted: str) -> Places:
        """Give the smallest counts that a cell adds up."""
        members = GROUPS_OF.get(counted, () if group == ALL else (group,))
        leaves = DRUG_TYPES if search_type == "drugs" else () if search_type == ALL else (search_type,)
        wanted = {
            "self_defined_group" if basis == SELF_DEFINED else "officer_defined_group": members,
            "leaf": leaves,
            "state": STATES_OF.get(counted, ()),
        }
        held = [pl.col(name).is_in(list(values)) for name, values in wanted.items() if values]
        return (
            self.table.select(pl.arg_where(pl.all_horizontal(pl.lit(value=True), *held)))[:, 0]
            .to_numpy()
            .astype(np.intp)
        )

    def capacity(self, places: Places) -> int:
        """Say how many searches there are in the rows that have a part in a count: no more can it be."""
        return int(self.table[places].unique("row")["searches"].sum())


def _name_atoms(rows: pl.DataFrame, plan: Plan) -> RowAtoms:
    leaf, state = pl.concat_list("search_type"), pl.concat_list("state")
    if OWN_DRUG_TYPES in plan.own:
        leaf = pl.when(pl.col("search_type") == "drugs").then(pl.lit(list(SEPARATED))).otherwise(leaf)
    if OWN_FINDS in plan.own:
        state = pl.when(pl.col("state") == KNOWN).then(pl.lit([FOUND, NOT_FOUND])).otherwise(state)
    table = rows.with_row_index("row").with_columns(leaf.alias("leaf"), state.alias("state"))
    return RowAtoms(table.explode("leaf").explode("state"))


def _prove_span(cells: pl.DataFrame, edition: ProtectedCounts, rows: pl.DataFrame) -> Proof:
    plan = edition.plan
    shown: dict[Key, int | None] = {row[:-1]: row[-1] for row in cells.iter_rows()}
    own = [key for key in shown if not plan.is_public(*key[5:])]
    if not own:
        return Proof(0, 0)
    atoms = _name_atoms(rows, plan)
    places = {key: atoms.place(*key[3:]) for key in shown}
    system = _build_system(atoms, list(_list_rules(shown, own, places, edition)))
    return certify(system, list(_list_targets(shown, own, places, atoms, plan)), describe(own[0]))


@dataclass(frozen=True)
class _Unknowns:
    """The smallest counts, and after them one that is 0 or 1 for each way in which a count may be suppressed."""

    size: int


def _list_rules(
    shown: dict[Key, int | None], own: list[Key], places: dict[Key, Places], edition: ProtectedCounts
) -> Iterator[Rule | list[Places]]:
    """Give what each count that only the extract has tells: a rule, or the sums of which one is under THRESHOLD."""
    for key in own:
        wholes = [shown[whole] for whole in list_parents(key) if whole in shown]
        left = [
            np.setdiff1d(places[whole], places[part] if part else none())
            for whole, part in list_left(key, shown, edition.plan)
            if whole in shown
        ]
        value = shown[key]
        if value is None:
            # Under a whole that is suppressed every count is, and of too few rows: that it is tells nothing more.
            if None not in wholes and not is_never_shown(key, shown, edition.plan):
                yield [places[key], *left]
            continue
        yield (places[key], none(), *range_of(value, edition.base))
        if value:
            for one in left:
                yield (one, none(), THRESHOLD, FREE)


def _build_system(atoms: RowAtoms, told: list[Rule | list[Places]]) -> System:
    """Put the public rows and what the publication tells into one system.

    Where one of several sums is under THRESHOLD, a number that is 0 or 1 for each says that it is, and one at least is.
    """
    table = atoms.table.with_row_index("place")
    rows: list[Rule] = [
        (np.array(held, np.intp), none(), searches, searches)
        for held, searches in table.group_by("row", maintain_order=True)
        .agg(pl.col("place"), pl.col("searches").first())
        .select("place", "searches")
        .iter_rows()
    ]
    weights: list[tuple[int, int, int]] = []  # rule, number that is 0 or 1, weight
    size = atoms.size
    for one in told:
        if isinstance(one, tuple):
            rows.append(one)
            continue
        most = [atoms.capacity(held) for held in one]
        if min(most) < THRESHOLD:
            continue
        switches = np.arange(size, size + len(one), dtype=np.intp)
        size += len(one)
        rows.append((switches, none(), 1, len(one)))
        for switch, held, capacity in zip(switches, one, most, strict=True):
            rows.append((np.array([switch], np.intp), none(), 0, 1))
            weights.append((len(rows), int(switch), capacity - MOST_SUPPRESSED))
            rows.append((held, none(), 0, capacity))
    plus, minus, lower, upper = zip(*rows, strict=True)
    sums = make_sums(list(zip(plus, minus, strict=True)), size)
    if weights:
        place, column, weight = map(np.array, zip(*weights, strict=True))
        sums = sums + sparse.csr_array((weight.astype(float), (place, column)), shape=sums.shape)
    return System(_Unknowns(size), sums, np.array(lower, np.int64), np.array(upper, np.int64))


def _list_targets(
    shown: dict[Key, int | None], own: list[Key], places: dict[Key, Places], atoms: RowAtoms, plan: Plan
) -> Iterator[Target]:
    """List what may be sensitive, each with the values it needs: five, or as many as the public rows alone leave.

    That is what is suppressed and what is left beside it, and what is left of a count that is not public. Of a count
    that is shown there are THRESHOLD or more left beside it: that is no few people.
    """
    for key in own:
        beside = list_left(key, shown, plan)
        if shown[key] is None:
            yield _aim(describe(key), places[key], atoms, is_suppressed=True)
            for whole, part in beside:
                # What is left is another count of its own, or the rest of a whole.
                if part and whole in shown:
                    left = np.setdiff1d(places[whole], places[part])
                    yield _aim(f"{describe(whole)}, less {describe(part)}", left, atoms, is_suppressed=True)
        if shown[key] == 0:
            continue
        for whole in list_parents(key):
            if whole in shown and not plan.is_public(*whole[5:]) and (whole, key) not in beside:
                left = np.setdiff1d(places[whole], places[key])
                yield _aim(f"{describe(whole)}, less {describe(key)}", left, atoms, is_suppressed=False)


def _aim(name: str, places: Places, atoms: RowAtoms, *, is_suppressed: bool) -> Target:
    needed = min(FEWEST_CANDIDATES, atoms.capacity(places) + 1)
    return Target(name, is_suppressed, places, none(), needed, may_be_many=True)
