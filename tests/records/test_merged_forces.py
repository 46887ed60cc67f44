"""A force that was made of others: its earlier months are theirs, its residents too, and its series starts anew."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.pipeline.build import build
from disparity.pipeline.submissions import check, count
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import Settings, make_settings
from disparity.records.counts import COUNT_TABLES
from disparity.records.expectations import validate
from disparity.records.ingest import read_records, read_searches
from disparity.sources.population import read_residents
from disparity.synthetic.forces import make_forces
from disparity.synthetic.write import write_records
from disparity.vocabulary.calendar import months_from
from disparity.vocabulary.errors import DataError, RequestError

MONTHS, FROM = months_from(date(2025, 4, 1), 24), date(2026, 4, 1)
PARTS = ("dorset", "wiltshire")
MERGER = {"force": "wessex", "predecessors": list(PARTS), "from": "2026-04", "source": "an invented order"}
SPAN = {"from": "2025-04", "to": "2027-03"}


def file(folder: Path, month: date, force: str) -> Path:
    return folder / f"{month:%Y-%m}" / f"{month:%Y-%m}-{force}-stop-and-search.csv"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two invented forces by the ids of real ones, and from the second year on one file of both."""
    root = tmp_path_factory.mktemp("wessex")
    forces = [
        replace(force, force=name, oddities=(), has_extract=False, is_of_last_year=False, folder="police_uk")
        for force, name in zip(make_forces(2, MONTHS, searches=8_000, seed=5), PARTS, strict=True)
    ]
    write_records(root, forces, MONTHS, seed=5)
    for month in MONTHS:
        if month >= FROM:
            merge(root / "police_uk", month)
    return root / "police_uk"


def merge(folder: Path, month: date) -> None:
    """Put the rows of both files into one of the new force."""
    first, second = (file(folder, month, force) for force in PARTS)
    rows = second.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    file(folder, month, "wessex").write_text(
        first.read_text(encoding="utf-8-sig") + "".join(rows[1:]), encoding="utf-8"
    )
    first.unlink()
    second.unlink()


def make(folder: Path, **given: object) -> Settings:
    keys = {"records": [folder], "names": {"wessex": "Wessex Police"}, "merged_forces": [MERGER], **SPAN, **given}
    return make_settings(keys, where="a test")


@cache
def read(folder: Path):
    return read_records(make(folder))


def test_its_earlier_months_are_the_sum_of_its_predecessors(folder):
    apart = read_records(make(folder, merged_forces=[], forces=[*PARTS], to="2026-03"))
    joined = read(folder)
    assert joined.forces == ("wessex",)
    for name, (keys, counted) in COUNT_TABLES.items():
        theirs = getattr(apart.counts, name).with_columns(force=pl.lit("wessex"))
        ours = getattr(joined.counts, name).filter(pl.col("month") < FROM)
        sums = theirs.group_by(keys).agg(pl.col(counted).sum())
        assert_frame_equal(ours, sums.select(ours.columns), check_row_order=False)


def test_it_is_audited_as_one_force_that_is_there_all_along(folder):
    audit = read(folder).audit
    assert audit.submissions.select("force", "status").unique().rows() == [("wessex", "submitted")]
    assert audit.submissions.height == len(MONTHS)
    early = audit.submissions.row(0, named=True)
    assert early["source_file"] == "; ".join(f"2025-04/2025-04-{force}-stop-and-search.csv" for force in PARTS)
    accounted = early["rows_kept"] + early["rows_excluded"] + early["rows_rejected"] + early["rows_blank"]
    assert early["rows_read"] == accounted
    assert early["ethnicity_kappa"] > 0.7
    assert audit.files["sha256"].n_unique() - 1 == 12 * 2 + 12


@pytest.mark.slow
def test_it_fails_no_expectation_that_its_predecessors_meet(folder):
    failed, apart = (
        check(settings).results.filter(~pl.col("is_met"))["column"]
        for settings in (make(folder), make(folder, merged_forces=[], to="2026-03"))
    )
    assert set(failed) <= set(apart)
    assert "status" not in set(failed)


def test_parts_and_single_searches_give_the_same(folder, tmp_path):
    part = count(make(folder, merged_forces=[]), tmp_path / "part")
    added = read_records(make(folder, records=[], counts=[part]))
    assert_frame_equal(added.counts.cells, read(folder).counts.cells)
    searches, _ = read_searches(make(folder))
    assert searches["force"].unique().to_list() == ["wessex"]
    kept = read(folder).audit.submissions["rows_kept"].sum()
    assert searches.filter(pl.col("disposition") == "kept").height == kept


def test_asked_for_by_its_id_its_predecessors_are_read_too(folder):
    assert_frame_equal(read_records(make(folder, forces=["wessex"])).counts.cells, read(folder).counts.cells)
    early = read_records(make(folder, forces=["wessex"], to="2025-06"))
    assert early.audit.submissions["status"].to_list() == ["submitted"] * 3
    late = read_records(make(folder, forces=["wessex"], **{"from": "2026-04"}))
    assert late.audit.submissions.height == 12


def test_its_residents_are_those_of_its_predecessors(tmp_path):
    merger = make(tmp_path).mergers
    plain, summed = read_residents(None), read_residents(None, None, merger)
    theirs = plain.filter(pl.col("force").is_in(PARTS)).group_by("base", "ethnic_group").agg(pl.col("population").sum())
    ours = summed.filter(force="wessex").select("base", "ethnic_group", "population")
    assert_frame_equal(ours, theirs, check_row_order=False)
    own = tmp_path / "residents.csv"
    groups = ("Asian", "Black", "Mixed", "White", "Other")
    own.write_text(
        "force,ethnic_group,population\n" + "".join(f"{force},{group},1000\n" for force in PARTS for group in groups)
    )
    given = read_residents(own, None, merger).filter(force="wessex", base="own")
    assert given["population"].to_list() == [2_000] * 5


def test_a_month_that_one_predecessor_has_no_file_of_is_missing_and_said_to_be(folder, tmp_path):
    copy = copy_of(folder, tmp_path)
    file(copy, MONTHS[3], "wiltshire").unlink()
    ingested = read_records(make(copy))
    status = dict(ingested.audit.submissions.select("month", "status").rows())
    assert [month for month, word in status.items() if word == "missing"] == [MONTHS[3]]
    assert ingested.counts.cells.filter(month=MONTHS[3]).is_empty()
    (row,) = ingested.decisions.filter(stage="sources").rows(named=True)
    assert (row["force"], row["action"]) == ("wessex", "leave out 2025-07 of dorset")
    assert row["rows_before"] > row["rows_after"] == 0


def copy_of(folder: Path, target: Path) -> Path:
    for path in folder.rglob("*.csv"):
        copied = target / "records" / path.relative_to(folder)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_bytes(path.read_bytes())
    return target / "records"


@pytest.mark.parametrize(("force", "month"), [("dorset", "2026-05"), ("wessex", "2026-03")])
def test_records_outside_the_dates_of_their_force_are_refused_with_both(folder, tmp_path, force, month):
    copy = copy_of(folder, tmp_path)
    day = date.fromisoformat(f"{month}-01")
    source = file(copy, MONTHS[0], "dorset").read_text(encoding="utf-8-sig")
    file(copy, day, force).write_text(source.replace("2025-04-", f"{month}-"), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_records(make(copy))
    assert str(caught.value.what) == f"there are records of {force} of {month}, and wessex begins in 2026-04"
    assert caught.value.where == f"{month}/{month}-{force}-stop-and-search.csv"


@pytest.mark.parametrize(
    ("merged", "forces", "said"),
    [
        ([MERGER | {"predecessors": ["dorzet"]}], [], "no force is called 'dorzet': did you mean 'dorset'?"),
        ([MERGER | {"predecessors": ["wessex"]}], [], "wessex cannot be made of itself"),
        ([MERGER, MERGER | {"force": "mercia"}], [], "dorset and wiltshire can be made once, and go into one force"),
        ([MERGER], ["dorset"], "dorset is part of wessex here: ask for wessex"),
        ([MERGER | {"predecessors": ["dorset", "dorset"]}], [], "name each predecessor once"),
    ],
)
def test_a_merger_that_makes_no_sense_is_refused(tmp_path, merged, forces, said):
    with pytest.raises(RequestError) as caught:
        make(tmp_path, merged_forces=merged, forces=forces)
    assert said in str(caught.value)


def test_a_force_by_another_id_is_its_predecessor_and_one_made_of_a_merged_force_of_all(folder):
    later = {"force": "west-country", "predecessors": ["wessex"], "from": "2027-01", "source": "another order"}
    early = make(folder, merged_forces=[later, MERGER], to="2026-12")
    ingested = read_records(early)
    assert ingested.forces == ("west-country",)
    assert ingested.counts.cells.drop("force").equals(
        read(folder).counts.cells.filter(pl.col("month") < date(2027, 1, 1)).drop("force")
    )
    searches, _ = read_searches(early)
    assert searches["force"].unique().to_list() == ["west-country"]


@pytest.mark.slow
def test_it_publishes_as_one_force_whose_trend_names_the_break(folder):
    settings = make(folder)
    ingested = read(folder)
    frames = tabulate(settings, ingested, validate(ingested.audit, settings.list_suites()))
    rates = frames["estimates"].filter(measure="search_rate", ethnic_group="All", search_type="All", force="wessex")
    assert rates.filter(ethnicity_basis="self-defined").height == 2
    census = frames["population"].filter(base="census_2021", ethnic_group="All")
    counted = read_residents(None).filter(pl.col("force").is_in(PARTS), base="census_2021")["population"].sum()
    assert census["population"].unique().to_list() == [float(counted)]
    control = frames["control"].filter(measure="search_rate", ethnic_group="All").sort("month")
    assert control["value"].null_count() == 0
    reasons = control.select("baseline", "baseline_reason").unique().sort("baseline").rows()
    made = "Wessex Police was made of Dorset Police and Wiltshire Police; earlier months are theirs, added up."
    assert reasons == [(MONTHS[0], None), (FROM, made)]
    assert frames["inputs"].filter(role="records").height == 36
    for frame in frames.values():
        assert "force" not in frame.columns or set(frame["force"].drop_nulls()) <= {"wessex", ""}


@pytest.mark.slow
def test_its_site_shows_both_years_and_says_what_it_was_made_of(folder, tmp_path):
    build(make(folder, out=tmp_path / "site", is_synthetic=True))
    pages = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")}
    assert "was made of Dorset Police and Wiltshire Police" in "".join(pages.values())
