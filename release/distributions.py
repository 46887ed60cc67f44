"""Wheel and source distribution: built twice in folders of their own, the same bytes, and metadata that an index takes.

`python -m release.distributions dist`
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from email.parser import BytesParser
from pathlib import Path

from packaging.metadata import Metadata

ROOT = Path(__file__).parents[1]
MOST_BYTES = 8_000_000
MARK = "disparity/py.typed"


class ReleaseError(Exception):
    """A release cannot be made of this."""


def build(source: Path, out: Path) -> list[Path]:
    """Build the source distribution and the wheel of a folder; their files by name."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    return sorted(out.glob("stop_search_disparity-*"))


def build_again(sdist: Path, folder: Path, *, age: int, umask: int) -> list[Path]:
    """Build both of the source distribution alone, in another folder, of files of another age and other rights."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    (source / "PKG-INFO").unlink()  # what the build adds: a checkout has none
    then = time.time() - age
    for path in source.rglob("*"):
        os.utime(path, (then, then))
        path.chmod((path.stat().st_mode | 0o066) & ~umask)
    out = folder / "dist"
    before = os.umask(umask)
    try:
        return build(source, out)
    finally:
        os.umask(before)


def compare(built: list[Path], again: list[Path]) -> None:
    """Ask for the same files with the same bytes."""
    if [path.name for path in built] != [path.name for path in again]:
        raise ReleaseError(f"built {[path.name for path in built]}, then {[path.name for path in again]}")
    for one, other in zip(built, again, strict=True):
        if one.read_bytes() != other.read_bytes():
            raise ReleaseError(f"{one.name} is not the same bytes when built in another folder at another time")


def read_metadata(path: Path) -> Metadata:
    """The core metadata of a wheel or a source distribution, every field valid."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            text = wheel.read(name)
    else:
        with tarfile.open(path) as archive:
            held = archive.extractfile(f"{path.name.removesuffix('.tar.gz')}/PKG-INFO")
            text = held.read() if held else b""
    return Metadata.from_email(text, validate=True)


def check(path: Path) -> None:
    """Ask what an index asks, and what we promise: metadata, a description, licences, types and weight."""
    metadata = read_metadata(path)
    if not metadata.description or metadata.description_content_type != "text/markdown":
        raise ReleaseError(f"{path.name} has no description in Markdown")
    if not metadata.license_expression or not metadata.license_files:
        raise ReleaseError(f"{path.name} does not say its licences")
    if path.stat().st_size > MOST_BYTES:
        raise ReleaseError(f"{path.name} weighs {path.stat().st_size:,} bytes, more than {MOST_BYTES:,}")
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            tags = BytesParser().parsebytes(wheel.read(f"{'-'.join(path.name.split('-')[:2])}.dist-info/WHEEL"))
            if MARK not in wheel.namelist() or tags.get_all("Tag") != ["py3-none-any"]:
                raise ReleaseError(f"{path.name} is not typed, or not for every platform")


def main() -> None:
    """Build both into a folder, build both again elsewhere, compare and check; the lock goes beside."""
    out = Path(sys.argv[1]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "requirements-run.lock", out)
    for old in out.glob("stop_search_disparity-*"):
        old.unlink()
    built = build(ROOT, out)
    (sdist,) = (path for path in built if path.name.endswith(".tar.gz"))
    with tempfile.TemporaryDirectory() as folder:
        compare(built, build_again(sdist, Path(folder), age=40_000_000, umask=0o077))
    for path in built:
        check(path)
        print(f"{path}: {path.stat().st_size:,} bytes, the same when built again, metadata valid")


if __name__ == "__main__":
    main()
