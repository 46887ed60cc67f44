"""Deprivation on Why: of a real force that is well placed, of one that is not, and of a restricted publication."""

import csv

import pytest

from disparity.pipeline.build import build
from disparity.project.settings import make_settings
from support import example, protected_site, real_sites


def section_of(site, page="why.html"):
    (section,) = example.read_pages(site)[page].xpath("//section[@aria-labelledby='deprivation']")
    return section


def words(element):
    return " ".join(element.text_content().split())


@pytest.mark.slow
def test_kent_has_its_rates_by_fifth_and_its_map_of_authorities(records, tmp_path):
    site = tmp_path / "site"
    asked = {"records": [records], "forces": ["kent"], "out": site, "from": "2019-04", "to": "2020-03"}
    build(make_settings(asked, where="a test"))
    section = section_of(site)
    assert words(section.xpath("p")[0]) == (
        "Within the same fifth of deprivation, the search rate of Black residents is 3.38 times that of White "
        "residents. Over the whole force it is 3.95 times."
    )
    assert "is itself a choice" in words(section)
    assert len(section.xpath(".//figure[@id='fig-deprivation']")) == 1
    rows = section.xpath(".//table[caption/@id='cap-fifth-rates']/tbody/tr")
    assert [words(row[0]) for row in rows][:2] == ["Most deprived fifth", "Second most deprived"]
    (areas,) = example.read_pages(site)["places.html"].xpath("//section[@aria-labelledby='neighbourhoods']")
    drawn = " ".join(areas.xpath(".//figure//*[local-name()='svg']")[0].itertext())
    with (site / "data" / "areas.csv").open(encoding="utf-8", newline="") as file:
        named = {row["area"] for row in csv.DictReader(file)}
    assert len(named) == 13
    assert {"Maidstone", "Medway"} < named
    assert all(name.split()[0] in drawn for name in named)
    added = sum((site / "data" / name).stat().st_size for name in ("areas.csv", "deprivation.csv"))
    assert added < 60_000


def test_lancashire_says_that_too_few_searches_can_be_placed(records):
    said = words(section_of(real_sites.lancashire(records)))
    assert "Not here, because too few searches can be placed." in said
    assert "For 85.7% of searches no place in the force is known." in said
    assert "lie outside it" in said


def test_a_restricted_publication_says_that_they_are_not_published():
    section = section_of(protected_site.site())
    assert "not published" in words(section)
    assert not section.xpath(".//table")
    assert protected_site.frames()["deprivation"].is_empty()


def test_made_up_forces_whose_area_is_nowhere_say_that_nothing_can_be_placed():
    pages = {path: page for path, page in example.pages().items() if path.endswith("/why.html")}
    for page in pages.values():
        (section,) = page.xpath("//section[@aria-labelledby='deprivation']")
        assert "no search of these records can be placed in a neighbourhood" in words(section)
    assert len(pages) > 1
