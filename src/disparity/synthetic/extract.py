"""Write a force's searches as its own system would export them: more columns, other spellings."""

from collections.abc import Mapping
from zlib import crc32

import numpy as np
import polars as pl

from disparity.synthetic.draws import UK_TIME, draw_one, place_of, text
from disparity.synthetic.forces import SyntheticForce
from disparity.synthetic.tables import DISPOSALS, REASONS, SOUGHT, TYPES
from disparity.vocabulary.codes import ETHNIC_GROUPS, NOT_RECORDED, UNKNOWN_GROUPS, group_of_ethnicity, read_reference

POWERS = {
    "Misuse of Drugs Act 1971 (section 23)": "S23 MDA",
    "Police and Criminal Evidence Act 1984 (section 1)": "S1 PACE",
    "Firearms Act 1968 (section 47)": "S47 Firearms Act",
    "Criminal Justice and Public Order Act 1994 (section 60)": "S60 CJPOA",
}
KINDS = {
    "Person search": "Person",
    "Person and Vehicle search": "Person & vehicle",
    "Vehicle search": "Vehicle only",
}
ORIGINS = {"Officer": 0.55, "Call for service": 0.25, "Intelligence": 0.15, "Planned operation": 0.05}
# Item → as the force's system spells it: as the reason for searching for it, but for some.
FINDS = REASONS | {"drugs": "Drugs", "offensive_weapons": "Weapon", "stolen_property": "Stolen", "nothing": "None"}
# What turns up where the item searched for does not; never that item.
BY_CHANCE = {"nothing": 0.95, "drugs": 0.02, "offensive_weapons": 0.01, "other": 0.02}
YES_NO = {"True": "Y", "1.0": "Y", "False": "N", "0.0": "N"}

# Invented, and of nobody. Three of each type give a reason; the last two, shared, hardly do.
VAGUE = ("Nervous when seen by officers.", "In an area known for crime.")
GROUNDS = {
    "drugs_possession": ("Smell of cannabis close by.", "Seen to pass a small bag.", "Seen smoking, hid it."),
    "drugs_supply": ("Several short meetings seen.", "Call named a deal here.", "Cash and bags in view."),
    "offensive_weapons": ("Call of a knife shown here.", "Handle seen at waistband.", "Bat seen in a fight."),
    "stolen_property": (
        "Matches a theft just reported.",
        "Tagged goods under coat.",
        "Ran from a shop alarm.",
    ),
    "going_equipped": (
        "Trying car doors at night.",
        "Tools seen, no account given.",
        "Seen at a forced gate.",
    ),
    "firearms": ("Call of a gun shown here.", "Shape of a gun in bag.", "Intelligence of today."),
    "criminal_damage": ("Fresh paint on hands.", "Seen by a broken window.", "Call of tyres cut here."),
    "anticipation_of_violence": ("Section 60 in force.", "Section 60 in force here.", "Under the authority."),
    "other": ("Fireworks set off here.", "Seen to throw a firework.", "Call of fireworks thrown."),
}
GROUNDS_SHARES = (0.35, 0.30, 0.20, 0.10, 0.05)


def make_extract(records: pl.DataFrame, force: SyntheticForce, *, seed: int) -> pl.DataFrame:
    """Give these records with the force's own columns; item found and reason are always recorded."""
    rng = np.random.default_rng([seed, crc32(force.force.encode()), 1])
    origin = text(list(ORIGINS), draw_one(rng, list(ORIGINS.values()), records.height))
    rows = read_reference("ethnicity_labels")
    ethnicities = {row["code"]: f"{row['code']} - {row['ethnicity']}" for row in rows}
    grounds = _grounds(records["search_type"], rng)
    found = _find_items(records, rng).replace_strict(FINDS, return_dtype=pl.String)
    return records.with_row_index("place", offset=1).select(
        pl.format("SS{}", pl.col("place").cast(pl.String).str.zfill(6)).alias("Ref No"),
        pl.col("searched_at").dt.convert_time_zone(UK_TIME).dt.strftime("%d/%m/%Y %H:%M").alias("Date/Time"),
        _respell("Type", KINDS).alias("Search Of"),
        pl.col("area").alias("Division"),
        _respell("Gender", {"Male": "M", "Female": "F", "Other": "Other"}).alias("Sex"),
        pl.col("Age range").str.replace("-", " to ").alias("Age"),
        _respell("recorded_code", ethnicities).alias("Subject Self Defined Ethnicity"),
        pl.col("Officer-defined ethnicity").alias("Officer Defined Ethnicity"),
        _respell("Legislation", POWERS).alias("Power"),
        _respell("search_type", REASONS).alias("Reason"),
        grounds,
        origin.alias("Initiated By"),
        _respell("recorded_outcome", DISPOSALS).alias("Disposal"),
        pl.when("is_found").then(pl.lit("Y")).otherwise(pl.lit("N")).alias("Item Found Y/N"),
        found.alias("What Was Found"),
        _respell("Removal of more than just outer clothing", YES_NO).alias("More Than Outer Clothing Y/N"),
    )


def _find_items(records: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """Give what was found: the item searched for where it was, else what turned up by chance."""
    by_chance = text(list(BY_CHANCE), draw_one(rng, list(BY_CHANCE.values()), records.height))
    sought = records["search_type"].replace_strict(SOUGHT, return_dtype=pl.String)
    missed = by_chance.set(by_chance == sought, "nothing")
    return sought.zip_with(records["is_found"], missed)


def count_extract(records: pl.DataFrame, extract: pl.DataFrame) -> dict[str, object]:
    """Count the extract's person searches as it records them: by reason and self-defined group, area, origin, item."""
    group = pl.col("recorded_code").replace_strict(group_of_ethnicity(), default=NOT_RECORDED)
    searches = records.filter(~pl.col("is_vehicle_only")).with_columns(_group=group)
    counts = searches.group_by("search_type", "_group").agg(pl.len(), pl.col("is_found").sum())
    cells = {(kind, name): {"searches": rows, "found": found} for kind, name, rows, found in counts.rows()}
    groups = (*ETHNIC_GROUPS, *UNKNOWN_GROUPS)
    told = searches.select("search_type", "area").hstack(
        extract.filter(~records["is_vehicle_only"]).select("Initiated By", "What Was Found").get_columns()
    )
    return {
        "rows": records.height,
        "by_type_and_self_defined_group": {
            kind: {name: cells[kind, name] for name in groups if (kind, name) in cells} for kind in REASONS
        },
        "by_type_and_area": _count_by_type(told, "area"),
        "by_type_and_origin": _count_by_type(told, "Initiated By"),
        "by_type_and_item_found": _count_by_type(told, "What Was Found"),
    }


def _count_by_type(told: pl.DataFrame, column: str) -> dict[str, dict[str, int]]:
    counts = told.group_by("search_type", column).len().sort("search_type", column)
    return {kind: {name: rows for of, name, rows in counts.rows() if of == kind} for kind in REASONS}


def _respell(column: str, spellings: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(spellings, default=None, return_dtype=pl.String)


def _grounds(search_type: pl.Series, rng: np.random.Generator) -> pl.Series:
    sentences = [sentence for kind in TYPES for sentence in (*GROUNDS[kind], *VAGUE)]
    chosen = draw_one(rng, GROUNDS_SHARES, search_type.len())
    place = place_of(search_type, TYPES) * len(GROUNDS_SHARES) + chosen
    return text(sentences, place).alias("Grounds")
