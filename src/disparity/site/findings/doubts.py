"""Sentences on months in doubt: the first thing that a page says, where there are any."""

from datetime import date

from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.published_figures import Row, Sentence, count, join, ratio, say
from disparity.vocabulary.calendar import months_from, name_months, name_period
from disparity.vocabulary.doubts import DOUBTS, EARLIER_TOTAL, OF_A_YEAR, PART_OF_MONTH

MOST_SPANS = 4  # of months that a sentence names


def state_doubts(evidence: Evidence) -> Statements:
    """How many months are in doubt, which, and why; then the year, against the official total."""
    rows = list(evidence.rows("doubts").values())
    of_months = [row for row in rows if row.values["doubt"] in DOUBTS]
    if of_months:
        if of_months[0].values["month"]:
            yield "data-quality", "in_doubt", _name_months(evidence, of_months)
            why = (_say_kind(kind, [row for row in of_months if row.values["doubt"] == kind]) for kind in DOUBTS)
            yield "data-quality", "in_doubt_why", join(*(sentence for sentence in why if sentence))
        else:
            yield "data-quality", "in_doubt", _name_kinds(of_months)
    for row in rows:
        if row.values["doubt"] in OF_A_YEAR:
            yield "data-quality", "in_doubt", _say_year(evidence, row)


def _name_months(evidence: Evidence, rows: list[Row]) -> Sentence:
    year = evidence.row("years")
    months = sorted({row.values["month"] for row in rows})
    if year is None:
        return (f"Some months are in doubt. {_list_months(months)}",)
    doubted, covered = count(year, "months_in_doubt"), count(year, "months_covered")
    if year.values["months_in_doubt"] == year.values["months_covered"]:
        all_of = "All {} months are" if year.values["months_covered"] > 1 else "{} month is here, and it is"
        return say(f"{all_of} in doubt. No difference is stated that rests on them.", covered)
    be = "is" if year.values["months_in_doubt"] == 1 else "are"
    return say(f"{{}} of {{}} months {be} in doubt. {_list_months(months)}", doubted, covered)


def _list_months(months: list[date]) -> str:
    """The first of them by name: where there are many, they are in a table."""
    if len(months) == 1:
        return f"It is {name_months(months)}."
    spans = name_months(months).split(", ")
    rest = " and others" if len(spans) > MOST_SPANS else ""
    return f"They are {', '.join(spans[:MOST_SPANS])}{rest}."


def _say_kind(kind: str, rows: list[Row]) -> Sentence:
    if not rows:
        return ()
    if kind == PART_OF_MONTH and len(rows) == 1:
        (row,) = rows
        named = f"The records of {name_months([row.values['month']])} cover {{}} of its {{}} days."
        return say(named, count(row, "days_covered"), count(row, "days"))
    spans = name_months([row.values["month"] for row in rows]).split(", ")
    named = f"In {', '.join(spans)}" if len(spans) <= MOST_SPANS else "In several months"
    return (f"{named}, {DOUBTS[kind]}.",)


def _name_kinds(rows: list[Row]) -> Sentence:
    """Of protected counts: which months, and how far, would tell of few people."""
    kinds = [DOUBTS[kind] for kind in DOUBTS if any(row.values["doubt"] == kind for row in rows)]
    why = " ".join(f"In one or more, {kind}." for kind in kinds)
    return (
        f"Some months are in doubt. {why} No difference is stated that may rest on them. Which months they are is not "
        "published, to protect people.",
    )


def _say_year(evidence: Evidence, row: Row) -> Sentence:
    year = evidence.row("years")
    if year is None or row.values["observed"] is None:
        return (f"The {evidence.period_name} is in doubt: {OF_A_YEAR[row.values['doubt']]}.",)
    to = year.values["nearest_official_to"]
    of = name_period(months_from(to.replace(year=to.year - 1), 2)[1], to)
    times = ratio(row, "observed")
    if row.values["doubt"] == EARLIER_TOTAL:
        return say(
            f"There are {{}} times as many searches as in the last official total, of the {of}. "
            "Either policing changed, or something is wrong with the records.",
            times,
        )
    return say(
        "The year is in doubt: there are {} times as many searches as in its official total. "
        "No difference is stated that rests on it.",
        times,
    )
