"""The results of a threshold test as files: the table, what it was made with, how to read it."""

import json
from hashlib import sha256
from pathlib import Path

import polars as pl

from disparity import __version__
from disparity.analysis.threshold_test.estimates import FEWEST_EFFECTIVE, MOST_DIVERGENT, MOST_R_HAT, PREDICTED, USUAL
from disparity.analysis.threshold_test.model import PUBLISHED, WIDER
from disparity.vocabulary.errors import RequestError

TABLE, SETTINGS, READ_ME = "threshold.csv", "settings.json", "README.md"
WORDS = """# Threshold test: a research result

`threshold.csv` says at what chance of a find officers search people of each group, under a model. It is no finding by
itself: the level of a threshold, and less so the difference of two, rest on the shape that the model supposes.

- `threshold_difference` is a group's threshold less that of White people. `verdict` says lower or higher only where
  the intervals under the published priors and under priors twice as wide (`wider_...`) both leave out 0, and the counts
  are such as the model makes (`predictive_p` of `search_rate_error` and `find_rate_error` within 0.05 and 0.95).
- `search_rate` and `find_rate` set what the model predicts of each area and group beside what was `observed`.
- Who is stopped is taken as given: a lower bar for stopping a group is not seen.

`settings.json` holds what it was made with. docs/threshold-test.md of the toolkit says what is supposed, how often its
intervals were right on draws from known truths, and what would mislead.
"""


def write_results(folder: Path, results: pl.DataFrame, *, source: Path, seed: int) -> None:
    """Write the table, the settings and how to read them.

    Raises:
        RequestError: the folder holds results already, or cannot be written to.
    """
    for name in (TABLE, SETTINGS, READ_ME):
        if (folder / name).exists():
            raise RequestError(
                f"the folder already holds {'a threshold test' if name == TABLE else 'a file of this name'}",
                where=str(folder / name),
                what_now="name another folder",
            )
    settings = {
        "source": source.name,
        "sha256": sha256(source.read_bytes()).hexdigest(),
        "seed": seed,
        "chains": USUAL.chains,
        "warm_up": USUAL.warm_up,
        "draws_per_chain": USUAL.draws,
        "priors": PUBLISHED._asdict(),
        "wider_priors": WIDER._asdict(),
        "gates": {
            "r_hat_at_most": MOST_R_HAT,
            "effective_draws_at_least": FEWEST_EFFECTIVE,
            "divergent_draws_at_most": MOST_DIVERGENT,
            "predictive_p_between": list(PREDICTED),
        },
        "disparity": __version__,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TABLE).write_text(results.write_csv(float_precision=6), encoding="utf-8", newline="\n")
        (folder / SETTINGS).write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8", newline="\n")
        (folder / READ_ME).write_text(WORDS, encoding="utf-8", newline="\n")
    except OSError as error:
        raise RequestError(
            "the folder cannot be written to", where=str(folder), found=error.strerror or "", what_now="name another"
        ) from None
