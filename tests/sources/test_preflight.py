"""The byte checks, against the csv module as a second opinion and at the edges of every limit."""

import csv
import io
import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.sources import preflight
from disparity.sources.contents import check_values, vocabularies
from disparity.sources.header import COLUMNS, PERSONAL, REQUIRED, find_separator, read_header
from disparity.sources.preflight import PORTAL, check_bytes, read_rows
from disparity.sources.raw import RAW_COLUMNS
from disparity.vocabulary.errors import DataError
from support.builders import HEADER, code_column, monthly_text

# No value that is a whole line by itself: a blank line is no row.
VALUES = st.text(st.sampled_from('ab ,"\n\r\u00e9\u202e=\t'), max_size=6)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=0, max_size=6)
)


def read(content: bytes | str) -> pl.DataFrame:
    data = content.encode() if isinstance(content, str) else content
    check_bytes(data)
    read_header(data)
    return read_rows(data)


def refuse(content: bytes | str) -> DataError:
    with pytest.raises(DataError) as error:
        read(content)
    return error.value


def lists(rows: pl.DataFrame) -> list[list[str]]:
    return [[value or "" for value in row] for row in rows.rows()]


@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_quoted_values_are_read_as_the_csv_module_reads_them(
    rows: list[list[str]], end: str, has_last_end: bool
) -> None:
    width = len(rows[0]) if rows else 2
    table = [[f"column {place}" for place in range(width)], *rows]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(table)
    text = out.getvalue() if has_last_end else out.getvalue().removesuffix(end)
    assert lists(read_rows(text.encode())) == rows


@given(st.lists(st.text(st.sampled_from('ab ",'), max_size=8), min_size=1, max_size=6))
def test_oddly_quoted_lines_are_read_as_the_csv_module_reads_them_or_refused(lines: list[str]) -> None:
    content = "\n".join(["one,two", *lines]).encode()
    by_csv = [row for row in csv.reader(io.StringIO(content.decode(), newline="")) if row][1:]
    try:
        found = lists(read_rows(content))
    except DataError:
        return
    assert [row for row in found if any(row)] == [row for row in by_csv if any(row)]  # a line of blanks is no row


@pytest.mark.parametrize(
    ("length", "code"), [(PORTAL.longest - 1, ""), (PORTAL.longest, ""), (PORTAL.longest + 1, "E116")]
)
@pytest.mark.parametrize("start", ["", '"', 'x"'], ids=["plain", "quoted", "odd"])
def test_a_value_of_ten_thousand_bytes_is_the_longest(length: int, code: str, start: str) -> None:
    end = '"' if start == '"' else ""
    value = start + "x" * (length - len(start + end)) + end
    content = monthly_text([{}, {}]).replace("Male", value)
    if code:
        assert (refuse(content).code, refuse(content).found) == (code, "line 2")
    else:
        assert read(content).height == 2


def test_long_lines_of_short_values_are_no_long_value() -> None:
    header = ",".join(f"column {place}" for place in range(2_000))
    row = ",".join(["abcdefgh"] * 2_000)
    assert read_rows(f"{header}\n{row}\n".encode()).shape == (1, 2_000)


def test_a_first_value_that_is_too_long_is_on_line_1() -> None:
    with pytest.raises(DataError) as error:
        read_rows(("x" * (PORTAL.longest + 1) + ",y\n1,2\n").encode())
    assert (error.value.code, error.value.found) == ("E116", "line 1")


@pytest.mark.parametrize("blank", ["", "\r"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_lines_are_counted_as_an_editor_counts_them(blank: str, quote: str) -> None:
    text = monthly_text([{"gender": f"two{chr(10)}lines" if quote else "Male"}, {}]) + f"{blank}\nshort,row\n"
    end = len(text.splitlines())
    error = refuse(text)
    assert (error.code, error.found) == ("E106", f"line {end}")


def test_one_character_is_a_row_and_a_cr_is_none() -> None:
    assert read_rows(b"a\r\nb\r\n\r\n").drop_nulls().height == 1
    with pytest.raises(DataError, match=r"line 2"):
        read_rows(b"a,b\nx\n1,2\n")


@pytest.mark.parametrize("content", [b"one,two\n\na,,", b"one,two\na\nb,,"])
def test_a_last_row_with_an_empty_value_too_many_is_refused_though_another_line_has_too_few(content: bytes) -> None:
    with pytest.raises(DataError) as error:
        read_rows(content)
    assert error.value.code in {"E107", "E108"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n" + b"x\0" * 1 + b"y" * 100, "E104"),
        (b"a\0,\0b\0\n\0", "E102"),
        ("a,b\n1,2".encode("utf-32"), "E102"),
        (b"7z\xbc\xaf\x27\x1c", "E117"),
        (b"[1, 2]", "E112"),
        (b"  <html>404 Not Found</html>", "E112"),
        (b"x" * 700 + b"\n", "E111"),
        (b'"' + b"x" * 20_000 + b'"\n', "E105"),
    ],
)
def test_bytes_that_are_no_csv_have_their_own_code(content: bytes, code: str) -> None:
    assert refuse(content).code == code


def test_what_the_parser_refuses_is_refused_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise pl.exceptions.ComputeError("Jane Roe")

    monkeypatch.setattr(preflight.pl, "read_csv", fail)
    error = refuse(monthly_text([{}]))
    assert (error.code, error.__cause__) == ("E105", None)
    assert "Jane" not in str(error)


# The header


def test_no_column_that_is_known_is_taken_for_personal_data() -> None:
    others = ["location_street_name", "location_street_id", "outcome_object_id", "outcome_object_name", "force", "ward"]
    assert [key for key in [*COLUMNS, *others] if PERSONAL.fullmatch(key.replace("_", "")) and key not in COLUMNS] == []


def test_every_required_column_is_named_when_all_are_missing() -> None:
    assert refuse("a,b\n1,2\n").found == (
        f"no column for {', '.join(REQUIRED)}; line 1 has 2 labels, none known: is it the header?"
    )


def test_another_separator_is_one_only_when_it_makes_a_header() -> None:
    assert refuse("a;b;c\n1;2;3\n").code == "E111"
    assert find_separator(b"a;b;c\n1;2;3\n") == ","
    for separator in ",;\t|~":
        assert find_separator(separator.join(HEADER).encode()) == separator


# Values


@pytest.mark.parametrize(
    ("column", "coded"),
    [
        ("subject", ""),
        ("self_defined_ethnicity", ""),
        ("officer_defined_ethnicity", "officer_defined_group"),
        ("legislation", ""),
        ("object_of_search", ""),
        ("outcome", ""),
        ("is_outcome_linked", ""),
        ("is_clothing_removed", ""),
    ],
)
def test_every_label_of_a_vocabulary_is_one_that_searches_are_coded_with(column: str, coded: str) -> None:
    labels = sorted(vocabularies()[column] - ({"false"} if column == "outcome" else set()))
    assert None not in code_column(column, labels, coded=coded)


def test_no_label_belongs_to_two_columns_that_differ() -> None:
    """Else a right value could be called foreign; flags are shared, and the API's blank outcome is one."""
    for label in set().union(*vocabularies().values()) - vocabularies()["is_outcome_linked"] - {"other"}:
        assert sum(label in labels for labels in vocabularies().values()) == 1, label


@pytest.mark.parametrize("age", ["Oct-17", "17-Oct", "Oct-2017", "17 Oct 2024", "17/10/2024", "2017-10-01", "43009"])
def test_an_age_that_became_a_date_is_known_in_every_form(age: str) -> None:
    rows = pl.DataFrame({column: [None, age] for column in RAW_COLUMNS}, schema=dict.fromkeys(RAW_COLUMNS, pl.String))
    with pytest.raises(DataError, match="E120"):
        check_values(rows.with_columns(searched_at=pl.lit(None, pl.String)))


@pytest.mark.parametrize("age", ["10-17", "18-24", "25-34", "over 34", "under 10", "34+", "unknown", "17", "march"])
def test_an_age_that_is_one_is_none_of_them(age: str) -> None:
    rows = pl.DataFrame({column: [None, age] for column in RAW_COLUMNS}, schema=dict.fromkeys(RAW_COLUMNS, pl.String))
    check_values(rows.with_columns(searched_at=pl.lit(None, pl.String)))


@pytest.mark.slow
def test_the_checks_of_ten_megabytes_take_less_than_a_second() -> None:
    """They take some 20 ms; the bound is loose, for a machine under load."""
    content = monthly_text([{}] * 40_000).encode()
    start = time.perf_counter()
    check_bytes(content)
    preflight._check_widths(content, preflight._quotes(content), PORTAL)
    assert time.perf_counter() - start < 1
