"""The quality items: each a pair of conditions on kept searches, so that the items of two months add up."""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from disparity.records.audit.validity import is_out_of_force, read_powers
from disparity.records.coding import DRUG_OBJECTS, PORTAL_ZONE
from disparity.records.uk_clock import DAY, MINUTE, tell_local
from disparity.vocabulary.codes import DRUG_POWERS, ETHNIC_GROUPS, NOT_STATED, REFERENCE_GROUP

_outcome = pl.col("outcome")
_no_further_action = _outcome == "no_further_action"
_action = _outcome.is_not_null() & ~_no_further_action
_drug_power = pl.col("legislation").is_in(DRUG_POWERS)
_object = pl.col("object_of_search")
_own, _seen = pl.col("self_defined_group"), pl.col("officer_defined_group")
# White people are most, and seen as such: a copy shows among the others.
_either_not_white = (
    (_own != NOT_STATED) & _seen.is_not_null() & ((_own != REFERENCE_GROUP) | (_seen != REFERENCE_GROUP))
)
_same_group = pl.any_horizontal((_own == group) & (_seen == group) for group in ETHNIC_GROUPS)
_has_time, _is_placed, _names_area = pl.col("has_time"), pl.col("is_placed"), pl.col("names_area")
# Of the search, on both clocks and without their zone, and of the month of its file: see `add_clocks`.
_utc, _local, _starts, _ends = pl.col("utc"), pl.col("local"), pl.col("month_starts"), pl.col("month_ends")
CLOCKS = {"utc": "searched_at", "local": "searched_at", "month_starts": "submission_month"}
# The day of the search, or any of its month where it has none.
_first_day = pl.coalesce(_local, _starts).dt.date()
_last_day = pl.coalesce(_local, _ends.dt.offset_by("-1d")).dt.date()
PORTAL_STARTS = datetime(2014, 1, 1)


def add_clocks(searches: pl.DataFrame, months: pl.Series) -> pl.DataFrame:
    """Give the times that the items are found from, of each search.

    Args:
        months: the first month of each file.
    """
    at, file, starts = searches["searched_at"], searches["file"], months.cast(pl.Datetime("us"))
    return pl.DataFrame(
        {
            "utc": at.dt.replace_time_zone(None),
            "local": tell_local(at),
            "month_starts": starts.gather(file),
            "month_ends": starts.dt.offset_by("1mo").gather(file),
        }
    )


# A search that had not happened when its month ended: the only future that needs no clock of ours.
_after_month = (_utc >= _ends) & (_local >= _ends)
# On both clocks: stamps are UTC, files follow UK local time.
_out_of_month = ~_utc.is_between(_starts, _ends, closed="left") & ~_local.is_between(_starts, _ends, closed="left")
# The portal's records start in December 2014; only an extract may hold the years before, in their months.
_before_2014 = (_utc < PORTAL_STARTS) & (_starts >= PORTAL_STARTS)
# What is found from the texts that times and places were read from → the column of the text.
FROM_TEXTS = {
    "has_time_text": "searched_at",
    "has_zone": "searched_at",
    "has_place_text": "latitude",
    "has_fine_place": "latitude",
}
# What is asked of values that are as good as all different: whether there is one.
IS_THERE = {"has_time": "searched_at", "is_placed": "latitude", "names_area": "area"}
COLUMN_OF = CLOCKS | FROM_TEXTS | IS_THERE
WITH_ZONE = r":\d\d.*(Z|[+-]\d\d(:?\d\d)?)$"
# The portal's points have 6 decimals; a device's or a mapping system's have more.
FINER_THAN_A_SNAP_POINT, DECIMALS_TOO_MANY = r"\.\d{7,}", 7


def tell_values(searches: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Give what is asked of each search beside its codes and the clock: few values, which most searches share."""
    is_there = {
        "has_time": pl.col("searched_at").is_not_null(),
        "is_placed": pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null(),
        "names_area": pl.col("area").is_not_null(),
    }
    placed = [name for name in searches.columns if name in PLACED]
    return searches.select(*placed, **is_there).hstack(read_from_texts(rows))


def read_from_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Give FROM_TEXTS of each row."""
    time, latitude, longitude = (rows[column] for column in ("searched_at", "latitude", "longitude"))
    return pl.DataFrame(
        {
            "has_time_text": time.is_not_null(),
            "has_zone": _ask(time, WITH_ZONE, is_settled=time.str.ends_with(PORTAL_ZONE), settled=True),
            "has_place_text": latitude.is_not_null() & longitude.is_not_null(),
            "has_fine_place": _is_fine(latitude) | _is_fine(longitude),
        }
    )


def _is_fine(degrees: pl.Series) -> pl.Series:
    is_coarse = degrees.str.tail(DECIMALS_TOO_MANY).str.contains(".", literal=True)
    return _ask(degrees, FINER_THAN_A_SNAP_POINT, is_settled=is_coarse, settled=False)


def _ask(texts: pl.Series, pattern: str, *, is_settled: pl.Series, settled: bool) -> pl.Series:
    """Look for the pattern only if the end of some text does not decide it: to look for it is costly."""
    answer = pl.repeat(settled, len(texts), dtype=pl.Boolean, eager=True)
    return answer if is_settled.all() else answer.zip_with(is_settled.fill_null(False), texts.str.contains(pattern))


# How many areas hold the coordinates: of the project's, or else local authorities. Of searches that are not placed, and
# of files that were not asked, nothing is said.
AREAS_MET, AREA_NOT_KNOWN = "areas_met", "area_not_known"
IS_ASKED, IS_OUTSIDE, IS_NEAR = "is_area_asked", "is_outside_force", "is_near_border"
_has_place_text = pl.col("has_place_text")


@dataclass(frozen=True)
class QualityItem:
    """`rows` of `among` are what `label` says; both are conditions on kept searches."""

    name: str
    label: str
    rows: pl.Expr
    among: pl.Expr = field(default_factory=lambda: pl.lit(True))


def _blank(column: str, label: str) -> QualityItem:
    return QualityItem(f"{column}_not_recorded", f"{label} not recorded", pl.col(column).is_null())


QUALITY_ITEMS = (
    _blank("self_defined_ethnicity", "Self-defined ethnicity"),
    QualityItem(
        "self_defined_ethnicity_not_stated",
        "Self-defined ethnicity not stated",
        pl.col("self_defined_ethnicity") == "NS",
    ),
    _blank("officer_defined_group", "Officer-defined ethnicity"),
    QualityItem(
        "officer_as_self_defined",
        "Officer-defined ethnic group the same as self-defined, where both are recorded and not both are White",
        _same_group & _either_not_white,
        _either_not_white,
    ),
    _blank("gender", "Gender"),
    _blank("age_group", "Age"),
    _blank("legislation", "Legislation"),
    QualityItem(
        "power_not_in_force",
        "A power that was not in force on the day of the search, of searches under powers with such dates",
        is_out_of_force(_first_day, _last_day),
        pl.col("legislation").is_in(read_powers()["legislation"].implode()),
    ),
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
        ~_is_placed,
    ),
    QualityItem(
        "coordinates_off_map",
        "Coordinates that are no place in the United Kingdom (counted as not recorded)",
        _has_place_text & ~_is_placed,
        _has_place_text,
    ),
    QualityItem(
        "coordinates_not_snapped",
        "Coordinates with 7 decimals or more: finer than the portal's anonymous points",
        pl.col("has_fine_place"),
        _has_place_text,
    ),
    QualityItem(
        "coordinates_in_no_area",
        "Coordinates that lie in none of the areas (the project's own, or else the force's local authorities)",
        pl.col(AREAS_MET) == 0,
        pl.col(AREAS_MET).is_not_null(),
    ),
    QualityItem(
        "coordinates_in_several_areas",
        "Coordinates that lie in more than one of the areas (counted in the first by name)",
        pl.col(AREAS_MET) > 1,
        pl.col(AREAS_MET).is_not_null(),
    ),
    QualityItem(
        AREA_NOT_KNOWN,
        "No area: none recorded, and no coordinates in one",
        ~_names_area & (pl.col(AREAS_MET).fill_null(0) == 0),
        pl.col(IS_ASKED),
    ),
    QualityItem(
        "coordinates_outside_force",
        "Coordinates outside the police force area",
        pl.col(IS_OUTSIDE),
        pl.col(IS_OUTSIDE).is_not_null(),
    ),
    QualityItem(
        "coordinates_near_border",
        "Coordinates within 50 metres of the border of a local authority",
        pl.col(IS_NEAR),
        pl.col(IS_NEAR).is_not_null(),
    ),
    QualityItem("searched_at_not_recorded", "Date and time not recorded", ~_has_time),
    QualityItem(
        "searched_at_not_a_date",
        "Date or time that does not exist, such as 29 February 2023 (counted as not recorded)",
        pl.col("has_time_text") & ~_has_time,
        pl.col("has_time_text"),
    ),
    QualityItem(
        "time_without_zone",
        "Time without a time zone, read as UTC",
        _has_time & ~pl.col("has_zone"),
        _has_time,
    ),
    QualityItem("before_2014", "Date before 2014 in a file of a later month", _before_2014, _has_time),
    QualityItem("midnight_utc", "Time is midnight, UTC clock", _utc.to_physical() % DAY < MINUTE, _has_time),
    QualityItem("midnight_local", "Time is midnight, UK local clock", _local.to_physical() % DAY < MINUTE, _has_time),
    QualityItem("after_month", "Date after the month of the file on both clocks", _after_month, _has_time),
    QualityItem("out_of_month", "Date outside the month of the file on both clocks", _out_of_month, _has_time),
)
OF = "_of"
# Columns that searches have only once they are placed.
PLACED = {AREAS_MET, IS_ASKED, IS_OUTSIDE, IS_NEAR}
AREA_ITEMS = tuple(item.name for item in QUALITY_ITEMS if PLACED & set(item.rows.meta.root_names()))
BLANK_ITEMS = tuple(item for item in QUALITY_ITEMS if item.name.endswith("_not_recorded"))
