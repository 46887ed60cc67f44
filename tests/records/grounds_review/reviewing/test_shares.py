"""What a review gives: figures of the inspectorate, weights by hand, agreement of published tables."""

import tomllib

import polars as pl
import pytest

from disparity.records.grounds_review.reviewing.folder import write_review
from disparity.records.grounds_review.reviewing.settle import settle
from disparity.records.grounds_review.reviewing.shares import measure_review
from disparity.records.grounds_review.sampling.plan import Request
from disparity.vocabulary.errors import RequestError
from support.reviewing import draw, finished, searches

YES, NO, UNSURE = ("yes", ""), ("no", "no_link"), ("cannot tell", "")


def review(drawn, *answers):
    given = finished(drawn, *answers)
    return measure_review(settle(given, drawn), drawn.design, reviewers=len(answers))


def row_of(table, measure="reasonable_share", **key):
    wanted = {"ethnic_group": "All", "search_type": "All", "category": "All"} | key
    (row,) = table.filter(
        pl.col("measure") == measure, *(pl.col(name) == value for name, value in wanted.items())
    ).to_dicts()
    return row


def by_place(drawn, yes, otherwise=NO):
    """Yes to the first so many records drawn, by number."""
    numbers = drawn.rows["record_id"].to_list()
    return {number: YES if place < yes else otherwise for place, number in enumerate(numbers)}


@pytest.fixture(scope="module")
def lancashire(tmp_path_factory):
    """As many records as the inspectorate read, of as many searches as the force made in 2019/20."""
    folder = tmp_path_factory.mktemp("lancashire") / "sample"
    drawn = draw(folder, searches(("White", 8_446)), Request(size=243))
    return review(drawn, by_place(drawn, 209))


def test_the_inspectorates_share_has_its_interval_less_what_was_read_of_all(lancashire):
    # 209 of 243, 86.01%: without end of records 81.08 to 89.81; of 8,446, n / (1 - f) = 243 / 0.971229 = 250.198, and
    # 2 x 215.19 + 3.8415 -+ 1.96 √(3.8415 + 4 x 215.19 x 0.13992) over 2 x (250.198 + 3.8415) gives 81.16 and 89.76.
    row = row_of(lancashire)
    assert (row["numerator"], row["denominator"], row["is_weighted"]) == (209, 243, False)
    assert [round(100 * row[name], 2) for name in ("value", "lower", "upper")] == [86.01, 81.16, 89.76]
    assert (row["interval_method"], row["status"]) == ("Wilson, finite population", "measured")


def test_what_was_read_is_set_beside_all_searches(lancashire):
    row = row_of(lancashire, "reviewed_share")
    assert (row["numerator"], row["denominator"], row["value"], row["lower"]) == (243, 8_446, 243 / 8_446, None)


def test_a_review_by_one_has_no_agreement(lancashire):
    assert not set(lancashire["measure"]) & {"agreement", "kappa"}


@pytest.fixture
def stratified(tmp_path):
    """90 searches of White people, 10 of Black people; ten drawn of each."""
    rows = searches(("White", 90), ("Black", 10))
    return draw(tmp_path / "sample", rows, Request(size=10, by=("ethnic_group",), minimum=10), reviewers=3)


def test_an_oversampled_group_is_weighed_back(stratified):
    groups = dict(stratified.rows.select("record_id", "ethnic_group").rows())
    white = [number for number, group in groups.items() if group == "White"]
    table = review(stratified, {number: NO if number in white[:4] else YES for number in groups})
    # 0.9 x 6 / 10 + 0.1 x 10 / 10 = 0.64; without weights it would be 0.8.
    row = row_of(table)
    assert (row["numerator"], row["denominator"], row["is_weighted"]) == (16, 20, True)
    assert row["value"] == pytest.approx(0.64)
    assert row["interval_method"] == "Wilson, effective sample size"
    white, black = (row_of(table, ethnic_group=group) for group in ("White", "Black"))
    assert (white["value"], white["is_weighted"], white["status"]) == (0.6, False, "small")
    # All ten searches of Black people were read: chance has no part in their share.
    assert (black["value"], black["lower"], black["upper"]) == (1, 1, 1)


def test_reasons_are_of_records_not_called_reasonable(stratified):
    numbers = stratified.rows["record_id"].to_list()
    answers = dict.fromkeys(numbers, YES) | {
        numbers[0]: ("no", "smell_alone"),
        numbers[1]: ("no", "smell_alone"),
        numbers[2]: ("no", ""),
        numbers[3]: UNSURE,
    }
    table = review(stratified, answers)
    shown = {
        row["category"]: (row["numerator"], row["denominator"])
        for row in table.filter(pl.col("measure") == "weak_reason_share").to_dicts()
    }
    assert shown["smell_alone"] == (2, 4)
    assert shown["not_given"] == (2, 4)
    assert shown["no_link"] == (0, 4)


def test_nobody_gives_a_reason_where_all_is_reasonable(stratified):
    table = review(stratified, dict.fromkeys(stratified.rows["record_id"], YES))
    assert "weak_reason_share" not in set(table["measure"])


def test_two_reviewers_agree_as_in_cohens_formula(tmp_path):
    drawn = draw(tmp_path / "sample", searches(("White", 50)), Request(size=50), reviewers=2)
    numbers = drawn.rows["record_id"].to_list()
    pairs = [(YES, YES)] * 20 + [(YES, NO)] * 5 + [(NO, YES)] * 10 + [(NO, NO)] * 15
    table = review(drawn, *(dict(zip(numbers, answers, strict=True)) for answers in zip(*pairs, strict=True)))
    agreement, kappa = row_of(table, "agreement"), row_of(table, "kappa")
    # Observed 35 / 50 = 0.7, expected (25 x 30 + 25 x 20) / 2,500 = 0.5: kappa 0.4.
    assert (agreement["numerator"], agreement["denominator"], agreement["value"]) == (35, 50, 0.7)
    assert kappa["value"] == pytest.approx(0.4)
    assert kappa["interval_method"] == "Cohen’s kappa, large sample"
    counted = [row_of(table, name)["numerator"] for name in ("reasonable_share", "reasonable_by_any_share")]
    assert counted == [20, 35]
    assert row_of(table, "unsettled_share")["numerator"] == 15


def test_three_reviewers_agree_as_in_fleisss_formula(tmp_path):
    drawn = draw(tmp_path / "sample", searches(("White", 4)), Request(size=4), reviewers=3)
    numbers = drawn.rows["record_id"].to_list()
    cases = [(YES, YES, YES), (YES, YES, NO), (NO, NO, NO), (YES, NO, NO)]
    table = review(drawn, *(dict(zip(numbers, answers, strict=True)) for answers in zip(*cases, strict=True)))
    # Pairs that agree 1, 1/3, 1, 1/3: observed 2/3; answers half and half: expected 1/2; kappa 1/3.
    kappa = row_of(table, "kappa")
    assert kappa["value"] == pytest.approx(1 / 3)
    assert (kappa["denominator"], kappa["interval_method"]) == (4, "Fleiss’ kappa, large sample")


def test_reviewers_who_give_one_answer_to_everything_have_no_kappa(stratified):
    same = dict.fromkeys(stratified.rows["record_id"], YES)
    kappa = row_of(review(stratified, same, same), "kappa")
    assert (kappa["value"], kappa["status"]) == (None, "not_measurable")


def test_only_records_that_every_reviewer_has_answered_tell_of_agreement(stratified):
    same = dict.fromkeys(stratified.rows["record_id"], YES)
    fewer = dict(list(same.items())[:15])
    assert row_of(review(stratified, same, fewer), "agreement")["denominator"] == 15


@pytest.mark.parametrize(("searched", "status"), [(49, "small"), (50, "measured"), (51, "measured")])
def test_under_fifty_records_are_few(tmp_path, searched, status):
    drawn = draw(tmp_path / "sample", searches(("White", searched)), Request(size=searched))
    assert row_of(review(drawn, by_place(drawn, 30)))["status"] == status


def test_a_review_is_written_as_tables_without_a_record(tmp_path, stratified):
    same = dict.fromkeys(stratified.rows["record_id"], YES)
    table = review(stratified, same)
    write_review(tmp_path / "review", table, stratified, reviewers=1, reviewed_on="May 2025")
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "review").iterdir()}
    assert set(files) == {"grounds.csv", "review.toml"}
    assert not any(number in text for number in stratified.rows["record_id"] for text in files.values())
    design = tomllib.loads(files["review.toml"])
    assert (design["searches"], design["drawn"], design["reviewed"], design["reviewed_on"]) == (100, 20, 20, "May 2025")
    assert design["stratified_by"] == ["ethnic_group"]
    with pytest.raises(RequestError, match="the folder is not empty"):
        write_review(tmp_path / "review", table, stratified, reviewers=1, reviewed_on="")
