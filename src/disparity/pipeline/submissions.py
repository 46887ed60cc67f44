"""Records → counts, checked: what needs no estimate and no page, and is ready in half the time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import polars as pl

from disparity.project.settings import Settings
from disparity.records.cluster import spread_on_cluster
from disparity.records.completeness import list_caveats, mention_rows
from disparity.records.expectations import Validation, validate
from disparity.records.ingest import Ingested, count_records, read_records, recall, spread_here
from disparity.records.judge_process import start_judge
from disparity.records.partial_counts import refuse_other_folder, write_part
from disparity.records.unknown_values import mention_unknown
from disparity.vocabulary.errors import DataError

Progress = Callable[[str], AbstractContextManager[None]]


@contextmanager
def no_progress(_stage: str) -> Iterator[None]:
    """Say nothing."""
    yield


def check(settings: Settings, *, data_docs: Path | None = None, progress: Progress = no_progress) -> Validation:
    """Read the records and check the submissions; build nothing."""
    start_judge()
    with progress("reading, coding and counting the records"):
        ingested = read_records(settings)
    with progress("checking the submissions"):
        validation = validate(ingested.audit, settings.list_suites(), data_docs=data_docs)
        off = [f"The expectations of {name} are switched off: {why}" for name, why in settings.expectations_off.items()]
        said = (*mention_rows(ingested.decisions), *mention_unknown(ingested.audit, settings.extracts))
        return replace(validation, caveats=(*list_caveats(ingested.decisions["action"]), *said, *off))


def count(
    settings: Settings,
    out: Path,
    *,
    cluster: str = "",
    is_anew: bool = False,
    progress: Progress = no_progress,
) -> Path:
    """Count the records into a part, which adds up with others; files that a part there holds are not counted again.

    Args:
        cluster: address of a Dask scheduler; none counts on this machine.
        is_anew: count every file, whatever is there.

    Raises:
        RequestError, DataError: as `build`.
    """
    refuse_other_folder(out)
    known = None if is_anew else recall(out)
    spreading = spread_on_cluster(cluster) if cluster else nullcontext(spread_here)
    with progress("reading, coding and counting the records"), spreading as spread:
        write_part(count_records(settings, known, spread), out)
    return out


def read_checked(settings: Settings, progress: Progress) -> tuple[Ingested, Validation]:
    """Read the records, and stop where a critical expectation of them is not met."""
    with progress("reading, coding and counting the records"):
        ingested = read_records(settings)
    with progress("checking the submissions"):
        validation = validate(ingested.audit, settings.list_suites())
        if validation.has_critical_failure:
            first = validation.results.filter(~pl.col("is_met"), pl.col("severity") == "critical").row(0, named=True)
            places = ", ".join(f"{place['force']} {place['month']}" for place in first["where"][:5])
            raise DataError(
                "a critical expectation of the submissions is not met",
                where=places or first["table"],
                found=first["why"],
                what_now=first["what_now"],
            )
    return ingested, validation
