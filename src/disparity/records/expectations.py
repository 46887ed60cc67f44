"""Great Expectations suites run over the audit tables.

A suite is plain GX JSON in `expectations/`, named after the audit table it reads; each expectation has a
severity and, in its meta, why it is there and what to do. A critical failure stops a build.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from disparity.project.layers import read_file
from disparity.records.audit.files import Audit
from disparity.records.judge_process import ask_judge

CRITICAL = "critical"
SEVERITIES = (CRITICAL, "warning", "info")
PLACE = pl.Struct({"force": pl.String, "month": pl.String, "observed": pl.String})
TEXTS = ("table", "severity", "expectation", "column")
RESULTS = {
    **dict.fromkeys(TEXTS, pl.String()),
    **{"is_met": pl.Boolean(), "checked": pl.Int64(), "unexpected": pl.Int64(), "where": pl.List(PLACE)},
    **dict.fromkeys(("limits", "why", "what_now"), pl.String()),
}


@dataclass(frozen=True)
class Validation:
    """`results`: one row per expectation; `where` lists the force-months that do not meet it, with what was observed
    where that is a number or a sentence of the audit, and `limits` what was expected, where that is a number.
    `caveats`: what the records that were checked lack, what was decided about rows without a usual date or time, and
    which values of extracts are not known.
    """

    results: pl.DataFrame
    caveats: tuple[str, ...] = ()

    @property
    def has_critical_failure(self) -> bool:
        """Whether something failed that no publication may be built on."""
        return not self.results.filter(~pl.col("is_met"), pl.col("severity") == CRITICAL).is_empty()

    def list_checks(self) -> pl.DataFrame:
        """One row for every expectation that is met, and for every force-month that does not meet one."""
        return (
            self.results.explode("where", empty_as_null=True, keep_nulls=True)
            .unnest("where")
            .select(
                *("table", "severity", "expectation", "column", "is_met", "force", "month"),
                *("observed", "limits", "why", "what_now"),
            )
        )


def is_sentence(observed: str, limits: str) -> bool:
    """Whether what was observed is a sentence of the audit: a number has limits, be it said in words or not."""
    return " " in observed and not limits


def validate(audit: Audit, suites: Mapping[str, Path], *, data_docs: Path | None = None) -> Validation:
    """Run every suite over the audit table that it is named after; write GX's own Data Docs if asked.

    Raises:
        RequestError: a suite is not one that GX can run.
    """
    accounted = pl.sum_horizontal("rows_kept", "rows_excluded", "rows_rejected", "rows_blank", ignore_nulls=False)
    # A period is put where the others have their month: 2019-04/2020-03.
    span = pl.concat_str(_name_month("period_from"), pl.lit("/"), _name_month("period_to"))
    tables = {
        "submissions": audit.submissions.with_columns(_name_month("month"), rows_accounted_for=accounted),
        "labels": audit.labels.with_columns(_name_month("month")),
        "columns": audit.columns.with_columns(_name_month("month")),
        "shares": audit.shares.with_columns(_name_month("month")),
        "validity": audit.validity.with_columns(_name_month("month")),
        "years": audit.years.with_columns(month=span),
    }
    rows = ask_judge(
        {table: (str(path), read_file(path).encode()) for table, path in suites.items()},
        {table: tables[table].to_dict(as_series=False) for table in suites},
        str(data_docs.resolve()) if data_docs else "",
    )
    order = pl.Enum(SEVERITIES)
    results = pl.DataFrame(rows, schema=RESULTS, orient="row")
    return Validation(results.sort("is_met", pl.col("severity").cast(order), maintain_order=True))


def _name_month(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m")
