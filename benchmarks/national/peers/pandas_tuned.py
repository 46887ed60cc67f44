"""pandas by somebody who knows it: six columns, no guessing of kinds, each file counted before the next is read."""

import sys
from pathlib import Path

import pandas as pd

records, population, lookups, end_month, out = (*map(Path, sys.argv[1:4]), int(sys.argv[4]), Path(sys.argv[5]))
LINKED = "Outcome linked to object of search"
COLUMNS = ["Type", "Self-defined ethnicity", "Legislation", "Object of search", "Outcome", LINKED]
KEYS = ["force", "year", "ethnic_group", "search_type"]


def lookup(name: str) -> dict[str, str]:
    """Label → what it stands for."""
    return pd.read_csv(lookups / f"{name}.csv", index_col=0).squeeze("columns").to_dict()


GROUPS, POWERS, OBJECTS, OUTCOMES = map(lookup, ("ethnicity", "power", "object", "outcome"))


def force_of(path: Path) -> str:
    """The force, as the file's name has it."""
    return path.name[8:].removesuffix("-stop-and-search.csv")


def count_file(path: Path) -> pd.DataFrame:
    """Count one file: rows become combinations of labels before any label is looked up."""
    # Categories were tried: they take longer, and hold bools in files whose flag has no blank, texts in others.
    rows = pd.read_csv(path, usecols=COLUMNS, dtype=str, na_filter=False)
    cells = rows.value_counts(sort=False).rename("searches").reset_index()
    cells = cells[cells["Type"].isin(["Person search", "Person and Vehicle search"])]
    searches, linked, result = cells["searches"], cells[LINKED].str.lower(), cells["Outcome"].map(OUTCOMES)
    is_action = result == "action"
    by_object = cells["Object of search"].map(OBJECTS).fillna("not_recorded")
    return pd.DataFrame(
        {
            "force": force_of(path),
            "year": int(path.name[:4]) + (int(path.name[5:7]) > end_month),
            "ethnic_group": cells["Self-defined ethnicity"].map(GROUPS).fillna("Not recorded"),
            "search_type": cells["Legislation"].map(POWERS).fillna(by_object),
            "searches": searches,
            "finds": searches.where(is_action & (linked == "true"), 0),
            "known": searches.where((result == "no_further_action") | (is_action & (linked != "")), 0),
        }
    )


paths = sorted(records.glob("*/*-stop-and-search.csv"))
finds = pd.concat(map(count_file, paths)).groupby(KEYS, as_index=False).sum()
finds.to_csv(out / "finds.csv", index=False)

months = pd.Series(map(force_of, paths)).value_counts()
residents = pd.read_csv(population).groupby(["force", "ethnic_group"])["population"].sum()
rates = finds.groupby(["force", "ethnic_group"])["searches"].sum().reset_index()
rates = rates.merge(residents, on=["force", "ethnic_group"], how="left")
rates["rate"] = rates["searches"] / (rates["population"] * rates["force"].map(months) / 12) * 1000
rates[["force", "ethnic_group", "searches", "rate"]].to_csv(out / "rates.csv", index=False)
