"""What CONTRIBUTING.md says is enough to add a page, a part, a measure and a source: each is added, so, to a copy."""

import ast
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support import example
from support.builders import BLACK, monthly_text, write_monthly
from support.processor import shared

CONTRIBUTING = (example.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("src/disparity", "reports", "expectations", "GLOSSARY.md")
MONTH, SHEET_ROWS = "2019-04", 25

PAGE = '''
"""In short: how many searches there were."""

from disparity.site.page import Edition, Page


def build_page(edition: Edition, force: str) -> Page:
    """Build the page of a force."""
    return Page("in_short.html", "In short", {"findings": edition.findings_of(force, "searches")})
'''
TEMPLATE = """
{% extends "base.html" %}
{% import "macros.html" as m with context %}
{% block main %}
<h1>In short</h1>
{% for finding in findings %}<p>{{ m.say(finding.sentence) }}</p>{% endfor %}
{% endblock %}
"""
PART = '''
"""How many: how many searches there were."""

from disparity.site.page import Edition, Part


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on how many searches there were."""
    return Part("parts/how_many.html", {"said": edition.findings_of(force, "searches")})


def has_content(_edition: Edition, force: str) -> bool:
    """Whether there is anything to show of a force: of one alone."""
    return force == "fellshire"
'''
PART_TEMPLATE = """
{% import "macros.html" as m with context %}
<section aria-labelledby="how-many"><h2 id="how-many">How many?</h2>
{% for finding in said %}<p>{{ m.say(finding.sentence) }}</p>{% endfor %}
</section>
"""
SOURCE = '''
"""Day sheets: a search a line, with the labels of data.police.uk."""

import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from disparity.project.settings import Settings
from disparity.sources.raw import RAW_COLUMNS, RawFile, Supply

DAY_SHEETS = "day sheets"


def take_sheets(_settings: Settings, paths: list[Path]) -> tuple[list[Supply], list[Path]]:
    """Read the sheets among the paths; the others are left."""
    sheets = [path for path in paths if path.suffix == ".sheet"]
    return [_read(path) for path in sheets], [path for path in paths if path not in sheets]


def _read(path: Path) -> Supply:
    content = path.read_bytes()
    held = pl.read_csv(content, separator="|", infer_schema=False, row_index_name="source_row", row_index_offset=1)
    absent = [pl.lit(None, pl.String).alias(name) for name in RAW_COLUMNS if name not in held.columns]
    rows = held.with_columns(absent).select("source_row", *RAW_COLUMNS)
    sha256 = hashlib.sha256(content).hexdigest()
    raw = RawFile(path.name, "mereside", date(2019, 4, 1), sha256, rows, DAY_SHEETS, bytes=len(content))
    return Supply(path.name, "mereside", None, "", (raw,), rows.height, {}, {})
'''


def insert(path: Path, *, before: str, text: str) -> None:
    """Put text before the first place where the words stand."""
    content = path.read_text(encoding="utf-8")
    assert before in content, (path, before)
    path.write_text(content.replace(before, text + before, 1), encoding="utf-8")


def add_page(home: Path) -> None:
    """A module, a template, a line of PAGES."""
    pages = home / "src/disparity/site/pages"
    (pages / "in_short.py").write_text(PAGE.lstrip(), encoding="utf-8")
    (home / "reports/in_short.html").write_text(TEMPLATE.lstrip(), encoding="utf-8")
    listing = pages / "listing.py"
    insert(
        listing,
        before="    ForcePage(HUB",
        text='    ForcePage("in-short.html", "In short", in_short.build_page),\n',
    )
    insert(listing, before="    method,\n", text="    in_short,\n")


def add_part(home: Path) -> None:
    """A module, a template, a line of SECTIONS and a place in the template of the page."""
    (home / "src/disparity/site/parts/how_many.py").write_text(PART.lstrip(), encoding="utf-8")
    (home / "reports/parts/how_many.html").write_text(PART_TEMPLATE.lstrip(), encoding="utf-8")
    page = home / "src/disparity/site/pages/searches.py"
    line = '    Section("how-many", how_many.build_part, how_many.has_content),\n'
    insert(page, before="    Section(", text=line)
    insert(page, before="from disparity.site.parts import", text="from disparity.site.parts import how_many\n")
    template = home / "reports/searches.html"
    insert(template, before="{% endblock %}", text='{% if "how-many" in parts %}{{ parts["how-many"] }}{% endif %}\n')


def add_measure(home: Path) -> None:
    """An entry of MEASURES, as that of the action rate but for what it counts, and its word in the glossary."""
    path = home / "src/disparity/analysis/measures/entries.py"
    source = path.read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    texts = [ast.get_source_segment(source, call) or "" for call in calls]
    (entry,) = [text for text in texts if text.startswith("Measure(") and 'name="action_rate"' in text]
    ours = entry.replace('name="action_rate"', 'name="no_action_rate"').replace('"Action rate"', '"No-action rate"')
    ours = ours.replace("Searches with any outcome but no further action", "Searches that ended in no further action")
    ours = ours.replace('numerator=pl.col("actions")', 'numerator=pl.col("outcomes") - pl.col("actions")')
    insert(path, before=entry, text=f"{ours},\n    ")
    word = "| no-action rate | no further action, of searches with an outcome recorded (`no_action_rate`) |\n"
    insert(home / "GLOSSARY.md", before="| arrest rate, action rate |", text=word)


def add_source(home: Path) -> None:
    """A module and a line of SOURCES."""
    (home / "src/disparity/sources/day_sheets.py").write_text(SOURCE.lstrip(), encoding="utf-8")
    ingest = home / "src/disparity/records/ingest.py"
    insert(ingest, before="    take_tables,\n", text="    take_sheets,\n")
    insert(
        ingest, before="from disparity.sources.extract", text="from disparity.sources.day_sheets import take_sheets\n"
    )


@shared
def site() -> Path:
    """A site of few records, built by a copy of the package with the page, the measure and the source."""
    home = example.scratch() / "contributed"
    for name in COPIED:
        place = home / name
        place.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (example.ROOT / name).is_dir() else shutil.copyfile
        copy(example.ROOT / name, place)
    for add in (add_page, add_part, add_measure, add_source):
        add(home)
    arrest = {"outcome": "Arrest", "is_outcome_linked": "True"}
    rows = (
        [{}] * 60
        + [arrest] * 40
        + [{"self_defined_ethnicity": BLACK}] * 70
        + [arrest | {"self_defined_ethnicity": BLACK}] * 30
    )
    write_monthly(home / "records", monthly_text(rows, month=MONTH), month=MONTH)
    sheet = ["subject|searched_at|outcome", *["Person search|2019-04-15T12:00:00+00:00|Arrest"] * SHEET_ROWS]
    (home / "april.sheet").write_text("\n".join(sheet), encoding="utf-8")
    command = [sys.executable, "-c", example.COMMAND, "build", "records", "april.sheet", "--from", MONTH, "--to", MONTH]
    environment = os.environ | {"PYTHONPATH": str(home / "src")}
    run = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return home / "site"


def read_rows(name: str) -> list[dict[str, str]]:
    """A published table of the site."""
    with (site() / "data" / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


@pytest.mark.slow
def test_a_page_is_its_module_its_template_and_a_line():
    pages = example.read_pages(site())
    for force in ("fellshire", "mereside"):
        assert "recorded" in pages[f"{force}/in-short.html"].text_content()
        menu = pages[f"{force}/index.html"].xpath("//nav//a[text()='In short']/@href")
        assert menu == ["../" + f"{force}/in-short.html"]
        (here,) = pages[f"{force}/in-short.html"].xpath("//nav//a[@aria-current='page']/text()")
        assert here == "In short"


@pytest.mark.slow
def test_a_part_is_its_module_its_template_a_line_and_its_place():
    pages = example.read_pages(site())
    (part,) = pages["fellshire/searches.html"].xpath("//section[@aria-labelledby='how-many']")
    assert "recorded" in part.text_content()
    assert not pages["mereside/searches.html"].xpath("//section[@aria-labelledby='how-many']")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["estimates.csv", "comparisons.csv", "monthly.csv"])
def test_a_measure_is_in_every_table_of_measures(name):
    assert [row for row in read_rows(name) if row["measure"] == "no_action_rate" and row["force"] == "fellshire"]


@pytest.mark.slow
def test_a_measure_counts_what_its_entry_says():
    rows = [row for row in read_rows("estimates.csv") if (row["force"], row["search_type"]) == ("fellshire", "All")]
    counted = {(row["measure"], row["ethnic_group"], row["ethnicity_basis"]): row for row in rows}
    ours, all_others = (counted[name, "Black", "self-defined"] for name in ("no_action_rate", "action_rate"))
    assert (ours["numerator"], ours["denominator"]) == ("70", "100")
    assert int(all_others["numerator"]) == 30


@pytest.mark.slow
def test_a_measure_is_in_the_method_the_glossary_what_can_be_explored_and_every_download():
    pages = example.read_pages(site())
    assert pages["method.html"].xpath("//tr[contains(., 'no_action_rate') and contains(., 'No-action rate')]")
    assert pages["glossary.html"].xpath("//dt[text()='no-action rate']")
    comparisons = (site() / "data" / "compare.js").read_text(encoding="utf-8")
    assert '"no_action_rate":"No-action rate"' in comparisons
    spreadsheets = list(site().rglob("*.ods"))
    assert spreadsheets
    for spreadsheet in spreadsheets:
        with zipfile.ZipFile(spreadsheet) as document:
            assert "No-action rate" in document.read("content.xml").decode()
    package = json.loads((site() / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert {"estimates.csv", "comparisons.csv"} <= {resource["path"] for resource in package["resources"]}


@pytest.mark.slow
def test_a_source_is_its_module_and_a_line():
    (sheet,) = [row for row in read_rows("submissions.csv") if row["force"] == "mereside"]
    assert (sheet["source"], sheet["source_file"]) == ("day sheets", "april.sheet")
    assert (sheet["rows_read"], sheet["rows_kept"]) == (str(SHEET_ROWS), str(SHEET_ROWS))
    (monthly,) = [row for row in read_rows("submissions.csv") if row["force"] == "fellshire"]
    assert (monthly["source"], monthly["rows_read"]) == ("data.police.uk", "200")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w.]+/[\w./]*)`", CONTRIBUTING))))
def test_every_file_and_folder_that_is_named_is_there(path):
    if not path.startswith(".."):
        assert (example.ROOT / path).exists()


@pytest.mark.parametrize(("name", "path"), re.findall(r"`([A-Z_]+)` (?:in|of) `([\w./]+\.py)`", CONTRIBUTING))
def test_every_list_that_is_named_is_in_its_file(name, path):
    assert re.search(rf"^{name}\b.* = ", (example.ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)
