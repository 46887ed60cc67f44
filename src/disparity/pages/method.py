"""Method and definitions: every word, formula and gate that the other pages use."""

from disparity.figures import Sentence
from disparity.findings import give_examples
from disparity.measures import MEASURES
from disparity.pages.page import Edition, Page, Table, text_cell
from disparity.reasons import ASSUMPTION, EVERY_FORCE
from disparity.vocabulary import SEARCH_TYPES


def build_page(edition: Edition) -> Page:
    """Build the method page, one for the whole site."""
    measures = Table(
        caption="What each measure counts",
        head=("Measure", "Definition", "Unit", "Name in the data"),
        rows=tuple(
            (
                text_cell(measure.title),
                text_cell(measure.definition),
                text_cell(measure.unit),
                text_cell(measure.name),
            )
            for measure in MEASURES
        ),
        name="measures",
    )
    types = Table(
        caption="Types of search",
        head=("Type", "Name in the data"),
        rows=tuple((text_cell(title), text_cell(name)) for name, title in SEARCH_TYPES.items()),
        name="types",
    )
    return Page(
        "method.html",
        "method.html",
        "Method and definitions",
        {"measures": measures, "types": types, "assumption": ASSUMPTION, "examples": _list_examples(edition)},
    )


def _list_examples(edition: Edition) -> dict[str, Sentence]:
    """Worked examples in the figures of the first force."""
    force = edition.forces[0]
    over_forces = edition.rows_of("reasons", EVERY_FORCE)
    return give_examples(edition.evidence[force][0], over_forces, edition.rows_of("control", force))
