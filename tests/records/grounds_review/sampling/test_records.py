"""The searches that a sample is drawn from."""

from pathlib import Path

import pytest

from disparity.project.settings import make_settings
from disparity.records.grounds_review.sampling.records import list_searches
from disparity.vocabulary.errors import DataError, RequestError

HEADER = "Ref,When,Kind,Ethnicity,Object,Grounds\n"
COLUMNS = {
    **{"record_id": "Ref", "searched_at": "When", "subject": "Kind", "self_defined_ethnicity": "Ethnicity"},
    **{"object_of_search": "Object", "grounds": "Grounds"},
}
ROWS = (
    "02,30/04/2024 10:00,person,B1,stolen_goods,Ran from an alarm\n",
    "01,01/04/2024 10:00,person,,drugs,\n",
    "03,02/04/2024 10:00,vehicle,,drugs,A van\n",
    ",03/04/2024 10:00,person,W1,drugs,No number\n",
    "04,01/05/2024 10:00,person,W1,drugs,Another month\n",
)


def extract(path: Path, rows=ROWS, force="fellshire", columns=COLUMNS):
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return {"file": path, "force": force, "date_format": "%d/%m/%Y %H:%M", "columns": columns}


def publish(*extracts):
    return make_settings({"extracts": list(extracts), "from": "2024-04", "to": "2024-04"}, where="a test")


def test_searches_of_persons_in_the_months_are_listed_by_number_with_blank_grounds_kept(tmp_path):
    listed = list_searches(publish(extract(tmp_path / "one.csv")), "")
    assert listed.rows.select("record_id", "ethnic_group", "search_type", "grounds").rows() == [
        ("01", "Not recorded", "drugs_unspecified", ""),
        ("02", "Black", "stolen_property", "Ran from an alarm"),
    ]
    assert (listed.force, listed.without_id) == ("fellshire", 1)


def test_files_of_one_force_are_one_list_whatever_their_order(tmp_path):
    one, two = extract(tmp_path / "one.csv", ROWS[:1]), extract(tmp_path / "two.csv", ROWS[1:2])
    assert list_searches(publish(one, two), "").rows.equals(list_searches(publish(two, one), "").rows)


def test_a_number_in_two_files_is_refused(tmp_path):
    one, two = extract(tmp_path / "one.csv", ROWS[:1]), extract(tmp_path / "two.csv", ROWS[:1])
    with pytest.raises(DataError, match="1 record numbers are in more than one extract"):
        list_searches(publish(one, two), "")


def test_an_extract_without_grounds_is_no_source(tmp_path):
    columns = {name: theirs for name, theirs in COLUMNS.items() if name != "grounds"}
    with pytest.raises(RequestError) as error:
        list_searches(publish(extract(tmp_path / "one.csv", columns=columns)), "")
    assert str(error.value) == (
        "there is no extract with record numbers and grounds\n"
        "  where:    [[extracts]] of the project file\n"
        "  found:    1 extracts\n"
        "  what now: map record_id and grounds under [extracts.columns]; docs/grounds-review.md"
    )


def test_of_two_forces_one_must_be_named(tmp_path):
    both = publish(extract(tmp_path / "one.csv"), extract(tmp_path / "two.csv", force="mereside"))
    with pytest.raises(RequestError, match="extracts of several forces have grounds"):
        list_searches(both, "")
    assert list_searches(both, "mereside").force == "mereside"
    with pytest.raises(RequestError, match="there is no extract of westwold with record numbers and grounds"):
        list_searches(both, "westwold")


def test_months_without_a_search_are_refused(tmp_path):
    with pytest.raises(DataError, match="there is no search in these months"):
        list_searches(publish(extract(tmp_path / "one.csv", ROWS[4:])), "")
