"""What is known of a published table and of its columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT, WHOLE, NUMBER, MONTH, FLAG = "string", "integer", "number", "date", "boolean"

# Frictionless constraints.
SHARES: Mapping[str, Any] = {"minimum": 0, "maximum": 1}
FROM_ZERO: Mapping[str, Any] = {"minimum": 0}
SHA256: Mapping[str, Any] = {"pattern": "[0-9a-f]{64}"}

# A code of its area tells no more than the force.
FORCE, AREA_CODE = "force", "area_code"

# What keeps a table of a restricted publication from telling more than the protected counts do.
PROTECTED_COUNTS = "it holds the protected counts, and nothing else"
REMADE = "it is made of published tables: whoever has them can make it again"
OWN_RULE = "its counts are protected by themselves"
NO_COUNTS = "it holds no count of searches"
WITHHELD = "it has no row"


@dataclass(frozen=True)
class Column:
    """A column: its name, its Frictionless type and what it holds; a number has a unit (`units`)."""

    name: str
    kind: str
    description: str
    unit: str = ""
    constraints: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers."""
        return self.kind in {WHOLE, NUMBER}


@dataclass(frozen=True)
class TableFile:
    """One CSV of `data/`; the values of `key` name a row.

    `is_key_primary` is false where nothing in a key column means something: no reference group, a check that is met.
    `csv_only` says why nobody would open it on a sheet. `kept` names the columns that a restricted publication fills
    of a table that holds no count of searches: all, where none is named. The glossary defines the columns of a table
    that is `in_glossary`.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    is_key_primary: bool = True
    csv_only: str = ""
    protection: str = WITHHELD
    kept: tuple[str, ...] = ()
    in_glossary: bool = False

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"

    @property
    def left_open(self) -> tuple[str, ...]:
        """The columns that a restricted publication may fill though nothing proves them."""
        if self.protection != NO_COUNTS:
            return ()
        every = tuple(column.name for column in self.columns)
        return tuple(name for name in every if _name_teller(name) in self.kept) if self.kept else every


def _name_teller(name: str) -> str:
    return FORCE if name == AREA_CODE else name
