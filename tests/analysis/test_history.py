"""Official years and the records' own: rates as published, each way of counting a series of its own."""

from datetime import date

import polars as pl
import pytest

from disparity.analysis.history import BREAKS, RECORDS, join_history, rate_officially
from disparity.sources.official import read_official_years, recount_residents

SPAN = {"period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1)}
WHOLE = {"measure": "search_rate", "search_type": "All", "ethnicity_basis": "self-defined"}


def make_records(force="lancashire"):
    """The year ending March 2020 of records: 102 searches of Black people, 5,898 of White."""
    cells = [("All", 8_446, 1_489.0), ("Black", 102, 9.444), ("White", 5_898, 1_334.0)]
    estimates = pl.DataFrame(
        [
            {"force": force, **SPAN, **WHOLE, "ethnic_group": group, "numerator": searches, "denominator": residents}
            | {"value": searches / residents, "status": "measured", "in_doubt": group == "Black"}
            for group, searches, residents in cells
        ]
    )
    ratio = {"ratio": 2.44, "ratio_lower": 1.9, "ratio_upper": 3.1}
    return estimates, pl.DataFrame([{"force": force, **SPAN, **WHOLE, "ethnic_group": "Black", **ratio}])


def join_official(estimates, comparisons):
    official = read_official_years()
    return join_history(rate_officially(official), rate_officially(recount_residents(official)), estimates, comparisons)


@pytest.fixture(scope="module")
def joined():
    return join_official(*make_records())


def test_rates_are_those_published(joined):
    """Ethnicity facts and figures, Lancashire: 30.87 and 12.24 in 2006/07; 18.78 and 4.49 in 2019/20."""
    for year, black, white in ((2006, 30.87, 12.24), (2019, 18.78, 4.49)):
        rows = joined.filter(pl.col("period_from") == date(year, 4, 1), pl.col("series") != RECORDS)
        rates = dict(rows.select("ethnic_group", "rate").iter_rows())
        assert (round(rates["Black"], 2), round(rates["White"], 2)) == (black, white)
        ratio = rows.filter(ethnic_group="Black")["ratio"].item()
        assert ratio == pytest.approx(black / white, rel=0.002)
        assert rows.filter(ethnic_group="White")["ratio"].item() is None


def test_the_interval_of_an_official_ratio_is_the_exact_one(joined):
    """166 of 5,377 against 16,154 of 1,320,035, by R's binom.test on the share of the Black group."""
    from scipy.stats import binomtest  # noqa: PLC0415

    row = joined.filter(period_from=date(2006, 4, 1), ethnic_group="Black").row(0, named=True)
    share = binomtest(166, 166 + 16_154).proportion_ci(method="exact")
    odds = [end / (1 - end) * 1_320_035 / 5_377 for end in share]
    assert [row["ratio_lower"], row["ratio_upper"]] == pytest.approx(odds)


def test_a_year_that_both_have_has_a_row_of_each_and_none_is_put_in_the_place_of_the_other(joined):
    both = joined.filter(period_from=date(2019, 4, 1), ethnic_group="Black")
    assert dict(both.select("series", "searches").iter_rows()) == {"official_2011": 101, RECORDS: 102}
    assert dict(both.select("series", "residents").iter_rows()) == {"official_2011": 5_377, RECORDS: 9_444}
    # Doubts are of records: an official year of the same months has none.
    assert dict(both.select("series", "in_doubt").iter_rows()) == {"official_2011": False, RECORDS: True}


def test_every_first_year_of_another_way_of_counting_is_marked_and_no_other(joined):
    black = joined.filter(ethnic_group="Black")
    marked = black.filter(pl.col("break_before").is_not_null())
    assert dict(marked.select("series", "break_before").iter_rows()) == {
        series: reason for series, reason in BREAKS.items() if reason
    }
    assert black.height == 15
    assert marked["period_from"].to_list() == [date(2019, 4, 1)] * 2


def test_a_year_in_part_and_too_few_people_have_no_ratio_that_is_taken_for_one():
    manchester = join_official(*make_records("greater-manchester"))
    part = manchester.filter(pl.col("series") == "official_2011")
    assert part["rate"].null_count() == part["ratio"].null_count() == part.height == 7
    assert set(part["status"]) == {"not_measurable"}
    # 6 searches of people of Other ethnic groups, of 1,842 residents or so.
    wiltshire = rate_officially(read_official_years()).filter(force="wiltshire", period_from=date(2019, 4, 1))
    assert wiltshire.filter(ethnic_group="Other")["status"].item() == "small"
    assert wiltshire.filter(ethnic_group="Black")["status"].item() == "measured"


def test_a_force_that_official_figures_do_not_know_has_its_records_alone():
    alone = join_official(*make_records("fellshire"))
    assert set(alone["series"]) == {RECORDS}
    assert alone["break_before"].null_count() == alone.height


def test_a_force_without_residents_has_counts_and_no_rate():
    city = rate_officially(read_official_years()).filter(force="city-of-london")
    assert city.filter(ethnic_group="All")["searches"].min() > 0
    assert city["rate"].null_count() == city["ratio_upper"].null_count() == city.height


def test_out_of_the_residents_of_the_year_the_rate_is_another():
    """Lancashire's Black residents: 5,377 in March 2011, 10,096 in March 2021; on the line, 9,389 at the end of
    September 2019."""
    joined = join_official(*make_records())
    rows = joined.filter(period_from=date(2019, 4, 1), ethnic_group="Black", series="official_2011")
    days = (date(2019, 10, 1) - date(2011, 3, 27)).days / (date(2021, 3, 21) - date(2011, 3, 27)).days
    assert rows["rate_of_year"].item() == pytest.approx(1_000 * 101 / (5_377 + days * (10_096 - 5_377)), rel=1e-3)
    # Before the first of them a census is no line: the residents are those counted.
    before = joined.filter(period_from=date(2006, 4, 1), ethnic_group="Black")
    assert before["rate_of_year"].item() == before["rate"].item()
    # And a group that has Chinese people in one and not in the other has none.
    moved = joined.filter(pl.col("series") == "official_2001", pl.col("ethnic_group").is_in(["Asian", "Other"]))
    assert moved["rate_of_year"].null_count() == moved.height == 26
