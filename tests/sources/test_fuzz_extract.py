"""Whatever lies in an extract, CSV or workbook, each row is accounted for or the file is refused with a code."""

import csv
import io
import os
import random
import resource
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.build import build
from disparity.project.extract_mapping import ExtractSettings
from disparity.project.settings import understand
from disparity.records.coding import code_searches
from disparity.records.ingest import read_records
from disparity.sources import confined
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.codes import SELF_DEFINED
from disparity.vocabulary.errors import DisparityError

PERSON = "Jane Roe"
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

Mutate = Callable[[bytes, int, bytes], bytes]
MUTATIONS: tuple[Mutate, ...] = (
    lambda text, at, new: text[:at] + new + text[at:],
    lambda text, at, new: text[:at] + new + text[at + len(new) :],
    lambda text, at, new: text[: at + 1] if new[0] < 64 else text[:at] + text[at + new[0] :],
    lambda text, at, new: text[:at] + text[at : at + 50 * new[0]] + text[at:],
    lambda text, at, _: text.replace(b",", b";", at % 40 + 1),
    lambda text, at, new: text.replace(b"\n", [b"\r", b"\r\n", b"\n\n", b""][new[0] % 4], at % 10 + 1),
    lambda text, at, _: text.replace(b'"', b"", at % 3 + 1),
    lambda text, at, _: text.replace(b"/04/", [b"/13/", b"-04-", b"/00/", b"/03/"][at % 4], at % 20 + 1),
    lambda text, at, new: text.decode("latin-1").encode(["utf-16", "utf-8", "utf-7"][(at + new[0]) % 3]),
)


def mutate(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 3)):
        at, new = chance.randrange(max(len(content), 1)), chance.randbytes(chance.randint(1, 4))
        content = chance.choice(MUTATIONS)(content, at, new)
    return content


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


@pytest.mark.parametrize("seed", range(2))
def test_no_change_to_a_csv_ends_in_anything_but_rows_or_a_code(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same cases every time
    survive(tmp_path / "x.csv", make_csv())
    assert seen["read"]
    for _ in range(CASES):
        encoding = chance.choice(["utf-8", "utf-8", "cp1252", "utf-16"])
        survive(tmp_path / "x.csv", mutate(make_csv(), chance), encoding=encoding)


def test_no_change_to_the_made_extract_ends_in_anything_but_rows_or_a_code(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311
    lines = MADE.read_bytes().splitlines(keepends=True)
    header = lines[0].decode().strip().split(",")
    columns = {"searched_at": header[1], "record_id": header[0]}
    for _ in range(CASES):
        start = chance.randrange(1, len(lines) - 40)
        content = lines[0] + b"".join(lines[start : start + 40])
        survive(tmp_path / "x.csv", mutate(content, chance), columns=columns)


def test_no_change_to_an_extract_ends_a_proposal_in_anything_but_a_text_or_a_code(tmp_path: Path) -> None:
    """Guessing takes a tenth of a second."""
    chance = random.Random(11)  # noqa: S311
    for _ in range(CASES // 25):
        survive_proposal(tmp_path / "x.csv", mutate(make_csv(), chance))
        survive_proposal(tmp_path / "x.xlsx", make_workbook(mutate(make_sheet(), chance)))


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


SPELT = ("W1", "White - British", "IC1", "Not White", "", "N/A", "not stated")
NEGATED = ("NFA", "Not arrested", "Arrest", "No further action", "Nothing found", "Drugs (not supply)", "declined")
STAMPS = ("%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S+00:00", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y %I:%M %p", "%m/%d/%Y")
INJECTED = ("Officer name", "=1+1", "Shape\x1b[2J", "", "Latitude", "Self-defined ethnicity", "x" * 300, "Grounds")


def make_export(chance: random.Random) -> bytes:
    """An export as a force may have it: its own header in any order, separators, encodings, negations and columns."""
    stamp = chance.choice(STAMPS)
    is_plain = chance.random() < 0.5  # nothing that waits for a person to say what it means
    spelt, outcomes = (SPELT[:2], NEGATED[0:3:2]) if is_plain else (SPELT, NEGATED)
    objects, sexes = (
        (["Drugs"], ["Male", "Female"]) if is_plain else (["Drugs", "No drugs", "-"], ["M", "not male", ""])
    )
    columns = {
        chance.choice(["Ref", "Search ID", "URN"]): str,
        chance.choice(["When", "Date of search", "Search Date/Time"]): lambda place: datetime(
            2024, 4, place % 30 + 1, place % 24, 5
        ).strftime(stamp),
        chance.choice(["SDE", "Self defined ethnicity", "Ethnicity"]): lambda _: chance.choice(spelt),
        chance.choice(["Disposal", "Outcome", "Result"]): lambda _: chance.choice(outcomes),
        chance.choice(["Object", "Reason for search"]): lambda _: chance.choice(objects),
        chance.choice(["Gender", "Sex"]): lambda _: chance.choice(sexes),
    }
    for label in chance.sample(INJECTED, chance.randint(0, 2)):
        columns.setdefault(label, lambda place: f"{PERSON} {place}")
    names = chance.sample(list(columns), len(columns))
    text = io.StringIO()
    separator = chance.choice(",,,;\t|")
    writer = csv.writer(text, delimiter=separator, lineterminator=chance.choice(["\n", "\r\n"]))
    if not chance.randrange(6):
        writer.writerow(["Export of searches"])
    writer.writerow(names)
    writer.writerows([columns[name](place) for name in names] for place in range(60))
    content = text.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return mutate(content, chance) if not chance.randrange(3) else content


def refuse_in_full(error: DisparityError, seed: int) -> None:
    assert error.what, seed
    assert error.found or error.what_now, (seed, str(error))
    assert PERSON not in str(error), seed
    seen[error.code] += 1


@pytest.mark.slow
def test_no_export_ends_a_proposal_and_its_build_in_anything_but_a_right_reading_or_a_named_refusal(
    tmp_path: Path,
) -> None:
    """`DISPARITY_FUZZ` says how many; the first that reads is built to the last page."""
    count = int(os.environ.get("DISPARITY_FUZZ", "40"))
    path, is_built = tmp_path / "export.csv", False
    for seed in range(count):
        chance = random.Random(f"export {seed}")  # noqa: S311  the same cases every time
        path.write_bytes(make_export(chance))
        start = time.process_time()
        try:
            text = 'from = "2024-04"\nto = "2024-04"\n' + propose_mapping(path, force="fellshire")
            settings = understand(text, tmp_path / "disparity.toml")
            (extract,) = (read_extract(each) for each in settings.extracts)
            rows = [code_searches(raw) for raw in extract.files]
            assert sum(part.height for part in rows) + sum(extract.set_aside.values()) == extract.rows_read, seed
            ingested = read_records(settings)
            counted = ingested.counts.cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED)["searches"].sum()
            assert counted <= extract.rows_read, seed
            if not is_built:
                assert (build(settings).folder / "index.html").exists()
                is_built = True
            seen["built"] += 1
        except DisparityError as error:
            refuse_in_full(error, seed)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
        assert time.process_time() - start < 60, seed
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000, "kilobytes, as Linux gives them"
    assert seen["built"], seen
