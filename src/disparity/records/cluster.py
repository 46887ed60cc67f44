"""Counting on a Dask cluster: the same count of the same batches of monthly files, on other machines.

Every worker must see the files under the same paths, and have the same toolkit. A worker that dies has its
batches counted by another: counts do not depend on who counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from disparity.records.ingest import Count, Spread, Tried, hash_counting
from disparity.sources.police_uk import MonthlyFile
from disparity.vocabulary.errors import RequestError

WAIT_SECONDS = 30


@contextmanager
def spread_on_cluster(address: str) -> Iterator[Spread]:
    """Spread batches over the workers of a scheduler, such as tcp://10.0.0.5:8786.

    Raises:
        RequestError: Dask is not installed, nobody answers, there is no worker, or one has another toolkit.
    """
    try:
        from distributed import Client  # noqa: PLC0415  optional, and slow to load
    except ImportError:
        raise RequestError(
            "counting on a cluster needs Dask",
            found="no package called distributed",
            what_now="install disparity with its extra `cluster`, here and on the workers: docs/counts.md",
        ) from None
    try:
        client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError):
        raise RequestError(
            "no scheduler answers", where=address, what_now="start one with `dask scheduler`, and name its address"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except TimeoutError:
            raise RequestError(
                "the cluster has no workers", where=address, what_now="start some with `dask worker ADDRESS`"
            ) from None
        _refuse_other_code(client.run(hash_counting), address)

        def spread(count: Count, batches: list[list[MonthlyFile]]) -> list[Tried]:
            # Not pure: what a file holds is no part of its name.
            tried: list[Tried] = client.gather(client.map(count, batches, pure=False))  # type: ignore[no-untyped-call]
            return tried

        yield spread


def _refuse_other_code(hashes: dict[str, str], address: str) -> None:
    others = sorted(worker for worker, code in hashes.items() if code != hash_counting())
    if others:
        raise RequestError(
            "workers have another version of the toolkit, or of polars",
            where=address,
            found=", ".join(others[:5]),
            what_now="install the same version on all of them",
            code="E152",
        )
