"""The benchmark compares like with like: every peer gives the tables of hand-made records, or is refused."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.national.report import fit_line
from benchmarks.national.results import Results, read_results, refuse_differences
from benchmarks.national.runs import FLOOR, PEERS, Task, find_version, run_peer
from support.builders import BLACK, DRUGS_ACT, PACE_1, monthly_text, write_monthly

# A search that found something, one whose flag says so although nothing was done, and a vehicle.
ROWS = [
    {"self_defined_ethnicity": BLACK, "legislation": DRUGS_ACT, "outcome": "Arrest", "is_outcome_linked": "True"},
    {"legislation": PACE_1, "object_of_search": "Stolen goods", "is_outcome_linked": "True"},
    {"subject": "Vehicle search", "legislation": DRUGS_ACT, "outcome": "Arrest", "is_outcome_linked": "True"},
]
FINDS = {
    ("lancashire", "2024", "Black", "drugs_unspecified"): (1, 1, 1),
    ("lancashire", "2024", "White", "stolen_property"): (1, 0, 1),
}
# One search in one month of 6,000 and 120,000 residents: 12 times as many in a year.
RATES = {("lancashire", "Black"): (1, 2.0), ("lancashire", "White"): (1, 0.1)}
BY_HAND = Results(FINDS, RATES)


def is_installed(peer: str) -> bool:
    """Whether a peer can run, without starting those of Python to see."""
    script, packages = PEERS[peer]
    return find_version(peer) is not None if script.endswith(".R") else find_spec(packages) is not None


INSTALLED = [peer for peer in PEERS if peer != FLOOR and is_installed(peer)]


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = tmp_path_factory.mktemp("national")
    write_monthly(folder / "police_uk", monthly_text(ROWS, month="2024-03"), force="lancashire", month="2024-03")
    residents = {"Asian": 1000, "Black": 6000, "Mixed": 1000, "White": 120000, "Other": 1000}
    lines = [f"lancashire,{group},{people}" for group, people in residents.items()]
    population = folder / "population.csv"
    population.write_text("\n".join(["force,ethnic_group,population", *lines, ""]), encoding="utf-8")
    return Task(folder / "police_uk", population, 3)


@pytest.mark.slow
@pytest.mark.parametrize("peer", INSTALLED)
def test_every_peer_gives_the_tables_worked_out_by_hand(peer: str, task: Task, tmp_path: Path) -> None:
    run = run_peer(peer, task, tmp_path)
    refuse_differences({"by hand": BY_HAND, peer: read_results(tmp_path)})
    assert run.seconds > 0
    assert run.megabytes > 1


def test_a_peer_that_counts_one_find_too_many_is_refused() -> None:
    key = ("lancashire", "2024", "White", "stolen_property")
    wrong = BY_HAND._replace(finds=FINDS | {key: (1, 1, 1)})
    with pytest.raises(SystemExit, match=r"by hand and careless do not give the same tables:\n.*stolen_property"):
        refuse_differences({"by hand": BY_HAND, "careless": wrong})


def test_a_peer_without_one_of_the_rows_is_refused() -> None:
    fewer = BY_HAND._replace(rates=dict([*RATES.items()][:1]))
    with pytest.raises(SystemExit, match="no such row"):
        refuse_differences({"by hand": BY_HAND, "careless": fewer})


@pytest.mark.parametrize(("apart", "is_refused"), [(1e-13, False), (1e-11, True)])
def test_rates_may_differ_by_rounding_alone(apart: float, is_refused: bool) -> None:
    other = BY_HAND._replace(rates=RATES | {("lancashire", "Black"): (1, 2.0 * (1 + apart))})
    if is_refused:
        with pytest.raises(SystemExit):
            refuse_differences({"by hand": BY_HAND, "other": other})
    else:
        refuse_differences({"by hand": BY_HAND, "other": other})


def test_a_line_is_fitted_through_points_on_it() -> None:
    # 2 + 3x at 1, 6 and 20.
    assert fit_line([1, 6, 20], [5, 20, 62]) == pytest.approx((2, 3, 0))
