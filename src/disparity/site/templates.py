"""The templates of pages, filled."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from disparity import __version__
from disparity.site.pages.listing import PAGES, list_menu
from disparity.site.pages.page import Edition, Page
from disparity.site.published_figures import Figure
from disparity.site.rendering.svg import Drawing, Sketch
from disparity.site.template_words import GLOBALS
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.text import start_sentence

# What a page may load: its own files and nothing else, no inline script or style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)
HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>')


def render(reports: Path, edition: Edition, page: Page, drawings: Mapping[Sketch, Drawing]) -> str:
    """Fill the page's template.

    Raises:
        RequestError: it cannot be filled; a project's own copy may be of another version.
    """
    try:
        return (
            _environment(reports)
            .get_template(page.template)
            .render(_share(edition, page) | {"drawings": drawings} | page.context)
        )
    except jinja2.TemplateNotFound:
        raise
    except jinja2.TemplateError as error:
        raise RequestError(
            "a template of the pages cannot be filled",
            where=f"{reports / page.template}",
            found=str(error),
            what_now="compare it with what `disparity init` writes, or leave `reports` out of the project file",
        ) from error


@cache
def _environment(reports: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(reports),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["start_sentence"] = start_sentence
    environment.filters["headings"] = list_headings
    environment.globals |= GLOBALS
    environment.tests["figure"] = lambda part: isinstance(part, Figure)
    return environment


def list_headings(content: Markup) -> list[tuple[str, Markup]]:
    """List the headings of a page's sections, as its templates write them: id and title."""
    return [(id_, Markup(title)) for id_, title in HEADING.findall(content)]  # noqa: S704  escaped where it was written


def _share(edition: Edition, page: Page) -> dict[str, Any]:
    """What every page knows: publisher, menu, place in the site."""
    settings = edition.settings
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    menu = list_menu(edition, page)
    here = next((place for place, (_, _, is_here) in enumerate(menu) if is_here), None)
    return {
        "page": page,
        "settings": settings,
        "period": edition.evidence[force][0].period_name if force else "",
        "period_asked": name_period(settings.first_month, settings.last_month),
        "published": name_day(settings.published) if settings.published else "",
        "next_edition": name_day(settings.next_edition),
        "has_feed": any(each.published for each in edition.history),
        "force_name": edition.name_of(force) if force else "",
        "is_one_of_several": len(edition.forces) > 1,
        "menu": menu,
        "page_names": {listed.address: listed.name for listed in PAGES},
        "before": menu[here - 1][:2] if here else None,
        "after": menu[here + 1][:2] if here is not None and here + 1 < len(menu) else None,
        "root": page.root,
        "policy": POLICY,
        "caveats": edition.caveats,
        "protection": edition.protection,
        "version": __version__,
    }
