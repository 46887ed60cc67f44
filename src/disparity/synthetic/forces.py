"""The truth behind the synthetic records: fictional forces whose every rate is set here.

No number below is measured from anywhere; sizes and blanks are of the order seen in real files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from disparity.synthetic.outlines import OUTLINES
from disparity.synthetic.tables import TYPES, Shares, SharesByGroup
from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import ETHNIC_GROUPS

# Age group, gender and area: null where residents are not known by it.
Part = tuple[str | None, str | None, str | None]
WHOLE: Part = (None, None, None)

AREAS = ("Fells", "Harbour", "Old Town", "Vale")

# Kinds of oddity that belong to one monthly file.
MISSING_FILE = "missing_file"
DATE_ONLY = "date_only_timestamps"
OLDER_LABELS = "older_ethnicity_labels"
OTHER_BOOLEANS = "other_boolean_spellings"
BOM_AND_CRLF = "byte_order_mark_and_crlf"
UNKNOWN_LEGISLATION = "unknown_legislation_label"
UNKNOWN_ETHNICITY = "unknown_ethnicity_label"
UNKNOWN_OBJECT = "unknown_object_label"


@dataclass(frozen=True)
class Recording:
    """How a force writes its searches down; every value is a share of 0 to 1."""

    vehicle_only: float = 0.04
    vehicle_only_ethnicity_blank: float = 0.85
    copied: float = 0.03
    self_defined_not_stated: float = 0.10
    self_defined_blank: float = 0.05
    officer_defined_blank: float = 0.03
    age_blank: float = 0.10
    gender_blank: float = 0.01
    outcome_blank: float = 0.02
    legislation_blank: float = 0.01
    linked_recorded: float = 1.0
    clothing_recorded: float = 0.95
    operation_recorded: float = 1.0
    coordinates_blank: float = 0.08
    drug_object_miscoded: float = 0.0
    no_further_action_linked: float = 0.02


@dataclass(frozen=True)
class SyntheticForce:
    """A fictional force and everything that is true of its searches.

    Rates are per group: `search_rate` in searches per 1,000 residents a year, the others as shares.
    `oddities` are (kind, month) pairs, the first month being 0. `folder` is where monthly files go: none of a
    force that gives its extract alone. `residents` are the shares of each group in each part; none: not known.
    """

    force: str
    name: str
    population: Mapping[str, int]
    search_rate: Shares
    type_share: SharesByGroup
    find_rate: SharesByGroup
    area_share: SharesByGroup
    centre: tuple[float, float]
    recording: Recording = field(default_factory=Recording)
    oddities: tuple[tuple[str, int], ...] = ()
    folder: str = "police_uk"
    has_extract: bool = False
    is_of_last_year: bool = False
    residents: Mapping[str, Mapping[Part, float]] = field(default_factory=dict)


def make_forces(count: int, months: Sequence[date], *, searches: int, seed: int) -> list[SyntheticForce]:
    """Give `count` forces whose populations are such that about `searches` rows come out."""
    forces = [FELLSHIRE, MERESIDE, *(_vary(number, seed) for number in range(3, count + 1))][:count]
    factor = searches / sum(float(expected_rows(force, months).sum()) for force in forces)
    return [
        replace(force, population={group: max(1, round(people * factor)) for group, people in force.population.items()})
        for force in forces
    ]


def expected_rows(force: SyntheticForce, months: Sequence[date]) -> NDArray[np.float64]:
    """Give the expected rows per month and group, vehicle-only ones included."""
    a_year = [force.population[group] * force.search_rate[group] / 1000 for group in ETHNIC_GROUPS]
    rows = np.tile(np.array(a_year) / MONTHS_IN_YEAR / (1 - force.recording.vehicle_only), (len(months), 1))
    rows[[month for month in range(len(months)) if (MISSING_FILE, month) in force.oddities]] = 0
    return rows


def _vary(number: int, seed: int) -> SyntheticForce:
    rng = np.random.default_rng([seed, number])
    faster, size = 0.6 + rng.random(len(ETHNIC_GROUPS)), 0.5 + 1.5 * rng.random()
    found = 0.8 + 0.4 * rng.random()
    return replace(
        FELLSHIRE,
        force=f"synthetic-{number:02d}",
        name=f"Synthetic Police {number:02d} (synthetic)",
        population={group: round(size * people) for group, people in FELLSHIRE.population.items()},
        search_rate={
            group: round(FELLSHIRE.search_rate[group] * times, 3)
            for group, times in zip(ETHNIC_GROUPS, faster.tolist(), strict=True)
        },
        find_rate={
            group: {kind: round(share * found, 4) for kind, share in FELLSHIRE.find_rate[group].items()}
            for group in ETHNIC_GROUPS
        },
        # A third of them measured, a third partial, a third not measurable.
        recording=replace(FELLSHIRE.recording, linked_recorded=(1.0, 0.8, 0.0)[number % 3]),
        oddities=(),
        has_extract=False,
        residents={},
    )


def list_residents(force: SyntheticForce, group: str) -> list[tuple[Part, int]]:
    """Give a group's residents in each part: whole people, who add up to the group's."""
    shares = force.residents.get(group, {WHOLE: 1.0})
    ends = np.rint(np.cumsum(list(shares.values())) * force.population[group]).astype(int)
    return list(zip(shares, np.diff(ends, prepend=0).tolist(), strict=True))


def _by_type(*shares: float) -> Shares:
    return dict(zip(TYPES, shares, strict=True))


def by_area(*shares: float) -> Shares:
    """Give shares in the order of AREAS."""
    return dict(zip(AREAS, shares, strict=True))


def live_in(areas: Iterable[str], *shares: float) -> dict[Part, float]:
    """Give the shares of residents in these areas."""
    return {(None, None, area): share for area, share in zip(areas, shares, strict=True)}


# In the order of TYPES. Find rates over all types: 0.26, and 0.19 in searches of Black people.
_SHARES = _by_type(0.52, 0.08, 0.13, 0.07, 0.08, 0.01, 0.03, 0.02, 0.06)
_SHARES_BLACK = _by_type(0.56, 0.12, 0.14, 0.04, 0.03, 0.02, 0.01, 0.05, 0.03)
_FOUND = _by_type(0.33, 0.18, 0.15, 0.25, 0.17, 0.08, 0.18, 0.05, 0.27)
_FOUND_BLACK = _by_type(0.245, 0.16, 0.09, 0.18, 0.12, 0.06, 0.13, 0.04, 0.19)

# Searched more and found less: Black people; searched more, found alike: Asian people.
FELLSHIRE = SyntheticForce(
    force="fellshire",
    name="Fellshire Police (synthetic)",
    population={"Asian": 50_000, "Black": 20_000, "Mixed": 15_000, "White": 500_000, "Other": 15_000},
    search_rate={"Asian": 12.0, "Black": 28.0, "Mixed": 16.0, "White": 8.0, "Other": 10.0},
    type_share=dict.fromkeys(ETHNIC_GROUPS, _SHARES) | {"Black": _SHARES_BLACK},
    find_rate=dict.fromkeys(ETHNIC_GROUPS, _FOUND) | {"Black": _FOUND_BLACK},
    area_share=dict.fromkeys(ETHNIC_GROUPS, by_area(0.2, 0.2, 0.3, 0.3)) | {"Black": by_area(0.05, 0.3, 0.5, 0.15)},
    # Open water in the Irish Sea: no real place is marked.
    centre=(53.75, -3.85),
    oddities=(
        (UNKNOWN_LEGISLATION, 2),
        (OLDER_LABELS, 7),
        (BOM_AND_CRLF, 10),
        (OTHER_BOOLEANS, 13),
    ),
    has_extract=True,
    residents=dict.fromkeys(ETHNIC_GROUPS, live_in(OUTLINES, 0.25, 0.35, 0.15, 0.25))
    | {"Black": live_in(OUTLINES, 0.3, 0.15, 0.4, 0.15)},
)

# What Lancashire's files of 2019 to 2021 leave out, this one leaves out too.
MERESIDE = SyntheticForce(
    force="mereside",
    name="Mereside Constabulary (synthetic)",
    population={"Asian": 60_000, "Black": 12_000, "Mixed": 12_000, "White": 400_000, "Other": 8_000},
    search_rate={"Asian": 9.0, "Black": 17.5, "Mixed": 12.0, "White": 7.0, "Other": 8.0},
    type_share=dict.fromkeys(ETHNIC_GROUPS, _SHARES),
    find_rate=dict.fromkeys(ETHNIC_GROUPS, _FOUND),
    area_share=dict.fromkeys(ETHNIC_GROUPS, by_area(0.25, 0.25, 0.25, 0.25)),
    # Open water in the North Sea.
    centre=(53.95, 1.25),
    recording=Recording(
        linked_recorded=0.0,
        clothing_recorded=0.0,
        operation_recorded=0.0,
        coordinates_blank=0.83,
        drug_object_miscoded=0.97,
        no_further_action_linked=0.0,
    ),
    oddities=(
        (MISSING_FILE, 4),
        (DATE_ONLY, 14),
        (UNKNOWN_OBJECT, 18),
        (UNKNOWN_ETHNICITY, 20),
    ),
)
