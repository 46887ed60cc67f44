"""Which of the disparities that the findings state have an entry in the register."""

import polars as pl

from disparity.analysis.actions.register import STATED_MEASURES, Action
from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.vocabulary.codes import SELF_DEFINED

REGISTERED, NOT_EXPLAINED = "registered", "not yet explained"
KEYS = ["measure", "force", "period_from", "period_to", "ethnic_group", "reference_group", "search_type"]
DISPARITY_COLUMNS = [*KEYS, "verdict", "entries", "answer"]


def list_disparities(comparisons: pl.DataFrame, register: dict[str, Action]) -> pl.DataFrame:
    """List every stated difference of the latest period of a force, with the entries that answer for it.

    A difference is stated where its verdict says higher or lower; self-defined ethnicity. Undivided drug searches
    are under drugs.

    Returns:
        DISPARITY_COLUMNS; `entries`: names of the entries, joined by "; ", null where there is none; `answer`:
        REGISTERED, where an entry explains it or says what is done, else NOT_EXPLAINED.
    """
    latest = pl.col("period_to") == pl.col("period_to").max().over("force")
    is_stated = pl.col("verdict").is_in([HIGHER, LOWER]) & pl.col("measure").is_in(STATED_MEASURES)
    is_divided = pl.col("search_type") != "drugs_unspecified"
    stated = comparisons.filter(latest, is_stated, is_divided, ethnicity_basis=SELF_DEFINED).sort(KEYS)
    entries = [
        "; ".join(
            name
            for name, entry in register.items()
            if entry.force == row["force"] and entry.answers(row["measure"], row["ethnic_group"], row["search_type"])
        )
        or None
        for row in stated.select(KEYS).iter_rows(named=True)
    ]
    listed = stated.with_columns(pl.Series("entries", entries, dtype=pl.String))
    answer = pl.when(pl.col("entries").is_null()).then(pl.lit(NOT_EXPLAINED)).otherwise(pl.lit(REGISTERED))
    return listed.with_columns(answer.alias("answer")).select(DISPARITY_COLUMNS)
