"""Every code of every column of an extract, on one page that the vocabulary makes."""

import re

import pytest
from click.testing import CliRunner

from disparity.cli.commands import commands
from disparity.project.code_page import COLUMNS, list_codes, write_codes
from disparity.project.extract_mapping import VALUE_COLUMNS, ExtractSettings
from disparity.vocabulary.codes import codes_by_column
from disparity.vocabulary.errors import RequestError
from support import example

PAGE = write_codes()


def test_the_page_is_what_the_vocabulary_gives() -> None:
    assert (example.ROOT / "docs" / "codes.md").read_text(encoding="utf-8") == PAGE, "run `make reference`"


def test_every_coded_column_has_a_section_and_no_other() -> None:
    assert set(COLUMNS) == set(VALUE_COLUMNS) - {"area"}  # in the force's own words
    assert re.findall(r"^## `(\w+)`$", PAGE, re.MULTILINE) == list(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_section_has_every_code_that_a_mapping_takes_and_what_it_means(column: str) -> None:
    section = PAGE.partition(f"## `{column}`\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    assert listed == list(list_codes(column))
    assert set(listed) >= set(codes_by_column().get(column, ()))
    assert section.splitlines()[0]
    columns = {"searched_at": "When", column: "X"}
    for code in listed:
        values = {column: {"a value": code}}
        assert ExtractSettings.model_validate({"file": "a.csv", "force": "kent", "columns": columns, "values": values})


def test_the_command_prints_it() -> None:
    said = CliRunner().invoke(commands, ["schema", "--codes"])
    assert said.output == PAGE


def test_two_pages_at_once_are_refused() -> None:
    said = CliRunner().invoke(commands, ["schema", "--codes", "--page"])
    assert isinstance(said.exception, RequestError)


@pytest.mark.parametrize("page", ["README.md", "extracts.md", "your-first-year.md"])
def test_the_pages_that_need_it_lead_to_it(page: str) -> None:
    assert "](codes.md)" in (example.ROOT / "docs" / page).read_text(encoding="utf-8")
