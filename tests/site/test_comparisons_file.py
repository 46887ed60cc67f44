"""The file that pages compare forces from: each cell is its row as the tables of the pages print it."""

import json
from datetime import date

import pytest

from disparity.site.charts.areas import draw_paths
from disparity.site.charts.places import read_areas
from disparity.site.comparisons_file import ASSIGNED, FILE, print_cell
from disparity.site.published_figures import Row
from support import example

PERIOD = {"period_from": date(2019, 4, 1), "period_to": date(2020, 3, 1)}
BLANK = dict.fromkeys(("numerator", "value", "lower", "upper", "lower_bound", "upper_bound"))


def estimate(**values):
    return Row("estimates", 7, PERIOD | BLANK | {"measure": "find_rate", "status": "measured"} | values)


def comparison(**values):
    columns = ("ratio", "ratio_lower", "ratio_upper", "range_lower", "range_upper")
    blank = dict.fromkeys(columns) | {"measure": "search_rate", "status": "measured", "verdict": None}
    return Row("comparisons", 9, PERIOD | blank | values)


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        (estimate(numerator=1234, value=0.25, lower=0.2, upper=0.3), "7|1,234|25.0%|20.0%|30.0%"),
        (estimate(numerator=3, value=0.25, lower=0.1, upper=0.6, status="small"), "7|3|25.0%|10.0%|60.0%|||[u]"),
        (
            estimate(numerator=3, value=0.25, lower_bound=0.1, upper_bound=0.6, status="partial"),
            "7|3|25.0%|10.0%|60.0%|||[e]",
        ),
        (estimate(lower_bound=0.1, upper_bound=0.6, status="not_measurable"), "7|||10.0%|60.0%|||bounds"),
        (estimate(numerator=12, status="not_measurable"), "[x]"),
        (estimate(status="suppressed"), "[c]"),
        (estimate(numerator=12, value=0.5, lower=0.4, upper=0.6, in_doubt=True), "7|12|50.0%|40.0%|60.0%|||[d]"),
        (
            comparison(
                ratio=2.9, ratio_lower=2.0, ratio_upper=4.0, range_lower=1.5, range_upper=25.0, verdict="higher"
            ),
            "9||2.90|2.00|4.00|1.50|25.0||Higher",
        ),
        (comparison(status="not_measurable"), "[x]"),
    ],
)
def test_a_cell_is_its_row_as_it_is_printed(row, cell):
    assert print_cell(row) == cell


def test_the_file_is_one_assignment_and_light():
    text = (example.site() / FILE).read_text(encoding="utf-8")
    assert text.startswith(ASSIGNED)
    data = json.loads(text.removeprefix(ASSIGNED).removesuffix(";\n"))
    assert [force for force, _ in data["forces"]] == list(example.edition().forces)
    assert len(text) / len(data["forces"]) / len(data["periods"]) < 45_000
    assert "<" not in text


def test_what_has_no_figure_for_any_force_is_only_its_reason():
    text = (example.site() / FILE).read_text(encoding="utf-8")
    data = json.loads(text.removeprefix(ASSIGNED).removesuffix(";\n"))
    leaves = [
        leaf
        for periods in data["views"].values()
        for bases in periods.values()
        for types in bases.values()
        for groups in types.values()
        for leaf in groups.values()
    ]
    for leaf in leaves:
        if isinstance(leaf, str):
            assert leaf in data["reasons"]
        else:
            assert any(cell and not cell.startswith("[") for cell in leaf)


def test_every_area_is_a_path_where_two_forces_have_one():
    assert draw_paths(["kent", "fellshire"]) == {}
    paths = draw_paths(["kent", "essex"])
    assert set(paths) == set(read_areas())
    assert all(path.startswith("M") and path.endswith("z") for path in paths.values())
    assert sum(map(len, paths.values())) < 60_000
