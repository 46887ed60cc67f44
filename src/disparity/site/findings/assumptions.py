"""What a ratio of search rates rests on: the ratio as published, and under every other assumption alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER
from disparity.analysis.reasons.decomposition import (
    RATIO_OVER_AREAS,
    RATIO_OVER_FIFTHS,
    RATIO_OVER_NEIGHBOURHOODS,
)
from disparity.analysis.reasons.scenario_rows import (
    ALL_GROUP,
    ALL_REFERENCE,
    IMPUTED,
    LEFT_OUT,
    OFFICER_INFORMED,
    PROPORTIONAL,
    PROPORTIONAL_BY_TYPE,
)
from disparity.analysis.reasons.standardised import AGE_SEX_STANDARDISED
from disparity.analysis.sensitivity.specifications import BOUND, EVERY_MONTH
from disparity.analysis.sensitivity.statements import NOT_AVAILABLE
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import SHORT, name_dependencies, say_one_side, say_times, say_unclear
from disparity.site.findings.residents import RESIDENTS_OF
from disparity.site.published_figures import Row, Sentence, join, ratio, say
from disparity.sources.population import (
    BRACKETING,
    CENSUS_2011,
    CENSUS_2021,
    CONSTANT_GROWTH,
    GROWTH_CONTINUED,
    HEADLINE,
    PLAUSIBLE,
)
from disparity.vocabulary.codes import ALL, PEOPLE, REFERENCE_GROUP
from disparity.vocabulary.text import join_names

MEASURE = "search_rate"
# Ways of counting searches of unknown ethnicity; {} is the people of the group compared.
SCENARIOS = {
    LEFT_OUT: "Left out, as in official statistics",
    PROPORTIONAL: "Shared out like the known",
    PROPORTIONAL_BY_TYPE: "Shared out like the known of the month and type",
    OFFICER_INFORMED: "As officers saw them",
    IMPUTED: "Filled in from all else that is recorded",
    ALL_REFERENCE: f"All are {PEOPLE[REFERENCE_GROUP]}",
    ALL_GROUP: "All are {}",
}
# What a ratio of search rates can be set under.
ASSUMED = ("residents", "unknown_ethnicity", "months")
AS_PUBLISHED = "As published"
RESIDENTS_COUNTED = {
    CENSUS_2011: "Residents as counted in 2011",
    CENSUS_2021: "Residents as counted in 2021",
    CONSTANT_GROWTH: "Residents growing by the same share a year",
    GROWTH_CONTINUED: "Residents growing on as before",
}
UNKNOWN_COUNTED = {
    PROPORTIONAL_BY_TYPE: "Unknown ethnicity shared out",
    OFFICER_INFORMED: "Unknown ethnicity as officers saw it",
    IMPUTED: "Unknown ethnicity filled in",
}
OUTSIDE = "not in the range"
# Like is compared with like: label, analysis and component of reasons.csv.
LIKE_WITH_LIKE = (
    ("Within the same areas", RATIO_OVER_AREAS, "within"),
    ("Within the same fifths of deprivation", RATIO_OVER_FIFTHS, "mantel_haenszel"),
    ("Within the same neighbourhoods", RATIO_OVER_NEIGHBOURHOODS, "mantel_haenszel"),
    ("With the same ages and sexes", AGE_SEX_STANDARDISED, "ratio"),
)
# The ratio within places that has weights of the group's own residents, beside the common one (Mantel-Haenszel).
WEIGHTED = "within"
NOT_KNOWN = "not known from these records"
# The same where a sentence goes on, and what it takes.
ALIKE = {
    RATIO_OVER_AREAS: "areas",
    RATIO_OVER_FIFTHS: "fifths of deprivation",
    RATIO_OVER_NEIGHBOURHOODS: "neighbourhoods",
    AGE_SEX_STANDARDISED: "ages",
}
NOT_TRIED = "Like with like could not be tried: ages and places are not known well enough."
# What the range is over, of residents and of unknown ethnicity: no floor, as groups of the same place or age can still
# lie outside it.
HOWEVER = "on every plausible count"


@dataclass(frozen=True)
class Assumption:
    """What is assumed, with the published row of each group's ratio under it and the column that has the ratio."""

    label: str
    rows: dict[str, Row]
    column: str
    is_in_range: bool


def list_assumptions(evidence: Evidence, group: str) -> list[Assumption]:
    """Give the ratio as published, under every assumption alone, and of like with like.

    `group` is the one whose assumptions are listed; the others' rows are those of the same assumption.
    """
    listed = [
        Assumption(_name(evidence, row), _find_others(evidence, row), "ratio", row.values["role"] != BRACKETING)
        for row in list_alone(evidence, group)
    ]
    groups = [key[1] for key in evidence.rows("comparisons") if key[0] == MEASURE and key[2] == ALL]
    for label, analysis, component in LIKE_WITH_LIKE:
        found = {each: evidence.row("reasons", analysis, each, component) for each in groups}
        rows = {each: row for each, row in found.items() if row and row.values["value"] is not None}
        listed.append(Assumption(label, rows, "value", is_in_range=False))
    return listed


def list_alone(evidence: Evidence, group: str) -> list[Row]:
    """The ratio as published, then under each assumption that changes alone; nothing of a group without one."""
    tried = list_tried(evidence, group)
    return [*tried[:1], *(row for row in tried[1:] if count_changes(row, tried[0]) == 1)]


def list_tried(evidence: Evidence, group: str) -> list[Row]:
    """Every assumption that the ratio of a group was set under, bounds apart: as published first."""
    rows = [
        row
        for key, row in evidence.rows("sensitivity").items()
        if key[:3] == (MEASURE, group, ALL)
        and row.values["role"] != BOUND
        and row.values["verdict"] != NOT_AVAILABLE
        and row.values["ratio"] is not None
    ]
    printed = [row for row in rows if row.values["role"] == HEADLINE]
    return [*printed, *(row for row in rows if row not in printed)] if printed else []


def count_changes(row: Row, printed: Row) -> int:
    """How many assumptions are other than in what is published."""
    return sum(row.values[name] != printed.values[name] for name in ASSUMED)


def _find_others(evidence: Evidence, row: Row) -> dict[str, Row]:
    """Each group's row under the same assumption."""
    place = tuple(row.values[name] for name in ("residents", "unknown_ethnicity", "result_recording", "months"))
    rows = evidence.rows("sensitivity")
    return {
        key[1]: other
        for key, other in rows.items()
        if (key[0], key[2], key[3:]) == (MEASURE, ALL, place) and other.values["ratio"] is not None
    }


def _name(evidence: Evidence, row: Row) -> str:
    values = row.values
    if values["role"] == HEADLINE:
        return AS_PUBLISHED
    if values["months"] != EVERY_MONTH:
        return "Without the months in doubt"
    if values["unknown_ethnicity"] in UNKNOWN_COUNTED:
        return UNKNOWN_COUNTED[values["unknown_ethnicity"]]
    base = evidence.row("population", values["residents"], values["ethnic_group"])
    own = f"Residents: {base.values['population_base']}" if base else "Other residents"
    label = RESIDENTS_COUNTED.get(values["residents"], own)
    return label if values["role"] == PLAUSIBLE else f"{label} ({OUTSIDE})"


def choose_compared(evidence: Evidence) -> Row | None:
    """The comparison to take apart: the stated one furthest from equal rates, else that of Black people."""
    tested = [row for _, row, _ in evidence.tested(MEASURE) if row.values["ratio"] is not None]
    stated = [row for row in tested if row.values["verdict"] in (HIGHER, LOWER) and row.values["ratio"]]
    if stated:
        return max(stated, key=lambda row: max(row.values["ratio"], 1 / row.values["ratio"]))
    return next((row for row in tested if row.values["ethnic_group"] == "Black"), tested[0] if tested else None)


def say_finding(compared: Row) -> str:
    """What the assumptions make of a verdict, in ten words or fewer."""
    people, verdict = PEOPLE[compared.values["ethnic_group"]], compared.values["verdict"]
    if verdict in (HIGHER, LOWER):
        return f"{people}: a {verdict} rate on every plausible count"
    if verdict == DEPENDS:
        return f"{people}: it depends on {join_names(list(_list_short(compared)))}"
    return f"{people}: no clear difference"


def _list_short(compared: Row) -> Iterator[str]:
    return (SHORT[name] for name in (compared.values["depends_on"] or "").split(",") if name)


def say_range(compared: Row) -> Sentence:
    """The one range of a ratio, and what the verdict makes of it; nothing where it has no end."""
    values = compared.values
    if values["range_lower"] is None:
        return ()
    verdict = values["verdict"]
    is_stated = verdict in (HIGHER, LOWER)
    told: Sentence = (
        f"The search rate of {RESIDENTS_OF[values['ethnic_group']]} {'was' if is_stated else 'could be'} ",
        *say_times(compared),
        " of White residents",
    )
    if is_stated:
        return (*told, f", {HOWEVER}.")
    if verdict == DEPENDS:
        return join(
            (*told, "."),
            (f"{say_one_side(compared) or 'Whether they differ'} depends on {name_dependencies(compared)}.",),
        )
    return (*told, f": {say_unclear(compared, 1)}.")


def say_like_with_like(evidence: Evidence, compared: Row) -> Sentence:
    """Say how far a stated ratio moves where like is set beside like, and where it does not stay.

    What is left could be chance where the interval holds 1; it is the other way round where that lies beyond 1.
    """
    group, verdict = compared.values["ethnic_group"], compared.values["verdict"]
    rows = {
        analysis: row
        for _, analysis, component in LIKE_WITH_LIKE
        if (row := evidence.row("reasons", analysis, group, component)) and row.values["value"] is not None
    }
    if verdict not in (HIGHER, LOWER):
        return ()
    is_protected = bool(evidence.published("cells"))
    if not rows:
        return ("Rates within the same places or ages are not published." if is_protected else NOT_TRIED,)
    low, high = (choose(rows.values(), key=lambda row: row.values["value"]) for choose in (min, max))
    each = ", each by itself" if len(rows) > 1 else ""
    alike = f"Like with like, by {join_names([ALIKE[name] for name in rows])}{each}, it was"
    if str(ratio(low, "value")) == str(ratio(high, "value")):
        said = say(f"{alike} {{}} times the rate of White people.", ratio(low, "value"))
    else:
        said = say(f"{alike} {{}} to {{}} times the rate of White people.", ratio(low, "value"), ratio(high, "value"))
    lacking = [words for name, words in ALIKE.items() if name not in rows]
    untried: Sentence = (
        (f"By {join_names(lacking)} no single figure can be given.",) if lacking and not is_protected else ()
    )
    return join(
        said, *_say_undone(rows, verdict), *_say_weighted(evidence, rows, group), *([untried] if untried else [])
    )


def _say_undone(rows: dict[str, Row], verdict: str) -> Iterator[Sentence]:
    """Name the places or ages within which a stated difference could be chance, or is the other way round."""
    sides = {name: _find_side(row) for name, row in rows.items()}
    other = LOWER if verdict == HIGHER else HIGHER
    for side, words in (("", "what is left could be chance"), (other, "it is the other way round")):
        named = [ALIKE[name] for name, of in sides.items() if of == side]
        if named:
            yield (f"Within the same {join_names(named)} {words}.",)
    if sides.get(RATIO_OVER_NEIGHBOURHOODS) in ("", other):
        yield ("But people searched in a neighbourhood need not live there.",)


def _say_weighted(evidence: Evidence, rows: dict[str, Row], group: str) -> Iterator[Sentence]:
    """Say where another way of weighting the same places would not leave the difference on its side."""
    for analysis, row in rows.items():
        other = evidence.row("reasons", analysis, group, WEIGHTED)
        if other is None or other is row or other.values["value"] is None or _find_side(other) == _find_side(row):
            continue
        yield say(
            f"Weighted by where {RESIDENTS_OF[group]} live, it is {{}} times within the same {ALIKE[analysis]}.",
            ratio(other, "value"),
        )


def _find_side(row: Row) -> str | None:
    """On which side of equal rates an interval lies: neither where it holds them, nothing where it is not known."""
    lower, upper = row.values["lower"], row.values["upper"]
    if lower is None or upper is None:
        return None
    return HIGHER if lower > 1 else LOWER if upper < 1 else ""
