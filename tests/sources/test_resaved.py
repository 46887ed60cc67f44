"""Merged and re-saved files of the portal: what says the force and month, what is never counted twice or dropped."""

import gzip
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.project.settings import Settings
from disparity.sources.choice import choose_sources, span_months
from disparity.sources.police_uk import find_files
from disparity.sources.raw import RawFile, Supply
from disparity.sources.resaved.find import find_resaved
from disparity.sources.resaved.rows import list_resaved, read_files, take_resaved
from disparity.vocabulary.errors import DataError, DisparityError, RequestError
from support.builders import HEADER, Row, few, make_row, monthly_text, write_monthly

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
PERSON = "Zebedee"  # no message may hold what a row says


def on(*days: str) -> list[Row]:
    """A search at noon of each day, each unlike the others; nothing said, no date."""
    return [
        {"searched_at": f"{day}T12:{number // 60:02}:{number % 60:02}+00:00" if day else "", "latitude": f"53.{number}"}
        for number, day in enumerate(days)
    ]


MERGED = on("2026-04-02", "2026-04-30", "2026-05-01", "2026-06-09")


def write(folder: Path, name: str, rows: Sequence[Row] = MERGED, header: Sequence[str] = HEADER) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(monthly_text(rows, month="2026-04", header=header), encoding="utf-8", newline="")
    return path


def read(*paths: Path, forces: Sequence[str] = ()) -> list[Supply]:
    return read_files(find_resaved(paths)[0], paths, forces=forces)


def held(supplies: Sequence[Supply]) -> dict[tuple[str, str], int]:
    return {(raw.force, f"{raw.month:%Y-%m}"): raw.rows.height for supply in supplies for raw in supply.files}


def add_column(path: Path, label: str, values: Sequence[str]) -> Path:
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    text = [f"{header},{label}", *(f"{line},{value}" for line, value in zip(lines, values, strict=True))]
    path.write_text("\n".join(text), encoding="utf-8")
    return path


# Which force


def test_the_force_that_is_asked_for_is_that_of_a_file_that_says_none(tmp_path: Path) -> None:
    path = write(tmp_path, "stops.csv")
    months = {("kent", "2026-04"): 2, ("kent", "2026-05"): 1, ("kent", "2026-06"): 1}
    assert held(read(path, forces=["kent"])) == months
    assert held(read(tmp_path, forces=["kent"])) == months


def test_a_file_that_nothing_says_the_force_of_is_named_with_the_command_that_reads_it(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as error:
        read(write(tmp_path, "stops.csv"))
    assert error.value.code == "E124"
    assert (error.value.where, error.value.found) == ("stops.csv", "4 rows from 2026-04 to 2026-06")
    assert "--force leicestershire" in error.value.what_now
    with pytest.raises(RequestError, match="nothing says of which force") as error:
        read(tmp_path / "stops.csv", forces=["kent", "essex"])
    assert error.value.found.endswith("asked for are kent, essex")


@pytest.mark.parametrize(
    "name",
    [
        "kent.csv",
        "Kent Police 2026.csv",
        "stops_kent_clean.csv",
        "kent/202604.csv",
        "Kent Police/all.csv",
        "2026-04-kent-stop-and-search (1).csv",
        "2026-04-kent-police-stop-and-search.csv.txt",
    ],
)
def test_a_name_that_says_the_force_is_believed_whatever_is_asked_for(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name)
    for forces in ([], ["essex"]):
        assert {force for force, _ in held(read(path, forces=forces))} == {"kent"}


def test_a_name_of_two_forces_says_none_and_a_longer_id_is_no_shorter_one(tmp_path: Path) -> None:
    assert {force for force, _ in held(read(write(tmp_path, "north-yorkshire.csv")))} == {"north-yorkshire"}
    with pytest.raises(RequestError, match="nothing says of which force"):
        read(write(tmp_path, "kent-and-essex.csv"))


def test_a_column_of_forces_says_the_force_of_each_row(tmp_path: Path) -> None:
    names = ["Kent Police", "kent", "Devon & Cornwall Police", "Metropolitan Police Service"]
    path = add_column(write(tmp_path, "x.csv"), "Force", names)
    assert held(read(path, forces=["essex"])) == {
        ("kent", "2026-04"): 2,
        ("devon-and-cornwall", "2026-05"): 1,
        ("metropolitan", "2026-06"): 1,
    }


def test_what_is_no_force_in_a_column_of_forces_is_named(tmp_path: Path) -> None:
    path = add_column(write(tmp_path, "x.csv"), "force_name", ["Kent Police", "Narnia", "Narnia", ""])
    with pytest.raises(RequestError) as error:
        read(path)
    assert (error.value.what, error.value.found) == (
        "some rows have no known force in 'force_name'",
        "'Narnia' in 2, nothing in 1 rows",
    )


def test_a_column_of_monthly_files_says_force_and_month(tmp_path: Path) -> None:
    name = "raw/2026-05/2026-05-kent-stop-and-search.csv"
    path = add_column(write(tmp_path, "x.csv"), "path", [name] * 4)
    assert held(read(path)) == {("kent", "2026-05"): 4}


# Which month


def test_a_month_is_of_the_uk_clock(tmp_path: Path) -> None:
    rows: list[Row] = [{"searched_at": f"2026-{at}:00+00:00"} for at in ("05-31T22:59", "05-31T23:00", "06-30T22:00")]
    assert held(read(write(tmp_path, "kent.csv", rows))) == {("kent", "2026-05"): 1, ("kent", "2026-06"): 2}


def test_what_is_left_over_of_a_month_cut_in_utc_makes_no_month_of_its_own(tmp_path: Path) -> None:
    rows: list[Row] = [{"searched_at": f"2026-{at}:00+00:00"} for at in ("04-10T22:59", "05-10T23:00", "05-31T23:30")]
    assert held(read(write(tmp_path, "kent.csv", rows))) == {("kent", "2026-04"): 1, ("kent", "2026-05"): 2}


def test_a_row_without_a_date_is_of_the_one_month_of_its_file_and_of_no_other(tmp_path: Path) -> None:
    (supply,) = read(write(tmp_path, "kent.csv", on("2026-04-02", "", "2026-04-30")))
    assert (held([supply]), supply.set_aside) == ({("kent", "2026-04"): 3}, {})
    (supply,) = read(write(tmp_path, "kent.csv", on("2026-04-02", "", "2026-05-30")))
    assert held([supply]) == {("kent", "2026-04"): 1, ("kent", "2026-05"): 1}
    assert (supply.rows_read, supply.set_aside) == (3, {"no date, in a file of several months": 1})


def test_dates_before_the_portals_first_month_and_dates_that_do_not_read_are_set_aside(tmp_path: Path) -> None:
    rows = [*MERGED, *on("2013-05-01"), {"searched_at": "some time"}]
    (supply,) = read(write(tmp_path, "kent.csv", rows))
    assert sum(held([supply]).values()) == 4
    assert supply.set_aside == {"a date before the portal's first month": 1, "the date does not read": 1}
    assert supply.rows_read == 6


def test_a_name_that_nearly_fits_gives_the_month_unless_most_dates_are_of_another(tmp_path: Path) -> None:
    name = "2026-04-kent-stop-and-search (1).csv"
    assert held(read(write(tmp_path, name, on("2026-04-02", "2026-04-03", "2026-05-01", "")))) == {
        ("kent", "2026-04"): 4
    }
    assert held(read(write(tmp_path, name, on("2026-04-02", "2026-05-03", "2026-05-01")))) == {
        ("kent", "2026-04"): 1,
        ("kent", "2026-05"): 2,
    }


def test_a_header_alone_is_a_month_without_searches_where_its_name_says_which(tmp_path: Path) -> None:
    assert held(read(write(tmp_path, "2026-04-kent-stop-and-search_edit.csv", []))) == {("kent", "2026-04"): 0}
    assert held(read(write(tmp_path, "kent.csv", []))) == {}


def test_a_zone_that_was_lost_is_utc_as_the_portal_writes_and_is_counted(tmp_path: Path) -> None:
    rows: list[Row] = [{"searched_at": at} for at in ("2026-06-01 10:00:00", "2026-06-02", "2026-06-03T10:00:00")]
    (supply,) = read(write(tmp_path, "kent.csv", rows))
    assert supply.files[0].rows["searched_at"].to_list() == [
        "2026-06-01T10:00:00+00:00",
        "2026-06-02T00:00:00+00:00",
        "2026-06-03T10:00:00+00:00",
    ]
    assert supply.notes == {
        "read by its columns, without the portal's name: kent.csv, 2026-06 to 2026-06": 3,
        "the date lost its zone when the file was saved again: read as UTC, as the portal writes it": 3,
    }


@pytest.mark.parametrize(("at", "code"), [("01/06/2026 10:00", "E119"), ("46174.41", "E120")])
def test_dates_that_a_spreadsheet_has_rewritten_are_refused(tmp_path: Path, at: str, code: str) -> None:
    with pytest.raises(DataError) as error:
        read(write(tmp_path, "kent.csv", [*MERGED, {"searched_at": at}]))
    assert error.value.code == code


# Never twice


def test_a_copy_of_the_same_bytes_is_read_once(tmp_path: Path) -> None:
    plain = write_monthly(tmp_path, monthly_text(MERGED[:2], month="2026-04"), force="kent", month="2026-04")
    write(tmp_path, "2026-04-kent-stop-and-search (1).csv", MERGED[:2])
    assert read(tmp_path) == []
    plain.unlink()
    write(tmp_path, "2026-04-kent-stop-and-search - Copy.csv", MERGED[:2])
    assert held(read(tmp_path)) == {("kent", "2026-04"): 2}


def test_a_copy_under_the_name_of_another_month_or_force_is_refused(tmp_path: Path) -> None:
    write_monthly(tmp_path, monthly_text(MERGED[:2], month="2026-04"), force="kent", month="2026-04")
    for name in ("2026-05-kent-stop-and-search (1).csv", "essex.csv"):
        path = write(tmp_path / "more", name, MERGED[:2])
        with pytest.raises(DataError, match="one file has two names") as error:
            read(tmp_path)
        assert error.value.where == f"2026-04/2026-04-kent-stop-and-search.csv and more/{name}"
        path.unlink()


def test_a_merged_file_beside_one_of_its_months_is_refused_with_both_names(tmp_path: Path) -> None:
    write_monthly(tmp_path, monthly_text(MERGED[:1], month="2026-04"), force="kent", month="2026-04")
    write(tmp_path, "kent.csv")
    files, supplies = find_files([tmp_path])[0], read(tmp_path)
    with pytest.raises(DataError) as error:
        choose_sources(files, supplies, forces=[], months=[APRIL, MAY])
    assert (error.value.what, error.value.code) == ("two different files hold kent, 2026-04", "E123")
    assert error.value.where == "kent.csv and 2026-04/2026-04-kent-stop-and-search.csv"
    kept, raws = choose_sources(files, supplies, forces=[], months=[MAY, JUNE])
    assert (kept, [raw.month for raw in raws]) == ([], [MAY, JUNE])


def test_months_that_a_merged_file_has_not_are_refused_with_those_that_it_has(tmp_path: Path) -> None:
    supplies = read(write(tmp_path, "kent.csv"))
    for forces, months in (([], [date(2020, 1, 1)]), (["essex"], [APRIL])):
        with pytest.raises(RequestError) as error:
            choose_sources([], supplies, forces=forces, months=months)
        assert (error.value.code, error.value.found) == ("E130", "kent, 2026-04 to 2026-06, in kent.csv")


def test_two_merged_files_of_one_month_are_refused(tmp_path: Path) -> None:
    supplies = read(write(tmp_path, "kent a.csv"), write(tmp_path, "kent b.csv", MERGED[3:]))
    with pytest.raises(DataError, match="two different files hold kent, 2026-06"):
        choose_sources([], supplies, forces=[], months=[APRIL, MAY, JUNE])


def test_a_merged_file_that_holds_a_month_twice_is_refused(tmp_path: Path) -> None:
    """Two downloads of one month are alike but for a few rows; people stopped together are alike too, and few."""
    month = on(*(f"2026-05-{day:02}" for day in range(1, 29)))
    together = [*month, *month[:4]]
    assert held(read(write(tmp_path, "kent.csv", [*MERGED[:1], *together])))["kent", "2026-05"] == 32
    with pytest.raises(DataError) as error:
        read(write(tmp_path, "kent.csv", [*MERGED[:1], *month, *month[:-1]]))
    assert (error.value.what, error.value.where) == ("the file holds kent, 2026-05 more than once", "kent.csv")
    assert error.value.found == "27 of 55 rows are there already"


# Nothing passed over


def test_a_folder_gives_every_file_with_the_portals_columns_or_nearly_its_name(tmp_path: Path) -> None:
    write_monthly(tmp_path, monthly_text([{}], month="2026-04"), force="kent", month="2026-04")
    for name in ("a.csv", "b/c.tsv", "d.json", "e.csv.gz"):
        path = write(tmp_path, name)
        if name.endswith("json"):
            path.write_text(json.dumps([{"self_defined_ethnicity": None, "object_of_search": None}]))
        if name.endswith("gz"):
            path.write_bytes(gzip.compress(path.read_bytes()))
    (tmp_path / "2026-05-kent-stop-and-search (2).csv").write_text("<html>")
    for name in ("notes.txt", "manifest.json", "2026-04-kent-street.csv", "._2026-04-kent-stop-and-search.csv", "x.gz"):
        (tmp_path / name).write_text("something, else")
    names = {file.name for file in find_resaved([tmp_path])[0]}
    assert names == {"2026-05-kent-stop-and-search (2).csv", "a.csv", "b/c.tsv", "d.json", "e.csv.gz"}


def test_a_workbook_under_nearly_the_name_of_a_month_is_named_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "2026-04-kent-stop-and-search.xlsx").write_bytes(b"PK")
    (tmp_path / "minutes.xlsx").write_bytes(b"PK")
    for path in (tmp_path, tmp_path / "minutes.xlsx"):
        with pytest.raises(RequestError, match="are not read from a workbook") as error:
            find_resaved([path])
        assert "as CSV" in error.value.what_now


def test_files_in_an_archive_are_found_by_their_columns_too(tmp_path: Path) -> None:
    text = monthly_text(MERGED, month="2026-04")
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        archive.writestr("kent/all.csv", text)
        archive.writestr("2026-04/2026-04-kent-street.csv", "Crime ID\n1\n")
        archive.writestr("__MACOSX/kent/._all.csv", text)
    (supply,) = read(tmp_path / "mine.zip")
    assert supply.name == "mine.zip/kent/all.csv"
    assert sum(held([supply]).values()) == 4


def test_an_extract_of_the_project_is_no_file_of_the_portals(tmp_path: Path) -> None:
    path = write(tmp_path, "kent.csv")
    extract = {"file": path, "force": "kent", "columns": {"searched_at": "Date"}, "date_format": "%Y-%m-%dT%H:%M:%S%z"}
    given = {"records": [tmp_path], "from": "2026-04", "to": "2026-06"}
    assert list_resaved(Settings.model_validate(given)) == ["kent.csv"]
    assert list_resaved(Settings.model_validate(given | {"extracts": [extract]})) == []


def test_the_months_of_a_merged_file_are_in_the_span_and_its_path_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path, "stops.csv")
    assert span_months([path], ["kent"]) == {"from": "2026-04", "to": "2026-06"}
    settings = Settings.model_validate({"records": [path], "forces": ["kent"], "from": "2026-04", "to": "2026-06"})
    assert [paths for _, paths in (take_resaved(settings, [path]), take_resaved(settings, [tmp_path]))] == [
        [],
        [tmp_path],
    ]


# What is refused


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("kent.json", '[{"self_defined_ethnicity": 1, "object_of_search": ' + "[" * 100_000, "E112"),
        ("kent.json", '[{"self_defined_ethnicity": 1, "object_of_search": ', "E112"),
        ("kent.json", '[1, "self_defined_ethnicity", "object_of_search"]', "E112"),
        ("2026-04-kent-stop-and-search (1).csv", f"<html>{PERSON}", "E112"),
        ("2026-04-kent-stop-and-search (1).csv", "", "E101"),
        ("2026-04-kent-stop-and-search (1).csv", f"a,b\n{PERSON},2\n", "E111"),
        ("kent.csv", monthly_text([{}]).replace("Type,", "Kind,"), "E111"),
        ("kent.csv", monthly_text([{}]).replace("Policing operation,", "Officer name,"), "E127"),
        ("kent.csv", monthly_text([{"outcome": PERSON}])[:-30], "E106"),
        ("kent.csv.gz", gzip.compress(monthly_text(MERGED).encode())[:-20], "E118"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_without_a_word_of_its_rows(
    tmp_path: Path, name: str, content: str | bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as error:
        read(path)
    assert (error.value.code, error.value.where, PERSON in str(error.value)) == (code, name, False)


# Cases met in the wild


def test_three_months_in_one_file_are_three_months(cases: Path) -> None:
    path = cases / "03" / "stop_and_search_3months.csv"
    months = {("leicestershire", f"2024-{month:02}"): 60 for month in (4, 5, 6)}
    assert held(read(path, forces=["leicestershire"])) == months


def test_the_answer_of_the_api_is_a_month(cases: Path) -> None:
    (supply,) = read(cases / "03" / "2024-01-leicestershire-stop-and-search.json")
    (raw,) = supply.files
    assert (raw.force, raw.month, raw.rows.height) == ("leicestershire", date(2024, 1, 1), 1)
    assert raw.rows["outcome"].to_list() == ["Arrest"]
    assert raw.rows["legislation"].to_list() == [None]


def test_a_month_whose_name_has_a_number_is_read_beside_the_others(cases: Path) -> None:
    folder = cases / "05" / "folder"
    supplies = read(folder)
    files, raws = choose_sources(
        find_files([folder])[0], supplies, forces=[], months=[date(2024, m, 1) for m in (4, 5, 6)]
    )
    assert [file.month.month for file in files] == [4, 5]
    assert [(raw.force, raw.month.month, raw.rows.height) for raw in raws] == [("leicestershire", 6, 573)]
    assert span_months([folder], []) == {"from": "2024-04", "to": "2024-06"}


def read_raw(path: Path) -> RawFile:
    (supply,) = read(path)
    return supply.files[0]


def test_every_way_to_write_nothing_is_nothing(tmp_path: Path) -> None:
    row = make_row({}, "2026-04")
    for blank in ("NA", "NaN", "None", "NULL", "<NA>"):
        text = monthly_text([row, {**dict.fromkeys(row, blank), "subject": "Person search"}], month="2026-04")
        (tmp_path / "2026-04-kent-stop-and-search_r.csv").write_text(text, encoding="utf-8")
        rows = read_raw(tmp_path / "2026-04-kent-stop-and-search_r.csv").rows
        others = rows.drop("source_row", "subject", "is_part_of_operation", "operation")
        assert others.width > 18
        assert set(others[1].null_count().row(0)) == {1}


# Whatever comes

SIGNS = ('"', ",", ";", "\n", "\r", "\x00", "\t", "NA", "é", "\ufeff", "{", "[", "2024-06-31", "Type", "force")


@few
@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from(SIGNS)), max_size=6), st.sampled_from(["csv", "json", "csv.gz"])
)
def test_a_damaged_file_gives_its_rows_or_one_named_refusal(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[float, str]], kind: str
) -> None:
    answer = [{"datetime": "2026-04-01T10:00:00+00:00", "self_defined_ethnicity": "x", "object_of_search": "y"}]
    text = json.dumps(answer) if kind == "json" else monthly_text(MERGED, month="2026-04")
    for place, sign in cuts:
        at = int(place * len(text))
        text = text[:at] + sign + text[at:]
    content = text.encode()
    path = tmp_path_factory.mktemp("x") / f"2026-04-kent-stop-and-search (1).{kind}"
    path.write_bytes(gzip.compress(content) if kind.endswith("gz") else content)
    outcome = try_to_read(path)
    if isinstance(outcome, DisparityError):
        assert (outcome.code[:1], outcome.where[:12]) == ("E", "2026-04-kent")
        return
    for supply in outcome:
        assert supply.rows_read == sum(held([supply]).values()) + sum(supply.set_aside.values())


def try_to_read(path: Path) -> list[Supply] | DisparityError:
    try:
        return read(path)
    except DisparityError as error:
        return error
