"""JSON from elsewhere: read within bounds, and wrong in one way whatever is wrong with it."""

import json
from typing import Any

# The API's longest answer, a month of the Metropolitan Police, has some 20 MB. Python holds an empty list, of three
# bytes, in 64: this much is a gigabyte at the worst.
MOST_BYTES = 40_000_000


def read_json(text: str | bytes, *, most: int = MOST_BYTES) -> Any:
    """Give what the text says.

    Raises:
        ValueError: it is no JSON, is longer than `most`, or nested so deep that nobody wrote it.

    >>> read_json('{"a": [1, 2]}')
    {'a': [1, 2]}
    """
    if len(text) > most:
        raise ValueError(f"JSON of {len(text):,} bytes; at most {most:,} are read")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("JSON that is nested too deep") from None
