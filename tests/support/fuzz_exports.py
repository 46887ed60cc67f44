"""Exports of searches as forces may have them, and what comes of reading, counting and publishing each.

`python -m support.fuzz_exports 5000` (from tests/) tries so many, `python -m support.fuzz_exports 1000 4000` those
that come after the first 4,000. They run in a process of their own, whose memory is theirs alone.
"""

import csv
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl

from disparity.pipeline.build import build
from disparity.project.settings import understand
from disparity.records.coding import code_searches
from disparity.records.ingest import read_records
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.codes import SELF_DEFINED
from disparity.vocabulary.errors import DisparityError

PERSON = "Jane Roe"

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


def refuse_in_full(error: DisparityError) -> str:
    """The code of a refusal that says what, where or found, and what now, and nothing of a person."""
    assert error.what
    assert error.found or error.what_now, str(error)
    assert PERSON not in str(error)
    return error.code


def follow(path: Path, *, is_built: bool) -> str:
    """Propose how to read an export, read, count and, where asked, publish it: "built", or the code of the refusal."""
    try:
        text = 'from = "2024-04"\nto = "2024-04"\n' + propose_mapping(path, force="fellshire")
        settings = understand(text, path.parent / "disparity.toml")
        (extract,) = (read_extract(each) for each in settings.extracts)
        rows = [code_searches(raw) for raw in extract.files]
        assert sum(part.height for part in rows) + sum(extract.set_aside.values()) == extract.rows_read
        ingested = read_records(settings)
        counted = ingested.counts.cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED)["searches"].sum()
        assert counted <= extract.rows_read
        if is_built:
            assert (build(settings).folder / "index.html").exists()
    except DisparityError as error:
        return refuse_in_full(error)
    return "built"


def run(count: int, first: int = 0) -> tuple[Counter[str], float]:
    """What became of each export, and the most processor seconds that one took."""
    seen: Counter[str] = Counter()
    most = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        for seed in range(first, first + count):
            chance = random.Random(f"export {seed}")  # noqa: S311  the same cases every time
            path.write_bytes(make_export(chance))
            start = time.process_time()
            try:
                seen[follow(path, is_built=not seen["built"])] += 1
            except Exception as error:
                raise AssertionError(f"seed {seed}: {error!r}") from error
            most = max(most, time.process_time() - start)
    return seen, most


def read_peak() -> int:
    """The most memory that this process has had, in kilobytes; 0 where the system does not say."""
    # Not `resource`: what a process was started from counts there too.
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def run_apart(count: int) -> tuple[Counter[str], float, int]:
    """The same in a new process, and the peak of its memory in kilobytes."""
    command = [sys.executable, "-m", "support.fuzz_exports", str(count)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen, most, peak = json.loads(done.stdout.splitlines()[-1])
    return Counter(seen), most, peak


if __name__ == "__main__":
    became, longest = run(*map(int, sys.argv[1:]))
    print(json.dumps([became, longest, read_peak()]))
