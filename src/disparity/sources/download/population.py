"""Residents by ethnic group out of the census, from Nomis, by police force or by the local authorities in it."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from disparity.sources.download.one import fetch_one
from disparity.sources.download.order import Terms
from disparity.sources.download.report import Report
from disparity.sources.download.store import Entry, Part, Store, keep, keep_new, open_store
from disparity.sources.download.web import Answer, Web, ask, day_of, open_web
from disparity.vocabulary.codes import ETHNIC_GROUPS, read_reference
from disparity.vocabulary.errors import DataError
from disparity.vocabulary.json_text import read_json

NOMIS = "https://www.nomisweb.co.uk/api/v01/dataset"
# Local authorities of the census, with their police force areas: ONS, December 2022, the last before some were merged.
LOOKUP = (
    "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services/LAD22_CSP22_PFA22_EW_LU/FeatureServer/0/query"
)
LOOKUP_QUERY = {
    "where": "1=1",
    "outFields": "LAD22CD,LAD22NM,PFA22CD",
    "returnGeometry": "false",
    "resultRecordCount": "1000",
    "orderByFields": "LAD22CD",
    "f": "json",
}
# Nomis gives no more rows at once without a key, and says nothing of those it leaves out.
ROWS_AT_ONCE = 25_000
AREAS_AT_ONCE = 20
COUNTS = 20100
# TS021 and RM032 number their labels differently; how labels begin is the same in both.
GROUP_OF_LABEL = {
    "White:": "White",
    "Black,": "Black",
    "Asian,": "Asian",
    "Mixed or Multiple ethnic groups:": "Mixed",
    "Other ethnic group:": "Other",
}
LABELS = 19
# RM032; its codes have a dash in front.
AGES = {"1": "under 25", "2": "25-34", "3": "35-49", "4": "50-64", "5": "65 and over"}
SEXES = {"1": "Female", "2": "Male"}
BY_FORCE, BY_LOCAL_AUTHORITY, BY_AGE_AND_SEX = "force", "local-authority", "force-age-sex"
PART_COLUMNS = {BY_FORCE: (), BY_LOCAL_AUTHORITY: ("area",), BY_AGE_AND_SEX: ("census_age_group", "sex")}


class _Table(NamedTuple):
    """A table of Nomis: its address, what is asked of it, the columns that name a cell, and cells of each area."""

    name: str
    dataset: str
    query: dict[str, str]
    keys: tuple[str, ...]
    cells: int


TS021 = _Table("TS021", "NM_2041_1", {"c2021_eth_20": f"1...{LABELS}"}, ("GEOGRAPHY_CODE", "C2021_ETH_20_NAME"), LABELS)
RM032 = _Table(
    "RM032",
    "NM_2132_1",
    {"c2021_eth_20": f"1...{LABELS}", "c2021_age_6": "1...5", "c_sex": "1,2"},
    ("GEOGRAPHY_CODE", "C2021_ETH_20_NAME", "C2021_AGE_6_CODE", "C_SEX_CODE"),
    LABELS * len(AGES) * len(SEXES),
)


class _Area(NamedTuple):
    code: str
    name: str
    force: str


Cells = dict[tuple[str, ...], int]


def fetch_population(out: Path, by: str, terms: Terms) -> Report:
    """Download residents of Census 2021 into `out`, written as `docs/population.md` says.

    Args:
        by: "force", or "local-authority" for the areas of a force, or "force-age-sex" in the census's own bands.

    Raises:
        RequestError: a host or the disk fails.
        DataError: cells are left out, or the tables are not what they were.
    """
    with open_store(out) as store:
        return fetch_one(store, f"census-2021-{by}.csv", terms, lambda: _fetch(store, by, terms))


def _fetch(store: Store, by: str, terms: Terms) -> Entry:
    table = RM032 if by == BY_AGE_AND_SEX else TS021
    with open_web(terms.base_url) as web:
        answers = [_ask(web, LOOKUP, LOOKUP_QUERY)]
        areas = _read_lookup(answers[0])
        cells: Cells = {}
        for start in range(0, len(areas), AREAS_AT_ONCE):
            for page in _ask_pages(web, table, areas[start : start + AREAS_AT_ONCE]):
                answers.append(page)
                _add_cells(cells, page, table)
            terms.say(f"{table.name}: {min(start + AREAS_AT_ONCE, len(areas))} of {len(areas)} local authorities")
    _check_cells(cells, table, areas)
    parts = tuple(Part(answer.address, keep(store, answer.content)) for answer in answers)
    return replace(
        keep_new(store, _write(cells, areas, by)),
        address=parts[-1].address.partition("?")[0],
        on=max(day_of(answer.headers) for answer in answers),
        checked="every cell of every local authority",
        made_from=parts,
    )


def _ask(web: Web, address: str, query: dict[str, str]) -> Answer:
    return ask(web, f"{address}?{urlencode(query, safe=',*=')}", "a table")


def _read_lookup(answer: Answer) -> list[_Area]:
    forces = {row["force_code"]: row["force"] for row in read_reference("forces") if row["force_code"]}
    try:
        given = read_json(answer.content)
        rows = [feature["attributes"] for feature in given["features"]]
        areas = {row["LAD22CD"]: _Area(row["LAD22CD"], row["LAD22NM"], forces[row["PFA22CD"]]) for row in rows}
    except (ValueError, KeyError, TypeError):
        raise _unlike(answer.address, "no list of local authorities with their police force areas") from None
    if given.get("exceededTransferLimit") or not areas:
        raise _unlike(answer.address, f"{len(areas)} local authorities, and not all of them")
    return [areas[code] for code in sorted(areas)]


def _unlike(address: str, found: str) -> DataError:
    return DataError(
        "the publisher's answer is not what it was",
        where=address,
        found=found,
        what_now="run again later; `disparity build` has the censuses by force and needs no file",
    )


def _ask_pages(web: Web, table: _Table, areas: list[_Area]) -> Iterator[Answer]:
    """Ask until a page is empty or short: rows beyond the limit are left out without a word."""
    offset = 0
    while True:
        query = {"geography": ",".join(area.code for area in areas), **table.query, "measures": str(COUNTS)}
        page = {"recordlimit": str(ROWS_AT_ONCE)} | ({"recordoffset": str(offset)} if offset else {})
        answer = _ask(web, f"{NOMIS}/{table.dataset}.data.csv", query | page)
        yield answer
        rows = len(_read_rows(answer))
        offset += rows
        if not rows or offset >= len(areas) * table.cells:
            return


def _read_rows(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig", "replace"))))


def _add_cells(cells: Cells, answer: Answer, table: _Table) -> None:
    for row in _read_rows(answer):
        try:
            key = tuple(row[column] for column in table.keys)
            value = int(row["OBS_VALUE"])
        except (KeyError, ValueError, TypeError):
            raise _unlike(answer.address, f"a row without {', '.join((*table.keys, 'OBS_VALUE'))}") from None
        if cells.setdefault(key, value) != value:
            raise _unlike(answer.address, f"two values for {', '.join(key)}")


def _check_cells(cells: Cells, table: _Table, areas: list[_Area]) -> None:
    held = Counter(key[0] for key in cells)
    lacking = [area for area in areas if held[area.code] != table.cells]
    if lacking or len(held) != len(areas):
        raise DataError(
            f"{table.name} is not complete",
            where=f"{NOMIS}/{table.dataset}.data.csv",
            found=f"{len(lacking)} of {len(areas)} local authorities have not {table.cells} cells",
            what_now="run again later: rates by half of the residents would be wrong",
        )


def _write(cells: Cells, areas: list[_Area], by: str) -> bytes:
    places = {area.code: area for area in areas}
    sums: Counter[tuple[str, ...]] = Counter()
    for (code, label, *rest), value in cells.items():
        sums[(places[code].force, _group(label), *_part(by, places[code], rest))] += value
    order = {group: place for place, group in enumerate(ETHNIC_GROUPS)}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["force", "ethnic_group", *PART_COLUMNS[by], "population"])
    writer.writerows([*key, sums[key]] for key in sorted(sums, key=lambda key: (key[0], key[2:], order[key[1]])))
    return text.getvalue().encode()


def _group(label: str) -> str:
    group = next((group for start, group in GROUP_OF_LABEL.items() if label.startswith(start)), "")
    if not group:
        raise _unlike(NOMIS, f"an ethnic group named {label!r}")
    return group


def _part(by: str, area: _Area, rest: list[str]) -> tuple[str, ...]:
    if by == BY_LOCAL_AUTHORITY:
        return (area.name,)
    if by != BY_AGE_AND_SEX:
        return ()
    age, sex = (code.removeprefix("_") for code in rest)
    if age not in AGES or sex not in SEXES:
        raise _unlike(NOMIS, f"an age or sex with the code {', '.join(rest)}")
    return AGES[age], SEXES[sex]
