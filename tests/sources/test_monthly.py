"""Files read together are read as each would be alone, whatever one of them is like."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.sources.monthly import read_files
from disparity.sources.police_uk import find_files
from disparity.sources.raw import LABELS, RawFile
from disparity.vocabulary.errors import DataError
from support.builders import HEADER, monthly_text, read_file, write_monthly

MONTHS = ("2019-04", "2019-05", "2019-06", "2019-07")
PLAIN = monthly_text([{"gender": "Female"}, {}, {"object_of_search": None}])
LATER = monthly_text([{"gender": None, "outcome": "Arrest"}, {"latitude": "50.1"}], month="2019-06")
ODD = {
    "no line end at the end": PLAIN.rstrip("\n"),
    "no row": monthly_text([]),
    "a header without its line end": monthly_text([]).rstrip("\n"),
    "a blank line": PLAIN.replace("\n", "\n\n", 2),
    "a line of commas": PLAIN + "," * (len(HEADER) - 1) + "\n",
    "a blank line at the end": PLAIN + "\n",
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + PLAIN,
    "a line break in quotation marks": monthly_text([{"object_of_search": "Stolen\ngoods, all"}, {}]),
    "blanks round a label": monthly_text([{"gender": " Male "}, {"gender": "  "}, {"latitude": " 53.1 "}]),
    "a value of another column": monthly_text([{"gender": "Black"}, {}]),
    "times of another kind": monthly_text([{"searched_at": "2019-04-15 12:00"}, {}]),
    "a column of another name": PLAIN.replace("Age range", "Age_range"),
    "a column less": PLAIN.replace("Gender", "Unknown column"),
    "a row too short": PLAIN + "Person search,2019-04-15T12:00:00+00:00\n",
    "a row too short and one too long": PLAIN + "," * (len(HEADER) - 2) + "\n" + "," * len(HEADER) + "\n",
    "a quotation mark that is not closed": PLAIN + '"' + "," * (len(HEADER) - 1) + "\n",
    "the header twice": PLAIN + PLAIN,
    "lines that end in CR": PLAIN.replace("\n", "\r"),
    "nothing": "",
    "columns that slid": monthly_text([{"gender": "White", "officer_defined_ethnicity": "Male"}] * 30),
}


@pytest.fixture(params=ODD, ids=list(ODD))
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    texts = (PLAIN, ODD[request.param], LATER, PLAIN.replace("53.76", "53.77"))
    for month, text in zip(MONTHS, texts, strict=True):
        write_monthly(tmp_path, text, month=month)
    return tmp_path


def describe(read: RawFile | DataError) -> tuple[object, ...]:
    if isinstance(read, DataError):
        return read.code, read.where, read.found
    return read.source_file, read.sha256, read.blank_rows, read.encoding, read.bytes, read.rows.height


def test_files_read_together_are_read_as_each_is_alone(folder: Path) -> None:
    files, _ = find_files([folder])
    together = read_files(files)
    apart = [read_files([file])[0] for file in files]
    assert [describe(read) for read in together] == [describe(read) for read in apart]
    for one, other in zip(together, apart, strict=True):
        if isinstance(one, RawFile) and isinstance(other, RawFile):
            assert_frame_equal(one.rows, other.rows)
    # What one file is like changes nothing of those before and after it.
    assert [read.rows.height for read in (together[0], together[2], together[3]) if isinstance(read, RawFile)] == [
        *(3, 2, 3)
    ]


def test_of_files_read_together_each_keeps_its_own_rows(tmp_path: Path) -> None:
    for place, month in enumerate(MONTHS):
        write_monthly(tmp_path, monthly_text([{"latitude": f"5{place}.{row}"} for row in range(place)]), month=month)
    read = [raw for raw in read_files(find_files([tmp_path])[0]) if isinstance(raw, RawFile)]
    assert [raw.rows["latitude"].to_list() for raw in read] == [
        *([], ["51.0"], ["52.0", "52.1"], ["53.0", "53.1", "53.2"])
    ]
    assert [raw.rows["source_row"].to_list() for raw in read] == [[], [1], [1, 2], [1, 2, 3]]


def test_labels_keep_their_numbers_when_no_column_of_a_file_is_left(tmp_path: Path) -> None:
    (file,), _ = find_files([write_monthly(tmp_path, PLAIN)])
    first = read_file(file).rows["gender"]
    numbers = first.to_physical()
    del first
    assert numbers.cat.to(LABELS).cast(pl.String).to_list() == ["Female", "Male", "Male"]
