"""Whoever has the published files alone works every verdict, range and dependency out again.

Nothing of the toolkit is used here but its building of the site: files are read as text.
"""

import csv
import math
from collections import defaultdict
from pathlib import Path

import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from disparity.pipeline.build import build
from disparity.project.settings import make_settings

KEYS = ("measure", "force", "period_from", "period_to", "ethnicity_basis", "ethnic_group", "reference_group")
STATED = ("higher", "lower")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def data(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two real forces and two years: one with find rates, one without."""
    out = tmp_path_factory.mktemp("site") / "site"
    asked = {"title": "Two forces", "records": [records], "forces": ["lancashire", "kent"], "out": out}
    return build(make_settings(asked | {"from": "2019-04", "to": "2021-03"}, where="test")).folder / "data"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key(row: dict[str, str]) -> tuple[str, ...]:
    return (*(row[name] for name in KEYS), row["search_type"])


def number(text: str) -> float | None:
    return float(text) if text else None


def find_levels(rows: list[dict[str, str]]) -> dict[tuple[str, str], float]:
    """Give the level of each force and measure: Benjamini and Hochberg within, Benjamini and Bogomolov over them."""
    tested = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["p_value"]:
            tested[row["force"]][row["measure"]].append(float(row["p_value"]))
    levels = {}
    for force, measures in tested.items():
        smallest = {measure: multipletests(p, method="fdr_bh")[1].min() for measure, p in measures.items()}
        selected = max(multipletests(list(smallest.values()), alpha=0.05, method="fdr_bh")[0].sum(), 1)
        rate = 0.05 * selected / len(measures)
        for measure, p in measures.items():
            discovered = max(multipletests(p, alpha=rate, method="fdr_bh")[0].sum(), 1)
            levels[force, measure] = rate * discovered / len(p)
    return levels


def judge(row: dict[str, str], level: float) -> str:
    """Say what an interval and a p allow: of the ratio for search rates, of the difference for shares."""
    name, equal = ("ratio", 1) if row["measure"] == "search_rate" else ("difference", 0)
    p, lower, upper = (number(row[column]) for column in ("p_value", f"{name}_lower", f"{name}_upper"))
    if p is None or not row[name]:
        return "not available"
    if p < level and lower is not None and lower > equal:
        return "higher"
    if p < level and upper is not None and upper < equal:
        return "lower"
    return "no clear difference"


def find_dependencies(own: str, rows: list[dict[str, str]], is_clustered: bool) -> list[str]:
    """Say under which assumptions a stated difference is no longer the same; `rows` carry their own `verdict`."""
    printed = next(row["residents"] for row in rows if row["role"] == "headline")
    used = [row for row in rows if row["role"] != "bound"]
    treated = [row for row in used if row["unknown_ethnicity"] != "left_out"]
    here = [row for row in treated if row["residents"] == printed]
    elsewhere = [row for row in treated if row["residents"] != printed and row["verdict"] != "not available"]
    census = any(
        row["verdict"] != own for row in used if row["residents"] != printed and row["unknown_ethnicity"] == "left_out"
    )
    untried = not here or any(row["verdict"] == "not available" for row in here)
    tried_and_other = any(row["verdict"] not in (own, "not available") for row in here)
    bounds = [row for row in rows if row["role"] == "bound"]
    settled = {row["unknown_ethnicity"] for row in bounds if row["residents"] == printed and row["verdict"] == own}
    unknown = tried_and_other or (untried and len(settled) < 2)
    together = any(row["verdict"] != own for row in elsewhere) or (
        untried and any(row["verdict"] != own for row in bounds if row["residents"] != printed)
    )
    together = together and not census and not unknown
    depends = {
        "clusters": not is_clustered,
        "census": census or together,
        "unknown_ethnicity": unknown or together,
        "flags": any(row["verdict"] != own for row in rows if row["result_recording"] != "as_recorded"),
        "months_in_doubt": any(row["verdict"] != own for row in rows if row["months"] != "all"),
    }
    return [name for name, is_one in depends.items() if is_one]


def test_every_verdict_follows_from_the_published_files(data: Path) -> None:
    comparisons, sensitivity = read(data / "comparisons.csv"), read(data / "sensitivity.csv")
    levels = find_levels(comparisons)
    specified = defaultdict(list)
    for row in sensitivity:
        level = levels.get((row["force"], row["measure"]), 0.0)
        assert judge(row, level) == row["verdict"]
        specified[key(row)].append(row)
    seen = defaultdict(int)
    for row in comparisons:
        seen[row["verdict"]] += 1
        if row["status"] == "not_measurable":
            assert row["verdict"] == "not measurable"
            continue
        if row["status"] != "measured" or not row["p_value"]:
            assert row["verdict"] == "not compared"
            continue
        level = levels[row["force"], row["measure"]]
        assert float(row["level"]) == pytest.approx(level)
        own = judge(row, level)
        depends = find_dependencies(own, specified[key(row)], row["is_clustered"] == "true") if own in STATED else []
        assert row["depends_on"] == ",".join(depends)
        assert row["verdict"] == ("depends" if depends else own)
    assert min(seen[verdict] for verdict in ("higher", "lower", "depends", "no clear difference")) > 0


def test_every_range_is_the_widest_of_the_plausible_rows(data: Path) -> None:
    specified = defaultdict(list)
    for row in read(data / "sensitivity.csv"):
        if row["role"] in ("headline", "plausible") and (row["ratio"] or row["difference"]):
            specified[key(row)].append(row)
    checked = 0
    for row in read(data / "comparisons.csv"):
        rows = specified[key(row)]
        name = "ratio" if row["measure"] == "search_rate" else "difference"
        if not rows or not row[name]:
            assert row["range_lower"] == row["range_upper"] == ""
            continue
        for end, take in (("lower", min), ("upper", max)):
            limits = [number(each[f"{name}_{end}"]) for each in rows]
            expected = None if None in limits else take(limits)
            assert number(row[f"range_{end}"]) == (None if expected is None else pytest.approx(expected))
        checked += 1
    assert checked > 100


def test_p_and_the_smallest_difference_follow_from_the_standard_error(data: Path) -> None:
    checked = 0
    for row in read(data / "comparisons.csv"):
        if not row["p_value"]:
            assert row["smallest_difference"] == ""
            continue
        error, freedom = float(row["standard_error"]), number(row["degrees_of_freedom"]) or math.inf
        is_rate = row["measure"] == "search_rate"
        value = math.log(float(row["ratio"])) if is_rate else float(row["difference"])
        # An exact p has steps: near 1 no error gives it.
        if float(row["p_value"]) > 0.9:
            continue
        assert float(row["p_value"]) == pytest.approx(2 * stats.t.sf(abs(value) / error, freedom), rel=1e-6, abs=1e-9)
        reach = (stats.t.ppf(1 - float(row["level"]) / 2, freedom) + stats.t.ppf(0.8, freedom)) * error
        assert float(row["smallest_difference"]) == pytest.approx(math.exp(reach) if is_rate else reach, rel=1e-6)
        checked += 1
    assert checked > 50


def test_a_force_is_told_the_same_alone_as_beside_others(data: Path, records: Path, tmp_path: Path) -> None:
    """Once 14 verdicts of 3,688 hung on which other forces stood in the publication."""
    asked = {"title": "One force", "records": [records], "forces": ["lancashire"], "out": tmp_path / "site"}
    alone = build(make_settings(asked | {"from": "2019-04", "to": "2021-03"}, where="test")).folder / "data"
    for name in ("comparisons.csv", "sensitivity.csv", "tipping.csv", "estimates.csv", "reasons.csv"):
        beside = [row for row in read(data / name) if row["force"] == "lancashire"]
        # Shares of the difference over forces need other forces.
        own = [row for row in read(alone / name) if "over_forces" not in row.get("analysis", "")]
        assert own == [row for row in beside if "over_forces" not in row.get("analysis", "")], name
