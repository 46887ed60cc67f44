"""What is published of a review of recorded grounds: all of it, or what protected counts allow.

A review is of records that nobody else has. In a restricted publication its counts are protected by the rule of all
others, and a breakdown is shown only if every part of it can be: no part then follows from the others.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl

from disparity.disclosure.protect import THRESHOLD, protect
from disparity.statistics.intervals import wilson
from disparity.tables.schema.derived import DERIVED
from disparity.tables.schema.printing import empty_table
from disparity.tables.schema.register import GROUNDS
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SEARCH_TYPES
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.statuses import MEASURED, SMALL, SUPPRESSED
from disparity.vocabulary.thresholds import SMALL_SEARCHES
from disparity.vocabulary.user_text import UnreadableTextError, read_user_table

REASONABLE, KAPPA = "reasonable_share", "kappa"
PROTECTED = "Wilson, of protected counts"
LEAST_APART = 10
SHARE_DIGITS, KAPPA_DIGITS = 2, 1
# What a restricted publication shows of a review: counts of more kinds, each rounded, could give each other away.
TOLD = (REASONABLE, KAPPA)
# A review is written without what the published table says beside it: the code of the area.
TYPES = {name: kind for name, kind in empty_table(GROUNDS).schema.items() if name not in DERIVED}
Row = dict[str, Any]


def read_review(path: Path, forces: Collection[str], known: Collection[str]) -> pl.DataFrame:
    """Read the table that `disparity review` wrote, with the columns of the published one.

    A review of a force that is known, but left out of this publication, is left out too.

    Raises:
        RequestError: there is no such table, or of a force that nobody knows.
        DataError: the table is not as it was written.
    """
    try:
        text = read_user_table(path)
        months = [(pl.col(name) + "-01").str.to_date().alias(name) for name in ("period_from", "period_to")]
        flag = (pl.col("is_weighted") == "true").alias("is_weighted")
        rows = text.with_columns(*months, flag).select(pl.col(name).cast(kind) for name, kind in TYPES.items())
    except OSError as error:
        raise RequestError(
            "there is no finished review",
            where=str(path),
            found=error.strerror or "",
            what_now="name the folder that `disparity review` wrote as grounds_review, or leave the line out",
        ) from None
    except (pl.exceptions.PolarsError, UnreadableTextError):
        raise _changed(path) from None
    named = ["force", "measure", "ethnic_group", "search_type", "category", "status"]
    counted = ["numerator", "denominator", "value", "lower", "upper"]
    lacks_name, lacks_number = (pl.any_horizontal(pl.col(names).is_null()) for names in (named, counted))
    has_gaps = rows.select((lacks_name | (lacks_number & (pl.col("measure") == REASONABLE))).any()).item()
    if rows.is_empty() or has_gaps or rows.select(GROUNDS.key).is_duplicated().any():
        raise _changed(path)
    strange = sorted(set(rows["force"]) - {*forces, *known})
    if strange:
        raise RequestError(
            "the review is of a force that is not known",
            where=str(path),
            found=", ".join(strange),
            what_now="name the force under [names], or leave grounds_review out",
        )
    return rows.filter(pl.col("force").is_in(forces))


def _changed(path: Path) -> DataError:
    return DataError(
        "the table of the review is not as it was written",
        where=str(path),
        what_now="write it again with `disparity review`",
    )


def publish_review(review: pl.DataFrame, *, base: int | None) -> pl.DataFrame:
    """Give what may be published of a review; without a base, all of it.

    With a base, counts from 1 to 7 and what they are part of are left out and all others rounded to a multiple of the
    base; a share is made of the rounded counts, or, where the sample is weighted, rounded to a whole percent.

    Returns:
        the columns of `review`; with a base, `places` too: how many decimals a share is printed with.
    """
    if base is None:
        return review
    told = review.filter(pl.col("measure").is_in(TOLD))
    rows: list[Row] = []
    for of_force in told.partition_by("force", maintain_order=True):
        whole, by_group, by_type, kappa = _split(of_force)
        rows += [_protect_share(row, base) or _suppress(row) for row in whole]
        for part in (by_group, by_type):
            protected = [_protect_share(row, base) for row in part]
            rows += [row for row in protected if row] if all(protected) else []
        rows += [
            _protect_kappa(row, base)
            for row in kappa
            if row["denominator"] >= SMALL_SEARCHES and row["value"] is not None
        ]
    return pl.DataFrame(rows, schema=TYPES).with_columns(pl.lit(0).alias("places"))


def _split(rows: pl.DataFrame) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """The share of all, those by group and by type, each in its own order, and kappa."""
    is_share, is_group, is_type = (
        pl.col("measure") == REASONABLE,
        pl.col("ethnic_group") != ALL,
        pl.col("search_type") != ALL,
    )
    groups = rows.filter(is_share, is_group).sort(pl.col("ethnic_group").cast(pl.Enum(EVERY_GROUP)))
    types = rows.filter(is_share, is_type).sort(pl.col("search_type").cast(pl.Enum(list(SEARCH_TYPES))))
    whole, kappa = rows.filter(is_share, ~is_group, ~is_type), rows.filter(~is_share)
    return whole.to_dicts(), groups.to_dicts(), types.to_dicts(), kappa.to_dicts()


def _protect_share(row: Row, base: int) -> Row | None:
    """The row of protected counts; nothing where too few gave either answer."""
    met, size = row["numerator"], row["denominator"]
    if not may_be_shown(met, size, base):
        return None
    shown, of = protect(met, base) or 0, protect(size, base) or 0
    counts = {"numerator": None if row["is_weighted"] else shown, "denominator": of}
    named = row["interval_method"] if row["is_weighted"] else PROTECTED
    told = round_shares(row) if row["is_weighted"] else state_share(shown, of)
    return row | counts | told | {"interval_method": named, "status": SMALL if of < SMALL_SEARCHES else MEASURED}


def may_be_shown(met: int, size: int, base: int) -> bool:
    """Whether both answers are of enough records, and rounded so far apart that of neither fewer than five are left.

    Of 8 in 16, rounded to 10 in 15, whoever knows the rule could infer that it is 8 or 9 in 16 or 17.

    >>> may_be_shown(8, 16, 5), may_be_shown(8, 18, 5), may_be_shown(7, 30, 5)
    (False, True, False)
    """
    shown, of = protect(met, base), protect(size, base)
    return min(met, size - met) >= THRESHOLD and of is not None and shown is not None and of - shown >= LEAST_APART


def state_share(met: int, size: int) -> dict[str, float]:
    """A share of protected counts, with its interval: value, lower, upper, in whole percents."""
    lower, upper = wilson(met, size)
    return round_shares({"value": met / size, "lower": float(lower), "upper": float(upper)})


def round_shares(row: Row) -> dict[str, float]:
    """Round value, lower and upper to whole percents."""
    return {name: round(row[name], SHARE_DIGITS) for name in ("value", "lower", "upper")}


def _suppress(row: Row) -> Row:
    blank = dict.fromkeys(("numerator", "denominator", "value", "lower", "upper", "interval_method"))
    return row | blank | {"status": SUPPRESSED}


def _protect_kappa(row: Row, base: int) -> Row:
    """To one decimal: enough for the words that kappa is read with, too little to count disagreements from."""
    told = {name: round(row[name], KAPPA_DIGITS) for name in ("value", "lower", "upper")}
    return row | told | {"denominator": protect(row["denominator"], base)}
