"""The units of the numbers in the published tables."""

SEARCHES = "searches"
OUT_OF = "searches, or resident-years for search rates"
RESIDENT_YEARS = "resident-years"
RATE = "per 1,000 residents a year for search rates, else share from 0 to 1"
PER_RESIDENTS = "per 1,000 residents a year"
SHARE = "share from 0 to 1"
SAME_RATE = "1 is the same rate"
OF_ANALYSIS = "ratio, share, odds ratio or residents, as the analysis says"
OF_RANGE = "ratio, where 1 is the same rate, for search rates; share from 0 to 1 for others"
OF_SET = "ratio to White, where 1 is the same rate, or share from 0 to 1"
OF_DRAWS = "share of publications, 0 to 1; ratio error: 1 is none"
OF_SEARCHES = "share of searches, 0 to 1"
REVIEWED = "records reviewed"
OUT_OF_REVIEWED = "records reviewed; searches, for reviewed_share"
OF_REVIEW = "share from 0 to 1; kappa: 1 is full agreement"
RESIDENTS = "usual residents"
COUNTED = "people or events, as the benchmark says"
BYTES = "bytes"
P = "probability, 0 to 1"
DEVIATIONS = "standard deviations"
# Printed in the header of a sheet; any other unit the name of the column says, or its description alone.
IN_HEADERS = frozenset(
    {
        SEARCHES,
        OUT_OF,
        RESIDENT_YEARS,
        RATE,
        SHARE,
        SAME_RATE,
        OF_ANALYSIS,
        OF_RANGE,
        OF_SET,
        REVIEWED,
        OUT_OF_REVIEWED,
        OF_REVIEW,
        RESIDENTS,
        COUNTED,
    }
    | {BYTES}
)
