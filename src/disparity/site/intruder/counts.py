"""Whether counts are what the profile promises."""

import re

from disparity.disclosure.attack import Proof, ProtectedCounts
from disparity.disclosure.plan import CELL_COLUMNS, Plan, list_keys, plan_named
from disparity.disclosure.portal import find_unprotected
from disparity.disclosure.protect import BASE, THRESHOLD, find_suppressed_wholes, range_of
from disparity.site.intruder.published import Published, read_protected
from disparity.site.intruder.weakness import Weakness
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED
from disparity.vocabulary.thresholds import SMALL_NUMERATOR, SMALL_SEARCHES

WHOLE_NUMBER = re.compile(r"\d+")


def find_plan(site: Published) -> Plan | None:
    """Give the plan that the site names."""
    row = site.tables["disclosure"][0]
    plan = plan_named(row["plan"])
    return plan if plan and row["public_records"] == plan.public_records else None


def find_unprotected_counts(site: Published) -> tuple[ProtectedCounts | None, list[Weakness]]:
    """Give the protected counts, and find those that are not: not rounded, not of the plan, not in its order."""
    place, plan, base = "data/cells.csv", find_plan(site), site.tables["disclosure"][0]["base"]
    if plan is None or base != str(BASE):
        return None, [Weakness("data/disclosure.csv", "the plan or the base is not that of every publication")]
    weaknesses = [
        Weakness(f"{place} row {number}", f"{row['ethnic_group']}, {row['search_type']}, {row['counted']}: not rounded")
        for number, row in enumerate(site.tables["cells"], start=1)
        if not _is_protected(row, plan, int(base)) or (row["is_suppressed"] == "true") != (row["count"] == "")
    ]
    if weaknesses:
        return None, weaknesses
    counts = read_protected(site)
    if not counts.cells.select(CELL_COLUMNS[:-1]).equals(list_keys(counts.cells, plan)):
        weaknesses.append(Weakness(place, "the counts are not those of the plan, in its order"))
    if plan.has_rows:
        own = find_unprotected(counts.cells, int(base), plan)
        weaknesses += [Weakness(place, f"{', '.join(key[3:])}: not as public or as own counts are") for key in own]
        return counts, weaknesses
    told = find_suppressed_wholes(counts.cells)
    weaknesses += [Weakness(place, f"{what}: shown, though a whole of it is not") for what in told]
    return counts, weaknesses


def _is_protected(row: dict[str, str], plan: Plan, base: int) -> bool:
    """Whether a count could be a protected one, zero or a multiple of the base; a public one is exact."""
    text = row["count"]
    is_public = plan.is_public(row["search_type"], row["counted"])
    if not text:
        return not is_public
    if not WHOLE_NUMBER.fullmatch(text):
        return False
    count = int(text)
    if is_public:
        return True
    return count % base == 0 and (count == 0 or range_of(count, base)[1] >= THRESHOLD)


def find_unproved_claims(site: Published, counts: ProtectedCounts, proof: Proof) -> list[Weakness]:
    """Find what the site says of its proof that is not so.

    Beside public rows the proof needs the rows, which no site holds: what can be told of it is whether every
    sensitive count is certified, and that there are as many of these as are suppressed at least.
    """
    row = site.tables["disclosure"][0]
    true = {
        "threshold": THRESHOLD,
        "cells": counts.cells.height,
        "suppressed": counts.cells["count"].null_count(),
        "certified": int(row["targets"] or -1),
    }
    return [
        Weakness("data/disclosure.csv", f"{name} is not what the published counts give")
        for name, value in true.items()
        if row[name] != str(value) or not proof.holds
    ]


def find_open_weaknesses(site: Published) -> list[Weakness]:
    """Find rates of fewer events than the site says, and rates of little that are not marked as such."""
    weaknesses = []
    fewest = int(site.tables["disclosure"][0]["fewest_events"])
    for name in ("estimates", "monthly", "quarterly"):
        for number, row in enumerate(site.tables[name], start=1):
            if not (row["value"] and row["measure"].endswith("_rate")):
                continue
            place = f"data/{name}.csv row {number}"
            if int(row["numerator"]) < fewest:
                weaknesses.append(Weakness(place, f"{row['measure']}: a rate of fewer than {fewest} events"))
            is_rate = row["measure"] == "search_rate"
            counted, needed = (row["numerator"], SMALL_NUMERATOR) if is_rate else (row["denominator"], SMALL_SEARCHES)
            if float(counted) < needed and row["status"] in {MEASURED, INCOMPLETE}:
                weaknesses.append(Weakness(place, f"{row['measure']}: rests on little, and no mark says so"))
    return weaknesses
