"""Every number that a reader sees is in the published data, and reads as it does there."""

import json
import re
from decimal import Decimal

import pytest
from lxml import html

from disparity.pipeline.build import build
from disparity.project.settings import make_settings
from disparity.site.findings.front_answers import QUESTIONS
from support import example
from support.numbers import (
    assert_no_loose_numbers,
    check_figures,
    is_points,
    loose_numbers,
    read_pages,
    read_table,
    reads_as,
    written_by_hand,
)


@pytest.fixture(scope="module")
def site():
    return example.site()


def build_real(records, out, **settings):
    return build(make_settings({"records": [records], "out": out} | settings, where="test")).folder


@pytest.fixture(scope="module")
def real_site(records, tmp_path_factory):
    return build_real(records, tmp_path_factory.mktemp("real") / "site", **{"from": "2019-04", "to": "2021-03"})


@pytest.fixture(scope="module")
def site_of_lancashire(records, tmp_path_factory):
    year = {"from": "2019-04", "to": "2020-03", "forces": ["lancashire"]}
    return build_real(records, tmp_path_factory.mktemp("lancashire") / "site", **year)


def test_every_figure_is_in_the_data_and_reads_as_it_does_there(site):
    assert check_figures(site) > 2_000


@pytest.mark.slow
def test_every_number_of_a_real_force_is_in_the_data(site_of_lancashire):
    assert check_figures(site_of_lancashire) > 500
    assert_no_loose_numbers(site_of_lancashire)


@pytest.mark.slow
def test_every_figure_of_eight_real_forces_is_in_the_data(real_site):
    assert check_figures(real_site) > 8_000


@pytest.mark.slow
def test_no_number_stands_loose_on_a_page(site):
    assert_no_loose_numbers(site)


@pytest.mark.slow
def test_no_number_stands_loose_on_a_page_of_real_forces(real_site):
    assert_no_loose_numbers(real_site)


def test_a_planted_number_is_caught(site):
    page = html.fromstring("<html><body><p>There were 8,447 searches.</p></body></html>")
    assert loose_numbers(page) == {"8,447"}
    assert "8,447" not in written_by_hand("fellshire/index.html")
    assert not reads_as("24.3%", Decimal("0.2419"))
    assert reads_as("24.2%", Decimal("0.2419"))


def test_labels_printed_in_a_chart_stand_in_the_table_beside_it(site):
    printed = 0
    for name, page in read_pages(site).items():
        for figure in page.xpath("//figure[@class='chart']"):
            beside = " ".join(figure.getparent().getparent().itertext())
            texts = figure.xpath(".//*[contains(@class, 'mark-text') and contains(@class, 'role-mark')]//text()")
            for text in [text.strip() for text in texts if re.search(r"\d", text)]:
                assert text in re.sub(r"\s+", " ", beside), f"{name}: {text}"
                printed += 1
    assert printed > 100


def test_sentences_of_findings_are_on_their_page(site):
    findings = json.loads((site / "data" / "findings.json").read_text(encoding="utf-8"))
    assert len(findings) > 15
    answers = {f"front_{anchor}" for anchor in QUESTIONS}
    assert {finding["kind"] for finding in findings} >= answers | {"front_headline", "front_range", "searches"}
    for finding in findings:
        page = html.parse(site / finding["force"] / finding["page"].partition("#")[0]).getroot()
        if finding["kind"] != "searches":
            assert finding["sentence"] in re.sub(r"\s+", " ", page.text_content())


def test_findings_name_the_rows_that_hold_their_figures(site):
    for finding in json.loads((site / "data" / "findings.json").read_text(encoding="utf-8")):
        for piece in finding["evidence"]:
            row = read_table(site, piece["table"].removesuffix(".csv"))[piece["row"] - 1]
            is_worded = is_points(piece["column"], piece["table"].removesuffix(".csv"), row)
            value = Decimal(row[piece["column"]]) * (100 if is_worded else 1)
            is_signed = piece["printed"][0] in "+\u2212"
            assert reads_as(piece["printed"], abs(value) if is_worded and not is_signed else value)
