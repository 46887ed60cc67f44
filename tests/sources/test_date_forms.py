"""Every form of date and time that is proposed reads every row, and as the moment that was written."""

import csv
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from disparity.project.extract_mapping import ExtractSettings
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.sources.raw import Supply
from disparity.vocabulary.errors import DataError

LONDON = ZoneInfo("Europe/London")
HEADER = ("Date/Time", "Self Defined Ethnicity", "Outcome")

DAYS = (
    *("%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%d-%m-%y"),
    *("%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%d%b%Y", "%b %d, %Y"),
)
CLOCKS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S.000", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%I:%M a.m.")
ZONES = ("", "Z", " UTC", "+00", "+0000", "+00:00", " +00:00", " GMT", "local offset")


def write_moment(moment: datetime, day: str, gap: str, clock: str, zone: str) -> str:
    """Write a moment (UTC) as a records system would: on the UK clock, but where it says UTC."""
    shown = moment.astimezone(LONDON) if zone in ("", "local offset") else moment
    text = shown.strftime(clock.replace("a.m.", "AMPM"))
    text = text.replace("AMPM", "a.m." if shown.hour < 12 else "p.m.")
    offset = shown.strftime("%z") if zone == "local offset" else zone
    return f"{shown.strftime(day)}{gap}{text}{offset}"


def write_extract_csv(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def write_workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy hh:mm"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def propose_and_read(path: Path) -> tuple[str, Supply]:
    text = propose_mapping(path, force="kent")
    return text, read_extract(ExtractSettings.model_validate(tomllib.loads(text)["extracts"][0]))


def times_of(supply: Supply) -> list[str]:
    return sorted(at for raw in supply.files for at in raw.rows["searched_at"].to_list())


def as_utc(moments: Sequence[datetime]) -> list[str]:
    return sorted(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00") for moment in moments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


# Not in the hour of October that comes twice, which no form without a zone tells apart.
moments_of_a_year = st.lists(
    st.datetimes(datetime(2026, 1, 1), datetime(2035, 12, 31)).filter(
        lambda at: not (at.month == 10 and at.day > 24 and at.hour < 2)
    ),
    min_size=1,
    max_size=12,
)


def check_form(folder: Path, drawn: Sequence[datetime], form: tuple[str, str, str, str]) -> None:
    day, gap, clock, zone = form
    whole = "%S" in clock
    moments = [at.replace(tzinfo=UTC, microsecond=0, second=at.second if whole else 0) for at in drawn]
    # A day past the twelfth, to tell day first from month first.
    moments.append(datetime(2030, 6, 25, 9, 30, tzinfo=UTC))
    rows = [(write_moment(at, day, gap, clock, zone), "W1", "Arrest") for at in moments]
    text, supply = propose_and_read(write_extract_csv(folder / "x.csv", rows, HEADER))
    assert supply.rows_read == len(moments)
    assert times_of(supply) == as_utc(moments)
    dates = next(line for line in text.splitlines() if line.startswith("date_format"))
    # Two digits first may be a day or a year, and dates drawn from ten years do not tell.
    assert "CHECK" not in dates or "%y" in day
    assert ("says its own zone" in text) == bool(zone)


forms = st.tuples(*map(st.sampled_from, (DAYS, (" ", "T"), CLOCKS, ZONES)))


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(moments_of_a_year, forms)
def test_a_form_that_is_proposed_reads_every_row(
    folder: Path, drawn: list[datetime], form: tuple[str, str, str, str]
) -> None:
    check_form(folder, drawn, form)


@pytest.mark.slow
@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("zone", ZONES)
def test_every_form_that_is_proposed_reads_every_row(folder: Path, clock: str, zone: str) -> None:
    drawn = [datetime(2027, 3, 27, 23, 59), datetime(2031, 12, 31, 12, 0, 7), datetime(2026, 7, 1, 23, 30)]
    # A third of the days with each clock and zone, so that each is met with many of the others.
    for place, day in enumerate(DAYS[len(clock + zone) % 3 :: 3]):
        check_form(folder, drawn, (day, " T"[place % 2], clock, zone))


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(
    moments_of_a_year,
    st.sampled_from(DAYS),
    st.sampled_from(("%H:%M", "%H:%M:%S", "%H%M", "%I:%M %p", "%H:%M:%S.%f", "%H:%M:%SZ", "1900-01-01 %H:%M:%S.000")),
    st.sampled_from(("", " 00:00:00", "T00:00:00.000")),
)
def test_a_date_and_a_time_in_columns_of_their_own_are_put_together(
    folder: Path, drawn: list[datetime], day: str, clock: str, midnight: str
) -> None:
    moments = [at.replace(tzinfo=UTC, microsecond=0, second=0) for at in [*drawn, datetime(2030, 6, 25, 9, 30)]]
    shown = moments if "Z" in clock else [at.astimezone(LONDON) for at in moments]
    rows = [(at.strftime(day + midnight), at.strftime(clock), "W1") for at in shown]
    header = ("Search date", "Search time", "Self Defined Ethnicity")
    _, supply = propose_and_read(write_extract_csv(folder / "x.csv", rows, header))
    assert times_of(supply) == as_utc(moments)
    assert not supply.notes


def test_zeros_that_a_spreadsheet_took_off_a_time_are_given_back(tmp_path: Path) -> None:
    rows = [("25/11/2026", clock, "W1") for clock in ("915", "1530", "5", "0", "2359")]
    path = write_extract_csv(tmp_path / "x.csv", rows, ("Search date", "Search time", "Self Defined Ethnicity"))
    assert [at[11:16] for at in times_of(propose_and_read(path)[1])] == ["00:00", "00:05", "09:15", "15:30", "23:59"]


@pytest.mark.parametrize("decimal", [".", ","])
def test_day_numbers_of_a_spreadsheet_are_dates(tmp_path: Path, decimal: str) -> None:
    """45292 is 1 January 2024, and 0.25 of a day six in the morning."""
    numbers = ("45292.25", "45293", "45294.427083333336")
    rows = [(number.replace(".", decimal), "W1", "Arrest") for number in numbers]
    text, supply = propose_and_read(write_extract_csv(tmp_path / "x.csv", rows, HEADER))
    assert 'date_format = "excel"' in text
    assert [at[:16] for at in times_of(supply)] == ["2024-01-01T06:00", "2024-01-02T00:00", "2024-01-03T10:15"]


def test_cells_of_dates_of_times_and_of_parts_of_a_day_are_read(tmp_path: Path) -> None:
    header = ("Search date", "Search time", "Self Defined Ethnicity")
    cells = {"times": time(10, 15), "text": "10:15", "parts": 0.427083333}
    for name, cell in cells.items():
        rows = [header, *((datetime(2026, 11, day), cell, "W1") for day in range(1, 4))]
        _, supply = propose_and_read(write_workbook(tmp_path / f"{name}.xlsx", rows))
        assert [at[8:16] for at in times_of(supply)] == ["01T10:15", "02T10:15", "03T10:15"], name


@pytest.mark.parametrize("form", ["%d-%m-%y", "%y-%m-%d"])
def test_of_two_digits_the_year_is_what_varies_least(tmp_path: Path, form: str) -> None:
    days = [date(2026, month, day) for month in (4, 5) for day in range(1, 29)]
    rows = [(day.strftime(f"{form} 10:00"), "W1", "Arrest") for day in days]
    text, supply = propose_and_read(write_extract_csv(tmp_path / "x.csv", rows, HEADER))
    assert f'date_format = "{form} %H:%M"\n' in text
    assert [raw.month for raw in supply.files] == [date(2026, 4, 1), date(2026, 5, 1)]


# Mixed


def write_days(path: Path, written: Sequence[tuple[int, str]]) -> Path:
    """So many rows of each form, one for each day from 3 January 2026 on."""
    first = datetime(2026, 1, 3, 14, 30)
    texts: list[str] = []
    for rows, form in written:
        texts += [(first + timedelta(days=len(texts) + row)).strftime(form) for row in range(rows)]
    return write_extract_csv(path, [(text, "W1", "Arrest") for text in texts], HEADER)


def test_forms_that_are_mixed_are_named_row_by_row_and_read(tmp_path: Path) -> None:
    path = write_days(tmp_path / "x.csv", [(40, "%d/%m/%Y %H:%M"), (30, "%Y-%m-%dT%H:%M:%SZ"), (5, "%d %b %Y %H:%M")])
    text, supply = propose_and_read(path)
    assert (
        'date_format = ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%d %b %Y %H:%M"]  # CHECK: rows 41 to 70 as '
        "%Y-%m-%dT%H:%M:%S%z, rows 71 to 75 as %d %b %Y %H:%M: has a program rewritten them?"
    ) in text
    assert 'time_zone = "Europe/London"  # CHECK: of the dates that do not say their zone' in text
    assert (supply.rows_read, len(times_of(supply)), supply.set_aside) == (75, 75, {})


def test_rows_of_a_form_that_was_not_declared_are_named_with_the_line_that_reads_them(tmp_path: Path) -> None:
    path = write_days(tmp_path / "x.csv", [(40, "%d/%m/%Y %H:%M"), (2, "%Y-%m-%d %H:%M:%S"), (3, "%d/%m/%Y %H:%M")])
    columns = {"searched_at": "Date/Time"}
    with pytest.raises(DataError) as error:
        read_extract(ExtractSettings(file=path, force="kent", date_format="%d/%m/%Y %H:%M", columns=columns))
    assert str(error.value) == (
        "dates of 'Date/Time' are written in more than one form (E119)\n"
        "  where:    x.csv\n"
        "  found:    rows 41 to 42 as %Y-%m-%d %H:%M:%S (row 1 is the first below the header)\n"
        '  what now: if both are right, date_format = ["%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S"]; '
        "if a program has rewritten some, export again"
    )


def test_a_midnight_that_lost_its_time_is_midnight_and_counted(tmp_path: Path) -> None:
    """R writes 2026-01-03 for a midnight among other times."""
    path = write_days(tmp_path / "x.csv", [(40, "%Y-%m-%d %H:%M:%S"), (2, "%Y-%m-%d")])
    _, supply = propose_and_read(path)
    assert (len(times_of(supply)), supply.notes) == (42, {"no time: midnight is taken": 2})


def test_dates_that_a_spreadsheet_half_turned_round_are_refused_in_text_too(tmp_path: Path) -> None:
    """Days up to the twelfth became other dates, 5 April as 4 May; the others stayed text."""
    days = [date(2026, month, day) for month in (1, 2, 3) for day in range(1, 29)]
    turned = [day.strftime("%Y-%d-%m 10:00:00" if day.day <= 12 else "%d/%m/%Y 10:00") for day in days]
    path = write_extract_csv(tmp_path / "x.csv", [(text, "W1", "Arrest") for text in turned], HEADER)
    with pytest.raises(DataError) as error:
        propose_and_read(path)
    assert (error.value.code, error.value.found) == (
        "E120",
        "36 of 84 are in one form and up to the twelfth, the others in another and after it",
    )


def test_two_forms_of_which_one_reads_the_other_otherwise_are_refused() -> None:
    for pair in (["%d/%m/%Y", "%m/%d/%Y"], ["%d/%m/%Y %H:%M", "%m/%d/%Y"], ["%d/%m/%y %I:%M %p", "%m/%d/%y"]):
        with pytest.raises(ValueError, match="would read as another in"):
            ExtractSettings(file="x.csv", force="kent", date_format=pair, columns={"searched_at": "When"})


# Clocks


def test_a_time_in_the_hour_that_clocks_skip_puts_the_zone_in_doubt(tmp_path: Path) -> None:
    rows = [(f"2026-03-29 01:{minute}:00", "W1", "Arrest") for minute in (10, 20)]
    path = write_extract_csv(tmp_path / "x.csv", [*rows, ("2026-03-30 10:00:00", "W1", "Arrest")], HEADER)
    text, supply = propose_and_read(path)
    assert '"Europe/London"  # CHECK: 2 times are in the hour that clocks skip in March: is it UTC?' in text
    assert supply.notes == {"the clocks went forward: there was no such time, the hour after is taken": 2}


def test_both_passes_of_the_hour_that_comes_twice_are_kept_apart_where_dates_say_their_zone(tmp_path: Path) -> None:
    times = ["2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00", "2026-10-31T23:30:00+00:00"]
    path = write_extract_csv(tmp_path / "x.csv", [(at, "W1", "Arrest") for at in times], HEADER)
    _, supply = propose_and_read(path)
    assert times_of(supply) == [
        "2026-10-25T00:30:00+00:00",
        "2026-10-25T01:30:00+00:00",
        "2026-10-31T23:30:00+00:00",
    ]
    assert not supply.notes


@pytest.mark.parametrize("number", range(1, 10))
def test_each_of_nine_spellings_met_in_the_wild_is_proposed_and_read(cases: Path, number: int) -> None:
    text, supply = propose_and_read(cases / "03" / f"stamp{number}.csv")
    zoned = number not in (3, 9)
    assert ("says its own zone" in text) == zoned
    assert (supply.rows_read, supply.set_aside, supply.notes) == (60, {}, {})
    assert pl.concat(raw.rows for raw in supply.files).height == 60
    assert times_of(supply)[0] == "2023-12-01T03:40:12+00:00"
