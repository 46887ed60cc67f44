"""What only an extract tells of how a search was carried out: force, handcuffs, video, how far clothing went, custody.

Each is a flag of its own, and is counted in the place of the flag for clothing: what clusters, unknown ethnicity and
comparisons need of that flag they then need of no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

TOLD, IS_TOLD = "told", "is_told"
FLAG = "is_clothing_removed"  # whose place it takes
_kind, _extent = pl.col("force_kind").cast(pl.String), pl.col("clothing_extent").cast(pl.String)


@dataclass(frozen=True)
class Told:
    """What is told of searches: the columns that may say it, the flag they make, and of which searches it is asked."""

    columns: tuple[str, ...]
    flag: pl.Expr
    among: pl.Expr | None = None


# Null: not recorded. A kind of force says that there was some, and "handcuffs" says so of handcuffs; another kind does
# not say that there were none.
TOLD_OF = {
    "force_used": Told(("is_force_used", "force_kind"), pl.coalesce("is_force_used", _kind != "none")),
    "handcuffed": Told(
        ("is_handcuffed", "force_kind"),
        pl.coalesce("is_handcuffed", pl.when(_kind == "handcuffs").then(True).when(_kind == "none").then(False)),
    ),
    "video_on": Told(("is_video_on",), pl.col("is_video_on")),
    "intimate_parts": Told(("clothing_extent",), _extent == "intimate_parts"),
    "detained": Told(("is_detained",), pl.col("is_detained"), (pl.col("outcome") == "arrest").fill_null(False)),
}


def find_told(kept: pl.LazyFrame, searches: pl.DataFrame) -> Iterator[tuple[str, pl.LazyFrame]]:
    """Give the searches of which each is asked, with what is told in the place of FLAG; none where no search tells it.

    Args:
        kept: the searches that count. searches: all of them, of the same columns.
    """
    for name, told in TOLD_OF.items():
        if any(searches[column].count() for column in told.columns):
            # By force and month, as counts add up: a month in which nobody tells it is as one of a file without it.
            is_told = pl.any_horizontal(pl.col(told.columns).is_not_null())
            months = kept.filter(is_told).select("force", "month").unique()
            asked = kept if told.among is None else kept.filter(told.among)
            telling = asked.join(months, on=["force", "month"], how="semi", maintain_order="left")
            yield name, telling.with_columns(told.flag.alias(FLAG))


def extend(kept: pl.LazyFrame, searches: pl.DataFrame) -> pl.LazyFrame:
    """Say what one column tells of another that is blank.

    How far clothing was removed tells whether more than outer clothing was; no force is the kind `none`, in a
    force-month of which any search tells a kind.
    """
    if searches["clothing_extent"].count():
        kept = kept.with_columns(pl.coalesce(FLAG, _extent != "outer_only").alias(FLAG))
    if searches["force_kind"].count():
        is_told = pl.col("force_kind").is_not_null().any().over("force", "month")
        none = pl.when(~pl.col("is_force_used") & is_told).then(pl.lit("none", searches.schema["force_kind"]))
        kept = kept.with_columns(pl.coalesce("force_kind", none).alias("force_kind"))
    return kept
