"""The API's answers as the portal's files; its wrong answers never taken for right ones."""

import csv
import io
import json

import polars as pl
import pytest

from disparity.sources.download.api import COLUMNS, write_csv
from disparity.sources.police_uk import find_files
from disparity.vocabulary.errors import DataError, RequestError
from support import portal
from support.builders import read_file

MONTH = "2023-04"
NAME = f"{MONTH}/{MONTH}-fellshire-stop-and-search.csv"
OTHER = f"{MONTH}/{MONTH}-mereside-stop-and-search.csv"
FLAGS = {"True": True, "False": False, "": None}
AS_FLAGS = ("operation", "outcome_linked_to_object_of_search", "removal_of_more_than_outer_clothing")


def to_api(content):
    """Rows of a monthly file as the API gives them: flags as such, blanks as null, the outcome's as text."""
    rows = []
    for line in csv.DictReader(io.StringIO(content.decode())):
        row = {key: line[column] or None for column, key in COLUMNS.items()}
        latitude, longitude = row.pop("latitude"), row.pop("longitude")
        row["location"] = {"latitude": latitude, "longitude": longitude, "street": {"id": 1, "name": "On or near"}}
        if latitude is None:
            row["location"] = None
        row |= {key: FLAGS[line[column]] for column, key in COLUMNS.items() if key in AS_FLAGS}
        rows.append(row | {"outcome": line["Outcome"], "involved_person": True, "outcome_object": {}})
    return rows


def publish(site, rows, *, published=("fellshire",), forces=("fellshire", "mereside")):
    site.files["/api/forces"] = json.dumps([{"id": force, "name": force.title()} for force in forces]).encode()
    dates = [{"date": MONTH, "stop-and-search": list(published)}, {"date": "2023-05", "stop-and-search": []}]
    site.files["/api/crimes-street-dates"] = json.dumps(dates).encode()
    site.files[f"/api/stops-force?force=fellshire&date={MONTH}"] = json.dumps(rows).encode()


def fetch(ask, *forces, **more):
    return ask(*forces, **{"first": MONTH, "last": MONTH, "source": "api"} | more)


def rows_of(path):
    (file,), _ = find_files([path])
    frame = read_file(file).rows.drop("source_row")
    return frame.sort(frame.columns)


def test_what_the_api_gives_is_read_as_the_portals_own_file_is(site, ask, records):
    publish(site, to_api(records[NAME]))
    fetch(ask, "fellshire")
    original = ask.home / "original" / NAME
    original.parent.mkdir(parents=True)
    original.write_bytes(records[NAME])
    ours = rows_of(ask.home / "records" / NAME)
    assert ours.equals(rows_of(original))
    assert ours.height > 100


def test_the_order_of_the_apis_rows_does_not_matter(records):
    rows = to_api(records[NAME])
    assert write_csv(rows) == write_csv(rows[::-1])


def test_the_header_is_the_portals(records):
    assert write_csv([]) == records[NAME].splitlines()[0] + b"\n"


@pytest.mark.parametrize("outcome", ["", False, None])
def test_an_outcome_that_was_not_given_is_blank(outcome):
    text = write_csv([{"type": "Person search", "datetime": f"{MONTH}-15T12:00:00+00:00", "outcome": outcome}])
    assert pl.read_csv(text)["Outcome"].null_count() == 1


def test_a_force_that_did_not_publish_is_missing_not_empty(site, ask, records):
    publish(site, to_api(records[NAME]))
    report = fetch(ask, "fellshire", "mereside")
    assert report.missing == (OTHER,)
    assert set(ask.tree()) == {NAME}
    assert not any("force=mereside" in path for path, _ in site.asked)


def test_a_force_that_published_no_search_has_a_file_without_rows(site, ask):
    publish(site, [])
    fetch(ask, "fellshire")
    assert ask.tree()[NAME].count(b"\n") == 1


def test_an_answer_of_another_month_is_refused(site, ask, records):
    later = records["2023-07/2023-07-fellshire-stop-and-search.csv"]
    publish(site, to_api(later))
    with pytest.raises(DataError, match=r"^the API gave rows of another month than 2023-04\n"):
        fetch(ask, "fellshire")
    assert ask.tree() == {}


@pytest.mark.parametrize(
    ("moment", "is_of_april"),
    [
        ("2023-03-31T22:59:00+00:00", False),
        ("2023-03-31T23:00:00+00:00", True),  # midnight in London, where it is summer
        ("2023-04-30T23:30:00+00:00", True),  # already May in London, still April by UTC
        ("2023-05-01T00:00:00+00:00", False),
        ("2023-04-01", True),
    ],
)
def test_a_row_is_of_the_month_if_either_clock_says_so(site, ask, moment, is_of_april):
    publish(site, [{"type": "Person search", "datetime": moment, "outcome": ""}])
    if is_of_april:
        fetch(ask, "fellshire")
        assert moment.encode() in ask.tree()[NAME]
    else:
        with pytest.raises(DataError, match="rows of another month"):
            fetch(ask, "fellshire")


def test_a_force_the_api_does_not_list_is_refused_though_it_would_answer_with_nothing(site, ask):
    publish(site, [])
    with pytest.raises(RequestError) as error:
        fetch(ask, "felshire")
    assert error.value.found == "the nearest id is 'fellshire'"


@pytest.mark.parametrize("id_", ["../../escaped", "data", "a/b", "atlantis", "northern-ireland", 7, None, ["kent"]])
def test_an_id_that_the_server_makes_up_names_no_file(site, ask, id_):
    publish(site, [])
    ids = [{"id": "fellshire"}, {"id": id_}]
    site.files["/api/forces"] = json.dumps(ids).encode()
    site.files["/api/crimes-street-dates"] = json.dumps(
        [{"date": MONTH, "stop-and-search": ["fellshire", id_]}]
    ).encode()
    fetch(ask)
    assert set(ask.tree()) == {f"{MONTH}/{MONTH}-fellshire-stop-and-search.csv"}
    assert not list(ask.home.rglob("*escaped*"))
    assert "the API lists 1 force that this version does not know" in ask.said


@pytest.mark.parametrize(
    "answer",
    [b"[" * 100_000, b"[[]]", b'[{"date": "2026-07", "stop-and-search": 7}]', b"[" + b"[]," * 14_000_000 + b"[]]"],
)
def test_an_answer_that_is_nested_too_deep_or_too_long_is_told(site, ask, answer):
    publish(site, [])
    site.files["/api/crimes-street-dates"] = answer
    with pytest.raises(DataError, match="the API's answer is not what it was"):
        fetch(ask, "fellshire")


def test_rows_of_any_shape_are_written_or_told(site, ask, records):
    row = to_api(records[NAME])[0]
    publish(site, [{**row, "location": "here", "gender": {"a": ["b"]}, "legislation": "\ud800"}])
    fetch(ask, "fellshire")
    assert set(ask.tree()) == {f"{MONTH}/{MONTH}-fellshire-stop-and-search.csv"}


def test_british_transport_police_may_be_asked_though_it_is_not_listed(site, ask):
    publish(site, [], published=("btp",))
    site.files[f"/api/stops-force?force=btp&date={MONTH}"] = b"[]"
    fetch(ask, "btp")
    assert set(ask.tree()) == {f"{MONTH}/{MONTH}-btp-stop-and-search.csv"}


def test_a_month_outside_the_window_is_refused_before_it_is_asked_for(site, ask):
    publish(site, [])
    with pytest.raises(RequestError) as error:
        fetch(ask, "fellshire", first="2023-06", last="2023-06")
    assert str(error.value) == (
        "the API does not have 2023-06\n"
        "  where:    https://data.police.uk/api/crimes-street-dates\n"
        "  found:    it has 2023-04 to 2023-05\n"
        "  what now: use the archives for earlier months (--source archive); wait for later ones"
    )


def test_too_many_requests_are_waited_for(site, ask, waits):
    publish(site, [])
    site.faults[f"/api/stops-force?force=fellshire&date={MONTH}"] = [portal.Fault(status=429)] * 3
    fetch(ask, "fellshire")
    assert waits == [0.5, 1, 2]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html>sorry</html>", "a web page came in place of the API's answer"),
        (b"{}", "the API's answer is not what it was"),
        (b'["a"]', "the API's answer is not what it was"),
        (b'[{"kind": "search"}]', "the API's answer is not what it was"),
        (b"[", "the API's answer is not what it was"),
    ],
)
def test_an_answer_of_another_shape_is_refused(site, ask, content, what):
    publish(site, [])
    site.files[f"/api/stops-force?force=fellshire&date={MONTH}"] = content
    with pytest.raises(DataError) as error:
        fetch(ask, "fellshire")
    assert error.value.what == what


def test_the_lock_file_names_the_answer_a_file_was_made_from(site, ask):
    publish(site, [])
    fetch(ask, "fellshire")
    (row,) = json.loads((ask.home / "downloads.lock.json").read_text())["files"]
    (part,) = row["made_from"]
    kept = ask.home / "downloads" / "sha256" / part["sha256"][:2] / part["sha256"]
    assert kept.read_bytes() == b"[]"
    assert part["address"] == f"{site.url}/api/stops-force?force=fellshire&date={MONTH}"
