"""The quality items: each a pair of conditions on kept searches, so that the items of two months add up."""

from dataclasses import dataclass

import polars as pl

from disparity.searches import DRUG_OBJECTS
from disparity.vocabulary import DRUG_POWERS

LONDON = "Europe/London"

_outcome = pl.col("outcome").cast(pl.String)
_no_further_action = _outcome == "no_further_action"
_action = _outcome.is_not_null() & ~_no_further_action
_drug_power = pl.col("legislation").cast(pl.String).is_in(DRUG_POWERS)
_object = pl.col("object_of_search").cast(pl.String)
_local = pl.col("searched_at").dt.convert_time_zone(LONDON)
_has_time = pl.col("searched_at").is_not_null()
_any = pl.lit(True)


def _is_midnight(clock: pl.Expr) -> pl.Expr:
    return (clock.dt.hour() == 0) & (clock.dt.minute() == 0)


_utc_month, _local_month = (clock.dt.date().dt.month_start() for clock in (pl.col("searched_at"), _local))
_file_month = pl.col("submission_month")


def _is_out_of_month() -> pl.Expr:
    """On both clocks: stamps are UTC, files follow UK local time."""
    return _has_time & (_utc_month != _file_month) & (_local_month != _file_month)


def _is_after_month() -> pl.Expr:
    """A search that had not happened when its month ended: the only future that needs no clock of ours."""
    return _has_time & (_utc_month > _file_month) & (_local_month > _file_month)


def _is_before_2014() -> pl.Expr:
    """The portal's records start in December 2014; only an extract may hold the years before, in their months."""
    return _has_time & (pl.col("searched_at").dt.year() < 2014) & (_file_month.dt.year() >= 2014)


# The texts that times and places were read from.
TEXTS = {"searched_at": "time_text", "latitude": "latitude_text", "longitude": "longitude_text"}
COLUMN_OF = {text: column for column, text in TEXTS.items()}
WITH_ZONE = r":\d\d.*(Z|[+-]\d\d(:?\d\d)?)$"
# The portal's points have 6 decimals; a device's or a mapping system's have more.
FINER_THAN_A_SNAP_POINT = r"\.\d{7,}"
# How many of the project's areas hold the coordinates; there only where a project gives areas.
AREAS_MET, AREA_NOT_KNOWN = "areas_met", "area_not_known"
_has_place_text = pl.col("latitude_text").is_not_null() & pl.col("longitude_text").is_not_null()


@dataclass(frozen=True)
class QualityItem:
    """`rows` of `among` are what `label` says; both are conditions on kept searches."""

    name: str
    label: str
    rows: pl.Expr
    among: pl.Expr


def _blank(column: str, label: str) -> QualityItem:
    return QualityItem(f"{column}_not_recorded", f"{label} not recorded", pl.col(column).is_null(), _any)


QUALITY_ITEMS = (
    _blank("self_defined_ethnicity", "Self-defined ethnicity"),
    QualityItem(
        "self_defined_ethnicity_not_stated",
        "Self-defined ethnicity not stated",
        pl.col("self_defined_ethnicity").cast(pl.String) == "NS",
        _any,
    ),
    _blank("officer_defined_group", "Officer-defined ethnicity"),
    _blank("gender", "Gender"),
    _blank("age_group", "Age"),
    _blank("legislation", "Legislation"),
    _blank("object_of_search", "Object of search"),
    _blank("outcome", "Outcome"),
    QualityItem(
        "link_not_recorded",
        "Outcome recorded as an action, but not whether it is linked to the object of the search, or the item found",
        _action & pl.col("is_outcome_linked").is_null() & pl.col("is_item_found").is_null(),
        _action,
    ),
    QualityItem(
        "link_false",
        "Linked flag false, of actions with the flag",
        _action & ~pl.col("is_outcome_linked"),
        _action & pl.col("is_outcome_linked").is_not_null(),
    ),
    QualityItem(
        "link_true_without_action",
        "Linked flag true although no further action was taken",
        _no_further_action & pl.col("is_outcome_linked"),
        _no_further_action,
    ),
    QualityItem(
        "drug_power_other_object",
        "Drug-search power with an object other than drugs",
        _drug_power & _object.is_not_null() & ~_object.is_in(DRUG_OBJECTS),
        _drug_power & _object.is_not_null(),
    ),
    _blank("is_clothing_removed", "Removal of clothing"),
    QualityItem(
        "coordinates_not_recorded",
        "Coordinates not recorded",
        pl.col("latitude").is_null() | pl.col("longitude").is_null(),
        _any,
    ),
    QualityItem(
        "coordinates_off_map",
        "Coordinates that are no place in the United Kingdom (counted as not recorded)",
        _has_place_text & pl.col("latitude").is_null(),
        _has_place_text,
    ),
    QualityItem(
        "coordinates_not_snapped",
        "Coordinates with 7 decimals or more: finer than the portal's anonymous points",
        pl.any_horizontal(
            pl.col(text).str.contains(FINER_THAN_A_SNAP_POINT) for text in ("latitude_text", "longitude_text")
        ),
        _has_place_text,
    ),
    QualityItem(
        "coordinates_in_no_area",
        "Coordinates that lie in none of the project's areas",
        pl.col(AREAS_MET) == 0,
        pl.col(AREAS_MET).is_not_null(),
    ),
    QualityItem(
        "coordinates_in_several_areas",
        "Coordinates that lie in more than one of the project's areas (counted in the first by name)",
        pl.col(AREAS_MET) > 1,
        pl.col(AREAS_MET).is_not_null(),
    ),
    QualityItem(
        AREA_NOT_KNOWN,
        "No area: none recorded, and no coordinates in one",
        # Where the second is not so, the first is not either: it is asked only where areas are given.
        pl.col("area").is_null() & (pl.col(AREAS_MET).fill_null(0) == 0),
        _any,
    ),
    _blank("searched_at", "Date and time"),
    QualityItem(
        "searched_at_not_a_date",
        "Date or time that does not exist, such as 29 February 2023 (counted as not recorded)",
        pl.col("time_text").is_not_null() & ~_has_time,
        pl.col("time_text").is_not_null(),
    ),
    QualityItem(
        "time_without_zone",
        "Time without a time zone, read as UTC",
        _has_time & ~pl.col("time_text").str.contains(WITH_ZONE),
        _has_time,
    ),
    QualityItem("before_2014", "Date before 2014 in a file of a later month", _is_before_2014(), _has_time),
    QualityItem("midnight_utc", "Time is midnight, UTC clock", _is_midnight(pl.col("searched_at")), _has_time),
    QualityItem("midnight_local", "Time is midnight, UK local clock", _is_midnight(_local), _has_time),
    QualityItem("after_month", "Date after the month of the file on both clocks", _is_after_month(), _has_time),
    QualityItem("out_of_month", "Date outside the month of the file on both clocks", _is_out_of_month(), _has_time),
)
OF = "_of"
AREA_ITEMS = tuple(item.name for item in QUALITY_ITEMS if AREAS_MET in item.rows.meta.root_names())
BLANK_ITEMS = tuple(item for item in QUALITY_ITEMS if item.name.endswith("_not_recorded"))
