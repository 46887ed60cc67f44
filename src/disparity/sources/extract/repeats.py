"""Whether the same person was searched before: a key tells persons apart while an extract is read, and is then gone.

The key is replaced by a hash as soon as its column is read, with a salt that is drawn for this reading and kept
nowhere; the hash by the number of the search among those of the same person in the same period. That number alone
leaves this module.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from disparity.sources.raw import REPEAT_COLUMNS, RawFile
from disparity.vocabulary.codes import SUBJECT_LABELS, plain_label

PERSON = "person"  # the column of hashes, in memory
# The sixth search and those after are one: how often a person was searched is told no further.
MOST_NUMBERED = 6
VEHICLE = "vehicle"


def hash_persons(keys: pl.Series, salt: bytes) -> pl.Series:
    """Replace each key by a hash; a blank one stays blank."""
    distinct = keys.drop_nulls().unique().to_list()
    hashed = [hashlib.blake2b(plain_label(key).encode(), key=salt, digest_size=16).hexdigest() for key in distinct]
    return keys.replace_strict(distinct, hashed, return_dtype=pl.String).alias(PERSON)


def number_searches(files: Sequence[RawFile], periods: pl.DataFrame) -> tuple[RawFile, ...]:
    """Replace the hashes of an extract by the number of each search among those of its person and period, in order.

    A search of a vehicle alone is of nobody. Numbers of two readings do not add up, so each row names its own: the
    period's months, and the files that were read together.

    Args:
        files: all that were read together, with PERSON in their rows.
        periods: month, period_from, period_to; of other months no search is numbered.

    Returns:
        The files with REPEAT_COLUMNS in the place of PERSON.
    """
    read = hashlib.sha256(" ".join(dict.fromkeys(raw.sha256 for raw in files)).encode()).hexdigest()[:12]
    months = dict(enumerate(raw.month for raw in files))
    rows = pl.concat([raw.rows.with_columns(file=pl.lit(place)) for place, raw in enumerate(files)])
    is_vehicle = pl.col("subject").map_elements(_is_vehicle, return_dtype=pl.Boolean, skip_nulls=True)
    numbered = (
        rows.select("file", "searched_at", PERSON, is_vehicle=is_vehicle.fill_null(False))
        .with_columns(month=pl.col("file").replace_strict(months, return_dtype=pl.Date))
        .join(periods, on="month", how="left", maintain_order="left")
        .with_columns(pl.when(~pl.col("is_vehicle")).then(PERSON).alias(PERSON))
        .with_columns(
            search_of_person=pl.when(pl.col(PERSON).is_not_null(), pl.col("period_from").is_not_null()).then(
                pl.col("searched_at").rank("ordinal").over("period_from", PERSON).clip(upper_bound=MOST_NUMBERED)
            ),
            reading=pl.format(
                "{} {} {}", *(pl.col(f"period_{end}").dt.strftime("%Y-%m") for end in ("from", "to")), pl.lit(read)
            ),
        )
        .select("file", pl.col("search_of_person").cast(pl.String), "reading")
    )
    return tuple(
        replace(
            raw,
            rows=raw.rows.drop(PERSON).hstack(numbered.filter(file=place).select(REPEAT_COLUMNS).get_columns()),
        )
        for place, raw in enumerate(files)
    )


def _is_vehicle(label: str) -> bool:
    return SUBJECT_LABELS.get(plain_label(label)) == VEHICLE
