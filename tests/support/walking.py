"""A reader on a telephone who starts at a force's front page and taps: what is reached, and how far down it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
MOST_TAPS, SCREENS = 2, 2
INSIDE = {"main": "main", "menu": "header nav"}
# Links in sight within two screens, each once, with the page that it leads to.
LINKS = """([inside, room]) => {
  const found = new Map();
  for (const link of document.querySelectorAll(`${inside} a[href]`)) {
    const raw = link.getAttribute('href'), box = link.getBoundingClientRect();
    const leads = new URL(raw, location);
    if (leads.origin !== location.origin || !leads.pathname.endsWith('.html')) continue;
    if (!box.width || box.top > room || leads.href === location.href.replace(/#.*/, '')) continue;
    if (!found.has(raw)) found.set(raw, leads.pathname);
  }
  return [...found];
}"""
# What answers: a heading or term with what follows it, or another element; and where it begins. What is folded away
# takes one tap more.
ANSWERS = """([css, pattern, room]) => [...document.querySelectorAll(css)].flatMap(node => {
  const isAsked = ['H2', 'H3', 'DT'].includes(node.tagName), next = node.nextElementSibling;
  const text = `${node.textContent} ${isAsked && next ? next.textContent : ''}`.replace(/\\s+/g, ' ');
  if (!new RegExp(pattern, 'i').test(text)) return [];
  const fold = node.closest('details:not([open])');
  const box = (fold && !node.closest('summary') ? fold.querySelector('summary') : node).getBoundingClientRect();
  return box.width && box.top > -60 && box.top < room ? [[fold ? 1 : 0, Math.round(box.top), text.slice(0, 200)]] : [];
})"""


@dataclass(frozen=True)
class Target:
    """What would answer: a page, and an element of it whose text has the pattern."""

    page: str
    pattern: str = "."
    css: str = "h2, h3, dt"


@dataclass(frozen=True)
class Step:
    """A tap on a link, found by where it is and its address; and where that leads."""

    inside: str
    href: str
    leads: str


def find_answer(opened: Page, front: str, targets: list[Target]) -> list[Any]:
    """The first answer within two taps and two screens, and the way to it; nothing where there is none."""
    tried = set()  # one place is looked at once, whichever way leads there
    for target in targets:
        for taps, way in _list_ways(opened, front, target.page):
            url = way[-1].leads if way else front
            if (url, target) in tried:
                continue
            tried.add((url, target))
            _walk(opened, front, way)
            room = SCREENS * PHONE["height"]
            for folds, top, text in opened.evaluate(ANSWERS, [target.css, target.pattern, room]):
                if taps + folds <= MOST_TAPS:
                    return [[step.href for step in way], top, text]
    return []


def _list_ways(opened: Page, front: str, page: str) -> Iterator[tuple[int, list[Step]]]:
    """The ways to a page of the same force in at most two taps: with a link, by the menu, or over another page."""
    if page == front.rpartition("/")[2]:
        yield 0, []
    path = urlsplit(urljoin(front, page)).path
    links = _links(opened, front, "main")
    for href, leads in links:
        if leads == path:
            yield 1, [Step("main", href, urljoin(front, href))]
    for href, leads in _links(opened, front, "menu"):
        if leads == path:
            yield 2, [Step("menu", href, urljoin(front, href))]
    for first in {re.sub("#.*", "", href): href for href, _ in links}.values():
        between = urljoin(front, first)
        for href, leads in _links(opened, between, "main"):
            if leads == path:
                yield 2, [Step("main", first, between), Step("main", href, urljoin(between, href))]


@cache
def _links(opened: Page, url: str, inside: str) -> list[list[str]]:
    """Links in sight of a page, or of its menu."""
    opened.goto(url)
    if inside == "menu":
        opened.get_by_role("button", name="Menu").tap()
    found: list[list[str]] = opened.evaluate(LINKS, [INSIDE[inside], SCREENS * PHONE["height"]])
    return found


def _walk(opened: Page, front: str, way: list[Step]) -> None:
    opened.goto(front)
    for step in way:
        if step.inside == "menu":
            opened.get_by_role("button", name="Menu").tap()
        opened.locator(f'{INSIDE[step.inside]} a[href="{step.href}"]').filter(visible=True).first.tap()
        opened.wait_for_url(step.leads, timeout=10_000)
