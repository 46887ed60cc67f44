"""The results of a check as people and machines read them: text, JSON, JUnit XML, GitHub annotations.

A baseline is the JSON of an earlier check: against it, only what got worse counts.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disparity.records.expectations import CRITICAL, Validation, is_sentence
from disparity.vocabulary.calendar import name_months, read_month
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.json_text import read_json
from disparity.vocabulary.user_text import UnreadableTextError, read_user_text

INFO = "info"
MOST_SHOWN = 6  # values observed, of a force
MOST_TOLD, MOST_PLACES = 12, 3  # checks after a build, and lines of places of each
ANNOTATIONS = {CRITICAL: "error", "warning": "warning", INFO: "notice"}


@dataclass(frozen=True)
class Failure:
    """An expectation that is not met: by which forces, in which months; `is_worse` if it counts against a build."""

    key: tuple[str, ...]
    table: str
    severity: str
    why: str
    what_now: str
    places: tuple[tuple[str, str, str], ...]
    limits: str
    is_worse: bool

    def name_places(self) -> list[str]:
        """One line a force: its months in spans, what was observed in them, and what was expected.

        What the audit says in a sentence has a line of its own, with its months.
        """
        lines = []
        for force in dict.fromkeys(force for force, _, _ in self.places):
            every = [(month, observed) for at, month, observed in self.places if at == force]
            for said in dict.fromkeys(observed for _, observed in sorted(every) if is_sentence(observed, self.limits)):
                lines.append(f"{force}: {_name_spans(month for month, observed in every if observed == said)}: {said}")
            listed = [(month, observed) for month, observed in every if not is_sentence(observed, self.limits)]
            if not listed:
                continue
            line = f"{force}: {_name_spans(month for month, _ in listed)}"
            seen = list(dict.fromkeys(observed for _, observed in listed if observed))
            shown = ", ".join(seen[:MOST_SHOWN]) + (", …" if len(seen) > MOST_SHOWN else "")
            lines.append(f"{line} ({shown}; expected {self.limits})" if seen and self.limits else line)
        return lines


def list_failures(validation: Validation, baseline: Path | None = None) -> list[Failure]:
    """List what is not met. Without a baseline critical failures count; with one, places that are new in it.

    Raises:
        RequestError: the baseline is not the JSON of a check.
    """
    before = _read_baseline(baseline) if baseline else None
    failures = []
    for row in validation.results.iter_rows(named=True):
        if row["is_met"]:
            continue
        places = tuple((place["force"], place["month"], place["observed"] or "") for place in row["where"])
        if before is None:
            is_worse = row["severity"] == CRITICAL
        else:
            known = before.get(_key(row), set())
            is_worse = row["severity"] != INFO and bool({place[:2] for place in places or [("", "")]} - known)
        failures.append(
            Failure(
                *(_key(row), row["table"], row["severity"], row["why"], row["what_now"]),
                *(places, row["limits"] or "", is_worse),
            )
        )
    return failures


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in ("table", "expectation", "column", "why"))


def _read_baseline(path: Path) -> dict[tuple[str, ...], set[tuple[str, str]]]:
    try:
        rows = read_json(read_user_text(path))["results"]
        return {
            _key(row): {(place["force"], place["month"]) for place in row["where"]} or {("", "")}
            for row in rows
            if not row["is_met"]
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RequestError(
            "the baseline cannot be read",
            where=path.name,
            found=_say_why(error),
            what_now="make one with `disparity check --json > baseline.json`",
        ) from None


def _say_why(error: Exception) -> str:
    """A message of our own is whole; of others the kind is enough."""
    return str(error) if isinstance(error, UnreadableTextError) else type(error).__name__


def write_text(validation: Validation, failures: list[Failure]) -> str:
    """What a person can read in ten seconds: what is not met, where, what to do."""
    expectations = validation.results.height
    lines = [f"{expectations - len(failures)} of {expectations} expectations are met."]
    for failure in failures:
        worse = ", worse than before" if failure.is_worse and failure.severity != CRITICAL else ""
        lines += ["", f"{failure.severity.upper()}{worse}: {failure.why}"]
        lines += [f"  {place}" for place in failure.name_places()]
        lines.append(f"  what now: {failure.what_now}")
    return "\n".join([*validation.caveats, *lines])


def write_brief(failures: list[Failure]) -> str:
    """What the publisher should know after a build: what is not met, where, what to do."""
    if not failures:
        return ""
    lines = ["What the checks found, for you and not on the pages (`disparity check` has all of it):"]
    for failure in failures[:MOST_TOLD]:
        places = failure.name_places()
        more = f"; and {len(places) - MOST_PLACES} more" if len(places) > MOST_PLACES else ""
        where = f" [{'; '.join(places[:MOST_PLACES])}{more}]" if places else ""
        lines += [f"  {failure.severity}: {failure.why}{where}", f"    what now: {failure.what_now}"]
    if len(failures) > MOST_TOLD:
        lines.append(f"  and {len(failures) - MOST_TOLD} more")
    return "\n".join(lines)


def write_json(validation: Validation, failures: list[Failure]) -> str:
    """Every expectation with its result; the baseline of a later check."""
    results = list(validation.results.iter_rows(named=True))
    verdict = {"has_critical_failure": validation.has_critical_failure, "is_worse": any_worse(failures)}
    return json.dumps({**verdict, "caveats": validation.caveats, "results": results}, indent=1)


def write_junit(validation: Validation, failures: list[Failure]) -> str:
    """One test case for every expectation; a failure where it counts against a build, a note where it does not."""
    not_met = {failure.key: failure for failure in failures}
    suite = ET.Element("testsuite", name="disparity check", tests=str(validation.results.height))
    suite.set("failures", str(sum(failure.is_worse for failure in failures)))
    for row in validation.results.iter_rows(named=True):
        case = ET.SubElement(suite, "testcase", classname=row["table"], name=f"{row['column']}: {row['why']}")
        failure = not_met.get(_key(row))
        if failure:
            note = ET.SubElement(case, "failure" if failure.is_worse else "system-out")
            note.text = "\n".join([*failure.name_places(), f"what now: {failure.what_now}"])
            if failure.is_worse:
                note.attrib |= {"type": failure.severity, "message": failure.why}
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def write_annotations(failures: list[Failure]) -> str:
    """GitHub's workflow commands: one annotation for every expectation that is not met."""
    lines = []
    for failure in failures:
        level = "error" if failure.is_worse else ANNOTATIONS[failure.severity]
        message = "\n".join([failure.why, *failure.name_places(), f"What now: {failure.what_now}"])
        escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        lines.append(f"::{level} title=disparity check {failure.table}::{escaped}")
    return "\n".join(lines)


def any_worse(failures: list[Failure]) -> bool:
    """Whether the check counts against a build."""
    return any(failure.is_worse for failure in failures)


def _name_spans(months: Iterable[str]) -> str:
    """Months as spans; a period (2019-04/2020-03) as it is."""
    listed = sorted(set(months))
    single = [read_month(month) for month in listed if "/" not in month]
    periods = [month.replace("/", " to ") for month in listed if "/" in month]
    return ", ".join([*([name_months(single)] if single else []), *periods])
