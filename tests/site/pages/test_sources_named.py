"""Whose records they are stands on every page, in every picture and description: no force's own are the portal's."""

import json

from disparity.tables.provenance import name_records
from support import example, protected_site

OWN = "Fellshire Police’s own records"


def test_a_site_of_a_forces_own_extract_never_gives_its_records_as_the_portals() -> None:
    for path, page in protected_site.pages().items():
        (footer,) = page.xpath("//footer")
        told = " ".join(footer.text_content().split())
        assert f"Records: {OWN}. Populations: the publisher’s own file." in told, path
        assert "Records: data.police.uk" not in page.text_content(), path
        assert "Search records: data.police.uk" not in page.text_content(), path
    pictures = list(protected_site.site().rglob("charts/*.svg"))
    assert pictures
    assert all(f"Records: {OWN}" in path.read_text(encoding="utf-8") for path in pictures)
    package = json.loads((protected_site.site() / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["sources"][0] == {"title": OWN}


def test_residents_of_the_publishers_own_are_not_given_as_those_of_a_census() -> None:
    method = protected_site.pages()["method.html"].text_content()
    assert "Residents: the publisher’s own population file" in method
    assert "(TS021)" not in method


def test_whoever_cannot_have_the_records_is_not_told_to_take_them() -> None:
    restricted = protected_site.pages()["provenance.html"].text_content()
    assert "take the files whose SHA-256 is above" not in restricted
    assert "the force’s own records are not public" in restricted
    assert f"Records: {OWN}" in restricted
    assert "take the files whose SHA-256 is above" in example.pages()["provenance.html"].text_content()


def test_sources_are_named_each_once_and_own_records_by_their_forces() -> None:
    own, portal = "the force's own extract", "data.police.uk"
    settings = example.settings()
    assert name_records(settings, [("kent", portal), ("kent", None), ("essex", portal)]) == [portal]
    assert name_records(settings, [("kent", own)] * 2) == ["Kent Police’s own records"]
    assert name_records(settings, [("kent", own), ("essex", own), ("surrey", portal)]) == [
        portal,
        "the own records of Essex Police and Kent Police",
    ]
    assert name_records(settings, []) == []
