"""Months whose records say something else than those of the months around them, beside the charts that follow them."""

from disparity.records.audit.shares import is_of
from disparity.site.page import Edition
from disparity.vocabulary.calendar import name_months, read_month

# Section of the page → the columns that its rates are made of.
RATES = {
    "finds": ("outcome", "is_outcome_linked", "is_item_found"),
    "groups": ("self_defined_ethnicity",),
}
OTHER = "months"


def list_unusual(edition: Edition, force: str) -> dict[str, list[str]]:
    """List them in words by section of Over time: of protected counts none, whose check names no month."""
    listed: dict[str, list[str]] = {}
    for row in edition.rows_of("checks", force):
        finding = row.values["observed"]
        if row.values["table"] != "shares" or row.values["is_met"] or not finding:
            continue
        section = next((name for name, columns in RATES.items() if is_of(finding, *columns)), OTHER)
        listed.setdefault(section, []).append(f"{name_months([read_month(row.values['month'])])}: {finding}.")
    return listed
