"""Rates by where searches lie, of places that the package knows without a file of the user's."""

from dataclasses import replace

from disparity.tables.schema.columns import FORCE, PERIOD
from disparity.tables.schema.rates import AREAS
from disparity.tables.schema.table import WHOLE, Column, TableFile

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
