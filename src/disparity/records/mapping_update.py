"""What a mapping in use lacks for the files that are there now: values and columns that are new."""

from collections import Counter
from typing import NamedTuple

import polars as pl

from disparity.project.additions import add_lines
from disparity.project.extract_mapping import ExtractSettings
from disparity.project.personal_columns import looks_personal
from disparity.project.settings import Settings
from disparity.records.audit.files import audit_files
from disparity.records.coding import code_searches
from disparity.records.unknown_values import is_free_text, list_unknown
from disparity.sources.extract.files import find_files
from disparity.sources.extract.known_columns import guess_mapping
from disparity.sources.extract.proposal import mark, quote, write_value
from disparity.sources.extract.rows import read_extract
from disparity.sources.extract.table import Layout, read_table
from disparity.sources.extract.value_guesses import guess_value
from disparity.sources.naming import naming
from disparity.vocabulary.codes import plain_label


class Update(NamedTuple):
    """The project file with what is new: its text and the lines that were added, by table.

    `waiting`: values that an earlier update left to the analyst, and still have no code. `left_out`: columns whose
    values are no labels.
    """

    text: str
    added: dict[str, list[str]]
    waiting: int
    left_out: list[str]


def update_mappings(text: str, settings: Settings) -> Update:
    """Add to each `[[extracts]]` of a project file the values and columns of its files that it does not know.

    Raises:
        RequestError, DataError: as `read_extract`; or the file is so written that nothing can be added.
    """
    added: dict[str, list[str]] = {}
    waiting, left_out = 0, list[str]()
    for number, extract in enumerate(settings.extracts):
        values, unmapped = _propose_values(extract)
        left_out += unmapped
        for table, lines in {"columns": _propose_columns(extract), **values}.items():
            before, text = text, add_lines(text, number, table, lines)
            new = list((Counter(text.splitlines()) - Counter(before.splitlines())).elements())
            new = [line for line in lines if line in new]
            if new:
                added.setdefault(f"extracts.{table} ({extract.force})", []).extend(new)
            if table in values:
                waiting += len(lines) - len(new)
    return Update(text, added, waiting, left_out)


def _propose_values(extract: ExtractSettings) -> tuple[dict[str, list[str]], list[str]]:
    """Lines for values that no mapping knows, by table; and the columns whose values are no labels."""
    files = read_extract(extract).files
    if not files:
        return {}, []
    unknown = list_unknown(audit_files(code_searches(*files), *files))
    proposed: dict[str, list[str]] = {}
    left_out: list[str] = []
    for (column,), values in unknown.partition_by("column", as_dict=True, maintain_order=True).items():
        if is_free_text(values):
            left_out.append(f"{column}: {values.height:,} different values that look like free text")
            continue
        # Spellings of one label are one line.
        spelt = {plain_label(label): label for label in reversed(values["label"].to_list())}
        rows = Counter[str]()
        for label, of_label in values.select("label", "rows").iter_rows():
            rows[spelt[plain_label(label)]] += of_label
        proposed[f"values.{column}"] = [
            write_value(label, guess_value(str(column), label), of_label, is_new=True)
            for label, of_label in rows.most_common()
        ]
    return proposed, left_out


def _propose_columns(extract: ExtractSettings) -> list[str]:
    """Lines, in comments, for columns that are not mapped and look like ones of ours: of the newest file, the last."""
    path = find_files(extract.files)[-1]
    mapped = {plain_label(theirs) for theirs in extract.columns.values()}
    layout = Layout(extract.sheet, extract.encoding, extract.separator)
    with naming(path.name):
        table = read_table(path, layout, is_wanted=lambda header: not looks_personal(header))
    rows = table.rows.select(pl.exclude([h for h in table.headers if plain_label(h) in mapped]))
    found = guess_mapping(rows, extract.force)
    whole = {"searched_at", "search_date", "search_time"}
    return [
        f"# {ours} = {quote(guess.theirs)}{mark(f'not mapped, so not read; {guess.doubt}'.rstrip('; '))}"
        for ours, guess in found.items()
        if ours not in extract.columns and ours not in whole
    ]
