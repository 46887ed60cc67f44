"""The known weakness: what an attacker learns who holds the portal's rows of the same searches.

By linear programming, which finds at least what there is to be narrowed. Months are left out, so a real attacker knows
more. When the proof takes in the rows (docs/decisions/2026-11-30-portal-attacker.md), nothing may be narrowed.
"""

import numpy as np
import polars as pl
import pytest
from scipy import optimize, sparse

from disparity.disclosure.attack import FEWEST_CANDIDATES
from disparity.disclosure.plan import CELL_COLUMNS, RESULTS
from disparity.disclosure.protect import BASE, MOST_SUPPRESSED, list_ranges
from disparity.disclosure.system import GROUPS_OF, KINDS_OF, STATES, STATES_OF
from disparity.vocabulary.codes import ALL, DRUG_TYPES, NOT_RECORDED, SELF_DEFINED
from support import protected_site

ROWS = ["self_defined_group", "officer_defined_group", "search_type", "outcome_kind"]
PUBLIC = {"searches", "searches_known", "searches_unknown", *RESULTS} - {"unknown_after_action"}


def is_public(key):
    """Whether the portal's columns alone give a count: it has neither possession and supply nor the item found."""
    return key[5] not in DRUG_TYPES and key[6] in PUBLIC


def find_narrowed(profiles, ranges):
    """Give what is counted by each suppressed count with fewer than 5 values left, and fewer than the rows leave."""
    of_rows = pl.when(pl.col("search_type").is_in(DRUG_TYPES)).then(pl.lit("drugs")).otherwise("search_type")
    rows = profiles.with_columns(pl.col(ROWS).cast(pl.String)).with_columns(
        pl.col(ROWS[:2]).fill_null(NOT_RECORDED), of_rows.alias("search_type"), pl.col("outcome_kind").fill_null("")
    )
    rows = rows.group_by(ROWS).agg(pl.col("searches").sum()).sort(ROWS).with_row_index("row")
    hidden = pl.DataFrame([("drugs", kind) for kind in DRUG_TYPES], schema=["search_type", "leaf"], orient="row")
    atoms = rows.join(hidden, on="search_type", how="left").with_columns(
        pl.col("leaf").fill_null(pl.col("search_type"))
    )
    atoms = atoms.join(pl.DataFrame({"state": STATES}), how="cross")
    exact = sparse.csr_array((np.ones(atoms.height), (atoms["row"].to_numpy(), np.arange(atoms.height))))
    own = {key: _select(atoms, key) for key in ranges if key[1] != key[2] and not is_public(key)}
    sums = sparse.csr_array(np.array(list(own.values()), float))
    low, high = np.array([ranges[key] for key in own]).T
    narrowed = []
    for key, chosen in own.items():
        if not 0 < ranges[key][1] <= MOST_SUPPRESSED:
            continue
        ends = [
            optimize.linprog(
                sign * chosen.astype(float),
                A_ub=sparse.vstack([sums, -sums]),
                b_ub=np.concatenate([high, -low]),
                A_eq=exact,
                b_eq=rows["searches"].to_numpy(),
            )
            for sign in (1, -1)
        ]
        values = np.floor(-ends[1].fun + 1e-6) - np.ceil(ends[0].fun - 1e-6) + 1
        most = rows.filter(pl.col("row").is_in(atoms.filter(chosen)["row"].unique().implode()))["searches"].sum()
        if values < min(FEWEST_CANDIDATES, most + 1):
            narrowed.append(key[6])
    return narrowed


def _select(atoms, key):
    basis, group, search_type, counted = key[3:]
    column = "self_defined_group" if basis == SELF_DEFINED else "officer_defined_group"
    wanted = [
        (column, GROUPS_OF.get(counted, () if group == ALL else (group,))),
        ("leaf", DRUG_TYPES if search_type == "drugs" else () if search_type == ALL else (search_type,)),
        ("state", STATES_OF.get(counted, ())),
        ("outcome_kind", KINDS_OF.get(counted, ())),
    ]
    held = [pl.col(name).is_in(list(values)) for name, values in wanted if values]
    return atoms.select(pl.all_horizontal(pl.lit(value=True), *held).alias("is_held"))["is_held"].to_numpy()


@pytest.mark.slow
def test_the_rows_of_the_portal_narrow_counts_of_what_is_recorded_and_no_other():
    cells = protected_site.frames()["cells"].select(CELL_COLUMNS)
    profiles = protected_site.ingested().counts.profiles
    assert set(find_narrowed(profiles, list_ranges(cells, BASE))) <= {"known"}
