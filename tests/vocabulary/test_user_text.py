"""Text files that a person wrote, in the encodings that Windows programs write: read, or refused with the way out."""

import codecs
import inspect
from pathlib import Path

import pytest

import disparity
from disparity.vocabulary.user_text import UnreadableTextError, decode_user_text, read_user_table, read_user_text

TEXT = 'title = "Été – 10%"\r\nforces = ["kent"]\r\n'
# By the program that writes so: PowerShell 5.1's `>`, its `Out-File -Encoding utf8` and Notepad, PowerShell 7's `>`.
WRITTEN = {
    "utf-16": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16, big end first": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-8": TEXT.encode(),
    "utf-32": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
}


@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_what_bears_a_mark_or_is_utf_8_is_read_alike(tmp_path, content):
    (tmp_path / "a.toml").write_bytes(content)
    assert decode_user_text(content) == read_user_text(tmp_path / "a.toml") == TEXT


@pytest.mark.parametrize("content", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_an_empty_text(content):
    assert decode_user_text(content) == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('a = 1\ntitle = "Été"'.encode("cp1252"), "line 2 is not UTF-8 text"),
        ("a = 1\n".encode("utf-16-le"), "it is UTF-16 without a mark"),
        (b"a = 1\n" + "b = 2\n".encode("utf-16-le"), "from line 2 on it is UTF-16, as `>>` of Windows PowerShell"),
        (b"a = 1\n" + 'b = "Łódź"\n'.encode("utf-16-le"), "from line 2 on it is UTF-16"),
        (codecs.BOM_UTF16_LE + b"abc", "it is UTF-16, and damaged"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused_with_the_line_and_the_way_out(content, why):
    with pytest.raises(UnreadableTextError, match=why) as caught:
        decode_user_text(content)
    assert "UTF-8" in str(caught.value).split(":", 1)[1] or "utf8" in str(caught.value)
    assert "0x" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_with_every_cell_as_its_text(tmp_path, encoding):
    (tmp_path / "a.csv").write_bytes('force,population\r\nkent,"1,000"\r\n'.encode(encoding))
    assert read_user_table(tmp_path / "a.csv").rows() == [("kent", "1,000")]


# What else is read as text is what the toolkit itself wrote, or brings along.
OWN = {
    "project/layers.py",
    "project/manifest.py",
    "records/partial_counts.py",
    "site/chart_files.py",
    "site/charts/places.py",
    "site/intruder/charts.py",
    "site/intruder/comparisons.py",
    "site/intruder/files.py",
    "site/intruder/pages.py",
    "site/pages/glossary.py",
    "sources/download/store.py",
    "sources/download/whole.py",
    "tables/previous_edition.py",
    "vocabulary/codes.py",
}


def test_no_other_module_reads_the_text_of_a_person():
    package = Path(inspect.getfile(disparity)).parent
    reading = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if ".read_text(" in path.read_text(encoding="utf-8")
    }
    assert reading <= OWN
