"""An extract read as the proposal for it says, with nothing corrected by hand."""

import tomllib
from pathlib import Path
from typing import Any

import polars as pl

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.coding import code_searches
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract


def settings_as_proposed(path: Path, force: str = "fellshire", **more: str) -> ExtractSettings:
    """The extract as `disparity map` writes it."""
    block: dict[str, Any] = tomllib.loads(propose_mapping(path, force=force, **more))["extracts"][0]
    return ExtractSettings.model_validate(block | {"file": path})


def read_as_proposed(path: Path, force: str = "fellshire", **more: str) -> pl.DataFrame:
    """The coded searches of an extract, in its order by month."""
    return code_searches(*read_extract(settings_as_proposed(path, force, **more)).files)
