"""The house: the flow is in one table, and every import goes up it."""

import ast
import graphlib
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import disparity
from disparity.cli.commands import Deferred, commands
from disparity.disclosure.attack import ProtectedCounts
from disparity.site.pages.listing import PAGES, ForcePage
from disparity.tables import restricted

PACKAGE = Path(inspect.getfile(disparity)).parent
ROOT = PACKAGE.parents[1]
ROOMS = re.findall(r"^\| `(\w+)` \|", (PACKAGE / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent != PACKAGE]
HEAVY = ("polars", "scipy", "altair", "pandas", "great_expectations", "pydantic", "vl_convert")
MOST_LINES = 400


def name_of(path: Path) -> str:
    """The module's name below the package, such as records.counts."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def imported_modules(path: Path) -> set[str]:
    """Modules of the package that a module imports, late imports included, by their names below the package."""
    found: set[str] = set()
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("disparity."):
            home = str(node.module).removeprefix("disparity").removeprefix(".")
            below = {f"{home}.{alias.name}".removeprefix("."): home for alias in node.names}
            found |= {full if full in NAMES else home for full, home in below.items()}
        elif isinstance(node, ast.Import):
            found |= {alias.name.removeprefix("disparity.") for alias in node.names if "disparity." in alias.name}
    return found - {"", name_of(path)}


def room_of(name: str) -> str:
    """The room that a module lies in."""
    return name.split(".", maxsplit=1)[0]


@cache
def imports() -> dict[str, set[str]]:
    return {name: imported_modules(path) for name, path in NAMES.items()}


def test_the_table_names_every_room_and_no_other():
    assert len(ROOMS) > 9
    assert sorted(ROOMS) == sorted({room_of(name) for name in NAMES})


def test_the_walk_of_a_record_names_what_there_is():
    walk = (PACKAGE / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(rf"`((?:{'|'.join(ROOMS)})\.[\w.]+)`", walk))
    assert len(named) > 12
    for name in named - set(NAMES):
        home, _, member = name.rpartition(".")
        assert member in defined_names(NAMES[home]), name


def test_the_package_holds_fifteen_entries_at_most():
    entries = [path.name for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 15, sorted(entries)


def test_every_room_says_what_comes_in_what_goes_out_and_what_it_touches():
    for room in ROOMS:
        text = ast.get_docstring(ast.parse(NAMES[room].read_text(encoding="utf-8"))) or ""
        assert text.count("\n") >= 3, room
        assert {"In:", "Out:", "Touches"} <= set(re.findall(r"In:|Out:|Touches", text)), room


def test_a_room_imports_itself_and_earlier_rooms_only():
    places = {name: ROOMS.index(room_of(name)) for name in NAMES}
    assert not [(name, other) for name in NAMES for other in imports()[name] if places[other] > places[name]]


def test_no_parts_of_a_room_import_each_other_in_a_circle():
    parts: dict[str, set[str]] = {}
    for name, imported in imports().items():
        part = ".".join(name.split(".")[:2])
        others = {".".join(other.split(".")[:2]) for other in imported}
        parts.setdefault(part, set()).update(others - {part})
    graphlib.TopologicalSorter(parts).prepare()  # raises CycleError where there is one


def test_a_package_defines_nothing_but_what_it_is():
    """Import from the owner: no name can be had from two places."""
    for path in NAMES.values():
        if path.name == "__init__.py":
            assert [type(node) for node in trees()[path].body] == [ast.Expr], path


def test_a_module_is_imported_from_its_owner_alone():
    for path in NAMES.values():
        for node in ast.walk(trees()[path]):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("disparity."):
                home = NAMES[str(node.module).removeprefix("disparity.")]
                own = defined_names(home) | {path.stem for path in home.parent.iterdir() if home.name == "__init__.py"}
                assert {alias.name for alias in node.names} <= own, (path, node.module)


@cache
def defined_names(path: Path) -> set[str]:
    """Names that a module defines itself, at its top."""
    names: set[str] = set()
    for node in trees()[path].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)}
    return names


def test_no_module_is_too_long_to_read():
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in NAMES.items()}
    assert not {name: many for name, many in lines.items() if many > MOST_LINES}


# What sees a search, and may be met in the rooms up to `records` and by those that run the whole.
OF_RECORDS = (
    *("records.coding", "records.ingest", "records.cluster", "records.grounds_review"),
    *("sources.police_uk", "sources.raw"),
)
RUNNING = ("pipeline", "cli")
# What draws records of its own from known truths, coded as the publishers' are, and never sees one of theirs.
DRAWING = "analysis.calibration"


def test_nothing_after_the_counts_reads_records():
    after = [name for name in list_after("records") if room_of(name) not in RUNNING and not name.startswith(DRAWING)]
    assert len(after) > 100
    parts = tuple(f"{name}." for name in OF_RECORDS)
    read = [(name, other) for name in after for other in imports()[name] if f"{other}.".startswith(parts)]
    assert not read


def list_after(room: str) -> list[str]:
    """Modules of the rooms after one."""
    return [name for name in NAMES if ROOMS.index(room_of(name)) > ROOMS.index(room)]


# What may know the exact counts after the boundary: what hands them to it, and what draws its own.
OF_COUNTS = ("pipeline", DRAWING)
# What gives exact counts, whether they may be published or not.
EXACT = {
    *("tally_periods", "tally_submissions", "open_counts", "open_band", "pick_band"),
    *("release_counts", "list_cells", "protect_cells"),
}


def imported_names(path: Path) -> set[str]:
    """Names that a module takes from `disclosure`."""
    nodes = [node for node in ast.walk(trees()[path]) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in nodes if "disparity.disclosure" in (node.module or "") for alias in node.names}


def test_nothing_after_the_disclosure_boundary_can_reach_the_exact_counts():
    """All that crosses it is `Tallies`, `Detail` (open) and `ProtectedCounts` (restricted)."""
    for name in list_after("disclosure"):
        if not name.startswith(OF_COUNTS):
            assert not imports()[name] & {"records.counts", "records.ingest", "records.cluster"}, name
            # The command line asks a part for its months.
            assert room_of(name) == "cli" or "records.partial_counts" not in imports()[name], name
            assert not imported_names(NAMES[name]) & EXACT, name


def test_a_restricted_publication_is_made_of_protected_counts_and_public_tables_alone():
    hints = inspect.signature(restricted.make_tables).parameters
    assert list(hints) == ["edition", "labels", "population", "submissions", "design_effects"]
    assert hints["edition"].annotation is ProtectedCounts


def test_the_intruder_knows_nothing_of_the_build():
    building = ("site.pages", "site.findings", "site.templates", "site.chart_files", "site.data_files", "site.writing")
    late = ("records", "sources", "project.settings", *building, "pipeline")
    for name in NAMES:
        if name.startswith("site.intruder"):
            assert not [other for other in imports()[name] if other.startswith(late)], name


def test_every_page_is_listed_and_has_its_template():
    pages = {path.stem for path in (PACKAGE / "site" / "pages").glob("*.py")} - {"__init__", "page", "listing"}
    listed = {page.build.__module__.split(".")[-1] for page in PAGES} | {"nation"}
    assert pages == listed | {"scrutiny_pack"}  # printed for a panel, no page of the site
    assert {f"{page}.html" for page in pages} <= {path.name for path in (ROOT / "reports").glob("*.html")}


def test_every_part_is_in_a_page_and_has_its_template():
    modules = (PACKAGE / "site" / "parts").glob("*.py")
    parts = {path.stem for path in modules if "build_part" in defined_names(path)}
    pages = [page for page in PAGES if isinstance(page, ForcePage)]
    assert parts == {section.build.__module__.split(".")[-1] for page in pages for section in page.sections}
    assert {f"{part}.html" for part in parts} <= {path.name for path in (ROOT / "reports" / "parts").glob("*.html")}


def test_no_two_pages_share_an_address_or_a_name():
    assert len({page.address for page in PAGES}) == len({page.name for page in PAGES}) == len(PAGES)


ASK_FOR_HELP = """
import sys
from disparity.cli.commands import commands
def ask(group, *path):
    commands.main([*path, "--help"], standalone_mode=False)
    for name, command in getattr(group, "commands", {}).items():
        ask(command, *path, name)
ask(commands)
print([name for name in sys.argv[1:] if name in sys.modules], file=sys.stderr)
"""


def test_help_loads_no_heavy_library():
    """Of the group, and of every command in it."""
    run = subprocess.run([sys.executable, "-c", ASK_FOR_HELP, *HEAVY], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"
    assert run.stdout.count("Usage: ") == 1 + len(list(walk(commands)))


def walk(group: click.Group) -> Iterator[click.Command]:
    """Every command below a group, groups included."""
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from walk(command)


def test_every_command_has_its_module_which_takes_what_the_command_asks():
    for command in walk(commands):
        if isinstance(command, Deferred):
            run = importlib.import_module(f"disparity.cli.{command.callback.__name__}").run
            inspect.signature(run).bind(**{str(param.name): None for param in command.params})


@pytest.mark.slow
def test_nothing_is_imported_late_but_what_may_be_missing_or_is_heavy_and_seldom_needed():
    late = {
        (name, alias)
        for name, path in NAMES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
        for alias in [getattr(inner, "module", None) or inner.names[0].name]
    }
    late_by_need = {("records.daylight", "pvlib"), ("site.rendering.engine", "vl_convert")}
    assert late == {("records.cluster", "distributed"), *late_by_need}


def test_no_date_is_written_in_the_words_of_the_machines_language():
    """Nor in its order: `vocabulary.calendar` names months and days in English."""
    by_locale = re.compile(r"%-?[aAbBcpxX]")
    assert not [
        (name, node.lineno)
        for name, path in NAMES.items()
        for node in ast.walk(trees()[path])
        if isinstance(node, ast.FormattedValue) and node.format_spec and by_locale.search(ast.unparse(node.format_spec))
    ]


def test_the_page_scripts_and_templates_ask_no_other_host():
    for path in [
        *(ROOT / "reports").glob("*.html"),
        ROOT / "reports/static/site.js",
        ROOT / "reports/static/style.css",
    ]:
        text = path.read_text(encoding="utf-8")
        loads = re.findall(r'(?:src|srcset|data|action|url|import|fetch)\s*[=(]\s*["\']?(https?:)?//', text)
        assert not loads, path
