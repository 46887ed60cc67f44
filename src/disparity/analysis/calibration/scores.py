"""How often the toolkit is right about records whose truth is known, as tallies that add up over draws."""

import polars as pl

from disparity.analysis.calibration.truths import list_true_comparisons, list_true_rates
from disparity.analysis.calibration.worlds import World
from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.measures.entries import SEARCH_RATE
from disparity.analysis.measures.estimates import WITH_CLUSTERS
from disparity.analysis.reasons.decomposition import RATIO_OVER_AREAS
from disparity.analysis.reasons.scenario_rows import FRACTION_MISSING, IMPUTED
from disparity.analysis.reasons.scenarios import SCENARIO
from disparity.analysis.reasons.share_scenarios import FIND_DIFFERENCE
from disparity.analysis.reasons.strata import FIND_RATE_GIVEN
from disparity.analysis.reasons.verdicts import COMBINED_VERDICT, HIGHER_THRESHOLD, LOWER_THRESHOLD
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS, SELF_DEFINED

COVERAGE, FALSE_STATEMENT, POWER, WRONG_SIDE = "coverage", "false statement", "power", "stated on the wrong side"
RATIO_ERROR, RANGE_COVERAGE = "ratio error", "range coverage"
TALLY_KEYS = ("check", "subject", "ethnic_group", "search_type")
ANY = "any measure"
# Expected searches or finds: with fewer, coverage jumps with each one more.
FEWEST_EXPECTED = 10
INTERVALS = {
    "search_rate": ("ratio of search rates, exact", "ratio"),
    "find_rate": ("difference of find rates, Newcombe", "difference"),
    "arrest_rate": ("difference of arrest rates, Newcombe", "difference"),
}


def score_rates(world: World, estimates: pl.DataFrame) -> pl.DataFrame:
    """Tally how often the interval of a rate holds the truth; rates of groups whose ethnicity is known."""
    truths = list_true_rates(world)
    own = estimates.filter(pl.col("ethnicity_basis") == SELF_DEFINED, pl.col("lower").is_not_null())
    return (
        own.join(truths, on=["measure", "ethnic_group", "search_type"])
        .group_by(
            pl.lit(COVERAGE).alias("check"),
            # Whether clusters made an interval wider is chance: both are one way of making it.
            pl.concat_str("measure", pl.lit(", "), pl.col("interval_method").str.strip_suffix(WITH_CLUSTERS)).alias(
                "subject"
            ),
            "ethnic_group",
            "search_type",
        )
        .agg(*_tally(pl.col("truth").is_between("lower", "upper")), pl.col("expected_count").first())
    )


def score_comparisons(world: World, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Tally coverage of intervals of ratios and differences, and the power of statements that are true."""
    known = _join_truth(world, comparisons)
    tables = []
    for measure, (subject, kind) in INTERVALS.items():
        rows = known.filter(pl.col("measure") == measure, pl.col(f"{kind}_lower").is_not_null())
        upper = pl.col(f"{kind}_upper").fill_null(float("inf"))
        is_covered = pl.col(f"true_{kind}").is_between(pl.col(f"{kind}_lower"), upper)
        tables.append(_group(rows, COVERAGE, pl.lit(subject), is_covered))
    ratios = known.filter(pl.col("measure") == "find_rate", pl.col("ratio_upper").is_not_null())
    koopman = pl.col("true_ratio").is_between("ratio_lower", "ratio_upper")
    tables.append(_group(ratios, COVERAGE, pl.lit("ratio of find rates, Koopman"), koopman))
    different = known.filter(~pl.col("is_same"), pl.col("p_value").is_not_null())
    is_wrong = pl.col("verdict").is_in([HIGHER, LOWER]) & ~_is_right()
    tables += [
        _group(different, POWER, pl.col("measure"), _is_right()),
        _group(different, WRONG_SIDE, pl.col("measure"), is_wrong),
    ]
    return pl.concat(tables)


def score_statements(world: World, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Tally publications that state a difference which is not there, or is the other way: by measure, and of any.

    Whatever the measure, group and type of search: one such statement makes a publication false.
    """
    known = _join_truth(world, comparisons)
    is_false = pl.col("verdict").is_in([HIGHER, LOWER]) & (pl.col("is_same") | ~_is_right())
    by_measure = known.group_by("force", "measure").agg(is_false.any().alias("is_false"))
    any_measure = known.group_by("force").agg(is_false.any().alias("is_false"))
    both = pl.concat([by_measure, any_measure.select("force", pl.lit(ANY).alias("measure"), "is_false")])
    every = {"check": FALSE_STATEMENT, "ethnic_group": ALL, "search_type": ALL}
    return (
        both.rename({"measure": "subject"})
        .with_columns(pl.lit(value).alias(key) for key, value in every.items())
        .group_by(TALLY_KEYS)
        .agg(*_tally(pl.col("is_false")), pl.lit(None, pl.Float64).alias("expected_count"))
    )


def score_ranges(world: World, comparisons: pl.DataFrame) -> pl.DataFrame:
    """Tally how often the range holds the true ratio of search rates, or the true difference of shares.

    By measure, group and type of search, and for all of them together of which FEWEST_EXPECTED are expected.
    """
    known = _join_truth(world, comparisons).filter(pl.col("range_lower").is_not_null())
    is_rate = pl.col("measure") == SEARCH_RATE.name
    truth = pl.when(is_rate).then("true_ratio").otherwise("true_difference")
    # An upper limit without end is null.
    is_covered = truth.is_between(pl.col("range_lower"), pl.col("range_upper").fill_null(float("inf")))
    every = {"ethnic_group": pl.lit(ALL), "search_type": pl.lit(ALL), "expected_count": pl.lit(None, pl.Float64)}
    enough = known.filter(pl.col("expected_count") >= FEWEST_EXPECTED)
    covered = is_covered.alias("covered")
    return pl.concat(
        [
            _group(known, RANGE_COVERAGE, pl.col("measure"), is_covered),
            _group(enough.with_columns(covered).with_columns(**every), RANGE_COVERAGE, pl.lit(ANY), pl.col("covered")),
        ]
    )


def score_reasons(world: World, reasons: pl.DataFrame) -> pl.DataFrame:
    """Tally the error of every way of filling in unknown ethnicity, and the coverage of what takes ratios apart.

    `ratio error` is the log of an estimated ratio / the true one. Within areas the true ratio is 1 in every
    world that has areas, and so are the odds of a find within types where only the mix of types differs.
    """
    truth = list_true_comparisons(world).filter(search_type=ALL)
    rates = truth.filter(measure="search_rate").select("ethnic_group", "true_ratio", "expected_count")
    finds = truth.filter(measure="find_rate").select("ethnic_group", "true_difference", "expected_count")
    shown = reasons.filter(pl.col("value").is_not_null())
    filled = shown.filter(pl.col("component") != FRACTION_MISSING, pl.col("value") > 0, analysis=SCENARIO)
    error = (pl.col("value") / pl.col("true_ratio")).log()
    tables = [_group(filled.join(rates, on="ethnic_group"), RATIO_ERROR, pl.col("component"), error)]
    ratio, difference, one = pl.col("true_ratio"), pl.col("true_difference"), pl.lit(1.0)
    covered = [
        ("ratio of search rates, imputed", SCENARIO, IMPUTED, rates, ratio),
        ("difference of find rates, imputed", FIND_DIFFERENCE, IMPUTED, finds, difference),
    ]
    if len(set(world.find_rates)) == 1:
        of_types = FIND_RATE_GIVEN + "search_type"
        covered.append(("odds ratio within types, Robins-Breslow-Greenland", of_types, "odds_ratio", finds, one))
    if len(world.areas) > 1:
        covered.append(("ratio within areas, delta method", RATIO_OVER_AREAS, "within", rates, one))
    for subject, analysis, component, truths, true in covered:
        rows = shown.filter(analysis=analysis, component=component).join(truths, on="ethnic_group")
        tables.append(_group(rows, COVERAGE, pl.lit(subject), true.is_between("lower", "upper")))
    return pl.concat([table for table in tables if table.height] or tables[:1])


def score_verdicts(world: World, reasons: pl.DataFrame) -> pl.DataFrame:
    """Tally publications whose search rate and find rate, read together, state a threshold; by whether it is true."""
    lower = [group for group in ETHNIC_GROUPS if world.has_lower_threshold(group)]
    rows = reasons.filter(analysis=COMBINED_VERDICT, component=ALL)
    is_true = pl.col("ethnic_group").is_in(lower) & ~pl.col("note").str.starts_with(HIGHER_THRESHOLD)
    is_stated = pl.col("note").str.starts_with(LOWER_THRESHOLD) | pl.col("note").str.starts_with(HIGHER_THRESHOLD)
    by_publication = rows.group_by("force", is_true.alias("is_true")).agg(is_stated.any().alias("is_stated"))
    both = by_publication.with_columns(
        ethnic_group=pl.lit(ALL),
        search_type=pl.lit(ALL),
        expected_count=pl.lit(None, pl.Float64),
        check=pl.when("is_true").then(pl.lit(POWER)).otherwise(pl.lit(FALSE_STATEMENT)),
        subject=pl.lit("combined verdict"),
    )
    return both.group_by(*TALLY_KEYS).agg(*_tally(pl.col("is_stated")), pl.col("expected_count").first())


def _is_right() -> pl.Expr:
    """Whether a verdict states the difference there is, on its side."""
    return pl.col("verdict") == pl.when(pl.col("true_difference") > 0).then(pl.lit(HIGHER)).otherwise(pl.lit(LOWER))


def _join_truth(world: World, comparisons: pl.DataFrame) -> pl.DataFrame:
    own = comparisons.filter(ethnicity_basis=SELF_DEFINED)
    return own.join(list_true_comparisons(world), on=["measure", "ethnic_group", "search_type"])


def _group(rows: pl.DataFrame, check: str, subject: pl.Expr, hit: pl.Expr) -> pl.DataFrame:
    if "search_type" not in rows.columns:
        rows = rows.with_columns(search_type=pl.lit(ALL))
    keys = (pl.lit(check).alias("check"), subject.alias("subject"), "ethnic_group", "search_type")
    return rows.group_by(*keys).agg(*_tally(hit), pl.col("expected_count").first())


def _tally(hit: pl.Expr) -> list[pl.Expr]:
    """Tally a share of hits, or the mean of a number."""
    value = hit.cast(pl.Float64)
    return [
        pl.len().cast(pl.Int64).alias("publications"),
        value.sum().alias("total"),
        (value**2).sum().alias("squares"),
    ]
