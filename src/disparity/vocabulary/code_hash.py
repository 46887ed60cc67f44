"""Which toolkit this is, identified by its own files: what another made is not taken for its own."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def hash_code(*libraries: str) -> str:
    """SHA-256 of the toolkit's code, label tables and fonts, and of the versions of libraries that the work rests on.

    Identified by the files, not by a version number: two checkouts of one version may differ.
    """
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in libraries).encode())
    home = Path(__file__).parents[1]
    for path in sorted(path for kind in ("*.py", "*.csv", "*.conf") for path in home.rglob(kind)):
        digest.update(path.relative_to(home).as_posix().encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
