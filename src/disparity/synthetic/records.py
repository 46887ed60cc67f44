"""Draw one force's searches and write them down as its monthly files would.

Only uniform and Poisson draws of a seeded generator, so the same seed gives the same rows on every
system. What is true of a row is beside the portal's text columns, in columns with snake_case names.
"""

from collections.abc import Sequence
from datetime import date
from zlib import crc32

import numpy as np
import polars as pl

from disparity.synthetic.draws import (
    blank,
    chance,
    draw,
    draw_one,
    labels,
    place_of,
    portal_time,
    table,
    text,
    to_utc,
    truth_text,
)
from disparity.synthetic.forces import AREAS, SyntheticForce, expected_rows
from disparity.synthetic.oddities import plant_oddities
from disparity.synthetic.tables import (
    AGES,
    CODES,
    ETHNICITIES,
    GENDERS,
    HOURS,
    NO_FURTHER_ACTION,
    OBJECTS,
    OFFICER_DEFINED,
    OUTCOME_SHARES,
    OUTCOMES,
    POINTS_PER_AREA,
    POWERS,
    TYPES,
    WRONG_OBJECT,
)
from disparity.vocabulary.codes import ETHNIC_GROUPS


def make_records(force: SyntheticForce, months: Sequence[date], *, seed: int) -> pl.DataFrame:
    """Give one force's rows for all months, sorted by month and time.

    The columns of PORTAL_COLUMNS are text as in the portal's files (null is blank there); the others
    are the truth: month, group, search_type, is_found, outcome, area, what of it was recorded
    (recorded_code, recorded_outcome, recorded_linked), is_vehicle_only, is_copy and oddity.
    """
    rng = np.random.default_rng([seed, crc32(force.force.encode())])
    searches = draw_searches(force, months, rng)
    searches = write_time(searches, rng)
    for write in (write_place, write_person, write_ethnicity, write_power, write_outcome, copy_some):
        searches = write(searches, force, rng)
    return plant_oddities(searches.sort("month", "searched_at", maintain_order=True), force, months)


def draw_searches(force: SyntheticForce, months: Sequence[date], rng: np.random.Generator) -> pl.DataFrame:
    """Draw what happened: how many searches of whom, why, where and what came of them."""
    counts = rng.poisson(expected_rows(force, months))
    block = np.repeat(np.arange(counts.size), counts.ravel())
    month, group = np.divmod(block, len(ETHNIC_GROUPS))
    search_type = draw(rng, table(force.type_share, TYPES), group)
    is_found = chance(rng, table(force.find_rate, TYPES)[group, search_type], block.size)
    is_drugs = search_type < 2
    outcome = draw(rng, OUTCOME_SHARES, np.where(is_found, np.where(is_drugs, 0, 1), 2))
    return pl.DataFrame(
        {
            "block": block,
            "month": pl.Series(months, dtype=pl.Date).gather(month),
            "group": text(ETHNIC_GROUPS, group),
            "search_type": text(TYPES, search_type),
            "is_found": is_found,
            "outcome": text(OUTCOMES, outcome),
            "area": text(AREAS, draw(rng, table(force.area_share, AREAS), group)),
            "is_vehicle_only": chance(rng, force.recording.vehicle_only, block.size),
        }
    )


def write_time(searches: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Add the time, drawn on the local clock and kept in UTC: 00:30 on 1 June reads 31 May 23:30."""
    days = searches["month"].dt.month_end().dt.day().to_numpy()
    day = np.floor(rng.random(searches.height) * days).astype(np.int64)
    hour = draw_one(rng, HOURS, searches.height)
    minute = np.floor(rng.random(searches.height) * 60).astype(np.int64)
    passed = pl.duration(minutes=pl.lit(pl.Series((day * 24 + hour) * 60 + minute)))
    local = pl.col("month").cast(pl.Datetime("us")) + passed
    return searches.with_columns(searched_at=to_utc(local)).with_columns(Date=portal_time(pl.col("searched_at")))


def write_place(searches: pl.DataFrame, force: SyntheticForce, rng: np.random.Generator) -> pl.DataFrame:
    """Add a snap point of the area, the same few points whatever the seed."""
    rows = searches.height
    spread = np.random.default_rng(crc32(force.force.encode())).random((2, len(AREAS) * POINTS_PER_AREA))
    latitudes, longitudes = (
        [f"{middle + (value - 0.5) * 0.25:.6f}" for value in line]
        for middle, line in zip(force.centre, spread.tolist(), strict=True)
    )
    point = np.floor(rng.random(rows) * POINTS_PER_AREA).astype(np.intp)
    point += place_of(searches["area"], AREAS) * POINTS_PER_AREA
    is_blank = chance(rng, force.recording.coordinates_blank, rows)
    is_operation = truth_text(chance(rng, 0.05, rows))
    is_recorded = chance(rng, force.recording.operation_recorded, rows)
    return searches.with_columns(
        blank(text(latitudes, point), is_blank).alias("Latitude"),
        blank(text(longitudes, point), is_blank).alias("Longitude"),
        blank(is_operation, ~is_recorded).alias("Part of a policing operation"),
        pl.lit(None, dtype=pl.String).alias("Policing operation"),
    )


def write_person(searches: pl.DataFrame, force: SyntheticForce, rng: np.random.Generator) -> pl.DataFrame:
    """Add type, gender and age; most vehicle-only searches name nobody."""
    rows, recording = searches.height, force.recording
    vehicle_only = searches["is_vehicle_only"].to_numpy()
    is_nobody = vehicle_only & chance(rng, recording.vehicle_only_ethnicity_blank, rows)
    with_vehicle = chance(rng, 0.2, rows)
    kind = np.where(vehicle_only, 2, with_vehicle)
    gender = text(list(GENDERS), draw_one(rng, list(GENDERS.values()), rows))
    age = text(list(AGES), draw_one(rng, list(AGES.values()), rows))
    return searches.with_columns(
        text(["Person search", "Person and Vehicle search", "Vehicle search"], kind).alias("Type"),
        blank(gender, is_nobody | chance(rng, recording.gender_blank, rows)).alias("Gender"),
        blank(age, is_nobody | chance(rng, recording.age_blank, rows)).alias("Age range"),
        is_nobody=pl.Series(is_nobody),
    )


def write_ethnicity(searches: pl.DataFrame, force: SyntheticForce, rng: np.random.Generator) -> pl.DataFrame:
    """Add both ethnicities; "Not stated" and blank fall on rows at random, whatever the group."""
    rows, recording = searches.height, force.recording
    group = place_of(searches["group"], ETHNIC_GROUPS)
    is_nobody = searches["is_nobody"].to_numpy()
    code = text(CODES, draw(rng, table(ETHNICITIES, CODES), group))
    # A vehicle-only row with an ethnicity has a person's: the two blanks below are of person searches.
    is_person = ~searches["is_vehicle_only"].to_numpy()
    declined, left_blank = recording.self_defined_not_stated, recording.self_defined_blank
    chosen = draw_one(rng, [1 - declined - left_blank, declined, left_blank], rows)
    code = pl.select(pl.when(pl.Series(is_person & (chosen == 1))).then(pl.lit("NS")).otherwise(code)).to_series()
    code = blank(code, is_nobody | (is_person & (chosen == 2)))
    officer = text(ETHNIC_GROUPS, draw(rng, table(OFFICER_DEFINED, ETHNIC_GROUPS), group))
    officer = blank(officer, is_nobody | chance(rng, recording.officer_defined_blank, rows))
    return searches.with_columns(
        code.replace_strict(labels("ethnicity_labels", "code")).alias("Self-defined ethnicity"),
        officer.alias("Officer-defined ethnicity"),
        recorded_code=code,
    )


def write_power(searches: pl.DataFrame, force: SyntheticForce, rng: np.random.Generator) -> pl.DataFrame:
    """Add power and object; a row never loses both, so its search type can always be read."""
    rows = searches.height
    is_drugs = searches["search_type"].is_in(["drugs_possession", "drugs_supply"]).to_numpy()
    has_own_power = (searches["search_type"] == "anticipation_of_violence").to_numpy()
    is_blank = chance(rng, force.recording.legislation_blank, rows) & ~has_own_power
    is_wrong = chance(rng, force.recording.drug_object_miscoded, rows) & is_drugs & ~is_blank
    powers, objects = labels("legislation_labels", "legislation"), labels("object_labels", "object_of_search")
    power = searches["search_type"].replace_strict({kind: powers[POWERS[kind]] for kind in TYPES})
    target = searches["search_type"].replace_strict({kind: objects[OBJECTS[kind]] for kind in TYPES})
    wrong = pl.lit(objects[WRONG_OBJECT])
    return searches.with_columns(
        blank(power, is_blank).alias("Legislation"),
        pl.when(pl.Series(is_wrong)).then(wrong).otherwise(target).alias("Object of search"),
    )


def write_outcome(searches: pl.DataFrame, force: SyntheticForce, rng: np.random.Generator) -> pl.DataFrame:
    """Add outcome, linked flag and clothing flag; a row without an outcome has no linked flag."""
    rows, recording = searches.height, force.recording
    is_action = (searches["outcome"] != NO_FURTHER_ACTION).to_numpy()
    is_blank = chance(rng, recording.outcome_blank, rows)
    outcome = blank(searches["outcome"], is_blank)
    is_wrongly_linked = chance(rng, recording.no_further_action_linked, rows)
    is_linked = np.where(is_action, searches["is_found"].to_numpy(), is_wrongly_linked)
    is_recorded = chance(rng, recording.linked_recorded, rows) & ~is_blank
    is_removed = truth_text(chance(rng, 0.03, rows))
    is_removal_recorded = chance(rng, recording.clothing_recorded, rows)
    linked = blank(truth_text(is_linked), ~is_recorded)
    return searches.with_columns(
        outcome.replace_strict(labels("outcome_labels", "outcome")).alias("Outcome"),
        linked.alias("Outcome linked to object of search"),
        blank(is_removed, ~is_removal_recorded).alias("Removal of more than just outer clothing"),
        recorded_outcome=outcome,
        recorded_linked=linked == "True",
    )


def copy_some(searches: pl.DataFrame, force: SyntheticForce, rng: np.random.Generator) -> pl.DataFrame:
    """Replace some rows by the row before them: people stopped together, alike in every column.

    Source and copy are of one month and group, so expected counts and rates stay what they were.
    """
    block = searches["block"].to_numpy()
    is_first = np.diff(block, prepend=-1) != 0
    is_copy = chance(rng, force.recording.copied, searches.height) & ~is_first
    source = np.maximum.accumulate(np.where(is_copy, 0, np.arange(searches.height)))
    return searches[source].with_columns(is_copy=pl.Series(is_copy, dtype=pl.Boolean)).drop("block", "is_nobody")
