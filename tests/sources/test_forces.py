"""A column that says whose search it was: rows of another force are refused or, where it is declared, set aside."""

import tomllib
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.completeness import find_losses
from disparity.sources.choice import log_supplies
from disparity.sources.extract.forces import NO_FORCE, OTHER_FORCE, identify
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.extract.rows import read_extract
from disparity.sources.raw import Supply
from disparity.vocabulary.errors import DataError
from support.extracts import settings_as_proposed

MAPPED = {"search_date": "Date", "outcome": "Outcome", "force": "Force"}
UNMAPPED = {"search_date": "Date", "outcome": "Outcome"}
BOTH = ("Kent Police",) * 30 + ("Essex Police",) * 10


def write(folder: Path, *labels: str, header: str = "Force") -> Path:
    path = folder / "a.csv"
    rows = "".join(f"{number % 28 + 1:02}/04/2026,{label},NFA\n" for number, label in enumerate(labels))
    path.write_text(f"Date,{header},Outcome\n{rows}", encoding="utf-8")
    return path


def read(path: Path, force: str = "kent", columns: dict[str, str] = MAPPED, **more: object) -> Supply:
    given = {"file": path, "force": force, "columns": columns, "date_format": "%d/%m/%Y", **more}
    return read_extract(ExtractSettings.model_validate(given))


def count(supply: Supply) -> int:
    return sum(raw.rows.height for raw in supply.files)


@pytest.mark.parametrize(
    ("label", "force"),
    [
        *(("Essex Police", "essex"), ("ESSEX", "essex"), (" essex ", "essex"), ("Essex Constabulary", "essex")),
        *(("Devon & Cornwall Police", "devon-and-cornwall"), ("devon-and-cornwall", "devon-and-cornwall")),
        *(("Metropolitan Police", "metropolitan"), ("Metropolitan Police Service", "metropolitan")),
        *(("Hampshire and Isle of Wight Constabulary", "hampshire"), ("E23000032", "kent")),
        *(("Fellshire Police", "fellshire"), ("Yes", ""), ("N", ""), ("Baton", ""), ("Police", "")),
    ],
)
def test_a_force_is_known_by_any_of_its_names(label: str, force: str) -> None:
    assert identify(label, "fellshire") == force


@pytest.mark.parametrize("columns", [MAPPED, UNMAPPED])
def test_rows_of_another_force_are_refused_with_names_and_counts(tmp_path: Path, columns: dict[str, str]) -> None:
    """Mapped or not: a column that is called Force is looked at."""
    with pytest.raises(DataError) as error:
        read(write(tmp_path, *BOTH, "Surrey Police"), columns=columns)
    assert str(error.value).splitlines() == [
        "11 rows name another force than 'kent' in the column 'Force' (E138)",
        "  where:    a.csv",
        "  found:    'Essex Police' in 10, 'Surrey Police' in 1; 30 of its own or of none",
        '  what now: other_forces = "set aside" leaves them out; '
        'another [[extracts]] with force = "essex", "surrey" reads them',
    ]


@pytest.mark.parametrize("columns", [MAPPED, UNMAPPED])
def test_they_are_set_aside_where_the_project_file_says_so_and_are_no_loss(
    tmp_path: Path, columns: dict[str, str]
) -> None:
    supply = read(write(tmp_path, *BOTH), columns=columns, other_forces="set aside")
    assert (count(supply), supply.set_aside) == (30, {f"{OTHER_FORCE}: essex": 10})
    assert supply.rows_read == 40
    audit = {"rows_read": 30, "rows_rejected": 0, "searched_at_not_a_date": 0, "before_2014": 0, "after_month": 0}
    assert find_losses(pl.DataFrame({"force": "kent", **audit}), log_supplies([supply])).is_empty()


def test_one_file_gives_each_of_its_forces_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, *BOTH)
    counts = {force: count(read(path, force, other_forces="set aside")) for force in ("kent", "essex")}
    assert counts == {"kent": 30, "essex": 10}


def test_a_file_of_another_force_alone_is_refused_whatever_is_declared(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="E138") as error:
        read(write(tmp_path, *BOTH), force="surrey", other_forces="set aside")
    assert error.value.what_now.startswith("correct force")


def test_force_used_is_no_force_of_police(tmp_path: Path) -> None:
    path = write(tmp_path, *("Yes", "No") * 20)
    assert count(read(path, columns=UNMAPPED)) == 40
    assert "force = " not in propose_mapping(path, force="kent").partition("[extracts.columns]")[2]
    assert count(read(write(tmp_path, *BOTH, header="Force used"), columns=UNMAPPED)) == 40


@pytest.mark.parametrize("header", ["Force area", "Police Force Area", "PFA"])
def test_where_a_search_was_is_not_whose_it_was(tmp_path: Path, header: str) -> None:
    """The British Transport Police search in every force's area."""
    assert count(read(write(tmp_path, *BOTH, header=header), force="btp", columns=UNMAPPED)) == 40


def test_a_name_that_nobody_knows_needs_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, *BOTH, "KP", "KP", "XX")
    with pytest.raises(DataError, match="3 rows name a force that is not known in the column 'Force'") as error:
        read(path, other_forces="set aside")
    assert error.value.found == "'KP' in 2, 'XX' in 1"
    values = {"force": {"KP": "kent", "XX": ""}}
    supply = read(path, other_forces="set aside", values=values)
    assert (count(supply), supply.notes[NO_FORCE]) == (33, 1)


def test_a_row_without_a_force_is_kept_and_noted(tmp_path: Path) -> None:
    supply = read(write(tmp_path, *("Kent Police",) * 3, ""))
    assert (count(supply), supply.notes) == (4, {NO_FORCE: 1})


def test_an_id_of_a_force_is_one(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="is no id of a force"):
        read(write(tmp_path, "KP"), values={"force": {"KP": "Kent Police"}})


def test_the_proposal_names_the_forces_with_their_rows_and_reads_the_one_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, *BOTH, "KP")
    text = propose_mapping(path, force="essex")
    assert 'force = "essex"\nother_forces = "set aside"  # CHECK: so kent (30 rows) are not read' in text
    block = tomllib.loads(text)["extracts"][0]
    assert block["columns"]["force"] == "Force"
    assert '# "KP" = ""  # CHECK: 1 rows, no guess' in text
    guessed = propose_mapping(path)
    assert 'force = "kent"  # CHECK: as a column of the file names it\n' in guessed


def test_a_proposal_of_one_force_reads_as_it_stands(tmp_path: Path) -> None:
    settings = settings_as_proposed(write(tmp_path, *("Kent Police",) * 30), "kent")
    assert settings.other_forces == "refuse"
    assert count(read_extract(settings)) == 30
