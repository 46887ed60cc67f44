"""A force's own publication is the same on every machine, and in every year but for its dates."""

import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from calendar import isleap
from functools import partial
from pathlib import Path

import pytest

from disparity.analysis.calibration.calibrate import DRAWN_ON
from disparity.disclosure import release
from disparity.disclosure.attack import Proof
from disparity.pipeline.build import publish
from disparity.project.settings import read_settings
from disparity.site.intruder import audit as intruder
from disparity.vocabulary.calendar import name_day
from support import example
from support.force_project import change_extract, delay, write_project

FIRST = 2026
YEARS = range(FIRST + 1, 2036)
# Each machine takes 40 processor seconds. A run of all tests takes the two ends of the earth; with
# DISPARITY_EVERY_MACHINE=1 all of them.
EVERY = bool(os.environ.get("DISPARITY_EVERY_MACHINE"))
WORDS = f"""\
title = "Stop and search {FIRST}/{(FIRST + 1) % 100}, Ynys Môn"
edition = "First edition, June {FIRST + 1}"
published = {FIRST + 1}-06-18
"""
# The i of Turkish is another one, and none of these letters is ASCII.
NAMES = '\n[names]\nfellshire = "Heddlu Ŵyr İl"\n'
PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}  # what the locale says, is so
# Time zone, locale, its letters, and the folder that the project lies in.
MACHINES = {
    "in London": ("Europe/London", "C.UTF-8", "", "project"),
    "UTC+14, Turkish": ("Pacific/Kiritimati", "tr_TR", "UTF-8", "a deeper/Môn"),
    "UTC-12, letters of ASCII alone": ("Etc/GMT+12", "C", "", "Môn"),
    "letters of old Turkish": ("Asia/Kathmandu", "tr_TR", "ISO-8859-9", "Môn"),
    "commas in numbers": ("America/St_Johns", "de_DE", "UTF-8", "project"),
    "digits and days of its own": ("Asia/Tehran", "fa_IR", "UTF-8", "project"),
    "years of its own": ("Asia/Bangkok", "th_TH", "UTF-8", "project"),
    "letters of old Japanese": ("Asia/Tokyo", "ja_JP", "EUC-JP", "project"),
}
ENDS = ("UTC+14, Turkish", "UTC-12, letters of ASCII alone")
# On the last Sunday of two months, another day in each year, there is an hour that is not there, or twice.
CLOCKS_CHANGE = re.compile(r"^((?:2[5-9]|3[01])/(?:03|10)/\d+ )0[0-2]").sub
COMMAND = "import locale; locale.setlocale(locale.LC_ALL, ''); " + example.COMMAND


def home() -> Path:
    """A project of an extract of the first year, published in London."""
    return example.once("years", _publish_first) / "home"


def _publish_first(folder: Path) -> None:
    _write(folder / "home")
    _publish(folder / "home", _locate("in London", folder))


def _write(folder: Path) -> None:
    path = write_project(folder, FIRST, WORDS, searches=2_000)
    change_extract(
        folder, lambda rows: [row | {"Date/Time": CLOCKS_CHANGE(r"\g<1>12", row["Date/Time"])} for row in rows]
    )
    text = path.read_text(encoding="utf-8").replace(f"{folder.as_posix()}/", "")
    path.write_text(text + NAMES, encoding="utf-8")


def _locate(machine: str, folder: Path) -> dict[str, str]:
    """The environment of a machine; its locale is made here, where the system has what locales are made from."""
    zone, name, letters, _ = MACHINES[machine]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
    environment |= {"TZ": zone, "LC_ALL": name} | (PLAIN if letters != "UTF-8" and name != "C.UTF-8" else {})
    if letters:
        whole = f"{name}.{letters}"
        if not (made := shutil.which("localedef")):
            pytest.skip("no localedef to make a locale with")
        line = [made, "-i", name, "-f", letters, str(folder / whole)]
        if subprocess.run(line, capture_output=True, check=False).returncode:
            pytest.skip(f"the system does not know {whole}")
        environment |= {"LOCPATH": str(folder), "LC_ALL": whole}
    return environment


def _publish(project: Path, environment: dict[str, str]) -> Path:
    line = [sys.executable, "-W", "error::UserWarning", "-c", COMMAND, "publish", "--ahead"]
    given = {"cwd": project, "env": environment, "capture_output": True, "timeout": 900}
    ended = subprocess.run(line, **given, check=False)
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")
    return project / "site"


def _copy(to: Path) -> Path:
    return shutil.copytree(home(), to, ignore=shutil.ignore_patterns("site", "disclosure"))


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="locales and time zones are set in the environment on POSIX")
@pytest.mark.parametrize("machine", [name for name in MACHINES if name != "in London"] if EVERY else ENDS)
def test_every_machine_publishes_the_same_bytes(tmp_path: Path, machine: str) -> None:
    project = _copy(tmp_path / MACHINES[machine][-1])
    (tmp_path / "locales").mkdir()
    site = _publish(project, _locate(machine, tmp_path / "locales"))
    ours, theirs = example.read_files(home() / "site"), example.read_files(site)
    assert [name for name in ours | theirs if ours.get(name) != theirs.get(name)] == []


@pytest.mark.slow
def test_every_year_publishes_the_same_but_for_its_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same searches on the same days of a later year, none of them on a 29 February: no figure moves.

    The proof is taken as given: it knows no year, and is of the same counts. The intruder's look at the site is real.
    """
    for module in (release, intruder):
        monkeypatch.setattr(module, "prove", lambda *_: Proof(1, 1))
    _write(tmp_path / str(FIRST))
    first = example.read_files(publish(read_settings(tmp_path / str(FIRST) / "disparity.toml")).folder)
    for year in YEARS:
        project = tmp_path / str(year)
        shutil.copytree(tmp_path / str(FIRST), project, ignore=shutil.ignore_patterns("site", "disclosure"))
        delay(project, year - FIRST)
        later = example.read_files(publish(read_settings(project / "disparity.toml")).folder)
        assert f"June {year + 1}".encode() in later["index.html"]
        assert set(first) == set(later)
        # A line over months is drawn by days: a day more in February moves every month of it.
        is_drawn_alike = not isleap(year + 1)
        differ = [name for name in first if _read(name, first, FIRST) != _read(name, later, year)]
        assert differ == [] or not is_drawn_alike, year
        assert set(differ) <= DRAWN_BY_DAYS, year
        said = [PICTURE("", str(_read("over-time.html", *each))) for each in ((first, FIRST), (later, year))]
        assert said[0] == said[1], year


DRAWN_BY_DAYS = {"over-time.html", "charts/months-find-rate.svg", "charts/months-searches.svg"}
PICTURE = partial(re.compile(r"<svg.*?</svg>", re.DOTALL).sub)


def _read(name: str, files: dict[str, bytes], year: int) -> object:
    # The day that the toolkit was last tried on known truths is of no edition, and the number of a row is no year.
    content = re.sub(rb"calibration:[0-9]+:", b"calibration:row:", files[name])
    return leave_out_dates(name, content.replace(name_day(DRAWN_ON).encode(), b"that day"), year)


# Of our own files, packed or not: the hash is of a date too, and a size may be a number like that of a year.
HASH = partial(re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b").sub, "a hash")
CELL = 'a hash</text:p></table:table-cell><table:table-cell table:style-name="number0" office:value-type="float"'
SIZE = partial(
    re.compile(rf'"bytes": \d+|a hash,\d+|value="\d+" data-at="inputs:\d+:bytes"|{CELL} office:value="\d+"').sub,
    "a size",
)


def leave_out_dates(name: str, content: bytes, year: int) -> object:
    """What a file of an edition of this year says, and not when."""
    if name.startswith("static/"):
        return content
    if name.endswith(".png"):
        return content[:24]  # how large the picture is
    if name.endswith(".ods"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return {part: leave_out_dates(part, parts.read(part), year) for part in parts.namelist()}
    text = SIZE(HASH(content.decode("utf-8")))
    for number in (0, 1):
        text = re.sub(rf"(?<!\d){year + number}(?!\d)", f"year {number}", text)
        text = re.sub(rf"/{(year + number) % 100}(?!\d)", f"/year {number}", text)
    return text
