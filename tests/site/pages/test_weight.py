"""Pages are light enough for a telephone on a slow line; a site is no heavier than is said of it."""

import gzip
import re
from collections import Counter

import pytest

from support import example, real_sites

PAGE_BYTES, EMBEDDED_BYTES = 150_000, 4_000
# An extract that says all there is to say, of two years, has more on Finds than any force of public records.
EXAMPLE_BYTES = 175_000
# Two would do for pages and charts; tables of the working are half of what there is (docs/benchmark.md).
SITE_BYTES = 3_200_000
NATION_BYTES, NATION_FORCES = 136_000_000, 43
# As a web server sends them, compressed: well under 2 and 60 million.
SENT_BYTES, NATION_SENT_BYTES = 800_000, 35_000_000
PACKED = {".ods", ".png"}  # already
# Of the whole site, and in no force's folder.
OF_ALL = ("static", "data/calibration.csv", "data/datapackage.json")
SCRIPT = re.compile(rb"<script\b.*?</script>", re.DOTALL)


def weigh_pages(site):
    """Bytes of each page, without script, which no page needs."""
    return {path.relative_to(site).as_posix(): len(SCRIPT.sub(b"", path.read_bytes())) for path in site.rglob("*.html")}


def check_pages(site, most=PAGE_BYTES):
    assert {path: size for path, size in weigh_pages(site).items() if size > most} == {}


def weigh(folder):
    """Bytes by kind of file."""
    weights = Counter()
    for path in [folder] if folder.is_file() else folder.rglob("*"):
        if path.is_file():
            weights[path.suffix] += path.stat().st_size
    return weights


def weigh_sent(folder):
    """Bytes that a web server sends of a folder."""
    files = [folder] if folder.is_file() else [path for path in folder.rglob("*") if path.is_file()]
    contents = ((path.suffix, path.read_bytes()) for path in files)
    return sum(len(each if kind in PACKED else gzip.compress(each, 6)) for kind, each in contents)


def draw_on(site, measure):
    """What a nation would be, from eight forces: what each adds, times 43, and what there is once."""
    once = sum(measure(site / name) for name in OF_ALL)
    return once + NATION_FORCES * (measure(site) - once) / 8


def test_no_page_of_the_example_is_heavy():
    check_pages(example.site(), EXAMPLE_BYTES)


def test_no_page_of_a_real_force_is_heavy(records):
    check_pages(real_sites.lancashire(records))


def test_the_year_of_a_real_force_is_3_2_megabytes_at_most_and_under_one_as_it_is_sent(records):
    weights = weigh(real_sites.lancashire(records))
    assert weights.total() <= SITE_BYTES, weights
    assert weigh_sent(real_sites.lancashire(records)) <= SENT_BYTES


def test_a_page_to_be_put_on_another_weighs_next_to_nothing(records):
    embedded = list((real_sites.lancashire(records) / "embed").glob("*.html"))
    assert embedded
    assert max(path.stat().st_size for path in embedded) <= EMBEDDED_BYTES


@pytest.mark.slow
def test_no_page_of_eight_real_forces_is_heavy(records):
    check_pages(real_sites.eight(records))


@pytest.mark.slow
def test_the_year_of_a_nation_would_be_136_megabytes_at_most_and_35_as_it_is_sent(records):
    """Drawn on, as records of 43 forces are not held."""
    site = real_sites.eight(records)
    assert draw_on(site, lambda part: weigh(part).total()) <= NATION_BYTES, weigh(site)
    assert draw_on(site, weigh_sent) <= NATION_SENT_BYTES
