"""The project file: what it may say, how it is refused, and how months make periods."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from disparity.project.defaults import default_folder
from disparity.project.settings import Settings, make_settings, read_settings
from disparity.project.words import list_words
from disparity.vocabulary.calendar import month_range, name_month, name_months, name_period
from disparity.vocabulary.errors import RequestError
from disparity.vocabulary.text import start_sentence

REVISION = {"what": "It moved.", "reason": "It was wrong."}
INIT = "`disparity init` writes a file with every key explained"


def make(**settings: Any) -> Settings:
    return make_settings(
        {"records": ["records"], "from": "2019-04", "to": "2020-03", **settings}, where="disparity.toml"
    )


def write_project(folder: Path, text: str) -> Path:
    path = folder / "disparity.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_forces_are_those_of_the_records_and_no_force_of_that_name() -> None:
    assert make(forces="all").forces == make(forces=[]).forces == []
    with pytest.raises(RequestError, match="forces"):
        make(forces="kent")


def test_paths_of_a_project_file_are_relative_to_the_file(tmp_path: Path) -> None:
    text = 'records = ["a", "/b"]\nfrom = "2019-04"\nto = "2020-03"\npopulation = "p.csv"\nreports = "r"\nout = "o"\n'
    settings = read_settings(write_project(tmp_path, text))
    assert settings.records == [tmp_path / "a", Path("/b")]
    assert settings.population == tmp_path / "p.csv"
    assert settings.out == tmp_path / "o"
    assert settings.reports == tmp_path / "r"


def test_a_project_without_out_builds_beside_its_file(tmp_path: Path) -> None:
    settings = read_settings(write_project(tmp_path, 'records = ["a"]\nfrom = "2019-04"\nto = "2020-03"\n'))
    assert (settings.out, settings.population) == (tmp_path / "site", None)


@pytest.mark.parametrize("month", ["2019-04", "2019-04-01", "2019-04-30", date(2019, 4, 1)])
def test_a_month_is_its_first_day(month: object) -> None:
    assert make(**{"from": month}).first_month == date(2019, 4, 1)


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"forse": ["kent"]}, "forse: no such key, did you mean 'forces'?"),
        ({"from": "April 2019"}, "from: write a month as 2019-04"),
        ({"from": "2019-13"}, "from: write a month as 2019-04"),
        ({"to": "2020-3"}, "to: write a month as 2019-04"),
        ({"to": "9999-12"}, "to: there are no records of 9999-12: write a month from 1986-01 to 2099-12"),
        ({"from": "0001-01"}, "from: there are no records of 0001-01: write a month from 1986-01 to 2099-12"),
        ({"from": "2019/04"}, "from: write a month as 2019-04"),
        ({"from": "2020-04"}, "the settings: `from` is after `to`"),
        ({"names": {"kent": 1}}, "names.kent: Input should be a valid string"),
        ({"to": "x", "bogus": 1}, "to: write a month as 2019-04; bogus: no such key"),
    ],
)
def test_every_wrong_key_is_named_word_for_word(settings: dict[str, object], found: str) -> None:
    with pytest.raises(RequestError) as error:
        make(**settings)
    assert str(error.value) == (
        f"the publication cannot be understood\n  where:    disparity.toml\n  found:    {found}\n  what now: {INIT}"
    )


ADDRESS = "write the address of the site, such as https://example.org/stop-and-search/"
DAY = "write a day as 2026-06-18"


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        *(({"published": day}, f"published: {DAY}") for day in ("June 2026", "18/06/2026", "2026-06", 20260618, True)),
        ({"published": datetime(2026, 6, 18, 9, 30)}, f"published: {DAY}"),
        *(
            ({"base_url": address}, f"base_url: {ADDRESS}")
            for address in (
                "example.org",
                "javascript:alert(1)",
                "ftp://example.org",
                "https://",
                "https://me:secret@example.org",
                "https://example.org/?key=1",
                "https://example.org/#top",
                'https://example.org/"><img>',
                "https://example.org/\n",
            )
        ),
        ({"status": ""}, "status: String should have at least 1 character"),
        ({"revisions": [{"what": "It moved."}]}, "revisions.0.reason: missing"),
        ({"revisions": [REVISION | {"from": "2020-01", "to": "2019-01"}]}, "revisions.0: `from` is after `to`"),
        ({"revisions": [REVISION | {"measure": "x"}]}, "revisions.0.measure: no such key, did you mean 'measures'?"),
        (
            {"revisions": [REVISION | {"forces": ["kennt"]}]},
            "the settings: no force is called 'kennt': did you mean 'kent'?",
        ),
    ],
)
def test_what_an_edition_cannot_be_is_refused(settings: dict[str, object], found: str) -> None:
    with pytest.raises(RequestError) as error:
        make(**settings)
    assert error.value.found == found


def test_a_day_is_a_toml_date_or_its_text_and_the_next_edition_may_be_words(tmp_path: Path) -> None:
    text = 'records = ["a"]\nfrom = "2019-04"\nto = "2020-03"\npublished = 2026-06-18\nnext_edition = 2027-06-17\n'
    settings = read_settings(write_project(tmp_path, text))
    assert (settings.published, settings.next_edition) == (date(2026, 6, 18), date(2027, 6, 17))
    assert make(published="2026-06-18").published == date(2026, 6, 18)
    assert make(next_edition="summer 2027").next_edition == "summer 2027"


def test_an_address_ends_with_a_slash() -> None:
    for address in ("https://example.org/stop", "https://example.org/stop/"):
        assert make(base_url=address).base_url == "https://example.org/stop/"


def test_an_edition_takes_nothing_from_the_clock() -> None:
    settings = make()
    assert (settings.published, settings.next_edition, settings.base_url) == (None, "", "")
    assert settings.status == "Not official statistics"


def test_the_edition_before_lies_beside_the_project_file(tmp_path: Path) -> None:
    text = 'records = ["a"]\nfrom = "2019-04"\nto = "2020-03"\nprevious = "old"\n'
    assert read_settings(write_project(tmp_path, text)).previous == tmp_path / "old"


def test_a_key_that_is_missing_is_named() -> None:
    with pytest.raises(RequestError) as error:
        make_settings({"from": "2019-04"}, where="p.toml")
    assert error.value.found == "records: missing; to: missing"
    assert error.value.exit_code == 2


def test_a_publication_reads_from_somewhere() -> None:
    with pytest.raises(RequestError, match="cannot be understood") as error:
        make(records=[])
    assert error.value.found.startswith("records: ")


def test_a_project_file_that_is_not_there_is_told_word_for_word(tmp_path: Path) -> None:
    with pytest.raises(RequestError) as error:
        read_settings(tmp_path / "none.toml")
    assert str(error.value) == (
        f"there is no project file\n  where:    {tmp_path / 'none.toml'}\n"
        "  what now: run `disparity init`, or name the records to build from"
    )


@pytest.mark.parametrize("content", [b"from = 2019-", b"\xff\xfe\x00", b'title = "\xe9"'])
def test_a_project_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "disparity.toml"
    path.write_bytes(content)
    with pytest.raises(RequestError) as error:
        read_settings(path)
    assert (error.value.what, error.value.where) == ("the project file is not TOML", "disparity.toml")
    assert error.value.found


def test_a_folder_is_no_project_file(tmp_path: Path) -> None:
    with pytest.raises(RequestError):
        read_settings(tmp_path)


def periods_of(first: str, last: str) -> list[tuple[date, date, int]]:
    table = make(**{"from": first, "to": last}).periods()
    return [(*key, rows.height) for key, rows in table.group_by("period_from", "period_to", maintain_order=True)]


def test_twelve_months_are_one_year() -> None:
    assert periods_of("2019-04", "2020-03") == [(date(2019, 4, 1), date(2020, 3, 1), 12)]


def test_24_months_are_two_years_that_end_in_the_last_month() -> None:
    assert periods_of("2019-04", "2021-03") == [
        (date(2019, 4, 1), date(2020, 3, 1), 12),
        (date(2020, 4, 1), date(2021, 3, 1), 12),
    ]


def test_of_15_months_the_first_three_are_a_period_of_their_own() -> None:
    assert periods_of("2019-01", "2020-03") == [
        (date(2019, 1, 1), date(2019, 3, 1), 3),
        (date(2019, 4, 1), date(2020, 3, 1), 12),
    ]


@pytest.mark.parametrize(
    ("last", "spans"), [("2020-02", [11]), ("2020-03", [12]), ("2020-04", [1, 12])], ids=["11", "12", "13"]
)
def test_months_round_a_year(last: str, spans: list[int]) -> None:
    assert [months for *_, months in periods_of("2019-04", last)] == spans


def test_every_month_is_in_one_period_in_order() -> None:
    settings = make(**{"from": "2018-11", "to": "2021-03"})
    months = settings.periods()["month"].to_list()
    assert months == settings.months()
    assert len(months) == len(set(months)) == 29


def test_months_run_across_the_new_year() -> None:
    assert month_range(date(2019, 11, 1), date(2020, 2, 1)) == [
        date(2019, 11, 1),
        date(2019, 12, 1),
        date(2020, 1, 1),
        date(2020, 2, 1),
    ]
    assert month_range(date(2019, 12, 1), date(2019, 12, 1)) == [date(2019, 12, 1)]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (date(2019, 4, 1), date(2020, 3, 1), "year ending March 2020"),
        (date(2019, 4, 1), date(2020, 2, 1), "April 2019 to February 2020"),
        (date(2019, 4, 1), date(2020, 4, 1), "April 2019 to April 2020"),
        (date(2019, 12, 1), date(2019, 12, 1), "December 2019"),
    ],
)
def test_only_twelve_months_are_called_a_year(first: date, last: date, name: str) -> None:
    assert name_period(first, last) == name


def test_months_are_named_in_english() -> None:
    assert [name_month(date(2020, month, 1)).split()[0][:3] for month in range(1, 13)] == (
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    )


@pytest.mark.parametrize(
    ("months", "name"),
    [
        ([], ""),
        (["2020-05"], "May 2020"),
        (["2020-05", "2020-05"], "May 2020"),
        (["2020-05", "2020-07"], "May 2020, July 2020"),
        (["2020-01", "2019-12"], "December 2019 to January 2020"),
        (["2019-05", "2020-05"], "May 2019, May 2020"),
        (["2020-06", "2019-12", "2020-01", "2020-02"], "December 2019 to February 2020, June 2020"),
    ],
)
def test_months_that_follow_each_other_are_named_as_a_span(months: list[str], name: str) -> None:
    assert name_months([date.fromisoformat(f"{month}-01") for month in months]) == name


def test_a_sentence_starts_with_a_capital_and_keeps_its_names() -> None:
    assert start_sentence("year ending March 2020") == "Year ending March 2020"
    assert start_sentence("") == ""


def test_the_project_may_name_a_force_itself() -> None:
    settings = make(names={"kent": "Kent"})
    assert (settings.name_of("kent"), settings.name_of("lancashire")) == ("Kent", "Lancashire Constabulary")


def test_a_project_without_its_own_folders_uses_those_that_come_with_the_package() -> None:
    assert make().list_templates()["base.html"] == default_folder("reports") / "base.html"
    assert make().list_suites()["labels"] == default_folder("expectations") / "labels.json"


def test_a_suite_is_switched_off_by_its_name_and_with_a_reason() -> None:
    assert set(make(expectations_off={"labels": "They are checked elsewhere."}).list_suites()) == {
        *("columns", "shares", "submissions", "validity", "years"),
    }
    for given, said in (({"lables": "x"}, "did you mean 'labels'"), ({"labels": ""}, "expectations_off.labels")):
        with pytest.raises(RequestError) as caught:
            make(expectations_off=given)
        assert said in caught.value.found


@pytest.mark.parametrize("held", ["records", "population", "reports", "extracts"])
def test_a_site_folder_that_would_hold_what_it_is_made_of_is_refused_by_name(tmp_path, held):
    inside = tmp_path / "site" / "mine"
    given = {"records": [inside], "extracts": [{"file": inside, "force": "kent", "columns": {}}]}.get(held, inside)
    with pytest.raises(RequestError, match="the publication cannot be understood") as caught:
        make(**{held: given, "out": tmp_path / "site"})
    if held != "extracts":  # whose columns are wanting too
        assert "the site folder 'site' would hold mine" in caught.value.found


@pytest.mark.parametrize("out", [".", "..", "here/.."])
def test_a_site_folder_that_is_the_project_is_refused(tmp_path, out):
    (tmp_path / "p" / "here").mkdir(parents=True)
    (tmp_path / "records").mkdir()
    path = tmp_path / "p" / "disparity.toml"
    path.write_text(f'from = "2023-04"\nto = "2023-04"\nrecords = ["/elsewhere"]\nout = "{out}"\n')
    with pytest.raises(RequestError, match="the site folder would hold the project itself") as caught:
        read_settings(path)
    assert "disparity.toml" in caught.value.found


def test_the_folder_of_earlier_editions_may_lie_in_the_site(tmp_path):
    """They are public, and kept there."""
    assert make(out=tmp_path / "site", previous=tmp_path / "site" / "2025").previous


def test_the_source_of_a_population_file_is_a_word_of_the_publishers() -> None:
    settings = make(population="p.csv", population_source="ONS mid-2025 estimates")
    assert list_words(settings)["population_source"] == "ONS mid-2025 estimates"
    assert "population_source" not in list_words(make(population="p.csv"))


def test_a_source_without_a_population_file_is_refused() -> None:
    with pytest.raises(RequestError, match="`population_source` names the source of a file"):
        make(population_source="ONS mid-2025 estimates")


@pytest.mark.parametrize("text", ["", "two\nlines"])
def test_a_source_is_one_line(text: str) -> None:
    with pytest.raises(RequestError, match="population_source"):
        make(population="p.csv", population_source=text)
