"""What is asked for is checked before anything is downloaded."""

from datetime import date

import pytest

from disparity.sources.download.order import check_forces, list_months, make_terms
from disparity.vocabulary.errors import RequestError


@pytest.mark.parametrize("month", ["2023-13", "2023-4", "April 2023", "2023-04-01", "0000-01", "२०२३-०४"])
def test_a_misspelt_month_is_refused(month):
    with pytest.raises(RequestError, match="is no month"):
        list_months(month, "2024-03")


def test_months_the_wrong_way_round_are_refused():
    with pytest.raises(RequestError, match="the last month is before the first"):
        list_months("2024-03", "2023-04")


@pytest.mark.parametrize(("first", "is_refused"), [("2014-11", True), ("2014-12", False), ("2015-01", False)])
def test_months_before_the_portals_first_are_refused(first, is_refused):
    if is_refused:
        with pytest.raises(RequestError, match=r"^the portal has no stop-and-search records of 2014-11\n"):
            list_months(first, "2015-01")
    else:
        assert list_months(first, "2015-01")[-1] == date(2015, 1, 1)


def test_a_force_by_its_full_name_is_that_force():
    assert check_forces(("lancashire-constabulary", "lancashire"), ("kent", "lancashire")) == ("lancashire",)


@pytest.mark.parametrize(("asked", "near"), [("Kent Police", "kent"), ("lancs", "lancashire")])
def test_a_force_that_is_not_there_is_told_the_nearest(asked, near):
    with pytest.raises(RequestError) as error:
        check_forces((asked,), ("kent", "lancashire"))
    assert error.value.found == f"the nearest id is {near!r}"


@pytest.mark.parametrize(("on", "base_url"), [("31/08/2026", ""), ("", "data.police.uk"), ("", "file:///etc")])
def test_a_day_or_a_host_that_is_none_is_refused(on, base_url):
    with pytest.raises(RequestError):
        make_terms(on=on, refresh=False, base_url=base_url, say=print)
