"""Sites of the real forces, each built once for every test that looks at it."""

from functools import cache
from pathlib import Path

from disparity.pipeline.build import build
from disparity.project.settings import make_settings
from support import example

YEAR = {"from": "2019-04", "to": "2020-03"}


@cache
def lancashire(records: Path) -> Path:
    """One year of one force, which does not say what was found; no earlier year to compare."""
    return _make("real-lancashire", records, YEAR | {"forces": ["lancashire"]})


@cache
def eight(records: Path) -> Path:
    """The same year of the eight forces whose records there are."""
    return _make("real-eight", records, YEAR | {"title": "Eight forces"})


def _make(name: str, records: Path, asked: dict[str, object]) -> Path:
    def make(folder: Path) -> None:
        build(make_settings({"records": [records], "out": folder / "site"} | asked, where="a test"))

    return example.once(name, make) / "site"
