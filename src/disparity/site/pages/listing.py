"""The pages of a site, one line each, in the order of the menu."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from disparity.site.pages import (
    action,
    annual_statement,
    areas,
    data_quality,
    downloads,
    drugs,
    explore,
    find_rates,
    glossary,
    grounds_review,
    index,
    method,
    origins,
    over_time,
    overview,
    priorities,
    provenance,
    search_rates,
    similar_forces,
    what_changed,
    why,
)
from disparity.site.pages.page import Edition, Page


@dataclass(frozen=True)
class ForcePage:
    """A page of each force: its address in the force's folder, its name in the menu, and what makes it.

    `has_content` says whether there is anything to show of a force: a page without data is not made.
    """

    address: str
    name: str
    build: Callable[[Edition, str], Page]
    has_content: Callable[[Edition, str], bool] = lambda _edition, _force: True


@dataclass(frozen=True)
class SitePage:
    """A page that the site has once; the menu has it after those of the force."""

    address: str
    name: str
    build: Callable[[Edition], Page]


PAGES = (
    ForcePage("index.html", "Overview", overview.build_page),
    ForcePage("search-rates.html", "Search rates", search_rates.build_page),
    ForcePage("find-rates.html", "Find rates", find_rates.build_page),
    ForcePage("drugs.html", "Drugs", drugs.build_page),
    ForcePage("origins.html", "Search origin", origins.build_page, origins.has_content),
    ForcePage("priorities.html", "Priorities", priorities.build_page, priorities.has_content),
    ForcePage("why.html", "Why", why.build_page),
    ForcePage("areas.html", "Areas", areas.build_page, areas.has_content),
    ForcePage("similar-forces.html", "Similar forces", similar_forces.build_page, similar_forces.has_content),
    ForcePage("grounds.html", "Grounds", grounds_review.build_page, grounds_review.has_content),
    ForcePage("over-time.html", "Over time", over_time.build_page),
    ForcePage("action.html", "Action", action.build_page),
    ForcePage("statement.html", "Statement", annual_statement.build_page),
    ForcePage("explore.html", "Explore", explore.build_page),
    ForcePage("data-quality.html", "Data quality", data_quality.build_page),
    SitePage("method.html", "Method", method.build_page),
    SitePage("glossary.html", "Glossary", glossary.build_page),
    SitePage("downloads.html", "Data", downloads.build_page),
    SitePage("what-changed.html", "What changed", what_changed.build_page),
    SitePage("provenance.html", "Provenance", provenance.build_page),
)


def build_pages(edition: Edition) -> Iterator[Page]:
    """Build every page, force by force: a folder per force where there are several, and then a page of them all."""
    if len(edition.forces) > 1:
        yield index.build_page(edition)
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


def list_hidden(edition: Edition, force: str) -> list[str]:
    """Name the pages that are not there, by their file: nothing leads to them. Without a force, those of all."""
    return [*edition.settings.brand.hidden_pages, *(_name(page) for page in _list_empty(edition, force))]


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

    The page of all forces leads to no force's.
    """
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    paths = [
        (each.name, edition.folder(force) + each.address if isinstance(each, ForcePage) else each.address)
        for each in _list_shown(edition, force)
        if force or isinstance(each, SitePage)
    ]
    return [(name, page.root + path, path == page.path) for name, path in paths]
