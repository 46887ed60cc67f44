"""What the tool wrote, and what is somebody's own."""

from pathlib import Path

import pytest

from disparity.project.manifest import (
    list_changed,
    list_others,
    name_some,
    name_tops,
    read_manifest,
    write_manifest,
)
from disparity.vocabulary.errors import RequestError


def test_every_file_is_ours_changed_or_somebody_elses(tmp_path: Path) -> None:
    for name in ("kept", "changed", "gone", "link"):
        (tmp_path / name).write_text(name)
    write_manifest(tmp_path)
    (tmp_path / "changed").write_text("otherwise")
    (tmp_path / "gone").unlink()
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("kept")
    (tmp_path / "new").write_text("new")
    (tmp_path / "empty").mkdir()
    assert list_changed(tmp_path) == ["changed"]
    assert list_others(tmp_path) == ["empty", "link", "new"]


def test_the_same_files_give_the_same_list(tmp_path: Path) -> None:
    for home, names in (("one", "abc"), ("two", "cba")):
        (tmp_path / home).mkdir()
        for name in names:
            (tmp_path / home / name).write_text(name)
        write_manifest(tmp_path / home)
    assert len({(tmp_path / home / "manifest.sha256").read_bytes() for home in ("one", "two")}) == 1


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"abc  file\n", b"# another tool\n"])
def test_what_is_no_list_of_this_tool_is_none(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "manifest.sha256").write_bytes(text)
    assert read_manifest(tmp_path) is None


def test_a_folder_that_cannot_be_read_is_refused_rather_than_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    scandir = __import__("os").scandir

    def refuse(path: object) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(RequestError, match="cannot be read, and so cannot be kept"):
        list_others(tmp_path)


def test_a_few_are_named_and_the_others_counted() -> None:
    assert name_some(list("abcdefg")) == "a, b, c, d, e, and 2 more"
    assert name_tops([".git/config", ".git/HEAD", "CNAME"]) == ".git/, CNAME"
