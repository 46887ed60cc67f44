"""Files and rows that a publication goes without: never unsaid, never more than asked for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.build import build, check
from disparity.project.settings import Settings, make_settings
from disparity.records import ingest as ingested
from disparity.records.audit.files import Audit, audit_files
from disparity.records.audit.months import complete_audit
from disparity.records.coding import code_searches
from disparity.records.completeness import GO_ON, LEFT_OUT, MOST_LOST, find_losses, list_caveats, refuse_losses
from disparity.sources.choice import DECISIONS
from disparity.sources.police_uk import find_files
from disparity.sources.raw import RawFile
from disparity.vocabulary.errors import DataError
from support import example
from support.builders import Row, monthly_text, read_file, write_monthly
from support.processor import shared

pytestmark = pytest.mark.usefixtures("hardly_drawn")

NONE = pl.DataFrame(schema=DECISIONS)
APRIL = date(2019, 4, 1)
BAD = "2019-05/2019-05-fellshire-stop-and-search.csv"


def submissions(folder: Path, rows: list[Row]) -> pl.DataFrame:
    write_monthly(folder, monthly_text(rows))
    raw = read_file(find_files([folder])[0][0])
    return complete_audit([audit_files(code_searches(raw), raw)], ["fellshire"], [APRIL]).submissions


WRONG: dict[str, Row] = {
    "kind of search not recognised": {"subject": "dog"},
    "date that does not exist": {"searched_at": "2019-02-29T12:00:00+00:00"},
    "date before 2014": {"searched_at": "1900-01-01T00:00:00+00:00"},
    "date after the month of the file": {"searched_at": "2019-06-01T12:00:00+00:00"},
}


@pytest.mark.parametrize("what", WRONG)
def test_more_than_one_row_in_a_thousand_is_refused_and_one_is_not(tmp_path: Path, what: str) -> None:
    assert find_losses(submissions(tmp_path, [WRONG[what]] + [{}] * 999), NONE).is_empty()
    losses = find_losses(submissions(tmp_path, [WRONG[what]] + [{}] * 998), NONE)
    with pytest.raises(DataError) as error:
        refuse_losses(losses)
    assert str(error.value) == (
        "too many rows are lost or in doubt (E131)\n"
        "  where:    fellshire\n"
        f"  found:    1 of 999 rows ({what}: 1)\n"
        "  what now: correct the export or the mapping; --allow-partial goes on, and every page then says so"
    )


def test_what_was_never_recorded_is_no_loss(tmp_path: Path) -> None:
    blank: Row = {"searched_at": None, "self_defined_ethnicity": None, "outcome": "Knighted", "latitude": "0"}
    assert find_losses(submissions(tmp_path, [blank] * 10), NONE).is_empty()
    refuse_losses(find_losses(submissions(tmp_path, [{"subject": "Vehicle search"}] * 10), NONE))


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


@pytest.mark.parametrize("damage", [break_file, break_rows])
def test_every_page_of_a_partial_publication_says_so(damage: Callable[[Path], None]) -> None:
    pages = example.read_pages(partial_site(damage))
    # Of each of the two forces all pages but five: no origin of a search, priority, area or grounds is on record, and
    # of 84 searches nothing can be set beside other forces.
    assert len(pages) == 36 - 2 * 5
    assert not {path.rpartition("/")[2] for path in pages} & {
        "origins.html",
        "priorities.html",
        "areas.html",
        "grounds.html",
        "similar-forces.html",
    }
    for page in pages.values():
        (notice,) = page.find_class("partial")
        assert notice.text_content().startswith("A partial publication.")
    assert not [page for page in example.pages().values() if page.find_class("partial")]


def test_a_file_left_out_is_named_and_its_month_is_missing_and_no_other_row_is_lost() -> None:
    site = partial_site(break_file)
    reasons = [row["reason"] for row in example.read_table(site, "decisions") if row["action"] == LEFT_OUT]
    assert reasons == [f"{BAD}: the file is a web page, not a CSV (E112)"]
    rows = {(row["force"], row["month"]): row for row in example.read_table(site, "submissions")}
    assert rows["fellshire", "2019-05"]["status"] == "missing"
    others = [rows["fellshire", "2019-04"], rows["mereside", "2019-04"], rows["mereside", "2019-05"]]
    assert {(row["status"], row["rows_read"], row["rows_kept"]) for row in others} == {("submitted", "84", "84")}
    page = example.read_pages(site)["fellshire/data-quality.html"]
    log = [row.text_content() for row in page.iter("tr") if LEFT_OUT in row.text_content().lower()]
    assert len(log) == 1
    assert reasons[0] in log[0]


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
    # No similar forces either, of one force.
    assert (site.pages, site.caveats) == (20 - 4 - 1, ())


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

    def lose_one(searches: pl.DataFrame, *files: RawFile) -> Audit:
        audit = audit_files(searches, *files)
        return replace(audit, submissions=audit.submissions.with_columns(pl.col("rows_kept") - 1))

    monkeypatch.setattr(ingested, "audit_files", lose_one)
    with pytest.raises(DataError, match="a critical expectation"):
        build(settings(write_records(tmp_path / "records"), allow_partial=True))


def test_a_check_with_leave_says_what_was_not_checked(tmp_path: Path) -> None:
    records = write_records(tmp_path / "records")
    break_file(records)
    validation = check(settings(records, allow_partial=True))
    assert validation.caveats == ("Some files could not be read and are left out. Their months count as missing.",)
