"""The errors a user meets, and how they read.

What happened, where, what was found, what to do now. Never a traceback, never a value that could be a
person's: `found` names labels and counts, not rows. An error met while records are read carries the code of
the page in `docs/errors/` that says what to do.
"""

from collections.abc import Sequence

MOST_NAMED = 10


def printable(text: str) -> str:
    """Escape what could steer a terminal or turn a line around: the name of a file is its sender's choice.

    >>> printable("2019-04/\\x1b[2J-stop-and-search.csv")
    '2019-04/\\\\x1b[2J-stop-and-search.csv'
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


class DisparityError(Exception):
    """An error whose text is meant for the user; `exit_code` is the command's."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", found: str = "", what_now: str = "", code: str = "") -> None:
        self.what, self.where, self.found, self.what_now = map(printable, (what, where, found, what_now))
        self.code = code
        super().__init__(self.what)

    def __str__(self) -> str:
        details = [("where", self.where), ("found", self.found), ("what now", self.what_now)]
        lines = [f"  {name + ':':<10}{text}" for name, text in details if text]
        return "\n".join([f"{self.what} ({self.code})" if self.code else self.what, *lines])


class RequestError(DisparityError):
    """The request is wrong: a flag, a project file, a folder that is not there."""

    exit_code = 2


class DataError(DisparityError):
    """The data is not what its publisher says it is."""

    exit_code = 3


class DisclosureError(DisparityError):
    """What would be published could identify a person; nothing was published."""

    exit_code = 5


def refuse_together(errors: Sequence[DisparityError], *, what_now: str = "") -> None:
    """Name every file that cannot be read at once, so that nobody has to correct them one build at a time."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        named = [f"{error.where}: {error.what} ({error.code})" for error in errors[:MOST_NAMED]]
        more = [f"and {len(errors) - MOST_NAMED} more"] if len(errors) > MOST_NAMED else []
        raise DataError(
            f"{len(errors)} files cannot be read",
            found="; ".join([*named, *more]),
            what_now=f"look each code up in docs/errors{what_now}",
        )
