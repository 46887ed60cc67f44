"""The Home Office's tables, found on their page."""

import pytest

from disparity.sources.download.open_data import fetch_open_data
from disparity.sources.download.order import Terms
from disparity.vocabulary.errors import DataError, RequestError
from support import portal

PAGE = "/government/statistics/stop-and-search-arrests-and-mental-health-detentions-march-2025"
NAME = "stop-search-open-data-tables-mar21-mar25.ods"
TABLES = portal.zip_files({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"})


@pytest.fixture
def home_office(site):
    site.files[f"/media/6909/{NAME}"] = TABLES
    site.files[PAGE] = (
        f'<html><a href="{site.url}/media/6909/{NAME}">ODS</a><a href="{site.url}/media/6909/{NAME}">Download</a>'
        f'<a href="{site.url}/media/690a/stop-search-data-tables-summary-mar25.ods">Summary</a></html>'
    ).encode()
    return site


@pytest.fixture
def fetch(home_office, tmp_path):
    def fetch_tables(address="", *, refresh=False):
        terms = Terms("", refresh, home_office.url, lambda _said: None)
        return fetch_open_data(tmp_path / "records", address, terms)

    return fetch_tables


def test_the_tables_are_found_on_their_page_and_not_taken_for_the_summary(fetch, tmp_path):
    report = fetch()
    assert report.added == (f"records/{NAME}",)
    assert (tmp_path / "records" / NAME).read_bytes() == TABLES


def test_an_address_of_the_tables_needs_no_page(home_office, fetch, tmp_path):
    fetch(f"{home_office.url}/media/6909/{NAME}")
    assert PAGE not in {path for path, _ in home_office.asked}
    assert (tmp_path / "records" / NAME).read_bytes() == TABLES


def test_a_second_edition_under_the_same_name_is_a_change(home_office, fetch, tmp_path):
    fetch()
    home_office.files[f"/media/6909/{NAME}"] = TABLES + b"\0"
    report = fetch(refresh=True)
    assert report.changed == ((f"records/{NAME}", f"{len(TABLES):,} bytes", f"{len(TABLES) + 1:,} bytes"),)
    assert len(list((tmp_path / "downloads").glob("sha256/*/*"))) == 2


def test_a_page_without_the_tables_is_told(home_office, fetch):
    home_office.files[PAGE] = b"<html>The next edition is due in November.</html>"
    with pytest.raises(DataError) as error:
        fetch()
    assert str(error.value) == (
        "the page does not lead to the tables\n"
        f"  where:    {home_office.url}{PAGE}\n"
        "  found:    0 links to stop-search-open-data-tables-....ods\n"
        "  what now: find them on GOV.UK, and give their address: --address https://….ods"
    )


@pytest.mark.parametrize("content", [b"<!doctype html><p>Sorry", b"a,b\n1,2\n"])
def test_what_is_no_spreadsheet_is_refused(home_office, fetch, tmp_path, content):
    home_office.files[f"/media/6909/{NAME}"] = content
    with pytest.raises(DataError):
        fetch()
    assert not list((tmp_path / "records").iterdir())


@pytest.mark.parametrize("address", ["https://", "not an address", "http://[", "ftp://host/a.ods"])
def test_an_address_that_cannot_be_asked_is_told(fetch, address):
    with pytest.raises(RequestError, match="is no web address"):
        fetch(address)
