"""polars by itself: one streaming query over all files, labels as Enums, then the rules on what was counted."""

import sys
from pathlib import Path

import polars as pl

records, population, lookups, end_month, out = (*map(Path, sys.argv[1:4]), int(sys.argv[4]), Path(sys.argv[5]))
LINKED = "Outcome linked to object of search"


def lookup(name: str) -> pl.DataFrame:
    """Label → what it stands for."""
    return pl.read_csv(lookups / f"{name}.csv")


def known(column: str, name: str) -> pl.Expr:
    """The column as an Enum of the labels that are known; any other is null."""
    return pl.col(column).cast(pl.Enum(lookup(name)["label"]), strict=False)


paths = sorted(records.glob("*/*-stop-and-search.csv"))
files = pl.DataFrame({"path": [str(path) for path in paths]}).with_columns(
    pl.col("path").str.extract(r"\d{4}-\d\d-([^/\\]+)-stop-and-search.csv$").alias("force"),
    (
        pl.col("path").str.extract(r"(\d{4})-\d\d-[^/\\]+$").cast(pl.Int32)
        + (pl.col("path").str.extract(r"\d{4}-(\d\d)-[^/\\]+$").cast(pl.Int32) > end_month)
    ).alias("year"),
)
cells = (
    pl.scan_csv(paths, infer_schema=False, include_file_paths="path")
    .filter(pl.col("Type").is_in(["Person search", "Person and Vehicle search"]))
    .group_by(
        pl.col("path").cast(pl.Enum(files["path"])),
        known("Self-defined ethnicity", "ethnicity"),
        known("Legislation", "power"),
        known("Object of search", "object"),
        known("Outcome", "outcome"),
        # One file has TRUE and FALSE.
        pl.col(LINKED).cast(pl.Enum(["True", "TRUE", "False", "FALSE"]), strict=False),
    )
    .agg(pl.len().alias("searches"))
    .collect(engine="streaming")
)
is_action = pl.col("result") == "action"
finds = (
    cells.with_columns(pl.col(pl.Enum).cast(pl.String))
    .join(files, on="path")
    .join(lookup("ethnicity"), left_on="Self-defined ethnicity", right_on="label", how="left")
    .join(lookup("power"), left_on="Legislation", right_on="label", how="left")
    .join(lookup("object"), left_on="Object of search", right_on="label", how="left", suffix="_of_object")
    .join(lookup("outcome"), left_on="Outcome", right_on="label", how="left")
    .group_by(
        "force",
        "year",
        pl.col("ethnic_group").fill_null("Not recorded"),
        pl.coalesce("search_type", "search_type_of_object", pl.lit("not_recorded")),
    )
    .agg(
        pl.col("searches").sum(),
        pl.col("searches").filter(is_action & (pl.col(LINKED).str.to_lowercase() == "true")).sum().alias("finds"),
        pl.col("searches")
        .filter((pl.col("result") == "no_further_action") | (is_action & pl.col(LINKED).is_not_null()))
        .sum()
        .alias("known"),
    )
)
finds.write_csv(out / "finds.csv")

months = files.group_by("force").agg(pl.len().alias("months"))
residents = pl.read_csv(population).group_by("force", "ethnic_group").agg(pl.col("population").sum())
(
    finds.group_by("force", "ethnic_group")
    .agg(pl.col("searches").sum())
    .join(months, on="force")
    .join(residents, on=["force", "ethnic_group"], how="left")
    .select(
        "force",
        "ethnic_group",
        "searches",
        (pl.col("searches") / (pl.col("population") * pl.col("months") / 12) * 1000).alias("rate"),
    )
    .write_csv(out / "rates.csv")
)
