"""What this machine and this project are like, as far as a build depends on it; and what to fix.

A library that is heavy is loaded only to find out whether it can be. Nothing is read of the records, and nothing stays
that was written to try whether it can be.
"""

import ctypes
import locale
import os
import platform
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from disparity import __version__
from disparity.site.printing import BROWSER_SETTING, find_browser
from disparity.site.rendering.engine import start_engine
from disparity.site.rendering.svg import FONT
from disparity.vocabulary.errors import DisparityError, printable

DISTRIBUTION = "stop-search-disparity"
# Another project has our package's name on the package index: what it installs lies among our files.
NAMESAKE, OUR_SUMMARY = "disparity", "Stop-and-search"
LIBRARIES = (
    *("polars", "numpy", "scipy", "altair", "vl-convert-python", "great-expectations", "pydantic", "jinja2", "shapely"),
    *("pvlib", "fastexcel"),
)
INSTALL_AGAIN = "install disparity again, with its lock (README.md)"
# What a build of a few forces takes, with room to spare; docs/benchmark.md has the largest.
LEAST_MEMORY, LEAST_DISK = 1_000_000_000, 500_000_000
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">'
    f'<text x="2" y="15" font-family="{FONT}">{{}}</text></svg>'
)
# Paths of the settings that are written to.
WRITTEN = ("out", "reuse", "ledger")


class Fact(NamedTuple):
    """Something that was found out, and what to do about it where it is in the way."""

    topic: str
    name: str
    value: str
    fix: str = ""


def examine(project: Path, *, is_asked_for: bool) -> list[Fact]:
    """Look at everything; `is_asked_for`: the project file was named, and is missed where it is not there."""
    looks = (_list_versions(), _read_encodings(), _try_drawing(), _measure_machine(), _look_at(project, is_asked_for))
    return [
        Fact(fact.topic, fact.name, _hide_home(fact.value), _hide_home(fact.fix)) for facts in looks for fact in facts
    ]


def _hide_home(text: str) -> str:
    """A home folder is named after its owner."""
    homes = {str(home) for home in (Path.home(), Path.home().resolve())}
    for home in sorted(homes, key=len, reverse=True):
        if home != Path(home).anchor:
            text = text.replace(home, "~")
    return printable(text)


def _list_versions() -> Iterator[Fact]:
    topic = "versions"
    yield Fact(topic, "disparity", __version__)
    bits = struct.calcsize("P") * 8
    fix = "" if bits > 32 else "install a Python of 64 bits: the libraries are not made for others"
    yield Fact(topic, "Python", f"{platform.python_version()}, {bits} bits", fix)
    yield Fact(topic, "system", f"{platform.system()} {platform.release()} {platform.machine()}")
    for name in LIBRARIES:
        try:
            yield Fact(topic, name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Fact(topic, name, "not installed", f"{name} is not installed: {INSTALL_AGAIN}")
    try:
        summary = metadata.metadata(NAMESAKE).json.get("summary", "")
    except metadata.PackageNotFoundError:
        return
    if not str(summary).startswith(OUR_SUMMARY):
        yield Fact(
            topic,
            f"another project called {NAMESAKE}",
            metadata.version(NAMESAKE),
            f"`pip uninstall {NAMESAKE}`, then {INSTALL_AGAIN}: it writes over files of ours. Ours is {DISTRIBUTION}",
        )


def _read_encodings() -> Iterator[Fact]:
    topic = "encoding"
    yield Fact(topic, "output", (getattr(sys.stdout, "encoding", None) or "none").lower())
    names = sys.getfilesystemencoding().lower()
    fix = "" if names == "utf-8" else "set the environment variable PYTHONUTF8=1: names of files may be misread"
    yield Fact(topic, "names of files", names, fix)
    yield Fact(topic, "of this machine", locale.getpreferredencoding(do_setlocale=False).lower())
    try:
        zone, fix = ZoneInfo("Europe/London").key, ""
    except ZoneInfoNotFoundError:
        zone, fix = "no Europe/London", f"the time zones are missing: {INSTALL_AGAIN}"
    yield Fact(topic, "time zones", zone, fix)


def _try_drawing() -> Iterator[Fact]:
    topic = "drawing"
    try:
        engine: Any = start_engine()
        is_drawn = engine.svg_to_png(PICTURE.format("Wg")) != engine.svg_to_png(PICTURE.format(""))
    except Exception as error:  # whatever a library that does not fit this machine does
        yield Fact(topic, "charts", f"none: {type(error).__name__}", f"charts cannot be drawn: {INSTALL_AGAIN}")
    else:
        fix = "" if is_drawn else f"charts would have no letters: {INSTALL_AGAIN}"
        yield Fact(topic, "fonts", "its own" if is_drawn else "none", fix)
    browser = find_browser()
    if browser and not shutil.which(browser):
        yield Fact(topic, "browser", f"{browser}, not there", f"correct {BROWSER_SETTING}: there is no such program")
    else:
        none = f"none: `disparity pack` writes pages and no PDF ({BROWSER_SETTING} may name one)"
        yield Fact(topic, "browser", browser or none)


def _measure_machine() -> Iterator[Fact]:
    topic = "machine"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    yield Fact(topic, "cores", str(cores))
    memory = measure_memory()
    fix = "there is little memory: build fewer forces or months at once" if memory and memory < LEAST_MEMORY else ""
    yield Fact(topic, "memory", f"{memory / 1e9:.1f} GB" if memory else "not known", fix)


def measure_memory() -> int:
    """Give the bytes of memory that a process may have; 0 where the system does not say."""
    if sys.platform == "win32":
        return _ask_windows()
    try:
        held = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0
    try:  # a container may have less than its machine
        limit = Path("/sys/fs/cgroup/memory.max").read_bytes().strip()
    except OSError:
        return held
    return min(held, int(limit)) if limit.isdigit() else held


def _ask_windows() -> int:
    class Status(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            ("total", ctypes.c_uint64),
            *((f"other_{number}", ctypes.c_uint64) for number in range(6)),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  a name of Windows alone
    return int(status.total) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else 0


def _look_at(project: Path, is_asked_for: bool) -> Iterator[Fact]:
    topic = "project"
    yield Fact(topic, "folder", str(Path.cwd()))
    yield _try_writing(topic, "temporary folder", Path(tempfile.gettempdir()))
    if not project.exists():
        yield Fact(
            topic, "file", f"no {project} here", f"there is no {project}: check the path" if is_asked_for else ""
        )
        return
    yield Fact(topic, "file", str(project.resolve()))
    try:
        settings: Any = import_module("disparity.project.settings").read_settings(project)
    except DisparityError as error:
        why = "; ".join(part for part in (error.found, error.what_now) if part)
        yield Fact(topic, "understood", "no", f"{error.what}: {why}")
        return
    except (ImportError, OSError) as error:  # of a library: one of our own would be a DisparityError
        yield Fact(
            topic, "understood", "not tried", f"a library cannot be loaded ({type(error).__name__}): {INSTALL_AGAIN}"
        )
        return
    yield Fact(topic, "understood", "yes")
    yield from _look_at_paths(settings)


def _look_at_paths(settings: Any) -> Iterator[Fact]:
    topic = "paths"
    yield _try_writing(topic, "out", settings.out, beside=True)
    if settings.reuse:
        yield _try_writing(topic, "reuse", settings.reuse)
    else:
        yield Fact(topic, "reuse", "none: everything is counted anew at each build")
    for name in ("reports", "expectations"):
        yield Fact(topic, name, str(getattr(settings, name) or "the toolkit's"))
    given = list(_list_paths(settings.model_dump(mode="python", by_alias=True)))
    for name, path in given:
        if not _is_there(path):
            yield Fact(topic, name, f"{path}, not there", f"{name} names {path}, which is not there: correct it")
    yield Fact(topic, "named in the project file", f"{len(given)}, {sum(_is_there(path) for _, path in given)} there")


def _list_paths(given: object, name: str = "") -> Iterator[tuple[str, Path]]:
    """Every path that is read, by the key that names it, however deep."""
    if isinstance(given, Path):
        yield name, given
    elif isinstance(given, dict):
        for key, value in given.items():
            if key not in WRITTEN:
                yield from _list_paths(value, f"{name}.{key}".removeprefix("."))
    elif isinstance(given, list | tuple):
        for value in given:
            yield from _list_paths(value, name)


def _is_there(path: Path) -> bool:
    """Whether there is such a path, or something that its pattern names."""
    if path.exists():
        return True
    deepest = next((place for place in path.parents if not set(str(place)) & set("*?[")), path)
    is_pattern = bool(set(str(path)) & set("*?["))
    return is_pattern and deepest.is_dir() and any(deepest.glob(str(path.relative_to(deepest))))


def _try_writing(topic: str, name: str, folder: Path, *, beside: bool = False) -> Fact:
    """Write a file and take it away again; `beside`: a new folder is put in the place of this one."""
    if folder.exists() and not folder.is_dir():
        return Fact(topic, name, str(folder), f"{folder} is a file, and a folder is wanted: name another")
    place = folder.absolute().parent if beside else folder.absolute()
    while not place.exists():
        place = place.parent
    try:
        with tempfile.TemporaryFile(dir=place):
            free = shutil.disk_usage(place).free
    except OSError as error:
        return Fact(topic, name, str(folder), f"{place} cannot be written to ({error.strerror}): name another folder")
    fix = f"the disk of {place} is nearly full: {free / 1e6:.0f} MB are left" if free < LEAST_DISK else ""
    return Fact(topic, name, f"{folder}, can be written, {free / 1e9:.0f} GB free", fix)
