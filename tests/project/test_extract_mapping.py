"""What a project file may declare of a force's own extract: every wrong word is named before a file is opened."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from disparity.project.extract_mapping import COLUMNS, GRID_COLUMNS, TIME_COLUMNS, ExtractSettings
from disparity.project.settings import make_settings
from disparity.sources.raw import RAW_COLUMNS
from disparity.vocabulary.errors import RequestError

COLUMNS_OF = {"searched_at": "When", "outcome": "Disposal"}


def make(**settings: Any) -> ExtractSettings:
    whole = {"file": Path("a.csv"), "force": "fellshire", "columns": COLUMNS_OF, **settings}
    return ExtractSettings.model_validate(whole)


def refuse(**settings: Any) -> str:
    with pytest.raises(ValidationError) as error:
        make(**settings)
    return "; ".join(problem["msg"] for problem in error.value.errors(include_url=False))


def test_every_column_of_a_record_can_be_mapped_and_no_other() -> None:
    read_otherwise = {*TIME_COLUMNS, *GRID_COLUMNS, "force", "person_key"}
    assert {*COLUMNS} - read_otherwise == {*RAW_COLUMNS} - {"searched_at"}


def test_a_column_that_is_not_ours_gets_the_nearest_that_is() -> None:
    said = refuse(columns={"searched_at": "When", "self_defined_ethnicty": "SDE"})
    assert "'self_defined_ethnicty' is none of our columns: did you mean 'self_defined_ethnicity'?" in said


def test_a_column_like_none_of_ours_gets_the_list() -> None:
    assert "; there are searched_at, search_date" in refuse(columns={"searched_at": "When", "zzz": "Z"})


def test_a_code_that_no_vocabulary_has_is_named_with_the_nearest() -> None:
    said = refuse(values={"outcome": {"NFA": "no_futher_action"}})
    assert "'no_futher_action' is no code of outcome: did you mean 'no_further_action'?" in said


@pytest.mark.parametrize(("column", "label"), [("gender", "Man"), ("age_group", "35-44")])
def test_a_label_that_no_table_would_know_is_no_code(column: str, label: str) -> None:
    """Mapped to it, every such value would count as not recorded."""
    said = refuse(columns={**COLUMNS_OF, column: "X"}, values={column: {"a": label}})
    assert f"{label!r} is no code of {column}" in said


@pytest.mark.parametrize(("column", "label"), [("gender", "male"), ("gender", ""), ("age_group", "Over 34")])
def test_a_label_that_a_table_knows_is_one_in_any_case(column: str, label: str) -> None:
    assert make(columns={**COLUMNS_OF, column: "X"}, values={column: {"a": label}})


@pytest.mark.parametrize("code", ["W1", "NS", ""])
def test_our_codes_are_accepted_and_so_is_not_recorded(code: str) -> None:
    columns = {**COLUMNS_OF, "self_defined_ethnicity": "SDE"}
    assert make(columns=columns, values={"self_defined_ethnicity": {"x": code}})


def test_a_flag_may_be_written_as_a_truth_value() -> None:
    settings = make(columns={**COLUMNS_OF, "is_item_found": "F"}, values={"is_item_found": {"Y": True, "N": "false"}})
    assert settings.values["is_item_found"] == {"Y": "true", "N": "false"}


def test_files_are_printed_as_they_are_written() -> None:
    one, two = Path("a.csv"), Path("b*.csv")
    assert make(file=one).model_dump(by_alias=True)["file"] == one
    assert make(file=[one, two]).model_dump(by_alias=True)["file"] == [one, two]


def test_words_without_codes_may_be_respelt_as_the_project_likes() -> None:
    assert make(columns={**COLUMNS_OF, "area": "BCU"}, values={"area": {"N1": "North"}})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"values": {"outcome": {" ": "no_further_action"}}}, "a blank outcome is not recorded"),
        ({"values": {"grounds": {"a": "b"}}}, "'grounds' takes no values"),
        ({"values": {"subject": {"P": "person"}}}, "values of subject, but no such column"),
        ({"columns": {"outcome": "Disposal"}}, "name one of searched_at"),
        ({"columns": {"searched_at": "a", "search_date": "b"}}, "name one of searched_at"),
        ({"columns": {"searched_at": "a", "search_time": "b"}}, "search_time goes with search_date"),
        ({"date_format": "%d/%m"}, "does not give day, month and year"),
        ({"date_format": "dd/mm/yyyy"}, "does not give day, month and year"),
        ({"date_format": "%d/%m/%Y %"}, "does not give day, month and year"),
        ({"time_zone": "London"}, "'London' is no time zone"),
        ({"time_zone": "../etc"}, "is no time zone"),
        ({"encoding": "excel"}, "'excel' is no encoding"),
        ({"separator": ""}, "'' is no separator; one of , ; | or a tab is"),
        ({"separator": '"'}, "is no separator"),
        ({"separator": "a"}, "is no separator"),
        ({"separator": "§"}, "is no separator"),
        ({"separator": ",,"}, "is no separator"),
        ({"force": "Fell Shire"}, "should match pattern"),
        ({"unheard": 1}, "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_is_refused_in_words(settings: dict[str, Any], said: str) -> None:
    assert said in refuse(**settings)


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%d-%b-%y %I:%M %p", "%d/%m/%Y %H:%M %z"])
def test_any_form_that_gives_the_whole_date_will_do(form: str) -> None:
    assert make(date_format=form).date_forms == (form,)


@pytest.mark.parametrize("ours", ["area", "operation", "gender", "record_id", "grounds"])
def test_a_personal_column_is_refused_whatever_it_is_mapped_to(ours: str) -> None:
    said = refuse(columns={"searched_at": "When", ours: "Searching Officer"})
    assert f"{ours} = 'Searching Officer' looks like personal data, which is never read" in said


def test_the_number_of_an_occurrence_may_tell_rows_apart_and_nothing_else() -> None:
    assert make(columns={"searched_at": "When", "record_id": "Occurrence No"})
    assert "area = 'Occurrence No'" in refuse(columns={"searched_at": "When", "area": "Occurrence No"})


def refuse_project(**extract: Any) -> RequestError:
    whole = {"file": "a.csv", "force": "fellshire", "columns": COLUMNS_OF, **extract}
    with pytest.raises(RequestError) as error:
        make_settings({"from": "2026-04", "to": "2027-03", "extracts": [whole]}, where="disparity.toml")
    return error.value


def test_the_refusal_of_a_personal_column_has_its_page_and_a_way_out() -> None:
    error = refuse_project(columns={"searched_at": "When", "area": "Searching Officer"})
    assert error.code == "E127"
    assert "extracts.0.columns: area = 'Searching Officer'" in error.found
    assert "delete that line" in error.what_now
    assert "disparity init" not in error.what_now


def test_a_code_that_there_is_not_names_the_page_of_all_codes() -> None:
    error = refuse_project(values={"outcome": {"NFA": "nfa"}})
    assert error.what_now == "docs/codes.md lists the codes of every column; `disparity schema --codes` prints it"


def test_other_wrong_keys_name_what_explains_every_key() -> None:
    assert "disparity init" in refuse_project(forse="x").what_now
