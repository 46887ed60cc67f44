"""What a chart is drawn from, as one file: the wide specification, and what is other in the narrow one.

The file is Vega-Lite, which other programs draw: they pass over `usermeta`. Most of a chart is alike at both widths,
so that two files would say nearly all of it twice.
"""

import json
from typing import Any

from disparity.site.rendering.svg import Sketch

# A change is the changes within, by key or by place in a list; or a list of one, the new value.
Change = dict[str, Any] | list[Any]
META, NARROW_CHANGE = "usermeta", "narrow"


def join_specs(sketch: Sketch) -> str:
    """Write both specifications of a chart down as one.

    Raises:
        ValueError: the wide one has words of its own where the narrow one is to be.
    """
    wide = json.loads(sketch.spec)
    if META in wide:
        raise ValueError(f"the chart {sketch.name} has a {META}")
    change = _compare(wide, json.loads(sketch.narrow))
    return _write(wide | {META: {NARROW_CHANGE: change}} if change is not None else wide)


def split_specs(text: str) -> tuple[str, str]:
    """Give the wide specification and the narrow one of a file.

    Raises:
        ValueError: it is no such file, or holds more than the two.
    """
    wide = json.loads(text)
    if not isinstance(wide, dict):
        raise ValueError("no specification of a chart")
    told = wide.pop(META, None)
    if told is None:
        return _write(wide), _write(wide)
    if not isinstance(told, dict) or set(told) != {NARROW_CHANGE}:
        raise ValueError(f"more in {META} than the narrow specification")
    return _write(wide), _write(_apply(wide, told[NARROW_CHANGE]))


def _write(spec: dict[str, Any]) -> str:
    return json.dumps(spec, allow_nan=False, separators=(",", ":"))


def _compare(one: Any, other: Any) -> Change | None:
    """What makes one the other; nothing where they are the same. What is new comes after all that they share."""
    parts, others = _list_parts(one), _list_parts(other)
    if type(one) is not type(other) or not parts or list(others)[: len(parts)] != list(parts):
        # True is 1 to Python, and another word in a file.
        return None if type(one) is type(other) and one == other else [other]
    within = {key: change for key in parts if (change := _compare(parts[key], others[key])) is not None}
    within |= {key: [part] for key, part in others.items() if key not in parts}
    return _shorter(within, [other]) if within else None


def _list_parts(value: Any) -> dict[str, Any]:
    """The parts of a value by their keys, or places as text; none where it has none."""
    if isinstance(value, dict):
        return value
    return {str(place): part for place, part in enumerate(value)} if isinstance(value, list) else {}


def _shorter(one: Change, other: Change) -> Change:
    return min(one, other, key=lambda change: len(_write({"": change})))


def _apply(value: Any, change: Any) -> Any:
    if isinstance(change, list) and len(change) == 1:
        return change[0]
    parts = _list_parts(value)
    if not (isinstance(change, dict) and parts):
        raise ValueError("a change of nothing that is there")
    made = {key: _apply(part, change[key]) if key in change else part for key, part in parts.items()}
    # What is new is whole: there is nothing of it to change.
    made |= {key: _apply(None, part) for key, part in change.items() if key not in parts}
    return made if isinstance(value, dict) else _list_places(made)


def _list_places(parts: dict[str, Any]) -> list[Any]:
    if list(parts) != [str(place) for place in range(len(parts))]:
        raise ValueError("a place after a gap")
    return list(parts.values())
