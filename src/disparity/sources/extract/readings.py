"""What the words of a value say, by the words that forces use (`extract_values.csv`), and which of them say nothing."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from disparity.sources.extract.wording import BREAK, DENIALS, REVERSALS, leave_out_plural
from disparity.vocabulary.codes import FLAGS, read_reference

ANY = "any"  # what may be said in every column; a line of the column itself goes before
# Of flags alone: elsewhere they are initials.
SHORT_NO = {"n"}


class Known(NamedTuple):
    """Words that, together, mean a code."""

    text: str
    words: tuple[str, ...]
    needs: frozenset[str]
    code: str
    is_sure: bool
    says_no: bool  # one of the words is a negation: they then stand together, in this order
    is_bare: bool  # and there is no other: "No", "None"


class Reading(NamedTuple):
    """What was understood of some words.

    `by`: the words that decided, `places`: where they stand. `rivals`: codes of other words, `is_tied`: as plain.
    `denials`: places of negations that are part of nothing known. `unknown`: words that nothing is known of.
    """

    code: str | None = None
    by: str = ""
    is_sure: bool = False
    says_no: bool = False
    rivals: tuple[str, ...] = ()
    is_tied: bool = False
    denials: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    places: frozenset[int] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Every word is understood, and they all mean one code."""
        return self.is_sure and not self.rivals and not self.denials and not self.unknown


def read(column: str, words: Sequence[str]) -> Reading:
    """Read words by the known ones that say the most; a word of no known meaning is named, never passed over."""
    fillers = list_fillers(column)
    told = frozenset(words)
    fits = [(known, at) for known in list_known(column) if known.needs <= told and (at := _find(known, words, fillers))]
    solid = [fit for fit in fits if not fit[0].is_bare] or _take_bare(fits, words, fillers)
    if not solid:
        denials, unknown = _sort_rest(column, words, frozenset(), fillers)
        return Reading(denials=denials, unknown=unknown)
    best, own = max(solid, key=lambda fit: _weigh(fit[0], fillers))
    said = own.union(*(at for known, at in solid if known.code == best.code and _agrees(known, at, own)))
    skipped = {place for place, word in enumerate(words) if word in fillers}
    others = [(known, at) for known, at in solid if known.code != best.code and at - skipped - said]
    heard = said.union(*(at for _, at in others))
    denials, unknown = _sort_rest(column, words, heard, fillers)
    return Reading(
        code=best.code,
        by=best.text,
        # What is unsure by itself is sure with something else that means the same: "IC1 - Northern European".
        is_sure=best.is_sure or any(known.is_sure for known, at in solid if known.code == best.code and not at & own),
        says_no=best.says_no,
        rivals=tuple(dict.fromkeys(known.code for known, _ in others)),
        is_tied=any(_weigh(known, fillers) >= _weigh(best, fillers) for known, _ in others),
        denials=denials,
        unknown=unknown,
        places=own,
    )


@cache
def list_known(column: str) -> tuple[Known, ...]:
    """List what is known of a column; of a flag, also what all flags say."""
    known: dict[tuple[str, ...], Known] = {}
    for of in (column, *(["flag"] if column in FLAGS else []), ANY):
        for row in read_reference("extract_values"):
            if row["column"] == of:
                words = _split(row["words"])
                said = [is_denial(column, word) for word in words]
                is_sure = row["is_sure"] == "true"
                line = Known(row["words"], words, frozenset(words), row["code"], is_sure, any(said), all(said))
                known.setdefault(words, line)
    return tuple(known.values())


@cache
def list_fillers(column: str) -> frozenset[str]:
    """List the words of a column that change no meaning."""
    rows = [row for row in read_reference("extract_fillers") if row["column"] in (column, ANY)]
    return frozenset(word for row in rows for word in _split(row["words"]))


@cache
def list_words(column: str) -> frozenset[str]:
    """List the words that mean something in a column, or are known to mean nothing."""
    return list_fillers(column).union(*(known.words for known in list_known(column)))


def is_denial(column: str, word: str) -> bool:
    """Say whether a word turns others round."""
    return word in DENIALS or word in REVERSALS or (column in FLAGS and word in SHORT_NO)


def _split(words: str) -> tuple[str, ...]:
    return tuple(leave_out_plural(word) for word in words.split())


def _find(known: Known, words: Sequence[str], fillers: frozenset[str]) -> frozenset[int]:
    """Give the places of known words that are all there; none where they say no and do not stand together."""
    if not known.says_no:
        return frozenset(place for place, word in enumerate(words) if word in known.words)
    told = [place for place, word in enumerate(words) if word not in fillers or word in known.words]
    for start in range(len(told) - len(known.words) + 1):
        places = told[start : start + len(known.words)]
        if tuple(words[place] for place in places) == known.words:
            return frozenset(places)
    return frozenset()


def _take_bare(
    fits: Sequence[tuple[Known, frozenset[int]]], words: Sequence[str], fillers: frozenset[str]
) -> list[tuple[Known, frozenset[int]]]:
    """A bare "No" is a meaning only where nothing else is said: "No outcome" is not "No", nor is "No no".

    That somebody declined is said of a person as well: "Person declined".
    """
    told = [word for word in words if word not in fillers and word != BREAK]
    return [
        fit for fit in fits if len(fit[0].words) == (len(told) if REVERSALS.issuperset(fit[0].words) else len(words))
    ]


def _agrees(known: Known, at: frozenset[int], own: frozenset[int]) -> bool:
    """Say whether other words mean the same again; a negation that shares words with another is one too many."""
    return not known.says_no or at <= own or not at & own


def _weigh(known: Known, fillers: frozenset[str]) -> tuple[int, int, bool]:
    return len(set(known.words) - fillers), len(known.words), known.says_no


def _sort_rest(
    column: str, words: Sequence[str], heard: frozenset[int], fillers: frozenset[str]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    rest = [
        place
        for place, word in enumerate(words)
        if place not in heard and word != BREAK and (word not in fillers or is_denial(column, word))
    ]
    denials = tuple(place for place in rest if is_denial(column, words[place]))
    return denials, tuple(dict.fromkeys(words[place] for place in rest if place not in denials))
