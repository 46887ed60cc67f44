"""The process that Great Expectations runs in: it takes seconds to load, and does so while other things are done.

Nothing heavy is loaded here, so that a command can start it first.
"""

from errno import ECHILD
from functools import cache
from threading import Lock
from typing import Any

from disparity.vocabulary.helper_process import ask, start_process

ASKING = Lock()


@cache
def start_judge() -> Any:
    """Start the process that Great Expectations runs in, unless there is one; it is kept for the next time."""
    return start_process("disparity.records.judge")


def ask_judge(*question: object) -> Any:
    """Ask the judge; what is wrong with a suite is raised here as it was there."""
    with ASKING:
        try:
            answer = ask(start_judge, *question)
        except (EOFError, BrokenPipeError):
            raise ChildProcessError(ECHILD, "the checks of the submissions were ended from outside") from None
    if isinstance(answer, Exception):
        raise answer
    return answer
