"""Records that are too clean: what all records hold and these do not."""

from datetime import date

import polars as pl
import pytest

from disparity.records.audit.filtering import BLANKS, find_filtering
from disparity.vocabulary.calendar import months_from

APRIL, MARCH = date(2024, 4, 1), date(2025, 3, 1)
PERIODS = pl.DataFrame({"month": months_from(APRIL, 12)}).with_columns(period_from=APRIL, period_to=MARCH)
NO_TOTALS = pl.DataFrame(schema={"force": pl.String, "period_to": pl.Date, "official_searches": pl.Int64})


COLUMN = {"codes": "self_defined_ethnicity", "flags": "is_outcome_linked"}


def say(searches: int, *, unknown: int = 0, blank: int = 0, official: int = 0, **codes: dict[str, int]) -> str | None:
    """What is said of a month of so many searches."""
    items = dict.fromkeys(BLANKS, 0) | {"gender_not_recorded": blank, "self_defined_ethnicity_not_stated": unknown}
    row = {"force": "fellshire", "month": APRIL, "months": 1, "rows_kept": searches, **items}
    held = [(COLUMN[name], counts) for name, counts in codes.items()]
    labels = pl.DataFrame(
        [("fellshire", APRIL, column, code, rows) for column, counts in held for code, rows in counts.items()],
        schema=["force", "month", "column", "code", "rows"],
        orient="row",
    )
    year = {"force": ["fellshire"], "period_to": [date(2020, 3, 1)], "official_searches": [official]}
    totals = pl.DataFrame(year) if official else NO_TOTALS
    return find_filtering(pl.DataFrame([row]), labels, PERIODS, totals)["filtering"].item()


ORDINARY = {"codes": {"W1": 3_000, "W9": 200, "B1": 800}, "flags": {"true": 400, "false": 600}}


def test_a_file_without_any_unknown_ethnicity_or_blank_is_named_with_all_that_goes_with_it():
    cleaned = {"codes": {"W1": 3_000, "B1": 1_000}, "flags": {"false": 4_000}}
    assert say(4_000, **cleaned, official=144_000) == (
        "no search of 4,000 is of unknown ethnicity; "
        'no label "Any other ..." is among 4,000 of self-defined ethnicity; '
        "nothing is blank in any column; none of 4,000 linked flags is true; "
        "they are 33% of the official count for so many months"
    )


@pytest.mark.parametrize(("searches", "is_found"), [(1_528, False), (1_529, True)])
def test_none_unknown_is_found_from_where_chance_is_no_answer(searches, is_found):
    assert (say(searches, blank=1, **ORDINARY) is not None) == is_found


@pytest.mark.parametrize(
    "held", [{"unknown": 1}, {"unknown": 40, "official": 500_000}, {"unknown": 300, "blank": 100}], ids=str
)
def test_one_search_of_unknown_ethnicity_is_enough_and_few_searches_alone_are_no_filter(held):
    assert say(4_000, **held, **ORDINARY) is None


def test_labels_that_always_occur_and_are_absent_are_found_though_ethnicity_is_unknown_for_some():
    found = say(4_500, unknown=500, blank=1, codes={"W1": 3_000, "B1": 1_000, "NS": 500}, flags=ORDINARY["flags"])
    assert found == 'no label "Any other ..." is among 4,000 of self-defined ethnicity'
