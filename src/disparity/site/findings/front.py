"""A force's front page in words: one sentence, what is known of Black and White people, and five answers."""

from dataclasses import dataclass

from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.findings.front_answers import Answer, answer, say_doubted, say_missing, start_words
from disparity.site.findings.front_gaps import BLACK, find_largest, say_search_range, say_searched
from disparity.site.published_figures import Sentence, join

PAGE = "index"


@dataclass(frozen=True)
class Front:
    """What the front page says, in its order.

    `headline` is of `group`: that of the largest stated difference, else Black people. `also` says the same of Black
    people where the headline is of others.
    """

    group: str
    headline: Sentence
    range_said: Sentence
    also: Sentence
    answers: tuple[Answer, ...]


def write_front(evidence: Evidence) -> Front:
    """Write the front page of a force from the verdicts and ranges of its comparisons."""
    largest = find_largest(evidence)
    group = largest.values["ethnic_group"] if largest else BLACK
    return Front(
        group=group,
        headline=_say_first(evidence, say_searched(evidence, group)),
        range_said=say_search_range(evidence, group),
        also=() if group == BLACK else _say_of_black_people(evidence),
        answers=answer(evidence),
    )


def state_front(evidence: Evidence) -> Statements:
    """Everything that the front page says, in its order."""
    front = write_front(evidence)
    said = {"headline": front.headline, "range": front.range_said, "also": front.also}
    said |= {answer.anchor: answer.sentence for answer in front.answers}
    yield from ((PAGE, f"front_{name}", sentence) for name, sentence in said.items() if sentence)


def _say_first(evidence: Evidence, said: Sentence) -> Sentence:
    """Months that are missing or in doubt are in the first sentence, after what it is that they make doubtful."""
    lacking = [words for words in (say_missing(evidence, " are"), say_doubted(evidence, " are")) if words]
    if not lacking:
        return start_words(said)
    first, *others = lacking
    return (*start_words(said), "; ", *first, *(part for words in others for part in (", and ", *words)))


def _say_of_black_people(evidence: Evidence) -> Sentence:
    return join((*start_words(say_searched(evidence, BLACK)), "."), say_search_range(evidence, BLACK))
