"""Every vector of independent packages is tested somewhere: a new kind, or one more of a kind, fails here."""

import json
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Kind of vector → the test modules that take all vectors of it, and how many there are.
HANDLED = {
    "dsr": (("standardised",), 6),
    "gcmh": (("stratified",), 1),
    "glm_binom": (("regression",), 1),
    "glm_pois": (("regression",), 1),
    "isr": (("standardised",), 2),
    "kappa": (("agreement",), 2),
    "multinom": (("multinomial",), 2),
    "padj": (("significance",), 4),
    "prop1": (("intervals",), 14),
    "prop2": (("intervals", "significance"), 14),
    "rate1": (("intervals",), 7),
    "rate2": (("intervals", "significance"), 7),
    "rxc": (("contingency",), 2),
    "strat2x2": (("stratified",), 7),
    "trend": (("contingency",), 1),
    "vod": (("regression",), 1),
}


def read_vectors():
    files = [HERE.parent / "golden" / f"{name}_vectors.json" for name in ("oracle", "standardised")]
    return [vector for file in files for vector in json.loads(file.read_text(encoding="utf-8"))["vectors"]]


def test_all_72_vectors_are_of_a_kind_that_is_handled():
    vectors = read_vectors()
    assert len({vector["id"] for vector in vectors}) == len(vectors) == 72
    assert Counter(vector["kind"] for vector in vectors) == {kind: count for kind, (_, count) in HANDLED.items()}


@pytest.mark.parametrize("kind", HANDLED)
def test_a_kind_is_named_in_the_modules_that_test_it(kind):
    for module in HANDLED[kind][0]:
        assert f'"{kind}"' in (HERE / f"test_{module}.py").read_text(encoding="utf-8")
