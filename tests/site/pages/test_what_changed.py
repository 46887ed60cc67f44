"""The page on what changed, of the next year's edition: figures of one edition only are not counted for both."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from disparity.project.declarations import Revision
from disparity.site.findings.changes import NOTHING_SHARED
from disparity.site.page import Edition
from disparity.site.pages.what_changed import COUNTED, build_page
from disparity.site.published_figures import Row, plain
from disparity.tables.previous_edition import PastEdition
from disparity.tables.revisions import SELF_EXPLAINED

ZEROS = dict.fromkeys(COUNTED, 0)
LAST, THIS = (date(2028, 4, 1), date(2029, 3, 1)), (date(2029, 4, 1), date(2030, 3, 1))


def counted(table: str, measure: str = "All", period: Any = (None, None), **counts: int) -> dict[str, Any]:
    force = "All" if measure == "All" else "lancashire"
    span = {"period_from": period[0], "period_to": period[1]}
    return {"table": table, "measure": measure, "force": force} | span | ZEROS | counts


def page(
    *revisions: dict[str, Any], reasons: tuple[str, ...] = (), history: tuple[PastEdition, ...] = (), **given: Any
) -> dict[str, Any]:
    rows = [Row("revisions", number, values) for number, values in enumerate(revisions, start=1)]
    changed = {"table": "actions", "force": "lancashire", "column": "review", "change": "reworded"}
    changes = [Row("changes", number, changed | {"reason": reason}) for number, reason in enumerate(reasons, start=1)]
    tables = {"revisions": rows, "changes": changes, "submissions": []}
    settings = SimpleNamespace(**{"names": {}, "revisions": ()} | given)
    edition = SimpleNamespace(tables=tables, settings=settings, history=history, name_of=lambda force: force.title())
    return build_page(cast(Edition, edition)).context


def read(table: Any) -> list[list[str]]:
    return [[plain(cell.main) for cell in row] for row in table.rows]


def test_an_edition_of_other_months_counts_no_figures_of_both_and_shows_no_zeros() -> None:
    """What is in both then are the toolkit's own tables: 6,377 figures were said to be, beside 'no rate is in both'."""
    context = page(
        counted("All", figures_compared=6377, rows_added=390, rows_removed=390),
        counted("calibration", figures_compared=6374),
        counted("estimates", rows_added=390, rows_removed=390),
        counted("estimates", "find_rate", LAST, rows_removed=390),
        counted("estimates", "find_rate", THIS, rows_added=390),
    )
    assert plain(context["lead"]) == NOTHING_SHARED
    assert read(context["tables"]) == []
    assert read(context["places"]) == []


def test_what_was_reworded_is_counted_all_the_same_and_in_no_column_of_zeros() -> None:
    context = page(
        counted("All", figures_compared=6377, words_changed=14, without_reason=14),
        counted("estimates", rows_added=390),
        counted("actions", words_changed=14, without_reason=14),
    )
    assert [row[1:] for row in read(context["tables"])] == [["Changes without a reason: 14; words changed: 14"]]
    assert context["tables"].head[1:] == ("Other changes",)


def test_where_rates_are_in_both_editions_it_is_said_that_none_moved() -> None:
    context = page(
        counted("All", figures_compared=400, rows_added=390),
        counted("estimates", figures_compared=400, rows_added=390),
        counted("estimates", "find_rate", LAST, figures_compared=400),
        counted("estimates", "find_rate", THIS, rows_added=390),
    )
    assert plain(context["lead"]).startswith("Of 400 figures that are in both editions, 0 moved.")
    assert [row[1:] for row in read(context["tables"])] == [["400", "0", "Rows added: 390"]] * 2
    assert read(context["places"]) == [["Find rate", "400", "0"]]
    assert plain(context["places"].rows[0][0].base) == "Lancashire, Year ending March 2029"


def test_no_words_of_the_toolkit_are_given_as_the_publishers() -> None:
    """'The publisher gives this reason: The two editions are of different forces, months or years.'"""
    context = page(counted("All"), reasons=("Kent sent it again.", *SELF_EXPLAINED))
    assert context["reasons"] == ["Kent sent it again."]
    assert context["self_explained"] == list(SELF_EXPLAINED)


def test_what_earlier_editions_said_was_corrected_stands_below_their_names() -> None:
    """As they handed it on, or, of an edition that did not, as the project file still tells of it."""
    told = Revision(edition="First", what="May lacks half.", reason="38 were left out.")
    first, second = (
        PastEdition(
            id=name,
            edition=name,
            published=date(2027, 6, 18),
            title="Stops",
            period_from="2026-04",
            period_to="2027-03",
            address="",
            summary="",
            revisions=said,
        )
        for name, said in (("First", ()), ("Second", ("A force sent June again. Rows were missing.",)))
    )
    context = page(counted("All"), history=(second, first), revisions=(told,))
    assert [plain(row[0].base) for row in context["editions"].rows] == [
        "It said: A force sent June again. Rows were missing.",
        "It said: May lacks half. 38 were left out.",
    ]


def test_no_table_has_more_columns_than_a_telephone_shows() -> None:
    context = page(
        counted("All", **dict.fromkeys(COUNTED, 7)),
        counted("estimates", **dict.fromkeys(COUNTED, 7)),
        counted("estimates", "find_rate", LAST, **dict.fromkeys(COUNTED, 7)),
    )
    assert context["tables"].rows
    assert context["places"].rows
    assert all(len(context[name].head) <= 4 for name in ("tables", "places", "rates", "editions"))
