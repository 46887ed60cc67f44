"""Take out of grounds what looks like a person's details. A help, no guarantee: a name alone is not known as one."""

import polars as pl

REMOVED = "[removed]"
TITLES = "Mr|Mrs|Ms|Miss|Mx|Dr|Sir|PC|WPC|DC|PS|DS|DI|TDC|PCSO|SPC|Sgt|Insp|Sergeant|Inspector|Constable|Officer"
# A name begins with a capital; of a title in small letters that cannot be asked, so one in small letters is left.
NAME = r"[A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+){0,2}"
DATE = r"\d{1,2}[/.\- ](?:\d{1,2}|[A-Za-z]{3,9})[/.\- ]\d{2,4}"
PATTERNS = (
    # e-mail
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    # National Insurance number
    r"(?i)\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    # date of birth: said to be one, or of a year that only a birth would be given with
    rf"(?i)\b(?:d\.?o\.?b\b\.?|born|date of birth)[ :]*(?:on )?{DATE}",
    r"\b\d{1,2}[/.\- ](?:\d{1,2}|[A-Za-z]{3,9})[/.\- ](?:19\d{2}|200\d)\b",
    # phone: ten or eleven digits from a 0, or +44, in any grouping
    r"(?:\+44[ -]?(?:\(0\))?|\b0)(?:[ -]?\d){9,10}\b",
    # postcode, whole (the last word of Royal Mail's programmers' guide, loosely)
    r"(?i)\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b",
    # a title with a number, with or without a name; then one with a name
    rf"\b(?:{TITLES})\.? ?\d{{2,6}}(?: {NAME})?",
    rf"\b(?:{TITLES})\.? {NAME}",
)


def redact(text: pl.Expr) -> pl.Expr:
    """Put a mark in the place of e-mail addresses, phone, National Insurance and collar numbers, postcodes, dates of
    birth, and names with a title.

    >>> text = pl.DataFrame({"grounds": ["Seen by PC 1234 Shaw near LA1 2AB, matching Mr Bell."]})
    >>> text.select(redact(pl.col("grounds"))).item()
    'Seen by [removed] near [removed], matching [removed].'
    """
    for pattern in PATTERNS:
        text = text.str.replace_all(pattern, REMOVED)
    return text
