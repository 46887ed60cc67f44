"""The page of every code that a value of an extract may be given, made from the vocabulary."""

from collections.abc import Iterator

from disparity.project.extract_mapping import LABELS_OF
from disparity.vocabulary.codes import (
    CLOTHING_EXTENTS,
    FLAGS,
    FORCE_KINDS,
    HOME_OFFICE_AGE_GROUPS,
    ITEMS,
    LABEL_TABLES,
    ORIGINS,
    PORTAL_AGE_GROUPS,
    codes_by_column,
    group_of_ethnicity,
    read_reference,
)

HEAD = """\
# Every code of every column

Made by `make reference` from the tables that read records; do not edit it here. `disparity schema --codes` prints it.

In the mapping of [your own extract](extracts.md) each of your values has one of these codes, or `""`, which means "not
recorded":

```toml
[extracts.values.outcome]
"NFA" = "no_further_action"
"Not known" = ""
```

A value that is a code, or a label named here, needs no line. Case and white space do not matter. Ages in whole years
need no lines either. `area` has no codes: your own words will do.
"""
# Our column → what it says, in the order of the page.
COLUMNS = {
    "subject": "Who or what was searched. Without a column, every row is a search of a person; searches of vehicles "
    "alone are left out.",
    "self_defined_ethnicity": "What the person said: the 16+1 codes of PACE Code A, with W3, W4 and O1 of the later "
    "18+1. In the 16+1 codes of 2001, O1 was Chinese, which is A4 here. N1 to N9 (why nothing was said) are NS.",
    "officer_defined_ethnicity": "What the officer saw. IC1 and IC2 are White, IC3 Black, IC4 Asian, IC5 and "
    "IC6 Other.",
    "gender": "Sex or gender as recorded.",
    "age_group": "Two sets of bands, which are not to be mixed in one publication: those of data.police.uk end in "
    "25-34 and over 34, those of the Home Office in 25-29 and 30 or over.",
    "legislation": "The power that was used.",
    "object_of_search": "What was searched for. With the power, it makes the type of search.",
    "drug_search_type": 'Of searches for drugs, which of the two. Anything else is `""`.',
    "outcome": "What came of the search, one for each. No further action is never a find.",
    "is_outcome_linked": "Whether the outcome is linked to what was searched for.",
    "is_item_found": "Whether what was searched for was found.",
    "is_clothing_removed": "Whether more than outer coat, jacket or gloves was removed: MTIP and EIP "
    "strip searches are.",
    "is_part_of_operation": "Whether the search was part of a policing operation.",
    "search_origin": "What led to the search.",
    "item_found": "What was found, whatever was searched for.",
    "is_force_used": "Whether any force was used, whatever the force counts as such. `false` is only what says so: "
    "a blank is not recorded.",
    "is_handcuffed": "Whether handcuffs were used, compliant or not.",
    "is_video_on": "Whether the search was filmed: body-worn video was on for all of it or part of it.",
    "is_detained": "Of searches that ended in arrest, whether custody was authorised. Of others it is not counted.",
    "force_kind": "The most serious kind of force that the record tells. `none` says that there was none.",
    "clothing_extent": "How far clothing was removed. EIP exposed intimate parts, a more thorough search (MTS) did "
    "not. Forces use MTIP for either: ask what yours means.",
}
NAMED = {
    "subject": {"person": "A person", "vehicle": "A vehicle alone", "person_and_vehicle": "A person and a vehicle"},
    "drug_search_type": {
        "possession": "Possession alone",
        "supply": "Supply, or possession with intent to supply (PWITS), production, trafficking",
    },
    "search_origin": ORIGINS,
    "item_found": ITEMS,
    "force_kind": FORCE_KINDS,
    "clothing_extent": CLOTHING_EXTENTS,
    "age_group": {
        **dict.fromkeys(HOME_OFFICE_AGE_GROUPS, "Bands of the Home Office"),
        **dict.fromkeys(PORTAL_AGE_GROUPS, "Bands of data.police.uk; ages in whole years are read into these"),
        **dict.fromkeys(set(PORTAL_AGE_GROUPS) & set(HOME_OFFICE_AGE_GROUPS), "In both sets of bands"),
    },
    **{flag: {"true": "Yes; `true` without quotation marks too", "false": "No"} for flag in FLAGS},
}


def write_codes() -> str:
    """Write the page: a section for each column, with its codes and what each means."""
    return "\n".join([HEAD, *(line for column in COLUMNS for line in _describe(column))]) + "\n"


def list_codes(column: str) -> tuple[str, ...]:
    """Give the codes that values of a column may be given; none where any word will do."""
    return codes_by_column().get(column) or LABELS_OF.get(column, ())


def _describe(column: str) -> Iterator[str]:
    yield from (f"## `{column}`", COLUMNS[column], "")
    if column in LABEL_TABLES:
        yield from _list_labels(column)
    else:
        named = NAMED.get(column, {})
        yield from ("| code | what it means |", "|---|---|") if named else ("| code |", "|---|")
        yield from (f"| `{code}` | {named[code]} |" if named else f"| `{code}` |" for code in list_codes(column))
    yield ""


def _list_labels(column: str) -> Iterator[str]:
    """Codes whose labels publishers write: the labels say what each means, and need no line."""
    table, coded = LABEL_TABLES[column]
    rows = read_reference(table)
    has_group = column == "self_defined_ethnicity"
    yield "| code | group | labels that are known |" if has_group else "| code | labels that are known |"
    yield "|---|---|---|" if has_group else "|---|---|"
    for code in list_codes(column):
        own = [row for row in rows if row[coded] == code]
        labels = "; ".join(dict.fromkeys(row["label"] for row in own))
        yield f"| `{code}` | {group_of_ethnicity()[code]} | {labels} |" if has_group else f"| `{code}` | {labels} |"
