"""Rates, comparisons and reasons: of periods, months and areas, and of forces beside others."""

from disparity.analysis.sensitivity.statements import DEPENDENCIES
from disparity.tables.schema.columns import (
    BASIS,
    COMPARED_WITH,
    DENOMINATOR,
    FORCE,
    GROUP,
    IN_DOUBT,
    INTERVAL_METHOD,
    MEASURE,
    NUMERATOR,
    OF_BOTH_RATES,
    OWN_GROUP,
    PER_RESIDENT_YEAR,
    PERIOD,
    POISSON_LIMITS,
    RATIO_UPPER,
    REFERENCE,
    SET_FORCES,
    STATUS,
    STATUSES_OF_RATES,
    TYPE,
    UNIT,
    UNKNOWN,
    VALUE,
    either,
)
from disparity.tables.schema.table import FLAG, FROM_ZERO, MONTH, NUMBER, REMADE, SHARES, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import (
    DEVIATIONS,
    OF_ANALYSIS,
    OF_RANGE,
    OF_SET,
    RATE,
    RESIDENT_YEARS,
    SAME_RATE,
    SEARCHES,
    SHARE,
    P,
)
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, NOT_MEASURABLE, SUPPRESSED, TOO_FEW_MONTHS
from disparity.vocabulary.thresholds import FEWEST_MONTHS

ESTIMATES = TableFile(
    "estimates",
    "Every rate, with its interval, bounds and status",
    (
        *(MEASURE, *FORCE, *PERIOD, BASIS, GROUP, TYPE, NUMERATOR, *DENOMINATOR),
        UNKNOWN,
        UNIT,
        Column("value", NUMBER, f"the rate, {VALUE}", RATE),
        Column("lower", NUMBER, "lower limit of the 95% interval", RATE),
        Column("upper", NUMBER, "upper limit of the 95% interval", RATE),
        Column("lower_bound", NUMBER, "the rate if no search with unknown result counted, of all searches", RATE),
        Column("upper_bound", NUMBER, "the rate if every search with unknown result counted, of all searches", RATE),
        INTERVAL_METHOD,
        STATUS,
        IN_DOUBT,
    ),
    key=("measure", "force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "search_type"),
    protection=REMADE,
    in_glossary=True,
)

COMPARISONS = TableFile(
    "comparisons",
    "Every group against the reference group: ratio, difference, test and verdict",
    (
        *(MEASURE, *FORCE, *PERIOD, BASIS, GROUP, REFERENCE, TYPE),
        Column("ratio", NUMBER, "rate of the group / rate of the reference group; 1 means the same rate", SAME_RATE),
        Column("ratio_lower", NUMBER, "lower limit of the 95% interval of the ratio", SAME_RATE),
        RATIO_UPPER,
        Column("difference_unit", TEXT, "unit of the differences: per_1000_residents_a_year or share (0 to 1)"),
        Column("difference", NUMBER, "rate of the group - rate of the reference group, in the measure's unit", RATE),
        Column("difference_lower", NUMBER, "lower limit of the 95% interval of the difference of shares", SHARE),
        Column("difference_upper", NUMBER, "upper limit of the 95% interval of the difference of shares", SHARE),
        Column("test", TEXT, "the test that p is of: exact, or over the kind of cluster that gives the largest"),
        Column("statistic", NUMBER, "the test's statistic, where it has one", "none"),
        Column("p_value", NUMBER, "raw p, the largest of the exact one and those over clusters", P, SHARES),
        Column(
            "p_adjusted",
            NUMBER,
            "p adjusted for all comparisons of the force and measure (Benjamini-Hochberg)",
            P,
            SHARES,
        ),
        Column("level", NUMBER, "what p_value must be under for a clear difference", P, SHARES),
        Column(
            "design_effect",
            NUMBER,
            "variance over clusters / variance of single searches, the largest; 1 means independent; empty: not known",
            "none",
        ),
        Column(
            "standard_error",
            NUMBER,
            "standard error that gives p: of the log ratio of search rates, of the difference of shares",
            "none",
        ),
        Column("degrees_of_freedom", NUMBER, "of Student's t for p; empty: the normal distribution", "none"),
        Column("is_clustered", FLAG, "whether the test allows for searches that come in clusters"),
        STATUS,
        Column("verdict", TEXT, "higher, lower, depends, no clear difference, not compared or not measurable"),
        Column(
            "depends_on",
            TEXT,
            f"assumptions under which a clear difference is not clear, with commas between: {either(DEPENDENCIES)}",
        ),
        Column("range_unit", TEXT, "unit of the range: ratio (1 is the same rate) or share (0 to 1)"),
        Column(
            "range_lower",
            NUMBER,
            "least lower limit over what is plausible: of the ratio for search rates, of the difference for shares",
            OF_RANGE,
        ),
        Column("range_upper", NUMBER, "greatest upper limit over them; empty where there is none", OF_RANGE),
        Column(
            "smallest_difference",
            NUMBER,
            "what would be found with a power of 80% at the level: a ratio for search rates, a difference for shares",
            OF_RANGE,
        ),
        IN_DOUBT,
    ),
    key=(
        *("measure", "force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "reference_group"),
        "search_type",
    ),
    protection=REMADE,
    in_glossary=True,
)

REASONS = TableFile(
    "reasons",
    "What could lie behind a disparity, or make it look like one",
    (
        *(*FORCE, *PERIOD, GROUP, REFERENCE),
        Column("analysis", TEXT, "which analysis; on officer-defined ethnicity where the name ends so"),
        Column("component", TEXT, "the type of search, or which number of the analysis"),
        Column("value", NUMBER, "ratio, share or odds ratio, as the analysis says", OF_ANALYSIS),
        Column("lower", NUMBER, "lower limit; lower scenario, for missing_ethnicity", OF_ANALYSIS),
        Column("upper", NUMBER, "upper limit or scenario; empty where there is none", OF_ANALYSIS),
        Column("note", TEXT, "how to read the row"),
    ),
    key=("force", "period_from", "period_to", "ethnic_group", "reference_group", "analysis", "component"),
    is_key_primary=False,
    protection=REMADE,
    in_glossary=True,
)

MONTHLY = TableFile(
    "monthly",
    "Every measure by month, self-defined ethnicity, all types of search",
    (
        Column("month", MONTH, "month of the submission"),
        *(*FORCE, GROUP, MEASURE, NUMERATOR, *DENOMINATOR),
        UNIT,
        Column("value", NUMBER, f"the rate, {VALUE}", RATE),
        STATUS,
        IN_DOUBT,
    ),
    key=("month", "force", "ethnic_group", "measure"),
    protection=REMADE,
    in_glossary=True,
)

BREAKDOWNS = TableFile(
    "breakdowns",
    "Shares and find rates by area, month, origin of the search, item found and stated priority",
    (
        *(MEASURE, *FORCE, *PERIOD),
        Column(
            "breakdown",
            TEXT,
            "what it is broken down by: area, fifth, month, search_origin, item_found, force_kind, priority or "
            "person; area and fifth of aligned_share: under any priority, by area or fifth of deprivation",
        ),
        Column(
            "category",
            TEXT,
            "area or priority by its name (any: under one at least; none: under none), month as 2024-04-01, fifth (1: "
            "most deprived), or code of origin or item found",
        ),
        OWN_GROUP,
        *(TYPE, NUMERATOR),
        Column("denominator", WHOLE, "searches they are out of", SEARCHES, FROM_ZERO),
        UNKNOWN,
        Column("value", NUMBER, "share from 0 to 1", SHARE),
        Column("lower", NUMBER, "lower limit of the 95% interval (Wilson)", SHARE),
        Column("upper", NUMBER, "upper limit of the 95% interval (Wilson)", SHARE),
        Column("lower_bound", NUMBER, "the share if no search with unknown result counted, of all searches", SHARE),
        Column("upper_bound", NUMBER, "the share if every search with unknown result counted, of all searches", SHARE),
        STATUS,
        IN_DOUBT,
    ),
    key=("measure", "force", "period_from", "period_to", "breakdown", "category", "ethnic_group", "search_type"),
    protection=REMADE,
    in_glossary=True,
)

AREAS = TableFile(
    "areas",
    "Search rates by area and ethnic group, and their ratios to White",
    (
        *(*FORCE, *PERIOD),
        Column("area", TEXT, "area that the record names, or that its coordinates lie in"),
        OWN_GROUP,
        Column("numerator", WHOLE, "searches in the area", SEARCHES),
        Column(
            "denominator",
            NUMBER,
            "resident-years of the area (residents x years); empty where residents are not known",
            RESIDENT_YEARS,
            FROM_ZERO,
        ),
        PER_RESIDENT_YEAR,
        Column(
            "unknown", WHOLE, "searches of the group in no area, or in one without residents of the force", SEARCHES
        ),
        Column("value", NUMBER, "searches per 1,000 residents of the area a year", RATE),
        *POISSON_LIMITS,
        Column("lower_bound", NUMBER, "the rate if none of the searches in no area lay here", RATE),
        Column("upper_bound", NUMBER, "the rate if all of the group's searches in no area lay here", RATE),
        STATUS,
        Column("ratio", NUMBER, "rate of the group / rate of White, both of this area; 1 is the same rate", SAME_RATE),
        Column("ratio_lower", NUMBER, "lower limit of its 95% interval (exact, given the sum of both)", SAME_RATE),
        Column("ratio_upper", NUMBER, "upper limit of its 95% interval (exact, given the sum of both)", SAME_RATE),
        Column("p_value", NUMBER, "p of no difference (exact conditional binomial)", P, SHARES),
        Column("p_adjusted", NUMBER, "adjusted for all comparisons by area (Benjamini-Hochberg)", P, SHARES),
        *OF_BOTH_RATES,
        IN_DOUBT,
    ),
    key=("force", "period_from", "period_to", "area", "ethnic_group"),
    in_glossary=True,
)

CONTROL = TableFile(
    "control",
    "Control charts: every month against the limits within which its series stays while nothing changes",
    (
        Column("month", MONTH, "month of the submission"),
        *(*FORCE, GROUP, MEASURE, NUMERATOR, *DENOMINATOR),
        UNIT,
        Column("value", NUMBER, f"the rate, {VALUE}", RATE),
        Column("centre", NUMBER, "centre line, in the measure's unit", RATE),
        Column("lower", NUMBER, "lower limit: three standard deviations, over-dispersion allowed for", RATE),
        Column("upper", NUMBER, "upper limit", RATE),
        Column("sigma_z", NUMBER, "how much more months differ than chance makes them; 1 is chance alone", "none"),
        Column("z", NUMBER, "standard deviations above the centre line, over-dispersion allowed for", DEVIATIONS),
        Column(
            "signals",
            TEXT,
            "rules that the month completes, with commas between: beyond_3_sigma, 9_on_one_side, 6_up_or_down, "
            "2_of_3_beyond_2_sigma; empty: none",
        ),
        Column("baseline", MONTH, "month that the series last started in"),
        Column("baseline_reason", TEXT, "why it started anew there; empty: it is the first month"),
        Column("method", TEXT, "kind of chart; empty where there are no limits"),
        Column(
            "status",
            TEXT,
            f"{TOO_FEW_MONTHS} (under {FEWEST_MONTHS} since the series started: no limits), or the month's own: "
            f"{either([status for status in STATUSES_OF_RATES if status != SUPPRESSED])}",
        ),
        IN_DOUBT,
    ),
    key=("month", "force", "ethnic_group", "measure"),
    csv_only="it is the working behind the control charts",
    in_glossary=True,
)

QUARTERLY = TableFile(
    "quarterly",
    "The same by quarter, where the source counts by quarter: no month in it is known",
    (
        Column("period_from", MONTH, "first month of the quarter"),
        Column("period_to", MONTH, "last month of the quarter"),
        *(*FORCE, GROUP, MEASURE, NUMERATOR, *DENOMINATOR),
        UNIT,
        Column("value", NUMBER, f"the rate, {VALUE}", RATE),
        STATUS,
        IN_DOUBT,
    ),
    key=("period_from", "period_to", "force", "ethnic_group", "measure"),
)

PEERS = TableFile(
    "peers",
    "Every force beside others: funnel limits, ranks with their uncertainty, pooled values",
    (
        *(MEASURE, *FORCE, *PERIOD, GROUP),
        COMPARED_WITH,
        SET_FORCES,
        Column("measured_forces", WHOLE, "forces of the set whose value is measured", "forces"),
        UNIT,
        Column("value", NUMBER, "ratio of search rates to White (1 means the same rate), or find rate, 0 to 1", OF_SET),
        Column("target", NUMBER, "the pooled value of the set, the force itself included; unit of value", OF_SET),
        Column(
            "precision",
            NUMBER,
            "searches that the value rests on: 1 / variance of the log of a ratio",
            "as searches",
        ),
        *(
            Column(
                f"{start}{side}_{name}",
                NUMBER,
                f"{side} limit that about {share} of forces lie within, {held}",
                "unit of value",
            )
            for start, held in (("", "if forces differ as these do"), ("chance_", "were there nothing but chance"))
            for name, share in (("95", "95%"), ("998", "99.8%"))
            for side in ("lower", "upper")
        ),
        Column(
            "z",
            NUMBER,
            "standard errors above the target, over-dispersion allowed for; 0 is at the target",
            DEVIATIONS,
        ),
        Column("chance_z", NUMBER, "the same by chance alone", DEVIATIONS),
        Column("phi", NUMBER, "how much more the set differs than chance makes it; 1 is chance alone", "none"),
        Column(
            "tau",
            NUMBER,
            "how much true values differ: standard deviation on the scale of limits_method",
            "of its scale",
        ),
        Column("limits_method", TEXT, "scale of the limits and how over-dispersion is allowed for"),
        Column("position", TEXT, "within, above_95, above_998, below_95 or below_998"),
        Column("rank", WHOLE, "place among the measured values of the set; 1 is the highest", "places, from 1"),
        Column("rank_lower", WHOLE, "best rank that chance could have made of it (95% interval)", "places, from 1"),
        Column("rank_upper", WHOLE, "worst rank that chance could have made of it (95% interval)", "places, from 1"),
        Column("pooled_value", NUMBER, "estimate: the value drawn towards those of the set; unit of value", OF_SET),
        Column("pooled_lower", NUMBER, "lower limit of its 95% interval", OF_SET),
        Column("pooled_upper", NUMBER, "upper limit of its 95% interval", OF_SET),
        STATUS,
        Column("note", TEXT, "why there are no limits, or how to read the row"),
        IN_DOUBT,
    ),
    key=("measure", "force", "period_from", "period_to", "ethnic_group", "compared_with"),
    in_glossary=True,
)

POOLED = TableFile(
    "pooled",
    "Every set of forces as one: search rates, their ratios and find rates, sums over sums",
    (
        MEASURE,
        COMPARED_WITH,
        *(*PERIOD, GROUP, SET_FORCES),
        Column("counted_forces", WHOLE, "forces of the set that are in the figure", "forces"),
        *(NUMERATOR, *DENOMINATOR),
        UNIT,
        Column("value", NUMBER, f"the rate, {VALUE}; ratios: 1 means the same rate", RATE),
        Column("lower", NUMBER, "lower limit of the 95% interval", RATE),
        Column("upper", NUMBER, "upper limit of the 95% interval; empty where there is none", RATE),
        INTERVAL_METHOD,
        Column(
            "status", TEXT, f"{MEASURED}, {INCOMPLETE} (forces of the set are missing) or {NOT_MEASURABLE} (all are)"
        ),
    ),
    key=("measure", "compared_with", "period_from", "period_to", "ethnic_group"),
    in_glossary=True,
)
