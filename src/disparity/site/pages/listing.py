"""The pages of a site, one line each, in the order of the menu.

Addresses and anchors are a promise: people link to them (tests/site/pages/test_addresses.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from disparity.site.page import Edition, Page, Section, always
from disparity.site.pages import (
    accessibility,
    action,
    children,
    compare,
    data,
    data_quality,
    downloads,
    findings,
    finds,
    glossary,
    method,
    months,
    nation,
    over_time,
    places,
    provenance,
    searches,
    what_changed,
    why,
)


@dataclass(frozen=True)
class ForcePage:
    """A page of each force: its address in the force's folder, its name in the menu, and what makes it.

    `has_content` says whether there is anything to show of a force: a page without data is not made.
    """

    address: str
    name: str
    build: Callable[[Edition, str], Page]
    has_content: Callable[[Edition, str], bool] = always
    sections: tuple[Section, ...] = ()
    is_behind: bool = False  # behind Data and method, not in the menu


@dataclass(frozen=True)
class SitePage:
    """A page that the site has once, behind Data and method."""

    address: str
    name: str
    build: Callable[[Edition], Page]
    is_behind: bool = True


FRONT, HUB = "index.html", "data.html"
PAGES = (
    ForcePage(FRONT, "Findings", findings.build_page),
    ForcePage("searches.html", "Searches", searches.build_page, sections=searches.SECTIONS),
    ForcePage("finds.html", "Finds", finds.build_page, sections=finds.SECTIONS),
    ForcePage("why.html", "Why", why.build_page, sections=why.SECTIONS),
    ForcePage("compare.html", "Compare", compare.build_page, compare.has_content, compare.SECTIONS),
    ForcePage("over-time.html", "Over time", over_time.build_page, sections=over_time.SECTIONS),
    ForcePage("action.html", "Action", action.build_page, action.has_content, action.SECTIONS),
    ForcePage(HUB, "Data and method", data.build_page),
    ForcePage("children.html", "Children", children.build_page, children.has_content, is_behind=True),
    ForcePage("places.html", "Places", places.build_page, places.has_content, places.SECTIONS, is_behind=True),
    ForcePage("months.html", "Month by month", months.build_page, is_behind=True),
    ForcePage("data-quality.html", "Data quality", data_quality.build_page, is_behind=True),
    SitePage("method.html", "Method", method.build_page),
    SitePage("glossary.html", "Glossary", glossary.build_page),
    SitePage("downloads.html", "Downloads", downloads.build_page),
    SitePage("what-changed.html", "What changed", what_changed.build_page),
    SitePage("provenance.html", "Provenance", provenance.build_page),
    SitePage("accessibility.html", "Accessibility", accessibility.build_page),
)


def build_pages(edition: Edition) -> Iterator[Page]:
    """Build every page, force by force: a folder per force where there are several, and then a page of them all."""
    if len(edition.forces) > 1:
        yield nation.build_page(edition)
    for force in edition.forces:
        for page in _list_shown(edition, force):
            if isinstance(page, ForcePage):
                yield replace(page.build(edition, force), path=edition.folder(force) + page.address, force=force)
    for page in _list_shown(edition):
        if isinstance(page, SitePage):
            yield replace(page.build(edition), path=page.address)


def _list_shown(edition: Edition, force: str = "") -> list[ForcePage | SitePage]:
    """The pages, but for those that the publisher hides or that a force has nothing to show on."""
    hidden = list_hidden(edition, force)
    return [page for page in PAGES if _name(page) not in hidden]


def list_hidden_pages(edition: Edition, force: str) -> list[str]:
    """Name the pages that are not there, by their file."""
    return [*edition.settings.brand.hidden_pages, *map(_name, _list_empty(edition, force))]


def list_hidden(edition: Edition, force: str) -> list[str]:
    """Name the pages that are not there, by their file, and the parts of pages, by page and anchor.

    Nothing leads to them. Without a force, those of all.
    """
    gone = list_hidden_pages(edition, force)
    parts = [
        f"{_name(page)}#{section.anchor}"
        for page in PAGES
        if isinstance(page, ForcePage)
        for section in page.sections
        if force and (_name(page) in gone or not section.has_content(edition, force))
    ]
    return [*gone, *parts]


def list_absent(edition: Edition) -> list[str]:
    """Name the pages of the menu that no force has anything to show on, for the publisher to know."""
    hidden = edition.settings.brand.hidden_pages
    empty = [
        [page.name for page in _list_empty(edition, force) if _name(page) not in hidden] for force in edition.forces
    ]
    return [name for name in empty[0] if all(name in names for names in empty)] if empty else []


def _list_empty(edition: Edition, force: str) -> list[ForcePage]:
    if not force:
        return []
    return [page for page in PAGES if isinstance(page, ForcePage) and not page.has_content(edition, force)]


def _name(page: ForcePage | SitePage) -> str:
    return page.address.removesuffix(".html")


def list_menu(edition: Edition, page: Page) -> list[tuple[str, str, bool]]:
    """Name the pages that a page leads to, with their addresses from there and whether it is the page itself.

    What lies behind Data and method is there, too. The pages of all forces lead to no force's.
    """
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    if not force:
        return []
    folder, shown = edition.folder(force), _list_shown(edition, force)
    is_behind = page.path in [_place(each, folder) for each in PAGES if each.is_behind]
    current = folder + HUB if is_behind else page.path
    paths = [(each.name, folder + each.address) for each in shown if not each.is_behind]
    return [(name, page.root + path, path == current) for name, path in paths]


def list_same_page(edition: Edition, page: Page) -> list[tuple[str, str, bool]]:
    """From a page of one of several forces: the same page of each, or its front page where it has none.

    Gives the force's name, the address from there, and whether it is the page itself.
    """
    if not page.force or len(edition.forces) == 1:
        return []
    address = page.path.removeprefix(edition.folder(page.force))
    listed = [each for each in PAGES if isinstance(each, ForcePage) and each.address == address]

    def lead(force: str) -> str:
        has_page = all(each.has_content(edition, force) for each in listed)
        return page.root + edition.folder(force) + (address if has_page else FRONT)

    return [(edition.name_of(force), lead(force), force == page.force) for force in edition.forces]


def list_behind(edition: Edition, page: Page) -> list[tuple[str, str, bool]]:
    """Name the pages behind Data and method, with their addresses from a page and whether it is the page itself."""
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    folder = edition.folder(force) if force else ""
    shown = [each for each in _list_shown(edition, force) if each.is_behind and (force or isinstance(each, SitePage))]
    paths = [(each.name, _place(each, folder)) for each in shown]
    return [(name, page.root + path, path == page.path) for name, path in paths]


def _place(page: ForcePage | SitePage, folder: str) -> str:
    return folder + page.address if isinstance(page, ForcePage) else page.address
