"""What names say of a file that has not the portal's own: the force, sometimes the month."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from disparity.vocabulary.codes import force_aliases, force_names

# The portal's name with something before, between or behind: "(1)", "- Copy", _edit, .csv.gz, underscores.
NEARLY_MONTHLY = re.compile(
    r"(?<!\d)(?!0000)(\d{4})[-_ .]?(0[1-9]|1[0-2])[-_ .]+([a-z][a-z0-9-_ ]{0,63}?)"
    r"[-_ .]+stops?[-_ .](?:and|&)[-_ .]search",
    re.IGNORECASE,
)
NO_NAMES_OF_FORCES = re.compile(r"-(police|constabulary|service|force)(?=-|$)")
LEFT_BY_SYSTEMS = (".", "~$")
LEFT_BY_MACS = "__MACOSX"


class Said(NamedTuple):
    """What a name says: the id of a force, the month."""

    force: str
    month: date | None


def read_name(name: str, folder: str = "") -> Said:
    """Say what force and month a file's name gives; where it names no force, the folder's may.

    >>> read_name("2024-06-leicestershire-stop-and-search (1).csv")
    Said(force='leicestershire', month=datetime.date(2024, 6, 1))
    >>> read_name("West_Yorkshire merged.csv"), read_name("202205.csv", "leicestershire").force
    (Said(force='west-yorkshire', month=None), 'leicestershire')
    """
    if match := NEARLY_MONTHLY.search(name):
        year, month, force = match.groups()
        slug = _slug(force)
        return Said(force_aliases().get(slug, slug), date(int(year), int(month), 1))
    return Said(find_force(name) or read_force(folder), None)


def is_nearly_monthly(name: str) -> bool:
    """Whether a name is the portal's but for a little: what bears it was meant to be read."""
    return NEARLY_MONTHLY.search(name) is not None


def is_left_behind(name: str) -> bool:
    """Whether a file is what a system leaves beside the real ones."""
    parts = re.split(r"[/\\]", name)
    return parts[-1].startswith(LEFT_BY_SYSTEMS) or LEFT_BY_MACS in parts


def read_force(text: str) -> str:
    """Give the id of the force that a text is the id or the name of; nothing where it is none.

    >>> read_force("Essex Police"), read_force("devon & cornwall"), read_force("Metropolitan Police Service")
    ('essex', 'devon-and-cornwall', 'metropolitan')
    """
    slug = _slug(text)
    for spelt in (slug, NO_NAMES_OF_FORCES.sub("", slug)):
        if spelt in force_names():
            return spelt
        if spelt in force_aliases():
            return force_aliases()[spelt]
    return ""


def find_force(text: str) -> str:
    """Give the one force whose id or name stands in a text; nothing where none does, or several."""
    words = f"-{_slug(text)}-"
    held = {name: force for name, force in _names() if f"-{name}-" in words}
    # "north-yorkshire" is no "yorkshire", and a full name holds the id.
    longest = {force for name, force in held.items() if not any(name != other and name in other for other in held)}
    return longest.pop() if len(longest) == 1 else ""


def _names() -> Iterable[tuple[str, str]]:
    yield from ((force, force) for force in force_names())
    yield from force_aliases().items()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z]+", "-", text.lower().replace("&", "and")).strip("-")
