"""What is wrong with the settings of a project file, in words."""

from pydantic import ValidationError


def name_problems(error: ValidationError) -> str:
    """Name every wrong key at once."""
    return "; ".join(
        f"{'.'.join(map(str, problem['loc'])) or 'the settings'}: {_say(problem['type'], problem['msg'])}"
        for problem in error.errors(include_url=False, include_input=False)
    )


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
