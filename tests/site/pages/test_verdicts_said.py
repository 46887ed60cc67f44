"""Wherever a site says who was searched more often, it says what the table says; so no two of its sentences differ."""

import re
from collections import defaultdict

import pytest

from disparity.analysis.comparisons import DEPENDS, HIGHER, LOWER, UNCLEAR
from disparity.vocabulary.codes import PEOPLE
from support import example, readability, real_sites

GROUPS = {people.lower(): group for group, people in PEOPLE.items() if group not in ("All", "White")}
WHO = "|".join(GROUPS)
# How a search rate set beside that of White people is said → the verdict that the words state.
PARTS = "half|a third|a quarter|a fifth|a tenth"
LESS = rf"(?:less often than|about (?:{PARTS}) as often as|about a \w+ less often than|0\.\d+ times as often as)"
SAID = {
    LOWER: rf"({WHO}) were searched {LESS} White people",
    HIGHER: rf"({WHO}) were searched (?!.*\bless often)(?!about (?:{PARTS}) as)(?!0\.)"
    r"[\w. ]+ (?:than|as) White people",
    UNCLEAR: rf"(?:no clear difference between how often |hether )({WHO})(?: and White people were searched"
    r"| were searched (?:more|less) often than White people is not clear from these records)",
    DEPENDS: rf"hether ({WHO}) were searched (?:more|less) often than White people depends on",
    "": rf"hether ({WHO}) were searched (?:more|less) often than White people cannot be known",
}
VERDICTS = {HIGHER, LOWER, UNCLEAR, DEPENDS}


def find_said(text: str) -> dict[str, str]:
    """Verdict by group."""
    return {
        GROUPS[who.lower()]: verdict
        for verdict, words in SAID.items()
        for who in re.findall(words, text, re.IGNORECASE)
    }


def check_verdicts(site):
    """Every sentence and heading; each front's title says one."""
    last = max(row["period_to"] for row in example.read_table(site, "comparisons"))
    wanted = {"measure": "search_rate", "ethnicity_basis": "self-defined", "search_type": "All", "period_to": last}
    table = {
        (row["force"], row["ethnic_group"]): row["verdict"] if row["verdict"] in VERDICTS else ""
        for row in example.read_table(site, "comparisons")
        if wanted.items() <= row.items()
    }
    forces = sorted({force for force, _ in table})
    spoken = defaultdict(list)
    for text in readability.read_site(site):
        force = text.name.rpartition("/")[0] or (forces[0] if len(forces) == 1 else "")
        for said in (*text.headings, *text.sentences):
            for group, verdict in find_said(said).items() if force else ():
                assert verdict == table.get((force, group), ""), (text.name, said)
                spoken[force].append((text.name, group))
    fronts = {force: force + "/index.html" if len(forces) > 1 else "index.html" for force in forces}
    for force in forces:
        assert fronts[force] in [name for name, _ in spoken[force]], force
        assert (fronts[force], "Black") in spoken[force], force


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Black people were searched about twice as often as White people", HIGHER),
        ("With one of 12 months missing, Asian people were searched about a third less often than White people", LOWER),
        ("Asian people were searched about a third as often as White people", LOWER),
        ("Black people were searched more often than White people", HIGHER),
        ("Black people were searched 2.7 times as often as White people", HIGHER),
        ("Asian people were searched 0.42 times as often as White people", LOWER),
        ("There is no clear difference between how often Black people and White people were searched", UNCLEAR),
        ("Whether Black people were searched more often than White people is not clear from these records", UNCLEAR),
        ("Whether Black people were searched more often than White people depends on the census", DEPENDS),
        ("Whether Black people were searched more often than White people cannot be known from these records", ""),
    ],
)
def test_the_verdict_in_a_sentence_is_read(text, verdict):
    assert list(find_said(text).values()) == [verdict]


def test_what_the_example_says_of_search_rates_is_what_its_table_says():
    check_verdicts(example.site())


def test_what_a_real_force_is_said_to_have_searched_is_what_its_table_says(records):
    check_verdicts(real_sites.lancashire(records))


@pytest.mark.slow
def test_what_eight_real_forces_are_said_to_have_searched_is_what_their_table_says(records):
    check_verdicts(real_sites.eight(records))
