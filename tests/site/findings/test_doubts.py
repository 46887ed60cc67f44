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
        ("in_doubt", "2 of 12 months are in doubt. They are September 2023 to October 2023."),
        (
            "in_doubt_why",
            "The records of September 2023 cover 10 of its 30 days. In September 2023, the number of searches is far "
            "from the force’s usual. In October 2023, the same number of records comes back, as where an export has a "
            "limit.",
        ),
    ]


def test_where_all_months_are_in_doubt_the_page_says_that_nothing_is_stated():
    whole = told(doubt("capped", SEPTEMBER), years=[year(months_in_doubt=12)])
    assert whole[0][1] == "All 12 months are in doubt. No difference is stated that rests on them."
    one = told(doubt("one_date", SEPTEMBER), years=[year(months_in_doubt=1, months_covered=1)])
    assert one[0][1] == "1 month is here, and it is in doubt. No difference is stated that rests on them."


def test_a_year_is_held_against_its_official_total_or_the_last_there_is():
    (own,) = told(doubt("official_total"), years=[year(months_in_doubt=0)])
    assert own == (
        "in_doubt",
        "The year is in doubt: there are 2.20 times as many searches as in its official total. "
        "No difference is stated that rests on it.",
    )
    (earlier,) = told(doubt("earlier_official_total"), years=[year(months_in_doubt=0)])
    assert earlier[1] == (
        "There are 2.20 times as many searches as in the last official total, of the year ending March 2020. "
        "Either policing changed, or something is wrong with the records."
    )


def test_of_protected_counts_the_kinds_alone_are_told():
    hidden = {"observed": None, "days": None, "days_covered": None}
    told_of = told(doubt("capped", **hidden), doubt("one_date", **hidden), years=())
    assert told_of == [
        (
            "in_doubt",
            "Some months are in doubt. In one or more, most searches have one date. In one or more, the same number of "
            "records comes back, as where an export has a limit. No difference is stated that may rest on them. Which "
            "months they are is not published, to protect people.",
        )
    ]


def test_no_sentence_of_many_months_is_longer_than_a_reader_can_hold():
    months = [date(2023, month, 1) for month in (4, 6, 8, 10, 12)] + [date(2024, 2, 1)]
    doubted = [doubt(kind, month) for kind in ("far_from_usual", "capped") for month in months]
    sentences = [each for _, words in told(*doubted, years=[year(months_in_doubt=6)]) for each in words.split(". ")]
    assert sentences[1].startswith("They are April 2023, June 2023, August 2023, October 2023 and others")
    assert all(len(sentence.split()) <= 30 for sentence in sentences)


def test_one_month_in_doubt_is_one():
    one = told(doubt("capped", SEPTEMBER), years=[year(months_in_doubt=1)])
    assert one[0][1] == "1 of 12 months is in doubt. It is September 2023."
