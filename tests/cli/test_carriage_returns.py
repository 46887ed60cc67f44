"""A carriage return inside a line, wherever it is and whatever the file is called: a code, never a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.builders import monthly_text
from support.force_export import make_rows, write_export

Run = Callable[..., tuple[int, str, str]]
# Line and place in it, from its end.
PLACES = {"header": (0, 20), "end of the header": (0, 2), "first row": (1, 20), "last row": (-1, 20)}


def spoil(content: bytes, place: str) -> bytes:
    lines = content.rstrip().replace(b"\r", b"").split(b"\n")
    number, at = PLACES[place]
    lines[number] = lines[number][:-at] + b"\r" + lines[number][-at:]
    return b"\n".join(lines) + b"\n"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["merged.csv", "2019-04-kent-stop-and-search.csv"])
def test_of_a_file_of_the_portal(run: Run, tmp_path: Path, name: str, place: str) -> None:
    (tmp_path / name).write_bytes(spoil(monthly_text([{}] * 4).encode(), place))
    for command in (("check",), ("map", "--force", "kent")):
        code, _, err = run(*command, name)
        assert code == 3, err
        assert "(E" in err


@pytest.mark.parametrize("place", PLACES)
def test_of_an_extract(run: Run, tmp_path: Path, place: str) -> None:
    write_export(tmp_path / "export.csv", make_rows())
    (tmp_path / "export.csv").write_bytes(spoil((tmp_path / "export.csv").read_bytes(), place))
    code, _, err = run("map", "export.csv", "--force", "kent")
    assert code in (0, 3), err
    assert (code == 3) == ("(E" in err)
