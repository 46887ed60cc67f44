"""The documentation as a site: pages laid out as in the repository, the reference made from the code, no link dead.

`python -m release.documentation build/docs`. The generator is Sphinx, which reads CommonMark (MyST): the same pages are
read in the repository. What it warns of stops the build.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import disparity
from disparity.tables.schema.table import TableFile
from disparity.tables.schema.tables import TABLES
from release.distributions import ROOT, ReleaseError

PAGES = ("README.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md", "NOTICE.md", "src/disparity/README.md")
NOTEBOOK = "lancashire"
COMMANDS = """# Commands

Made from the help of each command: `disparity COMMAND --help` says the same.

```{eval-rst}
.. click:: disparity.cli.commands:commands
   :prog: disparity
   :nested: full
```
"""
# On the front page, where there is a sample and where there is none.
NO_SAMPLE = "[A sample publication](docs/sample.md) says how to build one from public records."
SAMPLE = (
    'See <a href="sample/index.html">a sample publication</a> of eight forces, 2019 to 2021, from records under '
    "the Open Government Licence v3.0. [How it was made](docs/sample.md)."
)
# By what they are for; `disparity.__all__` has them by their names.
FRAMES = ("read", "check", "count", "residents", "estimates", "compare", "reasons", "plan", "build", "publish")
CLASSES = ("Records", "Counts", "Site")


def list_pages() -> Iterator[Path]:
    """Every page and picture of the documentation, by its place in the repository."""
    yield from (Path(name) for name in PAGES)
    for path in sorted((ROOT / "docs").rglob("*")):
        if path.suffix in {".md", ".png", ".ipynb"}:
            yield path.relative_to(ROOT)


def show_notebook(path: Path) -> str:
    """A notebook as a page: its text, its code and what its code gave."""
    parts = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        parts += [f"```text\n{''.join(out['data']['text/plain']).rstrip()}\n```" for out in cell["outputs"]]
    return "\n\n".join(parts) + f"\n\n[The notebook itself]({path.name}).\n"


def list_names() -> str:
    """The reference of the Python package: what it offers, from the docstrings."""
    errors = sorted(name for name in disparity.__all__ if name.endswith("Error"))
    if missing := {*disparity.__all__} ^ {*FRAMES, *CLASSES, *errors, "statistics"}:
        raise ReleaseError(f"the reference of the Python package and disparity.__all__ differ: {sorted(missing)}")
    functions = "\n".join(f".. autofunction:: disparity.{name}" for name in FRAMES)
    classes = "\n".join(f".. autoclass:: disparity.{name}\n   :members:\n   :no-undoc-members:" for name in CLASSES)
    raised = "\n".join(f".. autoexception:: disparity.{name}" for name in errors)
    told = "What each gives, column by column, is in [In Python](../docs/python.md)."
    parts = [("From records to reasons", functions), ("What they give", classes), ("Errors", raised)]
    body = "\n\n".join(f"## {title}\n\n```{{eval-rst}}\n{rst}\n```" for title, rst in parts)
    return f"# The Python package\n\n{told}\n\n{body}\n"


def list_methods() -> str:
    """The reference of `disparity.statistics`, a module after another."""
    modules = sorted(path.stem for path in (ROOT / "src/disparity/statistics").glob("[!_]*.py"))
    methods = "\n\n".join(
        f"## {name}\n\n```{{eval-rst}}\n.. automodule:: disparity.statistics.{name}\n   :members:\n```"
        for name in modules
    )
    return f"# Statistics\n\nArrays in, arrays out: `from disparity import statistics`.\n\n{methods}\n"


def describe_table(table: TableFile) -> str:
    """A published table, column by column."""
    rows = "\n".join(
        f"| `{column.name}` | {column.kind} | {column.unit} | {escape(column.description)} |"
        for column in table.columns
    )
    key = ", ".join(f"`{name}`" for name in table.key)
    named = f"A row is named by {key}.\n\n" if key else ""
    head = f"## {table.name}\n\n{table.title}. File: `data/{table.file}`.\n\n{named}"
    columns = f"| column | type | unit | what it holds |\n|---|---|---|---|\n{rows}\n"
    return f"{head}In a restricted publication: {table.protection}.\n\n{columns}"


def escape(text: str) -> str:
    """A text that holds nothing a table or an emphasis is made with."""
    return re.sub(r"([|*<_\\])", r"\\\1", text)


def list_tables() -> str:
    """The reference of the published tables, from their schema."""
    told = (
        f"The {len(TABLES)} tables of `data/`, from the schema that writes and checks them. Types are those of "
        "Frictionless Data; [The data contract](../docs/data-contract.md) says what stays as it is."
    )
    return f"# Tables and columns\n\n{told}\n\n" + "\n".join(describe_table(table) for table in TABLES)


def lay_out(source: Path) -> None:
    """Put every page where it lies in the repository, and the generated ones beside."""
    for path in list_pages():
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    for path, index in ((source / "docs/errors", "README.md"), (source / "docs/decisions", "README.md")):
        names = "\n".join(sorted(page.stem for page in path.glob("*.md") if page.name != index))
        with (path / index).open("a", encoding="utf-8") as page:
            page.write(f"\n```{{toctree}}\n:hidden:\n\n{names}\n```\n")
    notebook = source / f"docs/{NOTEBOOK}.ipynb"
    notebook.with_suffix(".md").write_text(show_notebook(notebook), encoding="utf-8")
    reference = source / "reference"
    reference.mkdir()
    made = {"commands": COMMANDS, "python-api": list_names(), "statistics": list_methods(), "tables": list_tables()}
    for name, text in made.items():
        (reference / f"{name}.md").write_text(text, encoding="utf-8")
    for name in ("index.md", "conf.py"):
        shutil.copy(ROOT / "release/site" / name, source)


def generate(source: Path, out: Path, doctrees: Path) -> None:
    """Run the generator; anything that it warns of, a dead link among it, is an error."""
    command = [sys.executable, "-m", "sphinx", "--builder", "html", "--fail-on-warning", "--keep-going", "--quiet"]
    subprocess.run([*command, "-d", str(doctrees), str(source), str(out)], check=True)
    (out / ".buildinfo").unlink()  # for the generator's next run in the same folder; ours is always the first


def build(out: Path, work: Path, sample: Path | None = None) -> None:
    """Make the site in a new folder, from a new layout.

    Args:
        sample: a built publication that is put beside, and led to from the front page; None: there is none.
    """
    source = work / "source"
    source.mkdir(parents=True)
    lay_out(source)
    if sample is not None:
        index = source / "index.md"
        text = index.read_text(encoding="utf-8")
        index.write_text(text.replace(NO_SAMPLE, SAMPLE), encoding="utf-8")
    generate(source, out, work / "doctrees")
    if sample is not None:
        shutil.copytree(sample, out / "sample")


def main() -> None:
    """Build the site into a folder, anew, with the sample that `make sample` left, if it did."""
    out = Path(sys.argv[1]).resolve()
    work, sample = out.with_name(f"{out.name}-source"), out.with_name("sample")
    for folder in (out, work):
        shutil.rmtree(folder, ignore_errors=True)
    build(out, work, sample if (sample / "index.html").exists() else None)
    print(f"{out / 'index.html'}")


if __name__ == "__main__":
    main()
