"""An edition after others: its day, its name and its list, as of a force that publishes year after year."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.ledger import Entry, add_edition, list_ledger, withdraw
from disparity.disclosure.plan import CELL_COLUMNS
from disparity.project.settings import Settings, make_settings
from disparity.tables.next_edition import (
    list_forgotten,
    refuse_day_to_come,
    refuse_early_day,
    refuse_forgotten,
    refuse_other_counts,
    refuse_other_figures,
    refuse_taken_name,
)
from disparity.tables.previous_edition import PastEdition, Previous
from disparity.vocabulary.errors import RequestError


def make(year: int, edition: str = "", day: str | None = None, **given: Any) -> Settings:
    """The project of the year that begins in April."""
    fixed = {"records": ["r"], "from": f"{year}-04", "to": f"{year + 1}-03", "edition": edition, "published": day}
    return make_settings(fixed | given, where="a test")


def entry(year: int, edition: str, counts: str, **given: Any) -> Entry:
    fixed = {"id": f"urn:{counts}", "published": date(year + 1, 6, 18), "withdrawn": "", "was_public": True}
    period = {"period_from": date(year, 4, 1), "period_to": date(year + 1, 3, 1)}
    return Entry(**{"edition": counts, "title": edition, "cells": 1} | fixed | period | given)


def after(year: int, edition: str) -> Previous:
    months = {"period_from": f"{year}-04", "period_to": f"{year + 1}-03"}
    told = {"id": "urn:1", "edition": edition, "published": None, "title": "", "address": "", "summary": ""}
    return Previous(edition, date(year, 4, 1), date(year + 1, 3, 1), {}, (PastEdition.model_validate(told | months),))


@pytest.mark.parametrize("year", range(2026, 2036))
def test_the_day_of_last_year_is_refused_and_the_day_after_the_period_is_not(year: int) -> None:
    for day in (f"{year}-06-14", f"{year + 1}-03-30", f"{year + 1}-03-31"):
        with pytest.raises(RequestError, match="E172") as error:
            refuse_early_day(make(year, day=day))
        assert error.value.found == f"{day}, and records to {year + 1}-03-31"
        assert "give `published` the day on which this edition goes out" in error.value.what_now
    for given in (f"{year + 1}-04-01", None):
        refuse_early_day(make(year, day=given))


def test_a_day_to_come_is_refused_and_today_is_not() -> None:
    asked = make(2026, day="2027-06-18")
    with pytest.raises(RequestError, match="--ahead"):
        refuse_day_to_come(asked, date(2027, 6, 17))
    refuse_day_to_come(asked, date(2027, 6, 18))
    refuse_day_to_come(make(2026), date(2020, 1, 1))


@pytest.mark.parametrize("name", ["First edition", "first  Edition "])
def test_a_name_is_of_one_edition_whether_the_ledger_or_the_edition_before_has_it(name: str) -> None:
    with pytest.raises(RequestError, match="year ending March 2027, published 18 June 2027"):
        refuse_taken_name(make(2027, name), None, [entry(2026, "First edition", "a")])
    with pytest.raises(RequestError, match="E173"):
        refuse_taken_name(make(2027, name), after(2026, "First edition"), [])
    old = Previous("First edition", date(2026, 4, 1), date(2027, 3, 1), {}, ())
    with pytest.raises(RequestError, match="E173"):
        refuse_taken_name(make(2027, name), old, [])


def test_other_names_no_name_the_same_months_and_what_never_was_public_take_no_name() -> None:
    held = [entry(2026, "First edition", "a")]
    refuse_taken_name(make(2027, "Second edition"), after(2026, "First edition"), held)
    refuse_taken_name(make(2027), after(2026, ""), [entry(2026, "", "a")])
    refuse_taken_name(make(2026, "First edition"), after(2026, "First edition"), held)
    refuse_taken_name(make(2027, "First edition"), None, [entry(2026, "First edition", "a", was_public=False)])


def test_a_correction_is_published_under_a_name_of_its_own_even_where_the_first_is_withdrawn() -> None:
    """The list of editions says why an edition was withdrawn by its id, which is made of its name and day."""
    for withdrawn in ("", "Half of May was missing."):
        held = [entry(2026, "First edition", "a", withdrawn=withdrawn)]
        with pytest.raises(RequestError, match="E173"):
            refuse_other_counts(make(2026, "First edition"), held, "b")
        refuse_other_counts(make(2026, "First edition, corrected"), held, "b")
        refuse_other_counts(make(2026, "First edition"), held, "a")


def test_so_is_one_of_open_figures_which_no_ledger_keeps() -> None:
    with pytest.raises(RequestError, match="E173"):
        refuse_other_figures(make(2026, "First edition"), after(2026, "First edition"), is_changed=True)
    refuse_other_figures(make(2026, "First edition"), after(2026, "First edition"), is_changed=False)
    refuse_other_figures(make(2026, "First, corrected"), after(2026, "First edition"), is_changed=True)
    refuse_other_figures(make(2026, "First edition"), None, is_changed=True)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Of two years."""
    path = tmp_path / "ledger.parquet"
    for year, title in ((2026, "First edition"), (2027, "Second edition")):
        add_edition(path, _count(year), id_=f"urn:{year}", title=title, published=date(year + 1, 6, 18))
    return path


def _count(year: int) -> ProtectedCounts:
    dates = {"period_from": date(year, 4, 1), "period_to": date(year + 1, 3, 1), "count": 15}
    return ProtectedCounts(pl.DataFrame([{name: dates.get(name, "x") for name in CELL_COLUMNS}]), 5)


def test_an_edition_that_would_list_none_of_those_published_is_refused_by_their_names(ledger: Path) -> None:
    asked = make(2028, "Third edition", disclosure={"ledger": ledger})
    with pytest.raises(RequestError, match="E174") as error:
        refuse_forgotten(asked)
    assert error.value.found == ("First edition (year ending March 2027); Second edition (year ending March 2028)")
    assert "--previous" in error.value.what_now
    for held in list_ledger(ledger):
        withdraw(ledger, held.edition, "Never uploaded", was_public=False)
    refuse_forgotten(asked)


def test_an_edition_is_not_its_own_forerunner_and_a_correction_is_no_edition_built_again(ledger: Path) -> None:
    asked = make(2027, "Second edition, renamed", disclosure={"ledger": ledger})
    first, second = list_ledger(ledger)
    assert list_forgotten(asked) == ["First edition (year ending March 2027)"]
    assert list_forgotten(asked, second.edition) == ["First edition (year ending March 2027)"]
    assert len(list_forgotten(asked, "corrected")) == 2
    withdraw(ledger, first.edition, "Wrong", was_public=False)
    refuse_forgotten(asked, second.edition)
