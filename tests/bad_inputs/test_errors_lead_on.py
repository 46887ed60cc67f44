"""Every error says where it is, what was found and what to do now: read from the source, each raise of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from disparity.vocabulary import errors
from disparity.vocabulary.errors import DisparityError

PACKAGE = Path(errors.__file__).parents[1]
PAGES = PACKAGE.parents[1] / "docs" / "errors"
PARTS = ("where", "found", "what_now")

# Read under `naming`, which puts the file's name to what they raise.
NAMED_BY_THEIR_READER = (
    *("preflight", "header", "contents", "extent", "confined", "own_population"),
    *(f"extract/{name}" for name in ("forces", "personal_values", "proposal", "table", "times")),
    *(f"home_office/{name}" for name in ("rows", "table")),
    *(f"resaved/{name}" for name in ("rows", "table")),
)
# Module and code → why a part is not given.
NO_PLACE = {
    ("cli/options", "E168"): "it is of an option, which `found` names",
    ("records/partial_counts", "E130"): "it is of all the parts together",
    ("records/partial_counts", "E141"): "it is of the months asked for, which no file holds",
    ("site/intruder/audit", "E163"): "`found` names every place in the site",
    ("sources/choice", "E130"): "no file holds what was asked for",
    ("sources/police_uk", "E130"): "no file holds what was asked for",
}
IT_IS_WHAT_WAS_FOUND = {
    ("disclosure/ledger", "E164"): "a file that does not open has nothing to name",
    ("records/partial_counts", "E153"): "the first line names force and month, `where` both parts",
    ("records/partial_counts", "E154"): "a folder that does not open has nothing to name",
    ("sources/choice", "E123"): "the first line names force and month, `where` both files",
    ("sources/choice", "E142"): "the first line names force and month, `where` both sources",
    ("sources/choice", "E130"): "nothing was found",
    ("sources/extract/rows", "E136"): "the first line counts the rows and names the column",
    ("sources/extract/rows", "E122"): "`where` names both files",
    ("sources/extract/table", "E129"): "nothing was found",
    ("sources/home_office/rows", "E143"): "the first line names force and quarter, `where` both tables",
    ("sources/own_population", "E129"): "nothing was found",
    ("sources/police_uk", "E122"): "`where` names both files",
    ("sources/police_uk", "E123"): "the first line names force and month, `where` both files",
    ("sources/police_uk", "E124"): "the first line names the month, or both ids",
    ("sources/police_uk", "E128"): "the first line says that the file changed",
    ("sources/police_uk", "E129"): "nothing was found",
    ("sources/resaved/find", "E124"): "the first line says that it is a workbook",
    ("sources/resaved/rows", "E122"): "`where` names both files",
}


# Codes that are chosen by how a row differs from the header, all in `preflight`, before the error is made.
BY_ANOTHER_NAME = {"E106", "E107", "E108"}


class Raised(NamedTuple):
    """One place in the source where an error is made, with the parts that it is given."""

    module: str
    line: int
    code: str
    given: dict[str, ast.expr]


def every_kind(kind: type[DisparityError] = DisparityError) -> set[str]:
    return {kind.__name__}.union(*(every_kind(other) for other in kind.__subclasses__()))


def every_error() -> Iterator[Raised]:
    kinds = every_kind()
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE).with_suffix("").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in kinds:
                given = {word.arg: word.value for word in node.keywords if word.arg}
                if len(given) == len(node.keywords):  # else it is one that was kept, word for word
                    yield Raised(module, node.lineno, name_codes(given.get("code")), given)


def name_codes(code: ast.expr | None) -> str:
    return " ".join(re.findall(r"E\d{3}", ast.unparse(code))) or ast.unparse(code) if code else ""


def is_blank(part: ast.expr | None) -> bool:
    return part is None or (isinstance(part, ast.Constant) and not str(part.value).strip())


def lacks(part: str) -> dict[tuple[str, str], list[int]]:
    """Module and code of the errors with a code that are not given the part, with their lines."""
    lacking: dict[tuple[str, str], list[int]] = {}
    for error in every_error():
        if error.code and is_blank(error.given.get(part)):
            lacking.setdefault((error.module, error.code), []).append(error.line)
    return lacking


def test_the_walk_meets_every_code_that_has_a_page() -> None:
    met = {code for error in every_error() for code in error.code.split()}
    pages = {path.stem for path in PAGES.glob("E*.md")}
    assert pages - met == BY_ANOTHER_NAME
    assert {code for code in met - pages if re.fullmatch(r"E\d{3}", code)} == set()


def test_every_error_says_what_to_do_now() -> None:
    """With a code and without."""
    assert not [(error.module, error.line) for error in every_error() if is_blank(error.given.get("what_now"))]


@pytest.mark.slow
def test_every_error_with_a_code_says_where_it_is_or_its_reader_does() -> None:
    by_reader = {f"sources/{name}" for name in NAMED_BY_THEIR_READER}
    placeless = {at: lines for at, lines in lacks("where").items() if at[0] not in by_reader}
    assert placeless.keys() == NO_PLACE.keys(), placeless


@pytest.mark.slow
def test_every_error_with_a_code_says_what_was_found_unless_its_first_line_does() -> None:
    silent = lacks("found")
    assert silent.keys() == IT_IS_WHAT_WAS_FOUND.keys(), silent
