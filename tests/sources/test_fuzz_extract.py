"""Whatever lies in an extract, CSV or workbook, each row is accounted for or the file is refused with a code."""

import csv
import io
import os
import random
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.coding import code_searches
from disparity.sources import confined
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.errors import DisparityError
from support import fuzz_exports
from support.fuzz_exports import PERSON, mutate

HEADER = ("Ref", "When", "SDE", "Disposal", "Lat", "Grounds")
COLUMNS = {
    "record_id": "Ref",
    "searched_at": "When",
    "self_defined_ethnicity": "SDE",
    "outcome": "Disposal",
    "latitude": "Lat",
    "longitude": "Lat",
    "grounds": "Grounds",
}
ROWS = [
    (str(place), f"{place % 28 + 1:02}/04/2024 10:05", ("W1", "B2", "")[place % 3], "NFA", "53.7", f"{PERSON}, seen")
    for place in range(20)
]
MADE = Path(__file__).parents[2] / "data" / "synthetic" / "extract" / "fellshire-extract.csv"
CASES = 200  # a test
seen: Counter[str] = Counter()


def make_csv() -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *ROWS])
    return text.getvalue().encode()


def make_workbook(sheet: bytes) -> bytes:
    """The least that is a workbook, round a sheet."""
    office = "http://schemas.openxmlformats.org"
    kinds = f"{office}/officeDocument/2006/relationships"
    link = f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" Type="{kinds}/'
    parts: dict[str, bytes] = {
        "_rels/.rels": f'{link}officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/_rels/workbook.xml.rels": f'{link}worksheet" Target="s1.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{office}/spreadsheetml/2006/main" xmlns:r="{kinds}"><sheets>'
            '<sheet name="Data" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/s1.xml": sheet,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return packed.getvalue()


def make_sheet() -> bytes:
    def cells(row: tuple[str, ...]) -> str:
        return "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in row)

    rows = "".join(f"<row>{cells(row)}</row>" for row in (HEADER, *ROWS))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def survive(path: Path, content: bytes, **changed: object) -> None:
    """Read the extract as mapped: rows that add up, or one error with a code."""
    path.write_bytes(content)
    given = {"file": path, "force": "fellshire", "columns": COLUMNS, "date_format": "%d/%m/%Y %H:%M", **changed}
    try:
        extract = read_extract(ExtractSettings.model_validate(given))
    except DisparityError as error:
        refuse(error)
        return
    rows = [code_searches(raw) for raw in extract.files]
    assert sum(part.height for part in rows) + sum(extract.set_aside.values()) == extract.rows_read
    assert all(part["disposition"].null_count() == 0 for part in rows)
    seen["read"] += 1


def survive_proposal(path: Path, content: bytes) -> None:
    """Guess how to read it: a text, or one error with a code."""
    path.write_bytes(content)
    try:
        assert propose_mapping(path)
    except DisparityError as error:
        refuse(error)


def refuse(error: DisparityError) -> None:
    assert error.code, error.what
    assert PERSON not in str(error)
    assert str(error).replace("\n", "").isprintable()
    seen[error.code] += 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_no_change_to_a_csv_ends_in_anything_but_rows_or_a_code(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same cases every time
    survive(tmp_path / "x.csv", make_csv())
    assert seen["read"]
    for _ in range(CASES):
        encoding = chance.choice(["utf-8", "utf-8", "cp1252", "utf-16"])
        survive(tmp_path / "x.csv", mutate(make_csv(), chance), encoding=encoding)


@pytest.mark.slow
def test_no_change_to_the_made_extract_ends_in_anything_but_rows_or_a_code(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311
    lines = MADE.read_bytes().splitlines(keepends=True)
    header = lines[0].decode().strip().split(",")
    columns = {"searched_at": header[1], "record_id": header[0]}
    for _ in range(CASES):
        start = chance.randrange(1, len(lines) - 40)
        content = lines[0] + b"".join(lines[start : start + 40])
        survive(tmp_path / "x.csv", mutate(content, chance), columns=columns)


@pytest.mark.slow
def test_no_change_to_an_extract_ends_a_proposal_in_anything_but_a_text_or_a_code(tmp_path: Path) -> None:
    """Guessing takes a tenth of a second."""
    chance = random.Random(11)  # noqa: S311
    for _ in range(CASES // 25):
        survive_proposal(tmp_path / "x.csv", mutate(make_csv(), chance))
        survive_proposal(tmp_path / "x.xlsx", make_workbook(mutate(make_sheet(), chance)))


@pytest.mark.slow
@pytest.mark.parametrize("is_inside", [False, True])
def test_no_change_to_a_workbook_or_its_sheet_ends_in_anything_but_rows_or_a_code(
    tmp_path: Path, is_inside: bool
) -> None:
    chance = random.Random(5)  # noqa: S311
    before = seen["read"]
    survive(tmp_path / "x.xlsx", make_workbook(make_sheet()))
    assert seen["read"] == before + 1
    for _ in range(CASES // 2):
        sheet = mutate(make_sheet(), chance) if is_inside else make_sheet()
        book = make_workbook(sheet)
        survive(tmp_path / "x.xlsx", book if is_inside else mutate(book, chance))


@pytest.mark.slow
def test_no_change_to_a_parquet_file_ends_in_anything_but_rows_or_a_code(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    packed = io.BytesIO()
    pl.DataFrame(ROWS, schema=list(HEADER), orient="row").write_parquet(packed)
    for _ in range(CASES):
        survive(tmp_path / "x.parquet", mutate(packed.getvalue(), chance))


def test_a_workbook_that_unpacks_to_more_than_it_says_is_refused_unread(tmp_path: Path) -> None:
    content = bytearray(make_workbook(make_sheet()))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    seen.clear()
    survive(tmp_path / "x.xlsx", bytes(content))
    assert dict(seen) == {"E133": 1}


def test_a_workbook_larger_than_any_extract_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = make_workbook(make_sheet())
    size = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    for most, answer in ((size, "read"), (size - 1, "E133")):
        monkeypatch.setattr(confined, "MAX_UNPACKED", most)
        seen.clear()
        survive(tmp_path / "x.xlsx", content)
        assert dict(seen) == {answer: 1}


@pytest.mark.slow
def test_no_export_ends_a_proposal_and_its_build_in_anything_but_a_right_reading_or_a_named_refusal() -> None:
    """`DISPARITY_FUZZ` says how many; the first that reads is built to the last page."""
    seen, most_seconds, peak = fuzz_exports.run_apart(int(os.environ.get("DISPARITY_FUZZ", "40")))
    assert seen["built"], seen
    assert most_seconds < 60, most_seconds
    assert peak < 2_000_000, "kilobytes"
