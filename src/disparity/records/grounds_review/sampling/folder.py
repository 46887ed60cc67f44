"""The folder of a sample: its design, the records drawn, and a form for each reviewer. It stays in the force."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from disparity.project.personal_columns import RECORD_ID
from disparity.records.grounds_review.sampling.forms import prepare_rows, write_csv, write_workbook
from disparity.vocabulary.calendar import read_month
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.text import inert_text
from disparity.vocabulary.user_text import decode_user_text

DESIGN_FILE, DRAWN_FILE = "sample.toml", "sample.csv"
DRAWN_TYPES = {
    **{"stratum": pl.Int64, RECORD_ID: pl.String, "month": pl.String, "ethnic_group": pl.String},
    **{"search_type": pl.String, "weight": pl.Float64},
}
# Digits of the hash: enough to distinguish samples, with a letter in front, for a spreadsheet would round a number.
NAME_DIGITS = 12


@dataclass(frozen=True)
class Stratum:
    """Records that are alike in what the sample is stratified by: how many there are, and how many were drawn."""

    stratum: int
    ethnic_group: str
    search_type: str
    searches: int
    drawn: int


@dataclass(frozen=True)
class Design:
    """What a sample was drawn from, and how."""

    force: str
    period_from: date
    period_to: date
    seed: int
    reviewers: int
    is_blind: bool
    strata: tuple[Stratum, ...]


@dataclass(frozen=True)
class Drawn:
    """A sample as its folder holds it; `rows` are those of sample.csv, `sample` names it in every form."""

    design: Design
    sample: str
    rows: pl.DataFrame


def write_sample(folder: Path, design: Design, drawn: pl.DataFrame) -> None:
    """Write design, records and forms.

    Raises:
        RequestError: the folder holds something already: answers may be in it.
    """
    refuse_filled(folder)
    digest = _hash_ids(drawn[RECORD_ID].to_list())
    rows = prepare_rows(drawn, sample=_name(digest), is_blind=design.is_blind)
    files = {DESIGN_FILE: _describe(design, digest).encode(), DRAWN_FILE: _list_drawn(drawn)}
    for reviewer in range(1, design.reviewers + 1):
        files[f"review-{reviewer}.xlsx"] = write_workbook(rows, reviewer=reviewer)
        files[f"review-{reviewer}.csv"] = write_csv(rows, reviewer=reviewer)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def refuse_filled(folder: Path) -> None:
    """Refuse to write where something is already.

    Raises:
        RequestError: the folder holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RequestError(
            "the folder is not empty", where=str(folder), what_now="name a new folder: none is overwritten"
        )


def _hash_ids(record_ids: list[str]) -> str:
    """Of the record numbers as they are in the forms, sorted, one a line."""
    return hashlib.sha256("\n".join(sorted(map(inert_text, record_ids))).encode()).hexdigest()


def _name(digest: str) -> str:
    return f"s{digest[:NAME_DIGITS]}"


def _describe(design: Design, digest: str) -> str:
    strata = [
        f'\n[[strata]]\nstratum = {each.stratum}\nethnic_group = "{each.ethnic_group}"\n'
        f'search_type = "{each.search_type}"\nsearches = {each.searches}\ndrawn = {each.drawn}\n'
        for each in design.strata
    ]
    return (
        "# A sample for the review of recorded grounds. It stays in the force, with all files of this folder.\n"
        f'force = "{design.force}"\nfrom = "{design.period_from:%Y-%m}"\nto = "{design.period_to:%Y-%m}"\n'
        f"seed = {design.seed}\nreviewers = {design.reviewers}\nis_blind = {str(design.is_blind).lower()}\n"
        f"searches = {sum(each.searches for each in design.strata)}\n"
        f"drawn = {sum(each.drawn for each in design.strata)}\n"
        f'# SHA-256 of the record numbers drawn, sorted, one a line.\nsha256 = "{digest}"\n{"".join(strata)}'
    )


def _list_drawn(drawn: pl.DataFrame) -> bytes:
    rows = drawn.sort(RECORD_ID).select(
        "stratum",
        pl.col(RECORD_ID).map_elements(inert_text, return_dtype=pl.String),
        pl.col("month").dt.strftime("%Y-%m"),
        "ethnic_group",
        "search_type",
        "weight",
    )
    return rows.write_csv(float_precision=6).encode("utf-8")


def read_sample(folder: Path) -> Drawn:
    """Read the folder of a sample.

    Raises:
        RequestError: the folder is none. DataError: its files are not as they were written.
    """
    try:
        design_content = (folder / DESIGN_FILE).read_bytes()
        content = (folder / DRAWN_FILE).read_bytes()
    except OSError as error:
        raise RequestError(
            "this is no folder of a sample",
            where=str(folder),
            found=error.strerror or "",
            what_now="name the folder that `disparity sample` wrote",
        ) from None
    try:
        settings = tomllib.loads(decode_user_text(design_content))
        rows = pl.read_csv(content, schema=DRAWN_TYPES)
        design = _read_design(settings)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, pl.exceptions.PolarsError):
        raise _changed(folder, "not what `disparity sample` writes") from None
    digest = _hash_ids(rows[RECORD_ID].to_list())
    numbers = dict(rows["stratum"].value_counts().rows())
    if digest != settings["sha256"] or numbers != {each.stratum: each.drawn for each in design.strata if each.drawn}:
        raise _changed(folder, "other records than those drawn")
    return Drawn(design, _name(digest), rows)


def _read_design(settings: dict[str, object]) -> Design:
    strata: list[dict[str, object]] = settings["strata"]  # type: ignore[assignment]
    first, last = (read_month(str(settings[key])) for key in ("from", "to"))
    given = {name: settings[name] for name in ("force", "seed", "reviewers", "is_blind")}
    return Design(period_from=first, period_to=last, strata=tuple(Stratum(**each) for each in strata), **given)  # type: ignore[arg-type]


def _changed(folder: Path, found: str) -> DataError:
    return DataError(
        "the folder of the sample has been changed",
        where=f"{folder}/{DESIGN_FILE} and {DRAWN_FILE}",
        found=found,
        what_now="put the files back as they were written, or draw the sample again with the same seed",
    )
