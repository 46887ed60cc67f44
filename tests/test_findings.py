"""Findings: every sentence word for word, from evidence made by hand, and the rules all of them keep."""

import re
from datetime import date

import pytest

from cells import APRIL, FORCE, MARCH, YEAR, cell, estimate_cells
from disparity.figures import Figure, Row, number_rows, plain
from disparity.findings import find, gather_evidence
from disparity.inference import COMPARISON_COLUMNS, compare
from disparity.measures import ESTIMATE_COLUMNS
from disparity.reasons import REASON_COLUMNS, explain

NAME = "Lancashire Constabulary"
PERIOD = (APRIL, MARCH)
YEAR_BEFORE = (date(2021, 4, 1), date(2022, 3, 1))
INTERVAL = "95% confidence interval"


def estimate_row(measure, value=None, group="All", search_type="All", **values):
    named = {"measure": measure, "value": value, "ethnic_group": group, "search_type": search_type}
    full = {"ethnicity_basis": "self-defined", "status": "measured"}
    return dict.fromkeys(ESTIMATE_COLUMNS) | full | named | values


def comparison_row(measure, verdict, group="Black", search_type="All", **values):
    named = {"measure": measure, "verdict": verdict, "ethnic_group": group, "search_type": search_type}
    return (
        dict.fromkeys(COMPARISON_COLUMNS) | {"ethnicity_basis": "self-defined", "status": "measured"} | named | values
    )


def bound_row(lower, upper, group="Black"):
    named = {"analysis": "missing_ethnicity", "component": "All", "ethnic_group": group}
    return dict.fromkeys(REASON_COLUMNS) | named | {"lower": lower, "upper": upper}


def quality(*, outcome=0.0, link=0.0, false=(5, 50), missing=0):
    shares = {"outcome_not_recorded": outcome, "link_not_recorded": link, "months_missing": missing / 12}
    counts = {"months_missing": missing}
    rows = [{"item": item, "rows": counts.get(item, 0), "of": 0, "share": share} for item, share in shares.items()]
    return [*rows, {"item": "link_false", "rows": false[0], "of": false[1], "share": None}]


def evidence_of(*estimates, comparisons=(), reasons=(), items=None, period=PERIOD):
    span = {"force": FORCE, "period_from": period[0], "period_to": period[1]}
    drawn = {
        "estimates": estimates,
        "comparisons": comparisons,
        "reasons": reasons,
        "quality": items or quality(),
    }
    tables = {
        name: [Row(name, place, row | span) for place, row in enumerate(rows, start=1)] for name, rows in drawn.items()
    }
    return gather_evidence(FORCE, NAME, period, tables)


def read(kind, *estimates, previous=None, **tables):
    """The sentences of a kind, as a reader sees them."""
    findings = find(evidence_of(*estimates, **tables), previous)
    return [plain(finding.sentence) for finding in findings if finding.kind == kind]


def total(searches):
    return estimate_row("search_rate", searches / 1_500, numerator=searches)


def year_before(searches, missing=0, period=YEAR_BEFORE):
    return evidence_of(total(searches), items=quality(missing=missing), period=period)


# Searches


@pytest.mark.parametrize(
    ("before", "ending"),
    [
        (None, "."),
        (year_before(8_000), ", up from 8,000 in the year ending March 2022."),
        (year_before(9_000), ", down from 9,000 in the year ending March 2022."),
        (year_before(8_000, missing=2), "."),
        (year_before(8_000, period=(date(2022, 1, 1), date(2022, 3, 1))), "."),
        (evidence_of(period=YEAR_BEFORE), "."),
    ],
    ids=["no year before", "fewer", "more", "months missing", "not a year", "no estimate"],
)
def test_searches_stand_beside_those_of_the_whole_year_before(before, ending):
    expected = f"{NAME} recorded 8,446 searches of people in the year ending March 2023{ending}"
    assert read("searches", total(8_446), previous=before) == [expected]


def test_missing_months_are_said_and_no_trend_is():
    assert read("searches", total(8_446), items=quality(missing=1), previous=year_before(9_000)) == [
        f"{NAME} recorded 8,446 searches of people in the year ending March 2023. "
        "Files are missing for part of the period: rates are annualised from the months there are."
    ]


def test_a_force_without_estimates_has_no_finding():
    assert find(evidence_of(), None) == []


def test_as_many_searches_as_the_year_before_are_neither_up_nor_down():
    (sentence,) = read("searches", total(8_446), previous=year_before(8_446))
    assert sentence.endswith("March 2023, as many as in the year ending March 2022.")


def test_missing_months_of_a_force_without_residents_are_said_and_no_trend_is():
    cells = cell(force="city-of-london", searches=900)
    tables = {"estimates": number_rows("estimates", estimate_cells(cells, submitted=YEAR[:6]))}
    tables |= {"comparisons": [], "reasons": [], "quality": evidence_rows("city-of-london", missing=6)}
    evidence = gather_evidence("city-of-london", "City of London Police", PERIOD, tables)
    sentence = plain(find(evidence, year_before(2_000))[0].sentence)
    assert "down from" not in sentence


def evidence_rows(force, missing=0):
    """Quality rows of a force over the period."""
    span = {"force": force, "period_from": APRIL, "period_to": MARCH}
    return [Row("quality", place, row | span) for place, row in enumerate(quality(missing=missing), start=1)]


# Search rates

RATES = [
    estimate_row("search_rate", 17.135, "Black"),
    estimate_row("search_rate", 10.284, "Asian"),
    estimate_row("search_rate", 5.904, "White"),
]
UNKNOWN = estimate_row("unknown_ethnicity_share", 0.1864, numerator=3_070)
NONE_UNKNOWN = estimate_row("unknown_ethnicity_share", 0.0, numerator=0)
BLACK_RATES = "There were 17.1 searches for every 1,000 Black residents and 5.9 for every 1,000 White residents"
ASIAN_RATES = "There were 10.3 searches for every 1,000 Asian residents and 5.9 for every 1,000 White residents"


def ratio_row(verdict, value, lower, upper, group="Black"):
    return comparison_row("search_rate", verdict, group, ratio=value, ratio_lower=lower, ratio_upper=upper)


def test_a_higher_rate_is_stated_after_both_rates_with_its_interval():
    comparison = ratio_row("higher", 2.9023, 2.4819, 3.3745)
    assert read("search_rate_stated", *RATES, NONE_UNKNOWN, comparisons=[comparison]) == [
        f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.48 to 3.37)."
    ]


def test_a_lower_rate_is_stated_as_lower():
    comparison = ratio_row("lower", 0.5023, 0.4819, 0.5745)
    assert read("search_rate_stated", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: a rate 0.50 times, that is, lower ({INTERVAL}: 0.48 to 0.57)."
    ]


def test_rates_that_hardly_differ_are_no_clear_difference():
    comparison = ratio_row("no clear difference", 1.0523, 0.9519, 1.1545)
    assert read("search_rate_unclear", *RATES, comparisons=[comparison]) == [
        f"{BLACK_RATES}: no clear difference (ratio 1.05; {INTERVAL}: 0.95 to 1.15)."
    ]


@pytest.mark.parametrize("limits", [(1.01, 1.35), (0.70, 0.99)])
def test_an_interval_that_leaves_out_1_with_too_large_an_adjusted_p_says_why_it_is_not_clear(limits):
    comparison = ratio_row("no clear difference", 1.17, *limits)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence == (
        f"{BLACK_RATES}: not clear once the number of comparisons is allowed for "
        f"(ratio 1.17; {INTERVAL}: {limits[0]:.2f} to {limits[1]:.2f})."
    )


def test_the_largest_ratio_comes_first_and_only_the_first_says_how_much_ethnicity_is_unknown():
    comparisons = [ratio_row("higher", 1.74, 1.6, 1.9, "Asian"), ratio_row("higher", 2.9, 2.5, 3.4)]
    bounds = [bound_row(2.1, 60.5), bound_row(1.3, 4.5, "Asian")]
    assert read("search_rate_stated", *RATES, UNKNOWN, comparisons=comparisons, reasons=bounds) == [
        f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.50 to 3.40). Ethnicity is unknown for 18.6% of "
        "searches: even if all of these had been of White people, the rate would still be 2.10 times as high.",
        f"{ASIAN_RATES}: a rate 1.74 times as high ({INTERVAL}: 1.60 to 1.90). Even if all searches of unknown "
        "ethnicity had been of White people, the rate would still be 1.30 times as high.",
    ]


def test_unknown_ethnicity_that_could_undo_a_difference_is_said_with_the_range_of_ratios():
    comparisons = [ratio_row("higher", 2.9, 2.5, 3.4), ratio_row("lower", 0.74, 0.6, 0.9, "Asian")]
    bounds = [bound_row(0.91, 33.934), bound_row(0.3, 4.5, "Asian")]
    assert read("search_rate_stated", *RATES, UNKNOWN, comparisons=comparisons, reasons=bounds) == [
        f"{BLACK_RATES}: a rate 2.90 times as high ({INTERVAL}: 2.50 to 3.40). Ethnicity is unknown for 18.6% of "
        "searches: depending on whom the searches were of, the ratio could lie from 0.91 to 33.9.",
        f"{ASIAN_RATES}: a rate 0.74 times, that is, lower ({INTERVAL}: 0.60 to 0.90). Depending on whom the "
        "searches of unknown ethnicity were of, the ratio could lie from 0.30 to 4.50.",
    ]


@pytest.mark.parametrize(("lower", "is_sure"), [(0.99, False), (1, False), (1.02, True)])
def test_only_a_lower_bound_above_1_holds_whoever_was_searched(lower, is_sure):
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(lower, 9)]}
    (sentence,) = read("search_rate_stated", *RATES, UNKNOWN, **tables)
    assert ("even if all" in sentence) == is_sure


def test_a_range_of_ratios_without_an_end_is_left_out():
    tables = {"comparisons": [ratio_row("higher", 2.9, 2.5, 3.4)], "reasons": [bound_row(0.9, None)]}
    (sentence,) = read("search_rate_stated", *RATES, UNKNOWN, **tables)
    assert sentence.endswith("2.50 to 3.40).")


@pytest.mark.parametrize(
    ("lower", "upper", "ending"),
    [(0.2, None, f"(ratio 1.17; {INTERVAL}: above 0.20)."), (None, None, "(ratio 1.17).")],
)
def test_a_ratio_without_an_upper_limit_is_printed_with_what_it_has(lower, upper, ending):
    comparison = ratio_row("no clear difference", 1.17, lower, upper)
    (sentence,) = read("search_rate_unclear", *RATES, comparisons=[comparison])
    assert sentence.endswith(f": no clear difference {ending}")


# Find rate of the force

BOUNDS = {"lower_bound": 0.15, "upper_bound": 0.65}


def test_a_measured_find_rate_has_its_interval():
    row = estimate_row("find_rate", 0.2419, lower=0.1976, upper=0.2926, **BOUNDS)
    assert read("find_rate", row) == [f"The find rate was 24.2% ({INTERVAL}: 19.8% to 29.3%)."]


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (quality(outcome=0.3), "30.0% of searches have no outcome recorded"),
        (
            quality(link=0.182),
            "18.2% of the searches that led to an action do not say whether it was linked to the object of the search",
        ),
        (
            quality(outcome=0.051, link=0.06),
            "5.1% of searches have no outcome recorded, and 6.0% of the searches that led to an action do not say "
            "whether it was linked to the object of the search",
        ),
    ],
    ids=["outcome", "link", "both"],
)
def test_a_partial_find_rate_is_about_so_much_and_says_what_is_blank(items, why):
    row = estimate_row("find_rate", 0.2, status="partial", **BOUNDS)
    assert read("find_rate", row, items=items) == [
        f"The find rate can only be estimated, at about 20.0%: {why}. It lies between 15.0% and 65.0%. "
        "Ethnic groups are not compared."
    ]


def test_a_find_rate_that_cannot_be_measured_has_bounds_only():
    row = estimate_row("find_rate", status="not_measurable", **BOUNDS)
    assert read("find_rate", row, items=quality(link=1.0)) == [
        "The find rate cannot be measured from these records: 100.0% of the searches that led to an action do not say "
        "whether it was linked to the object of the search. All that can be said is that it lies between 15.0% and "
        "65.0%."
    ]


@pytest.mark.parametrize("bounds", [{}, BOUNDS], ids=["no search", "no value"])
def test_no_find_rate_is_stated_where_there_is_none(bounds):
    assert read("find_rate", estimate_row("find_rate", **bounds)) == []


# Find rates by group

FINDS = [estimate_row("find_rate", 0.24194, "Black"), estimate_row("find_rate", 0.1859, "White")]
BLACK_FINDS = (
    "The item searched for was found in 24.2% of searches of Black people and 18.6% of searches of White people"
)


def difference_row(verdict, difference, lower, upper, search_type="All"):
    limits = {"difference_lower": lower, "difference_upper": upper}
    return comparison_row("find_rate", verdict, search_type=search_type, difference=difference, **limits)


@pytest.mark.parametrize(
    ("row", "kind", "ending"),
    [
        (
            difference_row("higher", 0.05604, 0.01114, 0.10716),
            "find_rate_stated",
            f": 5.6 percentage points higher ({INTERVAL}: 1.1 to 10.7 points).",
        ),
        (
            difference_row("lower", -0.05604, -0.10716, -0.01114),
            "find_rate_stated",
            f": 5.6 percentage points lower ({INTERVAL}: 1.1 to 10.7 points).",
        ),
        (
            difference_row("no clear difference", 0.01, -0.02, 0.04),
            "find_rate_unclear",
            ": no clear difference.",
        ),
        (
            difference_row("no clear difference", 0.05604, 0.01114, 0.10716),
            "find_rate_unclear",
            ": a difference that is not clear once the number of comparisons is allowed for.",
        ),
    ],
    ids=["higher", "lower", "unclear", "unclear once adjusted"],
)
def test_find_rates_of_two_groups_are_compared_in_words_as_the_verdict_says(row, kind, ending):
    assert read(kind, *FINDS, comparisons=[row]) == [BLACK_FINDS + ending]


# Find rates by type


def find_of_type(search_type, value, numerator=100, status="measured", group="All"):
    return estimate_row("find_rate", value, group, search_type, numerator=numerator, status=status)


def test_the_range_over_types_names_the_lowest_and_highest():
    rows = [
        *(find_of_type("going_equipped", 0.081), find_of_type("firearms", 0.2), find_of_type("drugs", 0.312)),
        # Not in the range: too few finds, not measured, not a type, a part that is not separated.
        *(find_of_type("terrorism", 0.9, 9), find_of_type("protest", 0.9, status="partial")),
        *(find_of_type("not_recorded", 0.9), find_of_type("drugs_unspecified", 0.9)),
    ]
    assert read("find_rate_range", *rows) == [
        "By type of search, find rates ran from 8.1% (articles for theft) to 31.2% (drugs)."
    ]


@pytest.mark.parametrize(("finds", "count"), [(9, 0), (10, 1), (11, 1)])
def test_a_range_needs_two_types_with_10_finds(finds, count):
    assert len(read("find_rate_range", find_of_type("firearms", 0.2), find_of_type("drugs", 0.3, finds))) == count


def test_a_stated_difference_within_a_type_names_the_type():
    rows = [
        find_of_type("criminal_damage", value, group=group) for group, value in {"Black": 0.1, "White": 0.3}.items()
    ]
    comparison = difference_row("lower", -0.2, -0.3, -0.1, "criminal_damage")
    assert read("find_rate_type_stated", *rows, comparisons=[comparison]) == [
        "In searches for articles for criminal damage, the item was found in 10.0% of searches of Black people and "
        f"30.0% of searches of White people: 20.0 percentage points lower ({INTERVAL}: 10.0 to 30.0 points)."
    ]


# Flags


def actions_of(search_type, actions):
    return estimate_row("action_rate", 0.2, search_type=search_type, numerator=actions)


@pytest.mark.parametrize(("actions", "count"), [(29, 0), (30, 1), (31, 1)])
def test_30_actions_of_a_type_and_none_linked_are_a_flag_that_is_not_used(actions, count):
    rows = find_of_type("firearms", 0.0, 0), actions_of("firearms", actions)
    assert len(read("flag_warning", *rows)) == count


def test_a_flag_not_used_for_some_types_is_warned_of():
    types = {"offensive_weapons": 1_234, "stolen_property": 60, "going_equipped": 45}
    rows = [row for name, n in types.items() for row in (find_of_type(name, 0.0, 0), actions_of(name, n))]
    unspecified = find_of_type("drugs_unspecified", 0.0, 0), actions_of("drugs_unspecified", 99)
    assert read("flag_warning", *rows, *unspecified) == [
        "Of the searches that led to an action, 1,234 after searches for offensive weapons, 60 after searches for "
        "stolen property and 45 after searches for articles for theft, none is recorded as linked to the object of "
        "the search: the flag seems not to be used for these types. Their find rates say little, and the force's "
        "overall find rate is too low."
    ]


@pytest.mark.parametrize(("finds", "status"), [(1, "measured"), (0, "not_measurable")])
def test_a_flag_used_once_or_never_recorded_is_no_unused_flag(finds, status):
    assert read("flag_warning", find_of_type("firearms", 0.0, finds, status), actions_of("firearms", 50)) == []


@pytest.mark.parametrize(("false", "count"), [((0, 29), 0), ((0, 30), 1), ((0, 31), 1), ((1, 3_000), 0)])
def test_a_flag_that_is_never_false_is_warned_of_from_30_actions(false, count):
    assert len(read("flag_warning", items=quality(false=false))) == count


def test_a_flag_that_is_never_false_makes_the_find_rate_an_action_rate():
    assert read("flag_warning", items=quality(false=(0, 1_500))) == [
        "Of 1,500 actions with the linked flag recorded, none has it set to false: here the flag seems to say that an "
        "action was taken, not that the item was found. Read the find rate as an action rate."
    ]


# Drugs and unknown ethnicity

DRUGS = estimate_row("type_share", 0.624, search_type="drugs", numerator=624)


@pytest.mark.parametrize(
    "rows",
    [[DRUGS], [DRUGS, estimate_row("type_share", search_type="drugs_possession", status="not_measurable")]],
)
def test_possession_and_supply_that_records_do_not_separate_are_said_to_be_unknown(rows):
    assert read("drugs", *rows) == [
        "Searches for drugs were 62.4% of all searches. These records do not say whether possession or supply was "
        "suspected, so neither can be measured."
    ]


def test_possession_that_records_separate_has_its_share():
    assert read(
        "drugs", DRUGS, estimate_row("type_share", 0.51, search_type="drugs_possession", status="measured")
    ) == ["Searches for drugs were 62.4% of all searches; searches for possession alone were 51.0%."]


def test_possession_that_records_separate_in_part_only_is_no_plain_share():
    """6 in 10 drug searches say possession, 4 in 10 do not say: possession is somewhere from 30% to 50%."""
    parts = {"drugs_possession": 300, "drugs_unspecified": 200, "other": 500}
    estimates = number_rows(
        "estimates", estimate_cells(*(cell(search_type=name, searches=n) for name, n in parts.items()))
    )
    tables = {"estimates": estimates, "comparisons": [], "reasons": [], "quality": evidence_rows(FORCE)}
    findings = find(gather_evidence(FORCE, NAME, PERIOD, tables), None)
    (sentence,) = [plain(finding.sentence) for finding in findings if finding.kind == "drugs"]
    assert sentence.endswith("possession alone were between 30.0% and 50.0%: part of the drug searches do not say.")


def test_records_without_a_drug_search_are_not_blamed_for_not_separating_them():
    estimates = number_rows("estimates", estimate_cells(cell(searches=500)))
    tables = {"estimates": estimates, "comparisons": [], "reasons": [], "quality": evidence_rows(FORCE)}
    findings = find(gather_evidence(FORCE, NAME, PERIOD, tables), None)
    sentences = [plain(finding.sentence) for finding in findings if finding.kind == "drugs"]
    assert not any("do not say" in sentence for sentence in sentences)


def test_no_share_of_drugs_is_stated_where_there_is_none():
    assert read("drugs", estimate_row("type_share", search_type="drugs")) == []


@pytest.mark.parametrize(("value", "text"), [(0.1864, "18.6%"), (0.0, "0.0%")])
def test_the_share_of_unknown_ethnicity_is_always_said(value, text):
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share", value)) == [
        f"Ethnicity is unknown for {text} of searches, which are left out of every comparison between groups."
    ]


def test_no_share_of_unknown_ethnicity_is_said_of_no_searches():
    assert read("unknown_ethnicity", estimate_row("unknown_ethnicity_share")) == []


# Rules all sentences keep

VERDICTS = ["higher", "lower", "no clear difference", "not compared", "not measurable"]
DIFFERENCE = re.compile(r"higher|lower|times as high|more|fewer|less")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_difference_is_put_into_words_only_where_the_verdict_states_one(verdict):
    comparisons = [
        ratio_row(verdict, 2.9, 2.5, 3.4),
        difference_row(verdict, 0.06, 0.01, 0.11),
        difference_row(verdict, 0.06, 0.01, 0.11, "firearms"),
    ]
    types = [find_of_type("firearms", 0.2, group=group) for group in ("Black", "White")]
    findings = find(evidence_of(*RATES, *FINDS, *types, comparisons=comparisons), None)
    stated = [finding for finding in findings if DIFFERENCE.search(plain(finding.sentence))]
    assert len(stated) == (3 if verdict in {"higher", "lower"} else 0)
    assert (len(findings) > 0) == (verdict not in {"not compared", "not measurable"})


def test_officer_defined_rows_and_other_forces_and_periods_are_no_evidence():
    row = estimate_row("search_rate", 1.0, numerator=5) | {
        "force": FORCE,
        "period_from": APRIL,
        "period_to": MARCH,
    }
    others = [
        row | {"force": "kent"},
        row | {"period_to": YEAR[1]},
        row | {"ethnicity_basis": "officer-defined"},
    ]
    tables = {"estimates": [Row("estimates", 1, other) for other in others]}
    tables |= {"comparisons": [], "reasons": [], "quality": []}
    assert gather_evidence(FORCE, NAME, PERIOD, tables).estimates == {}
    assert len(gather_evidence(FORCE, NAME, PERIOD, tables, "officer-defined").estimates) == 1


def half_known(group, searches, found):
    known = {"found": found, "not_found": searches - 3 * found, "not_found_after_action": found}
    return cell(group, searches=searches, actions=3 * found, unknown_after_action=found, **known)


MADE = {
    "measured": [
        cell("Black", "firearms", found=200, not_found=200),
        cell("White", "firearms", found=400, not_found=5_600),
        cell("Asian", "drugs_possession", found=60, not_found=400),
        cell("White", "drugs_possession", found=300, not_found=2_000),
        cell("Mixed", "going_equipped", searches=120, actions=40),
        cell("Not stated", searches=900),
    ],
    "partial": [half_known("Black", 400, 60), half_known("White", 6_000, 500)],
    "not measurable": [
        cell("White", searches=5_000, found=0, not_found=0, actions=900, unknown_after_action=900),
        cell("Black", searches=40, found=0, not_found=0, actions=9, unknown_after_action=9),
    ],
}


@pytest.fixture(params=MADE)
def published(request):
    """Published tables, and the findings made of them."""
    estimates = estimate_cells(*MADE[request.param])
    comparisons = compare(estimates)
    frames = {"estimates": estimates, "comparisons": comparisons, "reasons": explain(estimates, comparisons)}
    tables = {name: number_rows(name, frame) for name, frame in frames.items()}
    span = {"force": FORCE, "period_from": APRIL, "period_to": MARCH}
    items = quality(link=0.4, false=(0, 900))
    tables["quality"] = [Row("quality", place, row | span) for place, row in enumerate(items, start=1)]
    return tables, find(gather_evidence(FORCE, NAME, PERIOD, tables), None)


def test_every_figure_of_a_finding_stands_in_its_table_row_and_column(published):
    tables, findings = published
    figures = [part for finding in findings for part in finding.sentence if isinstance(part, Figure)]
    assert len(figures) > 8
    for figure in figures:
        row = tables[figure.table][figure.row - 1]
        assert (row.number, row.values[figure.column]) == (figure.row, figure.value)


def test_no_number_is_written_that_is_not_a_figure(published):
    for finding in published[1]:
        words = "".join(part for part in finding.sentence if isinstance(part, str))
        plain_numbers = re.sub(r"95% confidence|1,000 |March 2023", "", words)
        assert not re.search(r"\d", plain_numbers), words


FORBIDDEN = re.compile(
    r"\bbias|discriminat|likely|caus(e|ed|es)\b|because of|BAME|\bblacks\b|\basians\b|\bwhites\b|racis|hit rate",
    re.IGNORECASE,
)


def test_no_sentence_claims_a_cause_or_names_people_by_a_colour(published):
    for finding in published[1]:
        assert not FORBIDDEN.search(plain(finding.sentence))
        assert not re.search(r"\bnan\b|\binf\b|None|null", plain(finding.sentence))


def test_every_sentence_is_one_with_a_capital_a_stop_and_single_spaces(published):
    assert {finding.topic for finding in published[1]} <= {"search-rates", "find-rates", "data-quality"}
    for finding in published[1]:
        text = plain(finding.sentence)
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search(r"  | \.|\.\.|\{|\}", text)
