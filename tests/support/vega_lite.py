"""The schema of Vega-Lite, which Altair no longer asks while a chart is made."""

import json
from functools import cache

import altair as alt
from jsonschema import Draft7Validator

from disparity.site.charts.specification import sketch


@cache
def schema() -> Draft7Validator:
    return Draft7Validator(alt.load_schema())


def hold_schema(chart: dict) -> None:
    """Fail where a chart, as it is written down, is not in the words of Vega-Lite."""
    schema().validate(json.loads(sketch(chart, name="chart").spec))
