"""Counts of a plan, drawn as rows: group, type of search, counted, count."""

import polars as pl

from disparity.disclosure.plan import CELL_COLUMNS
from disparity.vocabulary.codes import SELF_DEFINED
from support.cells import APRIL, MARCH


def cells_of(*rows):
    """Make cells of one force and year."""
    return pl.DataFrame([("kent", APRIL, MARCH, SELF_DEFINED, *row) for row in rows], schema=CELL_COLUMNS, orient="row")
