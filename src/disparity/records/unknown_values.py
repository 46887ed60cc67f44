"""Values of a force's own extract that no mapping knows: too many of them stop a build.

A records system that is upgraded renames a label, and the searches that carry it would silently count as not
recorded: of one group, or of one outcome, so that a difference appears or goes where none has.
"""

from collections.abc import Sequence

import polars as pl

from disparity.project.extract_mapping import ExtractSettings
from disparity.records.audit.files import Audit
from disparity.vocabulary.calendar import name_months
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.errors import DataError

MOST_UNKNOWN = 0.001  # of the rows of a column, over all months or in any one: more is no slip
# A column of more values, or of longer ones, is free text: what it says of people is no label, and is shown nowhere.
MOST_LISTED, LONGEST_LISTED = 60, 80
# Labels come again. Values of which so many stand in one row alone, and most of them do, are names or notes.
MOST_ALONE = 10
MOST_NAMED = 10  # of a column in one message; `disparity map --update` lists all


def list_unknown(audit: Audit) -> pl.DataFrame:
    """List the values of extracts that neither the mapping nor a label table knows.

    Returns:
        force, column, label, rows (that hold it), months (in which), of_rows (of the extract), is_too_many (of the
        column, over all months or in one); the most frequent first.
    """
    own = audit.submissions.filter(pl.col("source") == OWN_EXTRACT).select("force", "month").unique()
    labels = audit.labels.join(own, on=["force", "month"])
    column = ["force", "column"]
    unknown = pl.col("rows").filter(~pl.col("is_known")).sum()
    is_above = unknown > MOST_UNKNOWN * pl.col("rows").sum()
    in_a_month = labels.group_by(*column, "month").agg(is_above).group_by(column).agg(pl.col("rows").any())
    over_all = labels.group_by(column).agg(is_above.alias("is_too_many"), pl.col("rows").sum().alias("of_rows"))
    limits = over_all.join(in_a_month.rename({"rows": "in_a_month"}), on=column)
    return (
        labels.filter(~pl.col("is_known"))
        .group_by(*column, "label")
        .agg(pl.col("rows").sum(), pl.col("month").sort().alias("months"))
        .join(limits, on=column)
        .with_columns(pl.col("is_too_many") | pl.col("in_a_month"))
        .drop("in_a_month")
        .sort([*column, "rows", "label"], descending=[False, False, True, False])
    )


def refuse_unknown(audit: Audit, extracts: Sequence[ExtractSettings]) -> None:
    """Stop where a column holds too many values that are not known; one mapped to "" is.

    Args:
        extracts: whose mapping it was, for the names of their columns.

    Raises:
        DataError: every such column is named, with its values, their rows and months.
    """
    unknown = list_unknown(audit).filter("is_too_many")
    if unknown.height:
        raise DataError(
            "the mapping of an extract does not know some of its values",
            where=", ".join(_name_files(audit, unknown)),
            found=_describe(unknown, extracts),
            what_now="`disparity map --update` adds a line for each that has none to the project file: give it a code, "
            'or "" where it means not recorded',
            code="E137",
        )


def mention_unknown(audit: Audit, extracts: Sequence[ExtractSettings]) -> tuple[str, ...]:
    """Say, to whoever checks, which values are not known though too few to stop a build."""
    unknown = list_unknown(audit)
    if unknown.is_empty():
        return ()
    return (f"Values that the mapping of an extract does not know, too few to stop: {_describe(unknown, extracts)}.",)


def is_free_text(values: pl.DataFrame) -> bool:
    """Say whether the values that are not known are no labels: nobody could map them, and nobody is to see them.

    Args:
        values: label, rows (that hold it).

    >>> is_free_text(pl.DataFrame({"label": [f"Jane Roe {n}" for n in range(20)], "rows": [2] + [1] * 19}))
    True
    >>> is_free_text(pl.DataFrame({"label": [f"B{n}" for n in range(20)], "rows": [3] * 11 + [1] * 9}))
    False
    """
    alone = (values["rows"] == 1).sum()
    is_long = (values["label"].str.len_chars() > LONGEST_LISTED).any()
    return values.height > MOST_LISTED or is_long or (alone >= MOST_ALONE and 2 * alone > values.height)


def _name_files(audit: Audit, unknown: pl.DataFrame) -> list[str]:
    held = unknown.select("force", pl.col("months").alias("month")).explode("month").unique()
    files = audit.submissions.join(held, on=["force", "month"], how="semi").sort("force", "month")["source_file"]
    return list(dict.fromkeys(files))


def _name_column(force: str, column: str, extracts: Sequence[ExtractSettings]) -> str:
    theirs = [extract.columns[column] for extract in extracts if extract.force == force and column in extract.columns]
    known_as = " or ".join(repr(name) for name in dict.fromkeys(theirs))
    return f"{column} ({known_as})" if known_as else column


def _describe(unknown: pl.DataFrame, extracts: Sequence[ExtractSettings]) -> str:
    columns = unknown.partition_by("force", "column", maintain_order=True)
    return "; ".join(_describe_column(values, extracts) for values in columns)


def _describe_column(values: pl.DataFrame, extracts: Sequence[ExtractSettings]) -> str:
    column = _name_column(values["force"][0], values["column"][0], extracts)
    if is_free_text(values):
        months = values["months"].explode().unique().to_list()
        said = f"{values.height:,} different values, not shown as they look like free text,"
        return f"{column}: {said} in {_count_rows(sum(values['rows']), values)}, {name_months(months)}"
    named = [
        f"{row['label']!r} in {_count_rows(row['rows'], values)}, {name_months(row['months'])}"
        for row in values.head(MOST_NAMED).iter_rows(named=True)
    ]
    if values.height > MOST_NAMED:
        named.append(f"{values.height - MOST_NAMED} other values in {sum(values['rows'][MOST_NAMED:]):,} rows")
    return f"{column}: {'; '.join(named)}"


def _count_rows(rows: int, values: pl.DataFrame) -> str:
    return f"{rows:,} of {values['of_rows'][0]:,} rows"
