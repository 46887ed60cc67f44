"""The page on what changed, of the next year's edition: figures of one edition only are not counted for both."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from disparity.site.findings.changes import NOTHING_SHARED
from disparity.site.page import Edition
from disparity.site.pages.what_changed import COUNTED, build_page
from disparity.site.published_figures import Row, plain

ZEROS = dict.fromkeys(COUNTED, 0)
LAST, THIS = (date(2028, 4, 1), date(2029, 3, 1)), (date(2029, 4, 1), date(2030, 3, 1))


def counted(table: str, measure: str = "All", period: Any = (None, None), **counts: int) -> dict[str, Any]:
    force = "All" if measure == "All" else "lancashire"
    span = {"period_from": period[0], "period_to": period[1]}
    return {"table": table, "measure": measure, "force": force} | span | ZEROS | counts


def page(*revisions: dict[str, Any]) -> dict[str, Any]:
    rows = [Row("revisions", number, values) for number, values in enumerate(revisions, start=1)]
    tables = {"revisions": rows, "changes": [], "submissions": []}
    edition = SimpleNamespace(
        tables=tables, settings=SimpleNamespace(names={}), history=(), name_of=lambda force: force.title()
    )
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
    assert [row[1:] for row in read(context["tables"])] == [
        ["Changes without a declared reason: 14; words changed: 14"]
    ]
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


def test_no_table_has_more_columns_than_a_telephone_shows() -> None:
    context = page(
        counted("All", **dict.fromkeys(COUNTED, 7)),
        counted("estimates", **dict.fromkeys(COUNTED, 7)),
        counted("estimates", "find_rate", LAST, **dict.fromkeys(COUNTED, 7)),
    )
    assert context["tables"].rows
    assert context["places"].rows
    assert all(len(context[name].head) <= 4 for name in ("tables", "places", "rates", "editions"))
