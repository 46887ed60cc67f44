"""Pages on paper: the browser of this machine that makes a PDF of them, if there is one."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# Where a browser that prints may be found, the project's own choice first.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
BROWSER_SETTING = "DISPARITY_CHROMIUM"
SECONDS_TO_PRINT = 120


def find_browser() -> str:
    """Give the browser that prints; nothing where there is none."""
    return os.environ.get(BROWSER_SETTING) or next((found for name in BROWSERS if (found := shutil.which(name))), "")


def print_page(path: Path) -> Path | None:
    """Print a page as a PDF beside it; nothing where there is no browser, or it fails."""
    browser = find_browser()
    if not browser:
        return None
    pdf = path.with_suffix(".pdf")
    # A browser refuses its own sandbox to root, as in containers; what it opens here is our own page.
    unboxed = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-first-run", *unboxed, f"--user-data-dir={profile}"),
            *("--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}", path.resolve().as_uri()),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS_TO_PRINT)  # noqa: S603  found above
        except (OSError, subprocess.SubprocessError):
            return None
    return pdf if pdf.exists() else None
