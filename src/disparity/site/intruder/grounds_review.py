"""Whether the table of a review of grounds holds only what protected counts allow."""

from disparity.disclosure.protect import THRESHOLD, range_of
from disparity.site.intruder.published import Published
from disparity.site.intruder.weakness import Weakness
from disparity.tables.grounds_review import (
    KAPPA,
    KAPPA_DIGITS,
    LEAST_APART,
    PROTECTED,
    REASONABLE,
    SHARE_DIGITS,
    TOLD,
    state_share,
)
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SEARCH_TYPES
from disparity.vocabulary.statuses import SUPPRESSED

PLACE = "data/grounds.csv"
NUMBERS = ("value", "lower", "upper")
ORDER = {"measure": TOLD, "ethnic_group": EVERY_GROUP, "search_type": (ALL, *SEARCH_TYPES)}
Row = dict[str, str]


def find_grounds_weaknesses(site: Published) -> list[Weakness]:
    """Look at every row of the review of grounds of a restricted site."""
    rows, base = site.tables["grounds"], int(site.tables["disclosure"][0]["base"])
    weaknesses = [
        Weakness(f"{PLACE} row {number}", what)
        for number, row in enumerate(rows, start=1)
        for what in _inspect(row, base)
    ]
    if not weaknesses and rows != sorted(rows, key=_rank):
        weaknesses.append(Weakness(PLACE, "rows are not in the order of their keys"))
    return weaknesses


def _rank(row: Row) -> tuple[str, str, int, int, int]:
    """By force, then all before groups before types."""
    measure, group, kind = (ORDER[name].index(row[name]) for name in ORDER)
    return row["force"], row["period_from"], measure, kind, group


def _inspect(row: Row, base: int) -> list[str]:
    is_known = all(row[name] in names for name, names in ORDER.items()) and row["category"] == ALL
    if not is_known or (ALL not in (row["ethnic_group"], row["search_type"])):
        return ["not in the plan"]
    if row["status"] == SUPPRESSED:
        is_whole = row["measure"] == REASONABLE and (row["ethnic_group"], row["search_type"]) == (ALL, ALL)
        filled = [name for name in ("numerator", "denominator", *NUMBERS, "interval_method") if row[name]]
        return ([] if is_whole else ["a part is suppressed, and others are shown"]) + [
            f"{name}: shown, though suppressed" for name in filled
        ]
    found = [
        f"{name}: not a protected count" for name in ("numerator", "denominator") if not _is_protected(row[name], base)
    ]
    if found or not row["denominator"]:
        return found or ["denominator: missing"]
    return _inspect_numbers(row)


def _is_protected(text: str, base: int) -> bool:
    return not text or (text.isdigit() and int(text) % base == 0 and range_of(int(text), base)[1] >= THRESHOLD)


def _inspect_numbers(row: Row) -> list[str]:
    """Of counts that are shown, the share they give; else no more decimals than one cannot count back from."""
    if row["interval_method"] == PROTECTED:
        if not row["numerator"] or int(row["denominator"]) - int(row["numerator"]) < LEAST_APART:
            return ["numerator: not one that could be shown"]
        made = state_share(int(row["numerator"]), int(row["denominator"]))
        return [
            f"{name}: not what the protected counts give" for name in NUMBERS if float(row[name] or -1) != made[name]
        ]
    digits = KAPPA_DIGITS if row["measure"] == KAPPA else SHARE_DIGITS
    found = ["numerator: shown beside a share that is not made of it"] if row["numerator"] else []
    return found + [
        f"{name}: more decimals than the counts allow" for name in NUMBERS if len(row[name].partition(".")[2]) > digits
    ]
