"""The intruder finds what a restricted site shows of a review beyond its protected counts."""

import pytest

from disparity.site.intruder.grounds_review import find_grounds_weaknesses
from disparity.site.intruder.published import Published

PLAIN = {
    **{"measure": "reasonable_share", "force": "fellshire", "period_from": "2024-04", "period_to": "2025-03"},
    **{"ethnic_group": "All", "search_type": "All", "category": "All", "numerator": "210", "denominator": "245"},
    **{"is_weighted": "false", "value": "0.86", "lower": "0.81", "upper": "0.9"},
    **{"interval_method": "Wilson, of protected counts", "status": "measured"},
}
WEIGHTED = PLAIN | {"is_weighted": "true", "numerator": "", "interval_method": "Wilson, effective sample size"}
KAPPA = PLAIN | {
    **{"measure": "kappa", "numerator": "", "interval_method": "Cohen’s kappa, large sample"},
    **{"value": "0.6", "lower": "0.4", "upper": "0.7"},
}
BLANK = dict.fromkeys(("numerator", "denominator", "value", "lower", "upper", "interval_method"), "")
WHITE, BLACK = PLAIN | {"ethnic_group": "White"}, PLAIN | {"ethnic_group": "Black"}
DRUGS = PLAIN | {"search_type": "drugs_possession"}


def found(*rows):
    tables = {"grounds": list(rows), "disclosure": [{"base": "5"}]}
    return [weakness.what for weakness in find_grounds_weaknesses(Published(None, tables))]


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (PLAIN,),
        (PLAIN, BLACK, WHITE, DRUGS, KAPPA),
        (WEIGHTED,),
        (PLAIN | BLANK | {"status": "suppressed"},),
    ],
)
def test_a_table_of_protected_counts_passes(rows):
    assert found(*rows) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (PLAIN | {"numerator": "209"}, "numerator: not a protected count"),
        (PLAIN | {"denominator": "243"}, "denominator: not a protected count"),
        (PLAIN | {"numerator": "5", "denominator": "60"}, "numerator: not a protected count"),
        (PLAIN | {"denominator": ""}, "denominator: missing"),
        (PLAIN | {"numerator": ""}, "numerator: not one that could be shown"),
        (PLAIN | {"numerator": "240"}, "numerator: not one that could be shown"),
        (PLAIN | {"value": "0.8601"}, "value: not what the protected counts give"),
        (PLAIN | {"value": "0.87"}, "value: not what the protected counts give"),
        (PLAIN | {"upper": "0.91"}, "upper: not what the protected counts give"),
        (WEIGHTED | {"value": "0.8385"}, "value: more decimals than the counts allow"),
        (WEIGHTED | {"numerator": "210"}, "numerator: shown beside a share that is not made of it"),
        (KAPPA | {"value": "0.57"}, "value: more decimals than the counts allow"),
        (KAPPA | {"denominator": "201"}, "denominator: not a protected count"),
        (PLAIN | {"measure": "unsettled_share"}, "not in the plan"),
        (PLAIN | {"measure": "reviewed_share", "denominator": "8446"}, "not in the plan"),
        (PLAIN | {"measure": "weak_reason_share", "category": "other"}, "not in the plan"),
        (WHITE | {"search_type": "firearms"}, "not in the plan"),
        (PLAIN | {"status": "suppressed"} | BLANK | {"value": "0.9"}, "value: shown, though suppressed"),
        (WHITE | {"status": "suppressed"} | BLANK, "a part is suppressed, and others are shown"),
    ],
)
def test_a_planted_leak_is_named(row, what):
    assert what in found(row)


def test_groups_in_the_order_of_their_counts_are_found():
    assert found(PLAIN, WHITE, BLACK) == ["rows are not in the order of their keys"]
