"""Synthetic records with known truth: fictional forces in the layout of data.police.uk."""

from disparity.synth.forces import FELLSHIRE, MERESIDE, Recording, SyntheticForce, make_forces
from disparity.synth.records import make_records
from disparity.synth.tables import PORTAL_COLUMNS
from disparity.synth.write import write_records, write_synthetic

__all__ = [
    "FELLSHIRE",
    "MERESIDE",
    "PORTAL_COLUMNS",
    "Recording",
    "SyntheticForce",
    "make_forces",
    "make_records",
    "write_records",
    "write_synthetic",
]
