"""The intruder finds whatever a site shows beyond its protected counts, and nothing in a site that keeps its word."""

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest

from disparity.disclosure.attack import Proof, ProtectedCounts
from disparity.project.layers import lay
from disparity.site.comparisons_file import ASSIGNED
from disparity.site.intruder import audit as intruder
from disparity.site.intruder.audit import audit_site, refuse_weaknesses, summarise_audit
from disparity.site.intruder.counts import find_open_weaknesses
from disparity.site.intruder.pages import is_figure
from disparity.site.intruder.published import Published, read_protected, read_published
from disparity.site.intruder.spreadsheets import find_spreadsheet_weaknesses
from disparity.site.intruder.weakness import Weakness
from disparity.site.rendering.picture import paint
from disparity.vocabulary.errors import DisclosureError
from support import protected_site

TEMPLATES = list(lay("reports", None).values())


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A copy of the restricted site, whose proof is taken as given: what is planted is found by reading."""
    monkeypatch.setattr(intruder, "prove", lambda counts, earlier: Proof(1, 1))
    return protected_site.copy(tmp_path, "index.html")


def places(folder, earlier=()):
    return {(weakness.place, weakness.what) for weakness in audit_site(folder, list(earlier), TEMPLATES)}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def change_cell(folder: Path, name: str, column: str, value: str, *, wanted: dict[str, str]) -> None:
    """Put a value into the first row of a table that has what is wanted."""
    path = folder / "data" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(row for row in rows if all(row[key] == text for key, text in wanted.items()))
    row[column] = value
    write_rows(path, rows)


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode("utf-8"))


BLACK = {"measure": "find_rate", "ethnic_group": "Black", "search_type": "All", "ethnicity_basis": "self-defined"}


@pytest.mark.slow
def test_the_real_site_passes_with_its_proof():
    assert audit_site(protected_site.site(), [], TEMPLATES) == []
    assert re.fullmatch(
        r"restricted: base \d+, (\d+) of \1 sensitive counts certified, each with at least 5 values left",
        summarise_audit(protected_site.site()),
    )


def test_an_exact_count_among_the_protected_ones_is_found(site):
    change_cell(site, "cells", "count", "2813", wanted={"ethnic_group": "White", "search_type": "All"})
    ((place, what),) = places(site)
    assert place.startswith("data/cells.csv row ")
    assert what == "White, All, searches: not rounded"


@pytest.mark.slow
def test_an_exact_total_in_another_table_is_found(site):
    change_cell(site, "estimates", "numerator", "15987", wanted={"measure": "search_rate", "ethnic_group": "All"})
    assert {what for place, what in places(site) if place.startswith("data/estimates")} == {
        "numerator: not the protected count"
    }


@pytest.mark.slow
def test_a_rate_to_four_decimals_in_a_table_is_found(site):
    change_cell(site, "estimates", "value", "0.1813", wanted=BLACK)
    assert "value: more decimals than the counts allow" in {what for _, what in places(site)}


@pytest.mark.slow
def test_a_difference_that_the_comparisons_do_not_state_is_found(site):
    path = site / "data" / "disparities.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write_rows(path, [rows[0] | {"ethnic_group": "Other", "measure": "find_rate"}, *rows])
    what = "not the differences that the published comparisons state"
    assert ("data/disparities.csv", what) in places(site)


@pytest.mark.slow
def test_a_share_under_a_priority_that_the_published_counts_do_not_give_is_found(site):
    shares = {"measure": "aligned_share", "category": "any", "ethnic_group": "White"}
    change_cell(site, "breakdowns", "numerator", "1234", wanted=shares)
    assert "numerator: not the protected count" in {what for _, what in places(site)}


@pytest.mark.slow
def test_a_number_in_the_words_of_the_statement_is_found(site):
    change_cell(site, "statement", "why", "7 searches do not say", wanted={"answer": "not assessed"})
    assert "a number in its words" in {what for _, what in places(site)}


@pytest.mark.slow
def test_a_rate_of_other_counts_in_as_few_decimals_is_found(site):
    change_cell(site, "comparisons", "ratio", "9.99", wanted={"measure": "search_rate", "ethnic_group": "Black"})
    assert "ratio: not what the protected counts give" in {what for _, what in places(site)}


@pytest.mark.parametrize("value", ["2.3", "0.5", ""])
def test_a_design_effect_that_is_finer_than_a_half_is_found(site, value):
    change_cell(site, "clusters", "design_effect", value, wanted={"force": "fellshire"})
    assert ("data/clusters.csv row 1", "design_effect: finer than a half, or less than 1") in places(site)


def test_a_design_effect_for_each_of_several_groups_is_found(site):
    path = site / "data" / "clusters.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write_rows(path, [*rows, *rows])
    assert ("data/clusters.csv", "not one number of each force") in places(site)


@pytest.mark.slow
@pytest.mark.parametrize(("table", "column"), [("sensitivity", "ratio"), ("tipping", "unknown_needed")])
def test_a_figure_of_an_assumption_that_the_published_counts_do_not_give_is_found(site, table, column):
    change_cell(site, table, column, "9", wanted={"measure": "search_rate", "ethnic_group": "Black"})
    assert f"{column}: not what the protected counts give" in {
        what for place, what in places(site) if place.startswith(f"data/{table}.csv row")
    }


def test_a_range_that_is_printed_in_points_is_that_of_shares_alone(site):
    """A ratio of search rates has no hundredfold."""
    published = read_published(site)
    rows = published.tables["comparisons"]
    for column in ("range_lower", "range_upper", "smallest_difference"):
        for name, is_in_points in (("find_rate", True), ("search_rate", False)):
            number, cell = next(
                (number, row[column])
                for number, row in enumerate(rows, 1)
                if row["measure"] == name and float(row[column] or 0)
            )
            in_points = f"{abs(100 * float(cell)):.1f}"
            assert is_figure(published, f"comparisons:{number}:{column}", in_points) == is_in_points
            assert is_figure(published, f"comparisons:{number}:{column}", cell)


def test_a_rate_to_four_decimals_on_a_page_is_found(site):
    page = site / "index.html"
    figure = re.search(r'<data value="[\d.]+" data-at="estimates:\d+:value">(\d+\.\d)%</data>', page.read_text())
    change(page, f">{figure[1]}%</data>", f">{figure[1]}13%</data>")
    assert any(what.endswith("a figure other than the published one") for _, what in places(site))


def test_rows_of_a_table_sorted_by_a_count_are_found(site):
    path = site / "data" / "cells.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write_rows(path, sorted(rows, key=lambda row: -int(row["count"] or 0)))
    assert ("data/cells.csv", "the counts are not those of the plan, in its order") in places(site)


@pytest.mark.slow
def test_rows_of_estimates_in_another_order_are_found(site):
    path = site / "data" / "estimates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write_rows(path, rows[::-1])
    assert ("data/estimates.csv", "rows are not in the order of their keys") in places(site)


@pytest.mark.slow
def test_rows_of_a_page_sorted_by_a_count_are_found(site):
    page = site / "index.html"
    text = page.read_text(encoding="utf-8")
    rows = re.findall(r"<tr><th scope=\"row\">(?:Asian|Black)</th>.*?</tr>", text, re.DOTALL)
    asian, black = (next(row for row in rows if f">{group}<" in row) for group in ("Asian", "Black"))
    swapped = text.replace(asian, "@").replace(black, asian).replace("@", black)
    page.write_text(swapped, encoding="utf-8")
    assert any("an order that the published figures do not give" in what for _, what in places(site))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('role="region"', 'role="region" aria-label="of 15,987 searches"', "aria-label"),
        ("</h1>", '</h1><img src="x" alt="15,987 searches">', "alt"),
        ("</h1>", '</h1><p title="15,987 searches">The same.</p>', "title"),
        ("</h1>", '</h1><p data-count="15987">The same.</p>', "data-count"),
        ("</h1>", "</h1><p>There were 15,987 searches.</p>", "p"),
    ],
)
def test_a_raw_number_in_a_text_or_a_text_alternative_is_found(site, old, new, where):
    change(site / "index.html", old, new)
    ((place, what),) = places(site)
    assert place == "index.html"
    assert what.split(":")[0].endswith(where)


@pytest.mark.slow
def test_a_value_attribute_other_than_the_published_value_is_found(site):
    page = site / "index.html"
    change(page, '<data value="', '<data value="1')
    assert any(what.endswith("a value other than the published one") for _, what in places(site))


@pytest.fixture
def charted(tmp_path, monkeypatch):
    """The same with a page of more charts."""
    monkeypatch.setattr(intruder, "prove", lambda counts, earlier: Proof(1, 1))
    return protected_site.copy(tmp_path, "searches.html")


OTHER_PICTURE = ("searches.html", "chart search-rates: the picture is not the one that its figures give")


@pytest.mark.slow
def test_charts_as_they_were_drawn_have_no_weakness(charted):
    assert not [what for place, what in places(charted) if "chart" in place or "chart" in what]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_a_length_drawn_from_another_count_is_found_at_both_widths(charted, kind):
    page = charted / "searches.html"
    text = page.read_text(encoding="utf-8")
    svg = re.search(rf'<svg class="marks {kind}".*?</svg>', text, re.DOTALL)[0]
    length = re.findall(r'x2="(\d+\.\d+)"', svg)[-1]
    other = svg.replace(f'x2="{length}"', f'x2="{float(length) + 0.5}"')
    page.write_text(text.replace(svg, other), encoding="utf-8")
    assert OTHER_PICTURE in places(charted)


@pytest.mark.slow
def test_another_line_of_a_mark_than_the_specification_has_is_found(charted):
    change(charted / "searches.html", 'data-tip="', 'data-tip="1412 ')
    assert OTHER_PICTURE in places(charted)


@pytest.mark.slow
def test_a_number_in_the_line_of_a_mark_that_is_not_in_its_row_is_found(charted):
    spec = charted / "charts" / "search-rates.vl.json"
    change(spec, '"tip":"', '"tip":"15,987 ')
    assert any("chart search-rates: tip: a number that is no published figure" in what for _, what in places(charted))


@pytest.mark.slow
def test_a_raw_number_in_the_specification_of_a_chart_is_found(charted):
    spec = charted / "charts" / "search-rates.vl.json"
    value = re.search(r'"value":(\d+\.\d+)', spec.read_text(encoding="utf-8"))
    change(spec, value[0], f'"value":{value[1]}137')
    assert ("searches.html", "chart search-rates: value: a number that is not published") in places(charted)


@pytest.mark.slow
def test_a_raw_number_in_what_the_narrow_picture_has_of_its_own_is_found(charted):
    path = charted / "charts" / "search-rates.vl.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    (name,) = (name for name, rows in spec["datasets"].items() if rows[0].get("value"))
    spec["usermeta"]["narrow"]["datasets"] = {name: {"0": {"value": [15.987137]}}}
    path.write_text(json.dumps(spec), encoding="utf-8")
    found = places(charted)
    assert ("searches.html", "chart search-rates: value: a number that is not published") in found
    assert OTHER_PICTURE in found


@pytest.mark.slow
def test_words_beside_the_specifications_of_a_chart_are_found(charted):
    change(charted / "charts" / "search-rates.vl.json", '"usermeta":{', '"usermeta":{"note":15987,')
    assert ("searches.html", "chart search-rates: a picture without the figures it was drawn from") in places(charted)


@pytest.mark.slow
def test_a_picture_without_its_specification_and_a_specification_without_a_picture_are_found(charted):
    lone = charted / "charts" / "lone.vl.json"
    (charted / "charts" / "search-rates.vl.json").rename(lone)
    found = places(charted)
    assert ("searches.html", "chart search-rates: a picture without the figures it was drawn from") in found
    assert ("charts/lone.vl.json", "what no chart of the pages is drawn from") in found


@pytest.mark.slow
def test_a_specification_that_cannot_be_read_is_found(charted):
    (charted / "charts" / "search-rates.vl.json").write_text("{", encoding="utf-8")
    assert ("searches.html", "chart search-rates: a picture without the figures it was drawn from") in places(charted)


@pytest.mark.slow
def test_a_raw_number_in_a_sentence_of_the_findings_is_found(site):
    change(site / "data" / "findings.json", " searches of people", " (15,987) searches of people")
    assert any(
        place == "data/findings.json" and what.startswith("sentence 1: a number that is no published figure, in “")
        for place, what in places(site)
    )


@pytest.mark.slow
def test_a_figure_of_the_findings_that_does_not_stand_where_it_says_is_found(site):
    path = site / "data" / "findings.json"
    findings = json.loads(path.read_text(encoding="utf-8"))
    findings[0]["evidence"][0]["printed"] = "15,987"
    path.write_text(json.dumps(findings), encoding="utf-8")
    assert any("a figure that is not at estimates:" in what for _, what in places(site))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("labels", {"force": "fellshire", "column": "outcome", "label": "Arrest", "rows": "812"}),
        ("quality", {"force": "fellshire", "item": "outcome_not_recorded", "rows": "812"}),
        ("checks", {"table": "submissions", "force": "fellshire", "month": "2023-05"}),
    ],
)
def test_a_table_that_is_not_in_the_plan_is_found(site, name, row):
    path = site / "data" / f"{name}.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    write_rows(path, [dict.fromkeys(header, "") | row])
    assert any(place == f"data/{name}.csv row 1" and what.endswith("not in the plan") for place, what in places(site))


@pytest.mark.slow
def test_rows_read_from_a_file_are_not_in_the_plan(site):
    change_cell(site, "submissions", "rows_read", "1412", wanted={"force": "fellshire"})
    assert ("data/submissions.csv row 1", "rows_read: not in the plan") in places(site)


@pytest.mark.slow
def test_a_file_that_no_rule_is_known_for_is_found(site):
    (site / "rows.json").write_text("[]", encoding="utf-8")
    assert places(site) == {("rows.json", "a kind of file that no rule is known for")}


@pytest.mark.slow
def test_a_number_in_the_feed_that_is_not_published_is_found(site):
    (site / "feed.xml").write_text("<feed><content>1,412 searches of Black people</content></feed>", encoding="utf-8")
    words = "<feed><content>1,412 searches of Black people</content></fee…"
    assert ("feed.xml", f"a number that is no published figure, in “{words}”") in places(site)


@pytest.mark.slow
def test_a_site_map_of_other_pages_or_with_words_is_found(site):
    (site / "sitemap.xml").write_text("<urlset><url><loc>https://example.org/1412</loc></url>", encoding="utf-8")
    assert ("sitemap.xml", "an address of no page") in places(site)
    (site / "sitemap.xml").write_text("<urlset>1,412 searches</urlset>", encoding="utf-8")
    assert ("sitemap.xml", "words beside the addresses") in places(site)


@pytest.mark.slow
@pytest.mark.parametrize("name", ['name="description"', 'property="og:description"', 'property="og:image:alt"'])
def test_a_number_in_what_a_page_says_of_itself_is_found(site, name):
    page = site / "index.html"
    text = page.read_text(encoding="utf-8")
    said = f'<meta {name} content="There were 1,412 searches.">'
    page.write_text(text.replace("</head>", f"{said}</head>"), encoding="utf-8")
    assert any(place == "index.html" and "1,412" in what for place, what in places(site))


@pytest.mark.slow
def test_a_chart_for_pages_of_others_is_read_as_every_page_is(site):
    shipped = min((protected_site.site() / "embed").glob("*.html"))
    page = site / "embed" / shipped.name
    page.parent.mkdir()
    shutil.copyfile(shipped, page)
    assert not [place for place, _ in places(site) if place.startswith("embed/")]
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('alt="', 'alt="1,412 searches: '), encoding="utf-8")
    assert any(place == f"embed/{page.name}" and "1,412" in what for place, what in places(site))


def test_chart_files_that_are_not_those_of_the_pages_are_found(site):
    charts = site / "charts"
    for name in ("search-rates.svg", "find-rates-estimates.csv"):
        shutil.copyfile(protected_site.site() / "charts" / name, charts / name)
    picture = charts / "search-rates.svg"
    (charts / "search-rates.png").write_bytes(paint(picture.read_text(encoding="utf-8")))
    picture.write_text(re.sub(r' x2="[\d.]+"', ' x2="300"', picture.read_text(encoding="utf-8")), encoding="utf-8")
    rows = charts / "find-rates-estimates.csv"
    header, first, *others = rows.read_text(encoding="utf-8").splitlines()
    numerator = header.split(",").index("numerator")
    cells = first.split(",")
    cells[numerator] = "1412"
    rows.write_bytes("\r\n".join([header, ",".join(cells), *others, ""]).encode())
    (charts / "explored.txt").write_text("1412", encoding="utf-8")
    found = places(site)
    assert ("charts/search-rates.svg", "a drawing that is on no page") in found
    assert ("charts/search-rates.png", "pixels other than those of the picture") in found
    assert ("charts/find-rates-estimates.csv", "a row that is not in the published table") in found
    assert ("charts/explored.txt", "a kind of file that no rule is known for") in found


def plant_in_comparisons(site, plant):
    """Change the data of the pages that compare, as `plant` does, and give what is found of the file."""
    path = site / "data" / "compare.js"
    text = path.read_text(encoding="utf-8")
    data = json.loads(text.removeprefix(ASSIGNED).removesuffix(";\n"))
    plant(data)
    path.write_text(f"{ASSIGNED}{json.dumps(data, ensure_ascii=False)};\n", encoding="utf-8")
    return {what for place, what in places(site) if place == "data/compare.js"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "planted", "what"),
    [
        (0, "1", "another row"),
        (0, "x", "another row"),
        (1, "1,412", "a number that is no published figure"),  # a count
        (2, "12.3%", "a number that is no published figure"),  # the rate
        (3, "12.3%", "a number that is no published figure"),  # an end of its interval
        (5, "12.3%", "a number that is no published figure"),  # a range, which a rate has not
        (7, "[1412]", "a number that is no published figure"),  # a mark
        (8, "1412 of them", "a number that is no published figure"),  # a verdict
    ],
)
def test_a_cell_of_the_comparisons_that_is_not_the_published_row_is_found(site, part, planted, what):
    def plant(data):
        (period,) = data["periods"]
        leaf = data["views"]["find_rate"][period]["self-defined"]["All"]["White"]
        parts = [*leaf[0].split("|"), *[""] * 9][:9]
        parts[part] = planted
        leaf[0] = "|".join(parts)

    (period,) = {found.partition(": ")[2] for found in plant_in_comparisons(site, plant)}
    assert period == what


@pytest.mark.slow
def test_a_rate_in_the_place_of_another_type_of_search_is_found(site):
    def plant(data):
        (period,) = data["periods"]
        types = data["views"]["find_rate"][period]["self-defined"]
        types["drugs"]["White"], types["All"]["White"] = types["All"]["White"], types["drugs"]["White"]

    assert {found.rpartition(": ")[2] for found in plant_in_comparisons(site, plant)} == {"another row"}


@pytest.mark.slow
def test_words_of_the_comparisons_with_a_number_and_more_cells_than_forces_are_found(site):
    def plant(data):
        (period,) = data["periods"]
        data["types"]["drugs"] = "Drugs (1,412 searches)"
        data["views"]["find_rate"][period]["self-defined"]["All"]["White"].append("")
        data["areas"] = {"kent": "M1,412z"}

    found = plant_in_comparisons(site, plant)
    assert any("no published figure" in what and "1,412" in what for what in found)
    assert any(what.endswith("more cells than forces") for what in found)
    assert "a map other than that of the police force areas" in found


@pytest.mark.slow
def test_a_script_in_the_place_of_the_comparisons_is_found(site):
    path = site / "data" / "compare.js"
    path.write_text(path.read_text(encoding="utf-8") + "alert(1412);\n", encoding="utf-8")
    assert ("data/compare.js", "something else than comparisons") in places(site)


@pytest.mark.slow
def test_two_editions_that_differ_by_one_late_record_are_found():
    """The earlier edition shows one count a step lower: 5 more than the nearest count that it can have been."""
    counts = read_protected(read_published(protected_site.site()))
    is_total = (
        (pl.col("ethnic_group") == "Black") & (pl.col("search_type") == "All") & (pl.col("counted") == "searches")
    )
    moved = pl.when(is_total).then(pl.col("count") - counts.base).otherwise(pl.col("count"))
    earlier = ProtectedCounts(counts.cells.with_columns(moved.alias("count")), counts.base)
    (weakness,) = audit_site(protected_site.site(), [earlier], TEMPLATES)
    assert weakness.place == "data/cells.csv"
    assert weakness.what.startswith("fellshire, 2023-04 to 2024-03, Black")
    assert weakness.what.endswith("an earlier edition shows another figure, as a late record would")


# Spreadsheets


def write_ods(folder: Path, body: str, *, styles: str = "", extra: str = "") -> Published:
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    (folder / "data").mkdir()
    with zipfile.ZipFile(folder / "data" / "estimates.ods", "w") as archive:
        archive.writestr("content.xml", content)
        if extra:
            archive.writestr(extra, "")
    empty = {name: [] for name in read_published(protected_site.site()).tables}
    return Published(folder, empty | {"estimates": [dict.fromkeys(ESTIMATES, "") | {"numerator": "1210"}]})


ESTIMATES = ("numerator", "denominator", "unknown", "value", "lower", "upper", "lower_bound", "upper_bound")
SHOWN = '<table:table-cell office:value-type="float" office:value="1210"><text:p>1,210</text:p></table:table-cell>'
SHEET = '<table:table table:name="estimates">{}<table:table-row>{}</table:table-row></table:table>'


def test_a_spreadsheet_of_published_values_passes(tmp_path):
    assert find_spreadsheet_weaknesses(write_ods(tmp_path, SHEET.format("", SHOWN))) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (SHEET.format("", SHOWN.replace('"1210"', '"1213"')), "a value that is not in the published tables"),
        (SHEET.format("", SHOWN.replace("1,210", "1,200")), "a value other than the one that is shown"),
        (SHEET.format("", SHOWN.replace('"float"', '"string"')), "a value behind a text"),
        (SHEET.format("", SHOWN.replace("office:value=", 'table:formula="of:=1213-3" office:value=')), "a formula"),
        (SHEET.format('<table:table-row table:visibility="collapse"/>', SHOWN), "a hidden row or column"),
        (SHEET.format('<table:table-column table:visibility="filter"/>', SHOWN), "a hidden row or column"),
        (SHEET.format("", SHOWN + "<office:annotation><text:p>1213</text:p></office:annotation>"), "a comment"),
    ],
)
def test_what_a_spreadsheet_hides_is_found(tmp_path, body, what):
    assert find_spreadsheet_weaknesses(write_ods(tmp_path, body)) == [
        Weakness("data/estimates.ods", f"sheet estimates: {what}")
    ]


def test_a_hidden_sheet_is_found(tmp_path):
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    body = SHEET.format("", SHOWN).replace("table:name", 'table:style-name="ta2" table:name')
    (weakness,) = find_spreadsheet_weaknesses(write_ods(tmp_path, body, styles=styles))
    assert weakness.what == "sheet estimates: hidden"


def test_a_part_that_a_spreadsheet_does_not_need_is_found(tmp_path):
    (weakness,) = find_spreadsheet_weaknesses(write_ods(tmp_path, "", extra="Thumbnails/thumbnail.png"))
    assert weakness.what == "Thumbnails/thumbnail.png: a part that a table does not need"


# Open publications


@pytest.mark.parametrize(
    ("measure", "figures", "what"),
    [
        ("find_rate", ("2", "300", "0.0067", "measured"), "find_rate: a rate of fewer than 3 events"),
        ("find_rate", ("3", "300", "0.01", "measured"), None),
        ("find_rate", ("2", "300", "", "suppressed"), None),
        ("find_rate", ("20", "49", "0.41", "measured"), "find_rate: rests on little, and no mark says so"),
        ("find_rate", ("20", "49", "0.41", "small"), None),
        ("search_rate", ("9", "12.5", "0.7", "measured"), "search_rate: rests on little, and no mark says so"),
        ("search_rate", ("10", "12.5", "0.8", "measured"), None),
        ("type_share", ("1", "300", "0.003", "measured"), None),
    ],
)
def test_an_open_site_has_no_rate_of_few_events_nor_an_unmarked_one(measure, figures, what):
    row = {"measure": measure} | dict(zip(("numerator", "denominator", "value", "status"), figures, strict=True))
    tables = {"disclosure": [{"profile": "open", "fewest_events": "3"}], "estimates": [row]}
    found = find_open_weaknesses(Published(Path(), tables | {"monthly": [], "quarterly": []}))
    assert [weakness.what for weakness in found] == ([what] if what else [])


def test_weaknesses_stop_a_publication_with_five_and_no_number():
    with pytest.raises(DisclosureError) as error:
        refuse_weaknesses([Weakness(f"page-{number}.html", "a figure") for number in range(7)])
    assert error.value.exit_code == 5
    assert str(error.value) == (
        "7 places would give away more than the protected counts do (E163)\n"
        "  found:    page-0.html: a figure; page-1.html: a figure; page-2.html: a figure; page-3.html: a figure; "
        "page-4.html: a figure; and 2 more\n"
        "  what now: publish nothing of it; fix what puts the figure there, or report a fault of the toolkit"
    )
    refuse_weaknesses([])
