"""Rates by where searches lie, of places that the package knows without a file of the user's."""

from dataclasses import replace

from disparity.tables.schema.columns import FORCE, IN_DOUBT, NUMERATOR, PER_RESIDENT_YEAR, PERIOD, STATUS
from disparity.tables.schema.rates import AREAS
from disparity.tables.schema.table import FROM_ZERO, NUMBER, SHARES, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import PER_RESIDENTS, RESIDENT_YEARS, SEARCHES, P

# Columns are those of `areas`, but for the place.
PLACE = [column.name for column in AREAS.columns].index("area")


def _name_fifth(column: Column) -> Column:
    return replace(column, description=column.description.replace("area", "fifth"))


DEPRIVATION = TableFile(
    "deprivation",
    "Search rates by fifth of deprivation and ethnic group, and their ratios to White",
    (
        *(*FORCE, *PERIOD),
        Column(
            "fifth",
            WHOLE,
            "fifth of deprivation of the neighbourhood that the coordinates lie in, among all of its country: 1 is the "
            "most deprived (England 2025, Wales 2019)",
            "none",
            {"minimum": 1, "maximum": 5},
        ),
        *(_name_fifth(column) for column in AREAS.columns[PLACE + 1 :]),
    ),
    key=("force", "period_from", "period_to", "fifth", "ethnic_group"),
    in_glossary=True,
)

NEIGHBOURHOODS = TableFile(
    "neighbourhoods",
    "Search rates by neighbourhood in the latest period, as counted and smoothed",
    (
        *(*FORCE, *PERIOD),
        Column("neighbourhood", TEXT, "ONS code of the middle layer super output area (MSOA, 2021)"),
        Column("name", TEXT, "name that the ONS gives it"),
        NUMERATOR,
        Column(
            "denominator", NUMBER, "resident-years of the neighbourhood (residents x years)", RESIDENT_YEARS, FROM_ZERO
        ),
        PER_RESIDENT_YEAR,
        Column("unknown", WHOLE, "searches of the force in none of its neighbourhoods", SEARCHES),
        Column("value", NUMBER, "searches per 1,000 residents a year, as counted", PER_RESIDENTS),
        Column("smoothed_value", NUMBER, "the same, drawn towards that of the neighbours (median)", PER_RESIDENTS),
        Column("smoothed_lower", NUMBER, "lower 95% limit of the smoothed rate", PER_RESIDENTS),
        Column("smoothed_upper", NUMBER, "upper 95% limit of the smoothed rate", PER_RESIDENTS),
        Column("probability_above", NUMBER, "probability that the rate lies above whole_value", P, SHARES),
        Column("whole_value", NUMBER, "rate of all searches in neighbourhoods of the force", PER_RESIDENTS),
        Column(
            "dispersion", NUMBER, "how far searches come in clusters: variance over that of chance; 1 is none", "none"
        ),
        STATUS,
        Column(
            "fit",
            TEXT,
            "fitted, or why nothing is smoothed: too_few_months, too_few_areas, too_few_events, no_convergence or "
            "at_the_edge",
        ),
        IN_DOUBT,
    ),
    key=("force", "period_from", "period_to", "neighbourhood"),
    csv_only="it has a row for every neighbourhood; the map on Places shows them",
    in_glossary=True,
)
