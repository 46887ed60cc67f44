"""A force's own extract as the project file declares it: their columns → ours, their values → our codes.

What is wrong with a mapping is said here, before any file is opened.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    JsonValue,
    WithJsonSchema,
    field_serializer,
    field_validator,
    model_validator,
)

from disparity.project.declarations import Month, suggest_or_list
from disparity.project.personal_columns import PERSON_KEY, RECORD_ID, looks_personal
from disparity.vocabulary.codes import AGE_GROUPS, GENDERS, codes_by_column, plain_label

# One column for date and time, or one for each.
TIME_COLUMNS = ("searched_at", "search_date", "search_time")
# Whose search it was, in a file that may hold several forces.
FORCE = "force"
# Metres on the National Grid: read into latitude and longitude.
GRID_COLUMNS = ("easting", "northing")
PLACE_COLUMNS = ("latitude", "longitude")
# Kept as they are; `values` may still respell those of VALUE_COLUMNS.
TEXT_COLUMNS = ("latitude", "longitude", "gender", "age_group", "operation", "area", "grounds")
COLUMNS = (*TIME_COLUMNS, RECORD_ID, PERSON_KEY, FORCE, *codes_by_column(), *TEXT_COLUMNS, *GRID_COLUMNS)
# Columns without codes that hold one of a few labels all the same, in any case.
LABELS_OF = {"gender": tuple(GENDERS.values()), "age_group": tuple(AGE_GROUPS)}
VALUE_COLUMNS = (*codes_by_column(), "gender", "age_group", "area")
# Whose values a line may give a code.
MAPPED_COLUMNS = (FORCE, *VALUE_COLUMNS)
FORCE_ID = r"^[a-z0-9-]{1,64}$"

# Of dates as a spreadsheet counts them: 45292.25 is 06:00 on 1 January 2024.
DAY_NUMBER = "excel"
CLOCK = re.compile(r"[ T,:]*%[HI].*")
DATE_PARTS = ("%d", "%[mbB]", "%[yY]")


class PersonalColumnError(ValueError):
    """A mapping asks for a column that holds details of a person."""

    what_now = (
        "delete that line, or name a column that tells of no person; leave such columns out of the export. "
        "A number of an occurrence can be `record_id` and nothing else, one of a person `person_key` and nothing else"
    )
    code = "E127"


class UnknownCodeError(ValueError):
    """A mapping gives a value a code that there is not."""

    what_now = "docs/codes.md lists the codes of every column; `disparity schema --codes` prints it"


def _read_code(value: object) -> object:
    """A flag may be written as TOML's own true or false."""
    return str(value).lower() if isinstance(value, bool) else value


Code = Annotated[str, BeforeValidator(_read_code), WithJsonSchema({"type": ["string", "boolean"]})]


def describe_columns() -> dict[str, JsonValue]:
    """Name our columns to the project file's schema, for an editor to complete."""
    return {"properties": {name: {"type": "string"} for name in COLUMNS}, "additionalProperties": False}


def describe_values() -> dict[str, JsonValue]:
    """Name the columns whose values are coded, and their codes where they are a list."""
    held = {name: list(codes_by_column().get(name, ())) for name in MAPPED_COLUMNS}
    coded: dict[str, JsonValue] = {}
    for name, codes in held.items():
        either: list[JsonValue] = [*codes, "", *([True, False] if "true" in codes else [])]
        value: JsonValue = {"enum": either} if codes else {"type": "string"}
        coded[name] = {"type": "object", "additionalProperties": value}
    return {"properties": coded, "additionalProperties": False}


def _list_forms(value: object) -> object:
    return tuple(value) if isinstance(value, list | tuple) else (value,) if value else ()


def _list_paths(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class ExtractSettings(BaseModel, extra="forbid", frozen=True):
    """One `[[extracts]]` of the project file: a force's own files and how to read them, all alike."""

    files: Annotated[
        tuple[Path, ...],
        BeforeValidator(_list_paths),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ] = Field(
        alias="file",
        min_length=1,
        description="The extract: CSV, XLSX or Parquet. One path, several, or patterns such as exports/2026-*.csv.",
    )
    force: str = Field(pattern=FORCE_ID, description="The id of the force, as in the names of monthly files.")
    columns: dict[str, str] = Field(
        description="Our column, and the header of theirs that holds it.", json_schema_extra=describe_columns()
    )
    values: dict[str, dict[str, Code]] = Field(
        {},
        description='For one of our columns, each of their values and our code for it; `""` is not recorded.',
        json_schema_extra=describe_values(),
    )
    date_forms: Annotated[
        tuple[str, ...],
        BeforeValidator(_list_forms),
        WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    ] = Field(
        (),
        alias="date_format",
        description="How dates are written, as in %d/%m/%Y %H:%M; several, where a file has several; excel for day "
        "numbers; not needed where the file holds dates as dates.",
    )
    time_format: str = Field("%H:%M", description="How `search_time` is written; excel for parts of a day.")
    time_zone: str = Field(
        "Europe/London",
        description="That of the clock in the file: Europe/London, or UTC; not asked where a date says its zone, `%z`.",
    )
    other_forces: Literal["refuse", "set aside"] = Field(
        "refuse", description="What is done with rows that a column of the file says are of another force."
    )
    age_bands: Literal["data.police.uk", "Home Office"] = Field(
        "data.police.uk",
        description="The bands that ages in whole years are read into: up to 25-34 and over 34, or up to 25-29 and 30 "
        "or over as in the Home Office's tables.",
    )
    sheet: str = Field("", description="The sheet of a workbook that has several.")
    encoding: str = Field("utf-8", description="Of a CSV: utf-8, cp1252 or utf-16.")
    separator: str = Field(",", description="What stands between the values of a CSV.")
    valid_from: Month | None = Field(
        None, description="The first month that this mapping holds for: rows of months before are not read."
    )
    valid_to: Month | None = Field(None, description="The last month that this mapping holds for.")
    overrides: bool | None = Field(
        None, description="Whether it wins over other records of the same force and month, or loses to them."
    )

    @field_serializer("date_forms")
    def _form_as_written(self, forms: tuple[str, ...]) -> object:
        return forms[0] if len(forms) == 1 else list(forms) if forms else ""

    @field_serializer("files")
    def _as_written(self, files: tuple[Path, ...]) -> object:
        """One path is printed as one."""
        return files[0] if len(files) == 1 else list(files)

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: dict[str, str]) -> dict[str, str]:
        for ours, theirs in columns.items():
            if ours not in COLUMNS:
                raise ValueError(f"{ours!r} is none of our columns{suggest_or_list(ours, COLUMNS)}")
            if looks_personal(theirs, ours):
                raise PersonalColumnError(f"{ours} = {theirs!r} looks like personal data, which is never read")
        if ("searched_at" in columns) == ("search_date" in columns):
            raise ValueError("name one of searched_at (date and time) or search_date, with or without search_time")
        if "search_time" in columns and "searched_at" in columns:
            raise ValueError("search_time goes with search_date, not with searched_at")
        for pair in (PLACE_COLUMNS, GRID_COLUMNS):
            if len(columns.keys() & set(pair)) == 1:
                raise ValueError(f"{' and '.join(pair)} go together: one alone is no place")
        if "latitude" in columns and "easting" in columns:
            raise ValueError("name latitude and longitude, or easting and northing: a search is at one place")
        return columns

    @field_validator("values")
    @classmethod
    def _known_codes(cls, values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for column, codes in values.items():
            if column not in MAPPED_COLUMNS:
                raise ValueError(f"{column!r} takes no values{suggest_or_list(column, MAPPED_COLUMNS)}")
            if not all(theirs.strip() for theirs in codes):
                raise ValueError(f"a blank {column} is not recorded: it cannot be given a code")
            labels = LABELS_OF.get(column, ())
            allowed = codes_by_column().get(column, labels)
            spelt = {plain_label(label) for label in labels}
            for code in codes.values():
                if column == FORCE and code and not re.fullmatch(FORCE_ID, code):
                    raise UnknownCodeError(f"{code!r} is no id of a force")
                if allowed and code and code not in allowed and plain_label(code) not in spelt:
                    raise UnknownCodeError(f"{code!r} is no code of {column}{suggest_or_list(code, allowed)}")
        return values

    @field_validator("date_forms")
    @classmethod
    def _whole_dates(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            if form != DAY_NUMBER and not (all(re.search(part, form) for part in DATE_PARTS) and _reads_back(form)):
                raise ValueError(f"{form!r} does not give day, month and year, as in %d/%m/%Y %H:%M")
        if clash := find_clash(forms):
            one, other = clash
            raise ValueError(f"a date written as {one!r} would read as another in {other!r}: keep one of them")
        return forms

    @field_validator("separator")
    @classmethod
    def _one_sign(cls, value: str) -> str:
        if not re.fullmatch(r"[\t !#-/:-@\[-`{-~]", value):
            raise ValueError(f"{value!r} is no separator; one of , ; | or a tab is")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # not there; not a name; a folder of names
            raise ValueError(f"{value!r} is no time zone; Europe/London and UTC are") from None
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            b"ab".decode(value, errors="replace")
        except LookupError:
            raise ValueError(f"{value!r} is no encoding; utf-8, cp1252 and utf-16 are") from None
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "ExtractSettings":
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("valid_from is after valid_to")
        return self

    @model_validator(mode="after")
    def _values_of_mapped_columns(self) -> "ExtractSettings":
        unmapped = [column for column in self.values if column not in self.columns]
        if unmapped:
            raise ValueError(f"values of {', '.join(unmapped)}, but no such column under columns")
        return self


def _reads_back(form: str) -> bool:
    moment = datetime(2001, 2, 3, tzinfo=UTC)
    try:
        return datetime.strptime(moment.strftime(form), form).date() == moment.date()
    except ValueError:
        return False


def find_clash(forms: Sequence[str]) -> tuple[str, str] | None:
    """Name two forms of which one reads the other's dates as others: 03/02/2001 day first, and month first."""
    moment = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    # Of their dates alone: a row may lack its time.
    days = [CLOCK.sub("", form) or form for form in forms if form != DAY_NUMBER]
    for one, other in permutations(days, 2):
        try:
            if datetime.strptime(moment.strftime(one), other).date() != moment.date():
                return one, other
        except ValueError:
            continue
    return None
