"""Counts that hypothesis draws, on which the laws of comparing are tried."""

from hypothesis import strategies as st

from support.cells import FORCE, SEVERAL, cell

GROUPS = ("White", "Black", "Asian", "Mixed")
# Found and searched, of each group; and that of each of SEVERAL forces.
found_of = st.integers(0, 900).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
tables = st.lists(found_of, min_size=len(GROUPS), max_size=len(GROUPS))
several = st.lists(tables, min_size=len(SEVERAL), max_size=len(SEVERAL))


def cells_of(table, groups=GROUPS, force=FORCE):
    """Make the cells of one force; as many are asked to remove clothing as have something found."""
    pairs = zip(groups, table, strict=True)
    return [cell(group, found=x, not_found=n - x, clothing_removed=x, force=force) for group, (x, n) in pairs]


def cells_of_several(forces, groups=GROUPS):
    """Make the cells of SEVERAL forces."""
    pairs = zip(SEVERAL, forces, strict=True)
    return [row for force, table in pairs for row in cells_of(table, groups, force)]
