"""Great Expectations at work, in the process that `records.judge_process` starts for it.

In: suites and the audit tables that they read, through standard input. Out: a row for every expectation, or the error.
"""

import logging
import math
import traceback
from numbers import Real
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.exceptions.exceptions import GreatExpectationsError

from disparity.vocabulary.errors import DisparityError, RequestError
from disparity.vocabulary.helper_process import answer_all
from disparity.vocabulary.json_text import read_json

MOST_EXACT = 1_000  # from here on a number has no decimals
LEAST_SHOWN = 0.0001
Table = dict[str, list[Any]]
Suites = dict[str, tuple[str, bytes]]  # audit table → name of the file of its suite, and what it holds


def serve() -> None:
    """Judge whatever is asked."""
    answer_all(_answer)


def _answer(suites: Suites, tables: dict[str, Table], data_docs: str) -> list[dict[str, object]] | Exception:
    try:
        return judge(suites, tables, data_docs)
    except DisparityError as error:
        return error
    except Exception:  # a defect: shown where it was asked
        return RuntimeError(traceback.format_exc())


def judge(suites: Suites, tables: dict[str, Table], data_docs: str = "") -> list[dict[str, object]]:
    """Run every suite over its table; write GX's own Data Docs into the folder, if there is one.

    Raises:
        RequestError: a suite is not one that GX can run.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]  # as its documentation says
    runs = [(name, _run_suite(context, _read_suite(*suite), tables[name])) for name, suite in suites.items()]
    if data_docs:
        _write_data_docs(context, data_docs)
    return [_describe(name, suites[name][0], result) for name, run in runs for result in run.results]


def _read_suite(file: str, content: bytes) -> Any:
    """Load a suite whole: GX itself logs an expectation it does not know, and goes on without it."""
    log = logging.getLogger("great_expectations.core.expectation_suite")
    was_disabled, log.disabled = log.disabled, True
    try:
        table = read_json(content.decode())
        suite = gx.ExpectationSuite(**table)
        asked, known = len(table["expectations"]), len(suite.expectations)
    except (ValueError, TypeError, KeyError, AttributeError, GreatExpectationsError) as error:
        raise RequestError(
            "the expectation suite cannot be read",
            where=file,
            found=str(error).partition("\n")[0],
            what_now="correct it, or delete it: the toolkit's own is used then",
        ) from None
    finally:
        log.disabled = was_disabled
    if not known or known != asked:
        raise RequestError(
            "the expectation suite holds expectations that cannot be run",
            where=file,
            found=f"{asked} expectations, of which {known} are known",
            what_now="check each type, severity and argument against Great Expectations' gallery",
        )
    return suite


def _run_suite(context: Any, suite: Any, table: Table) -> Any:
    # GX has no polars engine; the audit tables are a few thousand rows.
    frame = pd.DataFrame(table)
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


def _describe(table: str, file: str, outcome: Any) -> dict[str, object]:
    config, result = outcome.expectation_config, outcome.result
    if _has_raised(outcome.exception_info):
        raise RequestError(
            "an expectation cannot be run",
            where=file,
            found=f"{config.type} with {', '.join(f'{key} {value}' for key, value in config.kwargs.items())}",
            what_now="check that the column is one of the audit table's",
        )
    column = config.kwargs.get("column", "")
    places = {
        (place["force"], place["month"], _name_value(place.get(column)))
        for place in result.get("unexpected_index_list") or []
    }
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
        "where": [{"force": force, "month": month, "observed": value} for force, month, value in sorted(places)],
        "limits": _name_limits(config.kwargs),
        "why": (config.meta or {}).get("why", ""),
        "what_now": (config.meta or {}).get("what_now", ""),
    }


def _name_value(value: Any) -> str:
    """A number of the audit as a person reads it, or its sentence; else nothing: the expectation says what it is."""
    if isinstance(value, str) and " " in value:
        return value
    if not isinstance(value, Real) or isinstance(value, bool) or math.isnan(value):
        return ""
    number = float(value)
    if 0 < number < LEAST_SHOWN:
        return f"under {LEAST_SHOWN:g}"
    return f"{number:,.3g}" if abs(number) < MOST_EXACT else f"{number:,.0f}"


def _name_limits(asked: dict[str, Any]) -> str:
    """The threshold of an expectation of numbers, in words."""
    ends = {
        "min_value": "more than" if asked.get("strict_min") else "at least",
        "max_value": "less than" if asked.get("strict_max") else "at most",
    }
    return " and ".join(f"{word} {asked[end]:g}" for end, word in ends.items() if asked.get(end) is not None)


def _has_raised(info: Any) -> bool:
    """GX gives one exception record, or one for each metric that it could not compute."""
    records = [info, *(record for record in (info or {}).values() if isinstance(record, dict))]
    return any(record.get("raised_exception") for record in records if record)


def _write_data_docs(context: Any, folder: str) -> None:
    """GX's own pages, for the analyst: they load styles from other hosts, so they are no part of a site."""
    site = {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": folder,
        },
    }
    context.add_data_docs_site(site_name="disparity", site_config=site)
    context.build_data_docs(site_names=["disparity"])
