"""Whole files: gone on with where they broke off, never made of two versions."""

import hashlib

import pytest

from disparity.sources.download import whole
from disparity.sources.download.store import open_store, path_of
from disparity.sources.download.web import open_web
from disparity.sources.download.whole import fetch_whole
from disparity.vocabulary.errors import DataError
from support import portal

FIRST, SECOND = bytes(range(256)) * 400, bytes(reversed(range(256))) * 400


@pytest.fixture
def fetch(site, tmp_path, waits):
    def fetch_file():
        with open_store(tmp_path / "records") as store, open_web(site.url) as web:
            download = fetch_whole(web, store, f"{site.url}/file.ods", md5="", expected="the file")
            return path_of(store, download.sha256).read_bytes()

    return fetch_file


def ranges(site):
    return [span for _, span in site.asked]


def test_a_file_that_broke_off_goes_on_from_there(site, fetch):
    site.files["/file.ods"] = FIRST
    site.faults["/file.ods"] = [portal.Fault(left_out=40_000), portal.Fault(left_out=10_000)]
    assert fetch() == FIRST
    assert ranges(site) == ["", "bytes=62400-", "bytes=92400-"]
    assert site.sent == len(FIRST)


def test_a_file_that_changed_since_it_broke_off_is_begun_anew(site, fetch):
    site.files["/file.ods"] = FIRST
    site.faults["/file.ods"] = [portal.Fault(left_out=40_000), portal.Fault(replaced_by=SECOND)]
    assert fetch() == SECOND


def test_a_file_without_an_end_is_given_up(site, fetch, monkeypatch):
    site.files["/file.ods"] = FIRST
    monkeypatch.setattr(whole, "MOST_BYTES", len(FIRST) - 1)
    with pytest.raises(DataError, match="the file is too large"):
        fetch()


def test_a_file_that_changes_twice_is_given_up(site, fetch):
    site.files["/file.ods"] = FIRST
    site.faults["/file.ods"] = [
        portal.Fault(left_out=40_000),
        portal.Fault(replaced_by=SECOND, left_out=40_000),
        portal.Fault(replaced_by=FIRST),
    ]
    with pytest.raises(DataError, match=r"^the file changed twice while it was downloaded\n"):
        fetch()


def test_a_server_that_gives_no_ranges_is_asked_from_the_start(site, fetch):
    site.files["/file.ods"] = FIRST
    site.gives_ranges = False
    site.faults["/file.ods"] = [portal.Fault(left_out=40_000)]
    assert fetch() == FIRST


def test_a_run_that_died_when_all_had_come_still_ends_with_the_file(site, fetch, tmp_path):
    site.files["/file.ods"] = FIRST
    key = hashlib.sha256(f"{site.url}/file.ods".encode()).hexdigest()[:16]
    part = tmp_path / "downloads" / "partial" / f"{key}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(FIRST)
    tag = hashlib.sha256(FIRST).hexdigest()[:16]
    part.with_suffix(".json").write_text(f'{{"validator": "\\"{tag}\\""}}')
    assert fetch() == FIRST
