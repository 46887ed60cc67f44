"""Explain or reform: what a force says of its disparities, what it does, and what changed since."""

from disparity.action.answers import DISPARITY_COLUMNS, NOT_EXPLAINED, REGISTERED, list_disparities
from disparity.action.effects import (
    EFFECT_COLUMNS,
    MEASURED_EFFECT,
    TOO_EARLY,
    measure_effects,
)
from disparity.action.register import (
    ACTION_COLUMNS,
    ACTION_MEASURES,
    Action,
    list_actions,
    read_register,
)

__all__ = [
    "ACTION_COLUMNS",
    "ACTION_MEASURES",
    "DISPARITY_COLUMNS",
    "EFFECT_COLUMNS",
    "MEASURED_EFFECT",
    "NOT_EXPLAINED",
    "REGISTERED",
    "TOO_EARLY",
    "Action",
    "list_actions",
    "list_disparities",
    "measure_effects",
    "read_register",
]
