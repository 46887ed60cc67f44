"""Data and method: how sure the figures are, what they cannot tell, and where data and method lie."""

from disparity.site.findings.evidence import Evidence, about_searches
from disparity.site.page import Edition, Page, months_of
from disparity.site.pages import action, compare, finds, over_time, searches, why
from disparity.site.parts.unknowns import EXPLAINED, FINDS, list_unknowns
from disparity.site.published_figures import Row, Sentence, count, percentage, say
from disparity.tables.spreadsheet.sheets import SPREADSHEET_FILE
from disparity.vocabulary.calendar import name_months
from disparity.vocabulary.codes import ALL
from disparity.vocabulary.statuses import MEASURED, NOT_MEASURABLE

WITH_SECTIONS = {
    "searches": searches.SECTIONS,
    "finds": finds.SECTIONS,
    "why": why.SECTIONS,
    "compare": compare.SECTIONS,
    "over-time": over_time.SECTIONS,
    "action": action.SECTIONS,
}
MISSING = "missing"  # of a submission
# What lies behind, and what a reader finds there.
BEHIND = {
    "children": "searches of children beside those of adults, by ethnic group, and what followed",
    "places": "maps and rates of areas and neighbourhoods, as far as searches can be placed",
    "months": "every month’s searches and results, and the months that signal a change",
    "data-quality": "what was sent, what is missing or blank, and what the checks found",
    "method": "how each figure is made, and what could mislead",
    "glossary": "every word of these pages",
    "downloads": "every figure as a spreadsheet or as CSV",
    "what-changed": "figures that differ from the edition before",
    "provenance": "the files, the versions and the rules of release",
    "accessibility": "who can use these pages, and what was tested",
}


def build_page(edition: Edition, force: str) -> Page:
    """Build the page from which a reader gets to data, method and sources."""
    shown = {
        f"{page}#{section.anchor}"
        for page, sections in WITH_SECTIONS.items()
        for section in sections
        if section.has_content(edition, force)
    }
    return Page(
        "data.html",
        "Data and method",
        {
            "findings": edition.findings_of(force, "in_doubt"),
            "sure": _list_certainties(edition, force),
            "unknowns": list_unknowns(edition, force, shown),
            "explained": EXPLAINED,
            "what_lies_behind": BEHIND,
            # One force has it among the data, each of several in its own folder, where this page is.
            "spreadsheet": SPREADSHEET_FILE if edition.folder(force) else f"data/{SPREADSHEET_FILE}",
        },
    )


def _list_certainties(edition: Edition, force: str) -> list[tuple[str, Sentence]]:
    """What the figures of a force rest on, one line for each thing that can be lacking."""
    latest = edition.evidence[force][0]
    said = {
        "Months": _say_months(edition, force),
        "Months in doubt": _say_doubts(edition, force, latest),
        "Ethnicity": _say_ethnicity(latest),
        "Was the item found?": _say_finds(edition, force, latest),
        "Official count": _say_official(latest),
    }
    return [(name, sentence) for name, sentence in said.items() if sentence]


def _say_months(edition: Edition, force: str) -> Sentence:
    """Of all periods: which months have no file."""
    rows = edition.rows_of("submissions", force)
    missing = [month for row in rows if row.values["status"] == MISSING for month in months_of(row)]
    if not rows:
        return ("No file of this force is here.",)
    if not missing:
        return ("A file for every month.",)
    return (f"No file for {name_months(sorted(missing))}.",)


def _say_doubts(edition: Edition, force: str, latest: Evidence) -> Sentence:
    year = latest.row("years")
    if year is None or year.values["months_in_doubt"] is None:
        return ("Some.",) if edition.findings_of(force, "in_doubt") else ("None.",)
    if not year.values["months_in_doubt"]:
        return ("None.",)
    return say("{} of {} months.", count(year, "months_in_doubt"), count(year, "months_covered"))


def _say_ethnicity(latest: Evidence) -> Sentence:
    row = latest.estimate("unknown_ethnicity_share")
    if row is None or row.values["value"] is None:
        return ()
    return say("Not known for {} of searches: not stated, or left blank.", percentage(row, "value"))


def _say_finds(edition: Edition, force: str, latest: Evidence) -> Sentence:
    row: Row | None = latest.estimate("find_rate")
    if row is None:
        return ()
    if edition.findings_of(force, "flag_warning"):
        return ("The field that says so is in doubt.",)
    if row.values["status"] == MEASURED:
        return ("Recorded often enough to give a find rate.",)
    return (FINDS.get(row.values["status"], FINDS[NOT_MEASURABLE]).partition(". ")[0] + ".",)


def _say_official(latest: Evidence) -> Sentence:
    row = latest.row("official", ALL)
    if row is None or not row.values["official_searches"]:
        return ()
    words = f"{{}} searches, and {about_searches(latest)}{{}} in these records."
    return say(words, count(row, "official_searches"), count(row, "record_searches"))
