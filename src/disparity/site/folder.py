"""The site folder: locked while it is built, written aside and swapped in whole."""

import ctypes
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from disparity.tables.previous_edition import read_package
from disparity.vocabulary.errors import RequestError

# Linux, <linux/fs.h> and <fcntl.h>: swap two names; names are relative to the working directory.
RENAME_EXCHANGE, AT_FDCWD = 2, -100


@contextmanager
def lock_site(out: Path) -> Iterator[None]:
    """Keep other builds away from the folder until this one is done; a build that died holds nothing.

    Raises:
        RequestError: another build holds it, or the folder is not a site.
    """
    check_out(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    # The lock lies elsewhere: whoever copies the folder's surroundings should not copy it.
    name = hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:16]
    try:
        with FileLock(Path(tempfile.gettempdir()) / f"disparity-{name}.lock", timeout=0):
            _sweep(out)
            yield
    except Timeout:
        raise RequestError(
            "another build is writing this site", where=str(out), what_now="wait for it, or name another folder"
        ) from None


def check_out(out: Path) -> None:
    """Refuse to replace a folder that this tool did not write."""
    if out.exists() and not (out.is_dir() and (read_package(out) or not any(out.iterdir()))):
        raise RequestError(
            "the output folder holds something else",
            where=str(out),
            found="files, but no site of this tool",
            what_now="name another folder with --out",
        )


def _mark(out: Path) -> str:
    """How the names start of folders that a build makes beside the site."""
    return f".{out.name}.disparity-"


def _sweep(out: Path) -> None:
    """Clear away what a build that was killed left behind, and put back a site it had just moved."""
    for stray in sorted(path for path in out.parent.iterdir() if path.name.startswith(_mark(out))):
        if (stray / out.name).is_dir() and not out.exists():
            (stray / out.name).rename(out)
        shutil.rmtree(stray, ignore_errors=True)


@contextmanager
def write_aside(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` to write in, and put it in the place of `out` when all is written.

    Raises:
        RequestError: the system refuses to write; what was in `out` is as it was.
    """
    aside = out
    try:
        aside = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
        aside.chmod(0o755)  # a web server reads it too
        yield aside
        _swap(aside, out)
    except OSError as error:
        if error.errno is None:  # a template that is not there, by jinja2
            raise
        raise RequestError(
            "the site cannot be written",
            where=str(out),
            found=error.strerror or str(error),
            what_now="make room, or see who may write there; the site that was there is as it was",
        ) from error
    finally:
        if aside != out:
            shutil.rmtree(aside, ignore_errors=True)


def _swap(aside: Path, out: Path) -> None:
    """Exchange the folders in one step where the system can; else rename twice: the old away, the new one in."""
    if not out.exists():
        aside.rename(out)
        return
    if _exchange(aside, out):
        return
    old = Path(tempfile.mkdtemp(prefix=_mark(out), dir=out.parent))
    out.rename(old / out.name)
    try:
        aside.rename(out)
    except OSError:
        (old / out.name).rename(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders at once, so that a kill between finds the old site or the new one; whether it was done."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if not hasattr(library, "renameat2"):
        return False
    names = (os.fsencode(path.absolute()) for path in (one, other))
    failed = library.renameat2(AT_FDCWD, next(names), AT_FDCWD, next(names), RENAME_EXCHANGE)  # type: ignore[union-attr]
    return int(failed) == 0
