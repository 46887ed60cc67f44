"""Searches for drugs beside recorded drug offences, most of which are themselves the result of searches."""

from disparity.analysis.offences import PAIRS
from disparity.site.cells import TYPES, Table, figure_cell, tabulate
from disparity.site.page import Edition, Part
from disparity.site.published_figures import Figure, Row, Sentence, count, join, say
from disparity.vocabulary.calendar import name_period, within
from disparity.vocabulary.text import start_sentence

NAMES = {
    "drug_offences": "Drugs, possession and trafficking",
    "drug_possession": "Possession of drugs",
    "drug_trafficking": "Trafficking of drugs",
    "weapon_possession": "Possession of weapons",
    "all_offences": "All offences",
}


def has_content(edition: Edition, force: str) -> bool:
    """Whether recorded offences of the force are known, and its searches for drugs are counted."""
    return any(row.values["searches"] is not None for row in _list_latest(edition, force).values())


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on searches and recorded offences."""
    rows = _list_latest(edition, force)
    return Part("parts/offences.html", {"told": _say(rows["drug_offences"]), "table": _tabulate(rows)})


def _list_latest(edition: Edition, force: str) -> dict[str, Row]:
    latest = edition.evidence[force][0].period
    return {row.values["offence"]: row for row in edition.rows_of("offences", force) if row.period == latest}


def _each(row: Row, column: str) -> Figure:
    value = row.values[column]
    return Figure(f"{value:,.1f}" if round(value, 2) >= 1 else f"{value:.2f}", row.table, row.number, column, value)


def _say(row: Row) -> Sentence:
    """Both counts, then how many searches for each offence; no more than that."""
    recorded = row.values["offences_from"], row.values["offences_to"]
    if row.values["searches"] is None:
        return ("These records do not say which searches were for drugs.",)
    told = say(
        f"{start_sentence(within(*row.period))} there were {{}} searches for drugs. "
        f"{start_sentence(within(*recorded))} the police recorded {{}} drug offences.",
        count(row, "searches"),
        count(row, "offences"),
    )
    if row.values["searches_per_offence"] is None:
        return join(told, ("They are not divided: the searches are not of a whole year.",))
    return join(told, say("That is {} searches for each offence.", _each(row, "searches_per_offence")))


def _tabulate(rows: dict[str, Row]) -> Table:
    recorded = next(iter(rows.values())).values
    years = name_period(recorded["offences_from"], recorded["offences_to"])
    period = name_period(*next(iter(rows.values())).period)
    return tabulate(
        "offences",
        f"Searches, {period}, and recorded offences, {years}",
        ("Offence", "Searches for", "Searches", "Recorded offences", "Searches for each offence"),
        (
            (
                NAMES[offence],
                TYPES[rows[offence].values["search_type"]],
                figure_cell(rows[offence], "searches", count),
                figure_cell(rows[offence], "offences", count),
                figure_cell(rows[offence], "searches_per_offence", _each),
            )
            for offence in PAIRS
            if offence in rows
        ),
    )
