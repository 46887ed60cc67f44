"""Text that XML and HTML can carry."""

import re

# XML 1.0, production 2: these characters cannot stand in a document, escaped or not.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal_text(text: str) -> str:
    """Replace what XML cannot carry by the replacement character.

    >>> legal_text("\\x1b[31mred")
    '\ufffd[31mred'
    """
    return ILLEGAL.sub("\ufffd", text)


def script_text(json: str) -> str:
    """JSON that a script element can hold: a closing tag in one of its texts would end the element."""
    return json.replace("<", "\\u003c")
