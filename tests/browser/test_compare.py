"""Compare in a real browser: what is chosen is shown and taken away, as the published data has it."""

import csv
import io
import re
import shutil

import pytest
from playwright.sync_api import expect

from disparity.vocabulary.force_ids import list_places
from support import protected_site
from support.browsing import open_page

PAGE = "fellshire/compare.html"
PERIOD = "2024-04.2025-03"
READ_ROWS = """rows => rows.map(row => [
  [...row.querySelectorAll('th, td')].map(cell => cell.innerText),
  [...row.querySelectorAll('data')].map(place => [place.innerText, place.dataset.at]),
])"""
WHOLE = {"period_from": "2024-04", "period_to": "2025-03"}


@pytest.fixture(scope="module")
def tables(site):
    def read(name):
        with (site / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return {name: read(name) for name in ("estimates", "comparisons")}


def read_rows(opened):
    """The rows of the table: its cells, and its figures with the places in the data that they give."""
    return opened.locator("#comparison table tbody tr").evaluate_all(READ_ROWS)


def number(text):
    return float(text.replace(",", "").replace("%", "")) / (100 if text.endswith("%") else 1)


def is_rounded(text, value):
    decimals = len(text.rstrip("%").partition(".")[2]) + (2 if text.endswith("%") else 0)
    return abs(number(text) - float(value)) <= 0.500001 * 10**-decimals


def take(opened, button):
    with opened.expect_download() as download:
        opened.locator(button).first.click()
    return download.value.path().read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("choice", "wanted"),
    [
        (
            f"measure=find_rate&period={PERIOD}&by=group&type=drugs&forces=fellshire",
            {"measure": "find_rate", "ethnicity_basis": "self-defined", "search_type": "drugs", "force": "fellshire"},
        ),
        (
            f"measure=arrest_rate&period={PERIOD}&basis=officer-defined&by=type&group=Black&forces=mereside",
            {"measure": "arrest_rate", "ethnicity_basis": "officer-defined", "ethnic_group": "Black"},
        ),
        (
            f"measure=search_rate&period={PERIOD}&by=force&type=All&group=White&forces=fellshire,mereside,westwold",
            {
                "measure": "search_rate",
                "ethnicity_basis": "self-defined",
                "search_type": "All",
                "ethnic_group": "White",
            },
        ),
    ],
)
def test_a_view_shows_the_rows_of_the_data_that_its_address_asks_for(browser, address, tables, choice, wanted):
    opened, faults = open_page(browser, address, f"{PAGE}#{choice}")
    shown = read_rows(opened)
    assert len(shown) >= 3
    for _, figures in shown:
        for text, place in figures:
            table, line, column = place.split(":")
            row = tables[table][int(line) - 1]
            assert wanted.items() <= row.items()
            assert is_rounded(text, row[column]), (text, place)
    assert sum(len(figures) for _, figures in shown) > len(shown)
    assert faults == []
    opened.context.close()


def test_the_ratio_of_each_force_is_in_sight_on_a_phone(browser, address):
    """Its column ends where the window does, before anybody scrolls the table."""
    opened, _ = open_page(browser, address, PAGE, viewport={"width": 390, "height": 844})
    cells = opened.locator("#comparison table tbody td:nth-child(4)")
    assert cells.count() > 1
    assert opened.locator("#comparison table thead th").nth(3).inner_text().startswith("Times the rate")
    assert all(box["x"] + box["width"] <= 390 for box in (cell.bounding_box() for cell in cells.all()))
    opened.context.close()


def test_the_file_that_is_taken_away_has_the_published_rows_of_the_view(browser, address, tables):
    opened, faults = open_page(browser, address, f"{PAGE}#measure=search_rate_ratio&period={PERIOD}&group=Black")
    taken = list(csv.DictReader(io.StringIO(take(opened, "button.take-csv").removeprefix("\ufeff"))))
    assert [row["force_name"] for row in taken] == [cells[0] for cells, _ in read_rows(opened)]
    assert len(taken) > 1
    for row in taken:
        if not row["row"]:
            assert (row["value"], row["note"]) == ("", row["note"] or "a reason")
            continue
        published = tables[row["table"].removesuffix(".csv")][int(row["row"]) - 1]
        assert (published["force"], published["ethnic_group"]) == (row["force"], row["ethnic_group"])
        assert row["period_from"] == "2024-04-01"
        for name, column in (("value", "ratio"), ("lower", "ratio_lower"), ("range_upper", "range_upper")):
            assert (not row[name] and not published[column]) or is_rounded(row[name], published[column])
    picture = take(opened, "button.take-picture")
    assert picture.startswith("<svg")
    assert "Invented records" in picture
    assert "Fellshire" in picture
    assert "style=" not in picture
    assert faults == []
    opened.context.close()


def test_a_choice_changes_the_view_and_its_address_brings_it_back(browser, address):
    opened, faults = open_page(browser, address, PAGE)
    before = read_rows(opened)
    opened.get_by_label("What is compared").select_option("find_rate")
    expect(opened.locator("#fig-dots figcaption strong")).to_contain_text("Find rate")
    opened.get_by_label("Order").select_option("high")
    opened.locator("summary", has_text="Forces:").click()
    opened.locator("#force-mereside").uncheck()
    after = read_rows(opened)
    assert after != before
    assert not any("Mereside" in cells[0] for cells, _ in after)
    values = [number(figures[1][0]) for _, figures in after if len(figures) > 1]
    assert values == sorted(values, reverse=True)
    again, _ = open_page(browser, address, PAGE + "#" + opened.url.split("#")[1])
    assert read_rows(again) == after
    assert faults == []
    opened.context.close()
    again.context.close()


@pytest.mark.slow
def test_what_holds_nothing_cannot_be_chosen_and_says_why(browser, address):
    """Every choice that is left draws something: none of the old 84 views that drew nothing can be had."""
    opened, faults = open_page(browser, address, f"{PAGE}#by=force")
    seen = 0
    measures = opened.locator("#choose-measure option:not([disabled])").evaluate_all("all => all.map(o => o.value)")
    for measure in measures:
        opened.locator("#choose-measure").select_option(measure)
        types = opened.locator("#choose-type option:not([disabled])").evaluate_all("all => all.map(o => o.value)")
        for kind in types:
            opened.locator("#choose-type").select_option(kind)
            assert opened.locator("#fig-dots circle, #fig-dots rect[stroke-dasharray]").count() > 0, (measure, kind)
            seen += 1
        out = opened.locator("#comparison option[disabled]").all_inner_texts()
        assert all(re.search(r"\((too few to show|cannot be measured|none in these records)\)$", text) for text in out)
    assert seen > 20
    assert faults == []
    opened.context.close()


def test_an_address_that_asks_for_nonsense_shows_the_first_view(browser, address):
    first, _ = open_page(browser, address, PAGE)
    nonsense = "measure=%3Cscript%3E&period=never&group=Nobody&forces=atlantis&type=firearms.x"
    opened, faults = open_page(browser, address, f"{PAGE}#{nonsense}")
    assert read_rows(opened) == read_rows(first)
    assert faults == []
    opened.context.close()
    first.context.close()


def test_the_arrows_go_from_mark_to_mark_and_each_says_what_is_printed(browser, address):
    opened, faults = open_page(browser, address, PAGE)
    marks = opened.locator("#fig-dots g.dot")
    marks.first.focus()
    opened.keyboard.press("ArrowDown")
    opened.evaluate("dispatchEvent(new Event('scroll'))")  # as when the page scrolls to show the mark
    tip = opened.get_by_role("tooltip")
    expect(tip).to_contain_text(read_rows(opened)[1][0][0])
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == marks.nth(1).get_attribute(
        "aria-label"
    )
    printed = read_rows(opened)[1][1][2][0]
    assert printed in tip.inner_text()
    opened.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    assert opened.locator("#fig-dots [tabindex='0']").count() == 1
    assert faults == []
    opened.context.close()


def test_it_works_from_a_disk_and_the_no_script_view_is_the_same(browser, site):
    opened, faults = open_page(browser, site.as_uri() + "/", PAGE)
    shown = [cells[0] for cells, _ in read_rows(opened)]
    plain, none = open_page(browser, site.as_uri() + "/", PAGE, java_script_enabled=False)
    assert [cells[0] for cells, _ in read_rows(plain)] == shown
    assert plain.locator("#fig-comparison svg").count() >= 1
    assert plain.locator("select").count() == 0
    assert faults == none == []
    opened.context.close()
    plain.context.close()


def test_it_does_not_scroll_sideways_on_a_telephone(browser, address):
    for page in (PAGE, "index.html"):
        opened, _ = open_page(browser, address, page, viewport={"width": 320, "height": 700})
        assert opened.evaluate("document.documentElement.scrollWidth") <= 320, page
        opened.context.close()


# The front page of several forces


def test_the_tabs_of_all_forces_are_reached_by_keys_and_by_address(browser, address):
    opened, faults = open_page(browser, address, "index.html#table")
    expect(opened.get_by_role("tab", selected=True)).to_have_text("Table")
    opened.get_by_role("tab", selected=True).focus()
    opened.keyboard.press("ArrowLeft")
    expect(opened.get_by_role("tab", selected=True)).to_have_text("Dots")
    expect(opened.locator("#dots g.dot").first).to_be_visible()
    assert opened.locator("#table").is_hidden()
    opened.locator("#choose-measure").select_option("find_rate:All")
    assert "measure=find_rate" in opened.url
    opened.locator("#dots g.dot").first.click()
    opened.wait_for_url("**/index.html")
    assert re.search(r"/(fellshire|mereside|thornmoor|westwold)/index.html$", opened.url)
    assert faults == []
    opened.context.close()


def test_the_table_of_all_forces_is_sorted_by_its_heads(browser, address):
    opened, faults = open_page(browser, address, "index.html#table")
    head = opened.locator("button.sort").nth(1)
    head.click()
    assert opened.locator("th[aria-sort='descending']").count() == 1
    values = [number(figures[2][0]) for _, figures in read_rows(opened) if len(figures) > 2]
    assert values == sorted(values, reverse=True)
    assert len(values) > 1
    opened.locator("button.sort").nth(1).click()
    values = [number(figures[2][0]) for _, figures in read_rows(opened) if len(figures) > 2]
    assert values == sorted(values)
    assert opened.locator("#comparison tbody th a").first.get_attribute("href").endswith("/index.html")
    assert faults == []
    opened.context.close()


def test_a_force_is_found_by_part_of_its_name(browser, address):
    opened, faults = open_page(browser, address, "index.html")
    opened.locator("#find-place").fill("thorn")
    expect(opened.locator(".answers a")).to_contain_text("Thornmoor Police")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/thornmoor/index.html")
    assert faults == []
    opened.context.close()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("the Met", "Metropolitan Police Service, which has no records here"),
        ("liverpool", "Merseyside Police, which has no records here"),
        ("gmp", "Greater Manchester Police, which has no records here"),
        ("BRADFORD", "West Yorkshire Police"),
        ("Atlantis", "No place of that name is on our list"),
    ],
)
def test_places_and_nicknames_are_known(browser, site, tmp_path, asked, found):
    """The field looks through the list of the page: here the one of two real forces, as its template writes it."""
    text = (site / "index.html").read_text(encoding="utf-8")
    items = [
        ("metropolitan", "Metropolitan Police Service", ""),
        ("merseyside", "Merseyside Police", ""),
        ("greater-manchester", "Greater Manchester Police", ""),
        ("west-yorkshire", "West Yorkshire Police", "west-yorkshire/index.html"),
    ]
    written = "".join(
        f'<li data-force="{force}"><strong class="force">{f"<a href={href}>{name}</a>" if href else name}</strong>'
        f'<span class="names">{", ".join(list_places()[force])}</span></li>'
        for force, name, href in items
    )
    shutil.copytree(site / "static", tmp_path / "static")
    listed = re.sub(
        r'(<ul class="place-list">).*?(</ul>)', lambda found: found[1] + written + found[2], text, flags=re.S
    )
    (tmp_path / "index.html").write_text(listed, encoding="utf-8")
    opened, faults = open_page(browser, tmp_path.as_uri() + "/", "index.html")
    opened.locator("#find-place").fill(asked)
    expect(opened.locator(".answers li").first).to_contain_text(found)
    assert faults == []
    opened.context.close()


# One force, its counts protected


def test_of_one_force_its_groups_and_types_are_compared(browser):
    site = protected_site.site()
    opened, faults = open_page(browser, site.as_uri() + "/", "compare.html")
    assert opened.locator("summary", has_text="Forces:").count() == 0
    assert opened.locator("#choose-by option").evaluate_all("all => all.map(o => o.value)") == ["group", "type"]
    assert len(read_rows(opened)) >= 5
    opened.get_by_label("A row for each").select_option("type")
    assert any(cells[0] == "Drugs" for cells, _ in read_rows(opened))
    assert opened.locator("#fig-map").count() == 0
    assert faults == []
    opened.context.close()
