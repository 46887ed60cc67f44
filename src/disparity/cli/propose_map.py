"""`disparity map`: how to read a force's own extract."""

import re
from pathlib import Path

import click

from disparity.cli.options import PROJECT_FILE
from disparity.cli.terminal import echo_toml, say, strip_controls
from disparity.project.additions import add_extract, list_extracts, replace_project
from disparity.project.settings import read_text, understand
from disparity.records.mapping_update import update_mappings
from disparity.sources.extract.files import find_files
from disparity.sources.extract.proposal import propose_mapping
from disparity.sources.resaved.find import find_resaved
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.force_ids import ID, TAKEN, advise_id, is_known, refuse_elsewhere, suggest_force

# A value that a proposal leaves to the analyst, in a comment.
WAITING = re.compile(r'^# "', re.MULTILINE)


def run(  # noqa: PLR0913, PLR0917, the options of the command
    files: tuple[Path, ...], force: str, sheet: str, project: Path | None, is_append: bool, is_update: bool
) -> None:
    """Print what to put into the project file, or put it there."""
    if is_update:
        if files or force or sheet or is_append:
            raise RequestError(
                "--update takes no file and no other option than --project",
                what_now="name new files under `file` in the project file; all of its extracts are updated",
            )
        return _update(project or Path(PROJECT_FILE))
    if not files:
        raise RequestError("no file is named", what_now="name the extract; --update is for those of the project file")
    if force:
        _check_force(force)
    for file in find_resaved(find_files(files))[0]:
        say(
            f"{file.name} has the columns of data.police.uk: `disparity build FILE --force ID` reads it without a "
            "mapping, as public records (docs/records.md)."
        )
    if is_append:
        return _append(files, force, sheet, project or Path(PROJECT_FILE))
    if project:
        raise RequestError("--project goes with --append or --update", what_now="say which of them")
    echo_toml(propose_mapping(*files, force=force, sheet=sheet))
    return None


def _check_force(force: str) -> None:
    """A force of one's own may have any id, but for a slip of the pen of one that there is."""
    refuse_elsewhere([force])
    if not is_known(force) and (force in TAKEN or not ID.fullmatch(force) or suggest_force(force)):
        raise RequestError(
            f"there is no force {force!r}",
            where="--force",
            what_now=f"{advise_id(force)} If it is a force of your own, leave --force out, write its id in the line "
            f'that is proposed, and name it: [names] {force[:40]} = "..."',
        )


def _append(files: tuple[Path, ...], force: str, sheet: str, project: Path) -> None:
    text = read_text(project)
    home = project.resolve().parent
    held = _list_held(text, project) & {path.resolve() for path in find_files(files)}
    if held:
        raise RequestError(
            "the project file has an extract of this file already",
            where=project.name,
            found=", ".join(sorted(path.name for path in held)),
            what_now="`disparity map --update` adds to it what is new in its files",
        )
    paths = (path.parent.resolve() / path.name for path in files)
    block = propose_mapping(*paths, force=force, home=home, sheet=sheet)
    replace_project(project, add_extract(text, block))
    say(f"Added to {project}: {block.count('# CHECK')} lines are marked CHECK. Read every line.")
    if waiting := len(WAITING.findall(block)):
        say(f"Values that wait for you in lines that begin with #: {waiting}. Correct them, and remove the #.")


def _list_held(text: str, project: Path) -> set[Path]:
    """The files of the extracts that are there; a pattern without a file has none."""
    held = set[Path]()
    for block in list_extracts(text, project):
        named = block.get("file", [])
        for item in named if isinstance(named, list) else [named]:
            try:
                held |= {path.resolve() for path in find_files([project.resolve().parent / str(item)])}
            except RequestError:
                continue
    return held


def _update(project: Path) -> None:
    text = read_text(project)
    settings = understand(text, project)
    if not settings.extracts:
        raise RequestError(
            "the project file has no extract", where=project.name, what_now="`disparity map FILE --append` adds one"
        )
    update = update_mappings(text, settings)
    for problem in update.left_out:
        say(f"Not added, {problem}: map another column, or none.")
    if update.waiting:
        say(
            f"Values that wait for a code in lines that begin with #: {update.waiting}. Correct them, and remove the #."
        )
    if not update.added:
        say(f"Nothing is new: {project} is as it was.")
        return
    replace_project(project, update.text)
    for table, lines in update.added.items():
        click.echo(strip_controls("\n".join([f"[{table}]", *lines])))
    say(f"Added to {project}, each marked CHECK. Give the lines that begin with # a code, and remove the #.")
