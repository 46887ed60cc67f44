"""What every table of reasons shares: its columns and how its analyses are named."""

from disparity.vocabulary import OFFICER_DEFINED, SELF_DEFINED

# reasons.csv has no column for the basis: the analysis carries it.
BASIS_SUFFIX = {SELF_DEFINED: "", OFFICER_DEFINED: "_officer_defined"}
REASON_COLUMNS = [
    *("force", "period_from", "period_to", "ethnic_group", "reference_group"),
    *("analysis", "component", "value", "lower", "upper", "note"),
]
