"""A force's own extract: the same rows whichever file they come in, dates never guessed, nothing dropped unsaid."""

import hashlib
import json
import os
import re
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.audit.files import audit_files
from disparity.records.coding import code_searches
from disparity.sources.choice import choose_sources, log_supplies
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.sources.extract.value_guesses import guess_value
from disparity.sources.police_uk import MonthlyFile, find_files
from disparity.sources.raw import RAW_COLUMNS, Supply
from disparity.vocabulary.errors import DataError, DisparityError, RequestError
from support.builders import monthly_text, write_monthly

FELLSHIRE = Path(__file__).parents[2] / "data" / "synthetic" / "extract" / "fellshire-extract.csv"
TRUTH = json.loads((FELLSHIRE.parents[1] / "truth.json").read_text(encoding="utf-8"))["extract"]
APRIL, MAY = date(2024, 4, 1), date(2024, 5, 1)
PERSON = "Zebedee"  # is in every row where a person's details could be; no message may hold it

HEADER = ("Ref", "When", "SDE", "Disposal", "Found", "Grounds", "Surname")
COLUMNS = {
    "record_id": "Ref",
    "searched_at": "When",
    "self_defined_ethnicity": "SDE",
    "outcome": "Disposal",
    "is_item_found": "Found",
    "grounds": "Grounds",
}
VALUES = {"outcome": {"NFA": "no_further_action"}, "is_item_found": {"Y": True, "N": False}}
ROWS = (
    ("01", "30/04/2024 09:05", "W1", "NFA", "N", f"{PERSON}’s grounds", PERSON),
    ("02", "01/05/2024 00:30", "B2", "Arrest", "Y", "", PERSON),
    ("03", "25/05/2024 23:59", "", "nfa ", "", "Two\nlines", PERSON),
)


def write_csv(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER, **layout: str) -> Path:
    gap = layout.get("separator", ",")
    quoted = (['"{}"'.format(v.replace('"', '""')) if set(v) & {gap, "\n", '"'} else v for v in row] for row in rows)
    text = "".join(f"{gap.join(row)}\n" for row in (header, *quoted))
    path.write_bytes(text.encode(layout.get("encoding", "utf-8")))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write the least that is a workbook; a datetime becomes a date cell, a time a part of a day."""
    office = "http://schemas.openxmlformats.org"
    main, kinds = f"{office}/spreadsheetml/2006/main", f"{office}/officeDocument/2006/relationships"
    links = f'<Relationships xmlns="{office}/package/2006/relationships">'
    styles = f'<Relationship Id="s" Type="{kinds}/styles" Target="styles.xml"/>'
    names = dict(enumerate(sheets, start=1))
    listed = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="r{i}"/>' for i, name in names.items())
    linked = "".join(f'<Relationship Id="r{i}" Type="{kinds}/worksheet" Target="s{i}.xml"/>' for i in names)
    parts = {
        "_rels/.rels": f'{links}<Relationship Id="a" Type="{kinds}/officeDocument" Target="xl/workbook.xml"/>',
        "xl/_rels/workbook.xml.rels": f"{links}{linked}{styles}",
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets>{listed}</sheets>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>',
    }
    for number, name in names.items():
        rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in sheets[name])
        parts[f"xl/s{number}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
    with zipfile.ZipFile(path, "w") as book:
        for part, text in parts.items():
            book.writestr(part, f"{text}</{re.findall(r'<([a-zA-Z]+)', text)[0]}>")
    return path


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f'<c s="1"><v>{(value - datetime(1899, 12, 30)).total_seconds() / 86400!r}</v></c>'
    if isinstance(value, time):
        return f'<c s="1"><v>{(value.hour * 60 + value.minute) / 1440!r}</v></c>'
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' if value else "<c/>"


def settings_of(path: Path, **changed: Any) -> ExtractSettings:
    settings = {"columns": COLUMNS, "values": VALUES, "date_format": "%d/%m/%Y %H:%M", **changed}
    return ExtractSettings.model_validate({"file": path, "force": "fellshire", **settings})


def read(path: Path, **changed: Any) -> Supply:
    return read_extract(settings_of(path, **changed))


def rows_of(extract: Supply) -> list[dict[str, Any]]:
    return [row for raw in extract.files for row in raw.rows.to_dicts()]


def read_times(folder: Path, times: Sequence[str], **changed: Any) -> tuple[list[str], Supply]:
    path = write_csv(folder / "t.csv", [(when, "W1") for when in times], ("When", "SDE"))
    columns = {"searched_at": "When", "self_defined_ethnicity": "SDE"}
    extract = read(path, **{"columns": columns, "values": {}, **changed})
    return [row["searched_at"] for row in rows_of(extract)], extract


# One table, three kinds of file


def test_rows_go_to_their_month_as_text_under_our_names(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ROWS)
    april, may = read(path).files
    assert (april.force, april.month, may.month) == ("fellshire", APRIL, MAY)
    assert april.source_file == "x.csv"
    assert april.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert april.rows.columns == ["source_row", *RAW_COLUMNS]
    assert may.rows["source_row"].to_list() == [2, 3]
    row = april.rows.to_dicts()[0]
    assert (row["subject"], row["outcome"], row["is_item_found"]) == ("person", "no_further_action", "false")
    assert (row["searched_at"], row["grounds"]) == ("2024-04-30T08:05:00+00:00", f"{PERSON}’s grounds")


def test_csv_xlsx_and_parquet_give_the_same_rows(tmp_path: Path) -> None:
    moments = [datetime.strptime(row[1], "%d/%m/%Y %H:%M") for row in ROWS]
    typed = [(row[0], moment, *row[2:]) for row, moment in zip(ROWS, moments, strict=True)]
    sheet = write_xlsx(tmp_path / "x.xlsx", {"Data": [HEADER, *typed]})
    parquet = tmp_path / "x.parquet"
    pl.DataFrame(typed, schema=list(HEADER), orient="row").write_parquet(parquet)
    expected = rows_of(read(write_csv(tmp_path / "x.csv", ROWS)))
    assert rows_of(read(sheet, date_format="")) == expected
    assert rows_of(read(parquet, date_format="")) == expected


def test_dates_that_a_spreadsheet_holds_as_text_read_in_the_declared_form(tmp_path: Path) -> None:
    sheet = write_xlsx(tmp_path / "x.xlsx", {"Data": [HEADER, *ROWS]})
    assert rows_of(read(sheet)) == rows_of(read(write_csv(tmp_path / "x.csv", ROWS)))


def test_numbers_of_a_spreadsheet_or_a_parquet_file_are_written_whole(tmp_path: Path) -> None:
    header, rows = ("When", "Area", "F"), [(datetime(2024, 4, 1, 12), 17, 1)]
    columns = {"searched_at": "When", "area": "Area", "is_item_found": "F"}
    sheet = write_xlsx(tmp_path / "x.xlsx", {"Data": [header, *rows]})
    parquet = tmp_path / "x.parquet"
    pl.DataFrame([(rows[0][0], 17.0, True)], schema=list(header), orient="row").write_parquet(parquet)
    for path, flag in ((sheet, "1"), (parquet, "true")):
        (row,) = rows_of(read(path, columns=columns, values={}, date_format=""))
        assert (row["area"], row["is_item_found"]) == ("17", flag)


def test_what_polars_prints_of_a_damaged_parquet_file_stays_off_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its threads write to the terminal themselves, before anything is raised."""

    def panic(_content: object) -> None:
        os.write(2, b"thread 'async-executor-1' panicked at bitmap/immutable.rs")
        raise pl.exceptions.PanicException("assertion failed")

    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1 and what is left of it")
    monkeypatch.setattr(pl, "read_parquet", panic)
    with pytest.raises(DataError, match="the file is not a Parquet file"):
        read(path)
    assert capfd.readouterr().err == ""
    os.write(2, b"and the terminal is there again")
    assert capfd.readouterr().err == "and the terminal is there again"


def test_parquet_dates_with_a_zone_or_without_a_time_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    frame = pl.DataFrame({"When": [datetime(2024, 6, 1, 12)], "Day": [date(2024, 6, 1)], "Odd": [["a"]]})
    frame.with_columns(pl.col("When").dt.replace_time_zone("UTC")).write_parquet(path)
    zoned = read(path, columns={"searched_at": "When", "area": "Odd"}, values={}, date_format="")
    plain = read(path, columns={"searched_at": "Day"}, values={}, date_format="")
    assert [row["searched_at"] for row in rows_of(zoned)] == ["2024-06-01T12:00:00+00:00"]
    assert [row["searched_at"] for row in rows_of(plain)] == ["2024-05-31T23:00:00+00:00"]
    assert (rows_of(zoned)[0]["area"], plain.files[0].month) == (None, date(2024, 6, 1))


def test_a_sheet_is_read_by_its_name_and_must_be_named_among_several(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", {"Cover": [("Note",)], "Data": [HEADER, *ROWS]})
    assert read(path, sheet="Data").rows_read == 3
    with pytest.raises(RequestError) as error:
        read(path)
    assert str(error.value) == (
        "the workbook has more than one sheet (E134)\n"
        "  where:    x.xlsx\n"
        "  found:    'Cover', 'Data'\n"
        '  what now: name the one with the searches: sheet = "..." in the project file, --sheet for `disparity map`'
    )
    with pytest.raises(RequestError, match="there is no sheet 'data'"):
        read(path, sheet="data")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_the_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = write_csv(tmp_path / "x.csv", ROWS, encoding=encoding)
    assert rows_of(read(path, encoding=encoding))[0]["grounds"] == f"{PERSON}’s grounds"


def test_a_byte_order_mark_and_other_separators_are_no_obstacle(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ROWS, encoding="utf-8-sig", separator=";")
    assert read(path, separator=";").rows_read == 3


def test_headers_match_but_for_case_and_white_space(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ROWS, [f" {name.upper()} " for name in HEADER])
    assert read(path).rows_read == 3


def test_a_row_with_nothing_in_it_is_no_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [ROWS[0], [""] * len(HEADER), ROWS[1]])
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    assert [row["source_row"] for row in rows_of(read(path))] == [1, 3]


def test_columns_that_are_not_mapped_are_not_read(tmp_path: Path) -> None:
    columns = {"searched_at": "When"}
    rows = rows_of(read(write_csv(tmp_path / "x.csv", ROWS), columns=columns, values={}))
    assert PERSON not in str(rows)


# Times


def test_local_time_becomes_utc_and_the_month_is_of_the_uk_clock(tmp_path: Path) -> None:
    times, extract = read_times(tmp_path, ["01/06/2024 00:30", "01/01/2024 00:30"])
    assert times == ["2024-01-01T00:30:00+00:00", "2024-05-31T23:30:00+00:00"]
    assert [raw.month for raw in extract.files] == [date(2024, 1, 1), date(2024, 6, 1)]


def test_a_file_in_utc_says_so(tmp_path: Path) -> None:
    times, extract = read_times(tmp_path, ["31/05/2024 23:30"], time_zone="UTC")
    assert (times, extract.files[0].month) == (["2024-05-31T23:30:00+00:00"], date(2024, 6, 1))


def test_a_date_with_its_own_zone_needs_no_other(tmp_path: Path) -> None:
    times, _ = read_times(tmp_path, ["01/06/2024 10:00 +0100"], date_format="%d/%m/%Y %H:%M %z")
    assert times == ["2024-06-01T09:00:00+00:00"]


def test_of_the_hour_that_comes_twice_the_first_is_taken_and_counted(tmp_path: Path) -> None:
    times, extract = read_times(tmp_path, ["27/10/2024 00:59", "27/10/2024 01:00", "27/10/2024 02:00"])
    assert times == ["2024-10-26T23:59:00+00:00", "2024-10-27T00:00:00+00:00", "2024-10-27T02:00:00+00:00"]
    assert extract.notes == {"the clocks went back: the hour came twice, the first is taken": 1}


def test_a_search_in_the_hour_that_never_was_is_kept_on_its_day_and_counted(tmp_path: Path) -> None:
    written = ["31/03/2024 00:59", "31/03/2024 01:00", "31/03/2024 01:59", "31/03/2024 02:00"]
    times, extract = read_times(tmp_path, written)
    assert sorted(time[11:16] for time in times) == ["00:59", "01:00", "01:00", "01:59"]
    assert {time[:10] for time in times} == {"2024-03-31"}
    assert not extract.set_aside
    assert extract.notes == {"the clocks went forward: there was no such time, the hour after is taken": 2}


@pytest.mark.parametrize(
    ("written", "form", "utc"),
    [
        ("05/04/2024 10:00", "%d/%m/%Y %H:%M", "2024-04-05T09:00:00"),
        ("05/04/2024 10:00", "%m/%d/%Y %H:%M", "2024-05-04T09:00:00"),
        ("05-Apr-24 10:00", "%d-%b-%y %H:%M", "2024-04-05T09:00:00"),
        ("2024-04-05T10:00:30.25", "%Y-%m-%dT%H:%M:%S.%f", "2024-04-05T09:00:30"),
        ("5/4/2024 9:05", "%d/%m/%Y %H:%M", "2024-04-05T08:05:00"),
        ("20240405", "%Y%m%d", "2024-04-04T23:00:00"),
    ],
)
def test_a_date_is_read_in_the_declared_form_and_no_other(tmp_path: Path, written: str, form: str, utc: str) -> None:
    times, _ = read_times(tmp_path, [written], date_format=form)
    assert times == [f"{utc}+00:00"]


def test_a_date_that_does_not_read_is_set_aside_with_its_reason(tmp_path: Path) -> None:
    good = ["01/04/2024 10:00"] * 4
    times, extract = read_times(tmp_path, [*good, "", "31/02/2024 10:00", "about ten"])
    assert len(times) == 4
    assert extract.set_aside == {"no date": 1, "the date does not read in the declared form": 2}


def test_a_form_that_reads_few_of_the_dates_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read_times(tmp_path, ["25/04/2024 10:00", "26/04/2024 10:00", "01/04/2024 10:00"], date_format="%m/%d/%Y %H:%M")
    assert str(error.value) == (
        "most dates of 'When' do not read as '%m/%d/%Y %H:%M' (E135)\n"
        "  where:    t.csv\n"
        "  found:    2 of 3 do not\n"
        "  what now: check date_format: is it day first, are there seconds, how many digits has the year?"
    )


@pytest.mark.parametrize("when", [time(10, 5), "10:05", "10:05:00"])
def test_date_and_time_in_two_columns_are_put_together(tmp_path: Path, when: time | str) -> None:
    rows = [("Day", "Clock"), (datetime(2024, 7, 1), when)]
    path = write_xlsx(tmp_path / "x.xlsx", {"Data": rows})
    extract = read(path, columns={"search_date": "Day", "search_time": "Clock"}, values={}, date_format="")
    assert [row["searched_at"] for row in rows_of(extract)] == ["2024-07-01T09:05:00+00:00"]


def test_a_time_that_is_blank_or_odd_is_midnight_and_counted(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [("01/12/2024", "1005"), ("02/12/2024", ""), ("03/12/2024", "x")], ("D", "T"))
    columns = {"search_date": "D", "search_time": "T"}
    extract = read(path, columns=columns, values={}, date_format="%d/%m/%Y", time_format="%H%M")
    assert [row["searched_at"][8:16] for row in rows_of(extract)] == ["01T10:05", "02T00:00", "03T00:00"]
    assert extract.notes == {"no time: midnight is taken": 2}


def test_dates_that_a_spreadsheet_half_turned_round_are_refused(tmp_path: Path) -> None:
    """Opened in the wrong locale, 04/05 becomes a date of April and 25/05 stays text."""
    rows = [("When",), (datetime(2024, 4, 5, 10),), ("25/05/2024 10:00",)]
    with pytest.raises(DataError) as error:
        read(write_xlsx(tmp_path / "x.xlsx", {"Data": rows}), columns={"searched_at": "When"}, values={})
    assert error.value.what == "the column 'When' holds dates and text mixed"
    assert error.value.found == "1 of 2 are dates, the others are text"


@given(st.lists(st.sampled_from(["01/04/2024 10:00", "", "31/03/2024 01:30", "x", "27/10/2024 01:30"]), min_size=1))
def test_rows_read_are_rows_kept_and_rows_set_aside(tmp_path_factory: pytest.TempPathFactory, times: list[str]) -> None:
    good = ["02/04/2024 10:00"] * len(times)
    kept, extract = read_times(tmp_path_factory.mktemp("t"), [*times, *good])
    assert extract.rows_read == 2 * len(times) == len(kept) + sum(extract.set_aside.values())


# Values


def test_values_are_mapped_but_for_case_and_those_not_mapped_stay(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "x.csv", [("01/04/2024 10:00", v) for v in ("nfa", "NFA ", "Tutti", "-")], ("When", "O")
    )
    values = {"outcome": {"NFA": "no_further_action", "-": ""}}
    extract = read(path, columns={"searched_at": "When", "outcome": "O"}, values=values)
    assert [row["outcome"] for row in rows_of(extract)] == ["no_further_action"] * 2 + ["Tutti", None]


def test_a_value_that_no_one_knows_counts_as_an_unknown_label(tmp_path: Path) -> None:
    header, row = ("When", "Disposal", "Found", "Drugs"), ("01/04/2024 10:00", "Tutti", "Frutti", "Both")
    columns = {"searched_at": "When", "outcome": "Disposal", "is_item_found": "Found", "drug_search_type": "Drugs"}
    (raw,) = read(write_csv(tmp_path / "x.csv", [row], header), columns=columns, values={}).files
    audit = audit_files(code_searches(raw), raw)
    unknown = audit.labels.filter(~pl.col("is_known"))
    assert set(unknown["column"]) == {"outcome", "is_item_found", "drug_search_type"}
    assert audit.submissions["unknown_labels"].item() == 3


def test_our_own_codes_are_labels_too(tmp_path: Path) -> None:
    row = {"subject": "vehicle", "self_defined_ethnicity": "W1", "legislation": "mda_s23", "outcome": "arrest"}
    path = write_csv(tmp_path / "x.csv", [("01/04/2024 10:00", *row.values())], ("When", *row))
    (raw,) = read(path, columns={"searched_at": "When", **{name: name for name in row}}, values={}).files
    assert code_searches(raw).select(*row).row(0) == ("vehicle", "W1", "mda_s23", "arrest")


# Files that are not what they should be


def break_csv(path: Path, problem: str) -> Path:
    text = write_csv(path, ROWS).read_text(encoding="utf-8")
    broken = {
        "cut short": text.rsplit(",", 2)[0] + "\n",
        "open quote": text.replace("Two", '"Two', 1).replace('lines"', "lines"),
        "empty": "",
        "twice": text.replace("Surname", "Ref", 1),
        "no such column": text.replace("Disposal", "Dispsal", 1),
        "no like column": text.replace("Disposal", "§", 1),
        "repeats": text.replace("02,", "01,", 1),
    }
    path.write_text(broken.get(problem, text), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("problem", "what", "found"),
    [
        ("cut short", "1 row does not have as many values as the header", "line 4"),
        ("open quote", "2 rows do not have as many values as the header", "line 4"),
        ("empty", "the file is empty", ""),
        ("twice", "two columns have one name", "columns 1 and "),
        ("no such column", "there is no column 'Disposal'", "the nearest is 'Dispsal'"),
        ("no like column", "there is no column 'Disposal'", "7 columns, none like it"),
        ("repeats", "1 row repeats a 'Ref' that another row has", ""),
    ],
)
def test_a_broken_extract_is_refused_without_a_word_of_its_rows(
    tmp_path: Path, problem: str, what: str, found: str
) -> None:
    with pytest.raises(DataError) as error:
        read(break_csv(tmp_path / "x.csv", problem))
    assert (error.value.what, error.value.found[: len(found)]) == (what, found)
    assert error.value.what_now
    assert PERSON not in str(error.value)


def test_a_missing_column_is_told_with_the_header_line_that_was_seen_and_the_sheets(tmp_path: Path) -> None:
    header = tuple("Result" if label == "Disposal" else label for label in HEADER)
    sheets = {"Cover": [("Stop and search",)], "Data": [("From the records system",), ("",), header, *ROWS]}
    with pytest.raises(DataError) as error:
        read(write_xlsx(tmp_path / "x.xlsx", sheets), sheet="Data")
    assert error.value.found == (
        "the nearest is 'Result'; line 3 has 7 labels: 'Ref', 'When', 'SDE', 'Result', 'Found', 'Grounds' and 1 "
        "that is not known (sheet 'Data' of 'Cover', 'Data')"
    )
    with pytest.raises(DataError) as error:
        propose_mapping(write_xlsx(tmp_path / "y.xlsx", {"Cover": [(PERSON,)], "Data": ROWS}), sheet="Cover")
    assert error.value.code == "E111"
    assert error.value.found.endswith(
        "line 1 has 1 label, none known: is it the header? (sheet 'Cover' of 'Cover', 'Data')"
    )
    assert "--sheet" in error.value.what_now
    assert PERSON not in str(error.value)


def test_bytes_of_another_encoding_are_placed_and_the_setting_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        read(write_csv(tmp_path / "x.csv", ROWS, encoding="cp1252"))
    assert (error.value.what, error.value.found) == ("the file is not UTF-8 text", "line 2, byte 81")
    assert 'encoding = "cp1252"' in error.value.what_now


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("x.xlsx", "the spreadsheet cannot be read"),
        ("x.parquet", "the file is not a Parquet file"),
        ("x.docx", "an extract is a CSV, XLSX or Parquet file"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str, what: str) -> None:
    path = tmp_path / name
    path.write_text(PERSON, encoding="utf-8")
    for act in (read, propose_mapping):
        with pytest.raises(DisparityError) as error:
            act(path)
        assert (error.value.what, PERSON in str(error.value)) == (what, False)


def test_a_file_with_none_of_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no column 'Zz'"):
        read(write_csv(tmp_path / "x.csv", ROWS), columns={"searched_at": "Zz"}, values={})


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    for act in (read, propose_mapping):
        with pytest.raises(RequestError, match=re.escape("there is no 'x.csv'")):
            act(tmp_path / "x.csv")


def test_a_sheet_without_cells_and_dates_without_a_form_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the sheet is empty"):
        read(write_xlsx(tmp_path / "x.xlsx", {"Data": []}))
    with pytest.raises(DataError) as error:
        read(write_csv(tmp_path / "x.csv", ROWS), date_format="")
    assert "are text and the project file does not say how they are written" in error.value.what


def test_a_workbook_that_is_damaged_or_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", {"Data": [HEADER, *ROWS]})
    whole = path.read_bytes()
    entry = whole.rindex(b"PK\x01\x02")
    damage = {
        "a size that is not": whole[: entry + 24] + (100).to_bytes(4, "little") + whole[entry + 28 :],
        "a part that is not": whole.replace(b"Zebedee", b"Zebedeh"),
        "no whole archive": whole[:-30],
    }
    for content in damage.values():
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"the spreadsheet cannot be read \(E133\)"):
            read(path)


def test_a_sheet_that_is_no_sheet_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x.xlsx", {"Data": [HEADER, *ROWS]})
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content.replace(b"</sheetData>", b"</sheetDatum>"))
    with pytest.raises(DataError, match=r"the spreadsheet cannot be read \(E133\)"):
        read(path)


def test_an_old_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.xls").write_bytes(b"\xd0\xcf\x11\xe0" + PERSON.encode())
    with pytest.raises(DataError, match=r"the spreadsheet cannot be read \(E133\)"):
        read(tmp_path / "x.xls")


def test_a_row_that_is_blank_where_it_is_mapped_only_is_a_row(tmp_path: Path) -> None:
    """What is not mapped is not read, and yet says that a search was there: its row is set aside, not dropped."""
    rows = [ROWS[0], ("", "", "", "", "", "", PERSON), [""] * len(HEADER), ROWS[1]]
    extract = read(write_csv(tmp_path / "x.csv", rows))
    assert (extract.rows_read, dict(extract.set_aside)) == (4, {"blank: a row without a value": 1, "no date": 1})
    assert len(rows_of(extract)) == 2


def test_an_extract_with_a_header_alone_has_no_months(tmp_path: Path) -> None:
    extract = read(write_csv(tmp_path / "x.csv", []))
    assert (extract.files, extract.rows_read) == ((), 0)


# Which source wins


@pytest.fixture
def monthly(tmp_path: Path) -> list[MonthlyFile]:
    for month in ("2024-04", "2024-06"):
        write_monthly(tmp_path / "m" / month, monthly_text([{}], month=month), month=month)
    write_monthly(
        tmp_path / "m", monthly_text([{"gender": "Female"}], month="2024-04"), force="mereside", month="2024-04"
    )
    return find_files([tmp_path / "m"])[0]


def make_extract(folder: Path, name: str = "x.csv", **changed: Any) -> Supply:
    return read(write_csv(folder / name, ROWS), **changed)


MONTHS = [APRIL, MAY, date(2024, 6, 1)]


@pytest.mark.parametrize(("overrides", "april"), [(True, "x.csv"), (False, "2024-04-fellshire-stop-and-search.csv")])
def test_the_project_file_says_which_source_wins(
    tmp_path: Path, monthly: list[MonthlyFile], overrides: bool, april: str
) -> None:
    extract = make_extract(tmp_path, overrides=overrides)
    files, raws = choose_sources(monthly, [extract], forces=["fellshire"], months=MONTHS)
    held = {file.month: file.path.name for file in files} | {raw.month: raw.source_file for raw in raws}
    assert held == {APRIL: april, MAY: "x.csv", MONTHS[2]: "2024-06-fellshire-stop-and-search.csv"}
    assert len(files) + len(raws) == 3


def test_overlap_without_a_choice_names_the_files(tmp_path: Path, monthly: list[MonthlyFile]) -> None:
    with pytest.raises(RequestError) as error:
        choose_sources(monthly, [make_extract(tmp_path)], forces=[], months=MONTHS)
    assert error.value.what == "two sources hold fellshire, 2024-04"
    assert error.value.where == "x.csv and 2024-04/2024-04-fellshire-stop-and-search.csv"
    assert "overrides = true" in error.value.what_now


def test_overlap_outside_the_months_and_forces_asked_for_is_no_matter(
    tmp_path: Path, monthly: list[MonthlyFile]
) -> None:
    extract = make_extract(tmp_path)
    assert choose_sources(monthly, [extract], forces=[], months=[MAY])[0] == []
    files, raws = choose_sources(monthly, [extract], forces=["mereside"], months=MONTHS)
    assert ([file.force for file in files], raws) == (["mereside"], [])


def test_two_extracts_of_one_month_are_refused(tmp_path: Path) -> None:
    extracts = [make_extract(tmp_path, name, overrides=True) for name in ("x.csv", "y.csv")]
    with pytest.raises(RequestError) as error:
        choose_sources([], extracts, forces=[], months=MONTHS)
    assert error.value.where == "x.csv and y.csv"


def test_a_force_may_come_from_an_extract_alone_and_another_from_files(
    tmp_path: Path, monthly: list[MonthlyFile]
) -> None:
    files, raws = choose_sources(
        monthly, [make_extract(tmp_path, overrides=True)], forces=["fellshire", "mereside"], months=[APRIL, MAY]
    )
    assert ([file.force for file in files], [raw.month for raw in raws]) == (["mereside"], [APRIL, MAY])


def test_a_force_that_no_source_holds_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="there are no files of mereside"):
        choose_sources([], [make_extract(tmp_path)], forces=["fellshire", "mereside"], months=MONTHS)


def test_every_decision_about_rows_is_logged_with_rows_before_and_after(tmp_path: Path) -> None:
    times = [*["27/10/2024 01:30"] * 4, "", "31/03/2024 01:30"]
    log = log_supplies([read_times(tmp_path, times)[1]])
    assert log.select("action", "rows_before", "rows_after").rows() == [
        ("set aside (rows: 1)", 6, 5),
        ("keep (rows: 4)", 5, 5),
        ("keep (rows: 1)", 5, 5),
    ]
    assert set(log["stage"]) == {"sources"}
    assert log_supplies([]).is_empty()


# Proposals


def read_proposal(text: str) -> ExtractSettings:
    (settings,) = tomllib.loads(text)["extracts"]
    return ExtractSettings.model_validate(settings)


def count_types(extract: Supply) -> dict[str, dict[str, dict[str, int]]]:
    searches = pl.concat([code_searches(raw) for raw in extract.files]).filter(pl.col("disposition") == "kept")
    counted = searches.group_by(
        "search_type", pl.col("self_defined_group").cast(pl.String).fill_null("Not recorded")
    ).agg(pl.len(), (pl.col("find_status").cast(pl.String) == "found").sum().alias("found"))
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for kind, group, rows, found in counted.rows():
        counts.setdefault(kind, {})[group] = {"searches": rows, "found": found}
    return counts


def test_the_proposal_for_the_synthetic_extract_gives_its_true_counts_as_it_stands() -> None:
    extract = read_extract(read_proposal(propose_mapping(FELLSHIRE)))
    assert (extract.rows_read, extract.set_aside) == (TRUTH["rows"], {})
    assert count_types(extract) == TRUTH["by_type_and_self_defined_group"]


# As record systems export them: other names, date apart from time, the split in a column of its own.
NICHE_HEADER = (
    *("SEARCH_URN", "SEARCH_DATE", "SEARCH_TIME", "SUBJECT_SURNAME", "SUBJECT_DOB", "SEX", "ETHNICITY_SELF_DEFINED"),
    *("IC_CODE", "STATUTORY_POWER", "Stop Search Reason", "Drugs category", "SEARCH_OUTCOME", "Item Found?", "BCU"),
    *("Free text notes", "Unheard of"),
)
NICHE_ROWS = [
    *(
        (f"U{n}", "25/04/2024", "0905", PERSON, "1/1/1990", "M", "A1", "IC4", "Section 23 MDA", "Drugs", "Possession",
         "NFA", "No", "North", PERSON, PERSON)
        for n in range(20)
    ),
    *(
        (f"V{n}", "01/04/2024", "2359", PERSON, "1/1/1990", "F", "B1", "IC3", "Misuse of Drugs Act s.23", "Drugs",
         "PWITS", "Arrest", "Yes", "South", PERSON, PERSON)
        for n in range(10)
    ),
    *(
        (f"W{n}", "02/04/2024", "1200", PERSON, "1/1/1990", "U", "O1", "IC6", "s.1 PACE", "Offensive Weapons", "N/A",
         "Strongly worded letter", "Yes", "South", PERSON, PERSON)
        for n in range(3)
    ),
]  # fmt: skip
ATHENA_HEADER = ("StopDateTime", "StopSearchId", "SelfDefinedEthnicity", "PowerUsed", "SearchReason", "Result", "Found")
ATHENA_ROWS = [
    (f"2024-04-{day:02} 10:00:00", str(day), said, power, reason, result, found)
    for day, (said, power, reason, result, found) in enumerate(
        [
            ("White - Any other background", "PACE 1984 S1", "Stolen Property", "No Further Action", "FALSE"),
            ("Refused", "Misuse of Drugs Act", "Drugs (intent to supply)", "Suspect arrested", "TRUE"),
            ("Chinese (O1)", "Misuse of Drugs Act", "Drugs (possession)", "Community Resolution", "TRUE"),
        ],
        start=1,
    )
]


def test_a_layout_with_other_names_and_date_apart_from_time_is_understood(tmp_path: Path) -> None:
    text = propose_mapping(write_csv(tmp_path / "niche.csv", NICHE_ROWS, NICHE_HEADER), force="kent")
    settings = read_proposal(text)
    assert settings.force == "kent"
    assert (settings.date_forms, settings.time_format) == (("%d/%m/%Y",), "%H%M")
    assert settings.columns == {
        "search_date": "SEARCH_DATE",
        "search_time": "SEARCH_TIME",
        "record_id": "SEARCH_URN",
        "officer_defined_ethnicity": "IC_CODE",
        "drug_search_type": "Drugs category",
        "self_defined_ethnicity": "ETHNICITY_SELF_DEFINED",
        "legislation": "STATUTORY_POWER",
        "object_of_search": "Stop Search Reason",
        "outcome": "SEARCH_OUTCOME",
        "is_item_found": "Item Found?",
        "gender": "SEX",
        "area": "BCU",
    }
    counts = count_types(read_extract(settings))
    assert counts["drugs_possession"] == {"Asian": {"searches": 20, "found": 0}}
    assert counts["drugs_supply"] == {"Black": {"searches": 10, "found": 10}}
    assert counts["offensive_weapons"] == {"Other": {"searches": 3, "found": 3}}


def test_what_is_unsure_is_marked_and_what_is_not_known_is_left_to_the_analyst(tmp_path: Path) -> None:
    text = propose_mapping(write_csv(tmp_path / "niche.csv", NICHE_ROWS, NICHE_HEADER))
    assert '"O1" = "O1"  # CHECK: Arab here; Chinese (A4) in the 16+1 codes of 2001' in text
    assert '"IC6" = "Other"  # CHECK' in text
    assert '# "Strongly worded letter" = ""  # CHECK: 3 rows, no guess' in text
    assert 'force = "niche"  # CHECK' in text


def test_nothing_of_free_text_or_of_a_person_is_written_out(tmp_path: Path) -> None:
    text = propose_mapping(write_csv(tmp_path / "niche.csv", NICHE_ROWS, NICHE_HEADER))
    assert PERSON not in text
    assert '# Personal by name, never read: "SUBJECT_SURNAME", "SUBJECT_DOB"' in text
    assert '# Not mapped, so not read: "Free text notes", "Unheard of"' in text


def test_words_in_capitals_run_together_and_labels_without_codes_are_understood(tmp_path: Path) -> None:
    settings = read_proposal(propose_mapping(write_csv(tmp_path / "athena-kent.csv", ATHENA_ROWS, ATHENA_HEADER)))
    counts = count_types(read_extract(settings))
    assert settings.columns["searched_at"] == "StopDateTime"
    assert counts == {
        "stolen_property": {"White": {"searches": 1, "found": 0}},
        "drugs_supply": {"Not stated": {"searches": 1, "found": 1}},
        "drugs_possession": {"Asian": {"searches": 1, "found": 1}},
    }


def test_a_known_force_in_the_file_name_is_proposed(tmp_path: Path) -> None:
    text = propose_mapping(write_csv(tmp_path / "West_Yorkshire 2024.csv", ATHENA_ROWS, ATHENA_HEADER))
    assert 'force = "west-yorkshire"' in text
    text = propose_mapping(write_csv(tmp_path / "2024.csv", ATHENA_ROWS, ATHENA_HEADER))
    assert 'force = "my-force"' in text


@pytest.mark.parametrize(
    ("days", "line"),
    [
        (["13/04/2024 10:00", "01/04/2024 10:00"], 'date_format = "%d/%m/%Y %H:%M"'),
        (["04/13/2024 10:00", "04/01/2024 10:00"], 'date_format = "%m/%d/%Y %H:%M"'),
        (["01/04/2024 10:00"], '"%d/%m/%Y %H:%M"  # CHECK: or %m/%d/%Y %H:%M: no date distinguishes them'),
        (["13/04/2024 10:00", "14/04/2024 10:00", "x"], '"%d/%m/%Y %H:%M"  # CHECK: 1 of 3 dates do not read so'),
    ],
)
def test_day_and_month_are_proposed_as_sure_only_where_a_day_past_the_twelfth_tells(
    tmp_path: Path, days: list[str], line: str
) -> None:
    path = write_csv(tmp_path / "x.csv", [(day, "W1") for day in days], ("Date/Time", "Ethnicity"))
    assert any(written.endswith(line) for written in propose_mapping(path).splitlines())


def test_dates_held_as_dates_need_no_form(tmp_path: Path) -> None:
    header, rows = ("Search date", "Search time", "Sex"), [(datetime(2024, 4, 1), time(10, 5), "M")]
    for typed in (rows, [(datetime(2024, 4, 1), time(23, 0), "F")]):
        text = propose_mapping(write_xlsx(tmp_path / "x.xlsx", {"Data": [header, *typed]}))
        assert "no date_format is needed" in text
        assert len(read_extract(read_proposal(text)).files) == 1


@pytest.mark.slow
def test_sheet_encoding_and_separator_are_proposed_where_they_are_not_the_usual(tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "x.xlsx", {"Data": [ATHENA_HEADER, *ATHENA_ROWS], "Notes": [("a",)]})
    assert 'sheet = "Data"  # CHECK: or "Notes"' in propose_mapping(book)
    rows = [(*row[:-1], "€") for row in ATHENA_ROWS]
    text = propose_mapping(write_csv(tmp_path / "x.csv", rows, ATHENA_HEADER, encoding="cp1252", separator=";"))
    assert 'encoding = "cp1252"  # CHECK' in text
    assert 'separator = ";"' in text
    text = propose_mapping(write_csv(tmp_path / "x.csv", rows, ATHENA_HEADER, encoding="utf-16"))
    assert 'encoding = "utf-16"' in text
    assert read_proposal(text).encoding == "utf-16"


def test_a_parquet_file_is_proposed_with_its_clock_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pl.DataFrame({"date_time": [datetime(2024, 4, 1, 10)], "gender": ["M"]}).write_parquet(path)
    text = propose_mapping(path)
    assert 'time_zone = "Europe/London"  # CHECK' in text
    assert read_extract(read_proposal(text)).rows_read == 1


def test_a_file_without_a_date_of_search_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", [("M", PERSON)], ("Sex", "Surname"))
    with pytest.raises(DataError) as error:
        propose_mapping(path)
    assert (error.value.what, PERSON in str(error.value)) == ("no column looks like the date of a search", False)
    with pytest.raises(DataError, match="no column looks like the date"):
        propose_mapping(write_csv(tmp_path / "x.csv", [], ("Date", "Time")))


def test_values_that_would_break_the_file_are_written_safely(tmp_path: Path) -> None:
    odd = 'NFA "\\ \x7f\u202e'
    path = write_csv(tmp_path / "x.csv", [("13/04/2024 10:00", odd)], ("Date/Time", "Outcome"))
    text = propose_mapping(path)
    assert read_proposal(text).values["outcome"] == {odd: "no_further_action"}
    assert text.isascii()


def test_many_distinct_values_are_no_codes_and_are_never_listed(tmp_path: Path) -> None:
    rows = [("13/04/2024 10:00", f"NFA {PERSON}{n}") for n in range(61)]
    text = propose_mapping(write_csv(tmp_path / "x.csv", rows, ("Date/Time", "Outcome")))
    assert PERSON not in text


@pytest.mark.parametrize(
    ("column", "label", "code"),
    [
        ("self_defined_ethnicity", "W1 - White British", "W1"),
        ("self_defined_ethnicity", "White British (W1)", "W1"),
        ("self_defined_ethnicity", "b9", "B9"),
        ("self_defined_ethnicity", "B9", "B9"),
        ("self_defined_ethnicity", "O2 Arab", "O1"),
        ("self_defined_ethnicity", "N4 - person declined", "NS"),
        ("self_defined_ethnicity", "N1", "NS"),
        ("self_defined_ethnicity", "Mixed: White & Black African", "M2"),
        ("self_defined_ethnicity", "Not known", ""),
        ("officer_defined_ethnicity", "IC3 - Black", "Black"),
        ("legislation", "Sec. 23 M.D.A. 1971", "mda_s23"),
        ("legislation", "Section 60 CJPO Act", "cjpoa_s60"),
        ("drug_search_type", "Possession with intent to supply", "supply"),
        ("drug_search_type", "Drugs", ""),
        ("drug_search_type", "Knife", ""),
        ("outcome", "Cannabis Warning", "drug_warning"),
        ("outcome", "PND", "penalty_notice"),
        ("is_item_found", "YES", "true"),
        ("subject", "Person & Vehicle", "person_and_vehicle"),
        ("search_origin", "Officer generated", "self_generated"),
        ("search_origin", "Call from member of the public", "call_for_service"),
        ("search_origin", "Intel", "intelligence"),
        ("search_origin", "Tasked at briefing", "planned_operation"),
        ("item_found", "Class B drugs", "drugs"),
        ("item_found", "Bladed article", "offensive_weapons"),
        ("item_found", "Nothing found", "nothing"),
        ("item_found", "Items to go equipped", "going_equipped"),
    ],
)
def test_a_value_is_guessed_by_label_code_or_words(column: str, label: str, code: str) -> None:
    assert guess_value(column, label).code == code


@pytest.mark.parametrize(
    ("column", "label", "code"),
    [
        ("self_defined_ethnicity", "NS - Not stated", "NS"),
        ("self_defined_ethnicity", "Declined, did not wish to say", "NS"),
        ("is_item_found", "No - not found", "false"),
        ("gender", "Non-binary", "Other"),
        ("outcome", "No further action", "no_further_action"),
        ("item_found", "Nothing found, no item", "nothing"),
    ],
)
def test_a_label_whose_code_says_not_itself_is_still_guessed(column: str, label: str, code: str) -> None:
    assert guess_value(column, label).code == code


def test_an_export_of_negated_values_gives_no_find_and_no_arrest_of_its_own(tmp_path: Path) -> None:
    rows = [("13/04/2026 10:00", "Not arrested")] * 8 + [("14/04/2026 10:00", "Arrested")]
    text = propose_mapping(write_csv(tmp_path / "kent.csv", rows, ("Date/Time", "Outcome")))
    assert '# "Not arrested" = ""  # CHECK: 8 rows, no guess' in text
    assert read_proposal(text).values["outcome"] == {"Arrested": "arrest"}


def test_a_code_that_disagrees_with_its_words_is_marked() -> None:
    guess = guess_value("self_defined_ethnicity", "O1 - Chinese")
    assert (guess.code, guess.doubt) == ("A4", "it carries the code O1")
    assert guess_value("officer_defined_ethnicity", "Black or White").doubt == "or Black?"
    assert guess_value("drug_search_type", "Drugs").doubt == "possession or supply?"


def test_coordinates_that_no_mapping_reads_are_not_missing_and_make_no_warning(tmp_path: Path) -> None:
    """An extract was told every year that its searches cannot be placed, beside its own areas."""
    files = read(write_csv(tmp_path / "x.csv", ROWS)).files
    row = audit_files(code_searches(*files), *files).submissions.row(0, named=True)
    asked = [name for name in row if name.startswith("coordinates_") and name.endswith("_of")]
    assert asked
    assert not any(row[name] for name in asked)
    assert row["gender_not_recorded_of"]
