"""Processor time: what a test took of it, what its processes took included, and what it made for others left out."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# Processor seconds that `_work` takes on the machine that the limit of a test was set on.
WORK_SECONDS = 0.15
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
# Seconds that this process has spent on what tests share: whoever asks first does not pay for it.
_for_all = 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:  # the process has ended, or the system keeps no such files
        return ""


def _of_running(process: str = "self") -> float:
    """What the processes below one have used and have not been asked for yet, as they run."""
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
    except OSError:
        return 0.0
    used = 0.0
    for child in "".join(_read(thread / "children") for thread in threads).split():
        fields = _read(Path(f"/proc/{child}/stat")).rpartition(")")[2].split()
        used += sum(map(int, fields[11:15])) / TICKS + _of_running(child)
    return used


def spent() -> float:
    """Seconds of this process and all below it, those that ended included. A process that ends moves nothing."""
    return sum(os.times()[:4]) + _of_running()


def spent_on_test() -> float:
    """The same without what was done for every test."""
    return spent() - _for_all


def _work() -> int:
    return sum(number * number for number in range(2_000_000))


def slowness() -> float:
    """How many times as long this machine takes now as the one that the limit was set on; 1 where it is no slower."""
    before = time.process_time()
    _work()
    return max(1.0, (time.process_time() - before) / WORK_SECONDS)


@contextmanager
def set_aside() -> Iterator[None]:
    """What is done inside is done for every test."""
    global _for_all  # noqa: PLW0603
    began, before = spent(), _for_all
    yield
    _for_all = before + spent() - began


def shared(make: Callable[P, T]) -> Callable[P, T]:
    """Make it once a process; the time that takes is no test's."""
    return cache(wraps(make)(set_aside()(make)))
