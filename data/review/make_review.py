"""Make the finished review in this folder: a sample of the synthetic force thornmoor, answered by two reviewers.

    python data/review/make_review.py FOLDER

Each reviewer says yes to most grounds that give a reason, and to few vague ones, by CHANCES and a seed. The folder has
tables of counts alone, as `disparity review` writes them.
"""

import csv
import sys
import tempfile
from pathlib import Path

import numpy as np

from disparity.cli.commands import commands
from disparity.synthetic.extract import VAGUE

PROJECT = Path(__file__).parents[2] / "disparity.toml"
SEED = 3
SAMPLE = ("--from", "2024-04", "--by", "ethnic_group", "--minimum", "20", "--half-width", "0.06", "--seed", "3")
ANSWERS = ("yes", "no", "cannot tell")
CHANCES = {False: (0.97, 0.02, 0.01), True: (0.25, 0.65, 0.10)}
REASONS = dict(zip(VAGUE, ("appearance_or_manner", "place_or_time"), strict=True))


def main(folder: Path) -> None:
    """Draw, answer, count."""
    rng = np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as home:
        sample = Path(home) / "sample"
        _run("sample", "--project", str(PROJECT), *SAMPLE, "--reviewers", "2", "--out", str(sample))
        forms = sorted(sample.glob("review-*.csv"))
        for form in forms:
            _answer(form, rng)
        _run("review", *map(str, forms), "--sample", str(sample), "--reviewed-on", "May 2025", "--out", str(folder))


def _run(*arguments: str) -> None:
    commands.main(list(arguments), standalone_mode=False)


def _answer(form: Path, rng: np.random.Generator) -> None:
    with form.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["reasonable"] = ANSWERS[rng.choice(3, p=CHANCES[row["grounds"] in VAGUE])]
        if row["reasonable"] == "no":
            row["weak_reason"] = REASONS.get(row["grounds"], "vague_description")
    with form.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
