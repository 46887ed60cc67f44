"""The addresses and anchors of the example's site, and the list of those that are promised.

`python -m support.addresses` (from tests/) adds to the list what is new. It takes nothing off it: what has once been
published is linked to, and goes only by hand, with a line in CHANGELOG.md.
"""

import json
from collections import defaultdict
from pathlib import Path

from lxml import html

from support import example

GOLDEN = Path(__file__).parents[1] / "golden" / "addresses.json"
# Ids that name a thing to the page's own script or to a screen reader: nobody links to them.
INNER = ("cap-", "say-", "choose-", "menu", "pages", "main")


def list_addresses(pages: dict[str, html.HtmlElement]) -> dict[str, set[str]]:
    """The anchors of each kind of page: those of all forces together, whose folders are named FORCE."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, page in pages.items():
        folder, _, name = path.rpartition("/")
        ids = page.xpath("//main//@id[not(ancestor::*[local-name() = 'svg'])]")
        found[f"FORCE/{name}" if folder else name] |= {each for each in ids if not each.startswith(INNER)}
    return found


def read_promised() -> dict[str, list[str]]:
    """The promised anchors by page."""
    promised: dict[str, list[str]] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return promised


def main() -> None:
    """Add to the list what is new."""
    promised = read_promised() if GOLDEN.exists() else {}
    for name, anchors in list_addresses(example.read_pages(example.site())).items():
        promised[name] = sorted(anchors | set(promised.get(name, ())))
    GOLDEN.write_text(json.dumps(dict(sorted(promised.items())), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    import tempfile  # the example is built in a folder that a test run would have made
    from os import environ

    with tempfile.TemporaryDirectory() as folder:
        environ[example.SHARED] = folder
        main()
