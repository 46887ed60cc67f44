"""A project's own templates, styles and suites of expectations, laid over the package's one by one.

A copy that nobody changed is the package's: a project follows the toolkit in all that it did not make its own. Version
0.1 copied everything into each project; what it copied is known by its hash.
"""

import hashlib
import json
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from disparity import __version__
from disparity.project.defaults import default_folder
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.json_text import read_json
from disparity.vocabulary.user_text import UnreadableTextError, read_user_text

# The keys of the project file that name such folders, and what they hold; anything else in them is let be.
KINDS = {
    "expectations": ("*.json",),
    "reports": ("*.html", "parts/*.html", "methods/*.html", "static/*.css", "static/*.js", "static/*.svg"),
}
COPIED_BY_0_1 = Path(__file__).parent / "version_0_1.sha256"
# The first line of a copy says where it is from; a suite says it in its `meta`. Looked for from the start of each line
# alone: from every letter of it, a script of one line of half a million took minutes.
NOTE = re.compile(
    r"^[^\n]*copied from disparity (?P<version>\S+), sha256 (?P<digest>[0-9a-f]{64})[^\n]*\n?", re.MULTILINE
)
COMMENTS = {".html": "{{#- {} -#}}\n", ".css": "/* {} */\n", ".js": "/* {} */\n", ".svg": "<!-- {} -->\n"}


def lay(key: str, own: Path | None) -> dict[str, Path]:
    """Give every file of `expectations` or `reports` by its name in the folder: the project's own, else the package's.

    Raises:
        RequestError: the project's folder is not there, or holds one that nothing is made from.
    """
    shipped = list_shipped(key)
    if own is None:
        return shipped
    files = _list_own(key, own)
    changed = {name: path for name, path in files.items() if not _is_copy(key, name, path)}
    for name, path in changed.items():
        if name not in shipped and name not in _retired(key) and not _is_included(name, changed):
            _refuse_unused(path, name, [each for each in shipped if each not in files])
    return shipped | changed


@cache
def list_shipped(key: str) -> dict[str, Path]:
    """Give the package's own files by name."""
    folder = default_folder(key)
    return {path.relative_to(folder).as_posix(): path for kind in KINDS[key] for path in sorted(folder.glob(kind))}


def _list_own(key: str, own: Path) -> dict[str, Path]:
    if not own.is_dir():
        raise RequestError(
            f"the folder of the project's own {key} is not there",
            where=str(own),
            found="a file" if own.exists() else "nothing",
            what_now=f"correct `{key}` in the project file, or take the line out: the toolkit's own are used then",
        )
    return {path.relative_to(own).as_posix(): path for kind in KINDS[key] for path in sorted(own.glob(kind))}


def _is_copy(key: str, name: str, path: Path) -> bool:
    """Whether nobody changed it since it was copied from the package, of this version or another."""
    content = read_file(path)
    note = NOTE.search(content)
    known = {note["digest"]} if note else _copied_by_0_1().get(f"{key}/{name}", set())
    shipped = list_shipped(key).get(name)
    return digest(name, content) in known | ({digest(name, read_file(shipped))} if shipped else set())


def read_file(path: Path) -> str:
    """Read a template, style or suite.

    Raises:
        RequestError: it cannot be read, or is not UTF-8.
    """
    try:
        return read_user_text(path)
    except (OSError, UnreadableTextError) as error:
        raise RequestError(
            "a file of the project's own cannot be read",
            where=str(path),
            found=getattr(error, "strerror", None) or str(error),
            what_now="save it as UTF-8, or delete it: the toolkit's own is used then",
        ) from None


def digest(name: str, content: str) -> str:
    """SHA-256 of what a file says, without the note of where it was copied from; of a suite, however it is set."""
    text = NOTE.sub("", content.replace("\r\n", "\n"), count=1)
    if name.endswith(".json"):
        try:
            held = read_json(content)
            text = json.dumps({key: value for key, value in held.items() if key != "meta"}, sort_keys=True)
        except (ValueError, AttributeError):
            text = content
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _copied_by_0_1() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for line in COPIED_BY_0_1.read_text(encoding="utf-8").splitlines():
        sha256, _, name = line.partition("  ")
        known.setdefault(name, set()).add(sha256)
    return known


def _retired(key: str) -> set[str]:
    """Names of files that the toolkit had once: an old project may hold its own of them still."""
    return {name.removeprefix(f"{key}/") for name in _copied_by_0_1() if name.startswith(f"{key}/")}


def _is_included(name: str, own: dict[str, Path]) -> bool:
    """Whether a template of the project's own takes it in."""
    return name.endswith(".html") and any(
        f'"{name}"' in text or f"'{name}'" in text
        for other, path in own.items()
        if other != name
        for text in [read_file(path)]
    )


def _refuse_unused(path: Path, name: str, left: list[str]) -> None:
    near = get_close_matches(name, left, n=1, cutoff=0.6)
    raise RequestError(
        "no page and no check is made from a file of the project's own",
        where=str(path),
        found=name,
        what_now=f"call it {near[0]!r}, if that is what it is to replace"
        if near
        else "give it the name of the file that it is to replace (`disparity init --templates` lists them), or take it "
        "out",
    )


def list_behind(key: str, own: Path | None) -> list[str]:
    """Say which files of the project's own go by another version of the toolkit's than today's, or by none."""
    said = []
    changed = dict((lay(key, own) if own else {}).items() - list_shipped(key).items())
    for name, path in sorted(changed.items()):
        shipped = list_shipped(key).get(name)
        if shipped is None:
            if not _is_included(name, changed):
                said.append(
                    f"{path}: the toolkit has no such file any more, and nothing is made from this one; take it out, "
                    "and make its changes in those that `disparity init --templates` lists."
                )
            continue
        note = NOTE.search(read_file(path))
        if not note and key != "reports":  # a suite may well be written from scratch
            continue
        if not note or note["digest"] != digest(name, read_file(shipped)):
            since = f"since disparity {note['version']}, which it was copied from" if note else "since it was copied"
            said.append(
                f"{path}: the toolkit's own may have changed {since}; compare with what `disparity init --templates "
                f"{name}` writes in another folder."
            )
    return said


def copy_one(asked: str, project: Path, folders: dict[str, Path]) -> Path:
    """Copy a template, style or suite of the package into the project, to be changed; nothing is written over.

    Args:
        folders: where the project has its `reports` and `expectations`.

    Raises:
        RequestError: there is none of this name, or the project has its own already.
    """
    key, name = _find(asked)
    target = project / folders.get(key, Path(key)) / name
    if target.exists():
        raise RequestError(
            "the project has its own already", where=str(target), what_now="change that, or move it away first"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(_note(name, read_file(list_shipped(key)[name])).encode())
    return target


def _find(asked: str) -> tuple[str, str]:
    names = {key: list(list_shipped(key)) for key in KINDS}
    plain = asked.replace("\\", "/").removeprefix("./")
    for key in KINDS:
        for name in names[key]:
            if plain in (name, f"{key}/{name}", name.rpartition("/")[2], Path(name).stem):
                return key, name
    every = [name for key in KINDS for name in names[key]]
    near = get_close_matches(plain, every, n=1, cutoff=0.6)
    raise RequestError(
        "there is no template, style or suite of this name",
        found=asked,
        what_now=f"did you mean {near[0]!r}?" if near else f"there are {', '.join(every)}",
    )


def _note(name: str, content: str) -> str:
    said = f"copied from disparity {__version__}, sha256 {digest(name, content)}"
    if name.endswith(".json"):
        held = json.loads(content)
        return json.dumps({**held, "meta": {**held.get("meta", {}), "from": said}}, indent=2, ensure_ascii=False) + "\n"
    return COMMENTS[Path(name).suffix].format(said) + content
