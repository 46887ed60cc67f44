"""What a check found, for people and machines; and against an earlier check, only what got worse."""

import json
import xml.etree.ElementTree as ET

import polars as pl
import pytest

from disparity.records.check_report import (
    any_worse,
    list_failures,
    write_annotations,
    write_brief,
    write_json,
    write_junit,
    write_text,
)
from disparity.records.expectations import PLACE, Validation
from disparity.vocabulary.errors import RequestError
from support.example import RESULT_COLUMNS


def result(why, severity="warning", places=(), *, column="outcome_not_recorded_share", seen=("", "")):
    observed, limits = seen
    where = [{"force": force, "month": month, "observed": observed} for force, month in places]
    found = [not places, 24, len(places), where, limits]
    values = ["submissions", severity, "between", column, *found, why, "ask the force"]
    return dict(zip(RESULT_COLUMNS, values, strict=True))


def validation(*rows):
    return Validation(pl.DataFrame(list(rows), schema_overrides={"where": pl.List(PLACE)}))


KENT = ("kent", "2020-01")
FOUND = validation(
    result("A blank outcome", places=[KENT, ("kent", "2020-02"), ("lancashire", "2019-05")]),
    result("A lost row", "critical"),
)
LOST = validation(result("A lost row", "critical", [KENT]))


def baseline(tmp_path, found):
    path = tmp_path / "baseline.json"
    path.write_text(write_json(found, list_failures(found)), encoding="utf-8")
    return path


def test_a_person_reads_what_is_not_met_where_and_what_to_do():
    assert write_text(FOUND, list_failures(FOUND)) == (
        "1 of 2 expectations are met.\n\nWARNING: A blank outcome\n"
        "  kent: January 2020 to February 2020\n  lancashire: May 2019\n  what now: ask the force"
    )


def test_a_build_tells_its_publisher_what_the_checks_found_and_what_to_do():
    assert write_brief(list_failures(FOUND)) == (
        "What the checks found, for you and not on the pages (`disparity check` has all of it):\n"
        "  warning: A blank outcome [kent: January 2020 to February 2020; lancashire: May 2019]\n"
        "    what now: ask the force"
    )
    assert write_brief([]) == ""


def test_what_a_build_tells_of_many_checks_and_forces_is_cut_short_and_says_so():
    many = validation(*(result(f"Check {number}", places=[KENT], column=f"c{number}") for number in range(20)))
    assert write_brief(list_failures(many)).splitlines()[-1] == "  and 8 more"
    forces = [(f"force-{number}", "2020-01") for number in range(9)]
    assert "; and 6 more]" in write_brief(list_failures(validation(result("A spike", places=forces))))


def test_what_was_observed_and_expected_stands_beside_the_months():
    found = validation(result("A spike", places=[KENT], seen=("3.52", "at most 1.8")))
    assert "  kent: January 2020 (3.52; expected at most 1.8)\n" in write_text(found, list_failures(found))


def test_a_month_that_is_worse_than_before_is_no_new_place(tmp_path):
    before = baseline(tmp_path, validation(result("A spike", places=[KENT], seen=("2", "at most 1.8"))))
    now = validation(result("A spike", places=[KENT], seen=("3", "at most 1.8")))
    assert not any_worse(list_failures(now, before))


def test_without_a_baseline_only_a_critical_failure_counts():
    assert not any_worse(list_failures(FOUND))
    assert any_worse(list_failures(LOST))


def test_what_failed_before_does_not_count_again(tmp_path):
    assert not any_worse(list_failures(LOST, baseline(tmp_path, LOST)))


@pytest.mark.parametrize(
    ("severity", "month", "counts"),
    [("warning", "2020-03", True), ("warning", "2020-01", False), ("info", "2020-03", False)],
)
def test_a_month_that_fails_anew_counts_unless_it_is_for_information(tmp_path, severity, month, counts):
    before = baseline(tmp_path, validation(result("A blank outcome", severity, [KENT])))
    now = validation(result("A blank outcome", severity, [("kent", month)]))
    assert any_worse(list_failures(now, before)) is counts


def test_another_expectation_of_the_same_column_is_not_excused_by_the_baseline(tmp_path):
    before = baseline(tmp_path, validation(result("A missing month", places=[KENT], column="status")))
    now = validation(result("An empty month", places=[KENT], column="status"))
    assert any_worse(list_failures(now, before))


@pytest.mark.parametrize("text", ["", "[]", '{"results": 3}', '{"results": [{}]}'])
def test_a_baseline_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "old.json"
    path.write_text(text)
    with pytest.raises(RequestError, match="the baseline cannot be read") as error:
        list_failures(FOUND, path)
    assert "old.json" in str(error.value)


def test_junit_has_a_case_for_every_expectation_and_a_failure_where_it_counts():
    (quiet,), (loud,) = ([ET.fromstring(write_junit(found, list_failures(found)))] for found in (FOUND, LOST))
    assert (quiet.get("tests"), quiet.get("failures"), len(quiet.findall("testcase"))) == ("2", "0", 2)
    assert "kent: January 2020 to February 2020" in quiet.find("testcase/system-out").text
    assert (loud.get("failures"), loud.find("testcase/failure").get("type")) == ("1", "critical")


def test_an_annotation_is_one_line_of_the_level_of_its_severity():
    found = validation(result("50% blank\nor more", places=[KENT]), result("Midnight", "info", [KENT]))
    assert write_annotations(list_failures(found)).splitlines() == [
        "::warning title=disparity check submissions::"
        "50%25 blank%0Aor more%0Akent: January 2020%0AWhat now: ask the force",
        "::notice title=disparity check submissions::Midnight%0Akent: January 2020%0AWhat now: ask the force",
    ]
    assert write_annotations(list_failures(LOST)).startswith("::error ")


def test_a_period_reads_as_its_two_ends():
    found = validation(result("Labels", places=[("kent", "2019-04/2020-03")]))
    assert "  kent: 2019-04 to 2020-03" in write_text(found, list_failures(found))


def test_the_json_holds_every_result():
    found = json.loads(write_json(FOUND, list_failures(FOUND)))
    assert (found["has_critical_failure"], found["is_worse"], len(found["results"])) == (False, False, 2)
    assert found["results"][0]["where"][0] == {"force": "kent", "month": "2020-01", "observed": ""}


def test_what_the_audit_says_in_a_sentence_is_a_line_with_its_months():
    said = "gender is Other in 300 of 300 searches"
    columns = validation(result("A column", places=[KENT, ("kent", "2020-02"), ("essex", "2020-01")], seen=(said, "")))
    (failure,) = list_failures(columns)
    assert failure.name_places() == [f"kent: January 2020 to February 2020: {said}", f"essex: January 2020: {said}"]


def test_a_number_that_is_said_in_words_stands_beside_what_was_expected():
    seen = ("under 0.0001", "at least 0.0001")
    (failure,) = list_failures(validation(result("A gap", places=[KENT, ("kent", "2020-02")], seen=seen)))
    assert failure.name_places() == ["kent: January 2020 to February 2020 (under 0.0001; expected at least 0.0001)"]
