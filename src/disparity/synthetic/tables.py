"""What synthetic records are made of that is the same for every force: columns, labels, shares."""

import numpy as np

from disparity.synthetic.forces import SharesByGroup

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

POWERS = {
    "drugs_possession": "mda_s23",
    "drugs_supply": "mda_s23",
    "firearms": "firearms_s47",
    "anticipation_of_violence": "cjpoa_s60",
}
OBJECTS = {
    "drugs_possession": "drugs",
    "drugs_supply": "drugs",
    "offensive_weapons": "offensive_weapons",
    "stolen_property": "stolen_goods",
    "going_equipped": "articles_for_theft",
    "firearms": "firearms",
    "criminal_damage": "articles_for_criminal_damage",
    "anticipation_of_violence": "offensive_weapons",
    "other": "fireworks",
}
# What Lancashire writes for drugs.
WRONG_OBJECT = "articles_for_criminal_damage"

NO_FURTHER_ACTION = "no_further_action"
OUTCOMES = (
    NO_FURTHER_ACTION,
    "arrest",
    "community_resolution",
    "drug_warning",
    "summons",
    "penalty_notice",
    "caution",
)
# Rows: something found in a drugs search, in any other, nothing found. Columns: OUTCOMES.
OUTCOME_SHARES = np.array(
    [
        [0.00, 0.30, 0.30, 0.20, 0.12, 0.04, 0.04],
        [0.00, 0.60, 0.16, 0.00, 0.12, 0.04, 0.08],
        [0.93, 0.05, 0.01, 0.00, 0.01, 0.00, 0.00],
    ]
)

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
