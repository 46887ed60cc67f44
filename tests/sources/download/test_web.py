"""Requests: never faster than agreed, and what goes wrong said in the user's words."""

import socket
import threading
import time
from contextlib import suppress

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.sources.download import web as web_module
from disparity.sources.download.web import Web, day_of, open_web, pace, read, validator_of
from disparity.vocabulary.errors import DataError, RequestError


@given(st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_no_span_of_time_has_more_requests_than_the_burst_and_the_rate(pauses):
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds

    wait_turn = pace(15.0, 30, lambda: now[0], sleep)
    times = []
    for pause in pauses:
        now[0] += pause
        wait_turn()
        times.append(now[0])
    for first, start in enumerate(times):
        for last in range(first, len(times)):
            assert last - first + 1 <= 30 + 15 * (times[last] - start) + 1e-6


def test_a_burst_goes_at_once_and_what_follows_at_the_rate():
    now, waited = [0.0], []

    def sleep(seconds):
        waited.append(seconds)
        now[0] += seconds

    wait_turn = pace(15.0, 30, lambda: now[0], sleep)
    for _ in range(33):
        wait_turn()
    assert waited == pytest.approx([1 / 15] * 3)


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_server_that_gives_a_byte_now_and_then_is_given_up(begin, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(web_module, "ANSWER_SECONDS", 0.5)

    def drip(server):
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.sendall(begin)
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/api/forces"
        with open_web("") as web, pytest.raises(DataError, match="the download takes too long") as error:
            read(web, address)
    assert error.value.where == address


def test_a_host_that_cannot_be_reached_is_told(free_port, waits, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    address = f"http://127.0.0.1:{free_port}/api/forces"
    with open_web("") as web, pytest.raises(RequestError) as error:
        read(web, address)
    assert (error.value.what, error.value.where) == ("the host cannot be reached", address)
    assert len(waits) == 5


def test_a_server_that_cannot_prove_who_it_is_is_not_asked_again(site, waits):
    address = site.url.replace("http:", "https:") + "/api/forces"
    with open_web("") as web, pytest.raises(RequestError) as error:
        read(web, address)
    assert error.value.what == "the server cannot prove who it is (TLS)"
    assert waits == []


def answer(handle):
    return Web(httpx2.Client(transport=httpx2.MockTransport(handle), follow_redirects=True), lambda: None, "")


def test_a_server_that_does_not_answer_is_told(waits):
    def hang(request):
        raise httpx2.ReadTimeout("", request=request)

    with pytest.raises(RequestError, match=r"^the server does not answer in time\n"):
        read(answer(hang), "https://data.police.uk/api/forces")
    assert len(waits) == 5


def test_an_address_that_leads_from_https_to_http_is_refused(waits):
    def lead(request):
        is_first = request.url.scheme == "https"
        return httpx2.Response(302, headers={"Location": "http://a.example/"}) if is_first else httpx2.Response(200)

    with pytest.raises(RequestError, match=r"^the server leads to an address that anyone on the way could change\n"):
        read(answer(lead), "https://data.police.uk/data/archive/")


def test_retry_after_may_be_a_time_by_the_servers_own_clock(waits):
    headers = {"Retry-After": "Mon, 31 Aug 2026 10:00:12 GMT", "Date": "Mon, 31 Aug 2026 10:00:00 GMT"}
    turns = [httpx2.Response(503, headers=headers), httpx2.Response(200, content=b"[]")]
    assert read(answer(lambda _request: turns.pop(0)), "https://data.police.uk/api/forces").content == b"[]"
    assert waits == [12.0]


def test_a_weak_etag_does_not_tell_versions_apart_byte_by_byte():
    headers = {"ETag": 'W/"1"', "Last-Modified": "Mon, 31 Aug 2026 10:00:00 GMT"}
    assert validator_of(headers) == "Mon, 31 Aug 2026 10:00:00 GMT"
    assert validator_of({"ETag": '"1"'}) == '"1"'
    assert validator_of({}) == ""


def test_a_server_that_tells_no_day_leaves_it_blank():
    assert day_of({}) == day_of({"Last-Modified": "yesterday"}) == ""
