"""The years before the records on the page: two ways of counting, never one line."""

from datetime import date

import polars as pl
import pytest
from lxml import html

from disparity.analysis.history import RECORDS, join_history, rate_officially
from disparity.site.charts.months import chart_months
from disparity.site.charts.specification import NARROW, WIDE
from disparity.site.findings.history import say_ends, say_overlap
from disparity.site.parts.history import _as_month, _draw, _tabulate
from disparity.site.published_figures import number_rows, plain
from disparity.sources.official import read_official_years, recount_residents
from support import real_sites
from support.vega_lite import hold_schema


def rows_of(force, records=()):
    span = {"force": force, "period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1), "measure": "search_rate"}
    span |= {"search_type": "All", "ethnicity_basis": "self-defined", "status": "measured", "in_doubt": False}
    estimates = [
        span | {"ethnic_group": group, "numerator": searches, "denominator": people, "value": searches / people}
        for group, searches, people in records or [("All", 1, 1.0)]
    ]
    ratios = [span | {"ethnic_group": "Black", "ratio": 2.44, "ratio_lower": 1.9, "ratio_upper": 3.1}]
    official = rate_officially(read_official_years()), rate_officially(recount_residents(read_official_years()))
    return number_rows("history", join_history(*official, pl.DataFrame(estimates), pl.DataFrame(ratios)))


LANCASHIRE = [("All", 8_446, 1_489.0), ("Black", 102, 9.444), ("White", 5_898, 1_334.0)]


def test_both_rates_of_the_first_and_last_year_of_one_series_are_said_and_no_change_between_them():
    told = plain(say_ends(rows_of("lancashire", LANCASHIRE)))
    assert told == (
        "In the year ending March 2007, official figures give 30.9 searches for every 1,000 Black residents and 12.2 "
        "for every 1,000 White residents. In the year ending March 2019, official figures give 6.8 searches for every "
        "1,000 Black residents and 2.5 for every 1,000 White residents. Both rates of a year are out of the residents "
        "of that year."
    )


def test_the_year_that_both_have_is_said_of_both_with_what_they_divide_by():
    told = plain(say_overlap(rows_of("lancashire", LANCASHIRE)))
    assert "official figures have 8,476 searches of people and these records 8,446." in told
    assert "Out of the residents of 2011, the official rate is 18.8 for every 1,000 Black residents." in told
    assert "Out of those of the year it is 10.7, and that of the records is 10.8." in told
    # April to June of Greater Manchester is no year to set beside a year.
    assert say_overlap(rows_of("greater-manchester", LANCASHIRE)) == ()


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_line_of_the_picture_goes_from_one_way_of_counting_to_another(width):
    rows = rows_of("lancashire", LANCASHIRE)
    drawn = [_as_month(row) for row in rows if row.values["ethnic_group"] in ("Black", "White")]
    layout = chart_months(drawn, measure="search_rate", title="Rate", stretches={}, rules={date(2019, 9, 1): "anew"})
    hold_schema(layout)
    chart = layout(width)
    lines = [layer for layer in chart["layer"] if layer["mark"]["type"] == "line"]
    assert [layer["encoding"]["detail"]["field"] for layer in lines] == ["stretch"]
    points = [row for data in chart["datasets"].values() for row in data if "stretch" in row]
    assert {row["stretch"] for row in points if row["month"] == "2020-03-01"} == {"official_2011", RECORDS}
    assert {row["stretch"] for row in points if row["month"] < "2019-04-01"} == {"official_2001"}
    assert {row["stretch"] for row in points if row["is_apart"]} == {RECORDS}
    # Out of the residents of the year: 10.7 of Black residents, where those of 2011 would make 18.8.
    drawn_of = {(row["stretch"], row["group"]): row["value"] for row in points if row["month"] == "2020-03-01"}
    assert round(drawn_of["official_2011", "Black"], 1) == 10.7
    # Each group is named once, at the point of the records.
    assert sorted(row["group"] for row in points if row["is_last"]) == ["Black", "White"]
    assert {row["stretch"] for row in points if row["is_last"]} == {RECORDS}


def test_a_force_without_residents_has_its_counts_in_a_table_and_no_picture():
    rows = rows_of("city-of-london")
    assert _draw(rows, "City of London Police") is None
    assert say_ends(rows) == ()
    cells = [plain(row[2].main) for row in _tabulate(rows).rows]
    assert cells[0] == "7,882"


@pytest.mark.slow
def test_the_page_of_a_real_force_has_both_figures_of_the_year_that_both_have(records):
    page = html.parse(str(real_sites.lancashire(records) / "over-time.html"))
    (section,) = page.xpath("//section[@aria-labelledby='before']")
    text = " ".join(section.text_content().split())
    assert "official figures have 8,476 searches of people and these records 8,446" in text
    assert "The force gave no arrests for the year ending March 2018." in text
    assert "No line joins two ways of counting" in text
    years = [" ".join(cell.text_content().split()) for cell in section.xpath(".//tbody/tr/th")]
    assert len(years) == 15
    assert years.count("year ending March 2020") == 2
    data = html.parse(str(real_sites.lancashire(records) / "data.html"))
    assert not data.xpath("//dt[@id='no-before']"), "the page on what is not known denies what is here"
