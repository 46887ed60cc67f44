"""The file that an error is about: named once, where it is opened, and not by each check of what it holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from disparity.vocabulary.errors import DisparityError, printable


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Put the file's name to an error that says of no place by itself where it is."""
    try:
        yield
    except DisparityError as error:
        error.where = error.where or printable(name)
        raise
