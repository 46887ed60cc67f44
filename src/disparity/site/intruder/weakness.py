"""What an outsider has found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Weakness:
    """Where something is told that should not be, and what kind of thing."""

    place: str
    what: str
