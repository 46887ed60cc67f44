"""The five answers of a front page: always five, always in one order.

Each is written from published rows; where there are none it says that it cannot be known, and why.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from disparity.analysis.comparisons import DEPENDS, UNCLEAR
from disparity.site.findings.as_often import say_as_many
from disparity.site.findings.assumptions import HOWEVER, say_like_with_like
from disparity.site.findings.evidence import NO_CLEAR_DIFFERENCE, Evidence, about_searches, compare_intervals
from disparity.site.findings.find_rates import name_type, warn_about_flag
from disparity.site.findings.front_gaps import (
    BLACK,
    CANNOT,
    REASONS,
    STATED,
    find_largest,
    say_found,
    say_why_no_finds,
)
from disparity.site.findings.history import has_official
from disparity.site.findings.ranges import leaves_out_equality, name_dependencies
from disparity.site.published_figures import Row, Sentence, count, join, percentage, rate, say
from disparity.vocabulary.calendar import MONTHS_IN_QUARTER, name_period
from disparity.vocabulary.codes import ALL, PEOPLE, SEARCH_TYPES
from disparity.vocabulary.doubts import DOUBTS, OF_A_YEAR
from disparity.vocabulary.statuses import PARTIAL, SUPPRESSED
from disparity.vocabulary.text import start_sentence

NO_YEAR_BEFORE = f"This {CANNOT} there is no year before in them."


@dataclass(frozen=True)
class Answer:
    """A question of a reader's, what is said to it, and the page and its part that hold the evidence."""

    anchor: str
    question: str
    sentence: Sentence
    topic: str
    page_name: str

    @property
    def address(self) -> str:
        """Where the evidence is, from another page of the force."""
        page, mark, part = self.topic.partition("#")
        return f"{page}.html{mark}{part}"


QUESTIONS: dict[str, tuple[str, str, str]] = {
    "found": ("Was anything found?", "finds", "Finds"),
    "for-what": ("For what?", "finds#drugs", "Drugs"),
    "changing": ("Is it changing?", "over-time", "Over time"),
    "why": ("Why?", "why", "Why"),
    "how-sure": ("How sure?", "data-quality", "Data quality"),
}


def answer(evidence: Evidence) -> tuple[Answer, ...]:
    """Answer the five questions, in their order."""
    say_each: dict[str, Callable[[Evidence], Sentence]] = {
        "found": _say_found,
        "for-what": _say_for_what,
        "changing": _say_changing,
        "why": _say_why,
        "how-sure": _say_how_sure,
    }
    return tuple(
        Answer(anchor, question, say_each[anchor](evidence), topic, name)
        for anchor, (question, topic, name) in QUESTIONS.items()
    )


def _say_found(evidence: Evidence) -> Sentence:
    """The find rate of all searches, then those of Black and White people."""
    row = evidence.estimate("find_rate")
    gap = say_found(evidence, BLACK)
    if row is None or row.values["value"] is None:
        limits: list[Sentence] = []
        if row and row.values["upper_bound"] is not None:
            ends = (percentage(row, "lower_bound"), percentage(row, "upper_bound"))
            limits.append(say("The share is between {} and {}.", *ends))
        return join((f"This {CANNOT} {say_why_no_finds(evidence)}.",), *limits, gap)
    # An estimate is read as a figure: where not all results are recorded, only its bounds are known.
    is_partial = row.values["status"] == PARTIAL and row.values["upper_bound"] is not None
    shown = ("lower_bound", "upper_bound") if is_partial else ("value",)
    share = "{} to {}" if is_partial else "{}"
    found = say(f"What officers looked for was found in {share} of searches.", *(percentage(row, at) for at in shown))
    care = ("There could be fewer finds: their mark is not used as intended in these records.",)
    return join(found, gap, *([care] if any(warn_about_flag(evidence)) else []))


def _say_for_what(evidence: Evidence) -> Sentence:
    """What most searches were for; then possession of drugs, and supply."""
    rows = [row for kind in SEARCH_TYPES if (row := evidence.estimate("type_share", ALL, kind))]
    named = [row for row in rows if row.values["value"] is not None and _is_told(row)]
    if not named:
        return (f"This {CANNOT} {REASONS[SUPPRESSED] if rows else 'they do not say'}.",)
    first = max(named, key=lambda row: row.values["value"])
    said = [say(f"Most often for {name_type(first)}: {{}} of searches.", percentage(first, "value"))]
    drugs = evidence.estimate("type_share", ALL, "drugs")
    if drugs and drugs is not first and drugs.values["value"] is not None:
        said.append(say("For drugs: {}.", percentage(drugs, "value")))
    return join(*said, _say_possession(evidence))


def _is_told(row: Row) -> bool:
    """A kind of its own: drugs as one, and no part of them; not what is not recorded."""
    return row.values["search_type"] != "not_recorded" and not row.values["search_type"].startswith("drugs_")


def _say_possession(evidence: Evidence) -> Sentence:
    row = evidence.estimate("type_share", ALL, "drugs_possession")
    if row and row.values["status"] == PARTIAL and row.values["upper_bound"] is not None:
        ends = (percentage(row, "lower_bound"), percentage(row, "upper_bound"))
        return say("Possession alone was between {} and {} of searches.", *ends)
    if row and row.values["value"] is not None:
        return say("Possession alone was {} of searches.", percentage(row, "value"))
    why = REASONS[SUPPRESSED] if row and row.values["status"] == SUPPRESSED else "they do not say"
    return (f"How much was possession, and how much supply, {CANNOT} {why}.",)


def _say_changing(evidence: Evidence) -> Sentence:
    """The year against the one before; without one, the last months against the first."""
    now, previous = evidence.estimate("search_rate"), evidence.previous
    before = previous.estimate("search_rate") if previous else None
    if previous is None:
        further: Sentence = (
            ("Official figures go further back.",) if has_official(evidence.published("history")) else ()
        )
        return join((NO_YEAR_BEFORE,), further, _compare_quarters(evidence))
    if now is None or before is None or None in (now.values["numerator"], before.values["numerator"]):
        return (f"This {CANNOT} {REASONS[SUPPRESSED]}.",)
    lacking = [each for each in (evidence, previous) if is_missing_months(each)]
    if lacking or not name_period(*previous.period).startswith("year"):
        year = name_period(*(lacking[0] if lacking else previous).period)
        return (f"This {CANNOT} the {year} is not whole.",)
    change = now.values["numerator"] - before.values["numerator"]
    way = "the same as" if not change else f"{'up' if change > 0 else 'down'} from"
    numbers = (count(now, "numerator"), count(before, "numerator"))
    doubt = ("Part of these records is in doubt.",)
    rounded, year = about_searches(evidence), name_period(*previous.period)
    said = say(start_sentence(f"{rounded}{{}} searches, {way} {rounded}{{}} in the {year}."), *numbers)
    return join(
        said,
        *_say_changing_of_black_people(evidence, previous),
        *([doubt] if now.is_in_doubt or before.is_in_doubt else []),
    )


def _say_changing_of_black_people(evidence: Evidence, previous: Evidence) -> list[Sentence]:
    """The search rate of Black people in both years: more searches do not say that there were more of them."""
    rows = [each.estimate("search_rate", BLACK) for each in (evidence, previous)]
    shown = [row for row in rows if row is not None and row.values["value"] is not None]
    if len(shown) < len(rows):
        return []
    # A rise is read into two bare rates: where chance could make the change, that is said.
    unclear = ": no clear change" if compare_intervals(*shown) == NO_CLEAR_DIFFERENCE else ""
    figures = (rate(row, "value") for row in shown)
    return [say(f"For every 1,000 Black residents: {{}}, and {{}} in the year before{unclear}.", *figures)]


def list_quarters(evidence: Evidence) -> tuple[list[Row], list[Row]]:
    """The published first and last three months of searches; none where one of them is missing or in doubt."""
    first, last = evidence.period
    rows = sorted(
        (
            row
            for row in evidence.published("monthly")
            if (row.values["measure"], row.values["ethnic_group"]) == ("search_rate", ALL)
            and first <= row.values["month"] <= last
            and row.values["numerator"] is not None
        ),
        key=lambda row: row.values["month"],
    )
    ends = (rows[:MONTHS_IN_QUARTER], rows[-MONTHS_IN_QUARTER:])
    months = [row.values["month"] for row in rows]
    is_whole = len(rows) >= 2 * MONTHS_IN_QUARTER and _follow(months[:3], first) and months[-1] == last
    if not is_whole or not _follow(months[-3:], months[-3]) or any(row.is_in_doubt for end in ends for row in end):
        return [], []
    return ends


def _follow(months: list[date], first: date) -> bool:
    return [month.year * 12 + month.month for month in months] == [
        first.year * 12 + first.month + place for place in range(len(months))
    ]


def _compare_quarters(evidence: Evidence) -> Sentence:
    first, last = (sum(row.values["numerator"] for row in rows) for rows in list_quarters(evidence))
    if not first or not last:
        return ()
    told = f"The last three months had {say_as_many(last / first)} the first three."
    return (f"{told} A season can do that, so it is no trend.",)


def _say_why(evidence: Evidence) -> Sentence:
    """What the difference said first rests on: no cause is ever given."""
    largest = find_largest(evidence)
    group = largest.values["ethnic_group"] if largest else BLACK
    row = evidence.row("comparisons", "search_rate", group, ALL)
    verdict = row.values["verdict"] if row else ""
    cause = f"Its cause {CANNOT} they do not say who was there to be searched."
    if verdict in STATED:
        stays = (f"The difference for {PEOPLE[group]} stays, {HOWEVER}.",)
        return join(stays, say_like_with_like(evidence, row) if row else (), (cause,))
    if row and verdict == DEPENDS:
        return (f"Whether there is a difference for {PEOPLE[group]} depends on {name_dependencies(row)}. {cause}",)
    if row and verdict == UNCLEAR:
        if leaves_out_equality(row):
            return (f"Whether there is a difference for {PEOPLE[group]} to explain is not clear.",)
        return (f"There is no clear difference for {PEOPLE[group]} to explain.",)
    return (f"This {CANNOT} no difference can be measured for {PEOPLE[group]}.",)


def _say_how_sure(evidence: Evidence) -> Sentence:
    return join(_say_ethnicity(evidence), *_say_months(evidence))


def _say_ethnicity(evidence: Evidence) -> Sentence:
    row = evidence.estimate("unknown_ethnicity_share")
    if row is None or row.values["value"] is None:
        return (f"How often ethnicity is unknown {CANNOT} {REASONS[SUPPRESSED]}.",)
    return say("Ethnicity is unknown for {} of searches.", percentage(row, "value"))


def _say_months(evidence: Evidence) -> list[Sentence]:
    row = evidence.row("quality", "months_missing")
    lacking = [words for words in (say_missing(evidence, " are"), say_doubted(evidence, " are")) if words]
    said = [(*start_words(words), ".") for words in lacking]
    if row and not row.values["rows"] and row.values["of"]:
        words = "Records of all {} months are held." if row.values["of"] > 1 else "Records of the {} month are held."
        said.insert(0, say(words, count(row, "of")))
    return said if say_doubted(evidence) else [*said, ("No month is in doubt.",)]


def start_words(sentence: Sentence) -> Sentence:
    """Let words that follow others begin a sentence."""
    first, *rest = sentence
    return (start_sentence(first) if isinstance(first, str) else first, *rest)


def is_missing_months(evidence: Evidence) -> bool:
    """Whether a month of the period has no file."""
    row = evidence.row("quality", "months_missing")
    return bool(row and row.values["rows"])


def say_missing(evidence: Evidence, are: str = "") -> Sentence:
    """How many months are missing, as it follows "with"; nothing where none is."""
    row = evidence.row("quality", "months_missing")
    if row is None or not row.values["rows"]:
        return ()
    return say(f"{{}} of {{}} months{_agree(are, row.values['rows'])} missing", count(row, "rows"), count(row, "of"))


def say_doubted(evidence: Evidence, are: str = "") -> Sentence:
    """How many months are in doubt, or that the year is, as it follows "with"; nothing where none is."""
    kinds = {row.values["doubt"] for row in evidence.rows("doubts").values()}
    year = evidence.row("years")
    if kinds & set(DOUBTS):
        if year is None or not year.values["months_in_doubt"]:
            return (f"some months{are} in doubt",)
        doubted = year.values["months_in_doubt"]
        numbers = (count(year, "months_in_doubt"), count(year, "months_covered"))
        return say(f"{{}} of {{}} months{_agree(are, doubted)} in doubt", *numbers)
    return (f"the total of the year{_agree(are, 1)} in doubt",) if kinds & set(OF_A_YEAR) else ()


def _agree(are: str, number: int) -> str:
    return are.replace("are", "is") if number == 1 else are
