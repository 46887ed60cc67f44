"""An attacker who knows the rules and runs them again on every table that fits, tried on random small extracts."""

import os

import numpy as np
import polars as pl
import pytest

from disparity.disclosure import attack
from disparity.disclosure.attack import ProtectedCounts, prove
from disparity.disclosure.design_effects import FEWEST_SEARCHES
from disparity.disclosure.protect import BASE, FEWEST_CANDIDATES, list_ranges, protect_cells
from disparity.disclosure.system import GROUPS, LEAVES, name_atoms, place_cell
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, SELF_DEFINED
from support.plan import cells_of

# Each takes two processor seconds. `DISPARITY_ATTACKS=200` is what docs/disclosure.md tells of.
EXTRACTS = int(os.environ.get("DISPARITY_ATTACKS", "40"))
DRAWN = ("drugs_possession", "drugs_supply", "offensive_weapons")
# Of the groups, as uneven as in a small force.
SHARES = (0.05, 0.05, 0.03, 0.7, 0.02, 0.1, 0.05)


def draw_extract(rng):
    """Count 20 to 300 searches by group, type and find: possession and supply apart, other types without a search."""
    size = int(rng.integers(20, 301))
    group = rng.choice(len(GROUPS), size, p=SHARES)
    kind = rng.choice(len(DRAWN), size, p=(0.6, 0.1, 0.3))
    is_known, is_found = rng.random(size) < rng.choice([1.0, 0.95]), rng.random(size) < 0.25
    rows = []
    for name in (ALL, *GROUPS):
        of_group = np.ones(size, bool) if name == ALL else group == GROUPS.index(name)
        # What nobody was searched for is a zero of all groups; of each group it follows, and is left out for speed.
        for types in (ALL, "drugs", *(LEAVES if name == ALL else DRAWN)):
            leaves = DRAWN if types == ALL else DRUG_TYPES if types == "drugs" else (types,)
            held = of_group & np.isin(np.array(DRAWN)[kind], leaves)
            counts = {"searches": held, "known": held & is_known, "found": held & is_known & is_found}
            rows += [(name, types, counted, int(which.sum())) for counted, which in counts.items()]
    return cells_of(*rows)


def attack_extract(cells, monkeypatch):
    """Give the publication, the proof, and every table that the attacker found, as the counts it would have."""
    edition, tables = ProtectedCounts(protect_cells(cells, BASE), BASE), []
    solve = attack._solve

    def remember(*given):
        found = solve(*given)
        if found is not None:
            tables.append(found.table)
        return found

    monkeypatch.setattr(attack, "_solve", remember)
    attack._prove_part.cache_clear()
    proof = prove(edition, [])
    monkeypatch.undo()
    keys = list(list_ranges(edition.cells, BASE))
    atoms = name_atoms(keys)
    worlds = np.array([[int(table[place_cell(atoms, key)].sum()) for key in keys] for table in tables])
    return edition, proof, worlds


def list_clustered(cells, counts):
    """List the groups whose searches have a part in the published design effect, in a world of these counts."""
    own = (
        (pl.col("counted") == "searches") & (pl.col("search_type") == ALL) & pl.col("ethnic_group").is_in(ETHNIC_GROUPS)
    )
    searches = cells.with_columns(count=pl.Series(counts)).filter(own, ethnicity_basis=SELF_DEFINED)
    return searches.filter(pl.col("count") >= FEWEST_SEARCHES)["ethnic_group"].to_list()


def attack_all(seeds, monkeypatch):
    """Attack an extract of each seed; give the counts of each that are shown, those there are, and what is refused."""
    shown = counts = refused = 0
    for seed in seeds:
        cells = draw_extract(np.random.default_rng(seed))
        edition, proof, worlds = attack_extract(cells, monkeypatch)
        counts += cells.height
        if not proof.holds:
            refused += 1
            continue
        shown += cells.height - edition.cells["count"].null_count()
        is_suppressed = edition.cells["count"].is_null().to_numpy()
        least = min((len(np.unique(values)) for values in worlds[:, is_suppressed].T), default=FEWEST_CANDIDATES)
        assert least >= FEWEST_CANDIDATES, seed
        # Whoever runs the rules on any of these tables gets the same publication: none of them can be ruled out.
        for world in np.unique(worlds, axis=0):
            again = protect_cells(cells.with_columns(count=pl.Series(world)), BASE)
            assert again.equals(edition.cells), seed
            # All other tables are made of these counts and of the design effect, which is of days: which groups have
            # a part in it is the same in each.
            assert list_clustered(cells, world) == list_clustered(cells, cells["count"]), seed
    return shown / counts, refused


@pytest.mark.slow
def test_the_attacker_recovers_nothing_of_small_extracts(monkeypatch):
    shown, refused = attack_all(range(EXTRACTS), monkeypatch)
    assert refused <= EXTRACTS / 20
    # The cost: the share of all counts that is shown. Most are of very few people.
    assert shown > 0.4
