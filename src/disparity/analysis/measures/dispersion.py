"""How much more the searches of a group vary from month to month than chance makes them."""

import polars as pl

from disparity.analysis.measures.pairs import spread_pairs
from disparity.disclosure.open import Detail
from disparity.disclosure.tallies import PERIOD_KEYS
from disparity.statistics.dispersion import estimate_dispersion
from disparity.vocabulary.codes import ALL, DRUG_TYPES, ETHNIC_GROUPS, REFERENCE_GROUP

NO_DISPERSION = pl.DataFrame(
    schema=dict.fromkeys([*PERIOD_KEYS, "ethnic_group", "search_type"], pl.String)
    | {"period_from": pl.Date, "period_to": pl.Date, "phi": pl.Float64, "months": pl.Int64}
)


def measure_dispersion(counts: Detail, periods: pl.DataFrame) -> pl.DataFrame:
    """Measure the over-dispersion of each group's searches against the reference group's, by type of search.

    phi = sum of (searches - expected)² / expected / (months - 1), over the group and the reference group and
    all months, expected = searches of the group x searches of the month / all searches. The model is argued
    in `statistics.dispersion`: a level of the month that both groups share does not count.

    Args:
        periods: month, period_from, period_to.

    Returns:
        PERIOD_KEYS, ethnic_group, search_type, phi (1 is what independent searches give; null with fewer than
        6 months, or without a search of either group), months (with a search of either group).

    Source: Wedderburn (1974); McCullagh and Nelder (1989).
    """
    cells = counts.cells.join(periods, on="month")
    groups = [group for group in ETHNIC_GROUPS if group != REFERENCE_GROUP]
    compared = pl.DataFrame({"ethnic_group": groups}).with_columns(reference_group=pl.lit(REFERENCE_GROUP))
    pairs = cells.select(PERIOD_KEYS).unique().join(compared, how="cross").sort(*PERIOD_KEYS, "ethnic_group")
    drugs = cells.filter(pl.col("search_type").is_in(DRUG_TYPES)).with_columns(search_type=pl.lit("drugs"))
    typed = pl.concat([cells, drugs, cells.with_columns(search_type=pl.lit(ALL))])
    tables = [NO_DISPERSION]
    for (search_type,), of_type in sorted(typed.partition_by("search_type", as_dict=True).items()):
        phi, months = estimate_dispersion(*spread_pairs(of_type, pairs, "month", ("searches",)))
        measured = pairs.drop("reference_group").with_columns(
            search_type=pl.lit(search_type), phi=pl.Series(phi).fill_nan(None), months=pl.Series(months).cast(pl.Int64)
        )
        tables.append(measured)
    return pl.concat(tables)
