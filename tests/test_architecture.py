"""The house: the flow stands in one table, and every import goes up it."""

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from disparity import pipeline, restricted, site
from disparity.disclosure import ProtectedCounts

PACKAGE = Path(pipeline.__file__).parent
ROOT = PACKAGE.parents[1]
STAGES = re.findall(r"^\| `(\w+)` \|", (PACKAGE / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py" or path.parent != PACKAGE]
HEAVY = ("polars", "scipy", "altair", "pandas", "great_expectations", "pydantic", "vl_convert")


def stage_of(path: Path) -> str:
    """The first part of the module's name below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_stages(path: Path) -> set[str]:
    """Stages that a module imports, late imports included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    stages: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "disparity":
            stages |= {alias.name for alias in node.names if alias.name != "__version__"}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("disparity."):
            stages.add(str(node.module).split(".")[1])
        elif isinstance(node, ast.Import):
            stages |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("disparity.")}
    return stages


def test_the_table_names_every_stage_and_no_other():
    assert len(STAGES) > 20
    assert sorted(STAGES) == sorted({stage_of(path) for path in MODULES})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_stage_imports_itself_and_earlier_stages_only(path):
    place = STAGES.index(stage_of(path))
    late = [stage for stage in imported_stages(path) if STAGES.index(stage) > place]
    assert not late


def test_nothing_after_the_reading_reads_records():
    after = STAGES[STAGES.index("cluster") + 1 : STAGES.index("pipeline")]
    for path in MODULES:
        if stage_of(path) in after:
            assert not imported_stages(path) & {"searches", "sample", "review"}, path
            reads = re.findall(r"from disparity\.sources\.(\w+)", path.read_text(encoding="utf-8"))
            assert not set(reads) & {"police_uk", "raw"}, path


# Stages that may know the exact counts after the boundary: the one that hands them to it, and one that draws its own
# from known truths and never sees a record.
OF_COUNTS = {"pipeline", "calibration"}
# What gives exact counts, whether they may be published or not.
EXACT = {"tally_periods", "tally_submissions", "open_counts", "release_counts", "list_cells", "protect_cells"}


def imported_names(path: Path) -> set[str]:
    """Names that a module takes from `disclosure`."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if "disparity.disclosure" in (node.module or "") for alias in node.names}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if STAGES.index(stage_of(path)) > STAGES.index("disclosure")],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_nothing_after_the_disclosure_boundary_can_reach_the_exact_counts(path):
    """All that crosses it is `Tallies`, `Detail` (open) and `ProtectedCounts` (restricted)."""
    if stage_of(path) not in OF_COUNTS:
        assert not imported_stages(path) & {"counts", "reading", "cluster"}
        assert stage_of(path) == "cli" or "parts" not in imported_stages(path)  # it asks a part for its months
        assert not imported_names(path) & EXACT


def test_a_restricted_publication_is_made_of_protected_counts_and_public_tables_alone():
    hints = inspect.signature(restricted.make_tables).parameters
    assert list(hints) == ["edition", "plan", "labels", "population", "submissions"]
    assert hints["edition"].annotation is ProtectedCounts


def test_the_outsider_knows_nothing_of_the_build():
    for path in (PACKAGE / "outsider").glob("*.py"):
        late = {"counts", "sources", "searches", "audit", "publication", "pages", "findings", "site", "pipeline"}
        assert not imported_stages(path) & late, path


def test_every_page_is_listed_in_the_pipeline_and_has_its_template():
    pages = {path.stem for path in (PACKAGE / "pages").glob("*.py")} - {"__init__", "page"}
    listed = {module.__name__.split(".")[-1] for module in (*pipeline.FORCE_PAGES, *pipeline.SITE_PAGES)} | {"index"}
    assert pages == listed | {"pack"}  # printed for a panel, no page of the site
    assert {f"{page}.html" for page in pages} <= {path.name for path in (ROOT / "reports").glob("*.html")}


def test_every_page_is_in_the_menu():
    menu = {path.removesuffix(".html").replace("-", "_") for path, _ in (*site.FORCE_PAGES, *site.SITE_PAGES)}
    listed = {module.__name__.split(".")[-1] for module in (*pipeline.FORCE_PAGES, *pipeline.SITE_PAGES)}
    assert menu - {"index"} == listed - {"overview"}


def test_help_loads_no_heavy_library():
    code = "import sys, disparity.cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_page_scripts_and_templates_ask_no_other_host():
    for path in [
        *(ROOT / "reports").glob("*.html"),
        ROOT / "reports/static/site.js",
        ROOT / "reports/static/style.css",
    ]:
        text = path.read_text(encoding="utf-8")
        loads = re.findall(r'(?:src|srcset|data|action|url|import|fetch)\s*[=(]\s*["\']?(https?:)?//', text)
        assert not loads, path
