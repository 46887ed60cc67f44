"""Great Expectations suites run over the audit tables.

A suite is plain GX JSON in `expectations/`, named after the audit table it reads; each expectation has a
severity and, in its meta, why it is there and what to do. A critical failure stops a build.
"""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from disparity.records.audit.files import Audit
from disparity.vocabulary.errors import RequestError

CRITICAL = "critical"
SEVERITIES = (CRITICAL, "warning", "info")
RESULT_COLUMNS = [
    "table",
    "severity",
    "expectation",
    "column",
    "is_met",
    "checked",
    "unexpected",
    "where",
    "why",
    "what_now",
]
PLACE = pl.Struct({"force": pl.String, "month": pl.String})


@dataclass(frozen=True)
class Validation:
    """`results`: one row per expectation; `where` lists the force-months that do not meet it. `caveats`: what the
    records that were checked lack.
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
            .select("table", "severity", "expectation", "column", "is_met", "force", "month", "why", "what_now")
        )


def validate(audit: Audit, suites: Path, *, data_docs: Path | None = None) -> Validation:
    """Run every suite in the folder `suites` over its audit table; write GX's own Data Docs if asked.

    Raises:
        RequestError: the folder has no suite, or a suite is not one that GX can run.
    """
    import great_expectations as gx  # noqa: PLC0415  three seconds to import

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # as its documentation says
    tables = {
        "submissions": _submissions_to_check(audit.submissions),
        "labels": audit.labels.with_columns(_name_month("month")),
        "years": _years_to_check(audit.years),
    }
    runs = [(name, _run_suite(context, _read_suite(path), tables[name])) for name, path in _find_suites(suites, tables)]
    if data_docs:
        _write_data_docs(context, data_docs)
    rows = [_describe(name, result) for name, run in runs for result in run.results]
    order = pl.Enum(SEVERITIES)
    results = pl.DataFrame(rows, schema_overrides={"where": pl.List(PLACE)}, orient="row")
    return Validation(
        results.select(RESULT_COLUMNS).sort("is_met", pl.col("severity").cast(order), maintain_order=True)
    )


def _find_suites(folder: Path, tables: dict[str, pl.DataFrame]) -> list[tuple[str, Path]]:
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise RequestError("there are no expectation suites", where=str(folder), what_now="run `disparity init`")
    for path in paths:
        if path.stem not in tables:
            raise RequestError(
                f"there is no audit table {path.stem!r}",
                where=path.name,
                what_now=f"name a suite after {' or '.join(tables)}",
            )
    return [(path.stem, path) for path in paths]


def _read_suite(path: Path) -> Any:
    """Load a suite whole: GX itself logs an expectation it does not know, and goes on without it."""
    import great_expectations as gx  # noqa: PLC0415
    from great_expectations.exceptions.exceptions import GreatExpectationsError  # noqa: PLC0415

    log = logging.getLogger("great_expectations.core.expectation_suite")
    was_disabled, log.disabled = log.disabled, True
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        suite = gx.ExpectationSuite(**table)
        asked, known = len(table["expectations"]), len(suite.expectations)
    except (ValueError, TypeError, KeyError, AttributeError, GreatExpectationsError) as error:
        raise RequestError(
            "the expectation suite cannot be read", where=path.name, found=str(error).partition("\n")[0]
        ) from None
    finally:
        log.disabled = was_disabled
    if not known or known != asked:
        raise RequestError(
            "the expectation suite holds expectations that cannot be run",
            where=path.name,
            found=f"{asked} expectations, of which {known} are known",
            what_now="check each type, severity and argument against Great Expectations' gallery",
        )
    return suite


def _submissions_to_check(submissions: pl.DataFrame) -> pl.DataFrame:
    accounted = pl.sum_horizontal("rows_kept", "rows_excluded", "rows_rejected", "rows_blank", ignore_nulls=False)
    return submissions.with_columns(accounted.alias("rows_accounted_for"), _name_month("month"))


def _years_to_check(years: pl.DataFrame) -> pl.DataFrame:
    """A period is put where the others have their month: 2019-04/2020-03."""
    span = pl.concat_str(_name_month("period_from"), pl.lit("/"), _name_month("period_to"))
    return years.with_columns(span.alias("month"))


def _name_month(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m")


def _run_suite(context: Any, suite: Any, table: pl.DataFrame) -> Any:
    import great_expectations as gx  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    # GX has no polars engine; the audit tables are a few thousand rows.
    frame = pd.DataFrame(table.to_dict(as_series=False))
    batch = (
        context.data_sources.add_pandas(suite.name)
        .add_dataframe_asset(suite.name)
        .add_batch_definition_whole_dataframe("all rows")
    )
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=context.suites.add(suite))
    )
    return definition.run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["force", "month"]},
    )


def _describe(table: str, outcome: Any) -> dict[str, object]:
    config, result = outcome.expectation_config, outcome.result
    if _has_raised(outcome.exception_info):
        raise RequestError(
            "an expectation cannot be run",
            where=f"{table}.json",
            found=f"{config.type} with {', '.join(f'{key} {value}' for key, value in config.kwargs.items())}",
            what_now="check that the column is one of the audit table's",
        )
    places = {(place["force"], place["month"]) for place in result.get("unexpected_index_list") or []}
    columns = (
        config.kwargs.get("column") or config.kwargs.get("column_A") or ", ".join(config.kwargs.get("column_list", []))
    )
    return {
        "table": table,
        "severity": str(getattr(config.severity, "value", config.severity)),
        "expectation": config.type,
        "column": columns,
        "is_met": bool(outcome.success),
        "checked": int(result.get("element_count") or 0),
        "unexpected": int(result.get("unexpected_count") or 0),
        "where": [{"force": force, "month": month} for force, month in sorted(places)],
        "why": (config.meta or {}).get("why", ""),
        "what_now": (config.meta or {}).get("what_now", ""),
    }


def _has_raised(info: Any) -> bool:
    """GX gives one exception record, or one for each metric that it could not compute."""
    records = [info, *(record for record in (info or {}).values() if isinstance(record, dict))]
    return any(record.get("raised_exception") for record in records if record)


def _write_data_docs(context: Any, folder: Path) -> None:
    """GX's own pages, for the analyst: they load styles from other hosts, so they are no part of a site."""
    site = {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(folder.resolve()),
        },
    }
    context.add_data_docs_site(site_name="disparity", site_config=site)
    context.build_data_docs(site_names=["disparity"])
