"""The audit of submissions: what was sent, what is blank, what no label table knows, what adds up.

The expectation suites and the data-quality page read these tables, never the records.
"""

from disparity.audit.files import CODED_COLUMNS, CONTROL, Audit, audit_files, measure_agreement
from disparity.audit.items import BLANK_ITEMS, LONDON, OF, QUALITY_ITEMS
from disparity.audit.months import complete_audit, list_submitted, log_decisions, summarise_quality
from disparity.audit.years import audit_years

__all__ = [
    "BLANK_ITEMS",
    "CODED_COLUMNS",
    "CONTROL",
    "LONDON",
    "OF",
    "QUALITY_ITEMS",
    "Audit",
    "audit_files",
    "audit_years",
    "complete_audit",
    "list_submitted",
    "log_decisions",
    "measure_agreement",
    "summarise_quality",
]
