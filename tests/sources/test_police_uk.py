"""Monthly files of data.police.uk: wherever they lie, however they were exported, however they are broken."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.sources.police_uk import MonthlyFile, Version, choose_files, find_files
from disparity.sources.raw import LABELS, RAW_COLUMNS
from disparity.vocabulary.codes import HANDLING_FLAGS
from disparity.vocabulary.errors import DataError, DisparityError, RequestError
from support.builders import HEADER, monthly_text, read_file, write_monthly

APRIL, MAY = date(2019, 4, 1), date(2019, 5, 1)
NAME = "2019-04-fellshire-stop-and-search.csv"
MEMBER = f"2019-04/{NAME}"
TEXT = monthly_text([{"is_outcome_linked": "True"}, {"gender": "Female"}])
LINE = TEXT.splitlines()[1]
SNAKE = [label.lower().replace(" ", "_").replace("-", "_") for label in HEADER]
# Field names of the portal's API, with `location` flattened as JSON tools do it.
API = (
    "type",
    "datetime",
    "operation",
    "operation_name",
    "location.latitude",
    "location.longitude",
    "gender",
    "age_range",
    "self_defined_ethnicity",
    "officer_defined_ethnicity",
    "legislation",
    "object_of_search",
    "outcome",
    "outcome_linked_to_object_of_search",
    "removal_of_more_than_outer_clothing",
)
WriteCsv = Callable[..., Path]


def write_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read_one(path: Path) -> list[dict[str, str | None]]:
    files, _ = find_files([path])
    return [row for file in files for row in read_file(file).rows.to_dicts()]


def read_content(folder: Path, content: str | bytes) -> list[dict[str, str | None]]:
    return read_one(write_monthly(folder, content))


# Where files lie


def test_force_and_month_come_from_the_file_name(monthly_csv: WriteCsv) -> None:
    path = monthly_csv([{}], force="south-wales", month="2020-12")
    (file,), _ = find_files([path])
    assert (file.force, file.month) == ("south-wales", date(2020, 12, 1))
    assert file.name == "2020-12/2020-12-south-wales-stop-and-search.csv"


def test_a_name_in_capitals_is_the_same_force(tmp_path: Path) -> None:
    path = tmp_path / "2019-04-FELLSHIRE-Stop-And-Search.CSV"
    path.write_text(TEXT)
    for given in (path, tmp_path):
        assert [file.force for file in find_files([given])[0]] == ["fellshire"]


@pytest.mark.parametrize(
    "name",
    [
        "2019-13-fellshire-stop-and-search.csv",
        "2019-00-fellshire-stop-and-search.csv",
        "2019-4-fellshire-stop-and-search.csv",
        "2019-04--stop-and-search.csv.csv",
        "fellshire.csv",
        "records.txt",
    ],
)
def test_a_loose_file_whose_name_does_not_tell_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(TEXT)
    with pytest.raises(RequestError) as error:
        find_files([path])
    assert str(error.value) == (
        f"the file name does not say which force and month it is (E124)\n  where:    {name}\n"
        "  found:    another name than those of monthly files\n"
        "  what now: keep the portal's name, such as 2019-04-lancashire-stop-and-search.csv; a merged or re-saved file "
        "of it is read with --force, an export of your own by way of `disparity map`"
    )


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as error:
        find_files([tmp_path / "none"])
    assert str(error.value) == f"there is no 'none' (E129)\n  where:    {tmp_path / 'none'}\n  what now: check the path"


def test_folder_loose_file_and_archive_read_alike(tmp_path: Path) -> None:
    loose = write_monthly(tmp_path / "portal", TEXT)
    archive = write_zip(tmp_path / "portal.zip", {MEMBER: TEXT})
    read = [read_one(path) for path in (loose, tmp_path / "portal", archive)]
    assert read[0] == read[1] == read[2]
    assert [row["gender"] for row in read[0]] == ["Male", "Female"]


def test_an_archive_inside_a_folder_is_read_and_never_unpacked(tmp_path: Path) -> None:
    write_zip(tmp_path / "latest.zip", {MEMBER: TEXT})
    (file,), _ = find_files([tmp_path])
    assert read_file(file).rows.height == 2
    assert file.name == f"latest.zip/{MEMBER}"
    assert [path.name for path in tmp_path.rglob("*")] == ["latest.zip"]


def test_files_of_crimes_and_outcomes_are_passed_over_and_named(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT)
    for kind in ("street", "outcomes"):
        (tmp_path / "2019-04" / f"2019-04-fellshire-{kind}.csv").write_text("Crime ID\n1\n")
    (tmp_path / "notes.txt").write_text("not looked at")
    write_zip(
        tmp_path / "a.zip", {"2019-05/2019-05-fellshire-street.csv": "x", "__MACOSX/._" + NAME: "x", "a.txt": "x"}
    )
    files, ignored = find_files([tmp_path])
    assert [file.month for file in files] == [APRIL]
    assert ignored == [
        "2019-04-fellshire-outcomes.csv",
        "2019-04-fellshire-street.csv",
        "2019-05/2019-05-fellshire-street.csv",
        "__MACOSX/._" + NAME,
    ]


def test_files_come_in_order_of_force_and_month(tmp_path: Path) -> None:
    for force, month in [("mereside", "2019-04"), ("fellshire", "2019-05"), ("fellshire", "2019-04")]:
        write_monthly(tmp_path, TEXT, force=force, month=month)
    assert [(file.force, file.month) for file in find_files([tmp_path])[0]] == [
        ("fellshire", APRIL),
        ("fellshire", MAY),
        ("mereside", APRIL),
    ]


# Which files count


def test_a_byte_equal_copy_in_an_archive_is_read_once(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT)
    write_zip(tmp_path / "a.zip", {MEMBER: TEXT})
    files, _ = find_files([tmp_path])
    assert len(files) == 2
    assert len(choose_files(files, forces=[], months=[APRIL])) == 1


def test_the_same_path_given_twice_is_read_once(monthly_csv: WriteCsv) -> None:
    path = monthly_csv([{}])
    files, _ = find_files([path, path.parent, path.parents[1]])
    assert len(choose_files(files, forces=[], months=[APRIL])) == 1


def test_two_files_of_one_month_that_differ_are_refused_and_both_named(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT)
    write_zip(tmp_path / "a.zip", {MEMBER: TEXT.replace("Female", "Male")})
    files, _ = find_files([tmp_path])
    with pytest.raises(DataError) as error:
        choose_files(files, forces=[], months=[APRIL])
    assert str(error.value) == (
        f"two different files hold fellshire, 2019-04 (E123)\n  where:    {MEMBER} and a.zip/{MEMBER}\n"
        "  what now: keep one of them: counting both would double the searches"
    )
    assert error.value.exit_code == 3


def test_copies_that_differ_outside_the_months_asked_for_do_no_harm(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT, month="2019-05")
    write_monthly(tmp_path / "again", TEXT * 2, month="2019-05")
    write_monthly(tmp_path, TEXT)
    chosen = choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])
    assert [file.month for file in chosen] == [APRIL]


def test_only_the_forces_and_months_asked_for_are_chosen(tmp_path: Path) -> None:
    for force in ("fellshire", "mereside"):
        for month in ("2019-04", "2019-05"):
            write_monthly(tmp_path, TEXT, force=force, month=month)
    chosen = choose_files(find_files([tmp_path])[0], forces=["mereside"], months=[MAY])
    assert [(file.force, file.month) for file in chosen] == [("mereside", MAY)]


@pytest.mark.parametrize(
    ("held", "forces", "what", "found"),
    [
        (["fellshire"], ["mereside"], "mereside", "files of fellshire"),
        (["fellshire", "mereside"], ["kent", "mereside"], "kent", "files of fellshire, mereside"),
        ([], [], "any force", "no stop-and-search file"),
    ],
)
def test_a_force_without_files_is_told_word_for_word(
    tmp_path: Path, held: list[str], forces: list[str], what: str, found: str
) -> None:
    for force in held:
        write_monthly(tmp_path, TEXT, force=force)
    with pytest.raises(RequestError) as error:
        choose_files(find_files([tmp_path])[0], forces=forces, months=[APRIL, MAY])
    assert str(error.value) == (
        f"there are no files of {what} from 2019-04 to 2019-05 (E130)\n  found:    {found}\n"
        "  what now: check the force's id, the months and the folder"
    )


def test_records_of_other_months_only_are_no_files_of_any_force(monthly_csv: WriteCsv) -> None:
    files, _ = find_files([monthly_csv([{}])])
    with pytest.raises(RequestError, match="no files of any force from 2019-05 to 2019-05"):
        choose_files(files, forces=[], months=[MAY])


# How files were exported


@pytest.mark.parametrize("header", [HEADER, SNAKE, API], ids=["portal", "snake_case", "api"])
def test_each_known_form_of_the_header_gives_the_same_columns(tmp_path: Path, header: list[str]) -> None:
    (row,) = read_content(tmp_path, monthly_text([{"is_outcome_linked": "True"}], header=header))
    assert (row["subject"], row["searched_at"]) == ("Person search", "2019-04-15T12:00:00+00:00")
    assert (row["latitude"], row["longitude"], row["age_group"]) == ("53.76", "-2.70", "18-24")
    assert (row["is_outcome_linked"], row["is_clothing_removed"]) == ("True", "False")
    assert {column for column, value in row.items() if value is None} - {"is_part_of_operation", "operation"} == {
        "is_item_found",
        "drug_search_type",
        "search_origin",
        "item_found",
        "record_id",
        "area",
        "grounds",
        *HANDLING_FLAGS,
        "force_kind",
        "clothing_extent",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(),
        TEXT.rstrip("\n").encode(),
        "\n".join(f"{'' if place == 0 else place - 1},{line}" for place, line in enumerate(TEXT.splitlines())).encode(),
        "\n".join(f"{line},kept" for line in TEXT.splitlines()).replace("clothing,kept", "clothing,Ward", 1).encode(),
    ],
    ids=["bom", "crlf", "bom+crlf", "no final newline", "index column", "unknown column"],
)
def test_how_the_file_was_saved_changes_nothing(tmp_path: Path, content: bytes) -> None:
    plain = read_content(tmp_path / "plain", TEXT)
    other = read_content(tmp_path / "other", content)
    assert other == plain


@pytest.mark.parametrize("blank", ['""', "  ", '" "', "\u00a0"])
def test_a_blank_is_not_recorded_however_it_is_written(tmp_path: Path, blank: str) -> None:
    """Quoting every value is what R's write.csv does."""
    content = TEXT.replace("Male", blank).replace("A no further action disposal", blank)
    (row, _) = read_content(tmp_path, content)
    assert (row["gender"], row["outcome"], row["subject"]) == (None, None, "Person search")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_blank_line_is_no_row(tmp_path: Path, end: str) -> None:
    """A header and a blank line are a month of zero, not a month with one rejected row."""
    assert read_content(tmp_path / "a", ",".join(HEADER) + end * 3) == []
    assert len(read_content(tmp_path / "b", f"{TEXT}\n\n{LINE}\n".replace("\n", end))) == 3


def test_columns_are_found_by_name_not_by_place(tmp_path: Path) -> None:
    swapped = [[*cells[6:], *cells[:6]] for cells in (line.split(",") for line in TEXT.splitlines())]
    content = "\n".join(",".join(cells) for cells in swapped)
    assert read_content(tmp_path / "a", content) == read_content(tmp_path / "b", TEXT)


def test_columns_about_persons_may_be_left_out(tmp_path: Path) -> None:
    content = "\n".join(",".join(line.split(",")[:4] + line.split(",")[8:14]) for line in TEXT.splitlines())
    (row, _) = read_content(tmp_path, content.replace("Part of a policing operation,Policing operation,", "a,b,", 1))
    assert [row[name] for name in ("latitude", "longitude", "gender", "age_group", "is_clothing_removed")] == [None] * 5
    assert row["outcome"] == "A no further action disposal"


def test_rows_are_numbered_from_the_first_after_the_header(monthly_csv: WriteCsv) -> None:
    assert [row["source_row"] for row in read_one(monthly_csv([{}, {}, {}]))] == [1, 2, 3]


def test_a_line_break_inside_quotes_is_part_of_the_value(monthly_csv: WriteCsv) -> None:
    rows = read_one(monthly_csv([{"object_of_search": "Stolen\ngoods, all"}, {}]))
    assert [row["object_of_search"] for row in rows] == ["Stolen\ngoods, all", "Offensive weapons"]


def test_every_value_stays_text(monthly_csv: WriteCsv) -> None:
    (file,), _ = find_files([monthly_csv([{"latitude": "053.760"}])])
    rows = read_file(file).rows
    assert rows["latitude"].to_list() == ["053.760"]
    assert rows["is_clothing_removed"].to_list() == ["False"]
    assert {rows.schema[column] for column in RAW_COLUMNS} == {pl.String(), LABELS}


def test_the_hash_is_of_the_bytes_as_they_lie(tmp_path: Path) -> None:
    (file,), _ = find_files([write_monthly(tmp_path, TEXT)])
    assert read_file(file).sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_file_with_only_a_header_has_no_rows(tmp_path: Path, end: str) -> None:
    (file,), _ = find_files([write_monthly(tmp_path, ",".join(HEADER) + end)])
    assert read_file(file).rows.height == 0


# Broken files

NO_COLUMN = (
    "no column for subject, searched_at, self_defined_ethnicity, officer_defined_ethnicity, legislation, "
    "object_of_search, outcome, is_outcome_linked; line 1 has 13 labels, none known: is it the header?"
)
NO_OUTCOME = (
    "no column for outcome; line 1 has 15 labels: 'Type', 'Date', 'Part of a policing operation', "
    "'Policing operation', 'Latitude', 'Longitude', 'Gender', 'Age range', 'Self-defined ethnicity', "
    "'Officer-defined ethnicity', "
    "'Legislation', 'Object of search', 'Outcome linked to object of search', "
    "'Removal of more than just outer clothing' and 1 that is not known"
)
NOT_OURS = "the file is not a stop-and-search file of data.police.uk (E111)"
SAVE_AGAIN = "check that it was saved as CSV, with commas, and with its header line"
EMPTY = ("the file is empty (E101)", "", "a month without searches has a header line")
WIDTHS = "1 row does not have as many values as the header"
SERVER = "download it again: the server answered with a message instead of the file"
COLUMN_TWICE = "download the file again, or take out the column that is not the portal's"


@pytest.mark.parametrize(
    ("content", "what", "found", "what_now"),
    [
        (b"", *EMPTY),
        (b"\xef\xbb\xbf", *EMPTY),
        (b"\r\n", *EMPTY),
        (b"<!DOCTYPE html>\n<p>Jane Roe</p>", "the file is a web page, not a CSV (E112)", "", SERVER),
        (b'{"error": "Jane Roe"}', "the file is JSON, not a CSV (E112)", "", SERVER),
        (LINE.replace("Male", "Jane Roe"), NOT_OURS, NO_COLUMN, SAVE_AGAIN),
        (
            TEXT.encode("utf-16"),
            "the file is UTF-16, not UTF-8 (E102)",
            "the mark of UTF-16 at its start",
            "save it as CSV UTF-8, not as Excel's 'Unicode text'; an extract may say encoding = \"utf-16\"",
        ),
        (TEXT.replace("Outcome,", "Result,", 1), NOT_OURS, NO_OUTCOME, SAVE_AGAIN),
        (
            TEXT.replace("Gender,", "Outcome,", 1),
            "two columns are both 'outcome' (E109)",
            "columns 7 and 13",
            COLUMN_TWICE,
        ),
        (
            TEXT.replace("Gender,", "datetime,", 1),
            "two columns are both 'datetime' (E109)",
            "columns 2 and 7",
            COLUMN_TWICE,
        ),
        (
            f"{TEXT}{LINE},Jane Roe\n",
            f"{WIDTHS} (E108)",
            "line 4",
            "put quotation marks round values with commas, or download the file again",
        ),
        (f"{TEXT}{LINE[:90]}", f"{WIDTHS} (E106)", "line 4", "download the file again: it was cut off"),
        (
            TEXT.replace("\n", "\nJane Roe,Male\n", 2),
            f"2 rows do{WIDTHS[10:]} (E107)",
            "line 2, 4",
            "download the file again: it may have been damaged",
        ),
        (
            f'{TEXT}"Jane Roe,{LINE}\n{LINE}',
            "a quotation mark is not closed (E105)",
            "line 4",
            "look at that line; download the file again if it was cut off",
        ),
        (
            TEXT.replace("Male", "Jane Ro\xe9").encode("cp1252"),
            "the file is not UTF-8 text (E103)",
            f"line 2, byte {TEXT.index('Male') + 8}",
            'save it as CSV UTF-8, or say what it is: encoding = "cp1252"; it is never guessed',
        ),
    ],
)
def test_a_broken_file_is_refused_word_for_word(
    tmp_path: Path, content: bytes | str, what: str, found: str, what_now: str
) -> None:
    with pytest.raises(DataError) as error:
        read_content(tmp_path, content)
    found_line = f"  found:    {found}\n" if found else ""
    assert str(error.value) == f"{what}\n  where:    {MEMBER}\n{found_line}  what now: {what_now}"
    assert "Jane" not in "".join(map(str, [error.value, error.value.args, error.value.__cause__]))


def test_line_ends_of_old_macs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        read_content(tmp_path, TEXT.replace("\n", "\r"))


def test_an_archive_that_is_none_is_refused_word_for_word(tmp_path: Path) -> None:
    path = tmp_path / "latest.zip"
    path.write_bytes(b"<html>Jane Roe</html>")
    with pytest.raises(DataError) as error:
        find_files([tmp_path])
    assert str(error.value) == (
        "the archive cannot be read (E118)\n  where:    latest.zip\n  found:    not a zip file, or not all of one\n"
        "  what now: download it again; compare its size with the portal's"
    )


def test_a_download_that_broke_off_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "latest.zip", {MEMBER: TEXT})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match="the archive cannot be read"):
        find_files([path])


def test_a_member_that_is_damaged_is_refused_word_for_word(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MEMBER, TEXT)
    path = tmp_path / "a.zip"
    path.write_bytes(content.getvalue().replace(b"Offensive", b"0ffensive"))  # its checksum no longer fits
    with pytest.raises(DataError) as error:
        read_one(path)
    assert str(error.value) == (
        f"the file cannot be read from its archive (E118)\n  where:    a.zip/{MEMBER}\n"
        "  found:    a checksum that does not fit\n  what now: download the archive again"
    )


@pytest.mark.slow
def test_no_damage_to_an_archive_ends_in_a_traceback(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {MEMBER: TEXT})
    whole = path.read_bytes()
    escaped = set()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            read_one(path)
        except DisparityError:
            continue
        except Exception as error:
            escaped.add(type(error).__name__)
    assert escaped == set()


def test_a_month_folder_is_part_of_the_name_a_reader_sees() -> None:
    assert MonthlyFile(Path("/home/someone/2019-04") / NAME, None, "fellshire", APRIL, Version(0, 0, 0)).name == MEMBER
