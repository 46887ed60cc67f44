"""The Home Office's open data tables: the sheet of the newest year, found on its page at GOV.UK."""

import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from disparity.sources.download.one import fetch_one
from disparity.sources.download.order import Terms, check_address
from disparity.sources.download.report import Report
from disparity.sources.download.store import UNKNOWN, Entry, Store, open_store, path_of
from disparity.sources.download.web import Web, locate, open_web, read
from disparity.sources.download.whole import fetch_whole
from disparity.vocabulary.errors import DataError, RequestError

# Published on 6 November 2025; the next edition has a page of its own.
PAGE = "https://www.gov.uk/government/statistics/stop-and-search-arrests-and-mental-health-detentions-march-2025"
TABLES = re.compile(r"""href=["']([^"']*/stop-search-open-data-tables-[^"'/]*\.ods)["']""")
# An ODS is a zip archive.
START = b"PK\x03\x04"


def fetch_open_data(out: Path, address: str, terms: Terms) -> Report:
    """Download the tables into `out`.

    Args:
        address: of the tables (.ods), or of a page with a link to them; "" for the page of the newest edition known.

    Raises:
        RequestError: a host or the disk fails, or there is nothing at the address.
        DataError: the page has no link to the tables, or they are not what they should be.
    """
    if address:
        check_address(address)
    with open_store(out) as store, open_web(terms.base_url) as web:
        asked = address or locate(web, PAGE)
        if not urlsplit(asked).path.endswith(".ods"):
            page = read(web, asked)
            asked = _find_tables(page.content.decode("utf-8", "replace"), page.address)
        name = _read_name(asked)
        terms.say(f"the tables are {name}")
        return fetch_one(store, name, terms, lambda: _fetch(web, store, asked))


def _fetch(web: Web, store: Store, address: str) -> Entry:
    download = fetch_whole(web, store, address, md5="", expected="the tables")
    with path_of(store, download.sha256).open("rb") as file:
        if file.read(len(START)) != START:
            raise DataError("the tables are no spreadsheet (ODS)", where=address, what_now="check the address")
    return replace(
        UNKNOWN,
        address=address,
        on=download.on,
        size=download.size,
        sha256=download.sha256,
        etag=download.validator,
    )


def _find_tables(page: str, address: str) -> str:
    links: list[str] = sorted({urljoin(address, link) for link in TABLES.findall(page)})
    if len(links) != 1:
        raise DataError(
            "the page does not lead to the tables",
            where=address,
            found=f"{len(links)} links to stop-search-open-data-tables-....ods",
            what_now="find them on GOV.UK, and give their address: --address https://….ods",
        )
    return links[0]


def _read_name(address: str) -> str:
    name: str = urlsplit(address).path.rpartition("/")[2]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.ods", name):
        raise RequestError("the address does not end in the name of a file", where=address, what_now="check it")
    return name
