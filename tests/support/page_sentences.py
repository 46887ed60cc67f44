"""Sentences of a page, as a reader meets them."""

from collections.abc import Iterator

from lxml import html

from support import readability

BLOCKS = "//main//p | //main//li | //main//dd"
# Names and words of others, and what is no sentence.
OTHERS = ("example", "stated", "citation", "months")


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
