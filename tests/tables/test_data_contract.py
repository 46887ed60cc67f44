"""What a reader of the tables was promised is there, in the same type and unit, for as long as the major version is."""

import copy

import pytest

from disparity.tables.datapackage import CONTRACT
from support import example
from support.promised_tables import list_broken, list_tables, list_unpromised, read_promised

PROMISED = "what is to change is another major version: docs/data-contract.md"
ADDED = "run `python -m support.promised_tables` in tests/, if the contract may add it: docs/data-contract.md"


def test_nothing_that_was_promised_is_gone_or_means_something_else():
    contract, promised = read_promised()
    assert contract.partition(".")[0] == CONTRACT.partition(".")[0], "a new major version begins with a list of its own"
    assert list_broken(promised, list_tables()) == [], PROMISED


def test_everything_that_is_published_is_promised():
    assert list_unpromised(read_promised()[1], list_tables()) == [], ADDED


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda tables: tables.pop("estimates"), "estimates is gone"),
        (lambda tables: tables["estimates"]["columns"].pop("value"), "estimates.value is gone"),
        (lambda tables: tables["estimates"]["key"].pop(), "estimates has another key"),
        (lambda tables: tables["estimates"]["columns"].update(unknown=["integer", "people"]), "estimates.unknown was"),
        (lambda tables: tables["estimates"]["columns"].update(force=["integer", ""]), "estimates.force was"),
    ],
)
def test_what_only_a_major_version_may_do_is_told(change, told):
    today = copy.deepcopy(read_promised()[1])
    change(today)
    (broken,) = list_broken(read_promised()[1], today)
    assert broken.startswith(told)


def test_what_a_minor_version_may_add_breaks_nothing_and_is_asked_for():
    today = copy.deepcopy(read_promised()[1])
    today["estimates"]["columns"]["another"] = ["number", ""]
    today["tomorrow"] = {"key": ["force"], "columns": {"force": ["string", ""]}}
    assert list_broken(read_promised()[1], today) == []
    assert list_unpromised(read_promised()[1], today) == ["estimates.another", "tomorrow.force"]


def test_the_page_names_the_version_that_publications_name():
    page = (example.ROOT / "docs" / "data-contract.md").read_text(encoding="utf-8")
    assert f"now {CONTRACT}." in page
