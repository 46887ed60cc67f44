"""Shares and find rates by area, month, origin, item and priority: worked by hand, laws, the synthetic truth."""

import json
from collections import Counter
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from disparity.analysis.measures.breakdowns import Whole, break_down
from disparity.disclosure.open import open_counts
from disparity.project.declarations import Priority
from disparity.records.coding import code_searches
from disparity.records.counts import add_counts, count_searches
from disparity.records.neighbourhoods import name_authorities, place_in_neighbourhoods
from disparity.sources.extract.rows import read_extract
from disparity.vocabulary.calendar import cut_periods
from disparity.vocabulary.neighbourhoods import read_authorities, read_neighbourhoods
from support import example
from support.builders import BLACK, DRUGS_ACT, WHITE, code, few

FORCE = "fellshire"
APRIL, MAY = "2019-04", "2019-05"
PACE = "Police and Criminal Evidence Act 1984 (section 1)"
KINDS = {
    "possession": {"legislation": DRUGS_ACT, "drug_search_type": "possession"},
    "supply": {"legislation": DRUGS_ACT, "drug_search_type": "supply"},
    "drugs": {"legislation": DRUGS_ACT, "drug_search_type": None},
    "weapons": {"legislation": PACE, "object_of_search": "Offensive weapons"},
    "unsaid": {"legislation": None, "object_of_search": None},
}
# Area, kind, searches, of which what was searched for was found.
FORCE_YEAR = (
    ("North", "possession", 40, 10),
    ("North", "supply", 10, 2),
    ("North", "weapons", 10, 1),
    ("South", "possession", 10, 0),
    ("South", "weapons", 30, 6),
)
ITEM = {"possession": "drugs", "supply": "drugs", "weapons": "offensive_weapons"}


def search(kind, *, found=False, **told):
    return KINDS[kind] | {"is_item_found": str(found).lower()} | told


def searches(area, kind, number, found, **told):
    """So many searches of one kind in one area."""
    return [
        search(kind, found=place < found, area=area, item_found=ITEM[kind] if place < found else "nothing", **told)
        for place in range(number)
    ]


def year():
    return [row for line in FORCE_YEAR for row in searches(*line)]


def breaks(*months, priorities=()):
    """Break down the searches of April 2019, May 2019 and so on, one period."""
    names = [f"2019-{4 + place:02d}" for place in range(len(months))]
    counts = add_counts([count_searches(code(rows, month=name)) for rows, name in zip(months, names, strict=True)])
    dates = [date.fromisoformat(f"{name}-01") for name in names]
    submitted = pl.DataFrame({"force": FORCE, "month": dates, "submission": dates})
    return break_counts(counts, submitted, cut_periods(dates[0], dates[-1]), priorities)


def break_counts(counts, submitted, periods, priorities=()):
    exact = open_counts(counts, submitted, periods)
    return break_down(Whole(exact.detail, exact.years, submitted, periods), priorities)


def state(name="Knives", types=("offensive_weapons",), first=APRIL, last=None, areas=()):
    given_ = {"force": FORCE, "name": name, "from": first, "to": last, "search_types": types, "areas": areas}
    return Priority.model_validate(given_ | {"source": "A plan"})


def row_of(frame, *key, group="All"):
    """The row of a measure, breakdown and category, and a type of search that is All unless named."""
    measure, breakdown, category, search_type = (*key, "All")[:4]
    (row,) = frame.filter(
        pl.col("measure") == measure,
        pl.col("breakdown") == breakdown,
        pl.col("category") == category,
        pl.col("search_type") == search_type,
        pl.col("ethnic_group") == group,
    ).to_dicts()
    return row


def counts_of(row):
    return row["numerator"], row["denominator"], row["unknown"]


# Hand-worked


@pytest.mark.parametrize(
    ("area", "kind", "numerator", "denominator"),
    [
        ("North", "drugs", 50, 60),
        ("North", "drugs_possession", 40, 60),
        ("North", "drugs_supply", 10, 60),
        ("South", "drugs_possession", 10, 40),
        ("South", "drugs_supply", 0, 40),
        ("South", "drugs_unspecified", 0, 40),
    ],
)
def test_the_share_of_an_area_is_out_of_all_its_searches(area, kind, numerator, denominator):
    row = row_of(breaks(year()), "type_share", "area", area, kind)
    assert (row["numerator"], row["denominator"]) == (numerator, denominator)
    assert row["value"] == numerator / denominator
    limits = stats.binomtest(numerator, denominator).proportion_ci(method="wilson")
    assert (row["lower"], row["upper"]) == pytest.approx((limits.low, limits.high), abs=1e-12)


@pytest.mark.parametrize(
    ("area", "kind", "found", "known"),
    [("North", "All", 13, 60), ("North", "drugs_possession", 10, 40), ("South", "All", 6, 40)],
)
def test_the_find_rate_of_an_area_is_out_of_its_searches_that_tell(area, kind, found, known):
    row = row_of(breaks(year()), "find_rate", "area", area, kind)
    assert counts_of(row) == (found, known, 0)
    assert row["value"] == found / known
    assert row["status"] == ("measured" if known >= 50 else "small")


def test_a_find_rate_of_fewer_than_three_finds_is_suppressed_and_its_count_stays():
    row = row_of(breaks(year()), "find_rate", "area", "North", "drugs_supply")
    assert counts_of(row) == (2, 10, 0)
    assert (row["value"], row["lower"], row["upper_bound"], row["status"]) == (None, None, None, "suppressed")


@pytest.mark.parametrize(
    ("kind", "item", "numerator", "denominator"),
    [
        ("drugs_possession", "drugs", 10, 50),
        ("drugs_possession", "nothing", 40, 50),
        ("drugs_supply", "drugs", 2, 10),
        ("drugs", "drugs", 12, 60),
        ("offensive_weapons", "offensive_weapons", 7, 40),
        ("offensive_weapons", "firearms", 0, 40),
        ("All", "nothing", 81, 100),
    ],
)
def test_items_are_out_of_the_searches_of_a_type(kind, item, numerator, denominator):
    row = row_of(breaks(year()), "item_found_share", "item_found", item, kind)
    assert counts_of(row) == (numerator, denominator, 0)


def test_a_month_is_shared_out_of_its_own_searches():
    april, may = searches("North", "possession", 30, 9), searches("North", "weapons", 20, 1)
    frame = breaks([*april, *may], [*april, *april, *may])
    assert row_of(frame, "type_share", "month", f"{APRIL}-01", "drugs_possession")["value"] == 30 / 50
    assert row_of(frame, "type_share", "month", f"{MAY}-01", "drugs_possession")["value"] == 60 / 80


def test_origins_are_shared_by_group_and_type():
    rows = [
        *searches("North", "possession", 30, 9, search_origin="self_generated", self_defined_ethnicity=BLACK),
        *searches("North", "possession", 30, 3, search_origin="intelligence", self_defined_ethnicity=BLACK),
        *searches("North", "weapons", 60, 6, search_origin="intelligence", self_defined_ethnicity=WHITE),
    ]
    frame = breaks(rows)
    of = ("origin_share", "search_origin", "self_generated")
    assert counts_of(row_of(frame, *of)) == (30, 120, 0)
    assert counts_of(row_of(frame, *of, group="Black")) == (30, 60, 0)
    assert counts_of(row_of(frame, *of, group="White")) == (0, 60, 0)
    assert counts_of(row_of(frame, *of, "offensive_weapons")) == (0, 60, 0)
    assert counts_of(row_of(frame, "find_rate", "search_origin", "intelligence")) == (9, 90, 0)


# Priorities


def aligned(frame, category, search_type="All"):
    return counts_of(row_of(frame, "aligned_share", "priority", category, search_type))


def test_a_priority_covers_its_types_in_its_areas():
    frame = breaks(year(), priorities=[state(areas=["North"]), state("Dealing", ["drugs_supply"])])
    assert aligned(frame, "Knives") == (10, 100, 0)
    assert aligned(frame, "Knives", "offensive_weapons") == (10, 40, 0)
    assert aligned(frame, "Dealing") == (10, 100, 0)
    assert aligned(frame, "any") == (20, 100, 0)
    assert aligned(frame, "none") == (80, 100, 0)
    assert counts_of(row_of(frame, "aligned_share", "area", "North")) == (20, 60, 0)
    assert counts_of(row_of(frame, "aligned_share", "area", "South")) == (0, 40, 0)


def test_a_search_under_two_priorities_counts_once_under_any():
    frame = breaks(year(), priorities=[state(areas=["North"]), state("Weapons everywhere")])
    assert [aligned(frame, name)[0] for name in ("Knives", "Weapons everywhere", "any")] == [10, 40, 40]


@pytest.mark.parametrize(
    ("first", "last", "covered"),
    [(APRIL, None, 80), (MAY, None, 40), (APRIL, APRIL, 40), ("2019-01", "2019-04", 40), (APRIL, "2020-01", 80)],
)
def test_a_priority_covers_its_months_out_of_the_searches_of_the_whole_period(first, last, covered):
    frame = breaks(year(), year(), priorities=[state(first=first, last=last)])
    assert aligned(frame, "Knives") == (covered, 200, 0)


def test_drugs_are_both_parts_and_what_says_neither():
    rows = [search(kind, area="North") for kind in ("possession", "supply", "drugs", "weapons") for _ in range(20)]
    assert aligned(breaks(rows, priorities=[state("Drugs", ["drugs"])]), "Drugs") == (60, 80, 0)


@pytest.mark.parametrize(
    ("kind", "area", "priority"),
    [
        ("drugs", "North", state("Dealing", ["drugs_supply"])),
        ("unsaid", "North", state()),
        ("weapons", None, state(areas=["North"])),
    ],
)
@pytest.mark.parametrize(
    ("unsaid", "status"), [(5, "measured"), (6, "partial"), (50, "partial"), (51, "not_measurable")]
)
def test_a_search_that_does_not_say_its_type_or_area_may_be_under_a_priority(kind, area, priority, unsaid, status):
    rows = [search(kind, area=area)] * unsaid + [search("possession", area="North")] * (100 - unsaid)
    row = row_of(breaks(rows, priorities=[priority]), "aligned_share", "priority", priority.name)
    assert counts_of(row) == (0, 100, unsaid)
    assert (row["value"], row["status"]) == (0.0 if status == "measured" else None, status)
    assert (row["lower_bound"], row["upper_bound"]) == (0, unsaid / 100)


def test_without_priorities_or_what_only_a_force_records_there_are_months_alone():
    frame = breaks([{"legislation": DRUGS_ACT}] * 60)
    assert frame.select("measure", "breakdown", "search_type").unique().rows() == [("type_share", "month", "drugs")]


# Gates


@pytest.mark.parametrize(
    ("unsaid", "status"), [(5, "measured"), (6, "partial"), (50, "partial"), (51, "not_measurable")]
)
def test_origins_are_gated_by_how_many_searches_say(unsaid, status):
    rows = [search("weapons", search_origin="intelligence")] * (100 - unsaid) + [search("weapons")] * unsaid
    row = row_of(breaks(rows), "origin_share", "search_origin", "intelligence")
    assert counts_of(row) == (100 - unsaid, 100 - unsaid, unsaid)
    assert row["status"] == status
    assert row["value"] == (None if status == "not_measurable" else 1)
    assert (row["lower"] is None) == (status != "measured")
    assert (row["lower_bound"], row["upper_bound"]) == ((100 - unsaid) / 100, 1)


def test_the_forces_total_decides_for_a_part_in_which_all_is_recorded():
    told = {"is_item_found": None, "outcome": "Arrest"}
    rows = [search("weapons", area="North") | told | {"is_outcome_linked": "True"}] * 80
    rows += [search("weapons", area="South") | told | {"is_outcome_linked": None}] * 20
    frame = breaks(rows)
    assert row_of(frame, "find_rate", "area", "North")["status"] == "partial"
    south = row_of(frame, "find_rate", "area", "South")
    assert (south["lower_bound"], south["upper_bound"], south["lower"]) == (0, 1, None)


def test_months_of_a_file_that_does_not_say_count_as_not_recorded():
    """April's extract names areas, May's monthly file does not: its searches are beside them, in no area."""
    april = [search("weapons", area="North")] * 60
    frame = breaks(april, [search("weapons")] * 40)
    of = ("aligned_share", "priority", "Knives")
    north = [state(areas=["North"])]
    assert counts_of(row_of(breaks(april, [search("weapons")] * 40, priorities=north), *of)) == (60, 100, 40)
    assert row_of(frame, "find_rate", "area", "Not recorded")["denominator"] == 40


# Of two neighbourhoods of Lancashire: a middle point, and the fifth and the authority that it lies in.
PLACES = {
    fifth: read_neighbourhoods()
    .join(read_authorities(), on=["authority", "force"], maintain_order="left")
    .filter(force="lancashire", fifth=fifth, name=name)
    .row(0, named=True)
    for fifth, name in ((1, "Blackburn with Darwen"), (5, "Ribble Valley"))
}


def searches_by_fifth(*lines):
    """So many searches of a kind in a neighbourhood of a fifth; None: without a place."""
    names = ("longitude", "latitude")
    return [
        search(kind, **{name: str(PLACES[fifth][name]) if fifth else None for name in names})
        for fifth, kind, number in lines
        for _ in range(number)
    ]


def break_placed(rows, **stated):
    searches = name_authorities(place_in_neighbourhoods(code(rows, month=APRIL, force="lancashire")))
    first = date.fromisoformat(f"{APRIL}-01")
    submitted = pl.DataFrame({"force": "lancashire", "month": [first], "submission": [first]})
    priority = state(**stated).model_copy(update={"force": "lancashire"})
    return break_counts(count_searches(searches), submitted, cut_periods(first, first), [priority])


LINES = ((1, "weapons", 15), (1, "drugs", 45), (5, "weapons", 40), (5, "drugs", 60))


def fifths_of(frame):
    rows = frame.filter(breakdown="fifth", ethnic_group="All").sort("category")
    return {row["category"]: (*counts_of(row), row["status"]) for row in rows.to_dicts()}


def test_searches_under_any_priority_are_shared_by_fifth_of_deprivation_where_they_lie():
    """Of those that lie in none, as of every place, the share is out of their own."""
    frame = break_placed(searches_by_fifth(*LINES, (None, "weapons", 8)))
    assert fifths_of(frame) == {
        "1": (15, 60, 0, "measured"),
        "5": (40, 100, 0, "measured"),
        "Not recorded": (8, 8, 0, "small"),
    }
    row = row_of(frame, "aligned_share", "fifth", "1")
    limits = stats.binomtest(15, 60).proportion_ci(method="wilson")
    assert (row["value"], row["lower"], row["upper"]) == pytest.approx((0.25, limits.low, limits.high), abs=1e-12)
    by_authority = frame.filter(measure="aligned_share", breakdown="area", ethnic_group="All")
    placed = dict(by_authority.select("category", "numerator").iter_rows())
    expected = Counter({"Not recorded": 8})
    for fifth, number in ((1, 15), (5, 40)):
        expected[PLACES[fifth]["name"]] += number
    assert placed == dict(expected)


def test_a_priority_of_one_authority_holds_in_its_neighbourhoods_alone():
    assert PLACES[1]["name"] != PLACES[5]["name"]
    frame = break_placed(searches_by_fifth(*LINES), areas=[PLACES[5]["name"]])
    assert fifths_of(frame) == {"1": (0, 60, 0, "measured"), "5": (40, 100, 0, "measured")}


def test_of_areas_in_the_words_of_a_file_a_neighbourhood_tells_nothing_and_there_are_bounds():
    rows = [row | {"area": "Old Town"} for row in searches_by_fifth(*LINES)]
    frame = break_placed(rows, areas=["Old Town"])
    assert fifths_of(frame) == {"1": (0, 60, 15, "partial"), "5": (0, 100, 40, "partial")}
    assert row_of(frame, "aligned_share", "fifth", "1")["value"] is None


@pytest.mark.parametrize(("unplaced", "has_rows"), [(161, False), (160, True), (159, True)])
def test_by_fifth_there_is_nothing_where_fewer_than_half_are_placed(unplaced, has_rows):
    frame = break_placed(searches_by_fifth(*LINES, (None, "drugs", unplaced)))
    assert bool(fifths_of(frame)) is has_rows


# Laws

ROW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(list(KINDS)),
        "area": st.sampled_from(["North", "South", None]),
        "search_origin": st.sampled_from(["intelligence", "self_generated", None]),
        "found": st.booleans(),
        "self_defined_ethnicity": st.sampled_from([WHITE, BLACK, None]),
    }
)
ROWS = st.lists(ROW, min_size=1, max_size=30).map(lambda rows: [search(**row) for row in rows])
STATED = [
    state(areas=["North"]),
    state("Dealing", ["drugs_supply"], first=MAY),
    state("Drugs in the south", ["drugs"], areas=["South"]),
]


@few
@given(ROWS, ROWS)
def test_parts_add_up_to_the_whole(april, may):
    frame = breaks(april, may)
    for measure, breakdown in (("find_rate", "area"), ("find_rate", "search_origin")):
        rows = frame.filter(
            pl.col("measure") == measure, pl.col("breakdown") == breakdown, pl.col("search_type") == "All"
        )
        if rows.height:
            whole = rows.filter(pl.col("ethnic_group") == "All")
            assert whole["numerator"].sum() == sum(row["is_item_found"] == "true" for row in [*april, *may])
            assert whole["denominator"].sum() == len(april) + len(may)


@few
@given(ROWS, ROWS)
def test_any_priority_is_at_least_the_largest_and_at_most_the_sum(april, may):
    frame = breaks(april, may, priorities=STATED)
    rows = frame.filter(pl.col("measure") == "aligned_share", pl.col("breakdown") == "priority")
    for (_, _), part in rows.group_by("ethnic_group", "search_type"):
        numbers = dict(part.select("category", "numerator").iter_rows())
        undecided = dict(part.select("category", "unknown").iter_rows())
        any_, none = numbers.pop("any"), numbers.pop("none")
        assert max(numbers.values()) <= any_ <= sum(numbers.values())
        assert any_ + none + undecided["any"] == part["denominator"][0]


@few
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert breaks(rows, priorities=STATED).equals(breaks(shuffled, priorities=STATED))


@few
@given(ROWS)
def test_a_value_lies_within_its_limits_and_no_key_comes_twice(rows):
    frame = breaks(rows, priorities=STATED)
    keys = ["measure", "force", "period_from", "breakdown", "category", "ethnic_group", "search_type"]
    assert not frame.select(keys).is_duplicated().any()
    shown = frame.filter(pl.col("lower").is_not_null())
    assert shown.filter((pl.col("lower") > pl.col("value")) | (pl.col("value") > pl.col("upper"))).is_empty()
    assert frame.filter(pl.col("numerator") > pl.col("denominator") + pl.col("unknown").fill_null(0)).is_empty()


# The synthetic force


@pytest.fixture(scope="module")
def truth():
    return json.loads(example.TRUTH.read_text(encoding="utf-8"))["extract"]


@pytest.fixture(scope="module")
def known():
    """What is made of the extract whose counts the truth holds."""
    (settings,) = example.settings().extracts
    file = settings.files[0].with_name("fellshire-extract.csv")
    supply = read_extract(settings.model_copy(update={"files": (file,), "force": FORCE}))
    counts = count_searches(code_searches(*supply.files))
    months = sorted(file.month for file in supply.files)
    submitted = pl.DataFrame({"force": FORCE, "month": months, "submission": months})
    stated = [
        Priority.model_validate(
            {"force": FORCE, "name": "Harbour", "from": "2024-04", "areas": ["Harbour"], "source": "A plan"}
            | {"search_types": ["offensive_weapons", "drugs_supply"]}
        )
    ]
    return break_counts(counts, submitted, cut_periods(months[0], months[-1]), stated)


@pytest.mark.parametrize("kind", ["drugs_possession", "drugs_supply"])
def test_areas_are_those_that_were_drawn(known, truth, kind):
    for area, number in truth["by_type_and_area"][kind].items():
        row = row_of(known, "type_share", "area", area, kind)
        assert row["numerator"] == number
        assert row["denominator"] == sum(
            counts[area] for counts in truth["by_type_and_area"].values() if area in counts
        )


@pytest.mark.parametrize("kind", ["drugs_possession", "offensive_weapons", "going_equipped"])
def test_origins_and_items_are_those_that_were_drawn(known, truth, kind):
    origins = {"Officer": "self_generated", "Call for service": "call_for_service", "Intelligence": "intelligence"}
    items = {"None": "nothing", "Drugs": "drugs", "Weapon": "offensive_weapons", "Other": "other"}
    told = (
        ("by_type_and_origin", "origin_share", "search_origin", origins),
        (*("by_type_and_item_found", "item_found_share", "item_found", items),),
    )
    for table, measure, breakdown, words in told:
        drawn = Counter(truth[table][kind])
        for theirs, ours in words.items():
            row = row_of(known, measure, breakdown, ours, kind)
            assert counts_of(row) == (drawn[theirs], drawn.total(), 0)


def test_a_priority_covers_what_was_drawn(known, truth):
    drawn = truth["by_type_and_area"]
    covered = drawn["offensive_weapons"]["Harbour"] + drawn["drugs_supply"]["Harbour"]
    total = sum(sum(counts.values()) for counts in drawn.values())
    assert aligned(known, "Harbour") == (covered, total, 0)
