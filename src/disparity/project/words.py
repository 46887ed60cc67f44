"""The publisher's own words: every text of a project file that a page may show."""

from collections.abc import Iterator
from typing import Any

from disparity.project.settings import Settings

# How records are read is no word of a page; and a force's id is ours.
READING = {"extracts", "encoding", "disclosure", "forces"}


def list_words(settings: Settings) -> dict[str, str]:
    """List the texts that a project file gives, by their key, such as `priorities.2.source`."""
    return dict(_walk(settings.model_dump(exclude=READING), ()))


def _walk(value: Any, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value:
        yield ".".join(keys), value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _walk(below, (*keys, str(key)))
    elif isinstance(value, list | tuple):
        for number, below in enumerate(value, start=1):
            yield from _walk(below, (*keys, str(number)))
