"""The release: one base and one plan, proved safe; where that cannot be, nothing."""

import itertools

import polars as pl
import pytest

from disparity.disclosure import release as releasing
from disparity.disclosure.attack import Proof
from disparity.disclosure.plan import PLANS, list_cells
from disparity.disclosure.protect import BASE, FEWEST_CANDIDATES, protect_cells
from disparity.disclosure.release import release_counts
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.vocabulary.codes import ALL, OFFICER_DEFINED, SEARCH_TYPES
from disparity.vocabulary.errors import DisclosureError
from support.cells import APRIL, cell, count, files, period_of
from support.plan import cells_of

TYPES = tuple(name for name in SEARCH_TYPES if name != "drugs")[:9]
NINE = [cell("White", kind, searches=1) for kind in TYPES]
MANY = [cell(group, "other", found=200, not_found=1_000) for group in ("White", "Black")]


def tally(*cells):
    """Officers put everybody in the group that people name themselves."""
    seen = [row | {"ethnicity_basis": OFFICER_DEFINED} for row in cells]
    counts, submitted = count(*cells, *seen), files(months=[APRIL])
    return tally_periods(counts, submitted, period_of([APRIL])), tally_submissions(counts, submitted)


@pytest.mark.slow
def test_many_searches_pass_and_every_sensitive_count_is_certified():
    release = release_counts(*tally(*MANY), [])
    assert (release.plan, release.edition.base) == (PLANS[0], BASE)
    assert release.proof.certified == release.proof.targets


def test_where_the_proof_does_not_hold_nothing_is_published(monkeypatch):
    monkeypatch.setattr(releasing, "prove", lambda edition, earlier: Proof(1, 0, "kent: too few"))
    with pytest.raises(DisclosureError) as error:
        release_counts(*tally(*MANY), [])
    assert error.value.exit_code == 5
    assert str(error.value) == (
        "the counts cannot be published: somebody could be singled out (E162)\n"
        "  where:    kent\n"
        "  found:    too few\n"
        "  what now: publish a longer period, or leave late records to the next one; what is published stays as it is"
    )


def small_world(*groups):
    """Searches of White, Black and Asian people, and of all; of other groups none."""
    named = dict(zip(("White", "Black", "Asian"), groups, strict=True))
    rest = dict.fromkeys(("Mixed", "Other", "Not stated", "Not recorded"), 0)
    counts = {ALL: sum(groups), **named, **rest}
    return cells_of(*((group, ALL, "searches", number) for group, number in counts.items()))


def publish_world(monkeypatch, groups):
    """What the rule publishes of a world; nothing where it refuses."""
    monkeypatch.setattr(releasing, "list_cells", lambda years, months, plan: small_world(*groups))
    try:
        release = release_counts(*tally(), [])
    except DisclosureError:
        return None
    return release.plan.name, release.edition.base, release.edition.cells.rows()


@pytest.mark.slow
@pytest.mark.parametrize("truth", [(8, 8, 1), (8, 9, 2), (30, 8, 7), (8, 1, 1), (40, 0, 3)])
def test_an_attacker_who_runs_the_rule_on_every_world_that_fits_learns_nothing_more(monkeypatch, truth):
    """A climb from base 5 to 10 told that base 5 had failed: of 8, 8 and 1 the last was then exact."""
    published = publish_world(monkeypatch, truth)
    near = itertools.product(*(range(max(number - 7, 0), number + 8) for number in truth))
    worlds = [world for world in near if protect_cells(small_world(*world), published[1]).rows() == published[2]]
    for place in (place for place, number in enumerate(truth) if 0 < number < 8):
        # One world for each value that the count has in any of them.
        chosen = {world[place]: world for world in reversed(worlds)}
        assert len(chosen) >= FEWEST_CANDIDATES
        assert {publish_world(monkeypatch, world) == published for world in chosen.values()} == {True}


def test_the_plan_is_the_same_whatever_was_searched_for():
    keys = [list_cells(*tally(*cells), PLANS[0]).drop("count") for cells in (MANY, NINE)]
    assert keys[0].equals(keys[1])


def test_the_figures_of_a_force_do_not_depend_on_the_others():
    alone = list_cells(*tally(*MANY), PLANS[0])
    other = alone.with_columns(pl.lit("kent").alias("force"), pl.col("count") * 3)
    together = protect_cells(pl.concat([alone, other]), 5).filter(force="lancashire")
    assert together.equals(protect_cells(alone, 5))
