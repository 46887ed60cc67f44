"""The statuses of a rate and the marks that tables show them by: what each means, in the words that are printed."""

from typing import NamedTuple

from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED
from disparity.vocabulary.text import in_words
from disparity.vocabulary.thresholds import (
    COARSEST_ROUNDING,
    COVERAGE_GAP,
    COVERAGE_MEASURED,
    COVERAGE_PARTIAL,
    FEWEST_EVENTS,
    FEWEST_LABELS,
    LOWEST_AGREEMENT,
    SMALL_NUMERATOR,
    SMALL_RESIDENTS,
    SMALL_SEARCHES,
)

MEASURED, PARTIAL, NOT_MEASURABLE = "measured", "partial", "not_measurable"
SMALL, RESTRICTED_LABELS, INCOMPLETE, SUPPRESSED = "small", "restricted_labels", "incomplete", "suppressed"
TOO_FEW_MONTHS = "too_few_months"

# Marks, in the square brackets of official statistics.
CONFIDENTIAL, ESTIMATE, ANNUALISED, UNCERTAIN = "[c]", "[e]", "[i]", "[u]"
IN_DOUBT = "[d]"
NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
BOUNDS = "bounds"
BESIDE_A_FIGURE = (UNCERTAIN, ESTIMATE, ANNUALISED, IN_DOUBT)  # the others stand in its place


class Mark(NamedTuple):
    """What a mark means, as a page and as a sheet say it: a sheet has no cell with bounds."""

    on_page: str
    on_sheet: str = ""


MARKS = {
    BOUNDS: Mark("too little is recorded for a rate; the rate lies somewhere in this range"),
    CONFIDENTIAL: Mark(
        f"confidential: too few to be shown, or a rate of fewer than {FEWEST_EVENTS} events",
        "confidential: withheld so that it tells nothing about a person",
    ),
    ESTIMATE: Mark(
        "estimate: part of the results is not recorded; the bounds are below, and groups are not compared",
        "estimate: part of the results is not recorded; the bounds are in the same row",
    ),
    ANNUALISED: Mark(*["months are missing: annualised from the months there are"] * 2),
    IN_DOUBT: Mark(
        *["in doubt: rests on a month, or a total, whose records may be incomplete, capped or repeated"] * 2
    ),
    UNCERTAIN: Mark(
        f"uncertain: fewer than {SMALL_SEARCHES} searches, or counts rounded too coarsely; not tested. For search "
        f"rates: fewer than {SMALL_NUMERATOR} searches or {SMALL_RESIDENTS:,} residents",
        "uncertain: few searches; not tested",
    ),
    NOT_AVAILABLE: Mark("not available", "not available"),
    NOT_APPLICABLE: Mark("not applicable", "not applicable"),
}


class Status(NamedTuple):
    """The mark of a status in a table, and when a rate has it."""

    mark: str
    meaning: str


STATUSES = {
    MEASURED: Status(
        "",
        f"At least {COVERAGE_MEASURED:.0%} of what the rate needs is recorded. The rate is shown with its interval, "
        "and compared.",
    ),
    PARTIAL: Status(
        ESTIMATE,
        f"At least {in_words(COVERAGE_PARTIAL)} is recorded, or what is recorded differs by more than "
        f"{100 * COVERAGE_GAP:.0f} percentage points between the group and White. For find rates, actions without the "
        "linked flag are taken to be like those with it in the same cell (the same group and type of search). The "
        "bounds are beside the rate; there is no interval and no test.",
    ),
    NOT_MEASURABLE: Status(
        NOT_AVAILABLE,
        f"Less than {in_words(COVERAGE_PARTIAL)} is recorded. Or, for find rates, the linked flag is not in use: for "
        "the type of search, or for types with more than a twentieth of all actions. Only bounds are shown.",
    ),
    SMALL: Status(
        UNCERTAIN,
        f"Fewer than {SMALL_SEARCHES} searches. For search rates, fewer than {SMALL_NUMERATOR} searches or "
        f"{SMALL_RESIDENTS:,} residents. Or, where counts are rounded, a share that rounding could move by more than "
        f"{100 * COARSEST_ROUNDING:.0f} percentage points, or a search rate whose searches could be so few. "
        "The rate is shown, marked, and not tested.",
    ),
    RESTRICTED_LABELS: Status(
        NOT_AVAILABLE,
        f"A force’s files of a year use fewer than {FEWEST_LABELS[SELF_DEFINED]} of the 18 labels of self-defined "
        f"ethnicity. Or they use fewer than {FEWEST_LABELS[OFFICER_DEFINED]} officer-defined groups, or never one of "
        "these. Others must have been folded into them. Or officer-defined ethnicity agrees with "
        f"self-defined ethnicity so little (kappa under {LOWEST_AGREEMENT}) that it does not belong to its rows. No "
        "rate or ratio by group is shown on that basis.",
    ),
    INCOMPLETE: Status(ANNUALISED, "Months are missing. The search rate is annualised, and no difference is stated."),
    SUPPRESSED: Status(CONFIDENTIAL, ""),
    TOO_FEW_MONTHS: Status(NOT_AVAILABLE, ""),
}


def mark_of(status: str) -> str:
    """Give the mark of a status; none for another word."""
    return STATUSES[status].mark if status in STATUSES else ""


def name_status(status: str) -> str | None:
    """Name a status in words, with its mark; nothing for another word.

    >>> name_status("not_measurable"), name_status("measured"), name_status("planned")
    ('not measurable [x]', 'measured', None)
    """
    if status not in STATUSES:
        return None
    return f"{status.replace('_', ' ')} {STATUSES[status].mark}".rstrip()
