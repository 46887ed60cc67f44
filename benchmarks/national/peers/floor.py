"""The floor: every byte is read, and nothing is done with it."""

import sys
from pathlib import Path

for path in Path(sys.argv[1]).glob("*/*-stop-and-search.csv"):
    path.read_bytes()
