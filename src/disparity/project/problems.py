"""What is wrong with the settings of a project file, in words."""

import re
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

Schema = dict[str, Any]


def name_problems(error: ValidationError, schema: Schema | None = None, text: str = "") -> str:
    """Name every wrong key at once; one that is not known with its line in the file, and the nearest of its table."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the settings'}: {_say(problem['type'], problem['msg'])}"
        f"{_add_nearest(problem['loc'], schema or {}, text) if problem['type'] == 'extra_forbidden' else ''}"
        for problem in error.errors(include_url=False, include_input=False)
    )


def _add_nearest(place: tuple[int | str, ...], schema: Schema, text: str) -> str:
    key = str(place[-1])
    near = get_close_matches(key, _list_keys(place[:-1], schema), n=1, cutoff=0.6)
    line = find_line(text, key)
    return f"{f' (line {line})' if line else ''}{f', did you mean {near[0]!r}?' if near else ''}"


def _list_keys(place: tuple[int | str, ...], schema: Schema) -> list[str]:
    """List the keys that the table at this place may have, as the project file writes them."""
    tables = [schema]
    for part in place:
        tables = [inner for table in tables for inner in _step(table, part, schema.get("$defs", {}))]
    return list(dict.fromkeys(key for table in tables for key in _open(table, schema.get("$defs", {}))[0]))


def _step(table: Schema, part: int | str, named: Schema) -> list[Schema]:
    properties, items = _open(table, named)
    return items if isinstance(part, int) else [properties[part]] if part in properties else []


def _open(table: Schema, named: Schema) -> tuple[Schema, list[Schema]]:
    """Give the keys of a table and what a list holds, of whatever of its kinds has them."""
    kinds = [table, *table.get("anyOf", [])]
    kinds = [named.get(kind["$ref"].rpartition("/")[2], {}) if "$ref" in kind else kind for kind in kinds]
    properties = {key: given for kind in kinds for key, given in kind.get("properties", {}).items()}
    return properties, [kind["items"] for kind in kinds if "items" in kind]


def find_line(text: str, key: str) -> int:
    """Give the line of a TOML text that sets a key, or opens its table; 0 where none does, or several do."""
    found = re.compile(rf"""^\s*(\[+\s*([\w."'-]+\.)?)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if found.match(line)]
    return lines[0] if len(lines) == 1 else 0


def advise(error: ValidationError) -> tuple[str, str]:
    """Say what to do now, and the code of the page on it: the first wrong key that knows better than the rest."""
    for problem in error.errors(include_url=False, include_input=False):
        cause = problem.get("ctx", {}).get("error")
        if what_now := getattr(cause, "what_now", ""):
            return str(what_now), str(getattr(cause, "code", ""))
    return "`disparity init` writes a file with every key explained", ""


def _say(kind: str, message: str) -> str:
    known = {
        "extra_forbidden": "no such key",
        "missing": "missing",
        "too_short": "name at least one",
        "list_type": "write a list, in square brackets",
    }
    if kind.startswith("date"):
        return "write a month as 2019-04"
    return known.get(kind, message.removeprefix("Value error, "))
