"""The first sentence of a page: which months are in doubt, and why."""

from datetime import date

from disparity.site.findings.doubts import state_doubts
from disparity.site.findings.evidence import Evidence
from disparity.site.published_figures import Row, plain

SPAN = {"force": "kent", "period_from": date(2023, 4, 1), "period_to": date(2024, 3, 1)}
SEPTEMBER, OCTOBER = date(2023, 9, 1), date(2023, 10, 1)


def doubt(kind, month=None, **values):
    return SPAN | {"month": month, "doubt": kind, "observed": 2.2, "days": 30, "days_covered": 10} | values


def year(**values):
    months = {"months_in_doubt": 2, "months_covered": 12, "nearest_official_to": date(2020, 3, 1)}
    return SPAN | months | values


def told(*doubts, years=None):
    years = [year()] if years is None else years
    tables = {"doubts": doubts, "years": years}

    def published(name):
        return [Row(name, place, values) for place, values in enumerate(tables.get(name, ()), start=1)]

    evidence = Evidence("kent", "Kent Police", (SPAN["period_from"], SPAN["period_to"]), published)
    return [(kind, plain(sentence)) for _, kind, sentence in state_doubts(evidence)]


def test_nothing_is_said_where_nothing_is_in_doubt():
    assert told() == []


def test_how_many_months_and_which_come_first_and_then_why():
    assert told(doubt("part_of_month", SEPTEMBER), doubt("far_from_usual", SEPTEMBER), doubt("capped", OCTOBER)) == [
        ("in_doubt", "Records of 2 of 12 months are in doubt: September 2023 to October 2023."),
        (
            "in_doubt_why",
            "The records of September 2023 cover 10 of its 30 days. In September 2023, the number of searches is far "
            "from the force’s usual. In October 2023, the same number of records comes back, so what is over a limit "
            "may be lost.",
        ),
    ]


def test_where_all_months_are_in_doubt_the_page_says_that_nothing_is_stated():
    whole = told(doubt("capped", SEPTEMBER), years=[year(months_in_doubt=12)])
    assert whole[0][1] == "Records of all 12 months are in doubt. No difference is stated that rests on them."
    one = told(doubt("one_date", SEPTEMBER), years=[year(months_in_doubt=1, months_covered=1)])
    assert one[0][1] == "Records of the 1 month there is are in doubt. No difference is stated that rests on them."


def test_a_year_is_held_against_its_official_total_or_the_last_there_is():
    (own,) = told(doubt("official_total"), years=[year(months_in_doubt=0)])
    assert own == (
        "in_doubt",
        "Records of the year are in doubt: the number of searches is 2.20 times the official total. "
        "No difference is stated that rests on them.",
    )
    (earlier,) = told(doubt("earlier_official_total"), years=[year(months_in_doubt=0)])
    assert earlier[1] == (
        "The number of searches is 2.20 times the last official total there is, that of the year ending March 2020. "
        "That is a change of policing, or a fault of the records."
    )


def test_of_protected_counts_the_kinds_alone_are_told():
    hidden = {"observed": None, "days": None, "days_covered": None}
    told_of = told(doubt("capped", **hidden), doubt("one_date", **hidden), years=())
    assert told_of == [
        (
            "in_doubt",
            "Records of some months are in doubt: most searches have one date and the same number of records comes "
            "back, so what is over a limit may be lost. No difference is stated that may rest on them. Which months "
            "they are is not published, to protect people.",
        )
    ]
