"""What some work rests on, identified by the toolkit's own files: what other code made is not taken for its own."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


@cache
def hash_code(library: str, *patterns: str, package: Path = PACKAGE) -> str:
    """SHA-256 of the package's files that the work rests on, and of the version of a library.

    Identified by the files, not by a version number: two checkouts of one version may differ.

    Raises:
        FileNotFoundError: nothing is named as in one of `patterns`, such as sources/*.py: it has moved.
    """
    digest = hashlib.sha256(f"{library} {version(library)}\n".encode())
    for pattern in patterns:
        paths = sorted(package.glob(pattern))
        if not paths:
            raise FileNotFoundError(pattern)
        for path in paths:
            digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
