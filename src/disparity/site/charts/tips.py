"""What a mark says when it is pointed at, touched or walked to: one line, in the printed figures of published rows."""

from collections.abc import Iterable
from typing import Any

from disparity.site.published_figures import Row, Style, count
from disparity.tables.schema.derived import RESIDENT_YEARS
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, RESTRICTED_LABELS, SMALL, SUPPRESSED

# Why there is nothing to draw, by the status of the row: an empty row would read as none at all.
TOO_FEW, TOO_LITTLE = "not measured: too few searches", "not measured: too little is recorded"
WHY = {
    SUPPRESSED: "not shown: too few searches",
    SMALL: TOO_FEW,
    RESTRICTED_LABELS: "not measured: ethnicity is recorded in too few groups",
}


def say_why(row: Row | None) -> str:
    """Why a row has nothing to draw."""
    return TOO_LITTLE if row is None else WHY.get(row.values.get("status") or "", TOO_LITTLE)


def tell(label: str, *parts: str, rows: Iterable[Row]) -> dict[str, Any]:
    """The line of a mark, and where its numbers are published: "estimates:12 comparisons:3"."""
    said = "; ".join(part for part in parts if part)
    text = f"{label}: {said}" if label and said else label or said
    return {"tip": text, "of": " ".join(dict.fromkeys(f"{row.table}:{row.number}" for row in rows))}


def tell_limits(row: Row, lower: str, upper: str, style: Style, *, name: str) -> str:
    """A range or an interval by its name; nothing where there is none."""
    if row.values.get(lower) is None or row.values.get(upper) is None:
        return ""
    return f"{name} {style(row, lower)} to {style(row, upper)}"


def tell_counts(row: Row) -> str:
    """How many of how many a share is, or how many searches a rate is made of."""
    values = row.values
    if values.get("status") not in {MEASURED, SMALL, INCOMPLETE} or values.get("numerator") is None:
        return ""
    if not values.get("denominator"):
        return ""
    if values.get("denominator_unit") == RESIDENT_YEARS:
        return f"{count(row, 'numerator')} searches"
    return f"{count(row, 'numerator')} of {count(row, 'denominator')} searches"
