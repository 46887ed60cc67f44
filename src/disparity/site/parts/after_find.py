"""Same find, same outcome? What followed searches that found the item, by ethnic group and by type."""

from disparity.analysis.measures.entries import AFTER_FIND
from disparity.site.cells import GROUPS, TYPES, Table, cross, rate_cell, tabulate
from disparity.site.charts.by_group import FACET_GROUPS, name_limits
from disparity.site.findings.evidence import Evidence
from disparity.site.findings.ranges import say_verdicts
from disparity.site.page import Chart, Edition, Part, types_in_use
from disparity.site.parts.by_group import draw_groups
from disparity.site.published_figures import Sentence, percentage, say
from disparity.vocabulary.codes import ALL, ETHNIC_GROUPS
from disparity.vocabulary.statuses import NOT_MEASURABLE, PARTIAL

ARREST, ACTION = AFTER_FIND


def build_part(edition: Edition, force: str) -> Part:
    """Fill the part on what followed a force's finds."""
    latest = edition.evidence[force][0]
    total, action = (latest.estimate(measure.name) for measure in AFTER_FIND)
    return Part(
        "parts/after_find.html",
        {
            "is_published": total is not None,
            "is_measurable": total is not None and total.values["status"] != NOT_MEASURABLE,
            "answers": edition.findings_of(force, "action_after_find"),
            "verdicts": say_verdicts(latest.tested(ARREST.name), "The share of finds followed by arrest"),
            "stated": edition.findings_of(force, *(f"{measure.name}_stated" for measure in AFTER_FIND)),
            "has_actions": action is not None and action.values["value"] is not None,
            "chart": _draw(latest),
            "by_type": _tabulate_types(latest),
        },
    )


def _draw(evidence: Evidence) -> Chart | None:
    rows = [row for group in FACET_GROUPS if (row := evidence.estimate(ARREST.name, group))]
    return draw_groups(
        "arrests-after-a-find",
        rows,
        _name_share(evidence),
        f"Share of searches that found the item and ended in arrest, of those that found it, {name_limits(rows)}, "
        f"{evidence.name}, {evidence.period_name}",
        _tabulate_groups(evidence),
    )


def _name_share(evidence: Evidence) -> Sentence:
    """The share of all finds, as a title; of an estimate its bounds, as a figure would be read without them."""
    row = evidence.estimate(ARREST.name)
    if row is None or row.values["value"] is None:
        return ("How often arrest followed a find",)
    if row.values["status"] == PARTIAL and row.values["upper_bound"] is not None:
        return say("Arrest followed {} to {} of finds", *(percentage(row, at) for at in ("lower_bound", "upper_bound")))
    return say("Arrest followed {} of finds", percentage(row, "value"))


def _tabulate_groups(evidence: Evidence) -> Table:
    """Arrest after a find, and any action where a record itself says what was found."""
    total = evidence.estimate(ACTION.name)
    heads = {ARREST.name: "Arrest"}
    heads |= {ACTION.name: "Any action"} if total and total.values["value"] is not None else {}
    return tabulate(
        "what-followed-finds",
        f"What followed searches that found the item, by self-defined ethnicity, {evidence.period_name}",
        ("Ethnic group", *heads.values()),
        cross(
            GROUPS,
            heads,
            lambda group, measure: rate_cell(evidence.estimate(measure, group), percentage, with_count="finds"),
        ),
    )


def _tabulate_types(evidence: Evidence) -> Table | None:
    """Arrest after a find by what was searched for; nothing where no share can be given."""
    every = [ALL, *types_in_use(evidence)]
    found = {kind: evidence.estimate(ARREST.name, ALL, kind) for kind in every}
    kinds = [kind for kind, row in found.items() if row is not None and row.values["value"] is not None]
    if not kinds:
        return None
    return tabulate(
        "arrests-after-a-find-by-type",
        f"Share of finds followed by arrest, by type of search and self-defined ethnicity, {evidence.period_name}",
        ("Type of search", "All", *ETHNIC_GROUPS),
        cross(
            {kind: TYPES[kind] for kind in kinds},
            FACET_GROUPS,
            lambda kind, group: rate_cell(evidence.estimate(ARREST.name, group, kind), percentage, with_count="finds"),
        ),
    )
