"""The whole run, one function that reads like the flow: records → counts → estimates → pages."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.ledger import add_edition, list_ledger, name_edition, read_ledger, refuse_lost
from disparity.pipeline.submissions import Progress, no_progress, read_checked
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import INTERNAL, Settings
from disparity.records.check_report import list_failures, write_brief
from disparity.records.judge_process import start_judge
from disparity.site.findings.evidence import list_evidence
from disparity.site.findings.find import find_all
from disparity.site.folder import lock_site
from disparity.site.intruder.audit import audit_site, refuse_weaknesses
from disparity.site.page import Edition
from disparity.site.pages import scrutiny_pack, what_changed
from disparity.site.pages.listing import build_pages
from disparity.site.published_figures import Tables
from disparity.site.rendering.aside import start_drawer
from disparity.site.scrutiny_pack import write_pack
from disparity.site.writing import Site, write_site
from disparity.tables.editions import list_editions
from disparity.tables.next_edition import (
    refuse_early_day,
    refuse_forgotten,
    refuse_other_counts,
    refuse_other_figures,
    refuse_taken_name,
)
from disparity.tables.previous_edition import Previous, read_previous, read_standing
from disparity.tables.restricted import gather_counts, read_cells
from disparity.vocabulary.address_space import TO_DRAW, check_address_space
from disparity.vocabulary.errors import RequestError


def build(settings: Settings, *, is_anew: bool = False, progress: Progress = no_progress) -> Site:
    """Build the site of a publication: a draft, unless `publish` asks for it.

    Args:
        is_anew: count every file and draw every chart again: the project's `reuse` folder is let alone.

    Raises:
        RequestError: the request is wrong. DataError: the data is, or a critical expectation fails.
    """
    return _make(settings, is_anew=is_anew, progress=progress)


def _make(settings: Settings, *, is_anew: bool, is_list_anew: bool = False, progress: Progress) -> Site:
    if is_anew:
        settings = settings.model_copy(update={"reuse": None})
    check_address_space(TO_DRAW)
    refuse_early_day(settings)
    must_list = settings.is_final and not is_list_anew
    if must_list:
        refuse_forgotten(settings)
    with lock_site(settings.out):
        start_judge()
        previous = _read_previous(settings)
        if not settings.is_internal:
            refuse_taken_name(settings, previous, list_ledger(settings.ledger))
        ingested, validation = read_checked(settings, progress)
        if len(ingested.forces) == 1 and not settings.reuse:
            start_drawer()
        with progress("estimating and comparing"):
            frames = tabulate(settings, ingested, validation, previous=previous)
            if not frames["cells"].is_empty():
                refuse_lost(settings.ledger, read_cells(read_standing(settings.out)))
            if settings.is_final:
                _refuse_confusion(settings, frames, previous, must_list=must_list)
            edition = make_edition(settings, ingested.forces, frames, previous)
        with progress("drawing and writing the pages"):
            inspect = partial(inspect_site, edition, frames, previous)
            site = write_site(edition, build_pages(edition), frames, inspect=inspect)
        return replace(site, checks=write_brief(list_failures(validation)))


def _read_previous(settings: Settings) -> Previous | None:
    """Read the edition before. What was not for the public is never set beside what is: its figures would be told."""
    previous = read_previous(settings.previous) if settings.previous else None
    if not previous or settings.is_internal:
        return previous
    if previous.marking == INTERNAL or (previous.marking and settings.is_final):
        raise RequestError(
            "the edition before was never published",
            where=str(settings.previous),
            found=previous.marking,
            what_now="name the site as it was published with `previous`, or leave it out",
            code="E170",
        )
    return previous


def _refuse_confusion(
    settings: Settings, frames: dict[str, pl.DataFrame], previous: Previous | None, *, must_list: bool
) -> None:
    """A correction that goes out has a name of its own, and lists what it corrects."""
    if frames["cells"].is_empty():
        refuse_other_figures(settings, previous, is_changed=not frames["changes"].is_empty())
        return
    counts = name_edition(_list_counts(frames))
    refuse_other_counts(settings, list_ledger(settings.ledger), counts)
    if must_list:
        refuse_forgotten(settings, counts)


def publish(
    settings: Settings, *, is_anew: bool = False, is_list_anew: bool = False, progress: Progress = no_progress
) -> Site:
    """Make the edition that the public sees, and put its protected counts into the ledger.

    Args:
        is_list_anew: publish although the ledger has editions that this one will not list.

    Raises:
        RequestError: the project is for the force alone, or as `build`. DataError, DisclosureError: as `build`.
    """
    if settings.is_internal:
        raise RequestError(
            "an internal edition is not for publication",
            where="[disclosure] of the project file",
            found='profile = "internal"',
            what_now="leave `profile` out of the project file, and build with `--profile internal` for the force alone",
            code="E168",
        )
    final = settings.model_copy(update={"is_final": True})
    return _make(final, is_anew=is_anew, is_list_anew=is_list_anew, progress=progress)


def make_pack(
    settings: Settings, out: Path, sample: Sequence[tuple[str, str]] = (), *, progress: Progress = no_progress
) -> list[Path]:
    """Make the printable pack for a scrutiny panel: a page for each force, of the same figures as the site.

    Args:
        sample: id and month of records that were drawn for the panel to ask for.

    Raises:
        RequestError, DataError: as `build`.
    """
    refuse_early_day(settings)
    start_judge()
    ingested, validation = read_checked(settings, progress)
    with progress("estimating and comparing"):
        frames = tabulate(settings, ingested, validation)
        # Protected figures are a draft's until their edition is published; open ones are public as they are.
        is_final = frames["cells"].is_empty() or name_edition(_list_counts(frames)) in {
            entry.edition for entry in list_ledger(settings.ledger) if not entry.withdrawn
        }
        edition = make_edition(settings.model_copy(update={"is_final": is_final}), ingested.forces, frames)
    with progress("writing the pack"):
        return write_pack(edition, [scrutiny_pack.build_page(edition, force, sample) for force in edition.forces], out)


def inspect_site(edition: Edition, frames: dict[str, pl.DataFrame], previous: Previous | None, folder: Path) -> None:
    """Attack what is about to be published as an outsider would; of an edition for the public, keep the counts.

    Raises:
        DisclosureError: something in the folder tells more than the protected counts do.
    """
    if frames["cells"].is_empty():
        return
    settings, handed_on = edition.settings, previous.editions if previous else ()
    refuse_weaknesses(audit_site(folder, read_ledger(settings.ledger), settings.list_templates().values(), handed_on))
    if settings.is_final:
        named = {"id_": edition.history[0].id, "title": settings.edition or settings.title}
        add_edition(settings.ledger, _list_counts(frames), published=settings.published, **named)


def _list_counts(frames: dict[str, pl.DataFrame]) -> ProtectedCounts:
    return gather_counts(frames["cells"], frames["disclosure"].row(0, named=True))


def make_edition(
    settings: Settings, forces: tuple[str, ...], frames: dict[str, pl.DataFrame], previous: Previous | None = None
) -> Edition:
    """Number the published rows, state the findings, and list this edition before those that came earlier."""
    tables = Tables(frames)
    evidence = {
        force: list_evidence(force, settings.name_of(force), partial(tables.of_force, force)) for force in forces
    }
    findings = tuple(finding for force in forces for finding in find_all(evidence[force][0]))
    edition = Edition(settings, tables, forces, findings, evidence)
    withdrawn = {entry.id: entry.withdrawn for entry in list_ledger(settings.ledger) if entry.withdrawn}
    history = list_editions(settings, previous, what_changed.summarise_changes(edition), withdrawn)
    return replace(edition, history=history)
