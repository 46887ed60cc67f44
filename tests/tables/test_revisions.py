"""What changed between two editions: counted by hand on small tables; never silent."""

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import polars as pl
import pytest
from hypothesis import strategies as st

from disparity.project.settings import Settings, make_settings
from disparity.site.findings.changes import state_changes
from disparity.site.published_figures import number_rows, plain
from disparity.tables import revisions
from disparity.tables.datapackage import describe_package
from disparity.tables.editions import list_editions, write_editions, write_feed
from disparity.tables.previous_edition import Previous, read_previous, read_text
from disparity.tables.revisions import NEW_VERSION, OTHER_COVERAGE, OWN_WORDS, compare_editions
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.tables import BY_NAME, TABLES
from disparity.vocabulary.errors import RequestError
from support import example
from support.builders import few

RATES = {"All": 0.3, "Black": 0.2, "White": 0.4}


def settings(**given: Any) -> Settings:
    fixed = {"records": ["r"], "from": "2022-04", "to": "2023-03", "edition": "Second"}
    return make_settings(fixed | given, where="a test")


def estimates(rates: dict[str, float | None], *, force: str = "kent", status: str = "measured") -> pl.DataFrame:
    """Find rates of one force and year by group."""
    empty = pl.DataFrame(schema=example.frames()["estimates"].schema)
    rows = [
        {
            "measure": "find_rate",
            "force": force,
            "period_from": date(2022, 4, 1),
            "period_to": date(2023, 3, 1),
            "ethnicity_basis": "self-defined",
            "ethnic_group": group,
            "search_type": "All",
            "numerator": 10,
            "value": value,
            "status": status,
        }
        for group, value in rates.items()
    ]
    return pl.concat([empty, pl.DataFrame(rows, schema_overrides=empty.schema)], how="diagonal")


@pytest.fixture(autouse=True)
def few_tables(leaves_out_slow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables without a row take most of the time: the fast run compares those that the tests fill."""
    if leaves_out_slow:
        names = {"estimates", "comparisons", "pooled", "submissions"}
        monkeypatch.setattr(revisions, "TABLES", [table for table in TABLES if table.name in names])


@cache
def nothing() -> dict[str, pl.DataFrame]:
    """Every table, with only Kent's submissions in them."""
    frames = {name: frame.clear() for name, frame in example.frames().items()}
    kent = {"force": ["kent"], "month": [date(2022, 4, 1)], "months": [1]}
    frames["submissions"] = pl.concat(
        [frames["submissions"], pl.DataFrame(kent, schema_overrides={"months": pl.Int64})], how="diagonal_relaxed"
    )
    return frames


def published(frames: dict[str, pl.DataFrame], **given: Any) -> Previous:
    """An edition as a later one reads it."""
    compared = [table for table in revisions.TABLES if table.name in frames]
    tables = {table.name: read_text(to_csv(frames[table.name], table).encode()) for table in compared}
    asked = settings(**given)
    return Previous("First", asked.first_month, asked.last_month, tables, ())


def compare(before: pl.DataFrame, after: pl.DataFrame, **given: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The changes, and the row of the summary that counts them all."""
    previous = published(nothing() | {"estimates": before})
    found = compare_editions(nothing() | {"estimates": after}, previous, settings(**given))
    return found["changes"].to_dicts(), found["revisions"].row(0, named=True)


def test_without_an_earlier_edition_nothing_is_compared() -> None:
    found = compare_editions(nothing(), None, settings())
    assert [frame.height for frame in found.values()] == [0, 0]


def test_the_same_tables_have_no_change_and_every_figure_is_counted() -> None:
    changes, total = compare(estimates(RATES), estimates(RATES))
    assert changes == []
    # Three rates and three numerators, and Kent's submission is of one month.
    assert (total["figures_compared"], total["figures_moved"], total["without_reason"]) == (7, 0, 0)


def test_a_figure_that_moved_is_named_with_both_values_and_their_difference() -> None:
    (change,), total = compare(estimates(RATES), estimates(RATES | {"Black": 0.25}))
    assert change == {
        "table": "estimates",
        "measure": "find_rate",
        "force": "kent",
        "area_code": "E23000032",
        "period_from": date(2022, 4, 1),
        "period_to": date(2023, 3, 1),
        "key": "ethnicity_basis=self-defined; ethnic_group=Black; search_type=All",
        "column": "value",
        "change": "moved",
        "before": 0.2,
        "after": 0.25,
        "difference": pytest.approx(0.05),
        "before_text": None,
        "after_text": None,
        "reason": None,
    }
    assert (total["figures_compared"], total["figures_moved"], total["without_reason"]) == (7, 1, 1)


def test_figures_that_come_and_go_words_that_change_and_rows_are_told_apart() -> None:
    before = estimates({"All": None, "Black": 0.2, "White": 0.4, "Asian": 0.1})
    after = estimates({"All": 0.3, "Black": None, "White": 0.4, "Mixed": 0.1})
    after = after.with_columns(
        pl.when(pl.col("ethnic_group") == "White").then(pl.lit("partial")).otherwise("status").alias("status")
    )
    changes, total = compare(before, after)
    told = {(change["key"].split("; ")[1], change["column"], change["change"]) for change in changes}
    assert told == {
        ("ethnic_group=All", "value", "appeared"),
        ("ethnic_group=Black", "value", "withdrawn"),
        ("ethnic_group=White", "status", "reworded"),
        ("ethnic_group=Asian", "", "row removed"),
        ("ethnic_group=Mixed", "", "row added"),
    }
    counts = [total[name] for name in total if name not in {*revisions.PLACE, "table", "area_code"}]
    assert counts == [5, 0, 1, 1, 1, 1, 1, 5]
    assert [(each["before_text"], each["after_text"]) for each in changes if each["change"] == "reworded"] == [
        ("measured", "partial")
    ]


@pytest.mark.parametrize(("factor", "moved"), [(1 + 1e-10, 0), (1 - 1e-10, 0), (1 + 1e-8, 1), (-1, 1)])
def test_the_last_published_digit_is_no_move(factor: float, moved: int) -> None:
    _, total = compare(estimates({"All": 0.123456789}), estimates({"All": 0.123456789 * factor}))
    assert total["figures_moved"] == moved


@few
@hypothesis.given(
    st.dictionaries(st.sampled_from(["All", "Black", "White", "Asian"]), st.none() | st.floats(0, 1)),
    st.dictionaries(st.sampled_from(["All", "Black", "White", "Asian"]), st.none() | st.floats(0, 1)),
)
@pytest.mark.slow
def test_looking_back_what_was_added_is_removed_and_every_move_is_undone(
    one: dict[str, float | None], other: dict[str, float | None]
) -> None:
    there, total = compare(estimates(one), estimates(other))
    back, undone = compare(estimates(other), estimates(one))
    for here, gone in (("rows_added", "rows_removed"), ("figures_appeared", "figures_withdrawn")):
        assert (total[here], total[gone]) == (undone[gone], undone[here])
    assert total["figures_compared"] == undone["figures_compared"]
    moves = [[each for each in side if each["change"] == "moved"] for side in (there, back)]
    assert [each["difference"] for each in moves[0]] == [-each["difference"] for each in moves[1]]


# Reasons


REASON = {"what": "Kent sent April again.", "reason": "A third was missing."}


@pytest.mark.parametrize(
    ("revision", "explains"),
    [
        ({}, True),
        ({"tables": ["estimates"], "measures": ["find_rate"], "forces": ["kent"]}, True),
        ({"from": "2023-03", "to": "2023-04"}, True),
        ({"edition": "Second"}, True),
        ({"edition": "First"}, False),
        ({"tables": ["comparisons"]}, False),
        ({"measures": ["search_rate"]}, False),
        ({"forces": ["essex"]}, False),
        ({"from": "2023-04"}, False),
        ({"to": "2022-03"}, False),
    ],
)
def test_a_declared_reason_explains_what_meets_all_that_it_names(revision: dict[str, Any], explains: bool) -> None:
    (change,), total = compare(estimates(RATES), estimates(RATES | {"All": 0.1}), revisions=[REASON | revision])
    assert change["reason"] == ("Kent sent April again. A third was missing." if explains else None)
    assert total["without_reason"] == (not explains)


def test_the_first_reason_that_fits_is_given() -> None:
    other = {"what": "All is new.", "reason": "So it is.", "forces": ["kent"]}
    (change,), _ = compare(estimates(RATES), estimates(RATES | {"All": 0.1}), revisions=[other, REASON])
    assert change["reason"] == "All is new. So it is."


def test_rows_of_a_force_or_of_months_that_one_edition_does_not_have_explain_themselves() -> None:
    essex = pl.DataFrame({"force": ["essex"], "month": [date(2022, 4, 1)]})
    after = nothing() | {"estimates": pl.concat([estimates(RATES), estimates({"All": 0.5}, force="essex")])}
    after["submissions"] = pl.concat([after["submissions"], essex], how="diagonal")
    found = compare_editions(after, published(nothing() | {"estimates": estimates(RATES)}), settings())["changes"]
    assert set(found["reason"]) == {OTHER_COVERAGE}
    assert set(found["change"]) == {"row added"}
    # The same year, cut otherwise: the other edition ends a month earlier.
    before = published(nothing() | {"estimates": estimates(RATES)}, to="2023-02")
    moved = compare_editions(nothing() | {"estimates": estimates({})}, before, settings())["changes"]
    assert set(moved["reason"]) == {OTHER_COVERAGE}


def test_a_row_that_vanishes_from_a_force_and_year_of_both_editions_has_no_reason_of_itself() -> None:
    changes, total = compare(estimates(RATES), estimates({"All": 0.3, "Black": 0.2}))
    assert [(change["change"], change["reason"]) for change in changes] == [("row removed", None)]
    assert total["without_reason"] == 1


def test_what_every_month_is_in_moves_with_the_months_and_the_register_says_what_holds_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A year on, the warning 'No reason declared' stood on every page, though nobody had anything to declare."""
    monkeypatch.setattr(revisions, "TABLES", [BY_NAME[name] for name in ("clusters", "doubts", "actions")])

    def frames(year: int, effect: float) -> dict[str, pl.DataFrame]:
        rows: dict[str, dict[str, Any]] = {
            "clusters": {"force": "kent", "design_effect": effect},
            "doubts": {
                "force": "kent",
                "period_from": date(year - 1, 4, 1),
                "period_to": date(year, 3, 1),
                "doubt": "x",
            },
            "actions": {"force": "kent", "entry": "black", "review": date(year, 11, 1)},
        }
        given = {name: pl.DataFrame([row]) for name, row in rows.items()}
        return nothing() | {
            name: pl.concat([nothing()[name], frame], how="diagonal_relaxed") for name, frame in given.items()
        }

    before = published(frames(2023, 2.0))
    a_year_on = settings(**{"from": "2023-04", "to": "2024-03"})
    found = compare_editions(frames(2024, 3.5), before, a_year_on)["changes"]
    told = {(row["table"], row["change"], row["reason"]) for row in found.to_dicts()}
    assert told == {
        ("clusters", "moved", OTHER_COVERAGE),
        ("doubts", "row added", OTHER_COVERAGE),
        ("doubts", "row removed", OTHER_COVERAGE),
        ("actions", "reworded", OWN_WORDS),
    }
    # Of the same months, only the words of the register explain themselves.
    same = compare_editions(frames(2023, 3.5), before, settings())["changes"]
    assert same["reason"].to_list() == [None]


# Other versions


def test_columns_and_tables_that_are_new_or_gone_are_named_and_the_rest_is_compared() -> None:
    before = published(nothing() | {"estimates": estimates(RATES)})
    old = before.tables | {"estimates": before.tables["estimates"].rename({"value": "rate"})}
    old["comparisons"] = old["comparisons"].rename({"measure": "what"})
    del old["pooled"]
    given = Previous("First", before.first_month, before.last_month, old, ())
    after = nothing() | {"estimates": estimates(RATES).with_columns(numerator=pl.lit(11))}
    found = compare_editions(after, given, settings())
    structure = found["changes"].filter(pl.col("change") != "moved")
    assert set(structure.select("table", "column", "change").iter_rows()) == {
        ("estimates", "rate", "column removed"),
        ("estimates", "value", "column added"),
        ("comparisons", "what", "column removed"),
        ("comparisons", "measure", "column added"),
        ("comparisons", "", "not compared"),
        ("pooled", "", "table added"),
    }
    assert set(structure["reason"]) == {NEW_VERSION}
    assert found["revisions"].row(0, named=True)["figures_moved"] == 3


# In words


def say(before: pl.DataFrame, after: pl.DataFrame, **given: Any) -> str:
    previous = published(nothing() | {"estimates": before})
    found = compare_editions(nothing() | {"estimates": after}, previous, settings(**given))
    return plain(state_changes({name: number_rows(name, frame) for name, frame in found.items()}, {}))


@pytest.mark.slow
def test_the_first_sentence_counts_what_moved_and_names_the_rate_that_moved_most() -> None:
    moved = estimates(RATES | {"Black": 0.25, "White": 0.41})
    assert say(estimates(RATES), moved) == (
        "Of 7 figures that are in both editions, 2 moved. The rate that moved most for its size: find rate, Black, "
        "Kent Police, year ending March 2023, from 20.0% to 25.0%. No reason is declared for 2 of the changes."
    )
    assert say(estimates(RATES), estimates(RATES)) == "Of 7 figures that are in both editions, 0 moved."
    assert say(estimates(RATES), moved, revisions=[REASON]).endswith("Every change has a declared reason.")


def test_the_first_edition_says_that_there_is_nothing_to_compare_with() -> None:
    told = state_changes({"revisions": [], "changes": []}, {})
    assert plain(told).startswith("This is the first edition, or the edition before was not given")


# The site of the edition before


@pytest.fixture
def old(tmp_path: Path) -> Path:
    data = tmp_path / "old" / "data"
    data.mkdir(parents=True)
    files = {table.file: to_csv(nothing()[table.name], table).encode() for table in TABLES if table.name in nothing()}
    files |= {table.file: b"key\r\n" for table in TABLES if table.file not in files}
    given = settings(published="2026-06-18", edition="First")
    files["editions.json"] = write_editions(list_editions(given, None, "The first.")).encode()
    for name, content in files.items():
        (data / name).write_bytes(content)
    (data / "datapackage.json").write_text(describe_package(given, [], data), encoding="utf-8")
    return data.parent


def test_an_earlier_site_is_read_with_its_months_edition_and_editions(old: Path) -> None:
    read = read_previous(old)
    assert (read.edition, read.first_month, read.last_month) == ("First", date(2022, 4, 1), date(2023, 3, 1))
    assert read.tables["submissions"]["force"].to_list() == ["kent"]
    assert [(each.edition, each.published) for each in read.editions] == [("First", date(2026, 6, 18))]


def test_a_site_of_a_version_without_hashes_and_editions_is_read_too(old: Path) -> None:
    path = old / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    del package["edition"]
    for resource in package["resources"]:
        del resource["hash"]
    path.write_text(json.dumps(package), encoding="utf-8")
    (old / "data" / "editions.json").unlink()
    assert (read_previous(old).edition, read_previous(old).editions) == ("", ())


def refuse(folder: Path) -> tuple[str, str, str]:
    with pytest.raises(RequestError) as error:
        read_previous(folder)
    return error.value.what, error.value.where, error.value.found


def test_a_folder_that_is_no_site_is_refused(old: Path, tmp_path: Path) -> None:
    what = "the earlier edition is no site of this tool"
    for folder in (tmp_path / "nowhere", tmp_path, old / "data"):
        assert refuse(folder) == (what, str(folder), "no data/datapackage.json of a stop-and-search site")
    (old / "data" / "datapackage.json").write_text('{"name": "another", "resources": []}', encoding="utf-8")
    assert refuse(old)[0] == what


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("estimates.csv", b"other", "other bytes than its data package says"),
        ("estimates.csv", None, "no such file"),
        ("editions.json", b"[]", "no list of editions"),
        ("editions.json", b'{"editions": [{"id": "x"}]}', "no list of editions"),
        (
            "editions.json",
            b'{"editions": [{"id": "x", "edition": "", "published": null, "title": "", "summary": "", '
            b'"period_from": "2022-04", "period_to": "2023-03", "address": "javascript:alert(1)"}]}',
            "no list of editions",
        ),
        ("datapackage.json", b'{"name": "stop-and-search-disparity"}', "not a description of tables"),
        (
            "datapackage.json",
            b'{"name": "stop-and-search-disparity", "resources": [1], "temporal": {}}',
            "not a description of tables",
        ),
    ],
)
def test_a_site_that_was_changed_since_is_refused(old: Path, name: str, content: bytes | None, found: str) -> None:
    path = old / "data" / name
    path.write_bytes(content) if content is not None else path.unlink()
    assert refuse(old) == ("the site of the earlier edition is damaged", str(path), found)


def test_bytes_that_are_no_text_are_refused_even_where_their_hash_is_right(old: Path) -> None:
    (old / "data" / "years.csv").write_bytes(b"force\r\n\xff\r\n")
    path = old / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == "years":
            resource["hash"] = f"sha256:{hashlib.sha256(b'force' + bytes([13, 10, 255, 13, 10])).hexdigest()}"
    path.write_text(json.dumps(package), encoding="utf-8")
    assert refuse(old)[2] == "no CSV in UTF-8"


def test_a_package_cannot_make_the_tool_read_a_file_elsewhere(old: Path) -> None:
    path = old / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"].append({"name": "x", "path": "../../../etc/passwd"})
    path.write_text(json.dumps(package), encoding="utf-8")
    assert set(read_previous(old).tables) <= {table.name for table in TABLES}


def test_the_feed_of_the_second_edition_lists_both(old: Path) -> None:
    second = settings(published="2027-06-17", title="Stop & <search>", base_url="https://example.org/")
    feed = write_feed(second, list_editions(second, read_previous(old), "Moved."))
    assert [text in feed for text in ("Stop &amp; &lt;search&gt;", "First, Year ending", "Second, Year ending")] == [
        True
    ] * 3
