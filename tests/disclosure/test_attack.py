"""The proof: it finds what can be narrowed, and only that."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from disparity.disclosure import attack
from disparity.disclosure.attack import ProtectedCounts, _find_values, _solve, prove
from disparity.disclosure.plan import CELL_COLUMNS
from disparity.disclosure.protect import list_not_all, list_ranges, protect, protect_cells
from disparity.disclosure.system import System, build_system, make_sums, name_atoms, none, place_cell
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED, SELF_DEFINED
from support.plan import cells_of

APRIL, MAY, JUNE = month_range(pl.select(pl.date(2022, 4, 1)).item(), pl.select(pl.date(2022, 6, 1)).item())
WEAPONS, FIREARMS, DRUGS = "offensive_weapons", "firearms", "drugs_possession"


def searches(*rows):
    """Counts of searches: group, type, count."""
    return cells_of(*((group, kind, "searches", count) for group, kind, count in rows))


def published(cells, base):
    return ProtectedCounts(protect_cells(cells, base), base)


def ends(edition, key):
    """The least and the largest count of a cell that the solver finds."""
    ranges = list_ranges(edition.cells, edition.base)
    atoms = name_atoms(list(ranges))
    system = build_system(atoms, ranges, list_not_all(edition.cells))
    row = make_sums([(place_cell(atoms, key), none())], atoms.size)
    tables = [_solve(system, sign * row.toarray()[0]) for sign in (1, -1)]
    return tuple(int((row @ found.table)[0]) for found in tables)


def key_of(edition, group, kind):
    row = edition.cells.filter(pl.col("ethnic_group") == group, pl.col("search_type") == kind).row(0)
    return row[:-1]


def exhaust(figures, base):
    """Every 2 x 3 table of counts that is shown so, with its margins, as ranges of its six inner counts: by trying all.

    `figures`: the twelve figures, rows first, each row with its total, then the row of totals.
    """
    ranges = []
    for figure in figures:
        ranges.append((1, 7) if figure is None else (0, 0) if figure == 0 else None)
        if ranges[-1] is None:
            fits = [n for n in range(figure + base + 1) if protect(n, base) == figure]
            ranges[-1] = (min(fits), max(fits))
    inner = [ranges[place] for place in (0, 1, 2, 4, 5, 6)]
    found = [[], [], [], [], [], []]
    for table in itertools.product(*(range(low, high + 1) for low, high in inner)):
        a, b, c, d, e, f = table
        sums = ((a + b + c, 3), (d + e + f, 7), (a + d, 8), (b + e, 9), (c + f, 10), (sum(table), 11))
        if all(ranges[place][0] <= total <= ranges[place][1] for total, place in sums):
            for values, value in zip(found, table, strict=True):
                values.append(value)
    return [(min(values), max(values)) for values in found]


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(inner=st.tuples(*[st.integers(1, 12)] * 6))
def test_the_solver_finds_the_same_ends_as_trying_every_table(inner):
    """Two groups by three types, all margins shown: 2 x 3 tables of 1 to 12."""
    base = 5
    a, b, c, d, e, f = inner
    rows = [[a, b, c, a + b + c], [d, e, f, d + e + f], [a + d, b + e, c + f, sum(inner)]]
    groups, kinds = ("Asian", "Black", ALL), (WEAPONS, FIREARMS, DRUGS, ALL)
    # Each margin is shown for itself: no whole is suppressed that would hide its parts.
    cells = searches(*((group, kind, rows[i][j]) for i, group in enumerate(groups) for j, kind in enumerate(kinds)))
    empty = [(group, kind, 0) for group in ("Mixed", "White", "Other", "Not stated", "Not recorded") for kind in (ALL,)]
    if any(0 < total < 8 for total in [*(row[3] for row in rows), *rows[2]]):
        return
    edition = published(pl.concat([cells, searches(*empty)]), base)
    edition = ProtectedCounts(
        pl.concat([edition.cells, searches(*((ALL, kind, 0) for kind in _other_types(kinds)))]), base
    )
    truth = exhaust([protect(n, base) for row in rows for n in row], base)
    wanted = [(group, kind) for group in groups[:2] for kind in kinds[:3]]
    assert [ends(edition, key_of(edition, group, kind)) for group, kind in wanted] == truth


def _other_types(kinds):
    from disparity.disclosure.system import LEAVES  # noqa: PLC0415

    return [leaf for leaf in LEAVES if leaf not in kinds]


def test_an_exact_total_beside_suppressed_parts_is_no_proof():
    """22 in all less 10 leave 12 for two suppressed counts: each is 5, 6 or 7. Rounded, 6 to 14 are left: 1 to 7."""
    cells = searches((ALL, ALL, 22), ("Asian", ALL, 6), ("Black", ALL, 6), ("White", ALL, 10))
    rest = searches(*((group, ALL, 0) for group in ("Mixed", "Other", "Not stated", "Not recorded")))
    both = pl.concat([cells, rest])
    assert prove(published(both, 5), []).holds
    is_exact = (pl.col("count") == 0) | (pl.col("count") > 7)
    exact = ProtectedCounts(both.with_columns(count=pl.when(is_exact).then(pl.col("count"))), 1)
    assert not prove(exact, []).holds


@pytest.mark.slow
def test_a_suppressed_part_that_its_total_pins_down_is_named():
    """Nine suppressed types of 8 to 12 searches: each has 1 to 4, as each other has one; of 8 to 14, 1 to 6."""
    kinds = ("drugs_possession", "drugs_supply", WEAPONS, FIREARMS, "stolen_property", "going_equipped")
    kinds += ("criminal_damage", "protest", "other")
    cells = searches((ALL, ALL, 9), *((ALL, kind, 1) for kind in kinds))
    cells = pl.concat([cells, searches(*((ALL, kind, 0) for kind in _other_types(kinds)))])
    proof = prove(published(cells, 5), [])
    assert proof.weakness.startswith("kent, 2022-04 to 2023-03, All (self-defined), ")
    assert proof.weakness.endswith(", searches: fewer than 5 values are left for it")
    assert prove(published(cells, 10), []).holds


def year_of(count, *, last=JUNE, kind=ALL):
    return pl.DataFrame(
        [("kent", APRIL, last, SELF_DEFINED, ALL, kind, "searches", count)], schema=CELL_COLUMNS, orient="row"
    )


def test_one_late_record_that_moves_a_figure_is_found():
    """12 searches were shown as 10; with one late record 13 are shown as 15: before, there were 12."""
    before, after = published(year_of(12), 5), published(year_of(13), 5)
    proof = prove(after, [before])
    assert not proof.holds
    assert "as a late record would" in proof.weakness
    assert prove(after, []).holds


def test_a_new_submission_of_many_more_records_is_no_late_record():
    assert prove(published(year_of(60), 5), [published(year_of(12), 5)]).holds


def test_the_same_counts_are_proved_once_and_others_anew(monkeypatch):
    """The audit of a folder asks for what the release asked for; of a folder that was changed it does not."""
    attack._prove_part.cache_clear()
    solved = []
    monkeypatch.setattr(attack, "certify", lambda *given: solved.append(given) or attack.Proof(1, 1))
    for count in (12, 12, 11):
        assert prove(published(year_of(count), 5), []).holds
    assert len(solved) == 1  # both are shown as 10
    assert prove(published(year_of(18), 5), []).holds
    assert len(solved) == 2
    attack._prove_part.cache_clear()


def test_the_same_edition_again_narrows_nothing():
    edition = published(year_of(12), 5)
    assert prove(edition, [edition, edition]) == prove(edition, [])


def test_editions_of_two_bases_narrow_each_other():
    """10 to the nearest 5 is 8 to 12; 20 to the nearest 10 is 15 to 24: 15 to the nearest 5 and 20 meet in 15 to 17."""
    edition = published(pl.concat([year_of(16), year_of(3, kind=WEAPONS), year_of(13, kind=FIREARMS)]), 10)
    assert prove(edition, []).holds


def test_a_longer_window_less_a_shorter_one_is_attacked():
    """April to June 60 searches, April and May 57: June has 3, from 1 to 7 by both figures (60 and 55)."""
    edition = published(year_of(60), 5)
    earlier = published(year_of(57, last=MAY), 5)
    proof = prove(edition, [earlier])
    assert proof.targets == 1
    assert proof.holds


@pytest.mark.parametrize("base", [5, 10, 15])
def test_the_true_counts_are_among_the_tables_that_fit(base):
    cells = pl.concat(
        [
            cells_of(
                *((ALL, ALL, name, n) for name, n in (("searches", 80), ("known", 70), ("found", 9), ("outcomes", 80)))
            ),
            cells_of(*(("Black", ALL, name, n) for name, n in (("searches", 30), ("known", 25), ("found", 3)))),
        ]
    )
    edition = published(cells, base)
    ranges = list_ranges(edition.cells, base)
    atoms = name_atoms(list(ranges))
    system = build_system(atoms, ranges, list_not_all(edition.cells))
    exact = {row[:-1]: row[-1] for row in cells.iter_rows()}
    rows = make_sums([(place_cell(atoms, key), none()) for key in exact], atoms.size)
    # Some table has the very counts: fix them all, and the system still holds.
    found = optimize.milp(
        np.zeros(atoms.size),
        constraints=[
            optimize.LinearConstraint(system.sums, system.lower, system.upper),
            optimize.LinearConstraint(rows, list(exact.values()), list(exact.values())),
        ],
        integrality=np.ones(atoms.size),
    )
    assert system.holds(np.rint(found.x).astype(np.int64))


def test_every_pair_that_certifies_is_checked_in_whole_numbers():
    edition = published(searches((ALL, ALL, 20), ("Asian", ALL, 3)), 5)
    ranges = list_ranges(edition.cells, 5)
    atoms = name_atoms(list(ranges))
    system = build_system(atoms, ranges, [])
    table = _solve(system, np.ones(atoms.size)).table
    assert system.holds(table)
    table[0] -= 1
    assert not system.holds(table)


def test_officer_defined_groups_share_the_total_of_the_year():
    cells = pl.concat(
        [year_of(100), year_of(60).with_columns(ethnicity_basis=pl.lit(OFFICER_DEFINED), ethnic_group=pl.lit("White"))]
    )
    edition = published(cells, 5)
    assert ends(edition, cells.row(1)[:-1]) == (58, 62)


@pytest.mark.slow
def test_a_suppressed_count_that_must_be_zero_is_no_secret_and_no_proof():
    """Nobody was searched for firearms: that none of a suppressed group was is known, and is shown."""
    cells = searches((ALL, ALL, 40), ("Asian", ALL, 5), (ALL, "firearms", 0), ("Asian", "firearms", 0))
    rest = searches(*((ALL, kind, 0) for kind in _other_types(("other", "firearms"))), (ALL, "other", 40))
    edition = published(pl.concat([cells, rest]), 15)
    assert edition.cells["count"].to_list()[:4] == [45, None, 0, 0]
    assert prove(edition, []).holds
    # As it was before: marked as if it could be anything, and exempt from the proof.
    is_marked = (pl.col("ethnic_group") == "Asian") & (pl.col("search_type") == "firearms")
    marked = edition.cells.with_columns(count=pl.when(~is_marked).then("count"))
    proof = prove(ProtectedCounts(marked, 15), [])
    assert proof.weakness == (
        "kent, 2022-04 to 2023-03, Asian (self-defined), firearms, searches: fewer than 5 values are left for it"
    )


def test_two_far_ends_with_nothing_between_are_no_five_values():
    """Ten pairs of people who are always searched together: a count of 0 or 10 and nothing between."""
    atoms = name_atoms([year_of(1).row(0)[:-1]])
    size = atoms.size
    first, second = np.eye(size, dtype=np.int64)[:2]
    sums = sparse.csr_array(np.array([first - 10 * second, second]))
    system = System(atoms, sums, np.array([0, 0]), np.array([0, 1]))
    values = [{0}]
    assert _find_values(system, sparse.csr_array(first[np.newaxis].astype(float)), values, 0)
    assert values == [{0, 10}]


def test_a_difference_that_is_eight_or_more_in_every_table_is_not_small():
    """100 less 85 is 1 to 29 by the two figures; the other part is shown as 15, so it is 8 to 22: of no few people."""
    rows = searches((ALL, ALL, 100), ("White", ALL, 85), ("Asian", ALL, 15))
    rest = searches(*((group, ALL, 0) for group in ("Black", "Mixed", "Other", "Not stated", "Not recorded")))
    proof = prove(published(pl.concat([rows, rest]), 15), [])
    assert proof.holds
