"""Files and rows that a publication goes without: never unsaid, never more than asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.build import build
from disparity.pipeline.submissions import check
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.records import ingest as ingested
from disparity.records.audit.files import Audit, audit_files
from disparity.records.audit.months import complete_audit
from disparity.records.coding import code_searches
from disparity.records.completeness import GO_ON, LEFT_OUT, MOST_LOST, find_losses, list_caveats, refuse_losses
from disparity.records.ingest import read_records
from disparity.site.pages.listing import PAGES, ForcePage
from disparity.sources.choice import DECISIONS
from disparity.sources.lost_row import LostRow
from disparity.sources.police_uk import find_files
from disparity.sources.raw import RawFile
from disparity.vocabulary.errors import DataError
from support import example
from support.builders import Row, monthly_text, read_file, write_monthly
from support.force_export import make_rows, write_export, write_project
from support.processor import shared

pytestmark = pytest.mark.usefixtures("hardly_drawn")

NONE = pl.DataFrame(schema=DECISIONS)
APRIL = date(2019, 4, 1)
BAD = "2019-05/2019-05-fellshire-stop-and-search.csv"


def audit_rows(folder: Path, rows: list[Row]) -> tuple[pl.DataFrame, tuple[LostRow, ...]]:
    write_monthly(folder, monthly_text(rows))
    raw = read_file(find_files([folder])[0][0])
    audit = audit_files(code_searches(raw), raw)
    return complete_audit([audit], ["fellshire"], [APRIL]).submissions, audit.lost


def submissions(folder: Path, rows: list[Row]) -> pl.DataFrame:
    return audit_rows(folder, rows)[0]


GOOD = "2019-04/2019-04-fellshire-stop-and-search.csv"
# What is wrong → the row, the column and the value that are named, the likely cause.
WRONG: dict[str, tuple[Row, str, str]] = {
    "kind of search not recognised": (
        {"subject": "dog"},
        "'Type': 'dog'",
        "columns that have moved, or a word of the force's own for the kind of search",
    ),
    "date that does not exist": (
        {"searched_at": "2019-02-29T12:00:00+00:00"},
        "'Date': '2019-02-29T12:00:00+00:00'",
        "a slip in the date, or dates that a program has rewritten",
    ),
    "date before 2014": (
        {"searched_at": "1987-03-12T00:00:00+00:00"},
        "'Date': a date of 1987",
        "a slip in the year, or another date in the place of the search's, such as one of birth",
    ),
    "date after the month of the file": (
        {"searched_at": "2019-06-01T12:00:00+00:00"},
        "'Date': '2019-06-01T12:00:00+00:00'",
        "a slip in the date, or a file under the name of another month",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_more_than_one_row_in_a_thousand_is_refused_and_one_is_not(tmp_path: Path, what: str) -> None:
    row, value, cause = WRONG[what]
    assert find_losses(submissions(tmp_path, [row] + [{}] * 999), NONE).is_empty()
    audited, lost = audit_rows(tmp_path, [{}, {}, row] + [{}] * 996)
    with pytest.raises(DataError) as error:
        refuse_losses(find_losses(audited, NONE), audited, lost)
    assert str(error.value) == (
        "too many rows are lost or in doubt (E131)\n"
        f"  where:    {GOOD}, row 3 below the header, column {value}\n"
        f"  found:    fellshire: 1 of 999 rows ({what}: 1). Likely: {cause}\n"
        "  what now: download the file again (`disparity fetch`), or correct these rows in the export; "
        "--allow-partial goes on, and every page then says so"
    )


def test_where_counts_alone_are_at_hand_the_file_is_named_and_who_knows_the_row(tmp_path: Path) -> None:
    audited = submissions(tmp_path, [{"subject": "dog"}] + [{}] * 9)
    with pytest.raises(DataError) as error:
        refuse_losses(find_losses(audited, NONE), audited, [])
    assert error.value.where == GOOD
    assert "`disparity check` then names the rows" in error.value.what_now


def test_what_may_be_a_person_in_the_place_of_a_kind_of_search_is_not_shown(tmp_path: Path) -> None:
    names: list[Row] = [{"subject": f"Ann Example {chr(65 + row % 26)}{chr(65 + row // 26)}"} for row in range(61)]
    audited, lost = audit_rows(tmp_path, names)
    with pytest.raises(DataError) as error:
        refuse_losses(find_losses(audited, NONE), audited, lost)
    assert "a text of the shape 'Aaa Aaaaaaa AA'" in str(error.value)
    assert "Ann" not in str(error.value)


def test_a_row_of_an_extract_without_a_date_that_reads_is_named_with_its_own_header(tmp_path: Path) -> None:
    rows = [f"{day:02}/04/2024 09:30,W1" for day in range(1, 29)]
    (tmp_path / "stops.csv").write_text("\n".join(["When,Who", *rows * 2, "A. Person,W1", ""]), encoding="utf-8")
    extract = {
        "file": tmp_path / "stops.csv",
        "force": "fellshire",
        "date_format": "%d/%m/%Y %H:%M",
        "columns": {"searched_at": "When", "self_defined_ethnicity": "Who"},
    }
    given = {"records": [], "extracts": [extract], "from": "2024-04", "to": "2024-04", "out": tmp_path / "site"}
    with pytest.raises(DataError) as error:
        read_records(make_settings(given, where="a test"))
    assert error.value.code == "E131"
    assert error.value.where == ("stops.csv, row 57 below the header, column 'When': a text of the shape 'A. Aaaaaa'")
    assert "`disparity map FILE` shows the form of its dates" in error.value.what_now
    assert "Person" not in str(error.value)


def test_the_row_is_named_again_where_the_counts_of_the_file_were_kept(tmp_path: Path) -> None:
    records = write_records(tmp_path / "records")
    break_rows(records)
    for _ in range(2):
        with pytest.raises(DataError) as error:
            read_records(settings(records).model_copy(update={"reuse": tmp_path / "kept"}))
        assert error.value.where == f"{BAD}, row 1 below the header, column 'Date': '2019-02-30T12:00:00+00:00'"


def test_what_was_never_recorded_is_no_loss(tmp_path: Path) -> None:
    blank: Row = {"searched_at": None, "self_defined_ethnicity": None, "outcome": "Knighted", "latitude": "0"}
    assert find_losses(submissions(tmp_path, [blank] * 10), NONE).is_empty()
    assert find_losses(submissions(tmp_path, [{"subject": "Vehicle search"}] * 10), NONE).is_empty()


def test_rows_of_an_extract_without_a_month_are_lost_and_blank_ones_are_not(tmp_path: Path) -> None:
    assert MOST_LOST == 0.001
    audit = submissions(tmp_path, [{}] * 998)
    blank = ("sources", "fellshire", "set aside (rows: 9)", "blank: a row without a value", 1009, 1000)
    dateless = ("sources", "fellshire", "set aside (rows: 2)", "no date", 1000, 998)
    kept = ("sources", "fellshire", "keep (rows: 5)", "no time: midnight is taken", 998, 998)
    assert find_losses(audit, pl.DataFrame([blank, kept], schema=DECISIONS, orient="row")).is_empty()
    losses = find_losses(audit, pl.DataFrame([blank, dateless, kept], schema=DECISIONS, orient="row"))
    assert losses.select("rows_lost", "rows_read", "set_aside").rows() == [(2, 1000, 2)]


def test_a_publication_that_lacks_nothing_has_no_caveat() -> None:
    assert list_caveats(["keep (rows: 2)", "leave a gap (months: 1)"]) == ()
    assert list_caveats([GO_ON, LEFT_OUT, GO_ON])[0].startswith("Some files could not be read")


# A whole publication


def write_records(folder: Path) -> Path:
    for force in ("fellshire", "mereside"):
        for month in ("2019-04", "2019-05"):
            gender = "Male" if force == "fellshire" else "Female"
            days = [{"searched_at": f"{month}-{day:02}T12:00:00+00:00", "gender": gender} for day in range(1, 29)]
            write_monthly(folder, monthly_text(days * 3, month=month), force=force, month=month)
    return folder


def settings(records: Path, **settings: object) -> Settings:
    given = {"records": [records], "from": "2019-04", "to": "2019-05", "out": records.parent / "site"}
    return make_settings(given | settings, where="a test")


def break_file(records: Path) -> None:
    (records / BAD).write_text("<html>502</html>", encoding="utf-8")


def break_rows(records: Path) -> None:
    text = (records / BAD).read_text(encoding="utf-8")
    (records / BAD).write_text(text.replace("2019-05-01T", "2019-02-30T"), encoding="utf-8")


@shared
def partial_site(damage: Callable[[Path], None]) -> Path:
    """The site of records with some damage, built with leave to be partial."""
    folder = example.scratch() / damage.__name__
    records = write_records(folder / "records")
    damage(records)
    return build(settings(records, allow_partial=True)).folder


@pytest.mark.parametrize(("damage", "code"), [(break_file, "E112"), (break_rows, "E131")])
def test_damage_stops_a_build_and_a_check_and_leaves_the_old_site(
    tmp_path: Path, damage: Callable[[Path], None], code: str
) -> None:
    records = write_records(tmp_path / "records")
    damage(records)
    for run in (build, check):
        with pytest.raises(DataError) as error:
            run(settings(records))
        assert error.value.code == code
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records"]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [break_file, break_rows])
def test_every_page_of_a_partial_publication_says_so(damage: Callable[[Path], None]) -> None:
    pages = example.read_pages(partial_site(damage))
    # All pages of each of the two forces but Action, as nobody says that the publisher is the force, and but those of
    # children and places, which the few made records do not have; those that the site has once; and the page of both.
    of_forces = [page for page in PAGES if isinstance(page, ForcePage)]
    assert len(pages) == 2 * (len(of_forces) - 3) + (len(PAGES) - len(of_forces)) + 1
    assert "action.html" not in {path.rpartition("/")[2] for path in pages}
    for page in pages.values():
        (notice,) = page.find_class("partial")
        assert notice.text_content().startswith("A partial publication.")
    assert not [page for page in example.pages().values() if page.find_class("partial")]


@pytest.mark.slow
def test_a_file_left_out_is_named_and_its_month_is_missing_and_no_other_row_is_lost() -> None:
    site = partial_site(break_file)
    reasons = [row["reason"] for row in example.read_table(site, "decisions") if row["action"] == LEFT_OUT]
    assert reasons == [f"{BAD}: the file is a web page, not a CSV (E112)"]
    rows = {(row["force"], row["month"]): row for row in example.read_table(site, "submissions")}
    assert rows["fellshire", "2019-05-01"]["status"] == "missing"
    others = [rows["fellshire", "2019-04-01"], rows["mereside", "2019-04-01"], rows["mereside", "2019-05-01"]]
    assert {(row["status"], row["rows_read"], row["rows_kept"]) for row in others} == {("submitted", "84", "84")}
    page = example.read_pages(site)["fellshire/data-quality.html"]
    log = [row.text_content() for row in page.iter("tr") if LEFT_OUT in row.text_content().lower()]
    assert len(log) == 1
    assert reasons[0] in log[0]


@pytest.mark.slow
def test_rows_that_are_gone_without_are_counted_in_the_decision_log() -> None:
    (row,) = [row for row in example.read_table(partial_site(break_rows), "decisions") if row["action"] == GO_ON]
    assert (row["force"], row["reason"]) == ("fellshire", "3 of 168 rows (date that does not exist: 3)")


@pytest.mark.slow
def test_a_force_of_which_every_file_is_bad_is_refused_for_nothing_of_it_can_be_published(tmp_path: Path) -> None:
    records = write_records(tmp_path / "records")
    break_file(records)
    (records / BAD.replace("05", "04")).write_bytes(b"")
    with pytest.raises(DataError) as error:
        build(settings(records, allow_partial=True))
    assert error.value.what == "2 files cannot be read"
    assert "mereside" not in str(error.value)
    site = build(settings(records, allow_partial=True, forces=["mereside"]))
    assert (site.pages, site.caveats) == (len(PAGES) - 3, ())


def test_where_every_file_is_bad_nothing_is_published(tmp_path: Path) -> None:
    records = write_records(tmp_path / "records")
    for path in records.rglob("*.csv"):
        path.write_bytes(b"")
    with pytest.raises(DataError, match="4 files cannot be read"):
        build(settings(records, allow_partial=True))
    assert not (tmp_path / "site").exists()


def test_a_lost_row_of_the_toolkits_own_stops_a_partial_publication_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leave to be partial is for what publishers send, never for a defect of ours."""
    audit_files = ingested.audit_files

    def lose_one(searches: pl.DataFrame, *files: RawFile, **given: object) -> Audit:
        audit = audit_files(searches, *files, **given)  # type: ignore[arg-type]
        return replace(audit, submissions=audit.submissions.with_columns(pl.col("rows_kept") - 1))

    monkeypatch.setattr(ingested, "audit_files", lose_one)
    with pytest.raises(DataError, match="a critical expectation"):
        build(settings(write_records(tmp_path / "records"), allow_partial=True))


def test_a_check_with_leave_says_what_was_not_checked(tmp_path: Path) -> None:
    records = write_records(tmp_path / "records")
    break_file(records)
    validation = check(settings(records, allow_partial=True))
    assert validation.caveats == ("Some files could not be read and are left out. Their months count as missing.",)


def test_check_says_of_each_row_of_an_extract_what_was_decided_about_its_date_or_time(tmp_path: Path) -> None:
    """The hour that clocks skip once took its searches with it: 5,000 rows gave 4,999, and nothing said so."""
    rows = make_rows(each=100)
    moments = (("28/03/2027", "01:40"), ("25/10/2026", "01:40"), ("26/10/2026", ""), ("", "10:00"))
    for row, (day, time) in zip(rows, moments, strict=False):
        row |= {"Stop Search Date": day, "Stop Search Time": time}
    write_export(tmp_path / "export.csv", rows)
    settings = read_settings(write_project(tmp_path))
    ingested = read_records(settings)
    assert ingested.counts.cells.filter(pl.col("ethnicity_basis") == "self-defined")["searches"].sum() == 1199
    assert check(settings).caveats == (
        "lancashire: 1 row set aside, and not counted: no date",
        "lancashire: 1 row kept: no time: midnight is taken",
        "lancashire: 1 row kept: the clocks went back: the hour came twice, the first is taken",
        "lancashire: 1 row kept: the clocks went forward: there was no such time, the hour after is taken",
    )
