"""The templates of pages, filled."""

import re
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from disparity import __version__
from disparity.project.layers import read_file
from disparity.project.settings import Settings
from disparity.site.embed import list_embeds
from disparity.site.findings.evidence import Finding
from disparity.site.metadata import find_address, name_page
from disparity.site.page import Edition, Page
from disparity.site.pages.listing import PAGES, list_behind, list_hidden, list_menu, list_same_page
from disparity.site.published_figures import Figure
from disparity.site.rendering.svg import Drawing, Sketch
from disparity.site.template_words import GLOBALS
from disparity.tables.datapackage import cite
from disparity.vocabulary.calendar import name_day, name_period
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.text import join_names, start_sentence

# What a page may load: its own files and nothing else, no inline script or style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)
HEAD, BODY = re.compile(r"<head\b[^>]*>\n?"), re.compile(r"<body\b[^>]*>\n?")
HEADING = re.compile(r'<h2 id="([\w-]+)">(.*?)</h2>')


def render(environment: jinja2.Environment, edition: Edition, page: Page, drawings: Mapping[Sketch, Drawing]) -> str:
    """Fill the page's template.

    Raises:
        RequestError: it cannot be filled; a project's own copy may be of another version.
    """
    shared = _share(edition, page) | {"drawings": drawings}
    try:
        parts = {
            anchor: Markup(environment.get_template(part.template).render(shared | part.context))  # noqa: S704  escaped
            for anchor, part in page.parts.items()
        }
        filled = environment.get_template(page.template).render(shared | {"parts": parts} | page.context)
    except Exception as error:  # what a template asks for can fail in any way
        place = _find_place(error)
        own = edition.settings.list_own_templates()
        if not isinstance(error, jinja2.TemplateError) and not (place and own):
            raise
        raise _name_template(own, place or page.template, error) from error
    return _mark(filled, edition.settings)


def _mark(page: str, settings: Settings) -> str:
    """Say above all else that a page is not, or not yet, for the public: no template of a project can leave it out."""
    if not settings.marking:
        return page
    kind = "marking internal" if settings.is_internal else "marking"
    said = f'<aside class="{kind}" aria-label="Status"><strong class="wrap">{settings.marking}</strong></aside>\n'
    away = '<meta name="robots" content="noindex">\n'
    marked = BODY.sub(
        lambda body: f"{body[0]}{said}", HEAD.sub(lambda head: f"{head[0]}{away}", page, count=1), count=1
    )
    return marked if said in marked else said + marked


def load_templates(settings: Settings) -> jinja2.Environment:
    """Load the templates: the project's own, else the package's.

    Raises:
        RequestError: the project's folder is not there, or a file of it cannot be read.
    """
    files = settings.list_templates()

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        path = files.get(name)
        return (read_file(path), str(path), lambda: True) if path else None

    # A template may come from anybody: it fills in what it is given, and reaches nothing of this program.
    environment = SandboxedEnvironment(
        loader=jinja2.FunctionLoader(load),
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


def _find_place(error: Exception) -> str:
    """The template and line where it went wrong: jinja2 puts them into the traceback."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.filename}:{error.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def _name_template(own: dict[str, Path], place: str, error: Exception) -> RequestError:
    """Name the template, or where it is the toolkit's own those of the project that it was filled with."""
    mine = next((name for name, path in own.items() if place.startswith(f"{path}:")), "")
    found = f"there is no template {error.name!r}" if isinstance(error, jinja2.TemplateNotFound) else str(error)
    if own and not mine:
        found += f"; the project has its own {', '.join(own)}"
    name = mine or next(iter(own), "")
    return RequestError(
        "a template of the pages cannot be filled",
        where=place,
        found=found,
        what_now="it does not fit this version: delete the project's own, and the toolkit's is used, or write today's "
        f"into another folder (`disparity init --templates {name}`) and make your changes there again"
        if name
        else "this is a fault of the toolkit: report it",
    )


def list_headings(content: Markup) -> list[tuple[str, Markup]]:
    """List the headings of a page's sections, as its templates write them: id and title."""
    return [(id_, Markup(title)) for id_, title in HEADING.findall(content)]  # noqa: S704  escaped where it was written


def _name_sources(edition: Edition) -> str:
    settings = edition.settings
    own = settings.population_source or "the publisher’s own file"
    residents = own if settings.population else "Office for National Statistics"
    return f"Records: {join_names(edition.records)}. Populations: {residents}."


def _says_doubts(page: Page) -> bool:
    """Whether the page has a place of its own for what is in doubt."""
    return any(getattr(finding, "kind", "") == "in_doubt" for finding in page.context.get("findings", []))


def _is_here(page: Page, finding: Finding) -> bool:
    """Whether a finding's evidence is on the page itself."""
    return page.path.rpartition("/")[2] == finding.address.partition("#")[0]


def _share(edition: Edition, page: Page) -> dict[str, Any]:
    """What every page knows: publisher, menu, place in the site."""
    settings = edition.settings
    force = page.force or (edition.forces[0] if len(edition.forces) == 1 else "")
    menu = list_menu(edition, page)
    return {
        "page": page,
        "page_title": name_page(edition, page),
        "address": find_address(settings, page),
        "citation": cite(settings, (edition.name_of(force) if force else "", page.title), find_address(settings, page)),
        "embedded": list_embeds(page),
        "is_here": lambda finding: _is_here(page, finding),
        "settings": settings,
        "brand": settings.brand,
        "record_sources": join_names(edition.records),
        "source_line": _name_sources(edition),
        "hidden": list_hidden(edition, force),
        "period": edition.evidence[force][0].period_name if force else "",
        "period_asked": name_period(settings.first_month, settings.last_month),
        "published": name_day(settings.published) if settings.published else "",
        "next_edition": name_day(settings.next_edition),
        "has_feed": bool(settings.base_url) and any(each.published for each in edition.history),
        "force_name": edition.name_of(force) if force else "",
        "is_one_of_several": len(edition.forces) > 1,
        "menu": menu,
        "same_page": list_same_page(edition, page),
        "page_names": {listed.address: listed.name for listed in PAGES},
        "behind_hub": list_behind(edition, page),
        "root": page.root,
        "policy": POLICY,
        "caveats": edition.caveats,
        "doubts": edition.findings_of(force, "in_doubt") if page.force and not _says_doubts(page) else [],
        "protection": edition.protection,
        "own": edition.own_counts,
        "version": __version__,
    }
