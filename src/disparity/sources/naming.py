"""The file that an error is about: named once, where it is opened, and not by each check of what it holds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from disparity.vocabulary.errors import DataError, DisparityError, printable

MOST_NAMED = 10


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Put the file's name to an error that says of no place by itself where it is."""
    try:
        yield
    except DisparityError as error:
        error.where = error.where or printable(name)
        raise


def refuse_together(errors: Sequence[DisparityError], *, what_now: str = "") -> None:
    """Name every file that cannot be read at once, so that nobody has to correct them one build at a time."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        named = [f"{error.where}: {error.what} ({error.code})" for error in errors[:MOST_NAMED]]
        more = [f"and {len(errors) - MOST_NAMED} more"] if len(errors) > MOST_NAMED else []
        raise DataError(
            f"{len(errors)} files cannot be read",
            found="; ".join([*named, *more]),
            what_now=f"look each code up in docs/errors{what_now}",
        )
