"""What is on the first screen of a telephone, and how the frame of a page behaves there."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

from disparity.pipeline.build import build
from disparity.project.settings import make_settings
from disparity.site.pages.listing import PAGES, ForcePage
from support.browsing import open_page

PHONE = {"width": 390, "height": 844}
TITLE_ABOVE = 200
MEASURE = """() => {
  const lower = selector => document.querySelector(selector).getBoundingClientRect().bottom;
  return {title: document.querySelector('h1').getBoundingClientRect().top, finding: lower('h1'),
    chart: lower('.front .chart svg'), answer: lower('.question')};
}"""
FORCE_PAGES = [page.address for page in PAGES if isinstance(page, ForcePage)]


def hold_first_screen(browser, address, page):
    opened, faults = open_page(browser, address, page, viewport=PHONE)
    at = opened.evaluate(MEASURE)
    assert at["title"] < TITLE_ABOVE
    assert at["finding"] < at["chart"] < at["answer"] <= PHONE["height"], at
    assert faults == []
    opened.context.close()


def test_the_finding_the_chart_and_the_first_answer_are_on_the_first_screen(browser, address):
    hold_first_screen(browser, address, "fellshire/index.html")


@pytest.mark.slow
@pytest.mark.parametrize("force", ["mereside", "thornmoor", "westwold"])
def test_they_are_for_every_force_of_the_example(browser, address, force):
    hold_first_screen(browser, address, f"{force}/index.html")


@pytest.mark.slow
def test_they_are_for_a_real_force(browser, records, tmp_path):
    asked = {"records": [str(records)], "forces": ["lancashire"], "from": "2019-04", "to": "2020-03"}
    site: Path = build(make_settings(asked | {"out": tmp_path / "site"}, where="a test")).folder
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hold_first_screen(browser, f"http://127.0.0.1:{server.server_port}/", "index.html")
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_the_title_of_every_page_is_above_the_fold_also_when_enlarged(browser, address):
    """A window of 1280 by 1024, enlarged four times, has 320 by 256."""
    for width, height, most in ((390, 844, TITLE_ABOVE), (320, 256, 256)):
        opened, _ = open_page(browser, address, "", viewport={"width": width, "height": height})
        for page in ("index.html", "method.html", *(f"thornmoor/{name}" for name in FORCE_PAGES)):
            opened.goto(address + page)
            assert opened.evaluate("document.querySelector('h1').getBoundingClientRect().top") < most, page
            assert opened.evaluate("document.documentElement.scrollWidth") <= width, page
        opened.context.close()


def test_the_menu_folds_behind_a_button_and_opens(browser, address):
    opened, _ = open_page(browser, address, "fellshire/finds.html", viewport=PHONE)
    button, pages = opened.get_by_role("button", name="Menu"), opened.locator("#pages")
    assert not pages.is_visible()
    button.click()
    assert pages.is_visible()
    assert pages.get_by_role("link").last.inner_text() == "Data and method"
    opened.keyboard.press("Escape")
    assert not pages.is_visible()
    assert button.evaluate("button => button === document.activeElement")
    opened.context.close()


def test_without_a_script_the_menu_is_a_plain_list(browser, address):
    opened, _ = open_page(browser, address, "fellshire/finds.html", viewport=PHONE, java_script_enabled=False)
    assert opened.locator("#pages").is_visible()
    assert opened.get_by_role("button", name="Menu").count() == 0
    opened.context.close()


def test_from_a_page_of_a_force_to_the_same_of_another(browser, address):
    opened, _ = open_page(browser, address, "fellshire/finds.html", viewport=PHONE, java_script_enabled=False)
    opened.locator(".change summary").click()
    opened.locator(".change").get_by_role("link", name="Thornmoor").click()
    assert opened.url.endswith("/thornmoor/finds.html")
    opened.context.close()
