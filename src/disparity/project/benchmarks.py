"""Other populations to set searches against: `[[benchmarks]]` of the project file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, field_validator

from disparity.project.declarations import OneLine

# What ratios are given on without a file: in this order, and never by result.
RESIDENTS, SAME_AGES, SAME_PLACES, SAME_FIFTHS = "residents", "same_ages", "same_places", "same_fifths"
ARRESTS, USE_OF_FORCE = "arrests", "use_of_force"
SHIPPED = (RESIDENTS, SAME_AGES, SAME_PLACES, SAME_FIFTHS, ARRESTS, USE_OF_FORCE)


class Benchmark(BaseModel, extra="forbid", frozen=True):
    """One `[[benchmarks]]` of the project file: people, or events, that searches can be set against by ethnic group."""

    name: OneLine = Field(description="What is counted, as pages name it, such as “Suspects of robbery”.")
    file: Path = Field(description="A CSV with force, ethnic_group, count, period and, if you like, age_group.")
    source: OneLine = Field(description="Who publishes it, and where.")
    assumes: OneLine = Field(
        description="What it takes for granted, and what is circular about it: sentences that the page prints."
    )
    ethnicity_basis: Literal["self-defined", "officer-defined"] = Field(
        "self-defined", description="Whose word its ethnic groups are; searches are counted by the same."
    )

    @field_validator("name")
    @classmethod
    def _of_its_own(cls, value: str) -> str:
        if value.casefold().replace(" ", "_") in SHIPPED:
            raise ValueError(f"{value!r} is a benchmark that the toolkit has: give this one a name of its own")
        return value


def check_benchmarks(benchmarks: Sequence[Benchmark]) -> None:
    """Refuse two benchmarks of one name.

    Raises:
        ValueError: with the name.
    """
    names = [each.name for each in benchmarks]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two benchmarks are called {name!r}: give each a name of its own")
