"""The known truths that calibration draws from: small made-up forces, each with one thing wrong or nothing.

Every rate is written down here; what the toolkit says of records drawn from them is held against it.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.codes import ETHNIC_GROUPS

TYPES = ("drugs_unspecified", "offensive_weapons", "stolen_property")
# What follows a search: kind of outcome, and whether that is a find.
RESULTS = (
    ("arrest", "found"),
    ("arrest", "not_found"),
    ("other_action", "found"),
    ("other_action", "not_found"),
    ("no_further_action", "not_found"),
)
FINDS = tuple(place for place, (_, status) in enumerate(RESULTS) if status == "found")
ACTIONS = tuple(place for place, (kind, _) in enumerate(RESULTS) if kind != "no_further_action")
# Residents of a middling force, in the order of ETHNIC_GROUPS: Asian, Black, Mixed, White, Other.
RESIDENTS = (120_000, 20_000, 30_000, 1_200_000, 15_000)
MIX = (0.6, 0.25, 0.15)
FIND_RATES = (0.25, 0.18, 0.15)
ARREST_AFTER_FIND, ARREST_WITHOUT, ACTION_WITHOUT = 0.35, 0.03, 0.04
# Officers see the group that people state nine times in ten, and White people's more often.
SEEN_RIGHT = (0.92, 0.95, 0.60, 0.98, 0.70)


def _same(value: float) -> tuple[float, ...]:
    return (value,) * len(ETHNIC_GROUPS)


@dataclass(frozen=True)
class World:
    """One known truth. Tuples run over ETHNIC_GROUPS, TYPES or RESULTS.

    `search_rates` are searches per resident a year, one tuple an area; `residents` likewise. `clustering` is
    the squared coefficient of variation of a group's monthly rate around its yearly one: 0 is chance alone.
    `known` is the probability that ethnicity is recorded, by group and result; `flagged` that the linked flag
    is, by result.
    """

    name: str
    what: str
    search_rates: tuple[tuple[float, ...], ...] = (_same(0.006),)
    residents: tuple[tuple[float, ...], ...] = (RESIDENTS,)
    mixes: tuple[tuple[float, ...], ...] = (MIX,) * len(ETHNIC_GROUPS)
    find_rates: tuple[tuple[float, ...], ...] = (FIND_RATES,) * len(ETHNIC_GROUPS)
    clustering: float = 0.0
    known: tuple[tuple[float, ...], ...] = ((1.0,) * len(RESULTS),) * len(ETHNIC_GROUPS)
    flagged: tuple[float, ...] = (1.0,) * len(RESULTS)
    areas: tuple[str, ...] = field(default=("Whole force",))

    @property
    def has_unknown_ethnicity(self) -> bool:
        """Whether some searches do not say whose they were."""
        return min(map(min, self.known)) < 1

    @property
    def is_wholly_recorded(self) -> bool:
        """Whether every search says its ethnicity and, after an action, whether it is linked."""
        return not self.has_unknown_ethnicity and min(self.flagged) == 1

    def expected_searches(self) -> FloatArray:
        """Expected searches a year: areas x groups."""
        return np.asarray(self.search_rates, dtype=np.float64) * np.asarray(self.residents, dtype=np.float64)

    def result_shares(self) -> FloatArray:
        """Probability of each result: groups x types x results."""
        found = np.asarray(self.find_rates)
        nothing = 1 - found
        parts = (
            found * ARREST_AFTER_FIND,
            nothing * ARREST_WITHOUT,
            found * (1 - ARREST_AFTER_FIND),
            nothing * ACTION_WITHOUT,
            nothing * (1 - ARREST_WITHOUT - ACTION_WITHOUT),
        )
        return np.stack(parts, axis=-1)


_BLACK = ETHNIC_GROUPS.index("Black")
_AFTER_ACTION = tuple(0.92 if place in ACTIONS else 0.75 for place in range(len(RESULTS)))

EQUAL = World("equal rates", "every group is searched, found and arrested at the same rates")
UNEQUAL = replace(
    EQUAL,
    name="unequal rates",
    what="Black residents are searched half as often again, and less is found; Asian residents a tenth more",
    search_rates=((0.0066, 0.009, 0.006, 0.006, 0.006),),
    find_rates=(FIND_RATES, (0.17, 0.12, 0.10), FIND_RATES, FIND_RATES, FIND_RATES),
)
WORLDS = (
    EQUAL,
    UNEQUAL,
    replace(
        EQUAL,
        name="equal rates, searches in clusters",
        what="as equal rates, but a group's searches come in operations: its months vary more than by chance",
        clustering=0.05,
    ),
    replace(
        EQUAL,
        name="different by area only",
        what="within each area all groups are searched alike; more Black residents live where more is searched",
        areas=("City", "Towns", "Country"),
        search_rates=(_same(0.014), _same(0.006), _same(0.003)),
        residents=(
            (60_000, 14_000, 15_000, 300_000, 8_000),
            (50_000, 5_000, 10_000, 500_000, 5_000),
            (10_000, 1_000, 5_000, 400_000, 2_000),
        ),
    ),
    replace(
        EQUAL,
        name="different types of search only",
        what="within each type of search all groups have the same find rate; the types differ between groups",
        mixes=(MIX, (0.8, 0.15, 0.05), MIX, (0.45, 0.30, 0.25), MIX),
        find_rates=((0.30, 0.18, 0.10),) * len(ETHNIC_GROUPS),
    ),
    replace(
        UNEQUAL,
        name="ethnicity missing at random",
        what="as unequal rates; a fifth of searches have no ethnicity, whatever the group and the result",
        known=((0.8,) * len(RESULTS),) * len(ETHNIC_GROUPS),
    ),
    replace(
        UNEQUAL,
        name="ethnicity missing by result",
        what="as unequal rates; ethnicity is recorded more often when an action follows",
        known=(_AFTER_ACTION,) * len(ETHNIC_GROUPS),
    ),
    replace(
        UNEQUAL,
        name="ethnicity missing by group",
        what="as unequal rates; Black people's ethnicity is recorded less often than other people's",
        known=tuple((0.6 if group == _BLACK else 0.85,) * len(RESULTS) for group in range(len(ETHNIC_GROUPS))),
    ),
    replace(
        UNEQUAL,
        name="flag blank by outcome",
        what="as unequal rates; the linked flag is left blank after a quarter of arrests and a tenth of other actions",
        flagged=(0.75, 0.75, 0.9, 0.9, 1.0),
    ),
)
