"""What is published beside what was counted: codes of areas, units, denominators in whole."""

import csv
import io
from datetime import date
from importlib.resources import files

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.tables.schema.derived import complete, divide_by_thousands
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.tables import BY_NAME, TABLES
from disparity.tables.schema.version_1 import upgrade
from disparity.vocabulary.codes import area_codes, force_names, read_reference

RATES = """
measure      force       period_from  numerator  denominator
search_rate  lancashire  2019-04-01   8446       1520.805
find_rate    lancashire  2019-04-01   278        1000
search_rate  btp         2019-04-01   5          .
find_rate    fellshire   2019-04-01   1          20
"""


def rates():
    """Rates as analysis makes them: search rates are out of thousands of resident-years."""
    header, *rows = [line.split() for line in RATES.strip().splitlines()]
    text = pl.DataFrame([[None if cell == "." else cell for cell in row] for row in rows], schema=header, orient="row")
    typed = text.with_columns(
        pl.col("period_from").str.to_date(), pl.col("numerator").cast(pl.Int64), pl.col("denominator").cast(pl.Float64)
    )
    blank = {column.name: None for column in BY_NAME["estimates"].columns if column.name not in DERIVED}
    return typed.with_columns(pl.lit(value).alias(name) for name, value in blank.items() if name not in typed.columns)


DERIVED = {"area_code", "denominator_unit", "unit"}


def published():
    return list(csv.DictReader(io.StringIO(to_csv(rates(), BY_NAME["estimates"]))))


def test_every_police_force_area_has_the_code_that_the_ons_gives_it():
    """43 areas: 39 of England, 4 of Wales; the census tables, which are the ONS's, have the same ones."""
    # Northern Ireland's is in the list of forces, and its records are refused.
    codes = {force: code for force, code in area_codes().items() if force != "northern-ireland"}
    assert len(codes) == len(set(codes.values())) == 43
    assert sum(code.startswith("E23") for code in codes.values()) == 39
    assert sum(code.startswith("W15") for code in codes.values()) == 4
    census = {row["force"]: row["force_code"] for row in read_reference("census2021_force_ethnicity5")}
    assert codes == census
    # Register of geographic codes: the Metropolitan Police, Merseyside, the City of London, South Wales.
    known = {"metropolitan": "E23000001", "merseyside": "E23000004", "city-of-london": "E23000034"}
    assert {force: codes[force] for force in known} == known
    assert set(force_names()) - set(codes) == {"btp", "northern-ireland"}  # of no area of England or Wales


def test_the_source_of_the_codes_is_named():
    readme = (files("disparity.vocabulary") / "reference" / "README.md").read_text(encoding="utf-8")
    (line,) = [line for line in readme.splitlines() if line.startswith("| `forces.csv`")]
    assert "police force area codes" in line
    assert "ONS" in line


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_wherever_a_force_is_named_its_code_stands_beside_it(table):
    names = [column.name for column in table.columns]
    assert ("force" in names) == ("area_code" in names)
    if "force" in names:
        assert names.index("area_code") == names.index("force") + 1


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_denominator_that_can_be_of_residents_says_so(table):
    names = [column.name for column in table.columns]
    of_places = {"areas", "deprivation", "neighbourhoods"}
    rates_of_residents = {"estimates", "monthly", "quarterly", "control", "pooled", *of_places}
    assert ("denominator_unit" in names) == (table.name in rates_of_residents)
    assert not any("thousand" in column.description for column in table.columns if column.name == "denominator")


def test_denominators_are_whole_and_the_rate_follows_from_them():
    rows = published()
    assert [(row["denominator"], row["denominator_unit"]) for row in rows] == [
        ("1520805", "resident_years"),
        ("1000", "searches"),
        ("", "resident_years"),
        ("20", "searches"),
    ]
    assert [row["unit"] for row in rows] == ["per_1000_residents_a_year", "share"] * 2
    assert 1_000 * int(rows[0]["numerator"]) / float(rows[0]["denominator"]) == pytest.approx(5.5536, abs=1e-4)


def test_a_force_without_an_area_has_no_code():
    assert [row["area_code"] for row in published()] == ["E23000003", "E23000003", "", ""]


def test_what_is_complete_stays_as_it_is_and_analysis_has_its_thousands_back():
    once = complete(rates(), BY_NAME["estimates"])
    assert_frame_equal(complete(once, BY_NAME["estimates"]), once)
    assert_frame_equal(divide_by_thousands(once), rates().select(divide_by_thousands(once).columns))
    assert divide_by_thousands(rates()).equals(rates())


def test_a_comparison_names_the_units_of_its_difference_and_of_its_range():
    blank = {column.name: None for column in BY_NAME["comparisons"].columns}
    rows = [blank | {"measure": measure, "force": "kent"} for measure in ("search_rate", "find_rate")]
    lacking = pl.DataFrame(rows).drop("area_code", "difference_unit", "range_unit")
    made = complete(lacking, BY_NAME["comparisons"])
    assert made.select("difference_unit", "range_unit").rows() == [
        ("per_1000_residents_a_year", "ratio"),
        ("share", "share"),
    ]


def test_an_effect_that_is_no_rate_is_a_factor():
    effects = pl.DataFrame({"measure": ["find_rate"] * 2, "component": ["rate_before", "level"], "force": ["kent"] * 2})
    columns = [column for column in BY_NAME["effects"].columns if column.name not in {"unit", "area_code"}]
    blank = [pl.lit(None).alias(column.name) for column in columns if column.name not in effects.columns]
    assert complete(effects.with_columns(blank), BY_NAME["effects"])["unit"].to_list() == ["share", "factor"]


# Tables of the first contract


def upgraded(name, **cells):
    return upgrade(pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)), BY_NAME[name]).to_dicts()


def test_an_older_table_is_read_with_whole_denominators_and_months_as_days():
    found = upgraded(
        "estimates",
        measure=["search_rate", "find_rate", "search_rate"],
        period_from=["2019-04"] * 3,
        denominator=["1520.805057", "1000", None],
    )
    assert [row["denominator"] for row in found] == ["1520805.057", "1000", None]
    assert {row["period_from"] for row in found} == {"2019-04-01"}
    assert upgraded("areas", denominator=["12.5"]) == [{"denominator": "12500"}]


def test_an_older_month_is_found_wherever_it_stands():
    found = upgraded("breakdowns", breakdown=["month", "area"], category=["2019-04", "2019-04"])
    assert [row["category"] for row in found] == ["2019-04-01", "2019-04"]
    found = upgraded("checks", month=["2019-04", "2019-04/2020-03", None])
    assert [row["month"] for row in found] == ["2019-04-01", "2019-04-01/2020-03-01", None]


def test_what_an_older_edition_published_is_what_is_printed_of_the_same_today():
    today = published()
    old = rates().with_columns(pl.col("period_from").dt.strftime("%Y-%m"), pl.col("denominator").cast(pl.String))
    before = upgrade(old.select("measure", "period_from", "denominator"), BY_NAME["estimates"]).to_dicts()
    assert [row["denominator"] or "" for row in before] == ["1520805", "1000.0", "", "20.0"]
    assert [float(row["denominator"] or 0) for row in before] == [float(row["denominator"] or 0) for row in today]
    assert {row["period_from"] for row in before} == {f"{date(2019, 4, 1)}"}
