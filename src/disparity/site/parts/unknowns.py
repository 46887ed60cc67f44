"""What a force's records cannot tell: one list, written from statuses and decisions, for every page to point to."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from disparity.site.findings.areas import can_show_areas
from disparity.site.findings.children import has_children
from disparity.site.findings.drugs import PARTS
from disparity.site.findings.evidence import Evidence
from disparity.site.page import Edition
from disparity.site.published_figures import Row, Sentence, percentage, say
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import (
    MEASURED,
    NOT_MEASURABLE,
    PARTIAL,
    RESTRICTED_LABELS,
    SMALL,
    SUPPRESSED,
)

PROTECTED = "It is left out to protect people: such counts could point to somebody."
OF_PEOPLE = "A search rate needs to know how many people live there."
LABELS = (
    "No. The labels for ethnicity are too few, or do not fit the rows they are in. No rate of a group is given on them."
)
FINDS = {
    NOT_MEASURABLE: "Not well enough. Too few records say whether the outcome had to do with the item searched for. "
    "The pages give only the least and the most that can have been found.",
    PARTIAL: "Only in part. Some records do not say whether the item was found, so the find rate is an estimate.",
    SMALL: "Only roughly. There are few searches, so the find rate is uncertain and groups are not compared.",
    SUPPRESSED: "It is not shown. There are so few that they could point to somebody.",
    RESTRICTED_LABELS: LABELS,
}
HANDLING = "finds#force-used"
NEARLY_ALL, MANY = 0.995, 0.1  # shares that are said to be all, or worth a line


@dataclass(frozen=True)
class Unknown:
    """A question that the records, or this publication, leave open; `id` is where a link leads to.

    `page` is that of the force which says more, if one does.
    """

    id: str
    question: str
    answer: Sentence
    page: str = ""


# What says that nothing can be told of a question: the edition, the latest evidence, and the parts that are shown.
Ask = Callable[[Edition, Evidence, Collection[str]], Sentence]


def list_unknowns(edition: Edition, force: str, shown: Collection[str]) -> list[Unknown]:
    """List what cannot be told of a force, in the order in which a reader asks.

    Args:
        shown: the parts that its pages have, as page#anchor.
    """
    latest = edition.evidence[force][0]
    answered = [(id_, question, page, ask(edition, latest, shown)) for id_, question, page, ask in QUESTIONS]
    return [Unknown(id_, question, answer, page) for id_, question, page, answer in answered if answer]


def _ask_groups(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    rows = [row for (measure, *_), row in latest.rows("estimates").items() if measure == "search_rate"]
    return (LABELS,) if any(row.values["status"] == RESTRICTED_LABELS for row in rows) else ()


def _ask_rates(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    row = latest.estimate("search_rate")
    if row is None or row.values["value"] is not None or not row.values["numerator"]:
        return ()
    return (f"No. {OF_PEOPLE} No such number fits the people whom this force meets.",)


def _ask_finds(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    row = latest.estimate("find_rate")
    if row is None or row.values["status"] == MEASURED:
        return ()
    return (FINDS.get(row.values["status"], FINDS[NOT_MEASURABLE]),)


def _ask_drugs(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    drugs, unspecified = (latest.estimate("type_share", ALL, kind) for kind in ("drugs", "drugs_unspecified"))
    if drugs is None or not drugs.values["numerator"]:
        return ()
    parts = [row for kind in PARTS if (row := latest.estimate("type_share", ALL, kind))]
    if not any(row.values["value"] is not None or row.values["lower_bound"] is not None for row in parts):
        return ("Not recorded. A record says that the search was for drugs, and no more.",)
    if unspecified is not None and unspecified.values["numerator"]:
        return ("Only in part. Some drug searches do not say.",)
    return ()


def _ask_items(edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    if latest.categories("item_found_share", "item_found"):
        return ()
    if edition.protection:
        return (PROTECTED,)
    return ("Not recorded. A record can say that the item was found. It does not say what else was.",)


def _ask_origins(edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if "searches#origin" in shown:
        return ()
    if edition.protection:
        return (PROTECTED,)
    return ("Not recorded. No record says if an officer saw something, or if somebody called or gave information.",)


def _ask_places(edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    is_placed = can_show_areas(latest) or any(row.values["value"] is not None for row in latest.rows("areas").values())
    if is_placed:
        return ()
    if edition.protection:
        return (PROTECTED,)
    row = latest.row("quality", "coordinates_not_recorded")
    if row is None or row.values["share"] is None:
        return ("Not here. These are counts for the whole force, without places.",)
    if row.values["share"] >= NEARLY_ALL:
        return ("Not recorded. No record says where in the force the search was made.",)
    lacking = say("{} of searches have no place on record.", percentage(row, "share"))
    return (*lacking, " That leaves too few for rates of towns or neighbourhoods.")


def _ask_ages(edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    if edition.protection:
        return (PROTECTED,)
    row = latest.row("quality", "age_group_not_recorded")
    if row is None or row.values["share"] is None:
        return () if has_children(latest) else ("Not here. These are counts without ages.",)
    if row.values["share"] >= NEARLY_ALL:
        return ("Not recorded. No record gives an age, so nothing is said of children either.",)
    start = say("Age is not recorded for {} of searches.", percentage(row, "share"))
    if not has_children(latest):
        return (*start, " Too few are known to be of children.")
    return (*start, " They are left out.") if row.values["share"] >= MANY else ()


def _ask_clothing(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    row: Row | None = latest.estimate("clothing_removed_rate")
    if row is None or row.values["status"] != NOT_MEASURABLE:
        return ()
    return ("Not recorded often enough to give a rate.",)


def _ask_handling(edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if HANDLING in shown:
        return ()
    if edition.protection:
        return (f"Not published. {PROTECTED}",)
    return ("Not here. Public records do not say. A force’s own records may.",)


def _ask_people(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    return () if latest.categories("repeat_search_share", "person") else ("A record is a search, not a person.",)


def _ask_year_before(_edition: Edition, latest: Evidence, _shown: Collection[str]) -> Sentence:
    return () if latest.previous else ("Not here. One period is held, so no year is set beside another.",)


def _ask_before(edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if "over-time#before" in shown:
        return ()
    if edition.protection:
        return ("Not published. Official counts of the same years could undo the protection of these.",)
    return ("Not here. There are no official figures of this force for the years before.",)


def _ask_others(_edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if "compare#similar-forces" in shown:
        return ()
    if "compare#nearest" in shown:
        return ("Only beside those nearest by residents. The official group of similar forces is not known here.",)
    return ("Not here. Records of other forces of the same kind are not part of this publication.",)


def _ask_nearest(_edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if "compare#nearest" in shown:
        return ()
    return ("Not known. There are too few residents, or no census of them, to say which forces are like this one.",)


def _ask_priorities(_edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    return () if "why#priorities" in shown else ("Not here. No stated priority is part of this publication.",)


def _ask_offences(edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if "why#possession-offences" in shown:
        return ()
    if edition.protection:
        return (f"Not published. {PROTECTED}",)
    return ("Not here. There are no recorded offences of this force to set beside its searches.",)


def _ask_action(edition: Edition, _latest: Evidence, _shown: Collection[str]) -> Sentence:
    if edition.settings.own:
        return ()
    return ("Action is not assessed: this publication is not the force’s own, and holds no statement of it.",)


def _ask_grounds(_edition: Edition, _latest: Evidence, shown: Collection[str]) -> Sentence:
    if "action#grounds" in shown:
        return ()
    return ("Not here. That takes a review of what officers wrote, and none is part of this publication.",)


def _always(words: str) -> Ask:
    return lambda _edition, _latest, _shown: (words,)


# Anchor, question, the page of the force that says more, and what answers it.
QUESTIONS: tuple[tuple[str, str, str, Ask], ...] = (
    ("no-groups", "Can ethnic groups be compared?", "data-quality.html", _ask_groups),
    ("no-rate", "How often are people searched, for those who live there?", "searches.html", _ask_rates),
    ("no-finds", "Was the item found?", "finds.html", _ask_finds),
    ("no-action", "What does the force say and do about it?", "", _ask_action),
    ("no-others", "How do forces like this one compare?", "compare.html", _ask_others),
    ("no-nearest", "Which forces have the most similar residents?", "", _ask_nearest),
    ("no-places", "In which neighbourhood?", "", _ask_places),
    ("no-ages", "How old were the people, and how many were children?", "", _ask_ages),
    ("no-possession", "Were drug searches for possession or for supply?", "finds.html", _ask_drugs),
    ("no-year-before", "Is it more or less than the year before?", "", _ask_year_before),
    ("no-before", "How did it look in the years before these records?", "", _ask_before),
    ("no-items", "What was found?", "", _ask_items),
    ("no-origin", "What led to the search?", "", _ask_origins),
    ("no-clothing", "Was more than outer clothing removed?", "", _ask_clothing),
    ("no-handling", "Was force used, and was the search filmed?", "", _ask_handling),
    ("no-priorities", "Are the searches what the force says they are for?", "", _ask_priorities),
    ("no-offences", "How do drug searches compare with recorded drug offences?", "", _ask_offences),
    ("no-grounds", "Were the grounds for each search reasonable?", "", _ask_grounds),
    ("no-cause", "Is a difference unfair?", "why.html", _always("A difference is shown here, not its cause.")),
    ("no-people", "How many different people were searched?", "", _ask_people),
    (
        "no-street",
        "Who was out on the street to be searched?",
        "",
        _always("Nobody counts them. Rates are out of the people who live there."),
    ),
    ("no-unrecorded", "Were there searches that nobody wrote down?", "", _always("Only a record can be counted.")),
)
# What a site can be without, as page or page#anchor → the question that says why.
EXPLAINED = {
    "action": "no-action",
    "action#grounds": "no-grounds",
    "children": "no-ages",
    "compare#similar-forces": "no-others",
    "compare#nearest": "no-nearest",
    "over-time#before": "no-before",
    "places": "no-places",
    HANDLING: "no-handling",
    "searches#origin": "no-origin",
    "why#possession-offences": "no-offences",
    "why#priorities": "no-priorities",
}
