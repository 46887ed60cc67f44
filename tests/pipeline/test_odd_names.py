"""Files and folders whose names are no text in this machine's encoding, such as come from a machine of another."""

import os
import sys
from pathlib import Path

import pytest

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.ledger import add_edition, read_ledger
from disparity.disclosure.protect import BASE, protect_cells
from disparity.pipeline.export import FORMATS, export
from disparity.pipeline.submissions import check, count
from disparity.project.settings import read_settings
from disparity.records.partial_counts import read_part
from disparity.site.folder import lock_site
from disparity.synthetic.write import write_synthetic
from disparity.tables.provenance import list_inputs, list_settings
from disparity.vocabulary.codes import ALL
from support.force_export import make_rows, write_export, write_project
from support.plan import cells_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
ODD = os.fsdecode(b"M\xf4n")  # Latin-1, on a machine of UTF-8


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ODD).mkdir()
    return tmp_path / ODD


@pytest.mark.slow
def test_a_project_in_such_a_folder_is_read_counted_and_exported(home: Path) -> None:
    write_export(home / "export.csv", make_rows(["2026-04"]))
    settings = read_settings(write_project(home))
    assert check(settings).results.height
    assert read_part(count(settings, home / "part")).counts.cells.height
    for kind in FORMATS:
        export(settings, home / kind, kind)
        assert (home / kind / f"estimates.{kind}").stat().st_size


def test_a_site_and_its_ledger_may_lie_there(home: Path) -> None:
    with lock_site(home / "site"):
        pass
    edition = ProtectedCounts(protect_cells(cells_of((ALL, ALL, "searches", 40)), BASE), BASE)
    add_edition(home / "ledger.parquet", edition, title="The first", published=None)
    assert len(read_ledger(home / "ledger.parquet")) == 1


def test_invented_records_are_written_there(home: Path) -> None:
    write_synthetic(home, seed=1, searches=20, forces=1, months=1)
    assert list(home.glob("extract/*.csv"))


def test_a_file_of_such_a_name_is_read_and_its_name_is_shown_in_plain_letters(tmp_path: Path) -> None:
    people = tmp_path / f"{ODD}.csv"
    people.write_text("force,ethnic_group,population\nlancashire,White,10\n", encoding="utf-8")
    write_export(tmp_path / f"export {ODD}.csv", make_rows(["2026-04"]))
    settings = read_settings(write_project(tmp_path, file='"export*.csv"'), {"population": people})
    part = read_part(count(settings, tmp_path / "part"))
    assert part.audit.submissions["source_file"].unique().to_list() == [r"export M\udcf4n.csv"]
    assert ("population", r'"M\\udcf4n.csv"') in list_settings(settings)
    assert r"M\udcf4n.csv" in list_inputs(settings, part.audit.submissions)["file"].to_list()
