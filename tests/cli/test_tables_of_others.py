"""Tables met in the wild that are no export of a force: read to the last search, or refused for what they are."""

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from disparity.project.settings import make_settings
from disparity.records.coding import KEPT
from disparity.records.ingest import read_searches

Run = Callable[..., tuple[int, str, str]]

GROUPED = "10/stop-search-open-data-mar21-mar25.csv"
FORCES = {
    "Avon & Somerset": "avon-and-somerset",
    "London, City of": "city-of-london",
    "Metropolitan Police": "metropolitan",
    "British Transport Police": "btp",
    "Devon and Cornwall": "devon-and-cornwall",
}
# A neighbour → its code, what it is, what was seen of it, what to do.
NEIGHBOURS = {
    "stop-and-search.csv": (
        "E124",
        "Ethnicity facts and figures (GOV.UK)",
        "population_by_ethnicity",
        "`disparity fetch",
    ),
    "stop-search-open-data-tables-ppp-mar2020.csv": (
        "E124",
        "a Home Office table of before 2020",
        "resultant_arrests",
        "`disparity fetch open-data`",
    ),
    "scot.csv": ("E125", "Police Scotland", "perceived_ethnicity", "leave it out"),
}


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sum_up(rows: list[dict[str, str]], *columns: str) -> Counter[tuple[str, ...]]:
    sums: Counter[tuple[str, ...]] = Counter()
    for row in rows:
        sums[tuple(row[column] for column in columns)] += int(row["number_of_searches"].replace(",", ""))
    return sums


def test_a_table_with_thousands_separators_is_counted_to_the_last_search(cases: Path, tmp_path: Path) -> None:
    theirs = rows_of(cases / GROUPED)
    assert any("," in row["number_of_searches"] for row in theirs)
    given = {"records": [cases / GROUPED], "from": "2024-04", "to": "2025-03", "out": tmp_path / "site"}
    searches, ingested = read_searches(make_settings(given, where="a test"))
    assert searches["searches"].sum() == sum_up(theirs)[()] == 138_788
    ours = {force: rows["searches"].sum() for (force,), rows in searches.partition_by("force", as_dict=True).items()}
    assert ours == {FORCES[area]: count for (area,), count in sum_up(theirs, "police_force_area").items()}
    kept = searches.filter(searches["disposition"].cast(str) == KEPT)
    arrests = kept.filter(kept["outcome"].cast(str) == "arrest")["searches"].sum()
    people = [
        row for row in theirs if "ehicle" not in row["self_defined_ethnicity"] + row["self_defined_ethnicity_group"]
    ]
    assert arrests == sum_up(people, "outcome")[("Arrest",)]
    assert kept["searches"].sum() == sum_up(people)[()]
    assert ingested.audit.submissions["months"].to_list() == [3] * 4 * len(FORCES)


@pytest.mark.slow
def test_a_site_is_built_from_it_with_the_same_counts(run: Run, cases: Path, tmp_path: Path) -> None:
    code, _, err = run("build", cases / GROUPED, "--from", "2024-04", "--to", "2025-03", "--out", "site")
    assert code == 0, err
    submissions = rows_of(tmp_path / "site" / "data" / "submissions.csv")
    assert sum(int(row["rows_read"]) for row in submissions) == 138_788


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbour_is_refused_for_what_it_is_with_what_to_do(run: Run, cases: Path, name: str, command: str) -> None:
    assert_refused(run(command, cases / "12" / name), name)


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_so_is_a_folder_of_nothing_else(run: Run, cases: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "records").mkdir()
    shutil.copyfile(cases / "12" / name, tmp_path / "records" / name)
    assert_refused(run("check", "records"), name)


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_nor_is_it_mapped_as_if_it_were_an_export_of_a_force(run: Run, cases: Path, tmp_path: Path, name: str) -> None:
    """Published under the name of a force of England and Wales, it would be read as its searches."""
    assert_refused(run("map", cases / "12" / name), name)
    (tmp_path / "disparity.toml").write_text(
        f'from = "2023-07"\nto = "2023-07"\n[[extracts]]\nfile = \'{cases / "12" / name}\'\nforce = "kent"\n'
        'date_format = "%d/%m/%Y"\n[extracts.columns]\nsearch_date = "Date of Search"\n',
        encoding="utf-8",
    )
    assert_refused(run("check"), name)
    assert_refused(run("build", "--out", "site"), name)
    assert not (tmp_path / "site").exists()


def assert_refused(ended: tuple[int, str, str], name: str) -> None:
    code, what, seen, what_now = NEIGHBOURS[name]
    exit_code, out, err = ended
    first, where, found, now = err.splitlines()
    assert (exit_code, out) == (2, "")
    assert what in first
    assert first.endswith(f"({code})")
    assert where.endswith(name)
    assert seen in found
    assert what_now in now
