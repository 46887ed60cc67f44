"""Sentences on the review of recorded grounds."""

from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.published_figures import Row, Sentence, count, join, percentage, ratio, say
from disparity.vocabulary.calendar import within
from disparity.vocabulary.codes import ALL

PAGE = "action#grounds"


def state_grounds(evidence: Evidence) -> Statements:
    """What share of searches had reasonable grounds recorded, and how far reviewers agreed."""
    row = evidence.row("grounds", "reasonable_share", ALL, ALL, ALL)
    if row is None or row.values["value"] is None:
        return
    period = within(*row.period)
    estimated = say(
        f"A review of {{}} records found reasonable grounds recorded for an estimated {{}} of searches {period}.",
        *(count(row, "denominator"), percentage(row, "value")),
    )
    yield PAGE, "grounds_share", estimated
    yield from _state_range(evidence)
    yield from _state_agreement(evidence)


def _state_range(evidence: Evidence) -> Statements:
    """How far the share hangs on whom one asks, where more than one was asked."""
    by_all, by_any = (evidence.row("grounds", f"reasonable_by_{who}_share", ALL, ALL, ALL) for who in ("all", "any"))
    if by_all and by_any and by_all.values["numerator"] != by_any.values["numerator"]:
        words = "Where one reviewer’s yes is enough, the share is {}. Where every reviewer must say yes, it is {}."
        yield PAGE, "grounds_range", say(words, percentage(by_any, "value"), percentage(by_all, "value"))


def _state_agreement(evidence: Evidence) -> Statements:
    kappa = evidence.row("grounds", "kappa", ALL, ALL, ALL)
    if kappa is None or kappa.values["value"] is None:
        return
    beyond = say(
        "Beyond chance their agreement (kappa) is {}, where full agreement would be one.",
        ratio(kappa, "value"),
    )
    alike = evidence.row("grounds", "agreement", ALL, ALL, ALL)
    yield PAGE, "grounds_agreement", join(_say_alike(alike), beyond)


def _say_alike(row: Row | None) -> Sentence:
    if row is None:
        return ("Two or more reviewers answered on their own.",)
    return say(
        "Reviewers, who answered on their own, gave the same answer for {} of {} records.",
        *(percentage(row, "value"), count(row, "denominator")),
    )
