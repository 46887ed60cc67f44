"""One verdict for each record."""

import pytest

from disparity.records.grounds_review.reviewing.settle import settle
from disparity.records.grounds_review.sampling.plan import Request
from disparity.vocabulary.errors import DataError
from support.reviewing import draw, finished, searches

YES, NO, UNSURE = ("yes", ""), ("no", "no_link"), ("cannot tell", "")


@pytest.fixture
def drawn(tmp_path):
    return draw(tmp_path / "sample", searches(("White", 1)), Request(size=1), reviewers=5)


def settled(drawn, *answers):
    return settle(finished(drawn, *({"S00001": answer} for answer in answers)), drawn).row(0, named=True)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ([YES], "yes"),
        ([NO], "no"),
        ([UNSURE], "unsettled"),
        ([YES, YES], "yes"),
        ([YES, NO], "unsettled"),
        ([NO, NO], "no"),
        ([YES, UNSURE], "unsettled"),
        ([YES, YES, NO], "yes"),
        ([YES, NO, NO], "no"),
        ([YES, NO, UNSURE], "unsettled"),
        ([YES, YES, NO, NO], "unsettled"),
        ([YES, YES, YES, NO, UNSURE], "yes"),
    ],
)
def test_more_than_half_of_the_reviewers_decide(drawn, answers, verdict):
    assert settled(drawn, *answers)["verdict"] == verdict


@pytest.mark.parametrize(
    ("answers", "by_any", "by_all"),
    [([YES, YES], True, True), ([YES, NO], True, False), ([NO, UNSURE], False, False), ([YES], True, True)],
)
def test_the_range_is_what_any_and_what_every_reviewer_says(drawn, answers, by_any, by_all):
    row = settled(drawn, *answers)
    assert (row["is_yes_by_any"], row["is_yes_by_all"]) == (by_any, by_all)


def test_reasons_of_all_reviewers_count_once_each(drawn):
    row = settled(drawn, NO, NO, ("no", "smell_alone"), ("no", ""))
    assert row["reasons"] == ["no_link", "smell_alone"]


def test_no_record_number_is_left(drawn):
    assert "record_id" not in settled(drawn, YES)


def test_a_stratum_that_nobody_has_answered_is_refused(tmp_path):
    drawn = draw(tmp_path / "two", searches(("White", 5), ("Black", 5)), Request(size=4, by=("ethnic_group",)))
    white = {number: YES for number, group in drawn.rows.select("record_id", "ethnic_group").rows() if group == "White"}
    with pytest.raises(DataError) as error:
        settle(finished(drawn, white), drawn)
    assert str(error.value) == (
        "1 stratum has no answered record\n"
        "  where:    the forms\n"
        "  found:    stratum 1 of sample.toml\n"
        "  what now: answer some of each stratum: of one that nobody has read nothing can be said"
    )
