"""Sentences on the forces whose residents are most like a force's: which they are, and official rates of all."""

from collections.abc import Callable, Sequence

from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, Sentence, rate, say
from disparity.vocabulary.calendar import within
from disparity.vocabulary.text import join_names, start_sentence

GROUP = "Black"


def say_names(rows: Sequence[Row], name_of: Callable[[str], str]) -> str:
    """Name the forces nearest by residents, the nearest first, in sentences short enough to take in."""
    names = [name_of(row.values["nearest_force"]) for row in rows if row.values["place"]]
    return f"{join_names(names[:3])} have the most similar residents. Then come {join_names(names[3:])}."


def say_rates(rows: Sequence[Row]) -> Sentence:
    """The force's own official rate of Black people, and the lowest and highest of its nearest; no difference is said.

    Official counts do not say how far chance could have moved them.
    """
    rated = [row for row in rows if row.values["rate"] is not None]
    own = [row for row in rated if row.values["place"] == 0]
    others = sorted((row for row in rated if row.values["place"]), key=lambda row: row.values["rate"])
    if not own or len(others) < 2:
        return ()
    start = start_sentence(within(*own[0].period))
    return say(
        f"{start}, official figures give {{}} searches for every 1,000 {RESIDENTS_OF[GROUP]} here. "
        "In the seven forces with the most similar residents it was {} to {}.",
        rate(own[0], "rate"),
        *(rate(row, "rate") for row in (others[0], others[-1])),
    )
