"""The commands: what they print, where, and how they end."""

import csv
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from disparity import __version__
from disparity.cli.commands import commands
from disparity.cli.main import main
from disparity.vocabulary.helper_process import UNUSED
from support import example
from support.builders import monthly_text, write_monthly
from support.home_office import write_table
from support.reviewing import change, fill

RECORDS = str(example.RECORDS)
NOT_MADE = "Not made, as there is nothing to show: Action, Places (docs/pages.md).\n"
MONTH = ("--from", "2023-04", "--to", "2023-04")
SHAPE = re.compile(r"[^\n]+\n(  where:    [^\n]+\n)?(  found:    [^\n]+\n)?(  what now: [^\n]+\n)?")
NEVER_MET = {
    "name": "labels",
    "expectations": [
        {
            "type": "expect_column_values_to_be_in_set",
            "kwargs": {"column": "is_known", "value_set": [False]},
            "severity": "critical",
            "meta": {"why": "Nothing is known.", "what_now": "Give up."},
        }
    ],
}
GOOD_PEOPLE = "force,ethnic_group,population\n" + "".join(
    f"fellshire,{group},5000\n" for group in ("Asian", "Black", "Mixed", "White", "Other")
)


def write_project(folder: Path, **settings: object) -> Path:
    """A project file; paths in it are relative to its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "disparity.toml"
    path.write_text("".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items()))
    return path


def critical_project(folder: Path) -> Path:
    """A project whose records can never pass."""
    (folder / "suites").mkdir(parents=True)
    (folder / "suites" / "labels.json").write_text(json.dumps(NEVER_MET))
    settings = {"from": "2023-04", "to": "2023-04", "records": [RECORDS], "expectations": "suites"}
    return write_project(folder, **settings)


@pytest.mark.parametrize("command", commands.commands)
def test_the_help_of_a_command_lists_and_explains_its_options(run, command):
    code, out, err = run(command, "--help")
    assert (code, err) == (0, "")
    options = [param for param in commands.commands[command].params if isinstance(param, click.Option)]
    for option in (option for option in options if not option.hidden):
        assert re.search(rf"^  (-h, )?{option.opts[0]}\b.*", out, re.MULTILINE), option.name
        assert option.help, option.name
    assert "-h, --help" in out


@pytest.mark.parametrize(
    ("profile", "code"), [("internal", "(E168)"), ("open", "takes no profile"), ("", "no profile")]
)
def test_publish_says_why_it_takes_no_profile(run, profile, code):
    ended, out, err = run("publish", "--profile", profile)
    assert (ended, out) == (2, "")
    assert code in err
    assert "no such option" not in err.lower()


def test_the_help_of_the_group_names_every_command_and_how_to_start(run):
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert all(re.search(rf"^  {command} ", out, re.MULTILINE) for command in ("build", "check", "init", "synth"))
    assert "disparity build RECORDS --force lancashire --from 2019-04 --to 2020-03 --out site" in out


def test_the_version_is_printed(run):
    assert run("--version") == (0, f"disparity, version {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["--version"]])
def test_help_answers_without_the_heavy_libraries(arguments):
    code = "import sys, disparity.cli.main as c\ntry: c.main()\nfinally: print(sorted(sys.modules), file=sys.stderr)"
    started = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert not re.findall(r"'(polars|numpy|scipy|pandas|altair|pydantic|jinja2|great_expectations)'", started.stderr)
    assert "'click'" in started.stderr


def test_a_command_builds_no_grammar_that_nothing_asks_for(run, monkeypatch):
    monkeypatch.delitem(sys.modules, UNUSED)
    run("--version")
    assert sys.modules[UNUSED] is None


@pytest.mark.slow
def test_build_from_data_alone_says_how_many_pages_and_where_and_nothing_else(run, tmp_path):
    code, out, err = run("build", RECORDS, "--force", "fellshire", *MONTH, "--out", "public")
    assert (code, err) == (0, "")
    said = f"{NOT_MADE}Draft: not published. `disparity publish` makes what the public sees."
    assert out == f"16 pages. Open {tmp_path / 'public' / 'index.html'}\n{said}\n"
    assert (tmp_path / "public" / "index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.mark.slow
def test_build_from_a_project_file_takes_its_paths_from_its_own_folder(run, tmp_path):
    home = tmp_path / "a project"
    shutil.copytree(example.RECORDS / "2023-04", home / "in" / "2023-04")
    shutil.copy(example.POPULATION, home / "people.csv")
    settings = {
        "from": "2023-04",
        "to": "2023-04",
        "forces": ["mereside"],
        "records": ["in"],
        "population": "people.csv",
    }
    code, out, err = run("build", "--project", write_project(home, **settings))
    assert (code, err) == (0, "")
    report, opened, rest = out.partition("16 pages. Open ")
    assert report.startswith("What the checks found, for you and not on the pages")
    assert opened + rest == (
        f"16 pages. Open {home / 'site' / 'index.html'}\n"
        f"{NOT_MADE}Draft: not published. `disparity publish` makes what the public sees.\n"
    )


def test_what_is_given_on_the_command_line_stands_over_the_project_file(run, tmp_path):
    write_project(tmp_path, **{"from": "2023-04", "to": "2024-03", "records": [RECORDS]})
    code, out, _ = run("check", "--force", "fellshire", "--from", "2023-06", "--to", "2023-06", "--json")
    assert code == 0
    assert [place for row in json.loads(out)["results"] for place in row["where"]] == [
        {"force": "fellshire", "month": "2023-06", "observed": ""}
    ]


def test_check_ends_with_0_where_only_warnings_fail_and_says_where_and_what_now(run):
    code, out, err = run("check", RECORDS, "--from", "2023-07", "--to", "2023-09")
    assert (code, err) == (0, "")
    assert re.match(r"\d+ of 52 expectations are met\.\n", out)
    assert "\nWARNING: A month without a file is missing" in out
    assert re.search(r"\n  mereside: August 2023\n  what now: ", out)


def test_check_ends_with_1_where_a_critical_expectation_fails(run, tmp_path):
    project = critical_project(tmp_path / "project")
    code, out, err = run("check", "--project", project)
    assert (code, err) == (1, "")
    assert (
        "\nCRITICAL: Nothing is known.\n  fellshire: April 2023\n  mereside: April 2023\n  what now: Give up.\n" in out
    )


def test_build_ends_with_3_where_a_critical_expectation_fails(run, tmp_path):
    project = critical_project(tmp_path / "project")
    code, out, err = run("build", "--project", project)
    assert (code, out) == (3, "")
    assert err.startswith("a critical expectation of the submissions is not met\n")
    assert SHAPE.fullmatch(err)
    assert not (tmp_path / "project" / "site").exists()


def test_check_with_json_prints_json_and_nothing_else(run, tmp_path):
    code, out, err = run("check", "--project", critical_project(tmp_path / "project"), "--json")
    assert (code, err) == (1, "")
    answer = json.loads(out)
    assert list(answer) == ["has_critical_failure", "is_worse", "caveats", "results"]
    assert answer["has_critical_failure"] is True
    (result,) = [each for each in answer["results"] if each["why"] == "Nothing is known."]
    assert list(result) == example.RESULT_COLUMNS
    assert (result["is_met"], result["why"], result["what_now"]) == (False, "Nothing is known.", "Give up.")


def test_check_says_the_same_in_words_and_in_json(run):
    span = ("--from", "2023-07", "--to", "2023-09")
    words, answer = run("check", RECORDS, *span)[1], json.loads(run("check", RECORDS, *span, "--json")[1])
    failed = [row for row in answer["results"] if not row["is_met"]]
    assert words.startswith(f"{len(answer['results']) - len(failed)} of {len(answer['results'])} expectations are met.")
    assert [f"{row['severity'].upper()}: {row['why']}" for row in failed] == re.findall(
        r"^[A-Z]+: .*$", words, re.MULTILINE
    )


def test_check_writes_data_docs_where_asked_and_nothing_otherwise(run, tmp_path):
    run("check", RECORDS, "--force", "fellshire", *MONTH)
    assert list(tmp_path.iterdir()) == []
    assert run("check", RECORDS, "--force", "fellshire", *MONTH, "--data-docs", "docs")[0] == 0
    assert (tmp_path / "docs" / "index.html").is_file()


def test_init_says_what_it_wrote_and_a_second_init_refuses(run, tmp_path):
    code, out, err = run("init")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "wrote disparity.toml"
    before = example.read_files(tmp_path)
    code, out, err = run("init")
    assert (code, out) == (2, "")
    assert err.startswith("this is a project already\n  where:    disparity.toml\n")
    assert example.read_files(tmp_path) == before


@pytest.mark.slow
def test_a_fresh_project_names_what_it_lacks_and_builds_once_the_records_are_there(run, tmp_path):
    run("init", "project")
    code, _, err = run("build", "--project", "project/disparity.toml")
    assert (code, err.splitlines()[0]) == (2, "there is no 'records' (E129)")
    shutil.copytree(example.RECORDS / "2023-04", tmp_path / "project" / "records")
    code, out, err = run("build", "--project", "project/disparity.toml", *MONTH)
    assert (code, err) == (0, "")
    assert re.search(r"^\d+ pages\. Open ", out, re.MULTILINE)


def test_without_months_every_quarter_of_a_home_office_table_is_checked(run, tmp_path):
    table = write_table(tmp_path / "table.csv", [{"financial_year_quarter": quarter} for quarter in ("Q1", "Q2")])
    code, out, _ = run("check", table, "--force", "lancashire", "--json")
    results = [result for result in json.loads(out)["results"] if result["table"] == "submissions"]
    assert code == 0
    assert {result["checked"] for result in results} == {2}
    assert all(result["is_met"] for result in results if result["column"] == "status")


def test_without_months_every_month_there_is_a_file_of_is_checked(run):
    run("synth", "--out", "made", "--searches", "200", "--forces", "1", "--months", "3")
    _, out, _ = run("check", "made/police_uk", "--json")
    assert {result["checked"] for result in json.loads(out)["results"] if result["table"] == "submissions"} == {3}


def test_map_proposes_how_to_read_an_extract(run):
    code, out, err = run("map", str(example.RECORDS.parent / "extract" / "fellshire-extract.csv"))
    assert (code, err) == (0, "")
    assert tomllib.loads(out)["extracts"][0]["force"] == "fellshire"


def test_synth_writes_records_that_check_can_read(run):
    code, out, err = run("synth", "--out", "made", "--searches", "200", "--forces", "1", "--months", "2")
    assert (code, err) == (0, "")
    assert out == f"Records in {Path('made/police_uk')}, their truth in {Path('made/truth.json')}\n"
    months = sorted(path.name for path in Path("made/police_uk").iterdir())
    assert run("check", "made/police_uk", "--from", months[0], "--to", months[-1])[0] == 0


def make_folder(name: str) -> None:
    Path(name).mkdir()


def make_text(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


CSV = "in/2023-04/2023-04-fellshire-stop-and-search.csv"
# What is wrong → how it comes about, the command, its exit code, words of the message.
ERRORS = {
    "no records": (None, ["build", "nothere", *MONTH], 2, "there is no 'nothere'"),
    "no project file": (None, ["build"], 2, "there is no project file"),
    "project is a folder": (lambda: make_folder("p.toml"), ["build", "--project", "p.toml"], 2, "p.toml"),
    "project is not TOML": (lambda: make_text("p.toml", "title ="), ["check", "--project", "p.toml"], 2, "not TOML"),
    "project is not text": (
        lambda: make_text("p.toml", b"\xff\xfe\x00"),
        ["check", "--project", "p.toml"],
        2,
        "not TOML",
    ),
    "unknown key": (
        lambda: make_text("p.toml", "colour = 1"),
        ["build", "--project", "p.toml"],
        2,
        "colour: no such key",
    ),
    "no such month": (None, ["build", RECORDS, "--from", "2023-13", "--to", "2023-04"], 2, "write a month as 2019-04"),
    "months backwards": (None, ["check", RECORDS, "--from", "2023-05", "--to", "2023-04"], 2, "`from` is after `to`"),
    "no file of the months": (
        None,
        ["check", RECORDS, "--from", "1999-01", "--to", "1999-02"],
        2,
        "fellshire, mereside",
    ),
    "both given": (None, ["build", RECORDS, "--project", "p.toml", *MONTH], 2, "records and a project file are both"),
    "records are no CSV": (lambda: make_text("a.txt", ""), ["check", "a.txt", *MONTH], 2, "does not say which force"),
    "file is empty": (lambda: make_text(CSV, ""), ["check", "in", *MONTH], 3, "the file is empty"),
    "file is something else": (
        lambda: make_text(CSV, "a,b\n1,2\n"),
        ["check", "in", *MONTH],
        3,
        "not a stop-and-search",
    ),
    "file is not UTF-8": (
        lambda: make_text(
            CSV, monthly_text([{"outcome": "?"}]).replace("?", "\ud800").encode("utf-8", "surrogatepass")
        ),
        ["check", "in", *MONTH],
        3,
        "the file is not UTF-8 text (E103)",
    ),
    "file is a folder": (lambda: Path(CSV).mkdir(parents=True), ["check", "in", *MONTH], 2, "no stop-and-search file"),
    "archive is no archive": (
        lambda: make_text("a.zip", "PK"),
        ["check", "a.zip", *MONTH],
        3,
        "the archive cannot be read",
    ),
    "output is a project": (
        lambda: make_text("o/mine.txt", ""),
        ["build", RECORDS, *MONTH, "--out", "o"],
        2,
        "something else",
    ),
    "output is a file": (lambda: make_text("o", ""), ["build", RECORDS, *MONTH, "--out", "o"], 2, "something else"),
    "the edition before is no site": (
        lambda: make_folder("old"),
        ["build", RECORDS, *MONTH, "--previous", "old"],
        2,
        "the earlier edition is no site of this tool",
    ),
    "output is below a file": (lambda: make_text("o", ""), ["build", RECORDS, *MONTH, "--out", "o/site"], 2, "o"),
}
ERRORS |= {
    "file is cp1252": (
        lambda: make_text(CSV, monthly_text([{"outcome": "Café"}]).encode("cp1252")),
        ["check", "in", *MONTH],
        3,
        'say what it is: encoding = "cp1252"',
    ),
    "rows are lost": (
        lambda: make_text(CSV, monthly_text([{"subject": "dog"}] * 9)),
        ["check", "in", *MONTH],
        3,
        "9 of 9 rows (kind of search not recognised: 9)",
    ),
}
PEOPLE = {
    "is not there": (None, "there is no population file"),
    "is a folder": (lambda: make_folder("people.csv"), "people.csv"),
    "is empty": (lambda: make_text("people.csv", ""), "people.csv"),
    "lacks a column": (lambda: make_text("people.csv", "force,population\na,1\n"), "no ethnic_group"),
    "lacks a group": (
        lambda: make_text("people.csv", GOOD_PEOPLE.replace("fellshire,Mixed,5000\n", "")),
        "found:    Asian",
    ),
    "has a blank group": (lambda: make_text("people.csv", GOOD_PEOPLE.replace("Mixed", "")), "fellshire"),
    "has a word for a number": (lambda: make_text("people.csv", GOOD_PEOPLE.replace("5000", "many")), "whole number"),
    "has a row too long": (lambda: make_text("people.csv", GOOD_PEOPLE + "fellshire,Asian,5,000\n"), "people.csv"),
    "is not UTF-8": (lambda: make_text("people.csv", GOOD_PEOPLE.encode() + b"\xff\xfe,Asian,5\n"), "people.csv"),
}


def assert_refused(result: tuple[int, str, str], code: int, words: str) -> None:
    """One shape, on standard error, without a traceback."""
    assert result[0] == code
    assert result[1] == ""
    assert words in result[2]
    assert SHAPE.fullmatch(result[2])
    assert "Traceback" not in result[2]


@pytest.mark.parametrize("wrong", ERRORS)
def test_an_error_has_its_exit_code_and_one_shape_on_standard_error(run, wrong):
    make, arguments, code, words = ERRORS[wrong]
    if make:
        make()
    assert_refused(run(*arguments), code, words)


@pytest.mark.parametrize("wrong", PEOPLE)
def test_a_population_file_that_cannot_be_used_is_refused_by_name(run, wrong):
    make, words = PEOPLE[wrong]
    if make:
        make()
    assert_refused(run("build", RECORDS, *MONTH, "--population", "people.csv"), 2, words)


def test_a_declared_encoding_is_read_and_leave_to_be_partial_is_said(run):
    make_text(CSV, monthly_text([{"outcome": "Café"}] * 9 + [{"subject": "dog"}], month="2023-04").encode("cp1252"))
    command = ["check", "in", *MONTH, "--encoding", "cp1252"]
    assert run(*command)[0] == 3
    code, said, _ = run(*command, "--allow-partial")
    assert code == 0
    assert said.startswith("Of some forces, more than one record in a thousand is lost")


def test_a_path_that_the_system_refuses_is_named_without_a_traceback(run, monkeypatch):
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    make_text(CSV, monthly_text([{}], month="2023-04"))
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert_refused(run("check", "in", *MONTH), 2, CSV)


def test_a_force_that_is_not_there_is_refused_with_those_that_are(run):
    code, out, err = run("check", RECORDS, "--force", "atlantis", *MONTH)
    assert (code, out) == (2, "")
    assert err == (
        "there are no files of atlantis from 2023-04 to 2023-04 (E130)\n"
        "  found:    files of fellshire, mereside\n"
        "  what now: check the force's id, the months and the folder\n"
    )


@pytest.mark.parametrize("arguments", [["build", "--nope"], ["nope"], ["synth"], ["check", "--force"]])
def test_a_wrong_option_is_explained_on_standard_error(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err
    assert "Traceback" not in err


def test_control_characters_of_an_argument_do_not_reach_the_terminal(run):
    code, _, err = run("build", "\x1b[2Jno\u202ewhere\x9b", *MONTH)
    assert code == 2
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", err)
    assert "\ufffd[2J" in err or "\\x1b[2J" in err


def test_control_characters_of_an_option_do_not_reach_the_terminal(run):
    err = run("check", RECORDS, "--force", "\x1b]0;owned\x07", *MONTH)[2] + run("build", "--\x1b[31m")[2]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", err)


def test_a_label_of_the_records_is_not_in_what_check_says(run, tmp_path):
    write_monthly(tmp_path / "in", monthly_text([{"legislation": "\x1b[31mGrounds: Mr Smith"}]))
    for form in ([], ["--json"]):
        code, out, err = run("check", "in", "--from", "2019-04", "--to", "2019-04", *form)
        assert (code, err) == (0, "")
        assert "Smith" not in out
        assert "fellshire" in out


@pytest.mark.slow
def test_a_finished_program_is_quiet_where_standard_error_is_no_terminal(tmp_path):
    command = [sys.executable, "-W", "error::UserWarning", "-c", example.COMMAND, "check", RECORDS, *MONTH]
    finished = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    assert finished.stderr == ""
    assert " of 52 expectations are met." in finished.stdout


def test_on_a_terminal_each_stage_is_named(run, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    _, out, err = run("check", RECORDS, "--force", "fellshire", *MONTH)
    assert [line.split(" ...")[0] for line in err.splitlines()] == [
        "reading, coding and counting the records",
        "checking the submissions",
    ]
    assert "..." not in out


def test_an_error_on_a_terminal_starts_on_a_line_of_its_own(run, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    make_text(CSV, "a,b\n1,2\n")
    err = run("check", "in", *MONTH)[2]
    assert "\nthe file is not a stop-and-search file of data.police.uk (E111)\n" in err


def test_stopping_a_build_leaves_no_traceback(run, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("disparity.pipeline.submissions.read_records", stop)
    code, out, err = run("build", RECORDS, *MONTH)
    assert (code, out) == (130, "")
    assert err.strip() == "stopped"


def test_a_defect_of_the_program_is_not_hidden(run, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("disparity.pipeline.submissions.read_records", fail)
    monkeypatch.setattr(sys, "argv", ["disparity", "check", RECORDS, *MONTH])
    with pytest.raises(ZeroDivisionError):
        main()


# audit


def test_audit_ends_with_0_for_a_site_that_keeps_its_word(run):
    code, out, err = run("audit", example.site())
    assert (code, err) == (0, "")
    assert out == "open: the counts are exact; no rate is of fewer than 3 events\n"


def test_audit_ends_with_5_and_names_the_place(run, tmp_path):
    site = shutil.copytree(example.site(), tmp_path / "site")
    table = site / "data" / "estimates.csv"
    header, first, *rest = csv.reader(table.read_text(encoding="utf-8").splitlines())
    row = dict(zip(header, first, strict=True)) | {"numerator": "2", "value": "0.1"}
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, row.values(), *rest])
    code, out, err = run("audit", site)
    assert (code, out) == (5, "")
    assert "data/estimates.csv row 1: search_rate: a rate of fewer than 3 events" in err


def test_audit_of_a_folder_that_is_no_site_ends_with_2(run, tmp_path):
    code, _, err = run("audit", tmp_path)
    assert code == 2
    assert err.startswith("this is no site that can be audited\n")


def test_audit_takes_earlier_sites_that_are_open_as_telling_nothing_protected(run):
    assert run("audit", example.site(), "--previous", example.site())[0] == 0


def test_a_threshold_test_of_searches_without_stops_is_refused_before_anything_is_drawn(run, tmp_path):
    (tmp_path / "searches.csv").write_text("area,ethnic_group,searches,finds\nNorth,White,90,20\n")
    code, out, err = run("threshold", "searches.csv", "--out", "thresholds")
    assert (code, out) == (2, "")
    assert err.startswith("the threshold test needs the stops that did not lead to a search")
    assert SHAPE.fullmatch(err)
    assert not (tmp_path / "thresholds").exists()


def test_a_threshold_test_writes_its_results_and_says_where(run, tmp_path, monkeypatch):
    rows = [f"{area},{group},900,90,20" for area in "ABCDE" for group in ("Asian", "Black", "White")]
    (tmp_path / "stops.csv").write_text("\n".join(["area,ethnic_group,stops,searches,finds", *rows]) + "\n")
    monkeypatch.setattr(
        "disparity.cli.threshold.estimate_thresholds", lambda table, seed: table.head(1).with_columns(seed=seed)
    )
    code, out, err = run("threshold", "stops.csv", "--out", "thresholds", "--seed", "7")
    assert (code, err) == (0, "")
    assert out == f"Thresholds, and what the model predicts, in {Path('thresholds') / 'threshold.csv'}\n"
    assert (tmp_path / "thresholds" / "threshold.csv").read_text().splitlines()[1] == "A,Asian,900,90,20,7"


def test_sample_with_plan_says_what_would_be_drawn_and_writes_nothing(run, tmp_path):
    code, out, err = run("sample", "--project", example.PROJECT, "--from", "2024-04", "--plan", "--out", "sample")
    assert (code, err) == (0, "")
    # 383 searches of persons: 384.15 / (1 + 383.15 / 383) = 192.03.
    assert re.search(r"^together +383 +193$", out, re.MULTILINE)
    assert not (tmp_path / "sample").exists()


def test_a_sample_is_drawn_answered_and_counted(run, tmp_path):
    asked = ("--project", example.PROJECT, "--size", "20", "--reviewers", "2", "--out", "sample")
    code, out, _ = run("sample", *asked)
    assert (code, out.splitlines()[-1]) == (0, "Forms of reviewers in sample")
    forms = [fill(tmp_path / "sample" / f"review-{number}.csv", lambda _: ("yes", "")) for number in (1, 2)]
    code, out, err = run("review", *forms, "--sample", "sample", "--out", "review")
    assert (code, err) == (0, "")
    assert out.startswith("20 of 20 records reviewed. Reasonable: 100.0% (95% interval ")
    assert (tmp_path / "review" / "grounds.csv").is_file()
    assert run("sample", *asked)[0] == 2
    assert run("review", *forms, "--sample", "sample", "--out", "review")[0] == 2


def test_an_unfinished_review_ends_with_3_unless_it_may_be(run, tmp_path):
    run("sample", "--project", example.PROJECT, "--size", "20", "--out", "sample")
    change(fill(tmp_path / "sample" / "review-1.csv", lambda _: ("yes", "")), 4, reasonable="")
    asked = ("review", "sample/review-1.csv", "--sample", "sample", "--out", "review")
    code, out, err = run(*asked)
    assert (code, out) == (3, "")
    assert "review-1.csv, row 6" in err
    code, out, _ = run(*asked, "--allow-unfinished")
    assert (code, out.splitlines()[0][:52]) == (0, "19 of 20 records reviewed, 1 without an answer. Reas")


def test_a_record_number_does_not_steer_the_terminal_of_who_plans(run):
    code, out, err = run("sample", "--project", example.PROJECT, "--plan", "--force", "\x1b[2J")
    assert (code, out) == (2, "")
    assert "\x1b" not in err
