"""`disparity doctor`: how it prints, as text and as JSON, how it ends, and what it loads."""

import json
import os
import subprocess
import sys

from support import example


def ask(folder, *options, **environment):
    command = [sys.executable, "-c", example.COMMAND, "doctor", *options]
    environment = os.environ | {"DISPARITY_CHROMIUM": ""} | environment
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_nothing_to_fix_ends_with_0_and_something_with_1_and_a_plain_list(tmp_path):
    sound = ask(tmp_path)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.endswith("\nNothing to fix.\n")
    (tmp_path / "disparity.toml").write_text('from = "2023-04"\nto = "2023-05"\nrecords = ["none"]\n')
    wrong = ask(tmp_path)
    assert (wrong.returncode, wrong.stderr) == (1, "")
    (fix,) = wrong.stdout.split("\nTo fix:\n")[1].splitlines()
    assert fix.startswith("  - records names ")


def test_json_holds_the_same(tmp_path):
    answer = ask(tmp_path, "--json", "--project", "mine.toml")
    found = json.loads(answer.stdout)
    assert answer.returncode == 1
    assert found["fixes"] == ["there is no mine.toml: check the path"]
    assert list(found) == ["versions", "encoding", "drawing", "machine", "project", "fixes"]
    assert found["project"]["file"] == "no mine.toml here"


def test_on_a_console_of_old_windows_letters_it_says_so(tmp_path):
    answer = ask(tmp_path, "--json", PYTHONIOENCODING="cp1252")
    assert json.loads(answer.stdout)["encoding"]["output"] == "cp1252"


HEAVY = ("polars", "scipy", "altair", "pandas", "great_expectations", "pydantic")
LOADED = """
import sys
from disparity.cli.commands import commands
commands.main(["doctor"], standalone_mode=False)
print([name for name in sys.argv[1:] if name in sys.modules])
"""


def test_without_a_project_nothing_heavy_is_loaded_but_what_draws(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *HEAVY], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"
