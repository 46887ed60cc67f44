"""The glossary of the pages: the project's own, word for word, and what the columns of the data hold."""

import re
from dataclasses import dataclass

from disparity.project.defaults import default_folder
from disparity.site.page import Edition, Page
from disparity.tables.schema.tables import TABLES

ENTRY = re.compile(r"^\| (?P<word>.+?) \| (?P<meaning>.+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """Words of a meaning, or the name of a column or value in the data."""

    text: str
    is_name: bool


@dataclass(frozen=True)
class Term:
    """One entry; `id` is where a link leads to."""

    id: str
    word: str
    meaning: tuple[Part, ...]


def build_page(_edition: Edition) -> Page:
    """Build the glossary, one for the whole site."""
    text = default_folder("GLOSSARY.md").read_text(encoding="utf-8")
    return Page("glossary.html", "Glossary", {"terms": read_terms(text), "tables": TABLES})


def read_terms(text: str) -> list[Term]:
    """Read the entries of the glossary's table, in alphabetical order."""
    terms = []
    for entry in list(ENTRY.finditer(text))[1:]:  # the first is the head of the table
        parts = entry["meaning"].split("`")
        meaning = tuple(Part(part, place % 2 == 1) for place, part in enumerate(parts) if part)
        terms.append(Term(re.sub(r"[^a-z0-9]+", "-", entry["word"].lower()).strip("-"), entry["word"], meaning))
    return sorted(terms, key=lambda term: term.word.lower())
