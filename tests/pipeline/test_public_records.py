"""A publication of searches that stand row by row on data.police.uk, from the project file to the next edition."""

import csv
from pathlib import Path

import pytest

from disparity.disclosure.ledger import read_ledger
from disparity.disclosure.plan import PORTAL_PLANS
from disparity.pipeline.build import build, publish
from disparity.project.settings import Settings, read_settings
from disparity.site.intruder.audit import audit_site
from disparity.vocabulary.errors import DisclosureError
from support.force_project import change_extract, write_project


def settings(project: Path, **given: object) -> Settings:
    return read_settings(project, given)


def read(site: Path, name: str) -> list[dict[str, str]]:
    with (site / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
@pytest.mark.usefixtures("hardly_checked")
def test_an_edition_beside_public_rows_and_those_after_it(tmp_path: Path) -> None:
    project = write_project(tmp_path, 2026, searches=1_500, months=3, force="lancashire")
    asked = settings(project)
    site = publish(asked).folder
    (row,) = read(site, "disclosure")
    assert (row["public_records"], row["plan"]) == ("data.police.uk", PORTAL_PLANS[0].name)
    assert row["targets"] == row["certified"] != "0"
    cells = read(site, "cells")
    whole = {each["counted"]: each["count"] for each in cells if each["ethnic_group"] == each["search_type"] == "All"}
    assert int(whole["searches"]) % 15
    assert {each["counted"] for each in cells if each["period_from"] == each["period_to"]} == {"searches"}
    assert not audit_site(site, read_ledger(asked.ledger), asked.list_templates().values())
    page = (site / "method.html").read_text(encoding="utf-8")
    assert "Restricted, beside public rows." in page
    assert "finds, possession and supply" in page
    assert "as many as the public rows alone leave" in page
    # The same again is the same edition.
    publish(asked)
    assert len(read_ledger(asked.ledger)) == 1
    # The same months with all protected, or with a record that came late: nothing could be proved of both.
    with pytest.raises(DisclosureError, match="says otherwise which records are public"):
        build(settings(project, disclosure={"public_records": "none"}))
    change_extract(tmp_path, lambda rows: rows[1:])
    with pytest.raises(DisclosureError, match="shows other counts, or other months with it"):
        build(asked)
