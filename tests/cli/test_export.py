"""`disparity export`: where the tables are, and whether they may be published."""

import sys

import pytest

from disparity.cli import main as cli
from disparity.pipeline.export import NOTE_FILE, OPEN, TABLES
from disparity.project.manifest import MANIFEST_FILE
from support.builders import monthly_text, write_monthly


def run(monkeypatch, capsys, *arguments):
    """Exit code, standard output, standard error."""
    monkeypatch.setattr(sys, "argv", ["disparity", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, *capsys.readouterr()


@pytest.mark.slow
def test_it_writes_the_tables_and_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    write_monthly(tmp_path / "in", monthly_text([{}]))
    code, said, complaint = run(monkeypatch, capsys, "export", "in", "--out", "out", "--format", "csv")
    assert (code, said, complaint) == (0, f"{OPEN}\nTables in out\n", "")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *(NOTE_FILE, MANIFEST_FILE),
        *(f"{name}.csv" for name in TABLES),
    }


def test_parts_are_refused_before_anything_is_written(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    write_monthly(tmp_path / "in", monthly_text([{}]))
    assert run(monkeypatch, capsys, "count", "in", "--out", "part")[0] == 0
    code, said, complaint = run(monkeypatch, capsys, "export", "--counts", "part", "--out", "out")
    assert (code, said) == (2, "")
    assert complaint.startswith("parts hold counts and no searches\n  where:    part\n")
    assert not (tmp_path / "out").exists()
