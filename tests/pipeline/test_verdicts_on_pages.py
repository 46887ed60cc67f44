"""Every sentence, cell and headline of the real forces says of a difference what its row says."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html as lxml_html

from disparity.pipeline.build import build
from disparity.project.settings import make_settings

# Verdict → words that no other verdict is put in.
WORDS = {
    "higher": ("points higher",),
    "lower": ("points lower",),
    "depends": ("Whether there is a difference depends on", "Depends on "),
    "no clear difference": ("no clear difference", "No clear difference", "not clear once"),
}
STATED = {"higher", "lower"}


@pytest.fixture(scope="module")
def site(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real") / "site"
    span = {"from": "2019-04", "to": "2020-03"}
    build(make_settings({"title": "Eight forces", "records": [records], "out": out} | span, where="test"))
    return out


def read_rows(site: Path) -> list[dict[str, str]]:
    with (site / "data" / "comparisons.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_sentences(page: Path) -> Iterator[tuple[str, set[int]]]:
    """Give each element of a page that speaks of one comparison, with the number of its row."""
    for _, inner in re.findall(r"<(li|p|td|strong|figcaption)\b[^>]*>(.*?)</\1>", page.read_text("utf-8"), re.DOTALL):
        if found := {int(row) for row in re.findall(r'data-at="comparisons:(\d+):', inner)}:
            yield html.unescape(re.sub("<[^>]+>", "", inner)), found


@pytest.mark.slow
def test_the_words_of_a_verdict_are_those_of_its_row(site: Path):
    rows, spoken = read_rows(site), 0
    for page in sorted(site.rglob("*.html")):
        for text, numbers in read_sentences(page):
            said = {verdict for verdict, words in WORDS.items() if any(word in text for word in words)}
            verdicts = {rows[number - 1]["verdict"] for number in numbers}
            if len(numbers) == 1 and said:
                assert said == verdicts, (page.relative_to(site), text)
                spoken += 1
    assert spoken > 50


@pytest.mark.slow
def test_the_page_on_drugs_says_that_nothing_is_clear_where_the_table_says_so(site: Path):
    rows, said = read_rows(site), set()
    for page in sorted(site.glob("*/finds.html")):
        own = [
            row["verdict"]
            for row in rows
            if row["force"] == page.parent.name
            and row["measure"] == "find_rate"
            and row["search_type"] in ("drugs", "drugs_possession", "drugs_supply")
            and row["ethnicity_basis"] == "self-defined"
            and row["verdict"] in WORDS
        ]
        text = page.read_text("utf-8")
        is_said = "no difference in find rates between ethnic groups is clear enough" in text
        assert is_said == (bool(own) and not STATED & set(own)), page.parent.name
        said.add((is_said, bool(own)))
    assert len(said) > 1


ASSUMED = ("residents", "unknown_ethnicity", "months")


def list_alone(site: Path, force: str, group: str) -> list[dict[str, str]]:
    """The published rows of a group's ratio: as published, and what changes one assumption; bounds apart."""
    with (site / "data" / "sensitivity.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if (row["force"], row["ethnic_group"], row["measure"]) == (force, group, "search_rate")
            and (row["ethnicity_basis"], row["search_type"]) == ("self-defined", "All")
            and row["role"] != "bound"
            and row["ratio"]
            and row["verdict"] != "not available"
        ]
    (printed,) = [row for row in rows if row["role"] == "headline"]
    return [row for row in rows if sum(row[name] != printed[name] for name in ASSUMED) <= 1]


@pytest.mark.slow
@pytest.mark.parametrize("force", ["lancashire", "kent", "nottinghamshire"])
def test_the_rows_of_the_why_chart_are_those_of_the_published_table(site: Path, force: str):
    page = lxml_html.fromstring((site / force / "why.html").read_bytes())
    (table,) = page.xpath("//table[caption/@id='cap-assumptions']")
    heads = [head.text_content() for head in table.xpath("./thead//th")]
    headline = page.xpath("string(//*[@id='say-why']/strong)")
    group = next(head for head in heads[1:-1] if headline.startswith(head))
    place = heads.index(group) - 1
    rows = table.xpath("./tbody/tr[not(starts-with(th, 'With'))]")
    shown = sorted(float(row.xpath("./td")[place].xpath("string(.//data[1]/@value)")) for row in rows)
    alone = sorted(float(row["ratio"]) for row in list_alone(site, force, group))
    assert len(alone) > 3
    assert shown == pytest.approx(alone)
