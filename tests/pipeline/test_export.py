"""An export: what an analyst would make in a notebook, as files; a note says whether they may be published."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.disclosure.profiles import Profile
from disparity.pipeline.export import FORMATS, NOTE_FILE, OPEN, RESTRICTED, TABLES, export, list_frames, write_note
from disparity.pipeline.notebook import gather_records
from disparity.project.manifest import MANIFEST_FILE
from disparity.project.settings import make_settings
from disparity.vocabulary.errors import RequestError
from support import example, protected_site
from support.builders import monthly_text, write_monthly

MONTHS = {"first": "2024-10", "last": "2025-03"}


@pytest.fixture(scope="module")
def frames():
    return list_frames(gather_records(example.months(**MONTHS)))


@pytest.fixture
def few(tmp_path):
    """Settings of one small file."""
    write_monthly(tmp_path / "in", monthly_text([{}, {"outcome": "=cmd|' /C calc'!A1"}]))
    given = {"records": [tmp_path / "in"], "from": "2019-04", "to": "2019-04", "out": tmp_path / "site"}
    return make_settings(given, where="a test")


@pytest.mark.slow
def test_parquet_holds_every_table_as_it_is_made(frames, tmp_path):
    note = export(example.months(**MONTHS), tmp_path / "out", "parquet")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *(NOTE_FILE, MANIFEST_FILE),
        *(f"{name}.parquet" for name in TABLES),
    }
    assert tuple(frames) == TABLES
    for name, frame in frames.items():
        assert_frame_equal(pl.read_parquet(tmp_path / "out" / f"{name}.parquet"), frame)
    assert (tmp_path / "out" / NOTE_FILE).read_text(encoding="utf-8") == note


def test_csv_holds_every_row_and_no_formula_to_be_run(few, tmp_path):
    export(few, tmp_path / "out", "csv")
    labels = pl.read_csv(tmp_path / "out" / "labels.csv")
    assert "'=cmd|' /C calc'!A1" in labels["label"].to_list()
    assert pl.read_csv(tmp_path / "out" / "searches.csv").height == 2


@pytest.mark.slow
def test_the_note_says_first_that_a_forces_extract_is_not_for_publication(tmp_path):
    note = export(protected_site.settings(), tmp_path / "out", "parquet")
    assert note.splitlines()[:2] == [RESTRICTED, "A force’s own extract is among the records."]
    assert (tmp_path / "out" / NOTE_FILE).read_text(encoding="utf-8").startswith("Not for publication")


def test_the_note_of_public_records_says_that_they_are_exact():
    note = write_note(Profile("open", "All is public."), {"searches": pl.DataFrame({"force": ["kent"] * 1200})})
    assert note.startswith(f"{OPEN}\nAll is public.\n")
    assert note.endswith("searches:                1,200 rows\n")


def test_a_folder_that_holds_something_else_is_left_as_it_is(few, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "searches.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError, match="holds something else"):
        export(few, tmp_path / "out", "csv")
    assert example.read_files(tmp_path / "out") == {"searches.csv": b"mine"}


def test_an_export_that_somebody_put_a_file_into_is_left_as_it_is(few, tmp_path):
    export(few, tmp_path / "out", "csv")
    (tmp_path / "out" / "notes.ipynb").write_text("{}", encoding="utf-8")
    before = example.read_files(tmp_path / "out")
    with pytest.raises(RequestError) as error:
        export(few, tmp_path / "out", "csv")
    assert error.value.found == "notes.ipynb"
    assert example.read_files(tmp_path / "out") == before


@pytest.mark.slow
def test_an_export_replaces_an_export_whole(few, tmp_path):
    for kind in FORMATS:
        export(few, tmp_path / "out", kind)
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".csv", ".txt", ".sha256"}


@pytest.mark.slow
def test_a_table_that_somebody_changed_is_left_as_it_is(few, tmp_path):
    export(few, tmp_path / "out", "csv")
    (tmp_path / "out" / "estimates.csv").write_text("with my notes", encoding="utf-8")
    before = example.read_files(tmp_path / "out")
    with pytest.raises(RequestError, match="changed since") as error:
        export(few, tmp_path / "out", "csv")
    assert error.value.found == "estimates.csv"
    assert example.read_files(tmp_path / "out") == before
