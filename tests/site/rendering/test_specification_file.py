"""Both specifications of a chart in one file: they come out as they went in, whatever they hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disparity.site.rendering.specification_file import join_specs, split_specs
from disparity.site.rendering.svg import Sketch, draw_spec
from support import example

WORDS = st.text(max_size=3)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
PARTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(WORDS, parts, max_size=3),
    max_leaves=12,
)
SPECS = st.dictionaries(WORDS, PARTS, max_size=4)


def write(spec: object) -> str:
    return json.dumps(spec, separators=(",", ":"))


@given(SPECS, SPECS)
def test_any_two_specifications_come_out_as_they_went_in(wide: dict[str, object], narrow: dict[str, object]) -> None:
    sketch = Sketch("one", write(wide), write(narrow))
    assert split_specs(join_specs(sketch)) == (sketch.spec, sketch.narrow)


def test_what_both_widths_share_is_written_once() -> None:
    """Rows that both have, a layer that the narrow one has more, another width."""
    rows = [{"value": place} for place in range(200)]
    wide = {"layer": [{"mark": "bar"}], "datasets": {"rows": rows}, "width": 680}
    narrow = {"layer": [{"mark": "bar"}, {"mark": "text"}], "datasets": {"rows": rows}, "width": 340}
    joined = json.loads(join_specs(Sketch("one", write(wide), write(narrow))))
    assert joined == wide | {"usermeta": {"narrow": {"layer": {"1": [{"mark": "text"}]}, "width": [340]}}}


@pytest.mark.parametrize(
    "meta",
    [
        "words",
        {"narrow": [1], "more": 2},
        {"narrow": {"absent": {"within": [1]}}},
        {"narrow": {"layer": {"7": [1]}}},
        {"narrow": []},
        {"narrow": {"width": {"0": [1]}}},
    ],
)
def test_a_file_that_holds_anything_else_is_refused(meta: object) -> None:
    with pytest.raises(ValueError, match=r"narrow|nothing|gap"):
        split_specs(json.dumps({"layer": [{}], "width": 680, "usermeta": meta}))


def test_the_file_of_a_chart_draws_as_its_page_shows_it() -> None:
    """As it lies, which is what another program does with it."""
    (path, *_) = sorted((example.site() / "fellshire" / "charts").glob("search-rates.vl.json"))
    page = (example.site() / "fellshire" / "searches.html").read_text(encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert draw_spec(text, name="search-rates", kind="wide") in page
    assert draw_spec(split_specs(text)[1], name="search-rates-narrow", kind="narrow") in page
