"""The folder of a sample: what is in it, that it is never overwritten, and that a change is seen."""

import hashlib

import polars as pl
import pytest

from disparity.records.grounds_review.sampling.folder import read_sample
from disparity.records.grounds_review.sampling.plan import Request
from disparity.vocabulary.errors import DataError, RequestError
from support.reviewing import draw, read_form, searches

ROWS = searches(("White", 40), ("Black", 10))
REQUEST = Request(size=12, by=("ethnic_group",), minimum=5)


@pytest.fixture
def folder(tmp_path):
    draw(tmp_path / "sample", ROWS, REQUEST, reviewers=2)
    return tmp_path / "sample"


def test_a_folder_holds_design_records_and_two_forms_for_each_reviewer(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        *("review-1.csv", "review-1.xlsx", "review-2.csv", "review-2.xlsx", "sample.csv", "sample.toml")
    ]
    assert [row["reviewer"] for row in read_form(folder / "review-2.csv")] == ["2"] * 15


def test_what_was_drawn_reads_back_with_strata_and_weights(folder):
    drawn = read_sample(folder)
    # 12 x 10 / 50 = 2.4, raised to 5, and 12 x 40 / 50 = 9.6.
    assert [(each.ethnic_group, each.searches, each.drawn) for each in drawn.design.strata] == [
        ("Black", 10, 5),
        ("White", 40, 10),
    ]
    weights = drawn.rows.group_by("ethnic_group").agg(pl.col("weight").unique().first(), pl.len()).sort("ethnic_group")
    assert weights.rows() == [("Black", 2.0, 5), ("White", 4.0, 10)]
    assert (drawn.design.seed, drawn.design.reviewers, drawn.design.is_blind) == (1, 2, True)


def test_the_hash_is_that_of_the_sorted_record_numbers(folder):
    drawn = read_sample(folder)
    digest = hashlib.sha256("\n".join(sorted(drawn.rows["record_id"])).encode()).hexdigest()
    assert f'sha256 = "{digest}"' in (folder / "sample.toml").read_text(encoding="utf-8")
    assert drawn.sample == f"s{digest[:12]}"


def test_no_grounds_stand_beside_ethnicity(folder):
    assert b"Seen to hide" not in (folder / "sample.csv").read_bytes() + (folder / "sample.toml").read_bytes()


def test_the_same_records_give_the_same_bytes_in_any_order(folder, tmp_path):
    draw(tmp_path / "again", ROWS.sample(fraction=1, shuffle=True, seed=3), REQUEST, reviewers=2)
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_a_folder_that_holds_something_is_never_written_to(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(RequestError) as error:
        draw(folder, ROWS, Request(size=3))
    assert str(error.value) == (
        f"the folder is not empty\n  where:    {folder}\n  what now: name a new folder: none is overwritten"
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_is_no_sample_is_named(tmp_path):
    with pytest.raises(RequestError, match="this is no folder of a sample"):
        read_sample(tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sample.csv", "S000", "T000"),
        ("sample.csv", "stratum", "layer"),
        ("sample.csv", "\n1,", "\n2,"),
        ("sample.toml", "drawn = 5", "drawn = 6"),
        ("sample.toml", "seed = 1", "seed = "),
        ("sample.toml", "force = ", "farce = "),
    ],
)
def test_a_folder_that_was_changed_is_refused(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match="the folder of the sample has been changed"):
        read_sample(folder)
