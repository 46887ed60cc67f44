"""The data of a site: every published table, and what describes them."""

import json
from pathlib import Path

import polars as pl

from disparity.site.page import Edition
from disparity.site.pages.listing import list_hidden
from disparity.site.published_figures import Figure, plain
from disparity.tables.datapackage import describe_package
from disparity.tables.editions import write_editions, write_feed
from disparity.tables.previous_edition import EDITIONS_FILE, PACKAGE_FILE
from disparity.tables.schema.printing import MARKING, write_printed
from disparity.tables.schema.tables import TABLES
from disparity.tables.spreadsheet.sheets import SPREADSHEET_FILE, write_spreadsheet

FEED_FILE = "feed.xml"


def write_data(
    folder: Path, edition: Edition, frames: dict[str, pl.DataFrame], printed: dict[str, pl.DataFrame]
) -> None:
    """Write the tables, the spreadsheet of them, findings and editions; last the package, which has their hashes."""
    data = folder / "data"
    data.mkdir()
    for table in TABLES:
        (data / table.file).write_bytes(write_printed(printed[table.name]).encode())
    (data / "findings.json").write_bytes(_list_findings(edition).encode())
    (data / EDITIONS_FILE.name).write_bytes(write_editions(edition.history).encode())
    _write_spreadsheets(folder, edition, frames)
    feed = "" if edition.settings.is_internal else write_feed(edition.settings, edition.history, edition.records)
    if feed:
        (folder / FEED_FILE).write_bytes(feed.encode())
    (folder / PACKAGE_FILE).write_bytes(describe_package(edition.settings, edition.records, data).encode())


def _write_spreadsheets(folder: Path, edition: Edition, frames: dict[str, pl.DataFrame]) -> None:
    """Write one for each force: nobody opens half a million rows. Tables that know no forces are in each."""
    for force in edition.forces:
        own = {name: _keep_force(frame, force) for name, frame in frames.items()}
        home = folder / (edition.folder(force) or "data")
        home.mkdir(exist_ok=True)
        (home / SPREADSHEET_FILE).write_bytes(write_spreadsheet(edition.settings, own))


def _keep_force(frame: pl.DataFrame, force: str) -> pl.DataFrame:
    return frame.filter(pl.col("force") == force) if "force" in frame.columns else frame


def _list_findings(edition: Edition) -> str:
    marked = {MARKING: edition.settings.marking} if edition.settings.is_internal else {}
    hidden = {force: list_hidden(edition, force) for force in edition.forces}
    listed = [
        {
            "force": finding.force,
            "page": "" if finding.topic in hidden[finding.force] else finding.address,
            "kind": finding.kind,
            "sentence": plain(finding.sentence),
            **marked,
            "evidence": [
                {"table": f"{part.table}.csv", "row": part.row, "column": part.column, "printed": part.text}
                for part in finding.sentence
                if isinstance(part, Figure)
            ],
        }
        for finding in edition.findings
    ]
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
