"""Files of the portal with other signs than commas between their values, as spreadsheets elsewhere save them."""

import csv
import io

import polars as pl

from disparity.sources.extent import Dialect
from disparity.sources.header import find_separator, split_header
from disparity.sources.preflight import read_rows

# A spreadsheet that parts values by semicolons writes 53,76 for 53.76.
DECIMAL_COMMA = r"^(-?\d{1,3}),(\d+)$"


def part_with_commas(content: bytes) -> bytes:
    """Give the file as the portal would have written it; as it is, where commas stand between its values.

    Raises:
        DataError: as `read_rows`.
    """
    separator = find_separator(content)
    if separator == ",":
        return content
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(split_header(content, separator))
    return (header.getvalue() + read_parted(content, separator).write_csv(None, include_header=False)).encode()


def read_parted(content: bytes, separator: str) -> pl.DataFrame:
    """Read the rows of a checked file, decimal commas as points.

    Raises:
        DataError: as `read_rows`.
    """
    rows = read_rows(content, Dialect(separator))
    if separator == ",":
        return rows
    return rows.with_columns(pl.all().str.replace(DECIMAL_COMMA, "${1}.${2}"))
