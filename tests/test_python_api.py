"""The public Python API from outside: what an analyst types works with nothing but the package to import."""

import ast
import inspect
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import disparity
from support import example
from support.builders import BLACK, WHITE, monthly_text, write_monthly

SNIPPET = """
import disparity as ds

records = ds.read("records/", forces=["lancashire"], months=("2019-04", "2019-05"))
print(records.searches.height)
print(ds.check(records).columns[:3])
counts = ds.count(records)
residents = ds.residents()
rates = ds.estimates(counts, residents=residents)
comparisons = ds.compare(rates, counts, residents=residents)
print(comparisons.columns[:2])
print(ds.reasons(rates, comparisons, counts, residents=residents).columns[:1])
print(ds.plan(rates, comparisons, gap=3, times=1.2).columns[:1])
print(ds.statistics.intervals.__name__, ds.statistics.multinomial.__name__)
site = ds.build("disparity.toml")
print(site.folder.name, (site.folder / "index.html").exists())
try:
    ds.read("nowhere")
except ds.RequestError as error:
    print(isinstance(error, ds.DisparityError), error.exit_code)
"""
TYPED = """
import disparity as ds

records: ds.Records = ds.read("records", forces="lancashire")
rates = ds.estimates(ds.count(records), residents=ds.residents())
reveal_type(rates)
ds.no_such_name
ds.compare(rates)
"""
PROJECT = 'records = ["records"]\nforces = ["lancashire"]\nfrom = "2019-04"\nto = "2019-05"\n'
FUNCTIONS = sorted(name for name in disparity.__all__ if name[0].islower() and name != "statistics")


def run_outside(folder: Path, *arguments: str) -> str:
    """Run the interpreter in a folder where only what is installed can be imported."""
    run = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert not run.stderr, run.stderr
    return run.stdout


@pytest.mark.slow
def test_what_an_analyst_types_works_from_any_folder(tmp_path):
    for month in ("2019-04", "2019-05"):
        rows = [{"self_defined_ethnicity": group} for group in (WHITE, BLACK)] * 20
        write_monthly(tmp_path / "records", monthly_text(rows, month=month), force="lancashire", month=month)
    (tmp_path / "disparity.toml").write_text(PROJECT, encoding="utf-8")
    assert run_outside(tmp_path, "-I", "-c", SNIPPET).splitlines() == [
        "80",
        "['table', 'severity', 'expectation']",
        "['measure', 'force']",
        "['force']",
        "['measure']",
        "disparity.statistics.intervals disparity.statistics.multinomial",
        "site True",
        "True 2",
    ]


def test_to_import_it_loads_no_library():
    code = "import sys; before = set(sys.modules); import disparity, disparity.vocabulary.errors; disparity.DataError; "
    loaded = run_outside(example.ROOT, "-c", code + "print(*sorted(set(sys.modules) - before))").split()
    own = {"disparity", "disparity.vocabulary", "disparity.vocabulary.errors"}
    assert {name.partition(".")[0] for name in {*loaded} - own} <= set(sys.stdlib_module_names)


def test_every_public_name_is_there_and_no_other():
    assert {name for name in dir(disparity) if not name.startswith("_")} == set(disparity.__all__)
    assert all(getattr(disparity, name) is not None for name in disparity.__all__)
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        disparity.raed  # noqa: B018  a slip of the pen


@pytest.mark.slow
def test_a_type_checker_sees_the_types_and_a_wrong_name(tmp_path):
    (tmp_path / "notebook.py").write_text(textwrap.dedent(TYPED), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(tmp_path / "notebook.py")]
    home = tmp_path / "elsewhere"
    home.mkdir()
    said = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False).stdout.splitlines()
    assert [line.partition(": ")[2] for line in said[:3]] == [
        'note: Revealed type is "polars.dataframe.frame.DataFrame"',
        'error: Module has no attribute "no_such_name"  [attr-defined]',
        'error: Missing positional argument "counts" in call to "compare"  [call-arg]',
    ]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_says_what_it_gives_what_null_means_and_shows_an_example(name):
    text = inspect.getdoc(getattr(disparity, name)) or ""
    assert "Returns:" in text
    assert ">>> " in text or "Example:" in text
    assert "ull" in text or name in {"build", "publish"}  # a site holds no null


def test_every_public_function_is_typed():
    for name in FUNCTIONS:
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(getattr(disparity, name)))).body
        assert isinstance(tree, ast.FunctionDef)
        assert tree.returns
        assert all(each.annotation for each in (*tree.args.args, *tree.args.kwonlyargs))
    assert (Path(inspect.getfile(disparity)).parent / "py.typed").exists()
