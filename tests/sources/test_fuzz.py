"""Whatever lies in a file, it is read with every row accounted for or refused with a code: never anything else.

At least 2,000 cases, each through all that reads: find, choose, read, code.
"""

import csv
import io
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disparity.records.coding import code_searches
from disparity.sources.header import find_separator
from disparity.sources.police_uk import choose_files, find_files
from disparity.vocabulary.errors import DisparityError
from support.builders import HEADER, monthly_text, read_file

APRIL = date(2019, 4, 1)
MADE = Path(__file__).parents[2] / "data" / "synthetic" / "police_uk"
NAME = "2019-04-fellshire-stop-and-search.csv"
PERSON = "Jane Roe"
READ = "read"
TEXT = monthly_text(
    [
        {"gender": PERSON, "searched_at": f"2019-04-{day:02}T12:00:00+00:00", "outcome": outcome}
        for day, outcome in enumerate(["Arrest", None, 'a "quoted", value', "two\nlines", "Caf\u00e9"] * 5, start=1)
    ]
).encode()
OTHER = monthly_text([{"gender": PERSON, "legislation": None}] * 3, header=[label.upper() for label in HEADER]).encode()

Mutate = Callable[[bytes, int, int, bytes], bytes]
MUTATIONS: dict[str, Mutate] = {
    "flip": lambda text, at, by, _: text[:at] + bytes([text[at] ^ (by % 255 + 1)]) + text[at + 1 :] if text else text,
    "insert": lambda text, at, _, new: text[:at] + new + text[at:],
    "delete": lambda text, at, by, _: text[:at] + text[at + by % 200 + 1 :],
    "truncate": lambda text, at, *_: text[:at],
    "behead": lambda text, at, *_: text[at:],
    "repeat": lambda text, at, by, _: text[:at] + text[at : at + by % 2_000] + text[at:],
    "repeat a line": lambda text, at, by, _: _on_lines(
        text, lambda lines: lines.insert(at % len(lines), lines[by % len(lines)])
    ),
    "drop a line": lambda text, at, *_: _on_lines(text, lambda lines: lines.pop(at % len(lines))),
    "swap lines": lambda text, at, by, _: _on_lines(text, lambda lines: lines.insert(0, lines.pop(at % len(lines)))),
    "other separators": lambda text, _, by, __: text.replace(b",", [b";", b"\t", b"|", b",,", b"\x1f"][by % 5]),
    "other separators once": lambda text, _, by, __: text.replace(b",", [b";", b"\t", b"\n", b'"', b"\r"][by % 5], 1),
    "other line ends": lambda text, _, by, __: text.replace(b"\n", [b"\r", b"\r\n", b"\n\n", b"\r\r\n", b""][by % 5]),
    "splice": lambda text, at, by, _: text[:at] + OTHER[by % len(OTHER) :],
    "join": lambda text, *_: text + OTHER,
    "unquote": lambda text, *_: text.replace(b'"', b""),
    "half quote": lambda text, at, *_: text[:at] + text[at:].replace(b",", b',"'),
    "code again": lambda text, _, by, __: text.decode("latin-1").encode(["utf-16", "utf-8", "utf-32", "utf-7"][by % 4]),
}
PIECES = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b'"', b'""', b",", b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"'", b"\\", b"=cmd()", b"\x1b[2J"]),
    st.sampled_from(["\u202e", "\u2028", "\x85", "\u00a0", "\ud7ff"]).map(str.encode),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(MUTATIONS)), st.integers(0, 10**6), st.integers(0, 10**6), PIECES), max_size=4
)
seen: Counter[str] = Counter()
SOME = settings.default.max_examples  # 100, or fewer where what is slow is left out
cases = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], derandomize=True)


def _on_lines(text: bytes, change: Callable[[list[bytes]], object]) -> bytes:
    lines = text.splitlines(keepends=True) or [b""]
    change(lines)
    return b"".join(lines)


def mutate(content: bytes, steps: list[tuple[str, int, int, bytes]]) -> bytes:
    for name, at, by, new in steps:
        content = MUTATIONS[name](content, at % max(len(content), 1), by, new)
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def count_rows(content: bytes) -> int:
    """A second opinion: rows with a value after the header, by the csv module."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    rows = csv.reader(text, delimiter=find_separator(content))
    return sum(any(value.strip() for value in row) for row in rows) - 1


def count_blank(content: bytes) -> int:
    """Rows after the header without a value, by the csv module."""
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    rows = csv.reader(text, delimiter=find_separator(content))
    return sum(not any(value.strip() for value in row) for row in rows)


def refuse(error: DisparityError) -> str:
    assert error.code
    assert PERSON not in str(error)
    assert str(error).replace("\n", "").isprintable()
    seen[error.code] += 1
    return error.code


def survive(folder: Path, content: bytes, *, name: str = NAME, member: str = "") -> str:
    """Read the file; give "read" or the code it was refused with."""
    path = folder / name
    path.write_bytes(content)
    try:
        (file,) = choose_files(find_files([path])[0], forces=[], months=[APRIL])
        raw = read_file(file)
    except DisparityError as error:
        return refuse(error)
    searches = code_searches(raw)
    assert searches["source_row"].to_list() == list(range(1, raw.rows.height + 1))
    assert searches["disposition"].null_count() == 0
    if not member:
        assert (raw.rows.height, raw.blank_rows) == (count_rows(content), count_blank(content))
    seen[READ] += 1
    return READ


@settings(cases, max_examples=3 * SOME)
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_end_in_anything_but_rows_or_a_code(folder: Path, content: bytes, has_header: bool) -> None:
    survive(folder, TEXT.partition(b"\n")[0] + b"\n" + content if has_header else content)


@pytest.mark.slow
@settings(cases, max_examples=2 * SOME)
@given(st.lists(st.lists(st.text(max_size=12), min_size=15, max_size=15), max_size=5), st.sampled_from([0, 1, 2]))
def test_no_text_in_any_column_is_lost(folder: Path, rows: list[list[str]], quoting: int) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows([HEADER, *rows])
    survive(folder, text.getvalue().encode(errors="replace"))


@settings(cases, max_examples=9 * SOME)
@given(STEPS)
def test_no_change_to_a_file_ends_in_anything_but_rows_or_a_code(
    folder: Path, steps: list[tuple[str, int, int, bytes]]
) -> None:
    survive(folder, mutate(TEXT, steps))


@settings(cases, max_examples=2 * SOME)
@given(STEPS, st.booleans())
def test_no_change_to_an_archive_or_its_file_ends_in_anything_but_rows_or_a_code(
    folder: Path, steps: list[tuple[str, int, int, bytes]], is_inside: bool
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, mutate(TEXT, steps) if is_inside else TEXT)
    content = packed.getvalue() if is_inside else mutate(packed.getvalue(), steps)
    survive(folder, content, name="latest.zip", member=NAME)


def survive_seeded(folder: Path, paths: list[Path], seed: int, count: int) -> None:
    """Mutate a stretch of a file that a police force, or the maker of records, wrote."""
    chance = random.Random(seed)  # noqa: S311  the same cases every time
    for _ in range(count):
        lines = chance.choice(paths).read_bytes().splitlines(keepends=True)
        start = chance.randrange(1, max(len(lines) - 60, 2))
        content = lines[0] + b"".join(lines[start : start + 60])
        steps = [
            (chance.choice(sorted(MUTATIONS)), chance.randrange(10**6), chance.randrange(10**6), chance.randbytes(3))
            for _ in range(chance.randint(1, 3))
        ]
        survive(folder, mutate(content, steps))


@pytest.mark.parametrize("seed", range(4))
def test_no_change_to_a_made_file_ends_in_anything_but_rows_or_a_code(folder: Path, seed: int) -> None:
    survive_seeded(folder, sorted(MADE.rglob("*.csv")), seed, 150)


@pytest.mark.parametrize("seed", range(2))
def test_no_change_to_a_real_file_ends_in_anything_but_rows_or_a_code(folder: Path, records: Path, seed: int) -> None:
    survive_seeded(folder, sorted(records.rglob("*.csv")), seed, 150)


@pytest.mark.slow
def test_the_cases_reach_most_answers() -> None:
    """A fuzzer that is always refused at the door tests the door only. Runs after the others."""
    if sum(seen.values()) < 2_000:
        pytest.skip("the other tests of this file have not all run")
    assert seen[READ] > 200
    assert len(seen) >= 12
