"""What an analyst gets is what is published: the same rows, the same numbers."""

from dataclasses import replace

import polars as pl
import pytest

import disparity as ds
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.tables import TABLES
from support import example
from support.builders import BLACK, WHITE, monthly_text, write_monthly
from support.home_office import write_table

FILES = {table.name: table for table in TABLES}
LANCASHIRE = {"forces": "lancashire", "months": ("2019-04", "2020-03")}


def analyse(source, people=None, **given):
    """All that an analyst makes, by the name of the published table."""
    records, residents = ds.read(source, **given), ds.residents(people)
    counts = ds.count(records)
    estimates = ds.estimates(counts, residents=residents)
    comparisons = ds.compare(estimates, counts, residents=residents)
    reasons = ds.reasons(estimates, comparisons, counts, residents=residents)
    return {"estimates": estimates, "comparisons": comparisons, "reasons": reasons, "checks": ds.check(records)}


def assert_published(frames, site):
    """The same columns, and the same bytes when they are printed."""
    for name, frame in frames.items():
        assert frame.columns == [column.name for column in FILES[name].columns]
        assert frame.height > 10
        assert to_csv(frame, FILES[name]).encode() == (site / "data" / FILES[name].file).read_bytes(), name


@pytest.mark.slow
def test_the_example_gives_what_its_site_publishes():
    assert_published(analyse(example.PROJECT, example.PROJECT), example.site())


@pytest.mark.slow
def test_lancashires_year_gives_what_its_site_publishes(records, tmp_path):
    site = ds.build(records, **LANCASHIRE, out=tmp_path / "site")
    assert_published(analyse(records, **LANCASHIRE), site.folder)


@pytest.fixture
def folder(tmp_path):
    """Two months of two forces: two searches each, one of a vehicle, one of who knows what."""
    rows = [{"self_defined_ethnicity": WHITE, "age_group": "over 34"}, {"self_defined_ethnicity": BLACK}]
    rows += [{"subject": "Vehicle search"}, {"subject": "dog"}]
    for force, latitude in (("kent", "51.28"), ("lancashire", "53.76")):
        for month in ("2019-04", "2019-05"):
            text = monthly_text([{**row, "latitude": latitude} for row in rows], month=month)
            write_monthly(tmp_path / "in", text, force=force, month=month)
    return tmp_path / "in"


def test_every_row_says_where_it_comes_from_and_what_is_done_with_it(folder):
    records = ds.read(folder, forces="kent", months=("2019-05", "2019-05"), allow_partial=True)
    shown = records.searches.select("force", "file", "row", "disposition", "reason")
    file = "2019-05-kent-stop-and-search.csv"
    assert [(*row[:1], row[1].rpartition("/")[2], *row[2:]) for row in shown.rows()] == [
        ("kent", file, 1, "kept", None),
        ("kent", file, 2, "kept", None),
        ("kent", file, 3, "excluded", "vehicle-only search"),
        ("kent", file, 4, "rejected", "kind of search not recognised"),
    ]
    assert records.audit.submissions.select("rows_kept", "rows_excluded", "rows_rejected").row(0) == (2, 1, 1)


def test_without_forces_and_months_all_there_are_are_read_in_order(folder):
    records = ds.read([folder], allow_partial=True)
    places = records.searches.select("force", "month", "row").rows()
    assert places == sorted(places)
    assert len(places) == 16
    assert records.settings.months()[0].isoformat() == "2019-04-01"


def test_what_is_counted_is_the_searches_that_are_given(folder):
    records = ds.read(folder, allow_partial=True)
    some = replace(records, searches=records.searches.filter(pl.col("age_group") == "over 34"))
    none = replace(records, searches=records.searches.clear())
    counted = [ds.count(each).tables.people["searches"].sum() for each in (records, some, none)]
    assert counted == [8, 4, 0]


def test_a_group_without_a_search_in_a_submitted_month_has_a_rate_of_zero(folder):
    records = ds.read(folder, allow_partial=True)
    others = replace(records, searches=records.searches.filter(pl.col("self_defined_group") != "Black"))
    rates = ds.estimates(ds.count(others), residents=ds.residents()).filter(ethnicity_basis="self-defined")
    black = rates.filter(measure="search_rate", ethnic_group="Black", search_type="All")
    assert black["numerator"].to_list() == [0, 0]


def test_counts_of_two_forces_add_up_to_the_counts_of_both(folder):
    one, other, both = (
        ds.count(ds.read(folder, forces=forces, allow_partial=True)).tables.cells
        for forces in (["kent"], ["lancashire"], [])
    )
    assert pl.concat([one, other]).equals(both)


def test_a_home_office_table_is_read_as_searches_that_stand_for_many(tmp_path):
    path = write_table(tmp_path / "table.csv", [{"number_of_searches": 12}, {"number_of_searches": 30}])
    records = ds.read(path)
    assert records.searches.select("searches", "source").rows() == [
        (12, "Home Office open data tables"),
        (30, "Home Office open data tables"),
    ]
    assert ds.count(records).tables.people["searches"].sum() == 42


def test_a_project_file_reads_its_extract_and_recorded_grounds_are_not_among_the_searches():
    records = ds.read(example.PROJECT, forces="thornmoor")
    assert "grounds" in records.settings.extracts[0].columns
    assert "grounds" not in records.searches.columns
    assert set(records.searches["source"]) == {"the force's own extract"}


@pytest.mark.parametrize("months", ["2019-04", ("2019-04",), ("2019-04", "2019-05", "2019-06")])
def test_months_that_are_no_first_and_last_are_refused(folder, months):
    with pytest.raises(ds.RequestError, match="not a first and a last"):
        ds.read(folder, months=months)


def test_residents_that_lack_a_column_are_refused_by_its_name(folder):
    counts = ds.count(ds.read(folder, allow_partial=True))
    with pytest.raises(ds.RequestError) as error:
        ds.estimates(counts, residents=ds.residents().drop("area"))
    assert error.value.found == "no area"


def test_parts_hold_no_searches_to_read(tmp_path):
    (tmp_path / "disparity.toml").write_text('counts = ["part"]\nfrom = "2019-04"\nto = "2019-05"\n', encoding="utf-8")
    with pytest.raises(ds.RequestError, match="parts hold counts and no searches"):
        ds.read(tmp_path / "disparity.toml")
