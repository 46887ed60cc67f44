"""The threshold test: its density by hand and by slopes, its draws against outside answers, what is refused."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import integrate, stats

from disparity.analysis.threshold_test.checks import Fit
from disparity.analysis.threshold_test.estimates import (
    RESULT_COLUMNS,
    _judge,
    estimate_thresholds,
    is_settled,
    measure_state,
    refuse_unsettled,
    weigh_groups,
)
from disparity.analysis.threshold_test.model import (
    PUBLISHED,
    WIDER,
    Cells,
    Stops,
    cells_of,
    lay_out,
    log_density,
    rates_of,
    threshold_chances,
)
from disparity.analysis.threshold_test.sampling import Draws, Effort, draw_points
from disparity.analysis.threshold_test.table import number_cells, read_stops
from disparity.analysis.threshold_test.write import write_results
from disparity.vocabulary.errors import DataError, RequestError

# Stops by Rhode Island State Police: Stanford Open Policing Project, fig4b_threshold_test.csv (Pierson et al. 2017).
RHODE_ISLAND = Path(__file__).parents[2] / "golden" / "threshold_rhode_island.csv"
# Posterior means and 95% intervals of the same model by mici 0.4.1 (dynamic HMC, 4 chains of 800), for these counts:
# Black and Hispanic less White drivers.
MICI = {"Black": (-0.066, -0.124, -0.007), "Hispanic": (-0.057, -0.111, -0.004)}
GROUPS = ("Asian", "Black", "White")
AREAS = ("Coast", "Dale", "East", "North", "South")
COLUMNS = ["area", "ethnic_group", "stops", "searches", "finds"]


def cells(carrying, signal, threshold):
    odds = np.log(carrying / (1 - carrying))
    return Cells(*(np.array([value], dtype=float) for value in (odds, signal, threshold)))


def make_table(searches=300, finds=90, stops=3_000, areas=AREAS, groups=GROUPS):
    rows = [(area, group, stops, searches, finds) for area in areas for group in groups]
    return pl.DataFrame(rows, COLUMNS, orient="row")


# Model


def test_rates_are_the_tails_of_two_normal_distributions():
    """Of 30% who carry something, signal 2, threshold 1.5: 30% x 0.691462 found, 70% x 0.066807 not found."""
    rates = rates_of(cells(0.3, 2.0, 1.5))
    assert rates.found[0] == pytest.approx(0.3 * 0.6914625, rel=1e-6)
    assert rates.not_found[0] == pytest.approx(0.7 * 0.0668072, rel=1e-6)


def test_a_threshold_is_the_chance_of_a_find_at_it():
    with_something, without = 0.3 * stats.norm.pdf(1.5, loc=2), 0.7 * stats.norm.pdf(1.5)
    assert threshold_chances(cells(0.3, 2.0, 1.5))[0] == pytest.approx(with_something / (with_something + without))


def test_the_find_rate_is_the_mean_chance_of_those_above_the_threshold():
    """By integration over the signals of everyone stopped: officers find on average what they are sure of."""

    def everyone(signal):
        return 0.3 * stats.norm.pdf(signal, loc=2) + 0.7 * stats.norm.pdf(signal)

    found = integrate.quad(lambda at: everyone(at) * threshold_chances(cells(0.3, 2.0, at))[0], 1.5, 12)[0]
    searched = integrate.quad(everyone, 1.5, 12)[0]
    rates = rates_of(cells(0.3, 2.0, 1.5))
    assert rates.found[0] / (rates.found[0] + rates.not_found[0]) == pytest.approx(found / searched)


@pytest.mark.parametrize("priors", [PUBLISHED, WIDER])
def test_the_slope_of_the_density_is_its_slope(priors):
    model = lay_out(number_cells(make_table()), priors)
    for seed in range(3):
        point = np.random.default_rng(seed).normal(0, 0.4, model.size)
        nudges = 1e-5 * np.eye(model.size)
        slope = (log_density(point + nudges, model)[0] - log_density(point - nudges, model)[0]) / 2e-5
        assert log_density(point, model)[1] == pytest.approx(slope, rel=1e-5, abs=1e-7 * np.abs(slope).max())


def test_the_density_is_the_prior_of_the_paper_times_a_multinomial():
    """Between two points, by scipy's densities: log odds, log signals, thresholds and their spread all differ."""
    model = lay_out(number_cells(make_table(searches=40, finds=9, stops=200)), PUBLISHED)
    stops, points = model.stops, np.random.default_rng(4).normal(0, 0.5, (2, model.size))

    def density(point):
        common, spread, thresholds = point[: model.common], np.exp(point[model.common]), point[model.common + 1 :]
        groups, areas = 3, len(AREAS)
        own, other = np.split(common, 2)
        total = stats.norm.logpdf(common).sum() + stats.halfnorm.logpdf(spread) + np.log(spread)
        total += stats.norm.logpdf(thresholds, scale=spread).sum()
        for place, (group, area) in enumerate(zip(stops.group, stops.area, strict=True)):
            odds, log_signal = (
                part[0] + part[1 + group] + (0.1 * part[groups + area] if area else 0.0) for part in (own, other)
            )
            carrying = 1 / (1 + np.exp(-odds))
            found = carrying * stats.norm.sf(thresholds[place] - np.exp(log_signal))
            not_found = (1 - carrying) * stats.norm.sf(thresholds[place])
            total += stats.multinomial.logpmf([9, 31, 160], 200, [found, not_found, 1 - found - not_found])
        assert len(own) == 1 + groups + areas - 1
        return total

    change = log_density(points[0], model)[0] - log_density(points[1], model)[0]
    assert change == pytest.approx(density(points[0]) - density(points[1]), rel=1e-9)


def test_far_out_the_density_is_zero_and_not_an_error():
    model = lay_out(number_cells(make_table()), PUBLISHED)
    density, slope = log_density(np.full((2, model.size), 1e3), model)
    assert density.tolist() == [-np.inf, -np.inf]
    assert not slope.any()


def test_groups_are_weighed_by_all_stops_of_an_area():
    """Areas of 900 and 100 stops; one group's thresholds there 0.2 and 0.4: 0.9 x 0.2 + 0.1 x 0.4."""
    group, area = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    stops = Stops(group, area, np.array([100.0, 90.0, 800.0, 10.0]), np.zeros(4), np.zeros(4))
    assert weigh_groups(np.array([0.2, 0.4, 0.3, 0.3]), stops) == pytest.approx([0.22, 0.3])


# Draws


def test_without_a_stop_what_is_common_to_cells_is_drawn_from_its_prior():
    group, area = (part.ravel() for part in np.indices((3, 5)))
    model = lay_out(Stops(group, area, *(np.zeros(15) for _ in range(3))), PUBLISHED)
    draws = draw_points(model, Effort(chains=8, warm_up=100, draws=200), seed=2)
    common = draws.points[..., : model.common].reshape(-1, model.common)
    assert np.abs(common.mean(axis=0)).max() < 0.15
    assert np.abs(common.std(axis=0) - 1).max() < 0.12


@pytest.mark.slow
def test_the_same_seed_gives_the_same_draws_and_another_others():
    model = lay_out(number_cells(make_table()), PUBLISHED)
    one, same, other = (draw_points(model, Effort(2, 10, 5), seed=seed).points for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.shape == (2, 5, model.size)


@pytest.fixture(scope="module")
def rhode_island():
    return estimate_thresholds(read_stops(RHODE_ISLAND), Effort(chains=8, warm_up=500, draws=500), seed=1)


def rows_of(results, quantity):
    return {row["ethnic_group"]: row for row in results.filter(quantity=quantity).iter_rows(named=True)}


@pytest.mark.slow
def test_another_sampler_gives_the_same_answer_for_rhode_island(rhode_island):
    differences = rows_of(rhode_island, "threshold_difference")
    assert set(differences) == set(MICI)
    for group, (value, lower, upper) in MICI.items():
        row = differences[group]
        assert (row["value"], row["lower"], row["upper"]) == pytest.approx((value, lower, upper), abs=0.008)
        assert row["r_hat"] < 1.01
        assert row["effective_draws"] > 400


@pytest.mark.slow
def test_results_have_their_columns_and_every_cell_beside_what_was_observed(rhode_island):
    assert dict(rhode_island.schema) == RESULT_COLUMNS
    rates = rhode_island.filter(pl.col("quantity").is_in(["search_rate", "find_rate"]))
    assert rates.height == 36
    assert rates.filter(area="Zone X4", ethnic_group="White")["observed"].sort().to_list() == pytest.approx(
        [1329 / 36271, 664 / 1329]
    )
    inside = rates.select(pl.col("observed").is_between("lower", "upper").mean()).item()
    assert inside > 0.9


@pytest.mark.slow
def test_a_difference_is_told_only_where_wider_priors_tell_it_too(rhode_island):
    for row in rows_of(rhode_island, "threshold_difference").values():
        told = row["upper"] < 0 and row["wider_upper"] is not None and row["wider_upper"] < 0
        assert (row["verdict"] == "lower threshold") == told
        assert (row["note"] is None) == told


# What is reported


def judge(lower, upper, predictive=(0.5, 0.5), **wider):
    row = {"quantity": "threshold_difference", "lower": lower, "upper": upper, **wider}
    return _judge(row, Fit(pl.DataFrame(), predictive))["verdict"]


def test_verdicts():
    below = {"wider_lower": -0.2, "wider_upper": -0.01}
    assert judge(-0.1, -0.02, **below) == "lower threshold"
    assert judge(0.02, 0.1, wider_lower=0.01, wider_upper=0.2) == "higher threshold"
    assert judge(-0.1, 0.02, **below) == "inconclusive"
    assert judge(-0.1, -0.02, wider_lower=-0.2, wider_upper=0.01) == "inconclusive"
    assert judge(-0.1, -0.02, wider_lower=0.01, wider_upper=0.2) == "inconclusive"
    assert judge(-0.1, -0.02) == "inconclusive"
    for p in (0.04, 0.96):
        assert judge(-0.1, -0.02, (p, 0.5), **below) == judge(-0.1, -0.02, (0.5, p), **below) == "inconclusive"


def chains(shift=0.0, count=500):
    noise = np.random.default_rng(3).normal(size=(4, count, 2))
    return noise + shift * np.arange(4)[:, None, None]


@pytest.mark.parametrize(
    ("draws", "divergences"), [(chains(shift=0.3), 0), (chains(count=60), 0), (chains(), 1)], ids=str
)
def test_draws_that_have_not_settled_tell_nothing(draws, divergences):
    state = measure_state(Draws(draws, divergences), draws)
    assert not is_settled(state)
    with pytest.raises(DataError, match="did not settle, so no threshold is reported") as error:
        refuse_unsettled(state)
    assert f"{divergences} draws that diverged" in str(error.value)


def test_draws_that_have_settled_are_let_pass():
    refuse_unsettled(measure_state(Draws(chains(), 0), chains()))


# Tables


def write(path, table):
    table.write_csv(path)
    return path


@pytest.mark.parametrize(
    ("table", "kind", "words"),
    [
        (make_table().drop("stops"), RequestError, "needs the stops that did not lead to a search"),
        (make_table(searches=3_000), RequestError, "every stop is a search"),
        (make_table(searches=3_001), DataError, "15 rows with more searches than stops"),
        (make_table(finds=301), DataError, "15 rows with more finds than searches"),
        (make_table(finds=-1), DataError, "15 rows with a count that is no whole number from 0"),
        (
            pl.concat([make_table(), make_table().head(1)]),
            DataError,
            "2 rows with an area and a group that another has",
        ),
        (make_table().drop("area"), RequestError, "no area"),
        (make_table(groups=("Black", "White")), RequestError, "2 groups in 5 areas"),
        (make_table(areas=AREAS[:4]), RequestError, "3 groups in 4 areas"),
        (make_table(groups=("Asian", "Black", "Mixed")), RequestError, "3 groups in 5 areas"),
        (make_table(searches=9, finds=1), RequestError, "Asian 45, Black 45, White 45"),
    ],
)
def test_tables_that_cannot_be_tested_are_refused(tmp_path, table, kind, words):
    with pytest.raises(kind) as error:
        read_stops(write(tmp_path / "stops.csv", table))
    assert words in str(error.value)


def test_areas_are_numbered_by_their_stops_and_groups_by_their_names():
    table = make_table().with_columns(
        stops=pl.when(pl.col("area") == "East").then(9_000).otherwise("stops"), row=pl.int_range(pl.len())
    )
    stops = number_cells(table)
    assert set(stops.area[table["area"].to_numpy() == "East"]) == {0}
    assert [GROUPS[place] for place in stops.group] == table["ethnic_group"].to_list()


def test_results_are_written_once_with_what_they_were_made_with(tmp_path):
    source = write(tmp_path / "stops.csv", make_table())
    results = pl.DataFrame({"quantity": ["threshold"]})
    write_results(tmp_path / "out", results, source=source, seed=7)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["README.md", "settings.json", "threshold.csv"]
    settings = json.loads((tmp_path / "out" / "settings.json").read_text())
    assert (settings["seed"], settings["source"], settings["chains"]) == (7, "stops.csv", 8)
    assert settings["priors"] == {"means": 1.0, "groups": 1.0, "areas": 0.1, "thresholds": 1.0}
    with pytest.raises(RequestError, match="already holds a threshold test"):
        write_results(tmp_path / "out", results, source=source, seed=7)


@pytest.mark.parametrize("held", ["README.md", "settings.json"])
def test_results_are_written_over_no_other_file(tmp_path, held):
    source = write(tmp_path / "stops.csv", make_table())
    (tmp_path / held).write_text("mine")
    with pytest.raises(RequestError, match="already holds a file of this name"):
        write_results(tmp_path, pl.DataFrame({"quantity": ["threshold"]}), source=source, seed=7)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([held, "stops.csv"])


def test_a_point_says_of_each_cell_what_group_and_area_add_up_to():
    """Mean 1, group 2, area 3 in units of 1, 1 and 0.1: 1 + 2 + 0.3; the area with the most stops adds nothing."""
    group, area = (part.ravel() for part in np.indices((3, 5)))
    model = lay_out(Stops(group, area, *(np.ones(15) for _ in range(3))), PUBLISHED)
    point = np.zeros(model.size)
    point[0], point[1:4], point[4:8] = 1.0, 2.0, 3.0
    carrying = cells_of(point, model).carrying.reshape(3, 5)
    assert carrying == pytest.approx(np.tile([3.0, 3.3, 3.3, 3.3, 3.3], (3, 1)))
    assert cells_of(point, model).signal == pytest.approx(np.ones(15))
