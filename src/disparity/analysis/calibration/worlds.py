"""The known truths that calibration draws from: small made-up forces, each with one thing wrong or nothing.

Every rate is written down here; what the toolkit says of records drawn from them is held against it.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from disparity.statistics.intervals import FloatArray
from disparity.vocabulary.calendar import MONTHS_IN_YEAR
from disparity.vocabulary.codes import ETHNIC_GROUPS, REFERENCE_GROUP

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
class Operations:
    """Searches of people of one group together on one day.

    `share` of the searches are made so, about `size` at a time; of one type of search alone (its place in TYPES), or
    of each as often as elsewhere.
    """

    share: float
    size: float
    search_type: int | None = None

    def shares(self) -> tuple[float, ...]:
        """The share by type of search."""
        return tuple(self.share if self.search_type in (None, kind) else 0.0 for kind in range(len(TYPES)))


@dataclass(frozen=True)
class Growth:
    """How residents came to be what the census of 2021 counts.

    `before`: those of 2011, as `World.residents`. `grown`: how much of the growth had come by the middle of the period;
    on a straight line, which is what the estimates take, it would be as much as time had passed.
    """

    before: tuple[tuple[float, ...], ...]
    grown: float


@dataclass(frozen=True)
class World:
    """One known truth. Tuples run over ETHNIC_GROUPS, TYPES or RESULTS.

    `search_rates` are searches per resident a year, one tuple an area; `residents` likewise, of the census of 2021.
    `year` is the one in which the financial year begins, of which there are records of the first `months`. `clustering`
    is the squared coefficient of variation of a group's monthly rate around its yearly one: 0 is chance alone.
    `known` is the probability that ethnicity is recorded, and `flagged` that the linked flag is, by group and result.

    A statement that a rate is higher or lower is false where `truths.list_true_comparisons` has the same rates, or the
    difference on the other side; one that a threshold is lower, where a type of search says otherwise
    (`has_lower_threshold`).
    """

    name: str
    what: str
    search_rates: tuple[tuple[float, ...], ...] = (_same(0.006),)
    residents: tuple[tuple[float, ...], ...] = (RESIDENTS,)
    mixes: tuple[tuple[float, ...], ...] = (MIX,) * len(ETHNIC_GROUPS)
    find_rates: tuple[tuple[float, ...], ...] = (FIND_RATES,) * len(ETHNIC_GROUPS)
    clustering: float = 0.0
    known: tuple[tuple[float, ...], ...] = ((1.0,) * len(RESULTS),) * len(ETHNIC_GROUPS)
    flagged: tuple[tuple[float, ...], ...] = ((1.0,) * len(RESULTS),) * len(ETHNIC_GROUPS)
    areas: tuple[str, ...] = field(default=("Whole force",))
    year: int = 2024
    months: int = MONTHS_IN_YEAR
    operations: Operations | None = None
    growth: Growth | None = None

    @property
    def has_unknown_ethnicity(self) -> bool:
        """Whether some searches do not say whose they were."""
        return min(map(min, self.known)) < 1

    @property
    def is_wholly_recorded(self) -> bool:
        """Whether every search says its ethnicity and, after an action, if it is linked; and residents are known."""
        return not self.has_unknown_ethnicity and min(map(min, self.flagged)) == 1 and self.growth is None

    @property
    def is_clustered(self) -> bool:
        """Whether searches come together more than by chance."""
        return self.clustering > 0 or self.operations is not None

    def true_residents(self) -> FloatArray:
        """Residents at the middle of the period: areas x groups."""
        counted = np.asarray(self.residents, dtype=np.float64)
        if self.growth is None:
            return counted
        before = np.asarray(self.growth.before, dtype=np.float64)
        return before + self.growth.grown * (counted - before)

    def expected_searches(self) -> FloatArray:
        """Expected searches in the months of the period: areas x groups."""
        yearly = np.asarray(self.search_rates, dtype=np.float64) * self.true_residents()
        return yearly * self.months / MONTHS_IN_YEAR

    def has_lower_threshold(self, group: str) -> bool:
        """Whether a group is searched more and less is found in its searches: in some type, and in no type more."""
        own, other = ETHNIC_GROUPS.index(group), ETHNIC_GROUPS.index(REFERENCE_GROUP)
        rates = self.expected_searches().sum(axis=0) / self.true_residents().sum(axis=0)
        gaps = np.asarray(self.find_rates[own]) - np.asarray(self.find_rates[other])
        return bool(rates[own] > rates[other] and gaps.max() <= 0 and gaps.min() < 0)

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


_GROUPS = range(len(ETHNIC_GROUPS))
_BLACK = ETHNIC_GROUPS.index("Black")
TENS = Operations(share=0.2, size=10)
_BLANK_AFTER_FINDS = tuple(0.9 if place in FINDS else 1.0 for place in range(len(RESULTS)))


def _by_result(*shares: tuple[float, float, float]) -> tuple[tuple[float, ...], ...]:
    """Probability that ethnicity is recorded by result, from that after arrests, other actions and none; by group."""
    kinds = ("arrest", "other_action", "no_further_action")
    return tuple(tuple(own[kinds.index(kind)] for kind, _ in RESULTS) for own in shares)


# Share of searches whose self-defined ethnicity is one of the five groups, by officer-defined group and outcome
# (arrest, other action, none), in the monthly files of data.police.uk of April 2019 to March 2020. Officers in West
# Yorkshire do not record Mixed: as Asian.
_WEST_YORKSHIRE = _by_result(
    (0.83, 0.89, 0.79), (0.73, 0.81, 0.69), (0.83, 0.89, 0.79), (0.87, 0.94, 0.88), (0.72, 0.84, 0.66)
)
_NOTTINGHAMSHIRE = _by_result(
    (0.70, 0.74, 0.60), (0.78, 0.78, 0.63), (0.60, 0.66, 0.49), (0.81, 0.85, 0.78), (0.88, 0.79, 0.55)
)
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
        flagged=((0.75, 0.75, 0.9, 0.9, 1.0),) * len(ETHNIC_GROUPS),
    ),
    *(
        replace(
            EQUAL,
            name=f"equal rates, {months}",
            what=f"as equal rates, in records of {months}, with a fifth of the searches in operations of about ten",
            months=number,
            operations=TENS,
        )
        for number, months in ((1, "one month"), (3, "three months"), (5, "five months"))
    ),
    replace(
        EQUAL,
        name="operations of a day",
        what="as equal rates, but a fifth of a group's searches are made in operations: about ten people of the group "
        "on one day",
        operations=TENS,
    ),
    replace(
        EQUAL,
        name="operations at five times the size",
        what="as operations of a day, but about fifty people of the group at a time",
        operations=replace(TENS, size=5 * TENS.size),
    ),
    replace(
        EQUAL,
        name="operations that concern one type",
        what="as equal rates, but half of the searches for weapons are made in operations: about ten people of one "
        "group on one day",
        operations=Operations(share=0.5, size=10, search_type=TYPES.index("offensive_weapons")),
    ),
    replace(
        EQUAL,
        name="ethnicity recorded as in West Yorkshire",
        what="as equal rates; ethnicity is recorded more often after an action, and less often for some groups: as in "
        "the files of West Yorkshire, year ending March 2020",
        known=_WEST_YORKSHIRE,
    ),
    replace(
        EQUAL,
        name="ethnicity recorded as in Nottinghamshire",
        what="as equal rates; ethnicity is recorded as in the files of Nottinghamshire, year ending March 2020",
        known=_NOTTINGHAMSHIRE,
    ),
    replace(
        EQUAL,
        name="different types and search rates, same find rates",
        what="within each type of search all groups have the same find rate; Black residents are searched four times "
        "as often, and more for what is seldom found",
        search_rates=((0.006, 0.024, 0.006, 0.006, 0.006),),
        mixes=(MIX, (0.25, 0.35, 0.40), MIX, (0.7, 0.2, 0.1), MIX),
        find_rates=((0.30, 0.18, 0.10),) * len(ETHNIC_GROUPS),
    ),
    replace(
        EQUAL,
        name="flags filled unequally",
        what="as equal rates, with ten times the Black residents; of their searches the linked flag is left blank "
        "after a tenth of the finds, and after no other action",
        residents=((120_000, 200_000, 30_000, 1_200_000, 15_000),),
        flagged=tuple(_BLANK_AFTER_FINDS if group == _BLACK else (1.0,) * len(RESULTS) for group in _GROUPS),
    ),
    replace(
        EQUAL,
        name="a group that doubled between censuses",
        what="residents of all groups are searched at the same rates; the Black population doubled between the "
        "censuses, all of it in the last three years before the second",
        year=2019,
        # The middle of the year ending March 2020 is half way through them.
        growth=Growth(before=((120_000, 10_000, 30_000, 1_200_000, 15_000),), grown=0.5),
    ),
)
