"""The synthetic records hold what their truth says: read back here from the raw labels alone."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from disparity.synthetic.forces import AREAS, FELLSHIRE, MERESIDE, make_forces
from disparity.synthetic.neighbours import NEIGHBOURS, THORNMOOR
from disparity.synthetic.records import make_records
from disparity.synthetic.truth import describe_force
from disparity.synthetic.write import write_synthetic
from disparity.vocabulary.calendar import months_from
from disparity.vocabulary.codes import read_reference
from disparity.vocabulary.errors import RequestError

COMMITTED = Path(__file__).parents[2] / "data" / "synthetic"
GROUPS = ["Asian", "Black", "Mixed", "White", "Other"]
HEADER = (
    "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,"
    "Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,"
    "Outcome linked to object of search,Removal of more than just outer clothing"
)
LINKED, CLOTHING = "Outcome linked to object of search", "Removal of more than just outer clothing"
SELF, OFFICER = "Self-defined ethnicity", "Officer-defined ethnicity"
NOTHING = "A no further action disposal"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("synthetic") / "out"
    write_synthetic(made, seed=1)
    return made


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "truth.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def large() -> tuple[pl.DataFrame, dict[str, Any]]:
    """A fellshire of 200,000 searches, read back as text, and its truth."""
    months = months_from(date(2023, 4, 1), 24)
    force = make_forces(1, months, searches=200_000, seed=5)[0]
    records = make_records(force, months, seed=5)
    return records.select(HEADER.split(",")), describe_force(force, months, records)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def read(folder: Path, month: str, force: str) -> pl.DataFrame:
    path = folder / "police_uk" / month / f"{month}-{force}-stop-and-search.csv"
    return pl.read_csv(path, infer_schema=False)


def read_all(folder: Path, force: str) -> pl.DataFrame:
    paths = sorted((folder / "police_uk").glob(f"*/*-{force}-stop-and-search.csv"))
    return pl.concat(
        pl.read_csv(path, infer_schema=False).with_columns(month=pl.lit(path.parent.name)) for path in paths
    )


def group_of(label: pl.Expr) -> pl.Expr:
    """Code a self-defined label by its words alone ("Chinese or other ethnic group" is an older Other)."""
    starts = {"White": "White - [EIGAW]", "Mixed": "Mixed", "Asian": "Asian", "Black": "Black"}
    coded: Any = pl.when(label.is_null() | (label == "White - British")).then(pl.lit("Not recorded"))
    coded = coded.when(label.str.contains("(?i)not stated")).then(pl.lit("Not stated"))
    coded = coded.when(label.str.contains("- Chinese")).then(pl.lit("Asian"))
    for group, start in starts.items():
        coded = coded.when(label.str.contains(f"^{start}")).then(pl.lit(group))
    group_or_other: pl.Expr = coded.otherwise(pl.lit("Other"))
    return group_or_other


def count_finds(rows: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Searches, found, not_found, unknown and arrests by self-defined group, from the raw labels."""
    outcome, linked = pl.col("Outcome"), pl.col(LINKED).str.to_lowercase()
    is_action = outcome.is_not_null() & (outcome != NOTHING)
    counts = (
        rows.filter(pl.col("Type") != "Vehicle search")
        .group_by(group=group_of(pl.col(SELF)))
        .agg(
            pl.len().alias("searches"),
            (is_action & (linked == "true")).sum().alias("found"),
            ((outcome == NOTHING) | (is_action & (linked == "false"))).sum().alias("not_found"),
            (outcome.is_null() | (is_action & linked.is_null())).sum().alias("unknown"),
            (outcome == "Arrest").sum().alias("arrests"),
        )
    )
    return {row.pop("group"): row for row in counts.to_dicts()}


def small(folder: Path, seed: int) -> dict[str, bytes]:
    write_synthetic(folder, seed=seed, searches=600, forces=3, months=6)
    return files_of(folder)


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    assert small(tmp_path / "a", 7) == small(tmp_path / "b", 7)


def test_another_seed_gives_other_bytes(tmp_path: Path) -> None:
    one, other = small(tmp_path / "a", 7), small(tmp_path / "b", 8)
    assert one.keys() == other.keys()
    monthly = [name for name in one if name.startswith("police_uk")]
    assert all(one[name] != other[name] for name in monthly)


def test_records_depend_on_nothing_but_force_months_and_seed() -> None:
    months = months_from(date(2024, 1, 1), 2)
    assert make_records(FELLSHIRE, months, seed=3).equals(make_records(FELLSHIRE, months, seed=3))
    assert not make_records(FELLSHIRE, months, seed=3).equals(make_records(FELLSHIRE, months, seed=4))


def test_committed_data_is_what_seed_1_gives(folder: Path) -> None:
    made, committed = files_of(folder), files_of(COMMITTED)
    assert made.keys() == committed.keys()
    assert [name for name in made if made[name] != committed[name]] == []


def test_committed_data_is_under_5_megabytes() -> None:
    assert sum(len(content) for content in files_of(COMMITTED).values()) < 5_000_000


def test_files_have_the_layout_of_the_portal(folder: Path) -> None:
    for name, content in files_of(folder / "police_uk").items():
        assert content.removeprefix(b"\xef\xbb\xbf").splitlines()[0].decode() == HEADER, name


def test_further_forces_are_named_as_synthetic(tmp_path: Path) -> None:
    small(tmp_path, 7)
    rows = pl.read_csv(tmp_path / "population.csv")
    assert rows.columns == ["force", "ethnic_group", "age_group", "gender", "area", "population"]
    large = ["fellshire", "mereside", "synthetic-03"]
    assert rows["force"].unique(maintain_order=True).to_list() == [*large, "thornmoor", "westwold"]
    assert rows.filter(pl.col("force").is_in(large[1:]))["ethnic_group"].to_list() == GROUPS * 2


def test_the_outlines_name_the_areas_that_residents_are_of(folder: Path) -> None:
    outlines = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))
    named = [feature["properties"]["name"] for feature in outlines["features"]]
    lived = pl.read_csv(folder / "population.csv").filter(pl.col("force") == "fellshire")["area"]
    assert named == sorted(lived.unique().to_list())
    for feature in outlines["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]


def test_residents_of_the_forces_add_up_over_areas_and_over_ages_and_genders(
    folder: Path, truth: dict[str, Any]
) -> None:
    rows = pl.read_csv(folder / "population.csv")
    for force, columns, parts in (
        ("fellshire", ["area"], 4),
        ("thornmoor", ["area"], 4),
        ("westwold", ["age_group", "gender"], 10),
    ):
        own = rows.filter(pl.col("force") == force)
        assert own.height == 5 * parts == own.unique(["ethnic_group", *columns]).height
        assert own.select(columns).null_count().row(0) == (0,) * len(columns)
        people = dict(own.group_by("ethnic_group").agg(pl.col("population").sum()).iter_rows())
        assert people == truth["forces"][force]["population"]


def test_the_true_ratio_of_thornmoor_is_2_within_areas_times_1_45_between_them() -> None:
    # By hand: White people are searched at 0.5, 1, 2 and 1 times their rate of 8 in the four areas.
    white = THORNMOOR.population["White"] * 8.0 / 1000
    lived = pl.read_csv(COMMITTED / "population.csv").filter(pl.col("force") == "thornmoor", ethnic_group="Black")
    black = dict(lived.select("area", "population").iter_rows())
    residents = {area: 25_000 * share for area, share in zip(AREAS, (0.4, 0.2, 0.2, 0.2), strict=True)}
    expected = sum(black[area] * white * THORNMOOR.area_share["White"][area] / residents[area] for area in AREAS)
    searched = THORNMOOR.population["Black"] * THORNMOOR.search_rate["Black"] / 1000
    assert searched / expected == pytest.approx(2.0)
    assert expected / (THORNMOOR.population["Black"] * 8.0 / 1000) == pytest.approx(1.45)


def test_the_small_forces_are_of_the_last_year(folder: Path, truth: dict[str, Any]) -> None:
    files = sorted((folder / "neighbours").glob("*/*.csv"))
    rows = {path.parent.name: pl.read_csv(path, infer_schema=False).height for path in files}
    assert list(rows) == [f"{month:%Y-%m}" for month in months_from(date(2024, 4, 1), 12)]
    assert rows == truth["forces"]["westwold"]["realised"]["rows_by_month"]
    extract = pl.read_csv(folder / "extract" / "thornmoor-extract.csv", infer_schema=False)
    assert extract.height == truth["forces"]["thornmoor"]["realised"]["rows"]


@pytest.mark.parametrize("force", ["fellshire", "mereside"])
def test_realised_counts_are_what_is_in_the_files(folder: Path, truth: dict[str, Any], force: str) -> None:
    rows, realised = read_all(folder, force), truth["forces"][force]["realised"]
    vehicle_only = rows.filter(pl.col("Type") == "Vehicle search").height
    assert rows.height == realised["rows"] == realised["searches"] + realised["vehicle_only"]
    assert vehicle_only == realised["vehicle_only"]
    assert dict(rows.group_by("month").len().iter_rows()) == realised["rows_by_month"]
    assert rows.height - rows.unique().height == realised["duplicate_rows"] >= realised["copied"]
    assert rows.drop("month").null_count().row(0, named=True) == realised["blank_by_column"]
    assert count_finds(rows) == realised["recorded_by_self_defined_group"]


@pytest.mark.parametrize("block", ["drawn_by_group", "drawn_by_type", "recorded_by_self_defined_group"])
@pytest.mark.parametrize("force", ["fellshire", "mereside"])
def test_every_search_is_in_one_cell_of_each_block(truth: dict[str, Any], force: str, block: str) -> None:
    realised = truth["forces"][force]["realised"]
    assert sum(cell["searches"] for cell in realised[block].values()) == realised["searches"]


@pytest.mark.parametrize("force", ["fellshire", "mereside"])
def test_searches_are_population_times_rate(truth: dict[str, Any], force: str) -> None:
    told = truth["forces"][force]
    for group in GROUPS:
        years = told["months_submitted"] / 12
        expected = told["population"][group] * told["search_rate_per_1000_a_year"][group] / 1000 * years
        assert told["expected_searches"][group] == pytest.approx(expected, abs=0.001)
        assert abs(told["realised"]["drawn_by_group"][group]["searches"] - expected) < 4 * expected**0.5


def test_find_rates_are_the_set_ones(truth: dict[str, Any]) -> None:
    # By hand: the sum of type share x find rate over the nine types.
    found = {group: rates["All"] for group, rates in truth["forces"]["fellshire"]["find_rate"].items()}
    assert found == {"Asian": 0.26, "Black": 0.19, "Mixed": 0.26, "White": 0.26, "Other": 0.26}
    rate = truth["forces"]["fellshire"]["search_rate_per_1000_a_year"]
    assert rate["Black"] / rate["White"] == 3.5


def test_find_and_arrest_rates_are_recovered_from_the_raw_labels(
    large: tuple[pl.DataFrame, dict[str, Any]],
) -> None:
    rows, told = large
    # Copies make a search count twice: 3% of them widen the error by about as much.
    counts = count_finds(rows)
    for group in GROUPS:
        cell = counts[group]
        known = cell["found"] + cell["not_found"]
        _assert_near(cell["found"] / known, told["find_rate"][group]["All"], known)
        _assert_near(cell["arrests"] / known, told["arrest_rate"][group], known)


def test_find_rates_by_type_are_recovered_from_the_raw_labels(
    large: tuple[pl.DataFrame, dict[str, Any]],
) -> None:
    rows, told = large
    power, target = pl.col("Legislation"), pl.col("Object of search")
    picked = {
        "drugs": power.str.starts_with("Misuse").fill_null(False) | (target == "Controlled drugs"),
        "anticipation_of_violence": power.str.contains("section 60"),
        "offensive_weapons": (target == "Offensive weapons") & ~power.str.contains("section 60").fill_null(False),
        "stolen_property": target == "Stolen goods",
        "going_equipped": target == "Article for use in theft",
        "firearms": target == "Firearms",
        "criminal_damage": target == "Articles for use in criminal damage",
        "other": target == "Fireworks",
    }
    for kind, is_kind in picked.items():
        counts = count_finds(rows.filter(is_kind))
        for group in GROUPS:
            known = counts[group]["found"] + counts[group]["not_found"]
            _assert_near(counts[group]["found"] / known, told["find_rate"][group][kind], known)
            everyone = told["realised"]["recorded_by_self_defined_group"][group]["searches"]
            share = told["type_share"][group][kind]
            _assert_near(counts[group]["searches"] / everyone, share, everyone)


def test_blanks_fall_at_the_told_rates(large: tuple[pl.DataFrame, dict[str, Any]]) -> None:
    rows, told = large
    recording, searches = told["recording"], rows.filter(pl.col("Type") != "Vehicle search")
    vehicle_only = rows.filter(pl.col("Type") == "Vehicle search")
    shares = {
        "vehicle_only": (vehicle_only.height, rows.height),
        "vehicle_only_ethnicity_blank": (vehicle_only[SELF].null_count(), vehicle_only.height),
        "self_defined_not_stated": (count_finds(rows)["Not stated"]["searches"], searches.height),
        "self_defined_blank": (searches[SELF].null_count(), searches.height),
        "officer_defined_blank": (searches[OFFICER].null_count(), searches.height),
        "age_blank": (searches["Age range"].null_count(), searches.height),
        "outcome_blank": (rows["Outcome"].null_count(), rows.height),
        "coordinates_blank": (rows["Latitude"].null_count(), rows.height),
        "copied": (told["realised"]["copied"], rows.height),
    }
    for name, (part, whole) in shares.items():
        _assert_near(part / whole, recording[name], whole)


def test_both_ethnicities_agree_well(folder: Path) -> None:
    pairs = (
        read_all(folder, "fellshire")
        .select(own=group_of(pl.col(SELF)), officer=OFFICER)
        .filter(pl.col("own").is_in(GROUPS), pl.col("officer").is_not_null())
    )
    agreed = pairs.filter(pl.col("own") == pl.col("officer")).height / pairs.height
    own, officer = (dict(pairs.group_by(column).len().iter_rows()) for column in ("own", "officer"))
    by_chance = sum(own[group] * officer[group] for group in GROUPS) / pairs.height**2
    kappa = (agreed - by_chance) / (1 - by_chance)
    assert 0.8 < kappa < 0.95


def test_every_action_of_fellshire_has_the_linked_flag(folder: Path) -> None:
    rows = read_all(folder, "fellshire")
    actions = rows.filter(pl.col("Outcome") != NOTHING)
    assert actions[LINKED].null_count() == 0
    nothing = rows.filter(pl.col("Outcome") == NOTHING)
    _assert_near((nothing[LINKED].str.to_lowercase() == "true").mean(), 0.02, nothing.height)


def test_mereside_leaves_out_what_lancashire_leaves_out(folder: Path) -> None:
    rows = read_all(folder, "mereside")
    drugs = rows.filter(pl.col("Legislation") == "Misuse of Drugs Act 1971 (section 23)")
    is_wrong = drugs["Object of search"] == "Articles for use in criminal damage"
    assert rows[LINKED].null_count() == rows[CLOTHING].null_count() == rows.height
    _assert_near(is_wrong.mean(), 0.97, drugs.height)
    _assert_near(rows["Latitude"].is_null().mean(), 0.83, rows.height)


def test_rows_are_in_the_file_of_their_local_month(folder: Path, truth: dict[str, Any]) -> None:
    for force in ("fellshire", "mereside"):
        rows = read_all(folder, force)
        time = pl.col("Date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_zone="UTC")
        local = rows.select(time.dt.convert_time_zone("Europe/London").dt.strftime("%Y-%m")).to_series()
        elsewhere = rows.filter(pl.col("Date").str.slice(0, 7) != pl.col("month"))
        assert (local == rows["month"]).all()
        assert elsewhere.height == truth["forces"][force]["realised"]["rows_in_another_utc_month"] > 0
        assert elsewhere["Date"].str.slice(11, 2).unique().to_list() == ["23"]


def test_coordinates_are_a_few_fixed_points(folder: Path) -> None:
    points = read_all(folder, "fellshire").select("Latitude", "Longitude").drop_nulls().unique()
    assert points.height == 48
    assert points["Latitude"].str.contains(r"^\d\d\.\d{6}$").all()


def test_a_month_of_mereside_is_missing_and_only_that(folder: Path, truth: dict[str, Any]) -> None:
    months = truth["months"]
    written = sorted(path.parent.name for path in (folder / "police_uk").glob("*/*mereside*"))
    assert set(months) - set(written) == {"2023-08"}
    assert len(written) == truth["forces"]["mereside"]["months_submitted"] == 23


def test_the_oddities_are_where_the_truth_says(truth: dict[str, Any]) -> None:
    planted = {
        (force, oddity["kind"], oddity["month"])
        for force, told in truth["forces"].items()
        for oddity in told["oddities"]
    }
    assert planted == {
        ("fellshire", "unknown_legislation_label", "2023-06"),
        ("fellshire", "older_ethnicity_labels", "2023-11"),
        ("fellshire", "byte_order_mark_and_crlf", "2024-02"),
        ("fellshire", "other_boolean_spellings", "2024-05"),
        ("mereside", "missing_file", "2023-08"),
        ("mereside", "date_only_timestamps", "2024-06"),
        ("mereside", "unknown_object_label", "2024-10"),
        ("mereside", "unknown_ethnicity_label", "2024-12"),
    }


@pytest.mark.parametrize(
    ("force", "kind", "is_planted"),
    [
        (
            "fellshire",
            "unknown_legislation_label",
            pl.col("Legislation") == "Police and Criminal Evidence Act 1984 (s.1)",
        ),
        ("fellshire", "older_ethnicity_labels", pl.col(SELF).str.contains(r"\([A-Z][A-Z0-9]\)$")),
        (
            "fellshire",
            "other_boolean_spellings",
            pl.col("Part of a policing operation").is_in(["TRUE", "FALSE"]),
        ),
        ("mereside", "unknown_object_label", pl.col("Object of search") == "dog"),
        ("mereside", "unknown_ethnicity_label", pl.col(SELF) == "White - British"),
    ],
)
def test_planted_labels_are_in_their_month_only(
    folder: Path, truth: dict[str, Any], force: str, kind: str, is_planted: pl.Expr
) -> None:
    told = next(oddity for oddity in truth["forces"][force]["oddities"] if oddity["kind"] == kind)
    found = read_all(folder, force).filter(is_planted)
    assert found["month"].unique().to_list() == [told["month"]]
    assert found.height == told["rows"] > 0


def test_other_boolean_spellings_cover_both_flags(folder: Path) -> None:
    rows = read(folder, "2024-05", "fellshire")
    assert set(rows[LINKED].drop_nulls()) == {"TRUE", "FALSE"}
    assert set(rows[CLOTHING].drop_nulls()) == {"1.0", "0.0"}


def test_date_only_rows_read_as_local_midnight(folder: Path) -> None:
    for force, expected in (("mereside", {"23:00:00"}), ("fellshire", None)):
        times = set(read(folder, "2024-06", force)["Date"].str.slice(11, 8))
        assert times == expected if expected else len(times) > 100


def test_one_file_has_a_byte_order_mark_and_windows_line_ends(folder: Path) -> None:
    odd = [name for name, content in files_of(folder).items() if b"\r" in content]
    marked = [name for name, content in files_of(folder).items() if content.startswith(b"\xef\xbb\xbf")]
    assert odd == marked == ["police_uk/2024-02/2024-02-fellshire-stop-and-search.csv"]


@pytest.mark.parametrize(
    ("column", "table", "planted"),
    [
        (SELF, "ethnicity_labels", {"White - British"}),
        ("Legislation", "legislation_labels", {"Police and Criminal Evidence Act 1984 (s.1)"}),
        ("Object of search", "object_labels", {"dog"}),
        ("Outcome", "outcome_labels", set()),
    ],
)
def test_no_other_label_is_outside_the_vocabulary(folder: Path, column: str, table: str, planted: set[str]) -> None:
    known = {row["label"] for row in read_reference(table)}
    used = {label for force in ("fellshire", "mereside") for label in read_all(folder, force)[column]}
    assert used - {None} - known == planted


def test_extract_holds_the_searches_of_the_last_year(folder: Path, truth: dict[str, Any]) -> None:
    extract = _read_extract(folder)
    files = read_all(folder, "fellshire").filter(pl.col("month") >= "2024-04")
    assert extract.height == files.height == truth["extract"]["rows"]
    time = pl.col("Date").str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_zone="UTC")
    local = time.dt.convert_time_zone("Europe/London").dt.strftime("%d/%m/%Y %H:%M")
    assert extract["Date/Time"].to_list() == files.select(local).to_series().to_list()
    assert extract["Ref No"].is_unique().all()
    own = extract["Subject Self Defined Ethnicity"].is_null()
    assert own.to_list() == files[SELF].is_null().to_list()


def test_extract_tells_possession_from_supply(folder: Path, truth: dict[str, Any]) -> None:
    searches = _read_extract(folder).filter(pl.col("Search Of") != "Vehicle only")
    is_black = pl.col("Subject Self Defined Ethnicity").str.starts_with("B")
    for reason, kind in (("Drugs - possession", "drugs_possession"), ("Drugs - supply", "drugs_supply")):
        rows = searches.filter(is_black, pl.col("Reason") == reason)
        told = truth["extract"]["by_type_and_self_defined_group"][kind]["Black"]
        assert {"searches": rows.height, "found": (rows["Item Found Y/N"] == "Y").sum()} == told


def test_extract_finds_are_the_portal_finds_where_an_outcome_is_recorded(folder: Path) -> None:
    extract = _read_extract(folder)
    files = read_all(folder, "fellshire").filter(pl.col("month") >= "2024-04")
    is_find = (files["Outcome"] != NOTHING) & (files[LINKED].str.to_lowercase() == "true")
    known = files["Outcome"].is_not_null()
    assert (extract["Item Found Y/N"] == "Y").filter(known).to_list() == is_find.filter(known).to_list()
    assert set(extract["Item Found Y/N"].filter(~known)) == {"Y", "N"}


def test_a_handful_of_searches_is_enough(tmp_path: Path) -> None:
    write_synthetic(tmp_path, seed=2, searches=1, months=2, first_month=date(2024, 12, 15))
    written = sorted(path.name for path in (tmp_path / "police_uk").iterdir())
    assert written == ["2024-12", "2025-01"]


def test_records_are_never_mixed_with_older_ones(tmp_path: Path) -> None:
    write_synthetic(tmp_path, seed=2, searches=10, months=1)
    with pytest.raises(RequestError, match="already holds records"):
        write_synthetic(tmp_path, seed=2, searches=10, months=1)


@pytest.mark.parametrize("held", ["population.csv", "README.md", "extract/mine.csv"])
def test_no_file_is_written_over(tmp_path: Path, held: str) -> None:
    (tmp_path / held).parent.mkdir(exist_ok=True)
    (tmp_path / held).write_text("mine")
    with pytest.raises(RequestError, match="there already"):
        write_synthetic(tmp_path, seed=2, searches=10, months=1)
    assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"searches": 0}, {"forces": 0}, {"months": 0}])
def test_numbers_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(RequestError, match=f"{next(iter(wrong))} must be"):
        write_synthetic(tmp_path / "out", **{"seed": 1, "searches": 10, **wrong})  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_the_four_forces_are_plainly_fictional() -> None:
    real = {row["force"] for row in read_reference("forces")}
    for force in (FELLSHIRE, MERESIDE, *NEIGHBOURS):
        assert force.force not in real
        assert force.name.endswith("(synthetic)")


def _read_extract(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "extract" / "fellshire-extract.csv", infer_schema=False)


def _assert_near(value: object, share: float, rows: int) -> None:
    """Within four standard errors of the share."""
    assert isinstance(value, float)
    assert abs(value - share) < 4 * (share * (1 - share) / rows) ** 0.5
