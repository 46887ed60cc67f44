"""Marks of a drawn chart, as a browser sees them: looks from their group, places by either way of saying them."""

import re

from lxml import etree


def look(mark: etree._Element, name: str) -> str | None:
    """How a mark looks: what it says itself, else what its group says for all of its marks."""
    found: str | None = mark.get(name) or mark.getparent().get(name)
    return found


def place(mark: etree._Element) -> float:
    """How far from the left a mark is, or starts."""
    return _places(mark)[0]


def height(mark: etree._Element) -> float:
    """How far from the top a mark is, or starts."""
    return _places(mark)[1]


def _places(mark: etree._Element) -> tuple[float, float]:
    if mark.get("cx") is not None:
        return float(mark.get("cx")), float(mark.get("cy"))
    found = re.search(r"translate\(([-\d.]+),([-\d.]+)\)", mark.get("transform", ""))
    assert found, etree.tostring(mark)
    return float(found[1]), float(found[2])
