"""Sentences on drug searches: how common those for possession alone are, what they find, and in whose searches."""

from disparity.site.findings.evidence import Evidence, Statements, compare_intervals
from disparity.site.findings.find_rates import name_type, say_both_shares
from disparity.site.published_figures import Sentence, join, percentage, say
from disparity.vocabulary.codes import ALL, PEOPLE
from disparity.vocabulary.statuses import MEASURED, PARTIAL

PAGE = "finds#drugs"
PARTS = ("drugs_possession", "drugs_supply")
FEWEST_AREAS = 2


def state_drugs(evidence: Evidence) -> Statements:
    """Drug searches, and how much of all searching is for possession alone."""
    drugs, possession = (evidence.estimate("type_share", ALL, kind) for kind in ("drugs", "drugs_possession"))
    if drugs is None or drugs.values["value"] is None or not drugs.values["numerator"]:
        return
    share = say("Officers were looking for drugs in {} of searches.", percentage(drugs, "value"))
    is_partial = possession is not None and possession.values["status"] == PARTIAL
    if possession is None or possession.values["upper_bound" if is_partial else "value"] is None:
        rest: Sentence = (
            "These records do not say whether they suspected possession or supply, so neither can be measured.",
        )
    elif is_partial:
        rest = say(
            "Possession alone was suspected in {} to {} of searches: some records do not say.",
            percentage(possession, "lower_bound"),
            percentage(possession, "upper_bound"),
        )
    else:
        rest = say("Possession alone was suspected in {} of searches.", percentage(possession, "value"))
    yield PAGE, "drugs", join(share, rest)


def choose_kind(evidence: Evidence) -> str:
    """Possession where the records separate it, else drugs as one."""
    row = evidence.estimate("type_share", ALL, "drugs_possession")
    return "drugs" if row is None or row.values["value"] is None else "drugs_possession"


def state_drug_shares_by_group(evidence: Evidence) -> Statements:
    """How much of the searching of each group is for possession, or for drugs where that is all there is."""
    for group, row, _ in evidence.tested("type_share", choose_kind(evidence)):
        words = f"Of searches of {PEOPLE[group]}, {{}} were for {name_type(row)}; of searches of White people, {{}}"
        shares = say_both_shares(evidence, row, words)
        if shares:
            yield PAGE, "drugs_share", shares


def state_drug_find_rates(evidence: Evidence) -> Statements:
    """How often drugs were found, and the find rates of searches for possession and for supply side by side."""
    drugs = evidence.estimate("find_rate", ALL, "drugs")
    words = {
        MEASURED: "Searches for drugs found them in {} of cases.",
        PARTIAL: "Searches for drugs found them in about {} of cases, but this is an estimate.",
    }
    if drugs and drugs.values["value"] is not None and drugs.values["status"] in words:
        yield PAGE, "drugs_found", say(words[drugs.values["status"]], percentage(drugs, "value"))
    rows = [evidence.estimate("find_rate", ALL, kind) for kind in PARTS]
    possession, supply = (row if row and row.values["lower"] is not None else None for row in rows)
    if possession is None or supply is None:
        return
    rates = say(
        "The find rate was {} in searches for possession of drugs and {} in searches for supply"
        f"{compare_intervals(possession, supply)}.",
        percentage(possession, "value"),
        percentage(supply, "value"),
    )
    yield PAGE, "drugs_find_rates", rates


def state_items_found(evidence: Evidence) -> Statements:
    """What was found in drug searches, where the records say."""
    for kind in PARTS if choose_kind(evidence) == "drugs_possession" else ("drugs",):
        drugs, nothing = (
            evidence.part("item_found_share", "item_found", item, ALL, kind) for item in ("drugs", "nothing")
        )
        if drugs and nothing and drugs.values["status"] == MEASURED:
            sentence = say(
                f"In searches for {name_type(drugs)}, drugs were found in {{}} and nothing at all in {{}}.",
                percentage(drugs, "value"),
                percentage(nothing, "value"),
            )
            yield PAGE, "drugs_items", sentence


def state_drugs_by_area(evidence: Evidence) -> Statements:
    """Where searches for possession are the least and the most of all searching."""
    kind = choose_kind(evidence)
    rows = [
        row
        for area in evidence.categories("type_share", "area")
        if (row := evidence.part("type_share", "area", area, ALL, kind)) and row.values["status"] == MEASURED
    ]
    if len(rows) < FEWEST_AREAS:
        return
    least, most = (choose(rows, key=lambda row: row.values["value"]) for choose in (min, max))
    ends = say(
        f"The share of searches that were for {name_type(most)} was largest in {{}}, at {{}}, and smallest in {{}}, "
        f"at {{}}{compare_intervals(most, least)}.",
        *(part for row in (most, least) for part in (row.values["category"], percentage(row, "value"))),
    )
    yield PAGE, "drugs_areas", ends
