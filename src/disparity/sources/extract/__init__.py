"""A force's own extract (CSV, XLSX or Parquet), read with the mapping that the project file declares."""
