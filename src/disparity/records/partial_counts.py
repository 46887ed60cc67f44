"""Parts: what counting some of the records gave, kept in a folder; parts counted apart add up.

A part is no publication: its counts are exact. It holds no record and no text of one.
"""

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from disparity.project.manifest import name_some
from disparity.records.audit.files import Audit
from disparity.records.audit.months import list_submitted
from disparity.records.counts import Counts, add_counts, keep_months
from disparity.sources.choice import DECISIONS
from disparity.vocabulary.errors import DataError, RequestError
from disparity.vocabulary.json_text import read_json

OUTLINE_FILE = "part.json"
KIND = "disparity part 1"
COUNTS, AUDIT = tuple(field.name for field in fields(Counts)), ("submissions", "labels")
NOTE = "Exact counts of searches: not for publication. Safe to delete; the records give it again."
# Of a supply: two parts may read one extract, and what it set aside is then no news.
SUPPLY_DECISIONS = {"supply": pl.String, **DECISIONS}


@dataclass(frozen=True)
class Rules:
    """What counts depend on beside the files: two parts add up only if counted by the same."""

    code: str  # of what counts, with its label tables and polars (`ingest.hash_counting`)
    veil_of_darkness: bool = False
    areas: str = ""  # SHA-256 of the outlines that searches are placed in


@dataclass(frozen=True)
class LeftOut:
    """A monthly file that could not be read, and why."""

    force: str
    month: date
    error: DataError


@dataclass(frozen=True)
class Part:
    """Counts and audit of some files, and what was decided while they were read.

    `supplies`: SUPPLY_DECISIONS. `records`: names of the files and folders that were asked for.
    """

    counts: Counts
    audit: Audit
    supplies: pl.DataFrame
    left_out: tuple[LeftOut, ...]
    records: tuple[str, ...]
    rules: Rules


def add_parts(parts: Sequence[tuple[str, Part]], rules: Rules) -> Part:
    """Add up named parts that were counted by the rules.

    Raises:
        RequestError: one was counted by others, or two hold the same force and month.
    """
    _refuse_other_rules(parts, rules)
    _refuse_overlap(parts)
    every = [part for _, part in parts]
    return Part(
        counts=add_counts([part.counts for part in every]),
        audit=add_audits([part.audit for part in every]),
        supplies=pl.concat([part.supplies for part in every]).unique(maintain_order=True),
        left_out=tuple(file for part in every for file in part.left_out),
        records=tuple(dict.fromkeys(name for part in every for name in part.records)),
        rules=rules,
    )


def add_audits(parts: Sequence[Audit]) -> Audit:
    """Put the audits of files side by side; `audit.months.complete_audit` sets months beside each other."""
    frames = (pl.concat([getattr(part, name) for part in parts]) for name in AUDIT)
    return Audit(*frames, lost=tuple(row for part in parts for row in part.lost))


def _refuse_other_rules(parts: Sequence[tuple[str, Part]], rules: Rules) -> None:
    for name, part in parts:
        if part.rules != rules:
            ours = asdict(rules)
            other = [
                f"{key}: {value}, here {ours[key]}" for key, value in asdict(part.rules).items() if value != ours[key]
            ]
            is_code = part.rules.code != rules.code
            raise RequestError(
                "a part was counted by other rules",
                where=name,
                found="another version of the toolkit, or of polars" if is_code else "; ".join(other),
                what_now="count it again with this version and the settings of this project",
                code="E152",
            )


def _refuse_overlap(parts: Sequence[tuple[str, Part]]) -> None:
    held: dict[tuple[str, date], str] = {}
    for name, part in parts:
        for month in list_submitted(part.audit.submissions).select("force", "month").iter_rows():
            other = held.setdefault(month, name)
            if other != name:
                raise RequestError(
                    f"two parts hold {month[0]}, {month[1]:%Y-%m}",
                    where=f"{other} and {name}",
                    what_now="count each force and month in one part: counting both would double the searches",
                    code="E153",
                )


def narrow(part: Part, forces: Sequence[str], months: Sequence[date]) -> Part:
    """Keep the forces (none: all) and months asked for.

    Raises:
        RequestError: a force has none of the months, or a quarter is asked for in part.
    """
    submissions = part.audit.submissions
    held = list_submitted(submissions).filter(pl.col("force").is_in(forces) if forces else True)
    asked = held.filter(pl.col("month").is_in(list(months)))
    absent = [force for force in forces if force not in asked["force"]]
    if absent or asked.is_empty():
        raise RequestError(
            f"the parts hold nothing of {', '.join(absent) or 'any force'} "
            f"from {months[0]:%Y-%m} to {months[-1]:%Y-%m}",
            found=f"counts of {', '.join(submissions['force'].unique().sort())}",
            what_now="check the force's id and the months, or count the missing part",
            code="E130",
        )
    keys = ["force", "submission"]
    cut = held.join(asked, on=["force", "month"], how="anti").join(asked, on=keys, how="semi")
    if cut.height:
        force, month = cut.sort("force", "month").select("force", "submission").row(0)
        raise RequestError(
            "the months asked for cut a quarter in two, and its source gives the quarter as one",
            found=f"{force}, the quarter from {month:%Y-%m}",
            what_now="begin with April, July, October or January and end with June, September, December or March",
            code="E141",
        )
    return keep(part, asked.select("force", pl.col("submission").alias("month")).unique(), forces)


def keep(part: Part, months: pl.DataFrame, forces: Sequence[str] = ()) -> Part:
    """Keep the counts and the audit of some force-months, and what was decided about some forces (none: all).

    Args:
        months: force, month: what submissions are under.
    """

    def pick(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(months, on=["force", "month"], how="semi", maintain_order="left")

    return replace(
        part,
        counts=keep_months(part.counts, months),
        audit=Audit(*(pick(getattr(part.audit, name)) for name in AUDIT)),
        supplies=part.supplies.filter(pl.col("force").is_in(forces) if forces else True),
        left_out=tuple(file for file in part.left_out if not forces or file.force in forces),
    )


def leave_out(part: Part, files: Sequence[LeftOut]) -> Part:
    """Keep what the part holds but for some files that are better left out."""
    named = pl.DataFrame(
        [(file.force, file.month) for file in files], schema={"force": pl.String, "month": pl.Date}, orient="row"
    )
    held = part.audit.submissions.select("force", "month").join(named, on=["force", "month"], how="anti")
    return replace(keep(part, held), left_out=(*part.left_out, *files))


def write_part(part: Part, folder: Path) -> None:
    """Write a part aside, then put it in place of the one that was there.

    Raises:
        RequestError: the folder holds something else, or cannot be written.
    """
    refuse_other_folder(folder)
    replace_folder(folder, partial(_fill, part), what="part")


def _fill(part: Part, folder: Path) -> None:
    frames = {name: getattr(part.counts, name) for name in COUNTS} | {name: getattr(part.audit, name) for name in AUDIT}
    for name, frame in {**frames, "supplies": part.supplies}.items():
        with (folder / f"{name}.parquet").open("wb") as file:
            frame.write_parquet(file, compression="zstd")
    outline = json.dumps(_outline(part), indent=1, ensure_ascii=False) + "\n"
    (folder / OUTLINE_FILE).write_text(outline, encoding="utf-8", newline="\n")


def replace_folder(folder: Path, fill: Callable[[Path], None], *, what: str) -> None:
    """Fill a folder aside, then put it in place of the one that was there.

    Raises:
        RequestError: it cannot be written.
    """
    mark = f".{folder.name}-"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=mark, dir=folder.parent, ignore_cleanup_errors=True) as aside:
            new = Path(aside) / "new"
            new.mkdir()
            fill(new)
            if folder.exists():
                folder.rename(Path(aside) / "before")  # goes with the folder it was made in
            new.rename(folder)
    except OSError as error:
        raise RequestError(
            f"the {what} cannot be written",
            where=str(folder),
            found=error.strerror or str(error),
            what_now="make room, or see who may write there",
        ) from error


def refuse_other_folder(
    folder: Path, *, mark: str = OUTLINE_FILE, kinds: Sequence[str] = ("*.parquet",), what: str = "part"
) -> None:
    """Refuse to replace what is no part, or nothing else that its mark tells; and one that holds other files too.

    Args:
        kinds: what its files are called, beside the mark.

    Raises:
        RequestError: the folder holds something else.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    is_one = (folder / mark).is_file()
    others = [
        path.name
        for path in (sorted(folder.iterdir()) if folder.is_dir() else [])
        if not path.is_file() or path.is_symlink() or not any(path.match(kind) for kind in (mark, *kinds))
    ]
    if not is_one or others:
        raise RequestError(
            f"the folder of the {what} holds {'other files too' if is_one else 'something else'}",
            where=str(folder),
            found=name_some(others),
            what_now="name another folder, or move them: this one is replaced whole, and is as it was",
        )


def _outline(part: Part) -> dict[str, Any]:
    months = list_submitted(part.audit.submissions)["month"].unique().sort()
    return {
        "kind": KIND,
        "note": NOTE,
        "forces": part.audit.submissions["force"].unique().sort().to_list(),
        "months": [f"{month:%Y-%m-%d}" for month in months],
        "records": list(part.records),
        "rules": asdict(part.rules),
        "left_out": [
            {"force": file.force, "month": f"{file.month:%Y-%m-%d}"}
            | {key: getattr(file.error, key) for key in ("what", "where", "found", "what_now", "code")}
            for file in part.left_out
        ],
    }


def read_part(folder: Path) -> Part:
    """Read a part.

    Raises:
        RequestError: the folder is no part, damaged, or of another version.
    """
    try:
        outline = read_json((folder / OUTLINE_FILE).read_text(encoding="utf-8"))
        if outline["kind"] != KIND:
            raise ValueError("another kind")
        names = (*COUNTS, *AUDIT, "supplies")
        frames = {name: pl.read_parquet((folder / f"{name}.parquet").read_bytes()) for name in names}
        return Part(
            counts=Counts(**{name: frames[name] for name in COUNTS}),
            audit=Audit(*(frames[name] for name in AUDIT)),
            supplies=frames["supplies"],
            left_out=tuple(
                LeftOut(file.pop("force"), date.fromisoformat(file.pop("month")), DataError(file.pop("what"), **file))
                for file in outline["left_out"]
            ),
            records=tuple(outline["records"]),
            rules=Rules(**outline["rules"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pl.exceptions.PolarsError):
        raise RequestError(
            "this is no part that `disparity count` wrote, or one that is damaged",
            where=str(folder),
            what_now="name the folder that `disparity count --out` was given, or count again",
            code="E154",
        ) from None
