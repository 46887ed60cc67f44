"""Every figure of a built site looked up in its data, and every other number accounted for."""

import ast
import csv
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from lxml import html

from disparity.site.pages.listing import PAGES
from disparity.site.template_words import MARK_MEANINGS, STATUS_MEANINGS, THRESHOLDS

PROJECT = Path(__file__).parents[2] / "disparity.toml"
ROOT = PROJECT.parent
SOURCE = ROOT / "src" / "disparity"
NUMBER = r"\w*[\d][\d.,/_]*%?"
MONTH_NAMES = "January|February|March|April|May|June|July|August|September|October|November|December"


@cache
def read_table(site, name):
    with (site / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def read_pages(folder):
    return {str(path.relative_to(folder)): html.parse(path).getroot() for path in sorted(folder.rglob("*.html"))}


def number_in(text):
    """The number a text prints: percent signs, commas and the minus sign undone."""
    plain = text.replace(",", "").replace("\u2212", "-").replace("+", "")
    return Decimal(plain.removesuffix("%")) / (100 if plain.endswith("%") else 1), plain


def reads_as(text, value):
    """Whether `text` is `value` rounded to the decimals that the text shows."""
    if text.startswith("under "):  # a p of which no more is said
        return Decimal(value) < Decimal(text.removeprefix("under "))
    number, plain = number_in(text)
    decimals = len(plain.removesuffix("%").partition(".")[2]) + (2 if plain.endswith("%") else 0)
    half = Decimal(1).scaleb(-decimals) / 2
    return abs(number - Decimal(value)) <= half * Decimal("1.000001")


def figures_of(page):
    return [(node.text, *node.get("data-at").split(":")) for node in page.iter("data")]


def check_figures(folder):
    tables, seen = {}, 0
    for name, page in read_pages(folder).items():
        for text, table, row, column in figures_of(page):
            if table not in tables:
                tables[table] = read_table(folder, table)
            cell = tables[table][int(row) - 1][column]
            value = Decimal(cell) * (100 if is_points(column, table, tables[table][int(row) - 1]) else 1)
            # "5.6 percentage points lower": the sign of a difference of shares can be in the words.
            is_worded = text[0] not in "+\u2212" and is_points(column, table, tables[table][int(row) - 1])
            assert reads_as(text, abs(value) if is_worded else value), (
                f"{name}: {text} is not {table} row {row} {column} = {cell}"
            )
            seen += 1
    return seen


def is_points(column, table, row):
    """Differences of shares are printed in percentage points."""
    if table == "reasons":
        analysis = row["analysis"].removesuffix("_officer_defined")
        is_difference = analysis.startswith("missing_ethnicity_") and analysis.endswith("_difference")
        return analysis in {"find_rate_gap", "find_rate_change"} or is_difference
    columns = ("difference", "range", "smallest_difference")
    is_compared = table in {"comparisons", "children_comparisons"}
    return is_compared and column.startswith(columns) and row["measure"] != "search_rate"


def loose_numbers(page):
    """Digits in text that is no figure, chart, script, date, citation, file name or code, nor which chart it is."""
    charts = page.xpath("//a[starts-with(@href, 'embed/')]")
    assert [chart.text for chart in charts] == [f"Chart {number}" for number in range(1, len(charts) + 1)]
    for node in charts + page.xpath(
        "//data | //svg | //script | //style | //code | //*[@class='version' or @class='citation' or @class='stated']"
    ):
        tail = node.tail or ""
        node.clear()
        node.tail = f" {tail}"
    text = " ".join(page.xpath("//body")[0].itertext())
    text = re.sub(rf"(\d{{1,2}} )?({MONTH_NAMES}) \d{{4}}", " ", text)
    return numbers_in(text)


def numbers_in(text):
    return {number.rstrip(".,") for number in re.findall(NUMBER, text)}


def template_of(name, folder=None):
    """The template of a page by its address: that of the module that builds it, for a chart alone that of its page."""
    home, is_alone, chart = name.rpartition("embed/")
    if is_alone:
        place = f'id="fig-{chart.removesuffix(".html")}"'
        pages = sorted((folder / home).glob("*.html"))
        name = next(f"{home}{page.name}" for page in pages if place in page.read_text(encoding="utf-8"))
    is_list = name == "index.html" and (folder is None or not (folder / "finds.html").exists())
    modules = {page.address: page.build.__module__.rpartition(".")[2] for page in PAGES}
    return "nation" if is_list else modules[name.rpartition("/")[2]]


def written_by_hand(name, folder=None):
    """Numbers that are in a page's own prose: its template, and the words in the code that fills it."""
    template = template_of(name, folder)
    parts = (
        [*(ROOT / "reports" / "methods").glob("*.html"), ROOT / "reports" / "disclosure.html"]
        if template == "method"
        else []
    )
    filled = list_parts(template)
    parts += [path for part in filled if (path := ROOT / "reports" / "parts" / f"{part}.html").exists()]
    templates = [*parts, *(ROOT / "reports" / f"{part}.html" for part in (template, "base", "macros", "embed"))]
    modules = [
        SOURCE / f"{part}.py"
        for part in (
            f"site/pages/{template}",
            *(f"site/parts/{part}" for part in filled),
            "site/page",
            "site/findings/find_rates",
            "site/findings/search_rates",
            "site/findings/reasons",
            "site/findings/peers",
            "site/findings/drugs",
            "site/findings/origins",
            "site/findings/priorities",
            "site/findings/examples",
            "site/findings/explained_rules",
            "site/findings/ranges",
            "site/findings/evidence",
            "site/findings/actions",
            *("vocabulary/calendar", "vocabulary/codes", "vocabulary/text"),
        )
    ]
    modules += {
        "downloads": [*(SOURCE / "tables/schema").glob("*.py")],
        "glossary": [*(SOURCE / "tables/schema").glob("*.py"), *(SOURCE / "records/audit").glob("*.py")],
        "method": [SOURCE / "analysis/measures/entries.py", SOURCE / "analysis/reasons/verdicts.py"],
        "why": [SOURCE / "site/findings/assumptions.py", *(SOURCE / "analysis/reasons").glob("*.py")],
        "over_time": [SOURCE / "site/charts/control_charts.py", SOURCE / "site/findings/over_time.py"],
    }.get(template, [])
    if template == "glossary":
        templates.append(ROOT / "GLOSSARY.md")
    words = [
        node.value
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if is_text(node)
    ]
    prose = [path.read_text(encoding="utf-8") for path in templates]
    return numbers_in(" ".join([*prose, *words, *(told for text in prose for told in told_to(text))]))


def list_parts(template):
    """The parts of pages that the module of a page imports."""
    source = ast.parse((SOURCE / "site" / "pages" / f"{template}.py").read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(source) if isinstance(node, ast.ImportFrom)]
    of_room = "disparity.site.parts"
    named = [each.name for node in imports if node.module == of_room for each in node.names]
    return named + [
        node.module.removeprefix(f"{of_room}.") for node in imports if node.module.startswith(f"{of_room}.")
    ]


def told_to(template):
    """What a template takes from the code: thresholds by name, the meanings of marks and statuses together."""
    yield from (THRESHOLDS[name] for name in re.findall(r"thresholds\.(\w+)", template))
    for name, meanings in (("mark_meanings", MARK_MEANINGS), ("status_meanings", STATUS_MEANINGS)):
        yield from meanings.values() if name in template else ()


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


ANSWERS = {"actions": ["explanation", "action"]}


QUOTED = {
    "action.html": {"actions": ["found", "explanation", "evidence", "action", "owner"]},
    "finds.html": ANSWERS,
    "searches.html": ANSWERS,
    "why.html": {"reasons": ["note"], "benchmarks": ["title", "benchmark_period", "source"]},
    "compare.html": {"peers": ["compared_with"]},
    "over-time.html": {"control": ["baseline_reason"], "checks": ["observed"]},
    "what-changed.html": {"changes": ["reason"]},
    "provenance.html": {"decisions": ["action", "reason"], "inputs": ["source", "file"]},
    "data-quality.html": {
        "labels": ["label"],
        "checks": ["why", "what_now", "observed", "limits"],
        "official": ["source"],
        "decisions": ["action", "reason"],
        "quality": ["label"],
    },
}


def quoted_from_data(folder, name):
    # A chart whose figures are per resident says which residents; names of neighbourhoods end in a number.
    columns = QUOTED.get(Path(name).name, {}) | {"population": ["population_base"], "neighbourhoods": ["name"]}
    texts = [row[column] for table, names in columns.items() for row in read_table(folder, table) for column in names]
    return numbers_in(" ".join(texts).replace("-", " "))


def assert_no_loose_numbers(folder):
    for name, page in read_pages(folder).items():
        loose = loose_numbers(page) - written_by_hand(name, folder)
        # Months in the decision log read 2019-04: as two numbers.
        loose = {part for number in loose for part in number.split("-")}
        assert not loose - quoted_from_data(folder, name), name
