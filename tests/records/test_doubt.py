"""Months in doubt: which are, why, and which are not for all that they look it."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import pytest

from disparity.records.audit.doubt import add_doubts
from disparity.records.audit.files import audit_files
from disparity.records.audit.filtering import BLANKS
from disparity.records.audit.months import complete_audit
from disparity.records.audit.years import audit_years
from disparity.records.coding import code_searches
from disparity.records.completeness import find_wrong_months
from disparity.sources.official import COLUMNS as OFFICIAL
from disparity.vocabulary.calendar import cut_periods, months_from
from disparity.vocabulary.thresholds import IMPROBABLE_GAP
from support.builders import Row, make_raw

FIRST = date(2022, 4, 1)
COUNTS = ("rows_kept", "rows_read", "days_with_search", "first_day", "last_day", "busiest_day_searches")


def months(sizes: Sequence[int | None], *, months_each: int = 1, **columns: Sequence[int]) -> pl.DataFrame:
    """Force-months that have a search on every day, but for what is said of them."""
    starts = months_from(FIRST, months_each * len(sizes))[::months_each]
    table = []
    for place, (month, size) in enumerate(zip(starts, sizes, strict=True)):
        end = months_from(month, months_each + 1)[-1]
        days = (end - month).days
        row: dict[str, object] = {
            "force": "kent",
            "month": month,
            "months": months_each,
            "rows_kept": size,
            "rows_read": size,
            "rows_blank": None if size is None else 0,
            "duplicate_rows": None if size is None else 0,
            "dated_searches": size,
            "busiest_day_searches": None if size is None else size // 20,
            "days_with_search": days if size and months_each == 1 else None,
            "first_day": 1 if size and months_each == 1 else None,
            "last_day": days if size and months_each == 1 else None,
        }
        row |= {name: values[place] for name, values in columns.items()}
        table.append(row)
    return pl.DataFrame(table)


def doubts(table: pl.DataFrame) -> list[str | None]:
    return add_doubts(table)["doubts"].to_list()


def doubtful(table: pl.DataFrame) -> dict[int, str]:
    """Place of each month in doubt → why."""
    return {place: why for place, why in enumerate(doubts(table)) if why}


USUAL = [480, 510, 495, 520, 470, 505, 500, 515, 490, 525, 485, 507]


def with_size(place: int, size: int | None, sizes: Sequence[int] = USUAL) -> list[int | None]:
    return [*sizes[:place], size, *sizes[place + 1 :]]


def test_a_year_of_ordinary_months_is_in_no_doubt() -> None:
    assert doubtful(months(USUAL)) == {}


# Far from usual


@pytest.mark.parametrize("place", [0, 5, 11])
@pytest.mark.parametrize("size", [15, 260, 920, 7_041])
def test_a_month_far_from_those_around_it_is_in_doubt_wherever_it_stands(place: int, size: int) -> None:
    assert doubtful(months(with_size(place, size))) == {place: "far_from_usual"}


@pytest.mark.parametrize("size", [290, 860])
def test_a_busy_or_a_quiet_month_is_in_none(size: int) -> None:
    assert doubtful(months(with_size(5, size))) == {}


def test_the_limits_are_those_of_the_definition() -> None:
    """Around it all have 1,000: 550 and 1,800 are in, 549 and 1,801 are out."""
    around = [1_000 + (place - 6) for place in range(13)]
    for size, is_far in ((550, False), (549, True), (1_800, False), (1_801, True)):
        sizes = [*around[:6], size, *around[7:]]
        assert (doubts(months(sizes))[6] == "far_from_usual") is is_far


def test_two_months_running_are_both_in_doubt() -> None:
    """As Lancashire's 7,041 and 4,224 rows beside about 2,000."""
    sizes: list[int | None] = [2_010, 1_980, 2_105, 1_950, 7_041, 4_224, 2_020, 1_990, 2_060, 2_000, 1_970, 2_031]
    assert doubtful(months(sizes)) == {4: "far_from_usual", 5: "far_from_usual"}


def test_two_months_running_count_together() -> None:
    """1.7 and 2 times are 1.85 times together: what went wrong in the one began in the other."""
    assert doubtful(months([1_000, 1_010, 990, 1_005, 1_700, 2_000, 995, 1_002, 1_008])) == dict.fromkeys(
        (4, 5), "far_from_usual"
    )
    assert doubtful(months([1_000, 1_010, 990, 1_005, 640, 430, 995, 1_002, 1_008])) == dict.fromkeys(
        (4, 5), "far_from_usual"
    )


def test_an_ordinary_month_beside_a_great_one_stays_ordinary() -> None:
    assert doubtful(months([1_000, 1_010, 990, 1_005, 1_100, 5_000, 1_200, 1_002, 1_008])) == {5: "far_from_usual"}


def test_a_level_that_changes_for_good_is_in_no_doubt() -> None:
    assert doubtful(months([290, 310, 300, 305, 295, 298, 303, 309, 291, 297, 450, 470, 460, 455])) == {}


def test_what_chance_makes_of_a_handful_of_searches_is_in_no_doubt() -> None:
    table = add_doubts(months([2, 3, 1, 4, 2, 0, 3, 2, 5, 1, 2, 3]))
    assert table["doubts"].null_count() == 12
    assert table["rows_against_median"][8] is None


def test_a_file_without_a_row_is_far_from_usual_where_hundreds_are() -> None:
    assert doubtful(months(with_size(3, 0))) == {3: "far_from_usual"}


def test_a_missing_month_is_missing_and_in_no_doubt() -> None:
    table = add_doubts(months(with_size(3, None)))
    assert table["doubts"].null_count() == 12
    assert table["days_covered"][3] is None


def test_under_three_months_around_there_is_no_usual() -> None:
    assert add_doubts(months([500, 480, 3_000]))["rows_against_median"].null_count() == 3
    assert add_doubts(months([500, 480, 3_000, 510]))["rows_against_median"].null_count() == 0


def test_the_twelve_months_nearest_are_the_usual() -> None:
    """A force of three years that grew: a month of its first year is held against that year and the next half."""
    sizes = [100] * 12 + [200] * 12 + [400] * 12
    table = add_doubts(months([size + place for place, size in enumerate(sizes)]))
    assert [table["median_around"][place] for place in (0, 35)] == [106.5, 428.5]
    assert table["doubts"].null_count() == 36


def test_a_quarter_is_one_row_held_against_quarters() -> None:
    table = add_doubts(months([1_500, 1_450, 1_520, 4_000, 1_480, 1_510, 1_490], months_each=3))
    assert table["doubts"].to_list() == [None, None, None, "far_from_usual", None, None, None]
    assert table["median_around"][3] == 1_495  # of the two before and the two after: 1,450, 1,520, 1,480, 1,510
    assert table["days_covered"].null_count() == 7


# Part of the month


def cut(place: int, *, first: int = 1, last: int = 30, sizes: Sequence[int] = USUAL) -> pl.DataFrame:
    table = months(sizes)
    at = pl.int_range(pl.len()) == place
    return table.with_columns(
        pl.when(at).then(pl.lit(first)).otherwise("first_day").alias("first_day"),
        pl.when(at).then(pl.lit(last)).otherwise("last_day").alias("last_day"),
        pl.when(at).then(pl.lit(last - first + 1)).otherwise("days_with_search").alias("days_with_search"),
    )


@pytest.mark.parametrize(("first", "last", "days"), [(1, 10, 10), (1, 12, 12), (17, 30, 14), (1, 28, 28)])
def test_a_month_that_ends_early_or_starts_late_is_in_doubt(first: int, last: int, days: int) -> None:
    """September of the year: 30 days, about 500 searches."""
    table = add_doubts(cut(5, first=first, last=last))
    assert table["doubts"].to_list() == [None] * 5 + ["part_of_month"] + [None] * 6
    assert table["days_covered"].to_list() == [30, 31, 30, 31, 31, days, 31, 30, 31, 31, 28, 31]
    assert table["gap_chance"][5] < IMPROBABLE_GAP


def test_one_day_without_a_search_is_a_quiet_day() -> None:
    assert doubtful(cut(5, last=29)) == {}


def test_a_force_with_a_search_a_week_may_have_none_for_ten_days() -> None:
    sizes = [4, 5, 3, 6, 4, 5, 4, 3, 5, 4, 6, 4]
    table = cut(5, last=20, sizes=sizes).with_columns(days_with_search=pl.lit(4))
    assert doubtful(table) == {}


def test_a_force_that_always_stops_before_the_end_is_in_doubt_where_it_stops_earlier() -> None:
    """All months end on the 27th, and September on the 10th."""
    table = months(USUAL).with_columns(last_day=pl.lit(27), days_with_search=pl.lit(26), first_day=pl.lit(2))
    at = pl.int_range(pl.len()) == 5
    table = table.with_columns(
        pl.when(at).then(10).otherwise("last_day").alias("last_day"),
        pl.when(at).then(9).otherwise("days_with_search").alias("days_with_search"),
    )
    assert doubtful(table) == {5: "part_of_month"}


def test_a_force_that_always_stops_on_the_tenth_is_in_doubt_throughout() -> None:
    table = months(USUAL).with_columns(last_day=pl.lit(10, pl.Int64), days_with_search=pl.lit(10, pl.Int64))
    assert doubts(table) == ["part_of_month"] * 12


def test_a_single_month_is_held_against_its_own_days() -> None:
    table = months([200]).with_columns(last_day=pl.lit(10, pl.Int64), days_with_search=pl.lit(10, pl.Int64))
    assert doubts(table) == ["part_of_month"]


def test_one_date_for_most_searches_is_in_doubt_from_twenty_searches_on() -> None:
    for busiest, dated, is_one in ((11, 20, True), (10, 20, False), (19, 19, False), (251, 500, True)):
        table = months(
            USUAL,
            busiest_day_searches=[20] * 5 + [busiest] + [20] * 6,
            dated_searches=[500] * 5 + [dated] + [500] * 6,
        )
        assert doubtful(table) == ({5: "one_date"} if is_one else {})


def test_all_of_a_month_on_one_date_covers_a_day() -> None:
    """As Wiltshire's March 2021, which is stamped the 21st: the days around it say no more."""
    table = cut(5, first=21, last=21).with_columns(
        pl.when(pl.int_range(pl.len()) == 5).then("dated_searches").otherwise(20).alias("busiest_day_searches")
    )
    doubted = add_doubts(table)
    assert (doubted["doubts"][5], doubted["days_covered"][5]) == ("one_date", 1)


# Caps


def test_a_count_that_comes_back_is_a_cap() -> None:
    """As Essex: 1,156 in 11 of 12 months."""
    capped = doubtful(months([1_156] * 7 + [1_109] + [1_156] * 4))
    assert capped == dict.fromkeys([*range(7), *range(8, 12)], "capped")


def test_a_cap_need_not_run() -> None:
    assert doubtful(months([600, 480, 600, 510, 495, 530, 600, 470, 505, 470, 520, 490])) == dict.fromkeys(
        (0, 2, 6), "capped"
    )


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ([500, 480, 500, 510, 495, 530, 500, 470, 505, 512, 520, 490], "more in the months between"),
        ([500, 480, 500, 490, 495, 470, 485, 470, 498, 512, 520, 490], "twice is chance"),
        ([34, 28, 34, 33, 26, 31, 34, 27, 30, 33, 25, 29], "so few come back by chance"),
        ([19, 15, 19, 14, 16, 12, 19, 15, 13, 17, 18, 11], "a handful is the same by chance"),
    ],
)
def test_the_same_count_is_not_always_a_cap(sizes: list[int], why: str) -> None:
    assert doubtful(months(sizes)) == {}, why


def test_a_month_that_was_sent_again_does_not_lift_a_cap() -> None:
    sizes = [1_000] * 5 + [1_600] + [1_000] * 6
    assert doubtful(months(sizes)) == dict.fromkeys([*range(5), *range(6, 12)], "capped")


# Rows that stand more than once


def test_every_row_three_times_over_is_in_doubt_and_a_few_twins_are_not() -> None:
    for repeated, is_doubt in ((500, True), (450, True), (449, False), (60, False)):
        table = months(with_size(5, 500), duplicate_rows=[40] * 5 + [repeated] + [40] * 6)
        assert doubtful(table) == ({5: "repeated_rows"} if is_doubt else {})


def test_two_people_searched_together_are_no_repeated_rows() -> None:
    assert doubtful(months([2, 4, 3, 5, 9], duplicate_rows=[2, 4, 2, 4, 9])) == {}


# From files


def row(day: date, minute: int = 0) -> Row:
    return {"searched_at": f"{day:%Y-%m-%d}T12:{minute:02d}:00+00:00"}


def submissions(files: dict[str, list[Row]]) -> pl.DataFrame:
    parts = []
    for month, rows in files.items():
        raw = make_raw(rows, month=month)
        parts.append(audit_files(code_searches(raw), raw))
    listed = [date.fromisoformat(f"{month}-01") for month in files]
    return complete_audit(parts, ["fellshire"], listed).submissions


def test_the_days_of_a_file_are_those_of_the_uk_clock() -> None:
    """23:30 UTC on 30 April 2019 is 1 May in the United Kingdom; a search of another month is no day of this one."""
    times = ["2019-04-02T09:00:00+00:00", "2019-04-02T23:30:00+00:00", "2019-04-30T23:30:00+00:00"]
    rows: list[Row] = [{"searched_at": time} for time in [*times, "2019-06-05T12:00:00+00:00"]] + [
        {"searched_at": None}
    ]
    found = submissions({"2019-04": rows}).select(
        "days_with_search", "first_day", "last_day", "busiest_day_searches", "dated_searches"
    )
    assert found.row(0) == (2, 2, 3, 1, 2)


def test_days_are_of_searches_that_are_counted() -> None:
    rows: list[Row] = [{**row(date(2019, 4, 9)), "subject": "Vehicle search"}, row(date(2019, 4, 3))]
    assert submissions({"2019-04": rows}).select("days_with_search", "first_day").row(0) == (1, 3)


def test_a_file_that_was_cut_is_found_from_its_rows() -> None:
    whole, part = date(2019, 4, 1), date(2019, 5, 1)
    files = {
        "2019-04": [row(whole + timedelta(days), minute) for days in range(30) for minute in range(4)],
        "2019-05": [row(part + timedelta(days), minute) for days in range(10) for minute in range(9)],
    }
    assert submissions(files)["doubts"].to_list() == [None, "part_of_month"]


def test_rows_of_another_month_are_named_with_the_month_they_are_of() -> None:
    january = [row(date(2024, 1, 1) + timedelta(days)) for days in range(31)]
    (found,) = find_wrong_months(submissions({"2024-05": [*january, row(date(2024, 5, 2))]}))
    force, month, error = found
    assert (force, month) == ("fellshire", date(2024, 5, 1))
    assert (error.code, error.found) == ("E139", "31 of 32 searches outside May 2024, most of January 2024")


def test_half_of_the_rows_of_another_month_are_warned_of() -> None:
    rows = [row(date(2024, month, day)) for month in (1, 5) for day in range(1, 11)]
    assert find_wrong_months(submissions({"2024-05": rows})) == []


# Years


def year(
    searches: int, *, official: int = 6_000, of: int = 2022, months_sent: int = 12, vehicles: int = 0
) -> str | None:
    """The doubt of the year ending March 2023, against an official total of some year."""
    sizes = [searches // months_sent] * months_sent + [None] * (12 - months_sent)
    table = months(sizes).with_columns(
        status=pl.when(pl.col("rows_kept").is_null()).then(pl.lit("missing")).otherwise(pl.lit("submitted")),
        rows_excluded=pl.lit(vehicles // 12),
        link_false=pl.lit(1),
        link_false_of=pl.lit(10),
        **dict.fromkeys((*BLANKS, "self_defined_ethnicity_not_stated"), pl.lit(1)),
    )
    raw = make_raw([{}])
    audit = audit_files(code_searches(raw), raw)
    audit = type(audit)(add_doubts(table), audit.labels.clear())
    span = date(of, 4, 1), date(of + 1, 3, 1)
    totals = pl.DataFrame([("kent", *span, "All", official, vehicles > 0, "s")], schema=list(OFFICIAL), orient="row")
    years = audit_years(audit, cut_periods(FIRST, date(2023, 3, 1)), totals)
    doubt: str | None = years["doubts"].item()
    return doubt


@pytest.mark.parametrize(
    ("searches", "is_doubt"), [(6_000, False), (7_500, False), (7_524, True), (4_800, False), (4_788, True)]
)
def test_a_year_far_from_the_official_total_is_in_doubt(searches: int, is_doubt: bool) -> None:
    assert year(searches) == ("official_total" if is_doubt else None)


def test_the_last_year_with_an_official_total_serves_where_the_year_has_none() -> None:
    assert year(12_000, of=2019) == "earlier_official_total"
    assert year(12_000, of=2023) is None  # of a year that was still to come


def test_a_year_with_months_missing_is_held_at_the_pace_of_a_year() -> None:
    assert year(3_000, months_sent=6) is None
    assert year(1_500, months_sent=6) == "official_total"
    assert year(600, months_sent=5) is None


def test_vehicles_are_counted_where_the_official_total_counts_them() -> None:
    assert year(4_200, vehicles=1_800) is None
