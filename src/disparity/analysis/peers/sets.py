"""Which forces a force is compared with, period by period."""

from collections.abc import Sequence

import polars as pl

from disparity.project.declarations import SimilarForces

EVERY_FORCE = "all"


def list_sets(lists: Sequence[SimilarForces], forces: Sequence[str], periods: pl.DataFrame) -> pl.DataFrame:
    """List the members of every set of forces: all of the publication, and each most similar group.

    A group holds for the periods whose last month its list holds in. Members without records stay in it: a
    pooled figure without them says that they are missing.

    Args:
        periods: period_from, period_to.

    Returns:
        compared_with (`all`, or the name of the group), period_from, period_to, force; a single force is no
        set.
    """
    spans = periods.select("period_from", "period_to").unique().sort("period_from")
    rows = [
        (group.name, first, last, member)
        for first, last in spans.iter_rows()
        for group in lists
        if group.holds_in(last)
        for member in group.members()
    ]
    if len(forces) > 1:
        rows += [(EVERY_FORCE, first, last, force) for first, last in spans.iter_rows() for force in forces]
    schema = {"compared_with": pl.String, "period_from": pl.Date, "period_to": pl.Date, "force": pl.String}
    return pl.DataFrame(rows, schema, orient="row").sort("compared_with", "period_from", "force")
