"""What only an extract tells, as rates: counted by hand, gated, and compared by the one statement rule."""

from datetime import date
from itertools import cycle, islice
from typing import Any

import polars as pl
import pytest

from disparity.analysis.measures.entries import TOLD_MEASURES
from disparity.analysis.told import ToldRates, rate_told
from disparity.disclosure.open import Detail
from disparity.disclosure.told import set_out_told
from disparity.records.coding import code_searches
from disparity.records.counts import count_searches
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE, PARTIAL
from support.builders import BLACK, WHITE, Row, make_raw

MONTHS = [f"2024-{month:02}" for month in range(4, 13)] + ["2025-01", "2025-02", "2025-03"]
DATES = [date.fromisoformat(f"{month}-01") for month in MONTHS]
PERIODS = pl.DataFrame({"month": DATES, "period_from": DATES[:1] * 12, "period_to": DATES[-1:] * 12})
SUBMITTED = pl.DataFrame({"force": ["fellshire"] * 12, "month": DATES, "submission": DATES})
PEOPLE = pl.DataFrame(
    schema={"force": pl.String, "period_from": pl.Date, "period_to": pl.Date, "ethnic_group": pl.String}
    | {"population": pl.Int64}
)


def rate(by_month: list[list[Row]]) -> dict[str, ToldRates]:
    raws = [make_raw(rows, month=month) for month, rows in zip(MONTHS, by_month, strict=True)]
    counts = Detail(count_searches(code_searches(*raws)))
    told = set_out_told(counts, SUBMITTED, PERIODS)
    rates = rate_told(told, PEOPLE, PERIODS)
    return {made.estimates["measure"][0]: made for made in rates}


def searches(group: str, number: int, month: str, **told: list[str | None]) -> list[Row]:
    """Searches of a group, a day each; what is told goes round."""
    values = {name: list(islice(cycle(said), number)) for name, said in told.items()}
    return [
        {
            "self_defined_ethnicity": group,
            "searched_at": f"{month}-{place % 28 + 1:02}T10:00:00+00:00",
            **{name: said[place] for name, said in values.items()},
        }
        for place in range(number)
    ]


def row_of(frame: pl.DataFrame, group: str = "All", **keys: str) -> dict[str, Any]:
    own = {"ethnic_group": group, "search_type": "All", "ethnicity_basis": "self-defined"} | keys
    return frame.filter(**own).row(0, named=True)


def test_a_rate_is_of_the_searches_that_record_it_and_a_blank_is_no_no() -> None:
    """Of twenty a month: nineteen say, six of them yes."""
    said = ["True"] * 6 + ["False"] * 13 + [None]
    rates = rate([searches(WHITE, 20, month, is_force_used=said) for month in MONTHS])
    assert set(rates) == {"force_used_rate"}
    row = row_of(rates["force_used_rate"].estimates)
    assert (row["numerator"], row["denominator"], row["unknown"], row["status"]) == (72, 228, 12, MEASURED)
    assert row["value"] == pytest.approx(6 / 19)
    assert (row["lower_bound"], row["upper_bound"]) == (pytest.approx(72 / 240), pytest.approx(84 / 240))


@pytest.mark.parametrize(("blank", "status"), [(1, MEASURED), (2, PARTIAL), (10, PARTIAL), (11, NOT_MEASURABLE)])
def test_nineteen_in_twenty_that_say_are_measured_and_half_an_estimate(blank: int, status: str) -> None:
    said = ["True"] * 2 + ["False"] * (18 - blank) + [None] * blank
    rates = rate([searches(WHITE, 20, month, is_video_on=said) for month in MONTHS])
    row = row_of(rates["video_on_rate"].estimates)
    assert row["status"] == status
    assert (row["value"] is None) == (status == NOT_MEASURABLE)


def test_months_whose_file_does_not_tell_are_not_recorded_rather_than_left_out() -> None:
    """Three months of twelve without it: 75% of the year is recorded."""
    telling = [searches(WHITE, 20, month, is_handcuffed=["True", "False"]) for month in MONTHS[:9]]
    silent = [searches(WHITE, 20, month) for month in MONTHS[9:]]
    row = row_of(rate([*telling, *silent])["handcuffed_rate"].estimates)
    assert (row["denominator"], row["unknown"], row["status"]) == (180, 60, PARTIAL)


def test_custody_is_out_of_arrests() -> None:
    arrests = {"outcome": ["Arrest", "A no further action disposal"], "is_detained": ["True", None]}
    row = row_of(rate([searches(WHITE, 20, month, **arrests) for month in MONTHS])["detained_rate"].estimates)
    assert (row["numerator"], row["denominator"], row["unknown"]) == (120, 120, 0)


def test_groups_are_compared_with_clusters_as_all_other_shares_are() -> None:
    """40% of searches of Black people against 20%: the difference and its test are those of the plain table."""
    by_month = [
        [
            *searches(WHITE, 20, month, is_force_used=["True", "False", "False", "False", "False"]),
            *searches(BLACK, 20, month, is_force_used=["True", "False", "True", "False", "False"]),
        ]
        for month in MONTHS
    ]
    compared = rate(by_month)["force_used_rate"].comparisons
    row = row_of(compared, "Black")
    assert row["difference"] == pytest.approx(0.2)
    assert row["ratio"] == pytest.approx(2)
    assert row["is_clustered"]
    assert row["p_value"] < 0.001
    assert row["difference_lower"] < 0.2 < row["difference_upper"]


def test_how_far_clothing_was_removed_tells_exposed_parts_from_all_else() -> None:
    extents = ["outer_only"] * 7 + ["beyond_outer"] * 2 + ["intimate_parts"]
    row = row_of(
        rate([searches(WHITE, 10, month, clothing_extent=extents) for month in MONTHS])["intimate_parts_rate"].estimates
    )
    assert (row["numerator"], row["denominator"]) == (12, 120)


def test_a_force_whose_records_tell_nothing_has_no_row() -> None:
    assert rate([searches(WHITE, 10, month) for month in MONTHS]) == {}


def test_no_restricted_publication_holds_any_of_it() -> None:
    assert len(TOLD_MEASURES) == 5
    assert not any(measure.restricted for measure in TOLD_MEASURES)
