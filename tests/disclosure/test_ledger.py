"""The ledger: every published edition, withdrawn or not; what was never public is no more taken into account."""

from datetime import date

import polars as pl
import pytest

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.ledger import (
    add_edition,
    list_earlier,
    list_ledger,
    name_edition,
    read_ledger,
    refuse_lost,
    withdraw,
)
from disparity.disclosure.plan import CELL_COLUMNS, PLANS, list_cells
from disparity.disclosure.protect import protect_cells
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.vocabulary.codes import OFFICER_DEFINED, SEARCH_TYPES
from disparity.vocabulary.errors import DisclosureError, RequestError
from support.cells import APRIL, cell, count, files, period_of

TYPES = tuple(name for name in SEARCH_TYPES if name != "drugs")[:9]
NINE = [cell("White", kind, searches=1) for kind in TYPES]
MANY = [cell(group, "other", found=200, not_found=1_000) for group in ("White", "Black")]
JUNE = {"title": "First edition, June 2026", "published": date(2026, 6, 18)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "disclosure" / "ledger.parquet"


def protect_all(*cells):
    seen = [row | {"ethnicity_basis": OFFICER_DEFINED} for row in cells]
    counts, submitted = count(*cells, *seen), files(months=[APRIL])
    tallies = tally_periods(counts, submitted, period_of([APRIL])), tally_submissions(counts, submitted)
    return ProtectedCounts(protect_cells(list_cells(*tallies, PLANS[0]), 5), 5)


def test_the_same_edition_published_twice_stands_once_in_the_ledger_byte_for_byte(path):
    edition = protect_all(*MANY)
    assert read_ledger(path) == []
    add_edition(path, edition, **JUNE)
    before = path.read_bytes()
    add_edition(path, edition, **JUNE)
    assert path.read_bytes() == before
    (kept,) = read_ledger(path)
    assert (kept.base, kept.cells.equals(edition.cells)) == (5, True)


def test_every_edition_is_kept(path):
    editions = [protect_all(*cells) for cells in (MANY, [*MANY, *NINE])]
    for edition in editions:
        add_edition(path, edition, **JUNE)
    kept = read_ledger(path)
    assert [len(kept), *(one.base for one in kept)] == [2, *(one.base for one in editions)]
    assert [file.name for file in path.parent.iterdir()] == ["ledger.parquet"]


def test_the_ledger_holds_no_count_that_is_not_published(path):
    edition = protect_all(*MANY, *NINE)
    add_edition(path, edition, **JUNE)
    frame = pl.read_parquet(path)
    numbers = {name for name, kind in frame.schema.items() if kind.is_numeric()}
    assert numbers == {"base", "count"}
    assert frame["count"].to_list() == edition.cells["count"].to_list()


def test_a_ledger_that_cannot_be_read_stops_the_build(tmp_path):
    (tmp_path / "ledger.parquet").write_text("lost")
    with pytest.raises(DisclosureError, match="E164"):
        read_ledger(tmp_path / "ledger.parquet")


def test_the_edition_before_must_be_in_the_ledger(tmp_path):
    path, other = tmp_path / "ledger.parquet", protect_all(*MANY, *NINE)
    add_edition(path, protect_all(*MANY), **JUNE)
    assert len(list_earlier(path, None)) == len(list_earlier(path, protect_all(*MANY))) == 1
    for lost in (path, tmp_path / "nothing.parquet"):
        with pytest.raises(DisclosureError, match="E165"):
            list_earlier(lost, other)


def test_so_must_the_one_that_stands_where_the_new_one_goes_withdrawn_or_not(path):
    """With its ledger deleted, a second edition was published over it as if it were the first."""
    standing = protect_all(*MANY)
    with pytest.raises(DisclosureError, match="E165") as error:
        refuse_lost(path, standing)
    assert "none of them is the one that stands where the new one is to go" in error.value.found
    refuse_lost(path, None)
    add_edition(path, standing, **JUNE)
    refuse_lost(path, standing)
    withdraw(path, name_edition(standing), "Never uploaded", was_public=False)
    refuse_lost(path, standing)
    with pytest.raises(DisclosureError, match="E165"):
        refuse_lost(path, protect_all(*MANY, *NINE))


def test_an_edition_that_is_not_in_the_ledger_says_what_to_do(tmp_path):
    with pytest.raises(DisclosureError) as error:
        list_earlier(tmp_path / "ledger.parquet", protect_all(*MANY))
    assert str(error.value) == (
        "the edition before is not in the ledger (E165)\n"
        f"  where:    {tmp_path / 'ledger.parquet'}\n"
        "  found:    0 editions, and none of them is the one that `previous` names\n"
        "  what now: put back the ledger, or name it under [disclosure]; `disparity ledger --add SITE` adds "
        "that edition"
    )


def test_a_ledger_of_version_0_1_is_read_and_added_to(path):
    """It has the counts and nothing else of an edition."""
    old, new = protect_all(*MANY), protect_all(*MANY, *NINE)
    path.parent.mkdir()
    marks = [pl.lit(name_edition(old)).alias("edition"), pl.lit(5, pl.Int64).alias("base")]
    old.cells.select(*marks, *CELL_COLUMNS).write_parquet(path)
    assert [entry.title for entry in list_ledger(path)] == [""]
    add_edition(path, new, **JUNE)
    assert [kept.cells.height for kept in read_ledger(path)] == [old.cells.height, new.cells.height]
    assert [(entry.title, entry.was_public) for entry in list_ledger(path)] == [("", True), (JUNE["title"], True)]


def test_a_withdrawn_edition_that_was_public_is_still_what_an_attacker_has(path):
    add_edition(path, protect_all(*MANY), **JUNE)
    (entry,) = list_ledger(path)
    withdraw(path, entry.edition[:4], "Half of May was missing.", was_public=True)
    assert [entry.withdrawn for entry in list_ledger(path)] == ["Half of May was missing."]
    assert len(read_ledger(path)) == 1


def test_one_that_never_was_public_is_listed_and_no_more_taken_into_account_until_it_is_published(path):
    edition = protect_all(*MANY)
    add_edition(path, edition, **JUNE)
    withdraw(path, name_edition(edition), "Never uploaded", was_public=False)
    assert read_ledger(path) == []
    assert [(entry.withdrawn, entry.was_public) for entry in list_ledger(path)] == [("Never uploaded", False)]
    add_edition(path, edition, **JUNE)
    assert [(entry.withdrawn, entry.was_public) for entry in list_ledger(path)] == [("", True)]
    assert len(read_ledger(path)) == 1


@pytest.mark.parametrize("name", ["", "nothing", "*"])
def test_an_edition_that_is_not_there_is_not_withdrawn(path, name):
    add_edition(path, protect_all(*MANY), **JUNE)
    with pytest.raises(RequestError, match="E169"):
        withdraw(path, name, "A reason", was_public=True)
    assert [entry.withdrawn for entry in list_ledger(path)] == [""]


def test_a_withdrawn_edition_that_was_public_cannot_become_one_that_never_was(path):
    """Who has it has it: saying otherwise later would take what people hold out of the proof."""
    add_edition(path, protect_all(*MANY), **JUNE)
    (entry,) = list_ledger(path)
    withdraw(path, entry.edition, "Wrong", was_public=True)
    with pytest.raises(RequestError, match="E169"):
        withdraw(path, entry.edition, "Wrong", was_public=False)
