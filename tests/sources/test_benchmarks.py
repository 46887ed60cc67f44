"""What searches can be set against: the tables that ship, and how a publisher's own are read and refused."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from disparity.project.benchmarks import Benchmark
from disparity.project.settings import make_settings
from disparity.sources.benchmarks import TABLE, read_benchmarks
from disparity.vocabulary.codes import ETHNIC_GROUPS, force_names, read_reference
from disparity.vocabulary.errors import RequestError

HEAD = "force,ethnic_group,count,period"
ROWS = [f"kent,{group},{number},2023" for group, number in zip(ETHNIC_GROUPS, (40, 30, 20, 900, 10), strict=True)]


def own(folder: Path, *lines: str, **keys: str) -> Benchmark:
    path = folder / "victims.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    given = {"name": "Victims", "file": path, "source": "A survey", "assumes": "That victims are like the searched."}
    return Benchmark.model_validate(given | keys)


def refuse(folder: Path, *lines: str, **keys: str) -> RequestError:
    with pytest.raises(RequestError) as error:
        read_benchmarks([own(folder, *lines, **keys)], {"kent", "lancashire"})
    return error.value


def test_the_table_that_ships_has_every_territorial_force_and_group_once() -> None:
    rows = read_reference(TABLE)
    assert len(rows) == 2 * 43 * 5
    assert Counter((row["benchmark"], row["force"], row["ethnic_group"]) for row in rows).most_common(1)[0][1] == 1
    assert {row["force"] for row in rows} < set(force_names())
    assert {row["force"] for row in rows if row["period"] == "2016/17"} == {"lancashire"}


def test_the_table_that_ships_is_the_home_offices(records: Path) -> None:
    """The two open tables are added up again, offence by offence; Lancashire gave no arrests of 2017/18."""
    folder, found = records.parent / "open" / "home_office", Counter()
    for name, number, kind, years in (
        ("arrests_force_offence_ethnicity_2010_11_to_2017_18", "arrests", "arrests", ("2016/17", "2017/18")),
        ("use_of_force_force_tactic_ethnicity_2018_19_2019_20", "times_reported", "use_of_force", ("2019/20",)),
    ):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["financial_year"] in years and row.get("tactic", "all_tactics") == "all_tactics":
                    key = kind, row["force"], row["ethnic_group"], row["financial_year"]
                    found[key] += int(float(row[number] or 0))
    for row in read_reference(TABLE):
        assert found[row["benchmark"], row["force"], row["ethnic_group"], row["period"]] == int(row["count"])
    assert sum(n for (kind, force, _, year), n in found.items() if (force, year) == ("lancashire", "2017/18")) == 0


def test_a_file_of_ones_own_comes_after_what_ships(tmp_path: Path) -> None:
    frame = read_benchmarks([own(tmp_path, HEAD, *ROWS)], {"kent"})
    assert frame["benchmark"].unique(maintain_order=True).to_list() == ["arrests", "use_of_force", "Victims"]
    mine = frame.filter(benchmark="Victims")
    assert dict(mine.select("ethnic_group", "count").iter_rows())["White"] == 900
    assert set(mine["benchmark_period"]) == {"2023"}
    assert set(mine["age_group"]) == {None}


@pytest.mark.parametrize(
    ("lines", "where", "found"),
    [
        ((HEAD, "kent,Black,many,2023"), "victims.csv, line 2, column count", "'many'"),
        ((HEAD, "kent,Black,-3,2023"), "victims.csv, line 2, column count", "'-3'"),
        ((HEAD, *ROWS, "kentt,Black,3,2023"), "victims.csv, line 7, column force", "'kentt': did you mean 'kent'?"),
        ((HEAD, "kent,Blak,3,2023"), "victims.csv, line 2, column ethnic_group", "'Blak': did you mean 'Black'?"),
        ((HEAD, "kent,Black,3,"), "victims.csv, line 2, column period", "a blank cell"),
        (
            (HEAD, "kent,Black,3,20\x1b[2J23"),
            "victims.csv, line 2, column period",
            "signs that cannot be printed",
        ),
        ((HEAD, *ROWS, ROWS[1]), "victims.csv, line 7, column force", "kent, Black a second time"),
        ((HEAD, *ROWS[:3]), "victims.csv, line 2, column ethnic_group", "no count of White of kent"),
        ((HEAD, *ROWS[:4], "kent,Other,3,2024"), "victims.csv, line 2, column period", "several periods of kent"),
        (("force,count", "kent,3"), "victims.csv", "no column ethnic_group, period"),
        ((HEAD, "kent,Black,3,2023,more,and more"), "victims.csv", "no well-formed CSV"),
        (
            (f"{HEAD},age_group", "kent,White,3,2023,18 to 24"),
            "victims.csv, line 2, column age_group",
            "'18 to 24': did you mean '18-24'?",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_column(
    tmp_path: Path, lines: tuple[str, ...], where: str, found: str
) -> None:
    error = refuse(tmp_path, *lines)
    assert (error.where, error.found, error.code) == (where, found, "E181")
    assert error.what_now


def test_a_file_that_is_not_there_and_one_of_another_encoding_are_refused(tmp_path: Path) -> None:
    benchmark = own(tmp_path, HEAD, *ROWS)
    benchmark.file.write_bytes(f"{HEAD}\nkent,Black,3,É".encode("cp1252"))
    with pytest.raises(RequestError) as error:
        read_benchmarks([benchmark], {"kent"})
    assert "line 2 is not UTF-8 text" in error.value.found
    benchmark.file.unlink()
    with pytest.raises(RequestError) as error:
        read_benchmarks([benchmark], {"kent"})
    assert error.value.found == "no such file"


def test_ages_of_groups_as_officers_saw_them_are_refused(tmp_path: Path) -> None:
    error = refuse(tmp_path, f"{HEAD},age_group", "kent,White,3,2023,18-24", ethnicity_basis="officer-defined")
    assert "officer-defined" in error.found


@pytest.mark.parametrize(("names", "found"), [(("A", "A"), "two benchmarks"), (("Use of force",), "the toolkit has")])
def test_a_name_is_ones_own(names: tuple[str, ...], found: str) -> None:
    given = [{"name": name, "file": "a.csv", "source": "s", "assumes": "a"} for name in names]
    with pytest.raises(RequestError) as error:
        make_settings({"records": ["r"], "from": "2019-04", "to": "2020-03", "benchmarks": given}, where="a test")
    assert found in error.value.found
