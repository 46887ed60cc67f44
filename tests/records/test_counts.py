"""The additive counts: hand-counted cells, and the laws that let parts be counted apart."""

from collections import Counter
from datetime import date
from itertools import product

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from disparity.records import counts
from disparity.records.cell_counts import CELL_COUNTS
from disparity.records.coding import code_searches
from disparity.records.counts import (
    AREA_KEYS,
    CELL_KEYS,
    COUNT_TABLES,
    Counts,
    add_counts,
    count_searches,
    tally_searches,
)
from disparity.vocabulary.codes import FIND_COUNTS, OFFICER_DEFINED, SELF_DEFINED
from support.builders import ASIAN, BLACK, DRUGS_ACT, NOT_STATED, NOTHING, WHITE, Row, code, few, make_raw

APRIL = date(2019, 4, 1)


def assert_same(one: Counts, other: Counts) -> None:
    for name in COUNT_TABLES:
        assert getattr(one, name).equals(getattr(other, name)), name


def groups_of(counts: Counts, basis: str, column: str = "searches") -> dict[str, int]:
    cells = counts.cells.filter(pl.col("ethnicity_basis") == basis)
    return dict(cells.group_by("ethnic_group").agg(pl.col(column).sum()).iter_rows())


def test_a_cell_counts_what_its_searches_say() -> None:
    """Outcome, linked, clothing of eight searches of one cell, counted by hand."""
    table = [
        ("Arrest", "True", "True"),
        ("Arrest", "False", "False"),
        ("Arrest", None, None),
        ("Community resolution", "True", "True"),
        (NOTHING, "True", "False"),
        (NOTHING, None, None),
        (None, "True", None),
        (None, None, "False"),
    ]
    names = ("outcome", "is_outcome_linked", "is_clothing_removed")
    cells = count_searches(code([dict(zip(names, row, strict=True)) for row in table])).cells
    cell = cells.filter(pl.col("ethnicity_basis") == SELF_DEFINED).row(0, named=True)
    assert {name: cell[name] for name in CELL_COUNTS} == {
        "searches": 8,
        "found": 2,
        "not_found": 3,
        "not_found_after_action": 1,
        "unknown_after_action": 1,
        "outcomes": 6,
        "actions": 4,
        "arrests": 3,
        "clothing_recorded": 5,
        "clothing_removed": 2,
        "found_outcomes": 2,
        "found_arrests": 1,
        "stated_outcomes": 0,
        "stated_actions": 0,
    }


def test_a_cell_is_named_by_force_month_basis_group_and_type() -> None:
    coded = code([{"self_defined_ethnicity": BLACK, "legislation": DRUGS_ACT}], force="mereside", month="2020-02")
    cells = count_searches(coded).cells
    february = date(2020, 2, 1)
    assert cells.select(CELL_KEYS).rows() == [
        ("mereside", february, OFFICER_DEFINED, "White", "drugs_unspecified"),
        ("mereside", february, SELF_DEFINED, "Black", "drugs_unspecified"),
    ]


def test_not_stated_and_not_recorded_are_counted_apart() -> None:
    labels = [WHITE, NOT_STATED, NOT_STATED, None, "Refused", None]
    counts = count_searches(code([{"self_defined_ethnicity": label} for label in labels]))
    assert groups_of(counts, SELF_DEFINED) == {"White": 1, "Not stated": 2, "Not recorded": 3}


def test_each_basis_counts_every_search_once() -> None:
    pairs = [(WHITE, "White"), (BLACK, "Black"), (BLACK, "Asian"), (None, "Black"), (WHITE, None)]
    rows: list[Row] = [{"self_defined_ethnicity": own, "officer_defined_ethnicity": seen} for own, seen in pairs]
    counts = count_searches(code(rows))
    assert groups_of(counts, SELF_DEFINED) == {"White": 2, "Black": 2, "Not recorded": 1}
    assert groups_of(counts, OFFICER_DEFINED) == {"White": 1, "Black": 2, "Asian": 1, "Not recorded": 1}


def test_vehicle_only_and_rejected_rows_are_not_counted() -> None:
    kinds = ["Vehicle search", "dog", None, "Person search", "Person and Vehicle search"]
    counts = count_searches(code([{"subject": kind} for kind in kinds]))
    assert groups_of(counts, SELF_DEFINED) == {"White": 2}
    assert counts.ethnicities["searches"].sum() == 2


def test_a_true_flag_on_no_further_action_is_no_find() -> None:
    counts = count_searches(code([{"outcome": NOTHING, "is_outcome_linked": "True"}] * 9))
    assert groups_of(counts, SELF_DEFINED, "found") == {"White": 0}
    assert groups_of(counts, SELF_DEFINED, "not_found") == {"White": 9}


def test_ethnicities_cross_both_bases_and_keep_blanks() -> None:
    pairs = [(WHITE, "White"), (WHITE, "White"), (ASIAN, None), (None, "Black"), (None, None)]
    rows: list[Row] = [{"self_defined_ethnicity": own, "officer_defined_ethnicity": seen} for own, seen in pairs]
    table = count_searches(code(rows)).ethnicities
    assert set(table.drop("force", "month").iter_rows()) == {
        ("W1", "White", 2),
        ("A2", None, 1),
        (None, "Black", 1),
        (None, None, 1),
    }


def test_profiles_keep_what_an_unknown_ethnicity_can_be_told_from() -> None:
    rows: list[Row] = [
        {"self_defined_ethnicity": None, "officer_defined_ethnicity": "Black", "legislation": DRUGS_ACT},
        {
            **{"self_defined_ethnicity": NOT_STATED, "outcome": "Arrest", "is_outcome_linked": "True"},
            "is_clothing_removed": "True",
        },
        {"self_defined_ethnicity": BLACK, "outcome": "Community resolution", "is_outcome_linked": None},
        {"self_defined_ethnicity": BLACK, "outcome": "Community resolution", "is_outcome_linked": None},
        {"self_defined_ethnicity": BLACK, "outcome": None, "is_clothing_removed": None},
    ]
    table = count_searches(code(rows)).profiles
    assert set(table.drop("force", "month", "search_type").iter_rows()) == {
        (None, "Black", "no_further_action", "not_found", False, 1),
        ("Not stated", "White", "arrest", "found", True, 1),
        ("Black", "White", "other_action", "unknown", False, 2),
        ("Black", "White", None, "unknown", None, 1),
    }


def test_areas_are_counted_where_a_record_names_one() -> None:
    finds: Row = {"area": "North", "outcome": "Arrest", "is_outcome_linked": "True"}
    untold: Row = {"area": "North", "outcome": "Arrest", "is_outcome_linked": None}
    counts = count_searches(code([finds, {}, {"area": "North"}, untold]))
    assert counts.areas.select("area", *FIND_COUNTS).rows() == [(None, 1, 0, 1, 0, 0), ("North", 3, 1, 1, 0, 1)]
    assert count_searches(code([{}, {}])).areas.is_empty()


def test_origins_are_counted_where_a_record_says_what_led_to_the_search() -> None:
    finds: Row = {"search_origin": "intelligence", "outcome": "Arrest", "is_outcome_linked": "True"}
    counts = count_searches(code([finds, {}, {"search_origin": "self_generated"}, {"search_origin": "hunch"}]))
    assert counts.origins.select("search_origin", *FIND_COUNTS).rows() == [
        (None, 2, 0, 2, 0, 0),
        ("intelligence", 1, 1, 0, 0, 0),
        ("self_generated", 1, 0, 1, 0, 0),
    ]
    assert count_searches(code([{}, {}])).origins.is_empty()


def test_items_are_counted_by_what_was_searched_for() -> None:
    rows: list[Row] = [
        {"item_found": "drugs", "legislation": DRUGS_ACT, "drug_search_type": "possession"},
        {"item_found": "nothing", "legislation": DRUGS_ACT, "drug_search_type": "possession"},
        {"item_found": "nothing", "legislation": DRUGS_ACT, "drug_search_type": "possession"},
        {"item_found": "drugs"},
        {"item_found": None},
    ]
    table = count_searches(code(rows)).items
    assert table.select("search_type", "item_found", "searches").rows() == [
        ("drugs_possession", "drugs", 1),
        ("drugs_possession", "nothing", 2),
        ("offensive_weapons", None, 1),
        ("offensive_weapons", "drugs", 1),
    ]
    assert count_searches(code([{}, {}])).items.is_empty()


def tell(rows: list[Row], told: str) -> list[tuple[bool | None, int]]:
    table = count_searches(code(rows)).told.filter(told=told)
    return table.group_by("is_told").agg(pl.col("searches").sum()).sort("is_told").rows()


def test_a_kind_of_force_says_that_force_was_used_and_a_blank_says_nothing() -> None:
    rows: list[Row] = [
        {"is_force_used": "True"},
        {"is_force_used": "False"},
        {"force_kind": "less_lethal_weapons"},
        {"force_kind": "handcuffs"},
        {"force_kind": "none"},
        {"is_handcuffed": "True"},
        {},
    ]
    assert tell(rows, "force_used") == [(None, 2), (False, 2), (True, 3)]
    # A Taser says nothing of handcuffs.
    assert tell(rows, "handcuffed") == [(None, 4), (False, 1), (True, 2)]


def test_how_far_clothing_went_says_whether_more_than_outer_clothing_was_removed_where_the_flag_is_blank() -> None:
    extents = ("outer_only", "beyond_outer", "intimate_parts", None)
    rows: list[Row] = [{"clothing_extent": extent, "is_clothing_removed": None} for extent in extents]
    counts = count_searches(code([*rows, {"clothing_extent": "intimate_parts", "is_clothing_removed": "False"}]))
    assert groups_of(counts, SELF_DEFINED, "clothing_recorded") == {"White": 4}
    assert groups_of(counts, SELF_DEFINED, "clothing_removed") == {"White": 2}
    told = counts.told.filter(told="intimate_parts").group_by("is_told").agg(pl.col("searches").sum())
    assert dict(told.rows()) == {True: 2, False: 2, None: 1}


def test_kinds_of_force_are_counted_where_a_record_tells_one_and_no_force_is_a_kind() -> None:
    rows: list[Row] = [{"force_kind": "handcuffs"}, {"is_force_used": "False"}, {"is_force_used": "True"}, {}]
    kinds = count_searches(code(rows)).force_kinds
    assert kinds.select("force_kind", "searches").rows() == [(None, 2), ("handcuffs", 1), ("none", 1)]
    assert count_searches(code(rows[1:])).force_kinds.is_empty()


def test_custody_is_asked_of_arrests_alone() -> None:
    rows: list[Row] = [
        {"outcome": "Arrest", "is_detained": "True"},
        {"outcome": "Arrest", "is_detained": None},
        {"outcome": NOTHING, "is_detained": "True"},
    ]
    assert tell(rows, "detained") == [(None, 1), (True, 1)]


def test_nothing_is_counted_of_what_no_record_tells() -> None:
    counts = count_searches(code([{}, {}]))
    assert [getattr(counts, name).height for name in ("told", "told_clusters", "repeats")] == [0, 0, 0]


def test_what_was_found_does_not_say_that_the_item_searched_for_was() -> None:
    """Cannabis in a search for weapons is no find of a weapon; the outcome and its flag still decide."""
    rows: list[Row] = [
        {"item_found": "drugs", "outcome": NOTHING},
        {"item_found": "nothing", "outcome": "Arrest", "is_outcome_linked": "True"},
        {"item_found": "offensive_weapons", "outcome": None},
    ]
    assert code(rows)["find_status"].to_list() == ["not_found", "found", "unknown"]


def test_a_part_without_a_date_adds_up_with_one_that_has_clusters() -> None:
    """Codes beside texts: as where one force gives quarters, and another records."""
    dated, undated = code([{}] * 4), code([{}] * 4).with_columns(searched_at=pl.lit(None, pl.Datetime("us", "UTC")))
    one, other = tally_searches(dated), tally_searches(undated)
    assert other.clusters.is_empty()
    for parts in ([one, other], [other, one]):
        both = add_counts(parts)
        assert both.clusters.height == one.clusters.height > 0
        assert both.cells.filter(ethnicity_basis="self-defined")["searches"].sum() == 8


def test_a_month_without_searches_has_no_cells_and_adds_nothing() -> None:
    empty, one = count_searches(code([])), count_searches(code([{}]))
    assert {name: getattr(empty, name).height for name in COUNT_TABLES} == dict.fromkeys(COUNT_TABLES, 0)
    assert_same(add_counts([empty, one]), one)


def test_codes_are_sorted_as_their_texts_and_nulls_come_first() -> None:
    texts, days = ["z", "a", None, "é", "Z"], [date(2019, 5, 1), None, APRIL]
    made = pl.DataFrame(list(product(texts, days, texts, texts, texts)), schema=list(AREA_KEYS), orient="row")
    coded = pl.col("force", "self_defined_group").cast(pl.Enum(["z", "a", "é", "Z"]))
    rows = made.with_columns(coded, searches=pl.int_range(pl.len())).sample(fraction=1, shuffle=True, seed=1)
    order = sorted(made.rows(), key=lambda row: [(value is not None, str(value)) for value in row])
    assert counts._sort(rows, "areas").select(AREA_KEYS).rows() == order


LABELS: dict[str, list[str | None]] = {
    "subject": ["Person search", "Vehicle search", "dog"],
    "self_defined_ethnicity": [WHITE, BLACK, NOT_STATED, None],
    "officer_defined_ethnicity": ["White", None],
    "legislation": [DRUGS_ACT, None],
    "outcome": [NOTHING, "Arrest", None],
    "is_outcome_linked": ["True", "False", None],
    "is_clothing_removed": ["True", None],
    "search_origin": ["intelligence", "self_generated"],
    "area": ["North", "South"],
    "item_found": ["drugs", "nothing"],
    "is_force_used": ["True", "False", None],
    "force_kind": ["handcuffs", "none", None],
    "clothing_extent": ["outer_only", "intimate_parts", None],
    "is_detained": ["True", None],
}
ROWS = st.lists(st.fixed_dictionaries({name: st.sampled_from(labels) for name, labels in LABELS.items()}), max_size=25)


@few
@given(ROWS, ROWS, st.sampled_from([("fellshire", "2019-05"), ("mereside", "2019-04"), ("mereside", "2019-05")]))
def test_counts_of_two_force_months_add_up_to_counts_of_both(
    first: list[Row], second: list[Row], other: tuple[str, str]
) -> None:
    """A force and month is never in two parts: its searches pair with each other."""
    raws = [make_raw(first), make_raw(second, force=other[0], month=other[1])]
    both = count_searches(code_searches(*raws))
    parts = [count_searches(code_searches(raw)) for raw in raws]
    assert_same(add_counts(parts), both)
    assert_same(add_counts(parts[::-1]), both)


def test_no_force_is_a_kind_only_in_a_force_month_that_tells_kinds() -> None:
    """Else what another force tells would decide what this one does."""
    told, flags_alone = ({"is_force_used": "True", "force_kind": "handcuffs"}, {"is_force_used": "False"})
    raws = [make_raw([told, flags_alone]), make_raw([flags_alone], force="fellshire", month="2019-05")]
    kinds = count_searches(code_searches(*raws)).force_kinds
    assert kinds.select("month", "force_kind").rows() == [(date(2019, 4, 1), "handcuffs"), (date(2019, 4, 1), "none")]


@few
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[Row], random) -> None:
    counts, shuffled = count_searches(code(rows)), count_searches(code(random.sample(rows, len(rows))))
    assert_same(counts, shuffled)


@few
@given(ROWS)
def test_cells_count_the_rows_that_python_counts(rows: list[Row]) -> None:
    people = [row for row in rows if row["subject"] == "Person search"]
    names = {WHITE: "White", BLACK: "Black", NOT_STATED: "Not stated", None: "Not recorded"}
    counts = count_searches(code(rows))
    assert groups_of(counts, SELF_DEFINED) == Counter(names[row["self_defined_ethnicity"]] for row in people)
    finds = Counter(
        names[row["self_defined_ethnicity"]]
        for row in people
        if (row["outcome"], row["is_outcome_linked"]) == ("Arrest", "True")
    )
    assert {group: found for group, found in groups_of(counts, SELF_DEFINED, "found").items() if found} == finds


@few
@given(ROWS)
def test_in_every_cell_the_parts_stay_within_the_whole(rows: list[Row]) -> None:
    for cell in count_searches(code(rows)).cells.iter_rows(named=True):
        assert 0 < cell["searches"] >= cell["outcomes"] >= cell["actions"] >= cell["arrests"] >= 0
        assert cell["found"] + cell["not_found_after_action"] + cell["unknown_after_action"] == cell["actions"]
        assert cell["found"] + cell["not_found"] + cell["unknown_after_action"] == cell["outcomes"]
        assert cell["clothing_removed"] <= cell["clothing_recorded"] <= cell["searches"]


def test_counts_come_sorted_by_their_keys() -> None:
    rows: list[Row] = [
        {"self_defined_ethnicity": own, "legislation": power}
        for own, power in product([WHITE, BLACK, None, ASIAN], [None, DRUGS_ACT])
    ]
    cells = count_searches(code(rows)).cells
    assert cells.select(CELL_KEYS).rows() == sorted(cells.select(CELL_KEYS).rows())
