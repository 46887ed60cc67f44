"""Whether rows are in an order that anybody can know beforehand: one by a hidden count would give it away."""

from collections.abc import Sequence

from disparity.site.intruder.published import Published
from disparity.vocabulary.codes import ALL, EVERY_GROUP, SEARCH_TYPES, SELF_DEFINED

LAST = ("other", "not_recorded")
EVERYBODY = "All searches"


def find_disorder(site: Published, tables: list[list[list[str]]]) -> list[str]:
    """Find the tables of a page whose rows are neither in the order of the words nor in that of published counts."""
    orders = [_rank([EVERYBODY, *EVERY_GROUP]), *_rank_types(site)]
    return [
        f"table {place}: rows in an order that the published figures do not give"
        for place, rows in enumerate(tables, start=1)
        if _is_known(rows, orders) and not _is_ordered(rows, orders)
    ]


def _rank(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _rank_types(site: Published) -> list[dict[str, int]]:
    """The types in the order of the words; and the most frequent first, by the counts of each period as published."""
    titles = [EVERYBODY, *SEARCH_TYPES.values()]
    orders = [_rank(titles)]
    rows = [
        row
        for row in site.tables["estimates"]
        if (row["measure"], row["ethnic_group"], row["ethnicity_basis"]) == ("type_share", ALL, SELF_DEFINED)
    ]
    for span in dict.fromkeys((row["force"], row["period_from"]) for row in rows):
        counts = {
            row["search_type"]: int(row["numerator"] or 0) for row in rows if (row["force"], row["period_from"]) == span
        }
        types = sorted(SEARCH_TYPES, key=lambda name: (name in LAST, -counts.get(name, 0)))
        orders.append(_rank([EVERYBODY, *(SEARCH_TYPES[name] for name in types)]))
    return orders


def _is_known(rows: list[list[str]], orders: list[dict[str, int]]) -> bool:
    """Whether the rows are headed by ethnic groups or types of search."""
    heads = [row[0].strip() for row in rows[1:] if row]
    return len(heads) > 1 and any(all(head in order for head in heads) for order in orders)


def _is_ordered(rows: list[list[str]], orders: list[dict[str, int]]) -> bool:
    """Whether the rows are ordered by their first column, or by their first two in either order."""
    for first in orders:
        firsts = [first.get(row[0].strip()) for row in rows[1:] if row]
        if None in firsts:
            continue
        if firsts == sorted(firsts, key=lambda rank: rank or 0) and len(set(firsts)) == len(firsts):
            return True
        for second in orders:
            heads = [(row[0].strip(), row[1].strip()) for row in rows[1:] if len(row) > 1]
            pairs = [(first.get(one, -1), second.get(other, -1)) for one, other in heads]
            is_known = bool(pairs) and -1 not in {rank for pair in pairs for rank in pair}
            if is_known and pairs in (sorted(pairs), sorted(pairs, key=lambda pair: pair[::-1])):
                return True
    return False
