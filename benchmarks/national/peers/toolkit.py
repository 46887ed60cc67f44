"""The toolkit: records checked, coded, audited and counted, and the same two tables from its counts."""

import sys
from datetime import date
from pathlib import Path

import polars as pl

from disparity.project.settings import make_settings
from disparity.records.audit.months import list_submitted
from disparity.records.ingest import read_records
from disparity.sources.police_uk import find_files
from disparity.sources.population import read_population
from disparity.vocabulary.codes import SELF_DEFINED

records, population, end_month, out = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[4]), Path(sys.argv[5])

months = [file.month for file in find_files([records])[0]]
# Years that end in the month asked for, whatever the files' last month is.
first, latest = min(months), max(months)
last = date(latest.year + (latest.month > end_month), end_month, 1)
settings = make_settings(
    {"records": [records], "from": f"{first:%Y-%m}", "to": f"{last:%Y-%m}", "population": population},
    where="the benchmark",
)
ingested = read_records(settings)

searches = (
    ingested.counts.cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED)
    .join(settings.periods(), on="month")
    .with_columns(pl.col("period_to").dt.year().alias("year"))
)
searches.group_by("force", "year", "ethnic_group", "search_type").agg(
    pl.col("searches").sum(),
    pl.col("found").sum().alias("finds"),
    (pl.col("found") + pl.col("not_found")).sum().alias("known"),
).write_csv(out / "finds.csv")

submitted = list_submitted(ingested.audit.submissions).group_by("force").agg(pl.len().alias("months"))
residents = read_population(population, settings.periods().tail(1)).select("force", "ethnic_group", "population")
(
    searches.group_by("force", "ethnic_group")
    .agg(pl.col("searches").sum())
    .join(submitted, on="force")
    .join(residents, on=["force", "ethnic_group"], how="left")
    .select(
        "force",
        "ethnic_group",
        "searches",
        (pl.col("searches") / (pl.col("population") * pl.col("months") / 12) * 1000).alias("rate"),
    )
    .write_csv(out / "rates.csv")
)
