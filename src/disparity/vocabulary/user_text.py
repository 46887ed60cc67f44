"""Text files that a person wrote: a project file, a baseline, residents, the register. One way of reading for all.

Windows PowerShell 5.1 writes UTF-16 where one redirects with `>`, Notepad and Excel put a mark before UTF-8. A mark
says what a file is, so those are read. What bears no mark and is not UTF-8 is refused: a guess can turn one label into
another that looks right. Records are read by `sources.preflight`, whose answers have pages of their own.
"""

import codecs
from pathlib import Path

import polars as pl

# The mark of UTF-32 begins with that of UTF-16.
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
SAVE_AS = "save the file as UTF-8 (in Notepad: Save as, Encoding UTF-8)"
ADD_SO = "delete from there on and add it again with `| Add-Content -Encoding utf8 FILE`"


class UnreadableTextError(ValueError):
    """The bytes are no text of a known encoding; the message says where, why and the way out, and shows none of it."""


def read_user_text(path: Path) -> str:
    """Read a text file that a person wrote.

    Raises:
        OSError: it is not there, or cannot be opened.
        UnreadableTextError: it is not UTF-8, and no mark says what it is.
    """
    return decode_user_text(path.read_bytes())


def read_user_table(path: Path) -> pl.DataFrame:
    """Read a CSV that a person wrote; every cell is its text.

    Raises:
        OSError, UnreadableTextError: as `read_user_text`. PolarsError: it is no well-formed CSV.
    """
    return pl.read_csv(read_user_text(path).encode(), infer_schema=False)


def decode_user_text(content: bytes) -> str:
    r"""Give the text of a file, without its mark.

    >>> decode_user_text("title = 'Été'".encode("utf-16")), decode_user_text(b"\xef\xbb\xbfx")
    ("title = 'Été'", 'x')
    """
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    encoding = MARKS.get(mark, "utf-8")
    try:
        text = content.removeprefix(mark).decode() if encoding == "utf-8" else content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"line {line} is not UTF-8 text" if encoding == "utf-8" else f"it is {encoding.upper()}, and damaged"
        # Bytes that are no UTF-8 in the midst of NUL bytes are UTF-16 too, of other letters than English ones.
        raise (
            _mixed(line) if b"\0" in content and encoding == "utf-8" else UnreadableTextError(f"{where}: {SAVE_AS}")
        ) from None
    if "\0" in text:
        raise _mixed(text.count("\n", 0, text.index("\0")) + 1)
    return text


def _mixed(line: int) -> UnreadableTextError:
    """NUL bytes in text are UTF-16 without its mark: `>>` of PowerShell 5.1 adds such a tail to a UTF-8 file."""
    if line == 1:
        return UnreadableTextError(f"it is UTF-16 without a mark that says so: {SAVE_AS}")
    return UnreadableTextError(
        f"from line {line} on it is UTF-16, as `>>` of Windows PowerShell writes it, and before that UTF-8: {ADD_SO}"
    )
