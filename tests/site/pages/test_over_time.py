"""The page Over time: is it changing, with an answer first; the months that the records hold, and each by itself."""

from types import SimpleNamespace

import pytest

from disparity.site.charts.control_charts import SIGNAL_NAMES
from disparity.site.parts.months import say_coverage
from disparity.site.parts.unusual_shares import list_unusual
from disparity.site.published_figures import Row
from disparity.vocabulary.calendar import months_from
from support import example, real_sites
from support.cells import APRIL


def words(element):
    return " ".join(element.text_content().split())


def pages(name="over-time"):
    return {path: page for path, page in example.pages().items() if path.endswith(f"/{name}.html")}


def test_each_question_has_its_anchor_and_its_answer_under_it():
    for path, page in pages().items():
        for anchor in ("searches", "finds", "year", "months"):
            (head,) = page.xpath(f"//h2[@id='{anchor}']")
            assert words(head).endswith("?"), path
            assert head.getnext().tag in ("p", "figure"), (path, anchor)


def test_a_year_is_set_beside_the_year_before_where_both_are_held_and_else_the_page_says_there_is_none():
    page = pages()["fellshire/over-time.html"]
    assert "in the year before." in words(page.xpath("//h2[@id='year']")[0].getnext())
    assert page.xpath("//figure[@id='fig-years-search-rate']")
    alone = pages()["thornmoor/over-time.html"]
    told = words(alone.xpath("//h2[@id='year']")[0].getnext())
    assert told == "Not known here: no whole year before this one is held."


def test_that_no_month_signals_a_change_is_never_said_without_what_it_leaves_open():
    for path, page in (*pages().items(), *pages("months").items()):
        for head in page.xpath("//h2[@id='signals']"):
            told = words(head.getnext())
            assert told.startswith("Some do.") or "does not mean that nothing changed" in told, path
        assert "stands out" not in words(page), path


def test_an_action_that_started_is_among_the_events_of_the_forces_own_publication():
    page = pages()["thornmoor/over-time.html"]
    (events,) = page.xpath("//h3[@id='events']/following-sibling::ul[1]")
    assert "15 November 2024: an action started" in words(events)


def test_every_month_is_once_in_a_table_with_all_that_the_charts_draw_of_it():
    for path, page in pages().items():
        beside = pages("months")[path.replace("over-time", "months")]
        dated = "//table[.//th[starts-with(., 'April 2024')]]/caption"
        captions = [words(caption) for each in (page, beside) for caption in each.xpath(dated)]
        assert len(set(captions)) == len(captions), path
        (months,) = beside.xpath("//table[caption[@id='cap-months']]")
        heads = [words(head) for head in months.xpath("./thead//th")]
        assert heads[:2] == ["Month", "Searches"], path
        assert "Find rate" in heads, path
        drawn = page.xpath("//figure[@id='fig-months-searches']//svg[contains(@class, 'wide')]//circle/@data-tip")
        cells = {words(row[0]): words(row[1]) for row in months.xpath("./tbody/tr")}
        assert drawn, path
        for tip in drawn:
            month, said = tip.split(": ", 1)
            assert said.startswith(cells[month].split(" ")[0]), (path, tip)


def test_signals_stand_in_the_table_of_months_as_in_the_control_charts():
    seen = 0
    for path, page in pages("months").items():
        for table in page.xpath("//table[caption[@id='cap-signals']]"):
            told = {words(row[0]) for row in table.xpath("./tbody/tr[.//small]")}
            drawn = {
                tip.split(":")[0]
                for tip in page.xpath("//figure[starts-with(@id, 'fig-control')]//@data-tip")
                if any(name in tip for name in SIGNAL_NAMES.values())
            }
            assert told == drawn, path
            seen += 1
    assert seen


def test_control_charts_are_on_the_page_of_months_alone_and_over_time_leads_there():
    for path, page in pages().items():
        assert not page.xpath("//figure[starts-with(@id, 'fig-control')]"), path
        beside = pages("months")[path.replace("over-time", "months")]
        assert bool(page.xpath("//a[@href='months.html#signals']")) == bool(beside.xpath("//h2[@id='signals']")), path
        assert page.xpath("//a[@href='months.html#results']"), path


def test_months_that_are_missing_or_in_doubt_are_named_in_the_headline_of_the_strip():
    months = months_from(APRIL, 4)
    held = dict.fromkeys(months, "held")
    assert say_coverage(held) == "Every month is there, and no single one in doubt"
    told = say_coverage(held | {months[1]: "missing", months[3]: "in doubt"})
    assert "missing" in told
    assert "in doubt" in told


def list_of(*found):
    """What the page lists of these checks: table, whether it is met, month, what was observed."""
    names = ("table", "is_met", "month", "observed")
    rows = [Row("checks", place, dict(zip(names, values, strict=True))) for place, values in enumerate(found, 1)]
    return list_unusual(SimpleNamespace(rows_of=lambda _table, _force: rows), "fellshire")


def test_a_month_recorded_otherwise_is_named_beside_the_chart_that_follows_it():
    found = {
        "finds": "the linked flag is true in 90 of 100 searches: 90.0%. In the months around it is usually 50.0%",
        "groups": "self-defined ethnicity is not recorded in 60 of 100 searches: 60.0%. It is usually 10.0%",
        "months": "object of search is not recorded in 60 of 100 searches: 60.0%. It is usually 10.0%",
    }
    listed = list_of(*(("shares", False, "2031-02", finding) for finding in found.values()))
    assert listed == {section: [f"February 2031: {finding}."] for section, finding in found.items()}


@pytest.mark.parametrize(
    "check", [("shares", True, None, None), ("shares", False, None, None), ("columns", False, "2031-02", "one value")]
)
def test_where_none_is_or_counts_are_protected_nothing_is_named(check):
    assert list_of(check) == {}


@pytest.mark.slow
def test_of_real_forces_every_unusual_month_is_on_the_page_and_in_the_table_of_checks(records):
    site = real_sites.eight(records)
    checks = [row for row in example.read_table(site, "checks") if row["table"] == "shares" and row["month"]]
    assert {row["force"] for row in checks} >= {"kent", "south-wales"}
    for row in checks:
        page = words(example.read_pages(site)[f"{row['force']}/over-time.html"])
        assert row["observed"] in page, row["force"]
