"""The thresholds of the gates: from where on a rate is shown, tested and compared (definitions, section 3)."""

from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED

# Shares of rows that say what the rate needs.
COVERAGE_MEASURED, COVERAGE_PARTIAL = 0.95, 0.50
COVERAGE_GAP = 0.10
# A force-month records times if fewer of its searches than this are at midnight on either clock.
TIME_RELIABLE_BELOW = 0.05
FEWEST_EVENTS = 3
# A month is held against the median of the months around it: of so many at least.
FEWEST_AROUND = 3
SMALL_SEARCHES, SMALL_NUMERATOR, SMALL_RESIDENTS = 50, 10, 1_000
# A share that rounding could have moved by more than this is marked as small, and not tested.
COARSEST_ROUNDING = 0.10
# A year: with fewer months, a season would pass for a change, and one odd month would move the centre line.
FEWEST_MONTHS = MONTHS_IN_YEAR
# Of days with a search: with fewer a variance over clusters says too little, and nothing is tested.
FEWEST_CLUSTERS = 20
# Months are clusters too from so many on.
FEWEST_CLUSTERED_MONTHS = 6
LABELS_NEED_SEARCHES = 500
FEWEST_LABELS = {SELF_DEFINED: 10, OFFICER_DEFINED: 3}
# Cohen's kappa of the two bases under which officer-defined ethnicity is not used (definitions, section 4).
LOWEST_AGREEMENT = 0.6
# And from which on one basis was copied from the other: it tells nothing that the other does not.
COPIED_AGREEMENT = 0.99

# Months in doubt (definitions, section 6). A month is far from the force's usual above and below these times the median
# of the months around it, and beyond what chance alone makes of so few.
FAR_ABOVE, FAR_BELOW = 1.8, 0.55
# One date that holds more than this share of at least so many searches.
ONE_DATE_SHARE, ONE_DATE_NEEDS = 0.5, 20
# How improbable a run of days without a search at an end of a month must be. Two ends of twelve months of 44 forces are
# a thousand runs a year: one in ten years of all of them is called in doubt without need.
IMPROBABLE_GAP = 0.0001
# The same number of rows in so many months is a cap; a handful of rows is the same by chance.
CAPPED_MONTHS, CAP_NEEDS = 3, 20
# Nearly every row stands two or three times over; a handful may be people searched together.
REPEATED_SHARE, REPEATED_NEEDS = 0.9, 10
# Records of a year against the official total.
OFFICIAL_ABOVE, OFFICIAL_BELOW = 1.25, 0.8
# What comes by chance less often is taken for a fault of recording. A year has about 6,000 columns of force-months.
IMPROBABLE = 1e-6
