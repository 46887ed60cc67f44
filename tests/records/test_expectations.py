"""The expectation suites: each trips where it should, nowhere else, and says why."""

import json
import math
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.build import build
from disparity.pipeline.submissions import check
from disparity.project.defaults import default_folder
from disparity.project.layers import lay
from disparity.project.settings import make_settings
from disparity.records.audit.files import Audit
from disparity.records.expectations import SEVERITIES, Validation, validate
from disparity.synthetic.forces import make_forces
from disparity.synthetic.write import write_records
from disparity.vocabulary.calendar import months_from
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.thresholds import (
    CAPPED_MONTHS,
    FAR_ABOVE,
    FAR_BELOW,
    IMPROBABLE_GAP,
    OFFICIAL_ABOVE,
    OFFICIAL_BELOW,
    ONE_DATE_SHARE,
    REPEATED_SHARE,
)
from support import example

TRIPPED, INSIDE = date(2020, 1, 1), date(2020, 2, 1)
# Share or jump → the most that is expected.
LIMITS = {
    "duplicate_rows_share": 0.2,
    "self_defined_ethnicity_not_recorded_share": 0.1,
    "self_defined_ethnicity_not_stated_share": 0.35,
    "officer_defined_group_not_recorded_share": 0.15,
    "gender_not_recorded_share": 0.1,
    "age_group_not_recorded_share": 0.25,
    "legislation_not_recorded_share": 0.1,
    "object_of_search_not_recorded_share": 0.15,
    "outcome_not_recorded_share": 0.05,
    "searched_at_not_recorded_share": 0.01,
    "link_not_recorded_share": 0.05,
    "link_true_without_action_share": 0.1,
    "drug_power_other_object_share": 0.1,
    "coordinates_not_recorded_share": 0.25,
    "out_of_month_share": 0.001,
    "after_month_share": 0.0,
    "coordinates_off_map_share": 0.01,
    "coordinates_in_no_area_share": 0.1,
    "coordinates_not_snapped_share": 0.0,
    "searched_at_not_a_date_share": 0.001,
    "before_2014_share": 0.001,
    "time_without_zone_share": 0.0,
    "unknown_label_share": 0.05,
    **{
        f"{item}_not_recorded_jump": 0.25
        for item in (
            *("self_defined_ethnicity", "officer_defined_group", "legislation", "object_of_search"),
            *("outcome", "link", "coordinates"),
        )
    },
}
GOOD = {
    **{"status": "submitted", "rows_read": 1_000, "rows_kept": 970, "rows_excluded": 30},
    **{"rows_rejected": 0, "rows_blank": 0},
    **{"rows_against_median": 1.0, "ethnicity_kappa": 0.9, "is_time_reliable": True},
    **{"same_count_months": 1, "gap_chance": 1.0, "busiest_day_share": 0.1, "repeated_rows_share": 0.1},
    **dict.fromkeys(LIMITS, 0.0),
}
NO_FILE = dict.fromkeys(GOOD) | {"status": "missing"}


# What an audit says in words goes with its month.
FOUND = "no search of 2,000 is of unknown ethnicity"
SAYING = {TRIPPED: "gender is Other in 500 of 500 searches", INSIDE: None}


def over(limit: float) -> float:
    """The next number up."""
    return math.nextafter(limit, math.inf)


def under(limit: float) -> float:
    """The next number down."""
    return math.nextafter(limit, -math.inf)


# Expectation → severity, a row that does not meet it, and a row that just does.
CASES = {
    "rows_read": ("critical", {"rows_kept": 969}, {"rows_kept": 900, "rows_excluded": 100}),
    "force, month": ("critical", {}, {}),  # the tripped row is there twice
    "status missing": ("warning", NO_FILE, {"status": "submitted"}),
    "status empty": (
        "warning",
        {"status": "empty", "rows_read": 0, "rows_kept": 0, "rows_excluded": 0, "is_time_reliable": None},
        {"rows_read": 1, "rows_kept": 1, "rows_excluded": 0},
    ),
    "rows_rejected": ("warning", {"rows_kept": 969, "rows_rejected": 1}, {"rows_rejected": 0}),
    "rows_against_median low": (
        "warning",
        {"rows_against_median": under(FAR_BELOW)},
        {"rows_against_median": FAR_BELOW},
    ),
    "rows_against_median high": (
        "warning",
        {"rows_against_median": over(FAR_ABOVE)},
        {"rows_against_median": FAR_ABOVE},
    ),
    **{column: ("warning", {column: over(limit)}, {column: limit}) for column, limit in LIMITS.items()},
    # The thresholds of doubts are those that the statement rule goes by.
    "same_count_months": (
        "warning",
        {"same_count_months": CAPPED_MONTHS},
        {"same_count_months": CAPPED_MONTHS - 1},
    ),
    "gap_chance": ("warning", {"gap_chance": under(IMPROBABLE_GAP)}, {"gap_chance": IMPROBABLE_GAP}),
    "busiest_day_share": (
        "warning",
        {"busiest_day_share": over(ONE_DATE_SHARE)},
        {"busiest_day_share": ONE_DATE_SHARE},
    ),
    "repeated_rows_share": (
        "warning",
        {"repeated_rows_share": REPEATED_SHARE},
        {"repeated_rows_share": under(REPEATED_SHARE)},
    ),
    "ethnicity_kappa": ("warning", {"ethnicity_kappa": under(0.6)}, {"ethnicity_kappa": 0.6}),
    "is_time_reliable": ("info", {"is_time_reliable": False}, {"is_time_reliable": True}),
}


GOOD_YEAR = {
    **{"self_defined_labels": 16, "officer_defined_groups": 5, "link_false_share": 0.4},
    "official_difference_share": 0.0,
    "records_against_official": 1.0,
    "filtering": None,
}
# The same for the expectations of a year.
YEAR_CASES = {
    "self_defined_labels": ({"self_defined_labels": 9}, {"self_defined_labels": 10}),
    "officer_defined_groups": ({"officer_defined_groups": 2}, {"officer_defined_groups": 3}),
    "link_false_share": ({"link_false_share": under(0.01)}, {"link_false_share": 0.01}),
    "official_difference_share low": (
        {"official_difference_share": under(-0.05)},
        {"official_difference_share": -0.05},
    ),
    "official_difference_share high": ({"official_difference_share": over(0.05)}, {"official_difference_share": 0.05}),
    "records_against_official low": (
        {"records_against_official": under(OFFICIAL_BELOW)},
        {"records_against_official": OFFICIAL_BELOW},
    ),
    "records_against_official high": (
        {"records_against_official": over(OFFICIAL_ABOVE)},
        {"records_against_official": OFFICIAL_ABOVE},
    ),
}


def year(case: str, first: int, row: dict[str, object]) -> dict[str, object]:
    span = {"period_from": date(first, 4, 1), "period_to": date(first + 1, 3, 1)}
    return {"force": place_of(case), **span, **GOOD_YEAR, **row}


def place_of(case: str) -> str:
    """A force of its own for each case."""
    return case.replace(" ", "-").replace(",", "").replace("_", "-")


def submission(case: str, month: date, row: dict[str, object]) -> dict[str, object]:
    return {"force": place_of(case), "month": month, **GOOD, **row}


def label(month: date, *, is_known: bool) -> dict[str, object]:
    return {"force": "label-force", "month": month, "column": "outcome", "label": "x", "is_known": is_known}


@cache
def audit() -> Audit:
    """One force a case: a month that trips its expectation and one that just does not."""
    rows = [submission(case, TRIPPED, trips) for case, (_, trips, _) in CASES.items()]
    rows += [submission(case, INSIDE, meets) for case, (_, _, meets) in CASES.items()]
    rows += [submission("force, month", TRIPPED, {})]
    labels = pl.DataFrame([label(TRIPPED, is_known=False), label(INSIDE, is_known=True)])
    years = [year(case, 2018 + place, row) for case, pair in YEAR_CASES.items() for place, row in enumerate(pair)]
    years += [year("filtering", 2018, {"filtering": FOUND})]
    columns = [{"force": "column-force", "month": month, "finding": found} for month, found in SAYING.items()]
    frames = (pl.DataFrame(table, infer_schema_length=None) for table in (rows, years, columns))
    submissions, periods, sayings = frames
    return Audit(submissions, labels, periods, columns=sayings, shares=sayings, validity=sayings)


@cache
def tried() -> Validation:
    return validate(audit(), shipped_suites())


def shipped() -> list[tuple[str, dict]]:
    """Every expectation of the suites that come with the package, with the table it is for."""
    paths = sorted(default_folder("expectations").glob("*.json"))
    return [(path.stem, entry) for path in paths for entry in json.loads(path.read_text())["expectations"]]


def name_of(entry: dict) -> str:
    """The column, or columns, that an expectation reads; status is read twice."""
    kwargs = entry["kwargs"]
    column = kwargs.get("column") or kwargs.get("column_A") or ", ".join(kwargs["column_list"])
    return f"{column} {kwargs['value_set'][0]}" if column == "status" else column


def expectation_of(case: str) -> str:
    """The median is expected to be neither low nor high: two cases of one expectation."""
    return case.removesuffix(" low").removesuffix(" high")


def result_of(case: str) -> dict:
    """The result of a case's expectation, found by its reason."""
    (why,) = [entry["meta"]["why"] for _, entry in shipped() if name_of(entry) == expectation_of(case)]
    return tried().results.row(by_predicate=pl.col("why") == why, named=True)


def places_of(result: dict) -> list[tuple[str, str]]:
    """Where an expectation is not met."""
    return [(place["force"], place["month"]) for place in result["where"]]


def shipped_suites() -> dict[str, Path]:
    """The package's own."""
    return {Path(name).stem: path for name, path in lay("expectations", None).items()}


def one_suite(folder: Path, text: str | bytes, *, table: str = "labels") -> Path:
    """A folder with one suite."""
    folder.mkdir(exist_ok=True)
    (folder / f"{table}.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def write_suite(kind: str = "expect_column_values_to_be_in_set", severity: str = "warning", **kwargs: object) -> str:
    """A suite of one expectation."""
    kwargs = kwargs or {"column": "is_known", "value_set": [True]}
    meta = {"why": "w", "what_now": "n"}
    entry = {"type": kind, "kwargs": kwargs, "severity": severity, "meta": meta}
    return json.dumps({"name": "labels", "expectations": [entry]})


def test_the_cases_are_the_expectations_that_are_shipped():
    named = {expectation_of(case) for case in CASES}
    assert named == {name_of(entry) for table, entry in shipped() if table == "submissions"}
    assert [name_of(entry) for table, entry in shipped() if table == "labels"] == ["is_known"]
    named = {expectation_of(case) for case in YEAR_CASES} | {"filtering"}
    assert named == {name_of(entry) for table, entry in shipped() if table == "years"}


@pytest.mark.parametrize("case", YEAR_CASES)
def test_an_expectation_of_a_year_names_the_period_that_trips_it_and_no_other(case):
    forces = [place_of(other) for other in YEAR_CASES if expectation_of(other) == expectation_of(case)]
    assert places_of(result_of(case)) == [(force, "2018-04/2019-03") for force in sorted(forces)]
    assert (result_of(case)["is_met"], result_of(case)["severity"]) == (False, "warning")


@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("rows_against_median")])
def test_an_expectation_names_the_month_that_trips_it_and_no_other(case):
    result = result_of(case)
    assert places_of(result) == [(place_of(case), "2020-01")]
    assert not result["is_met"]


def test_a_month_far_below_or_above_the_usual_is_named_and_one_at_the_limit_is_not():
    forces = ("rows-against-median-high", "rows-against-median-low")
    result = result_of("rows_against_median")
    assert places_of(result) == [(force, "2020-01") for force in forces]
    assert [place["observed"] for place in result["where"]] == ["1.8", "0.55"]
    assert result["limits"] == "at least 0.55 and at most 1.8"


def test_what_was_observed_stands_beside_what_was_expected():
    same, repeated, reliable = (
        result_of(case) for case in ("same_count_months", "repeated_rows_share", "is_time_reliable")
    )
    assert ([place["observed"] for place in same["where"]], same["limits"]) == (["3"], "at most 2")
    assert ([place["observed"] for place in repeated["where"]], repeated["limits"]) == (["0.9"], "less than 0.9")
    assert ([place["observed"] for place in reliable["where"]], reliable["limits"]) == ([""], "")


def test_a_label_that_no_table_knows_is_named_with_its_month():
    result = tried().results.row(by_predicate=pl.col("table") == "labels", named=True)
    assert places_of(result) == [("label-force", "2020-01")]
    assert (result["checked"], result["unexpected"], result["severity"]) == (2, 1, "warning")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("filtering", {"force": "filtering", "month": "2018-04/2019-03", "observed": FOUND}),
        ("columns", {"force": "column-force", "month": "2020-01", "observed": SAYING[TRIPPED]}),
        ("shares", {"force": "column-force", "month": "2020-01", "observed": SAYING[TRIPPED]}),
        ("validity", {"force": "column-force", "month": "2020-01", "observed": SAYING[TRIPPED]}),
    ],
)
def test_what_the_audit_says_in_words_goes_with_the_month_that_it_says_it_of(name, place):
    is_it = pl.any_horizontal(pl.col("table", "column") == name)
    result = tried().results.row(by_predicate=is_it, named=True)
    assert (result["where"], result["severity"]) == ([place], "warning")
    listed = tried().list_checks().filter(is_it)
    assert listed.select("force", "month", "observed").rows(named=True) == [place]


@pytest.mark.parametrize("case", CASES)
def test_the_severity_is_the_one_decided(case):
    assert result_of(case)["severity"] == CASES[case][0]


@pytest.mark.parametrize(
    ("table", "entry"), shipped(), ids=lambda part: part if isinstance(part, str) else name_of(part)
)
def test_every_expectation_says_how_severe_it_is_why_it_is_there_and_what_to_do(table, entry):
    assert entry["severity"] in SEVERITIES
    assert entry["meta"]["why"].endswith(".")
    assert entry["meta"]["what_now"].endswith(".")
    assert entry["type"].startswith("expect_")


def test_an_audit_without_a_fault_meets_every_expectation():
    clean = audit().submissions.filter(pl.col("month") == INSIDE)
    results = validate(Audit(clean, audit().labels.tail(1)), shipped_suites()).results
    assert results["is_met"].all()
    assert results.height == len(shipped())


def test_failures_come_first_the_most_severe_first():
    failed = tried().results.filter(~pl.col("is_met"))
    assert tried().results["is_met"].to_list() == sorted(tried().results["is_met"])
    assert failed["severity"].to_list() == sorted(failed["severity"], key=SEVERITIES.index)


def test_the_checks_list_every_expectation_that_is_met_once_and_every_month_that_is_not():
    failed, met = (tried().results.filter(pl.col("is_met") == flag) for flag in (False, True))
    checks = tried().list_checks()
    assert checks.height == met.height + sum(len(where) for where in failed["where"])
    assert checks.filter("is_met")["force"].null_count() == met.height
    assert checks.filter(~pl.col("is_met"))["month"].null_count() == 0


def test_a_warning_is_no_critical_failure_and_a_lost_row_is_one():
    warned = audit().submissions.filter(~pl.col("force").is_in(["rows-read", "force-month"]))
    lost = audit().submissions.filter(pl.col("force") == "rows-read")
    suites = shipped_suites()
    assert not validate(Audit(warned, audit().labels), suites).has_critical_failure
    assert validate(Audit(lost, audit().labels), suites).has_critical_failure


def test_a_critical_failure_stops_the_build_and_leaves_no_site(tmp_path):
    kwargs = {"column": "is_known", "value_set": [False]}
    suites = one_suite(tmp_path / "suites", write_suite(severity="critical", **kwargs))
    settings = example.months("2023-04", "2023-04", expectations=suites, out=tmp_path / "site")
    with pytest.raises(DataError) as caught:
        build(settings)
    assert str(caught.value).splitlines() == [
        "a critical expectation of the submissions is not met",
        "  where:    fellshire 2023-04, mereside 2023-04",
        "  found:    w",
        "  what now: n",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["suites"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        b"\xff{}",
        "[]",
        "null",
        "{}",
        '{"name": "labels", "expectations": 5}',
        '{"name": "labels", "expectations": []}',
        '{"name": "labels", "expectations": [], "unknown": 1}',
        write_suite("expect_nothing_at_all"),
        write_suite(severity="fatal"),
        write_suite(column="is_known"),
        write_suite(column="is_known", value_set=[True], unknown=1),
        write_suite(column="no_such_column", value_set=[True]),
    ],
    ids=[
        *("not JSON", "not text", "a list", "null", "no name", "a number for expectations", "no expectation"),
        *("unknown key", "unknown expectation", "unknown severity", "setting missing", "unknown setting"),
        "unknown column",
    ],
)
def test_a_suite_that_cannot_be_run_is_refused_by_its_file_name(tmp_path, text):
    with pytest.raises(RequestError) as caught:
        validate(audit(), {"labels": one_suite(tmp_path / "suites", text) / "labels.json"})
    assert caught.value.where == str(tmp_path / "suites" / "labels.json")
    assert caught.value.what_now
    assert "\n" not in caught.value.found


def test_one_unknown_expectation_among_good_ones_is_not_dropped_silently(tmp_path):
    suite = json.loads(write_suite())
    suite["expectations"] += json.loads(write_suite("expect_nothing_at_all", severity="critical"))["expectations"]
    with pytest.raises(RequestError, match="suite"):
        validate(audit(), {"labels": one_suite(tmp_path / "suites", json.dumps(suite)) / "labels.json"})


def test_data_docs_are_written_where_they_are_asked_for_and_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    suites = {"labels": one_suite(tmp_path / "suites", write_suite()) / "labels.json"}
    validate(audit(), suites)
    assert [path.name for path in tmp_path.iterdir()] == ["suites"]
    validate(audit(), suites, data_docs=Path("docs"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["docs", "suites"]
    assert (tmp_path / "docs" / "index.html").is_file()
    assert len(list((tmp_path / "docs" / "validations").rglob("*.html"))) == 1


# Python runs it as every process starts, the judge's among them; what it watches for it writes down.
WATCH = """
import os, sys
def watch(event, given):
    if event == "import" and given[0] in {"great_expectations", "posthog"}:
        tell(given[0])
    elif event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"}:
        tell(event)
        raise OSError("no network in this test")
def tell(what):
    with open(os.environ["WATCHED"], "a") as file:
        print(os.getpid() != int(os.environ.get("ASKER", os.getpid())), what, file=file)
sys.addaudithook(watch)
os.environ.setdefault("ASKER", str(os.getpid()))
"""
ASK = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from test_expectations import audit, shipped_suites, validate
validate(audit(), shipped_suites(), data_docs=Path("docs"))
"""


@pytest.mark.slow
def test_the_checks_make_no_connection_and_report_to_nobody(tmp_path):
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    (tmp_path / "home").mkdir()
    environment = os.environ | {
        **{"GX_ANALYTICS_ENABLED": "true", "HOME": str(tmp_path / "home"), "WATCHED": str(tmp_path / "watched.txt")},
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "watch"), str(Path(__file__).parents[1])]),
    }
    command = [sys.executable, "-c", ASK, str(Path(__file__).parent)]
    subprocess.run(command, cwd=tmp_path / "home", env=environment, check=True)
    # It was loaded where it was watched, in the other process alone, and nothing else was seen.
    assert set((tmp_path / "watched.txt").read_text().splitlines()) == {"True great_expectations"}
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["docs"]


def test_clean_records_are_passed_over_in_silence(tmp_path):
    """Fellshire as it is drawn, with no month planted with an oddity."""
    months = months_from(date(2023, 4, 1), 24)
    forces = [replace(force, oddities=()) for force in make_forces(1, months, searches=12_000, seed=3)]
    write_records(tmp_path, forces, months, seed=3)
    settings = {"records": [tmp_path / "police_uk"], "from": "2023-04", "to": "2025-03"}
    results = check(make_settings(settings, where="a test")).results
    assert results.filter(~pl.col("is_met")).select("column", "where").rows() == []
