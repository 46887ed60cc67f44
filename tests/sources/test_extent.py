"""What would fill the memory is refused before anything is made of it, whoever reads it."""

from pathlib import Path

import pytest

from disparity.sources import extent
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.monthly import read_files
from disparity.sources.police_uk import find_files
from disparity.sources.preflight import read_rows
from disparity.vocabulary.errors import DataError
from support.builders import monthly_text, write_monthly

TEXT = monthly_text([{}] * 30)


def refuse(content: bytes) -> DataError:
    with pytest.raises(DataError) as refused:
        read_rows(content)
    return refused.value


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_of_blank_lines_is_refused_and_says_so(end: bytes) -> None:
    error = refuse(TEXT.encode() + end * 1_000_000)
    assert error.code == "E116"
    assert "1,000,031 lines of 15 columns, most of them blank" in error.found


def test_some_blank_lines_are_blank_rows(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT.encode() + b"\n" * 10_000)
    (file,) = read_files(find_files([tmp_path])[0])
    assert (file.rows.height, file.blank_rows) == (30, 10_000)


def test_a_file_of_a_hundred_thousand_columns_is_refused_unread_whatever_reads_it(tmp_path: Path) -> None:
    header, *rows = TEXT.splitlines()
    more = ",".join(f"c{place}" for place in range(100_000))
    text = "\n".join([f"{header},{more}", *(row + "," * 100_000 for row in rows)])
    write_monthly(tmp_path, text.encode())
    (error,) = read_files(find_files([tmp_path])[0])
    assert (error.code, error.found) == ("E116", "line 1: 100,015 columns; at most 2,000 are read")
    (tmp_path / "extract.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="E116") as refused:
        propose_mapping(tmp_path / "extract.csv")
    assert refused.value.where == "extract.csv"


def test_two_thousand_columns_are_read() -> None:
    text = "\n".join([",".join(f"c{place}" for place in range(2_000)), "," * 1_999])
    assert read_rows(text.encode()).shape == (1, 2_000)


def test_more_quotation_marks_than_values_are_refused() -> None:
    assert refuse(b"a\n" + b'"' * 31_000_000).code == "E116"


def test_a_large_file_with_odd_quotation_marks_is_refused_before_it_is_made_into_lists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = TEXT.replace("Male", 'Ma"le').encode()
    monkeypatch.setattr(extent, "MOST_ODDLY_QUOTED", len(text))
    assert read_rows(text).height == 30
    monkeypatch.setattr(extent, "MOST_ODDLY_QUOTED", len(text) - 1)
    assert refuse(text).code == "E105"


def test_an_extract_larger_than_can_be_held_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    with path.open("wb") as file:
        file.truncate(extent.MAX_TABLE_BYTES + 1)  # of no room: nothing is written
    with pytest.raises(DataError, match="E116"):
        propose_mapping(path)
