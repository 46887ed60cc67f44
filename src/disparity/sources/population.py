"""Resident populations by police force area and ethnic group at the time of a period.

Between two counts a population is taken to run on a straight line. Every other base that a period's rates could be
divided by stands beside it: what a ratio is on them says how far it hangs on the denominator. Definitions, section 3.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from disparity.project.merged_forces import MergedForce
from disparity.sources.naming import naming
from disparity.sources.own_population import BREAKDOWN, read_own_population
from disparity.vocabulary.calendar import name_day, name_month
from disparity.vocabulary.codes import ALL, read_reference

CENSUS_DAYS = {"census_2011": date(2011, 3, 27), "census_2021": date(2021, 3, 21)}
CENSUS_NAMES = {"census_2011": "Census 2011", "census_2021": "Census 2021"}
CENSUS_2011, CENSUS_2021 = CENSUS_NAMES
INTERPOLATED, CONSTANT_GROWTH, GROWTH_CONTINUED = "interpolated", "constant_growth", "growth_continued"
OWN = "own"
OWN_SOURCE = "the publisher's own population file"
# What a base is for: rates are out of the headline; statements hold on plausible and bracketing ones too; the range for
# readers is over headline and plausible ones.
ROLES = HEADLINE, PLAUSIBLE, BRACKETING, SHOWN = ("headline", "plausible", "bracketing", "shown")
BOTH = "censuses of 2011 and 2021"
# The Home Office divides by Census 2011 to the year ending March 2020 and by Census 2021 after it.
LAST_MONTH_OF_2011 = date(2020, 3, 1)
RESIDENT_COLUMNS = ("force", "ethnic_group", *BREAKDOWN, "date", "population", "base", "population_base")
SPAN = ["period_from", "period_to"]
BASE_COLUMNS = ["force", *SPAN, "ethnic_group", "population", "base", "population_base", "role"]
# A thousandth of a person: what a table can print is what rates are out of, so that they can be made again from it.
DECIMALS = 3
EPOCH = date(1970, 1, 1)
_IS_BETWEEN = pl.col("earlier") < pl.col("later")


def read_population(own: Path | None, periods: pl.DataFrame) -> pl.DataFrame:
    """Give the residents that each period's rates are divided by: `choose_residents` of `read_residents`."""
    return choose_residents(read_residents(own), periods)


def read_breakdown(own: Path | None, by: tuple[str, ...], periods: pl.DataFrame) -> pl.DataFrame:
    """Give the residents of the own file in parts: `break_down_residents` of `read_residents`."""
    return break_down_residents(read_residents(own), by, periods)


def read_residents(own: Path | None, source: str | None = None, mergers: Sequence[MergedForce] = ()) -> pl.DataFrame:
    """Give all residents that were counted: those of both censuses, then those of the own file.

    A merged force that a count does not have has the sum of its predecessors, where the count has all of them.

    Args:
        own: a CSV with force, ethnic_group (the five groups) and population, and age_group and gender, or area,
            if it is broken down; and date or year, if it is of several.
        source: what the own file's residents are, in words. None: OWN_SOURCE.
        mergers: in order of their months.

    Returns:
        RESIDENT_COLUMNS: `population` (usual residents) of a force and group on `date` (null: the own file gives none)
        by `base` (census_2011, census_2021, own; `population_base` in words); age_group, gender and area are null where
        it is not broken down.

    Raises:
        RequestError: the file lacks a column, a group, a date or a whole number.
    """
    whole = [pl.lit(None, pl.String).alias(column) for column in BREAKDOWN]
    residents = [_read_censuses().with_columns(whole)]
    if own:
        with naming(own.name):
            named = {"base": pl.lit(OWN), "population_base": pl.lit(source or OWN_SOURCE)}
            residents.append(read_own_population(own).with_columns(**named))
    return add_merged(pl.concat(table.select(RESIDENT_COLUMNS) for table in residents), mergers)


def add_merged(counted: pl.DataFrame, mergers: Sequence[MergedForce]) -> pl.DataFrame:
    """Add the residents of merged forces to a table of residents by force, base and date, and whatever else."""
    for merger in mergers:
        counted = pl.concat([counted, _add_predecessors(counted, merger)])
    return counted


def _add_predecessors(counted: pl.DataFrame, merger: MergedForce) -> pl.DataFrame:
    """Give the residents of a merged force of every count that has its predecessors and not itself."""
    count = pl.struct("base", "date")
    theirs = counted.filter(
        pl.col("force").is_in(merger.predecessors),
        ~count.is_in(counted.filter(force=merger.force).select(count).to_series().implode()),
    )
    is_whole = pl.col("force").n_unique().over("base", "date") == len(merger.predecessors)
    keys = [column for column in counted.columns if column not in ("force", "population")]
    return (
        theirs.filter(is_whole)
        .group_by(keys)
        .agg(pl.col("population").sum())
        .with_columns(force=pl.lit(merger.force))
        .select(counted.columns)
        .sort("base", "date", *(column for column in counted.columns if column not in ("base", "date")))
    )


def _read_censuses() -> pl.DataFrame:
    return pl.concat(
        pl.DataFrame(read_reference(f"{base.replace('_', '')}_force_ethnicity5")).select(
            "force",
            "ethnic_group",
            pl.lit(day).alias("date"),
            pl.col("population").cast(pl.Int64),
            pl.lit(base).alias("base"),
            pl.lit(CENSUS_NAMES[base]).alias("population_base"),
        )
        for base, day in CENSUS_DAYS.items()
    )


def choose_residents(residents: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Choose the residents that each period's rates are divided by: the headline of `list_bases`.

    Returns:
        force, period_from, period_to, ethnic_group (the five and "All", their sum), population (usual residents),
        population_base (in words).
    """
    return choose_headline(list_bases(residents, periods))


def choose_headline(bases: pl.DataFrame) -> pl.DataFrame:
    """Choose what rates are divided by out of all that `list_bases` lists."""
    return bases.filter(pl.col("role") == HEADLINE).drop("base", "role")


def choose_official(residents: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Choose the residents that the Home Office divides by: Census 2011 to the year ending March 2020, 2021 after.

    Returns:
        As `choose_residents`; without forces that no census has.
    """
    is_2011 = pl.col("period_to") <= LAST_MONTH_OF_2011
    census = pl.when(is_2011).then(pl.lit(CENSUS_2011)).otherwise(pl.lit(CENSUS_2021))
    spans = periods.select(SPAN).unique().with_columns(base=census)
    counted = residents.filter(pl.col("base").is_in(list(CENSUS_DAYS)))
    rows = _add_up(spans.join(counted, on="base"), ["force", *SPAN, "ethnic_group", "population_base"])
    return _add_all(rows.with_columns(pl.col("population").cast(pl.Float64)))


def list_bases(residents: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """List the residents of every base that each period's rates could be divided by.

    A base is of the middle of its period. Between the censuses: `interpolated` on a straight line (headline), by
    `constant_growth`, and the two counts themselves. After the later one: that count (headline), `growth_continued`
    (the line drawn on), and the earlier count. A force with residents of its own: `own` (headline), on a straight line
    between the two dates that bracket the period, or of the nearest; and those dates as `own_2024-06-30`.

    Args:
        residents: of `read_residents`; the own file's override the censuses for the forces in it.
        periods: period_from and period_to, first of month.

    Returns:
        BASE_COLUMNS: `population` is in thousandths of a person, for the five groups and "All", their sum; `role` says
        what a base is for (HEADLINE of each force and period: one).
    """
    totals = _add_up(residents, ["force", "ethnic_group", "date", "base", "population_base"])
    own = totals.filter(pl.col("base") == OWN)
    counted = totals.filter(pl.col("base") != OWN).join(own, on="force", how="anti")
    spans = _find_middles(periods)
    rows = pl.concat([_list_census_bases(counted, spans), _list_own_bases(own, spans)])
    order = ["force", *SPAN, pl.col("role").cast(pl.Enum(ROLES)), "base", "ethnic_group"]
    return _add_all(rows).select(BASE_COLUMNS).sort(order)


def break_down_residents(residents: pl.DataFrame, by: tuple[str, ...], periods: pl.DataFrame) -> pl.DataFrame:
    """Give the own file's residents of each period by age group and gender (BY_AGE_AND_GENDER) or by area (BY_AREA).

    Returns:
        force, period_from, period_to, ethnic_group, the columns of `by`, population, on a straight line between the
        file's dates as the totals are; without rows for forces that the file does not break down so.
    """
    parts = ["ethnic_group", *by]
    own = residents.filter(pl.col("base") == OWN, pl.all_horizontal(pl.col(by).is_not_null()))
    lines = put_on_lines(_add_up(own, ["force", *parts, "date"]), periods, parts)
    return lines.with_columns(pl.col("population").round(DECIMALS)).sort(["force", *SPAN, *parts])


def put_on_lines(dated: pl.DataFrame, periods: pl.DataFrame, parts: list[str]) -> pl.DataFrame:
    """Give each part's residents of each period: on a straight line between its dates, outside them of the nearest.

    Args:
        dated: as for `_bracket`.

    Returns:
        force, period_from, period_to, the columns of `parts`, population.
    """
    rows = _bracket(dated, _find_middles(periods), parts)
    return rows.select("force", *SPAN, *parts, _interpolate().alias("population"))


def _add_up(residents: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return residents.group_by(keys).agg(pl.col("population").sum())


def _add_all(rows: pl.DataFrame) -> pl.DataFrame:
    """Add a row for All: the sum of the five."""
    rounded = rows.with_columns(pl.col("population").round(DECIMALS))
    keys = [column for column in rows.columns if column not in ("ethnic_group", "population")]
    total = rounded.group_by(keys).agg(pl.lit(ALL).alias("ethnic_group"), pl.col("population").sum().round(DECIMALS))
    return pl.concat([rounded, total.select(rounded.columns)]).sort(*keys, "ethnic_group")


def _find_middles(periods: pl.DataFrame) -> pl.DataFrame:
    """Give each period once, with its middle in days since 1970: a day begins where its number says."""
    first, after = (pl.col(SPAN[0]), pl.col(SPAN[1]).dt.offset_by("1mo"))
    days = (first.cast(pl.Int32) + after.cast(pl.Int32)) / 2
    return periods.select(SPAN).unique().with_columns(middle=days)


def _bracket(dated: pl.DataFrame, spans: pl.DataFrame, parts: list[str]) -> pl.DataFrame:
    """Set beside each period the populations of the two dates that bracket its middle; outside, twice the nearest.

    Args:
        dated: force, the columns of `parts`, date (null: of no date) and population.

    Returns:
        force, SPAN, middle, `parts`, earlier, later (days since 1970), from_population, to_population.
    """
    known = dated.with_columns(day=pl.col("date").fill_null(EPOCH).cast(pl.Int32)).drop("date")
    middle, day = pl.col("middle"), pl.col("day")
    dates = known.select("force", "day").unique().join(spans, how="cross")
    ends = dates.group_by("force", *SPAN, "middle").agg(
        earlier=pl.coalesce(day.filter(day <= middle).max(), day.min()),
        later=pl.coalesce(day.filter(day >= middle).min(), day.max()),
    )
    rows = ends.join(known.rename({"day": "earlier", "population": "from_population"}), on=["force", "earlier"])
    after = known.rename({"day": "later", "population": "to_population"})
    return rows.join(after, on=["force", "later", *parts])


def _weight() -> pl.Expr:
    """How far the middle lies from the earlier date to the later: 0 to 1."""
    apart = pl.col("later") - pl.col("earlier")
    return pl.when(apart > 0).then((pl.col("middle") - pl.col("earlier")) / apart).otherwise(0.0)


def _interpolate() -> pl.Expr:
    start, end = pl.col("from_population"), pl.col("to_population")
    return start + _weight() * (end - start)


def _list_census_bases(counted: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """List the bases of forces that the censuses have."""
    bracketed = _bracket(counted, spans, ["ethnic_group"])
    between = bracketed.filter(_IS_BETWEEN)
    growth = pl.col("to_population") / pl.col("from_population")
    month = _name_month(spans)
    return pl.concat(
        [
            _lay_out(between, _interpolate(), INTERPOLATED, pl.format("{}, interpolated to {}", pl.lit(BOTH), month)),
            _lay_out(
                between,
                pl.col("from_population") * growth.pow(_weight()),
                CONSTANT_GROWTH,
                pl.format("{}, by constant growth to {}", pl.lit(BOTH), month),
                PLAUSIBLE,
            ),
            _list_counts(bracketed, counted),
            _continue_growth(counted, spans, pl.format("{}, growth continued to {}", pl.lit(BOTH), month)),
        ]
    )


def _list_counts(bracketed: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """List the censuses themselves: of two around a period the nearer is plausible; outside it is the headline."""
    place = bracketed.select("force", *SPAN, "middle", "ethnic_group", is_between=_IS_BETWEEN)
    distance = (pl.col("date").cast(pl.Int32) - pl.col("middle")).abs()
    is_nearest = distance == distance.min().over("force", *SPAN, "ethnic_group")
    between = pl.when(is_nearest).then(pl.lit(PLAUSIBLE)).otherwise(pl.lit(BRACKETING))
    outside = pl.when(is_nearest).then(pl.lit(HEADLINE)).otherwise(pl.lit(SHOWN))
    rows = place.join(counted, on=["force", "ethnic_group"])
    role = pl.when("is_between").then(between).otherwise(outside)
    return rows.with_columns(pl.col("population").cast(pl.Float64), role=role).select(BASE_COLUMNS)


def _continue_growth(counted: pl.DataFrame, spans: pl.DataFrame, words: pl.Expr) -> pl.DataFrame:
    """Draw the line between the censuses on, for periods after both; a group does not fall below nobody."""
    first, last = (counted.filter(pl.col("base") == base) for base in CENSUS_DAYS)
    both = last.join(first, on=["force", "ethnic_group"], suffix="_before")
    start, end = (_number(day) for day in CENSUS_DAYS.values())
    after = both.drop("base", "population_base").join(spans.filter(pl.col("middle") > end), how="cross")
    grown = pl.col("population") - pl.col("population_before")
    continued = pl.col("population") + (pl.col("middle") - end) / (end - start) * grown
    return _lay_out(after, continued.clip(lower_bound=0), GROWTH_CONTINUED, words, PLAUSIBLE)


def _list_own_bases(own: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """List the bases of forces with residents of their own: of each period, and of the dates that bracket it."""
    of_force = pl.col("population_base").first().alias("source"), pl.col("date").is_not_null().any().alias("is_dated")
    named = own.group_by("force").agg(*of_force)
    rows = _bracket(own, spans, ["ethnic_group"]).join(named, on="force")
    days = sorted({*rows["earlier"], *rows["later"]})
    month, between = _name_month(spans), rows.filter(_IS_BETWEEN)

    def tell(end: str, write: Callable[[date], str]) -> pl.Expr:
        return pl.col(end).replace_strict({day: write(_day(day)) for day in days}, return_dtype=pl.String)

    headline = (
        pl.when(_IS_BETWEEN)
        .then(pl.format("{}, interpolated to {}", "source", month))
        .when("is_dated")
        .then(pl.format("{}, of {}", "source", tell("earlier", name_day)))
        .otherwise("source")
    )
    ends = (
        _lay_out(
            between,
            pl.col(people),
            pl.format("{}_{}", pl.lit(OWN), tell(end, str)),
            pl.format("{}, of {}", "source", tell(end, name_day)),
            PLAUSIBLE,
        )
        for end, people in (("earlier", "from_population"), ("later", "to_population"))
    )
    return pl.concat([_lay_out(rows, _interpolate(), OWN, headline), *ends])


def _lay_out(
    rows: pl.DataFrame, population: pl.Expr, base: str | pl.Expr, words: pl.Expr, role: str = HEADLINE
) -> pl.DataFrame:
    named = {"base": pl.lit(base) if isinstance(base, str) else base, "population_base": words, "role": pl.lit(role)}
    return rows.select("force", *SPAN, "ethnic_group", population.cast(pl.Float64).alias("population"), **named)


def _name_month(spans: pl.DataFrame) -> pl.Expr:
    """Name the month that the middle of a period lies in."""
    named = {middle: name_month(_day(int(middle))) for middle in spans["middle"].unique()}
    return pl.col("middle").replace_strict(named, return_dtype=pl.String)


def _number(day: date) -> int:
    return day.toordinal() - EPOCH.toordinal()


def _day(number: int) -> date:
    return EPOCH + timedelta(days=number)
