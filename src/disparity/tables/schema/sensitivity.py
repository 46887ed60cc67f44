"""Every comparison under every assumption, and how far an assumption would have to be wrong."""

from disparity.analysis.sensitivity.specifications import ROLES
from disparity.analysis.sensitivity.statements import NOT_AVAILABLE
from disparity.tables.schema.columns import (
    AREA_CODE,
    BASIS,
    FORCE,
    GROUP,
    MEASURE,
    PERIOD,
    RATIO_UPPER,
    REFERENCE,
    TYPE,
    either,
)
from disparity.tables.schema.table import FROM_ZERO, NUMBER, REMADE, SHARES, TEXT, WHOLE, Column, TableFile
from disparity.tables.schema.units import RATE, RESIDENTS, SAME_RATE, SEARCHES, SHARE, P

_COMPARED = (MEASURE, *FORCE, *PERIOD, BASIS, GROUP, REFERENCE, TYPE)
_KEY = tuple(column.name for column in _COMPARED if column is not AREA_CODE)

SENSITIVITY = TableFile(
    "sensitivity",
    "Every comparison under every assumption that its verdict has to survive",
    (
        *_COMPARED,
        Column("residents", TEXT, "base of residents, as in population.csv; empty for shares, which need none"),
        Column(
            "unknown_ethnicity",
            TEXT,
            "left_out, or how searches of unknown ethnicity are counted: proportional_by_type, officer_informed, "
            "self_informed, imputed; fewest_of_group and most_of_group are the bounds",
        ),
        Column(
            "result_recording",
            TEXT,
            "as_recorded, or how the results that one group lacks more often are counted: excess_without, excess_with",
        ),
        Column("months", TEXT, "all, or without_months_in_doubt"),
        Column(
            "role",
            TEXT,
            f"{either(ROLES)}: as in comparisons.csv; in the range and the verdict; in the verdict alone; to settle "
            "what could not be tried",
        ),
        Column("ratio", NUMBER, "rate of the group / rate of the reference group, so assumed", SAME_RATE),
        Column("ratio_lower", NUMBER, "lower limit of its 95% interval", SAME_RATE),
        RATIO_UPPER,
        Column("difference", NUMBER, "of shares: of the group - of the reference group, so assumed", RATE),
        Column("difference_lower", NUMBER, "lower limit of its 95% interval", SHARE),
        Column("difference_upper", NUMBER, "upper limit of its 95% interval", SHARE),
        Column(
            "p_value", NUMBER, "p of no difference, so assumed; empty where the comparison is not tested", P, SHARES
        ),
        Column("note", TEXT, "why the assumption could not be tried"),
        Column("verdict", TEXT, f"higher, lower, no clear difference, or {NOT_AVAILABLE}, under this assumption alone"),
    ),
    key=(*_KEY, "residents", "unknown_ethnicity", "result_recording", "months"),
    is_key_primary=False,
    csv_only="it is the working behind the verdicts",
    protection=REMADE,
    in_glossary=True,
)

TIPPING = TableFile(
    "tipping",
    "How far an assumption would have to be wrong for the rates to be equal",
    (
        *_COMPARED,
        Column(
            "unknown_needed",
            WHOLE,
            "searches of unknown ethnicity that would have to be of one group: where the search rate is higher, of "
            "the reference group; otherwise of the group",
            SEARCHES,
            FROM_ZERO,
        ),
        Column("unknown_there", WHOLE, "searches of unknown ethnicity of that kind", SEARCHES, FROM_ZERO),
        Column("residents_counted", NUMBER, "residents of the group that its rate is divided by", RESIDENTS, FROM_ZERO),
        Column("residents_needed", NUMBER, "residents of the group at which the rates would be equal", RESIDENTS),
        Column("e_value", NUMBER, "how strong an unmeasured factor would have to be (E-value); 1: none", "none"),
        Column("e_value_limit", NUMBER, "the same for the nearer limit of the 95% interval of the ratio", "none"),
    ),
    key=_KEY,
    csv_only="it is the working behind the page of reasons",
    protection=REMADE,
    in_glossary=True,
)
