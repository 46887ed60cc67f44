"""Sentences on how searches were carried out (force, video, clothing, custody), and on people searched before."""

from disparity.analysis.comparisons import HIGHER, LOWER
from disparity.analysis.measures.entries import FREQUENT_SHARE, REPEAT_SHARE, TOLD_MEASURES
from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.findings.find_rates import say_both_shares
from disparity.site.published_figures import Sentence, count, join, percentage, say
from disparity.vocabulary.codes import PEOPLE
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL

PAGE = "finds#force-used"
# Measure → what is said of it where it is measured, and what records would have to say.
WORDS = {
    "force_used_rate": ("Force was used in {} of searches.", "whether force was used"),
    "handcuffed_rate": ("Handcuffs were used in {} of searches.", "whether handcuffs were used"),
    "video_on_rate": ("Body-worn video was on in {} of searches.", "whether body-worn video was on"),
    "intimate_parts_rate": ("Intimate parts were exposed in {} of searches.", "how far clothing was removed"),
    "detained_rate": ("Of arrests after a search, {} led to custody.", "whether an arrest led to custody"),
}


def state_handling(evidence: Evidence) -> Statements:
    """How often each was so, of searches that record it; or that too few do."""
    for measure in TOLD_MEASURES:
        row = evidence.estimate(measure.name)
        if row is None:
            continue
        words, what = WORDS[measure.name]
        of = "arrests" if measure.name == "detained_rate" else "searches"
        sentence: Sentence = ()
        if row.values["status"] == NOT_MEASURABLE:
            sentence = (f"Too few records say {what}.",)
        elif row.values["value"] is not None and row.values["status"] == PARTIAL:
            unsure = say(f"This is an estimate: {{}} {of} do not say {what}.", count(row, "unknown"))
            sentence = join(say(words.replace("{}", "about {}"), percentage(row, "value")), unsure)
        elif row.values["value"] is not None:
            sentence = say(words, percentage(row, "value"))
        if sentence:
            yield PAGE, "handling", sentence


def state_handling_by_group(evidence: Evidence) -> Statements:
    """Stated differences between searches of a group and of White people."""
    for measure in TOLD_MEASURES:
        for group, row, verdict in evidence.tested(measure.name):
            shares = say_both_shares(evidence, row, measure.say_both(PEOPLE[group]))
            if shares and verdict in (HIGHER, LOWER):
                yield PAGE, "handling_stated", shares


def state_repeats(evidence: Evidence) -> Statements:
    """How many searches are of people searched before, and how many people were searched often."""
    before = evidence.part(REPEAT_SHARE.name, "person", "searched_before")
    often = evidence.part(FREQUENT_SHARE.name, "person", "five_times_or_more")
    if before is None or before.values["value"] is None:
        return
    parts = [say("Of searches, {} were of people searched before in the period.", percentage(before, "value"))]
    if often is not None and often.values["value"] is not None:
        words = "Of {} people, {} were searched five times or more."
        parts.append(say(words, count(often, "denominator"), percentage(often, "value")))
    yield PAGE, "repeats", join(*parts)
