"""A force's front page on a telephone: its first screen, ten questions from there, and the frame of its pages."""

import pytest

from support import example, real_sites
from support.browsing import open_page
from support.walking import PHONE, Target, find_answer

QUESTIONS = ["Was anything found?", "For what?", "Is it changing?", "Why?", "How sure?"]
BOTTOM = "node => node.getBoundingClientRect().bottom"
NOT_HERE = "because|not recorded|cannot be known|do not say|not here"
OTHERS = "Mereside|Westwold|other forces|only force|one force|no other"
FRONT = ".answers h2, .answers h3, .answers dt"
# The question, and what would answer it: on records that allow it, and on those that do not.
ASKED = {
    "is it more or less than last year": [Target("index.html", rf"Is it changing\?.*(\d|{NOT_HERE}|one year)", FRONT)],
    "is anything found": [Target("index.html", rf"Was anything found\?.*(\d|{NOT_HERE})", FRONT)],
    "my town": [
        Target("searches.html", rf"(neighbourhood|town|place|area).*(\d|{NOT_HERE})"),
        Target("data.html", rf"(neighbourhood|town|place|where).*(\d|{NOT_HERE})"),
    ],
    "children": [
        Target("searches.html", rf"(child).*(\d|{NOT_HERE})"),
        Target("data.html", rf"(child).*(\d|{NOT_HERE})"),
    ],
    "the force next door": [
        Target("index.html", OTHERS, "header details li a"),
        Target("compare.html", OTHERS, "main h1, main h2, main p, main th, main td, main li, main label, main dd"),
        Target("data.html", OTHERS, "dt, dd, main p"),
    ],
    "how sure": [Target("index.html", rf"How sure\?.*(\d|{NOT_HERE})", FRONT)],
    "what is a find rate": [Target("index.html", "find rate", "dfn"), Target("finds.html", "find rate", "dfn")],
    "what does the force say": [
        Target("action.html", "force|say|point|register", "main h1, main h2"),
        Target("data.html", "not assessed|not the force", "dt, dd, main p, main li"),
    ],
    "where is the data": [Target("data.html", ".", "main a[href*='downloads.html'], main a[href*='data/']")],
}


@pytest.fixture(scope="session")
def fronts(address, real_address):
    """Fronts of forces by name: on invented records of own extracts and of the portal; on real ones of the portal."""
    return {
        "fellshire": (address, "fellshire/index.html"),
        **{force: (address, f"{force}/index.html") for force in ("mereside", "thornmoor", "westwold")},
        "lancashire": (real_address, "index.html"),
    }


EACH_FORCE = ["fellshire", pytest.param("thornmoor", marks=pytest.mark.slow), "lancashire"]
EVERY_FORCE = [*EACH_FORCE, *(pytest.param(force, marks=pytest.mark.slow) for force in ("mereside", "westwold"))]


@pytest.fixture(scope="session")
def reader(browser):
    """One telephone for all the walks: a page that was there once comes from its memory."""
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


def open_front(reader, fronts, force) -> str:
    address, path = fronts[force]
    reader.goto(address + path)
    return address + path


@pytest.mark.parametrize("force", EVERY_FORCE)
def test_the_first_screen_has_the_finding_its_chart_and_the_first_answer(reader, fronts, force):
    open_front(reader, fronts, force)
    assert reader.locator("h1").bounding_box()["y"] < 200
    assert len(reader.locator("h1").inner_text().split()) > 3  # the finding, and no name
    bottoms = {
        "finding": reader.locator("h1").evaluate(BOTTOM),
        "chart": reader.locator("main figure.chart .plot").first.evaluate(BOTTOM),
        "first answer": reader.locator(f".answers :text('{QUESTIONS[0]}') + p").first.evaluate(BOTTOM),
    }
    assert {name: bottom for name, bottom in bottoms.items() if bottom > PHONE["height"]} == {}
    assert bottoms["finding"] < bottoms["chart"] < bottoms["first answer"]


@pytest.mark.parametrize("force", EVERY_FORCE)
def test_the_five_answers_are_there_in_their_order_and_each_leads_on(reader, fronts, force):
    open_front(reader, fronts, force)
    asked = reader.locator(".answers h2").all_inner_texts()
    assert asked == QUESTIONS
    for question in QUESTIONS:
        said = reader.locator(f".answers :text-is('{question}') + p").first
        assert len(said.inner_text().split()) > 3, question
        assert said.locator("a").count() >= 1, question


@pytest.mark.parametrize("force", EACH_FORCE)
@pytest.mark.parametrize("question", list(ASKED))
def test_a_question_is_answered_within_two_taps_and_two_screens(reader, fronts, force, question):
    """Or it is said there that it is not here, and why."""
    front = open_front(reader, fronts, force)
    assert find_answer(reader, front, ASKED[question]) != []


@pytest.mark.parametrize("force", EACH_FORCE)
def test_how_many_searches_of_black_people_there_were_is_two_taps_away(reader, fronts, force, records):
    site = real_sites.lancashire(records) if force == "lancashire" else example.site()
    wanted = {"force": force, "measure": "search_rate", "ethnic_group": "Black", "search_type": "All"}
    rows = [
        (row["period_to"], place)
        for place, row in enumerate(example.read_table(site, "estimates"), start=1)
        if wanted.items() <= row.items() and row["ethnicity_basis"] == "self-defined"
    ]
    css = f"main data[data-at='estimates:{max(rows)[1]}:numerator']"
    front = open_front(reader, fronts, force)
    assert find_answer(reader, front, [Target("index.html", ".", css), Target("searches.html", ".", css)]) != []


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
