"""What an attacker learns who holds the portal's rows of the same searches, by linear programming.

It shares no code with the proof, and finds at least what there is to be narrowed by sums. Without public rows in the
proof some counts are narrowed; beside them none.
"""

import numpy as np
import polars as pl
import pytest
from scipy import optimize, sparse

from disparity.disclosure.plan import CELL_COLUMNS, PORTAL_PLANS, RESULTS, list_cells
from disparity.disclosure.portal import protect_own
from disparity.disclosure.protect import BASE, FEWEST_CANDIDATES, MOST_SUPPRESSED, list_ranges, range_of
from disparity.disclosure.system import GROUPS_OF, KINDS_OF, STATES, STATES_OF
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.records.audit.months import list_submitted
from disparity.vocabulary.codes import ALL, DRUG_TYPES, NOT_RECORDED, SELF_DEFINED
from support import protected_site

STATUS = ("is_unknown", "is_unseparated")
ROWS = ["self_defined_group", "officer_defined_group", "search_type", "outcome_kind"]
PUBLIC = {"searches", "searches_known", "searches_unknown", *RESULTS} - {"unknown_after_action"}


def is_public(key):
    """Whether the portal's columns alone give a count: it has neither possession and supply nor the item found."""
    return key[5] not in DRUG_TYPES and key[6] in PUBLIC


def find_narrowed(profiles, ranges, *, has_status=False):
    """Give what is counted by each suppressed count with fewer than 5 values left, and fewer than the rows leave.

    Args:
        has_status: each row also says whether the record tells if the item was found, and if drugs were for possession
            or supply.
    """
    of_rows = pl.when(pl.col("search_type").is_in(DRUG_TYPES)).then(pl.lit("drugs")).otherwise("search_type")
    named = pl.col("search_type").cast(pl.String).alias("kind")
    rows = profiles.with_columns(pl.col(ROWS).cast(pl.String), named).with_columns(
        pl.col(ROWS[:2]).fill_null(NOT_RECORDED), of_rows.alias("search_type"), pl.col("outcome_kind").fill_null("")
    )
    told = pl.col("find_status").cast(pl.String) == "unknown", pl.col("kind") == "drugs_unspecified"
    status = [test.alias(name) for test, name in zip(told, STATUS, strict=True)] if has_status else []
    rows = rows.with_columns(status)
    given = [*ROWS, *(STATUS if has_status else ())]
    rows = rows.group_by(given).agg(pl.col("searches").sum()).sort(given).with_row_index("row")
    hidden = pl.DataFrame([("drugs", kind) for kind in DRUG_TYPES], schema=["search_type", "leaf"], orient="row")
    atoms = rows.join(hidden, on="search_type", how="left").with_columns(
        pl.col("leaf").fill_null(pl.col("search_type"))
    )
    atoms = atoms.join(pl.DataFrame({"state": STATES}), how="cross")
    if has_status:
        atoms = atoms.filter(
            (pl.col("state") == "unknown") == pl.col("is_unknown"),
            (pl.col("search_type") != "drugs") | ((pl.col("leaf") == "drugs_unspecified") == pl.col("is_unseparated")),
        )
    exact = sparse.csr_array((np.ones(atoms.height), (atoms["row"].to_numpy(), np.arange(atoms.height))))
    own = {key: _select(atoms, key) for key in ranges if key[1] != key[2] and not is_public(key)}
    sums = sparse.csr_array(np.array(list(own.values()), float))
    low, high = np.array([ranges[key] for key in own]).T
    narrowed = []
    for key, chosen in own.items():
        if not (is_hidden(ranges[key]) if has_status else 0 < ranges[key][1] <= MOST_SUPPRESSED):
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
        least = np.ceil(ends[0].fun - 1e-6)
        values = np.floor(-ends[1].fun + 1e-6) - least + 1
        if has_status and least > MOST_SUPPRESSED:
            continue
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


MANY = 10**9


def is_hidden(ends):
    """Whether nothing is told of a count but that it is suppressed."""
    return ends == (0, MANY)


def read(shown, *, is_exact):
    """Give the ends of what a published count could be."""
    if is_exact:
        return shown, shown
    return (0, MANY) if shown is None else range_of(shown, BASE)


@pytest.mark.slow
def test_beside_public_rows_nothing_is_narrowed():
    """A suppressed count is taken for anything: linear programming cannot say "it, or what is left beside it"."""
    ingested, settings = protected_site.ingested(), protected_site.settings()
    plan, submitted = PORTAL_PLANS[0], list_submitted(ingested.audit.submissions)
    tallies = (
        tally_periods(ingested.counts, submitted, settings.periods()),
        tally_submissions(ingested.counts, submitted),
    )
    cells = protect_own(list_cells(*tallies, plan), BASE, plan)
    ranges = {row[:-1]: read(row[-1], is_exact=plan.is_public(*row[5:7])) for row in cells.iter_rows()}
    assert sum(map(is_hidden, ranges.values()))
    assert find_narrowed(ingested.counts.profiles, ranges, has_status=True) == []
