"""Unknown ethnicity filled in: published figures, tables worked by hand, and truths that were known."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disparity.analysis.reasons.rows import REASON_COLUMNS
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.share_scenarios import FIND_DIFFERENCE, SHARES
from support.cells import APRIL, GOLDEN, MAY, RESIDENTS, YEAR, as_published, row_of
from support.profiles import UNKNOWN, count_profiles, fill_counts, fill_profiles, found, profile

FIND_RATE = SHARES["find_rate"][0]
EVEN = dict.fromkeys(RESIDENTS, 10_000)
INTERVAL = ["lower", "upper"]
SCENARIOS = {
    *("left_out", "proportional", "proportional_by_type", "officer_informed"),
    *("imputed", "imputed_fraction_missing", "all_reference", "all_group"),
}


def pick(frame, component, group="Black", analysis=SCENARIO):
    return row_of(frame, analysis=analysis, component=component, ethnic_group=group)


def value_of(frame, component, group="Black", analysis=SCENARIO):
    return pick(frame, component, group, analysis)["value"]


def searched(black, white, unknown):
    return [profile(group, None, n) for group, n in {"Black": black, "White": white, UNKNOWN: unknown}.items()]


# Left out, and the extremes


def test_left_out_is_the_ratio_of_known_searches_with_its_exact_interval():
    """Lancashire, year ending March 2023: 173 searches of 10,096 Black residents, 7,826 of 1,325,538 White."""
    frame = fill_profiles(*searched(173, 7_826, 900), residents=EVEN | {"Black": 10_096, "White": 1_325_538})
    row = pick(frame, "left_out")
    assert [as_published(row[name], "1.2345") for name in ("value", *INTERVAL)] == ["2.9023", "2.4819", "3.3745"]


def test_the_extremes_are_the_bounds_worked_by_hand():
    golden = GOLDEN["missing_ethnicity"]
    cells = [profile(group, None, n) for group, n in golden["searches"].items()]
    frame = fill_profiles(*cells, residents=golden["residents"])
    extremes = [value_of(frame, component) for component in ("all_reference", "all_group")]
    assert list(map(as_published, extremes, golden["bounds"])) == golden["bounds"]


def test_not_stated_and_not_recorded_are_both_filled_in():
    """20 and 10 of as many residents; 10 of each kind of unknown: (20 + 20) / 10 and 20 / (10 + 20)."""
    frame = fill_profiles(*searched(20, 10, 10), profile(None, None, 10), residents=EVEN)
    assert [value_of(frame, component) for component in ("all_group", "all_reference")] == [4, 20 / 30]


# Shared out


@pytest.mark.slow
@settings(max_examples=5)
@given(st.tuples(*[st.integers(1, 3_000)] * 3, st.integers(0, 3_000)))
def test_shared_out_like_the_known_the_ratio_is_that_of_leaving_out(counted):
    black, white, asian, unknown = counted
    frame = fill_profiles(*searched(black, white, unknown), profile("Asian", None, asian))
    for group in ("Asian", "Black"):
        ratio, expected = (value_of(frame, component, group) for component in ("proportional", "left_out"))
        assert ratio == pytest.approx(expected, rel=1e-12)


def test_sharing_out_by_type_is_worked_by_hand():
    """Drugs: half of 40 to Black, half to White; other: a tenth of 50 to Black: 20 + 25 against 100 + 65."""
    cells = [
        *(profile(own, None, n, "drugs_unspecified") for own, n in {"Black": 10, "White": 10, UNKNOWN: 40}.items()),
        *(profile(own, None, n, "other") for own, n in {"Black": 10, "White": 90, UNKNOWN: 50}.items()),
    ]
    frame = fill_profiles(*cells, residents=EVEN)
    assert value_of(frame, "proportional_by_type") == pytest.approx(45 / 165)
    assert value_of(frame, "proportional") == pytest.approx(20 / 100)


def test_sharing_out_looks_at_the_month_too():
    cells = [
        *(profile(own, None, n, month=APRIL) for own, n in {"Black": 10, "White": 10, UNKNOWN: 40}.items()),
        *(profile(own, None, n, month=MAY) for own, n in {"Black": 10, "White": 90, UNKNOWN: 50}.items()),
    ]
    assert value_of(fill_profiles(*cells, residents=EVEN), "proportional_by_type") == pytest.approx(45 / 165)


def test_a_month_without_known_ethnicity_is_shared_out_like_its_type_and_a_type_without_it_like_the_whole():
    """May, other: 40 like other in April, half each; firearms: 60 like all known, 20 to 40."""
    cells = [
        *(profile(own, None, 10, "other", month=APRIL) for own in ("Black", "White")),
        *(profile(own, None, n, "drugs_unspecified") for own, n in {"Black": 10, "White": 30}.items()),
        profile(UNKNOWN, None, 40, "other", month=MAY),
        profile(UNKNOWN, None, 60, "firearms", month=MAY),
    ]
    frame = fill_profiles(*cells, residents=EVEN)
    assert value_of(frame, "proportional_by_type") == pytest.approx((20 + 20 + 20) / (40 + 20 + 40))


# As officers saw them


def as_seen(*more):
    """Of 10 seen as Black 8 say Black and 2 Mixed; of 20 seen as White 18 say White; 10 seen as Asian agree."""
    return [
        *(profile(own, "Black", n) for own, n in {"Black": 8, "Mixed": 2, UNKNOWN: 10}.items()),
        *(profile(own, "White", n) for own, n in {"White": 18, "Mixed": 2, UNKNOWN: 20}.items()),
        profile("Asian", "Asian", 10),
        *more,
    ]


def test_allocation_by_what_officers_saw_is_worked_by_hand():
    """Of the 10 unknown seen as Black 8 are Black and 2 Mixed, of the 20 seen as White 18 White and 2 Mixed."""
    frame = fill_profiles(*as_seen(), residents=EVEN)
    assert value_of(frame, "officer_informed") == pytest.approx(16 / 36)
    assert value_of(frame, "officer_informed", "Mixed") == pytest.approx(8 / 36)


def test_unknown_searches_that_officers_left_blank_too_are_shared_out_like_the_known():
    """Known: 8 Black, 18 White of 40; 20 more blank on both bases add 4 and 9."""
    frame = fill_profiles(*as_seen(profile(None, None, 20)), residents=EVEN)
    assert value_of(frame, "officer_informed") == pytest.approx((16 + 4) / (36 + 9))


def test_unknown_searches_of_a_group_that_no_known_search_was_seen_as_are_shared_out_like_the_known():
    frame = fill_profiles(*as_seen(profile(UNKNOWN, "Other", 20)), residents=EVEN)
    assert value_of(frame, "officer_informed") == pytest.approx((16 + 4) / (36 + 9))


def agreeing(agreed):
    """Three groups of about 300 searches, `agreed` of each seen alike: kappa = (agreed / 300 - 1/3) / (2/3)."""
    groups = ("Asian", "Black", "White")
    apart = [(own, seen) for own in groups for seen in groups if own != seen]
    rest = 300 - agreed
    return [
        *(profile(group, group, agreed) for group in groups),
        *(profile(own, seen, rest // 2) for own, seen in apart),
        profile(UNKNOWN, "Black", 30),
    ]


@pytest.mark.parametrize(("agreed", "is_used"), [(219, False), (221, True)], ids=["0.599", "0.609"])
def test_officers_are_not_followed_under_a_kappa_of_six_tenths(agreed, is_used):
    row = pick(fill_profiles(*agreeing(agreed)), "officer_informed")
    assert (row["value"] is not None) == is_used
    refusal = "not used: officer- and self-defined ethnicity agree too little"
    assert row["note"] == ("searches of unknown ethnicity shared out by what officers recorded" if is_used else refusal)


@pytest.mark.parametrize("groups", [1, 2, 3])
def test_officers_are_not_followed_where_they_use_fewer_than_three_groups(groups):
    seen = [profile(group, group, 100) for group in ("White", "Black", "Asian")[:groups]]
    apart = profile("Mixed", "White", 10)
    row = pick(
        fill_profiles(*seen, apart, profile("Black", None, 50), profile(UNKNOWN, "White", 30)), "officer_informed"
    )
    assert (row["value"] is None) == (groups < 3)
    assert (row["note"] == "not used: too few officer-defined groups are in use") == (groups < 3)


def test_a_group_that_officers_never_record_is_not_filled_in_by_what_they_saw():
    cells = [
        *(profile(group, group, 200) for group in ("Asian", "Black", "White", "Other")),
        *(profile("Mixed", seen, 20) for seen in ("Black", "White")),
        profile(UNKNOWN, "Black", 30),
    ]
    frame = fill_profiles(*cells)
    row = pick(frame, "officer_informed", "Mixed")
    assert (row["value"], row["note"]) == (None, "not used: officers never recorded the group Mixed")
    assert value_of(frame, "officer_informed", "Black") is not None


def test_no_group_is_filled_in_by_what_officers_saw_where_they_never_record_the_reference_group():
    cells = [
        *(profile(group, group, 200) for group in ("Asian", "Black", "Mixed", "Other")),
        *(profile("White", seen, 10) for seen in ("Mixed", "Other")),
    ]
    row = pick(fill_profiles(*cells), "officer_informed")
    assert (row["value"], row["note"]) == (None, "not used: officers never recorded the group White")


# Imputed


def test_with_no_unknown_ethnicity_every_scenario_is_the_ratio():
    """The imputed interval is then that of two Poisson counts on the log scale: ln 2 ± 1.98 x √(1/40 + 1/80)."""
    cells = [profile(group, group, n) for group, n in {"Black": 37, "White": 80, "Asian": 60}.items()]
    frame = fill_profiles(*cells, profile("Black", "Asian", 3))
    ratios = frame.filter(pl.col("ethnic_group") == "Black", pl.col("component") != "imputed_fraction_missing")
    assert ratios["value"].to_list() == pytest.approx([50] * 7)
    row = pick(frame, "imputed")
    # t of 119/121 x 118 degrees of freedom, from tables: 1.9806.
    reach = 1.9806 * np.sqrt(1 / 40 + 1 / 80)
    assert [row[name] for name in INTERVAL] == pytest.approx([50 * np.exp(-reach), 50 * np.exp(reach)], rel=1e-4)
    assert value_of(frame, "imputed_fraction_missing") == 0


def test_imputation_finds_what_is_certain():
    """Whoever is seen as Black says so: 300 of 600 unknown are Black; 30 White people were seen as Asian."""
    cells = [
        *(profile(group, group, 1_000) for group in ("Asian", "Black", "White")),
        profile("White", "Asian", 30),
        *(profile(UNKNOWN, seen, 300) for seen in ("Black", "White")),
        profile(UNKNOWN, "Asian", 0),
    ]
    frame = fill_profiles(*cells, residents=EVEN)
    assert value_of(frame, "imputed") == pytest.approx(1_300 / 1_330, abs=0.02)
    assert value_of(frame, "imputed_fraction_missing") < 0.05
    assert value_of(frame, "imputed", "Asian") == pytest.approx(1_000 / 1_330, abs=0.02)


@pytest.mark.parametrize(
    ("black", "white"),
    [
        ({"search_type": "firearms"}, {"search_type": "other"}),
        ({"month": YEAR[0]}, {"month": YEAR[3]}),
        ({"outcome_kind": "other_action"}, {"outcome_kind": "arrest"}),
    ],
    ids=["search type", "quarter", "outcome"],
)
def test_imputation_looks_at_each_thing_that_tells_the_groups_apart(black, white):
    """All 20,000 known of one kind are Black, of the other White: 10,000 and 2,000 unknown make 30,000 and 22,000."""
    cells = [
        *(profile(own, None, n, **black) for own, n in {"Black": 20_000, UNKNOWN: 10_000}.items()),
        *(profile(own, None, n, **white) for own, n in {"White": 20_000, UNKNOWN: 2_000}.items()),
    ]
    assert value_of(fill_profiles(*cells, residents=EVEN), "imputed") == pytest.approx(30 / 22, rel=0.02)


def test_a_dozen_known_searches_do_not_decide_for_hundreds_of_unknown_ones():
    """12 Black and 400 unknown in one quarter, 10,000 White in another.

    By the quarter alone all 400 would be Black; its 12 searches count beside 200 of the whole year, nearly all White.
    """
    cells = [
        profile("White", None, 10_000, month=YEAR[0]),
        *(profile(own, None, n, month=YEAR[3]) for own, n in {"Black": 12, UNKNOWN: 400}.items()),
    ]
    frame = fill_profiles(*cells, residents=EVEN)
    assert value_of(frame, "imputed") == pytest.approx((12 + 400 * 12 / 212) / 10_377, rel=0.25)


def test_imputation_does_without_officers_who_cannot_be_followed_and_says_so():
    row = pick(fill_profiles(*agreeing(200)), "imputed")
    assert row["value"] is not None
    assert row["note"].endswith(
        "; without officer-defined ethnicity: officer- and self-defined ethnicity agree too little"
    )


def test_a_group_of_which_no_search_is_known_is_not_imputed():
    frame = fill_profiles(*searched(0, 500, 100))
    row = pick(frame, "imputed")
    assert [row[name] for name in ("value", *INTERVAL)] == [None] * 3
    assert row["note"] == "not used: too few searches, or finds, of known ethnicity"


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figures_and_another_seed_others():
    counts = count_profiles(as_seen())
    assert fill_counts(counts, seed=3).equals(fill_counts(counts, seed=3))
    first, other = (value_of(fill_counts(counts, seed=seed), "imputed") for seed in (3, 4))
    assert first != other


def test_another_force_changes_no_figure_and_neither_does_the_order_of_the_counts():
    own = as_seen()
    alone = fill_profiles(*own)
    together = fill_profiles(*(cell | {"force": "essex"} for cell in searched(50, 60, 70)), *reversed(own))
    assert together.filter(pl.col("force") != "essex").equals(alone)


# Truths that were known: 200 forces each, the true ratio 20


def simulate(stated, *, arrest, seed=20231124):
    """Draw 200 forces with 800 searches of 10,000 Black and 4,000 of 1,000,000 White residents, on average.

    `arrest`: share arrested by group; `stated`: share who state their ethnicity, by (group, is arrested).
    """
    random = np.random.default_rng(seed)
    rows = []
    for group, mean in {"Black": 800, "White": 4_000}.items():
        for is_arrested in (True, False):
            share = arrest[group] if is_arrested else 1 - arrest[group]
            searches = random.poisson(mean * share, 200)
            known = random.binomial(searches, stated[group, is_arrested])
            draw = found if is_arrested else profile
            for number, (n, k) in enumerate(zip(searches.tolist(), known.tolist(), strict=True)):
                force = f"force-{number:03}"
                rows += [draw(group, None, k, force=force), draw(UNKNOWN, None, n - k, force=force)]
    return fill_counts(count_profiles(rows))


def holds(frame, component, truth, analysis=SCENARIO):
    """Share of the forces whose interval holds the truth."""
    rows = frame.filter(analysis=analysis, component=component, ethnic_group="Black")
    assert rows.height == 200
    return rows.select(((pl.col("lower") <= truth) & (pl.col("upper") >= truth)).mean()).item()


def mean_of(frame, component, analysis=SCENARIO):
    return frame.filter(analysis=analysis, component=component, ethnic_group="Black")["value"].mean()


ARRESTED = {"Black": 0.4, "White": 0.1}


@pytest.fixture(scope="module")
def by_outcome():
    """Ethnicity is stated by 95 in 100 after an arrest and by half otherwise, whoever it is."""
    return simulate(
        {(group, True): 0.95 for group in ARRESTED} | {(group, False): 0.5 for group in ARRESTED}, arrest=ARRESTED
    )


@pytest.mark.slow
def test_where_recording_depends_on_the_outcome_imputation_recovers_the_true_ratio(by_outcome):
    assert mean_of(by_outcome, "imputed") == pytest.approx(20, rel=0.01)
    assert 0.92 <= holds(by_outcome, "imputed", 20) <= 0.99


@pytest.mark.slow
def test_where_recording_depends_on_the_outcome_leaving_out_and_sharing_out_are_biased(by_outcome):
    """Known of 800: 304 arrested + 240; of 4,000: 380 + 1,800; the ratio of these is 24.95."""
    expected = 20 * (544 / 800) / (2_180 / 4_000)
    for component in ("left_out", "proportional", "proportional_by_type"):
        assert mean_of(by_outcome, component) == pytest.approx(expected, rel=0.01)
    assert holds(by_outcome, "left_out", 20) < 0.1


def test_where_recording_depends_on_the_outcome_imputation_recovers_the_true_difference_of_find_rates(by_outcome):
    """40% and 10% found; of the known 304 of 544 and 380 of 2,180."""
    assert mean_of(by_outcome, "imputed", FIND_DIFFERENCE) == pytest.approx(0.3, abs=0.005)
    assert holds(by_outcome, "imputed", 0.3, FIND_DIFFERENCE) >= 0.92
    assert mean_of(by_outcome, "left_out", FIND_DIFFERENCE) == pytest.approx(304 / 544 - 380 / 2_180, abs=0.005)
    assert mean_of(by_outcome, "imputed", FIND_RATE) == pytest.approx(0.4, abs=0.005)
    assert holds(by_outcome, "imputed", 0.4, FIND_RATE) >= 0.92


@pytest.fixture(scope="module")
def by_ethnicity():
    """Nine in ten White people state their ethnicity and four in ten Black people, whatever the outcome."""
    return simulate(
        {
            (group, is_arrested): share
            for group, share in {"Black": 0.4, "White": 0.9}.items()
            for is_arrested in (True, False)
        },
        arrest=ARRESTED,
    )


@pytest.mark.slow
def test_where_recording_depends_on_ethnicity_itself_nothing_but_the_extremes_holds_the_truth(by_ethnicity):
    for component in ("left_out", "proportional", "proportional_by_type", "imputed"):
        assert mean_of(by_ethnicity, component) < 12, component
    assert holds(by_ethnicity, "imputed", 20) == 0
    wide = by_ethnicity.filter(analysis=SCENARIO, ethnic_group="Black").pivot(
        "component", index="force", values="value"
    )
    assert wide.filter(pl.col("all_reference").lt(20 * 0.9), pl.col("all_group").gt(20 * 1.1)).height == 200


# Find rates


def test_find_rates_left_out_are_the_published_ones():
    """Lancashire 2023-24, its own page: 75 of 310 and 2,159 of 11,614; difference 5.604 points."""
    frame = fill_profiles(
        *(found(group, None, n) for group, n in {"Black": 75, "White": 2_159}.items()),
        *(profile(group, None, n) for group, n in {"Black": 235, "White": 9_455}.items()),
    )
    row = pick(frame, "left_out", analysis=FIND_DIFFERENCE)
    assert [round(100 * row[name], 3) for name in ("value", *INTERVAL)] == [5.604, 1.114, 10.716]
    rates = [pick(frame, "left_out", group, FIND_RATE) for group in ("Black", "White")]
    assert [[round(100 * row[name], 2) for name in ("value", *INTERVAL)] for row in rates] == [
        [24.19, 19.76, 29.26],
        [18.59, 17.89, 19.31],
    ]


def test_find_rates_as_officers_saw_them_are_worked_by_hand():
    """Seen as Black, found: 20 known Black, 10 unknown; not found: 60 known Black, 20 unknown."""
    cells = [
        *(found(group, group, 20) for group in ("Asian", "Black", "White")),
        *(profile(group, group, 60) for group in ("Asian", "Black", "White")),
        *(draw(UNKNOWN, "Black", n) for draw, n in ((found, 10), (profile, 20))),
        profile("Asian", "White", 5),
    ]
    frame = fill_profiles(*cells)
    assert value_of(frame, "officer_informed", analysis=FIND_RATE) == pytest.approx(30 / 110)
    assert value_of(frame, "officer_informed", analysis=FIND_DIFFERENCE) == pytest.approx(30 / 110 - 20 / 80)
    assert value_of(frame, "officer_informed", "White", FIND_RATE) == pytest.approx(20 / 80)


def test_find_rates_that_are_not_measured_are_not_filled_in():
    cells = [found(group, None, 30) for group in ("Black", "White")]
    cells += [profile(group, None, 30, outcome_kind=None, find_status="unknown") for group in ("Black", "White")]
    frame = fill_profiles(*cells, profile(UNKNOWN, None, 10))
    assert set(frame["analysis"]) == {SCENARIO}


def test_find_rates_without_a_find_are_not_imputed():
    frame = fill_profiles(*searched(100, 100, 20))
    for analysis in (FIND_RATE, FIND_DIFFERENCE):
        row = pick(frame, "imputed", analysis=analysis)
        assert (row["value"], row["note"]) == (None, "not used: too few searches, or finds, of known ethnicity")


# Shape


def test_every_ratio_has_every_scenario_once_in_the_published_columns():
    frame = fill_profiles(*as_seen())
    assert frame.columns == REASON_COLUMNS
    components = frame.filter(pl.col("analysis") == SCENARIO).group_by("ethnic_group").agg("component")
    assert dict(components.iter_rows()).keys() == {"Asian", "Black", "Mixed", "Other"}
    assert all(sorted(names) == sorted(SCENARIOS) for names in components["component"])
    assert set(frame["reference_group"]) == {"White"}
    assert frame.select("ethnic_group", "analysis", "component").is_unique().all()


def test_only_what_chance_does_is_in_the_limits():
    frame = fill_profiles(*as_seen())
    with_limits = frame.filter(pl.col("lower").is_not_null() | pl.col("upper").is_not_null())
    assert set(with_limits["component"]) == {"left_out", "imputed"}


def test_a_ratio_that_is_not_given_has_no_scenario():
    frame = fill_profiles(profile("Black", None, 100), profile(UNKNOWN, None, 100))
    assert frame.is_empty()
    assert frame.columns == REASON_COLUMNS


def test_no_search_at_all_gives_no_rows_and_no_error():
    assert fill_counts(count_profiles([])).is_empty()


tables = st.lists(
    st.tuples(
        st.sampled_from(["Black", "White", "Mixed", UNKNOWN, None]),
        st.sampled_from(["Black", "White", "Asian", None]),
        st.sampled_from(["other", "drugs_unspecified"]),
        st.sampled_from([YEAR[0], YEAR[7]]),
        st.integers(0, 400),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=10)
@given(tables)
def test_every_scenario_lies_between_the_extremes_and_every_interval_holds_its_value(rows):
    cells = [profile(own, seen, n, kind, month=month) for own, seen, kind, month, n in rows]
    frame = fill_counts(count_profiles(cells))
    ratios = frame.filter(pl.col("analysis") == SCENARIO, pl.col("component") != "imputed_fraction_missing")
    low, high = (
        ratios.filter(pl.col("component") == component).select("ethnic_group", pl.col("value").alias(component))
        for component in ("all_reference", "all_group")
    )
    beyond = (pl.col("value") < pl.col("all_reference") - 1e-9) | (pl.col("value") > pl.col("all_group") + 1e-9)
    assert ratios.join(low, on="ethnic_group").join(high, on="ethnic_group").filter(beyond).is_empty()
    outside = (pl.col("value") < pl.col("lower")) | (pl.col("value") > pl.col("upper"))
    assert frame.filter(outside).is_empty()
