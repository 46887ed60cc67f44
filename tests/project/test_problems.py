"""A key that is not known is told with its line and the nearest that is."""

from pathlib import Path

import pytest

from disparity.project.settings import understand
from disparity.vocabulary.errors import RequestError

START = 'from = "2019-04"\nto = "2020-03"\nrecords = ["r"]\n'
KEYS = {
    "forse = ['kent']\n": "forse: no such key (line 4), did you mean 'forces'?",
    "titel = 'x'\n": "titel: no such key (line 4), did you mean 'title'?",
    "[disclosure]\nprofil = 'open'\n": "disclosure.profil: no such key (line 5), did you mean 'profile'?",
    "[discosure]\nprofile = 'open'\n": "discosure: no such key (line 4), did you mean 'disclosure'?",
    "# zzz = 1\nzzz = 1\n": "zzz: no such key (line 5)",
}


@pytest.mark.parametrize("text", KEYS)
def test_an_unknown_key_is_told_with_its_line_and_the_nearest(text: str, tmp_path: Path) -> None:
    with pytest.raises(RequestError) as error:
        understand(START + text, tmp_path / "disparity.toml")
    assert error.value.found == KEYS[text]
