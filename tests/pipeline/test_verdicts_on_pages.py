"""Every sentence, cell and headline of the real forces says of a difference what its row says."""

import csv
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import html as lxml_html
from lxml.html import parse

from disparity.pipeline.build import build
from disparity.project.settings import make_settings
from support.readability import count_numbers, split_sentences

# Verdict → words that no other verdict is put in.
WORDS = {
    "higher": ("points higher", "The rate was higher: "),
    "lower": ("points lower", "The rate was lower: "),
    "depends": ("Whether there is a difference depends on", "Depends on "),
    "no clear difference": ("no clear difference", "No clear difference"),
}
KEY = ("force", "period_from", "period_to", "ethnicity_basis", "search_type")
# Where the verdicts on all groups are said in one breath: section of Finds → what is compared there.
SECTIONS = {
    "ethnicity": ("find_rate", "All"),
    "drugs": ("find_rate", "drugs"),
    "drugs-shares": ("type_share", "drugs"),
    "after-a-search": ("arrest_rate", "All"),
    "after-a-find": ("arrest_after_find_rate", "All"),
}
IN_ONE = {
    "higher": r"was higher for the ([\w, ]+) groups? than",
    "lower": r"was lower for the ([\w, ]+) groups? than",
    "no clear difference": r"no clear difference between the White group and the ([\w, ]+) group",
    "depends": r"For the ([\w, ]+) groups?, whether there is a difference depends",
}
MOST_WORDS, MOST_NUMBERS = 30, 2


@pytest.fixture(scope="module")
def site(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real") / "site"
    span = {"from": "2019-04", "to": "2020-03"}
    build(make_settings({"title": "Eight forces", "records": [records], "out": out} | span, where="test"))
    return out


@cache
def read_rows(site: Path, table: str = "comparisons") -> list[dict[str, str]]:
    with (site / "data" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_sentences(site: Path, page: Path) -> Iterator[tuple[str, set[int]]]:
    """Give each element of a page that speaks of one comparison, with the number of its row.

    It has a figure of the comparison, or both shares or rates that are compared.
    """
    estimates, places = read_rows(site, "estimates"), place_rows(site)
    for _, inner in re.findall(r"<(li|p|td|strong|figcaption)\b[^>]*>(.*?)</\1>", page.read_text("utf-8"), re.DOTALL):
        found = {int(row) for row in re.findall(r'data-at="comparisons:(\d+):', inner)}
        shown = [estimates[int(row) - 1] for row in re.findall(r'data-at="estimates:(\d+):value', inner)]
        if len(shown) == 2 and shown[1]["ethnic_group"] == "White":
            own, _ = shown
            found |= places.get((own["measure"], own["ethnic_group"], *(own[name] for name in KEY)), set())
        if found:
            yield html.unescape(re.sub("<[^>]+>", "", inner)), found


@cache
def place_rows(site: Path) -> dict[tuple[str, ...], set[int]]:
    return {
        (row["measure"], row["ethnic_group"], *(row[name] for name in KEY)): {number}
        for number, row in enumerate(read_rows(site), start=1)
    }


@pytest.mark.slow
def test_the_words_of_a_verdict_are_those_of_its_row_and_no_two_sentences_differ(site: Path) -> None:
    rows, spoken = read_rows(site), defaultdict(set)
    for page in sorted(site.rglob("*.html")):
        for text, numbers in read_sentences(site, page):
            said = {verdict for verdict, words in WORDS.items() if any(word in text for word in words)}
            if len(numbers) == 1 and said:
                (number,) = numbers
                assert said == {rows[number - 1]["verdict"]}, (page.relative_to(site), text)
                spoken[number] |= said
    assert len(spoken) > 50
    assert {len(said) for said in spoken.values()} == {1}
    assert {next(iter(said)) for said in spoken.values()} == set(WORDS)


@pytest.mark.slow
def test_verdicts_said_in_one_breath_are_those_of_the_table(site: Path) -> None:
    rows, compared = read_rows(site), 0
    for page in sorted(site.glob("*/finds.html")):
        tree = parse(page).getroot()
        for section, (measure, kind) in SECTIONS.items():
            own = {
                row["ethnic_group"]: row["verdict"]
                for row in rows
                if row["force"] == page.parent.name
                and (row["measure"], row["search_type"], row["ethnicity_basis"]) == (measure, kind, "self-defined")
                and row["verdict"] in WORDS
            }
            (element,) = tree.xpath(f"//section[@aria-labelledby='{section}']")
            words = " ".join(" ".join(each.text_content().split()) for each in element.xpath("./p"))
            said = {
                group: verdict
                for verdict, pattern in IN_ONE.items()
                for names in re.findall(pattern, words)
                for group in re.split(", | and ", names)
            }
            assert said == own, (page.parent.name, section, words)
            compared += len(own)
    assert compared > 20


@pytest.mark.slow
def test_sentences_of_searches_and_finds_are_short_and_have_few_numbers(site: Path) -> None:
    seen = 0
    for finding in json.loads((site / "data" / "findings.json").read_text("utf-8")):
        if finding["page"].partition(".")[0] in ("searches", "finds"):
            for sentence in split_sentences(finding["sentence"]):
                assert len(sentence.split()) <= MOST_WORDS, sentence
                assert count_numbers(sentence) <= MOST_NUMBERS, sentence
                seen += 1
    assert seen > 200


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
