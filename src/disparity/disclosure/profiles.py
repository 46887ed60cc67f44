"""Which profile a publication has: open, where every input is published already, or restricted."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from disparity.disclosure.plan import NO_ROWS, OWN_DRUG_TYPES, OWN_FINDS, PLAN, PORTAL, PORTAL_PLANS, Plan
from disparity.project.settings import Settings
from disparity.synthetic.write import MARK_FILE
from disparity.vocabulary.codes import force_names
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.user_text import UnreadableTextError, read_user_text

OPEN, RESTRICTED, INTERNAL = "open", "restricted", "internal"
# The list lies beside the folder of the extract: this many folders above the file at most.
NEAR = 2
# Columns of an extract that the portal has nothing of, and those that give finds where it has both.
FINDS_OF_OWN, DRUG_TYPES_OF_OWN = {"is_item_found"}, {"drug_search_type"}
FINDS_OF_ROWS = {"outcome", "is_outcome_linked"}
SHA256 = re.compile(r"\b[0-9a-f]{64}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Profile:
    """`name` is open, restricted or internal; `reason` is what the pages say of it."""

    name: str
    reason: str

    @property
    def is_restricted(self) -> bool:
        """Whether the counts are to be protected."""
        return self.name == RESTRICTED


def choose_profile(settings: Settings, submissions: pl.DataFrame, own: Collection[str]) -> Profile:
    """Choose the profile: restricted unless every input is published already, or is of nobody.

    Args:
        submissions: sha256 of every file that was read.
        own: sha256 of those that are a force's own extract, whether read here or counted into a part.

    Raises:
        RequestError: the project asks for `open`, and an input is not published.
    """
    asked = settings.disclosure.profile
    if asked == INTERNAL:
        return Profile(INTERNAL, "It is for the force alone: every figure is exact, and nothing is protected.")
    if asked == RESTRICTED:
        return Profile(RESTRICTED, "The project file asks for it.")
    if settings.is_synthetic and _is_made(settings, own):
        return Profile(OPEN, "The records are invented: they are of nobody.")
    unpublished = _find_unpublished(settings, submissions, own)
    if unpublished and asked == OPEN:
        raise RequestError(
            "the profile cannot be open: an input is not published",
            where="[disclosure] of the project file",
            found=unpublished,
            what_now="leave `profile` out, or list the file's SHA-256 in the file that `published` names",
            code="E161",
        )
    if unpublished:
        return Profile(RESTRICTED, unpublished)
    if settings.disclosure.published:
        return Profile(OPEN, "Every file is, by its SHA-256, in the publisher’s list of files published already.")
    return Profile(
        OPEN,
        "Every file has the name and the form of what data.police.uk or the Home Office publish. That they are as "
        "published is taken on trust: the publisher named no list to check them against.",
    )


def choose_plan(settings: Settings, forces: Collection[str], own: Collection[str]) -> Plan:
    """Choose which counts of a restricted publication are public: those over the columns of public rows.

    Left out, they are where every extract is of a force that the portal lists. Where the mapping of a part is not
    known, whatever could be the extract's own is taken to be.

    Args:
        forces: of every file that was read.
        own: those of them with an extract, whether read here or counted into a part.

    Raises:
        RequestError: the project says that rows are public, of a force that the portal does not list.
    """
    of_mappings = {extract.force for extract in settings.extracts}
    extracted = of_mappings | set(own)
    elsewhere = sorted({*extracted, *forces} - set(force_names()))
    asked = settings.disclosure.public_records
    if asked == PORTAL and elsewhere:
        raise RequestError(
            "the rows of a force that data.police.uk does not list cannot be public there",
            where="[disclosure] of the project file",
            found=", ".join(elsewhere),
            what_now=f'set `public_records = "{NO_ROWS}"`, or leave it out',
            code="E171",
        )
    mapped = [set(extract.columns) for extract in settings.extracts]
    if asked == NO_ROWS or (asked is None and (elsewhere or not extracted)):
        return PLAN
    is_known = extracted == of_mappings and not settings.counts
    # Finds that follow from outcome and flag are the portal's, where both are read as the portal has them.
    has_no_finds = is_known and all(not columns & FINDS_OF_OWN and columns >= FINDS_OF_ROWS for columns in mapped)
    has_no_drug_types = is_known and not any(columns & DRUG_TYPES_OF_OWN for columns in mapped)
    own = {OWN_FINDS: not has_no_finds, OWN_DRUG_TYPES: not has_no_drug_types}
    return next(plan for plan in PORTAL_PLANS if plan.own == tuple(name for name in own if own[name]))


def _find_unpublished(settings: Settings, submissions: pl.DataFrame, own: Collection[str]) -> str:
    """Say which input is not known to be published; nothing where all are."""
    if settings.disclosure.published is None:
        if own or settings.extracts:
            return "A force’s own extract is among the records."
        return "A force’s own review of recorded grounds is among the inputs." if settings.grounds_review else ""
    known = _read_hashes(settings.disclosure.published)
    read = set(submissions["sha256"].drop_nulls())
    if (table := settings.review_table) and table.is_file():
        read.add(hashlib.sha256(table.read_bytes()).hexdigest())
    return "A file is not in the publisher’s list of files that are published already." if read - known else ""


def _is_made(settings: Settings, own: Collection[str]) -> bool:
    """Whether every extract is one that `disparity synth` wrote, by the list that it left beside it.

    The project file's word alone lifts no protection: a copied project would publish an extract as it is. A review of
    recorded grounds is one of an extract: without an invented one it is not invented.
    """
    if not (settings.extracts or own):
        return settings.grounds_review is None
    parents = (
        folder for extract in settings.extracts for path in extract.files for folder in path.absolute().parents[:NEAR]
    )
    known = {one for folder in parents if (folder / MARK_FILE).is_file() for one in _read_hashes(folder / MARK_FILE)}
    return bool(own) and set(own) <= known


def _read_hashes(path: Path) -> set[str]:
    try:
        text = read_user_text(path)
    except (OSError, UnreadableTextError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from None
    found = {match.lower() for match in SHA256.findall(text)}
    # A list that names nothing would quietly make every file one that nobody has published.
    if text.strip() and not found:
        raise _unreadable(path, "no SHA-256 in it")
    return found


def _unreadable(path: Path, found: str) -> RequestError:
    return RequestError(
        "the list of published files cannot be read",
        where=str(path),
        found=found,
        what_now="name the file that `sha256sum` wrote",
        code="E129",
    )
