"""Rules that all sentences keep."""

import re

import pytest

from disparity.site.findings.evidence import Evidence
from disparity.site.findings.find import find
from disparity.site.published_figures import Figure, Row, number_rows, plain
from disparity.sources.population import list_bases, read_residents
from support.cells import APRIL, FORCE, MARCH, cell, count, decide_counts, estimate_counts, explain_all, period_of
from support.findings import (
    FINDS,
    NAME,
    NOTHING_ELSE,
    PERIOD,
    RATES,
    difference_row,
    evidence_of,
    find_of_type,
    official_row,
    quality,
    ratio_row,
    shares_of,
)
from support.processor import shared
from support.readability import count_numbers, split_sentences

VERDICTS = ["higher", "lower", "depends", "no clear difference", "not compared", "not measurable"]
DIFFERENCE = re.compile(r"higher|lower|times the rate|more|fewer|less")
RESULTS = ("arrest_rate", "clothing_removed_rate")


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_difference_is_put_into_words_only_where_the_verdict_states_one(verdict):
    comparisons = [
        ratio_row(verdict, 2.9, 2.5, 3.4, depends_on="census"),
        difference_row(verdict, 0.06, 0.01, 0.11, depends_on="clusters"),
        difference_row(verdict, 0.06, 0.01, 0.11, "firearms"),
        difference_row(verdict, 0.06, 0.01, 0.11, "drugs"),
        *(difference_row(verdict, 0.06, 0.01, 0.11, measure=measure) for measure in RESULTS),
    ]
    types = [find_of_type(kind, 0.2, group=group) for kind in ("firearms", "drugs") for group in ("Black", "White")]
    results = [row for measure in RESULTS for row in shares_of(measure)]
    findings = find(evidence_of(*RATES, *FINDS, *types, *results, comparisons=comparisons))
    stated = [finding for finding in findings if DIFFERENCE.search(plain(finding.sentence))]
    assert len(stated) == (6 if verdict in {"higher", "lower"} else 0)
    # Of what is unclear, or depends: the search rate and the find rate.
    assert len(findings) == {"higher": 6, "lower": 6, "depends": 2, "no clear difference": 2}.get(verdict, 0)


def half_known(group, searches, found):
    known = {"found": found, "not_found": searches - 3 * found, "not_found_after_action": found}
    return cell(group, searches=searches, actions=3 * found, unknown_after_action=found, **known)


KNOWN = [
    cell("Black", "firearms", found=200, not_found=200, clothing_removed=90),
    cell("White", "firearms", found=400, not_found=5_600, clothing_removed=120),
    cell("Asian", "drugs_possession", found=60, not_found=400),
    cell("White", "drugs_possession", found=300, not_found=2_000),
    cell("Mixed", "other", found=20, not_found=200),
    cell("Not stated", searches=900),
]
MADE = {
    "measured": KNOWN,
    "flag unused": [*KNOWN, cell("Mixed", "going_equipped", searches=320, actions=200)],
    "partial": [half_known("Black", 400, 60), half_known("White", 6_000, 500)],
    "not measurable": [
        cell("White", searches=5_000, found=0, not_found=0, actions=900, unknown_after_action=900),
        cell("Black", searches=40, found=0, not_found=0, actions=9, unknown_after_action=9),
    ],
}
# Over all searches, what each must speak of beside searches, search rates and what is unknown.
SPOKEN = {
    "measured": {
        *("find_rate_stated", "find_rate_unclear", "find_rate_type_stated"),
        *("find_rate_range", "arrest_rate_stated", "clothing_removed_rate_stated", "drugs"),
    },
    "flag unused": {
        *("find_rate_type_stated", "find_rate_type_unclear", "find_rate_range"),
        *("arrest_rate_stated", "clothing_removed_rate_stated", "drugs"),
    },
    "partial": set(),
    "not measurable": set(),
}


@shared
def publish(made):
    """Published tables, and the findings made of them."""
    counts = count(*MADE[made])
    estimates = estimate_counts(counts)
    bases = list_bases(read_residents(None), period_of()).filter(force=FORCE)
    comparisons = decide_counts(counts, estimates, bases)
    reasons = explain_all(counts, estimates, population=bases)
    frames = {"estimates": estimates, "comparisons": comparisons, "reasons": reasons, "population": bases}
    tables = {name: number_rows(name, frame) for name, frame in frames.items()}
    span = {"force": FORCE, "period_from": APRIL, "period_to": MARCH}
    rows = {
        "quality": quality(link=0.4, false=(0, 900), true=0.7),
        "official": [official_row(400, 500), official_row(6_000, 8_000, "White")],
    }
    tables |= {
        key: []
        for key in ("peers", "pooled", "breakdowns", "areas", "grounds", "actions", "effects", "doubts", "years")
    }
    for name, some in rows.items():
        tables[name] = [Row(name, place, row | span) for place, row in enumerate(some, start=1)]
    return tables, find(Evidence(FORCE, NAME, PERIOD, (NOTHING_ELSE | tables).__getitem__))


@pytest.fixture(params=MADE)
def published(request):
    return publish(request.param)


@pytest.mark.parametrize("made", MADE)
def test_what_is_made_speaks_of_all_that_its_records_carry(made):
    tables, findings = publish(made)
    assert {finding.kind for finding in findings} >= SPOKEN[made] | {"searches", "official_warning", "flag_warning"}
    assert any(row.values["analysis"] == "residents" for row in tables["reasons"])


@pytest.mark.slow
def test_a_flag_that_is_not_used_for_a_type_leaves_find_rates_over_all_searches_uncompared():
    kinds = {made: {finding.kind for finding in publish(made)[1]} for made in ("measured", "flag unused")}
    assert not kinds["flag unused"] & {"find_rate_stated", "find_rate_unclear"}
    sentences = [plain(finding.sentence) for finding in publish("flag unused")[1] if finding.kind == "flag_warning"]
    assert any("In searches for articles for theft, none of 200 actions" in sentence for sentence in sentences)


def test_every_figure_of_a_finding_stands_in_its_table_row_and_column(published):
    tables, findings = published
    figures = [part for finding in findings for part in finding.sentence if isinstance(part, Figure)]
    assert len(figures) > 8
    for figure in figures:
        row = tables[figure.table][figure.row - 1]
        assert (row.number, row.values[figure.column]) == (figure.row, figure.value)


NUMBERS_IN_WORDS = re.compile(r"95% confidence|1,000 |March 2023")


def test_no_number_is_written_that_is_not_a_figure(published):
    for finding in published[1]:
        words = "".join(part for part in finding.sentence if isinstance(part, str))
        plain_numbers = NUMBERS_IN_WORDS.sub("", words)
        assert not re.search(r"\d", plain_numbers), words


FORBIDDEN = re.compile(
    r"\bbias|discriminat|likely|caus(e|ed|es)\b|because of|BAME|\bblacks\b|\basians\b|\bwhites\b|racis|hit rate",
    re.IGNORECASE,
)


def test_no_sentence_claims_a_cause_or_names_people_by_a_colour(published):
    for finding in published[1]:
        assert not FORBIDDEN.search(plain(finding.sentence))
        assert not re.search(r"\bnan\b|\binf\b|None|null", plain(finding.sentence))


def test_sentences_of_searches_and_finds_have_at_most_30_words_and_two_numbers(published):
    for finding in published[1]:
        if finding.topic.startswith(("searches", "finds")):
            for sentence in split_sentences(plain(finding.sentence)):
                assert len(sentence.split()) <= 30, sentence
                assert count_numbers(sentence) <= 2, sentence


def test_every_sentence_is_one_with_a_capital_a_stop_and_single_spaces(published):
    assert {finding.topic for finding in published[1]} <= {
        "searches#ethnicity",
        "searches#type",
        "finds#ethnicity",
        "finds#type",
        "finds#after-a-find",
        "finds#after-a-search",
        "searches#children",
        "children",
        "data-quality",
        "why#reasons",
        "finds#drugs",
    }
    for finding in published[1]:
        text = plain(finding.sentence)
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search(r"  | \.|\.\.|\{|\}", text)
