"""A force's own extract (CSV, XLSX or Parquet), read with the mapping that the project file declares."""

from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract

__all__ = ["propose_mapping", "read_extract"]
