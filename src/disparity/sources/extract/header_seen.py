"""The header of an extract as an error shows it: what of it is known, by name, and the sheets it could be on."""

from collections.abc import Container

from disparity.project.extract_mapping import COLUMNS
from disparity.project.personal_columns import looks_personal
from disparity.sources.extract.guesses import SURE_NAME, name_likeness
from disparity.sources.extract.table import Table
from disparity.sources.header import show_header


def show_seen(table: Table, mapped: Container[str] = ()) -> str:
    """Show the header line that was read, and the sheets it could have been read from.

    Args:
        mapped: headers that the project file names.
    """

    def is_known(header: str) -> bool:
        if header in mapped:
            return True
        return not looks_personal(header) and any(name_likeness(ours, header) >= SURE_NAME for ours in COLUMNS)

    sheets = f" (sheet {table.sheet!r} of {', '.join(map(repr, table.sheets))})" if table.sheets else ""
    return f"{show_header(table.headers, is_known, table.titles + 1)}{sheets}"
