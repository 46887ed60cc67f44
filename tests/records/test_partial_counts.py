"""Parts that were counted apart add up to the whole, to the byte; what would count a search twice is refused."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.pipeline.build import build
from disparity.pipeline.submissions import count
from disparity.project.settings import Settings, make_settings
from disparity.records import ingest as ingested
from disparity.records.cluster import spread_on_cluster
from disparity.records.ingest import complete_reading, count_records, name_rules, read_records
from disparity.records.partial_counts import (
    AUDIT,
    COUNTS,
    OUTLINE_FILE,
    Part,
    Rules,
    add_parts,
    narrow,
    read_part,
    write_part,
)
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.errors import DataError, RequestError
from support import example
from support.builders import monthly_text, write_monthly
from support.dying import die_once

FORCES, MONTHS = ("kent", "lancashire"), ("2023-04", "2023-05", "2023-06")
ETHNICITIES = (
    "White - English/Welsh/Scottish/Northern Irish/British",
    "Black/African/Caribbean/Black British - African",
)


def write_records(folder: Path) -> Path:
    """Six files, no two alike: 4 to 9 searches each."""
    for place, (force, month) in enumerate((force, month) for force in FORCES for month in MONTHS):
        rows = [
            {
                "self_defined_ethnicity": ETHNICITIES[row % 2],
                "outcome": "Arrest" if row < place else "A no further action disposal",
            }
            for row in range(4 + place)
        ]
        write_monthly(folder, monthly_text(rows, month=month), force=force, month=month)
    return folder


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("parts") / "records")


def settings(records: Path, **given: object) -> Settings:
    fixed = {"records": [records], "from": MONTHS[0], "to": MONTHS[-1], "out": records.parent / "site"}
    return make_settings(fixed | given, where="a test")


def count_part(records: Path, **given: object) -> Part:
    return count_records(settings(records, **given))


def assert_same(one: Part, other: Part) -> None:
    """Counts and audit are the same rows; counts in the same order too."""
    for name in COUNTS:
        assert_frame_equal(getattr(one.counts, name), getattr(other.counts, name))
    for name in AUDIT:
        keys = ["force", "month"] if name == "submissions" else ["force", "month", "column", "label", "code"]
        assert_frame_equal(getattr(one.audit, name).sort(keys), getattr(other.audit, name).sort(keys))


def searches(part: Part) -> dict[tuple[str, str], int]:
    rows = part.audit.submissions.select("force", pl.col("month").dt.strftime("%Y-%m"), "rows_kept").iter_rows()
    return {(force, month): rows for force, month, rows in rows}


SPLITS = {
    "by time": [{"to": MONTHS[0]}, {"from": MONTHS[1]}],
    "by force": [{"forces": [force]} for force in FORCES],
    "by both": [
        {"forces": ["kent"], "to": MONTHS[1]},
        {"forces": ["kent"], "from": MONTHS[2]},
        {"forces": ["lancashire"]},
    ],
}


@pytest.mark.parametrize("split", SPLITS.values(), ids=SPLITS)
@pytest.mark.parametrize("is_backwards", [False, True])
def test_parts_add_up_to_the_whole(records, tmp_path, split, is_backwards):
    for number, given in enumerate(split):
        write_part(count_part(records, **given), tmp_path / f"{number}")
    names = [f"{number}" for number in range(len(split))][:: -1 if is_backwards else 1]
    together = add_parts([(name, read_part(tmp_path / name)) for name in names], name_rules(settings(records)))
    assert_same(together, count_part(records))
    # Six files of 4, 5, 6 and of 7, 8, 9 searches, as they were written.
    assert searches(together) == dict(zip([(f, m) for f in FORCES for m in MONTHS], range(4, 10), strict=True))


def build_files(records: Path, out: Path, **given: object) -> dict[str, bytes]:
    """Every file of the site."""
    return example.read_files(build(settings(records, out=out, **given)).folder)


@pytest.fixture(scope="module")
def one_pass(records: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    files = build_files(records, tmp_path_factory.mktemp("one-pass") / "site")
    assert len(files) > 100
    return files


@pytest.mark.slow
def test_a_site_from_parts_and_from_an_update_is_that_of_one_pass_to_the_byte(records, tmp_path, one_pass):
    for place, given in enumerate(SPLITS["by time"]):
        count(settings(records, **given), tmp_path / f"part-{place}")
    parts = [tmp_path / "part-1", tmp_path / "part-0"]
    kept = tmp_path / "kept"
    held_back = records / MONTHS[2]
    away = tmp_path / "held-back"
    shutil.move(held_back, away)
    build(settings(records, reuse=kept, out=tmp_path / "before"))
    shutil.move(away, held_back)
    assert build_files(records, tmp_path / "added" / "site", counts=parts) == one_pass
    assert build_files(records, tmp_path / "updated" / "site", reuse=kept) == one_pass


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the monthly files that are read and counted from here on."""
    names: list[str] = []
    read = ingested.read_files

    def note(files, **given):
        names.extend(f"{file.force} {file.month:%Y-%m}" for file in files)
        return read(files, **given)

    monkeypatch.setattr(ingested, "read_files", note)
    return names


def test_only_what_is_new_or_changed_is_counted_again(tmp_path, read_files):
    records, part = write_records(tmp_path / "records"), tmp_path / "part"
    count(settings(records), part)
    assert len(read_files) == len(FORCES) * len(MONTHS)
    read_files.clear()
    count(settings(records), part)
    assert read_files == []
    write_monthly(records, monthly_text([{}] * 11, month=MONTHS[1]), force="kent", month=MONTHS[1])
    next(records.rglob("2023-06-lancashire*")).unlink()
    count(settings(records), part)
    assert read_files == ["kent 2023-05"]
    assert searches(read_part(part)) == {
        **{("kent", "2023-04"): 4, ("kent", "2023-05"): 11, ("kent", "2023-06"): 6},
        **{("lancashire", "2023-04"): 7, ("lancashire", "2023-05"): 8},
    }
    assert_same(read_part(part), count_part(records))


def test_a_file_that_changed_back_is_no_news_and_one_that_moved_is(tmp_path, read_files):
    records, part = write_records(tmp_path / "records"), tmp_path / "part"
    count(settings(records), part)
    read_files.clear()
    file = next(records.rglob("2023-04-kent*"))
    file.write_bytes(file.read_bytes())
    count(settings(records), part)
    assert read_files == []
    (records / "elsewhere").mkdir()
    file.rename(records / "elsewhere" / file.name)
    count(settings(records), part)
    assert read_files == ["kent 2023-04"]  # the published list of files names its folder


@pytest.mark.parametrize("damage", ["rules", "outline", "table", "asked"])
def test_what_was_counted_otherwise_is_not_reused(tmp_path, read_files, damage):
    records, part = write_records(tmp_path / "records"), tmp_path / "part"
    count(settings(records), part)
    read_files.clear()
    if damage == "rules":
        write_part(replace(read_part(part), rules=Rules("another toolkit")), part)
    if damage == "outline":
        (part / OUTLINE_FILE).write_text("{")
    if damage == "table":
        (part / "cells.parquet").write_bytes(b"no table")
    count(settings(records), part, is_anew=damage == "asked")
    assert len(read_files) == len(FORCES) * len(MONTHS)
    assert_same(read_part(part), count_part(records))


def test_a_file_read_in_another_encoding_is_read_again_where_that_is_no_longer_allowed(tmp_path):
    text = monthly_text([{"gender": "M\xe4le"}], month=MONTHS[0])
    path = write_monthly(tmp_path / "records", text, force="kent", month=MONTHS[0])
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    asked = {"to": MONTHS[0], "reuse": tmp_path / "kept"}
    assert read_records(settings(tmp_path / "records", encoding="cp1252", **asked)).counts.cells["searches"].sum()
    with pytest.raises(DataError) as error:
        read_records(settings(tmp_path / "records", **asked))
    assert error.value.code == "E103"


def build_of(*parts: Path, **given: object) -> Settings:
    return settings(parts[0], counts=list(parts), **given)


def test_two_parts_of_one_month_are_refused(records, tmp_path):
    count(settings(records, to=MONTHS[1]), tmp_path / "one")
    count(settings(records, **{"from": MONTHS[1]}), tmp_path / "two")
    with pytest.raises(RequestError) as error:
        read_records(build_of(tmp_path / "one", tmp_path / "two"))
    assert (error.value.code, error.value.what) == ("E153", "two parts hold kent, 2023-05")
    assert str(tmp_path / "one") in error.value.where
    assert str(tmp_path / "two") in error.value.where


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (Rules("another"), "another version of the toolkit, or of polars"),
        (None, "veil_of_darkness: True, here False"),
    ],
)
def test_a_part_counted_by_other_rules_is_refused(records, tmp_path, rules, found):
    part = count_part(records)
    write_part(replace(part, rules=rules or replace(part.rules, veil_of_darkness=True)), tmp_path / "part")
    with pytest.raises(RequestError) as error:
        read_records(build_of(tmp_path / "part"))
    assert (error.value.code, error.value.found) == ("E152", found)


@pytest.mark.parametrize("damage", ["no folder", "no outline", "another kind", "a table gone"])
def test_what_is_no_part_is_refused(records, tmp_path, damage):
    part = tmp_path / "part"
    if damage != "no folder":
        write_part(count_part(records), part)
    if damage == "no outline":
        (part / OUTLINE_FILE).unlink()
    if damage == "another kind":
        outline = json.loads((part / OUTLINE_FILE).read_text(encoding="utf-8"))
        (part / OUTLINE_FILE).write_text(json.dumps(outline | {"kind": "disparity part 99"}), encoding="utf-8")
    if damage == "a table gone":
        (part / "labels.parquet").unlink()
    with pytest.raises(RequestError) as error:
        read_records(build_of(part))
    assert (error.value.code, error.value.where) == ("E154", str(part))


def test_a_part_that_somebody_put_a_file_into_is_left_as_it_is(records, tmp_path):
    count(settings(records), tmp_path / "part")
    (tmp_path / "part" / "notes.txt").write_text("mine")
    with pytest.raises(RequestError, match="holds other files too") as error:
        count(settings(records), tmp_path / "part")
    assert error.value.found == "notes.txt"
    assert (tmp_path / "part" / "notes.txt").read_text() == "mine"


def test_a_folder_that_holds_something_else_is_let_alone(records, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("four years of work")
    with pytest.raises(RequestError, match="holds something else"):
        count(settings(records), tmp_path / "mine")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "thesis.txt"]


def test_forces_and_months_that_no_part_holds_are_named(records):
    part = count_part(records)
    with pytest.raises(RequestError) as error:
        narrow(part, ["kent", "essex"], month_range(*(part.audit.submissions["month"].min(),) * 2))
    assert "essex from 2023-04 to 2023-04" in error.value.what
    assert error.value.found == "counts of kent, lancashire"


def test_a_quarter_is_not_cut(records):
    part = count_part(records, to=MONTHS[0])
    quarterly = part.audit.submissions.with_columns(pl.lit(3, pl.Int64).alias("months"))
    part = replace(part, audit=replace(part.audit, submissions=quarterly))
    april = part.audit.submissions["month"].min()
    assert narrow(part, [], month_range(april, april.replace(month=6))).counts.cells.height
    with pytest.raises(RequestError) as error:
        narrow(part, [], month_range(april, april.replace(month=5)))
    assert error.value.code == "E141"


def test_months_and_forces_that_are_not_asked_for_are_left_out(records):
    part = narrow(count_part(records), ["kent"], settings(records, to=MONTHS[1]).months())
    assert searches(part) == {("kent", "2023-04"): 4, ("kent", "2023-05"): 5}
    assert part.counts.cells["force"].unique().to_list() == ["kent"]


def test_a_file_that_could_not_be_read_stays_left_out_of_what_parts_add_up_to(tmp_path):
    records = write_records(tmp_path / "records")
    next(records.rglob("2023-05-kent*")).write_bytes(b"")
    count(settings(records, allow_partial=True), tmp_path / "part")
    with pytest.raises(DataError) as error:
        read_records(build_of(tmp_path / "part"))
    assert error.value.code == "E101"
    complete = read_records(build_of(tmp_path / "part", allow_partial=True))
    whole = read_records(settings(records, allow_partial=True))
    assert_frame_equal(complete.decisions, whole.decisions)
    assert "E101" in complete.decisions["reason"][0]


def test_what_an_extract_set_aside_is_told_once_though_two_parts_read_it(records):
    part = count_part(records)
    told = pl.DataFrame(
        [["extract.csv ab12", "sources", "kent", "set aside (rows: 2)", "no month", 9, 7]],
        schema=part.supplies.schema,
        orient="row",
    )
    halves = [
        (f"{place}", replace(count_part(records, **given), supplies=told))
        for place, given in enumerate(SPLITS["by time"])
    ]
    added = add_parts(halves, part.rules)
    assert complete_reading(settings(records, allow_partial=True), added).decisions["rows_before"].to_list()[:1] == [9]
    assert added.supplies.height == 1


# A cluster of a scheduler and two workers, each a process of its own.


@contextmanager
def start_cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    file = folder / "scheduler.json"
    module = "distributed.cli.dask_"
    started = [
        subprocess.Popen(
            [sys.executable, "-m", f"{module}{kind}", *options, "--scheduler-file", str(file), "--no-dashboard"],
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        )
        for kind, options in [
            ("scheduler", ["--host", "127.0.0.1", "--port", "0"]),
            *[("worker", ["--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"])] * 2,
        ]
    ]
    try:
        while not file.exists():
            assert started[0].poll() is None, "the scheduler did not start"
            time.sleep(0.05)
        while not (text := file.read_text(encoding="utf-8")):
            time.sleep(0.05)
        yield json.loads(text)["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_cluster_counts_the_same_though_a_worker_is_killed(records, tmp_path, monkeypatch, one_pass):
    monkeypatch.setattr(ingested, "BATCH_BYTES", 1)  # a batch a file
    flag = tmp_path / "killed"
    with start_cluster(tmp_path) as (address, workers), spread_on_cluster(address) as spread:
        whole = count_records(
            settings(records), None, lambda each, batches: spread(partial(die_once, flag, each), batches)
        )
        assert flag.exists()
        assert sorted(worker.poll() is None for worker in workers) == [False, True]
        # And as the command does it, on the worker that is left.
        count(settings(records), tmp_path / "part", cluster=address)
    monkeypatch.undo()
    assert_same(whole, count_part(records))
    assert_same(read_part(tmp_path / "part"), count_part(records))
    assert build_files(records, tmp_path / "counted" / "site", counts=[tmp_path / "part"]) == one_pass


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_named(records, tmp_path, monkeypatch):
    monkeypatch.setattr("disparity.records.cluster.WAIT_SECONDS", 1)
    with pytest.raises(RequestError, match="no scheduler answers") as error:
        count(settings(records), tmp_path / "part", cluster="tcp://127.0.0.1:9")
    assert error.value.where == "tcp://127.0.0.1:9"
    assert not (tmp_path / "part").exists()
