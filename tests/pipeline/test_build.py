"""The whole run: parts add up to the whole, and the synthetic records give back the truth they were made from."""

import json
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from disparity.pipeline.build import build, make_edition
from disparity.pipeline.tabulate import tabulate
from disparity.project.settings import make_settings
from disparity.records.ingest import read_records
from disparity.site.pages.listing import PAGES, ForcePage, SitePage
from disparity.sources.extract.proposal import propose_mapping
from disparity.tables.schema.printing import to_csv
from disparity.tables.schema.tables import TABLES
from disparity.vocabulary.errors import DataError, RequestError
from support import example
from support.builders import BLACK, monthly_text, write_monthly

pytestmark = pytest.mark.usefixtures("hardly_drawn")

TRUTH = json.loads(example.TRUTH.read_text(encoding="utf-8"))["forces"]
# Their records are of the last year only; thornmoor's are its own extract, the others' are monthly files.
SMALL = ("thornmoor", "westwold")
EXTRACT = "thornmoor"
GROUPS = ("Asian", "Black", "Mixed", "White", "Other")
# Pages that are not made: another publisher's says nothing of what the force does, a few made records have neither
# children nor places, and without searches of people there is nothing to compare.
WITHOUT_OWN = {"action.html", "children.html", "places.html"}
WITHOUT_SEARCHES = {"compare.html", *WITHOUT_OWN}
KEYS = ["measure", "force", "ethnicity_basis", "ethnic_group", "search_type"]
ROWS_OF_TWO = ("//tr[contains(., 'Kent')]", "//tr[contains(., 'Lancashire')]")
APRIL, MAY = "2023-04", "2023-05"


def estimate_months(first: str, last: str) -> pl.DataFrame:
    settings = example.months(first, last)
    return tabulate(settings, read_records(settings), example.validation())["estimates"]


def make_months(folder: Path, files: dict[tuple[str, str], list[dict]], **settings: object):
    """A publication of made files, by force and month; it covers all their months."""
    for (force, month), rows in files.items():
        write_monthly(folder / "records", monthly_text(rows, month=month), force=force, month=month)
    months = sorted(month for _, month in files)
    given = {"records": [folder / "records"], "from": months[0], "to": months[-1], "out": folder / "site"}
    return make_settings(given | settings, where="a test")


def find_rates(force: str) -> pl.DataFrame:
    """The example's find rates of a force, by both bases, all groups, types and years."""
    return example.frames()["estimates"].filter(pl.col("force") == force, pl.col("measure") == "find_rate")


def totals(force: str, measure: str) -> pl.DataFrame:
    """Both years together, by self-defined group."""
    rows = example.frames()["estimates"].filter(
        pl.col("force") == force,
        pl.col("measure") == measure,
        pl.col("search_type") == "All",
        pl.col("ethnicity_basis") == "self-defined",
    )
    return rows.group_by("ethnic_group").agg(pl.col("numerator", "denominator", "unknown").sum())


@pytest.mark.slow
def test_the_counts_of_two_months_are_the_sum_of_the_counts_of_each():
    both, first, second = (estimate_months(*span) for span in ((APRIL, MAY), (APRIL, APRIL), (MAY, MAY)))
    counted = [*KEYS, "numerator", "denominator", "unknown"]
    summed = pl.concat([first.select(counted), second.select(counted)]).group_by(KEYS).sum()
    is_split = pl.col("search_type").is_in(["drugs_possession", "drugs_supply"])  # nulls, as nobody recorded them
    expected, found = (table.filter(~is_split).fill_null(0).sort(KEYS) for table in (summed, both.select(counted)))
    assert_frame_equal(found, expected, abs_tol=1e-9)
    assert found["numerator"].sum() > 1_000


def test_the_months_of_a_year_add_up_to_the_year():
    monthly, estimates = example.frames()["monthly"], example.frames()["estimates"]
    last_year = monthly.filter(pl.col("month") >= date(2024, 4, 1), pl.col("measure") != "search_rate")
    summed = last_year.group_by("measure", "force", "ethnic_group").agg(pl.col("numerator").sum())
    is_year = (pl.col("period_to") == date(2025, 3, 1)) & (pl.col("search_type") == "All")
    year = estimates.filter(is_year, pl.col("ethnicity_basis") == "self-defined").select(summed.columns)
    assert summed.height > 70
    joined = summed.join(year, on=["measure", "force", "ethnic_group"], how="left", validate="1:1")
    assert joined.filter(pl.col("numerator") != pl.col("numerator_right")).is_empty()
    assert joined["numerator_right"].null_count() == 0


def test_a_folder_loose_files_in_any_order_and_an_archive_give_the_same_frames(tmp_path):
    paths = sorted(path for month in (APRIL, MAY) for path in (example.RECORDS / month).glob("*.csv"))
    archive = tmp_path / "months.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in reversed(paths):
            target.write(path, f"{path.parent.name}/{path.name}")
    inputs = ([example.RECORDS], paths, paths[::-1], [archive], [archive, example.RECORDS])
    readings = [read_records(example.months(APRIL, MAY, records=records)) for records in inputs]
    for other in readings[1:]:
        assert_frame_equal(other.counts.cells, readings[0].counts.cells)
        assert_frame_equal(other.counts.ethnicities, readings[0].counts.ethnicities)
        assert_frame_equal(other.audit.labels, readings[0].audit.labels)
        apart = [ingested.audit.submissions.drop("source_file") for ingested in (other, readings[0])]
        assert_frame_equal(*apart)
        assert other.forces == ("fellshire", "mereside")


def test_forces_and_months_that_are_not_asked_for_are_not_read(tmp_path):
    asked = {("fellshire", APRIL): [{}] * 3}
    settings = make_months(tmp_path, asked, forces=["fellshire"])
    write_monthly(tmp_path / "records", b"not,a,search", force="mereside", month=APRIL)
    write_monthly(tmp_path / "records", b"not,a,search", force="fellshire", month=MAY)
    assert read_records(settings).audit.submissions["rows_kept"].to_list() == [3]
    with pytest.raises(DataError, match="not a stop-and-search file"):
        read_records(settings.model_copy(update={"forces": []}))


def test_a_month_without_a_file_is_missing_and_not_a_month_without_searches():
    submissions = example.frames()["submissions"]
    assert submissions.height == 96
    small = submissions.filter(pl.col("force").is_in(SMALL))
    assert dict(small.group_by("status").len().iter_rows()) == {"missing": 24, "submitted": 24}
    gone = submissions.filter(pl.col("status") != "submitted", ~pl.col("force").is_in(SMALL))
    assert gone.select("force", "month", "status").rows() == [("mereside", date(2023, 8, 1), "missing")]
    assert gone.select("rows_read", "rows_kept", "rows_rejected", "outcome_not_recorded").row(0) == (None,) * 4


def test_a_month_without_a_file_has_no_numbers_in_the_monthly_table():
    monthly = example.frames()["monthly"].filter(pl.col("month") == date(2023, 8, 1), pl.col("force") == "mereside")
    assert monthly.height > 20
    assert monthly.select(pl.col("numerator", "denominator", "value").is_null().all()).row(0) == (True,) * 3


def test_rows_read_are_the_rows_of_the_files_and_each_is_kept_excluded_or_rejected():
    for force, truth in TRUTH.items():
        rows = example.frames()["submissions"].filter(pl.col("force") == force, pl.col("rows_read").is_not_null())
        read = {f"{month:%Y-%m}": count for month, count in rows.select("month", "rows_read").rows()}
        assert read == truth["realised"]["rows_by_month"]
        assert rows["rows_kept"].sum() == truth["realised"]["searches"]
        assert rows["rows_excluded"].sum() == truth["realised"]["vehicle_only"]
        repeats = truth["realised"]["duplicate_rows"]  # equal to an earlier row; the audit counts the first as well
        if force == EXTRACT:  # rows have a number of their own, so that none repeats
            assert rows["duplicate_rows"].sum() == 0
        else:
            assert repeats < rows["duplicate_rows"].sum() <= 2 * repeats


def test_the_oddities_that_were_planted_are_the_ones_found():
    labels = example.frames()["labels"].filter(~pl.col("is_known"))
    found = labels.group_by("force", "month", "column").agg(pl.col("rows").sum()).sort("force", "month").rows()
    assert found == [
        ("fellshire", date(2023, 6, 1), "legislation", 5),
        ("mereside", date(2024, 10, 1), "object_of_search", 5),
        ("mereside", date(2024, 12, 1), "self_defined_ethnicity", 5),
    ]
    unreliable = example.frames()["submissions"].filter(~pl.col("is_time_reliable"))
    assert unreliable.select("force", "month").rows() == [("mereside", date(2024, 6, 1))]


def test_check_finds_what_the_build_publishes():
    (table,) = [table for table in TABLES if table.name == "checks"]
    published = (example.site() / "data" / "checks.csv").read_bytes()
    assert to_csv(example.validation().list_checks(), table).encode() == published


def test_every_table_of_the_site_is_the_frame_that_was_made():
    for table in TABLES:
        published = (example.site() / "data" / table.file).read_bytes()
        assert to_csv(example.frames()[table.name], table).encode() == published, table.name


@pytest.mark.parametrize("force", TRUTH)
@pytest.mark.parametrize("group", GROUPS)
def test_a_search_rate_is_within_chance_of_the_rate_that_was_drawn_from(force, group):
    truth, recording = TRUTH[force], TRUTH[force]["recording"]
    known = 1 - recording["self_defined_not_stated"] - recording["self_defined_blank"]
    years = truth["months_submitted"] / 12
    expected = truth["population"][group] / 1_000 * truth["search_rate_per_1000_a_year"][group] * years * known
    row = totals(force, "search_rate").row(by_predicate=pl.col("ethnic_group") == group, named=True)
    assert row["denominator"] == pytest.approx(truth["population"][group] * years)
    assert abs(row["numerator"] - expected) < 4 * expected**0.5


@pytest.mark.parametrize("measure", ["find_rate", "arrest_rate", "action_rate"])
@pytest.mark.parametrize("group", GROUPS)
def test_a_share_of_fellshire_is_within_four_standard_errors_of_the_truth(measure, group):
    truth = TRUTH["fellshire"][measure][group]
    truth = truth["All"] if measure == "find_rate" else truth
    row = totals("fellshire", measure).row(by_predicate=pl.col("ethnic_group") == group, named=True)
    error = (truth * (1 - truth) / row["denominator"]) ** 0.5
    assert abs(row["numerator"] / row["denominator"] - truth) < 4 * error
    assert row["denominator"] > 200


def test_the_find_rate_of_fellshire_is_measured():
    years = find_rates("fellshire").filter(pl.col("ethnic_group") == "All", pl.col("search_type") == "All")
    assert years["status"].to_list() == ["measured"] * 4
    assert years["value"].to_list() == pytest.approx([TRUTH["fellshire"]["find_rate_all"]] * 4, abs=0.025)


def test_the_find_rate_of_mereside_is_measurable_nowhere():
    rows = find_rates("mereside")
    assert rows["status"].unique().to_list() == ["not_measurable"]
    assert rows.select(pl.col("value", "lower", "upper").is_null().all()).row(0) == (True,) * 3
    assert rows.height > 300


@pytest.mark.parametrize("kind", ["All", "drugs", "offensive_weapons", "stolen_property", "going_equipped", "other"])
def test_the_bounds_of_mereside_hold_the_true_find_rate_wherever_there_are_fifty_searches(kind):
    is_kind = (pl.col("search_type") == kind) & pl.col("ethnic_group").is_in(GROUPS)
    rows = find_rates("mereside").filter(is_kind, pl.col("denominator") + pl.col("unknown") >= 50)
    assert rows.height >= 4  # White people at least, on two bases, in two years
    for group, low, high in rows.select("ethnic_group", "lower_bound", "upper_bound").rows():
        assert low <= TRUTH["mereside"]["find_rate"][group][kind] <= high, group


def test_an_extract_knows_what_was_found_where_no_outcome_is_recorded():
    finds = totals(EXTRACT, "find_rate").filter(ethnic_group="All").row(0, named=True)
    drawn = TRUTH[EXTRACT]["realised"]["drawn_by_group"].values()
    assert finds["numerator"] == sum(row["found"] for row in drawn)
    assert (finds["denominator"], finds["unknown"]) == (sum(row["searches"] for row in drawn), 0)


@pytest.mark.parametrize("force", [force for force in TRUTH if force != EXTRACT])
def test_every_search_that_was_drawn_is_counted_once_with_what_became_of_it(force):
    found, arrests = totals(force, "find_rate"), totals(force, "arrest_rate")
    drawn = TRUTH[force]["realised"]["recorded_by_self_defined_group"]
    for group, row in drawn.items():
        finds, ends = (
            table.row(by_predicate=pl.col("ethnic_group") == group, named=True) for table in (found, arrests)
        )
        assert (finds["numerator"], finds["unknown"]) == (row["found"], row["unknown"]), group
        assert finds["denominator"] + finds["unknown"] == row["searches"], group
        assert ends["numerator"] == row["arrests"], group
    assert len(drawn) == 7


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_checked")
def test_a_publication_of_one_force_has_its_pages_at_the_root_and_of_several_a_folder_each(tmp_path):
    rows = [{}] * 60 + [{"self_defined_ethnicity": BLACK}] * 60
    one = build(make_months(tmp_path / "one", {("fellshire", APRIL): rows}))
    of_force = {page.address for page in PAGES if isinstance(page, ForcePage)}
    of_site = {page.address for page in PAGES if isinstance(page, SitePage)}
    assert set(example.read_pages(one.folder)) == (of_force - WITHOUT_OWN) | of_site
    assert one.pages == len(PAGES) - len(WITHOUT_OWN)
    folders = {
        f"{force}/{page.address}"
        for force in TRUTH
        for page in PAGES
        if isinstance(page, ForcePage) and page.has_content(example.edition(), force)
    }
    assert set(example.pages()) == folders | {"index.html"} | of_site


@pytest.mark.slow
def test_one_force_asked_for_out_of_four_is_a_publication_of_one():
    settings = example.settings(forces=["mereside"])
    ingested = read_records(settings)
    frames = tabulate(settings, ingested, example.validation())
    edition = make_edition(settings, ingested.forces, frames)
    assert edition.folder("mereside") == ""
    of_forces = [
        frame
        for name, frame in frames.items()
        if name not in {"checks", "pooled", "calibration", "disclosure", "inputs"}
    ]
    assert {value for frame in of_forces for value in frame.get_column("force").unique()} == {"mereside"}
    assert frames["pooled"].height == 0  # a single force is no set


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_checked")
@pytest.mark.parametrize(
    ("rows", "absent"),
    [
        ([], WITHOUT_SEARCHES),
        ([{}], WITHOUT_OWN - {"places.html"}),
        ([{"subject": "Vehicle search"}] * 3, WITHOUT_SEARCHES),
        ([{"subject": "unheard of"}] * 3, WITHOUT_SEARCHES),
        ([{"outcome": None, "is_outcome_linked": None}] * 60, WITHOUT_OWN - {"places.html"}),
    ],
    ids=["header only", "one search", "vehicles only", "rejected only", "no outcome recorded"],
)
def test_a_file_that_holds_next_to_nothing_still_gives_a_site(tmp_path, rows, absent):
    # Rows that are lost stop a build unless it is asked to go on.
    settings = make_months(tmp_path, {("lancashire", "2019-04"): rows}).model_copy(update={"allow_partial": True})
    site = build(settings)
    assert site.pages == len(PAGES) - len(absent)
    assert not any((site.folder / page).exists() for page in absent)


@pytest.mark.slow
def test_the_list_of_forces_says_which_period_each_figure_is_of(tmp_path):
    files = {("kent", "2018-04"): [{}] * 60, ("lancashire", "2018-04"): [{}] * 61, ("lancashire", "2019-04"): [{}] * 60}
    page = example.read_pages(build(make_months(tmp_path, files)).folder)["index.html"]
    caption, kent, lancashire = (page.xpath(f"string({path})") for path in ("//caption", *ROWS_OF_TWO))
    assert caption.endswith("year ending April 2019")
    assert (kent, lancashire[:21]) == ("Kent Police" + "[x]" * 5, "Lancashire Constabula")


@pytest.mark.slow
def test_a_force_with_restricted_labels_publishes_no_rate_by_group_not_even_as_bounds(tmp_path):
    found = {"outcome": "Arrest", "is_outcome_linked": "True"}
    rows = [found] * 400 + [{"self_defined_ethnicity": BLACK}] * 300
    settings = make_months(tmp_path, {("lancashire", "2019-04"): rows})
    frames = tabulate(settings, read_records(settings), example.validation())
    restricted = frames["estimates"].filter(pl.col("status") == "restricted_labels")
    assert restricted.height > 50
    shown = restricted.select(pl.col("value", "lower", "upper", "lower_bound", "upper_bound").count())
    assert shown.row(0) == (0,) * 5


def test_every_file_that_cannot_be_read_is_named_at_once(tmp_path):
    files = {("kent", "2019-04"): [{}] * 3, ("lancashire", "2019-04"): [{}] * 4, ("essex", "2019-04"): [{}] * 5}
    settings = make_months(tmp_path, files)
    for force in ("kent", "lancashire"):
        (path,) = (tmp_path / "records").rglob(f"*{force}*")
        path.write_text("<html>Jane Roe</html>")
    with pytest.raises(DataError, match="2 files cannot be read") as error:
        read_records(settings)
    assert "2019-04-kent" in str(error.value)
    assert "2019-04-lancashire" in str(error.value)
    assert "essex" not in str(error.value)
    assert "Jane" not in str(error.value)


def read_extract_publication(folder: Path, extra: str = "", **settings: object):
    """A publication of fellshire's own extract, read as `disparity map` proposes."""
    source = example.RECORDS.parent / "extract" / "fellshire-extract.csv"
    proposed = tomllib.loads(propose_mapping(source, force="fellshire") + extra)["extracts"]
    given = {"extracts": [entry | {"file": source} for entry in proposed], "out": folder / "site"}
    given |= {"from": "2024-04", "to": "2025-03", "is_synthetic": True}
    return make_settings(given | settings, where="a test")


@pytest.mark.slow
def test_an_extract_read_as_proposed_gives_possession_and_supply_as_they_were_drawn(tmp_path):
    truth = json.loads((example.RECORDS.parent / "truth.json").read_text())["extract"]["by_type_and_self_defined_group"]
    settings = read_extract_publication(tmp_path)
    frames = tabulate(settings, read_records(settings), example.validation())
    shares = frames["estimates"].filter(measure="type_share", ethnic_group="All", ethnicity_basis="self-defined")
    counted = dict(shares.select("search_type", "numerator").iter_rows())
    finds = frames["estimates"].filter(measure="find_rate", ethnic_group="All", ethnicity_basis="self-defined")
    found = dict(finds.select("search_type", "numerator").iter_rows())
    for kind in ("drugs_possession", "drugs_supply"):
        assert counted[kind] == sum(group["searches"] for group in truth[kind].values()) > 300
        assert found[kind] == sum(group["found"] for group in truth[kind].values())


def test_an_extract_and_monthly_files_of_the_same_months_need_a_choice(tmp_path):
    settings = read_extract_publication(tmp_path, records=[example.RECORDS], forces=["fellshire"])
    with pytest.raises((DataError, RequestError)) as error:
        read_records(settings)
    assert "fellshire-extract.csv" in str(error.value)
    assert "2024-04-fellshire-stop-and-search.csv" in str(error.value)


def test_light_is_counted_where_the_project_asks_for_it_and_nowhere_else(tmp_path):
    rows = [{"searched_at": f"2019-04-{day:02}T19:00:00+00:00"} for day in range(1, 31)]
    asked = make_months(tmp_path, {("lancashire", "2019-04"): rows}, veil_of_darkness=True)
    plain, tagged = (
        read_records(asked.model_copy(update={"veil_of_darkness": is_asked})).counts for is_asked in (False, True)
    )
    # At Preston the sun sets at 18:46 UTC on 1 April and some two minutes later each day: at 19:00 on the 8th.
    lit = tagged.twilight.filter(ethnicity_basis="self-defined").group_by("light").agg(pl.col("searches").sum())
    assert dict(lit.rows()) == {"between sunset and dusk": 8, "daylight": 22}
    assert plain.twilight.is_empty()
    assert_frame_equal(plain.cells, tagged.cells)
