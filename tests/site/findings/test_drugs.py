"""Drug searches in words."""

import pytest

from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find import find
from disparity.site.published_figures import number_rows, plain
from support.cells import FORCE, cell, estimate_cells
from support.findings import NAME, NOTHING_ELSE, PERIOD, difference_row, estimate_row, evidence_rows, part, read

DRUGS = estimate_row("type_share", 0.624, search_type="drugs", numerator=624)


@pytest.mark.parametrize(
    "rows",
    [[DRUGS], [DRUGS, estimate_row("type_share", search_type="drugs_possession", status="not_measurable")]],
)
def test_possession_and_supply_that_records_do_not_separate_are_said_to_be_unknown(rows):
    assert read("drugs", *rows) == [
        "Officers were looking for drugs in 62.4% of searches. These records do not say whether they suspected "
        "possession or supply, so neither can be measured."
    ]


def test_possession_that_records_separate_has_its_share():
    assert read(
        "drugs", DRUGS, estimate_row("type_share", 0.51, search_type="drugs_possession", status="measured")
    ) == ["Officers were looking for drugs in 62.4% of searches. Possession alone was suspected in 51.0% of searches."]


def test_possession_that_records_separate_in_part_only_is_no_plain_share():
    """6 in 10 drug searches say possession, 4 in 10 do not say: possession is somewhere from 30% to 50%."""
    parts = {"drugs_possession": 300, "drugs_unspecified": 200, "other": 500}
    estimates = number_rows(
        "estimates", estimate_cells(*(cell(search_type=name, searches=n) for name, n in parts.items()))
    )
    tables = {
        "estimates": estimates,
        "comparisons": [],
        "reasons": [],
        "peers": [],
        **{key: [] for key in ("pooled", "breakdowns", "areas", "grounds", "actions", "effects", "doubts", "years")},
        "official": [],
        "quality": evidence_rows(FORCE),
    }
    findings = find(Evidence(FORCE, NAME, PERIOD, (NOTHING_ELSE | tables).__getitem__))
    (sentence,) = [plain(finding.sentence) for finding in findings if finding.kind == "drugs"]
    assert sentence.endswith("Possession alone was suspected in 30.0% to 50.0% of searches: some records do not say.")


def test_records_without_a_drug_search_are_not_blamed_for_not_separating_them():
    estimates = number_rows("estimates", estimate_cells(cell(searches=500)))
    tables = {
        "estimates": estimates,
        "comparisons": [],
        "reasons": [],
        "peers": [],
        **{key: [] for key in ("pooled", "breakdowns", "areas", "grounds", "actions", "effects", "doubts", "years")},
        "official": [],
        "quality": evidence_rows(FORCE),
    }
    findings = find(Evidence(FORCE, NAME, PERIOD, (NOTHING_ELSE | tables).__getitem__))
    sentences = [plain(finding.sentence) for finding in findings if finding.kind == "drugs"]
    assert not any("do not say" in sentence for sentence in sentences)


def test_no_share_of_drugs_is_stated_where_there_is_none():
    assert read("drugs", estimate_row("type_share", search_type="drugs")) == []


@pytest.mark.parametrize(
    ("verdict", "ends"),
    [
        ("higher", ". That is 1.0 to 11.0 percentage points higher."),
        (
            "no clear difference",
            ": no clear difference once the number of comparisons is allowed for.",
        ),
    ],
)
def test_shares_of_drug_searches_are_told_of_both_groups_before_their_difference(verdict, ends):
    shares = [
        estimate_row("type_share", value, search_type="drugs", ethnic_group=group)
        for group, value in {"Black": 0.66, "White": 0.60}.items()
    ]
    comparison = difference_row(verdict, 0.06, 0.01, 0.11, "drugs", measure="type_share", p_value=0.02, level=0.01)
    assert read("drugs_share", *shares, comparisons=[comparison]) == [
        f"Of searches of Black people, 66.0% were for drugs; of searches of White people, 60.0%{ends}"
    ]


BOTH_RATES = "The find rate was {} in searches for possession of drugs and {} in searches for supply{}."


def drug_rate_of(kind, value, status="measured"):
    limits = {"lower": value - 0.02, "upper": value + 0.02, "numerator": round(1_000 * value)}
    return estimate_row("find_rate", value, search_type=kind, status=status, **limits)


@pytest.mark.parametrize(
    ("supply", "told", "ends"),
    [
        (drug_rate_of("drugs_supply", 0.31), "31.0%", ": no clear difference"),
        (drug_rate_of("drugs_supply", 0.20), "20.0%", ": the first is clearly higher"),
        (drug_rate_of("drugs_supply", 0.40), "40.0%", ": the first is clearly lower"),
        (drug_rate_of("drugs_supply", 0.20, "small"), "20.0%", ": too few searches to compare"),
    ],
)
def test_find_rates_of_possession_and_supply_stand_side_by_side(supply, told, ends):
    possession = drug_rate_of("drugs_possession", 0.30)
    expected = BOTH_RATES.format("30.0%", told, ends)
    assert read("drugs_find_rates", possession, supply) == [expected]


def test_how_often_drugs_were_found_is_said_where_it_is_measured():
    assert read("drugs_found", drug_rate_of("drugs", 0.29)) == ["Searches for drugs found them in 29.0% of cases."]
    assert read("drugs_found", drug_rate_of("drugs", 0.29, "partial")) == [
        "Searches for drugs found them in about 29.0% of cases, but this is an estimate."
    ]
    assert read("drugs_found", drug_rate_of("drugs", 0.29, "not_measurable")) == []


def test_rounded_find_rates_are_not_said_to_differ():
    rows = [drug_rate_of("drugs_possession", 0.30) | {"places": 0}, drug_rate_of("drugs_supply", 0.20) | {"places": 0}]
    (sentence,) = read("drugs_find_rates", *rows)
    assert sentence.endswith(": not compared, as rounding could make such a difference.")


def test_items_found_are_told_of_possession_and_supply_where_they_are_separated():
    row = estimate_row("type_share", 0.51, search_type="drugs_possession", status="measured")
    parts = [
        part("item_found_share", item, value, search_type="drugs_possession")
        for item, value in {"drugs": 0.31, "nothing": 0.65}.items()
    ]
    assert read("drugs_items", row, breakdowns=parts) == [
        "In searches for possession of drugs, drugs were found in 31.0% and nothing at all in 65.0%."
    ]


def test_the_areas_of_the_most_and_the_least_are_named():
    parts = [
        part("type_share", area, value, search_type="drugs", status=status)
        for area, value, status in (
            ("Fells", 0.50, "measured"),
            ("Harbour", 0.60, "measured"),
            ("Old Town", 0.55, "measured"),
            ("Vale", 0.90, "small"),
        )
    ]
    assert read("drugs_areas", breakdowns=parts) == [
        "The share of searches that were for drugs was largest in Harbour, at 60.0%, and smallest in Fells, at 50.0%: "
        "the first is clearly higher."
    ]
    assert read("drugs_areas", breakdowns=parts[:1]) == []
