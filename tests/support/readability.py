"""How a built site reads: its sentences, their length, numbers and grade, and words that it must not say.

`python -m support.readability SITE` (from tests/) prints a line for each page and what breaks the rules.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import textstat  # type: ignore[import-untyped]
from lxml import html

# The rules. A page is known by its file's name; Findings is the front of a force, or of all.
MEAN_WORDS, MOST_WORDS, MOST_NUMBERS = 18.0, 30, 2
GRADE, GRADES = 10.0, {"index.html": 8.0, "method.html": None, "glossary.html": None}
SITE_WORDS, SITE_NUMBERS = 9_000, 900  # of one force, without the pages that follow
APART = ("method.html", "glossary.html")

# What no page says, and what it says instead.
NOT_TO_SAY = {
    r"who (is|are|was|were) searched how often": "how often people of each group were searched",
    r"\bwhom\b": "who",
    r"\bwere of (Asian|Black|Mixed|White|Other)\b": "searches of Black people",
    r"\b(Asian|Black|Mixed|White) searches\b": "searches of Black people",
    r"\b(Asian|Black|White)s\b": "Black people",
    r"\bBAME\b|\bnon-[Ww]hite\b|\bCaucasian": "the group's name",
    r"\bstands\b": "is",
    r"\btells\b": "says, shows",
    r"\bmend(s|ed|ing)?\b": "correct",
    r"\bpoints? apart\b": "a gap of … points",
    r"\bit ran\b": "it was …",
    r"\bat the pace of a year\b": "a year",
    r"\beven if all\b": "both ends of the range",
    r"\bcould lie (from|between)\b": "the range, in a table",
    r"\bby the count of\b": "counting residents in",
    r"\bclear enough to be stated\b": "no clear difference",
    r"\bwhere most forces would lie\b": "how the force compares, in words",
    r"\btimes (as|more) likely\b": "times the rate, with both rates",
    r"\bbias(ed|es)?\b|\bracis[mt]\b": "difference",
    r"\b(failing|shocking|alarming|impressive|sadly|(un)?fortunately)\b": "the figure",
    r"\bregister is empty\b": "nothing: Action is only in a force's own publication",
    r"!": "a full stop",
    r"\b(whilst|amongst|thus|hence|thereof|aforementioned|utilis\w+|prior to|in order to)\b": "a plain word",
    r"\b(neighborhoods?|behaviors?|colors?|colored|centers?|centered|percent)\b": "British spelling; per cent or %",
    r"\b(standard|normal|organ|general|categor|summar|recogn|minim|maxim)iz\w+": "-ise",
    r"disparity\.toml|\bproject file\b|\bdisparity (build|publish|check|serve|new|fetch)\b": "nothing: for publishers",
}
# The method explains what the others must not say: not bias, not likelihood.
SAID_IN_METHOD = (r"\bbias(ed|es)?\b|\bracis[mt]\b", r"\btimes (as|more) likely\b")

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "caption", "legend"}
CELLS = {"td", "th"}
BLOCKS = (
    HEADINGS
    | CELLS
    | {
        *(
            "p",
            "li",
            "dd",
            "div",
            "section",
            "figure",
            "figcaption",
            "details",
            "blockquote",
            "ul",
            "ol",
            "dl",
            "table",
        ),
        *("tr", "nav", "header", "footer", "main", "article", "aside", "form", "br", "hr"),
    }
)
# No prose: pictures, code, quotations of others, navigation and controls.
LEFT_OUT = {
    *("svg", "script", "style", "template", "code", "pre", "nav", "noscript"),
    *("button", "option", "select", "input", "textarea", "label"),
}
# Names, one after the other, are no sentence.
NAMES = {"place-list", "missing-forces"}
CLASSES_LEFT_OUT = {"hidden", "citation", "stated", "version", "take", "legend"} | NAMES

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# Figures of speech that hold digits and are no number to take in: dates, years, terms, the unit of a rate.
TERMS = re.compile(
    rf"(\b\d{{1,2}} )?\b({MONTHS})( to ({MONTHS}))?( \d{{4}})?|\b(19|20)\d\d([/–-]\d\d)?\b|\b95%"
    r"|\b([Ff]or every|per|of every|in every) 1,000\b|\b[Ss]ections? \d+\w*|\bOGL v?\d\.\d|\bv\d\.\d"
)
NUMBER = r"(?<![\w.-])[+−£-]?\d[\d,]*(?:\.\d+)?(?!\w)%?"
# A range is one number, and so is "1 in 5".
AS_ONE = re.compile(rf"{NUMBER}(?:(?: (?:to|in) |[–-])[+−£]?\d[\d,.]*%?)?")
BETWEEN = re.compile(rf"\bbetween ({NUMBER}) and ({NUMBER})")
END = re.compile(r"(?<=[.?!])[”’\")]*\s+(?=[“\u2018\"(\[]?[A-Z0-9\[])")
NO_END = re.compile(r"\b(e\.g|i\.e|No|St|vs|cf|Dr|para)\.$")
FRAGMENT = 8  # words without a full stop that are read as a sentence


@dataclass(frozen=True)
class Piece:
    """A stretch of text between the edges of blocks."""

    kind: str  # heading, prose, cell, example
    text: str
    is_folded: bool


@dataclass(frozen=True)
class Text:
    """What a page says."""

    name: str
    pieces: tuple[Piece, ...]

    @cached_property
    def headings(self) -> list[str]:
        """Its headings, titles of charts and tables, and labels."""
        return [piece.text for piece in self.pieces if piece.kind == "heading"]

    @cached_property
    def sentences(self) -> list[str]:
        """Its sentences, in their order, those that are folded away too."""
        found = [each for piece in self.pieces if piece.kind == "prose" for each in split_sentences(piece.text)]
        return [each for each in found if each[-1] in ".?!:" or count_words(each) >= FRAGMENT]

    @property
    def words(self) -> int:
        """How many words, cells and headings included, but for what is folded away."""
        return sum(count_words(piece.text) for piece in self.pieces if not piece.is_folded)

    @property
    def numbers(self) -> int:
        """How many numbers, likewise."""
        return sum(count_numbers(piece.text) for piece in self.pieces if not piece.is_folded)

    @property
    def folded(self) -> tuple[int, int]:
        """Words and numbers that are folded away."""
        texts = [piece.text for piece in self.pieces if piece.is_folded]
        return sum(map(count_words, texts)), sum(map(count_numbers, texts))

    @property
    def mean_words(self) -> float:
        """Words a sentence."""
        return sum(map(count_words, self.sentences)) / max(1, len(self.sentences))

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade of its sentences: years at school to read them with ease."""
        return grade(self.sentences)


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph."""
    parts: list[str] = []
    for part in END.split(text):
        if parts and NO_END.search(parts[-1]):
            parts[-1] += f" {part}"
        else:
            parts.append(part)
    return [part for part in parts if re.search(r"\w", part)]


def count_words(text: str) -> int:
    """Words; a number is one, a mark is none."""
    return sum(bool(re.search(r"\w", word)) for word in text.split())


def count_numbers(text: str) -> int:
    """Numbers to take in: a range is one, "1 in 5" is one, a date or a term such as "95%" is none."""
    return len(AS_ONE.findall(BETWEEN.sub(r"\1 to \2", TERMS.sub(" ", text))))


def grade(sentences: list[str]) -> float:
    """The Flesch-Kincaid grade. A point inside a number or an address ends no sentence there."""
    plain = [re.sub(r"(?<=\w)[.,/](?=\w)", "", re.sub(r"[.?!:]+$", "", text)) for text in sentences]
    plain = [re.sub(r"[.?!]", " ", text) for text in plain if count_words(text) > 2]
    return float(textstat.flesch_kincaid_grade(". ".join(plain) + ".")) if plain else 0.0


def read_page(name: str, page: html.HtmlElement) -> Text:
    """The text of the main part of a page, and of what is under it."""
    pieces: list[Piece] = []
    held: list[str] = []

    def flush(kind: str, is_folded: bool) -> None:
        text = re.sub(r"\s+([.,;:?!)])", r"\1", " ".join("".join(held).split()))
        held.clear()
        if re.search(r"\w", text):
            pieces.append(Piece(kind, text, is_folded))

    def walk(node: html.HtmlElement, kind: str, is_folded: bool) -> None:
        if not isinstance(node.tag, str) or _is_left_out(node):
            held.append(_read_code(node) if node.tag == "code" else " ")
            return
        is_block = node.tag in BLOCKS or _is_caption(node)
        inner = _name_kind(node) or kind
        if is_block:
            flush(kind, is_folded)
        held.append(node.text or "")
        for child in node:
            # What a closed <details> shows is its summary.
            hides = is_folded or (node.tag == "details" and node.get("open") is None and child.tag != "summary")
            walk(child, inner, hides)
            held.append(child.tail or "")
        if is_block:
            flush(inner, is_folded or (node.tag == "details" and node.get("open") is None))

    for part in page.xpath("//main"):
        walk(part, "prose", False)
    return Text(name, tuple(pieces))


def _name_kind(node: html.HtmlElement) -> str:
    """The kind of what is in a node; nothing where it is that of what is around it.

    A worked example shows a formula at work: it has the numbers that the formula has.
    """
    if node.tag in HEADINGS or _is_caption(node):
        return "heading"
    return "cell" if node.tag in CELLS else "example" if "example" in node.classes else ""


def _is_left_out(node: html.HtmlElement) -> bool:
    return node.tag in LEFT_OUT or node.get("hidden") is not None or bool(CLASSES_LEFT_OUT & set(node.classes))


def _read_code(node: html.HtmlElement) -> str:
    """The name of a thing is a word of its sentence; what is longer is no prose."""
    text: str = node.text_content()
    return text if len(text.split()) == 1 else " "


def _is_caption(node: html.HtmlElement) -> bool:
    return node.getparent() is not None and node.getparent().tag == "figcaption"


def read_site(folder: Path) -> list[Text]:
    """Every page of a site."""
    paths = sorted(folder.rglob("*.html"))
    return [read_page(path.relative_to(folder).as_posix(), html.fromstring(path.read_bytes())) for path in paths]


def find_forbidden(name: str, page: html.HtmlElement) -> Iterator[str]:
    """What a page says and must not, with the words around it: all of its body but pictures, code and quotations."""
    body = read_page(name, page)
    file = name.rpartition("/")[2]
    texts = [piece.text for piece in body.pieces]
    texts += [" ".join(part.text_content().split()) for part in page.xpath("//title | //footer | //header")]
    for pattern, instead in NOT_TO_SAY.items():
        if file in APART and pattern in SAID_IN_METHOD:
            continue
        for text in texts:
            for found in re.finditer(pattern, text, re.IGNORECASE if pattern.islower() else 0):
                around = text[max(0, found.start() - 40) : found.end() + 40]
                yield f"{name}: “{found[0]}” in “…{around}…”: say {instead}"


def list_faults(text: Text) -> Iterator[str]:
    """What breaks the rules of sentences on a page."""
    file = text.name.rpartition("/")[2]
    if text.sentences and text.mean_words > MEAN_WORDS:
        yield f"{text.name}: {text.mean_words:.1f} words a sentence, over {MEAN_WORDS:g}"
    most = GRADES.get(file, GRADE)
    if most is not None and text.grade > most:
        yield f"{text.name}: reading grade {text.grade:.1f}, over {most:g}"
    for sentence, times in Counter(text.sentences).items():
        again = f" ({times} times)" if times > 1 else ""
        if count_words(sentence) > MOST_WORDS:
            yield f"{text.name}: {count_words(sentence)} words{again}: {sentence}"
        if count_numbers(sentence) > MOST_NUMBERS:
            yield f"{text.name}: {count_numbers(sentence)} numbers{again}: {sentence}"


def sum_site(texts: list[Text]) -> tuple[int, int]:
    """Words and numbers of a site of one force, but for method and glossary and what is folded away."""
    counted = [text for text in texts if text.name.rpartition("/")[2] not in APART]
    return sum(text.words for text in counted), sum(text.numbers for text in counted)


def main() -> None:
    """Print how a site reads."""
    folder = Path(sys.argv[1])
    texts = read_site(folder)
    print(f"{'page':32} words numbers (folded)     sentences  mean longest  numbers/s  grade")
    for text in texts:
        lengths = [count_words(sentence) for sentence in text.sentences] or [0]
        numbers = [count_numbers(sentence) for sentence in text.sentences] or [0]
        print(
            f"{text.name:32}{text.words:6}{text.numbers:8}  {'({}, {})'.format(*text.folded):14}{len(lengths):7}"
            f"{text.mean_words:7.1f}{max(lengths):7}{sum(numbers) / len(numbers):8.2f}/{max(numbers)}{text.grade:8.1f}"
        )
    print("{:32}{:6}{:8}   without {}".format("in all", *sum_site(texts), " and ".join(APART)))
    print(f"{'limits':32}{SITE_WORDS:6}{SITE_NUMBERS:8}")
    for text in texts:
        page = html.fromstring((folder / text.name).read_bytes())
        for fault in (*list_faults(text), *find_forbidden(text.name, page)):
            print(fault)


if __name__ == "__main__":
    main()
