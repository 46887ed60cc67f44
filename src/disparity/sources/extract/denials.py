"""What a value with a negation means: the opposite where there is one, what it says besides, or nothing of ours.

"Not linked" is false. "Drugs (not supply)" is likely possession, and "Caution, not arrest" a caution: for an analyst to
confirm. "Not arrested" may be any other outcome.
"""

from collections.abc import Sequence
from typing import NamedTuple

from disparity.sources.extract.readings import Reading, read
from disparity.sources.extract.wording import BREAK, REVERSALS
from disparity.vocabulary.codes import FLAGS

# Of columns with two codes, or with a code for nothing. What is not male may be Other: gender has none.
OPPOSITES = {
    "subject": {"vehicle": "person"},  # a person who was not searched is no vehicle
    "drug_search_type": {"possession": "supply", "supply": "possession"},
}
SEVERAL = "several negations"
NOTHING = "nothing"
FINDS_NOTHING = {"no", "none", "nil", "without", "never", "nothing"}
FOUND = {"found", "finding", "recovered", "located"}
# These deny plainly: "Not linked". An exception or a reversal says that there is something besides.
PLAIN = {"not", "no", "non", "never", "without", "un", "n", "none", "nil"}


class Denied(NamedTuple):
    """`is_open`: nobody can tell for sure; the guess, if there is one, is to be confirmed first."""

    code: str | None
    doubt: str
    why: str
    is_open: bool


class _Parts(NamedTuple):
    """The words that a negation turns round, and the others."""

    denied: tuple[str, ...]
    others: tuple[str, ...]
    is_plain: bool  # it stands where it leaves no doubt what it denies


def read_denied(column: str, words: tuple[str, ...], denials: Sequence[int]) -> Denied:
    """Read a value of which the words at `denials` say no, and are part of nothing that is known."""
    said = " ".join(words[place] for place in denials)
    # Two may agree: "No - not linked". More are read by nobody, and each would be tried with all the others.
    if len(denials) <= 2 and (agreed := _agree(column, words, denials)):
        return agreed
    if len(denials) > 1:
        return Denied(None, SEVERAL, said, True)
    word = words[denials[0]]
    parts = _part(column, words, denials[0])
    denied, others = read(column, parts.denied), read(column, parts.others)
    what = denied.by or " ".join(part for part in parts.denied if part != BREAK)
    why = f"{word} {what}".strip()
    if denied.denials or others.denials:
        return Denied(None, SEVERAL, why, True)
    if others.code is not None:
        return _take_others(column, word, denied, others, why)
    opposite = _find_opposite(column, denied, words, word)
    if opposite is None or others.unknown or _is_yes(denied):
        return Denied(None, f"it says {word}", why, True)
    is_sure = column in FLAGS and denied.code == "true" and denied.is_whole and parts.is_plain and word in PLAIN
    return Denied(opposite, "" if is_sure else f"the opposite of {what}?", why, not is_sure)


def _take_others(column: str, word: str, denied: Reading, others: Reading, why: str) -> Denied:
    """Take what a value says besides what it denies: "Caution, not arrest"."""
    if column == "is_item_found" and _is_yes(others):
        return Denied("false", "something else was found?", why, True)
    is_told = others.code != denied.code and column not in FLAGS
    return Denied(others.code if is_told else None, f"it says {word}", f"{others.by}; {why}", True)


def _is_yes(reading: Reading) -> bool:
    return reading.by in ("y", "yes", "true", "1")


def _agree(column: str, words: tuple[str, ...], denials: Sequence[int]) -> Denied | None:
    """A "No" that stands by itself, before or after: "No - not linked", "Strip search - no"."""
    for place, rest in ((0, words[2:]), (len(words) - 1, words[:-2])):
        beside = 1 if place == 0 else len(words) - 2
        if place not in denials or not rest or words[beside] != BREAK:
            continue
        bare, other = read(column, words[place : place + 1]), read(column, rest)
        if bare.code is None:
            continue
        by_rest = read_denied(column, rest, other.denials) if other.denials else None
        code = by_rest.code if by_rest else other.code
        why = f"{words[place]}, {by_rest.why if by_rest else other.by}"
        if code == bare.code:
            return Denied(code, "it says no twice: is it?", why, bool(by_rest and by_rest.is_open))
        if column in FLAGS and place and other.code == "true" and other.is_whole and not _is_yes(other):
            return Denied(bare.code, "", why, False)
    return None


def _part(column: str, words: tuple[str, ...], place: int) -> _Parts:
    """Part what a negation is about from the rest: its own part of the value, and in that what follows it."""
    start = max((at + 1 for at in range(place) if words[at] == BREAK), default=0)
    end = next((at for at in range(place, len(words)) if words[at] == BREAK), len(words))
    before, after, rest = words[start:place], words[place + 1 : end], (*words[:start], *words[end:])
    own = (*before, *after)
    whole = read(column, own)
    if not [word for word in own if word != BREAK]:
        # It stands alone, and is about what came before; at the beginning, about all that follows.
        return _Parts(words[:start] or words[end:], (), False)
    if whole.code is None and words[place] in REVERSALS:
        return _Parts(own, rest, False)
    read_before, read_after = read(column, before), read(column, after)
    spans = {at < len(before) for at in whole.places} == {True, False} and not read_before.is_whole
    if words[place] in REVERSALS or spans or read_before.code is None or read_after.code is None:
        is_plain = read_before.code is None or spans or read_after.code is None
        return _Parts(own, rest, spans or (is_plain and not read_before.unknown))
    return _Parts(after, (*rest, BREAK, *before), False)


def _find_opposite(column: str, denied: Reading, words: Sequence[str], word: str) -> str | None:
    if column in FLAGS:
        return {"true": "false", "false": "true"}.get(denied.code or "")
    if column == "item_found":
        # "No drugs", "Drugs not found"; what is "not drugs", or "non-drugs", may be anything else.
        is_nothing = word in FINDS_NOTHING or (word == "not" and FOUND & set(words))
        return NOTHING if is_nothing and denied.code not in (None, "", NOTHING) else None
    # A search that was abandoned was of nobody else.
    return None if word in REVERSALS else OPPOSITES.get(column, {}).get(denied.code or "")
