"""The description of a publication for machines: a Frictionless Data Package, and a schema.org Dataset."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from disparity.project.manifest import hash_file
from disparity.project.settings import Settings
from disparity.project.words import list_words
from disparity.tables.schema.printing import MARKING
from disparity.tables.schema.table import TEXT, Column, TableFile
from disparity.tables.schema.tables import TABLES
from disparity.tables.spreadsheet.sheets import SPREADSHEET_FILE
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.text import start_sentence

PACKAGE_NAME = "stop-and-search-disparity"
# Of files, columns and units: another major version is another contract (CHANGELOG.md has a table from old to new).
CONTRACT = "2.0.0"
OGL = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
POPULATIONS = "Office for National Statistics: Census 2011 and Census 2021"
INVENTED = "invented records"
OTHER_FILES = {
    "findings.json": ("findings", "Every sentence that states a figure, with the table rows behind it"),
    "editions.json": ("editions", "The editions of this publication, the latest first"),
    SPREADSHEET_FILE: ("spreadsheet", "The tables that a person would open, as a spreadsheet"),
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def describe_package(settings: Settings, sources: Iterable[str], data: Path) -> str:
    """Describe the files of `data/` as a Frictionless Data Package (specs.frictionlessdata.io).

    Args:
        sources: who gave the records.
        data: the folder; it holds every table, and what else there is.
    """
    held = [path for path in OTHER_FILES if (data / path).exists()]
    others = [_describe_file(path, *OTHER_FILES[path]) | _measure(data / path) for path in held]
    package: dict[str, Any] = {
        "name": PACKAGE_NAME,
        "title": settings.title,
        "description": f"{settings.title}, {name_period(settings.first_month, settings.last_month)}. "
        f"{settings.status}.",
        "profile": "data-package",
        "homepage": settings.base_url,
        "version": CONTRACT,
        "edition": settings.edition,
        "created": f"{settings.published}T00:00:00Z" if settings.published else "",
        "contributors": [{"title": settings.publisher, "role": "publisher"}] if settings.publisher else [],
        "temporal": {"start": f"{settings.first_month:%Y-%m}", "end": f"{settings.last_month:%Y-%m}"},
        "licenses": [] if settings.is_synthetic else [OGL],
        "sources": [{"title": title} for title in name_sources(settings, sources)],
        # Whoever looks for numbers that are no published figure has to know what the publisher wrote.
        "words": list_words(settings),
        "marking": settings.marking,
        "resources": [
            *(_describe_table(table, settings) | _measure(data / table.file) for table in TABLES),
            *others,
        ],
    }
    told = {key: value for key, value in package.items() if value}
    # A line for each file: indented, it would be half as large again.
    lines = [json.dumps({key: told[key]}, ensure_ascii=False)[1:-1] for key in told if key != "resources"]
    resources = ",\n".join(json.dumps(resource, ensure_ascii=False) for resource in told["resources"])
    return "{" + ",\n".join([*lines, f'"resources": [\n{resources}\n]']) + "}\n"


def name_sources(settings: Settings, sources: Iterable[str]) -> list[str]:
    """Who gave the records and the populations."""
    if settings.is_synthetic:
        return [INVENTED]
    own = settings.population and (settings.population_source or settings.population.name)
    return [*sources, own or POPULATIONS]


def _measure(file: Path) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "hash": f"sha256:{hash_file(file)}"}


def _describe_file(path: str, name: str, title: str) -> dict[str, Any]:
    kind = path.rpartition(".")[2]
    return {"name": name, "title": title, "path": path, "format": kind, "mediatype": MEDIA_TYPES[kind]}


def _describe_table(table: TableFile, settings: Settings) -> dict[str, Any]:
    marked = [Column(MARKING, TEXT, "that the file is not for publication")] if settings.is_internal else []
    schema: dict[str, Any] = {"fields": [_describe_column(table, column) for column in (*table.columns, *marked)]}
    if table.is_key_primary:
        schema["primaryKey"] = list(table.key)
    return _describe_file(table.file, table.name, table.title) | {
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": schema | {"missingValues": [""]},
    }


def _describe_column(table: TableFile, column: Column) -> dict[str, Any]:
    required = {"required": True} if table.is_key_primary and column.name in table.key else {}
    constraints = {**required, **column.constraints}
    described = {"name": column.name, "type": column.kind, "description": column.description}
    return described | ({"constraints": constraints} if constraints else {})


def describe_dataset(settings: Settings, files: Iterable[str]) -> dict[str, Any]:
    """Describe the publication as a schema.org Dataset; addresses are whole where the site's own is known."""
    base = settings.base_url
    described: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": settings.title,
        "description": f"Rates of stop and search by ethnicity, and their differences, with intervals and data "
        f"quality: {name_period(settings.first_month, settings.last_month)}. {settings.status}.",
        "url": f"{base}downloads.html" if base else "",
        "version": settings.edition,
        "datePublished": f"{settings.published or ''}",
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "temporalCoverage": f"{settings.first_month:%Y-%m}/{settings.last_month:%Y-%m}",
        "spatialCoverage": "England and Wales",
        "creator": {"@type": "Organization", "name": settings.publisher} if settings.publisher else None,
        "license": "" if settings.is_synthetic else OGL["path"],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file,
                "encodingFormat": MEDIA_TYPES[file.rpartition(".")[2]],
                "contentUrl": f"{base}data/{file}",
            }
            for file in files
        ],
    }
    return {key: value for key, value in described.items() if value}


def cite(settings: Settings, page: Sequence[str] = (), address: str = "") -> str:
    """How to cite the publication, or a page: publisher (year). Title. Force. Page. Period. Edition, date. Address.

    What the project file does not say is left out, rather than taken from the clock.

    Args:
        page: the force, and the page's title.
    """
    period = start_sentence(name_period(settings.first_month, settings.last_month))
    year = f" ({settings.published.year})" if settings.published else ""
    day = f"published {name_day(settings.published)}" if settings.published else ""
    edition = ", ".join(part for part in (settings.edition, day) if part)
    where = address or settings.base_url
    parts = [f"{settings.publisher}{year}".strip(), settings.title, *page, period, edition, where]
    named = [part.rstrip(".") for part in dict.fromkeys(parts) if part]
    # The title of a page can be a question.
    ended = [part if part.endswith("?") else f"{part}." for part in named]
    return " ".join(ended).removesuffix("." if where else "")
