"""Protect, prove, and climb: a larger base, then a coarser plan, until nobody can be singled out."""

from dataclasses import dataclass

from disparity.disclosure.attack import Proof, ProtectedCounts, prove
from disparity.disclosure.plan import PLANS, Plan, list_cells
from disparity.disclosure.protect import BASES, protect_cells
from disparity.disclosure.tallies import Tallies
from disparity.vocabulary.errors import DisclosureError


@dataclass(frozen=True)
class Release:
    """The protected counts of an edition, the plan they are of, and the proof."""

    edition: ProtectedCounts
    plan: Plan
    proof: Proof


def release_counts(years: Tallies, months: Tallies, earlier: list[ProtectedCounts]) -> Release:
    """Protect the counts with the smallest base, of the finest plan, that can be proved safe.

    Args:
        earlier: editions that are published already.

    Raises:
        DisclosureError: none can; nothing may be published.
    """
    weakness = ""
    for plan in PLANS:
        cells = list_cells(years, months, plan)
        for base in BASES:
            edition = ProtectedCounts(protect_cells(cells, base), base)
            proof = prove(edition, earlier)
            if proof.holds:
                return Release(edition, plan, proof)
            weakness = proof.weakness
    raise DisclosureError(
        "the counts cannot be published: somebody could be singled out",
        where=weakness.partition(": ")[0],
        found=weakness.partition(": ")[2],
        what_now="publish a longer period, or leave late records to the next one; what is published stays as it is",
        code="E162",
    )
