"""What an intruder has found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weakness:
    """Where something is given away that should not be, and what kind of thing."""

    place: str
    what: str
