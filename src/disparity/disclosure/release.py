"""Protect the counts and prove it: one base, one plan, and nothing where that does not hold.

There is no second try. A larger base or a coarser plan, taken because the first did not pass, would tell that it did
not: whoever runs the rule over every table that fits what is published then keeps only those that fail.
"""

from dataclasses import dataclass

import polars as pl

from disparity.disclosure.attack import Proof, ProtectedCounts, prove
from disparity.disclosure.plan import OWN_DRUG_TYPES, OWN_FINDS, PLAN, Plan, list_cells
from disparity.disclosure.portal import name_rows, protect_own
from disparity.disclosure.portal_proof import find_other_edition, prove_own
from disparity.disclosure.protect import BASE, protect_cells
from disparity.disclosure.tallies import Tallies
from disparity.vocabulary.errors import DisclosureError

# What is the extract's own → the column of the mapping that makes it so.
OWN_COLUMNS = {OWN_FINDS: "is_item_found", OWN_DRUG_TYPES: "drug_search_type"}


@dataclass(frozen=True)
class Release:
    """The protected counts of an edition, the plan they are of, and the proof."""

    edition: ProtectedCounts
    plan: Plan
    proof: Proof


def release_counts(
    years: Tallies,
    months: Tallies,
    earlier: list[ProtectedCounts],
    plan: Plan = PLAN,
    rows: pl.DataFrame | None = None,
) -> Release:
    """Protect the counts, and prove that nobody can be singled out.

    Args:
        earlier: editions that are published already.
        plan: which counts there are, and which of them the public rows of the same searches give.
        rows: those rows, as `list_rows` gives them; none where the plan knows of none.

    Raises:
        DisclosureError: that cannot be proved; nothing may be published.
    """
    cells = list_cells(years, months, plan)
    if plan.has_rows and rows is not None:
        edition = ProtectedCounts(protect_own(cells, BASE, plan), BASE, plan, name_rows(rows))
    else:
        edition = ProtectedCounts(protect_cells(cells, BASE), BASE)
    if other := find_other_edition(edition, earlier):
        raise DisclosureError(
            "the counts cannot be published beside those of an earlier edition",
            where=other.partition(": ")[0],
            found=other.partition(": ")[2],
            what_now="leave months out that are published already, or publish them as they were, with the same "
            "`public_records` under [disclosure]",
            code="E162",
        )
    proof = prove(edition, earlier) if rows is None else prove_own(edition, rows)
    if proof.holds:
        return Release(edition, edition.plan, proof)
    raise DisclosureError(
        "the counts cannot be published: somebody could be singled out",
        where=proof.weakness.partition(": ")[0],
        found=proof.weakness.partition(": ")[2],
        what_now=f"{_say_what_helps(edition.plan)}; what is published stays as it is",
        code="E162",
    )


def _say_what_helps(plan: Plan) -> str:
    """Beside public rows a longer period may leave it as it is; without columns of its own an extract tells no more."""
    if not plan.has_rows:
        return "publish a longer period, or leave late records to the next one"
    names = " and ".join(f"`{OWN_COLUMNS[name]}`" for name in plan.own)
    return (
        f"leave {names} out of [extracts.columns], with `outcome` and `is_outcome_linked` in it: all is then as the "
        "public rows have it, and exact; or publish other months, with more searches of that group and type"
    )
