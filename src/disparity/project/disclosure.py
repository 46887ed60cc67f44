"""The `[disclosure]` of a project file."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field


class Disclosure(BaseModel, extra="forbid", frozen=True):
    """How far the counts may be shown: `open` as they are, `restricted` protected, `internal` to the force alone."""

    profile: Literal["open", "restricted", "internal"] | None = Field(
        default=None,
        description="Exact counts or protected ones; internal is exact, for the force alone. Left out, the records "
        "decide: a force’s own extract is protected.",
    )
    published: Path | None = Field(
        default=None, description="SHA-256 of files that are published already, as `sha256sum` writes them."
    )
    public_records: Literal["data.police.uk", "none"] | None = Field(
        default=None,
        description="Where the same searches stand row by row: what these rows give is exact, and the proof of the "
        "rest knows them. Left out: `data.police.uk` where every extract is of a force that it lists, else `none`.",
    )
    ledger: Path | None = Field(
        default=None,
        description="Protected counts of every edition. Left out: `disclosure/ledger.parquet` beside the site as `out` "
        "of the project file has it, whatever `--out` says.",
    )
