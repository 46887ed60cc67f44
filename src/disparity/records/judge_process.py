"""The process that Great Expectations runs in: it takes seconds to load, and does so while other things are done.

Nothing heavy is loaded here, so that a command can start it first.
"""

import atexit
import pickle
import subprocess
import sys
from contextlib import suppress
from errno import ECHILD
from functools import cache
from threading import Lock
from typing import Any

# The judge finds the same packages as this process, wherever they come from.
JUDGE = """
import pickle, sys
sys.path = pickle.load(sys.stdin.buffer)
from disparity.records import judge
judge.serve()
"""
ASKING = Lock()


@cache
def start_judge() -> Any:
    """Start the process that Great Expectations runs in, unless there is one.

    It is kept for the next time, and ends with this process, in whatever way that does: its input closes.
    """
    process = subprocess.Popen(  # noqa: S603  this Python
        [sys.executable, "-P", "-c", JUDGE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # Ctrl+C is for this process, which ends the other.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    atexit.register(_stop, process)
    _send(process, sys.path)
    return process


def ask_judge(*question: object) -> Any:
    """Ask the judge; what is wrong with a suite is raised here as it was there."""
    with ASKING:
        judge = start_judge()
        try:
            _send(judge, question)
            answer = pickle.load(judge.stdout)  # noqa: S301  from our own process
        except BaseException as error:  # an answer that still comes would be taken for that of the next question
            start_judge.cache_clear()
            _stop(judge)
            if isinstance(error, EOFError | BrokenPipeError):
                raise ChildProcessError(ECHILD, "the checks of the submissions were ended from outside") from None
            raise
    if isinstance(answer, Exception):
        raise answer
    return answer


def _send(judge: Any, what: object) -> None:
    pickle.dump(what, judge.stdin)
    judge.stdin.flush()


def _stop(judge: Any) -> None:
    with suppress(OSError), judge:  # which closes its pipes and waits for it
        judge.kill()
