"""The truth behind two small forces beside the large ones, whose residents are known in parts.

No number below is measured from anywhere.
"""

from itertools import product

from disparity.synthetic.forces import AREAS, FELLSHIRE, Part, Recording, SyntheticForce, by_area, live_in
from disparity.synthetic.tables import AGES
from disparity.vocabulary.codes import ETHNIC_GROUPS

RESIDENT_GENDERS = ("Male", "Female")
# Searches have the ages of AGES whoever is searched, so that what residents' ages make of a ratio comes from these.
RESIDENT_AGES = (0.10, 0.08, 0.08, 0.12, 0.62)
RESIDENT_AGES_BLACK = (0.16, 0.14, 0.14, 0.18, 0.38)

# Of what is left blank only as much as lets ages and areas be compared.
_RECORDING = Recording(age_blank=0.02, self_defined_not_stated=0.06, coordinates_blank=0.0)


def _live_by_age(shares: tuple[float, ...]) -> dict[Part, float]:
    cells = product(zip(AGES, shares, strict=True), RESIDENT_GENDERS)
    return {(age, gender, None): share / len(RESIDENT_GENDERS) for (age, share), gender in cells}


# White people are searched at 0.5, 1, 2 and 1 times their overall rate in the four areas, and everybody else at a
# multiple of that which is the same in each: for Black people the ratio of 2.9 is 2 within areas x 1.45 between.
_WHITE_LIVE = live_in(AREAS, 0.4, 0.2, 0.2, 0.2)
_WHITE_SEARCHED = by_area(0.2, 0.2, 0.4, 0.2)
_BLACK_LIVE = live_in(AREAS, 0.1, 0.2, 0.5, 0.2)
_BLACK_SEARCHED = by_area(0.05 / 1.45, 0.2 / 1.45, 1 / 1.45, 0.2 / 1.45)

THORNMOOR = SyntheticForce(
    force="thornmoor",
    name="Thornmoor Police (synthetic)",
    population={"Asian": 3_000, "Black": 4_000, "Mixed": 1_500, "White": 25_000, "Other": 1_200},
    search_rate={"Asian": 10.0, "Black": 23.2, "Mixed": 14.0, "White": 8.0, "Other": 10.0},
    type_share=FELLSHIRE.type_share,
    find_rate=FELLSHIRE.find_rate,
    area_share=dict.fromkeys(ETHNIC_GROUPS, _WHITE_SEARCHED) | {"Black": _BLACK_SEARCHED},
    # Open water in the Irish Sea.
    centre=(53.75, -4.35),
    recording=_RECORDING,
    folder="",
    has_extract=True,
    is_of_last_year=True,
    residents=dict.fromkeys(ETHNIC_GROUPS, _WHITE_LIVE) | {"Black": _BLACK_LIVE},
)

WESTWOLD = SyntheticForce(
    force="westwold",
    name="Westwold Police (synthetic)",
    population={"Asian": 2_500, "Black": 3_000, "Mixed": 1_200, "White": 22_000, "Other": 1_000},
    search_rate={"Asian": 9.0, "Black": 27.0, "Mixed": 13.0, "White": 7.5, "Other": 9.0},
    type_share=FELLSHIRE.type_share,
    find_rate=dict.fromkeys(ETHNIC_GROUPS, FELLSHIRE.find_rate["White"]),
    area_share=dict.fromkeys(ETHNIC_GROUPS, by_area(*(1 / len(AREAS) for _ in AREAS))),
    # Open water in the North Sea.
    centre=(53.95, 1.75),
    recording=_RECORDING,
    folder="neighbours",
    is_of_last_year=True,
    residents=dict.fromkeys(ETHNIC_GROUPS, _live_by_age(RESIDENT_AGES)) | {"Black": _live_by_age(RESIDENT_AGES_BLACK)},
)
NEIGHBOURS = (THORNMOOR, WESTWOLD)
