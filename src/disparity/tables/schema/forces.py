"""Forces beside others, and sets of forces as one."""

from disparity.tables.schema.columns import (
    COMPARED_WITH,
    DENOMINATOR,
    FORCE,
    GROUP,
    MEASURE,
    NUMERATOR,
    PERIOD,
    SET_FORCES,
    STATUS,
    VALUE,
)
from disparity.tables.schema.table import NUMBER, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import DEVIATIONS, OF_SET, RATE
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED, NOT_MEASURABLE

PEERS = TableFile(
    "peers",
    "Every force beside others: funnel limits, ranks with their uncertainty, pooled values",
    (
        *(MEASURE, FORCE, *PERIOD, GROUP),
        COMPARED_WITH,
        SET_FORCES,
        Column("measured_forces", WHOLE, "forces of the set whose value is measured", "forces"),
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
        *(NUMERATOR, DENOMINATOR),
        Column("value", NUMBER, f"the rate, {VALUE}; ratios: 1 means the same rate", RATE),
        Column("lower", NUMBER, "lower limit of the 95% interval", RATE),
        Column("upper", NUMBER, "upper limit of the 95% interval; empty where there is none", RATE),
        Column("interval_method", TEXT, "how the interval was made"),
        Column(
            "status", TEXT, f"{MEASURED}, {INCOMPLETE} (forces of the set are missing) or {NOT_MEASURABLE} (all are)"
        ),
    ),
    key=("measure", "compared_with", "period_from", "period_to", "ethnic_group"),
    in_glossary=True,
)
