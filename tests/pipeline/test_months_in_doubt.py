"""Months in doubt, from files to tables: what is found is left out, marked, and asked of every difference."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.tabulate import FLAGGED, tabulate
from disparity.project.settings import make_settings
from disparity.records.expectations import RESULTS, Validation
from disparity.records.ingest import read_records
from disparity.tables.schema.rates import COMPARISONS
from disparity.vocabulary.errors import DataError
from support.builders import monthly_text, write_monthly

NOT_CHECKED = Validation(pl.DataFrame(schema=RESULTS))


@pytest.fixture(scope="module")
def frames(records: Path) -> dict[str, pl.DataFrame]:
    """South Wales: February 2020 ends on the 27th, January 2021 on the 29th, at 40 searches a day."""
    asked = {"records": [str(records)], "forces": ["south-wales"], "from": "2019-04", "to": "2021-03"}
    settings = make_settings(asked, where="a test")
    return tabulate(settings, read_records(settings), NOT_CHECKED)


@pytest.mark.slow
def test_the_months_that_end_early_are_found_and_no_other(frames: dict[str, pl.DataFrame]) -> None:
    found = frames["doubts"].select("month", "doubt", "days", "days_covered").rows()
    assert found == [(date(2020, 2, 1), "part_of_month", 29, 27), (date(2021, 1, 1), "part_of_month", 31, 29)]
    years = frames["years"].select("months_covered", "months_in_doubt", "days", "days_covered").rows()
    assert years == [(12, 1, 366, 364), (12, 1, 365, 363)]


def test_every_difference_is_asked_again_without_them(frames: dict[str, pl.DataFrame]) -> None:
    """From the published files: what is not the same without the months depends on them."""
    comparisons, tried = frames["comparisons"], frames["sensitivity"]
    keys = list(COMPARISONS.key)
    headline = tried.filter(role="headline").select(*keys, own="verdict")
    without = tried.filter(months="without_months_in_doubt").join(headline, on=keys)
    assert without.height == headline.height == comparisons.join(headline, on=keys, how="semi").height
    fell = without.filter(pl.col("own").is_in(["higher", "lower"]), pl.col("own") != pl.col("verdict")).select(keys)
    is_measured = comparisons.filter(status="measured")
    named = is_measured.filter(pl.col("depends_on").str.contains("months_in_doubt").fill_null(False)).select(keys)
    assert named.sort(keys).equals(fell.join(is_measured, on=keys, how="semi").sort(keys))
    assert not named.is_empty()


def test_every_figure_of_the_years_is_marked_and_of_the_months_those_two(frames: dict[str, pl.DataFrame]) -> None:
    assert set(FLAGGED) >= {"estimates", "comparisons", "monthly", "control", "breakdowns", "peers", "areas"}
    assert frames["estimates"]["in_doubt"].all()
    marked = frames["monthly"].filter("in_doubt")["month"].unique().sort().to_list()
    assert marked == [date(2020, 2, 1), date(2021, 1, 1)]
    control = frames["control"].filter("in_doubt")
    assert control["signals"].null_count() == control["centre"].null_count() == control.height > 0


def test_a_file_of_another_month_is_refused_and_left_out_of_a_partial_publication(tmp_path: Path) -> None:
    """A January file named May published its searches in May."""
    april = [{"searched_at": f"2023-04-{day:02d}T12:00:00+00:00"} for day in range(1, 31)]
    january = [{"searched_at": f"2023-01-{day:02d}T12:00:00+00:00"} for day in range(1, 32)]
    write_monthly(tmp_path, monthly_text(april, month="2023-04"), force="kent", month="2023-04")
    write_monthly(tmp_path, monthly_text(january, month="2023-05"), force="kent", month="2023-05")
    asked = {"records": [str(tmp_path)], "forces": ["kent"], "from": "2023-04", "to": "2023-05"}
    with pytest.raises(DataError, match="mostly of another month") as caught:
        read_records(make_settings(asked, where="a test"))
    assert (caught.value.code, "most of January 2023" in caught.value.found) == ("E139", True)
    partial = read_records(make_settings(asked | {"allow_partial": True}, where="a test"))
    assert partial.audit.submissions["status"].to_list() == ["submitted", "missing"]
    assert partial.counts.cells["month"].unique().to_list() == [date(2023, 4, 1)]
