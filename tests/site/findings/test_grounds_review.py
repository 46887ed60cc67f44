"""The review of recorded grounds, in words."""

from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find import find
from disparity.site.published_figures import Row, plain
from support.cells import FORCE
from support.findings import NAME, NOTHING_ELSE, PERIOD

REVIEWED = {"force": FORCE, "period_from": PERIOD[0], "period_to": PERIOD[1], "category": "All"}


def grounds_row(measure, met, size, limits=(None, None)):
    values = {"measure": measure, "ethnic_group": "All", "search_type": "All", "numerator": met, "denominator": size}
    return REVIEWED | values | {"value": met / size, "lower": limits[0], "upper": limits[1], "status": "measured"}


def say_grounds(*rows):
    numbered = [Row("grounds", place, row) for place, row in enumerate(rows, start=1)]
    tables = NOTHING_ELSE | {"estimates": [], "quality": [], "grounds": numbered}
    evidence = Evidence(
        FORCE, NAME, PERIOD, ({"cells": [], "children": [], "children_comparisons": []} | tables).__getitem__
    )
    return [plain(finding.sentence) for finding in find(evidence) if finding.topic == "action#grounds"]


SHARE_OF_ALL = grounds_row("reasonable_share", 209, 243, (0.8116, 0.8976))


def test_the_review_says_its_share_with_interval_and_records():
    (sentence,) = say_grounds(SHARE_OF_ALL)
    assert sentence.startswith("A review of 243 records found reasonable grounds recorded for an estimated 86.0% of ")
    assert "searches in the year ending March " in sentence


def test_reviewers_who_differ_leave_a_range():
    by_any, by_all = grounds_row("reasonable_by_any_share", 225, 243), grounds_row("reasonable_by_all_share", 209, 243)
    assert say_grounds(SHARE_OF_ALL, by_any, by_all)[1:] == [
        "Where one reviewer’s yes is enough, the share is 92.6%. Where every reviewer must say yes, it is 86.0%."
    ]
    assert say_grounds(SHARE_OF_ALL, by_any | {"numerator": 209}, by_all)[1:] == []


def test_agreement_is_said_with_kappa_and_without_it_not_at_all():
    kappa = grounds_row("kappa", 0, 243, (0.39, 0.75)) | {"numerator": None, "value": 0.57}
    agreement = grounds_row("agreement", 222, 243)
    beyond = "Beyond chance their agreement (kappa) is 0.57, where full agreement would be one."
    alike = "Reviewers, who answered on their own, gave the same answer for 91.4% of 243 records."
    assert say_grounds(SHARE_OF_ALL, agreement, kappa)[1:] == [f"{alike} {beyond}"]
    assert say_grounds(SHARE_OF_ALL, kappa)[1:] == [f"Two or more reviewers answered on their own. {beyond}"]
    assert say_grounds(SHARE_OF_ALL, agreement, kappa | {"value": None})[1:] == []


def test_a_share_that_is_suppressed_is_not_spoken_of():
    assert say_grounds(SHARE_OF_ALL | {"value": None, "status": "suppressed"}, grounds_row("agreement", 1, 2)) == []
