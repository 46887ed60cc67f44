"""The profile: open only where every input is known or taken to be published; the page says which."""

import hashlib

import polars as pl
import pytest

from disparity.disclosure.plan import PLAN, PORTAL
from disparity.disclosure.profiles import OPEN, RESTRICTED, choose_plan, choose_profile
from disparity.project.settings import make_settings, read_settings
from disparity.synthetic.write import write_synthetic
from disparity.vocabulary.errors import RequestError

MONTHLY, EXTRACT = (hashlib.sha256(text).hexdigest() for text in (b"monthly", b"extract"))
FILES = pl.DataFrame({"source": ["data.police.uk", "extract"], "sha256": [MONTHLY, EXTRACT]})
OWN = [{"file": "own.csv", "force": "kent", "columns": {"searched_at": "When"}, "date_format": "%d/%m/%Y"}]


def publish(**settings):
    given = {"records": ["records"], "from": "2022-04", "to": "2023-03"}
    return make_settings(given | settings, where="a test")


def choose(submissions=FILES, *, own=(), **settings):
    return choose_profile(publish(**settings), submissions, own)


def test_monthly_files_and_tables_are_open_and_the_page_says_on_trust():
    profile = choose()
    assert profile.name == OPEN
    assert "is taken on trust" in profile.reason


def test_a_forces_own_extract_makes_a_publication_restricted():
    assert choose(extracts=OWN).name == RESTRICTED


def test_a_review_of_grounds_makes_a_publication_restricted_unless_it_is_published(tmp_path):
    (tmp_path / "grounds.csv").write_bytes(b"a review")
    assert choose(grounds_review=tmp_path).name == RESTRICTED
    listed = {MONTHLY, EXTRACT, hashlib.sha256(b"a review").hexdigest()}
    for known, name in ((listed, OPEN), ({MONTHLY, EXTRACT}, RESTRICTED)):
        (tmp_path / "published.sha256").write_text("".join(f"{one}  a-file\n" for one in sorted(known)))
        assert choose(grounds_review=tmp_path, disclosure={"published": tmp_path / "published.sha256"}).name == name


def own_file(folder):
    """The mapping of an extract in a folder below this one."""
    return [OWN[0] | {"file": folder / "extract" / "own.csv"}]


def test_records_of_nobody_are_open_where_the_list_beside_them_has_every_extract(tmp_path):
    (tmp_path / "synthetic.sha256").write_text(f"{EXTRACT}  extract/own.csv\n")
    invented = {"own": {EXTRACT}, "extracts": own_file(tmp_path)}
    assert choose(**invented, is_synthetic=True).name == OPEN
    assert choose(**invented, is_synthetic=True, grounds_review=tmp_path).name == OPEN
    assert choose(**invented).name == RESTRICTED
    assert choose(is_synthetic=True).name == OPEN


@pytest.mark.parametrize("listed", [(), (MONTHLY,)])
def test_the_word_of_the_project_file_alone_lifts_no_protection(tmp_path, listed):
    (tmp_path / "synthetic.sha256").write_text("".join(f"{one}  a-file\n" for one in listed))
    profile = choose(own={EXTRACT}, extracts=own_file(tmp_path), is_synthetic=True)
    assert (profile.name, profile.reason) == (RESTRICTED, "A force’s own extract is among the records.")
    for real in ({"own": {EXTRACT}}, {"extracts": OWN}, {"grounds_review": tmp_path}):
        assert choose(**real, is_synthetic=True).name == RESTRICTED


def test_an_extract_that_was_counted_elsewhere_is_an_extract():
    """A part holds no extract, but what was counted from one."""
    assert choose(own={EXTRACT}, records=[], counts=["part"]).name == RESTRICTED
    assert choose(records=[], counts=["part"]).name == OPEN


def test_what_the_generator_writes_is_believed_until_a_value_of_it_changes(tmp_path):
    write_synthetic(tmp_path, seed=3, searches=50, forces=1, months=1)
    extract = tmp_path / "extract" / "fellshire-extract.csv"
    mapped = [OWN[0] | {"file": extract}]

    def read():
        return {hashlib.sha256(extract.read_bytes()).hexdigest()}

    assert choose(own=read(), records=[], extracts=mapped, is_synthetic=True).name == OPEN
    extract.write_text(extract.read_text().replace("W1", "W2", 1))
    assert choose(own=read(), records=[], extracts=mapped, is_synthetic=True).name == RESTRICTED


def test_restricted_can_be_asked_for_whatever_the_records():
    for settings in ({}, {"is_synthetic": True}, {"extracts": OWN}):
        assert choose(disclosure={"profile": "restricted"}, **settings).name == RESTRICTED


def test_open_cannot_be_asked_for_with_an_extract():
    with pytest.raises(RequestError) as error:
        choose(extracts=OWN, disclosure={"profile": "open"})
    assert str(error.value) == (
        "the profile cannot be open: an input is not published (E161)\n"
        "  where:    [disclosure] of the project file\n"
        "  found:    A force’s own extract is among the records.\n"
        "  what now: leave `profile` out, or list the file's SHA-256 in the file that `published` names"
    )


@pytest.mark.parametrize(("listed", "name"), [((MONTHLY, EXTRACT), OPEN), ((MONTHLY,), RESTRICTED), ((), RESTRICTED)])
def test_a_list_of_published_files_decides_by_their_hashes(tmp_path, listed, name):
    (tmp_path / "published.sha256").write_text("".join(f"{one.upper()}  a-file.csv\n" for one in listed))
    assert choose(extracts=OWN, disclosure={"published": tmp_path / "published.sha256"}).name == name


def test_a_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RequestError, match="E129"):
        choose(disclosure={"published": tmp_path / "nothing"})


def test_paths_are_relative_to_the_project_file_and_the_ledger_stands_beside_the_site(tmp_path):
    head = 'records = ["r"]\nfrom = "2022-04"\nto = "2023-03"\n'
    (tmp_path / "disparity.toml").write_text(head + '[disclosure]\npublished = "published.sha256"\n')
    settings = read_settings(tmp_path / "disparity.toml")
    assert settings.disclosure.published == tmp_path / "published.sha256"
    assert settings.ledger == tmp_path / "disclosure" / "ledger.parquet"
    (tmp_path / "disparity.toml").write_text(head + 'out = "public/site"\n')
    assert read_settings(tmp_path / "disparity.toml").ledger == tmp_path / "public" / "disclosure" / "ledger.parquet"
    (tmp_path / "disparity.toml").write_text(head + '[disclosure]\nledger = "kept/ledger.parquet"\n')
    assert read_settings(tmp_path / "disparity.toml").ledger == tmp_path / "kept" / "ledger.parquet"


def test_a_profile_that_does_not_exist_is_refused():
    with pytest.raises(RequestError, match=r"cannot be understood"):
        publish(disclosure={"profile": "secret"})


MAPPED = {"searched_at": "When", "outcome": "Outcome", "is_outcome_linked": "Linked"}


def plan_of(*columns, force="kent", read=("kent",), own=("kent",), **settings):
    """The plan of a publication of one extract that maps some columns; `read`: every force; `own`: with an extract."""
    extracts = [OWN[0] | {"force": force, "columns": MAPPED | {name: name for name in columns}}]
    return choose_plan(publish(**({"extracts": extracts} | settings)), read, own)


def test_an_extract_of_a_force_on_the_portal_has_public_rows_and_protects_what_they_do_not_say():
    assert (plan_of().public_records, plan_of().own) == (PORTAL, ())
    assert plan_of("is_item_found").own == ("finds",)
    assert plan_of("drug_search_type").own == ("possession and supply",)
    assert plan_of("is_item_found", "drug_search_type").own == ("finds", "possession and supply")


def test_a_force_may_say_that_its_rows_are_not_public():
    assert plan_of(disclosure={"public_records": "none"}) == PLAN


def test_a_force_that_the_portal_does_not_list_has_no_public_rows():
    assert plan_of(force="fellshire", read=("fellshire",), own=("fellshire",)) == PLAN
    assert plan_of(read=("kent", "fellshire")) == PLAN
    with pytest.raises(RequestError, match="E171"):
        plan_of(force="fellshire", disclosure={"public_records": "data.police.uk"})


def test_without_an_extract_public_rows_have_to_be_said():
    assert plan_of(extracts=[], own=()) == PLAN
    said = plan_of(extracts=[], own=(), disclosure={"public_records": "data.police.uk"})
    assert (said.public_records, said.own) == (PORTAL, ())


def test_what_may_be_the_extracts_own_is_protected_where_no_mapping_says():
    assert plan_of(extracts=[], counts=["part"]).own == ("finds", "possession and supply")
    own = [OWN[0] | {"columns": {"searched_at": "When", "outcome": "Outcome"}}]
    assert plan_of(extracts=own).own == ("finds",)
