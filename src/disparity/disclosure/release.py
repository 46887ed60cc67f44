"""Protect the counts and prove it: one base, one plan, and nothing where that does not hold.

There is no second try. A larger base or a coarser plan, taken because the first did not pass, would tell that it did
not: whoever runs the rule over every table that fits what is published then keeps only those that fail.
"""

from dataclasses import dataclass

from disparity.disclosure.attack import Proof, ProtectedCounts, prove
from disparity.disclosure.plan import PLAN, Plan, list_cells
from disparity.disclosure.protect import BASE, protect_cells
from disparity.disclosure.tallies import Tallies
from disparity.vocabulary.errors import DisclosureError


@dataclass(frozen=True)
class Release:
    """The protected counts of an edition, the plan they are of, and the proof."""

    edition: ProtectedCounts
    plan: Plan
    proof: Proof


def release_counts(years: Tallies, months: Tallies, earlier: list[ProtectedCounts]) -> Release:
    """Protect the counts, and prove that nobody can be singled out.

    Args:
        earlier: editions that are published already.

    Raises:
        DisclosureError: that cannot be proved; nothing may be published.
    """
    edition = ProtectedCounts(protect_cells(list_cells(years, months, PLAN), BASE), BASE)
    proof = prove(edition, earlier)
    if proof.holds:
        return Release(edition, PLAN, proof)
    raise DisclosureError(
        "the counts cannot be published: somebody could be singled out",
        where=proof.weakness.partition(": ")[0],
        found=proof.weakness.partition(": ")[2],
        what_now="publish a longer period, or leave late records to the next one; what is published stays as it is",
        code="E162",
    )
