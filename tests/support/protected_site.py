"""A restricted publication: a made-up force's own extract of a year, built once for every test that looks at it."""

import pickle
import shutil
from functools import cache, partial
from pathlib import Path

import polars as pl
from lxml import html

from disparity.pipeline.build import inspect_site, make_edition
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import Settings, read_settings
from disparity.records.expectations import PLACE, Validation
from disparity.records.grounds_review.reviewing.folder import write_review
from disparity.records.grounds_review.reviewing.settle import settle
from disparity.records.grounds_review.reviewing.shares import measure_review
from disparity.records.grounds_review.sampling.plan import Request
from disparity.records.grounds_review.sampling.records import list_searches
from disparity.records.ingest import Ingested, read_records
from disparity.site.folder import lock_site
from disparity.site.pages.listing import build_pages
from disparity.site.rendering.svg import SPEC
from disparity.site.writing import write_site
from disparity.sources.extract.proposal import propose_mapping
from disparity.synthetic.write import write_synthetic
from support import example
from support.processor import shared
from support.reviewing import draw, finished

FORCE = "fellshire"
PROJECT = """\
from = "2023-04"
to = "2024-03"
population = "population.csv"
grounds_review = "review"
[[priorities]]
force = "fellshire"
name = "Weapons and possession"
from = "2023-04"
search_types = ["offensive_weapons", "drugs_possession"]
source = "A made plan"
[names]
fellshire = "Fellshire Police"
"""


@cache
def home() -> Path:
    """A project of an extract of about 16,000 searches."""
    return example.once("restricted", _write_project)


def _write_project(folder: Path) -> None:
    write_synthetic(folder, seed=5, searches=16_000, forces=1, months=12)
    extract = folder / "extract" / f"{FORCE}-extract.csv"
    (folder / "disparity.toml").write_text(PROJECT + propose_mapping(extract, force=FORCE), encoding="utf-8")
    _review(folder)


def _review(folder: Path) -> None:
    """A finished review by two, of 600 records drawn without strata: one in six is weak, on few of them they differ."""
    searches = list_searches(read_settings(folder / "disparity.toml", {}), FORCE)
    drawn = draw(folder / "sample", searches.rows, Request(size=600), reviewers=2)
    numbers = drawn.rows["record_id"].to_list()
    weak = dict.fromkeys(numbers[::6], ("no", "place_or_time"))
    other = weak | dict.fromkeys(list(weak)[::10], ("yes", ""))
    answers = finished(drawn, *(dict.fromkeys(numbers, ("yes", "")) | given for given in (weak, other)))
    table = measure_review(settle(answers, drawn), drawn.design, reviewers=2)
    write_review(folder / "review", table, drawn, reviewers=2, reviewed_on="")


def settings(**settings: object) -> Settings:
    """The restricted publication; what is given here is taken instead."""
    return read_settings(home() / "disparity.toml", settings)


@shared
def _made() -> tuple[Ingested, dict[str, pl.DataFrame]]:
    return pickle.loads((example.once("restricted-made", _make) / "made").read_bytes())  # noqa: S301  our own


def _make(folder: Path) -> None:
    """Read and tabulate it once for all processes of the test run; one expectation is not met."""
    made = read_records(settings())
    results = example.validation().results.with_columns(pl.lit(True).alias("is_met"), pl.col("where").list.head(0))
    place = [{"force": FORCE, "month": "2023-05", "observed": "0.4"}]
    first = pl.int_range(pl.len()) == 0
    results = results.with_columns(
        is_met=~first, where=pl.when(first).then(pl.lit(place, pl.List(PLACE))).otherwise("where")
    )
    (folder / "made").write_bytes(pickle.dumps((made, tabulate(settings(), made, Validation(results)))))


def ingested() -> Ingested:
    """Its counts and audit."""
    return _made()[0]


def frames() -> dict[str, pl.DataFrame]:
    """Its published tables."""
    return _made()[1]


@cache
def site() -> Path:
    """Its site as it is published, let through by the intruder's look at it."""
    example.once("restricted-site", lambda _folder: write(settings()))
    return settings().out


@shared
def pages() -> dict[str, html.HtmlElement]:
    """The pages of its site, parsed, by their path in it."""
    return example.read_pages(site())


def write(asked: Settings) -> None:
    """Write the site as `publish` does."""
    asked = asked.model_copy(update={"is_final": True})
    edition = make_edition(asked, ingested().forces, frames())
    inspect = partial(inspect_site, edition, frames(), None)
    with lock_site(asked.out):
        write_site(edition, build_pages(edition), frames(), inspect=inspect)


def copy(to: Path, page: str) -> Path:
    """A copy of the tables, of one page and of what its charts are drawn from, to plant something in."""
    folder = Path(shutil.copytree(site() / "data", to / "planted" / "data")).parent
    shutil.copyfile(site() / page, folder / page)
    (folder / "charts").mkdir()
    text = (folder / page).read_text(encoding="utf-8")
    for spec in (site() / "charts").glob(f"*{SPEC}"):
        if f'id="fig-{spec.name.removesuffix(SPEC)}"' in text:
            shutil.copyfile(spec, folder / "charts" / spec.name)
    return folder
