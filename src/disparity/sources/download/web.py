"""Requests to publishers' servers: paced as they ask, tried again where it may help, with errors in plain words."""

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from disparity import __version__
from disparity.vocabulary.errors import DataError, DisparityError, RequestError

# https://data.police.uk/docs/api-call-limits/: a leaky bucket. The other hosts get no more than that.
RATE_PER_SECOND, BURST = 15.0, 30
TIMEOUT_SECONDS = 30.0
ATTEMPTS = 6
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 600.0
# What a server says of itself and that may pass.
PASSING = (429, 500, 502, 503, 504)
# How long all tries of one answer may take together, and those of a file that is written to the disk (1.7 GB): a server
# that gives a byte now and then, or never ends, would else hold on for ever.
ANSWER_SECONDS, FILE_SECONDS = 900.0, 6 * 3600.0
# An answer that is held in memory; the largest monthly file is under 15 MB.
MAX_BYTES = 200_000_000
# Ranges count bytes of the file itself, so nothing may be squeezed on the way.
PLAIN = {"Accept-Encoding": "identity"}

Result = TypeVar("Result")


class Web(NamedTuple):
    """A client, what makes it wait its turn, and the host asked in place of the publishers' ("": theirs)."""

    client: httpx2.Client
    wait_turn: Callable[[], None]
    base_url: str


class Answer(NamedTuple):
    """What a server gave: the address after redirects, headers and body."""

    address: str
    headers: Mapping[str, str]
    content: bytes


@contextmanager
def open_web(base_url: str) -> Iterator[Web]:
    """Give a client for as long as it is needed; proxies and certificates are those of the machine."""
    headers = PLAIN | {"User-Agent": f"disparity/{__version__}"}
    with httpx2.Client(headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=True) as client:
        yield Web(client, pace(RATE_PER_SECOND, BURST, time.monotonic, time.sleep), base_url.rstrip("/"))


def pace(rate: float, burst: int, clock: Callable[[], float], sleep: Callable[[float], None]) -> Callable[[], None]:
    """Give a function that returns when the next request may go: a token bucket, for all threads together."""
    guard = threading.Lock()
    state = {"tokens": float(burst), "at": clock()}

    def wait_turn() -> None:
        with guard:
            now = clock()
            state["tokens"] = min(burst, state["tokens"] + (now - state["at"]) * rate) - 1
            state["at"] = now
            debt = max(0.0, -state["tokens"]) / rate
        if debt:
            sleep(debt)

    return wait_turn


def locate(web: Web, address: str) -> str:
    """Give the address to ask: the publisher's own, or the same path at the host given in its place.

    >>> locate(Web(None, None, "http://127.0.0.1:8000"), "https://data.police.uk/api/forces?a=b")
    'http://127.0.0.1:8000/api/forces?a=b'
    """
    if not web.base_url:
        return address
    parts = urlsplit(address)
    return f"{web.base_url}{parts.path}{'?' + parts.query if parts.query else ''}"


def ask(web: Web, address: str, expected: str) -> Answer:
    """Ask a publisher for what is `expected`, and refuse a web page in its place; `address` is the one asked."""
    located = locate(web, address)
    answer = read(web, located)
    refuse_page(answer.content, located, expected)
    return answer._replace(address=located)


def read(web: Web, address: str) -> Answer:
    """Ask for something small enough to be held in memory.

    Raises:
        RequestError: the server cannot be reached, or has no such thing.
        DataError: it breaks off, or gives more than any file of records has.
    """

    def read_once() -> Answer:
        with stream(web, address, {}) as response:
            return Answer(str(response.url), response.headers, read_body(response.iter_bytes(), address))

    return attempt(address, read_once)


def read_body(chunks: Iterable[bytes], address: str) -> bytes:
    """Read an answer, and no more of it than any file of records has."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > MAX_BYTES:
            raise DataError(
                "the answer is too large",
                where=address,
                found=f"more than {MAX_BYTES:,} bytes",
                what_now="check the address: no file of records is so large",
            )
    return bytes(body)


@contextmanager
def stream(web: Web, address: str, headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
    """Ask once and give the answer as it comes in; an answer of 400 and above is an httpx2.HTTPStatusError."""
    web.wait_turn()
    with web.client.stream("GET", address, headers=dict(headers)) as response:
        if address.startswith("https:") and response.url.scheme != "https":
            raise RequestError(
                "the server leads to an address that anyone on the way could change",
                where=address,
                found=str(response.url),
                what_now="do not use what is there; check the address",
            )
        response.raise_for_status()
        yield response


def attempt(address: str, action: Callable[[], Result], *, seconds: float = 0.0) -> Result:
    """Do it, and again while what went wrong may pass; what is left of it reads as a user's error.

    It is done on a thread of its own: only so can it be given up wherever it waits, be it for the name of the host or
    for the next byte of a header. The thread ends with the client, or with the program.

    Args:
        seconds: how long all tries may take together; 0 for as long as an answer may.

    Raises:
        DataError: it takes longer than all tries may.
    """
    result: Future[Result] = Future()
    given_up = threading.Event()
    seconds = seconds or ANSWER_SECONDS

    def act() -> None:
        try:
            result.set_result(_try(address, action, given_up))
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=act, daemon=True).start()
    try:
        return result.result(seconds)
    except TimeoutError:
        given_up.set()
        raise DataError(
            "the download takes too long",
            where=address,
            found=f"it has not ended after {seconds:,.0f} seconds",
            what_now="run again later: what is downloaded is kept; if it stays so, check address and connection",
        ) from None


def _try(address: str, action: Callable[[], Result], given_up: threading.Event) -> Result:
    retrying = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=_wait,
        retry=retry_if_exception(lambda error: not given_up.is_set() and _may_pass(error)),
        reraise=True,
    )
    try:
        return retrying(action)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise _explain(address, error) from error


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = _seconds_asked(error.response) if isinstance(error, httpx2.HTTPStatusError) else 0.0
    return float(max(asked, FIRST_WAIT_SECONDS * 2 ** (state.attempt_number - 1)))


def _seconds_asked(response: httpx2.Response) -> float:
    """Retry-After, in seconds or as a time: the latter against the server's own clock, not ours."""
    asked = response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        span = parsedate_to_datetime(asked) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (ValueError, TypeError):
        return 0.0
    return max(0.0, span.total_seconds())


def _may_pass(error: BaseException) -> bool:
    if isinstance(error, httpx2.HTTPStatusError):
        return error.response.status_code in PASSING and _seconds_asked(error.response) <= LONGEST_WAIT_SECONDS
    is_of_address = isinstance(error, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError)
    return isinstance(error, httpx2.TransportError) and not is_of_address and not _is_of_trust(error)


def _is_of_trust(error: BaseException) -> bool:
    """Whether TLS failed: then trying again would ask the same stranger."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _explain(address: str, error: Exception) -> DisparityError:
    if isinstance(error, httpx2.HTTPStatusError):
        return _explain_status(address, error.response)
    if _is_of_trust(error):
        what, what_now = "the server cannot prove who it is (TLS)", "ask whoever runs your network about certificates"
    elif isinstance(error, httpx2.TimeoutException):
        what, what_now = "the server does not answer in time", "run again later: what is downloaded is kept"
    elif isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError):
        return DataError(
            "the download breaks off each time",
            where=address,
            found=str(error),
            what_now="run again later: what is downloaded is kept",
        )
    elif isinstance(error, httpx2.ConnectError | httpx2.ProxyError):
        what, what_now = "the host cannot be reached", "check the connection and HTTPS_PROXY; then run again"
    else:
        what, what_now = "the address cannot be asked", "check the address"
    return RequestError(what, where=address, found=str(error) or type(error).__name__, what_now=what_now)


def _explain_status(address: str, response: httpx2.Response) -> RequestError:
    code = response.status_code
    asked = _seconds_asked(response)
    what = "the server has nothing at this address" if code in (404, 410) else "the server refuses"
    what_now = "check the address, and that it is published yet"
    if code in PASSING:
        what, what_now = "the server is too busy or out of order", "run again later: what is downloaded is kept"
    name = HTTPStatus(code).phrase if code in set(HTTPStatus) else ""
    found = f"{code} {name}".strip() + (f", and it asks to wait {asked:,.0f} seconds" if asked else "")
    return RequestError(what, where=address, found=found, what_now=what_now)


def refuse_page(content: bytes, address: str, expected: str) -> None:
    """Refuse a web page where something else was asked for: a portal's notice, or a network's log-in."""
    start = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise DataError(
            f"a web page came in place of {expected}",
            where=address,
            found="HTML",
            what_now="open the address in a browser: the server may be down, or the network may ask to log in",
        )


def day_of(headers: Mapping[str, str]) -> str:
    """Give the day of Last-Modified as YYYY-MM-DD; "" where the server does not say.

    >>> day_of({"Last-Modified": "Mon, 31 Aug 2026 09:12:33 GMT"})
    '2026-08-31'
    """
    try:
        return f"{parsedate_to_datetime(headers.get('Last-Modified', '')):%Y-%m-%d}"
    except (ValueError, TypeError):
        return ""


def validator_of(headers: Mapping[str, str]) -> str:
    """Give what distinguishes one version of a file from the next: a strong ETag, else Last-Modified, else ""."""
    tag = headers.get("ETag", "")
    return tag if tag.startswith('"') else headers.get("Last-Modified", "")
