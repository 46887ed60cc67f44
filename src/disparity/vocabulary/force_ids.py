"""Which ids of forces there are, what people write in their place, and which police forces are none of ours.

An id names files and folders: one that is in no list names nothing until a project declares it as its own.
"""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches

from disparity.vocabulary.codes import force_aliases, force_names, read_reference
from disparity.vocabulary.errors import RequestError

# Of the example, and of `disparity synth`: no police force can be taken for one.
INVENTED = re.compile(r"fellshire|mereside|thornmoor|westwold|synthetic-[0-9]{1,4}")
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# Folders of a site: a force of that id would write into them.
TAKEN = ("data", "static", "charts")
# Their searches are under other powers, or counted otherwise; measures, census and words here are of England and Wales.
ELSEWHERE = {
    "northern-ireland": "the Police Service of Northern Ireland",
    "psni": "the Police Service of Northern Ireland",
    "police-service-of-northern-ireland": "the Police Service of Northern Ireland",
    "scotland": "Police Scotland",
    "police-scotland": "Police Scotland",
    "jersey": "the States of Jersey Police",
    "states-of-jersey-police": "the States of Jersey Police",
    "guernsey": "Guernsey Police",
    "isle-of-man": "the Isle of Man Constabulary",
}
ALIKE = 0.7


def list_places() -> dict[str, list[str]]:
    """Give what each force is called for short, and then places that it polices, the larger ones first."""
    places: dict[str, list[str]] = {}
    for row in read_reference("force_places"):
        places.setdefault(row["force"], []).append(row["name"])
    return places


def _plain(word: str) -> str:
    """Write a name as ids are written."""
    return re.sub(r"[^a-z0-9]+", "-", word.casefold().replace("&", "and")).strip("-").removeprefix("the-")


# What forces are called for short, by themselves and in newspapers.
SHORT = {_plain(row["name"]): row["force"] for row in read_reference("force_places") if row["kind"] == "short"}


class SlipError(ValueError):
    """An id of no force that is much like one of a force: published, it would be a force that there is not."""

    code = "E124"

    def __init__(self, force: str, near: str) -> None:
        super().__init__(f"there is no force {force!r} in England and Wales: did you mean {near!r}?")
        self.what_now = f'write {near!r}; if it is a force of your own, name it: [names] {force} = "..."'


def is_known(force: str) -> bool:
    """Whether the id is that of a force of England and Wales, or an invented one."""
    return (force in force_names() and force not in ELSEWHERE) or is_invented(force)


def is_invented(force: str) -> bool:
    """Whether the id is one of the invented forces: no town is theirs, and none of them is ever missing."""
    return bool(INVENTED.fullmatch(force))


def suggest_force(word: str) -> str:
    """Give the id of the force that was meant: by its name, what it is called for short, or a slip of the pen.

    >>> [suggest_force(word) for word in ("Leicestershire", "lancs", "the Met", "cumbira", "Atlantis")]
    ['leicestershire', 'lancashire', 'metropolitan', 'cumbria', '']
    """
    plain = _plain(word)
    core = re.sub(r"-(police|constabulary|service|force)(-service)?$", "", plain)
    areas = {_plain(row["area_name"]): row["force"] for row in read_reference("forces") if row["area_name"]}
    ours = {name: force for name, force in (areas | force_aliases() | SHORT).items() if force not in ELSEWHERE}
    ours |= {force: force for force in force_names() if force not in ELSEWHERE}
    near = [name for name in (plain, core) if name in ours] or get_close_matches(core, ours, n=1, cutoff=ALIKE)
    return ours[near[0]] if near else ""


def advise_id(word: str) -> str:
    """Say which id may have been meant, or how they are written."""
    near = suggest_force(word)
    return f"did you mean {near!r}?" if near else "write ids as data.police.uk does, such as lancashire"


def refuse_elsewhere(forces: Collection[str], where: str = "") -> None:
    """Refuse police forces that are not of England and Wales.

    Raises:
        RequestError: there is one.
    """
    for force in sorted(forces):
        if name := ELSEWHERE.get(force):
            raise RequestError(
                f"{name} is not a police force of England and Wales",
                where=where,
                found=f"the force {force!r}",
                what_now="leave its records out: its powers, ethnic groups and census are others",
                code="E125",
            )


def refuse_unknown_force(force: str, where: str, *, declared: Collection[str]) -> None:
    """Refuse an id that names no force, from the name of a file: it would name a folder of the site.

    Raises:
        RequestError: it is in no list, and the project does not declare it.
    """
    refuse_elsewhere([force], where)
    if not is_known(force) and force not in declared:
        declare = f'if it is a force of your own, declare it: --force {force}, or [names] {force} = "..."'
        raise RequestError(
            f"there is no force {force!r} in England and Wales",
            where=where,
            found="its id in the name of the file",
            what_now=f"{advise_id(force)} Correct the name of the file; {declare}",
            code="E124",
        )


def check_ids(forces: Collection[str]) -> None:
    """Refuse what a project declares and no force can be called.

    Raises:
        ValueError: it is no id, or names a folder of the site. RequestError: it is of no force of England and Wales.
    """
    refuse_elsewhere(forces)
    for force in forces:
        if force in TAKEN:
            raise ValueError(f"{force!r} is the name of a folder of the site: choose another id")
        if not ID.fullmatch(force):
            raise ValueError(f"{force!r} is no id of a force: {advise_id(force)}")


def check_slips(extracts: Collection[str], forces: Collection[str], names: Mapping[str, str]) -> None:
    """Refuse an id that a project gives an extract or a name, and that was meant for another force's.

    A force of one's own may have an id like another's, such as one that is new: `names` says that it is meant. A name
    is no such word where it goes to nothing, and the force it was meant for is there.

    Raises:
        SlipError: there is one.
    """
    used = {*extracts, *forces}
    for force in extracts:
        if not is_known(force) and force not in names and (near := suggest_force(force)):
            raise SlipError(force, near)
    for force, name in names.items():
        near = "" if is_known(force) or force in used else suggest_force(force)
        if near and (near in used or force_names()[near].casefold() == name.strip().casefold()):
            raise SlipError(force, near)
