"""Sentences on the neighbourhoods of a force: where most is searched, and how many can be told from the whole."""

from disparity.analysis.measures.neighbourhood_rates import FITTED, SURELY_ABOVE, SURELY_BELOW
from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.published_figures import Row, rate, say
from disparity.vocabulary.text import start_sentence

PAGE = "places#neighbourhood-map"
BELOW, ABOVE, UNCERTAIN = "below", "above", "cannot be told"
# From these shares on, a part of the neighbourhoods is so called.
PARTS = (
    *((1.0, "all"), (0.9, "nearly all"), (0.6, "most"), (0.4, "about half"), (0.28, "about a third")),
    *((0.2, "about a quarter"), (0.14, "about one in six"), (0.07, "about one in ten"), (1e-9, "a few"), (0.0, "none")),
)


def list_smoothed(evidence: Evidence) -> list[Row]:
    """The rows with a smoothed rate, the highest first; none where the fit failed, or too few searches are placed."""
    rows = [row for row in evidence.rows("neighbourhoods").values() if row.values["fit"] == FITTED]
    return sorted(rows, key=lambda row: (-row.values["smoothed_value"], row.number))


def place_beside_whole(row: Row) -> str:
    """Whether a neighbourhood's rate lies below that of all or above, or cannot be told from it."""
    above: float = row.values["probability_above"]
    if above > SURELY_ABOVE:
        return ABOVE
    return BELOW if above < SURELY_BELOW else UNCERTAIN


def state_neighbourhoods(evidence: Evidence) -> Statements:
    """Where the smoothed rate is highest, beside that of all, and what part is clearly above and below."""
    rows = list_smoothed(evidence)
    if not rows:
        return
    highest, *others = rows
    is_alone = all(row.values["smoothed_upper"] < highest.values["smoothed_lower"] for row in others)
    start = f"Of its neighbourhoods, the search rate was {'' if is_alone else 'among the '}highest in {{}}"
    yield (
        PAGE,
        "neighbourhoods",
        say(
            f"{start}, at {{}} searches a year for every thousand residents. In all of them together it was "
            f"{{}}. {_count_parts(rows)}",
            highest.values["name"],
            rate(highest, "smoothed_value"),
            rate(highest, "whole_value"),
        ),
    )


def _count_parts(rows: list[Row]) -> str:
    """What part of the neighbourhoods lies on either side, in words."""
    places = [place_beside_whole(row) for row in rows]
    if set(places) == {UNCERTAIN}:
        return "No neighbourhood can be told from that."
    below, above, neither = (_name_part(places.count(place) / len(places)) for place in (BELOW, ABOVE, UNCERTAIN))
    rest = "" if UNCERTAIN not in places else f" The rate of {neither} cannot be told from it."
    return f"{start_sentence(below)} were clearly below that and {above} clearly above.{rest}"


def _name_part(share: float) -> str:
    return next(name for least, name in PARTS if share >= least)
