"""Downloads from data.police.uk, Nomis and the Home Office: checked, kept for good, and put down in a lock file.

The one stage that uses the network; a build never does.
"""

from disparity.fetch.open_data import fetch_open_data
from disparity.fetch.order import API, ARCHIVE, Order, Terms, list_months, make_terms
from disparity.fetch.population import BY_AGE_AND_SEX, BY_FORCE, BY_LOCAL_AUTHORITY, fetch_population
from disparity.fetch.report import Report, write_report
from disparity.fetch.stops import fetch_stops

__all__ = [
    "API",
    "ARCHIVE",
    "BY_AGE_AND_SEX",
    "BY_FORCE",
    "BY_LOCAL_AUTHORITY",
    "Order",
    "Report",
    "Terms",
    "fetch_open_data",
    "fetch_population",
    "fetch_stops",
    "list_months",
    "make_terms",
    "write_report",
]
