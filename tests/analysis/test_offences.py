"""Searches beside recorded offences: of a whole year, by the counts that were published."""

import csv
from datetime import date

import polars as pl
import pytest

from disparity.analysis.offences import PAIRS, compare_offences
from disparity.sources.official import read_recorded_offences
from disparity.vocabulary.codes import force_names

YEAR = {"force": "kent", "period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1)}


def make_estimates(span=YEAR, status="measured", possession=None):
    """A year of Kent: 10,241 searches, 5,889 of them for drugs, whose parts are not recorded unless given."""
    base = span | {"ethnic_group": "All", "ethnicity_basis": "self-defined", "status": "measured"}
    cells = [("drugs", 5_889, 0.575), ("offensive_weapons", 1_337, 0.13), ("drugs_possession", possession, possession)]
    shares = [
        base | {"measure": "type_share", "search_type": kind, "numerator": searches, "value": share}
        for kind, searches, share in cells
    ]
    rate = {"measure": "search_rate", "search_type": "All", "numerator": 10_241, "value": 5.57, "status": status}
    return pl.DataFrame([*shares, base | rate], schema_overrides={"value": pl.Float64, "numerator": pl.Int64})


def compared(*made, **named):
    rows = compare_offences(make_estimates(*made, **named), read_recorded_offences())
    return {row["offence"]: row for row in rows.iter_rows(named=True)}


def test_searches_for_drugs_are_divided_by_drug_offences_of_2017_18():
    """Kent recorded 1,922 offences of possession and 779 of trafficking in 2017/18 (Home Office)."""
    rows = compared()
    assert list(rows) == list(PAIRS)
    assert rows["drug_offences"]["offences"] == 1_922 + 779
    assert rows["drug_offences"]["searches_per_offence"] == pytest.approx(5_889 / 2_701)
    assert (rows["drug_offences"]["offences_from"], rows["drug_offences"]["offences_to"]) == (
        date(2017, 4, 1),
        date(2018, 3, 1),
    )
    assert rows["all_offences"]["searches"] == 10_241


def test_possession_alone_is_set_beside_searches_only_where_records_have_them_apart():
    assert compared()["drug_possession"]["searches"] is None
    assert compared()["drug_possession"]["searches_per_offence"] is None
    assert compared(possession=1_000)["drug_possession"]["searches_per_offence"] == pytest.approx(1_000 / 1_922)


@pytest.mark.parametrize(
    "case", [{"status": "incomplete"}, {"span": YEAR | {"period_from": date(2019, 5, 1)}}], ids=["missing", "11 months"]
)
def test_what_is_not_a_whole_year_of_searches_is_not_divided(case):
    row = compared(**case)["drug_offences"]
    assert (row["searches"], row["searches_per_offence"]) == (5_889, None)


def test_a_force_that_recorded_crime_does_not_know_has_no_row():
    assert compared({**YEAR, "force": "fellshire"}) == {}


def test_recorded_offences_are_those_published(records):
    """4,881,043 offences of 43 forces and British Transport Police, without the national fraud bodies (Home Office)."""
    table = read_recorded_offences()
    assert table.filter(offence="all")["offences"].sum() == 4_881_043
    assert table.height == 44 * 4
    assert set(table["force"]) <= set(force_names())
    path = records.parent / "open" / "home_office" / "recorded_crime_force_offence_2017_18.csv"
    if not path.is_file():
        pytest.skip("the open tables are not beside the records")
    names = {
        "drug_possession": "Possession of drugs",
        "drug_trafficking": "Trafficking of drugs",
        "weapon_possession": "Possession of weapons offences",
    }
    with path.open(encoding="utf-8") as file:
        published = [(row["force"], row["offence_subgroup"], int(row["offences"])) for row in csv.DictReader(file)]
    for row in table.iter_rows(named=True):
        wanted = names.get(row["offence"])
        counts = [count for force, name, count in published if force == row["force"] and wanted in (name, None)]
        assert row["offences"] == sum(counts), row
