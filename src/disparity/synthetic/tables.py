"""What synthetic records are made of that is the same for every force: columns, labels, shares."""

from collections.abc import Mapping

import numpy as np

Shares = Mapping[str, float]
SharesByGroup = Mapping[str, Shares]

# The columns of data.police.uk's files, in their order.
PORTAL_COLUMNS = (
    "Type",
    "Date",
    "Part of a policing operation",
    "Policing operation",
    "Latitude",
    "Longitude",
    "Gender",
    "Age range",
    "Self-defined ethnicity",
    "Officer-defined ethnicity",
    "Legislation",
    "Object of search",
    "Outcome",
    "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)

# Search type → power and object as monthly files have them; reason as the force's own system spells it, and the item
# that is searched for.
_SEARCHES = {
    "drugs_possession": ("mda_s23", "drugs", "Drugs - possession", "drugs"),
    "drugs_supply": ("mda_s23", "drugs", "Drugs - supply", "drugs"),
    "offensive_weapons": ("pace_s1", "offensive_weapons", "Offensive weapon", "offensive_weapons"),
    "stolen_property": ("pace_s1", "stolen_goods", "Stolen property", "stolen_property"),
    "going_equipped": ("pace_s1", "articles_for_theft", "Going equipped", "going_equipped"),
    "firearms": ("firearms_s47", "firearms", "Firearm", "firearms"),
    "criminal_damage": ("pace_s1", "articles_for_criminal_damage", "Criminal damage", "criminal_damage"),
    "anticipation_of_violence": ("cjpoa_s60", "offensive_weapons", "Anticipation of violence", "offensive_weapons"),
    "other": ("pace_s1", "fireworks", "Other", "other"),
}
TYPES = tuple(_SEARCHES)
POWERS, OBJECTS, REASONS, SOUGHT = (
    dict(zip(TYPES, column, strict=True)) for column in zip(*_SEARCHES.values(), strict=True)
)
# What Lancashire writes for drugs.
WRONG_OBJECT = "articles_for_criminal_damage"

NO_FURTHER_ACTION = "no_further_action"
# Outcome → as the force's own system spells it; its share of drugs searches that found something, of others that did,
# and of those that found nothing.
_OUTCOMES = {
    NO_FURTHER_ACTION: ("NFA", 0.00, 0.00, 0.93),
    "arrest": ("Arrested", 0.30, 0.60, 0.05),
    "community_resolution": ("Community resolution", 0.30, 0.16, 0.01),
    "drug_warning": ("Cannabis warning", 0.20, 0.00, 0.00),
    "summons": ("Reported for summons", 0.12, 0.12, 0.01),
    "penalty_notice": ("PND", 0.04, 0.04, 0.00),
    "caution": ("Cautioned", 0.04, 0.08, 0.00),
}
OUTCOMES = tuple(_OUTCOMES)
DISPOSALS = {outcome: line[0] for outcome, line in _OUTCOMES.items()}
# Rows: something found in a drugs search, in any other, nothing found. Columns: OUTCOMES.
OUTCOME_SHARES = np.array([line[1:] for line in _OUTCOMES.values()]).T

ETHNICITIES: SharesByGroup = {
    "Asian": {"A1": 0.15, "A2": 0.40, "A3": 0.15, "A4": 0.05, "A9": 0.25},
    "Black": {"B1": 0.25, "B2": 0.45, "B9": 0.30},
    "Mixed": {"M1": 0.45, "M2": 0.15, "M3": 0.20, "M9": 0.20},
    "White": {"W1": 0.88, "W2": 0.01, "W3": 0.02, "W9": 0.09},
    "Other": {"O1": 0.35, "O9": 0.65},
}
# Officer-defined given self-defined: white and black rarely differ, mixed mostly does.
OFFICER_DEFINED: SharesByGroup = {
    "Asian": {"Asian": 0.94, "Black": 0.01, "Mixed": 0.00, "White": 0.02, "Other": 0.03},
    "Black": {"Asian": 0.01, "Black": 0.96, "Mixed": 0.01, "White": 0.01, "Other": 0.01},
    "Mixed": {"Asian": 0.08, "Black": 0.42, "Mixed": 0.25, "White": 0.20, "Other": 0.05},
    "White": {"Asian": 0.005, "Black": 0.005, "Mixed": 0.00, "White": 0.98, "Other": 0.01},
    "Other": {"Asian": 0.25, "Black": 0.10, "Mixed": 0.00, "White": 0.15, "Other": 0.50},
}
CODES = tuple(code for shares in ETHNICITIES.values() for code in shares)
AGES = {"under 10": 0.001, "10-17": 0.180, "18-24": 0.340, "25-34": 0.260, "over 34": 0.219}
GENDERS = {"Male": 0.89, "Female": 0.109, "Other": 0.001}
# Per thousand searches, by hour of the local clock: quiet at breakfast, busy at night.
HOURS = (50, 58, 41, 28, 20, 12, 7, 5, 9, 15, 25, 36, 38, 42, 52, 55, 55, 57, 60, 66, 70, 66, 65, 68)
POINTS_PER_AREA = 12
