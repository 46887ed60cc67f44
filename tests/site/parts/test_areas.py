"""Tables of areas: what an interval seems to prove, and the verdict does not."""

import pytest

from disparity.site.parts.areas import tabulate_ratios
from disparity.site.published_figures import plain
from support.findings import evidence_of


def area(lower, upper, verdict):
    row = {"area": "Gateshead", "ethnic_group": "Asian", "ratio": 2.09, "ratio_lower": lower, "ratio_upper": upper}
    return row | {"verdict": verdict, "ratio_status": "measured", "status": "measured", "in_doubt": False}


@pytest.mark.parametrize(
    ("lower", "verdict", "said"),
    [
        (1.04, "no clear difference", "1.04 to 4.21, no clear difference"),
        (0.94, "no clear difference", "0.94 to 4.21"),
        (1.04, "higher", "1.04 to 4.21"),
    ],
)
def test_limits_that_leave_out_equal_rates_are_not_left_alone_where_the_verdict_finds_nothing(lower, verdict, said):
    table = tabulate_ratios(evidence_of(areas=[area(lower, 4.21, verdict)]), "areas", {"Gateshead": "Gateshead"})
    assert said in [plain(cell.detail) for cell in table.rows[0][1:]]
