"""Every code has a page that says what to do, and every page its code."""

import ast
import re
from pathlib import Path

import pytest

from disparity.vocabulary import errors
from disparity.vocabulary.errors import DataError, DisparityError, RequestError, printable

PACKAGE = Path(errors.__file__).parents[1]
PAGES = PACKAGE.parents[1] / "docs" / "errors"
CODES = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r'"(E\d{3})"', path.read_text(encoding="utf-8"))}


def test_every_code_used_has_a_page_and_every_page_its_code() -> None:
    assert len(CODES) > 25
    assert {path.stem for path in PAGES.glob("E*.md")} == CODES


def test_the_list_of_pages_names_each_with_its_title() -> None:
    listed = dict(
        re.findall(
            r"^\| \[(E\d{3})\]\(E\d{3}\.md\) \| (.+) \|$", (PAGES / "README.md").read_text(encoding="utf-8"), re.M
        )
    )
    titles = {code: (PAGES / f"{code}.md").read_text(encoding="utf-8").partition("\n")[0] for code in CODES}
    assert {code: f"# {code}: {title[0].lower()}{title[1:]}" for code, title in listed.items()} == titles


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_says_what_it_means_why_it_matters_and_what_to_do(code: str) -> None:
    title, means, why, do = (PAGES / f"{code}.md").read_text(encoding="utf-8").strip().split("\n\n")
    assert title.startswith(f"# {code}: ")
    assert len(means) > 40
    assert why.startswith("**Why it matters.** ")
    assert do.startswith("**What to do.** ")


def test_every_error_of_the_reader_has_a_code() -> None:
    download = PACKAGE / "sources" / "download"  # it reads no records: its errors are of servers and addresses
    for path in set((PACKAGE / "sources").rglob("*.py")) - set(download.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"DataError", "RequestError"}:
                assert "code" in {keyword.arg for keyword in node.keywords}, f"{path.name}, line {node.lineno}"


@pytest.mark.parametrize(("kind", "exit_code"), [(DataError, 3), (RequestError, 2)])
def test_the_code_stands_at_the_end_of_the_first_line(kind: type[DisparityError], exit_code: int) -> None:
    error = kind("it is so", where="here", found="this", what_now="that", code="E106")
    assert str(error) == "it is so (E106)\n  where:    here\n  found:    this\n  what now: that"
    assert str(kind("it is so")) == "it is so"
    assert (error.exit_code, error.what, error.code) == (exit_code, "it is so", "E106")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202efdp", "\\u202efdp"),
        ("a\nb", "a\\nb"),
        ("\udc80", "\\udc80"),
        ("é – £", "é – £"),
    ],
)
def test_what_could_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert shown in str(DataError("x", where=text))
