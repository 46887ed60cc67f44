"""Where the figures are from: the files behind them with their hashes, the settings, the versions."""

import hashlib
import json
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from disparity import __version__
from disparity.project.settings import Settings
from disparity.tables.schema.edition import INPUTS
from disparity.tables.schema.printing import empty_table
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.errors import printable
from disparity.vocabulary.text import join_names

SCHEMA = empty_table(INPUTS).schema
# Those that figures pass through.
LIBRARIES = (
    "polars",
    "numpy",
    "scipy",
    "great-expectations",
    "pvlib",
    "shapely",
    "altair",
    "vl-convert-python",
)
RECORDS, POPULATION, REVIEW, EXPECTATIONS = "records", "population", "review of grounds", "expectations"
AREAS, BENCHMARK = "outlines of areas", "benchmark"
OWN, SHIPPED = "the publisher's own", "the toolkit"
# Where they lie differs from machine to machine, and is nobody's business.
PLACES = ("out", "previous", "counts", "reuse")


def list_inputs(settings: Settings, submissions: pl.DataFrame) -> pl.DataFrame:
    """List every file of records, residents, outlines and expectations.

    Returns:
        role, source, file, sha256, bytes; submissions and rows_read for records, null for the others.
    """
    records = (
        submissions.filter(pl.col("sha256").is_not_null())
        .group_by("source", pl.col("source_file").alias("file"), "sha256", "bytes")
        .agg(pl.len().cast(pl.Int64).alias("submissions"), _add("rows_read"))
        .with_columns(pl.lit(RECORDS).alias("role"))
        .select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
        .sort("file", "source", "sha256")
    )
    own = [(POPULATION, settings.population, OWN)] if settings.population else []
    if settings.areas:
        own.append((AREAS, settings.areas.file, OWN))
    # Where records are not given, neither is what else holds small counts: its hash can be found by trying.
    if records.height:
        own += [(BENCHMARK, each.file, OWN) for each in settings.benchmarks]
        own += [(REVIEW, settings.review_table, OWN)] if settings.review_table else []
    suites = sorted(settings.list_suites().items())
    files = own + [(EXPECTATIONS, path, OWN if path.parent == settings.expectations else SHIPPED) for _, path in suites]
    return pl.concat([records, pl.DataFrame([_describe(*file) for file in files], schema=SCHEMA)])


def _add(column: str) -> pl.Expr:
    """The sum, and nothing where a part is not given."""
    return (
        pl.when(pl.col(column).is_null().any()).then(None).otherwise(pl.col(column).sum()).cast(pl.Int64).alias(column)
    )


def _describe(role: str, path: Path, source: str) -> dict[str, Any]:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"role": role, "source": source, "file": printable(path.name), "sha256": digest, "bytes": len(content)}


def name_records(settings: Settings, given: Iterable[tuple[str, str | None]]) -> list[str]:
    """Say whose records they are: the public sources by name, a force's own by the force.

    Args:
        given: force and source of each submission; a missing one has no source.

    Returns:
        in order, each once; a force's own last.
    """
    pairs = {(force, source) for force, source in given if source}
    public = sorted({source for _, source in pairs if source != OWN_EXTRACT})
    own = sorted(settings.name_of(force) for force, source in pairs if source == OWN_EXTRACT)
    told = f"{own[0]}’s own records" if len(own) == 1 else f"the own records of {join_names(own)}"
    return [*public, *([told] if own else [])]


def list_settings(settings: Settings) -> list[tuple[str, str]]:
    """List the settings that differ from what goes without saying, in the project file's order; files by name."""
    given = settings.model_dump(mode="python", by_alias=True, exclude_defaults=True)
    return [(key, _print(value)) for key, value in given.items() if key not in PLACES]


def _print(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_name)


def _name(odd: object) -> str:
    return printable(odd.name) if isinstance(odd, Path) else str(odd)


def list_versions() -> list[tuple[str, str]]:
    """The toolkit, Python, and the libraries that figures and pictures pass through, with their versions."""
    own = (("Python", platform.python_version()), ("disparity", __version__))
    return [*own, *((name, version(name)) for name in LIBRARIES)]
