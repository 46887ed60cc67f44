"""Unknown ethnicity in every rate, share and type: tables worked by hand, and truths that were known."""

import numpy as np
import polars as pl
import pytest

from disparity.analysis.reasons.bounds import COMPARISON_KEYS
from disparity.vocabulary.codes import OFFICER_DEFINED, SELF_DEFINED
from support.cells import MAY, RESIDENTS, row_of
from support.profiles import UNKNOWN, count_profiles, found, profile, treat_counts, treat_profiles

EVEN = dict.fromkeys(RESIDENTS, 10_000)


def treated(treatments, treatment, measure, group="Black", **keys):
    return row_of(treatments.treatments, treatment=treatment, measure=measure, ethnic_group=group, **keys)


def difference_of(treatments, *named, **keys):
    return treated(treatments, *named, **keys)["difference"]


def ended(own, seen, found_of, of, search_type="other", **other):
    """Searches of which so many ended in a find and an arrest."""
    return [
        found(own, seen, found_of, search_type=search_type, **other),
        profile(own, seen, of - found_of, search_type, **other),
    ]


# Shared out within month, type and result


def test_find_rates_are_shared_out_within_month_type_and_result():
    """April: of 30 finds 20 are Black, so 8 of 12 unknown; of 90 others 30, so 20 of 60. May has no unknown.

    Black: 20 + 8 + 5 finds of those and 30 + 20 + 45 others; White: 10 + 4 + 5 and 60 + 40 + 45.
    """
    cells = [
        *(*ended("Black", None, 20, 50), *ended("White", None, 10, 70), *ended(UNKNOWN, None, 12, 72)),
        *ended("Black", None, 5, 50, month=MAY),
        *ended("White", None, 5, 50, month=MAY),
    ]
    row = treated(treat_profiles(*cells), "proportional_by_type", "find_rate")
    black, white = 33 / 128, 19 / 164
    assert [row["difference"], row["ratio"]] == pytest.approx([black - white, black / white])
    assert (row["added_error"], row["refused"]) == (0, None)


def test_a_result_without_known_ethnicity_in_the_month_is_shared_out_as_in_the_type_and_then_as_everywhere():
    """The 10 finds of May are of no known ethnicity: like the finds of April of the type, 3 of 4 Black."""
    cells = [
        *(*ended("Black", None, 30, 60), *ended("White", None, 10, 60)),
        *(profile(group, None, 50, month=MAY) for group in ("Black", "White")),
        found(UNKNOWN, None, 10, month=MAY),
        found(UNKNOWN, None, 8, search_type="firearms"),
    ]
    frame = treat_profiles(*cells)
    black, white = (30 + 7.5) / (110 + 7.5), (10 + 2.5) / (110 + 2.5)
    assert difference_of(frame, "proportional_by_type", "find_rate", search_type="other") == pytest.approx(
        black - white
    )
    all_black, all_white = (30 + 7.5 + 6) / (110 + 13.5), (10 + 2.5 + 2) / (110 + 4.5)
    assert difference_of(frame, "proportional_by_type", "find_rate") == pytest.approx(all_black - all_white)


def test_arrest_and_action_rates_are_shared_out_within_the_kind_of_outcome():
    """Arrests 20 to 10, so 6 of 9 unknown are Black; other actions 10 to 30, so 5 of 20; none 70 to 60, so 7 of 13."""
    kinds = {"arrest": (20, 10, 9), "other_action": (10, 30, 20), "no_further_action": (70, 60, 13)}
    cells = [
        profile(own, None, n, outcome_kind=kind)
        for kind, counted in kinds.items()
        for own, n in zip(("Black", "White", UNKNOWN), counted, strict=True)
    ]
    # What came of a search is unknown as often as not: of these nothing follows.
    cells += [profile(UNKNOWN, None, 5, outcome_kind=None, find_status="unknown")]
    frame = treat_profiles(*cells)
    black, white = 26 + 15 + 77, 13 + 45 + 66
    arrests, actions = 26 / black - 13 / white, 41 / black - 58 / white
    assert difference_of(frame, "proportional_by_type", "arrest_rate") == pytest.approx(arrests)
    assert difference_of(frame, "proportional_by_type", "action_rate") == pytest.approx(actions)


def test_clothing_removed_is_a_result_of_its_own():
    """Removed: 6 Black to 2 White, so 3 of 4 unknown are Black; not: 94 to 98, so 47 of 96."""
    removed = {"Black": 6, "White": 2, UNKNOWN: 4}
    kept = {"Black": 94, "White": 98, UNKNOWN: 96}
    cells = [profile(own, None, n, is_clothing_removed=True) for own, n in removed.items()]
    cells += [profile(own, None, n) for own, n in kept.items()]
    expected = 9 / (9 + 141) - 3 / (3 + 147)
    assert difference_of(treat_profiles(*cells), "proportional_by_type", "clothing_removed_rate") == pytest.approx(
        expected
    )


def test_shares_of_types_and_rates_by_type_are_shared_out_within_the_type():
    """Drugs: 30 of 40 known are Black, so 15 of 20; other: 20 of 80, so 10 of 40."""
    counted = {"drugs_unspecified": (30, 10, 20), "other": (20, 60, 40)}
    cells = [
        profile(own, None, n, kind)
        for kind, numbers in counted.items()
        for own, n in zip(("Black", "White", UNKNOWN), numbers, strict=True)
    ]
    frame = treat_profiles(*cells, residents=EVEN)
    share = treated(frame, "proportional_by_type", "type_share", search_type="drugs")
    assert share["difference"] == pytest.approx(45 / 75 - 15 / 105)
    rate = treated(frame, "proportional_by_type", "search_rate", search_type="drugs")
    assert (rate["ratio"], rate["difference"]) == (pytest.approx(3), None)
    assert treated(frame, "proportional_by_type", "search_rate")["ratio"] == pytest.approx(75 / 105)


def test_a_type_that_nobody_of_the_force_was_searched_for_stays_as_it_is():
    own = [*ended("Black", None, 20, 60), *ended("White", None, 20, 60), profile(UNKNOWN, None, 9)]
    frame = treat_profiles(*own, *ended("White", None, 20, 60, "firearms", force="essex"))
    mine = frame.treatments.filter(force="lancashire", search_type="firearms", ethnic_group="Black")
    assert set(mine.filter(pl.col("refused").is_null())["difference"]) == {0}


# As the other basis has it


def seen(*more):
    """100 each seen as they say, a tenth of them found on; 10 White people seen as Asian."""
    agreed = [row for group in ("Asian", "Black", "White") for row in ended(group, group, 10, 100)]
    return [*agreed, profile("White", "Asian", 10), *more]


def test_find_rates_are_shared_out_by_what_officers_saw_and_found():
    """20 finds and 30 others of unknown ethnicity were seen as Black, and all seen as Black say so."""
    frame = treat_profiles(*seen(*ended(UNKNOWN, "Black", 20, 50)))
    assert difference_of(frame, "officer_informed", "find_rate") == pytest.approx(30 / 150 - 10 / 110)


def test_a_blank_officer_defined_group_is_shared_out_by_the_result_alone():
    """Finds are of a third each; of the 280 others 90 are Black and 100 White."""
    frame = treat_profiles(*seen(*ended(UNKNOWN, None, 30, 58)))
    black, white = 20 / (100 + 10 + 9), 20 / (110 + 10 + 10)
    assert difference_of(frame, "officer_informed", "find_rate") == pytest.approx(black - white)


def test_on_the_officer_defined_basis_people_themselves_inform():
    """8 searches that officers left blank are of people who call themselves Black: 2 finds, 6 others."""
    frame = treat_profiles(*seen(*ended("Black", None, 2, 8)))
    informed = treated(frame, "self_informed", "find_rate", ethnicity_basis=OFFICER_DEFINED)
    assert informed["difference"] == pytest.approx(12 / 108 - 10 / 100)
    names = frame.treatments.group_by("ethnicity_basis").agg(pl.col("treatment").unique().sort())
    assert dict(names.iter_rows()) == {
        SELF_DEFINED: ["imputed", "left_out", "officer_informed", "proportional_by_type"],
        OFFICER_DEFINED: ["left_out", "proportional_by_type", "self_informed"],
    }


@pytest.mark.parametrize("apart", [0, 1, 4])
def test_a_basis_that_was_copied_from_the_other_informs_of_nothing(apart):
    """Kappa of 300 searches of which `apart` differ: 1, 0.995, 0.980."""
    cells = [*(profile(group, group, 100) for group in ("Asian", "Black")), profile("White", "White", 100 - apart)]
    cells += [profile("White", "Asian", apart), *ended(UNKNOWN, "Black", 20, 50)]
    row = treated(treat_profiles(*cells), "officer_informed", "search_rate")
    copied = "officer- and self-defined ethnicity are all but the same: one was copied from the other"
    assert row["refused"] == (copied if apart < 4 else None)
    assert (row["ratio"] is None) == (apart < 4)


def test_what_is_refused_has_no_figure_and_says_why():
    frame = treat_profiles(*seen(), *ended("Mixed", "Black", 5, 60), *ended("Other", "Other", 10, 200))
    assert treated(frame, "officer_informed", "find_rate", "Mixed") | dict.fromkeys(COMPARISON_KEYS) == {
        **dict.fromkeys([*COMPARISON_KEYS, "ratio", "difference", "added_error"]),
        **{"treatment": "officer_informed", "refused": "officers never recorded the group Mixed"},
    }


# Imputed


def test_imputation_is_told_nothing_by_a_blank_officer_defined_group():
    """All 400 known searches that officers left blank are of White people; so are 400 of the 2,300 known in all.

    Were blank a trait, nearly all 900 unknown would be White; as it tells nothing, 1,000 / 2,430 of them are Black.
    """
    cells = [
        *(profile("Black", "Black", 1_000), profile("White", "White", 1_000), profile("White", None, 400)),
        *(profile("Asian", "White", 15), profile("Asian", "Asian", 15), profile(UNKNOWN, None, 900)),
    ]
    ratio = treated(treat_profiles(*cells, residents=EVEN), "imputed", "search_rate")["ratio"]
    assert ratio == pytest.approx(1_000 / 1_400, rel=0.03)


def test_a_group_that_officers_never_record_is_imputed_without_them_and_the_others_with_them():
    """Of 300 unknown seen as Black all are Black; without officers 300 of 2,300 are Mixed, as of the known."""
    cells = [
        *(profile(group, group, 500) for group in ("Asian", "Black", "White", "Other")),
        *(profile("Mixed", group, 100) for group in ("Asian", "White", "Other")),
        profile(UNKNOWN, "Black", 300),
    ]
    frame = treat_profiles(*cells, residents=EVEN)
    assert treated(frame, "imputed", "search_rate", "Black")["ratio"] == pytest.approx(800 / 500, rel=0.02)
    mixed, white = (n * (1 + 300 / 2_300) for n in (300, 500))
    assert treated(frame, "imputed", "search_rate", "Mixed")["ratio"] == pytest.approx(mixed / white, rel=0.05)


@pytest.mark.slow
def test_the_added_error_is_that_of_filling_in_alone():
    """By hand, from the 50 ratios: √((1 + 1/50) x their variance), on the log; nothing unknown adds nothing."""
    cells = [profile("Black", None, 200), profile("White", None, 800)]
    assert treated(treat_profiles(*cells), "imputed", "search_rate")["added_error"] == 0
    errors = [
        treated(treat_profiles(*cells, profile(UNKNOWN, None, 1_000), seed=seed), "imputed", "search_rate")[
            "added_error"
        ]
        for seed in range(6)
    ]
    # Shares are p = 0.2 of 1,000 known: drawn from a beta distribution four times over, and 1,000 drawn by them.
    variance = 0.2 * 0.8 * (1 / 1_000 + 1 / 1_000)  # of the share, and of the 1,000 that are drawn
    reach = np.sqrt(variance) * 1_000 * (1 / 400 + 1 / 1_600)
    assert np.mean(errors) == pytest.approx(reach, rel=0.2)


def test_where_no_ethnicity_is_unknown_every_treatment_is_what_is_published():
    frame = treat_profiles(*seen(*ended("Other", "Other", 20, 60, "firearms"))).treatments
    used = frame.filter(pl.col("refused").is_null(), pl.col("ethnicity_basis") == SELF_DEFINED)
    published = used.filter(treatment="left_out")
    both = used.join(published, on=COMPARISON_KEYS, suffix="_published")
    apart = [(pl.col(name) - pl.col(f"{name}_published")).abs().max() for name in ("ratio", "difference")]
    assert max(both.select(apart).row(0)) < 1e-12


ARREST_TOLD = {True: 0.95, False: 0.5}


@pytest.fixture(scope="module")
def by_result():
    """60 forces: drugs and other, 30% and 10% found of Black and White people; told after a find by 95, else by 50%."""
    random = np.random.default_rng(5)
    rows = []
    for number in range(60):
        force = f"force-{number:02}"
        for kind in ("drugs_unspecified", "other"):
            for group, searches, share in (("Black", 900, 0.3), ("White", 3_000, 0.1)):
                finds = int(random.binomial(searches, share))
                for is_found, n in ((True, finds), (False, searches - finds)):
                    told = int(random.binomial(n, ARREST_TOLD[is_found]))
                    draw = found if is_found else profile
                    named = {"force": force, "search_type": kind}
                    rows += [draw(group, None, told, **named), draw(UNKNOWN, None, n - told, **named)]
    return treat_counts(count_profiles(rows)).treatments.filter(ethnic_group="Black")


@pytest.mark.slow
@pytest.mark.parametrize("search_type", ["All", "drugs", "other"])
@pytest.mark.parametrize("measure", ["find_rate", "arrest_rate"])
def test_where_recording_depends_on_the_result_what_allows_for_it_is_unbiased(by_result, measure, search_type):
    """The true difference is 20 points; of those told 0.285 / (0.285 + 0.35) less 0.095 / (0.095 + 0.45)."""
    rows = by_result.filter(measure=measure, search_type=search_type)
    means = dict(rows.group_by("treatment").agg(pl.col("difference").mean()).iter_rows())
    assert means["imputed"] == pytest.approx(0.2, abs=0.01)
    assert means["proportional_by_type"] == pytest.approx(0.2, abs=0.01)
    assert means["left_out"] == pytest.approx(0.285 / 0.635 - 0.095 / 0.545, abs=0.01)


def test_another_force_changes_no_treatment_and_neither_does_the_order_of_the_counts():
    own = seen(*ended(UNKNOWN, "Black", 20, 50), *ended(UNKNOWN, None, 3, 30))
    alone = treat_profiles(*own)
    others = [cell | {"force": "essex"} for cell in seen(*ended(UNKNOWN, "White", 20, 70))]
    together = treat_profiles(*others, *reversed(own))
    for name in ("treatments", "bounds", "reasons"):
        mine = getattr(together, name).filter(pl.col("force") != "essex")
        assert mine.sort(mine.columns).equals(getattr(alone, name).sort(mine.columns)), name


def test_counts_that_say_nothing_of_each_search_leave_the_unknown_out_alone():
    counts = count_profiles([*ended("Black", None, 20, 60), *ended("White", None, 20, 60), profile(UNKNOWN, None, 9)])
    whole = treat_counts(counts)
    bare = treat_counts(type(counts)(**{**counts.__dict__, "profiles": counts.profiles.clear()}))
    assert bare.reasons.is_empty()
    assert bare.treatments["treatment"].unique().to_list() == ["left_out"]
    assert bare.bounds.equals(whole.bounds)


def test_a_limit_without_end_is_none_and_no_warning():
    """A single known search of Black people among 4,000 unknown: the imputed ratio could be next to anything."""
    frame = treat_profiles(profile("Black", None, 1), profile("White", None, 3), profile(UNKNOWN, None, 4_000))
    upper = row_of(frame.reasons, analysis="missing_ethnicity_scenario", component="imputed", ethnic_group="Black")[
        "upper"
    ]
    assert upper is None or np.isfinite(upper)
