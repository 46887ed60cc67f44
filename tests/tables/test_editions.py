"""The list of editions and the feed: what RFC 4287 asks for, the same bytes every time, ids that stay."""

import json
from datetime import date
from typing import Any

import pytest
from lxml import etree

from disparity.project.settings import Settings, make_settings
from disparity.tables.editions import list_editions, write_editions, write_feed
from disparity.tables.previous_edition import PastEdition, Previous

ATOM = {"a": "http://www.w3.org/2005/Atom"}
ADDRESS = "https://example.org/stop/"


def make(edition: str, day: str | None, **given: Any) -> Settings:
    fixed = {"records": ["r"], "from": "2022-04", "to": "2023-03", "publisher": "The Office", "base_url": ADDRESS}
    return make_settings(fixed | {"edition": edition, "published": day} | given, where="a test")


def after(editions: tuple[PastEdition, ...]) -> Previous:
    return Previous("", date(2022, 4, 1), date(2023, 3, 1), {}, editions)


def read(feed: str) -> Any:
    return etree.fromstring(feed.encode("utf-8"))


FIRST = list_editions(make("First", "2026-06-18"), None, "The first.")
SECOND = list_editions(make("Second", "2027-06-17"), after(FIRST), "Two moved.")


def test_each_edition_hands_its_list_on_to_the_next_the_latest_first() -> None:
    third = list_editions(make("Third", "2028-06-15"), after(SECOND), "")
    assert [each.edition for each in third] == ["Third", "Second", "First"]
    listed = json.loads(write_editions(third))["editions"]
    assert tuple(PastEdition.model_validate(each) for each in listed) == third


def test_an_edition_that_was_withdrawn_says_why_from_then_on():
    """Whoever publishes the edition after has the ledger; the one after that takes it from the site."""
    third = list_editions(make("Third", "2028-06-15"), after(SECOND), "", {SECOND[0].id: "Half of May was missing."})
    assert [each.withdrawn for each in third] == ["", "Half of May was missing.", ""]
    fourth = list_editions(make("Fourth", "2029-06-14"), after(third), "")
    assert [each.withdrawn for each in fourth] == ["", "", "Half of May was missing.", ""]


NOTICE = {"edition": "Second", "what": "The first edition lacks half of May.", "reason": "38 searches were left out."}
SAID = "The first edition lacks half of May. 38 searches were left out."


def test_what_an_edition_said_was_corrected_is_handed_on_to_every_later_one():
    """A reader of the third edition found no trace of it, though the first could still be had."""
    second = list_editions(make("Second", "2027-06-17", revisions=[NOTICE]), after(FIRST), "")
    third = list_editions(make("Third", "2028-06-15", revisions=[NOTICE]), after(second), "")
    fourth = list_editions(make("Fourth", "2029-06-14"), after(third), "")
    assert [each.revisions for each in fourth] == [(), (), (SAID,), ()]
    listed = json.loads(write_editions(fourth))["editions"]
    assert tuple(PastEdition.model_validate(each) for each in listed) == fourth
    feed = read(write_feed(make("Fourth", "2029-06-14"), fourth))
    contents = [entry.findtext("a:content", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert [SAID in content for content in contents] == [False, False, True, False]


def test_an_edition_that_is_built_again_stands_in_the_list_once() -> None:
    again = list_editions(make("Second", "2027-06-17"), after(SECOND), "Three moved.")
    assert [(each.edition, each.summary) for each in again] == [("Second", "Three moved."), ("First", "The first.")]


def test_the_feed_has_every_element_that_atom_requires() -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2."""
    feed = read(write_feed(make("Second", "2027-06-17"), SECOND))
    assert [feed.findtext(f"a:{name}", namespaces=ATOM) for name in ("title", "updated")] == [
        "Stop and search: ethnic disparities",
        "2027-06-17T00:00:00Z",
    ]
    assert feed.findtext("a:author/a:name", namespaces=ATOM) == "The Office"
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [f"{ADDRESS}feed.xml"]
    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:updated", namespaces=ATOM) for entry in entries] == [
        "2027-06-17T00:00:00Z",
        "2026-06-18T00:00:00Z",
    ]
    ids = [element.text for element in feed.iterfind(".//a:id", ATOM)]
    assert len(set(ids)) == 3
    assert all(text.startswith(("tag:example.org,20", "urn:uuid:")) for text in ids)
    for entry in entries:
        assert entry.findtext("a:content", namespaces=ATOM)
        assert entry.findtext("a:title", namespaces=ATOM)


def test_the_feed_says_whose_records_they_are() -> None:
    feed = read(write_feed(make("First", "2026-06-18"), FIRST, ["data.police.uk", "Kent Police’s own records"]))
    told = feed.findtext("a:subtitle", namespaces=ATOM)
    assert told == "Records: data.police.uk and Kent Police’s own records."


def test_ids_stay_from_edition_to_edition() -> None:
    feeds = [
        read(write_feed(make(edition, day), listed))
        for edition, day, listed in (("First", "2026-06-18", FIRST), ("Second", "2027-06-17", SECOND))
    ]
    assert feeds[0].findtext("a:id", namespaces=ATOM) == feeds[1].findtext("a:id", namespaces=ATOM)
    entry_ids = [feed.xpath("//a:entry/a:id/text()", namespaces=ATOM) for feed in feeds]
    assert entry_ids[1][1:] == entry_ids[0]


def test_the_same_settings_give_the_same_bytes() -> None:
    feeds = {
        write_feed(make("First", "2026-06-18"), list_editions(make("First", "2026-06-18"), None, "")) for _ in "ab"
    }
    assert len(feeds) == 1


def test_an_edition_without_a_day_is_in_the_list_and_in_no_feed() -> None:
    listed = list_editions(make("Draft", None), None, "")
    assert [each.published for each in listed] == [None]
    assert write_feed(make("Draft", None), listed) == ""


def test_without_an_address_there_is_no_feed_and_an_edition_of_none_has_no_link() -> None:
    """A reader of feeds shows no link that is not whole."""
    first = list_editions(make("First", "2026-06-18", base_url=""), None, "")
    assert write_feed(make("First", "2026-06-18", base_url=""), first) == ""
    second = make("Second", "2027-06-17")
    feed = read(write_feed(second, list_editions(second, after(first), "")))
    assert [entry.xpath("a:link/@href", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)] == [
        [f"{ADDRESS}index.html"],
        [],
    ]


@pytest.mark.parametrize("text", ["]]>&<x>", "\x1b[31m", "\u202e=1", "<!DOCTYPE x>", "\ufffe"])
def test_hostile_words_stay_words(text: str) -> None:
    given = make(text, "2026-06-18", title=text, publisher=text)
    feed = read(write_feed(given, list_editions(given, None, text)))
    titles = [element.text for element in feed.iterfind(".//a:title", ATOM)]
    shown = text.replace("\x1b", "\ufffd").replace("\ufffe", "\ufffd")
    assert titles == [shown, f"{shown}, Year ending March 2023"]
    assert {etree.QName(element).localname for element in feed.iter()} <= {
        *("feed", "id", "title", "updated", "author", "name", "link", "entry", "published", "content"),
    }
