"""Every published table, in the order of `data/`. The contract with readers.

Column names are a promise: they change with a major version only. `GLOSSARY.md` defines the words.
"""

from disparity.tables.schema import audit, children, context, edition, places, rates, register, sensitivity

TABLES = (
    *(
        rates.ESTIMATES,
        rates.COMPARISONS,
        sensitivity.SENSITIVITY,
        sensitivity.TIPPING,
        rates.REASONS,
        rates.MONTHLY,
        rates.BREAKDOWNS,
        rates.AREAS,
        places.DEPRIVATION,
        places.NEIGHBOURHOODS,
    ),
    *(children.CHILDREN, children.CHILDREN_COMPARISONS, children.CHILDREN_OFFICIAL),
    context.AGE_RATES,
    context.BENCHMARKS,
    *(rates.PEERS, rates.POOLED, rates.CONTROL, register.GROUNDS, rates.QUARTERLY),
    *(
        audit.POPULATION,
        audit.SUBMISSIONS,
        audit.YEARS,
        audit.DOUBT,
        audit.QUALITY,
        audit.LABELS,
        audit.CHECKS,
        audit.OFFICIAL,
    ),
    *(context.HISTORY, context.EVENTS, context.NEAREST, context.OFFENCES),
    edition.CALIBRATION,
    *(register.PRIORITIES, register.ACTIONS, register.DISPARITIES, register.EFFECTS, register.STATEMENT),
    *(
        edition.CHANGES,
        edition.REVISIONS,
        edition.INPUTS,
        edition.CELLS,
        edition.CLUSTERS,
        edition.DISCLOSURE,
        audit.DECISIONS,
    ),
)
BY_NAME = {table.name: table for table in TABLES}
