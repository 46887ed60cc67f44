"""`disparity doctor`: whether this machine and project are fit to build, and what to fix."""

import json
from pathlib import Path

import click

from disparity.cli.options import PROJECT_FILE
from disparity.cli.terminal import strip_controls
from disparity.pipeline.doctor import Fact, examine


def run(project: Path | None, as_json: bool) -> int:
    """Say what was found; end with 1 where something is to be fixed."""
    facts = examine(project or Path(PROJECT_FILE), is_asked_for=project is not None)
    fixes = [fact.fix for fact in facts if fact.fix]
    click.echo(_write_json(facts, fixes) if as_json else strip_controls(_write_text(facts, fixes)))
    return 1 if fixes else 0


def _write_text(facts: list[Fact], fixes: list[str]) -> str:
    width = max(len(fact.name) for fact in facts) + 2
    lines = []
    for topic in dict.fromkeys(fact.topic for fact in facts):
        lines += ["", topic.capitalize()]
        lines += [f"  {fact.name:<{width}}{fact.value}" for fact in facts if fact.topic == topic]
    lines += ["", "To fix:" if fixes else "Nothing to fix.", *(f"  - {fix}" for fix in fixes)]
    return "\n".join(lines[1:])


def _write_json(facts: list[Fact], fixes: list[str]) -> str:
    found = {
        topic: {f.name: f.value for f in facts if f.topic == topic} for topic in dict.fromkeys(f.topic for f in facts)
    }
    return json.dumps({**found, "fixes": fixes}, indent=1)
