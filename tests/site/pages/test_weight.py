"""Pages are light enough for a telephone on a slow line; a site is no heavier than is said of it."""

import re
from collections import Counter

import pytest

from support import example, real_sites

PAGE_BYTES, EMBEDDED_BYTES = 150_000, 4_000
# An extract that says all there is to say, of two years, has more on Finds than any force of public records.
EXAMPLE_BYTES = 175_000
# Two would do for pages and charts; tables of the working are half of what there is (docs/benchmark.md).
SITE_BYTES = 3_400_000
NATION_BYTES, NATION_FORCES = 158_000_000, 43
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


def test_no_page_of_the_example_is_heavy():
    check_pages(example.site(), EXAMPLE_BYTES)


def test_no_page_of_a_real_force_is_heavy(records):
    check_pages(real_sites.lancashire(records))


def test_the_year_of_a_real_force_is_3_4_megabytes_at_most(records):
    weights = weigh(real_sites.lancashire(records))
    assert weights.total() <= SITE_BYTES, weights


def test_a_page_to_be_put_on_another_weighs_next_to_nothing(records):
    embedded = list((real_sites.lancashire(records) / "embed").glob("*.html"))
    assert embedded
    assert max(path.stat().st_size for path in embedded) <= EMBEDDED_BYTES


@pytest.mark.slow
def test_no_page_of_eight_real_forces_is_heavy(records):
    check_pages(real_sites.eight(records))


@pytest.mark.slow
def test_the_year_of_a_nation_would_be_a_hundred_and_fifty_eight_megabytes_at_most(records):
    """Drawn on from eight forces, as records of 43 are not held: what each adds, times 43, and what there is once."""
    site = real_sites.eight(records)
    once = sum(weigh(site / name).total() for name in OF_ALL)
    by_force = (weigh(site).total() - once) / 8
    assert once + NATION_FORCES * by_force <= NATION_BYTES, weigh(site)
