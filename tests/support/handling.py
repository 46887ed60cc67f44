"""A force's extract that tells how its searches were carried out, and of whom they are: made up, a year."""

import csv
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

FORCE = "fellshire"
ETHNICITIES = ["W1"] * 9 + [
    "W2",
    "W9",
    "B1",
    "B1",
    "B2",
    "B2",
    "B9",
    "A1",
    "A2",
    "A9",
    "M1",
    "M2",
    "M9",
    "O9",
    "NS",
    "",
]
SEEN = {"W": "White", "B": "Black", "A": "Asian", "M": "Mixed"}
PROJECT = """
title = "Stop and search"
from = "2023-04"
to = "2024-03"
names = {{ fellshire = "Fellshire Police" }}
{words}
[[extracts]]
file = "extract.csv"
force = "fellshire"
date_format = "%d/%m/%Y %H:%M"
[extracts.columns]
searched_at = "When"
self_defined_ethnicity = "SDE"
officer_defined_ethnicity = "ODE"
legislation = "Power"
outcome = "Disposal"
is_item_found = "Found"
is_force_used = "Force used"
force_kind = "Type of force"
is_video_on = "BWV on"
clothing_extent = "Strip search"
is_detained = "Taken into custody"
person_key = "Nominal ref"
"""
Row = Mapping[str, str]


def make_rows(number: int, *, seed: int = 7) -> list[dict[str, str]]:
    """Searches in which force is used twice as often of Black people, of some half as many persons."""
    draw = random.Random(seed)  # noqa: S311, made-up rows
    rows = []
    for _ in range(number):
        moment = datetime(2023, 4, 1) + timedelta(minutes=draw.randrange(365 * 1440))
        ethnicity = draw.choice(ETHNICITIES)
        seen = SEEN.get(ethnicity[:1]) if draw.random() < 0.93 else draw.choice([*SEEN.values(), "Other", ""])
        force = draw.random() < (0.3 if ethnicity.startswith("B") else 0.15)
        is_told = draw.random() < 0.97
        outcome = draw.choices(["no_further_action", "arrest", "caution"], [75, 15, 10])[0]
        rows.append(
            {
                "When": moment.strftime("%d/%m/%Y %H:%M"),
                "SDE": ethnicity,
                "ODE": seen or "Other",
                "Power": draw.choice(["mda_s23", "pace_s1"]),
                "Disposal": outcome,
                "Found": draw.choice(["true", "false"]),
                "Force used": str(force).lower() if is_told else "",
                "Type of force": draw.choice(["handcuffs", "restraint"]) if force and is_told else "",
                "BWV on": draw.choices(["true", "false", ""], [70, 5, 25])[0],
                "Strip search": draw.choices(["outer_only", "beyond_outer", "intimate_parts"], [90, 6, 4])[0],
                "Taken into custody": draw.choices(["true", "false"], [9, 1])[0] if outcome == "arrest" else "",
                "Nominal ref": f"NOM-{draw.randrange(number // 2):07}-Q",
            }
        )
    return rows


def write_project(folder: Path, rows: list[dict[str, str]], words: str = "") -> Path:
    """Write the extract and its project; `words` are of the project file."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "extract.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    path = folder / "disparity.toml"
    path.write_text(PROJECT.format(words=words), encoding="utf-8")
    return path
