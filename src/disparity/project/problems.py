"""What is wrong with the settings of a project file, in words."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError


def name_problems(error: ValidationError, keys: Sequence[str] = (), text: str = "") -> str:
    """Name every wrong key at once; one that is not known with its line in the file, and the nearest that is."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the settings'}: {_say(problem['type'], problem['msg'])}"
        f"{_add_nearest(problem['loc'], keys, text) if problem['type'] == 'extra_forbidden' else ''}"
        for problem in error.errors(include_url=False, include_input=False)
    )


def list_keys(model: type[BaseModel]) -> list[str]:
    """List every key of a model and of the tables in it, as the project file writes them."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return list(dict.fromkeys(key for part in parts for key in part.get("properties", {})))


def _add_nearest(place: tuple[int | str, ...], keys: Sequence[str], text: str) -> str:
    key = str(place[-1])
    near = get_close_matches(key, keys, n=1, cutoff=0.6)
    line = find_line(text, key)
    return f"{f' (line {line})' if line else ''}{f', did you mean {near[0]!r}?' if near else ''}"


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
