"""Monthly files out of archives: the portal's bytes, and no more of them than asked for."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from disparity.cli.commands import commands
from disparity.vocabulary.errors import DataError, RequestError
from support import example, portal

SYNTHETIC = Path(__file__).parents[3] / "data" / "synthetic" / "police_uk"

SPAN = "Apr 2023 to Mar 2025"
MEMBER = "2023-05/2023-05-fellshire-stop-and-search.csv"
ZIP = "/archive/2025-03.zip"


def publish(site, records, **more):
    """One archive: the records, and street crime that nobody asks for."""
    # Does not shrink, as little of the real street files does once squeezed.
    noise = {f"{month}-fellshire-street.csv": bytes(range(256)) * 800 for month in ("2023-04", "2023-05")}
    files = dict(sorted({**records, **{f"{name[:7]}/{name}": text for name, text in noise.items()}}.items()))
    content = portal.zip_files(files)
    site.publish({"2025-03": (SPAN, content)}, **more)
    return content


def asked_for(records, *forces, months=("2023-04", "2023-05", "2023-06")):
    return {name: text for name, text in records.items() if name[:7] in months and name[16:].startswith(forces)}


def test_the_files_fetched_are_the_portals_byte_for_byte(site, ask, records):
    publish(site, records)
    report = ask("fellshire")
    assert ask.tree() == asked_for(records, "fellshire")
    assert len(report.added) == 3
    assert report.missing == ()


def test_no_more_is_downloaded_than_the_list_and_the_members_wanted(site, ask, records):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, text in {"2023-04/2023-04-fellshire-street.csv": bytes(3_000_000), **records}.items():
            archive.writestr(name, text)
    site.publish({"2025-03": (SPAN, packed.getvalue())})
    ask("fellshire", last="2023-04")
    ranges = [span for path, span in site.asked if path == ZIP]
    assert len(ranges) == 2
    assert site.sent < 1_200_000 < len(packed.getvalue())


def test_every_force_is_fetched_when_none_is_named(site, ask, records):
    publish(site, records)
    report = ask(last="2023-04")
    assert ask.tree() == asked_for(records, "fellshire", "mereside", months=("2023-04",))
    assert "2023-04/2023-04-lancashire-stop-and-search.csv" in report.missing


def test_a_force_without_a_file_is_missing_and_gets_none(site, ask, records):
    publish(site, {name: text for name, text in records.items() if name != MEMBER})
    report = ask("fellshire")
    assert report.missing == (MEMBER,)
    assert MEMBER not in ask.tree()


def test_an_archive_with_a_64_bit_directory_is_read(site, ask, records, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    content = publish(site, records)
    assert b"PK\x06\x06" in content[-200:]
    ask("fellshire")
    assert ask.tree() == asked_for(records, "fellshire")


def test_a_directory_longer_than_what_is_asked_for_first_is_read_whole(site, ask, records, monkeypatch):
    monkeypatch.setattr("disparity.sources.download.ranges.TAIL_BYTES", 300)
    publish(site, records)
    ask("fellshire")
    assert ask.tree() == asked_for(records, "fellshire")


def test_a_server_that_gives_no_ranges_is_asked_for_the_whole_and_its_md5_is_checked(site, ask, records):
    publish(site, records)
    site.gives_ranges = False
    ask("fellshire")
    assert ask.tree() == asked_for(records, "fellshire")
    assert ask.said[0] == "the server gives no parts of 2025-03.zip: the whole of it is downloaded"
    rows = json.loads((ask.home / "downloads.lock.json").read_text())["files"]
    assert {row["checked"] for row in rows} == {"CRC-32, and MD5 of the archive"}


def test_a_whole_archive_is_downloaded_once_for_all_months_taken_from_it(site, ask, records):
    publish(site, records)
    site.gives_ranges = False
    ask("fellshire", last="2023-04")
    before = site.sent
    ask("fellshire", last="2023-06")
    assert ask.tree() == asked_for(records, "fellshire")
    # The server does not know that we hang up when it gives no ranges.
    assert ask.said.count("the server gives no parts of 2025-03.zip: the whole of it is downloaded") == 1
    assert site.sent - before <= len(site.files[ZIP]) + 10_000


@pytest.mark.parametrize("left_out", ["ETag", "ETag and Last-Modified"])
def test_versions_are_told_apart_by_what_the_server_names(site, ask, records, left_out):
    publish(site, records)
    site.names_version = left_out == "ETag"
    site.names_tag = False
    corrected = {name: text + text.splitlines()[-1] + b"\n" for name, text in records.items()}
    site.faults[ZIP] = [portal.Fault(), portal.Fault(replaced_by=portal.zip_files(corrected))]
    site.stamp_after_change = "Tue, 01 Sep 2026 09:12:33 GMT"
    ask("fellshire")
    assert ask.tree() == asked_for(corrected, "fellshire")


def test_an_archive_of_another_md5_than_published_is_refused(site, ask, records):
    publish(site, records, md5={"2025-03": "0" * 32})
    site.gives_ranges = False
    with pytest.raises(DataError) as error:
        ask("fellshire")
    found = str(error.value).split("  found:    ")[1].split(",")[0]
    assert str(error.value) == (
        "the file is not the one that was published: its MD5 differs\n"
        f"  where:    {site.url}/data/archive/2025-03.zip\n"
        f"  found:    {found}, published is {'0' * 32}\n"
        "  what now: run again; if it stays so, tell its publisher"
    )
    assert ask.tree() == {}


def test_a_sum_that_is_no_md5_is_taken_for_none(site, ask, records):
    publish(site, records, md5={"2025-03": "d" * 32 + "-218"})
    site.gives_ranges = False
    ask("fellshire")
    assert ask.tree() == asked_for(records, "fellshire")


@pytest.mark.parametrize(("month", "archive"), [("2023-04", "2025-02"), ("2023-05", "2025-03")])
def test_a_month_comes_from_the_newest_archive_that_holds_it(site, ask, records, month, archive):
    old = portal.zip_files(records)
    new = portal.zip_files({name: text for name, text in records.items() if name[:7] != "2023-04"})
    site.publish({"2025-02": ("Apr 2023 to Feb 2025", old), "2025-03": ("May 2023 to Mar 2025", new)})
    ask("fellshire", first=month, last=month)
    assert {path for path, _ in site.asked if path.startswith("/archive")} == {f"/archive/{archive}.zip"}


def test_an_archive_that_changes_meanwhile_is_begun_anew_and_all_files_are_of_the_new_one(site, ask, records):
    publish(site, records)
    corrected = {name: text + text.splitlines()[-1] + b"\n" for name, text in records.items()}
    site.faults[ZIP] = [portal.Fault(), portal.Fault(), portal.Fault(replaced_by=portal.zip_files(corrected))]
    ask("fellshire")
    assert ask.tree() == asked_for(corrected, "fellshire")
    assert "2025-03.zip changed meanwhile: it is begun anew" in ask.said


def test_a_file_missing_from_both_versions_of_an_archive_is_missing_once(site, ask, records):
    some = {name: text for name, text in records.items() if name != MEMBER}
    publish(site, some)
    corrected = {name: text + text.splitlines()[-1] + b"\n" for name, text in some.items()}
    site.faults[ZIP] = [portal.Fault(), portal.Fault(replaced_by=portal.zip_files(corrected))]
    assert ask("fellshire").missing == (MEMBER,)


def test_an_archive_that_changes_twice_is_given_up(site, ask, records):
    publish(site, records)
    versions = [portal.zip_files({**records, "2023-04/note.csv": b"%d" % number}) for number in range(2)]
    turn = [portal.Fault(), portal.Fault(replaced_by=versions[0])]
    site.faults[ZIP] = [*turn, portal.Fault(), *[portal.Fault(replaced_by=versions[1])] * 5]
    with pytest.raises(DataError) as error:
        ask("fellshire", last="2023-04")
    assert str(error.value) == (
        "the archive changed twice while it was downloaded\n"
        f"  where:    {site.url}/data/archive/2025-03.zip\n"
        "  what now: run again when the portal has finished with it: what is downloaded is kept"
    )


def test_a_damaged_member_is_refused_by_its_checksum(site, ask, records):
    content = bytearray(publish(site, records))
    entry = zipfile.ZipFile(io.BytesIO(content)).getinfo(MEMBER)
    content[entry.header_offset + 30 + len(MEMBER) + entry.compress_size // 2] ^= 1
    site.files[ZIP] = bytes(content)
    with pytest.raises(DataError, match="cannot be read from its archive") as error:
        ask("fellshire")
    assert error.value.where == f"2025-03.zip/{MEMBER}"
    assert MEMBER not in ask.tree()


def test_a_member_that_breaks_off_once_is_asked_for_again(site, ask, records, waits):
    publish(site, records)
    site.faults[ZIP] = [portal.Fault(), portal.Fault(left_out=10)]
    ask("fellshire")
    assert ask.tree() == asked_for(records, "fellshire")
    assert waits == [0.5]


def test_a_member_that_breaks_off_each_time_is_an_error(site, ask, records, waits):
    publish(site, records)
    site.faults[ZIP] = [portal.Fault(), *[portal.Fault(left_out=10)] * 30]
    with pytest.raises(DataError, match=r"^the download breaks off each time\n"):
        ask("fellshire")


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_busy_server_is_asked_again_after_the_time_it_names(site, ask, records, waits, status):
    publish(site, records)
    site.faults["/data/archive/"] = [portal.Fault(status=status, retry_after="7")]
    ask("fellshire")
    assert waits == [7.0]
    assert len(ask.tree()) == 3


def test_a_server_that_stays_busy_is_told_of(site, ask, records, waits):
    publish(site, records)
    site.faults["/data/archive/"] = [portal.Fault(status=502)] * 9
    with pytest.raises(RequestError) as error:
        ask("fellshire")
    assert waits == [0.5, 1, 2, 4, 8]
    assert str(error.value) == (
        "the server is too busy or out of order\n"
        f"  where:    {site.url}/data/archive/\n"
        "  found:    502 Bad Gateway\n"
        "  what now: run again later: what is downloaded is kept"
    )


def test_a_server_that_asks_for_an_hour_is_not_waited_for(site, ask, records, waits):
    publish(site, records)
    site.faults["/data/archive/"] = [portal.Fault(status=429, retry_after="3600")]
    with pytest.raises(RequestError, match="it asks to wait 3,600 seconds"):
        ask("fellshire")
    assert waits == []


def test_a_misspelt_force_is_told_the_nearest(site, ask, records):
    publish(site, records)
    with pytest.raises(RequestError) as error:
        ask("lancashir")
    assert str(error.value) == (
        "there is no force 'lancashir'\n"
        "  found:    the nearest id is 'lancashire'\n"
        "  what now: write ids as data.police.uk does, such as --force lancashire"
    )


def test_a_month_that_is_not_published_is_told(site, ask, records):
    publish(site, records)
    with pytest.raises(RequestError, match=r"^no archive holds 2025-04\n") as error:
        ask("fellshire", first="2025-04", last="2025-04")
    assert error.value.found == "the newest month published is 2025-03"


def test_an_archive_that_is_not_there_is_told(site, ask, records):
    publish(site, records)
    del site.files[ZIP]
    with pytest.raises(RequestError) as error:
        ask("fellshire")
    assert str(error.value) == (
        "the server has nothing at this address\n"
        f"  where:    {site.url}/data/archive/2025-03.zip\n"
        "  found:    404 Not Found\n"
        "  what now: check the address, and that it is published yet"
    )


@pytest.mark.parametrize("gives_ranges", [True, False])
def test_a_web_page_in_place_of_an_archive_is_told(site, ask, records, gives_ranges):
    publish(site, records, md5={"2025-03": ""})
    site.files[ZIP] = b"<!DOCTYPE html><title>Log in to the guest network</title>"
    site.gives_ranges = gives_ranges
    with pytest.raises(DataError, match=r"^a web page came in place of an archive\n"):
        ask("fellshire")


def test_what_is_no_archive_is_told(site, ask, records):
    publish(site, records)
    site.files[ZIP] = b"nothing of the kind" * 100
    with pytest.raises(DataError, match=r"^the archive has no readable list of what it holds\n"):
        ask("fellshire")


def test_a_list_of_archives_without_months_is_told(site, ask):
    site.files["/data/archive/"] = b'<a href="/data/archive/2025-03.zip">2025-03</a>'
    with pytest.raises(DataError, match=r"^the list of archives is not what it was\n"):
        ask("fellshire")


def disparity(capsys, *arguments):
    """What a command prints."""
    commands.main(list(map(str, arguments)), standalone_mode=False)
    return capsys.readouterr().out


def test_a_check_of_what_was_fetched_is_that_of_the_records(site, ask, records, capsys):
    publish(site, records)
    forces, out = ["--force", "fellshire", "--force", "mereside"], ask.home / "records"
    span = ["--from", "2023-04", "--to", "2025-03"]
    said = disparity(capsys, "fetch", "stops", *forces, *span, "--out", out, "--base-url", site.url)
    assert said.splitlines() == [
        "47 added, 0 changed, 0 there already",
        "  missing, as the force has not published it: 2023-08/2023-08-mereside-stop-and-search.csv",
    ]
    assert ask.tree() == records
    asked = ["check", "--json", "--force", "fellshire", "--from", "2023-04", "--to", "2023-05"]
    ours, theirs = (disparity(capsys, *asked, folder) for folder in (out, SYNTHETIC))
    assert ours == theirs
    assert json.loads(ours)


@pytest.mark.slow
def test_a_site_of_what_was_fetched_is_that_of_the_records(site, ask, records, tmp_path, capsys):
    publish(site, records)
    fetched = ask.home / SYNTHETIC.name
    span = ["--force", "fellshire", "--from", "2023-04", "--to", "2023-06"]
    disparity(capsys, "fetch", "stops", *span, "--out", fetched, "--base-url", site.url)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, out in ((fetched, ours), (SYNTHETIC, theirs)):
        disparity(capsys, "build", folder, *span, "--out", out)
    built = example.read_files(ours)
    assert {"finds.html", "data/estimates.csv"} <= set(built)
    assert built == example.read_files(theirs)
