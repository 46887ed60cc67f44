"""Records as they come, from the command line: merged, renamed, saved again; and an extract mapped and read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from disparity.records.partial_counts import read_part

Run = Callable[..., tuple[int, str, str]]


def count_rows(part: Path) -> dict[tuple[str, str], int]:
    """Rows read, by force and month."""
    submissions = read_part(part).audit.submissions
    return {
        (force, f"{month:%Y-%m}"): rows
        for force, month, rows in submissions.select("force", "month", "rows_read").iter_rows()
    }


def test_three_months_in_one_file_are_counted_once_their_force_is_named(run: Run, tmp_path: Path, cases: Path) -> None:
    path = cases / "03" / "stop_and_search_3months.csv"
    code, _, err = run("count", path, "--out", tmp_path / "part")
    assert code == 2
    assert err.startswith("the file is one of data.police.uk's, and nothing says of which force (E124)\n")
    assert "--force leicestershire" in err
    code, _, err = run("count", path, "--force", "leicestershire", "--out", tmp_path / "part")
    assert code == 0
    assert err.startswith("Read by columns, without the portal's name (docs/records.md): stop_and_search_3months.csv\n")
    months = {("leicestershire", f"2024-{month:02}"): 60 for month in (4, 5, 6)}
    assert count_rows(tmp_path / "part") == months


def test_the_answer_of_the_api_is_counted(run: Run, tmp_path: Path, cases: Path) -> None:
    assert (
        run("count", cases / "03" / "2024-01-leicestershire-stop-and-search.json", "--out", tmp_path / "part")[0] == 0
    )
    assert count_rows(tmp_path / "part") == {("leicestershire", "2024-01"): 1}


def test_a_month_whose_name_has_a_number_is_counted_and_named(run: Run, tmp_path: Path, cases: Path) -> None:
    code, _, err = run("count", cases / "05" / "folder", "--out", tmp_path / "part")
    assert code == 0
    assert "2024-06-leicestershire-stop-and-search (1).csv" in err
    assert [month for _, month in count_rows(tmp_path / "part")] == ["2024-04", "2024-05", "2024-06"]


def test_a_folder_of_months_with_a_merged_file_of_them_is_refused_with_both_names(
    run: Run, tmp_path: Path, cases: Path
) -> None:
    for file in (cases / "05" / "folder").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    header, *rows = (cases / "03" / "stop_and_search_3months.csv").read_bytes().splitlines()
    (tmp_path / "leicestershire.csv").write_bytes(b"\n".join([header, *rows]))
    code, _, err = run("count", tmp_path, "--out", tmp_path / "part")
    assert code == 3
    assert "two different files hold leicestershire, 2024-0" in err
    assert "leicestershire.csv" in err


@pytest.mark.parametrize("number", [1, 5, 9])
def test_an_extract_is_mapped_and_read_whole(run: Run, tmp_path: Path, cases: Path, number: int) -> None:
    (tmp_path / "x.csv").write_bytes((cases / "03" / f"stamp{number}.csv").read_bytes())
    (tmp_path / "disparity.toml").write_text('from = "2023-12"\nto = "2024-01"\n', encoding="utf-8")
    code, _, err = run("map", "x.csv", "--force", "kent", "--append")
    assert (code, err) == (0, "Added to disparity.toml: 0 lines are marked CHECK. Read every line.\n")
    assert run("count", "--out", tmp_path / "part")[0] == 0
    assert count_rows(tmp_path / "part") == {("kent", "2023-12"): 60}


def test_who_maps_public_records_is_told_that_they_need_no_mapping(run: Run, cases: Path) -> None:
    _, out, err = run("map", cases / "03" / "stop_and_search_3months.csv", "--force", "leicestershire")
    assert err.startswith(
        "stop_and_search_3months.csv has the columns of data.police.uk: `disparity build FILE --force ID`"
    )
    assert out.startswith("[[extracts]]")
