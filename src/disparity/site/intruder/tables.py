"""Whether the tables hold only what the protected counts give: they are made again, and compared."""

import csv
import io

from disparity.analysis.actions.answers import list_disparities
from disparity.analysis.calibration.calibrate import read_calibration_summary
from disparity.analysis.measures.alignment import align_published
from disparity.disclosure.attack import ProtectedCounts
from disparity.disclosure.design_effects import STEP
from disparity.project.declarations import Priority
from disparity.site.intruder.published import Published, Rows
from disparity.site.intruder.weakness import Weakness
from disparity.tables.provenance import RECORDS
from disparity.tables.restricted import MONTHS_MISSING, flag_periods, list_labels, make_tables
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.table import OWN_RULE, PROTECTED_COUNTS, REMADE
from disparity.tables.schema.tables import BY_NAME, TABLES

STATED = ("measure", "force", "period_from", "period_to", "ethnic_group", "search_type", "verdict")
COUNTS = ("numerator", "denominator", "unknown")


def find_table_weaknesses(site: Published, counts: ProtectedCounts) -> list[Weakness]:
    """Find figures in the tables that are not made of the protected counts, or not in the order of their keys."""
    if weaknesses := _find_fine_effects(site, counts):
        return weaknesses  # of which no table can be made
    labels = list_labels(site.frame("estimates"))
    published = (site.frame(name) for name in ("population", "submissions", "clusters"))
    made = make_tables(counts, labels, *published)
    made["calibration"] = read_calibration_summary()
    made["breakdowns"] = flag_periods(align_published(made["estimates"], _read_priorities(site)), labels)
    for table in TABLES:
        if table.protection == REMADE:
            weaknesses += _compare(table.name, site.tables[table.name], _read(to_csv(made[table.name], table)))
    stated = _read(to_csv(list_disparities(made["comparisons"], {}), BY_NAME["disparities"]))
    return weaknesses + _find_unstated(site, stated) + _find_left_over(site)


def _find_fine_effects(site: Published, counts: ProtectedCounts) -> list[Weakness]:
    """Find design effects that are no half or whole number: the only figure that is not made of protected counts."""
    forces = set(counts.cells["force"])
    named = [row["force"] for row in site.tables["clusters"]]
    weaknesses = [
        Weakness(f"data/clusters.csv row {number}", "design_effect: finer than a half, or less than 1")
        for number, row in enumerate(site.frame("clusters").iter_rows(named=True), start=1)
        if not (row["design_effect"] or 0) >= 1 or row["design_effect"] % STEP
    ]
    if len(set(named)) < len(named) or set(named) - forces:
        weaknesses.append(Weakness("data/clusters.csv", "not one number of each force"))
    return weaknesses


def _read_priorities(site: Published) -> list[Priority]:
    return [
        Priority.model_validate(
            {
                **{"force": row["force"], "name": row["priority"], "source": row["source"]},
                **{"from": row["first_month"], "to": row["last_month"] or None},
                "search_types": row["search_types"].split("; "),
                "areas": row["areas"].split("; ") if row["areas"] else [],
            }
        )
        for row in site.tables["priorities"]
    ]


def _find_unstated(site: Published, stated: Rows) -> list[Weakness]:
    """Find differences that the published comparisons do not state, and numbers in the words of the statement."""
    listed = [[row[column] for column in STATED] for row in site.tables["disparities"]]
    weaknesses = []
    if listed != [[row[column] for column in STATED] for row in stated]:
        weaknesses.append(Weakness("data/disparities.csv", "not the differences that the published comparisons state"))
    for number, row in enumerate(site.tables["statement"], start=1):
        if any(sign.isdigit() for sign in f"{row['point']}{row['answer']}{row['why']}"):
            weaknesses.append(Weakness(f"data/statement.csv row {number}", "a number in its words"))
    return weaknesses


def _read(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _compare(name: str, rows: Rows, true: Rows) -> list[Weakness]:
    """Name each cell that differs; where only the order does, say so once."""
    place = f"data/{name}.csv"
    if rows == true:
        return []
    if sorted(map(str, rows)) == sorted(map(str, true)):
        return [Weakness(place, "rows are not in the order of their keys")]
    if len(rows) != len(true):
        return [Weakness(place, "rows are missing, or there are more than the protected counts give")]
    return [
        Weakness(f"{place} row {number}", f"{column}: {_say(column, row[column], other[column])}")
        for number, (row, other) in enumerate(zip(rows, true, strict=True), start=1)
        for column in other
        if row.get(column) != other[column]
    ]


def _say(column: str, text: str, true: str) -> str:
    if column in COUNTS:
        return "not the protected count"
    if len(text.partition(".")[2]) > len(true.partition(".")[2]):
        return "more decimals than the counts allow"
    return "not what the protected counts give"


def _find_left_over(site: Published) -> list[Weakness]:
    """Find rows and cells that a restricted publication has no room for."""
    weaknesses = []
    for table in TABLES:
        if table.protection in {PROTECTED_COUNTS, REMADE, OWN_RULE}:
            continue
        name = table.name
        for number, row in enumerate(site.tables[name], start=1):
            extra = [column for column, text in row.items() if text and column not in table.left_open]
            is_of_files = name != "quality" or row["item"] == MONTHS_MISSING
            is_of_files &= name != "inputs" or row["role"] != RECORDS
            if name == "changes" and not _is_published(site, row):
                extra.append("after")
            if extra or not is_of_files:
                what = ", ".join(extra[:3]) or "a count of the audit"
                weaknesses.append(Weakness(f"data/{name}.csv row {number}", f"{what}: not in the plan"))
    return weaknesses


def _is_published(site: Published, change: dict[str, str]) -> bool:
    """Whether what a change leads to is in that column of that table; what was before is published already."""
    after = change["after"] or change["after_text"]
    return not after or any(row.get(change["column"]) == after for row in site.tables.get(change["table"], []))
