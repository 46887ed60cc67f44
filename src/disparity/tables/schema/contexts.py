"""Rates and ratios in context: by age range and sex, and on what else searches can be set against."""

from disparity.tables.schema.columns import BASIS, FORCE, GROUP, IN_DOUBT, PERIOD, REFERENCE, STATUS
from disparity.tables.schema.table import FROM_ZERO, NUMBER, SHARES, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import COUNTED, RATE, RESIDENT_YEARS, SAME_RATE, SEARCHES, P

AGE_RATES = TableFile(
    "age_rates",
    "Search rates by age range, sex and ethnic group, and their ratios to White",
    (
        *(*FORCE, *PERIOD),
        Column("age_group", TEXT, "age range as the record has it: one of the five of data.police.uk"),
        Column("gender", TEXT, "Male or Female: residents are counted by no other sex"),
        Column("ethnic_group", TEXT, "self-defined ethnic group; All keeps unknown ethnicity"),
        Column("numerator", WHOLE, "searches of people of the age and sex", SEARCHES),
        Column(
            "denominator",
            NUMBER,
            "resident-years of the age and sex (residents x years); empty where residents are few and estimated",
            RESIDENT_YEARS,
            FROM_ZERO,
        ),
        Column("denominator_unit", TEXT, "resident_years"),
        Column("residents_basis", TEXT, "counted, or estimated: the census of 2021 has no age that ends at 10 or 18"),
        Column("unknown", WHOLE, "searches of the group without an age, or a sex that residents have", SEARCHES),
        Column("value", NUMBER, "searches per 1,000 residents of the age and sex a year", RATE),
        Column("lower", NUMBER, "lower limit of the 95% interval (exact Poisson)", RATE),
        Column("upper", NUMBER, "upper limit of the 95% interval (exact Poisson)", RATE),
        Column("lower_bound", NUMBER, "the rate if none of the searches without age and sex were of these", RATE),
        Column("upper_bound", NUMBER, "the rate if all of the group's searches without age and sex were", RATE),
        STATUS,
        Column("ratio", NUMBER, "rate of the group / rate of White, both of the age and sex", SAME_RATE),
        Column("ratio_lower", NUMBER, "lower limit of its 95% interval (exact, or over months if wider)", SAME_RATE),
        Column("ratio_upper", NUMBER, "upper limit of its 95% interval (exact, or over months if wider)", SAME_RATE),
        Column("p_value", NUMBER, "p of no difference (the larger of exact and over months)", P, SHARES),
        Column("p_adjusted", NUMBER, "adjusted for all comparisons by age and sex (Benjamini-Hochberg)", P, SHARES),
        Column("ratio_status", TEXT, "the worse status of both rates: why a ratio is missing or needs care"),
        Column("verdict", TEXT, "higher, lower, no clear difference, not compared or not measurable"),
        IN_DOUBT,
    ),
    key=("force", "period_from", "period_to", "age_group", "gender", "ethnic_group"),
    in_glossary=True,
)

BENCHMARKS = TableFile(
    "benchmarks",
    "Searches of each group set against residents and other populations, and the ratio to White on each",
    (
        *(*FORCE, *PERIOD, GROUP, REFERENCE),
        Column("benchmark", TEXT, "what searches are set against; the name of a publisher's own"),
        Column("title", TEXT, "the same in words"),
        BASIS,
        Column("benchmark_count", WHOLE, "the group's number of it", COUNTED, FROM_ZERO),
        Column("benchmark_reference_count", WHOLE, "the reference group's number of it", COUNTED, FROM_ZERO),
        Column("benchmark_period", TEXT, "when it was counted, or how it was put on the period"),
        Column(
            "ratio",
            NUMBER,
            "searches of the group for each of its number / those of the reference group for each of its own",
            SAME_RATE,
        ),
        Column("ratio_lower", NUMBER, "lower limit of the 95% interval; the benchmark is taken as known", SAME_RATE),
        Column("ratio_upper", NUMBER, "upper limit; empty where there is none", SAME_RATE),
        STATUS,
        Column("source", TEXT, "who counted it"),
        Column("assumes", TEXT, "what the ratio takes for granted, and what is circular about it"),
        IN_DOUBT,
    ),
    key=("force", "period_from", "period_to", "ethnic_group", "benchmark"),
    in_glossary=True,
)
