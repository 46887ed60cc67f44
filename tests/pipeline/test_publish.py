"""Three publications of one project: a draft, the force's own, and the edition that the public sees."""

import csv
import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from disparity.disclosure import release
from disparity.disclosure.attack import Proof
from disparity.disclosure.ledger import list_ledger, withdraw
from disparity.pipeline import build as pipeline
from disparity.pipeline.build import build, publish
from disparity.project.settings import DRAFT, INTERNAL, Settings, read_settings
from disparity.site.embed import EMBED_FOLDER
from disparity.site.intruder import audit as intruder
from disparity.site.intruder.audit import audit_site
from disparity.vocabulary.errors import DisclosureError, RequestError
from support import example
from support.force_project import change_extract, write_project

WORDS = 'title = "Stop and search 2026/27"\nedition = "First edition, June 2027"\npublished = 2027-06-18\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, 2026, WORDS, searches=600, months=2)


@pytest.fixture
def unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proofs are taken as given, and nobody attacks the folder: what is looked at here is who writes what."""
    monkeypatch.setattr(release, "prove", lambda edition, earlier: Proof(1, 1))
    monkeypatch.setattr(intruder, "prove", lambda counts, earlier: Proof(1, 1))
    monkeypatch.setattr(pipeline, "audit_site", lambda *_: [])


def settings(project: Path, **given: object) -> Settings:
    return read_settings(project, given)


def pages(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


@pytest.mark.slow
@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
def test_a_draft_says_so_on_every_page_writes_no_ledger_and_may_be_built_again(project: Path) -> None:
    asked = settings(project)
    first = pages(build(asked).folder)
    assert all(f'<strong class="wrap">{DRAFT}</strong>' in page and "noindex" in page for page in first.values())
    change_extract(project.parent, lambda rows: rows[3:])
    assert pages(build(asked).folder) != first
    assert not asked.ledger.exists()


@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
@pytest.mark.slow
def test_only_publishing_takes_the_marks_away_and_writes_the_ledger(project: Path) -> None:
    asked = settings(project)
    build(asked)
    drafts = pages(asked.out)
    published = pages(publish(asked).folder)
    assert not [name for name, page in published.items() if DRAFT in page]
    # A chart to embed is no page to be found: the page that it is of is.
    assert {name for name, page in published.items() if "noindex" in page} == {
        name for name in published if EMBED_FOLDER in name.split("/")
    }
    assert set(drafts) == set(published)
    (entry,) = list_ledger(asked.ledger)
    assert (entry.title, str(entry.published)) == ("First edition, June 2027", "2027-06-18")
    build(asked)
    assert len(list_ledger(asked.ledger)) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_checked")
def test_the_internal_edition_has_every_figure_and_every_page_file_and_chart_says_whose_it_is(project: Path) -> None:
    asked = settings(project, disclosure={"profile": "internal"}, out=project.parent / "own")
    folder = build(asked).folder
    assert all(INTERNAL in page for page in pages(folder).values())
    pictures = [path.read_text(encoding="utf-8") for path in folder.rglob("charts/*.svg")]
    assert pictures
    assert all(f">{INTERNAL}</text>" in picture for picture in pictures)
    for path in folder.rglob("*.csv"):
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert {row["marking"] for row in rows} <= {INTERNAL}, path
    findings = json.loads((folder / "data" / "findings.json").read_text(encoding="utf-8"))
    assert {finding["marking"] for finding in findings} == {INTERNAL}
    with zipfile.ZipFile(folder / "data" / "stop-and-search.ods") as spreadsheet:
        content = spreadsheet.read("content.xml").decode("utf-8")
    assert content.count(INTERNAL) >= content.count("<table:table ")
    assert not (folder / "feed.xml").exists()
    rows = example.read_table(folder, "estimates")
    assert any(0 < float(row["numerator"]) < 8 for row in rows if row["numerator"])
    assert example.read_table(folder, "labels")
    assert not asked.ledger.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
def test_figures_of_an_edition_that_was_not_published_are_never_told_as_those_before(project: Path) -> None:
    """The page on what changed gives the figure before, which is exact in an internal edition."""
    own = build(settings(project, disclosure={"profile": "internal"}, out=project.parent / "own")).folder
    with pytest.raises(RequestError, match="E170"):
        build(settings(project, previous=own))
    draft = build(settings(project, out=project.parent / "draft")).folder
    with pytest.raises(RequestError, match="E170"):
        publish(settings(project, previous=draft))
    assert build(settings(project, disclosure={"profile": "internal"}, previous=own)).folder


@pytest.mark.slow
@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
def test_an_edition_whose_ledger_is_elsewhere_or_gone_is_not_followed_by_another(project: Path) -> None:
    """Once it was, as if it were the first: one late record could be told from the two."""
    first = settings(project)
    previous = publish(first).folder
    change_extract(project.parent, lambda rows: rows[1:])
    out, other = project.parent / "elsewhere" / "site", {"ledger": project.parent / "other.parquet"}
    assert settings(project, out=out).ledger == first.ledger
    with pytest.raises(DisclosureError, match="E165"):
        publish(settings(project, previous=previous, out=out, disclosure=other))
    first.ledger.unlink()
    with pytest.raises(DisclosureError, match="E165"):
        publish(settings(project, previous=previous, out=out))
    before = example.read_files(previous)
    for make in (publish, build):
        with pytest.raises(DisclosureError, match="E165"):
            make(first)
    assert example.read_files(previous) == before


@pytest.mark.slow  # the rules themselves: tests/tables/test_next_edition.py
@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
def test_a_second_year_has_a_day_and_a_name_of_its_own_and_lists_the_first(tmp_path: Path) -> None:
    given = {"disclosure": {"ledger": tmp_path / "ledger.parquet"}}
    first = publish(settings(write_project(tmp_path / "1", 2026, WORDS, searches=600, months=2), **given)).folder
    path = write_project(tmp_path / "2", 2030, WORDS, searches=600, months=2)
    for words, code in (({}, "E172"), ({"published": "2031-06-13"}, "E173")):
        with pytest.raises(RequestError, match=code):
            build(settings(path, previous=first, **words, **given))
    words = {"published": "2031-06-13", "edition": "Second edition, June 2031"}
    asked = settings(path, **words, **given)
    with pytest.raises(RequestError, match="E174"):
        publish(asked)
    assert not asked.out.exists()
    assert build(asked).folder
    assert publish(asked, is_list_anew=True).folder
    second = publish(settings(path, previous=first, **words, **given)).folder
    listed = json.loads((second / "data" / "editions.json").read_text(encoding="utf-8"))["editions"]
    assert [each["edition"] for each in listed] == ["Second edition, June 2031", "First edition, June 2027"]
    assert len(list_ledger(tmp_path / "ledger.parquet")) == 2


@pytest.mark.slow  # the rules themselves: tests/tables/test_next_edition.py
@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
def test_a_correction_is_drafted_under_its_name_and_published_under_one_of_its_own(project: Path) -> None:
    copy = publish(settings(project)).folder.rename(project.parent / "site-2027")
    publish(settings(project, title="A better title"))
    change_extract(project.parent, lambda rows: rows[99:])
    asked = {"title": "A better title", "previous": copy}
    build(settings(project, **asked))
    with pytest.raises(RequestError, match="E173"):
        publish(settings(project, **asked))
    publish(settings(project, **asked, edition="First edition, corrected", published="2027-07-02"), is_list_anew=True)
    assert [entry.title for entry in list_ledger(settings(project).ledger)] == [
        "First edition, June 2027",
        "First edition, corrected",
    ]


def test_what_is_for_the_force_alone_is_not_published(project: Path) -> None:
    asked = settings(project, disclosure={"profile": "internal"})
    with pytest.raises(RequestError, match="E168"):
        publish(asked)
    assert not asked.out.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("unproved", "hardly_checked", "hardly_drawn")
def test_no_template_of_a_project_leaves_the_marks_out(project: Path) -> None:
    """As one that was copied before there were marks."""
    own = project.parent / "reports"
    own.mkdir()
    (own / "base.html").write_text("<p>{{ page.title }}</p>{% block scripts %}{% endblock %}", encoding="utf-8")
    for given, marking in (({}, DRAFT), ({"disclosure": {"profile": "internal"}}, INTERNAL)):
        folder = build(settings(project, reports=own, out=project.parent / marking[:5], **given)).folder
        assert all(marking in page for page in pages(folder).values())


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="modes of files are of POSIX")
@pytest.mark.usefixtures("hardly_checked", "hardly_drawn")
def test_what_is_for_the_force_alone_is_not_opened_to_every_reader_of_the_machine(project: Path) -> None:
    folder = build(settings(project, disclosure={"profile": "internal"})).folder
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_checked", "hardly_drawn")
def test_an_audit_of_an_internal_edition_ends_as_one_that_found_something(project: Path) -> None:
    folder = build(settings(project, disclosure={"profile": "internal"})).folder
    (weakness,) = audit_site(folder, [], settings(project).list_templates().values())
    assert weakness.what == "exact figures, for the force alone"


def test_a_project_file_cannot_say_that_it_is_published(project: Path) -> None:
    project.write_text("is_final = true\n" + project.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(RequestError, match="is_final: no such key"):
        read_settings(project)


@pytest.mark.slow
def test_the_loop_of_a_new_user_draft_correct_publish_correct_and_the_withdrawal_of_what_nobody_has(
    tmp_path: Path,
) -> None:
    """Proofs and attacks are real."""
    asked = settings(write_project(tmp_path, 2026, WORDS, searches=4_000))
    build(asked)
    change_extract(tmp_path, lambda rows: rows[1:])
    build(asked)
    publish(asked)
    change_extract(tmp_path, lambda rows: rows[400:])
    with pytest.raises(DisclosureError, match="E162"):
        build(asked)
    (entry,) = list_ledger(asked.ledger)
    withdraw(asked.ledger, entry.edition, "Never uploaded", was_public=False)
    assert publish(asked).folder == asked.out
    assert [each.was_public for each in list_ledger(asked.ledger)] == [False, True]


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["open", "restricted"])
def test_five_editions_in_a_row_each_knowing_those_before(tmp_path: Path, profile: str) -> None:
    previous = None
    for year in range(2026, 2031):
        home = tmp_path / str(year)
        words = f'title = "Stop and search"\nedition = "Edition {year + 1}"\npublished = {year + 1}-06-18\n'
        words += f'base_url = "https://example.org/{year}/"\n'
        path = write_project(home, year, words, searches=3_000)
        given = {"disclosure": {"profile": profile, "ledger": tmp_path / "ledger.parquet"}}
        if profile == "open":
            given["disclosure"]["published"] = _publish_inputs(home)
        asked = settings(path, **given, **({"previous": previous} if previous else {}))
        previous = publish(asked).folder
        listed = json.loads((previous / "data" / "editions.json").read_text(encoding="utf-8"))["editions"]
        assert [each["edition"] for each in listed] == [f"Edition {one + 1}" for one in range(year, 2025, -1)]
    assert len(list_ledger(tmp_path / "ledger.parquet")) == (5 if profile == "restricted" else 0)


def _publish_inputs(home: Path) -> Path:
    """A list of the hashes of every file of the project."""
    path = home / "published.sha256"
    path.write_text("\n".join(example.hash_file(one) for one in home.rglob("*.csv")), encoding="utf-8")
    return path


@pytest.mark.slow
def test_an_edition_that_says_otherwise_of_those_before_is_found(tmp_path: Path) -> None:
    given = {"disclosure": {"ledger": tmp_path / "ledger.parquet"}}
    first = publish(settings(write_project(tmp_path / "1", 2026, WORDS, searches=3_000), **given)).folder
    asked = settings(write_project(tmp_path / "2", 2027, searches=3_000), previous=first, **given)
    second = publish(asked).folder
    handed_on = intruder.read_handed_on((first,))
    assert audit_site(second, [], asked.list_templates().values(), handed_on) == []
    path = second / "data" / "editions.json"
    path.write_text(path.read_text(encoding="utf-8").replace("June 2027", "May 2027"), encoding="utf-8")
    found = audit_site(second, [], asked.list_templates().values(), handed_on)
    assert [weakness.place for weakness in found] == ["data/editions.json"]
    with pytest.raises(DisclosureError, match="E163"):
        intruder.refuse_weaknesses(found)
