"""Keys of a project file that are paths: relative to it, and where its results go."""

from pathlib import Path
from typing import Any

PATHS = (
    *("records", "counts", "reuse", "population", "expectations", "reports", "out", "previous"),
    *("actions", "grounds_review"),
)
TABLE_PATHS = {
    "disclosure": ("published", "ledger"),
    **dict.fromkeys(("areas", "extracts", "benchmarks"), ("file",)),
    "brand": ("logo",),
}
# Of these, what a site folder must not hold, beside records.
PRIVATE = ("reuse", "population", "expectations", "reports", "actions", "grounds_review")
# Beside the site.
LEDGER = Path("disclosure") / "ledger.parquet"


def resolve_paths(given: dict[str, Any], home: Path) -> None:
    """Make the paths of a project file whole, and those of its tables; what is no text is refused later."""
    _resolve(given, PATHS, home)
    for name, keys in TABLE_PATHS.items():
        tables = given.get(name)
        for table in tables if isinstance(tables, list) else [tables]:
            if isinstance(table, dict):
                _resolve(table, keys, home)


def place_results(given: dict[str, Any], home: Path) -> None:
    """Say where the site and the ledger go, where a project file does not.

    The ledger is the project's: a site that is for once written elsewhere is proved beside every edition all the same.
    """
    given.setdefault("out", str(home / "site"))
    disclosure = given.setdefault("disclosure", {})
    if isinstance(disclosure, dict) and isinstance(given["out"], str):  # else refused later
        disclosure.setdefault("ledger", str(Path(given["out"]).parent / LEDGER))


def _resolve(table: dict[str, Any], keys: tuple[str, ...], home: Path) -> None:
    for key in keys:
        value = table.get(key)
        if isinstance(value, str):
            table[key] = str(home / value)
        elif isinstance(value, list):
            table[key] = [str(home / item) if isinstance(item, str) else item for item in value]


def lies_in(folder: Path, path: Path) -> bool:
    """Whether a file or folder is, or lies in, another; links are followed."""
    whole = folder.resolve()
    return path.resolve() == whole or whole in path.resolve().parents
