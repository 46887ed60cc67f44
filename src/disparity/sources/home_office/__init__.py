"""The Home Office's open data tables of stop and search: counts by force and quarter, not records."""
