"""The words of statuses and marks: each once, and every page and sheet reads them."""

import re
from pathlib import Path

from disparity.vocabulary import statuses
from disparity.vocabulary.statuses import MARKS, STATUSES, mark_of, name_status

ROOT = Path(__file__).parents[2]
OWNER = ROOT / "src" / "disparity" / "vocabulary" / "statuses.py"


def test_every_status_has_a_mark_that_is_explained_or_none():
    assert {status.mark for status in STATUSES.values()} - {""} <= set(MARKS)
    assert [name for name, status in STATUSES.items() if not status.mark] == ["measured"]


def test_a_status_is_named_with_its_mark():
    assert name_status("suppressed") == "suppressed [c]"
    assert name_status("partial") == "partial [e]"
    assert name_status("incomplete") == "incomplete [i]"
    assert name_status("small") == "small [u]"
    assert name_status("restricted_labels") == "restricted labels [x]"
    assert name_status("too_few_months") == "too few months [x]"
    assert (name_status("planned"), mark_of("planned"), mark_of("measured")) == (None, "", "")


def test_a_mark_means_the_same_on_a_page_as_on_a_sheet_up_to_its_first_words():
    for mark, meaning in MARKS.items():
        assert not meaning.on_sheet or re.split("[:;]", meaning.on_page)[0] == re.split("[:;]", meaning.on_sheet)[0], (
            mark
        )


def test_no_other_module_and_no_template_spells_a_mark_out():
    quoted = re.compile(r"""["']\s?\[[ceiuxz]\]["']""")
    for path in [*(ROOT / "src").rglob("*.py"), *(ROOT / "reports").rglob("*.html")]:
        if path != OWNER:
            assert not quoted.search(path.read_text(encoding="utf-8")), path


def test_no_other_module_spells_a_status_of_several_words_out():
    spelt = re.compile(r'"(not_measurable|restricted_labels|too_few_months)"')
    for path in (ROOT / "src").rglob("*.py"):
        if path != OWNER:
            assert not spelt.search(path.read_text(encoding="utf-8")), path
    assert statuses.NOT_MEASURABLE == "not_measurable"
