"""What is protected of an extract whose searches anybody can have row by row, without the extract's own columns.

Counts that the public rows give are exact. A count that only the extract has is shown, rounded, where it and what is
left of what it is a part of are THRESHOLD or more; a zero is shown only where the rows tell that there is nothing
to count. So a publication never says that nobody, or everybody, of known people was one or the other.

Some counts are never shown, whatever they are, for how few searches the public rows have: `is_never_shown`. As that
is read off public counts alone, it tells nothing.
"""

import hashlib
from collections.abc import Mapping

import polars as pl

from disparity.disclosure.plan import OWN_DRUG_TYPES, OWN_FINDS, SEPARATED, SPAN, Key, Plan, list_parents
from disparity.disclosure.protect import FEWEST_CANDIDATES, THRESHOLD, protect
from disparity.vocabulary.codes import NOT_RECORDED

# The columns of a public row that a count of the plan depends on.
ROW_COLUMNS = [*SPAN, "self_defined_group", "officer_defined_group", "search_type", "state"]
# Of the name of rows, in hexadecimal.
DIGITS = 32
FOUND, NOT_FOUND, KNOWN, UNKNOWN = "found", "not_found", "known", "unknown"


def list_rows(profiles: pl.DataFrame, periods: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """List the public rows, those that are alike once: ROW_COLUMNS, month, outcome_kind, searches.

    What only the extract has is left out of them: `drugs` stands for possession and supply,
    `known` for found and not found.

    Args:
        profiles: searches by PROFILE_KEYS.
        periods: month, period_from, period_to.
    """
    kind, status = pl.col("search_type").cast(pl.String), pl.col("find_status").cast(pl.String)
    if OWN_DRUG_TYPES in plan.own:
        kind = pl.when(kind.is_in(SEPARATED)).then(pl.lit("drugs")).otherwise(kind)
    if OWN_FINDS in plan.own:
        status = pl.when(status == UNKNOWN).then(status).otherwise(pl.lit(KNOWN))
    groups = (pl.col(name).cast(pl.String).fill_null(NOT_RECORDED).alias(name) for name in ROW_COLUMNS[3:5])
    outcome = pl.col("outcome_kind").cast(pl.String).fill_null("")
    rows = profiles.join(periods, on="month").with_columns(*groups, kind.alias("search_type"), outcome, state=status)
    keys = [*ROW_COLUMNS, "month", "outcome_kind"]
    return rows.group_by(keys).agg(pl.col("searches").sum()).filter(pl.col("searches") > 0).sort(keys)


def name_rows(rows: pl.DataFrame) -> str:
    """Name the rows of each force and period: the same rows have the same name."""
    parts = rows.partition_by(SPAN, as_dict=True, include_key=False)
    names = {
        span: hashlib.sha256(part.write_csv().encode("utf-8")).hexdigest()[:DIGITS] for span, part in parts.items()
    }
    return "; ".join(f"{span[0]} {span[1]} {span[2]} {name}" for span, name in sorted(names.items()))


def protect_own(cells: pl.DataFrame, base: int, plan: Plan) -> pl.DataFrame:
    """Protect the counts that only the extract has, and leave those exact that the public rows give."""
    exact: dict[Key, int] = {row[:-1]: row[-1] for row in cells.iter_rows()}
    shown: dict[Key, int | None] = {}

    def show(key: Key) -> int | None:
        if key not in shown:
            shown[key] = exact[key] if plan.is_public(*key[5:]) else show_own(key)
        return shown[key]

    def show_own(key: Key) -> int | None:
        wholes = [show(whole) for whole in list_parents(key) if whole in exact]
        if 0 in wholes or is_of_none(key, exact, plan):
            return 0
        left = [
            exact[whole] - (exact[part] if part else 0) for whole, part in list_left(key, exact, plan) if whole in exact
        ]
        is_hidden = None in wholes or is_never_shown(key, exact, plan) or min([exact[key], *left]) < THRESHOLD
        return None if is_hidden else protect(exact[key], base)

    return cells.with_columns(pl.Series("count", [show(key) for key in exact], pl.Int64))


def list_left(key: Key, shown: Mapping[Key, int | None], plan: Plan) -> list[tuple[Key, Key | None]]:
    """List what is left beside a count of something that only the extract divides: a count, less another.

    Beside finds, the other searches whose record tells; beside possession supply, and the other way round, where how
    many there are of both is public; and beside those whose record tells, those of either whose record does not, if
    there are any.

    Args:
        shown: counts, of which those that are public are looked at.
    """
    left: list[tuple[Key, Key | None]] = [(list_parents(key)[0], key)] if key[6] == "found" else []
    if _is_separated(key, plan):
        other = SEPARATED[1 - SEPARATED.index(key[5])]
        left.append(((*key[:5], other, key[6]), None))
        if key[6] == "known" and _count_separated(key, "searches", shown) != _count_separated(key, "known", shown):
            left += [((*key[:5], kind, "searches"), (*key[:5], kind, "known")) for kind in SEPARATED]
    return left


def is_never_shown(key: Key, shown: Mapping[Key, int | None], plan: Plan) -> bool:
    """Whether the public rows have too few searches for a count that only the extract has to be shown, whatever it is.

    Shown, it and what is left beside it are THRESHOLD or more each: of 17 searches 8 or 9 were finds, and beside one
    more or less that is nearly told. So there must be searches enough for FEWEST_CANDIDATES values. And of a whole that
    has hardly any other searches, the whole alone is shown: where rounding falls between the two, it would tell of
    the few others.

    Args:
        shown: counts, of which those that are public are looked at.
    """
    most = _most_of(key, shown, plan)
    least_left = THRESHOLD
    if key[6] == "found" and key[5] in SEPARATED and plan.own == (OWN_FINDS, OWN_DRUG_TYPES):
        # Finds of possession: beside them searches without a find, and beside both supply.
        least_left += THRESHOLD
    if most - least_left < THRESHOLD + FEWEST_CANDIDATES - 1:
        return True
    wholes = [whole for whole in list_parents(key) if whole in shown and not plan.is_public(*whole[5:])]
    others = [_most_of(whole, shown, plan) - most for whole in wholes if whole[6] == key[6] and _is_of_rows(key, whole)]
    return any(0 < other < FEWEST_CANDIDATES for other in others)


def _is_of_rows(key: Key, whole: Key) -> bool:
    """Whether the rows say which searches of a whole are in a part: of possession in drugs they do not."""
    return key[5] not in SEPARATED or whole[5] == key[5]


def _most_of(key: Key, shown: Mapping[Key, int | None], plan: Plan) -> int:
    """Say how many searches of the public rows could be in a count that only the extract has."""
    counted = "known" if key[6] == "found" and OWN_FINDS in plan.own else key[6]
    if OWN_DRUG_TYPES in plan.own and key[5] in SEPARATED:
        return _count_separated(key, counted, shown)
    return shown.get((*key[:6], counted)) or 0


def _count_separated(key: Key, counted: str, shown: Mapping[Key, int | None]) -> int:
    """Say how many drug searches of a group are for possession or supply: public, as their parts are not."""
    both = (shown.get((*key[:5], kind, counted)) for kind in ("drugs", "drugs_unspecified"))
    drugs, unspecified = (count or 0 for count in both)
    return drugs - unspecified


def is_of_none(key: Key, shown: Mapping[Key, int | None], plan: Plan) -> bool:
    """Whether the public rows tell that no drug search says possession or supply."""
    return _is_separated(key, plan) and _count_separated(key, key[6], shown) == 0


def _is_separated(key: Key, plan: Plan) -> bool:
    return OWN_DRUG_TYPES in plan.own and key[5] in SEPARATED and plan.is_public("drugs", key[6])


def find_unprotected(cells: pl.DataFrame, base: int, plan: Plan) -> list[Key]:
    """Find public counts that are not shown, and others that are not protected: an outsider's check."""
    shown: dict[Key, int | None] = {row[:-1]: row[-1] for row in cells.iter_rows()}

    def is_told(key: Key) -> bool:
        value = shown[key]
        if plan.is_public(*key[5:]):
            return value is None
        wholes = [shown[whole] for whole in list_parents(key) if whole in shown]
        if 0 in wholes or is_of_none(key, shown, plan):
            return value != 0
        is_hidden = None in wholes or is_never_shown(key, shown, plan)
        return value is not None and (is_hidden or value == 0 or value % base != 0)

    return [key for key in shown if is_told(key)]
