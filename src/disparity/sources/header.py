"""The header's contract: which label is which of our columns, and what a header must and must not have."""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from disparity.vocabulary.errors import DataError

# Header, as letters and digits joined by "_" → our column. The portal's own CSV, snake_case re-exports of
# it and the API's field names; None is known and not read.
COLUMNS: dict[str, str | None] = {
    "type": "subject",
    "date": "searched_at",
    "datetime": "searched_at",
    "latitude": "latitude",
    "location_latitude": "latitude",
    "longitude": "longitude",
    "location_longitude": "longitude",
    "gender": "gender",
    "age_range": "age_group",
    "self_defined_ethnicity": "self_defined_ethnicity",
    "officer_defined_ethnicity": "officer_defined_ethnicity",
    "legislation": "legislation",
    "object_of_search": "object_of_search",
    "outcome": "outcome",
    "outcome_linked_to_object_of_search": "is_outcome_linked",
    "removal_of_more_than_just_outer_clothing": "is_clothing_removed",
    "removal_of_more_than_outer_clothing": "is_clothing_removed",
    "part_of_a_policing_operation": "is_part_of_operation",
    "operation": "is_part_of_operation",
    "policing_operation": "operation",
    "operation_name": "operation",
    "involved_person": None,
}
OPTIONAL = {
    "latitude",
    "longitude",
    "gender",
    "age_group",
    "is_clothing_removed",
    "is_part_of_operation",
    "operation",
}
REQUIRED = tuple(column for column in dict.fromkeys(COLUMNS.values()) if column and column not in OPTIONAL)
BOM = b"\xef\xbb\xbf"
# Commas, and what stands for them in files that were saved again.
SEPARATORS = (",", ";", "\t", "|", "~")
ENOUGH_TO_KNOW_A_HEADER = 3
LONGEST_HEADER = 10_000
# In a message, of a header that lacks something.
MOST_LABELS, LONGEST_LABEL, LONGEST_SHOWN = 60, 60, 400

# Labels, letters and digits only, of columns that hold a person. The records of the portal have none, and
# what this project publishes must not come from any: the data protection officer's list, not ours to weigh.
PERSONAL = re.compile(
    r"(\w*(sur|fore|first|last|full|given|middle|family|maiden|nick|officers?|persons?|subjects?|suspects?"
    r"|detainees?|victims?|nominal|juvenile|guardian)names?|names?|alias(es)?)"
    r"|\w*(dob|dateofbirth|birthdate|birthday)"
    r"|\w*(address(line)?\d?|postcode|emailaddress|email|(tele)?phone(number|no)?|mobile(number|no)?)"
    r"|\w*(officer|collar|warrant|shoulder|badge|epaulette|payroll|pnc|nominal|custody|passport|nhs"
    r"|nationalinsurance|drivinglicence|person|subject|suspect|detainee)(s)?(id|ids|number|numbers|no|ref|reference)"
    r"|pnc|cro|nino|vrm|vrn|numberplate|registration(number|mark|plate)|vehicleregistration\w*"
    r"|\w*(grounds|narrative|freetext|notes?|comments?|remarks?)|grounds\w+"
)


def split_header(content: bytes, separator: str = ",") -> list[str]:
    """Give the labels of the header."""
    return split_line(first_line(content).removeprefix(BOM), separator)


def split_line(line: bytes, separator: str = ",") -> list[str]:
    """Give the cells of a line; a carriage return in it is a blank here, and refused where bytes are checked (E114)."""
    text = line.rstrip(b"\r").replace(b"\r", b" ").decode("utf-8", errors="replace")
    return next(csv.reader([text], delimiter=separator), [])


@lru_cache(maxsize=1024)  # every file has the same
def join_words(label: str) -> str:
    """Give a label's letters and digits, in small letters and joined by "_": what labels are compared by."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def name_nearest(column: str, labels: Sequence[str], columns: Mapping[str, str | None]) -> str:
    """Name the label nearest to the column's; only labels much like a known one, for others may be a person."""
    unknown = {join_words(label): label for label in labels if join_words(label) not in columns}
    wanted = [label for label, ours in columns.items() if ours == column]
    near = [found for label in wanted for found in get_close_matches(label, list(unknown), n=1, cutoff=0.75)]
    return f" (nearest: {unknown[near[0]][:60]!r})" if near else ""


def show_header(labels: Sequence[str], is_known: Callable[[str], bool], line: int = 1) -> str:
    """Show the header that was seen: its labels that are known, for others may be a person.

    >>> show_header(["Type", "Ann Example", "Date"], lambda label: label != "Ann Example")
    "; line 1 has 3 labels: 'Type', 'Date' and 1 that is not known"
    >>> show_header(["Ann Example", "1"], lambda label: False, 3)
    '; line 3 has 2 labels, none known: is it the header?'
    """
    filled = [label.strip() for label in labels if label.strip()]
    seen = f"; line {line} has {len(filled)} {'label' if len(filled) == 1 else 'labels'}"
    known = [label for label in filled[:MOST_LABELS] if is_known(label)]
    if not known:
        return f"{seen}, none known: is it the header?"
    named = ", ".join(repr(label[:LONGEST_LABEL]) for label in known)
    if len(named) > LONGEST_SHOWN:
        return f"{seen}: {named[:LONGEST_SHOWN].rpartition(', ')[0]} and more"
    others = len(filled) - len(known)
    rest = f" and {others} that {'is' if others == 1 else 'are'} not known" if others else ""
    return f"{seen}: {named}{rest}"


def find_separator(content: bytes) -> str:
    """Say what stands between the labels of a header of the portal: a comma, unless another sign makes it one."""
    return _find_separator(first_line(content[: LONGEST_HEADER + len(BOM)]))


@lru_cache(maxsize=64)  # every file has the same
def _find_separator(header: bytes) -> str:
    known = (sum(join_words(label) in COLUMNS for label in split_header(header, sign)) for sign in SEPARATORS)
    signs = (sign for sign, count in zip(SEPARATORS, known, strict=True) if count >= ENOUGH_TO_KNOW_A_HEADER)
    return next(signs, ",")


def first_line(content: bytes) -> bytes:
    """The header, without its end; found without a copy of what follows."""
    end = content.find(b"\n")
    return content if end < 0 else content[:end]


def read_header(content: bytes) -> dict[int, str]:
    """Give place → our column; names are compared by their letters and digits alone.

    Raises:
        DataError: a column is missing, there twice or personal, or a quotation mark is not closed.
    """
    line = first_line(content).removeprefix(BOM)[:LONGEST_HEADER].rstrip(b"\r")
    if line.count(b'"') % 2:
        raise DataError(
            "a quotation mark is not closed", found="line 1", what_now="write the header in one line", code="E105"
        )
    return dict(_read_places(line))


@lru_cache(maxsize=64)
def _read_places(line: bytes) -> Mapping[int, str]:
    return place_columns(split_line(line))


def place_columns(labels: Sequence[str]) -> dict[int, str]:
    """Give place → our column, of a header's labels.

    Raises:
        DataError: a column is missing, there twice or personal.
    """
    keys = [join_words(label) for label in labels]
    _check_missing(labels, keys)
    _check_twice(keys)
    _check_personal(labels, keys)
    return {place: column for place, key in enumerate(keys) if (column := COLUMNS.get(key))}


def _check_missing(labels: Sequence[str], keys: list[str]) -> None:
    columns = {COLUMNS.get(key) for key in keys}
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise DataError(
            "the file is not a stop-and-search file of data.police.uk",
            found=f"no column for {', '.join(column + name_nearest(column, labels, COLUMNS) for column in missing)}"
            + show_header(labels, lambda label: join_words(label) in COLUMNS),
            what_now="check that it was saved as CSV, with commas, and with its header line",
            code="E111",
        )


def _check_twice(keys: list[str]) -> None:
    columns = [COLUMNS.get(key) or key for key in keys]
    twice = [place for place, key in enumerate(keys) if key and columns[place] in columns[:place]]
    if twice:
        raise DataError(
            f"two columns are both {keys[twice[0]]!r}",
            found=f"columns {columns.index(columns[twice[0]]) + 1} and {twice[0] + 1}",
            what_now="download the file again, or take out the column that is not the portal's",
            code="E109",
        )


def _check_personal(labels: Sequence[str], keys: list[str]) -> None:
    personal = [
        label
        for label, key in zip(labels, keys, strict=True)
        if key not in COLUMNS and PERSONAL.fullmatch(key.replace("_", ""))
    ]
    if personal:
        raise DataError(
            f"{len(personal)} {'column holds' if len(personal) == 1 else 'columns hold'} personal data",
            found=", ".join(repr(label[:60]) for label in personal[:5]),
            what_now="take these columns out and delete the copy that has them: this project needs none of them",
            code="E127",
        )
