"""The two errors a user meets, and how they read.

What happened, where, what was found, what to do now. Never a traceback, never a value that could be a
person's: `found` names labels and counts, not rows.
"""


class DisparityError(Exception):
    """An error whose text is meant for the user; `exit_code` is the command's."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", found: str = "", what_now: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.found, self.what_now = what, where, found, what_now

    def __str__(self) -> str:
        details = [("where", self.where), ("found", self.found), ("what now", self.what_now)]
        lines = [f"  {name + ':':<10}{text}" for name, text in details if text]
        return "\n".join([self.what, *lines])


class RequestError(DisparityError):
    """The request is wrong: a flag, a project file, a folder that is not there."""

    exit_code = 2


class DataError(DisparityError):
    """The data is not what its publisher says it is."""

    exit_code = 3
