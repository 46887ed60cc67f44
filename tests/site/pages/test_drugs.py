"""Drugs, what led to searches and stated priorities: open, restricted, and with nothing to show."""

import re

from support import example, protected_site

OPEN, PORTAL = "thornmoor", "fellshire"


def words(page):
    return " ".join(page.text_content().split())


def captions(page):
    return [" ".join(caption.text_content().split()) for caption in page.xpath(".//caption")]


def heads(page, start):
    (table,) = [each for each in page.xpath("//table") if words(each).startswith(start)]
    return [words(cell) for cell in table.xpath("./thead//th")]


def test_possession_and_supply_stand_beside_each_other_by_group_and_area():
    page = example.pages()[f"{OPEN}/finds.html"]
    for start in ("Share of searches that were for drugs, by self", "Find rate of drug searches, by self"):
        assert heads(page, start)[-3:] == ["Drugs", "Possession", "Supply"]
    assert heads(page, "Share of searches that were for drugs, by area") == ["Area", "Drugs", "Possession", "Supply"]
    assert heads(page, "What was found")[:4] == ["Searched for", "Searches", "Nothing", "Drugs"]


def test_a_source_that_cannot_separate_says_so_and_shows_drugs_as_one():
    page = example.pages()[f"{PORTAL}/finds.html"]
    assert "whether they suspected possession or supply, so neither can be measured" in words(page)
    assert heads(page, "Share of searches that were for drugs, by self") == ["Ethnic group", "All searches", "Drugs"]
    assert not any(caption.startswith("What was found") for caption in captions(page))


def test_stated_priorities_stand_with_their_months_types_areas_and_source():
    page = example.pages()[f"{OPEN}/why.html"]
    (listed,) = page.xpath("//dl[@class='stated']")
    for told in ("October 2024 to March 2025", "drugs: supply", "Harbour, Old Town", "An invented review of the plan"):
        assert told in words(listed)
    assert heads(page, "Share of searches under any stated priority, by area")[0] == "Area"


def test_origins_stand_by_group_by_type_and_with_their_find_rates():
    told = captions(example.pages()[f"{OPEN}/searches.html"].xpath("//section[@aria-labelledby='origin']")[0])
    assert [caption.partition(",")[0] for caption in told] == [
        "What led to searches",
        "What led to searches",
        "Find rate by what led to the search and self-defined ethnicity",
    ]


def test_a_restricted_publication_has_no_breakdowns_but_priorities_and_says_so():
    assert set(protected_site.frames()["breakdowns"]["measure"]) == {"aligned_share"}
    site = protected_site.pages()
    drugs = site["finds.html"]
    assert heads(drugs, "Share of searches that were for drugs, by self")[-3:] == ["Drugs", "Possession", "Supply"]
    searches = site["searches.html"]
    assert not searches.xpath("//section[@aria-labelledby='origin']")
    assert "could say something about a person" in words(searches)


def test_a_restricted_publication_shows_shares_under_priorities_in_whole_percents_by_group_alone():
    page = protected_site.pages()["why.html"]
    assert "Weapons and possession" in words(page)
    assert "A made plan" in words(page)
    assert "Months and areas are not in the plan of a restricted publication." in words(page)
    assert len([caption for caption in captions(page) if "stated priority" in caption]) == 1
    shares = [
        node.text for node in page.iter("data") if node.get("data-at").startswith("breakdowns") and "%" in node.text
    ]
    assert len(shares) > 10
    assert all(re.fullmatch(r"\d+%", share) for share in shares)
