"""A restricted publication: every figure of protected counts, nothing else, and nothing at all where it is not safe."""

import math
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest
from lxml import html

from disparity.analysis.measures.estimates import estimate
from disparity.disclosure import release
from disparity.disclosure.attack import Proof, ProtectedCounts
from disparity.disclosure.ledger import list_ledger
from disparity.disclosure.plan import CELL_COLUMNS, PLANS, list_cells
from disparity.disclosure.protect import protect_cells
from disparity.disclosure.tallies import tally_periods, tally_submissions
from disparity.pipeline.build import build
from disparity.records.audit.months import list_submitted
from disparity.site.intruder import audit as intruder
from disparity.site.intruder.audit import restore_edition
from disparity.site.pages import listing
from disparity.sources.population import choose_headline
from disparity.tables.restricted import BANDS, make_tables, publish_checks, round_to
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.tables import TABLES
from disparity.vocabulary.errors import DisclosureError
from disparity.vocabulary.thresholds import COARSEST_ROUNDING
from support import example, protected_site
from support.page_sentences import says_all_is_met


def base() -> int:
    return protected_site.frames()["disclosure"]["base"][0]


def test_every_count_in_every_table_is_a_multiple_of_the_base_or_suppressed():
    frames = protected_site.frames()
    for name in ("estimates", "monthly"):
        assert set(frames[name]["numerator"].drop_nulls() % base()) == {0}
        shares = frames[name].filter(pl.col("measure") != "search_rate")
        assert set(shares["denominator"].drop_nulls() % base()) == {0}


def test_what_was_found_in_which_month_is_not_published():
    """Two months of which something with counts is said are one line that a force fails the expectation."""
    row = {"table": "columns", "is_met": False, "force": "fellshire", "why": "A column says nothing."}
    said = [
        row | {"month": f"2024-0{month}", "observed": f"gender is Other in {month} of 3 searches"} for month in (1, 2)
    ]
    assert publish_checks(pl.DataFrame(said)).rows(named=True) == [row | dict.fromkeys(("month", "observed", "limits"))]
    published = protected_site.frames()["checks"]
    assert published.select("month", "observed", "limits").drop_nulls().is_empty()
    assert published["observed"].null_count() == published.height


def wilson_by_hand(x, n):
    """Wilson (1927), written out."""
    z, p = 1.959963984540054, x / n
    middle, spread = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return [(middle + sign * spread) / (1 + z * z / n) for sign in (-1, 1)]


def test_rates_and_intervals_are_those_of_the_protected_counts_by_hand():
    """The printed pair gives the printed rate; the lower limit is of the fewest finds out of the most searches.

    Limits are of as many searches as the published design effect leaves, and rounded outwards.
    """
    effects = dict(protected_site.frames()["clusters"].select("force", "design_effect").iter_rows())
    assert all(effect >= 1 and effect * 2 % 1 == 0 for effect in effects.values())
    rows = protected_site.frames()["estimates"].filter(pl.col("measure") == "find_rate", pl.col("lower").is_not_null())
    assert rows.height > 30
    half = base() // 2
    for row in rows.iter_rows(named=True):
        x, n, digits = row["numerator"], row["denominator"], 3 if row["denominator"] >= 1_000 else 2
        assert abs(row["value"] - x / n) <= 0.5 * 10**-digits + 1e-9
        fewest, most = max(x - half, 8) if x else 0, x + half if x else 0
        effect = effects.get(row["force"], 1)
        lower = wilson_by_hand(fewest / effect, (n + half) / effect)[0]
        upper = wilson_by_hand(min(most, n - half) / effect, (n - half) / effect)[1]
        assert row["lower"] == pytest.approx(math.floor(lower * 10**digits + 1e-7) / 10**digits)
        assert row["upper"] == pytest.approx(math.ceil(upper * 10**digits - 1e-7) / 10**digits)


def test_every_exact_rate_lies_within_what_is_published_of_it():
    """Shares, and search rates by residents; of months, which have no interval, what is marked as measured is near."""
    counts = protected_site.ingested().counts
    frames = protected_site.frames()
    submitted = list_submitted(protected_site.ingested().audit.submissions)
    periods = protected_site.settings().periods()
    people = choose_headline(frames["population"])
    exact = estimate(tally_periods(counts, submitted, periods), people, submitted, periods)
    keys = ["measure", "force", "ethnicity_basis", "ethnic_group", "search_type"]
    both = frames["estimates"].join(exact.select(*keys, exact=pl.col("numerator") / pl.col("denominator")), on=keys)
    shown = both.filter(pl.col("lower").is_not_null(), pl.col("exact").is_not_null())
    assert set(shown["measure"]) >= {"search_rate", "find_rate", "arrest_rate", "type_share"}
    assert shown.height > 200
    assert shown.filter(~pl.col("exact").is_between("lower", "upper")).is_empty()
    by_month = (
        counts.cells.filter(ethnicity_basis="self-defined")
        .group_by("month")
        .agg(exact=pl.col("found").sum() / (pl.col("found").sum() + pl.col("not_found").sum()))
    )
    months = frames["monthly"].filter(measure="find_rate", status="measured").join(by_month, on="month")
    assert months.height >= 11
    assert months.select((pl.col("value") - pl.col("exact")).abs().max()).item() < COARSEST_ROUNDING


def test_some_rate_would_read_otherwise_if_it_were_made_of_the_exact_counts():
    """Else the test above would hold of a leak as well."""
    own = protected_site.ingested().counts.cells.filter(pl.col("ethnicity_basis") == "self-defined")
    sums = own.group_by("ethnic_group", "search_type").agg(pl.col("found", "not_found").sum())
    exact = sums.with_columns(exact=pl.col("found") / (pl.col("found") + pl.col("not_found")))
    rows = protected_site.frames()["estimates"].filter(
        pl.col("measure") == "find_rate", pl.col("ethnicity_basis") == "self-defined", pl.col("value").is_not_null()
    )
    both = rows.join(exact, on=["ethnic_group", "search_type"])
    assert both.filter((pl.col("value") - pl.col("exact")).abs() > 0.006).height > 3


def test_find_rates_by_group_and_type_with_intervals_and_possession_and_supply_are_there():
    frames = protected_site.frames()
    kinds = ["drugs_possession", "drugs_supply", "offensive_weapons"]
    rows = frames["estimates"].filter(
        pl.col("measure") == "find_rate",
        pl.col("search_type").is_in(kinds),
        pl.col("ethnic_group").is_in(["White", "Black"]),
    )
    assert rows.filter(pl.col("lower").is_not_null()).height >= 4
    assert (
        frames["comparisons"]
        .filter(pl.col("search_type") == "drugs_possession", pl.col("p_value").is_not_null())
        .height
    )


def test_tables_that_are_not_in_the_plan_have_no_row():
    empty = {table.name for table in TABLES if protected_site.frames()[table.name].is_empty()}
    assert empty >= {"labels", "years", "official", "peers", "pooled", "control", "quarterly"}


def test_an_expectation_that_is_not_met_is_named_without_month_or_count():
    (unmet,) = protected_site.frames()["checks"].filter(~pl.col("is_met")).iter_rows(named=True)
    assert (unmet["force"], unmet["month"]) == ("fellshire", None)
    page = html.parse(protected_site.site() / "data-quality.html").getroot().find(".//main").text_content()
    assert unmet["why"] in page
    assert not says_all_is_met(page)


def test_what_is_protected_is_not_said_to_be_lacking_in_the_records():
    for path in protected_site.site().glob("*.html"):
        words = " ".join(html.parse(path).getroot().find(".//main").text_content().split())
        assert "Not measurable from these records: they do not say in which division" not in words, path.name
        assert "Not measured here: it needs residents by age" not in words, path.name


def test_a_ledger_that_was_lost_is_put_together_from_the_site(tmp_path):
    restore_edition(tmp_path / "ledger.parquet", protected_site.site())
    restored, kept = (list_ledger(path) for path in (tmp_path / "ledger.parquet", protected_site.settings().ledger))
    assert restored == kept
    assert len(restored) == 1


def test_no_count_of_the_audit_is_published():
    frames = protected_site.frames()
    kept = {"month", "months", "force", "source", "status"}
    assert {name for name in frames["submissions"].columns if frames["submissions"][name].null_count() < 12} == kept
    assert set(frames["quality"]["item"]) == {"months_missing"}
    assert frames["decisions"]["rows_before"].null_count() == frames["decisions"].height


def test_p_values_are_bands_and_statistics_are_left_out():
    comparisons = protected_site.frames()["comparisons"]
    assert set(comparisons["p_value"].drop_nulls()) | set(comparisons["p_adjusted"].drop_nulls()) <= set(BANDS)
    assert comparisons["statistic"].null_count() == comparisons.height


def test_no_rate_is_of_fewer_than_three_events():
    for name in ("estimates", "monthly"):
        rows = protected_site.frames()[name].filter(
            pl.col("measure").str.ends_with("_rate"), pl.col("value").is_not_null()
        )
        assert rows["numerator"].min() >= 3


def test_a_suppressed_count_has_no_rate_and_its_status_says_so():
    rows = protected_site.frames()["estimates"].filter(pl.col("numerator").is_null())
    assert rows.height > 5
    assert set(rows["status"]) <= {"suppressed", "restricted_labels"}
    assert rows["value"].null_count() == rows.height


def test_the_order_of_rows_changes_no_count():
    counts, frames = protected_site.ingested().counts, protected_site.frames()
    shuffled = replace(counts, cells=counts.cells.sample(fraction=1, shuffle=True, seed=3))
    submitted = list_submitted(protected_site.ingested().audit.submissions)
    years = tally_periods(shuffled, submitted, protected_site.settings().periods())
    plan = next(plan for plan in PLANS if plan.name == frames["disclosure"]["plan"][0])
    cells = protect_cells(list_cells(years, tally_submissions(shuffled, submitted), plan), base())
    assert cells.equals(frames["cells"].select(CELL_COLUMNS))


def test_the_tables_follow_from_the_published_counts_alone():
    frames = protected_site.frames()
    counts = ProtectedCounts(frames["cells"].select(CELL_COLUMNS), base())
    labels = frames["estimates"].select("force", "period_from", "period_to", "ethnicity_basis").unique()
    labels = labels.with_columns(is_restricted=pl.lit(False), in_doubt=pl.lit(False))
    made = make_tables(counts, labels, *(frames[name] for name in ("population", "submissions", "clusters")))
    for table in TABLES:
        if table.name in made:
            assert to_csv(made[table.name], table) == to_csv(frames[table.name], table)


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes_and_one_edition_in_the_ledger(monkeypatch):
    before = example.read_files(protected_site.site())
    ledger = protected_site.settings().ledger.read_bytes()
    monkeypatch.setattr(intruder, "prove", lambda counts, earlier: Proof(1, 1))
    protected_site.write(protected_site.settings())
    assert example.read_files(protected_site.site()) == before
    assert protected_site.settings().ledger.read_bytes() == ledger


def test_where_nothing_can_be_proved_the_build_stops_before_it_writes(monkeypatch):
    before = example.read_files(protected_site.home())
    monkeypatch.setattr(release, "prove", lambda edition, earlier: Proof(1, 0, "fellshire: too few"))
    monkeypatch.setattr(
        "disparity.pipeline.submissions.validate", lambda audit, folder: SimpleNamespace(has_critical_failure=False)
    )
    with pytest.raises(DisclosureError, match="E162"):
        build(protected_site.settings())
    assert example.read_files(protected_site.home()) == before


@pytest.mark.slow
def test_where_the_intruder_finds_something_the_old_site_and_the_ledger_stay(monkeypatch):
    protected_site.site()
    monkeypatch.setattr(intruder, "prove", lambda counts, earlier: Proof(1, 1))
    before = example.read_files(protected_site.home())
    front, *others = listing.PAGES

    def tell(edition, force):
        page = front.build(edition, force)
        return replace(page, title=f"{page.title}: 15,987 searches")

    monkeypatch.setattr(listing, "PAGES", (replace(front, build=tell), *others))
    with pytest.raises(DisclosureError, match="E163"):
        protected_site.write(protected_site.settings())
    assert example.read_files(protected_site.home()) == before


# Rounding


@pytest.mark.parametrize(("digits", "value"), [(0, 2.0), (1, 2.3), (2, 2.35), (3, 2.346)])
def test_numbers_are_rounded_to_the_digits_of_their_row(digits, value):
    assert pl.select(round_to(pl.lit(2.3456), pl.lit(digits))).item() == value
