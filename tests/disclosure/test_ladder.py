"""The ladder: the smallest base of the finest plan that is proved safe; where there is none, nothing."""

import polars as pl
import pytest

from disparity.disclosure import ladder
from disparity.disclosure.attack import Proof
from disparity.disclosure.ladder import release_counts
from disparity.disclosure.plan import PLANS, list_cells
from disparity.disclosure.protect import protect_cells
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.vocabulary.codes import OFFICER_DEFINED, SEARCH_TYPES
from disparity.vocabulary.errors import DisclosureError
from support.cells import APRIL, cell, count, files, period_of

TYPES = tuple(name for name in SEARCH_TYPES if name != "drugs")[:9]
NINE = [cell("White", kind, searches=1) for kind in TYPES]
MANY = [cell(group, "other", found=200, not_found=1_000) for group in ("White", "Black")]


def tally(*cells):
    """Officers put everybody in the group that people name themselves."""
    seen = [row | {"ethnicity_basis": OFFICER_DEFINED} for row in cells]
    counts, submitted = count(*cells, *seen), files(months=[APRIL])
    return tally_periods(counts, submitted, period_of([APRIL])), tally_submissions(counts, submitted)


def refuse(*rungs):
    """A proof that fails on these rungs, by the number of counts in the plan and the base."""
    return lambda edition, earlier: Proof(1, 0, "here: too few") if _rung(edition) in rungs else Proof(1, 1)


def _rung(edition):
    return edition.cells.height, edition.base


def test_many_searches_pass_on_the_lowest_rung():
    release = release_counts(*tally(*MANY), [])
    assert (release.plan, release.edition.base) == (PLANS[0], 5)
    assert release.proof.certified == release.proof.targets


def test_a_base_that_does_not_pass_is_followed_by_the_next(monkeypatch):
    size = list_cells(*tally(*MANY), PLANS[0]).height
    monkeypatch.setattr(ladder, "prove", refuse((size, 5), (size, 10)))
    release = release_counts(*tally(*MANY), [])
    assert (release.plan, release.edition.base) == (PLANS[0], 15)


def test_after_the_last_base_comes_a_coarser_plan_with_the_first(monkeypatch):
    sizes = [list_cells(*tally(*MANY), plan).height for plan in PLANS]
    assert sizes == sorted(sizes, reverse=True)
    monkeypatch.setattr(ladder, "prove", refuse(*((sizes[0], base) for base in (5, 10, 15))))
    release = release_counts(*tally(*MANY), [])
    assert (release.plan, release.edition.base) == (PLANS[1], 5)


def test_where_no_rung_passes_nothing_is_published(monkeypatch):
    monkeypatch.setattr(ladder, "prove", lambda edition, earlier: Proof(1, 0, "kent: too few"))
    with pytest.raises(DisclosureError) as error:
        release_counts(*tally(*MANY), [])
    assert error.value.exit_code == 5
    assert str(error.value) == (
        "the counts cannot be published: somebody could be singled out (E162)\n"
        "  where:    kent\n"
        "  found:    too few\n"
        "  what now: publish a longer period, or leave late records to the next one; what is published stays as it is"
    )


def test_the_plan_is_the_same_whatever_was_searched_for():
    keys = [list_cells(*tally(*cells), PLANS[0]).drop("count") for cells in (MANY, NINE)]
    assert keys[0].equals(keys[1])


def test_the_figures_of_a_force_do_not_depend_on_the_others():
    alone = list_cells(*tally(*MANY), PLANS[0])
    other = alone.with_columns(pl.lit("kent").alias("force"), pl.col("count") * 3)
    together = protect_cells(pl.concat([alone, other]), 5).filter(force="lancashire")
    assert together.equals(protect_cells(alone, 5))
