"""The intruder: reads a published site as anybody could, and tries to learn more than its protected counts show.

Nothing but the files of the site is used, and the ledger or the sites of earlier editions, which are published too.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from disparity.disclosure.attack import Proof, ProtectedCounts, prove
from disparity.disclosure.ledger import add_edition
from disparity.disclosure.portal_proof import find_other_edition
from disparity.disclosure.profiles import OPEN
from disparity.site.intruder.comparisons import find_comparison_weaknesses
from disparity.site.intruder.counts import find_open_weaknesses, find_unprotected_counts, find_unproved_claims
from disparity.site.intruder.grounds_review import find_grounds_weaknesses
from disparity.site.intruder.pages import find_page_weaknesses
from disparity.site.intruder.published import read_protected, read_published
from disparity.site.intruder.spreadsheets import find_spreadsheet_weaknesses
from disparity.site.intruder.tables import find_table_weaknesses
from disparity.site.intruder.weakness import Weakness
from disparity.site.intruder.words import find_edition_weaknesses
from disparity.tables.previous_edition import PastEdition, read_previous
from disparity.vocabulary.errors import DisclosureError, RequestError

MOST_NAMED = 5


def audit_site(
    folder: Path,
    earlier: list[ProtectedCounts],
    templates: Iterable[Path],
    handed_on: Sequence[PastEdition] | None = None,
) -> list[Weakness]:
    """Find what a site shows beyond what its profile allows; nothing for a site that keeps its promise.

    Args:
        earlier: protected counts of earlier editions.
        templates: those that the pages were made of: their numbers are prose.
        handed_on: the editions that the one before lists; none where it was not given.

    Raises:
        RequestError: the folder is no site.
    """
    site, templates = read_published(folder), tuple(templates)
    if site.is_internal:
        return [Weakness("every page", "exact figures, for the force alone")]
    if not site.is_restricted:
        return find_open_weaknesses(site)
    counts, weaknesses = find_unprotected_counts(site)
    if counts is None or weaknesses:
        return weaknesses
    weaknesses += find_table_weaknesses(site, counts)
    weaknesses += find_grounds_weaknesses(site)
    weaknesses += find_page_weaknesses(site, templates)
    weaknesses += find_comparison_weaknesses(site, templates)
    weaknesses += find_edition_weaknesses(site, handed_on)
    weaknesses += find_spreadsheet_weaknesses(site)
    if other := find_other_edition(counts, earlier):
        return [*weaknesses, Weakness("data/cells.csv", other)]
    proof = Proof(0, 0) if counts.plan.has_rows else prove(counts, earlier)
    if not proof.holds:
        return [*weaknesses, Weakness("data/cells.csv", proof.weakness)]
    return weaknesses + find_unproved_claims(site, counts, proof)


def read_earlier(folders: tuple[Path, ...]) -> list[ProtectedCounts]:
    """Read the protected counts of earlier editions from their sites; of one that is open there are none."""
    sites = [read_published(folder) for folder in folders]
    return [read_protected(site) for site in sites if site.is_restricted]


def read_handed_on(folders: tuple[Path, ...]) -> list[PastEdition] | None:
    """Read every edition that the sites of earlier ones list; none where no site is given."""
    return [each for folder in folders for each in read_previous(folder).editions] if folders else None


def restore_edition(ledger: Path, folder: Path) -> None:
    """Put the protected counts of a published site back into a ledger that was lost.

    Raises:
        RequestError: the folder is no site, or one that was not published, or whose counts are not protected.
    """
    site, previous = read_published(folder), read_previous(folder)
    if not site.is_restricted or previous.marking:
        raise RequestError(
            "this site has no place in the ledger",
            where=str(folder),
            found=previous.marking or "exact counts, which need none",
            what_now="name the folder of a restricted edition, as it was published",
            code="E169",
        )
    this = previous.editions[0]
    named = {"id_": this.id, "title": this.edition or this.title}
    add_edition(ledger, read_protected(site), published=this.published, **named)


def refuse_weaknesses(weaknesses: list[Weakness]) -> None:
    """Stop where there are any.

    Raises:
        DisclosureError: there are; where and what, never the number itself.
    """
    if weaknesses:
        more = len(weaknesses) - MOST_NAMED
        named = [f"{weakness.place}: {weakness.what}" for weakness in weaknesses[:MOST_NAMED]]
        raise DisclosureError(
            f"{len(weaknesses)} places would give away more than the protected counts do",
            found="; ".join([*named, *([f"and {more} more"] if more > 0 else [])]),
            what_now="publish nothing of it; fix what puts the figure there, or report a fault of the toolkit",
            code="E163",
        )


def summarise_audit(folder: Path) -> str:
    """Say what was found of a site in which nothing is wrong."""
    row = read_published(folder).tables["disclosure"][0]
    if row["profile"] == OPEN:
        return f"open: the counts are exact; no rate is of fewer than {row['fewest_events']} events"
    return (
        f"restricted: base {row['base']}, {row['certified']} of {row['targets']} sensitive counts certified, "
        f"each with at least {row['fewest_candidates']} values left"
    )
