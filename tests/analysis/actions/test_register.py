"""The register of actions: what an entry may say, and what is said of one that makes no sense."""

from datetime import date

import pytest

from disparity.analysis.actions.register import list_actions, read_register
from disparity.vocabulary.errors import RequestError
from support import example

ENTRY = """
force = "fellshire"
measure = "search_rate"
ethnic_group = "Black"
found = "Searched more often."
explanation = "Two teams."
evidence = ["A review", "A second one"]
action = "A supervisor looks at each search."
owner = "Superintendent, operations"
start = 2024-04-01
review = 2025-03-31
status = "under way"
"""


def read(folder, text, **settings):
    (folder / "one.toml").write_text(text, encoding="utf-8")
    return read_register(example.settings(actions=folder, **settings), ["fellshire", "mereside"])


def refused(folder, text):
    with pytest.raises(RequestError) as caught:
        read(folder, text)
    return str(caught.value)


def test_an_entry_is_read_by_the_name_of_its_file(tmp_path):
    entry = read(tmp_path, ENTRY)["one"]
    assert (entry.force, entry.search_type, entry.start) == ("fellshire", "All", date(2024, 4, 1))


def test_an_entry_on_all_types_answers_for_each_and_one_on_drugs_for_its_parts(tmp_path):
    every = read(tmp_path, ENTRY)["one"]
    assert every.answers("search_rate", "Black", "firearms")
    assert not every.answers("find_rate", "Black", "firearms")
    assert not every.answers("search_rate", "Asian", "firearms")
    drugs = read(tmp_path, ENTRY + 'search_type = "drugs"')["one"]
    assert drugs.answers("search_rate", "Black", "drugs_supply")
    assert not drugs.answers("search_rate", "Black", "All")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("2024-04-01", "2024-02-31"), "one.toml"),
        (("2024-04-01", '"2024-02-31"'), "write a day as 2026-06-18"),
        (("2024-04-01", "1924-04-01"), "1924-04-01 lies outside 2000 to 2100"),
        (("2025-03-31", "2024-03-31"), "`review` is before `start`"),
        (("search_rate", "serch_rate"), "did you mean 'search_rate'"),
        (('"Black"', '"White"'), "'White' is no ethnic group that is compared"),
        (('"fellshire"', '"felshire"'), "did you mean 'fellshire'"),
        (('"under way"', '"ongoing"'), "status"),
        (("found =", "fuond ="), "fuond"),
        (('action = "A supervisor looks at each search."', ""), "needs `action` and `start`"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_file(tmp_path, change, said):
    message = refused(tmp_path, ENTRY.replace(*change))
    assert said in message
    assert "one.toml" in message
    assert "docs/actions.md" in message


def test_an_entry_of_a_force_that_is_left_out_is_left_out(tmp_path):
    assert read(tmp_path, ENTRY.replace("fellshire", "lancashire")) == {}


def test_every_wrong_entry_is_named_at_once(tmp_path):
    (tmp_path / "two.toml").write_text("force = ", encoding="utf-8")
    message = refused(tmp_path, ENTRY.replace('"Black"', '"Blue"'))
    assert "one.toml: ethnic_group" in message
    assert "two.toml" in message


def test_a_register_that_is_not_there_is_an_error_and_none_is_none(tmp_path):
    with pytest.raises(RequestError, match="the register of actions cannot be read"):
        read_register(example.settings(actions=tmp_path / "nowhere"), ["fellshire"])
    assert read_register(example.months("2024-04", "2025-03"), ["fellshire"]) == {}


@pytest.mark.parametrize(("published", "is_overdue"), [("2025-03-31", False), ("2025-04-01", True), (None, False)])
def test_a_review_is_overdue_from_the_day_after_it_was_due(tmp_path, published, is_overdue):
    """Without a day of publication the last day of the records takes its place: 31 March 2025."""
    settings = example.settings(actions=tmp_path, published=published)
    listed = list_actions(read(tmp_path, ENTRY), settings)
    assert listed["is_overdue"].to_list() == [is_overdue]
    assert listed["evidence"].to_list() == ["A review; A second one"]
    assert listed["start"].to_list() == ["2024-04-01"]
