"""Extracts met in the wild, mapped and built as an analyst would: the right counts, or the right refusal."""

import csv
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from disparity.project.settings import Settings, read_settings
from disparity.records.ingest import read_searches

CASES = Path(__file__).parents[2] / ".." / "shared" / "cases"
TWO_FORCES, AGES, EXPORT = "06/two_forces.csv", "09/kent_age_years.csv", "14/export.csv"

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the checkout")


def take(case: str, folder: Path, first: str = "2023-01", last: str = "2023-12") -> list[dict[str, str]]:
    """Copy the file of a case beside a project file of its months; gives its rows."""
    shutil.copyfile(CASES / case, folder / Path(case).name)
    (folder / "disparity.toml").write_text(f'from = "{first}"\nto = "{last}"\n', encoding="utf-8")
    with (CASES / case).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def settings_of(folder: Path, **more: str) -> Settings:
    project = folder / "disparity.toml"
    text = project.read_text(encoding="utf-8")
    for key, value in more.items():
        text = text.replace("[[extracts]]\n", f'[[extracts]]\n{key} = "{value}"\n')
    project.write_text(text, encoding="utf-8")
    return read_settings(project)


def test_of_two_forces_the_one_asked_for_is_read(run: Run, tmp_path: Path) -> None:
    counts = Counter(row["Force"] for row in take(TWO_FORCES, tmp_path))
    assert run("map", "two_forces.csv", "--force", "kent", "--append")[0] == 0
    searches, ingested = read_searches(settings_of(tmp_path))
    assert searches.height == counts["Kent Police"] == 1909
    reasons = ingested.decisions.select("action", "reason").rows()
    assert ("set aside (rows: 491)", "of another force: essex") in reasons


def test_of_two_forces_nothing_is_read_where_nobody_says_so(run: Run, tmp_path: Path) -> None:
    take(TWO_FORCES, tmp_path)
    run("map", "two_forces.csv", "--force", "kent", "--append")
    project = tmp_path / "disparity.toml"
    text = project.read_text(encoding="utf-8")
    for line in ('other_forces = "set aside"  #', 'force = "Force"'):
        text = text.replace(line, "# ")
    project.write_text(text, encoding="utf-8")
    code, _, err = run("check")
    assert code == 3
    assert err.startswith(
        "491 rows name another force than 'kent' in the column 'Force' (E138)\n  where:    two_forces.csv"
    )
    assert "'Essex Police' in 491; 1,909 of its own" in err


def test_one_file_gives_two_forces(run: Run, tmp_path: Path) -> None:
    take(TWO_FORCES, tmp_path)
    (tmp_path / "essex.csv").write_bytes((tmp_path / "two_forces.csv").read_bytes())
    run("map", "two_forces.csv", "--force", "kent", "--append")
    run("map", "essex.csv", "--force", "essex", "--append")
    searches, _ = read_searches(settings_of(tmp_path))
    assert Counter(searches["force"]) == {"kent": 1909, "essex": 491}


@pytest.mark.parametrize(
    ("publisher", "bands"),
    [
        ("data.police.uk", {"10-17": 199, "18-24": 222, "25-34": 317, "over 34": 1262}),
        ("Home Office", {"10-17": 199, "18-24": 222, "25-29": 150, "30 or over": 1429}),
    ],
)
def test_ages_in_years_are_counted_in_either_publishers_bands(
    run: Run, tmp_path: Path, publisher: str, bands: dict[str, int]
) -> None:
    take(AGES, tmp_path)
    assert run("map", "kent_age_years.csv", "--append")[0] == 0
    searches, _ = read_searches(settings_of(tmp_path, age_bands=publisher))
    assert Counter(searches["age_group"].cast(str)) == bands


@pytest.mark.slow
def test_a_records_systems_own_export_is_counted_as_it_stands(run: Run, tmp_path: Path) -> None:
    rows = take(EXPORT, tmp_path, "2024-04", "2025-03")
    assert run("map", "export.csv", "--force", "lancashire", "--append")[0] == 0
    searches, _ = read_searches(settings_of(tmp_path))
    kept = searches.filter(searches["disposition"].cast(str) == "kept")
    people = [row for row in rows if row["Stop/Search Type"] != "Vehicle"]
    assert kept.height == len(people)
    assert kept["is_clothing_removed"].sum() == sum(row["MTIP/EIP Strip Search"] != "None" for row in people)
    assert kept["is_item_found"].sum() == sum(row["Object Found?"] == "Yes" for row in people)
    assert Counter(kept["area"]) == Counter(row["BCU"] for row in people)
    seen = {"IC1": "White", "IC3": "Black", "IC4": "Asian", "IC7": None}
    officers = Counter(seen[row["Officer Perceived Ethnicity"][:3]] for row in people)
    assert Counter(kept["officer_defined_group"].cast(str)) == officers
    # Every easting and northing of it is in Lancashire or beside it.
    assert kept["latitude"].is_between(53.4, 54.0).all()
    assert kept["longitude"].is_between(-3.1, -2.1).all()


@pytest.mark.slow
@pytest.mark.parametrize("case", [TWO_FORCES, AGES, EXPORT])
def test_a_site_is_built_from_the_proposal_as_it_stands(run: Run, tmp_path: Path, case: str) -> None:
    rows = take(case, tmp_path, *(("2024-04", "2025-03") if case == EXPORT else ()))
    assert run("map", Path(case).name, "--force", "kent", "--append")[0] == 0
    code, _, err = run("build", "--out", "site")
    assert code == 0, err
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]
    pages += [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.csv")]
    assert pages
    for name in ("Nominal Surname", "DOB", "Location Postcode", "Collar No"):
        held = {row[name] for row in rows[:50] if name in row} - {"Brown", "Green", "White", "Black"}
        assert not [value for value in held if any(f">{value}<" in page or f",{value}," in page for page in pages)]
