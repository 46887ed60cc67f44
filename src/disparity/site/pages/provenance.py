"""Provenance: what the figures are made from, under which settings, and the rules of release."""

from disparity.site.cells import Table, figure_cell, mark_cell, tabulate
from disparity.site.page import Edition, Page
from disparity.site.published_figures import count
from disparity.tables.provenance import POPULATION, RECORDS, list_settings, list_versions
from disparity.vocabulary.calendar import name_day
from disparity.vocabulary.statuses import NOT_APPLICABLE
from disparity.vocabulary.text import start_sentence


def build_page(edition: Edition) -> Page:
    """Build the provenance page, one for the whole site."""
    settings = edition.settings
    context = {
        "versions": list_versions(),
        "changed_settings": list_settings(settings),
        "inputs_by_role": _name_sources(edition),
        "has_records": any(row.values["role"] == RECORDS for row in edition.tables["inputs"]),
        "inputs": _tabulate_inputs(edition),
        "hashes": [(row.values["file"], row.values["sha256"]) for row in edition.tables["inputs"]],
        "decisions": _tabulate_decisions(edition),
        "quality": [(edition.name_of(force), f"{edition.folder(force)}data-quality.html") for force in edition.forces],
        "revisions": [
            (each, name_day(each.published) if each.published else "") for each in reversed(settings.revisions)
        ],
    }
    return Page("provenance.html", "Provenance", context)


def _name_sources(edition: Edition) -> list[tuple[str, list[str]]]:
    """Who gave records, residents and expectations; residents as the search-rates pages name them."""
    bases = [row.values["population_base"] for row in edition.tables["population"]]
    sources: dict[str, list[str]] = {RECORDS: edition.records, POPULATION: bases}
    for row in edition.tables["inputs"]:
        if row.values["role"] not in (RECORDS, POPULATION):
            sources.setdefault(row.values["role"], []).append(row.values["source"])
    return [(start_sentence(role), list(dict.fromkeys(named))) for role, named in sources.items() if named]


def _tabulate_inputs(edition: Edition) -> Table:
    """The files by name; their hashes are below, where they can be copied."""
    return tabulate(
        "inputs",
        "Files that the figures are made from",
        ("File", "What it is", "Who gave it", "Bytes", "Submissions", "Rows read"),
        (
            (
                *(row.values["file"], start_sentence(row.values["role"]), start_sentence(row.values["source"])),
                figure_cell(row, "bytes", count),
                *(
                    figure_cell(row, column, count) if row.values["role"] == RECORDS else mark_cell(NOT_APPLICABLE)
                    for column in ("submissions", "rows_read")
                ),
            )
            for row in edition.tables["inputs"]
        ),
    )


def _tabulate_decisions(edition: Edition) -> Table:
    """Each kind of decision once, with the forces it was taken for; rows before and after are on their pages."""
    forces: dict[tuple[str, ...], list[str]] = {}
    for row in edition.tables["decisions"]:
        kind = tuple(row.values[column] for column in ("stage", "action", "reason"))
        forces.setdefault(kind, []).append(edition.name_of(row.values["force"]))
    return tabulate(
        "decisions",
        "Kinds of decision that were taken",
        ("Stage", "What was done", "Why", "Forces"),
        (
            (*(start_sentence(part.replace("_", " ")) for part in kind), ", ".join(dict.fromkeys(named)))
            for kind, named in forces.items()
        ),
    )
