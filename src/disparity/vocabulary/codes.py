"""Codes of ethnicity, power, object, outcome and force, and the labels publishers write for them.

The tables are CSV files in `reference/`; `reference/README.md` names the source of each. A label not in
them is never guessed: it counts as not recorded and is listed in the audit.
"""

import csv
import re
from functools import cache
from importlib.resources import files

ALL = "All"
REFERENCE_GROUP = "White"
NOT_STATED = "Not stated"
NOT_RECORDED = "Not recorded"
# Who gave records that nobody else has, as the published tables name it.
OWN_EXTRACT = "the force's own extract"
# One order everywhere: alphabetical, Other last, then the two kinds of unknown.
# Of the versions in `ethnic_groupings`: the harmonised standard is under review.
GROUPING = "census 2011 and 2021"
ETHNIC_GROUPS = ("Asian", "Black", "Mixed", "White", "Other")
UNKNOWN_GROUPS = (NOT_STATED, NOT_RECORDED)
EVERY_GROUP = (ALL, *ETHNIC_GROUPS, *UNKNOWN_GROUPS)

SELF_DEFINED = "self-defined"
OFFICER_DEFINED = "officer-defined"
ETHNICITY_BASES = (SELF_DEFINED, OFFICER_DEFINED)

# How a sentence names the people of a group ("searches of Black people").
PEOPLE = {
    "Asian": "Asian people",
    "Black": "Black people",
    "Mixed": "people from the Mixed ethnic group",
    "White": "White people",
    "Other": "people from the Other ethnic group",
    NOT_STATED: "people whose ethnicity was not stated",
    NOT_RECORDED: "people whose ethnicity was not recorded",
    ALL: "all people",
}

SUBJECTS = ("person", "vehicle", "person_and_vehicle")
DRUG_SEARCH_TYPES = ("possession", "supply")
# What led to a search, with the name a reader sees: an officer's own observation, or what others reported.
ORIGINS = {
    "self_generated": "Self-generated: what the officer saw",
    "call_for_service": "Call from the public",
    "intelligence": "Intelligence",
    "planned_operation": "Briefing, tasking or planned operation",
    "other": "Other origin",
}
# What was found, by the Home Office's reasons for search, so that it can be set against what was searched for.
ITEMS = {
    "drugs": "Drugs",
    "offensive_weapons": "Offensive weapons",
    "stolen_property": "Stolen property",
    "going_equipped": "Articles to go equipped",
    "firearms": "Firearms",
    "criminal_damage": "Articles for criminal damage",
    "other": "Something else",
    "nothing": "Nothing",
}
# What a find rate is counted from: searches, with a find, without, and without or unknown though something was done.
FIND_COUNTS = ("searches", "found", "not_found", "not_found_after_action", "unknown_after_action")
# How a search was carried out, and what came of an arrest: only a force's own extract says.
HANDLING_FLAGS = ("is_force_used", "is_handcuffed", "is_video_on", "is_detained")
FLAGS = ("is_outcome_linked", "is_item_found", "is_clothing_removed", "is_part_of_operation", *HANDLING_FLAGS)
# Kinds of force as the Home Office groups the tactics of its use of force tables, with handcuffs apart.
FORCE_KINDS = {
    "none": "No force",
    "handcuffs": "Handcuffs, compliant or not",
    "restraint": "Other restraint: limbs, body, ground",
    "unarmed_skills": "Unarmed skills: strikes, pressure points, take-downs",
    "other_equipment": "Baton, irritant spray, spit guard, shield or dog",
    "less_lethal_weapons": "Conducted energy device or baton round, drawn or used",
    "firearms": "Firearms, aimed or fired",
    "other": "Other force",
}
# How far clothing was removed. A search of outer clothing is of coat, jacket, gloves and the like at most.
CLOTHING_EXTENTS = {
    "outer_only": "Outer coat, jacket or gloves at most, or nothing",
    "beyond_outer": "More than outer clothing, no intimate parts exposed",
    "intimate_parts": "Intimate parts exposed",
}

# Labels that every publisher writes alike, in the spelling they are compared in, and their codes.
SUBJECT_LABELS = {
    "person search": "person",
    "vehicle search": "vehicle",
    "person and vehicle search": "person_and_vehicle",
    **{code: code for code in SUBJECTS},
}
# "1.0" is what a spreadsheet or pandas makes of a flag column with blanks in it.
FLAG_LABELS = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
GENDERS = {gender.lower(): gender for gender in ("Male", "Female", "Other")}
# Two sets of bands, the portal's and the Home Office's: alike under 25, above that never to be set side by side.
PORTAL_AGE_GROUPS = ("under 10", "10-17", "18-24", "25-34", "over 34")
HOME_OFFICE_AGE_GROUPS = ("under 10", "10-17", "18-24", "25-29", "30 or over")
# What the census tables by age and both sets of bands can say: under 25 is one.
YOUNG_AGE_GROUPS, YOUNG = PORTAL_AGE_GROUPS[:3], "under 25"
# Children are 10 to 17, from the age of criminal responsibility; younger ones are counted apart.
UNDER_10, CHILDREN, ADULTS = "under 10", "10-17", "18 and over"
AGE_BANDS = (UNDER_10, CHILDREN, ADULTS)
# A spreadsheet turns "10-17" into "Oct-17": such a value is in no list, so it is counted and named.
AGE_GROUPS = {age: age for age in (*PORTAL_AGE_GROUPS, *HOME_OFFICE_AGE_GROUPS)}
BAND_OF_AGE = {age: age if age in AGE_BANDS else ADULTS for age in AGE_GROUPS}
OFFICER_GROUPS = {group.lower(): group for group in ETHNIC_GROUPS}
FLAG_CODES = ("true", "false")
# Columns whose labels are in a table of `reference/`: its name, and its column of codes.
LABEL_TABLES = {
    "self_defined_ethnicity": ("ethnicity_labels", "code"),
    "legislation": ("legislation_labels", "legislation"),
    "object_of_search": ("object_labels", "object_of_search"),
    "outcome": ("outcome_labels", "outcome"),
}

DRUG_POWERS = ("mda_s23", "psa_s36", "psa_s37")
# Powers that say by themselves what was looked for.
TYPE_OF_POWER = {
    "cjpoa_s60": "anticipation_of_violence",
    "terrorism_s43": "terrorism",
    "terrorism_s47a": "terrorism",
    "poa_s10": "protest",
    "poa_s11": "protest",
    "svro_s342e": "serious_violence_reduction_order",
    "firearms_s47": "firearms",
}
DRUG_TYPES = ("drugs_possession", "drugs_supply", "drugs_unspecified")
# Search types in page order, with the name a reader sees. `drugs` is the sum of its three parts.
SEARCH_TYPES = {
    "drugs": "Drugs",
    "drugs_possession": "Drugs: possession",
    "drugs_supply": "Drugs: supply",
    "drugs_unspecified": "Drugs: possession or supply not separated",
    "offensive_weapons": "Offensive weapons",
    "stolen_property": "Stolen property",
    "going_equipped": "Going equipped",
    "firearms": "Firearms",
    "criminal_damage": "Criminal damage",
    "anticipation_of_violence": "Anticipation of violence (section 60)",
    "terrorism": "Terrorism",
    "protest": "Protest-related",
    "serious_violence_reduction_order": "Serious Violence Reduction Order",
    "other": "Other",
    "not_recorded": "Not recorded",
}

# What a reviewer can say of recorded grounds: that they are reasonable, that they are not, or neither.
GROUNDS_ANSWERS = ("yes", "no", "cannot tell")
# Why grounds are weak: what PACE Code A (2.2 to 2.6) says cannot be reasonable suspicion by itself, and what its 2.2
# asks for (facts, about this person, that make a find likely).
WEAK_REASONS = {
    "no_grounds": "no grounds are recorded, or only that there were some",
    "appearance_or_manner": "appearance, clothing or manner alone",
    "place_or_time": "being at a place or time alone",
    "past_alone": "being known to the police, or past convictions, alone",
    "vague_description": "a description or intelligence that is old, vague or not of this person",
    "smell_alone": "a smell of cannabis alone",
    "no_link": "nothing that links the person to the item searched for",
    "other": "another reason",
}

# No resident population of its own, or outside England and Wales.
FORCES_WITHOUT_RESIDENTS = ("btp", "northern-ireland", "city-of-london")


@cache
def read_reference(name: str) -> list[dict[str, str]]:
    """Give the rows of a reference table, every value text."""
    text = (files("disparity.vocabulary") / "reference" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def plain_label(label: str) -> str:
    """Give the spelling that labels are compared in.

    Case, outer and repeated white space (the no-break space included) and the kind of dash differ
    between exports of the same label; nothing else is forgiven.

    >>> plain_label("  White –  Irish ")
    'white - irish'
    """
    return " ".join(label.replace("\u2013", "-").replace("\u2014", "-").split()).casefold()


@cache
def codes_of(table: str, column: str) -> dict[str, str]:
    """Give plain label → code for one reference table; a code is a label of itself.

    >>> codes_of("legislation_labels", "legislation")["misuse of drugs act 1971 (section 23)"]
    'mda_s23'
    >>> codes_of("ethnicity_labels", "code")["w1"]
    'W1'
    """
    rows = read_reference(table)
    own = {plain_label(row[column]): row[column] for row in rows}
    return own | {plain_label(row["label"]): row[column] for row in rows}


@cache
def codes_by_column() -> dict[str, tuple[str, ...]]:
    """Give each coded column of a record → the codes it may hold."""
    tables = {column: codes_of(*table) for column, table in LABEL_TABLES.items()}
    return {
        "subject": SUBJECTS,
        "officer_defined_ethnicity": ETHNIC_GROUPS,
        "drug_search_type": DRUG_SEARCH_TYPES,
        "search_origin": tuple(ORIGINS),
        "item_found": tuple(ITEMS),
        "force_kind": tuple(FORCE_KINDS),
        "clothing_extent": tuple(CLOTHING_EXTENTS),
        **{column: tuple(dict.fromkeys(codes.values())) for column, codes in tables.items()},
        **dict.fromkeys(FLAGS, FLAG_CODES),
    }


@cache
def group_of_ethnicity() -> dict[str, str]:
    """Give PACE 16+1 code → ethnic group of the grouping in use ("W1" → "White", "NS" → "Not stated")."""
    rows = read_reference("ethnic_groupings")
    return {row["code"]: row["ethnic_group"] for row in rows if row["grouping"] == GROUPING}


@cache
def force_names() -> dict[str, str]:
    """Give force id → name, as data.police.uk spells both."""
    return {row["force"]: row["name"] for row in read_reference("forces")}


@cache
def area_codes() -> dict[str, str]:
    """Give force id → ONS code of its police force area; the British Transport Police has none.

    >>> area_codes()["lancashire"]
    'E23000003'
    """
    return {row["force"]: row["force_code"] for row in read_reference("forces") if row["force_code"]}


@cache
def force_aliases() -> dict[str, str]:
    """Give what a force is also called in file names → its id: its full name, and names it has taken since.

    >>> force_aliases()["lancashire-constabulary"], force_aliases()["devon-and-cornwall-police"]
    ('lancashire', 'devon-and-cornwall')
    """
    full = {re.sub(r"[^a-z]+", "-", name.lower().replace("&", "and")): force for force, name in force_names().items()}
    return full | {row["alias"]: row["force"] for row in read_reference("force_aliases")}


def force_name(force: str) -> str:
    """Give a force's name; one that is not in the table reads as its id in words."""
    return force_names().get(force, force.replace("-", " ").title())
