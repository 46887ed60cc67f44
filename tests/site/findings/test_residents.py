"""Which residents rates are out of, in words, and how many would make rates equal."""

from datetime import date

import polars as pl
import pytest

from disparity.project.settings import make_settings
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.residents import name_residents, name_residents_of_months, say_needed
from disparity.site.published_figures import number_rows, plain
from disparity.sources.population import choose_headline, list_bases, read_residents
from support.cells import FORCE, cell, compare_by_chance, count, estimate_counts, explain_all, period_of

YEAR_2019 = list(pl.date_range(date(2019, 4, 1), date(2020, 3, 1), "1mo", eager=True))


def evidence(own=None, source=None, searches=(("Black", 102), ("White", 5_898))):
    """Lancashire in the year ending March 2020."""
    periods = period_of(YEAR_2019)
    bases = list_bases(read_residents(own, source), periods).filter(force=FORCE)
    counts = count(*(cell(group, searches=n, month=YEAR_2019[0]) for group, n in searches))
    estimates = estimate_counts(counts, population=choose_headline(bases), months=YEAR_2019)
    frames = {
        **{"estimates": estimates, "comparisons": compare_by_chance(estimates), "population": bases},
        "reasons": explain_all(counts, estimates, population=bases, periods=periods),
    }
    tables = {name: number_rows(name, frame) for name, frame in frames.items()}
    return Evidence(FORCE, "Lancashire", (YEAR_2019[0], YEAR_2019[-1]), tables.__getitem__)


def write(path, days):
    rows = [f"{FORCE},{group},{day},1000" for day in days for group in ("Asian", "Black", "Mixed", "White", "Other")]
    path.write_text("\n".join(["force,ethnic_group,date,population", *rows, ""]), encoding="utf-8")
    return path


def settings(first, last, **given):
    return make_settings({"records": ["r"], "from": first, "to": last} | given, where="a test")


def test_how_many_residents_would_make_rates_equal_is_said_beside_how_many_are_counted():
    """102 / 9,401.154 and 5,898 / 1,324,727.715; 102 x 1,324,727.715 / 5,898 = 22,909.84."""
    assert plain(say_needed(evidence(), "Black")) == (
        "For equal rates there would have to be about 22,910 Black residents; 9,401 are counted."
    )


def test_nothing_is_needed_of_a_group_without_a_search():
    assert say_needed(evidence(), "Asian") == ()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2019-04", "2020-03", "censuses of 2011 and 2021, interpolated to the middle of each month"),
        (
            "2020-04",
            "2022-03",
            "censuses of 2011 and 2021, interpolated to the middle of each month; Census 2021 from April 2021",
        ),
    ],
)
def test_months_name_their_residents(first, last, said):
    assert name_residents_of_months([evidence()], settings(first, last)) == f"Residents: {said}"


def test_residents_of_ones_own_go_by_their_own_name(tmp_path):
    several = write(tmp_path / "two.csv", ("2018-06-30", "2020-06-30"))
    given = settings("2019-04", "2020-03", population="two.csv", population_source="ONS mid-2025 estimates")
    made = evidence(several, "ONS mid-2025 estimates")
    assert name_residents(made) == "Residents: ONS mid-2025 estimates, interpolated to October 2019"
    assert name_residents_of_months([made], given) == (
        "Residents: ONS mid-2025 estimates, interpolated to the middle of each month"
    )
    one = evidence(write(tmp_path / "one.csv", ("2018-06-30",)))
    assert name_residents(one) == "Residents: the publisher's own population file, of 30 June 2018"


def test_where_there_are_no_residents_none_are_named():
    empty = Evidence("btp", "BTP", (YEAR_2019[0], YEAR_2019[-1]), lambda _table: [])
    assert name_residents(empty) == name_residents_of_months([empty], settings("2019-04", "2020-03")) == ""
