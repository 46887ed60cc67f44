"""A limit on address space (`ulimit -v`) is refused at once: what is loaded later spins, aborts or ends in a traceback.

It is no limit on memory: libraries reserve far more addresses than they ever use, the engine that draws the charts tens
of gigabytes of them.
"""

import sys

from disparity.vocabulary.errors import RequestError

if sys.platform != "win32":
    import resource

GIGABYTE = 1_000_000_000
TO_READ = 4 * GIGABYTE
TO_DRAW = 80 * GIGABYTE  # measured: 60 were too few for the charts of one force, 80 enough


def check_address_space(needed: int) -> None:
    """Refuse a limit that is lower than what is needed.

    Raises:
        RequestError: it is.
    """
    if sys.platform == "win32":
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < needed:
        raise RequestError(
            "the limit on address space is too low to run in",
            where="ulimit -v",
            found=f"{limit / GIGABYTE:,.1f} GB; needed are {needed // GIGABYTE} GB, of which little is ever used",
            what_now="lift it (`ulimit -v unlimited`); to limit memory, use `ulimit -d 2000000` or a control group",
        )
