"""The words of a value as a records system writes it, with the breaks between its parts and the words that say no."""

import re
import unicodedata
from functools import lru_cache

BREAK = "|"  # a comma, a bracket, a dash between blanks: what stands before and after are two parts
SPLIT_DASH = re.compile(r"(?<=\s)[-\u2013\u2014]+|[-\u2013\u2014]+(?=\s)|[\u2013\u2014]|-{2,}")
BREAKS = re.compile(r"[,;:()\[\]{}/\\|]|\.(?=\s)|\b(?:but|then)\b")
NOT = "not"
# What turns round the words that follow it, or, at the end, those before it; and what does so to its whole part.
DENIALS = {
    *(NOT, "no", "non", "never", "without", "neither", "nor", "none", "nil", "nothing", "zero", "nobody", "cannot"),
    *("except", "excepting", "excluding", "excluded", "excludes", "excl", "exc", "exclusive", "minus", "lacking"),
    *("un", "de", "dis", "anti", "ex", "negative", "neg", "false", "unless", "avoid", "avoided", "dim", "ddim", "nid"),
    *("heb", "nad", "0", "nto", "nott"),
}
REVERSALS = {
    *("declined", "decline", "declines", "refused", "refuse", "refuses", "refusal", "withdrawn", "withdrew"),
    *("released", "release", "cancelled", "canceled", "rescinded", "revoked", "quashed", "dropped", "discontinued"),
    *("overturned", "void", "voided", "retracted", "reversed", "negated", "abandoned", "aborted", "denied"),
    *("rejected", "dismissed", "failed", "fail", "unable", "unsuccessful", "ruled", "disproved", "unfounded"),
    *("waived", "absent"),
}
# Phrases that say no without a word of the above; "Anything but drugs" before the "but" of "Yes, but not".
EXCEPTIONS = re.compile(
    r"\b(?:other than|rather than|instead of|apart from|as opposed to|opposed to|anything but|all but|in lieu of"
    r"|in place of|save for|aside from|with the exception of|exception of|far from|free of|free from|ruled out)\b"
)
SHORT_NOT = re.compile(r"\b(did|was|is|were|has|had|does|do|could|would|are|have|ca|wo|should|need)(?:n'?t|not)\b")
PREFIXES = ("non", "not", "un", "de", "dis", "no")
SHORTEST_DENIED = 4  # letters: "deed" is not "ed" denied
SHORTEST_PLURAL = 4
NUMBERED = re.compile(r"\d{1,3}")


@lru_cache(maxsize=4096)  # of a file, each value is read for every column that it may be of
def read_words(label: str) -> tuple[str, ...]:
    """Give the words of a label, with `BREAK` between its parts.

    "Section 23", "Sec. 23" and "S.23" are one word, and so is "M.D.A."; a negation that is written short is "not".

    >>> read_words("Sec. 23(2) M.D.A. 1971 - Wasn't used")
    ('s23', 'mda', '1971', '|', 'was', 'not', 'used')
    >>> read_words("Yes – but not item sought"), read_words("N/K")
    (('yes', '|', 'not', 'item', 'sought'), ('nk',))
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", label)).casefold()
    text = re.sub(r"[\u2018\u2019`]", "'", text).replace("&", " and ").replace("+", " and ").replace("_", " ")
    text = re.sub(r"\bw/o\b", "without", text.replace("(s)", "s"))
    text = SHORT_NOT.sub(r"\1 not", text)
    text = re.sub(r"\bn\s?/\s?([a-z])\b", r"n\1", text)
    text = re.sub(r"(?<=\w)/(?=\w)", " ", text)  # "MTIP/EIP" is one part
    text = re.sub(r"\b(?:[a-z]\.){2,}", lambda found: found[0].replace(".", "") + " ", text)
    text = _read_sections(EXCEPTIONS.sub(" except ", text))
    text = BREAKS.sub(f" {BREAK} ", SPLIT_DASH.sub(f" {BREAK} ", text)).replace("'", "")
    words: list[str] = []
    for word in re.findall(r"\w+|\|", text):
        if word != BREAK or (words and words[-1] != BREAK):
            words.append(leave_out_plural(word))
    return tuple(words[:-1] if words and words[-1] == BREAK else words)


def leave_out_plural(word: str) -> str:
    """Give one word for one and for many: no list of known words then has to hold both.

    >>> [leave_out_plural(word) for word in ("drugs", "cannabis", "class", "excludes")]
    ['drug', 'cannabis', 'class', 'excludes']
    """
    is_plural = word.endswith("s") and len(word) >= SHORTEST_PLURAL and not word.endswith(("ss", "is", "us"))
    return word[:-1] if is_plural and word not in DENIALS | REVERSALS else word


def leave_out_number(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the number, or the first letter, that a list of choices puts before each: "1 - Male", "A - Arrest"."""
    if len(words) < 3 or words[1] != BREAK:
        return words
    first, _, second, *_ = words
    if NUMBERED.fullmatch(first) and second.isalpha():
        return words[2:]
    return words[2:] if len(first) == 1 and second.startswith(first) and len(second) > 1 else words


def part_denials(words: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    """Part what is written in one word with what it denies: "unlinked", "dearrested"."""
    parted: list[str] = []
    for word in words:
        denied = "" if word in known else _find_denied(word, known)
        parted += [NOT, denied] if denied else [word]
    return tuple(parted)


def _find_denied(word: str, known: frozenset[str]) -> str:
    rests = (word.removeprefix(prefix) for prefix in PREFIXES if word.startswith(prefix))
    return next((rest for rest in rests if len(rest) >= SHORTEST_DENIED and rest in known), "")


def _read_sections(text: str) -> str:
    text = re.sub(r"\b(?:sections?|sect?|s)[.\s]*(?=\d)", "s", text)
    text = re.sub(r"\b(s\d+[a-z]{0,2})(?:\s?\((?:\d{1,2}[a-z]?|[a-h]|[ivx]+)\))+", r"\1", text)  # a subsection
    # Written in one: "S23MDA", "PACE1984".
    text = re.sub(r"\b(s\d+[a-z]?)(?=(?:mda|pace|tact|cjpo)\b)", r"\1 ", text)
    return re.sub(r"(?<=[a-z]{3})(?=(?:18|19|20)\d\d\b)", " ", text)
