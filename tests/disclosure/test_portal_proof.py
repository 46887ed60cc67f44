"""The proof beside public rows: nothing that only the extract has is narrowed, whoever holds the rows and the rules.

What the proof finds is checked here by other means: every table that it rests on is put through the rules again, and
set beside the rows as they were drawn.
"""

import os
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from disparity.disclosure import attack, portal_proof
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.plan import PORTAL_PLANS, SEPARATED, list_cells
from disparity.disclosure.portal import find_unprotected, list_left, list_rows, name_rows, protect_own
from disparity.disclosure.portal_proof import find_other_edition, prove_own
from disparity.disclosure.protect import BASE, FEWEST_CANDIDATES, MOST_SUPPRESSED
from disparity.disclosure.release import release_counts
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, SELF_DEFINED
from disparity.vocabulary.errors import DisclosureError
from support.cells import APRIL, FORCE, files, period_of
from support.profiles import PROFILE_TYPES, count_profiles

# Each takes two to three processor seconds; `DISPARITY_ATTACKS` asks for more.
EXTRACTS = int(os.environ.get("DISPARITY_ATTACKS", "30"))
ALL_OWN = PORTAL_PLANS[0]
KINDS = ("drugs_possession", "drugs_supply", "drugs_unspecified", "offensive_weapons", "stolen_property")
# As uneven as in a small force.
SHARES = {"Asian": 0.06, "Black": 0.06, "Mixed": 0.03, "White": 0.67, "Other": 0.03, "Not stated": 0.15}
OUTCOMES = ("arrest", "other_action", "no_further_action", None)


def draw_profiles(rng, size=None):
    """Draw 20 to 3,000 searches by all that a row of the portal says and all that it does not."""
    size = int(rng.choice([20, 60, 150, 300, 1_000, 3_000])) if size is None else size
    own = rng.choice(list(SHARES), size, p=list(SHARES.values()))
    agrees = (rng.random(size) < 0.9) & np.isin(own, ETHNIC_GROUPS)
    separated = rng.choice([1.0, 0.95])
    kinds = np.array([0.5 * separated, 0.1 * separated, 0.6 * (1 - separated), 0.25, 0.15])
    drawn = {
        "force": [FORCE] * size,
        "month": [APRIL] * size,
        "self_defined_group": own,
        "officer_defined_group": np.where(agrees, own, rng.choice(ETHNIC_GROUPS, size)),
        "search_type": rng.choice(KINDS, size, p=kinds),
        "outcome_kind": rng.choice(np.array(OUTCOMES, object), size, p=(0.1, 0.15, 0.7, 0.05)),
        "find_status": np.where(
            rng.random(size) > rng.choice([1.0, 0.95]),
            "unknown",
            np.where(rng.random(size) < rng.choice([0.05, 0.25, 0.6]), "found", "not_found"),
        ),
        # Public beside every row, and in no protected count.
        "is_clothing_removed": rng.choice(np.array([True, False, None], object), size, p=(0.05, 0.9, 0.05)),
        "searches": np.ones(size, np.int64),
    }
    frame = pl.DataFrame({name: list(values) for name, values in drawn.items()}, schema=PROFILE_TYPES)
    return frame.group_by(pl.exclude("searches")).agg(pl.col("searches").sum()).sort(pl.all())


def tally(profiles):
    counts, submitted = count_profiles(profiles), files(months=[APRIL])
    periods = period_of([APRIL])
    return tally_periods(counts, submitted, periods), tally_submissions(counts, submitted)


def publish(profiles, plan=ALL_OWN):
    """Give the exact counts, the publication and the public rows."""
    cells, rows = list_cells(*tally(profiles), plan), list_rows(profiles, period_of([APRIL]), plan)
    return cells, ProtectedCounts(protect_own(cells, BASE, plan), BASE, plan, name_rows(rows)), rows


def count_worlds(edition, cells, tables, atoms):
    """Give the counts that each table of the attacker has, one row a table; those that are public as they are."""
    keys = [row[:-1] for row in cells.iter_rows()]
    worlds = np.tile(cells["count"].to_numpy(), (len(tables), 1))
    held = np.array([table[: atoms.size] for table in tables])
    for number, key in enumerate(keys):
        if not edition.plan.is_public(*key[5:]):
            worlds[:, number] = held[:, atoms.place(*key[3:])].sum(axis=1)
    return keys, worlds


def most_of(rows, key):
    """Say how many searches of the public rows could be in a count, read off the rows themselves."""
    basis, group, kind, counted = key[3:]
    column = "self_defined_group" if basis == SELF_DEFINED else "officer_defined_group"
    kinds = ("drugs",) if kind in SEPARATED else ("drugs", *DRUG_TYPES) if kind == "drugs" else (kind,)
    chosen = rows if group == ALL else rows.filter(pl.col(column) == group)
    chosen = chosen if kind == ALL else chosen.filter(pl.col("search_type").is_in(kinds))
    states = {"searches": ["known", "found", "not_found", "unknown"], "known": ["known", "found", "not_found"]}
    return chosen.filter(pl.col("state").is_in(states.get(counted, ["known", "found"])))["searches"].sum()


def attack_extract(profiles, monkeypatch, plan=ALL_OWN):
    """Attack a publication, and check whatever the proof rests on; give the share of counts shown, if it holds."""
    cells, edition, rows = publish(profiles, plan)
    tables, atoms, solve, name = [], [], attack._solve, portal_proof._name_atoms
    monkeypatch.setattr(attack, "_solve", lambda *given: _remember(tables, solve(*given)))
    monkeypatch.setattr(portal_proof, "_name_atoms", lambda *given: _keep(atoms, name(*given)))
    proof = prove_own(edition, rows)
    monkeypatch.undo()
    if not proof.holds or not tables:
        return proof, None
    # The attacker's tables have the searches of the rows.
    of_row = atoms[0].table.select("row", "searches").with_row_index("place")
    for table in tables:
        held = (
            of_row.with_columns(count=pl.Series(table[: atoms[0].size]))
            .group_by("row")
            .agg(pl.col("count").sum(), pl.col("searches").first())
        )
        assert held["count"].equals(held["searches"], check_names=False)
    exact = {row[:-1]: row[-1] for row in cells.iter_rows()}
    keys, worlds = count_worlds(edition, cells, tables, atoms[0])
    # Whoever runs the rules on any of these tables gets the same publication: none of them can be ruled out.
    for world in np.unique(worlds, axis=0):
        again = protect_own(cells.with_columns(count=pl.Series(world)), BASE, plan)
        assert again.equals(edition.cells)
    for number, key in enumerate(keys):
        if edition.cells["count"][number] is None:
            # One that is suppressed for the sake of another, and of many people in every table, is no secret.
            left = set(worlds[:, number])
            assert len(left) >= min(FEWEST_CANDIDATES, most_of(rows, key) + 1) or min(left) > MOST_SUPPRESSED, key
            rest = [(keys.index(whole), keys.index(part)) for whole, part in list_left(key, exact, plan) if part]
            for whole, part in rest:
                left = set(worlds[:, whole] - worlds[:, part])
                most = most_of(rows, keys[whole]) - most_of(rows, keys[part]) * (
                    keys[part][6] == "known" or "finds" not in plan.own
                )
                assert len(left) >= min(FEWEST_CANDIDATES, most + 1) or min(left) > MOST_SUPPRESSED, key
    return proof, 1 - edition.cells["count"].null_count() / cells.height


def _remember(tables, found):
    if found is not None:
        tables.append(found.table)
    return found


def _keep(kept, one):
    kept.append(one)
    return one


def attack_all(seeds, monkeypatch):
    results = [attack_extract(draw_profiles(np.random.default_rng(seed)), monkeypatch) for seed in seeds]
    refused = {seed: proof.weakness for seed, (proof, _) in zip(seeds, results, strict=True) if not proof.holds}
    shown = [share for _, share in results if share is not None]
    return sum(shown) / len(shown), refused


@pytest.mark.slow
def test_nothing_of_the_extract_alone_is_narrowed_in_a_small_extract(monkeypatch):
    shown, refused = attack_all((1,), monkeypatch)
    assert not refused
    assert shown > 0.8


@pytest.mark.slow
def test_the_attacker_recovers_nothing_of_extracts_whose_rows_are_public(monkeypatch):
    shown, refused = attack_all(range(EXTRACTS), monkeypatch)
    assert len(refused) <= EXTRACTS / 20
    # The cost: the share of all counts that is shown.
    assert shown > 0.85


@pytest.mark.slow
@pytest.mark.parametrize("plan", PORTAL_PLANS[1:3], ids=lambda plan: " and ".join(plan.own))
def test_what_a_mapping_does_not_read_is_public_and_the_rest_is_not_narrowed(monkeypatch, plan):
    profiles = draw_profiles(np.random.default_rng(4), 300)
    proof, shown = attack_extract(profiles, monkeypatch, plan)
    assert proof.holds
    assert proof.targets
    assert shown > attack_extract(profiles, monkeypatch)[1]


def test_where_everything_is_public_all_is_exact_and_nothing_is_to_be_proved():
    cells, edition, rows = publish(draw_profiles(np.random.default_rng(4), 300), PORTAL_PLANS[3])
    assert edition.cells.equals(cells)
    assert prove_own(edition, rows).targets == 0


def profiles_of(*rows):
    """Searches of White people by type, find status and how many."""
    full = [(FORCE, APRIL, "White", "White", kind, "no_further_action", status, False, n) for kind, status, n in rows]
    return pl.DataFrame(full, schema=PROFILE_TYPES, orient="row")


def shown_of(edition, kind, counted):
    chosen = (pl.col("ethnic_group") == "White") & (pl.col("search_type") == kind) & (pl.col("counted") == counted)
    return edition.cells.filter(chosen, pl.col("ethnicity_basis") == SELF_DEFINED)["count"].item()


def test_a_part_is_hidden_where_the_public_whole_would_tell_the_rest():
    """Of 103 drug searches 100 for possession: beside the exact 103 a rounded 105 leaves 1 to 5 for supply, and 0."""
    rows = profiles_of(("drugs_possession", "not_found", 100), ("drugs_supply", "not_found", 3))
    _, edition, _ = publish(rows)
    assert shown_of(edition, "drugs", "searches") == 103
    assert [shown_of(edition, kind, "searches") for kind in SEPARATED] == [None, None]


@pytest.mark.parametrize("searches", [6, 206])
def test_a_zero_for_supply_is_not_shown_beside_drug_searches_that_everybody_can_count(searches):
    """None for supply: possession, suppressed beside that zero, was exactly the drug searches that the portal has."""
    rows = profiles_of(("drugs_possession", "not_found", searches), ("offensive_weapons", "not_found", 400))
    _, edition, _ = publish(rows)
    assert shown_of(edition, "drugs", "searches") == searches
    assert [shown_of(edition, kind, "searches") for kind in SEPARATED] == [None, None]
    told = tell_supply(edition)
    assert {key[5] for key in find_unprotected(told.cells, BASE, ALL_OWN)} == {"drugs_supply"}


def test_possession_beside_a_zero_for_supply_and_the_drug_searches_of_the_portal_is_no_proof():
    rows = profiles_of(("drugs_possession", "not_found", 6), ("offensive_weapons", "not_found", 400))
    _, edition, public = publish(rows)
    assert prove_own(edition, public).holds
    assert not prove_own(tell_supply(edition), public).holds


def tell_supply(edition):
    """Show a zero for supply, as the rules without public rows do where nobody was searched for it."""
    told = pl.when(pl.col("search_type") == "drugs_supply").then(0).otherwise("count").alias("count")
    return replace(edition, cells=edition.cells.with_columns(told))


def test_a_zero_of_finds_is_not_shown_of_people_whom_everybody_can_count():
    _, edition, _ = publish(profiles_of(("offensive_weapons", "not_found", 40)))
    assert shown_of(edition, "offensive_weapons", "known") == 40
    assert shown_of(edition, "offensive_weapons", "found") is None
    assert shown_of(edition, "firearms", "found") == 0


def test_a_rounded_part_beside_an_exact_whole_is_no_proof():
    """The rules without public rows, taken for an edition beside them, do not pass: 23 to 27 of 27 were found."""
    rows = profiles_of(("offensive_weapons", "found", 26), ("offensive_weapons", "not_found", 1))
    cells, edition, public = publish(rows)
    is_weapons_found = (pl.col("search_type") == "offensive_weapons") & (pl.col("counted") == "found")
    told = pl.when(is_weapons_found, pl.col("ethnic_group") == "White").then(30).otherwise("count").alias("count")
    assert prove_own(edition, public).holds
    assert not prove_own(replace(edition, cells=edition.cells.with_columns(told)), public).holds
    assert cells.height == edition.cells.height


MANY = dict.fromkeys(("Asian", "Black", "Mixed", "White"), (40, 60))


def searches_of(*rows, weapons=MANY):
    """Searches by group, type, found and not found, beside many of every group for weapons."""
    many = [(group, "offensive_weapons", *split) for group, split in weapons.items()]
    full = [
        (FORCE, APRIL, group, group, kind, "no_further_action", status, False, number)
        for group, kind, *split in (*many, *rows)
        for status, number in zip(("found", "not_found"), split, strict=True)
        if number
    ]
    return pl.DataFrame(full, schema=PROFILE_TYPES, orient="row")


def find_shown(edition, kind="other"):
    """Give the finds that are shown of a type, by self-defined group."""
    chosen = edition.cells.filter(ethnicity_basis=SELF_DEFINED, search_type=kind, counted="found")
    return {row["ethnic_group"]: row["count"] for row in chosen.iter_rows(named=True) if row["count"]}


# What a rare type of search can be like: found and not found, and the finds that are shown of it.
RARE = {
    "8 finds of 17, one search of another group": (((7, 9), (1, 0)), {}),
    "the same, and the one found nothing": (((8, 8), (0, 1)), {}),
    "7 finds of a group that has nearly all, and one of another": (((7, 34), (1, 0)), {ALL: 15}),
    "rounding falls between a group and all": (((22, 20), (1, 0)), {ALL: 30}),
    "enough of all, and of the others": (((12, 20), (3, 3)), {ALL: 15, "White": 15}),
}


@pytest.mark.slow
@pytest.mark.parametrize("given", RARE)
def test_a_rare_type_of_search_is_suppressed_and_does_not_stop_a_publication(monkeypatch, given):
    """A force's 17 searches for fireworks once stopped its whole edition, and two years of them did as well."""
    (white, mixed), shown = RARE[given]
    profiles = searches_of(("White", "other", *white), ("Mixed", "other", *mixed))
    assert find_shown(publish(profiles)[1]) == shown
    assert attack_extract(profiles, monkeypatch)[0].holds


def test_what_is_never_shown_follows_from_the_public_rows_alone():
    """Whatever was found in 19 searches, the same is shown: nothing; of 20 it is what the finds say."""
    shown = {
        size: [find_shown(publish(searches_of(("White", "other", found, size - found)))[1]) for found in (0, 8, 11)]
        for size in (19, 20)
    }
    assert shown == {19: [{}, {}, {}], 20: [{}, {ALL: 15, "White": 15}, {ALL: 15, "White": 15}]}


def test_a_site_that_shows_what_is_never_shown_is_found_out():
    edition = publish(searches_of(("White", "other", 8, 8), ("Mixed", "other", 0, 1)))[1]
    is_finds = (pl.col("search_type") == "other") & (pl.col("counted") == "found") & (pl.col("ethnic_group") == ALL)
    told = edition.cells.with_columns(pl.when(is_finds).then(15).otherwise("count").alias("count"))
    assert find_unprotected(edition.cells, BASE, ALL_OWN) == []
    assert [key[4:] for key in find_unprotected(told, BASE, ALL_OWN)] == [(ALL, "other", "found")]


@pytest.mark.slow
def test_where_a_proof_fails_the_message_says_what_helps():
    """Rounding falls, by a rare chance, so that a few are told: the columns left out, the same searches pass."""
    # A third of searches for weapons were finds, of 60 of Mixed people as of all.
    weapons = {"Asian": (30, 60), "Black": (26, 54), "Mixed": (20, 40), "White": (133, 267)}
    rare = (("White", "other", 32, 9), ("Mixed", "other", 5, 0), ("Black", "other", 3, 0))
    profiles = searches_of(*rare, weapons=weapons)
    tallies = tally(profiles)
    with pytest.raises(DisclosureError) as error:
        release_counts(*tallies, [], ALL_OWN, list_rows(profiles, period_of([APRIL]), ALL_OWN))
    assert error.value.what_now.startswith("leave `is_item_found` and `drug_search_type` out of [extracts.columns]")
    nothing_own = PORTAL_PLANS[3]
    rows = list_rows(profiles, period_of([APRIL]), nothing_own)
    assert release_counts(*tallies, [], nothing_own, rows).proof.holds


def test_two_editions_of_the_same_months_must_show_the_same_of_the_same_rows():
    profiles = draw_profiles(np.random.default_rng(4), 300)
    edition = publish(profiles)[1]
    assert find_other_edition(edition, [edition]) == ""
    late = pl.concat([profiles, profiles.head(1).with_columns(searches=pl.lit(1, pl.Int64))])
    other = publish(late)[1]
    what = "lancashire, 2022-04: an earlier edition of it shows other counts, or other months with it"
    assert find_other_edition(other, [edition]) == what
    # The same counts of other rows: two people have changed places in what no count shows.
    assert find_other_edition(replace(edition, rows=other.rows), [edition]) == what


def test_an_edition_without_public_rows_and_one_beside_them_are_not_of_the_same_months():
    edition = publish(draw_profiles(np.random.default_rng(4), 300))[1]
    none = ProtectedCounts(edition.cells, BASE)
    what = "lancashire, 2022-04: an earlier edition of it says otherwise which records are public"
    assert find_other_edition(edition, [none]) == find_other_edition(none, [edition]) == what
    assert find_other_edition(none, [none]) == ""


def test_editions_of_other_months_have_nothing_to_do_with_each_other():
    edition = publish(draw_profiles(np.random.default_rng(4), 300))[1]
    later = {name: pl.col(name).dt.offset_by("1y") for name in ("period_from", "period_to")}
    other = ProtectedCounts(edition.cells.with_columns(**later), BASE)
    assert find_other_edition(edition, [other]) == ""
