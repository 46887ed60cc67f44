"""A worker of a cluster that dies of the batch it was given, once."""

import os
import signal
from collections.abc import Callable
from pathlib import Path


def die_once(flag: Path, count_batch: Callable, batch: list) -> object:
    """Count a batch; the first worker that is given a file of June kills itself."""
    if batch[0].month.month == 6 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return count_batch(batch)
