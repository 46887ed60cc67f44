"""What templates tell of marks, statuses and thresholds: they read it, and never write it out."""

from typing import Any

from disparity.analysis.annual_statement import MOST_UNKNOWN_ETHNICITY
from disparity.analysis.measures.area_rates import PLACED_MEASURED
from disparity.analysis.peers.compare import FEWEST_COMPARED
from disparity.analysis.reasons.age_rates import FEWEST_ESTIMATED
from disparity.analysis.reasons.veil_of_darkness import FEWEST_SEARCHES
from disparity.disclosure.protect import FEWEST_OF_GROUP, MOST_SUPPRESSED
from disparity.statistics.pooling import FEWEST_POOLED
from disparity.tables.restricted import BANDS, DECIMALS_NEED
from disparity.vocabulary.codes import OFFICER_DEFINED
from disparity.vocabulary.statuses import BESIDE_A_FIGURE, IN_DOUBT, MARKS, STATUSES
from disparity.vocabulary.text import in_words
from disparity.vocabulary.thresholds import (
    COPIED_AGREEMENT,
    COVERAGE_GAP,
    COVERAGE_PARTIAL,
    FAR_ABOVE,
    FAR_BELOW,
    FEWEST_LABELS,
    FEWEST_MONTHS,
    LOWEST_AGREEMENT,
    OFFICIAL_ABOVE,
    OFFICIAL_BELOW,
    SMALL_NUMERATOR,
    SMALL_RESIDENTS,
    SMALL_SEARCHES,
)

THRESHOLDS = {
    "far_above": str(FAR_ABOVE),
    "far_below": str(FAR_BELOW),
    "official_above": str(OFFICIAL_ABOVE),
    "official_below": str(OFFICIAL_BELOW),
    "bands": ", ".join(map(str, BANDS[:-1])),
    "coverage_gap": in_words(round(100 * COVERAGE_GAP)),
    "coverage_partial": in_words(COVERAGE_PARTIAL),
    "decimals_need": f"{DECIMALS_NEED:,}",
    "fewest_compared": in_words(FEWEST_COMPARED),
    "fewest_groups": str(FEWEST_LABELS[OFFICER_DEFINED]),
    "fewest_in_darkness": in_words(FEWEST_SEARCHES),
    "fewest_months": in_words(FEWEST_MONTHS),
    "fewest_of_group": str(FEWEST_OF_GROUP),
    "fewest_pooled": in_words(FEWEST_POOLED),
    "lowest_agreement": str(LOWEST_AGREEMENT),
    "copied_agreement": str(COPIED_AGREEMENT),
    "most_suppressed": in_words(MOST_SUPPRESSED),
    "placed_in_ten": in_words(round(10 * PLACED_MEASURED)),
    "small_numerator": str(SMALL_NUMERATOR),
    "small_residents": f"{SMALL_RESIDENTS:,}",
    "small_searches": str(SMALL_SEARCHES),
    "unknown_one_in": in_words(1 / MOST_UNKNOWN_ETHNICITY),
    "fewest_estimated": str(FEWEST_ESTIMATED),
    "unplaced_one_in": in_words(round(1 / (1 - PLACED_MEASURED))),
}
MARK_MEANINGS = {mark: meaning.on_page for mark, meaning in MARKS.items()}
STATUS_MEANINGS = {name.replace("_", " "): status.meaning for name, status in STATUSES.items() if status.meaning}
GLOBALS: dict[str, Any] = {
    "mark_meanings": MARK_MEANINGS,
    "marks_beside_a_figure": BESIDE_A_FIGURE,
    "in_doubt": IN_DOUBT,
    "status_meanings": STATUS_MEANINGS,
    "thresholds": THRESHOLDS,
}
