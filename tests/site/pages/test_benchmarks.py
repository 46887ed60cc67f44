"""What searches are set against, on the page Why: all side by side, in one order, each with what it assumes."""

import csv

from support import example, protected_site, real_sites

TITLES = (
    "Residents",
    "Residents of the same ages and sexes",
    "Residents of the same areas",
    "Arrests",
    "Reports of force used",
)


def words(element):
    return " ".join(element.text_content().split())


def read_section(page):
    (section,) = page.xpath("//section[h2[@id='benchmarks']]")
    return section


def real_section(records):
    return read_section(example.read_pages(real_sites.lancashire(records))["why.html"])


def test_every_force_has_the_question_and_an_answer() -> None:
    for path, page in example.pages().items():
        if path.endswith("/why.html"):
            section = read_section(page)
            assert words(section[0]).endswith("?"), path
            assert len(words(section[1]).split()) > 8, path


def test_a_publishers_own_stands_beside_residents_with_what_it_assumes() -> None:
    section = read_section(example.pages()["fellshire/why.html"])
    named = [words(name) for name in section.xpath(".//dt")]
    assert named[0] == "Residents"
    assert named[-1] == "Suspects of robbery, 2023/24"
    assert "Most searches are not for robbery" in words(section.xpath(".//dd")[-1])
    assert "Invented for this example" in words(section.xpath(".//dd")[-1])


def test_they_stand_in_one_order_whatever_their_ratios_are(records) -> None:
    section = real_section(records)
    named = [words(name) for name in section.xpath(".//dt")]
    places = [next(place for place, title in enumerate(TITLES) if name.partition(",")[0] == title) for name in named]
    assert len(named) >= 4
    assert places == sorted(places)
    rows = [words(head) for head in section.xpath(".//table[caption/@id='cap-benchmark-ratios']/tbody/tr/th")]
    assert rows == named
    assert "None of these is the right one" in words(section)


def test_each_says_what_is_circular_and_the_counts_are_of_the_years_there_are(records) -> None:
    said = words(real_section(records))
    assert said.count("That is circular") == 2
    assert "Arrests, 2016/17" in said  # Lancashire has none of the year after
    assert "Ethnicity as officers saw it" in said


def test_the_first_sentence_has_the_lowest_and_the_highest_ratio(records) -> None:
    site = real_sites.lancashire(records)
    with (site / "data" / "benchmarks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    figures = [data.get("data-at").split(":") for data in real_section(records)[1].xpath(".//data")]
    lowest, highest = (rows[int(row) - 1] for _, row, _ in figures)
    own = [float(row["ratio"]) for row in rows if row["ethnic_group"] == lowest["ethnic_group"] and row["ratio"]]
    assert (float(lowest["ratio"]), float(highest["ratio"])) == (min(own), max(own))


def test_a_restricted_publication_says_that_they_are_not_published() -> None:
    section = read_section(protected_site.pages()["why.html"])
    assert "not published" in words(section)
    assert not section.xpath(".//table | .//figure")


def test_data_quality_has_the_smallest_difference_that_could_have_shown(records) -> None:
    page = example.read_pages(real_sites.lancashire(records))["data-quality.html"]
    (section,) = page.xpath("//section[h2[@id='showable']]")
    figures = section.xpath(".//td//data")
    assert len(figures) > 4
    assert {data.get("data-at").split(":")[2] for data in figures} == {"smallest_difference"}


def test_the_method_page_names_the_code_its_pillars_and_who_answers() -> None:
    (section,) = example.pages()["method.html"].xpath("//section[h2[@id='code']]")
    named = [words(name) for name in section.xpath(".//dt")]
    assert named[:3] == ["Trustworthiness", "Quality", "Value"]
    given = dict(zip(named, map(words, section.xpath(".//dd")), strict=True))
    assert given["Publisher"] == example.settings().publisher
    assert given["Who answers for the figures"] == "Not given."
    assert given["Published"] == "18 June 2025"
    assert given["Status"] == "Not official statistics"
