"""Each bad file of the matrix (robustness, D2) has one named answer; the files beside it are read as ever."""

import csv
import gzip
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.project.settings import make_settings
from disparity.records.audit.files import audit_files
from disparity.records.audit.months import complete_audit, log_decisions
from disparity.records.coding import code_searches
from disparity.records.ingest import count_records
from disparity.sources.police_uk import choose_files, find_files
from disparity.sources.preflight import read_rows
from disparity.sources.raw import RawFile
from disparity.vocabulary.errors import DataError, RequestError
from support.builders import HEADER, monthly_text, read_file, write_monthly

APRIL = date(2019, 4, 1)
PERSON = "Jane Roe"
TEXT = monthly_text([{}, {"gender": "Female"}, {"object_of_search": "Stolen goods"}])
LINES = TEXT.splitlines()
# A year's rows would be more; 30 are enough to detect a shifted column.
MANY = [{"searched_at": f"2019-04-{day:02}T12:00:00+00:00"} for day in range(1, 31)]


def quote_all(text: str) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


def plant(text: str = TEXT) -> str:
    """Put a name where it must not come back from."""
    return text.replace("Female", PERSON)


def parquet() -> bytes:
    out = io.BytesIO()
    pl.DataFrame({"Type": [PERSON]}).write_parquet(out)
    return out.getvalue()


def swap(text: str, one: str, two: str) -> str:
    """Swap two columns' values under an unchanged header."""
    header, *rows = csv.reader(io.StringIO(text))
    first, second = header.index(one), header.index(two)
    for row in rows:
        row[first], row[second] = row[second], row[first]
    return "\n".join(",".join(row) for row in [header, *rows])


def with_dates(*dates: str) -> str:
    return plant(monthly_text([{"searched_at": text, "gender": "Female"} for text in dates]))


# What is wrong → the file, its code, words of the first line, what was found.
REFUSED: dict[str, tuple[bytes | str, str, str, str]] = {
    "1 empty": (b"", "E101", "the file is empty", ""),
    "1 only a byte order mark": (b"\xef\xbb\xbf", "E101", "the file is empty", ""),
    "1 only blank lines": (b"\r\n\r\n", "E101", "the file is empty", ""),
    "1 a blank line above the header": ("\n" + plant(), "E101", "the file is empty", "a first line without a header"),
    "4 UTF-16, as Excel's Unicode text": (plant().encode("utf-16"), "E102", "the file is UTF-16, not UTF-8", ""),
    "4 UTF-16 without a mark": (plant().encode("utf-16-le"), "E102", "the file is UTF-16, not UTF-8", ""),
    "4 UTF-16, the other way round": (plant().encode("utf-16-be"), "E102", "the file is UTF-16, not UTF-8", ""),
    "5 cp1252": (
        plant().replace("Roe", "Ro\xe9").encode("cp1252"),
        "E103",
        "the file is not UTF-8 text",
        f"line 3, byte {len(''.join(line + chr(10) for line in LINES[:2])) + LINES[2].index('Female') + 8}",
    ),
    "6 one NUL": (plant().replace("Roe", "R\0e"), "E104", "the file holds 1 NUL byte", "line 3"),
    "6 NULs": (plant().replace(",", "\0,", 4), "E104", "the file holds 4 NUL bytes", "line 1"),
    "8 a quote left open": (plant().replace("Jane", '"Jane'), "E105", "a quotation mark is not closed", "line 3"),
    "8 a quote left open among others": (
        plant(quote_all(TEXT)).replace('Roe"', "Roe"),
        "E105",
        "a quotation mark is not closed",
        "line 3",
    ),
    "8 a quote left open and closed later": (
        plant().replace("Jane", '"Jane').replace("Stolen", 'Stolen"'),
        "E105",
        "a quotation mark is not closed",
        "line 3",
    ),
    "8 a quote left open after a stray one": (
        plant().replace("Person", 'P"erson', 1).replace("Jane", '"Jane'),
        "E105",
        "a quotation mark is not closed",
        "line 3",
    ),
    "8 a header over two lines": ('"' + plant(), "E105", "a quotation mark is not closed", "line 1"),
    "8 a header that stray quotes close": (
        plant("\n".join([LINES[0][:-3] + '"in,"g', LINES[1].replace("White,", 'White",')])),
        "E105",
        "a quotation mark is not closed",
        "line 1",
    ),
    "11 a last row cut short": (plant()[:-60], "E106", "1 row does not have as many values as the header", "line 4"),
    "12 a short row": (
        TEXT.replace("\n", f"\n{PERSON},Male\n", 2),
        "E107",
        "2 rows do not have as many values as the header",
        "line 2, 4",
    ),
    "12 one character on a line": (TEXT.replace("\n", "\nx\n", 1), "E107", "1 row does not have", "line 2"),
    "12 many short rows": (
        TEXT + f"{PERSON}\n" * 9 + LINES[1],
        "E107",
        "9 rows do not have",
        "line 5, 6, 7, 8, 9 and more",
    ),
    "12 a short row among stray quotes": (
        plant().replace("Jane", '5" Jane') + f"{PERSON}\n" + LINES[1],
        "E107",
        "1 row does not have",
        "line 5",
    ),
    "11 a row cut short after stray quotes": (
        plant().replace("Jane", '5" Jane') + PERSON,
        "E106",
        "1 row does not have",
        "line 5",
    ),
    "13 a long row": (f"{TEXT}{LINES[1]},{PERSON}\n", "E108", "1 row does not have as many", "line 5"),
    "13 a long row among stray quotes": (
        plant().replace("Jane", '5" Jane') + f"{LINES[1]},{PERSON}\n",
        "E108",
        "1 row does not have as many",
        "line 5",
    ),
    "14 two columns with one name": (
        plant().replace("Gender", "Outcome", 1),
        "E109",
        "two columns are both 'outcome'",
        "",
    ),
    "14 two names of one column": (plant().replace("Gender", "datetime", 1), "E109", "two columns are both", ""),
    "14 two unknown columns with one name": (
        plant("\n".join(line + ",x,x" for line in LINES)),
        "E109",
        "two columns are both 'x'",
        "",
    ),
    "15 values under each other's names": (
        swap(monthly_text(MANY), "Self-defined ethnicity", "Officer-defined ethnicity"),
        "E110",
        "30 of 30 values of 'self defined ethnicity' belong to another column",
        "values of 'officer defined ethnicity'",
    ),
    "46 columns that slid": (
        swap(monthly_text(MANY), "Object of search", "Outcome"),
        "E110",
        "30 of 30 values of 'object of search' belong to another column",
        "values of 'outcome'",
    ),
    "17 a column is missing": (
        plant().replace("Object of search", "Objects of search", 1),
        "E111",
        "the file is not a stop-and-search file of data.police.uk",
        "no column for object_of_search (nearest: 'Objects of search'); line 1 has 15 labels: 'Type', 'Date', "
        "'Part of a policing operation', 'Policing operation', 'Latitude', 'Longitude', 'Gender', 'Age range', "
        "'Self-defined ethnicity', 'Officer-defined ethnicity', 'Legislation', 'Outcome', "
        "'Outcome linked to object of search', "
        "'Removal of more than just outer clothing' and 1 that is not known",
    ),
    "17 the header is missing": (
        plant().partition("\n")[2],
        "E111",
        "the file is not a stop-and-search file of data.police.uk",
        "no column for subject, searched_at, self_defined_ethnicity, officer_defined_ethnicity, legislation, "
        "object_of_search, outcome, is_outcome_linked; line 1 has 13 labels, none known: is it the header?",
    ),
    "18 a web page": (
        f"<!DOCTYPE html>\n<title>502 Bad Gateway</title><p>{PERSON}</p>",
        "E112",
        "the file is a web page, not a CSV",
        "the status 502",
    ),
    "18 a web page without a status": (
        f" <html><style>h1 {{font-weight: 500}}</style>{PERSON}</html>",
        "E112",
        "the file is a web page, not a CSV",
        "",
    ),
    "19 JSON": (json.dumps({"error": PERSON}), "E112", "the file is JSON, not a CSV", ""),
    "19 JSON with a status": (
        json.dumps({"status": 404, "error": PERSON}),
        "E112",
        "the file is JSON",
        "the status 404",
    ),
    "21 CR only": (plant().replace("\n", "\r"), "E114", "the file has lines that end in CR only", "line 1"),
    "21 a CR above the header": ("\r" + plant(), "E114", "the file has lines that end in CR only", "line 1"),
    "21 CR only after the header": (
        plant().replace("\n", "\r").replace("\r", "\n", 1),
        "E114",
        "the file has lines that end in CR only",
        "line 2",
    ),
    "21 CR only among stray quotes": (
        plant().replace("Jane", '5" Jane').replace("\n", "\r").replace("\r", "\r\n", 2),
        "E114",
        "the file has lines that end in CR only",
        "line 3",
    ),
    "24 two files in one": (plant() + TEXT, "E115", "the header is in the file twice", "line 5"),
    "24 two files in one, without a line end between": (
        plant().rstrip("\n") + "\ufeff" + TEXT,
        "E115",
        "the header is in the file twice",
        "line 4",
    ),
    "25 5 MB in one value": (
        TEXT.replace("Female", PERSON * 600_000),
        "E116",
        "a value is longer than 10,000 bytes",
        "line 3",
    ),
    "25 a long value among stray quotes": (
        plant().replace("Jane", '5" Jane' + "x" * 10_001),
        "E116",
        "a value is longer than 10,000 bytes",
        "line 3",
    ),
    "25 5 MB in one value among stray quotes": (
        plant().replace("Jane", '5" Jane' + "x" * 5_000_000),
        "E105",
        "a quotation mark is not closed",
        "line 3",
    ),
    "26 gzip": (gzip.compress(plant().encode()), "E117", "the file is gzip, not a CSV", ""),
    "26 a workbook": (b"PK\x03\x04" + plant().encode(), "E117", "the file is a zip archive or an Excel workbook", ""),
    "26 Parquet": (parquet(), "E117", "the file is Parquet, not a CSV", ""),
    "30 times with and without a zone": (
        with_dates("2019-04-01T10:00:00+00:00", "2019-04-01T10:00:00", "2019-04-02 10:00"),
        "E119",
        "dates and times are not written in one known way",
        "with a time zone in 1 row; without a time zone in 2 rows",
    ),
    "30 day and month in doubt": (
        with_dates("01/02/2019 10:00"),
        "E119",
        "dates and times are not written in one known way",
        "day and month in an order that is not clear in 1 row",
    ),
    "31 ages as dates": (
        plant(monthly_text([{"age_group": "Oct-17"}, {"age_group": "17-Oct"}, {"gender": "Female"}])),
        "E120",
        "a spreadsheet has rewritten 2 values of 'age range'",
        "'10-17' became a date, such as Oct-17",
    ),
    "31 a date as a day number": (
        with_dates("43556.5"),
        "E120",
        "a spreadsheet has rewritten 1 value of 'date'",
        "a day number, or a day without its year or time",
    ),
    "31 a date without its year": (with_dates("10-Jan"), "E120", "a spreadsheet has rewritten 1 value of 'date'", ""),
    "49 a name": (
        plant("\n".join([LINES[0] + ",Subject name", *(line + f",{PERSON}" for line in LINES[1:])])),
        "E127",
        "1 column holds personal data",
        "'Subject name'",
    ),
}


@pytest.mark.parametrize(("content", "code", "what", "found"), REFUSED.values(), ids=REFUSED)
def test_the_file_is_refused_with_one_code_and_nothing_of_its_rows(
    tmp_path: Path, content: bytes | str, code: str, what: str, found: str
) -> None:
    write_monthly(tmp_path, content)
    write_monthly(tmp_path, TEXT, force="mereside")
    bad, good = choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])
    with pytest.raises(DataError) as error:
        read_file(bad)
    text = str(error.value)
    assert error.value.code == code
    assert error.value.what.startswith(what)
    assert f"({code})" in text.splitlines()[0]
    assert error.value.where == "2019-04/2019-04-fellshire-stop-and-search.csv"
    assert not found or error.value.found == found
    assert error.value.what_now
    assert "Traceback" not in text
    for part in PERSON.split():
        assert part not in "".join(map(str, [text, error.value.args, error.value.__cause__]))
    assert read_file(good).rows.height == 3


PERSONAL = (
    "Name",
    "First Name",
    "surname",
    "DateOfBirth",
    "DOB",
    "Home address",
    "Postcode",
    "E-mail",
    "Mobile number",
)
OFFICERS = (
    "Officer name",
    "Officer ID",
    "Collar number",
    "Warrant No",
    "PNC ID",
    "Vehicle registration",
    "Grounds",
    "Notes",
)


@pytest.mark.parametrize("label", [*PERSONAL, *OFFICERS])
def test_a_column_of_personal_data_is_named_and_refused(tmp_path: Path, label: str) -> None:
    write_monthly(tmp_path, "\n".join([f"{label},{LINES[0]}", *(f"{PERSON},{line}" for line in LINES[1:])]))
    with pytest.raises(DataError) as error:
        read_one(tmp_path)
    assert (error.value.code, error.value.found) == ("E127", repr(label))


def read_one(folder: Path) -> RawFile:
    (file,), _ = find_files([folder])
    return read_file(file)


def read_text(folder: Path, content: str | bytes) -> pl.DataFrame:
    return read_one(write_monthly(folder, content)).rows


# What is odd, and how the same rows look without it.
ACCEPTED: dict[str, bytes | str] = {
    "20 semicolons": TEXT.replace(",", ";"),
    "20 tabs": TEXT.replace(",", "\t"),
    "20 vertical bars": TEXT.replace(",", "|"),
    "3 a byte order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "10 every value in quotes": quote_all(TEXT),
    "15 columns in another order": "\n".join(",".join(reversed(line.split(","))) for line in LINES),
    "16 an extra column": "\n".join(f"{line},kept" for line in LINES).replace(",kept", ",Ward", 1),
    "16 empty columns, as spreadsheets leave them": "\n".join(f"{line},," for line in LINES),
    "16 an unnamed index": "\n".join(f"{place or ''},{line}" for place, line in enumerate(LINES)),
    "22 CRLF": TEXT.replace("\n", "\r\n"),
    "22 CRLF and quotes": quote_all(TEXT).replace("\n", "\r\n"),
    "23 blank lines": TEXT.replace("\n", "\n\n\n"),
    "23 blank lines of CRLF": TEXT.replace("\n", "\r\n\r\n"),
    "23 blank lines and quotes": quote_all(TEXT).replace("\n", "\n\n"),
    "23 rows of nothing": TEXT.replace("\n", "\n" + "," * 14 + "\n") + '"",' * 14 + '""\n',
    "11 no final line end": TEXT.rstrip("\n"),
    "38 white space round values": TEXT.replace(",Male", ",\u00a0Male "),
}


@pytest.mark.parametrize("content", ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_odd_and_harmless_is_read_as_if_it_were_not(tmp_path: Path, content: bytes | str) -> None:
    assert read_text(tmp_path / "odd", content).equals(read_text(tmp_path / "plain", TEXT))


def test_2_a_header_only_is_a_month_of_zero_searches(tmp_path: Path) -> None:
    assert read_text(tmp_path, ",".join(HEADER)).height == 0


HOSTILE = ("=cmd()", "<script>alert(1)</script>", "\x1b[2J\x1b[31m", "\u202eevil", "@SUM(1)", "\x07", "\ufffd", "💥")


@pytest.mark.parametrize("value", [*HOSTILE, '5" knife', 'a "word" in quotes', '"half" quoted', "two\nlines"])
@pytest.mark.parametrize("column", ["object_of_search", "outcome", "gender", "searched_at", "age_group", "subject"])
def test_7_a_hostile_value_stays_a_value_and_no_row_is_lost(tmp_path: Path, value: str, column: str) -> None:
    rows = read_text(tmp_path, monthly_text([{column: value}, {}]))
    assert rows[column][0] == value
    assert rows.height == 2


def test_10_a_cr_between_quotes_is_part_of_its_value(tmp_path: Path) -> None:
    rows = read_text(tmp_path, quote_all(TEXT).replace("Stolen", "Stolen\r"))
    assert rows["object_of_search"][2] == "Stolen\r goods"


@pytest.mark.parametrize("value", ['5" knife', 'a "word" in', '5" and 7"', '"half" quoted', 'ends in "'])
def test_9_a_stray_quote_is_part_of_its_value_and_no_row_is_lost(tmp_path: Path, value: str) -> None:
    lax = {'"half" quoted': "half quoted"}.get(value, value)
    rows = read_text(tmp_path, TEXT.replace("Offensive weapons", value) + "\n")
    assert rows["object_of_search"].to_list() == [lax, lax, "Stolen goods"]


def test_9_rows_of_nothing_among_stray_quotes_are_no_rows(tmp_path: Path) -> None:
    content = TEXT.replace("Offensive weapons", '5" knife').replace("\n", "\n\n" + "," * 14 + "\n")
    assert read_text(tmp_path, content)["source_row"].to_list() == [1, 2, 3]


@pytest.mark.parametrize("value", [*HOSTILE, PERSON])
def test_a_hostile_label_or_file_name_never_reaches_a_message_raw(tmp_path: Path, value: str) -> None:
    folder = tmp_path / value.replace("/", "")
    folder.mkdir()
    path = write_monthly(tmp_path, TEXT.replace("Outcome,", f"Outcomex {value},", 1))
    with pytest.raises(DataError) as error:
        read_one(path.rename(folder / path.name))
    assert error.value.code == "E111"
    assert str(error.value).replace("\n", "").isprintable()


def test_17_a_label_in_place_of_a_missing_one_is_shown_only_when_it_looks_like_it(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_text(tmp_path, TEXT.replace("Outcome,", f"{PERSON},", 1))
    assert error.value.found.startswith("no column for outcome; line 1 has 15 labels: 'Type', 'Date', ")
    assert error.value.found.endswith(" and 1 that is not known")


# Values that are kept, counted, or not recorded


def times_of(folder: Path, *dates: str) -> list[object]:
    rows = monthly_text([{"searched_at": text} for text in dates])
    return code_searches(read_one(write_monthly(folder, rows)))["searched_at"].dt.to_string("iso:strict").to_list()


def test_32_33_the_two_clock_change_nights_are_read_as_utc(tmp_path: Path) -> None:
    """01:30 on 27 October 2019 was twice, on 31 March not at all: on the local clock, which these are not."""
    read = times_of(tmp_path, "2019-10-27T01:30:00", "2019-03-31T01:30:00")
    assert read == ["2019-10-27T01:30:00.000000+00:00", "2019-03-31T01:30:00.000000+00:00"]


def test_34_the_last_hour_of_a_summer_month_stays_in_its_file(tmp_path: Path) -> None:
    assert times_of(tmp_path, "2019-03-31T23:30:00+00:00") == ["2019-03-31T23:30:00.000000+00:00"]


def test_35_a_day_that_is_not_is_not_recorded_and_its_row_is_kept(tmp_path: Path) -> None:
    assert times_of(tmp_path, "2019-02-29T10:00:00+00:00", "2019-04-01T25:00:00+00:00") == [None, None]


def test_36_a_file_of_dates_only_is_read(tmp_path: Path) -> None:
    assert times_of(tmp_path, "2019-04-01", "2019-04-02")[0] == "2019-04-01T00:00:00.000000+00:00"


def test_37_an_unseen_label_is_kept_as_text_and_not_recorded(tmp_path: Path) -> None:
    raw = read_one(write_monthly(tmp_path, monthly_text([{"self_defined_ethnicity": "Tutti Frutti"}] * 30)))
    assert set(raw.rows["self_defined_ethnicity"]) == {"Tutti Frutti"}
    assert code_searches(raw)["self_defined_ethnicity"].null_count() == 30


def test_40_coordinates_that_are_none_keep_their_row(tmp_path: Path) -> None:
    raw = read_one(write_monthly(tmp_path, monthly_text([{"latitude": "north"}, {"latitude": "0", "longitude": "0"}])))
    assert code_searches(raw)["latitude"].to_list() == [None, None]


def test_43_rows_that_look_alike_are_all_kept(tmp_path: Path) -> None:
    assert read_text(tmp_path, monthly_text([{}] * 7)).height == 7


@pytest.mark.parametrize(("foreign", "is_refused"), [(1, False), (2, True)])
def test_15_a_few_values_in_the_wrong_column_do_not_make_a_shifted_file(
    tmp_path: Path, foreign: int, is_refused: bool
) -> None:
    rows = [{"outcome": "Firearms"}] * foreign + [{}] * (21 - foreign)
    if is_refused:
        with pytest.raises(DataError, match=r"2 of 21 values of 'outcome' belong to another column \(E110\)"):
            read_text(tmp_path, monthly_text(rows))
    else:
        assert read_text(tmp_path, monthly_text(rows)).height == 21


def test_15_a_short_file_is_never_called_shifted(tmp_path: Path) -> None:
    assert read_text(tmp_path, monthly_text([{"outcome": "Firearms"}] * 19)).height == 19


def test_15_the_blank_outcome_of_the_api_is_no_flag(tmp_path: Path) -> None:
    assert read_text(tmp_path, monthly_text([{"outcome": "False"}] * 30)).height == 30


def test_15_not_stated_as_an_officer_writes_it_is_no_shifted_column(tmp_path: Path) -> None:
    rows = monthly_text([{"officer_defined_ethnicity": "Not Stated (NS)"}] * 30)
    assert read_text(tmp_path, rows).height == 30


BLANK_LINES = {
    "between rows": (TEXT.replace("\n", "\n\n\n"), 8),
    "between rows, CRLF": (TEXT.replace("\n", "\r\n\r\n"), 4),
    "of commas and of quotes": (TEXT.replace("\n", "\n" + "," * 14 + "\n", 2) + '"",' * 14 + '""\n', 3),
    "of white space between commas": (TEXT + " ,\u00a0," + "," * 12 + "\n", 1),
    "at the end": (TEXT + "\n\n", 2),
    "among stray quotes": (TEXT.replace("Offensive", '5" Offensive').replace("\n", "\n\n"), 4),
    "in a file of nothing else": (",".join(HEADER) + "\n\n\n", 2),
    "none": (TEXT, 0),
}


@pytest.mark.parametrize(("content", "blank"), BLANK_LINES.values(), ids=BLANK_LINES)
def test_23_blank_lines_are_dropped_and_counted(tmp_path: Path, content: str, blank: int) -> None:
    raw = read_one(write_monthly(tmp_path, content))
    audit = audit_files(code_searches(raw), raw)
    row = audit.submissions.row(0, named=True)
    assert row["rows_blank"] == blank
    assert row["rows_read"] == row["rows_kept"] + blank


def test_23_dropped_blank_lines_stand_in_the_decision_log(tmp_path: Path) -> None:
    raw = read_one(write_monthly(tmp_path, TEXT + "\n\n"))
    log = log_decisions(complete_audit([audit_files(code_searches(raw), raw)], ["fellshire"], [APRIL]).submissions)
    assert log.row(0) == ("sources", "fellshire", "drop (rows: 2)", "blank: a line without a value", 5, 3)


def quality_of(folder: Path, rows: list[dict[str, str | None]], *names: str) -> list[tuple[int, int]]:
    """For each quality item: how many rows, of how many."""
    raw = read_one(write_monthly(folder, monthly_text(rows)))
    submission = audit_files(code_searches(raw), raw).submissions.row(0, named=True)
    return [(submission[name], submission[f"{name}_of"]) for name in names]


# Latitude and longitude, and whether they are a place: the mainland's ends, and what lies beyond them.
PLACES = {
    "Scilly": ("49.91", "-6.30", True),
    "Unst, Shetland": ("60.84", "-0.78", True),
    "Lowestoft": ("52.48", "1.76", True),
    "Fermanagh": ("54.46", "-8.17", True),
    "0 and 0": ("0", "0", False),
    "0.0 and 0.0": ("0.000000", "0.000000", False),
    "swapped": ("-2.70", "53.76", False),
    "Paris": ("48.86", "2.35", False),
    "Dublin's mirror": ("53.35", "6.26", False),
    "a lost point": ("53760000", "-2700000", False),
    "words": ("north", "west", False),
    "not a number": ("NaN", "NaN", False),
    "half of it a place": ("53.76", "0,0", False),
}


@pytest.mark.parametrize(("latitude", "longitude", "is_place"), PLACES.values(), ids=PLACES)
def test_40_what_is_no_place_in_the_country_is_not_recorded_and_counted(
    tmp_path: Path, latitude: str, longitude: str, is_place: bool
) -> None:
    rows = [{"latitude": latitude, "longitude": longitude}, {}, {"latitude": None, "longitude": None}]
    raw = read_one(write_monthly(tmp_path, monthly_text(rows)))
    searches = code_searches(raw).select("latitude", "longitude").rows()
    assert searches[0] == ((float(latitude), float(longitude)) if is_place else (None, None))
    assert searches[1:] == [(53.76, -2.7), (None, None)]
    assert quality_of(tmp_path, rows, "coordinates_off_map") == [(0 if is_place else 1, 2)]


def test_40_coordinates_finer_than_the_portals_points_are_counted(tmp_path: Path) -> None:
    rows = [
        {"latitude": "53.760001", "longitude": "-2.700001"},
        {"latitude": "53.7600012", "longitude": "-2.700001"},
        {"latitude": "53.76", "longitude": "-2.7000012"},
        {"latitude": None, "longitude": None},
    ]
    assert quality_of(tmp_path, rows, "coordinates_not_snapped") == [(2, 3)]


def test_35_days_that_are_not_and_years_that_cannot_be_are_counted(tmp_path: Path) -> None:
    dates = [
        "2019-02-29T10:00:00+00:00",  # 2019 was no leap year
        "2019-04-31T10:00:00+00:00",
        "2013-12-31T23:59:59+00:00",
        "1900-01-01T00:00:00+00:00",
        "2014-01-01T00:00:00+00:00",
        "2019-05-01T10:00:00+00:00",  # had not happened when April was submitted
        "2999-04-01T10:00:00+00:00",
        None,
        "2019-04-30T10:00:00+00:00",
    ]
    names = ("searched_at_not_a_date", "before_2014", "after_month", "out_of_month", "searched_at_not_recorded")
    rows = [{"searched_at": text} for text in dates]
    assert quality_of(tmp_path, rows, *names) == [(2, 8), (2, 6), (2, 6), (5, 6), (3, 9)]


def test_32_33_times_without_a_zone_are_counted(tmp_path: Path) -> None:
    naive = [{"searched_at": text} for text in ("2019-03-31T01:30:00", "2019-04-01 10:00", "2019-04-02T10:00:00.5")]
    assert quality_of(tmp_path, naive, "time_without_zone") == [(3, 3)]
    zoned = [{"searched_at": f"2019-04-01T10:00:00{zone}"} for zone in ("+00:00", "Z", "+0100")]
    assert quality_of(tmp_path, zoned, "time_without_zone") == [(0, 3)]
    assert quality_of(tmp_path, [{"searched_at": "2019-04-01"}], "time_without_zone") == [(1, 1)]


def test_37_the_column_with_the_most_unseen_labels_gives_their_share(tmp_path: Path) -> None:
    unseen = {"self_defined_ethnicity": "Tutti Frutti", "outcome": "Knighted"}
    rows = [unseen, {"outcome": "Knighted"}, {}, {}]
    raw = read_one(write_monthly(tmp_path, monthly_text(rows)))
    submission = audit_files(code_searches(raw), raw).submissions.row(0, named=True)
    assert (submission["unknown_labels"], submission["unknown_label_share"]) == (3, 0.5)


# What is wrong → the column of an age range, as a spreadsheet leaves it.
MANGLED_AGES = ("Oct-17", "17-Oct", "10-Jan", "18-Sept", "17/10/2024", "2017-10-01", "2017-10-01 00:00:00", "43025")


@pytest.mark.parametrize("age", MANGLED_AGES)
def test_31_every_way_a_spreadsheet_writes_an_age_range_is_refused(tmp_path: Path, age: str) -> None:
    with pytest.raises(DataError) as error:
        read_text(tmp_path, monthly_text([{"age_group": age}, {}]))
    assert (error.value.code, error.value.what) == ("E120", "a spreadsheet has rewritten 1 value of 'age range'")


@pytest.mark.parametrize("age", ["10-17", "18-24", "over 34", "under 10", "Not known", None])
def test_31_an_age_range_as_recorded_is_none_of_them(tmp_path: Path, age: str | None) -> None:
    assert read_text(tmp_path, monthly_text([{"age_group": age}, {}])).height == 2


# What is declared is believed


CP1252 = TEXT.replace("Offensive weapons", "Constable’s £5 – café")


def test_5_a_file_that_is_not_utf_8_is_read_in_the_encoding_that_was_declared(tmp_path: Path) -> None:
    write_monthly(tmp_path, CP1252.encode("cp1252"))
    (file,), _ = find_files([tmp_path])
    raw = read_file(file, encoding="cp1252")
    assert raw.rows["object_of_search"][0] == "Constable’s £5 – café"
    assert (raw.encoding, raw.sha256) == ("cp1252", hashlib.sha256(CP1252.encode("cp1252")).hexdigest())


@pytest.mark.parametrize("content", [CP1252.encode(), TEXT.encode(), b"\xef\xbb\xbf" + CP1252.encode()])
def test_5_a_file_that_is_utf_8_is_read_as_such_whatever_was_declared(tmp_path: Path, content: bytes) -> None:
    write_monthly(tmp_path, content)
    (file,), _ = find_files([tmp_path])
    declared, plain = read_file(file, encoding="cp1252"), read_file(file)
    assert declared.rows.equals(plain.rows)
    assert declared.encoding == plain.encoding == "utf-8"


def test_5_a_byte_that_the_declared_encoding_has_not_is_placed(tmp_path: Path) -> None:
    write_monthly(tmp_path, plant().encode().replace(b"Roe", b"R\x81e"))
    (file,), _ = find_files([tmp_path])
    with pytest.raises(DataError) as error:
        read_file(file, encoding="cp1252")
    assert (error.value.code, error.value.what) == ("E103", "the file is not cp1252 text")
    assert error.value.found.startswith("line 3, byte ")
    assert PERSON not in str(error.value)


def test_5_a_packed_file_is_none_of_the_declared_encoding(tmp_path: Path) -> None:
    write_monthly(tmp_path, gzip.compress(TEXT.encode()))
    (file,), _ = find_files([tmp_path])
    with pytest.raises(DataError, match="the file is gzip, not a CSV"):
        read_file(file, encoding="cp1252")


# The name of the force


@pytest.mark.parametrize(
    ("slug", "force"),
    [
        ("Lancashire", "lancashire"),
        ("lancashire-constabulary", "lancashire"),
        ("british-transport-police", "btp"),
        ("devon-and-cornwall-police", "devon-and-cornwall"),
        ("hampshire-and-isle-of-wight", "hampshire"),
        ("metropolitan-police-service", "metropolitan"),
        ("fellshire", "fellshire"),
    ],
)
def test_45_a_force_goes_by_its_id_whatever_its_files_call_it(tmp_path: Path, slug: str, force: str) -> None:
    write_monthly(tmp_path, TEXT, force=slug)
    assert [file.force for file in find_files([tmp_path])[0]] == [force]


def test_45_a_month_under_two_names_of_a_force_is_in_two_versions(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT, force="lancashire")
    write_monthly(tmp_path, plant(), force="lancashire-constabulary")
    with pytest.raises(DataError, match=r"two different files hold lancashire, 2019-04 \(E123\)"):
        choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])


def test_45_a_slip_of_the_pen_is_refused_unless_it_is_asked_for(tmp_path: Path) -> None:
    monthly = write_monthly(tmp_path / "monthly", TEXT, force="lancashre")
    saved_again = tmp_path / "again" / "2019-04-lancashre-stop-and-search (1).csv"
    saved_again.parent.mkdir()
    saved_again.write_bytes(monthly.read_bytes())
    for folder in ("monthly", "again"):
        given = {"records": [tmp_path / folder], "from": "2019-04", "to": "2019-04", "forces": []}
        with pytest.raises(RequestError) as error:
            count_records(make_settings(given, where=""))
        assert error.value.code == "E124"
        assert error.value.what == "there is no force 'lancashre' in England and Wales"
        assert "did you mean 'lancashire'?" in error.value.what_now
        part = count_records(make_settings(given | {"forces": ["lancashre"]}, where=""))
        assert part.audit.submissions["force"].to_list() == ["lancashre"]


# A header that is short enough to be words of a value


def test_24_the_header_of_a_narrow_file_is_a_header_only_where_it_is_a_line() -> None:
    rows = read_rows(b"a,b\n1,2\nxa,b\na,bx\n")
    assert rows.height == 3
    for text in (b"a,b\n1,2\na,b\n3,4\n", b"a,b\r\n1,2\r\na,b"):
        with pytest.raises(DataError, match=r"the header is in the file twice \(E115\)"):
            read_rows(text)
