"""What is published of a review of grounds: all, or what protected counts allow."""

from collections import defaultdict

import polars as pl
import pytest

from disparity.disclosure.protect import FEWEST_CANDIDATES, THRESHOLD, protect
from disparity.records.grounds_review.reviewing.shares import REVIEW_TYPES
from disparity.tables.grounds_review import PROTECTED, TYPES, may_be_shown, publish_review, read_review
from disparity.vocabulary.errors import DataError, RequestError
from support.reviewing import FIRST, LAST

BLANK = {
    **{"period_from": FIRST, "period_to": LAST, "force": "fellshire", "ethnic_group": "All", "search_type": "All"},
    **{"category": "All", "is_weighted": False, "interval_method": "Wilson, finite population", "status": "measured"},
}


def share(met, size, measure="reasonable_share", **other):
    """A row of a review."""
    row = {"measure": measure, "numerator": met, "denominator": size, "value": met / size, "lower": 0.1, "upper": 0.9}
    return BLANK | row | other


def kappa(value, size):
    return share(0, size, "kappa", numerator=None, value=value, lower=value - 0.1234, upper=value + 0.1234)


def review(*rows):
    return pl.DataFrame(list(rows), schema=REVIEW_TYPES)


def protected(*rows, base=5):
    return publish_review(review(*rows), base=base)


WHOLE = share(209, 243)
GROUPS = (
    share(119, 143, ethnic_group="White"),
    share(50, 60, ethnic_group="Black"),
    share(36, 47, ethnic_group="Asian"),
)


def test_an_open_publication_shows_all_of_a_review():
    table = review(WHOLE, *GROUPS, share(3, 34, "weak_reason_share", category="other"))
    assert publish_review(table, base=None).equals(table)


def test_the_share_of_all_is_made_of_rounded_counts():
    (row,) = protected(WHOLE).to_dicts()
    # 209 and 243 to the nearest 5: 210 of 245, 85.7%; Wilson 80.76 to 89.54 in whole percents.
    assert (row["numerator"], row["denominator"], row["interval_method"]) == (210, 245, PROTECTED)
    assert (row["value"], row["lower"], row["upper"]) == (0.86, 0.81, 0.90)
    assert row["places"] == 0


def test_groups_are_shown_where_every_answer_of_every_group_can_be():
    rows = protected(WHOLE, *GROUPS).rows(named=True)
    shown = [(row["ethnic_group"], row["numerator"], row["denominator"], row["status"]) for row in rows]
    assert shown == [
        ("All", 210, 245, "measured"),
        ("Asian", 35, 45, "small"),
        ("Black", 50, 60, "measured"),
        ("White", 120, 145, "measured"),
    ]


@pytest.mark.parametrize(("met", "is_shown"), [(7, False), (8, True), (9, True), (37, True), (38, False), (40, False)])
def test_one_group_with_few_of_an_answer_hides_every_group(met, is_shown):
    """So that no part follows from the share of all and the other parts."""
    table = protected(WHOLE, *GROUPS[:2], share(met, 47, ethnic_group="Asian"))
    assert set(table["ethnic_group"]) == ({"All", "Asian", "Black", "White"} if is_shown else {"All"})


def test_types_are_hidden_apart_from_groups():
    types = (share(190, 220, search_type="drugs_possession"), share(19, 23, search_type="firearms"))
    assert set(protected(WHOLE, *GROUPS, *types)["search_type"]) == {"All"}


@pytest.mark.parametrize(
    ("met", "status"), [(234, "measured"), (236, "suppressed"), (243, "suppressed"), (7, "suppressed")]
)
def test_the_share_of_all_is_suppressed_where_few_gave_one_answer(met, status):
    (row,) = protected(share(met, 243)).to_dicts()
    assert row["status"] == status
    assert (row["value"] is None) == (row["denominator"] is None) == (status == "suppressed")


def test_a_weighted_share_is_a_whole_percent_beside_a_rounded_number_of_records():
    weighted = share(171, 201, is_weighted=True, value=0.838540, lower=0.794650, upper=0.874529)
    (row,) = protected(weighted).to_dicts()
    assert (row["numerator"], row["denominator"]) == (None, 200)
    assert (row["value"], row["lower"], row["upper"]) == (0.84, 0.79, 0.87)


def test_kappa_has_one_decimal_and_no_count_of_agreements():
    rows = {
        row["measure"]: row for row in protected(WHOLE, share(222, 243, "agreement"), kappa(0.5695, 243)).to_dicts()
    }
    assert set(rows) == {"reasonable_share", "kappa"}
    told = rows["kappa"]
    assert (told["numerator"], told["denominator"], told["value"], told["lower"], told["upper"]) == (
        *(None, 245, 0.6, 0.4, 0.7),
    )


def test_kappa_of_few_records_is_left_out():
    assert set(protected(WHOLE, kappa(0.5, 49))["measure"]) == {"reasonable_share"}


def test_no_other_count_of_a_review_is_told():
    told = (
        "reviewed_share",
        "unsettled_share",
        "reasonable_by_any_share",
        "reasonable_by_all_share",
        "weak_reason_share",
    )
    assert protected(*(share(100, 243, name) for name in told)).is_empty()


@pytest.mark.parametrize("base", [5, 10, 15])
def test_of_every_count_that_is_shown_an_intruder_is_left_with_five_values(base):
    """Who knows the rules tries all pairs of yes and no that would be shown so, up to 90 records."""
    fits = defaultdict(list)
    for size in range(1, 91):
        for met in range(size + 1):
            if may_be_shown(met, size, base):
                fits[protect(met, base), protect(size, base)].append((met, size - met, size))
    # What is rounded to the last multiples goes on beyond 90 records.
    whole = {shown: pairs for shown, pairs in fits.items() if shown[1] < 90 - base}
    assert len(whole) > 5
    for pairs in whole.values():
        for values in zip(*pairs, strict=True):
            assert len(set(values)) >= FEWEST_CANDIDATES
            assert min(values) >= THRESHOLD


def write(path, table, old="", new=""):
    text = table.with_columns(pl.col("period_from", "period_to").dt.strftime("%Y-%m")).write_csv()
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return path


def test_the_columns_of_a_review_are_those_that_are_published():
    assert dict(TYPES) == REVIEW_TYPES
    assert list(TYPES) == list(REVIEW_TYPES)


def test_a_review_reads_back_as_it_was_written(tmp_path):
    table = review(WHOLE, *GROUPS, kappa(0.5, 243))
    assert read_review(write(tmp_path / "grounds.csv", table), ("fellshire",), ()).equals(table)


def test_a_folder_without_a_review_is_named(tmp_path):
    with pytest.raises(RequestError) as error:
        read_review(tmp_path / "grounds.csv", ("fellshire",), ())
    assert str(error.value) == (
        "there is no finished review\n"
        f"  where:    {tmp_path / 'grounds.csv'}\n"
        "  found:    No such file or directory\n"
        "  what now: name the folder that `disparity review` wrote as grounds_review, or leave the line out"
    )


def test_a_review_of_another_force_is_refused(tmp_path):
    with pytest.raises(RequestError, match="the review is of a force that is not known"):
        read_review(write(tmp_path / "grounds.csv", review(WHOLE)), ("mereside",), ("mereside", "westwold"))


def test_a_review_of_a_force_that_is_left_out_is_left_out(tmp_path):
    path = write(tmp_path / "grounds.csv", review(WHOLE))
    assert read_review(path, ("mereside",), ("mereside", "fellshire")).is_empty()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numerator", "number"),
        ("2024-04", "04/2024"),
        ("243", "many"),
        (",measured", ","),
        ("fellshire", ""),
        (",209,", ",,"),
    ],
)
def test_a_table_that_was_changed_is_refused(tmp_path, old, new):
    with pytest.raises(DataError, match="the table of the review is not as it was written"):
        read_review(write(tmp_path / "grounds.csv", review(WHOLE), old, new), ("fellshire",), ())


def test_two_rows_of_one_key_are_refused(tmp_path):
    with pytest.raises(DataError):
        read_review(write(tmp_path / "grounds.csv", review(WHOLE, WHOLE)), ("fellshire",), ())
