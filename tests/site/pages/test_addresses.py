"""Addresses and anchors are a promise: people link to them."""

from support import addresses, example

GONE = "is linked to by others and is gone: keep it, or take it off {} by hand and say so in CHANGELOG.md"
NEW = "is new: `python -m support.addresses` (from tests/) promises it"


def test_no_address_and_no_anchor_goes():
    there = addresses.list_addresses(example.pages())
    for page, anchors in addresses.read_promised().items():
        assert page in there, f"{page} {GONE.format(addresses.GOLDEN)}"
        gone = set(anchors) - there[page]
        assert not gone, f"{page}#{gone.pop()} {GONE.format(addresses.GOLDEN)}"


def test_every_address_and_anchor_is_promised():
    promised = addresses.read_promised()
    for page, anchors in addresses.list_addresses(example.pages()).items():
        assert page in promised, f"{page} {NEW}"
        new = anchors - set(promised[page])
        assert not new, f"{page}#{new.pop()} {NEW}"


def test_an_anchor_is_on_its_page_once():
    for path, page in example.pages().items():
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), (path, sorted({each for each in ids if ids.count(each) > 1}))
