"""The real records of eight forces, April 2019 to March 2021, read as a build reads them."""

import pickle
from functools import partial
from pathlib import Path

from disparity.project.settings import make_settings
from disparity.records.audit.files import Audit
from disparity.records.counts import Counts
from disparity.records.ingest import read_records
from support import example

FORCES = [
    "humberside",
    "kent",
    "lancashire",
    "northumbria",
    "nottinghamshire",
    "south-wales",
    "south-yorkshire",
    "west-yorkshire",
]


def read_real(records: Path) -> tuple[Audit, Counts]:
    """Give the audit and the counts, made once for all processes of this test run."""
    made = example.once("real-records", partial(_ingest, records)) / "made"
    return pickle.loads(made.read_bytes())  # noqa: S301  our own


def _ingest(records: Path, folder: Path) -> None:
    asked = {"records": [records], "from": "2019-04", "to": "2021-03", "forces": FORCES, "out": folder / "unused"}
    made = read_records(make_settings(asked, where="a test"))
    (folder / "made").write_bytes(pickle.dumps((made.audit, made.counts)))
