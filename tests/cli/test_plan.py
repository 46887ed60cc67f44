"""`disparity plan`: what its page shows is what it gives, and a difference that is none is refused."""

import json
from collections.abc import Callable

import pytest

from disparity.project.starter import write_example
from support import example

PAGE = (example.ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
Run = Callable[..., tuple[int, str, str]]


@pytest.mark.slow
def test_the_page_shows_what_the_command_gives(run: Run, tmp_path, monkeypatch) -> None:
    write_example(tmp_path / "example")
    monkeypatch.chdir(tmp_path / "example")
    command, shown = (PAGE.split(f"```{kind}\n")[1].partition("\n```")[0] for kind in ("", "text"))
    code, said, _ = run(*command.split()[1:])
    assert code == 0
    lines = said.splitlines()
    assert [line for line in shown.splitlines() if line not in lines] == []
    assert len(shown.splitlines()) > 5
    code, said, _ = run(*command.split()[1:], "--json")
    rows = json.loads(said)
    assert {row["measure"] for row in rows} == {"search_rate", "find_rate"}
    assert {row["force"] for row in rows} == {"mereside"}


@pytest.mark.parametrize("asked", [("--gap", "0"), ("--gap", "100"), ("--times", "1"), ("--times", "0.5")])
def test_a_difference_that_is_none_is_refused(run: Run, asked: tuple[str, str]) -> None:
    records = example.ROOT / "data" / "synthetic" / "police_uk"
    code, _, said = run("plan", records, "--force", "mereside", *asked)
    assert code == 2
    assert "there is no such difference to plan for" in said
