"""Real months, merged and saved again in every shape that is met: the counts are those of the portal's own files."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.cli.settings import choose_settings
from disparity.project.settings import Settings
from disparity.records.counts import Counts
from disparity.records.ingest import count_records, read_records
from disparity.records.partial_counts import write_part

FORCE = "humberside"
OTHER = "lancashire"
MONTHS = ("2019-04", "2019-05", "2019-06")
SPAN = {"from": MONTHS[0], "to": MONTHS[-1]}
API = {
    "Type": "type",
    "Date": "datetime",
    "Part of a policing operation": "operation",
    "Policing operation": "operation_name",
    "Latitude": "location.latitude",
    "Longitude": "location.longitude",
    "Gender": "gender",
    "Age range": "age_range",
    "Self-defined ethnicity": "self_defined_ethnicity",
    "Officer-defined ethnicity": "officer_defined_ethnicity",
    "Legislation": "legislation",
    "Object of search": "object_of_search",
    "Outcome": "outcome",
    "Outcome linked to object of search": "outcome_linked_to_object_of_search",
    "Removal of more than just outer clothing": "removal_of_more_than_outer_clothing",
}
FLAGS = ("Outcome linked to object of search", "Removal of more than just outer clothing")


def month_file(records: Path, month: str, force: str = FORCE) -> Path:
    return records / month / f"{month}-{force}-stop-and-search.csv"


def merge(records: Path, *forces: str) -> pl.DataFrame:
    """The rows of the months of the forces as text, with their force and file."""
    files = [month_file(records, month, force) for force in forces or (FORCE,) for month in MONTHS]
    return pl.concat(
        pl.read_csv(file, infer_schema=False).with_columns(
            pl.lit(file.name.removeprefix(file.name[:8]).removesuffix("-stop-and-search.csv")).alias("force"),
            pl.lit(f"data/{file.name}").alias("source_file"),
        )
        for file in files
    )


def count(*paths: Path, **given: Any) -> Counts:
    return count_records(Settings.model_validate({"records": list(paths), **SPAN, **given})).counts


def assert_same(one: Counts, other: Counts) -> None:
    for table in fields(Counts):
        both = [getattr(counts, table.name) for counts in (one, other)]
        if isinstance(both[0], pl.DataFrame):
            left, right = (frame.sort(frame.columns[:8], nulls_last=True) for frame in both)
            assert_frame_equal(left, right, check_row_order=False)
        else:
            assert both[0] == both[1]


@pytest.fixture(scope="module")
def plain(records: Path) -> Counts:
    return count(*(month_file(records, month) for month in MONTHS))


def as_pandas(rows: pl.DataFrame, path: Path) -> None:
    """As read_csv with parsed dates and to_csv leave it: an index, True as 1.0 where blanks made a column numbers."""
    numbers = {"True": "1.0", "False": "0.0"}
    times = pl.col("Date").str.replace("T", " ")
    rows.select(
        pl.int_range(pl.len()).alias("Unnamed: 0"),
        pl.all().exclude("Date", *FLAGS),
        times,
        pl.col(FLAGS).replace(numbers),
    ).write_csv(path)


def as_r(rows: pl.DataFrame, path: Path) -> None:
    """As read.csv and write.csv leave it: names with points, TRUE, NA, everything quoted, no zone, no midnight."""
    bare = pl.col("Date").str.replace("T", " ").str.replace(r"\+00:00$", "").str.replace(" 00:00:00$", "")
    logical = {"True": "TRUE", "False": "FALSE"}
    renamed = rows.select(bare, pl.all().exclude("Date")).with_columns(pl.all().replace(logical).fill_null("NA"))
    renamed.rename(lambda name: name.replace(" ", ".").replace("-", ".")).write_csv(
        path, quote_style="always", line_terminator="\r\n"
    )


def as_r_table(rows: pl.DataFrame, path: Path) -> None:
    """As write.table leaves it: row names that the header does not count."""
    numbered = rows.select(pl.int_range(1, pl.len() + 1).cast(pl.String).alias("number"), pl.all().fill_null("NA"))
    body = numbered.write_csv(None, quote_style="always", include_header=False, separator=";")
    header = ";".join(f'"{label.replace(" ", ".")}"' for label in rows.columns)
    path.write_text(f"{header}\n{body}", encoding="utf-8", newline="")


def as_api(rows: pl.DataFrame, path: Path) -> None:
    path.write_text(json.dumps([make_answer(row) for row in rows.iter_rows(named=True)]), encoding="utf-8")


def make_answer(row: Mapping[str, str | None]) -> dict[str, Any]:
    """One row as the API gives it: an empty outcome is false, and places are objects."""
    given: dict[str, Any] = {key: row[label] for label, key in API.items()}
    latitude, longitude = given.pop("location.latitude"), given.pop("location.longitude")
    street = {"id": 1, "name": "On or near a street"}
    given["location"] = {"latitude": latitude, "longitude": longitude, "street": street} if latitude else None
    flag = {"True": True, "False": False}
    for key in ("operation", "outcome_linked_to_object_of_search", "removal_of_more_than_outer_clothing"):
        given[key] = flag.get(given[key] or "")
    given["outcome_object"] = {"id": "bu-x", "name": given["outcome"] or ""}
    given["outcome"] = given["outcome"] or False
    return given | {"involved_person": True}


def as_flat_api(rows: pl.DataFrame, path: Path) -> None:
    """As pandas' json_normalize leaves it, without the outcome itself."""
    flat = rows.rename(API).rename({"outcome": "outcome_object.name"})
    flat.with_columns(pl.lit("bu-x").alias("outcome_object.id")).write_csv(path)


def as_excel(rows: pl.DataFrame, path: Path) -> None:
    """As a spreadsheet of a country of decimal commas saves it, with its mark of UTF-8."""
    places = pl.col("Latitude", "Longitude").str.replace(r"\.", ",")
    rows.with_columns(places).write_csv(path, separator=";", include_bom=True, line_terminator="\r\n")


SHAPES: dict[str, tuple[str, Callable[[pl.DataFrame, Path], object]]] = {
    "merged": ("stop_and_search_3months.csv", lambda rows, path: rows.write_csv(path)),
    "tabs": ("all.tsv", lambda rows, path: rows.write_csv(path, separator="\t")),
    "semicolons": ("all.csv", as_excel),
    "pandas": ("df.csv", as_pandas),
    "R": ("df (2).csv", as_r),
    "R, write.table": ("df.txt", as_r_table),
    "columns in another order": ("x.csv", lambda rows, path: rows.select(reversed(rows.columns)).write_csv(path)),
    "snake case": (
        "x.csv",
        lambda rows, path: rows.rename(lambda name: name.lower().replace(" ", "_").replace("-", "_")).write_csv(path),
    ),
    "packed": ("x.csv.gz", lambda rows, path: path.write_bytes(gzip.compress(rows.write_csv().encode()))),
    "the API's JSON": ("stops.json", as_api),
    "the API's JSON, flattened": ("stops.csv", as_flat_api),
    "JSON, a search to a line": (
        "stops.json",
        lambda rows, path: path.write_text(
            "\n".join(json.dumps(make_answer(row)) for row in rows.iter_rows(named=True)), encoding="utf-8"
        ),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_months_merged_and_saved_again_count_as_the_portals_own(
    records: Path, plain: Counts, tmp_path: Path, shape: str
) -> None:
    name, write = SHAPES[shape]
    write(merge(records).drop("force", "source_file"), tmp_path / name)
    assert_same(count(tmp_path / name, forces=[FORCE]), plain)


@pytest.mark.parametrize(
    "name",
    [
        "{month}-{force}-stop-and-search (1).csv",
        "{month}-{force}-stop-and-search - Copy.csv",
        "{month}-{force}-stop-and-search_edit.csv",
        "Copy of {month}-{force}-stop-and-search.csv",
        "{month}_{force}_stop_and_search.csv",
        "{force}/{compact}.csv",
        "{force} {month}.txt",
    ],
)
def test_a_name_that_nearly_fits_is_of_the_force_it_names(
    records: Path, plain: Counts, tmp_path: Path, name: str
) -> None:
    for month in MONTHS:
        path = tmp_path / name.format(month=month, force=FORCE, compact=month.replace("-", ""))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(month_file(records, month).read_bytes())
    assert_same(count(tmp_path), plain)


def test_files_put_one_after_the_other_have_their_headers_in_between(
    records: Path, plain: Counts, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"
    path.write_bytes(b"".join(month_file(records, month).read_bytes() for month in MONTHS))
    assert_same(count(path, forces=[FORCE]), plain)


@pytest.mark.parametrize("column", ["force", "source_file"])
def test_several_forces_in_a_file_are_several_forces(records: Path, tmp_path: Path, column: str) -> None:
    files = [month_file(records, month, force) for force in (FORCE, OTHER) for month in MONTHS]
    rows = merge(records, FORCE, OTHER).drop({"force", "source_file"} - {column})
    rows.write_csv(tmp_path / "two.csv")
    assert_same(count(tmp_path / "two.csv"), count(*files))
    assert_same(count(tmp_path / "two.csv", forces=[OTHER]), count(*files[len(MONTHS) :]))


@pytest.mark.parametrize("write", [as_excel, as_pandas, as_r], ids=["semicolons", "pandas", "R"])
def test_a_file_saved_again_under_the_portals_name_counts_as_before(
    records: Path, plain: Counts, tmp_path: Path, write: Callable[[pl.DataFrame, Path], None]
) -> None:
    for month in MONTHS:
        write(pl.read_csv(month_file(records, month), infer_schema=False), tmp_path / month_file(records, month).name)
    assert_same(count(tmp_path), plain)


def test_parts_of_a_merged_file_add_up_to_the_whole(records: Path, tmp_path: Path) -> None:
    """A force-month is counted in one part: that of its month."""
    merge(records).drop("force", "source_file").write_csv(tmp_path / "all.csv")
    given = {"records": [tmp_path / "all.csv"], "forces": [FORCE]}
    spans = ((MONTHS[0], MONTHS[0]), (MONTHS[1], MONTHS[2]))
    for number, (first, last) in enumerate(spans):
        part = count_records(Settings.model_validate({**given, "from": first, "to": last}))
        write_part(part, tmp_path / f"part{number}")
    parts = [tmp_path / "part0", tmp_path / "part1"]
    added = read_records(Settings.model_validate({"counts": parts, **SPAN}))
    whole = read_records(Settings.model_validate({**given, **SPAN}))
    assert_same(added.counts, whole.counts)
    assert_frame_equal(added.audit.submissions, whole.audit.submissions)
    assert_frame_equal(added.decisions, whole.decisions)
    reason = "read by its columns, without the portal's name: all.csv, 2019-04 to 2019-06"
    assert whole.decisions["reason"].to_list() == [reason]


def test_what_is_read_by_its_columns_is_named_to_who_asks(
    records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for month in MONTHS[:2]:
        (tmp_path / month_file(records, month).name).write_bytes(month_file(records, month).read_bytes())
    name = f"{MONTHS[2]}-{FORCE}-stop-and-search (1).csv"
    (tmp_path / name).write_bytes(month_file(records, MONTHS[2]).read_bytes())
    choose_settings(records=(tmp_path,), project=None, forces=(), counts=(), first_month=None, last_month=None)
    assert capsys.readouterr().err == f"Read by columns, without the portal's name (docs/records.md): {name}\n"


def test_a_month_comes_from_the_dates_and_the_span_with_it(records: Path, tmp_path: Path) -> None:
    merge(records).drop("force", "source_file").write_csv(tmp_path / f"{FORCE}.csv")
    settings = choose_settings(
        records=(tmp_path / f"{FORCE}.csv",), project=None, forces=(), counts=(), first_month=None, last_month=None
    )
    assert (str(settings.first_month), str(settings.last_month)) == ("2019-04-01", "2019-06-01")


@pytest.mark.slow
def test_eight_forces_and_two_years_merged_count_as_the_portals_own(records: Path, tmp_path: Path) -> None:
    """South Wales cuts two of its months in UTC: of 174,631 rows, five of September 2020 come to be of October."""
    files = sorted(records.glob("*/*-stop-and-search.csv"))
    frames = [
        pl.read_csv(file, infer_schema=False).with_columns(pl.lit(file.name[8:].split("-stop-")[0]).alias("Force"))
        for file in files
    ]
    pl.concat(frames).write_csv(tmp_path / "all.csv")
    span = {"from": "2019-04", "to": "2021-03"}
    forces = sorted({frame["Force"][0] for frame in frames} - {"south-wales"})
    merged = count(tmp_path / "all.csv", **span, forces=forces)
    assert_same(merged, count(records, **span, forces=forces))
    wales = [count(path, **span, forces=["south-wales"]).cells for path in (tmp_path / "all.csv", records)]
    wales = [cells.filter(ethnicity_basis="self-defined") for cells in wales]
    months = [cells.group_by("month").agg(pl.col("searches").sum()).sort("month") for cells in wales]
    moved = (months[0]["searches"].cast(pl.Int64) - months[1]["searches"].cast(pl.Int64)).to_list()
    assert [count for count in moved if count] == [-5, 5]
