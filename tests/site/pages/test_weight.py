"""Pages are light enough for a telephone on a slow line, and so is a site for whoever keeps it."""

import re

import pytest

from support import example, real_sites

PAGE_BYTES, SITE_BYTES = 150_000, 2_000_000
NATION_BYTES, NATION_FORCES = 60_000_000, 43
SCRIPT = re.compile(rb"<script\b.*?</script>", re.DOTALL)


def weigh_pages(site):
    """Bytes of each page of a force, without script."""
    return {path.relative_to(site).as_posix(): len(SCRIPT.sub(b"", path.read_bytes())) for path in site.rglob("*.html")}


def check_pages(site):
    assert {path: size for path, size in weigh_pages(site).items() if size > PAGE_BYTES} == {}


def weigh(site):
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file())


def test_no_page_of_the_example_is_heavy():
    check_pages(example.site())


def test_no_page_of_a_real_force_is_heavy(records):
    check_pages(real_sites.lancashire(records))


def test_the_site_of_a_real_force_is_light(records):
    assert weigh(real_sites.lancashire(records)) <= SITE_BYTES


@pytest.mark.slow
def test_the_site_of_eight_real_forces_is_light(records):
    """As light, for each of them, as that of all 43 forces has to be."""
    site = real_sites.eight(records)
    check_pages(site)
    assert weigh(site) <= NATION_BYTES / NATION_FORCES * 8
