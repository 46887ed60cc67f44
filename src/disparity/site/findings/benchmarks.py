"""A sentence on what searches are set against: how far the ratio moves with it, and never which is right."""

from disparity.project.benchmarks import SHIPPED
from disparity.site.findings.assumptions import choose_compared
from disparity.site.findings.evidence import Evidence, Statements
from disparity.site.findings.explained import GROUPS
from disparity.site.published_figures import Row, Sentence, count, ratio, say
from disparity.vocabulary.codes import PEOPLE

PAGE = "why#benchmarks"


def list_benchmarks(evidence: Evidence, group: str) -> list[Row]:
    """The ratios of a group in the fixed order of the published table: by benchmark, never by result."""
    return [row for (_, of), row in evidence.rows("benchmarks").items() if of == group]


def choose_group(evidence: Evidence) -> str:
    """The group of the page's other chart, else the first that has a ratio; nothing where none has."""
    compared = choose_compared(evidence)
    groups = [of for _, of in evidence.rows("benchmarks")]
    if compared and compared.values["ethnic_group"] in groups:
        return str(compared.values["ethnic_group"])
    return "Black" if "Black" in groups else next(iter(groups), "")


def state_benchmarks(evidence: Evidence) -> Statements:
    """The lowest and the highest of the ratios, so that neither side is left out; nothing of one alone."""
    group = choose_group(evidence)
    rows = [row for row in list_benchmarks(evidence, group) if row.values["ratio"]]
    if len(rows) < 2:  # nothing to set beside each other
        return
    low, *_, high = sorted(rows, key=lambda row: (row.values["ratio"], row.number))
    words = (
        f"For {PEOPLE[group]}, the ratio to White people depends on what searches are set against. It is lowest "
        f"on {_name(low)}, at {{}}, and highest on {_name(high)}, at {{}}."
    )
    yield PAGE, "benchmarks", say(words, *(ratio(row, "ratio") for row in (low, high)))


def explain_benchmarks(evidence: Evidence) -> Sentence:
    """One ratio with what it is made of."""
    for group in GROUPS:
        for row in list_benchmarks(evidence, group):
            if row.values["ratio"] is not None:
                return say(
                    f"against {_name(row)} ({{}} of the group and {{}} White), the ratio for {PEOPLE[group]} is {{}}.",
                    *(count(row, name) for name in ("benchmark_count", "benchmark_reference_count")),
                    ratio(row, "ratio"),
                )
    return ()


def _name(row: Row) -> str:
    """What is set against, within a sentence; a publisher's own name as it is given."""
    title = str(row.values["title"])
    return title[0].lower() + title[1:] if row.values["benchmark"] in SHIPPED else title
