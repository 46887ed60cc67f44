"""What was downloaded stays: nothing overwritten, nothing half done, and one lock file that says what is what."""

import json
import resource
import signal
import subprocess
import sys
import time

import pytest

from disparity.sources.download.store import keep, open_store, path_of
from disparity.vocabulary.errors import RequestError
from support import portal

SPAN = "Apr 2023 to Mar 2025"
ZIP = "/archive/2025-03.zip"
NAME = "2023-05/2023-05-fellshire-stop-and-search.csv"
# Counts what a fetch does to files, and kills itself at the step it is told.
DIE_AT = """
import atexit, os, signal, sys
left = int(sys.argv.pop(1))
home = os.path.join(os.getcwd(), "")
steps = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "shutil.rmtree"}
def count(event, args):
    global left
    if event in steps and str(args[0]).startswith(home):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
atexit.register(lambda: print(-left))
from disparity.cli.main import main
main()
"""


def publish(site, records):
    site.publish({"2025-03": (SPAN, portal.zip_files(records))})


@pytest.fixture(scope="session")
def few(records):
    return {name: text for name, text in records.items() if name[:7] in ("2023-04", "2023-05", "2023-06")}


def start(home, url, die_at=0):
    home.mkdir(exist_ok=True)
    span = ["--from", "2023-04", "--to", "2023-06", "--force", "fellshire", "--base-url", url]
    command = [sys.executable, "-c", DIE_AT, str(die_at), "fetch", "stops", *span]
    return subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    return int(out.split()[-1])


def read_all(home):
    """All that a fetch leaves, but for the empty file that keeps a second fetch out."""
    return {name: content for name, content in portal.read_tree(home).items() if not name.endswith(".busy")}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
def test_a_fetch_killed_at_any_step_and_run_again_ends_with_the_bytes_of_an_undisturbed_one(site, tmp_path, few):
    kill_and_run_again(site, tmp_path, few, range(10))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
def test_a_fetch_killed_half_way_and_run_again_ends_with_the_bytes_of_an_undisturbed_one(site, tmp_path, few):
    kill_and_run_again(site, tmp_path, few, [5])


def kill_and_run_again(site, tmp_path, few, ninths):
    publish(site, few)
    site.pause = 0.001
    steps = finish(start(tmp_path / "undisturbed", site.url))
    whole = read_all(tmp_path / "undisturbed")
    assert steps > 30
    for number in ninths:
        home = tmp_path / f"killed-{number}"
        process = start(home, site.url, die_at=1 + number * (steps - 1) // 9)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        finish(start(home, site.url))
        assert read_all(home) == whole, number


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows cannot kill so")
def test_a_whole_archive_killed_half_way_goes_on_from_there(site, tmp_path, few, waits):
    publish(site, few)
    size = len(site.files[ZIP])
    site.gives_ranges, site.pause = False, 0.0
    finish(start(tmp_path / "undisturbed", site.url))
    site.sent, site.pause = 0, 0.3
    process = start(tmp_path / "killed", site.url)
    part = None
    while not (part and part[0].stat().st_size):
        part = list((tmp_path / "killed").glob("downloads/partial/*.part"))
        time.sleep(0.01)
    process.kill()
    process.communicate()
    held = part[0].stat().st_size
    assert 0 < held < size
    site.gives_ranges, site.pause = True, 0.0
    site.asked.clear()
    finish(start(tmp_path / "killed", site.url))
    assert portal.read_tree(tmp_path / "killed" / "records") == portal.read_tree(tmp_path / "undisturbed" / "records")


def test_the_lock_file_says_where_each_file_is_from(site, ask, few):
    publish(site, few)
    ask("fellshire", last="2023-04")
    lock = json.loads((ask.home / "downloads.lock.json").read_text())
    (row,) = lock["files"]
    name = "2023-04/2023-04-fellshire-stop-and-search.csv"
    kept = ask.home / "downloads" / "sha256" / row["sha256"][:2] / row["sha256"]
    assert (row["name"], row["member"]) == (f"records/{name}", name)
    assert row["address"] == f"{site.url}/data/archive/2025-03.zip"
    assert (row["on"], row["size"]) == ("2026-08-31", len(few[name]))
    assert kept.read_bytes() == few[name]


def test_what_is_there_is_not_asked_for_again(site, ask, few):
    publish(site, few)
    ask("fellshire")
    site.asked.clear()
    report = ask("fellshire")
    assert site.asked == []
    assert (len(report.kept), report.added) == (3, ())


def test_months_added_later_are_the_only_ones_downloaded(site, ask, few):
    publish(site, few)
    ask("fellshire", last="2023-04")
    site.asked.clear()
    report = ask("fellshire")
    assert len(report.added) == 2
    assert len([span for path, span in site.asked if path == ZIP]) == 3


def test_files_that_are_gone_come_back_without_the_network(site, ask, few):
    publish(site, few)
    ask("fellshire")
    before = ask.tree()
    (ask.home / "records" / NAME).unlink()
    site.asked.clear()
    ask("fellshire")
    assert ask.tree() == before
    assert site.asked == []


def change(site, few):
    """The force supplies May again with two rows more, and takes June back."""
    lines = few[NAME].splitlines(keepends=True)
    june = NAME.replace("2023-05", "2023-06")
    changed = {name: text for name, text in few.items() if name != june} | {NAME: b"".join([*lines, *lines[1:3]])}
    publish(site, changed)
    return len(lines) - 1, june


def test_a_refresh_says_what_changed_and_keeps_what_was(site, ask, few):
    publish(site, few)
    ask("fellshire")
    rows, june = change(site, few)
    report = ask("fellshire", refresh=True)
    assert report.changed == ((NAME, f"{rows:,} rows", f"{rows + 2:,} rows"),)
    assert (report.withdrawn, report.missing) == ((june,), ())
    files = json.loads((ask.home / "downloads.lock.json").read_text())["files"]
    versions = [row["sha256"] for row in files if row["name"] == f"records/{NAME}"]
    contents = [(ask.home / "downloads" / "sha256" / sha[:2] / sha).read_bytes() for sha in versions]
    assert contents == [few[NAME], ask.tree()[NAME]]
    assert ask.tree()[june] == few[june]


def test_a_refresh_downloads_only_what_changed(site, ask, few):
    publish(site, few)
    ask("fellshire")
    change(site, few)
    site.asked.clear()
    ask("fellshire", refresh=True)
    assert len([span for path, span in site.asked if path == ZIP]) == 2


def test_without_a_refresh_a_changed_archive_changes_nothing(site, ask, few):
    publish(site, few)
    ask("fellshire")
    before = ask.tree()
    change(site, few)
    ask("fellshire")
    assert ask.tree() == before


def test_a_run_that_died_before_the_archive_was_replaced_ends_with_one_archive(site, ask, few):
    publish(site, few)
    ask("fellshire", last="2023-05")
    change(site, few)
    report = ask("fellshire", last="2023-06")
    assert [name for name, *_ in report.changed] == [NAME]


def test_a_file_that_was_not_fetched_is_never_overwritten(site, ask, few):
    publish(site, few)
    mine = ask.home / "records" / NAME
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    with pytest.raises(RequestError) as error:
        ask("fellshire")
    assert str(error.value) == (
        "a file that was not fetched, or was changed since, is in the way\n"
        f"  where:    {mine}\n"
        "  what now: move it away and run again: fetch overwrites only what it fetched"
    )
    assert mine.read_text() == "mine"


def test_kept_content_that_was_written_to_is_downloaded_anew(site, ask, few):
    publish(site, few)
    ask("fellshire")
    with (ask.home / "records" / NAME).open("ab") as file:
        file.write(b"x")
    (ask.home / "records" / NAME).unlink()
    ask("fellshire")
    assert ask.tree()[NAME] == few[NAME]


def test_two_fetches_do_not_write_to_one_folder_at_once(site, ask, few):
    publish(site, few)
    with open_store(ask.home / "records"), pytest.raises(RequestError, match=r"^another fetch writes to this folder\n"):
        ask("fellshire")


@pytest.mark.parametrize("content", ["{", "[]", '{"version": 2, "files": []}', '{"version": 1, "files": [{"a": 1}]}'])
def test_a_lock_file_that_is_not_ours_is_refused(site, ask, few, content):
    publish(site, few)
    (ask.home / "downloads.lock.json").write_text(content)
    with pytest.raises(RequestError, match=r"^the lock file cannot be read\n"):
        ask("fellshire")


def test_a_full_disk_is_told_of_and_leaves_nothing_half_written(tmp_path):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limit[1]))
    try:
        with pytest.raises(RequestError) as error, open_store(tmp_path / "records") as store:
            keep(store, bytes(5_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert error.value.what == "the disk is full, or allows no file so large"
    assert not list((tmp_path / "downloads").glob("sha256/*/*"))


def test_a_disk_without_links_gets_copies(tmp_path, site, ask, few, monkeypatch):
    def refuse(*_names):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    publish(site, few)
    ask("fellshire")
    assert ask.tree()[NAME] == few[NAME]
    assert all(path.suffix == ".csv" for path in (ask.home / "records").rglob("*") if path.is_file())


def test_the_same_content_is_kept_once(tmp_path):
    with open_store(tmp_path / "records") as store:
        assert keep(store, b"a") == keep(store, b"a")
        assert path_of(store, keep(store, b"a")).read_bytes() == b"a"
