"""What is added to a project file changes nothing that was there: not a byte, not a meaning."""

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.project.additions import add_extract, add_lines, replace_project
from disparity.project.starter import TEMPLATE
from disparity.sources.extract.proposal import quote
from disparity.vocabulary.errors import RequestError

BLOCK = '[[extracts]]\nfile = "b.csv"\nforce = "kent"\n\n[extracts.columns]\nsearched_at = "When"\n'
PROJECT = """\
title = "Stop and search — 2026/27"  # ours
from = "2026-04"

[[extracts]]
file = "a.csv"
[extracts.columns]   # theirs
outcome = "Disposal"

[extracts.values.outcome]
"NFA" = "no_further_action"     # agreed
# "Odd" = ""  # CHECK: 3 rows, no guess

# The second system
[[extracts]]
file = ["b.csv",
  "c.csv"]
[extracts.columns]
outcome = "Result"

# Priorities follow
[[priorities]]
name = "[extracts.values.outcome]"
"""
NEW = ['"Arrested" = "arrest"  # CHECK: new, 5 rows']


def test_a_block_goes_to_the_end_and_all_else_stays() -> None:
    for text in (PROJECT, TEMPLATE, PROJECT.rstrip("\n"), ""):
        added = add_extract(text, BLOCK)
        assert added.startswith(text)
        assert added.endswith(BLOCK)
        assert tomllib.loads(added)["extracts"][-1]["file"] == "b.csv"


def test_ends_of_line_stay_what_they_are() -> None:
    windows = PROJECT.replace("\n", "\r\n")
    for added in (add_extract(windows, BLOCK), add_lines(windows, 0, "values.outcome", NEW)):
        assert added.count("\n") == added.count("\r\n") > windows.count("\r\n")
    last = PROJECT.replace("\n", "\r\n").split("\r\n\r\n# Priorities")[0]
    added = add_lines(last, 1, "columns", ['is_item_found = "Found"'])
    assert added == f'{last}\r\nis_item_found = "Found"\r\n'


def test_extracts_in_one_value_cannot_be_added_to() -> None:
    with pytest.raises(RequestError, match="no place for another"):
        add_extract('extracts = [{file = "a.csv"}]\n', BLOCK)


def test_lines_go_to_the_end_of_their_table() -> None:
    added = add_lines(PROJECT, 0, "values.outcome", NEW)
    before, after = PROJECT.split("\n# The second")
    assert added == f"{before}{NEW[0]}\n\n# The second{after}"


def test_a_table_that_is_not_there_goes_to_the_end_of_its_extract() -> None:
    added = add_lines(PROJECT, 1, "values.outcome", NEW)
    before, after = PROJECT.split("\n# Priorities")
    assert added == f"{before}\n[extracts.values.outcome]\n{NEW[0]}\n\n# Priorities{after}"


def test_what_was_proposed_before_is_not_proposed_again() -> None:
    again = ['# "Odd" = ""  # CHECK: 900 rows, no guess']
    assert add_lines(PROJECT, 0, "values.outcome", again) == PROJECT
    assert again[0] in add_lines(PROJECT, 1, "values.outcome", again)


@pytest.mark.parametrize(
    "written",
    [
        'values = {outcome = {"NFA" = "no_further_action"}}',
        'values.outcome."NFA" = "no_further_action"',
        'values.outcome = {"NFA" = "no_further_action"}',
    ],
)
def test_values_in_another_form_are_refused_with_the_lines_to_add(written: str) -> None:
    text = f'[[extracts]]\nfile = "a.csv"\n{written}\n[extracts.columns]\noutcome = "Disposal"\n'
    with pytest.raises(RequestError) as error:
        add_lines(text, 0, "values.outcome", NEW)
    assert NEW[0] in error.value.what_now


def test_a_header_inside_a_text_is_none() -> None:
    text = f'publisher = """\n[[extracts]]\n[extracts.values.outcome]\n"""\n{PROJECT.replace("title", "edition")}'
    with pytest.raises(RequestError):
        add_lines(text, 0, "values.outcome", NEW)


@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), st.integers(0, 1))
def test_any_value_that_toml_can_hold_is_added_or_refused_and_nothing_else_changes(value: str, extract: int) -> None:
    added = tomllib.loads(add_lines(PROJECT, extract, "values.outcome", [f'{quote(value)} = ""']))
    expected: dict[str, Any] = tomllib.loads(PROJECT)
    expected["extracts"][extract].setdefault("values", {}).setdefault("outcome", {})[value] = ""
    assert added == expected


def write(folder: Path, text: str) -> Path:
    path = folder / "disparity.toml"
    path.write_bytes(text.encode())
    return path


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


GOOD = 'from = "2026-04"\nto = "2027-03"\nrecords = ["records"]\n'


def test_a_file_is_replaced_whole_with_its_mode_and_through_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.chmod(0o640)
    link = tmp_path / "linked.toml"
    link.symlink_to(path)
    replace_project(link, GOOD + 'title = "x"\n')
    assert path.read_text(encoding="utf-8") == GOOD + 'title = "x"\n'
    assert (link.is_symlink(), stat.S_IMODE(path.stat().st_mode)) == (True, 0o640)
    assert list_names(tmp_path) == ["disparity.toml", "linked.toml"]


def test_what_could_not_be_understood_is_not_written(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    with pytest.raises(RequestError, match="cannot be understood"):
        replace_project(path, GOOD + "nonsense = 1\n")
    assert path.read_text(encoding="utf-8") == GOOD


def test_a_file_that_cannot_be_written_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, GOOD)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(RequestError, match="the project file cannot be written"):
        replace_project(path, GOOD + 'title = "x"\n')
    assert (path.read_text(encoding="utf-8"), list_names(tmp_path)) == (GOOD, ["disparity.toml"])
