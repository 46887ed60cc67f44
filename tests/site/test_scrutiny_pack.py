"""The pack for a scrutiny panel: what is in it, what is not, and that nothing is written over."""

import shutil
from dataclasses import replace

import pytest
from lxml import html

from disparity.site.pages import findings
from disparity.site.pages import scrutiny_pack as panel
from disparity.site.printing import BROWSER_SETTING, print_page
from disparity.site.published_figures import plain
from disparity.site.scrutiny_pack import write_pack
from disparity.vocabulary.errors import RequestError
from support import example

FORCE = "fellshire"
SAMPLE = (("SS000007", "2024-05"), ("SS000123", "2024-11"))


@pytest.fixture
def no_browser(monkeypatch):
    monkeypatch.delenv(BROWSER_SETTING, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def written(folder, sample=()):
    edition = example.edition()
    return write_pack(edition, [panel.build_page(edition, FORCE, sample)], folder)


def words_of(path):
    return " ".join(html.fromstring(path.read_bytes()).text_content().split())


@pytest.mark.usefixtures("no_browser")
def test_without_a_browser_the_page_is_there_to_print(tmp_path):
    (path,) = written(tmp_path / "pack")
    assert path == tmp_path / "pack" / f"{FORCE}.html"
    assert sorted(each.name for each in path.parent.iterdir()) == [f"{FORCE}.html", "pack.css", "style.css"]


@pytest.mark.usefixtures("no_browser")
def test_the_pack_holds_findings_questions_register_and_how_to_read_its_chart(tmp_path):
    words = words_of(written(tmp_path / "pack")[0])
    for part in (
        "What these figures cannot show",
        "How to read it",
        "Questions to ask",
        "What the force says it is doing",
    ):
        assert part in words
    assert "Search rate, Black people: the review was due and is not reported." in words
    assert "Search rate, Asian people: why is it not that of White people" in words
    assert "No sample was given with this pack." in words


@pytest.mark.usefixtures("no_browser")
def test_the_pack_says_what_the_front_page_says(tmp_path):
    words = words_of(written(tmp_path / "pack")[0])
    front = findings.build_page(example.edition(), FORCE).context["front"]
    for sentence in (front.headline, front.range_said, *(answer.sentence for answer in front.answers)):
        assert plain(sentence) in words


@pytest.mark.usefixtures("no_browser")
def test_a_pack_that_is_not_the_forces_own_says_nothing_of_what_the_force_does(tmp_path):
    edition = replace(example.edition(), settings=example.settings(own=False))
    (path,) = write_pack(edition, [panel.build_page(edition, FORCE, ())], tmp_path / "pack")
    assert "What the force says it is doing" not in words_of(path)


@pytest.mark.usefixtures("no_browser")
def test_the_list_to_ask_for_holds_ids_and_months_alone(tmp_path):
    page = html.fromstring(written(tmp_path / "pack", SAMPLE)[0].read_bytes())
    listed = [" ".join(item.text_content().split()) for item in page.xpath("//ul[@class='sample']/li")]
    assert listed == ["SS000007 2024-05", "SS000123 2024-11"]


@pytest.mark.usefixtures("no_browser")
def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError, match="the folder is not empty"):
        written(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_browser_that_fails_leaves_the_page(tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title>", encoding="utf-8")
    monkeypatch.setenv(BROWSER_SETTING, shutil.which("false") or "/bin/false")
    assert print_page(page) is None
    monkeypatch.setenv(BROWSER_SETTING, str(tmp_path / "nowhere"))
    assert print_page(page) is None
