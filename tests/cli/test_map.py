"""`disparity map` as an analyst types it: a block printed or added, and a mapping brought up to date."""

import csv
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from disparity.project.settings import read_settings
from disparity.records.ingest import read_records
from support.force_export import PERSON, make_rows, rename, write_export, write_project

ETHNICITY, DISPOSAL = "Self Defined Ethnicity (16+1)", "Disposal"
BARE = '# Ours\nfrom = "2026-04"\nto = "2027-03"\n'
CASES = Path(__file__).parents[2] / ".." / "shared" / "cases"

Run = Callable[..., tuple[int, str, str]]


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_append_writes_the_block_into_the_project_file_and_keeps_the_rest(run: Run, tmp_path: Path) -> None:
    write_export(tmp_path / "exports" / "export.csv", make_rows())
    (tmp_path / "disparity.toml").write_text(BARE, encoding="utf-8")
    code, out, err = run("map", "exports/export.csv", "--force", "lancashire", "--append")
    assert (code, out) == (0, "")
    assert err.startswith("Added to disparity.toml: ")
    assert (tmp_path / "disparity.toml").read_text(encoding="utf-8").startswith(BARE)
    assert read(tmp_path / "disparity.toml")["extracts"][0]["file"] == "exports/export.csv"
    read_records(read_settings(tmp_path / "disparity.toml"))


def test_paths_are_written_from_the_project_file_wherever_the_command_is_typed(run: Run, tmp_path: Path) -> None:
    write_export(tmp_path / "exports" / "export.csv", make_rows())
    (tmp_path / "project").mkdir()
    project = tmp_path / "project" / "disparity.toml"
    project.write_text(BARE, encoding="utf-8")
    assert run("map", "exports/export.csv", "--append", "--project", project)[0] == 0
    assert read(project)["extracts"][0]["file"] == "../exports/export.csv"
    read_records(read_settings(project))


def test_an_extract_that_is_there_already_is_not_appended_again(run: Run, tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", make_rows())
    project = write_project(tmp_path, file='["*.csv"]')
    before = project.read_bytes()
    code, _, err = run("map", tmp_path / "export.csv", "--append")
    assert (code, project.read_bytes()) == (2, before)
    assert err == (
        "the project file has an extract of this file already\n"
        "  where:    disparity.toml\n"
        "  found:    export.csv\n"
        "  what now: `disparity map --update` adds to it what is new in its files\n"
    )


def test_a_project_that_would_not_be_understood_is_left_alone(run: Run, tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", make_rows())
    project = tmp_path / "disparity.toml"
    for text in (BARE, "from = ", 'extracts = 3\nfrom = "2026-04"\nto = "2027-03"\n'):
        project.write_text(text, encoding="utf-8")
        assert run("map", "export.csv", "--force", "Fell Shire", "--append")[0] == 2
        assert project.read_text(encoding="utf-8") == text


def test_several_files_are_proposed_as_one_extract(run: Run, tmp_path: Path) -> None:
    for month in ("2026-04", "2026-05"):
        write_export(tmp_path / f"{month}.csv", make_rows([month]))
    rare = make_rows(["2026-06"])
    rename(rare, DISPOSAL, "Community Resolution", "Caution")
    write_export(tmp_path / "2026-06.csv", rare)
    (tmp_path / "disparity.toml").write_text(BARE, encoding="utf-8")
    assert run("map", "2026-04.csv", "2026-05.csv")[1].count('file = ["2026-04.csv", "2026-05.csv"]') == 1
    assert run("map", "2026-*.csv", "--force", "lancashire", "--append")[0] == 0
    (extract,) = read(tmp_path / "disparity.toml")["extracts"]
    assert extract["file"] == "2026-*.csv"
    assert extract["values"]["outcome"]["Caution"] == "caution"


def test_update_keeps_every_declared_line_and_adds_what_is_new(run: Run, tmp_path: Path) -> None:
    project = write_project(tmp_path, file='"exports/*.csv"')
    rows = make_rows()
    rename(rows, ETHNICITY, "A2 Pakistani", "A2 - Asian Pakistani")
    rename(rows, DISPOSAL, "Arrest", "Arrested", lambda row: "/2027" in row["Stop Search Date"])
    rename(rows, DISPOSAL, "Community Resolution", "Words of advice")
    rename(rows, "Drugs Sub-Reason", "Possession", "Glitter")
    write_export(tmp_path / "exports" / "2026.csv", rows)
    before = project.read_text(encoding="utf-8")
    assert run("check")[0] == 3
    code, out, err = run("map", "--update")
    assert (code, PERSON in out + err) == (0, False)
    after = project.read_text(encoding="utf-8")
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert added == [
        '"A2 - Asian Pakistani" = "A2"  # CHECK: new, 48 rows (from: code A2, asian pakistani)',
        '# "Glitter" = ""  # CHECK: 84 rows, no guess',
        '# "Words of advice" = "no_further_action"  # CHECK: new, 60 rows; is it? (from: words advice)',
        '"Arrested" = "arrest"  # CHECK: new, 15 rows (from: arrested)',
    ]
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines())  # in their order
    assert set(out.splitlines()) >= set(added)
    # What has no certain guess still stops the build, until somebody has looked at it.
    code, _, err = run("check")
    assert (code, "Words of advice" in err, "Arrested" in err) == (3, True, False)
    code, out, err = run("map", "--update")
    assert (code, out, project.read_text(encoding="utf-8")) == (0, "", after)
    assert "Nothing is new" in err
    assert "wait for a code" in err
    project.write_text(after.replace('# "Words', '"Words').replace('# "Glitter', '"Glitter'), encoding="utf-8")
    read_records(read_settings(project))


def test_update_proposes_a_new_column_and_reads_it_only_when_told(run: Run, tmp_path: Path) -> None:
    rows = make_rows()
    for row in rows:
        row["Item(s) Found"] = "Cannabis" if row["Object Found?"] == "Yes" else "Nothing"
        row["Officer Surname"] = PERSON
    write_export(tmp_path / "export.csv", rows)
    project = write_project(tmp_path)
    code, out, _ = run("map", "--update")
    assert code == 0
    assert '# item_found = "Item(s) Found"  # CHECK: not mapped, so not read' in project.read_text(encoding="utf-8")
    assert PERSON not in out
    assert "item_found" not in read_settings(project).extracts[0].columns


def test_update_takes_every_extract_of_the_project(run: Run, tmp_path: Path) -> None:
    project = write_project(tmp_path, file='"old.csv"', extra='valid_to = "2026-09"\n')
    block = project.read_text(encoding="utf-8").split("\n\n", 1)[1]
    second = block.replace("old.csv", "new.csv").replace('valid_to = "2026-09"', 'valid_from = "2026-10"')
    project.write_text(f"{project.read_text(encoding='utf-8')}\n{second}", encoding="utf-8")
    for name, label in (("old", "Arrested"), ("new", "Arrested at scene")):
        rows = make_rows()
        rename(rows, DISPOSAL, "Arrest", label)
        write_export(tmp_path / f"{name}.csv", rows)
    assert run("map", "--update")[0] == 0
    first, second = (set(extract["values"]["outcome"]) for extract in read(project)["extracts"])
    assert (first - second, second - first) == ({"Arrested"}, {"Arrested at scene"})
    read_records(read_settings(project))


def test_a_value_that_would_steer_a_terminal_is_shown_and_added_without_doing_so(run: Run, tmp_path: Path) -> None:
    rows = make_rows()
    rename(rows, DISPOSAL, "Arrest", "\x1b[2JArrested\u202e")
    write_export(tmp_path / "export.csv", rows)
    project = write_project(tmp_path)
    shown = "".join("".join(run(*words)[1:]) for words in (["check"], ["map", "--update"]))
    assert "Arrested" in shown
    assert not set(shown) & {"\x1b", "\u202e"}
    line = '# "\ufffd[2JArrested\ufffd" = ""'
    assert line in project.read_text(encoding="utf-8")
    text = project.read_text(encoding="utf-8").replace(line, line.removeprefix("# ").replace('""', '"arrest"'))
    project.write_text(text, encoding="utf-8")
    read_records(read_settings(project))


def test_free_text_is_never_added_or_shown(run: Run, tmp_path: Path) -> None:
    rows = make_rows()
    for number, row in enumerate(rows):
        row[DISPOSAL] = f"Arrested {PERSON} {number}"
    write_export(tmp_path / "export.csv", rows)
    project = write_project(tmp_path)
    before = project.read_bytes()
    code, out, err = run("map", "--update")
    assert (code, project.read_bytes(), PERSON in out + err) == (0, before, False)
    assert "outcome: 240 different values that look like free text" in err
    assert PERSON not in "".join(run("check")[1:])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["map"], "no file is named"),
        (["map", "a.csv", "--update"], "--update takes no file"),
        (["map", "--update", "--append"], "--update takes no file"),
        (["map", "a.csv", "--project", "x.toml"], "--project goes with --append or --update"),
        (["map", "--update"], "there is no project file"),
        (["map", "a.csv", "--append"], "there is no project file"),
        (["map", "*.csv"], "no file of an extract matches '*.csv'"),
    ],
)
def test_what_cannot_be_asked_is_said(run: Run, words: list[str], said: str) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(said)


def test_a_project_without_an_extract_has_nothing_to_update(run: Run, tmp_path: Path) -> None:
    (tmp_path / "disparity.toml").write_text(f'{BARE}records = ["records"]\n', encoding="utf-8")
    assert "the project file has no extract" in run("map", "--update")[2]


@pytest.mark.slow
@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the checkout")
def test_an_unfamiliar_export_is_mapped_and_brought_up_to_date_a_year_later(run: Run, tmp_path: Path) -> None:
    """Case 14, moved to 2026/27 and 2027/28: what the records system then renamed is named, added and read."""
    text = (CASES / "14" / "export.csv").read_text(encoding="utf-8")
    first, second = (text.replace("/2025,", f"/{year + 1},").replace("/2024,", f"/{year},") for year in (2026, 2027))
    (tmp_path / "2026-27.csv").write_text(first, encoding="utf-8")
    project = tmp_path / "disparity.toml"
    project.write_text('from = "2026-04"\nto = "2028-03"\n', encoding="utf-8")
    assert run("map", "2026-27.csv", "--force", "lancashire", "--append")[0] == 0
    read_records(read_settings(project))
    renamed = second.replace("A2 Pakistani", "A2 - Asian Pakistani").replace(",Arrest,", ",Arrested,")
    (tmp_path / "2027-28.csv").write_text(renamed.replace("SS/", "ST/"), encoding="utf-8")
    written = project.read_text(encoding="utf-8")
    project.write_text(written.replace('file = "2026-27.csv"', 'file = "20*.csv"'), encoding="utf-8")
    code, _, err = run("check")
    assert (code, "where:    2027-28.csv" in err) == (3, True)
    assert "'A2 - Asian Pakistani' in 157 of 4,000 rows, April 2027 to March 2028" in err
    assert "'Arrested' in 207 of 4,000 rows" in err
    assert run("map", "--update")[0] == 0
    assert read_records(read_settings(project)).audit.submissions["unknown_labels"].sum() == 0


@pytest.mark.slow
@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside the checkout")
def test_an_export_of_negated_values_stops_until_somebody_has_read_them(run: Run, tmp_path: Path) -> None:
    """Case 04: "Not arrested" was taken for an arrest, "No drugs found" for drugs."""
    shutil.copyfile(CASES / "04" / "kent.csv", tmp_path / "kent.csv")
    (tmp_path / "disparity.toml").write_text('from = "2023-01"\nto = "2023-12"\n', encoding="utf-8")
    assert run("map", "kent.csv", "--append")[0] == 0
    code, _, err = run("check")
    assert code == 3
    assert all(repr(value) in err for value in ("Not arrested", "No drugs found", "Yes - but not item sought"))
    confirm(tmp_path / "disparity.toml")
    assert run("build")[0] == 0
    with (tmp_path / "site" / "data" / "estimates.csv").open(encoding="utf-8", newline="") as file:
        arrests = next(
            row for row in csv.DictReader(file) if (row["measure"], row["ethnic_group"]) == ("arrest_rate", "All")
        )
    assert (arrests["numerator"], arrests["denominator"], arrests["value"]) == ("617", "3000", "0.206")


def confirm(project: Path) -> None:
    """As an analyst would: read what is left in comments, and take it up."""
    text = project.read_text(encoding="utf-8").replace(
        '# "Not arrested" = ""', '# "Not arrested" = "no_further_action"'
    )
    project.write_text(re.sub(r'^# "', '"', text, flags=re.MULTILINE), encoding="utf-8")


def test_negated_values_count_for_nothing_until_they_are_confirmed(run: Run, tmp_path: Path) -> None:
    """The shape of case 04: 100% were arrested, and the searches of "No vehicle" were dropped as vehicles."""
    header = ("Date/Time", "Search of", "Object of search", "Outcome", "Item found", "Linked", "Strip search")
    said = ("No vehicle", "Drugs (not supply)", "Not arrested", "Item not found", "Not linked", "No strip search")
    plain = ("Person", "Drugs - supply", "Arrested", "Yes", "Linked", "Strip search")
    sought = ("Person", "Drugs - supply", "Arrested", "Yes – but not the item sought", "Linked", "No strip search")
    rows = [("13/04/2026 10:00", *said)] * 30 + [("14/04/2026 11:00", *plain)] * 8 + [("15/04/2026 09:00", *sought)] * 2
    with (tmp_path / "export.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    project = tmp_path / "disparity.toml"
    project.write_text('from = "2026-04"\nto = "2026-04"\n', encoding="utf-8")
    code, _, err = run("map", "export.csv", "--force", "lancashire", "--append")
    assert (code, "Values that wait for you in lines that begin with #: 5." in err) == (0, True)
    flags = read(project)["extracts"][0]["values"]
    assert flags["is_item_found"] == {"Item not found": "false", "Yes": "true"}
    assert flags["is_outcome_linked"] == {"Not linked": "false", "Linked": "true"}
    assert flags["is_clothing_removed"] == {"No strip search": "false", "Strip search": "true"}
    code, _, err = run("check")
    assert (code, "(E137)" in err) == (3, True)
    held = ("No vehicle", "Drugs (not supply)", "Not arrested", "Yes – but not the item sought")
    assert all(repr(value) in err for value in held)
    before = project.read_bytes()
    code, _, err = run("map", "--update")
    assert (code, project.read_bytes()) == (0, before)
    assert "Values that wait for a code in lines that begin with #: 5." in err
    confirm(project)
    cells = read_records(read_settings(project)).counts.cells
    cells = cells.filter(pl.col("ethnicity_basis") == "self-defined")
    assert cells.select(pl.col("searches", "arrests", "found", "clothing_removed").sum()).row(0) == (40, 10, 8, 8)
    by_type = dict(cells.group_by("search_type").agg(pl.col("searches").sum()).iter_rows())
    assert (by_type["drugs_possession"], by_type["drugs_supply"]) == (30, 10)


def test_a_negated_value_that_is_new_waits_too(run: Run, tmp_path: Path) -> None:
    rows = make_rows()
    rename(rows, DISPOSAL, "Arrest", "Not arrested")
    rename(rows, DISPOSAL, "Community Resolution", "Community resolution rather than arrest")
    write_export(tmp_path / "export.csv", rows)
    project = write_project(tmp_path)
    assert run("map", "--update")[0] == 0
    assert set(read(project)["extracts"][0]["values"]["outcome"]) == {"NFA"}
    assert '# "Community resolution rather than arrest" = "community_resolution"  # CHECK: new' in project.read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("ours", "was", "is_now"),
    [
        ("is_item_found", "Object Found?", "Was Item Found"),
        ("outcome", "Disposal", "Outcome of search"),
        ("self_defined_ethnicity", "Self Defined Ethnicity (16+1)", "Ethnicity (self-defined)"),
        ("search_date", "Stop Search Date", "Date of stop"),
    ],
)
def test_a_column_that_was_renamed_is_named_with_the_line_to_write(
    run: Run, tmp_path: Path, ours: str, was: str, is_now: str
) -> None:
    rows = [{is_now if column == was else column: value for column, value in row.items()} for row in make_rows()]
    write_export(tmp_path / "export.csv", rows)
    project = write_project(tmp_path)
    code, out, err = run("map", "--update")
    assert (code, out) == (3, "")
    assert err.startswith(
        f"there is no column {was!r} (E111)\n  where:    export.csv\n  found:    the nearest is {is_now!r}; line 1 has "
    )
    assert err.endswith(
        f'  what now: if that is what it is called now, write under [extracts.columns]: {ours} = "{is_now}"\n'
    )
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace(f'{ours} = "{was}"', f'{ours} = "{is_now}"'), encoding="utf-8")
    assert run("map", "--update")[0] == 0


def test_every_column_that_was_renamed_is_named_at_once_and_none_that_may_be_a_persons(
    run: Run, tmp_path: Path
) -> None:
    """A file without its header line has a row in its place."""
    now = {"Object Found?": "Was Item Found", "Disposal": "Result", "URN": "Officer URN", "Statutory Power": PERSON}
    rows = [{now.get(column, column): value for column, value in row.items()} for row in make_rows()]
    write_export(tmp_path / "export.csv", rows)
    write_project(tmp_path)
    code, _, err = run("map", "--update")
    assert code == 3
    assert "there are no columns 'URN', 'Statutory Power', 'Disposal', 'Object Found?' (E111)" in err
    assert "'Was Item Found' to 'Object Found?'" in err
    assert 'is_item_found = "Was Item Found"' in err
    assert "Officer URN" not in err
    assert PERSON not in err


def test_an_id_that_is_a_slip_of_the_pen_is_told_in_a_project_file_with_the_way_to_mean_it(
    run: Run, tmp_path: Path
) -> None:
    write_export(tmp_path / "export.csv", make_rows())
    project = write_project(tmp_path)
    text = project.read_text(encoding="utf-8")
    (force,) = re.findall(r'^force = "(.+)"$', text, re.M)
    project.write_text(text.replace(f'force = "{force}"', 'force = "lancashir"'), encoding="utf-8")
    code, _, err = run("check")
    assert code == 2
    assert "(E124)" in err
    assert "there is no force 'lancashir' in England and Wales: did you mean 'lancashire'?" in err
    assert 'if it is a force of your own, name it: [names] lancashir = "..."' in err
    named = project.read_text(encoding="utf-8") + '\n[names]\nlancashir = "Lancashir Police"\n'
    project.write_text(named, encoding="utf-8")
    assert run("map", "--update")[0] == 0


def test_a_force_asked_for_that_is_a_slip_of_the_pen_is_told_too(run: Run, tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", make_rows())
    project = write_project(tmp_path)
    project.write_text(f'forces = ["lancs"]\n{project.read_text(encoding="utf-8")}', encoding="utf-8")
    code, _, err = run("check")
    assert code == 2
    assert "did you mean 'lancashire'?" in err
