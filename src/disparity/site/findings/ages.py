"""Sentences on age and sex: of whom most searches are made for their number, and the groups among them."""

from disparity.analysis.comparisons import HIGHER, LOWER, UNCLEAR
from disparity.analysis.reasons.age_rates import SEXES
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, Sentence, join, rate, ratio, say
from disparity.vocabulary.codes import ALL, PORTAL_AGE_GROUPS, REFERENCE_GROUP
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED
from disparity.vocabulary.text import join_names

PAGE = "searches#age"
NAMES = {
    ("under 10", "Male"): "boys under 10",
    ("under 10", "Female"): "girls under 10",
    ("10-17", "Male"): "boys aged 10 to 17",
    ("10-17", "Female"): "girls aged 10 to 17",
    ("18-24", "Male"): "men aged 18 to 24",
    ("18-24", "Female"): "women aged 18 to 24",
    ("25-34", "Male"): "men aged 25 to 34",
    ("25-34", "Female"): "women aged 25 to 34",
    ("over 34", "Male"): "men over 34",
    ("over 34", "Female"): "women over 34",
}


def list_ages(evidence: Evidence) -> list[tuple[str, str]]:
    """The ages and sexes that the force has rows of: men first, each sex by age."""
    held = {(age, sex) for age, sex, _ in evidence.rows("age_rates")}
    return [(age, sex) for sex in SEXES for age in PORTAL_AGE_GROUPS if (age, sex) in held]


def find_highest(evidence: Evidence) -> list[tuple[tuple[str, str], Row]]:
    """The ages and sexes whose rate is measured, the highest first."""
    rows = [(each, evidence.row("age_rates", *each, ALL)) for each in list_ages(evidence)]
    measured = [(each, row) for each, row in rows if row and row.values["status"] in {MEASURED, INCOMPLETE}]
    return sorted(measured, key=lambda found: (-found[1].values["value"], found[1].number))


def state_ages(evidence: Evidence) -> Statements:
    """For whom the search rate is highest; then, of them, each group against White residents."""
    ranked = find_highest(evidence)
    if len(ranked) < 2:  # nothing to set beside each other
        return
    (highest, first), (second, other) = ranked[:2]
    is_clear = first.values["lower"] > other.values["upper"]
    doubt = "" if is_clear else f" It is not clear that it was higher than among {NAMES[second]}."
    words = f"The search rate was highest among {NAMES[highest]}: {{}} searches a year for every thousand.{doubt}"
    yield PAGE, "ages", say(words, rate(first, "value"))
    verdicts = {group: _read_verdict(evidence, highest, group) for group in COMPARED_GROUPS}
    for group, verdict in verdicts.items():
        if verdict in (HIGHER, LOWER):
            yield PAGE, "ages_by_group", _compare(evidence, highest, group)
    unclear = [group for group, verdict in verdicts.items() if verdict == UNCLEAR]
    if unclear:
        groups = f"the {join_names(unclear)} {'group' if len(unclear) == 1 else 'groups'}"
        told = f"{_open(highest)} no difference from White residents is clear for {groups}."
        yield PAGE, "ages_by_group", (told,)


def _read_verdict(evidence: Evidence, of: tuple[str, str], group: str) -> str:
    row = evidence.row("age_rates", *of, group)
    return row.values["verdict"] or "" if row else ""


def _compare(evidence: Evidence, of: tuple[str, str], group: str) -> Sentence:
    """Both rates, then their ratio."""
    own, other = (evidence.row("age_rates", *of, name) for name in (group, REFERENCE_GROUP))
    if not own or not other:
        return ()
    both = say(
        f"{_open(of)} there were {{}} searches for every thousand {RESIDENTS_OF[group]} and {{}} for White residents.",
        *(rate(row, "value") for row in (own, other)),
    )
    return join(both, say("That is {} times the rate.", ratio(own, "ratio")))


def _open(of: tuple[str, str]) -> str:
    """What it is of, without the numbers of their age: a sentence has two at most."""
    return f"Among {NAMES[of].partition(' ')[0]} of that age,"
