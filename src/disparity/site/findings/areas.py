"""Sentences on the areas of a force: what can be placed, where most is searched, and the groups in each area."""

from collections.abc import Sequence

from disparity.analysis.comparisons import HIGHER, LOWER, UNCLEAR
from disparity.site.findings.evidence import COMPARED_GROUPS, Evidence, Statements
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, count, percentage, rate, say
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import INCOMPLETE, MEASURED
from disparity.vocabulary.text import NAMES, in_words, join_names

PAGE = "places#neighbourhoods"
IN_SHORT = "searches#neighbourhoods"
MOST_NAMED = 4  # more are counted: the table names them
# Verdict → how it reads of the group's rate against White residents' of the same area; what is said first, in full.
WORDS = {HIGHER: "It was higher in {}.", LOWER: "It was lower in {}.", UNCLEAR: "There was no clear difference in {}."}
IN_FULL = "In {areas}, the search rate of {residents} was {verdict} than that of White residents."


def state_unplaced(evidence: Evidence) -> Statements:
    """How many searches are in no area, and whether that leaves enough to show the others."""
    row = evidence.row("quality", "area_not_known")
    if row is None or not row.values["rows"]:
        return
    rest = "" if can_show_areas(evidence) else " That leaves too few for rates by area."
    words = f"Of {{}} searches, {{}} cannot be placed: their records give no place, or one outside every area.{rest}"
    yield PAGE if has_places(evidence) else IN_SHORT, "unplaced", say(words, count(row, "of"), percentage(row, "share"))


def can_show_areas(evidence: Evidence) -> bool:
    """Whether enough searches are in an area for rates by area, residents allowing."""
    # Shares by area are published under the same condition, whether residents are known or not.
    return bool(evidence.categories("type_share", "area"))


def has_places(evidence: Evidence) -> bool:
    """Whether there is anything to say of areas or neighbourhoods: a page of places."""
    return can_show_areas(evidence) and bool(evidence.rows("areas"))


def are_by_coordinates(evidence: Evidence) -> bool:
    """Whether areas are those that coordinates lie in, of some searches at least."""
    row = evidence.row("quality", "coordinates_in_no_area")
    return bool(row and row.values["of"])


def state_area_rates(evidence: Evidence) -> Statements:
    """Where most and fewest searches are made, for every 1,000 residents."""
    rows = [row for (_, group), row in evidence.rows("areas").items() if group == ALL]
    rows = [row for row in rows if row.values["status"] in {MEASURED, INCOMPLETE}]
    if len(rows) < 2:  # nothing to set beside each other
        return
    low, *_, high = sorted(rows, key=lambda row: (row.values["value"], row.number))
    is_clear = low.values["upper"] < high.values["lower"]
    rest = "" if is_clear else " It is not clear which of the two is higher."
    sentence = say(
        "Of its areas, the search rate was highest in {}, at {} searches a year for every thousand residents, and "
        f"lowest in {{}}, at {{}}.{rest}",
        *(part for row in (high, low) for part in (row.values["area"], rate(row, "value"))),
    )
    yield PAGE, "area_rates", sentence


def state_area_ratios(evidence: Evidence) -> Statements:
    """In which areas a group's rate is clearly above or below that of White residents of the same area."""
    for group in COMPARED_GROUPS:
        rows = [row for (_, of), row in evidence.rows("areas").items() if of == group]
        by_verdict = {verdict: _name(rows, verdict) for verdict in WORDS}
        stated = HIGHER if by_verdict[HIGHER] else LOWER
        if by_verdict[stated]:
            start = IN_FULL.format(areas=by_verdict[stated], residents=RESIDENTS_OF[group], verdict=stated)
            others = [verdict for verdict in WORDS if verdict != stated and by_verdict[verdict]]
            told = [WORDS[verdict].format(by_verdict[verdict]) for verdict in others]
            is_whole = sum(row.values["verdict"] in WORDS for row in rows) == len(rows)
            rest = () if is_whole else ("The other areas are not compared.",)
            yield PAGE, "area_ratios", (" ".join((start, *told, *rest)),)


def _name(rows: Sequence[Row], verdict: str) -> str:
    """Name the areas, or say how many they are."""
    areas = [row.values["area"] for row in rows if row.values["verdict"] == verdict]
    if len(areas) > len(NAMES):
        return f"more than {NAMES[-1]} areas"
    every = "all " if len(areas) == len(rows) else ""
    return f"{every}{in_words(len(areas))} areas" if len(areas) > MOST_NAMED else join_names(areas)
