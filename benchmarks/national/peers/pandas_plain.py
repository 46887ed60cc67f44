"""pandas as in a first notebook: read every file, put them together, map the labels, group."""

import sys
from pathlib import Path

import pandas as pd

records, population, lookups, end_month, out = (*map(Path, sys.argv[1:4]), int(sys.argv[4]), Path(sys.argv[5]))


def lookup(name: str) -> pd.Series:
    """Label → what it stands for."""
    return pd.read_csv(lookups / f"{name}.csv", index_col=0).squeeze("columns")


paths = sorted(records.glob("*/*-stop-and-search.csv"))
frames = []
for path in paths:
    frame = pd.read_csv(path)
    frame["year"] = int(path.name[:4]) + (int(path.name[5:7]) > end_month)
    frame["force"] = path.name[8:].removesuffix("-stop-and-search.csv")
    frames.append(frame)
stops = pd.concat(frames, ignore_index=True)

stops = stops[stops["Type"].isin(["Person search", "Person and Vehicle search"])].copy()
stops["ethnic_group"] = stops["Self-defined ethnicity"].map(lookup("ethnicity")).fillna("Not recorded")
# The power decides first, the object only where the power does not say.
stops["search_type"] = (
    stops["Legislation"]
    .map(lookup("power"))
    .fillna(stops["Object of search"].map(lookup("object")))
    .fillna("not_recorded")
)
result = stops["Outcome"].map(lookup("outcome"))
# True in most files, TRUE in some, and a bool, a text or an object, as the blanks of the file will have it.
linked = stops["Outcome linked to object of search"].astype("string").str.lower()
is_action = result == "action"
stops["finds"] = is_action & (linked == "true").fillna(False)
stops["known"] = (result == "no_further_action") | (is_action & linked.notna())

finds = (
    stops.groupby(["force", "year", "ethnic_group", "search_type"])
    .agg(searches=("finds", "size"), finds=("finds", "sum"), known=("known", "sum"))
    .reset_index()
)
finds.to_csv(out / "finds.csv", index=False)

# Of the files, not of the rows: a month without a file is missing, one with an empty file is not.
months = pd.Series([path.name[8:].removesuffix("-stop-and-search.csv") for path in paths]).value_counts()
residents = pd.read_csv(population).groupby(["force", "ethnic_group"])["population"].sum()
rates = stops.groupby(["force", "ethnic_group"]).size().rename("searches").reset_index()
rates = rates.merge(residents, on=["force", "ethnic_group"], how="left")
years = rates["population"] * rates["force"].map(months) / 12
rates["rate"] = rates["searches"] / years * 1000
rates[["force", "ethnic_group", "searches", "rate"]].to_csv(out / "rates.csv", index=False)
