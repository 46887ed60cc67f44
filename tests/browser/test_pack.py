"""The pack on paper: printed by the same browser that opens the pages."""

import pytest

from disparity.site.pages import scrutiny_pack as panel
from disparity.site.scrutiny_pack import write_pack
from support import example


@pytest.mark.slow
def test_the_pack_is_printed_as_a_pdf(browser, tmp_path):
    assert browser.is_connected()
    edition = example.edition()
    (path,) = write_pack(edition, [panel.build_page(edition, "fellshire", ())], tmp_path / "pack")
    assert path.name == "fellshire.pdf"
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.stat().st_size > 20_000
