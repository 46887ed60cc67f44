"""Canonical search records from raw rows: every label coded, search type and find status derived.

Each raw row becomes one row here, with what is done with it (`disposition`): nothing is dropped silently.
Definitions, section 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np
import polars as pl

from disparity.records.alike import Kinds
from disparity.sources.contents import PORTAL_TIME
from disparity.sources.raw import LABELS, REPEAT_COLUMNS, TABLE_COLUMNS, RawFile, list_labels, stack_rows
from disparity.vocabulary.codes import (
    AGE_GROUPS,
    CLOTHING_EXTENTS,
    DRUG_POWERS,
    DRUG_SEARCH_TYPES,
    FLAG_LABELS,
    FORCE_KINDS,
    GENDERS,
    HANDLING_FLAGS,
    ITEMS,
    OFFICER_GROUPS,
    ORIGINS,
    SEARCH_TYPES,
    SUBJECT_LABELS,
    TYPE_OF_POWER,
    codes_of,
    group_of_ethnicity,
    plain_label,
)

KEPT = "kept"
EXCLUDED = "excluded: vehicle-only search"
REJECTED = "rejected: kind of search not recognised"
# As literals too: a text compared with or put beside an Enum makes texts of every row, at several times the cost.
TYPES = pl.Enum(list(SEARCH_TYPES))
FIND_STATUSES = pl.Enum(["found", "not_found", "unknown"])

DRUG_OBJECTS = ("drugs", "psychoactive_substances")
TYPE_OF_OBJECT = {
    "offensive_weapons": "offensive_weapons",
    "anything_to_threaten_or_harm": "offensive_weapons",
    "crossbows": "offensive_weapons",
    "firearms": "firearms",
    "stolen_goods": "stolen_property",
    "articles_for_theft": "going_equipped",
    "articles_for_criminal_damage": "criminal_damage",
}

# A box round the United Kingdom: Scilly to Shetland, Fermanagh to Lowestoft (WGS84 degrees).
UK_LATITUDES, UK_LONGITUDES = (49.8, 60.9), (-8.7, 1.8)

PORTAL_ZONE = "+00:00"
# The portal's own form first; then re-exports: fractional seconds, no zone (UTC), date only.
TIME_FORMATS = ("%Y-%m-%dT%H:%M:%S%:z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z")
ZONELESS_FORMATS = (
    *(f"%Y-%m-%d{gap}{clock}" for clock in ("%H:%M:%S%.f", "%H:%M") for gap in ("T", " ")),
    "%Y-%m-%d",
)


# What is said of searches in labels, which are coded once for each combination that is met.
SAID = (
    *("subject", "self_defined_ethnicity", "officer_defined_ethnicity", "gender", "age_group", "legislation"),
    *("object_of_search", "outcome", "drug_search_type", "search_origin", "item_found", "reason_for_search"),
    *("is_outcome_linked", "is_clothing_removed", "is_item_found", *HANDLING_FLAGS, "force_kind", "clothing_extent"),
)

# What follows from it: the columns of kinds of searches.
CODES = (
    *("officer_defined_group" if name == "officer_defined_ethnicity" else name for name in SAID),
    *("self_defined_group", "search_type", "find_status", "disposition"),
)


@dataclass(frozen=True)
class Coding:
    """The codes of labels, as they are compared, and the type that holds them."""

    of: Mapping[str, str | bool]
    kind: pl.DataType

    @classmethod
    def list(cls, codes: Mapping[str, str] | Mapping[str, bool]) -> "Coding":
        """List the codes in the order in which they come."""
        distinct = dict.fromkeys(codes.values())
        return cls(codes, pl.Boolean() if True in distinct else pl.Enum([str(code) for code in distinct]))


def code_searches(*files: RawFile) -> pl.DataFrame:
    """Code the rows of files of one source, in their order.

    Returns:
        One row per raw row with the columns of the canonical record (definitions, section 2), `searches`
        (how many searches the row stands for) and `disposition`; null means not recorded, in every column. Where
        persons are told apart, REPEAT_COLUMNS too: they are counted, and given to nobody.
    """
    return code_kinds(*files)[0]


def code_kinds(*files: RawFile) -> tuple[pl.DataFrame, Kinds]:
    """Code the rows as `code_searches` does, and give their kinds too: searches alike in every label.

    Kinds say the CODES of each, and the labels that they are of (`label_of`).
    """
    rows = stack_rows(files)
    if not files[0].is_counted:
        rows = rows.with_columns(pl.lit(None, pl.String).alias(column) for column in TABLE_COLUMNS)
    raw = Kinds.find(rows.select(SAID))
    kinds = Kinds(_code_labels(raw.rows).hstack(raw.rows.select(_name_labels())), raw.of)
    said = {column.name: column for column in kinds.rows.select(CODES)[kinds.of].iter_columns()}
    first = ("self_defined_ethnicity", "self_defined_group", "officer_defined_group", "gender", "age_group")
    last = ("search_type", "find_status", "disposition")
    coded = rows.select(
        "source_row",
        *_name_files(files),
        said.pop("subject"),
        _parse_times(rows["searched_at"]),
        *(said.pop(name) for name in first),
        pl.col("area", "grounds", "record_id"),
        *(said[name] for name in said if name not in last),
        *_place(rows),
        pl.col("number_of_searches").cast(pl.Int64).fill_null(1).alias("searches"),
        *(pl.col(name) for name in REPEAT_COLUMNS if name in rows.columns),
        *(said[name] for name in last),
    )
    return coded, kinds


def find_kinds(searches: pl.DataFrame, rows: pl.DataFrame) -> Kinds:
    """Find the kinds that `code_kinds` gives with the searches.

    Args:
        searches: `code_searches` of files. rows: theirs, as they were read.
    """
    if "reason_for_search" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.String).alias("reason_for_search"))
    return Kinds.find(searches.select(CODES).hstack(rows.select(_name_labels())))


def label_of(column: str) -> str:
    """Name the column of kinds that holds the label which a code is of."""
    return f"label of {column}"


def _name_labels() -> list[pl.Expr]:
    return [pl.col(column).alias(label_of(column)) for column in SAID]


def _code_labels(rows: pl.DataFrame) -> pl.DataFrame:
    """Code what is SAID, and derive what follows from it."""
    coded = pl.DataFrame([_code(rows[source], codes).alias(name) for name, (source, codes) in _list_codes().items()])
    return coded.with_columns(search_type().alias("search_type"), find_status().alias("find_status"), _disposition())


@cache
def _list_codes() -> dict[str, tuple[str, Coding]]:
    """Give each code of a record → the column of labels that it is of, and the codes of these."""
    flags = ("is_outcome_linked", "is_clothing_removed", "is_item_found", *HANDLING_FLAGS)
    listed: dict[str, tuple[str, dict[str, str] | dict[str, bool]]] = {
        "subject": ("subject", SUBJECT_LABELS),
        "self_defined_ethnicity": ("self_defined_ethnicity", codes_of("ethnicity_labels", "code")),
        "self_defined_group": ("self_defined_ethnicity", _group_of_label()),
        "officer_defined_group": ("officer_defined_ethnicity", OFFICER_GROUPS),
        "gender": ("gender", GENDERS),
        "age_group": ("age_group", AGE_GROUPS),
        "legislation": ("legislation", codes_of("legislation_labels", "legislation")),
        "object_of_search": ("object_of_search", codes_of("object_labels", "object_of_search")),
        "outcome": ("outcome", codes_of("outcome_labels", "outcome")),
        "drug_search_type": ("drug_search_type", {kind: kind for kind in DRUG_SEARCH_TYPES}),
        "search_origin": ("search_origin", {kind: kind for kind in ORIGINS}),
        "item_found": ("item_found", {kind: kind for kind in ITEMS}),
        "reason_for_search": ("reason_for_search", {kind: kind for kind in SEARCH_TYPES}),
        **{flag: (flag, FLAG_LABELS) for flag in flags},
        "force_kind": ("force_kind", {kind: kind for kind in FORCE_KINDS}),
        "clothing_extent": ("clothing_extent", {extent: extent for extent in CLOTHING_EXTENTS}),
    }
    return {name: (source, Coding.list(codes)) for name, (source, codes) in listed.items()}


def _name_files(files: tuple[RawFile, ...]) -> list[pl.Series]:
    """The file, by its place among the files and by name, force and month of each row."""
    number = np.repeat(np.arange(len(files), dtype=np.uint32), [raw.rows.height for raw in files])
    return [
        pl.Series("file", number).set_sorted(),
        pl.Series("source_file", [raw.source_file for raw in files]).gather(number),
        pl.Series("force", [raw.force for raw in files]).gather(number),
        pl.Series("submission_month", [raw.month for raw in files], dtype=pl.Date).gather(number),
    ]


def _code(labels: pl.Series, codes: Coding) -> pl.Series:
    """Replace labels by codes; Python sees each distinct label once, whatever the number of rows."""
    if labels.null_count() == len(labels):
        return pl.repeat(None, len(labels), dtype=codes.kind, eager=True)
    held = labels.cast(LABELS)
    met = list_labels(held)
    # Labels are numbered as they are met, so the table has an entry for those of other files and columns too.
    table: list[str | bool | None] = [None] * (max(met.values()) + 1)
    for label, number in met.items():
        table[number] = codes.of.get(plain_label(label))
    return pl.Series(table, dtype=codes.kind).gather(held.to_physical())


@cache
def _group_of_label() -> dict[str, str]:
    groups = group_of_ethnicity()
    return {label: groups[code] for label, code in codes_of("ethnicity_labels", "code").items()}


def _parse_times(times: pl.Series) -> pl.Series:
    # As the portal writes them. With the zone as mere letters they are read in a third of the time.
    clock = times.str.to_datetime(PORTAL_TIME, time_unit="us", strict=False)
    if clock.null_count() == times.null_count():
        return clock.dt.replace_time_zone("UTC")
    parsed = times.str.to_datetime(TIME_FORMATS[0], time_unit="us", time_zone="UTC", strict=False)
    if parsed.null_count() == times.null_count():
        return parsed
    zoned = [times.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False) for form in TIME_FORMATS[1:]]
    zoneless = [
        times.str.to_datetime(form, time_unit="us", strict=False).dt.replace_time_zone("UTC")
        for form in ZONELESS_FORMATS
    ]
    return reduce(lambda first, then: first.zip_with(first.is_not_null(), then), [*zoned, *zoneless], parsed)


def _place(rows: pl.DataFrame) -> list[pl.Series]:
    """Null what is no place in the country: 0 and 0, the two swapped, or a slip of the decimal point."""
    latitude, longitude = (rows[name].cast(pl.Float64, strict=False) for name in ("latitude", "longitude"))
    is_in_country = latitude.is_between(*UK_LATITUDES) & longitude.is_between(*UK_LONGITUDES)
    nowhere = pl.repeat(None, rows.height, dtype=pl.Float64, eager=True)
    return [degrees.zip_with(is_in_country, nowhere) for degrees in (latitude, longitude)]


@cache
def search_type() -> pl.Expr:
    """Say what was searched for, by the reasons for search of the Home Office.

    A source that gives the reason itself is taken at its word. Else the power decides first, because the
    object is often wrong: 99.9% of Lancashire's 2019–21 Misuse of Drugs Act rows with an object give
    something other than drugs. Definitions, section 2.

    Returns:
        A type of `vocabulary.SEARCH_TYPES`, never null: `not_recorded` where none says.
    """
    power, target = pl.col("legislation"), pl.col("object_of_search")
    by_power = _translate(power, "legislation_labels", "legislation", TYPE_OF_POWER)
    by_object = _translate(target, "object_labels", "object_of_search", TYPE_OF_OBJECT)
    separated = pl.concat_str(pl.lit("drugs_"), pl.col("drug_search_type").cast(pl.String)).cast(TYPES)
    drugs = pl.coalesce(separated, pl.lit("drugs_unspecified", TYPES))
    return pl.coalesce(
        pl.col("reason_for_search").cast(TYPES),
        pl.when(power.is_in(DRUG_POWERS)).then(drugs),
        by_power,
        pl.when(target.is_in(DRUG_OBJECTS)).then(drugs),
        by_object,
        pl.when(target.is_not_null()).then(pl.lit("other", TYPES)),
        pl.lit("not_recorded", TYPES),
    )


def _translate(codes: pl.Expr, table: str, column: str, types: dict[str, str]) -> pl.Expr:
    """Give the type that each code stands for: codes are looked up by their place in their list."""
    listed = dict.fromkeys(codes_of(table, column).values())
    return pl.lit(pl.Series([types.get(code) for code in listed], dtype=TYPES)).gather(codes.to_physical())


@cache
def find_status() -> pl.Expr:
    """Say whether the item searched for was found, as far as the record says.

    No further action is never a find, *whatever the linked flag says*: some forces set the flag to true
    on most rows without action, and "flag is true" would give West Mercia a find rate of 91%.

    Returns:
        found, not_found or unknown; never null. Definitions, section 2.
    """
    outcome = pl.col("outcome")
    by_link = pl.when(outcome == "no_further_action").then(False).when(outcome.is_not_null()).then("is_outcome_linked")
    is_found = pl.coalesce("is_item_found", by_link)
    found, not_found, unknown = (pl.lit(status, FIND_STATUSES) for status in ("found", "not_found", "unknown"))
    return pl.when(is_found).then(found).when(~is_found).then(not_found).otherwise(unknown)


@cache
def _disposition() -> pl.Expr:
    """Vehicle-only by type, not by blank ethnicity: some of them do carry a person's ethnicity."""
    subject, kind = pl.col("subject"), pl.Enum([KEPT, EXCLUDED, REJECTED])
    return (
        pl.when(subject.is_null())
        .then(pl.lit(REJECTED, kind))
        .when(subject == "vehicle")
        .then(pl.lit(EXCLUDED, kind))
        .otherwise(pl.lit(KEPT, kind))
        .alias("disposition")
    )
