"""How the pages read: words and numbers a sentence, grade, what is not said; first, that this is measured rightly."""

import pytest
from lxml import html

from support import example, readability, real_sites

PAGE = """<main><h1>Who was searched?</h1><p>Police searched 12 people. That is 1.9 to 2.8 times, e.g. by day.</p>
<ul><li>Short label <a href="x">more</a></li></ul>
<figure><figcaption><strong>A title</strong><span>A subtitle</span></figcaption><svg><text>No word</text></svg></figure>
<details><summary>The table</summary><table><tr><th>Group</th><td>1,234</td></tr></table></details>
<p class="example">Of 1, 2 and 3.</p><p>In <code>rates.csv</code> is <code>{"a": 1}</code>.</p>
<nav>Not this</nav><script>nor this</script></main>"""


def parse(text: str) -> html.HtmlElement:
    return html.fromstring(f"<html><head><title>A page</title></head><body>{text}</body></html>")


def test_sentences_are_those_of_the_prose_and_nothing_else_is():
    text = readability.read_page("x.html", parse(PAGE))
    assert text.sentences == [
        "Police searched 12 people.",
        "That is 1.9 to 2.8 times, e.g. by day.",
        "In rates.csv is.",
    ]
    assert text.headings == ["Who was searched?", "A title", "A subtitle", "The table"]
    assert (text.words, text.numbers, text.folded) == (33, 5, (2, 1))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It was 1.9 to 2.8 times the rate.", 1),
        ("In the year ending March 2020, in 1 in 5 searches.", 1),
        ("The 95% confidence interval is from −5.2 to +15.4 points.", 1),
        ("There were 10.8 for every 1,000 Black residents and 4.5 for every 1,000 White residents.", 2),
        ("It is between 3% and 5%, by the census of 2021.", 1),
        ("On 14 May 2019 there were 12 of 14 months; section 60 was used.", 2),
        ("From 2,130 to 3,535 searches, SHA-256 and beyond_3_sigma aside.", 1),
        ("The three were 3, 4 and 5.", 3),
    ],
)
def test_numbers_to_take_in_are_counted(text, numbers):
    assert readability.count_numbers(text) == numbers


@pytest.mark.slow
def test_a_grade_is_that_of_the_formula():
    # 10 words and 10 syllables in 2 sentences: 0.39 times 5, and 11.8 times 1, less 15.59.
    assert readability.grade(["The cat sat on it.", "The dog ran at him."]) == pytest.approx(-1.84)
    # 8 words and 17 syllables in one; the point inside the number ends none.
    hard = ["Proportionality considerations necessitate 10.8 methodological clarification today now."]
    assert readability.grade(hard) > 25


def test_what_breaks_a_rule_is_named():
    long = " ".join(["word"] * 31) + "."
    page = parse(f"<main><p>{long} It was 1, 2 and 3.</p><p>As it stands, whom? A failing, biased force!</p></main>")
    faults = list(readability.list_faults(readability.read_page("index.html", page)))
    assert [fault.split(":")[1].strip().split(" (")[0] for fault in faults] == ["31 words", "3 numbers"]
    said = [fault.split("“")[1].split("”")[0] for fault in readability.find_forbidden("index.html", page)]
    assert said == ["whom", "stands", "biased", "failing", "!"]


def check_sentences(site):
    faults = [fault for text in readability.read_site(site) for fault in readability.list_faults(text)]
    assert not faults, "\n".join(faults)


def check_words(pages):
    faults = [fault for name, page in pages.items() for fault in readability.find_forbidden(name, page)]
    assert not faults, "\n".join(faults)


def check_length(site):
    words, numbers = readability.sum_site(readability.read_site(site))
    assert 1_000 < words <= readability.SITE_WORDS
    assert 50 < numbers <= readability.SITE_NUMBERS


def test_the_example_reads_easily():
    check_sentences(example.site())


def test_the_example_says_nothing_that_is_not_to_be_said():
    check_words(example.pages())


@pytest.mark.slow
def test_a_real_force_reads_easily(records):
    check_sentences(real_sites.lancashire(records))


def test_a_real_force_says_nothing_that_is_not_to_be_said(records):
    check_words(example.read_pages(real_sites.lancashire(records)))


def test_a_real_force_is_read_in_an_hour(records):
    check_length(real_sites.lancashire(records))


@pytest.mark.slow
def test_eight_real_forces_read_easily(records):
    check_sentences(real_sites.eight(records))


@pytest.mark.slow
def test_eight_real_forces_say_nothing_that_is_not_to_be_said(records):
    check_words(example.read_pages(real_sites.eight(records)))


@pytest.mark.slow
def test_each_of_eight_real_forces_is_read_in_an_hour(records):
    texts = readability.read_site(real_sites.eight(records))
    forces = {name.partition("/")[0] for name in (text.name for text in texts) if "/" in name} - {"embed"}
    for force in sorted(forces):
        own = [text for text in texts if text.name.startswith(f"{force}/") or "/" not in text.name]
        words, numbers = readability.sum_site([text for text in own if text.name != "index.html"])
        assert words <= readability.SITE_WORDS, force
        assert numbers <= readability.SITE_NUMBERS, force
    assert len(forces) == 8
