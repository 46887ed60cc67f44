"""What the page says of entries of the register whose difference the figures state no more."""

import pytest

from disparity.site.findings.actions import VANISHED
from support.findings import estimate_row, read

GONE = "The figures of this edition no longer state this difference: there is none, or none that is clear."


def entry(measure: str, search_type: str = "All") -> dict[str, str]:
    return {"entry": "a", "measure": measure, "ethnic_group": "Asian", "search_type": search_type}


def stated(search_type: str, entries: str | None = "a") -> dict[str, str | None]:
    key = {"measure": "arrest_rate", "ethnic_group": "Asian", "search_type": search_type}
    return key | {"verdict": "lower", "entries": entries}


@pytest.mark.parametrize(
    ("about", "disparities", "said"),
    [
        (entry("arrest_rate"), [], [GONE]),
        (entry("arrest_rate"), [stated("All", "b; c")], [GONE]),
        (entry("arrest_rate"), [stated("All", None)], [GONE]),
        (entry("arrest_rate"), [stated("All", "b; a")], []),
        (entry("arrest_rate", "drugs"), [stated("drugs")], []),
        (
            entry("arrest_rate"),
            [stated("drugs"), stated("firearms")],
            [
                "The figures of this edition no longer state this difference as a whole, only by type of search: "
                "drugs and firearms."
            ],
        ),
        (entry("type_share"), [], []),
    ],
)
def test_an_entry_says_where_its_difference_is_stated_no_more(about, disparities, said) -> None:
    alike = [estimate_row("arrest_rate", 0.13, group) for group in ("Asian", "White")]
    assert read(f"{VANISHED}a", *alike, actions=[about], disparities=disparities) == said
    assert read(f"{VANISHED}a", actions=[about], disparities=disparities) == said
