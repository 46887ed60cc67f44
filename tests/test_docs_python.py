"""docs/python.md and the notebook say what happens: their code runs, and what they show is what comes out."""

import ast
import contextlib
import io
import json
import re
from pathlib import Path

import polars as pl
import pytest

import disparity
from disparity import residents
from disparity.analysis.sensitivity.planning import PLAN_COLUMNS
from disparity.pipeline import notebook
from disparity.project.starter import write_example
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.counts import COUNT_TABLES
from disparity.tables.schema.tables import TABLES
from support import example

PAGE = (example.ROOT / "docs" / "python.md").read_text(encoding="utf-8")
NOTEBOOK = example.ROOT / "docs" / "lancashire.ipynb"
BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def section(title: str) -> str:
    """The part of the page under a heading."""
    return PAGE.partition(f" {title}\n")[2].partition("\n#")[0]


def run(code: str, names: dict[str, object]) -> str:
    """Run code as a notebook does: what it prints, then what its last expression gives."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(tree, "<block>", "exec"), names)  # noqa: S102  our own page
        given = eval(compile(ast.Expression(last.value), "<block>", "eval"), names) if last else None  # noqa: S307
        if given is not None:
            print(given)
    return said.getvalue()


@pytest.mark.slow
def test_every_block_of_the_page_runs_and_gives_what_it_shows(tmp_path, monkeypatch):
    write_example(tmp_path / "example")
    monkeypatch.chdir(tmp_path / "example")
    names: dict[str, object] = {}
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) == PAGE.count("```python")
    with pl.Config():
        given = [run(code, names) for code, _ in blocks]
    assert given == [shown for _, shown in blocks]


def test_the_page_names_what_is_public_and_nothing_else():
    assert sorted(ROW.findall(section("Names"))) == sorted(disparity.__all__)


@pytest.mark.parametrize("name", ["labels", "years", "decisions", "checks", "estimates", "comparisons", "reasons"])
def test_the_page_describes_the_columns_of_published_tables_as_they_are_published(name):
    (table,) = (table for table in TABLES if table.name == name)
    rows = "\n".join(f"| `{column.name}` | {column.description} |" for column in table.columns)
    assert f"|---|---|\n{rows}\n" in PAGE


def test_the_page_describes_every_column_of_the_searches_the_residents_and_the_counts():
    records = notebook.gather_records(example.settings())
    assert {*records.searches.columns} == {*ROW.findall(section("`records.searches`"))}
    assert residents().columns == ROW.findall(section("`ds.residents`"))
    assert ROW.findall(section("`ds.plan`")) == PLAN_COLUMNS
    assert ROW.findall(section("`ds.count`")) == list(CELL_COUNTS)
    assert {*COUNT_TABLES} <= set(re.findall(r"`(?:counts\.tables\.)?(\w+)`", section("`ds.count`")))


@pytest.mark.slow
def test_the_notebook_runs_on_the_real_records_and_gives_what_it_shows(records: Path, monkeypatch):
    """Stored are tables of few rows, of public records: never a search."""
    monkeypatch.setenv("DISPARITY_RECORDS", str(records))
    names: dict[str, object] = {}
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert len(cells) > 5
    with pl.Config():  # the notebook's own is for the notebook
        for cell in cells:
            shown = "".join(line for output in cell["outputs"] for line in output["data"]["text/plain"])
            assert run("".join(cell["source"]), names).rstrip("\n") == shown
