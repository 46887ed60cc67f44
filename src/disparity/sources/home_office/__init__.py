"""The Home Office's open data tables of stop and search: counts by force and quarter, not records."""

from disparity.sources.home_office.rows import read_home_office
from disparity.sources.home_office.table import find_tables

__all__ = ["find_tables", "read_home_office"]
