"""Archives from strangers: bombs, paths that climb, links, and files that change while they are read."""

import io
import os
import stat
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from disparity.sources import archives, police_uk
from disparity.sources.police_uk import choose_files, find_files
from disparity.vocabulary.errors import DataError, RequestError
from support.builders import monthly_text, read_file, write_monthly

APRIL = date(2019, 4, 1)
NAME = "2019-04-fellshire-stop-and-search.csv"
MEMBER = f"2019-04/{NAME}"
TEXT = monthly_text([{}, {"gender": "Jane Roe"}])


def make_zip(path: Path, members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def read_all(path: Path) -> list[int]:
    return [read_file(file).rows.height for file in find_files([path])[0]]


def assert_refused(path: Path, found: str, code: str = "E118") -> None:
    with pytest.raises(DataError) as error:
        read_all(path)
    assert (error.value.code, error.value.found) == (code, found)
    assert "Jane" not in str(error.value)
    assert str(error.value).replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/evil.csv", "a/../../b.csv", "C:\\evil.csv", "..\\evil.csv", "\\\\x\\y\\z"]
)
def test_28_a_path_that_leads_out_refuses_the_archive(tmp_path: Path, name: str) -> None:
    assert_refused(make_zip(tmp_path / "a.zip", {MEMBER: TEXT, name: TEXT}), "a path that leads out of the archive")
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_29_a_name_twice_refuses_the_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(MEMBER, TEXT)
        archive.writestr(MEMBER, TEXT + TEXT)
    assert_refused(tmp_path / "a.zip", "the same name twice")


def test_29_a_link_refuses_the_archive(tmp_path: Path) -> None:
    info = zipfile.ZipInfo(MEMBER)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert_refused(tmp_path / "a.zip", "a link")


def test_29_an_encrypted_file_refuses_the_archive(tmp_path: Path) -> None:
    content = bytearray(make_zip(tmp_path / "a.zip", {MEMBER: TEXT}).read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert_refused(tmp_path / "a.zip", "an encrypted file")


def test_27_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    inner = make_zip(tmp_path / "inner", {MEMBER: TEXT}).read_bytes()
    assert_refused(make_zip(tmp_path / "a.zip", {"more.zip": inner}), "another archive")


def test_27_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    make_zip(tmp_path / "a.zip", {f"{place}.csv": "" for place in range(2)})
    assert read_all(tmp_path / "a.zip") == []
    make_zip(tmp_path / "a.zip", {f"{place}.csv": "" for place in range(3)})
    assert_refused(tmp_path / "a.zip", "more than 100,000 files")


def test_27_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {MEMBER: bytes(20_000_000)})
    packed = zipfile.ZipFile(path).infolist()[0].compress_size
    assert packed < 20_000
    assert_refused(path, f"{packed:,} bytes that unpack to 20,000,000, as no CSV of searches does")


def test_27_a_file_larger_than_any_month_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_BYTES", 100)
    path = make_zip(tmp_path / "a.zip", {MEMBER: TEXT})
    assert_refused(path, f"{len(TEXT):,} bytes unpacked; a monthly file has at most 100")


def test_27_a_bomb_that_lies_about_its_size_unpacks_no_more_than_it_claims(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {MEMBER: TEXT + "x" * 5_000_000})
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = struct.pack("<I", len(TEXT))
    path.write_bytes(content)
    assert_refused(path, "a checksum that does not fit")


def test_27_a_short_file_of_equal_rows_is_no_bomb(tmp_path: Path) -> None:
    rows = monthly_text([{}] * 20_000)
    path = make_zip(tmp_path / "a.zip", {MEMBER: rows})
    info = zipfile.ZipFile(path).infolist()[0]
    assert info.file_size > 100 * info.compress_size
    assert read_all(path) == [20_000]


@pytest.mark.parametrize(("method", "number"), [(zipfile.ZIP_BZIP2, 12), (zipfile.ZIP_LZMA, 14)])
def test_27_compression_without_a_bound_is_refused(tmp_path: Path, method: int, number: int) -> None:
    path = make_zip(tmp_path / "a.zip", {MEMBER: TEXT}, method)
    assert_refused(path, f"compression of kind {number}, which the portal does not use")


def test_a_hostile_name_in_an_archive_is_shown_escaped(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {f"\x1b[2J\u202e/{NAME}": ""})
    assert_refused(path, "", "E101")


def test_a_name_that_is_not_the_utf_8_it_claims_to_be_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {f"\u00e9/{NAME}": TEXT})
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\xff\xff"))
    assert_refused(path, "not a zip file, or not all of one")


def test_an_archive_made_on_windows_is_read(tmp_path: Path) -> None:
    content = make_zip(tmp_path / "a.zip", {MEMBER: TEXT}).read_bytes()
    (tmp_path / "a.zip").write_bytes(content.replace(MEMBER.encode(), MEMBER.replace("/", "\\").encode()))
    assert read_all(tmp_path / "a.zip") == [2]


def test_a_good_file_beside_a_bad_one_in_the_archive_is_read(tmp_path: Path) -> None:
    other = MEMBER.replace("fellshire", "mereside")
    path = make_zip(tmp_path / "a.zip", {MEMBER: "", other: TEXT})
    bad, good = find_files([path])[0]
    assert read_file(good).rows.height == 2
    with pytest.raises(DataError, match="E101"):
        read_file(bad)


# The same searches twice


def test_41_one_file_under_two_names_is_refused_and_both_are_named(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT)
    write_monthly(tmp_path, TEXT, force="mereside")
    with pytest.raises(DataError) as error:
        choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])
    assert error.value.code == "E122"
    assert error.value.where == f"{MEMBER} and {MEMBER.replace('fellshire', 'mereside')}"


@pytest.mark.parametrize("rows", [0, 1])
def test_41_months_with_one_search_or_none_may_look_alike(tmp_path: Path, rows: int) -> None:
    for force in ("fellshire", "mereside"):
        write_monthly(tmp_path, monthly_text([{}] * rows), force=force)
    assert len(choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])) == 2


def test_42_two_versions_of_a_month_are_refused_and_both_are_named(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT)
    make_zip(tmp_path / "latest.zip", {MEMBER: TEXT.replace("Jane Roe", "Female")})
    with pytest.raises(DataError) as error:
        choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])
    assert (error.value.code, error.value.where) == ("E123", f"{MEMBER} and latest.zip/{MEMBER}")


@pytest.mark.parametrize(("month", "code"), [("2014-11", "E124"), ("2014-12", "")])
def test_45_a_month_before_the_portal_began_is_refused(tmp_path: Path, month: str, code: str) -> None:
    write_monthly(tmp_path, TEXT, month=month)
    months = [date.fromisoformat(f"{month}-01")]
    files, _ = find_files([tmp_path])
    if code:
        with pytest.raises(RequestError) as error:
            choose_files(files, forces=[], months=months)
        assert error.value.code == code
    else:
        assert choose_files(files, forces=[], months=months) == files


def test_35_a_month_after_those_asked_for_is_not_asked_for(tmp_path: Path) -> None:
    write_monthly(tmp_path, TEXT)
    write_monthly(tmp_path, "", month="2999-01")
    chosen = choose_files(find_files([tmp_path])[0], forces=[], months=[APRIL])
    assert [file.month for file in chosen] == [APRIL]


@pytest.mark.parametrize("name", ["0000-04", "\u0662\u0660\u0661\u0669-04"])
def test_a_year_that_is_none_is_no_name_of_a_month(tmp_path: Path, name: str) -> None:
    path = tmp_path / NAME.replace("2019-04", name)
    path.write_text(TEXT)
    assert find_files([tmp_path])[0] == []
    with pytest.raises(RequestError, match="E124"):
        find_files([path])


# Files that change, vanish or cannot be opened


@pytest.mark.parametrize("change", ["grow", "rewrite", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    path = write_monthly(tmp_path, TEXT)
    other = write_monthly(tmp_path / "other", TEXT)
    (file,), _ = find_files([path])
    read = Path.read_bytes

    def read_and_change(self: Path) -> bytes:
        content = read(self)
        if change == "grow":
            self.write_text(TEXT + TEXT)
        elif change == "rewrite":
            self.write_text(TEXT.replace("Male", "Oops"))
            os.utime(self, ns=(0, 0))
        elif change == "replace":
            other.replace(self)
        else:
            self.unlink()
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_change)
    with pytest.raises(DataError) as error:
        read_file(file)
    assert error.value.code == "E128"


def test_an_archive_replaced_after_it_was_listed_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {MEMBER: TEXT})
    (file,), _ = find_files([path])
    make_zip(path, {"2019-05/x.csv": TEXT})
    with pytest.raises(DataError) as error:
        read_file(file)
    assert error.value.code == "E128"
    make_zip(path, {MEMBER: TEXT + TEXT})
    with pytest.raises(DataError, match="E128"):
        read_file(file)


@pytest.mark.parametrize("path", ["none", "a\0b", "x" * 5000])
def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(RequestError) as error:
        find_files([tmp_path / path])
    assert error.value.code == "E129"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    assert find_files([tmp_path])[0] == []
    with pytest.raises(RequestError, match=r"is neither a file nor a folder \(E129\)"):
        find_files([tmp_path / NAME])


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,), _ = find_files([write_monthly(tmp_path, TEXT)])

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(RequestError) as error:
        read_file(file)
    assert (error.value.code, error.value.found) == ("E129", "Permission denied")


def test_an_archive_that_may_no_longer_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,), _ = find_files([make_zip(tmp_path / "a.zip", {MEMBER: TEXT})])

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(RequestError, match="E129"):
        read_file(file)


@pytest.mark.parametrize(
    ("offset", "found"), [(-40, "a place outside the archive"), (10**6, "bytes that do not unpack")]
)
def test_a_directory_that_points_outside_the_archive_is_refused(tmp_path: Path, offset: int, found: str) -> None:
    (file,), _ = find_files([make_zip(tmp_path / "a.zip", {MEMBER: TEXT})])
    assert file.entry
    file.entry.header_offset = offset
    with pytest.raises(DataError) as error:
        read_file(file)
    assert (error.value.code, error.value.found) == ("E118", found)


def test_a_file_that_vanishes_while_files_are_listed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_monthly(tmp_path, TEXT)

    def walk(_: Path) -> list[Path]:
        path.unlink(missing_ok=True)
        return [path]

    monkeypatch.setattr(police_uk, "_walk", walk)
    with pytest.raises(RequestError, match="E129"):
        find_files([tmp_path])


def test_a_loose_file_too_large_for_a_month_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with path.open("wb") as file:
        file.truncate(archives.MAX_BYTES + 1)  # sparse: takes no room
    with pytest.raises(DataError) as error:
        read_all(path)
    assert error.value.code == "E116"


def test_nothing_is_read_from_an_archive_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"<html>Jane Roe</html>")
    assert_refused(tmp_path / "a.zip", "not a zip file, or not all of one")


def test_a_member_cut_off_is_refused(tmp_path: Path) -> None:
    """The directory is whole, the bytes before it are not."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MEMBER, TEXT)
    spoiled = bytearray(content.getvalue())
    spoiled[80:120] = bytes(40)
    (tmp_path / "a.zip").write_bytes(spoiled)
    with pytest.raises(DataError, match="E118"):
        read_all(tmp_path / "a.zip")
