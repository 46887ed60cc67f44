"""The glossary defines the words that the published columns are named with."""

from pathlib import Path

import pytest

from disparity.analysis.measures.entries import BREAKDOWN_MEASURES, MEASURES
from disparity.tables.schema.tables import TABLES

GLOSSARY = (Path(__file__).parents[1] / "GLOSSARY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", sorted({column.name for table in TABLES if table.in_glossary for column in table.columns})
)
def test_the_glossary_defines_the_column(name):
    assert f"`{name}`" in GLOSSARY


@pytest.mark.parametrize(
    "measure",
    [each.name for each in (*MEASURES, *BREAKDOWN_MEASURES) if each.name != "unknown_ethnicity_share"],
)
def test_the_glossary_defines_the_measure(measure):
    assert f"`{measure}`" in GLOSSARY


def test_the_glossary_defines_the_tables_of_figures():
    assert {table.name for table in TABLES if table.in_glossary} >= {
        *("estimates", "comparisons", "reasons", "monthly", "peers", "pooled", "control", "breakdowns", "areas"),
        "grounds",
    }
