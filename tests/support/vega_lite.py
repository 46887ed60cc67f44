"""The schema of Vega-Lite, which Altair no longer asks while a chart is made."""

import json
from functools import cache

import altair as alt
from jsonschema import Draft7Validator

from disparity.site.charts.specification import Layout, sketch


@cache
def schema() -> Draft7Validator:
    return Draft7Validator(alt.load_schema())


def hold_schema(chart: Layout) -> None:
    """Fail where a chart, as it is written down at either width, is not in the words of Vega-Lite."""
    drawn = sketch(chart, name="chart")
    for spec in (drawn.spec, drawn.narrow):
        schema().validate(json.loads(spec))
