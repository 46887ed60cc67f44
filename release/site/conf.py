"""How the documentation becomes a site. `make docs` lays the pages out as they lie here, and calls this."""

from typing import Any

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.highlighting import lexers

import disparity

project = "disparity"
author = copyright = "The disparity authors"
version = release = disparity.__version__
language = "en_GB"
smartquotes = False  # two hyphens begin an option

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_click"]
source_suffix = {".md": "markdown"}
root_doc = "index"
myst_heading_anchors = 4  # links to headings are checked as those to pages are
# What a docstring returns begins with a name, which is taken for a type of several homes.
suppress_warnings = ["ref.python"]
default_role = "literal"  # a word between backticks in a docstring is code
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"

html_theme = "furo"
html_title = f"disparity {version}"
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None  # the same pages, the same bytes
html_static_path: list[str] = []

# Nobody colours these; a drawing by script would need the script, and its text can be read.
lexers.update({name: TextLexer() for name in ("csv", "mermaid")})


def escape_docstring(*event: Any) -> None:
    """Leave absolute values and alternatives in a docstring what they are: a bar means nothing there."""
    lines = event[-1]
    lines[:] = [line.replace("|", "\\|") for line in lines]


def setup(app: Sphinx) -> None:
    """Read docstrings as they are written, before what reads their sections does."""
    app.connect("autodoc-process-docstring", escape_docstring, priority=100)
