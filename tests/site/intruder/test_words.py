"""The publisher's words are words in any year: no number of them is taken for a figure; of ours it is, and named."""

from datetime import date
from pathlib import Path

import pytest

from disparity.pipeline.build import build
from disparity.project.settings import read_settings
from disparity.project.words import list_words
from disparity.site.intruder.numbers import find_numbers, surround
from disparity.site.intruder.words import find_loose_words
from support.force_project import say, write_project

# A number in every text that a project file may give.
TEXTS = {
    "title": "Stop and search 2025/26: 1,172 rates",
    "publisher": "Fellshire Police, Area 51",
    "edition": "First edition, 18th June 2027",
    "next_edition": "summer 2028",
    "base_url": "https://example.org:8443/2027/ss-451/",
    "status": "Accredited by 7,213 panels",
    "contact": "01772 614444",
}
TABLES = """
[[priorities]]
force = "fellshire"
name = "Operation 71"
from = "{year}-04"
search_types = ["offensive_weapons"]
source = "Plan of 2019, page 4,312"
[[revisions]]
what = "312 reviews were added."
reason = "Ticket 99871"
[[recording_changes]]
force = "fellshire"
month = "{year}-08"
measures = ["arrest_rate"]
what = "Form 8812 replaced form 7741."
"""


def test_dates_of_any_year_are_no_numbers() -> None:
    for year in range(2026, 2036):
        for text in (f"18 June {year}", f"June {year}", f"{year}-06", f"{year}-06-18", f"Mar {year}"):
            assert find_numbers(f"published {text}, and no more") == set(), text


def test_a_number_beside_a_date_is_found() -> None:
    assert find_numbers("2,813 searches in June 2027, 41 of them on 18 June 2027") == {"2,813", "41"}


def test_what_is_found_is_named_with_its_words() -> None:
    words = list(find_loose_words("There were 15,987 searches of 12 kinds.", {"12"}))
    assert words == ["a number that is no published figure, in “There were 15,987 searches of 12 kinds.”"]
    assert surround(f"{'a ' * 100}15,987{' b' * 100}", "15,987") == f"…{'a ' * 20}15,987{' b' * 20}…"


def test_every_text_of_a_project_file_is_a_word_under_its_key(tmp_path: Path) -> None:
    text = say(TEXTS) + TABLES.format(year=2026)
    words = list_words(read_settings(write_project(tmp_path, 2026, text, searches=200, months=1)))
    assert {key: words[key] for key in TEXTS} == TEXTS
    assert words["priorities.1.name"] == "Operation 71"
    assert words["recording_changes.1.what"] == "Form 8812 replaced form 7741."
    assert not [key for key in words if key.startswith("extracts")]


@pytest.mark.slow
def test_the_day_of_publication_alone_is_no_figure(tmp_path: Path) -> None:
    """The citation gives its year, and nothing else of the project file holds it."""
    words = 'publisher = "Fellshire Police"\npublished = 2027-06-18\n'
    assert build(read_settings(write_project(tmp_path, 2026, words))).folder.is_dir()


@pytest.mark.slow
@pytest.mark.parametrize("year", [2026, 2031, 2035])
def test_a_restricted_site_in_hostile_words_is_built_in_years_to_come(tmp_path: Path, year: int) -> None:
    text = say(TEXTS) + f"\npublished = {date(year + 1, 6, 18)}\n" + TABLES.format(year=year)
    path = write_project(tmp_path, year, text)
    site = build(read_settings(path)).folder
    front = (site / "index.html").read_text(encoding="utf-8")
    assert "01772 614444" in front
    assert "Protected counts" in front
