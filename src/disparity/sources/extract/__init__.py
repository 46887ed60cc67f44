"""A force's own extract (CSV, XLSX or Parquet), read with the mapping that the project file declares."""

from disparity.sources.extract.choice import DECISIONS, choose_sources, log_extracts
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import Extract, read_extract

__all__ = ["DECISIONS", "Extract", "choose_sources", "log_extracts", "propose_mapping", "read_extract"]
