"""The portal's archives: which there are, the months each holds, and the newest that holds a month.

Each archive is a snapshot of three years, made anew every month (older ones hold all there was), so that most months
are in 36 of them. The newest has what forces have corrected since.
"""

import re
from datetime import date
from typing import NamedTuple
from urllib.parse import urljoin

from disparity.sources.download.web import Web, locate, read
from disparity.vocabulary.calendar import MONTH_NAMES
from disparity.vocabulary.errors import DataError, RequestError

INDEX = "https://data.police.uk/data/archive/"
ARCHIVE_LINK = re.compile(r"""href=["']([^"']*?([0-9]{4}-(?:0[1-9]|1[0-2]))\.zip)["']""")
SHORT_NAMES = [name[:3] for name in MONTH_NAMES]
SPAN = re.compile(rf"({'|'.join(SHORT_NAMES)})[a-z]* ([0-9]{{4}}) to ({'|'.join(SHORT_NAMES)})[a-z]* ([0-9]{{4}})")
# One entry of the portal's list has something longer: no MD5, and not taken for one.
MD5 = re.compile(r"(?<![0-9a-f-])[0-9a-f]{32}(?![0-9a-f-])")
TAG = re.compile(r"<[^>]*>")


class Snapshot(NamedTuple):
    """One archive: its month, first and last month in it, address, and MD5 as published ("": none)."""

    name: str
    first: date
    last: date
    address: str
    md5: str


def read_index(web: Web) -> list[Snapshot]:
    """Give the archives the portal lists, the newest first.

    Raises:
        DataError: the list is not what it was.
    """
    answer = read(web, locate(web, INDEX))
    page = answer.content.decode("utf-8", "replace")
    links = list(ARCHIVE_LINK.finditer(page))
    ends = [link.start() for link in links[1:]] + [len(page)]
    found: dict[str, Snapshot] = {}
    for link, end in zip(links, ends, strict=True):
        text = TAG.sub(" ", page[link.end() : end])
        span, md5 = SPAN.search(text), MD5.search(text)
        if span and link[2] not in found:
            first, last = _month(span[1], span[2]), _month(span[3], span[4])
            found[link[2]] = Snapshot(link[2], first, last, urljoin(answer.address, link[1]), md5[0] if md5 else "")
    if not found:
        raise DataError(
            "the list of archives is not what it was",
            where=answer.address,
            found=f"{len(links)} links to archives, none with the months it holds",
            what_now="download the archive in a browser, or use --source api for recent months",
        )
    return sorted(found.values(), reverse=True)


def _month(name: str, year: str) -> date:
    return date(int(year), SHORT_NAMES.index(name) + 1, 1)


def choose_snapshots(snapshots: list[Snapshot], months: tuple[date, ...]) -> dict[Snapshot, list[date]]:
    """Give each archive that is needed, with the months to take from it: of each month, the newest there is.

    Raises:
        RequestError: no archive holds a month.
    """
    chosen: dict[Snapshot, list[date]] = {}
    for month in months:
        holding = [snapshot for snapshot in snapshots if snapshot.first <= month <= snapshot.last]
        if not holding:
            newest = max(snapshot.last for snapshot in snapshots)
            raise RequestError(
                f"no archive holds {month:%Y-%m}",
                where=INDEX,
                found=f"the newest month published is {newest:%Y-%m}",
                what_now="ask for months that are published; the portal is about two months behind",
            )
        chosen.setdefault(max(holding), []).append(month)
    return chosen
