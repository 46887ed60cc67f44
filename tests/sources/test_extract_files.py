"""One extract of many files: every month once, each file named where it is at fault, mappings that meet at a month."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from disparity.cli.serve import list_inputs
from disparity.pipeline.submissions import check
from disparity.project.extract_mapping import ExtractSettings
from disparity.project.settings import Settings, read_settings
from disparity.records.ingest import Ingested, read_records
from disparity.sources.extract.files import find_files, name_files
from disparity.sources.extract.rows import OUTSIDE, read_extract
from disparity.vocabulary.errors import DataError, DisparityError, RequestError
from support.force_export import MAPPING, PERSON, make_rows, rename, write_export, write_project

MONTHS = [f"2026-{month:02}" for month in range(4, 13)] + [f"2027-{month:02}" for month in range(1, 4)]


def write_months(folder: Path) -> None:
    for month in MONTHS:
        write_export(folder / f"searches {month}.csv", make_rows([month]))


def project(folder: Path, file: str, **changed: Any) -> Settings:
    return read_settings(write_project(folder, file=file, **changed))


def sum_up(ingested: Ingested) -> tuple[int, list[tuple[date, str, int]]]:
    """Searches, and each month with its file and rows."""
    submissions = ingested.audit.submissions.select("month", "source_file", "rows_read")
    return ingested.counts.cells["searches"].sum(), submissions.rows()


@pytest.mark.parametrize(
    "file",
    [
        '"exports/*.csv"',
        '"**/searches*.csv"',
        '["exports/searches 2026-*.csv", "exports/searches 2027-*.csv"]',
        '["exports/searches 2027-01.csv", "exports/*.csv"]',
        '["' + '", "'.join(f"exports/searches {month}.csv" for month in MONTHS) + '"]',
    ],
)
def test_many_files_give_what_one_file_of_all_their_rows_gives(
    tmp_path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_months(tmp_path / "a project [2026]" / "exports")
    write_export(tmp_path / "b" / "export.csv", make_rows())
    one = read_records(project(tmp_path / "b", '"export.csv"'))
    monkeypatch.chdir(tmp_path)  # paths are relative to the project file, wherever the command is typed
    many = read_records(project(tmp_path / "a project [2026]", file))
    assert sum_up(many)[0] == sum_up(one)[0] > 0
    assert many.counts.cells.equals(one.counts.cells)
    assert [(name, rows) for _, name, rows in sum_up(many)[1]] == [(f"searches {month}.csv", 20) for month in MONTHS]


def test_a_pattern_that_matches_nothing_is_named(tmp_path: Path) -> None:
    write_months(tmp_path / "exports")
    with pytest.raises(RequestError) as error:
        check(project(tmp_path, '["exports/*.csv", "exports/*.xlsx"]'))
    assert error.value.what == "no file of an extract matches '*.xlsx'"
    assert (error.value.where, error.value.found) == (str(tmp_path / "exports"), "12 files in the folder itself")
    for file, found in (("nowhere/*.csv", "there is no such folder to look in"), ("a**b.csv", "there is no such")):
        with pytest.raises(RequestError) as error:
            check(project(tmp_path, f'"{file}"'))
        assert error.value.found.startswith(found)


def test_a_path_that_is_not_there_is_named_among_the_others(tmp_path: Path) -> None:
    write_months(tmp_path)
    with pytest.raises(RequestError, match=r"there is no 'searches 2028-01.csv'"):
        check(project(tmp_path, '["searches 2026-04.csv", "searches 2028-01.csv"]'))


def test_every_file_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    write_months(tmp_path)
    for month in ("2026-06", "2026-09"):
        path = tmp_path / f"searches {month}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("Disposal", "Outcome"), encoding="utf-8")
    with pytest.raises(DataError) as error:
        check(project(tmp_path, '"*.csv"'))
    assert str(error.value) == (
        "2 files cannot be read\n"
        "  found:    searches 2026-06.csv: there is no column 'Disposal' (E111); "
        "searches 2026-09.csv: there is no column 'Disposal' (E111)\n"
        "  what now: look each code up in docs/errors"
    )


def test_what_a_file_manager_hides_and_a_spreadsheet_locks_is_no_extract(tmp_path: Path) -> None:
    write_months(tmp_path)
    for name in ("~$searches 2026-04.csv", ".searches 2026-04.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "a folder.csv").mkdir()
    assert len(find_files([tmp_path / "*.csv"])) == 12


def test_files_of_one_name_are_named_with_their_folders(tmp_path: Path) -> None:
    write_export(tmp_path / "x" / "2026" / "a.csv", make_rows(["2026-04"]))
    write_export(tmp_path / "x" / "2027" / "a.csv", make_rows(["2027-01"]))
    paths = find_files([tmp_path / "x" / "**" / "*.csv"])
    assert name_files(paths) == ["2026/a.csv", "2027/a.csv"]
    assert [name for _, name, rows in sum_up(read_records(project(tmp_path, '"**/*.csv"')))[1] if rows] == [
        "2026/a.csv",
        "2027/a.csv",
    ]


def test_one_file_under_two_names_is_refused_and_empty_months_are_not(tmp_path: Path) -> None:
    write_months(tmp_path)
    copy = tmp_path / "searches of June.csv"
    copy.write_bytes((tmp_path / "searches 2026-06.csv").read_bytes())
    with pytest.raises(DataError, match="one file has two names") as error:
        check(project(tmp_path, '"*.csv"'))
    assert (error.value.code, error.value.where) == ("E122", "searches 2026-06.csv and searches of June.csv")
    copy.unlink()
    for name in ("empty a.csv", "empty b.csv"):
        write_export(tmp_path / name, [])
    assert read_extract(project(tmp_path, '"*.csv"').extracts[0]).rows_read == 240


def test_two_files_that_hold_one_month_are_refused(tmp_path: Path) -> None:
    write_months(tmp_path)
    late = make_rows(["2026-06"], each=21)[20:]
    write_export(tmp_path / "searches late.csv", late)
    with pytest.raises(DataError) as error:
        check(project(tmp_path, '"*.csv"'))
    assert error.value.what == "two files of one extract hold lancashire, 2026-06"
    assert error.value.where == "searches 2026-06.csv and searches late.csv"
    assert (error.value.found, error.value.code) == ("20 and 1 rows", "E123")


def test_a_record_number_in_two_files_is_one_search_twice(tmp_path: Path) -> None:
    write_months(tmp_path)
    again = make_rows(["2026-05"])
    rename(again, "URN", "SS/2026-05/3", "SS/2026-04/3")
    write_export(tmp_path / "searches 2026-05.csv", again)
    with pytest.raises(DataError) as error:
        check(project(tmp_path, '"*.csv"'))
    assert error.value.what == "1 row repeats a record number that another row has"
    assert (error.value.where, error.value.code) == ("searches 2026-04.csv and searches 2026-05.csv", "E136")


OTHER_SYSTEM = MAPPING.replace('"Disposal"', '"Result"').replace('"A2 Pakistani"', '"Asian - Pakistani"')


def write_two_systems(folder: Path) -> None:
    """The records system changed on 1 October 2026; both exports overlap, each with rows that are the other's."""
    rename(old := make_rows(MONTHS[:8]), "Disposal", "Arrest", "Not for these months", lambda row: "/11/" in row[DATE])
    write_export(folder / "old.csv", old)
    new = make_rows(MONTHS[4:])
    rename(new, "Self Defined Ethnicity (16+1)", "A2 Pakistani", "Asian - Pakistani")
    write_export(folder / "new.csv", [{"Result" if k == "Disposal" else k: v for k, v in row.items()} for row in new])


DATE = "Stop Search Date"


def test_two_mappings_meet_where_a_records_system_changed(tmp_path: Path) -> None:
    write_two_systems(tmp_path)
    path = write_project(tmp_path, file='"old.csv"', extra='valid_to = "2026-09"\n')
    block = path.read_text(encoding="utf-8").split("\n\n", 1)[1]
    second = block.replace("old.csv", "new.csv").replace('valid_to = "2026-09"', 'valid_from = "2026-10"')
    second = second.replace(MAPPING, OTHER_SYSTEM)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{second}", encoding="utf-8")
    ingested = read_records(read_settings(path))
    names = [name for _, name, _ in sum_up(ingested)[1]]
    assert names == ["old.csv"] * 6 + ["new.csv"] * 6
    assert ingested.audit.submissions["unknown_labels"].sum() == 0
    write_export(tmp_path / "export.csv", make_rows())
    alike = read_records(read_settings(write_project(tmp_path / "one", file='"../export.csv"')))
    assert ingested.counts.cells.equals(alike.counts.cells)
    outside = ingested.decisions.filter(reason=OUTSIDE)
    assert outside["action"].to_list() == ["set aside (rows: 40)", "set aside (rows: 40)"]


def test_without_their_months_the_two_are_refused(tmp_path: Path) -> None:
    write_two_systems(tmp_path)
    path = write_project(tmp_path, file='"old.csv"')
    second = path.read_text(encoding="utf-8").split("\n\n", 1)[1].replace("old.csv", "new.csv")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{second.replace(MAPPING, OTHER_SYSTEM)}", encoding="utf-8")
    with pytest.raises(RequestError) as error:
        check(read_settings(path))
    assert error.value.code == "E142"
    assert error.value.where == "old.csv and new.csv"
    assert "valid_from" in error.value.what_now


def test_rows_are_still_accounted_for_at_the_ends_of_a_mapping(tmp_path: Path) -> None:
    rows = make_rows(["2026-09", "2026-10"])
    rows[-1][DATE] = ""
    write_export(tmp_path / "export.csv", rows)
    extract = project(tmp_path, '"export.csv"', extra='valid_from = "2026-10"\nvalid_to = "2026-10"\n').extracts[0]
    supply = read_extract(extract)
    assert supply.set_aside == {OUTSIDE: 20, "no date": 1}
    assert supply.rows_read == 40 == sum(raw.rows.height for raw in supply.files) + 21
    assert [raw.month for raw in supply.files] == [date(2026, 10, 1)]


@pytest.mark.parametrize(
    ("file", "extra", "said"),
    [
        ("[]", "", "extracts.0.file: name at least one"),
        ("3", "", "extracts.0.file.0:"),
        ('"a.csv"', 'valid_from = "2026-10"\nvalid_to = "2026-09"\n', "valid_from is after valid_to"),
        ('"a.csv"', 'valid_from = "October"\n', "extracts.0.valid_from: write a month as 2019-04"),
    ],
)
def test_what_cannot_be_is_refused_before_a_file_is_opened(tmp_path: Path, file: str, extra: str, said: str) -> None:
    with pytest.raises(RequestError) as error:
        project(tmp_path, file, extra=extra)
    assert said in error.value.found


def test_a_preview_follows_every_file(tmp_path: Path) -> None:
    write_months(tmp_path)
    assert len(list_inputs(project(tmp_path, '"*.csv"'))) >= 12


def test_no_error_of_many_files_tells_of_a_person(tmp_path: Path) -> None:
    write_months(tmp_path)
    for month in ("2026-06", "2026-09"):
        path = tmp_path / f"searches {month}.csv"
        path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DisparityError) as error:
        read_extract(ExtractSettings.model_validate({**vars_of(tmp_path), "file": [tmp_path / "*.csv"]}))
    assert "searches 2026-06.csv" in error.value.found
    assert PERSON not in str(error.value)


def vars_of(folder: Path) -> dict[str, Any]:
    return project(folder, '"*.csv"').extracts[0].model_dump(by_alias=True)
