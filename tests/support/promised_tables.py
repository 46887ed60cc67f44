"""The published tables with their keys, columns, types and units, and the list of those that are promised.

`python -m support.promised_tables` (from tests/) adds to the list what is new. It changes nothing on it, and takes
nothing off: that is another major version of the contract, by hand, with a line in CHANGELOG.md.
"""

import json
from pathlib import Path
from typing import Any

from disparity.tables.datapackage import CONTRACT
from disparity.tables.schema.tables import TABLES

GOLDEN = Path(__file__).parents[1] / "golden" / "tables.json"
Described = dict[str, dict[str, Any]]


def list_tables() -> Described:
    """Every table of today: the columns that name a row, and the type and unit of each column."""
    return {
        table.name: {
            "key": list(table.key),
            "columns": {column.name: [column.kind, column.unit] for column in table.columns},
        }
        for table in TABLES
    }


def read_promised() -> tuple[str, Described]:
    """The version of the contract, and the tables that it promises."""
    held = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return held["contract"], held["tables"]


def list_broken(promised: Described, today: Described) -> list[str]:
    """What a reader of the promised tables would miss, or misread, in those of today."""
    broken = []
    for name, table in promised.items():
        if name not in today:
            broken.append(f"{name} is gone")
            continue
        if today[name]["key"] != table["key"]:
            broken.append(f"{name} has another key")
        columns = today[name]["columns"]
        for column, what in table["columns"].items():
            if column not in columns:
                broken.append(f"{name}.{column} is gone")
            elif columns[column] != what:
                broken.append(f"{name}.{column} was {what}, and is {columns[column]}")
    return broken


def list_unpromised(promised: Described, today: Described) -> list[str]:
    """Tables and columns of today that are on no list."""
    return [
        f"{name}.{column}"
        for name, table in today.items()
        for column in table["columns"]
        if column not in promised.get(name, {"columns": ()})["columns"]
    ]


def main() -> None:
    """Add to the list what is new."""
    _, promised = read_promised() if GOLDEN.exists() else (CONTRACT, {})
    for name, table in list_tables().items():
        columns = promised.setdefault(name, {"key": table["key"], "columns": {}})["columns"]
        columns.update({column: what for column, what in table["columns"].items() if column not in columns})
    lines = ",\n".join(
        f' {json.dumps(name)}: {{"key": {json.dumps(table["key"])}, "columns": {{\n'
        + ",\n".join(f"  {json.dumps(column)}: {json.dumps(what)}" for column, what in table["columns"].items())
        + "}}"
        for name, table in sorted(promised.items())
    )
    GOLDEN.write_text(f'{{"contract": "{CONTRACT}", "tables": {{\n{lines}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
