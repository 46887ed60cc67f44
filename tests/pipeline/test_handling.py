"""From an extract that tells how searches were carried out to its sites: what is shown, and what never is."""

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from disparity.pipeline.build import build, make_pack
from disparity.pipeline.submissions import count
from disparity.project.settings import read_settings
from disparity.sources.extract import rows as reading
from disparity.sources.extract.repeats import hash_persons
from support import example
from support.handling import FORCE, make_rows, write_project

ROWS = make_rows(3_000)
SALT = b"a salt that a test knows"
INTERNAL = '[disclosure]\nprofile = "internal"'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an internal site, a part, a folder of counts that is used again, and a pack."""
    folder = tmp_path_factory.mktemp("handling")
    settings = read_settings(write_project(folder, ROWS, f'out = "site"\nreuse = "reuse"\n{INTERNAL}'))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading.secrets, "token_bytes", lambda: SALT)
        build(settings)
        count(settings, folder / "part")
        make_pack(settings, folder / "pack")
    return folder


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("protected")
    return build(read_settings(write_project(folder, ROWS, 'out = "site"'))).folder


def read_texts(content: bytes, name: str) -> Iterator[str]:
    """All that a file holds, unpacked."""
    if name.endswith((".ods", ".zip", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from read_texts(archive.read(member), member)
    elif name.endswith(".parquet"):
        yield pl.read_parquet(content).write_csv()
    else:
        yield content.decode("utf-8", errors="replace")


@pytest.mark.slow
def test_no_file_that_is_written_holds_a_key_of_a_person_or_its_hash(project: Path) -> None:
    keys = {row["Nominal ref"] for row in ROWS}
    hashes = {hashlib.blake2b(key.lower().encode(), key=SALT, digest_size=16).hexdigest() for key in keys}
    assert set(hash_persons(pl.Series([*keys]), SALT)) == hashes  # it is these that are looked for
    files = [path for path in project.rglob("*") if path.is_file() and path.name != "extract.csv"]
    assert {path.relative_to(project).parts[0] for path in files} >= {"site", "part", "reuse", "pack", "disparity.toml"}
    for path in files:
        for text in read_texts(path.read_bytes(), path.name):
            assert "NOM-" not in text, path
            assert SALT.decode() not in text, path
            assert not [hashed for hashed in hashes if hashed in text], path


def read_breakdown(site: Path, measure: str) -> dict[str, str]:
    rows = example.read_table(site, "breakdowns")
    (row,) = [row for row in rows if row["measure"] == measure and row["ethnic_group"] == "All"]
    return row


@pytest.mark.slow
def test_an_internal_site_tells_how_many_were_searched_before(project: Path) -> None:
    searched = Counter(row["Nominal ref"] for row in ROWS)
    site = project / "site"
    before, often = (read_breakdown(site, f"{name}_share") for name in ("repeat_search", "searched_five_times"))
    assert (int(before["numerator"]), int(before["denominator"])) == (len(ROWS) - len(searched), len(ROWS))
    assert int(often["numerator"]) == sum(number >= 5 for number in searched.values())
    page = example.read_pages(site)["finds.html"]
    words = " ".join(page.xpath("string(//section[@aria-labelledby='force-used'])").split())
    assert "Were people searched more than once?" in words
    told = [row for row in ROWS if row["Force used"]]
    used = sum(row["Force used"] == "true" for row in told)
    assert f"Force was used in {used / len(told):.1%} of searches." in words
    assert "was higher for the Black group than for the White group" in words
    table = page.xpath("//table[caption[starts-with(normalize-space(), 'What if?')]]")
    (black,) = [row for row in table[0].xpath(".//tbody/tr") if "Black" in row.text_content()]
    shown = [float(cell.text.replace("+", "").replace("\u2212", "-")) for cell in black.xpath(".//data")]
    shares = {
        group: np.mean([row["Force used"] == "true" for row in told if row["SDE"].startswith(group)]) for group in "BW"
    }
    assert shown == pytest.approx([100 * (shares["B"] - part * shares["W"]) for part in (1, 0.9, 0.75, 0.5)], abs=0.06)
    cuffed = sum(row["Type of force"] == "handcuffs" for row in ROWS)
    # Force of which no kind is told is not recorded; no force is a kind.
    of = sum(row["Force used"] == "false" or row["Type of force"] != "" for row in ROWS)
    (kind,) = [
        row
        for row in example.read_table(site, "breakdowns")
        if row["category"] == "handcuffs" and row["ethnic_group"] == row["search_type"] == "All"
    ]
    assert (int(kind["numerator"]), int(kind["denominator"])) == (cuffed, of)


@pytest.mark.slow
def test_the_pack_of_a_panel_says_what_else_happened(project: Path) -> None:
    words = " ".join((project / "pack" / f"{FORCE}.html").read_text(encoding="utf-8").split())
    assert "<h2>What else happened?</h2>" in words
    assert "Handcuffed" in words


@pytest.mark.slow
def test_a_restricted_site_has_nothing_of_it_and_says_that_it_is_not_published(protected: Path) -> None:
    assert not [row for row in example.read_table(protected, "estimates") if "force_used" in row["measure"]]
    assert not [row for row in example.read_table(protected, "breakdowns") if row["breakdown"] == "person"]
    assert not [row for row in example.read_table(protected, "reasons") if row["analysis"] == "force_given_search"]
    pages = example.read_pages(protected)
    assert not pages["finds.html"].xpath("//*[@id='force-used']")
    said = " ".join(pages["data.html"].xpath("string(//*[@id='no-handling']/..)").split())
    assert "Was force used, and was the search filmed?" in said
    assert "Not published." in " ".join(pages["data.html"].text_content().split())
