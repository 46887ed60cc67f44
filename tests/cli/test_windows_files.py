"""What Windows PowerShell 5.1 makes of a file or of our output is read as any other, or refused with the way out."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from disparity.analysis.actions.register import read_register
from disparity.analysis.threshold_test.table import read_stops
from disparity.disclosure.profiles import OPEN, choose_profile
from disparity.project.defaults import default_folder
from disparity.project.settings import make_settings, read_settings
from disparity.records.area_outlines import read_areas
from disparity.records.check_report import list_failures, write_json
from disparity.records.expectations import Validation, validate
from disparity.sources.home_office.table import COLUMNS, find_tables, read_table
from disparity.sources.population import read_residents
from disparity.tables.grounds_review import read_review
from disparity.vocabulary.errors import DisparityError, RequestError
from support import example

# `>` writes the first, `Out-File -Encoding utf8` and Notepad the second; the third is what everything else writes.
ENCODINGS = ("utf-16", "utf-8-sig", "utf-8")
SETTINGS = 'records = ["records"]\nfrom = "2023-04"\nto = "2023-04"\ntitle = "Été – an example"\n'

COUNTED = ("rows_kept", "rows_excluded", "rows_rejected", "rows_blank")
DAYS = dict.fromkeys(("month", "period_from", "period_to"), pl.Date)
# Audit tables without a row: what matters is how suites are read.
EMPTY = SimpleNamespace(
    **{
        name: pl.DataFrame(schema=DAYS | dict.fromkeys(COUNTED, pl.Int64))
        for name in ("submissions", "labels", "years", "columns", "shares", "validity")
    }
)


def write(path: Path, text: str, encoding: str) -> Path:
    """A file as Windows writes it: with its line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def settings_with(**given):
    return make_settings({"records": ["r"], "from": "2023-04", "to": "2023-04"} | given, where="a test")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_project_file(tmp_path, encoding):
    assert read_settings(write(tmp_path / "disparity.toml", SETTINGS, encoding)).title == "Été – an example"


def test_a_project_file_to_which_powershell_added_a_mapping_names_the_line_and_the_way_out(tmp_path):
    """`disparity map x.csv >> disparity.toml` of PowerShell 5.1: UTF-16 after UTF-8, without a mark."""
    path = write(tmp_path / "disparity.toml", SETTINGS, "utf-8")
    path.write_bytes(path.read_bytes() + '[[extracts]]\r\nfile = "x.csv"\r\n'.encode("utf-16-le"))
    with pytest.raises(RequestError) as caught:
        read_settings(path)
    assert caught.value.found.startswith("from line 5 on it is UTF-16, as `>>` of Windows PowerShell writes it")
    assert "Add-Content -Encoding utf8" in caught.value.found


def test_a_project_file_in_the_letters_of_old_windows_names_the_line(tmp_path):
    with pytest.raises(RequestError) as caught:
        read_settings(write(tmp_path / "disparity.toml", SETTINGS, "cp1252"))
    assert caught.value.found.startswith("line 4 is not UTF-8 text: save the file as UTF-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_entry_of_the_register(tmp_path, encoding):
    (entry, *_) = sorted((example.ROOT / "data" / "actions").glob("*.toml"))
    write(tmp_path / "actions" / entry.name, entry.read_text(encoding="utf-8"), encoding)
    force = tomllib.loads(entry.read_text(encoding="utf-8"))["force"]
    assert list(read_register(settings_with(actions=tmp_path / "actions", names={force: "F"}), [force])) == [entry.stem]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_baseline(tmp_path, encoding):
    row = {"table": "t", "expectation": "e", "column": "c", "why": "w", "what_now": "n", "severity": "critical"}
    place = {"force": "kent", "month": "2020-01", "observed": ""}
    row |= {"is_met": False, "where": [place], "limits": "", "checked": 1, "unexpected": 1}
    found = Validation(pl.DataFrame([row]))
    path = write(tmp_path / "baseline.json", write_json(found, list_failures(found)), encoding)
    assert [failure.is_worse for failure in list_failures(found, path)] == [False]


def test_a_baseline_that_is_none_says_why(tmp_path):
    found = Validation(pl.DataFrame({"severity": ["info"], "is_met": [True]}))
    with pytest.raises(RequestError) as caught:
        list_failures(found, write(tmp_path / "baseline.json", '{"results": [], "é": 1}', "cp1252"))
    assert caught.value.found.startswith("line 1 is not UTF-8 text")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_residents(tmp_path, encoding):
    text = "force,ethnic_group,population\n" + "".join(
        f"fellshire,{group},5000\n" for group in ("Asian", "Black", "Mixed", "White", "Other")
    )
    people = read_residents(write(tmp_path / "people.csv", text, encoding))
    assert people.filter(force="fellshire")["population"].to_list()[:5] == [5000] * 5


def test_residents_in_another_encoding_say_so(tmp_path):
    with pytest.raises(DisparityError) as caught:
        read_residents(write(tmp_path / "people.csv", "force,ethnic_group,population,é\n", "cp1252"))
    assert caught.value.found.startswith("line 1 is not UTF-8 text")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_hashes_of_published_files(tmp_path, encoding):
    """`Get-FileHash *.csv > published.sha256`: capitals, in a table."""
    digest = hashlib.sha256(b"monthly").hexdigest()
    listed = f"\nAlgorithm       Hash\n---------       ----\nSHA256          {digest.upper()}       C:\\a\\b.csv\n"
    path = write(tmp_path / "published.sha256", listed, encoding)
    files = pl.DataFrame({"source": ["data.police.uk"], "sha256": [digest]})
    assert choose_profile(settings_with(disclosure={"published": path}), files, ()).name == OPEN


def test_a_list_of_published_files_without_a_hash_is_refused(tmp_path):
    path = write(tmp_path / "published.sha256", "b.csv\nc.csv\n", "utf-8")
    files = pl.DataFrame({"source": ["data.police.uk"], "sha256": ["0" * 64]})
    with pytest.raises(RequestError, match="the list of published files cannot be read") as caught:
        choose_profile(settings_with(disclosure={"published": path}), files, ())
    assert caught.value.found == "no SHA-256 in it"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_outlines_of_areas(tmp_path, encoding):
    outlines = (example.ROOT / "data" / "synthetic" / "areas.geojson").read_text(encoding="utf-8")
    path = write(tmp_path / "areas.geojson", outlines, encoding)
    given = settings_with(areas={"file": path, "name": "name"}).areas
    assert len(read_areas(given).names) > 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_stops_of_a_threshold_test(tmp_path, encoding):
    rows = [f"A{area},{group},2000,200,{40 + area}\n" for area in range(6) for group in ("White", "Black", "Asian")]
    path = write(tmp_path / "stops.csv", "area,ethnic_group,stops,searches,finds\n" + "".join(rows), encoding)
    assert read_stops(path).height == len(rows)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_suite_of_expectations_reaches_the_judge_in_utf_8(tmp_path, encoding, monkeypatch):
    asked = []
    row = {"is_met": True, "severity": "info", "where": [{"force": "kent", "month": "2020-01"}]}
    monkeypatch.setattr("disparity.records.expectations.ask_judge", lambda suites, *_: asked.append(suites) or [row])
    suite = (default_folder("expectations") / "years.json").read_text(encoding="utf-8")
    write(tmp_path / "years.json", suite, encoding)
    validate(EMPTY, {"years": tmp_path / "years.json"})
    (content,) = [content for _, content in asked[0].values()]
    assert json.loads(content) == json.loads(suite)


def test_a_suite_that_is_no_text_names_itself(tmp_path):
    write(tmp_path / "years.json", '{"é": 1}', "cp1252")
    with pytest.raises(RequestError) as caught:
        validate(EMPTY, {"years": tmp_path / "years.json"})
    assert caught.value.where == str(tmp_path / "years.json")
    assert caught.value.found.startswith("line 1 is not UTF-8 text")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_table_of_a_finished_review(tmp_path, encoding):
    table = (example.ROOT / "data" / "review" / "grounds.csv").read_text(encoding="utf-8")
    assert read_review(write(tmp_path / "grounds.csv", table, encoding), ["thornmoor"], []).height > 1


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp850"])
def test_a_mapping_that_goes_into_a_file_on_windows_is_in_plain_letters_and_reads_the_same(tmp_path, encoding):
    """PowerShell 5.1 would turn others into different ones, and the value would then match no row."""
    rows = "\n".join(f"{day}/04/2024 10:00,Asian – Łódź,S1 PACE" for day in range(13, 29))
    text = f"Date/Time,Officer Defined Ethnicity,Power\n{rows}\n"
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    said = map_in(tmp_path, encoding)
    assert said.isascii()
    assert tomllib.loads(said.decode()) == tomllib.loads(map_in(tmp_path, "utf-8").decode())
    assert b"Asian \\u2013 \\u0141\\u00f3d\\u017a" in said


def map_in(folder: Path, encoding: str) -> bytes:
    command = [sys.executable, "-c", example.COMMAND, "map", "export.csv", "--force", "kent"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True).stdout


def test_a_letter_that_the_output_lacks_ends_no_command(tmp_path):
    """An error that names a file with a Polish name, on a console of old Windows letters."""
    command = [sys.executable, "-c", example.COMMAND, "map", "Łódź.csv"]
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert run.returncode == 2
    assert b"Traceback" not in run.stderr


def test_a_home_office_table_in_utf_16_is_known_as_one_and_refused_with_the_way_out(tmp_path):
    """Not as a monthly file of an odd name."""
    path = write(tmp_path / "open-data.csv", f"{','.join(COLUMNS)}\n", "utf-16")
    assert find_tables([path]) == ([path], [])
    with pytest.raises(DisparityError) as caught:
        read_table(path)
    assert caught.value.code == "E102"
    assert "save it as CSV UTF-8" in caught.value.what_now
