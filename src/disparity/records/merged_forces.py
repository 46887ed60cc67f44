"""Months before a force was made of others: the counts and the audit of its predecessors, added up.

Counts of two forces add up as those of two months do. A month of which one predecessor has no file is missing: what
the others have is not the new force's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from disparity.project.merged_forces import MergedForce
from disparity.records.audit.files import SUBMISSION_COLUMNS, Audit, measure_agreement
from disparity.records.audit.months import list_submitted
from disparity.records.counts import COUNT_TABLES, Counts, add_counts
from disparity.records.partial_counts import Part
from disparity.sources.choice import DECISIONS
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.errors import DataError

KEYS = ["force", "month"]
MONTHS = {"force": pl.String, "month": pl.Date, "predecessor": pl.String}
# What of two submissions does not add up: the least or the most of it is that of both, or it is counted anew.
LEAST = ("first_day",)
MOST = ("rows_at_one_place", "unknown_label_share", "days_with_search", "last_day", "busiest_day_searches")
ANEW = ("self_defined_labels", "officer_defined_groups", "ethnicity_kappa")
# What is said of them in other words, or keeps them apart.
SAID = ("force", "month", "months", "source", "status", "source_file", "sha256")


@dataclass(frozen=True)
class Joined:
    """`part` with the earlier months of merged forces; `months`: force, month, predecessor of what was added up.

    `files`: submissions of the predecessors, as they were; `decisions`: months that were left out, and why.
    """

    part: Part
    months: pl.DataFrame
    files: pl.DataFrame
    decisions: pl.DataFrame


def join_predecessors(part: Part, mergers: Sequence[MergedForce]) -> Joined:
    """Give each merged force the months of its predecessors.

    Args:
        mergers: in order of their months.

    Raises:
        DataError: a predecessor has records of a month of the new force, or the new force of a month before it was.
    """
    joined = Joined(part, pl.DataFrame(schema=MONTHS), part.audit.submissions.clear(), pl.DataFrame(schema=DECISIONS))
    for merger in mergers:
        joined = _join(joined, merger)
    return joined


def _join(before: Joined, merger: MergedForce) -> Joined:
    part = before.part
    is_part = _is_part(merger)
    submissions = part.audit.submissions
    theirs = submissions.filter(is_part)
    _refuse_out_of_dates(submissions, merger)
    is_whole = pl.col("force").n_unique().over("month", "months") == len(merger.predecessors)
    whole = theirs.filter(is_whole)
    months = whole.select(pl.lit(merger.force).alias("force"), "month", predecessor="force")
    counts = _join_counts(part.counts, months, merger)
    labels = _rename(part.audit.labels, months, merger)
    added = labels.group_by([name for name in labels.columns if name != "rows"]).agg(pl.col("rows").sum())
    others = part.audit.labels.filter(~is_part)
    audit = Audit(
        pl.concat([submissions.filter(~is_part), _add_submissions(whole, added, counts, merger)]),
        pl.concat([others, added.select(others.columns)]),
    )
    left_out = tuple(
        replace(file, force=merger.force) if file.force in merger.predecessors else file for file in part.left_out
    )
    gaps = theirs.filter(~is_whole).sort("month", "force")
    reason = f"one of {', '.join(merger.predecessors)} has no file: the month of {merger.force} is missing"
    decisions = gaps.select(
        pl.lit("sources").alias("stage"),
        pl.lit(merger.force).alias("force"),
        pl.format("leave out {} of {}", pl.col("month").dt.strftime("%Y-%m"), "force").alias("action"),
        pl.lit(reason).alias("reason"),
        rows_before="rows_read",
        rows_after=pl.lit(0, pl.Int64),
    )
    # The months of a predecessor that was made of others itself are of no file.
    files = theirs.filter(pl.col("sha256").is_not_null())
    return Joined(
        replace(part, counts=counts, audit=audit, left_out=left_out),
        _follow(before.months, months, merger),
        pl.concat([before.files, files]),
        pl.concat([before.decisions, decisions.select(list(DECISIONS))]),
    )


def name_merged(searches: pl.DataFrame, months: pl.DataFrame, mergers: Sequence[MergedForce]) -> pl.DataFrame:
    """Give searches of joined months the force that they are counted under; those of months left out are left out.

    Args:
        searches: force and submission_month, among others. months: of `Joined`.
    """
    parts = [force for merger in mergers for force in merger.predecessors]
    held = months.select("predecessor", "month", successor="force")
    named = searches.join(held, how="left", left_on=["force", "submission_month"], right_on=["predecessor", "month"])
    is_counted = pl.col("successor").is_not_null() | ~pl.col("force").is_in(parts)
    return named.filter(is_counted).with_columns(force=pl.coalesce("successor", "force")).drop("successor")


def _follow(before: pl.DataFrame, months: pl.DataFrame, merger: MergedForce) -> pl.DataFrame:
    """Months joined before go with the force that they were joined into."""
    held = months.select("month", force="predecessor")
    is_part = _is_part(merger)
    moved = before.filter(is_part).join(held, on=KEYS, how="semi").with_columns(force=pl.lit(merger.force))
    made = before.select("force", "month").unique()
    own = months.join(made, left_on=["predecessor", "month"], right_on=KEYS, how="anti")
    return pl.concat([before.filter(~is_part), moved, own])


def _refuse_out_of_dates(submissions: pl.DataFrame, merger: MergedForce) -> None:
    held = list_submitted(submissions)
    is_late = _is_part(merger) & (pl.col("month") >= merger.first_month)
    is_early = (pl.col("force") == merger.force) & (pl.col("month") < merger.first_month)
    wrong = held.filter(is_late | is_early).sort("month", "force")
    if wrong.height:
        force, month = wrong.select("force", "month").row(0)
        files = submissions.filter(force=force).join(wrong, left_on=KEYS, right_on=["force", "submission"], how="semi")
        raise DataError(
            f"there are records of {force} of {month:%Y-%m}, and {merger.force} begins in {merger.first_month:%Y-%m}",
            where=", ".join(files["source_file"].drop_nulls().head(3)),
            found=f"{merger.force} is made of {', '.join(merger.predecessors)}: {merger.source}",
            what_now="correct `from` in [[merged_forces]], or leave these files out: searches would be counted twice",
            code="E124",
        )


def _join_counts(counts: Counts, months: pl.DataFrame, merger: MergedForce) -> Counts:
    others = {name: getattr(counts, name).filter(~_is_part(merger)) for name in COUNT_TABLES}
    # Each predecessor apart: what two parts have in common is added up.
    theirs = [
        {name: _rename(getattr(counts, name).filter(force=force), months, merger) for name in COUNT_TABLES}
        for force in merger.predecessors
    ]
    return add_counts([Counts(**others), *(Counts(**tables) for tables in theirs)])


def _is_part(merger: MergedForce) -> pl.Expr:
    return pl.col("force").is_in(merger.predecessors)


def _rename(rows: pl.DataFrame, months: pl.DataFrame, merger: MergedForce) -> pl.DataFrame:
    """Keep the rows of the months that are joined, under the new force."""
    held = months.select("month", force="predecessor")
    return rows.join(held, on=KEYS, how="semi").with_columns(force=pl.lit(merger.force))


def _add_submissions(whole: pl.DataFrame, labels: pl.DataFrame, counts: Counts, merger: MergedForce) -> pl.DataFrame:
    """Add up the submissions of a month: one row, as of a file, that says which files it is of."""
    whole = whole.sort("month", "force")
    # None where a predecessor's source has no such thing.
    sums = [
        pl.when(pl.col(name).is_null().any()).then(None).otherwise(pl.col(name).sum()).alias(name)
        for name, kind in whole.schema.items()
        if kind.is_integer() and name not in (*LEAST, *MOST, *ANEW, *SAID)
    ]
    firsts = [
        name
        for name, kind in whole.schema.items()
        if not kind.is_integer() and name not in (*LEAST, *MOST, *ANEW, *SAID)
    ]
    is_own = pl.col("source") == OWN_EXTRACT
    coded = labels.filter(pl.col("code").is_not_null())
    of_self = pl.col("code").filter(pl.col("column") == "self_defined_ethnicity", pl.col("code") != "NS")
    of_officer = pl.col("code").filter(pl.col("column") == "officer_defined_ethnicity")
    agreement = measure_agreement(counts.profiles.filter(force=merger.force), by=KEYS)
    return (
        whole.group_by("month", "months", maintain_order=True)
        .agg(
            *sums,
            pl.lit(merger.force).alias("force"),
            pl.when(is_own.any()).then(pl.lit(OWN_EXTRACT)).otherwise(pl.col("source").first()).first().alias("source"),
            pl.when((pl.col("status") == "submitted").any())
            .then(pl.lit("submitted"))
            .otherwise(pl.lit("empty"))
            .alias("status"),
            pl.col("source_file").str.join("; "),
            pl.lit(None, pl.String).alias("sha256"),
            pl.col(firsts).first(),
            *(pl.col(name).min() for name in LEAST if name in whole.columns),
            *(pl.col(name).max() for name in MOST if name in whole.columns),
        )
        .join(
            coded.group_by("month").agg(
                self_defined_labels=of_self.n_unique().cast(pl.Int64),
                officer_defined_groups=of_officer.n_unique().cast(pl.Int64),
            ),
            on="month",
            how="left",
        )
        .join(agreement.select("month", ethnicity_kappa="kappa"), on="month", how="left")
        .with_columns(pl.col("self_defined_labels", "officer_defined_groups").fill_null(0))
        .select(SUBMISSION_COLUMNS)
        .cast(whole.schema)
    )
