"""Sentences on what the register answers for: the figures of each entry, and what changed since an action started."""

from collections.abc import Sequence
from typing import Any

from disparity.analysis.actions.register import STATED_MEASURES
from disparity.analysis.measures.entries import BY_NAME
from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.published_figures import Row, Sentence, ratio, say, signed_points, style_of
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP, SEARCH_TYPES
from disparity.vocabulary.statuses import MEASURED
from disparity.vocabulary.text import join_names

PAGE = "action#register"
# Kinds of finding, before the name of the entry.
ANSWER, VANISHED, EFFECT = "answer: ", "vanished: ", "effect: "


def name_disparity(values: dict[str, Any]) -> str:
    """Name what a row of the register, or of stated differences, is about.

    >>> name_disparity({"measure": "find_rate", "ethnic_group": "Black", "search_type": "drugs"})
    'Find rate, Black people, drugs'
    """
    kind = "" if values["search_type"] == ALL else f", {SEARCH_TYPES[values['search_type']].lower()}"
    return f"{BY_NAME[values['measure']].title}, {PEOPLE[values['ethnic_group']]}{kind}"


def state_answered(evidence: Evidence) -> Statements:
    """Both rates of this edition, then the ratio or difference, for every entry of the register."""
    for entry in evidence.rows("actions").values():
        sentence = _say_figures(evidence, entry.values)
        if sentence:
            yield PAGE, f"{ANSWER}{entry.values['entry']}", sentence


def state_vanished(evidence: Evidence) -> Statements:
    """Entries whose difference this edition's figures do not state, over all that they answer for or over the whole."""
    for entry in evidence.rows("actions").values():
        values = entry.values
        if values["measure"] not in STATED_MEASURES:
            continue
        stated = [
            kind
            for (_, _, kind), row in evidence.rows("disparities").items()
            if values["entry"] in (row.values["entries"] or "").split("; ")
        ]
        if values["search_type"] not in stated:
            yield PAGE, f"{VANISHED}{values['entry']}", (_say_vanished(stated),)


def _say_vanished(stated: Sequence[str]) -> str:
    """There may be no figure at all: the words claim no more than that nothing is stated."""
    if not stated:
        return "The figures of this edition no longer state this difference: there is none, or none that is clear."
    kinds = join_names([SEARCH_TYPES[kind].lower() for kind in stated])
    return f"The figures of this edition no longer state this difference as a whole, only by type of search: {kinds}."


def _say_figures(evidence: Evidence, values: dict[str, Any]) -> Sentence:
    measure, group, kind = values["measure"], values["ethnic_group"], values["search_type"]
    own, other = (evidence.estimate(measure, name, kind) for name in (group, REFERENCE_GROUP))
    compared = evidence.row("comparisons", measure, group, kind)
    if own is None or other is None or own.values["value"] is None or other.values["value"] is None:
        return ()
    is_rate, style, unit = BY_NAME[measure].is_per_residents, style_of(measure), BY_NAME[measure].unit_in_words
    both = say(
        f"In this edition: {{}}{unit} for {PEOPLE[group]}, {{}} for White people",
        style(own, "value"),
        style(other, "value"),
    )
    if is_rate and compared and compared.values["ratio"] is not None:
        return both + say(". The ratio is {}.", ratio(compared, "ratio"))
    if not is_rate and compared and compared.values["difference"] is not None:
        return both + say(". The difference is {} percentage points.", signed_points(compared, "difference"))
    return (*both, ".")


def state_effects(evidence: Evidence) -> Statements:
    """The measure before and after an action started, and the jump at its start against that of White people."""
    for entry in evidence.rows("actions").values():
        rows = {
            (row.values["series"], row.values["component"]): row
            for row in evidence.rows("effects").values()
            if row.values["entry"] == entry.values["entry"] and row.values["status"] == MEASURED
        }
        if rows:
            yield PAGE, f"{EFFECT}{entry.values['entry']}", _say_effect(entry.values, rows)


def explain_effect(evidence: Evidence) -> Sentence:
    """The first effect that is measured, as an example."""
    return next((sentence for _, _, sentence in state_effects(evidence)), ())


def _say_effect(values: dict[str, Any], rows: dict[tuple[str, str], Row]) -> Sentence:
    measure, style = BY_NAME[values["measure"]], style_of(values["measure"])
    level = rows["group_against_reference", "level"]
    rates = say(
        f"The {measure.noun} of {PEOPLE[values['ethnic_group']]} was {{}}{measure.unit_in_words} before the action "
        "started and {} after. ",
        style(rows["group", "rate_before"], "value"),
        style(rows["group", "rate_after"], "value"),
    )
    is_clear = level.values["upper"] < 1 or level.values["lower"] > 1
    if not is_clear:
        return (*rates, "Set against that of White people, there is no clear jump at the start.")
    words = "Set against that of White people, it jumped at the start to {} times what it was."
    return rates + say(words, ratio(level, "value"))
