"""A process beside this one that answers questions: for what takes seconds to load, or could end what it runs in.

Nothing heavy is loaded here, so that a command can start one first.
"""

import atexit
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

# The other process finds the same packages as this one, wherever they come from.
CODE = """
import importlib, pickle, sys
sys.path, module = pickle.load(sys.stdin.buffer)
importlib.import_module("disparity.vocabulary.helper_process").leave_out_unused()
importlib.import_module(module).serve()
"""

# jsonschema, which Altair and Great Expectations load, takes it where it is installed: it then builds a grammar, for
# more than a second, of a format that nothing here asks for.
UNUSED = "rfc3987_syntax"


def leave_out_unused() -> None:
    """In a process that is all ours: what is slow to load and never used counts as not installed."""
    sys.modules.setdefault(UNUSED, None)  # type: ignore[arg-type]


def start_process(module: str, *, is_quiet: bool = False) -> Any:
    """Start a process in which `serve` of the module reads questions and writes answers.

    It ends with this process, in whatever way that does: its input closes.

    Args:
        is_quiet: what it says to the terminal is dropped.
    """
    process = subprocess.Popen(  # noqa: S603  this Python
        [sys.executable, "-P", "-c", CODE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if is_quiet else None,
        # Ctrl+C is for this process, which ends the other.
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    atexit.register(stop, process)
    send(process, (sys.path, module))
    return process


def send(process: Any, what: object) -> None:
    """Ask the process."""
    pickle.dump(what, process.stdin)
    process.stdin.flush()


def ask(start: Any, *question: object) -> Any:
    """Ask the process that the cached `start` gives, and wait for its answer; one that fails is ended and forgotten.

    An answer that still came would be taken for that of the next question.
    """
    process = start()
    try:
        send(process, question)
        return pickle.load(process.stdout)  # noqa: S301  from our own process
    except BaseException:
        start.cache_clear()
        stop(process)
        raise


def stop(process: Any) -> None:
    """End it, and close the pipes."""
    with suppress(OSError), process:  # which waits for it
        process.kill()


def answer_all(answer: Callable[..., object]) -> None:
    """In the other process: answer one question after the other, until nobody is there to ask."""
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever is printed there is no answer
    while True:
        try:
            question = pickle.load(questions)  # noqa: S301  from the process that started this one
            pickle.dump(answer(*question), answers)
            answers.flush()
        except (EOFError, BrokenPipeError):
            return
