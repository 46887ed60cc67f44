"""A label that was renamed is said, with its rows and months: it never publishes a difference that is none."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from disparity.pipeline.build import build
from disparity.pipeline.submissions import check, count
from disparity.project.settings import make_settings, read_settings
from disparity.records.audit.files import Audit
from disparity.records.grounds_review.sampling.records import list_searches
from disparity.records.ingest import read_records
from disparity.records.unknown_values import list_unknown, refuse_unknown
from disparity.sources.raw import PORTAL
from disparity.vocabulary.codes import OWN_EXTRACT
from disparity.vocabulary.errors import DataError
from support.force_export import FORCE, PERSON, make_rows, rename, write_export, write_project

ETHNICITY, DISPOSAL = "Self Defined Ethnicity (16+1)", "Disposal"
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)


def audit(*labels: tuple[date, str, int, bool], source: str = OWN_EXTRACT) -> Audit:
    """An audit of one column's labels: month, label, rows, whether it is known."""
    schema = ["month", "label", "rows", "is_known"]
    listed = pl.DataFrame(labels, schema=schema, orient="row").with_columns(
        force=pl.lit(FORCE), column=pl.lit("outcome")
    )
    months = listed.select("force", "month").unique()
    return Audit(months.with_columns(source=pl.lit(source), source_file=pl.lit("export.csv")), listed)


def is_refused(*labels: tuple[date, str, int, bool], source: str = OWN_EXTRACT) -> bool:
    try:
        refuse_unknown(audit(*labels, source=source), [])
    except DataError:
        return True
    return False


@pytest.mark.parametrize(("rows", "refused"), [(0, False), (1, False), (2, True)])
def test_more_than_one_row_in_a_thousand_of_a_month_is_no_slip(rows: int, refused: bool) -> None:
    odd = [(MAY, "Arrested", rows, False)] if rows else []
    assert is_refused((APRIL, "NFA", 50_000, True), (MAY, "NFA", 1000 - rows, True), *odd) is refused


def test_many_values_that_are_each_a_slip_are_none_together() -> None:
    each = [(APRIL, f"Odd {number}", 1, False) for number in range(3)]
    assert is_refused((APRIL, "NFA", 1998, True), *each)
    assert not is_refused((APRIL, "NFA", 1998, True), each[0])


def test_a_label_of_a_public_file_is_only_listed() -> None:
    assert not is_refused((APRIL, "Arrested", 9, False), source=PORTAL)


def test_values_are_listed_with_their_rows_and_months() -> None:
    found = list_unknown(audit((APRIL, "NFA", 9, True), (APRIL, "Odd", 1, False), (MAY, "Odd", 2, False)))
    assert found.rows() == [(FORCE, "outcome", "Odd", 3, [APRIL, MAY], True, 12)]


@pytest.mark.parametrize(
    "labels",
    [
        [f"Note {number} on {PERSON}" for number in range(61)],
        [f"{PERSON} {'x' * 80}"],
        [f"{PERSON} {n}" for n in range(12)],
    ],
)
def test_free_text_that_was_mapped_is_named_by_its_column_alone(labels: list[str]) -> None:
    with pytest.raises(DataError) as error:
        refuse_unknown(audit(*((APRIL, label, 1, False) for label in labels)), [])
    assert "not shown as they look like free text" in error.value.found
    assert PERSON not in str(error.value)


def test_a_message_names_the_most_frequent_values_and_counts_the_others() -> None:
    with pytest.raises(DataError) as error:
        refuse_unknown(audit(*((APRIL, f"Odd {number:02}", 20 - number, False) for number in range(13))), [])
    assert error.value.found.startswith("outcome: 'Odd 00' in 20 of 182 rows, April 2026; 'Odd 01' in 19 of 182 rows")
    assert error.value.found.endswith("'Odd 09' in 11 of 182 rows, April 2026; 3 other values in 27 rows")


def test_what_a_value_could_do_to_a_terminal_is_escaped() -> None:
    with pytest.raises(DataError) as error:
        refuse_unknown(audit((APRIL, "\x1b[2JArrested\u202e", 1, False)), [])
    assert str(error.value).replace("\n", "").isprintable()
    assert "Arrested" in error.value.found


def test_renamed_labels_stop_check_and_build_with_column_value_rows_and_months(tmp_path: Path) -> None:
    """Once this gave "1.2 searches per 1,000 Asian residents" where it had been 3.4, exit 0."""
    rows = make_rows()
    rename(rows, ETHNICITY, "A2 Pakistani", "A2 - Asian Pakistani", lambda row: row["Stop Search Date"] > "01/01")
    rename(rows, DISPOSAL, "Arrest", "Arrested", lambda row: row["Stop Search Date"].endswith("/03/2027"))
    write_export(tmp_path / "export.csv", rows)
    settings = read_settings(write_project(tmp_path))
    for act in (check, build):
        with pytest.raises(DataError) as error:
            act(settings)
        assert str(error.value) == (
            "the mapping of an extract does not know some of its values (E137)\n"
            "  where:    export.csv\n"
            "  found:    outcome ('Disposal'): 'Arrested' in 5 of 240 rows, March 2027; "
            "self_defined_ethnicity ('Self Defined Ethnicity (16+1)'): 'A2 - Asian Pakistani' in 48 of 240 rows, "
            "April 2026 to March 2027\n"
            "  what now: `disparity map --update` adds a line for each that has none to the project file: give it a "
            'code, or "" where it means not recorded'
        )
    assert not (tmp_path / "site").exists()


def test_counts_that_were_kept_still_tell_what_was_not_known(tmp_path: Path) -> None:
    rows = make_rows()
    rename(rows, DISPOSAL, "Arrest", "Arrested")
    write_export(tmp_path / "export.csv", rows)
    part = count(read_settings(write_project(tmp_path)), tmp_path / "part")
    given = {"counts": [part], "records": [], "from": "2026-04", "to": "2027-03"}
    with pytest.raises(DataError) as error:
        read_records(make_settings(given, where="the command line"))
    assert error.value.found == "outcome: 'Arrested' in 60 of 240 rows, April 2026 to March 2027"


@pytest.mark.slow
def test_a_slip_goes_on_and_check_says_which_value_it_is(tmp_path: Path) -> None:
    rows = make_rows(["2026-04"], each=1100)
    rows[7][DISPOSAL] = "Arrrest"
    write_export(tmp_path / "export.csv", rows)
    text = write_project(tmp_path).read_text(encoding="utf-8").replace('to = "2027-03"', 'to = "2026-04"')
    (tmp_path / "disparity.toml").write_text(text, encoding="utf-8")
    caveats = check(read_settings(tmp_path / "disparity.toml")).caveats
    assert caveats == (
        "Values that the mapping of an extract does not know, too few to stop: outcome ('Disposal'): 'Arrrest' in 1 of "
        "1,100 rows, April 2026.",
    )


def test_a_value_mapped_to_nothing_is_known_and_means_not_recorded(tmp_path: Path) -> None:
    rows = make_rows()
    rename(rows, DISPOSAL, "Arrest", "Outcome awaited")
    write_export(tmp_path / "export.csv", rows)
    path = write_project(tmp_path)
    with pytest.raises(DataError, match="E137"):
        read_records(read_settings(path))
    path.write_text(path.read_text().replace('"NFA" =', '"Outcome awaited" = ""\n"NFA" ='), encoding="utf-8")
    assert read_records(read_settings(path)).audit.submissions["unknown_labels"].sum() == 0


def test_months_that_are_not_asked_for_are_not_asked_about(tmp_path: Path) -> None:
    rows = make_rows()
    rename(rows, DISPOSAL, "Arrest", "Odd", lambda row: row["Stop Search Date"].endswith("/04/2026"))
    write_export(tmp_path / "export.csv", rows)
    read_records(read_settings(write_project(tmp_path, first="2026-05")))
    with pytest.raises(DataError, match="E137"):
        read_records(read_settings(write_project(tmp_path)))


def test_a_sample_for_a_review_of_grounds_is_not_drawn_past_a_renamed_label(tmp_path: Path) -> None:
    rows = make_rows()
    rename(rows, ETHNICITY, "A2 Pakistani", "A2 - Asian Pakistani")
    write_export(tmp_path / "export.csv", rows)
    with pytest.raises(DataError, match="E137") as error:
        list_searches(read_settings(write_project(tmp_path)), FORCE)
    assert PERSON not in str(error.value)
