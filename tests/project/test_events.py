"""Dated events: those that come with the package concern stop and search, and a project's own are laid beside them."""

import csv
from datetime import date

import pytest

from disparity.project.events import KINDS, list_events
from disparity.project.settings import make_settings
from disparity.vocabulary.calendar import month_range
from disparity.vocabulary.codes import force_names, read_reference
from disparity.vocabulary.errors import RequestError

TWO_YEARS = month_range(date(2019, 4, 1), date(2021, 3, 1))
OWN = {"what": "Operation Example begins", "from": "2019-06-03", "source": "A made-up plan, page 2"}


def settings(**given):
    return make_settings({"records": ["r"], "from": "2019-04", "to": "2021-03"} | given, where="a test")


def labels(own, force, months=TWO_YEARS):
    return list_events(own, [force], months)["event"].to_list()


def test_every_event_names_its_days_its_forces_and_an_address() -> None:
    rows = read_reference("events")
    assert len({row["event"] for row in rows}) == len(rows) > 15
    for row in rows:
        assert row["kind"] in KINDS, row
        assert row["source_url"].startswith("https://"), row
        assert not row["end"] or row["start"] <= row["end"], row
        assert (row["scope"] == "forces") == bool(row["forces"]), row
        assert row["scope"] in {"national", "england", "wales", "forces"}
        assert set(filter(None, row["forces"].split(";"))) <= set(force_names()), row


def test_they_are_among_the_open_events_with_the_same_days(records) -> None:
    path = records.parent / "open" / "events" / "events.csv"
    if not path.is_file():
        pytest.skip("the open tables are not beside the records")
    with path.open(encoding="utf-8") as file:
        published = {row["event"]: row for row in csv.DictReader(file)}
    for row in read_reference("events"):
        assert {name: published[row["event"]][name] for name in row} == row


def test_an_event_is_of_the_forces_and_the_nation_that_it_concerns() -> None:
    kent, south_wales = labels([], "kent"), labels([], "south-wales")
    assert "First national lockdown, England" in kent
    assert "First national lockdown, England" not in south_wales
    assert "Firebreak lockdown, Wales" in south_wales
    # The first seven forces of the pilot: South Wales, and not Kent.
    assert "Section 60 conditions relaxed, seven pilot forces" in south_wales
    assert "Section 60 conditions relaxed, seven pilot forces" not in kent


def test_only_events_that_begin_in_the_months_are_there_and_restrictions_that_reach_into_them() -> None:
    from_april = month_range(date(2020, 4, 1), date(2021, 3, 1))
    assert labels([], "kent", from_april)[0] == "First national lockdown, England"
    assert "Section 60 relaxation extended to all forces" not in labels([], "kent", from_april)
    assert labels([], "kent", month_range(date(2020, 6, 1), date(2020, 10, 1))) == []


def test_an_invented_force_has_no_real_event_but_its_own() -> None:
    own = settings(events=[OWN], names={"fellshire": "Fellshire Police"}, forces=["fellshire"]).events
    assert labels([], "fellshire") == []
    assert list_events(own, ["fellshire"], TWO_YEARS).row(0) == (
        *("fellshire", "Operation Example begins", date(2019, 6, 3), None, "own", "A made-up plan, page 2"),
    )


def test_an_own_event_of_one_force_is_not_of_another() -> None:
    own = settings(events=[OWN | {"forces": ["kent"]}]).events
    assert "Operation Example begins" in labels(own, "kent")
    assert "Operation Example begins" not in labels(own, "lancashire")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"forces": ["kemt"]}, "no force is called 'kemt': did you mean 'kent'?"),
        ({"to": "2019-05-01"}, "`from` is after `to`"),
        ({"source": "javascript://alert"}, "write an address that begins with https://"),
        ({"what": "two\nlines"}, "write it on one line"),
        ({"from": "2019-06"}, "write a day as 2026-06-18"),
    ],
)
def test_an_event_that_cannot_be_is_refused(changed, found) -> None:
    with pytest.raises(RequestError) as refused:
        settings(events=[OWN | changed])
    assert found in refused.value.found
