"""Whose search each row is, where a column of an extract says so: rows of another force are never its own."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache

import polars as pl

from disparity.project.extract_mapping import FORCE, ExtractSettings
from disparity.project.personal_columns import split_words
from disparity.sources.extract.table import Table
from disparity.sources.raw import map_values
from disparity.vocabulary.codes import force_aliases, force_names, read_reference
from disparity.vocabulary.errors import DataError

OTHER_FORCE = "of another force"
NO_FORCE = "no force named: taken for the file's own"
# Nobody's own name: "Essex Police" and "Essex Constabulary" are Essex.
TITLES = re.compile(r"-?(police|constabulary|police-service|police-force|service)$")
MOST_NAMED = 5


def names_force(header: str) -> bool:
    """Say whether a column, by its name, may say whose search it was; "Force" is also what "force used" is called.

    >>> [names_force(header) for header in ("Force", "Police_Force", "Force used")]
    [True, True, False]
    """
    return " ".join(split_words(header)) in _headers()


def identify(label: str, own: str) -> str:
    """Give the id of the force that a label names; nothing if it names none that is known, nor the file's own.

    >>> identify("Essex Police", "kent"), identify("ESSEX", "kent"), identify("Yes", "kent")
    ('essex', 'essex', '')
    """
    spelt = re.sub(r"[^a-z0-9]+", "-", label.lower().replace("&", "and")).strip("-")
    bare = TITLES.sub("", spelt)
    known = {**force_aliases(), **{force: force for force in force_names()}, own: own}
    return known.get(spelt) or known.get(bare) or _codes().get(label.strip().upper(), "")


def count_forces(labels: pl.Series, own: str) -> Counter[str]:
    """Count the rows of each force that is known, most first."""
    counted = Counter[str]()
    for label, rows in labels.drop_nulls().value_counts(name="rows", sort=True).iter_rows():
        counted[identify(label, own)] += rows
    del counted[""]
    return Counter(dict(counted.most_common()))


def keep_own(table: Table, settings: ExtractSettings) -> tuple[Table, Counter[str], Counter[str]]:
    """Keep the rows of the extract's force; give what is set aside, and what is kept without a force.

    A column that no mapping names is looked at too, if it is called what such columns are: only a force that is known
    counts there, as "Force" may also say whether force was used.

    Raises:
        DataError: rows are of other forces and the project file does not set them aside; all of them are; or a mapped
            column names a force that nobody knows.
    """
    mapped = settings.columns.get(FORCE)
    headers = [mapped] if mapped else [header for header in table.rows.columns if names_force(header)]
    headers = [header for header in headers if count_forces(table.rows[header], settings.force) or mapped]
    if not headers:
        return table, Counter(), Counter()
    labels = table.rows[headers[0]]
    forces = _identify_all(map_values(labels, settings.values.get(FORCE, {})), settings.force)
    if mapped:
        _refuse_unknown(labels.filter(forces == ""), settings)
    others = labels.filter(forces.is_not_null() & ~forces.is_in([settings.force, ""]))
    is_all = len(others) and not (forces == settings.force).any()
    if len(others) and (is_all or settings.other_forces == "refuse"):
        raise _refuse_others(labels, others, settings)
    is_own = forces.is_null() | forces.is_in([settings.force, ""])
    blank = int(forces.null_count())
    named = ", ".join(sorted({identify(label, settings.force) or label for label in others.unique()}))
    set_aside = Counter({f"{OTHER_FORCE}: {named}": len(others)} if len(others) else {})
    return replace(table, rows=table.rows.filter(is_own)), set_aside, Counter({NO_FORCE: blank} if blank else {})


def _identify_all(labels: pl.Series, own: str) -> pl.Series:
    """Null where there is no label; nothing where it names no force that is known."""
    known = {label: identify(label, own) for label in labels.drop_nulls().unique()}
    return labels.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)


def _refuse_unknown(labels: pl.Series, settings: ExtractSettings) -> None:
    if len(labels):
        raise DataError(
            f"{_count(len(labels))} a force that is not known in the column {settings.columns[FORCE]!r}",
            found=_list(labels),
            what_now="under [extracts.values.force] give each its id, as in the names of monthly files; "
            '"" takes it for the file\'s own',
            code="E138",
        )


def _refuse_others(labels: pl.Series, others: pl.Series, settings: ExtractSettings) -> DataError:
    own = len(labels) - len(others)
    known = dict.fromkeys(identify(label, settings.force) for label in others.unique(maintain_order=True))
    ids = ", ".join(f'"{force}"' for force in known if force) or "their id"
    advice = f"another [[extracts]] with force = {ids} reads them"
    return DataError(
        f"{_count(len(others))} another force than {settings.force!r} in the column {labels.name!r}",
        found=f"{_list(others)}; {own:,} of its own or of none",
        what_now=f'other_forces = "set aside" leaves them out; {advice}' if own else f"correct force; {advice}",
        code="E138",
    )


def _count(rows: int) -> str:
    return "1 row names" if rows == 1 else f"{rows:,} rows name"


def _list(labels: pl.Series) -> str:
    counted = labels.value_counts(name="rows", sort=True)
    named = [f"{label!r} in {rows:,}" for label, rows in counted.head(MOST_NAMED).iter_rows()]
    return ", ".join(named) + (f" and {counted.height - MOST_NAMED} more" if counted.height > MOST_NAMED else "")


@cache
def _headers() -> frozenset[str]:
    return frozenset(row["name"] for row in read_reference("extract_columns") if row["column"] == FORCE)


@cache
def _codes() -> dict[str, str]:
    """ONS code of a police force area → force."""
    return {row["force_code"]: row["force"] for row in read_reference("forces") if row["force_code"]}
