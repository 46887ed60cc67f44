"""The editions of a publication: the list that each edition hands on to the next, and the Atom feed made from it."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from disparity.project.settings import Settings
from disparity.tables.previous_edition import PastEdition, Previous
from disparity.vocabulary.calendar import name_period
from disparity.vocabulary.text import join_names, legal_text, start_sentence

NONE: Mapping[str, str] = MappingProxyType({})
ATOM = "http://www.w3.org/2005/Atom"


def list_editions(
    settings: Settings, previous: Previous | None, summary: str, withdrawn: Mapping[str, str] = NONE
) -> tuple[PastEdition, ...]:
    """List this edition and those that the edition before knows of, the latest first.

    An edition that is built again takes its own place: its name and day are the same. What an edition said was
    corrected is handed on with it: a reader of any later one has to find it.

    Args:
        withdrawn: id → why, of the editions that the ledger says were withdrawn.
    """
    this = PastEdition(
        id=_identify(settings),
        edition=settings.edition,
        published=settings.published,
        title=settings.title,
        period_from=settings.first_month,
        period_to=settings.last_month,
        address=settings.base_url,
        summary=summary,
        revisions=tuple(each.text for each in settings.revisions if each.is_of(settings.edition)),
    )
    earlier = [
        each.model_copy(update={"withdrawn": withdrawn.get(each.id, each.withdrawn)})
        for each in (previous.editions if previous else ())
        if each.id != this.id
    ]
    return (this, *sorted(earlier, key=lambda each: (str(each.published or ""), each.id), reverse=True))


def _identify(settings: Settings) -> str:
    """A name for good, of what the project file says alone: a tag URI (RFC 4151), or a UUID without an address."""
    host, day = urlsplit(settings.base_url).hostname, settings.published
    name = uuid5(NAMESPACE_URL, "|".join([settings.publisher, settings.title, settings.edition, str(day)]))
    return f"tag:{host},{day}:{name}" if host and day else f"urn:uuid:{name}"


def write_editions(editions: Sequence[PastEdition]) -> str:
    """The list as JSON, for the next edition to read."""
    listed = [
        each.model_dump(mode="json")
        | {"period_from": f"{each.period_from:%Y-%m}", "period_to": f"{each.period_to:%Y-%m}"}
        for each in editions
    ]
    return json.dumps({"editions": listed}, indent=1, ensure_ascii=False) + "\n"


def write_feed(settings: Settings, editions: Sequence[PastEdition], records: Sequence[str] = ()) -> str:
    """The editions that have a day, as an Atom feed (RFC 4287); nothing where none has: a feed says when.

    Nor is there one where the site's address is not known: a reader of feeds has no page that a link could be beside.

    Args:
        records: whose they are.
    """
    dated = [each for each in editions if each.published]
    if not dated or not settings.base_url:
        return ""
    first = min(dated, key=lambda each: (str(each.published), each.id))
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en-GB"})
    _add(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, first.id)}")
    _add(feed, "title", settings.title)
    if records:
        told = "invented" if settings.is_synthetic else join_names(records)
        _add(feed, "subtitle", f"Records: {told}.")
    _add(feed, "updated", f"{max(str(each.published) for each in dated)}T00:00:00Z")
    _add(ET.SubElement(feed, "author"), "name", settings.publisher or settings.title)
    ET.SubElement(feed, "link", rel="self", href=f"{settings.base_url}feed.xml")
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{settings.base_url}index.html")
    for each in dated:
        _add_entry(feed, each)
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _add_entry(feed: ET.Element, edition: PastEdition) -> None:
    entry = ET.SubElement(feed, "entry")
    period = start_sentence(name_period(edition.period_from, edition.period_to))
    _add(entry, "id", edition.id)
    _add(entry, "title", ", ".join(part for part in (edition.edition or edition.title, period) if part))
    for when in ("published", "updated"):
        _add(entry, when, f"{edition.published}T00:00:00Z")
    # An edition whose address we do not know has no link: this site is another edition.
    if edition.address:
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=f"{edition.address}index.html")
    withdrawn = f"Withdrawn: {edition.withdrawn}" if edition.withdrawn else ""
    _add(entry, "content", " ".join(filter(None, (withdrawn, edition.summary, *edition.revisions))))


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = legal_text(text)
