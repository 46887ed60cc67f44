"""Sentences of a page, as a reader meets them."""

from collections.abc import Iterator

from lxml import html

from support import example, readability

# What Data quality says where no check found anything.
ALL_IS_MET = "The records pass every check."
BLOCKS = "//main//p | //main//li | //main//dd"
# Names and words of others, and what is no sentence.
OTHERS = ("example", "stated", "citation", "months")


def says_all_is_met(text: str) -> bool:
    """Whether a page says that nothing was found; in other words than the template's it never would."""
    assert ALL_IS_MET in (example.ROOT / "reports" / "data_quality.html").read_text(encoding="utf-8")
    return ALL_IS_MET in text


def split_sentences(element: html.HtmlElement) -> list[str]:
    """Split the words of an element into sentences."""
    return readability.split_sentences(" ".join(element.text_content().split()))


def read_sentences(page: html.HtmlElement) -> Iterator[str]:
    """Give the sentences of a page outside tables, charts and what others wrote."""
    for block in page.xpath(BLOCKS):
        is_code = block.xpath("string(./code)") == block.text_content()
        is_ours = block.get("class") not in OTHERS and not is_code
        if is_ours and not block.xpath(".//p | .//li | ancestor::table | ancestor::figure | ancestor::nav"):
            yield from split_sentences(block)
