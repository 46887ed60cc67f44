"""Numbers that stand in words rather than for a figure: the toolkit's own, and the publisher's."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from disparity.project.layers import read_file
from disparity.site.intruder.numbers import find_numbers, surround
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness
from disparity.site.template_words import MARK_MEANINGS, STATUS_MEANINGS, THRESHOLDS
from disparity.tables.previous_edition import EDITIONS_FILE, PastEdition, read_editions, read_package
from disparity.tables.schema.table import NO_COUNTS, TEXT
from disparity.tables.schema.tables import TABLES

# Numbers of the toolkit's own words, in code rather than in a template: intervals, rates, rules, levels.
OURS = {"95%", "95", "99.8%", "1,000", "1", "2", "3", "5", "8", "10", "20", "50", "100", "500", "0", "0.05", "60"}
NOT_PUBLISHED = "a number that is no published figure"
# What a data package says of a publication in the publisher's words; its resources are described in ours.
SAID = ("title", "description", "edition", "homepage", "contributors", "sources", "words")


def read_prose(site: Published, templates: Iterable[Path]) -> set[str]:
    """Numbers of templates, of what they are told, of the words of published tables, and of the publisher's texts."""
    texts = [read_file(path) for path in sorted(templates) if path.suffix == ".html"]
    texts += [*THRESHOLDS.values(), *MARK_MEANINGS.values(), *STATUS_MEANINGS.values()]
    texts += [column.description for table in TABLES for column in table.columns]
    texts += [
        row[column.name]
        for table in TABLES
        if table.protection == NO_COUNTS or table.name == "calibration"
        for row in site.tables[table.name]
        for column in table.columns
        if column.kind == TEXT
    ]
    package = read_package(site.folder) or {}
    texts += [text for name in SAID for text in _list_texts(package.get(name))]
    texts.append(package.get("created", "")[:4])  # the year that a citation gives
    past = _list_past(site)
    texts += [text for each in past for text in (each.edition, each.title, each.address, each.withdrawn)]
    texts += [text for each in past for text in each.revisions]
    return OURS | find_numbers(" ".join(texts))


def find_loose_words(text: str, allowed: set[str]) -> Iterator[str]:
    """Give the words around each number of a text that may not be there."""
    for number in sorted(find_numbers(text)):
        if number not in allowed and number.lstrip("+\u2212-") not in allowed:
            yield f"{NOT_PUBLISHED}, in “{surround(text, number)}”"


def find_edition_weaknesses(site: Published, handed_on: Sequence[PastEdition] | None) -> list[Weakness]:
    """Hold what the site lists of earlier editions to what the edition before lists: that is published already.

    Args:
        handed_on: what it lists; none where it was not given, and nothing can be held to it.
    """
    if handed_on is None:
        return []
    known = {each.id: each for each in handed_on}
    return [
        Weakness(EDITIONS_FILE.as_posix(), f"{each.id}: other words than those of the edition before")
        for each in _list_past(site)
        if each.id not in known or each.model_copy(update={"withdrawn": known[each.id].withdrawn}) != known[each.id]
    ]


def read_past_words(site: Published) -> set[str]:
    """Numbers that earlier editions published: what the site lists of them."""
    texts = [text for each in _list_past(site) for text in _list_texts(each.model_dump(mode="json"))]
    return find_numbers(" ".join(texts))


def _list_past(site: Published) -> tuple[PastEdition, ...]:
    """The editions before this one, which is the first of the list."""
    return read_editions(site.folder / EDITIONS_FILE)[1:]


def _list_texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict | list):
        for below in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(below)
    elif isinstance(value, str):
        yield value
