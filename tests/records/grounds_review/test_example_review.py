"""The example's finished review is what its script makes."""

import runpy

from support import example

FOLDER = example.ROOT / "data" / "review"


def test_the_review_of_the_example_is_made_by_its_script(tmp_path, capsys):
    runpy.run_path(str(FOLDER / "make_review.py"))["main"](tmp_path / "review")
    assert example.read_files(tmp_path / "review") == {
        name: content for name, content in example.read_files(FOLDER).items() if name != "make_review.py"
    }
    assert "201 of 201 records reviewed" in capsys.readouterr().out
